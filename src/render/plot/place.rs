//! Where the numbers of level lines stand.

use super::figure::FigureSeries;
use super::ruler::Ruler;
use crate::answer::plot::Drawn;
use crate::render::drawing::{Rect, Words};

/// The size of the data's frame in units of the graph drawings, of which 16 are the height of the font.
pub(super) const WIDTH: f64 = 460.0;
pub(super) const HEIGHT: f64 = 264.0;
pub(super) const LEVEL_FONT: f64 = 11.0;
/// Places that are tried along a line.
const TRIES: usize = 24;

/// Gives each level line the place of its number, where it covers neither another one nor the border.
pub(super) fn place_levels(series: &mut [FigureSeries], horizontal: &Ruler, vertical: &Ruler) {
    let frame = Rect::new(0.0, 0.0, WIDTH, HEIGHT);
    let mut taken: Vec<Rect> = Vec::new();
    for series in series {
        let Drawn::Contour(pieces) = &series.shape else { continue };
        let Some(words) = Words::label(&series.name).map(|words| words.sized(LEVEL_FONT)) else { continue };
        let placed = |(x, y): &(f64, f64)| Some((horizontal.part(*x)? * WIDTH, vertical.part(*y)? * HEIGHT));
        let lines = pieces.iter().map(|piece| piece.iter().filter_map(placed).collect::<Vec<_>>());
        let Some(line) = lines.max_by(|a, b| length(a).total_cmp(&length(b))) else { continue };
        let rect = |(x, y): (f64, f64)| {
            let rect = Rect::around(x, y, words.width + 6.0, words.size);
            let inside = rect.x0 > frame.x0 && rect.x1 < frame.x1 && rect.y0 > frame.y0 && rect.y1 < frame.y1;
            (inside && taken.iter().all(|other| !other.grown(3.0).overlaps(rect))).then_some(rect)
        };
        // Each level begins its search elsewhere, so that the numbers do not stand in one row.
        let start = taken.len() * 5;
        let parts = (0..TRIES).map(|turn| ((start + turn) % TRIES) as f64 / TRIES as f64);
        let found = parts.filter_map(|part| rect(along(&line, part * length(&line)))).next();
        if let Some(rect) = found {
            taken.push(rect);
            let (x, y) = rect.centre();
            series.name_at = Some((horizontal.value(x / WIDTH), vertical.value(y / HEIGHT)));
        }
    }
}

fn length(line: &[(f64, f64)]) -> f64 {
    line.windows(2).map(|pair| far(pair[0], pair[1])).sum()
}

fn far(from: (f64, f64), to: (f64, f64)) -> f64 {
    (to.0 - from.0).hypot(to.1 - from.1)
}

/// The place so far along a line.
fn along(line: &[(f64, f64)], mut way: f64) -> (f64, f64) {
    for pair in line.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let step = far(from, to);
        if way <= step && step > 0.0 {
            return (from.0 + way / step * (to.0 - from.0), from.1 + way / step * (to.1 - from.1));
        }
        way -= step;
    }
    line.last().copied().unwrap_or_default()
}
