//! The drawing in characters, for the terminal: the places of the layout, on a grid that is as wide as its texts need.
use super::geometry::Rect;
use super::placed::{End, Layout, Placed, Role, Shape};
use super::text::plain;
use super::{Diagram, Words, layout_within};

/// So many columns a terminal has at least.
const COLUMNS: usize = 100;
/// Widths of rows that are tried, in the layout's units, until the drawing fits.
const WIDTHS: [f64; 5] = [920.0, 720.0, 560.0, 420.0, 300.0];
/// What lies no further apart than this shares a column, or a row.
const NEAR: (f64, f64) = (2.0, 3.9);

/// Draws a diagram in boxes and lines of Unicode, if it can in no more than 100 columns.
pub fn terminal(diagram: &Diagram) -> String {
    let mut drawn = String::new();
    for width in WIDTHS {
        drawn = draw(&layout_within(diagram, width));
        if drawn.lines().all(|line| line.chars().count() <= COLUMNS) {
            break;
        }
    }
    drawn
}

fn draw(layout: &Layout) -> String {
    let drawn = Drawn::new(layout);
    let (columns, rows) = (drawn.columns(), drawn.rows());
    let at = |(x, y): (f64, f64)| (columns.at(x), rows.at(y));
    let mut canvas = Canvas::new(columns.count(), rows.count());
    let lines: Vec<Vec<(usize, usize)>> =
        drawn.lines.iter().map(|line| line.iter().map(|point| at(*point)).collect()).collect();
    for line in &lines {
        canvas.line(line);
    }
    for (node, frame) in layout.nodes.iter().zip(&drawn.frames) {
        canvas.node(at((frame.x0, frame.y0)), at((frame.x1, frame.y1)), node.shape, &said(&node.words));
    }
    for (line, _) in lines.iter().zip(&layout.lines).filter(|(_, line)| line.arrow) {
        canvas.arrow(line);
    }
    for fork in &layout.forks {
        let (x, y) = at(fork.at);
        canvas.put(x, y, if fork.adds { '⊕' } else { '●' });
    }
    for caption in &layout.captions {
        let (x0, x1) = (columns.at(caption.rect.x0), columns.at(caption.rect.x1));
        let text = said(&caption.words);
        let room = (x1 - x0 + 1).saturating_sub(text.chars().count());
        let indent = if caption.role == Role::Note { 0 } else { room / 2 };
        canvas.text(x0 + indent, rows.at(caption.rect.centre().1), &text);
    }
    canvas.finish()
}

/// What is drawn of a layout: a single sign without several lines beside each other needs no frame, and is one row.
struct Drawn<'a> {
    layout: &'a Layout,
    frames: Vec<Rect>,
    /// The corners of each line, from frame to frame.
    lines: Vec<Vec<(f64, f64)>>,
}

impl Drawn<'_> {
    fn new(layout: &Layout) -> Drawn<'_> {
        let frames: Vec<Rect> = (0..layout.nodes.len()).map(|node| frame(layout, node)).collect();
        let lines = layout.lines.iter().map(|line| {
            let mut points = line.points.clone();
            let last = points.len() - 1;
            for (end, place, next) in [(line.ends[0], 0, 1), (line.ends[1], last, last.saturating_sub(1))] {
                if let End::Node(node) = end {
                    points[place] = meet(frames[node], points[place], points[next]);
                }
            }
            points
        });
        let lines = lines.collect();
        Drawn { layout, frames, lines }
    }

    fn columns(&self) -> Axis {
        let boxes = self.layout.nodes.iter().zip(&self.frames).map(|(node, frame)| {
            // A border and a space on each side.
            let border = if is_framed(node.shape, *frame) { 3 } else { 1 };
            (frame.x0, frame.x1, said(&node.words).chars().count() + border)
        });
        let captions = self.layout.captions.iter();
        let captions = captions.map(|own| (own.rect.x0, own.rect.x1, said(&own.words).chars().count()));
        let level = self.arrows().filter(|(from, to)| from.1 == to.1);
        let arrows = level.map(|(from, to)| (from.0.min(to.0), from.0.max(to.0), 3));
        let spans: Vec<_> = boxes.chain(captions).chain(arrows).collect();
        Axis::new(self.corners().map(|point| point.0).collect(), &spans, NEAR.0)
    }

    fn rows(&self) -> Axis {
        let boxes = self.layout.nodes.iter().zip(&self.frames);
        let boxes = boxes.map(|(node, frame)| (frame.y0, frame.y1, if is_framed(node.shape, *frame) { 2 } else { 0 }));
        let captions = self.layout.captions.iter().map(|own| own.rect.centre().1);
        let upright = self.arrows().filter(|(from, to)| from.0 == to.0);
        let arrows = upright.map(|(from, to)| (from.1.min(to.1), from.1.max(to.1), 2));
        let spans: Vec<_> = boxes.chain(arrows).collect();
        Axis::new(self.corners().map(|point| point.1).chain(captions).collect(), &spans, NEAR.1)
    }

    fn corners(&self) -> impl Iterator<Item = (f64, f64)> {
        self.lines.iter().flatten().copied().chain(self.layout.forks.iter().map(|fork| fork.at))
    }

    /// The last pieces of the lines that end in an arrow.
    fn arrows(&self) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
        let arrows = self.lines.iter().zip(&self.layout.lines).filter(|(_, line)| line.arrow);
        arrows.filter_map(|(points, _)| match points.as_slice() {
            [.., from, to] => Some((*from, *to)),
            _ => None,
        })
    }
}

