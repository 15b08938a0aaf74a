//! `concat_gradient(A, B, dV, of = 1)`: the part of a gradient that belongs to one operand of a concatenation.

use super::concat::CONCATENATION;
use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConcatGradient {
    /// The axis of the concatenation.
    pub axis: usize,
    /// The operand's number, from 1.
    pub of: usize,
}

impl ConcatGradient {
    /// The concatenation that was differentiated.
    fn concat(&self) -> Concat {
        Concat { axis: self.axis }
    }
}

pub static CONCAT_GRADIENT: Helper = Helper {
    name: "concat_gradient",
    needs: &[],
    source: r#"
def concat_gradient(parts, dV, of, axis):
    """The part of dV that belongs to one of what was put together, counted from 0."""
    start = sum(part.shape[axis] for part in parts[:of])
    return np.take(dV, range(start, start + parts[of].shape[axis]), axis=axis)
"#,
};

impl Operator for ConcatGradient {
    const REFERENCE: Reference = Reference {
        name: "concat_gradient",
        aliases: &[],
        signature: "concat_gradient(A, B, dV, of = 1, axis = 1)",
        summary: "gradient of `concat(A, B)` with respect to the operand with the number `of`",
        definition: Maths {
            latex: r"\delta_V=\begin{bmatrix}\delta_A&\delta_B\end{bmatrix}",
            text: "δV = [δA δB]",
        },
        conventions: &[
            "the operands are those of the concatenation, then `dV` in the shape of its result",
            "of the first operands only the size counts; where the sizes are numbers a `slice` is the same",
        ],
        call: Some((3, usize::MAX)),
        letters: &["A", "B", "G", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<ConcatGradient, OptionError> {
        Ok(ConcatGradient { axis: options.axis()?.unwrap_or(1), of: options.size("of", 1, 1)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        std::iter::once(("of", self.of.to_string())).chain(Concat::axis_option(self.axis)).collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let (parts, upstream) = operands.split_at(operands.len() - 1);
        like::expect("concat_gradient", "concat(…)", &self.concat().shape(parts)?, &upstream[0])?;
        parts.get(self.of - 1).cloned().ok_or_else(|| {
            ShapeError::new(format!("`of = {}` is more than the {} operands of the concatenation", self.of, parts.len()))
        })
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let sides = |parts: &[&Tensor<S>]| parts.iter().map(|part| part.extents()[self.axis]).sum();
        let upstream = operands[operands.len() - 1];
        Ok(upstream.slice(self.axis, sides(&operands[..self.of - 1]), sides(&operands[..self.of])))
    }

    /// Linear in `dV`: the result's gradient at its place, with zeros for the other operands.
    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let parts = operands.len() - 1;
        let zeros = |place: usize| Term::Number(Number::integer(0)).scale(Term::Operand(place));
        let part = |place: usize| if place == self.of - 1 { Term::Upstream } else { zeros(place) };
        let whole = Term::Apply(self.concat().into(), (0..parts).map(part).collect());
        (0..parts).map(|_| like::size_only()).chain([Rule { term: whole, law: &CONCATENATION }]).collect()
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("concat").transposed(), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let mut parts = operands;
        let upstream = parts.pop().unwrap_or_else(|| Code::integer(0));
        let said = vec![("of", (self.of - 1).to_string()), ("axis", self.axis.to_string())];
        Code::helped(&CONCAT_GRADIENT, vec![Code::sequence(parts), upstream], said)
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let before: usize = operands[..self.of - 1].iter().map(|part| part.extents()[self.axis]).sum();
        let mut from = entry.to_vec();
        from[self.axis] += before;
        Account::Moved { operand: operands.len() - 1, from }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        Vec::new()
    }
}
