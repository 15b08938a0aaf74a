//! `cross(a, b)`: the vector product of two vectors with three entries.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cross;

pub static VECTOR_PRODUCT: Law = Law {
    name: "vector-product",
    title: "Vector product",
    proof: Maths {
        latex: r"g^{\mathsf T}(a\times b)=a^{\mathsf T}(b\times g)=b^{\mathsf T}(g\times a)\text{, so with }g=\delta_V\text{: }\frac{\partial L}{\partial a}=b\times\delta_V,\ \frac{\partial L}{\partial b}=\delta_V\times a",
        text: "gᵀ(a × b) = aᵀ(b × g) = bᵀ(g × a), so with g = δV: ∂L/∂a = b × δV, ∂L/∂b = δV × a",
    },
};

impl Operator for Cross {
    const REFERENCE: Reference = Reference {
        name: "cross",
        aliases: &[],
        signature: "cross(a, b)",
        summary: "vector product of two vectors with three entries",
        definition: Maths {
            latex: r"a\times b=(a_2b_3-a_3b_2,\ a_3b_1-a_1b_3,\ a_1b_2-a_2b_1)",
            text: "a × b = (a₂b₃ − a₃b₂, a₃b₁ − a₁b₃, a₁b₂ − a₂b₁)",
        },
        conventions: &["both are columns, or both rows"],
        call: Some((2, 2)),
        letters: &["a", "b", "V"],
        title: "Vector product",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let three = operands[0] == Shape::integers(&[3, 1]) || operands[0] == Shape::integers(&[1, 3]);
        match three && operands[0] == operands[1] {
            true => Ok(operands[0].clone()),
            false => Err(ShapeError::new("`cross` needs two columns, or two rows, with three entries")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let [a, b] = [0, 1].map(|place| operands[place].entries().collect::<Vec<_>>());
        let entry = |i: usize| {
            let (j, k) = ((i + 1) % 3, (i + 2) % 3);
            a[j].clone() * b[k].clone() - a[k].clone() * b[j].clone()
        };
        Ok(Tensor::from_entries(operands[0].extents(), (0..3).map(entry).collect()))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let terms = [Term::Operand(1).with(Cross, Term::Upstream), Term::Upstream.with(Cross, Term::Operand(0))];
        terms.into_iter().map(|term| Rule { term, law: &VECTOR_PRODUCT }).collect()
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        Math::call(Math::word("cross"), operands)
    }

    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
        let flat = operands.into_iter().map(|operand| operand.followed(".reshape(-1)")).collect();
        let shape = Code::shape(&shapes[0]);
        Code::call("np.cross", flat, Vec::new()).followed(&format!(".reshape({})", shape.text()))
    }

    form::explained_as_a_whole!();

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![
            Mistake::gradient(Mistake::FACTORS_SWAPPED, 0, Term::Upstream.with(Cross, Term::Operand(1))),
            Mistake::gradient(Mistake::FACTORS_SWAPPED, 1, Term::Operand(0).with(Cross, Term::Upstream)),
            Mistake::forward(Mistake::ELEMENTWISE_FOR_MATRIX_PRODUCT, Hadamard),
        ]
    }
}
