//! `[a b; c d]`: a matrix of scalars.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stack {
    pub rows: usize,
    pub columns: usize,
}

pub static ENTRIES: Law = Law {
    name: "entries",
    title: "Matrix of scalars",
    proof: Maths {
        latex: r"V_{ij}\text{ is the scalar written there, so the scalar's gradient is }(\delta_V)_{ij}",
        text: "V(i,j) is the scalar written there, so the scalar's gradient is δV(i,j)",
    },
};

pub static MATRIX: Helper = Helper {
    name: "matrix",
    needs: &[],
    source: r#"
def matrix(rows):
    """Numbers, row by row."""
    return np.stack([np.stack([np.reshape(entry, ()) for entry in row]) for row in rows])
"#,
};

impl Operator for Stack {
    const REFERENCE: Reference = Reference {
        name: "[ ]",
        aliases: &[],
        signature: "[a b; c d]",
        summary: "matrix of scalars, row by row",
        definition: Maths { latex: r"\begin{bmatrix}a&b\cr c&d\end{bmatrix}", text: "[a b; c d]" },
        conventions: &["a space or a comma parts the entries, `;` or a new line the rows"],
        call: None,
        letters: &["a", "b", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(_: &mut Options) -> Result<Stack, OptionError> {
        Ok(Stack { rows: 1, columns: 1 })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        match operands.iter().find(|operand| !operand.is_scalar()) {
            Some(other) => Err(ShapeError::new(format!("the entries of a matrix are scalars; one is {other}"))
                .hint("`concat(A, B)` puts matrices side by side, with `axis = 0` one below the other")),
            None if operands.len() == self.rows * self.columns => Ok(Shape::integers(&[self.rows, self.columns])),
            None => Err(ShapeError::new(format!(
                "a matrix of {} x {} has {} entries, not {}",
                self.rows,
                self.columns,
                self.rows * self.columns,
                operands.len()
            ))),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let entries = operands.iter().map(|operand| operand.first().clone());
        Ok(Tensor::from_entries(&[self.rows, self.columns], entries.collect()))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let entry = |place: usize| Entry::new(place / self.columns + 1, place % self.columns + 1);
        let term = |place: usize| Term::Apply(entry(place).into(), vec![Term::Upstream]);
        (0..self.rows * self.columns).map(|place| Rule { term: term(place), law: &ENTRIES }).collect()
    }

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        let columns = self.columns.max(1);
        Math::Grid(operands.chunks(columns).map(<[Math]>::to_vec).collect())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let rows = operands.chunks(self.columns.max(1)).map(|row| Code::sequence(row.to_vec())).collect();
        Code::helped(&MATRIX, vec![Code::sequence(rows)], Vec::new())
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, _: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        Account::Moved { operand: entry[0] * self.columns + entry[1], from: Vec::new() }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        Vec::new()
    }
}
