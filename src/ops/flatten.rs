//! `flatten(A)`: the entries one after the other.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Flatten;

static FLATTEN: Helper = Helper {
    name: "flatten",
    needs: &[],
    source: r#"
def flatten(A):
    """A row for each example."""
    return A.reshape(len(A), -1)
"#,
};

impl Operator for Flatten {
    const REFERENCE: Reference = Reference {
        name: "flatten",
        aliases: &[],
        signature: "flatten(A)",
        summary: "entries in row-major order as one row, or one row an example",
        definition: Maths {
            latex: r"\mathrm{flatten}(A)_{1,(i-1)c+j}=A_{ij}\text{ for }c\text{ columns}",
            text: "flatten(A)(1, (i−1)c + j) = A(i,j) for c columns",
        },
        conventions: &[
            "row-major: row after row, channel after channel",
            "a matrix r x c gives 1 x rc, an image C x H x W gives 1 x CHW, a batch N x C x H x W gives N x CHW",
        ],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Flattening",
        acts: Acts::Gathers,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let operand = &operands[0];
        Ok(match operand.0.as_slice() {
            [examples, _, _, _] => {
                Shape::matrix(examples.clone(), Shape(operand.0[1..].to_vec()).size())
            }
            _ => Shape::matrix(Dim::one(), operand.size()),
        })
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let operand = operands[0];
        let rows = if operand.rank() == 4 { operand.extents()[0] } else { 1 };
        Ok(operand.reshape(&[rows, operand.size() / rows.max(1)]))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let term = Term::Apply(Reshape::like().into(), vec![Term::Upstream, Term::Operand(0)]);
        vec![Rule { term, law: &reshape::RESHAPING }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("Flattening goes row after row.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("flatten"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
        match shapes[0].rank() {
            4 => Code::helped(&FLATTEN, operands, Vec::new()),
            _ => code::one(operands).followed(".reshape(1, -1)"),
        }
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let extents = operands[0].extents();
        let rows = if extents.len() == 4 { extents[0] } else { 1 };
        let columns = operands[0].size() / rows.max(1);
        Account::Moved { operand: 0, from: windows::unravel(extents, entry[0] * columns + entry[1]) }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![Mistake::gradient(Mistake::LEFT_FLAT, 0, Term::Upstream)]
    }
}