/// The rectangle of a node; no higher than its middle where it needs no frame.
fn frame(layout: &Layout, node: usize) -> Rect {
    let Placed { rect, shape, .. } = layout.nodes[node];
    let middle = rect.centre().1;
    let ends = layout.lines.iter().filter(|line| line.ends[1] == End::Node(node)).filter_map(|line| line.points.last());
    let beside = ends.filter(|end| end.1 > rect.y0 + 1.0 && end.1 < rect.y1 - 1.0);
    let several = beside.into_iter().any(|end| (end.1 - middle).abs() > 1.0);
    match shape {
        Shape::Circle | Shape::Bare if !several => Rect::new(rect.x0, middle, rect.x1, middle),
        _ => rect,
    }
}

fn is_framed(shape: Shape, frame: Rect) -> bool {
    shape != Shape::Bare && frame.height() > 0.0
}

/// Where the piece of line from `next` to `end` meets a frame.
fn meet(frame: Rect, end: (f64, f64), next: (f64, f64)) -> (f64, f64) {
    let side = |end: f64, next: f64, low: f64, high: f64| match () {
        () if next < end => low,
        () if next > end => high,
        () => end,
    };
    (side(end.0, next.0, frame.x0, frame.x1), side(end.1, next.1, frame.y0, frame.y1))
}

/// The words of a box or a label on one line.
fn said(words: &Words) -> String {
    let label = words.label.as_ref().map(plain).unwrap_or_default();
    format!("{label}{}", words.tail)
}

/// Places on one axis and the columns, or rows, that they get.
struct Axis {
    /// Ascending.
    stops: Vec<f64>,
    places: Vec<usize>,
    near: f64,
}

impl Axis {
    /// `spans` are two places and how many columns lie from the one to the other at least.
    fn new(mut stops: Vec<f64>, spans: &[(f64, f64, usize)], near: f64) -> Axis {
        stops.extend(spans.iter().flat_map(|(from, to, _)| [*from, *to]));
        stops.sort_by(f64::total_cmp);
        stops.dedup_by(|next, before| *next - *before <= near);
        let mut axis = Axis { places: (0..stops.len()).collect(), stops, near };
        let mut spans: Vec<(usize, usize, usize)> =
            spans.iter().map(|(from, to, least)| (axis.stop(*to), axis.stop(*from), *least)).collect();
        spans.sort_unstable();
        let mut spans = spans.into_iter().peekable();
        for stop in 0..axis.stops.len() {
            let mut place = if stop == 0 { 0 } else { axis.places[stop - 1] + 1 };
            while let Some((_, from, least)) = spans.next_if(|(to, ..)| *to == stop) {
                if from < stop {
                    place = place.max(axis.places[from] + least);
                }
            }
            axis.places[stop] = place;
        }
        axis
    }

    fn stop(&self, place: f64) -> usize {
        self.stops.partition_point(|stop| *stop <= place).saturating_sub(1).min(self.stops.len().saturating_sub(1))
    }

    fn at(&self, place: f64) -> usize {
        self.places.get(self.stop(place + self.near / 100.0)).copied().unwrap_or(0)
    }

    fn count(&self) -> usize {
        self.places.last().map_or(0, |last| last + 1)
    }
}

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

