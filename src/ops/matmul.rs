//! `A * B`: the matrix product.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MatMul;

pub static MATRIX_PRODUCT: Law = Law {
    name: "matrix-product",
    title: "Matrix product",
    proof: Maths {
        latex: r"V_{ij}=\sum_k S_{ik}W_{kj},\text{ so }\frac{\partial L}{\partial W_{kj}}=\sum_i S_{ik}(\delta_V)_{ij}\text{ and }\frac{\partial L}{\partial S_{ik}}=\sum_j (\delta_V)_{ij}W_{kj}",
        text: "Vᵢⱼ = Σₖ Sᵢₖ Wₖⱼ, so ∂L/∂Wₖⱼ = Σᵢ Sᵢₖ (δV)ᵢⱼ and ∂L/∂Sᵢₖ = Σⱼ (δV)ᵢⱼ Wₖⱼ",
    },
};

/// A layer's weights and bias together: the matrix product and the sum with a repeated row or column.
pub static AFFINE: Law = Law {
    name: "affine",
    title: "Affine",
    proof: Maths {
        latex: r"V_{ij}=\sum_k S_{ik}W_{kj}+b_j,\text{ so }\frac{\partial L}{\partial W_{kj}}=\sum_i S_{ik}(\delta_V)_{ij},\ \frac{\partial L}{\partial S_{ik}}=\sum_j (\delta_V)_{ij}W_{kj},\ \frac{\partial L}{\partial b_j}=\sum_i (\delta_V)_{ij}",
        text: "Vᵢⱼ = Σₖ Sᵢₖ Wₖⱼ + bⱼ, so ∂L/∂Wₖⱼ = Σᵢ Sᵢₖ (δV)ᵢⱼ, ∂L/∂Sᵢₖ = Σⱼ (δV)ᵢⱼ Wₖⱼ, ∂L/∂bⱼ = Σᵢ (δV)ᵢⱼ",
    },
};

/// The same with one example a column: `V = W S + b`.
pub static AFFINE_COLUMNS: Law = Law {
    name: "affine",
    title: "Affine",
    proof: Maths {
        latex: r"V_{ij}=\sum_k W_{ik}S_{kj}+b_i,\text{ so }\frac{\partial L}{\partial W_{ik}}=\sum_j (\delta_V)_{ij}S_{kj},\ \frac{\partial L}{\partial S_{kj}}=\sum_i W_{ik}(\delta_V)_{ij},\ \frac{\partial L}{\partial b_i}=\sum_j (\delta_V)_{ij}",
        text: "Vᵢⱼ = Σₖ Wᵢₖ Sₖⱼ + bᵢ, so ∂L/∂Wᵢₖ = Σⱼ (δV)ᵢⱼ Sₖⱼ, ∂L/∂Sₖⱼ = Σᵢ Wᵢₖ (δV)ᵢⱼ, ∂L/∂bᵢ = Σⱼ (δV)ᵢⱼ",
    },
};

impl Operator for MatMul {
    const REFERENCE: Reference = Reference {
        name: "*",
        aliases: &[],
        signature: "A * B, A B",
        summary: "matrix product",
        definition: Maths { latex: r"(AB)_{ij}=\sum_k A_{ik}B_{kj}", text: "(AB)ᵢⱼ = Σₖ Aᵢₖ Bₖⱼ" },
        conventions: &["between a scalar and anything, `*` is the ordinary product"],
        call: None,
        letters: &["S", "W", "V"],
        title: "Matrix product",
        acts: Acts::Product,
        is_total: true,
        weighs: true,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        const RULE: &str = "the matrix product `A * B` needs as many columns in `A` as rows in `B`";
        let (Some((rows, inner)), Some((height, columns))) = (operands[0].as_matrix(), operands[1].as_matrix()) else {
            return Err(ShapeError::new(format!("{RULE}; both must be matrices")));
        };
        if inner == height {
            return Ok(Shape::matrix(rows.clone(), columns.clone()));
        }
        let fits = [
            (inner == columns, format!("the right operand's transpose ({columns} x {height}) would fit")),
            (rows == height, format!("the left operand's transpose ({inner} x {rows}) would fit")),
            (operands[0].broadcast(&operands[1]).is_some(), "for the product entry by entry write `.*`".to_string()),
        ];
        let error = ShapeError::new(RULE);
        Err(fits.into_iter().find(|(fits, _)| *fits).map_or(error.clone(), |(_, hint)| error.hint(hint)))
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].matmul(operands[1]))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![
            Rule { term: Term::Upstream.matmul(Term::Operand(1).transposed()), law: &MATRIX_PRODUCT },
            Rule { term: Term::Operand(0).transposed().matmul(Term::Upstream), law: &MATRIX_PRODUCT },
        ]
    }

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    form::of_two!(times, matmul);

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let (left, right) = (operands[0], operands[1]);
        let factors = (0..left.extents()[1])
            .map(|k| (left.at(&[entry[0], k]).clone(), right.at(&[k, entry[1]]).clone()))
            .collect();
        Account::Products { groups: vec![factors], addend: None }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        let (up, left, right) = (Term::Upstream, Term::Operand(0), Term::Operand(1));
        vec![
            Mistake::gradient(Mistake::MISSING_TRANSPOSE, 0, up.clone().matmul(right.clone())),
            Mistake::gradient(Mistake::MISSING_TRANSPOSE, 1, left.clone().matmul(up.clone())),
            Mistake::gradient(Mistake::FACTORS_SWAPPED, 0, right.transposed().matmul(up.clone())),
            Mistake::gradient(Mistake::FACTORS_SWAPPED, 1, up.matmul(left.transposed())),
        ]
    }
}
