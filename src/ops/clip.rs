//! `clip(A, low = -1, high = 1)`: each entry, or the bound that it lies beyond.

use super::*;
use crate::number::Number;
use crate::syntax::ast::Relation;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Clip {
    pub low: Option<Constant>,
    pub high: Option<Constant>,
}

pub static CLIP: Law = Law {
    name: "clip",
    title: "Clipping",
    proof: Maths {
        latex: r"\text{the slope is }1\text{ between the bounds and }0\text{ beyond them; at a bound the convention here is }0",
        text: "the slope is 1 between the bounds and 0 beyond them; at a bound the convention here is 0",
    },
};

impl Clip {
    fn bounds(&self) -> impl Iterator<Item = (&Number, Relation)> {
        let low = self.low.iter().map(|low| (&low.0, Relation::Greater));
        low.chain(self.high.iter().map(|high| (&high.0, Relation::Less)))
    }

    /// 1 strictly between the bounds, 0 elsewhere.
    fn mask(&self, shape: &Shape) -> Term {
        let side = |(bound, relation): (&Number, Relation)| {
            Term::Operand(0).indicator(relation, Term::Number(bound.clone()))
        };
        let sides = self.bounds().map(side).reduce(|low, high| low.times(shape, high, shape));
        sides.unwrap_or_else(|| Term::Ones(shape.clone()))
    }

    /// What the entry may become, itself last, and which of them it does.
    fn candidates<S: Scalar>(&self, entry: &S) -> (Vec<S>, usize) {
        let beyond = |(bound, inside): (&Number, Relation)| {
            let bound = S::from_number(bound);
            let order = entry.order(&bound);
            let beyond = if inside == Relation::Greater { order.is_lt() } else { order.is_gt() };
            (bound, beyond)
        };
        let (mut candidates, passed): (Vec<S>, Vec<bool>) = self.bounds().map(beyond).unzip();
        let winner = passed.iter().position(|beyond| *beyond).unwrap_or(candidates.len());
        candidates.push(entry.clone());
        (candidates, winner)
    }
}

impl Operator for Clip {
    const REFERENCE: Reference = Reference {
        name: "clip",
        aliases: &["clamp"],
        signature: "clip(A, low = -1, high = 1)",
        summary: "each entry, moved to the nearest bound if it lies outside",
        definition: Maths {
            latex: r"\mathrm{clip}(A)_{ij}=\min(\max(A_{ij},\mathrm{low}),\mathrm{high})",
            text: "clip(A)ᵢⱼ = min(max(Aᵢⱼ, low), high)",
        },
        conventions: &["one of the bounds may be left out", "the slope at a bound is 0"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Clipping",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Clip, OptionError> {
        let low = options.number_if_given("low")?.map(Constant);
        let high = options.number_if_given("high")?.map(Constant);
        let wrong = |message: &str| Err(OptionError { message: message.to_string(), span: None });
        match (&low, &high) {
            (None, None) => wrong("`clip` needs `low`, `high` or both"),
            (Some(low), Some(high)) if low > high => wrong("`low` of `clip` is above `high`"),
            _ => Ok(Clip { low, high }),
        }
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        let low = self.low.iter().map(|low| ("low", low.to_string()));
        low.chain(self.high.iter().map(|high| ("high", high.to_string()))).collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].map(|entry| {
            let (mut candidates, winner) = self.candidates(&entry);
            candidates.swap_remove(winner)
        }))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        elementwise::rule(self.mask(&operands[0]), &operands[0], &CLIP)
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("The slope of clipping at a bound is 0.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("clip"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let side = |bound: &Option<Constant>| bound.as_ref().map_or_else(|| Code::atom("None"), |bound| Code::number(&bound.0));
        Code::call("np.clip", vec![code::one(operands), side(&self.low), side(&self.high)], Vec::new())
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Cut
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let (mut values, winner) = self.candidates(operands[0].at(entry));
        let own = values.pop().map(|own| (entry.to_vec(), own));
        let bounds = values.into_iter().map(|bound| (Vec::new(), bound));
        Account::Choice { candidates: bounds.chain(own).collect(), winner }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        vec![
            Mistake::gradient(Mistake::MISSING_MASK, 0, Term::Upstream),
            Mistake::gradient(Mistake::VALUE_FOR_MASK, 0, Term::Upstream.times(&operands[0], Term::Output, &operands[0])),
        ]
    }
}
