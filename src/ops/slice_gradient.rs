//! `slice_gradient(A, dV, axis = 1, from = 2, to = 3)`: a slice's gradient at its place, zeros around it.

use super::slice::SLICING;
use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SliceGradient {
    /// The slice that was differentiated.
    pub slice: Slice,
}

pub static SLICE_GRADIENT: Helper = Helper {
    name: "slice_gradient",
    needs: &[],
    source: r#"
def slice_gradient(A, dV, place):
    """Zeros in the shape of A, with dV where the slice was taken."""
    dA = np.zeros(A.shape)
    dA[place] = dV
    return dA
"#,
};

impl Operator for SliceGradient {
    const REFERENCE: Reference = Reference {
        name: "slice_gradient",
        aliases: &[],
        signature: "slice_gradient(A, dV, axis = 1, from = 1, to = end)",
        summary: "gradient of `slice(A)`: `dV` where the slice was, 0 elsewhere",
        definition: Maths {
            latex: r"\frac{\partial L}{\partial A_{i,\,j+\mathrm{from}-1}}=(\delta_V)_{ij}\text{, the others are }0",
            text: "∂L/∂A(i, j + from − 1) = δV(i,j), the others are 0",
        },
        conventions: &["the options are those of the slice", "of `A` only the size counts"],
        call: Some((2, 2)),
        letters: &["A", "G", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<SliceGradient, OptionError> {
        Ok(SliceGradient { slice: Slice::build(options)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.slice.options()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let result = self.slice.shape(&operands[..1])?;
        like::expect("slice_gradient", "slice(A)", &result, &operands[1])?;
        Ok(operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let (extents, axis) = (operands[0].extents(), self.slice.axis);
        let range = self.slice.range(extents[axis]).ok_or(NumberError::Domain)?;
        let zeros = |length: usize| {
            let mut sides = extents.to_vec();
            sides[axis] = length;
            Tensor::filled(&sides, S::zero())
        };
        Ok(Tensor::concat(&[&zeros(range.start), operands[1], &zeros(extents[axis] - range.end)], axis))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let term = Term::Apply(self.slice.clone().into(), vec![Term::Upstream]);
        vec![like::size_only(), Rule { term, law: &SLICING }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("slice").transposed(), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let slice = self.slice.subscript();
        let [like, upstream] = code::two(operands);
        let place = format!("np.s_{slice}");
        Code::helped(&SLICE_GRADIENT, vec![like, upstream, Code::atom(place)], Vec::new())
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let axis = self.slice.axis;
        let range = self.slice.range(operands[0].extents()[axis]).unwrap_or_default();
        if !range.contains(&entry[axis]) {
            return Account::Terms(Vec::new());
        }
        let mut from = entry.to_vec();
        from[axis] -= range.start;
        Account::Moved { operand: 1, from }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        Vec::new()
    }
}
