//! `diag(v)`: a vector as a diagonal matrix, or the diagonal of a square matrix.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Diag;

pub static DIAGONAL: Law = Law {
    name: "diagonal",
    title: "Diagonal",
    proof: Maths {
        latex: r"V_{ii}=v_i\text{, so }\frac{\partial L}{\partial v_i}=(\delta_V)_{ii}\text{; what stands beside the diagonal has no part in it}",
        text: "Vᵢᵢ = vᵢ, so ∂L/∂vᵢ = (δV)ᵢᵢ; what stands beside the diagonal has no part in it",
    },
};

/// The side of a square matrix.
pub fn square(operator: &str, operand: &Shape) -> Result<Dim, ShapeError> {
    match operand.as_matrix() {
        Some((rows, columns)) if rows == columns => Ok(rows.clone()),
        Some(_) | None => Err(ShapeError::new(format!("`{operator}` needs a square matrix"))),
    }
}

/// The diagonal of a square matrix as a column.
pub fn diagonal<S: Scalar>(matrix: &Tensor<S>) -> Tensor<S> {
    Tensor::from_fn(&[matrix.extents()[0], 1], |index| matrix.at(&[index[0], index[0]]).clone())
}

impl Operator for Diag {
    const REFERENCE: Reference = Reference {
        name: "diag",
        aliases: &[],
        signature: "diag(v)",
        summary: "diagonal matrix of a row or a column; of a square matrix the diagonal, as a column",
        definition: Maths {
            latex: r"\mathrm{diag}(v)_{ij}=\begin{cases}v_i&i=j\cr 0&\text{otherwise}\end{cases}",
            text: "diag(v)ᵢⱼ = vᵢ if i = j, else 0",
        },
        conventions: &["`diag(A)` of a square matrix is the column of its diagonal"],
        call: Some((1, 1)),
        letters: &["v", "V"],
        title: "Diagonal matrix",
        acts: Acts::Gathers,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        match operands[0].as_matrix() {
            Some((side, one) | (one, side)) if one.is_one() => Ok(Shape::matrix(side.clone(), side.clone())),
            Some((rows, columns)) if rows == columns => Ok(Shape::matrix(rows.clone(), Dim::one())),
            Some(_) | None => Err(ShapeError::new("`diag` needs a row, a column or a square matrix")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let operand = operands[0];
        if !operand.extents().contains(&1) {
            return Ok(diagonal(operand));
        }
        let entries: Vec<&S> = operand.entries().collect();
        let side = entries.len();
        Ok(Tensor::from_fn(&[side, side], |index| match index[0] == index[1] {
            true => entries[index[0]].clone(),
            false => S::zero(),
        }))
    }

    /// The operator's own transpose: the diagonal of the gradient, or the gradient on the diagonal.
    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let term = Term::Upstream.under(Diag);
        vec![Rule { term: if operands[0].is_row() { term.transposed() } else { term }, law: &DIAGONAL }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("diag"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
        match shapes[0].is_row() || shapes[0].is_column() {
            true => Code::call("np.diag", vec![code::one(operands).followed(".reshape(-1)")], Vec::new()),
            false => Code::call("np.diag", operands, Vec::new()).followed(".reshape(-1, 1)"),
        }
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        match (operands[0].extents(), entry) {
            ([_, 1], [row, column]) if row == column => Account::Moved { operand: 0, from: vec![*row, 0] },
            ([1, _], [row, column]) if row == column => Account::Moved { operand: 0, from: vec![0, *row] },
            ([_, 1] | [1, _], _) => Account::Terms(Vec::new()),
            _ => Account::Moved { operand: 0, from: vec![entry[0], entry[0]] },
        }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![Mistake::gradient(Mistake::DERIVATIVE_LEFT_OUT, 0, Term::Upstream)]
    }
}
