//! Wrong answers made from a right one: each mistake that one change of the text makes, with the names that it has.

use super::changes::{Maker, with};
use solve::shape::Shape;
use solve::syntax::ast::{BinaryOp, Expr, ExprId, ExprKind, Relation};
use solve::syntax::operands;

/// Names that fit equally where a factor is dropped: whether it was a derivative depends on who reads it.
const FACTOR: &[&str] = &["derivative-left-out", "factor-left-out", "function-for-derivative", "slope-left-out"];
/// Of a gradient by the softmax, the second term is a sum over the classes.
pub const UNSUMMED: &[&str] = &["not-summed-over-batch", "not-summed-over-positions", "diagonal-only"];
const TERM: &[&str] = &["missing-branch", "term-left-out", "second-term-left-out"];

/// A wrong answer, and how the mistake is called.
pub struct Slipped {
    pub names: Vec<&'static str>,
    pub expr: Expr,
}

/// What the text alone does not say.
pub struct Known<'a> {
    /// The shape of each node of the expression, where it has one.
    pub shapes: Vec<Option<Shape>>,
    /// Data and targets.
    pub data: &'a [String],
    /// What is written for values of the model, by their shape.
    pub values: &'a [(String, Shape)],
    /// Whether a step of descent is asked for.
    pub is_step: bool,
    pub leaves: &'a [(String, Shape)],
    /// The numbers of examples and of their sides.
    pub counts: &'a [String],
}

/// Every wrong answer that one change makes.
pub fn slipped(expr: &Expr, known: &Known) -> Vec<Slipped> {
    let mut slips = Slips { expr, known, masked: masked(expr), found: Vec::new() };
    slips.whole();
    for place in 0..expr.nodes.len() as u32 {
        slips.at(ExprId(place));
    }
    slips.found
}

pub struct Slips<'a> {
    expr: &'a Expr,
    known: &'a Known<'a>,
    /// What stands inside an indicator.
    masked: Vec<ExprId>,
    found: Vec<Slipped>,
}

