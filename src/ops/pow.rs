//! `A ^ c`: a power entry by entry.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pow;

pub static POWER: Law = Law {
    name: "power",
    title: "Power",
    proof: Maths {
        latex: r"V_{ij}=A_{ij}^c\text{, so }\frac{\partial L}{\partial A_{ij}}=c\,A_{ij}^{c-1}(\delta_V)_{ij}\text{ and }\frac{\partial L}{\partial c}=\sum_{ij}(\delta_V)_{ij}V_{ij}\ln A_{ij}",
        text: "Vᵢⱼ = Aᵢⱼᶜ, so ∂L/∂Aᵢⱼ = c Aᵢⱼᶜ⁻¹ (δV)ᵢⱼ and ∂L/∂c = Σᵢⱼ (δV)ᵢⱼ Vᵢⱼ ln Aᵢⱼ",
    },
};

pub static SQUARED_NORM: Law = Law {
    name: "squared-norm",
    title: "Squared Euclidean norm",
    proof: Maths {
        latex: r"V=\lVert A\rVert^2=\sum_{kl}A_{kl}^2\text{, so }\frac{\partial V}{\partial A_{ij}}=2A_{ij}\text{, where }A=0\text{ too}",
        text: "V = ‖A‖² = Σₖₗ Aₖₗ², so ∂V/∂Aᵢⱼ = 2Aᵢⱼ, where A = 0 too",
    },
};

impl Operator for Pow {
    const REFERENCE: Reference = Reference {
        name: "^",
        aliases: &[],
        signature: "A ^ c",
        summary: "power, entry by entry",
        definition: Maths { latex: r"(A^c)_{ij}=A_{ij}^c", text: "(A ^ c)ᵢⱼ = Aᵢⱼᶜ" },
        conventions: &["the exponent is a scalar, or a matrix for `.^` entry by entry; `A^T` is the transpose and `inv(A)` the inverse"],
        call: None,
        letters: &["A", "c", "V"],
        title: "",
        acts: Acts::EachEntry,
        is_total: false,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        match operands[1].is_scalar() || operands[0] == operands[1] {
            true => Ok(operands[0].clone()),
            false => Err(ShapeError::new("the exponent of `^` is a scalar, or has the shape of the base")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        if operands[1].rank() > 0 {
            return elementwise::zip(operands, |entry, exponent| entry.pow(exponent));
        }
        let exponent = operands[1].first();
        elementwise::map(operands[0], |entry| entry.pow(exponent))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let (base, exponent, shape) = (Term::Operand(0), Term::Operand(1), &operands[0]);
        let lowered = base.clone().to_the(exponent.clone().minus(Term::integer(1)));
        let logarithm = Term::Apply(Log::natural().into(), vec![base]);
        let wrt_exponent = Term::Upstream.times(shape, Term::Output.times(shape, logarithm, shape), shape);
        vec![
            Rule { term: exponent.times(&operands[1], Term::Upstream.times(shape, lowered, shape), shape), law: &POWER },
            Rule { term: wrt_exponent.sum_to(shape, &operands[1]), law: &POWER },
        ]
    }

    /// Of a norm, which alone has no derivative at 0.
    fn fusions(&self, operands: &[Shape]) -> Vec<Fusion> {
        let normed = &operands[0];
        let lines = (0..normed.rank()).filter(|axis| normed.0[*axis].is_one()).map(Some);
        let axes = normed.is_scalar().then_some(None).into_iter().chain(lines);
        let slope = Term::integer(2).scale(Term::Upstream.times(normed, Term::Operand(2), normed));
        axes.map(|axis| Fusion {
            operand: 0,
            inner: Norm { axis }.into(),
            needs: Some(Needs::Equals { operand: 1, value: 2 }),
            term: slope.clone(),
            law: &SQUARED_NORM,
        })
        .collect()
    }

    form::written_with_signs!();

    form::nothing_else_possible!();

    form::of_two!(to, power);

    form::explained_by_its_formula!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let (base, exponent, shape) = (Term::Operand(0), Term::Operand(1), &operands[0]);
        let lowered = base.clone().to_the(exponent.clone().minus(Term::integer(1)));
        vec![
            Mistake::gradient(Mistake::FACTOR_LEFT_OUT, 0, Term::Upstream.times(shape, lowered, shape)),
            Mistake::gradient(
                Mistake::EXPONENT_NOT_LOWERED,
                0,
                exponent.times(&operands[1], Term::Upstream.times(shape, Term::Output, shape), shape),
            ),
        ]
    }
}
