//! `median_mask(A)`: the share of each entry in the median: 1, or 1/2 for each of two, 0 elsewhere.

use super::median::middle;
use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MedianMask {
    /// 0 marks the middle of each column, 1 of each row; `None` of everything.
    pub axis: Option<usize>,
}

pub static MIDDLE_PLACE: Law = Law {
    name: "middle-place",
    title: "Who is in the middle",
    proof: Maths {
        latex: r"\text{between ties the entry in the middle stays the same one, so the mask is constant and no gradient flows}",
        text: "between ties the entry in the middle stays the same one, so the mask is constant and no gradient flows",
    },
};

pub static MEDIAN_MASK: Helper = Helper {
    name: "median_mask",
    needs: &[],
    source: r#"
def median_mask(A, axis=None):
    """The share of each entry in the median: 1, or 1/2 of two in the middle."""
    lines, along = (A.reshape(-1), 0) if axis is None else (A, axis)
    order, mask = np.argsort(lines, axis=along, kind="stable"), np.zeros(lines.shape)
    for middle in ((lines.shape[along] - 1) // 2, lines.shape[along] // 2):
        place = np.take(order, [middle], axis=along)
        np.put_along_axis(mask, place, np.take_along_axis(mask, place, along) + 0.5, along)
    return mask.reshape(A.shape)
"#,
};

impl Operator for MedianMask {
    const REFERENCE: Reference = Reference {
        name: "median_mask",
        aliases: &[],
        signature: "median_mask(A), median_mask(A, axis = 0), median_mask(A, axis = 1)",
        summary: "1 at the middle entry (of each line along an axis; 1/2 at each of two), 0 elsewhere",
        definition: Maths {
            latex: r"V_{ij}=\frac{\partial\,\mathrm{median}(A)}{\partial A_{ij}}",
            text: "Vᵢⱼ = ∂median(A)/∂Aᵢⱼ",
        },
        conventions: &["of equal entries the first, row by row, comes first", "its derivative is 0"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    reduce::along_an_axis!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("median_mask", self.axis, &operands[0]).map(|_| operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let (operand, axis) = (operands[0], self.axis);
        let extents = operand.extents();
        let share = |index: &[usize]| {
            let places = reduce::places(operand, axis, index);
            let middles = middle(&places.iter().map(|place| operand.at(place)).collect::<Vec<_>>());
            match middles.iter().any(|place| places[*place] == index) {
                true => S::one().checked_div(&S::from_integer(middles.len() as i64)),
                false => Ok(S::zero()),
            }
        };
        Ok(Tensor::try_from_fn(extents, share)?)
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: Term::Zero, law: &MIDDLE_PLACE }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("median_mask"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&MEDIAN_MASK, operands, self.axis.map_or_else(Vec::new, code::axis))
    }

    form::explained_as_a_whole!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        reduce::wrong_axis(self.axis, &operands[0], |axis| MedianMask { axis }).into_iter().collect()
    }
}