struct Canvas {
    rows: Vec<Vec<char>>,
    /// Where lines lead from each place.
    ways: Vec<Vec<u8>>,
}

impl Canvas {
    fn new(columns: usize, rows: usize) -> Canvas {
        Canvas { rows: vec![vec![' '; columns]; rows], ways: vec![vec![0; columns]; rows] }
    }

    fn put(&mut self, x: usize, y: usize, sign: char) {
        if let Some(place) = self.rows.get_mut(y).and_then(|row| row.get_mut(x)) {
            *place = sign;
        }
    }

    fn text(&mut self, x: usize, y: usize, text: &str) {
        for (i, sign) in text.chars().enumerate() {
            self.put(x + i, y, sign);
        }
    }

    fn lead(&mut self, x: usize, y: usize, way: u8) {
        let Some(ways) = self.ways.get_mut(y).and_then(|row| row.get_mut(x)) else { return };
        *ways |= way;
        let sign = sign(*ways);
        self.put(x, y, sign);
    }

    fn line(&mut self, points: &[(usize, usize)]) {
        for pair in points.windows(2) {
            let [(ax, ay), (bx, by)] = [pair[0].min(pair[1]), pair[0].max(pair[1])];
            for x in ax..bx {
                self.lead(x, ay, RIGHT);
                self.lead(x + 1, ay, LEFT);
            }
            for y in ay.min(by)..ay.max(by) {
                self.lead(bx, y, DOWN);
                self.lead(bx, y + 1, UP);
            }
        }
    }

    /// The head stands before the border that it points at.
    fn arrow(&mut self, points: &[(usize, usize)]) {
        let [.., from, to] = points else { return };
        match (from.0.cmp(&to.0), from.1.cmp(&to.1)) {
            (std::cmp::Ordering::Less, _) => self.put(to.0 - 1, to.1, '▶'),
            (std::cmp::Ordering::Greater, _) => self.put(to.0 + 1, to.1, '◀'),
            (_, std::cmp::Ordering::Less) => self.put(to.0, to.1 - 1, '▼'),
            (_, std::cmp::Ordering::Greater) => self.put(to.0, to.1 + 1, '▲'),
            _ => {}
        }
    }

    fn node(&mut self, (x0, y0): (usize, usize), (x1, y1): (usize, usize), shape: Shape, text: &str) {
        for y in y0..=y1 {
            self.text(x0, y, &" ".repeat(x1 - x0 + 1));
        }
        let frame = match shape {
            Shape::Bare => None,
            _ if y0 == y1 => None,
            Shape::Sharp => Some(['┌', '┐', '└', '┘']),
            Shape::Round | Shape::Pill | Shape::Circle => Some(['╭', '╮', '╰', '╯']),
        };
        let middle = (y0 + y1) / 2;
        match frame {
            Some([a, b, c, d]) => {
                for x in x0..=x1 {
                    self.put(x, y0, '─');
                    self.put(x, y1, '─');
                }
                for y in y0..=y1 {
                    self.put(x0, y, '│');
                    self.put(x1, y, '│');
                }
                for (x, y, sign) in [(x0, y0, a), (x1, y0, b), (x0, y1, c), (x1, y1, d)] {
                    self.put(x, y, sign);
                }
            }
            None if shape == Shape::Circle => {
                self.put(x0, middle, '(');
                self.put(x1, middle, ')');
            }
            None => {}
        }
        let room = (x1 - x0 + 1).saturating_sub(text.chars().count());
        self.text(x0 + room / 2, middle, text);
    }

    fn finish(self) -> String {
        let lines = self.rows.iter().map(|row| row.iter().collect::<String>().trim_end().to_string() + "\n");
        lines.collect()
    }
}

fn sign(ways: u8) -> char {
    const SIGNS: [(u8, char); 9] = [
        (UP | DOWN | LEFT | RIGHT, '┼'),
        (UP | DOWN | LEFT, '┤'),
        (UP | DOWN | RIGHT, '├'),
        (UP | LEFT | RIGHT, '┴'),
        (DOWN | LEFT | RIGHT, '┬'),
        (DOWN | RIGHT, '╭'),
        (DOWN | LEFT, '╮'),
        (UP | RIGHT, '╰'),
        (UP | LEFT, '╯'),
    ];
    let known = SIGNS.iter().find(|(own, _)| *own == ways).map(|(_, sign)| *sign);
    known.unwrap_or(if ways & (LEFT | RIGHT) != 0 { '─' } else { '│' })
}
