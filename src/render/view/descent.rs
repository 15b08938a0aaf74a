//! Descents: the rule in symbols, its first step with numbers, the table, and where it leads.

use super::gradients::Shown;
use super::{Equation, Maths, Pieces, Viewer};
use crate::answer::{DescentResult, converges};
use crate::descend::{End, Row, is_landmark};
use crate::graph::NodeId;
use crate::math::{Fence, Glyph, Math, Relation};
use crate::model::Method;
use crate::number::Number;
use crate::render::figure;
use crate::tasks::descend::{details, watched};
use crate::tensor::Tensor;
use num_traits::Zero;
use serde::Serialize;

/// Parameters with more entries than these together have no columns of their own.
pub(super) const WIDEST: usize = 6;
/// Digits of parameters in the table, beyond the problem's own: they change slowly.
pub(super) const MORE_DIGITS: usize = 2;
/// Most decimals of a column.
pub(super) const MOST_DECIMALS: usize = 8;
/// Descents with no more steps than these are shown step by step.
const SHORT: usize = 20;

#[derive(Clone, Debug, Serialize)]
pub struct DescentView {
    /// How it goes, in words.
    pub details: Pieces,
    /// Whether a step looks at some examples only, and whether weights decay.
    pub batches: bool,
    pub decay: bool,
    pub loss: Maths,
    /// The gradients, written out; empty where an earlier descent has told them.
    pub gradients: Vec<Equation>,
    /// All parameters together, where they are several: `θ = (a, b)`.
    pub together: Option<Maths>,
    /// The rule in symbols, a line each.
    pub update: Vec<Maths>,
    /// The first step with its numbers, for each parameter.
    pub first: Vec<Maths>,
    pub headings: Vec<HeadingView>,
    pub rows: Vec<Vec<Maths>>,
    /// Whether the table leaves out steps.
    pub shortened: bool,
    /// The first rows whose parameters are exact, before they are rounded for the table; none where all are.
    pub exact_rows: Option<usize>,
    /// `reached`, `counted`, `diverged`
    pub end: &'static str,
    pub steps: usize,
    /// The step after which the loss of all data is least, where that is neither the first nor the last row.
    pub best: Option<usize>,
    /// Whether the loss ends above its start.
    pub rises: bool,
    /// `|∂L/∂a| = 5.1·10⁻⁴ < 0.001`, where the gradient has ended it.
    pub reached: Option<Maths>,
    /// Of a quadratic loss: the largest rate at which plain descent converges, and why.
    pub largest_rate: Option<Maths>,
    pub converges: Option<bool>,
    /// What a step multiplies the distance to the minimum by.
    pub factor: Option<Maths>,
    /// The exact minimum, to compare with.
    pub minimum: Vec<Maths>,
    /// How far from it the descent has ended.
    pub distance: Option<Maths>,
}

/// A column of the table: `step`, `loss`, `gradient`, `size`, `change`, `rate`, `batch`, `parameter`, `moment`.
#[derive(Clone, Debug, Serialize)]
pub struct HeadingView {
    pub kind: &'static str,
    pub name: Maths,
}

