//! Rectangles and points, in the drawing's units: 16 of them are the height of the font, x goes right and y down.

/// An axis-parallel rectangle with `x0 <= x1` and `y0 <= y1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left.
    pub x0: f64,
    /// Top.
    pub y0: f64,
    /// Right.
    pub x1: f64,
    /// Bottom.
    pub y1: f64,
}

impl Rect {
    /// The rectangle with these sides.
    pub const fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self { x0, y0, x1, y1 }
    }

    /// The rectangle of this size around a point.
    pub fn around(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self::new(x - width / 2.0, y - height / 2.0, x + width / 2.0, y + height / 2.0)
    }

    /// The same rectangle, moved.
    pub fn shifted(self, dx: f64, dy: f64) -> Self {
        Self::new(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)
    }

    /// The same rectangle, larger by this on every side.
    pub fn grown(self, by: f64) -> Self {
        Self::new(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)
    }

    /// Whether the two share more than a border.
    pub fn overlaps(self, other: Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    /// Whether an axis-parallel segment runs through the inside.
    pub fn meets(self, a: (f64, f64), b: (f64, f64)) -> bool {
        a.0.min(b.0) < self.x1 && a.0.max(b.0) > self.x0 && a.1.min(b.1) < self.y1 && a.1.max(b.1) > self.y0
    }

    /// Width.
    pub fn width(self) -> f64 {
        self.x1 - self.x0
    }

    /// Height.
    pub fn height(self) -> f64 {
        self.y1 - self.y0
    }

    /// The middle.
    pub fn centre(self) -> (f64, f64) {
        ((self.x0 + self.x1) / 2.0, (self.y0 + self.y1) / 2.0)
    }
}

/// What stands to the left already: how far right each height is taken.
#[derive(Default)]
pub(super) struct Skyline {
    rects: Vec<Rect>,
}

impl Skyline {
    /// How far right the strip between two heights is taken.
    pub fn right_of(&self, y0: f64, y1: f64) -> f64 {
        self.rects.iter().filter(|r| r.y0 < y1 && y0 < r.y1).map(|r| r.x1).fold(0.0, f64::max)
    }

    /// Takes the place of a rectangle.
    pub fn add(&mut self, rect: Rect) {
        self.rects.push(rect);
    }

    /// Leaves out what stands left of a place that nothing to come can reach, so that long drawings stay quick.
    pub fn forget(&mut self, left_of: f64) {
        if self.rects.len() > 600 {
            self.rects.retain(|rect| rect.x1 > left_of);
        }
    }
}
