//! Labels on the level pieces of lines: in the middle of a piece, if nothing is in the way there.
use super::cells::Slot;
use super::geometry::Rect;
use super::placed::{Caption, Layout};

/// So far a label may go from its node that nobody looks for it.
const FAR: f64 = 60.0;

/// The labels of a level piece of line.
pub(super) struct Run {
    slot: Slot,
    y: f64,
    /// The place beside the node, which nothing else takes, and the one in the middle of the piece.
    home: f64,
    wish: f64,
}

impl Run {
    /// The labels of a piece that begins at `from` and goes left or right (`direction` is -1 or 1).
    pub fn new(slot: &Slot, y: f64, from: f64, direction: f64, ends: Option<(f64, f64)>) -> Option<Self> {
        let home = from + direction * slot.width() / 2.0;
        let middle = ends.map_or(home, |(a, b)| (a + b) / 2.0);
        let wish = home + direction * ((middle - home) * direction).clamp(0.0, FAR);
        (slot.width() > 0.0).then(|| Self { slot: slot.clone(), y, home, wish })
    }

    fn place(&self, x: f64) -> Rect {
        let half = self.slot.width() / 2.0;
        Rect::new(x - half, self.y - self.slot.up(), x + half, self.y + self.slot.down())
    }
}

/// Adds the labels to a drawing whose boxes and lines are in place.
pub(super) fn place(drawing: &mut Layout, runs: Vec<Run>, slide: bool) {
    let mut places: Vec<Rect> = runs.iter().map(|run| run.place(run.home)).collect();
    for (i, run) in runs.iter().enumerate() {
        let mut x = run.home;
        if slide {
            let wishes = [1.0, 0.75, 0.5, 0.25].map(|part| run.home + part * (run.wish - run.home));
            let free = |x: f64| {
                let place = run.place(x);
                let labels = places.iter().enumerate().filter(|&(other, _)| other != i);
                is_clear(drawing, place, run.y) && !labels.into_iter().any(|(_, other)| other.overlaps(place))
            };
            x = wishes.into_iter().find(|&x| free(x)).unwrap_or(x);
        }
        places[i] = run.place(x);
    }
    for (run, place) in runs.into_iter().zip(places) {
        let captions = run.slot.captions(place.centre().0, run.y).into_iter();
        drawing.captions.extend(captions.map(|(rect, role, words)| Caption { rect, role, words }));
    }
}

/// Whether labels have room around a line at this height.
fn is_clear(drawing: &Layout, place: Rect, y: f64) -> bool {
    let boxes = drawing.nodes.iter().map(|node| node.rect).chain(drawing.captions.iter().map(|caption| caption.rect));
    let forks =
        drawing.forks.iter().map(|fork| Rect::around(fork.at.0, fork.at.1, 2.0 * fork.radius, 2.0 * fork.radius));
    let mut pieces = drawing.lines.iter().flat_map(|line| line.points.windows(2));
    let own = |piece: &[(f64, f64)]| piece[0].1 == y && piece[1].1 == y;
    let crossed = pieces.any(|piece| !own(piece) && place.meets(piece[0], piece[1]));
    !crossed && !boxes.chain(forks).any(|other| other.overlaps(place))
}
