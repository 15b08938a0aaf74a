//! Shapes as answers: `shape of J = 4 x 4`.

use super::compare::same_shape;
use super::edits::shape_edits;
use super::judge::Judgement;
use super::marker::Marker;
use super::marks::{Remark, Verdict};
use super::question::Question;
use super::sheet::Sheet;
use crate::answer::Subject;
use crate::lower::{Meaning, expression};
use crate::ops::Mistake;
use crate::shape::{Dim, Shape};
use crate::syntax::ast::{DimExpr, Expr};

impl Marker<'_> {
    pub(super) fn judge_shape(&mut self, question: &Question, sides: &[DimExpr], sheet: &Sheet) -> Judgement {
        let sides: Option<Vec<Dim>> = sides.iter().map(|side| self.side(side)).collect();
        self.judge_sides(question, sides, sheet)
    }

    /// `[4, 4]` and `4` as a shape.
    pub(super) fn judge_listed_shape(&mut self, question: &Question, expr: &Expr, sheet: &Sheet) -> Judgement {
        let node = expression(&mut self.graph, &self.scope, expr).ok();
        let value = node.and_then(|node| {
            let environment = &self.key.given[0].exact;
            self.graph.extend(&mut self.given[0].exact, node, environment).ok()?;
            self.given[0].exact.get(node).cloned()
        });
        let sides = value.and_then(|value| {
            value
                .entries()
                .map(|side| Some(Dim::integer(usize::try_from(side.to_integer()?).ok()?)))
                .collect::<Option<Vec<_>>>()
        });
        self.judge_sides(question, sides, sheet)
    }

    fn judge_sides(&mut self, question: &Question, sides: Option<Vec<Dim>>, sheet: &Sheet) -> Judgement {
        let Some(sides) = sides else { return Judgement::of(Verdict::Unreadable) };
        let proper = |sides: &[Dim]| sides.iter().filter(|side| !side.is_one()).cloned().collect::<Vec<_>>();
        let text = |sides: &[Dim]| sides.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ");
        let expected = &question.shape.0;
        let equal = sides == *expected || (sides.len() != expected.len() && proper(&sides) == proper(expected));
        if equal {
            return Judgement::of(Verdict::Correct);
        }
        if let Some(from) = self.follows_in_shape(question, &sides, sheet) {
            return Judgement::of(Verdict::FollowThrough).remark(Remark::Follows { from });
        }
        let shape = Remark::Shape { found: text(&sides), expected: text(expected) };
        let judgement = Judgement::of(Verdict::Wrong).remark(shape);
        match misplaced(&sides, expected).or_else(|| self.shape_slip(question, &Shape(sides))) {
            Some(name) => self.with_mistake(judgement, name, None),
            None => judgement,
        }
    }

    /// The mistake in an operator that gives this shape.
    fn shape_slip(&mut self, question: &Question, found: &Shape) -> Option<&'static str> {
        let Subject::Shape(symbol) = question.subject else { return None };
        shape_edits(&mut self.graph, symbol)
            .into_iter()
            .find(|(_, wrong)| same_shape(self.graph.shape(*wrong), found))
            .map(|(name, _)| name)
    }

    pub(super) fn side(&self, side: &DimExpr) -> Option<Dim> {
        match side {
            DimExpr::Integer(value) => Some(Dim::integer(usize::try_from(*value).ok()?)),
            DimExpr::Name(name) => match &self.scope.get(&name.key())?.meaning {
                Meaning::Size(dim) => Some(dim.clone()),
                Meaning::Value(_) | Meaning::Broken | Meaning::Unvalued => None,
            },
            DimExpr::Sum(parts) => {
                let mut parts = parts.iter().map(|part| self.side(part));
                let first = parts.next()??;
                parts.try_fold(first, |sum, part| Some(sum.plus(&part?)))
            }
            DimExpr::Minus(part) => Some(self.side(part)?.times_integer(-1)),
            DimExpr::Product(parts) => parts
                .iter()
                .map(|part| self.side(part))
                .try_fold(Dim::one(), |product, part| Some(product.times(&part?))),
        }
    }
}

/// What is wrong with the order of sides, or with a size of all.
fn misplaced(sides: &[Dim], expected: &[Dim]) -> Option<&'static str> {
    let first = |sides: &[Dim]| {
        let (last, rest) = sides.split_last()?;
        let (batch, image) = rest.split_at(rest.len().checked_sub(2)?);
        Some([batch, std::slice::from_ref(last), image].concat())
    };
    let channels_last = expected.len() > 2 && first(sides).is_some_and(|turned| turned == expected);
    let reversed = sides.iter().rev().eq(expected.iter());
    let short = |(found, right): (&Dim, &Dim)| found == right || found.plus_integer(1) == *right;
    let images = expected.len() > 2 && sides.len() == expected.len();
    let short =
        images && sides.iter().zip(expected).all(short) && sides[..sides.len() - 2] == expected[..sides.len() - 2];
    let found = [
        (channels_last, Mistake::CHANNELS_LAST),
        (reversed, Mistake::TRANSPOSED_LAYOUT),
        (short, Mistake::PLUS_ONE_LEFT_OUT),
    ];
    found.into_iter().find(|(holds, _)| *holds).map(|(_, name)| name)
}