impl Viewer<'_> {
    pub(super) fn least_math(&self, id: NodeId) -> Math {
        self.math(id).to(Math::Glyph(Glyph::Star))
    }

    /// A parameter after a step: `a^{(1)}`.
    pub(super) fn indexed(&self, id: NodeId, step: usize) -> Math {
        self.math(id).step(Math::number(step))
    }

    pub(super) fn descent(&self, result: &DescentResult, shown: &mut Shown) -> DescentView {
        let descent = &result.descent;
        let last = result.path.rows.last();
        let steps = last.map_or(0, |row| row.step);
        let new: Vec<bool> = descent.params.iter().map(|id| shown.forms.insert((descent.loss, *id))).collect();
        let shown: Vec<&Row> = result
            .path
            .rows
            .iter()
            .filter(|row| steps <= SHORT || is_landmark(row.step) || row.step == steps)
            .collect();
        let (headings, rows) = self.descent_table(descent, &shown);
        let least = result.quadratic.as_ref().and_then(|quadratic| quadratic.minimum.as_ref());
        let distance = least.zip(last).map(|(least, last)| self.about(&distance(least, &last.params)));
        let mut losses = result.path.rows.iter().filter_map(|row| Some((row.step, row.loss.as_ref()?.to_f64())));
        let best = losses.clone().reduce(|best, next| if next.1 < best.1 { next } else { best });
        let (start, end) = (losses.clone().next(), losses.next_back());
        let is_exact = |row: &&&Row| row.params.iter().all(Tensor::is_exact);
        DescentView {
            details: self.say(&details(descent)),
            batches: descent.batches.is_some(),
            decay: !descent.rule.decay.is_zero(),
            loss: self.print(descent.loss),
            gradients: match new.contains(&true) {
                true => self.written_gradients(&descent.params, descent.loss, &result.gradients),
                false => Vec::new(),
            },
            together: (descent.params.len() > 1).then(|| self.together(&descent.params)),
            update: self.update_symbols(descent),
            first: self.first_step(result),
            headings,
            shortened: shown.len() <= steps,
            exact_rows: Some(shown.iter().take_while(is_exact).count()).filter(|count| *count < shown.len()),
            rows,
            end: match result.path.end {
                End::Reached => "reached",
                End::Counted => "counted",
                End::Diverged => "diverged",
                End::NoGradient => "no gradient",
            },
            steps,
            best: best.zip(end).filter(|(best, end)| best.0 > 0 && best.1 < end.1).map(|(best, _)| best.0),
            rises: start.zip(end).is_some_and(|(start, end)| end.1 > start.1),
            reached: self.reached(result),
            largest_rate: result
                .quadratic
                .as_ref()
                .filter(|_| descent.rule.method == Method::Plain && descent.batches.is_none())
                .and_then(|quadratic| Some(self.rate_bound(&quadratic.curvature, &quadratic.largest_rate()?))),
            converges: converges(result),
            factor: match (&result.quadratic, converges(result), descent.rule.rates.as_slice()) {
                (Some(quadratic), Some(_), [rate]) => quadratic.factor(rate).map(|factor| {
                    let curvature = self.number_math(quadratic.hessian.first());
                    let moved = Math::Dotted(vec![self.number_math(rate), curvature]);
                    self.write(&Math::number(1).minus(moved).equals(self.number_math(&factor)))
                }),
                _ => None,
            },
            minimum: least.map_or_else(Vec::new, |least| self.minima(&descent.params, least)),
            distance: distance.filter(|_| result.path.end != End::Diverged),
        }
    }

    /// `|∂L/∂a| = 5.1·10⁻⁴ < 0.001`
    fn reached(&self, result: &DescentResult) -> Option<Maths> {
        let (places, below) = result.descent.stop.below.as_ref()?;
        let gradients = result.path.rows.last()?.gradients.as_ref()?;
        let size = size(places.iter().filter_map(|place| gradients.get(*place)));
        let told = (self.formula_math(&watched(&result.descent)))
            .related(Relation::Approximately, self.number_math(&Number::approx(size)))
            .related(Relation::Less, self.number_math(below));
        (result.path.end == End::Reached).then(|| self.write(&told))
    }

    /// `2/248.5 = 0.00805`
    fn rate_bound(&self, curvature: &Number, rate: &Number) -> Maths {
        let is_whole = figure::is_shown_exactly(rate) && !rate.to_string().contains('/');
        let (equals, rate) = match is_whole {
            true => (Relation::Equal, rate.clone()),
            false => (Relation::Approximately, Number::approx(rate.to_f64())),
        };
        let quotient = Math::Row(vec![Math::number(2), Math::Glyph(Glyph::Slash), self.number_math(curvature)]);
        self.write(&quotient.related(equals, self.number_math(&rate)))
    }

    pub(super) fn minima(&self, params: &[NodeId], values: &[Tensor<Number>]) -> Vec<Maths> {
        let least = |(id, value): (&NodeId, &Tensor<Number>)| {
            self.write(&self.least_math(*id).related(self.equality(value.entries()), self.tensor_math(value)))
        };
        params.iter().zip(values).map(least).collect()
    }

    pub(super) fn written_gradients(&self, params: &[NodeId], loss: NodeId, forms: &[NodeId]) -> Vec<Equation> {
        let pairs = params.iter().zip(forms);
        pairs
            .map(|(id, form)| Equation {
                name: self.derivative(*id, loss),
                form: self.print(*form),
                shape: self.shape(*id),
            })
            .collect()
    }

    /// `θ = (a, b)`
    fn together(&self, params: &[NodeId]) -> Maths {
        let names = Math::List(params.iter().map(|id| self.math(*id)).collect()).fenced(Fence::Round);
        self.write(&Math::name("theta").equals(names))
    }
}

pub(super) fn size<'a>(gradients: impl Iterator<Item = &'a Tensor<Number>>) -> f64 {
    gradients.flat_map(Tensor::entries).map(|entry| entry.to_f64().powi(2)).sum::<f64>().sqrt()
}

/// The length of the difference, exact where a short decimal is.
fn distance(from: &[Tensor<Number>], to: &[Tensor<Number>]) -> Number {
    let pairs = from.iter().flat_map(Tensor::entries).zip(to.iter().flat_map(Tensor::entries));
    let square = pairs.map(|(a, b)| a - b).fold(Number::integer(0), |sum, apart| &sum + &(&apart * &apart));
    let length = square.to_f64().sqrt();
    let short = Number::parse(&format!("{length:.6}")).ok().filter(|short| short * short == square);
    short.filter(|_| square.is_exact()).unwrap_or_else(|| Number::approx(length))
}
