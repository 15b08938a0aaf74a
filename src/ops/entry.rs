//! `A[i, j]`: one entry.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Entry {
    /// The row, the column (of rank 3 and 4 all axes), counted from 1.
    pub index: Vec<usize>,
}

pub static ENTRY: Law = Law {
    name: "entry",
    title: "One entry",
    proof: Maths {
        latex: r"V=A_{ij}\text{, so }\frac{\partial V}{\partial A_{kl}}=1\text{ if }kl=ij\text{ and }0\text{ otherwise: the gradient stands at the entry's place, among zeros}",
        text: "V = Aᵢⱼ, so ∂V/∂Aₖₗ = 1 if kl = ij and 0 otherwise: the gradient stands at the entry's place, among zeros",
    },
};

impl Entry {
    pub fn new(row: usize, column: usize) -> Entry {
        Entry { index: vec![row, column] }
    }

    /// The index counted from 0, if the operand has the entry.
    pub fn place(&self, extents: &[usize]) -> Result<Vec<usize>, NumberError> {
        let inside = self.index.iter().zip(extents).all(|(place, extent)| (1..=*extent).contains(place));
        if inside { Ok(self.index.iter().map(|place| place - 1).collect()) } else { Err(NumberError::Domain) }
    }

    /// The option of a call: `at = (1, 2)`.
    pub fn option(&self) -> Vec<(&'static str, String)> {
        vec![("at", format!("({})", self.written()))]
    }

    fn written(&self) -> String {
        self.index.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl Operator for Entry {
    const REFERENCE: Reference = Reference {
        name: "entry",
        aliases: &[],
        signature: "A[i, j]; also entry(A, at = (i, j))",
        summary: "one entry, a scalar",
        definition: Maths { latex: r"V=A_{ij}", text: "V = Aᵢⱼ" },
        conventions: &["rows and columns are counted from 1"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Entry, OptionError> {
        Ok(Entry { index: options.index("at")? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.option()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let (given, shape) = (self.index.len(), &operands[0]);
        if given != shape.rank() {
            return Err(ShapeError::new(format!("an entry of shape {shape} takes {} indices, not {given}", shape.rank())));
        }
        let beyond = self.index.iter().zip(&shape.0).find(|(place, side)| {
            let side = side.as_integer().and_then(|side| usize::try_from(side).ok());
            side.is_some_and(|side| !(1..=side).contains(*place))
        });
        match beyond {
            Some((place, side)) => {
                Err(ShapeError::new(format!("the entry [{}] is outside: {place} of {side}", self.written())))
            }
            None => Ok(Shape::scalar()),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let place = self.place(operands[0].extents())?;
        Ok(Tensor::scalar(operands[0].at(&place).clone()))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let back = EntryGradient { entry: self.clone() };
        vec![Rule { term: Term::Operand(0).with(back, Term::Upstream), law: &ENTRY }]
    }

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        let index = self.index.iter().map(Math::number).collect();
        form::one(operands).entry(index)
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let place = self.index.iter().map(|place| (place - 1).to_string()).collect::<Vec<_>>().join(", ");
        code::one(operands).followed(&format!("[{place}]"))
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], _: &[usize]) -> Account<S> {
        match self.place(operands[0].extents()) {
            Ok(from) => Account::Moved { operand: 0, from },
            // Where there is no value there is nothing to account for.
            Err(_) => Account::Whole,
        }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let everywhere = Term::Upstream.scale(Term::Ones(operands[0].clone()));
        vec![Mistake::gradient(Mistake::MISSING_MASK, 0, everywhere)]
    }
}
