//! `slice(A, axis = 1, from = 2, to = 3)`: some of the rows or columns.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slice {
    /// 0 takes rows, 1 columns.
    pub axis: usize,
    /// The first place, counted from 1.
    pub from: usize,
    /// The last place, which belongs to the slice; `None` is the end.
    pub to: Option<usize>,
}

pub static SLICING: Law = Law {
    name: "slicing",
    title: "Slice",
    proof: Maths {
        latex: r"\text{an entry of the slice is an entry of }A\text{ and takes its gradient there; the entries outside change nothing and get }0",
        text: "an entry of the slice is an entry of A and takes its gradient there; the entries outside change nothing and get 0",
    },
};

impl Slice {
    /// The places that are taken of a side of this length, counted from 0; `None` where they are not all there.
    pub fn range(&self, side: usize) -> Option<std::ops::Range<usize>> {
        let to = self.to.unwrap_or(side);
        (self.from <= to && to <= side).then_some(self.from - 1..to)
    }

    /// As Python writes it: `[:, 1:3]`
    pub fn subscript(&self) -> String {
        let from = if self.from > 1 { (self.from - 1).to_string() } else { String::new() };
        let to = self.to.map_or_else(String::new, |to| to.to_string());
        format!("[{}{from}:{to}]", ":, ".repeat(self.axis))
    }
}

impl Operator for Slice {
    const REFERENCE: Reference = Reference {
        name: "slice",
        aliases: &[],
        signature: "slice(A, axis = 1, from = 1, to = end)",
        summary: "the columns (rows with `axis = 0`) with the numbers `from` to `to`",
        definition: Maths { latex: r"V_{ij}=A_{i,\,j+\mathrm{from}-1}", text: "V(i,j) = A(i, j + from − 1)" },
        conventions: &["counted from 1, both ends belong to it"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Slice",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Slice, OptionError> {
        let axis = options.axis()?.unwrap_or(1);
        let (from, to) = (options.size("from", 1, 1)?, options.size("to", 0, 1)?);
        match to {
            0 => Ok(Slice { axis, from, to: None }),
            _ if to < from => {
                Err(OptionError { message: format!("`slice` ends at {to} before it begins at {from}"), span: None })
            }
            _ => Ok(Slice { axis, from, to: Some(to) }),
        }
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        let from = (self.from != 1).then(|| ("from", self.from.to_string()));
        let to = self.to.map(|to| ("to", to.to_string()));
        Concat::axis_option(self.axis).into_iter().chain(from).chain(to).collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let mut result = operands[0].clone();
        let Some(side) = result.0.get_mut(self.axis) else {
            return Err(ShapeError::new(format!("`slice` along axis {} needs an operand that has this axis", self.axis)));
        };
        let known = side.as_integer().and_then(|side| usize::try_from(side).ok());
        if known.is_some_and(|side| self.range(side).is_none()) {
            let to = self.to.map_or(self.from, |to| to.max(self.from));
            return Err(ShapeError::new(format!("`slice` reaches to {to}, axis {} has only {side} places", self.axis)));
        }
        *side = match self.to {
            Some(to) => Dim::integer(to - (self.from - 1)),
            None => side.plus_integer(1 - i64::try_from(self.from).unwrap_or(i64::MAX)),
        };
        Ok(result)
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        // A named side can turn out too short.
        let range = self.range(operands[0].extents()[self.axis]).ok_or(NumberError::Domain)?;
        Ok(operands[0].slice(self.axis, range.start, range.end))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let back = SliceGradient { slice: self.clone() };
        vec![Rule { term: Term::Apply(back.into(), vec![Term::Operand(0), Term::Upstream]), law: &SLICING }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("slice"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        code::one(operands).followed(&self.subscript())
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, _: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let mut from = entry.to_vec();
        from[self.axis] += self.from - 1;
        Account::Moved { operand: 0, from }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![
            Mistake::forward(Mistake::WRONG_AXIS, Slice { axis: 1 - self.axis.min(1), ..self.clone() }),
            Mistake::gradient(Mistake::ZEROS_LEFT_OUT, 0, Term::Upstream),
        ]
    }
}