impl Slips<'_> {
    pub fn put(&mut self, names: &[&'static str], place: ExprId, make: impl FnOnce(&mut Maker) -> ExprId) {
        let mut names = names.to_vec();
        if self.masked.contains(&place) {
            names.push("mask-on-wrong-value");
        }
        self.found.push(Slipped { names, expr: with(self.expr, place, make) });
    }

    /// Puts one part in place of the whole, if it has the same shape.
    fn keep(&mut self, names: &[&'static str], place: ExprId, kept: ExprId) {
        if self.shape(place) == self.shape(kept) {
            self.put(names, place, |_| kept);
        }
    }

    fn kind(&self, id: ExprId) -> &ExprKind {
        &self.expr.node(id).kind
    }

    fn shape(&self, id: ExprId) -> Option<&Shape> {
        self.known.shapes[id.0 as usize].as_ref()
    }

    pub fn is_scalar(&self, id: ExprId) -> bool {
        self.shape(id).is_some_and(Shape::is_scalar)
    }

    /// The answer as a whole.
    fn whole(&mut self) {
        let root = self.expr.root();
        self.put(&["sign"], root, |maker| maker.push(ExprKind::Negate(maker.own())));
        for (name, factor) in [("factor-two", "2"), ("factor-half", "0.5")] {
            self.put(&[name], root, |maker| {
                let factor = maker.number(factor);
                maker.binary(BinaryOp::Mul, factor, maker.own())
            });
        }
        for count in self.known.counts {
            self.put(&["mean-for-sum"], root, |maker| {
                let count = maker.name(count);
                maker.binary(BinaryOp::Div, maker.own(), count)
            });
        }
        if !self.is_scalar(root) {
            self.put(&["transposed-layout", "extra-transpose"], root, |maker| {
                maker.push(ExprKind::Transpose(maker.own()))
            });
        }
    }

    fn at(&mut self, place: ExprId) {
        match self.kind(place).clone() {
            ExprKind::Transpose(of) => self.put(&["missing-transpose"], place, |_| of),
            ExprKind::Negate(of) => self.put(&["sign"], place, |_| of),
            ExprKind::Binary { op: BinaryOp::Mul, left, right } => self.product(place, left, right),
            ExprKind::Binary { op: BinaryOp::ElementwiseMul, left, right } => {
                self.dropped_factor(place, left, right);
                self.dropped_factor(place, right, left);
                self.put(&["matrix-for-elementwise-product"], place, |maker| maker.binary(BinaryOp::Mul, left, right));
            }
            ExprKind::Binary { op: BinaryOp::Add, left, right } => {
                self.keep(TERM, place, left);
                self.keep(TERM, place, right);
                self.put(&["sign"], place, |maker| maker.binary(BinaryOp::Sub, left, right));
                self.doubled(place, BinaryOp::Add, left, right);
                if self.is_mask(left) && self.is_mask(right) {
                    self.put(&["slope-left-out"], place, |_| left);
                    self.put(&["slope-left-out"], place, |_| right);
                }
            }
            ExprKind::Binary { op: BinaryOp::Sub, left, right } => self.difference(place, left, right),
            ExprKind::Binary { op: BinaryOp::Div | BinaryOp::ElementwiseDiv, left, right } => {
                let names = if self.is_count(right) { &["sum-for-mean"] } else { FACTOR };
                self.keep(names, place, left);
                if !matches!(self.kind(left), ExprKind::Number(_)) {
                    self.put(FACTOR, place, |maker| {
                        let one = maker.number("1");
                        maker.binary(BinaryOp::ElementwiseDiv, one, right)
                    });
                }
            }
            ExprKind::Binary { op: BinaryOp::Pow | BinaryOp::ElementwisePow, left, right } => {
                self.power(place, left, right)
            }
            ExprKind::Indicator { relation, left, right } => {
                let relation = complement(relation);
                let kind = ExprKind::Indicator { relation, left, right };
                self.put(&["mask-reversed"], place, |maker| maker.push(kind));
                self.put(&["value-for-mask"], place, |_| left);
                self.elsewhere(place, relation, left, right);
            }
            ExprKind::Call { callee, arguments, options } => {
                if let Some(first) = arguments.first() {
                    self.call(place, &callee.text, *first, &arguments, &options);
                }
            }
            ExprKind::Name(name) => self.other_values(place, &name.text),
            ExprKind::Number(_)
            | ExprKind::Entry { .. }
            | ExprKind::Matrix(_)
            | ExprKind::Sum { .. }
            | ExprKind::Cases(_)
            | ExprKind::Prime { .. }
            | ExprKind::Gradient { .. } => {}
        }
    }

    /// A step of descent with another rate, or uphill.
    fn step(&mut self, place: ExprId, from: ExprId, step: ExprId) {
        let ExprKind::Binary { op: BinaryOp::Mul, left: rate, right: gradient } = *self.kind(step) else { return };
        let ExprKind::Number(text) = self.kind(rate) else { return };
        let Ok(number) = text.parse::<f64>() else { return };
        for other in [1.0, 0.1 * number, 10.0 * number, 2.0 * number, 0.5 * number] {
            self.put(&["wrong-rate"], place, |maker| {
                let other = maker.number(&other.to_string());
                let step = maker.binary(BinaryOp::Mul, other, gradient);
                maker.binary(BinaryOp::Sub, from, step)
            });
        }
    }

    fn product(&mut self, place: ExprId, left: ExprId, right: ExprId) {
        if self.is_scalar(left) || self.is_scalar(right) {
            self.dropped_factor(place, left, right);
            if self.is_scalar(right) {
                self.dropped_factor(place, right, left);
            }
            return;
        }
        self.put(&["factors-swapped"], place, |maker| maker.binary(BinaryOp::Mul, right, left));
        self.put(&["elementwise-for-matrix-product"], place, |maker| {
            maker.binary(BinaryOp::ElementwiseMul, left, right)
        });
        for turned in [left, right] {
            if matches!(self.kind(turned), ExprKind::Transpose(_)) {
                continue;
            }
            self.put(&["extra-transpose"], place, |maker| {
                let transpose = maker.push(ExprKind::Transpose(turned));
                let other = |side: ExprId| if side == turned { transpose } else { side };
                maker.binary(BinaryOp::Mul, other(left), other(right))
            });
        }
    }

    fn dropped_factor(&mut self, place: ExprId, dropped: ExprId, kept: ExprId) {
        // To leave several factors out, or a whole sum, is no slip.
        let several = match self.kind(dropped) {
            ExprKind::Binary { op: BinaryOp::Mul, .. } => self.is_scalar(dropped),
            ExprKind::Call { callee, .. } => callee.text.contains("sum"),
            ExprKind::Entry { .. } => true,
            ExprKind::Binary { op: BinaryOp::ElementwiseMul, .. } => dropped.0 < kept.0,
            _ => false,
        };
        if several {
            return;
        }
        let names: &[&'static str] = match () {
            () if self.is_mask(dropped) => &["missing-mask"],
            () if self.is_count(dropped) => &["sum-for-mean"],
            () => FACTOR,
        };
        self.keep(names, place, kept);
    }

    fn doubled(&mut self, place: ExprId, op: BinaryOp, left: ExprId, right: ExprId) {
        for doubled in [left, right] {
            self.put(&["factor-two"], place, |maker| {
                let two = maker.number("2");
                let twice = maker.binary(BinaryOp::Mul, two, doubled);
                let other = |side: ExprId| if side == doubled { twice } else { side };
                maker.binary(op, other(left), other(right))
            });
        }
    }

    fn difference(&mut self, place: ExprId, left: ExprId, right: ExprId) {
        if place == self.expr.root() && self.known.is_step {
            self.step(place, left, right);
        }
        let is_data =
            |id: ExprId| matches!(self.kind(id), ExprKind::Name(name) if self.known.data.contains(&name.text));
        let swapped = if is_data(left) || is_data(right) { "target-and-prediction-swapped" } else { "sign" };
        self.put(&[swapped], place, |maker| maker.binary(BinaryOp::Sub, right, left));
        let uphill = if place == self.expr.root() && self.known.is_step { "uphill-step" } else { "sign" };
        self.put(&[uphill], place, |maker| maker.binary(BinaryOp::Add, left, right));
        self.keep(TERM, place, left);
        if self.shape(place) == self.shape(right) {
            self.put(TERM, place, |maker| maker.push(ExprKind::Negate(right)));
        }
    }

    fn power(&mut self, place: ExprId, base: ExprId, exponent: ExprId) {
        let ExprKind::Number(text) = self.kind(exponent) else { return };
        let Ok(number) = text.parse::<i64>() else { return };
        // `3*b^2` from `b^3`: the factor tells of the exponent.
        let factors = self.expr.nodes.iter().filter_map(|node| match &node.kind {
            ExprKind::Number(text) => text.parse::<i64>().ok(),
            _ => None,
        });
        if !factors.into_iter().any(|factor| factor % (number + 1) == 0) {
            return;
        }
        self.put(&["exponent-not-lowered"], place, |maker| {
            let higher = maker.number(&(number + 1).to_string());
            maker.binary(BinaryOp::Pow, base, higher)
        });
    }

    /// A value in place of another.
    fn other_values(&mut self, place: ExprId, name: &str) {
        let is_value = self.known.values.iter().any(|(text, _)| text == name);
        let Some(shape) = self.shape(place).cloned().filter(|_| is_value) else { return };
        for (text, own) in self.known.values.iter().chain(self.known.leaves) {
            if *own == shape && text != name {
                self.put(&["derivative-at-wrong-value"], place, |maker| maker.name(text));
            }
        }
    }

    /// A mask on another value.
    fn elsewhere(&mut self, place: ExprId, relation: Relation, left: ExprId, right: ExprId) {
        let Some(shape) = self.shape(left).cloned() else { return };
        for (text, own) in self.known.values {
            if *own == shape && *self.kind(left) != named(self.expr, text) {
                self.put(&["mask-on-wrong-value"], place, |maker| {
                    let other = maker.name(text);
                    maker.push(ExprKind::Indicator { relation: complement(relation), left: other, right })
                });
            }
        }
    }

    /// Whether a factor is made of indicators.
    fn is_mask(&self, id: ExprId) -> bool {
        match self.kind(id) {
            ExprKind::Indicator { .. } => true,
            ExprKind::Binary { op: BinaryOp::Add, left, right } => self.is_mask(*left) && self.is_mask(*right),
            ExprKind::Binary { op: BinaryOp::Mul, left, right } => {
                matches!(self.kind(*left), ExprKind::Number(_)) && self.is_mask(*right)
            }
            _ => false,
        }
    }

    /// A size, one divided by it, or the share of one of more than two.
    fn is_count(&self, id: ExprId) -> bool {
        match self.kind(id) {
            ExprKind::Name(name) => self.known.counts.contains(&name.text),
            ExprKind::Binary { op: BinaryOp::Div | BinaryOp::ElementwiseDiv, left, right } => {
                let share = |text: &str| text.parse::<u32>().is_ok_and(|count| count > 2);
                self.is_count(*right)
                    || self.is_count(*left)
                    || matches!((self.kind(*left), self.kind(*right)),
                        (ExprKind::Number(one), ExprKind::Number(count)) if one == "1" && share(count))
            }
            _ => false,
        }
    }
}

/// All that stands inside an indicator.
fn masked(expr: &Expr) -> Vec<ExprId> {
    let mut masked = Vec::new();
    let mut waiting: Vec<ExprId> = Vec::new();
    for node in &expr.nodes {
        if let ExprKind::Indicator { left, right, .. } = node.kind {
            waiting.extend([left, right]);
        }
    }
    while let Some(id) = waiting.pop() {
        masked.push(id);
        waiting.extend(operands(&expr.node(id).kind));
    }
    masked
}

fn named(expr: &Expr, text: &str) -> ExprKind {
    let names = expr.nodes.iter().filter(|node| matches!(&node.kind, ExprKind::Name(name) if name.text == text));
    names.map(|node| node.kind.clone()).next().unwrap_or(ExprKind::Number(String::new()))
}

fn complement(relation: Relation) -> Relation {
    match relation {
        Relation::Greater => Relation::LessEqual,
        Relation::GreaterEqual => Relation::Less,
        Relation::Less => Relation::GreaterEqual,
        Relation::LessEqual => Relation::Greater,
        Relation::Equal => Relation::NotEqual,
        Relation::NotEqual => Relation::Equal,
    }
}
