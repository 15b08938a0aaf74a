//! `concat(A, B)`: values side by side, or one below the other.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Concat {
    /// The axis along which the operands follow each other: 1 puts them side by side, 0 below each other.
    pub axis: usize,
}

pub static CONCATENATION: Law = Law {
    name: "concatenation",
    title: "Concatenation",
    proof: Maths {
        latex: r"\text{every entry of an operand stands once in the result, so its gradient is the one at that place}",
        text: "every entry of an operand stands once in the result, so its gradient is the one at that place",
    },
};

impl Concat {
    /// How the option is written; 1 is the default.
    pub fn axis_option(axis: usize) -> Option<(&'static str, String)> {
        (axis != 1).then(|| ("axis", axis.to_string()))
    }

    /// Where an operand begins and ends along the axis, counted from 0.
    fn range(&self, operands: &[Shape], place: usize) -> (Dim, Dim) {
        let along = |operand: &Shape| operand.0.get(self.axis).cloned().unwrap_or_else(Dim::one);
        let from = operands[..place].iter().fold(Dim::integer(0), |sum, operand| sum.plus(&along(operand)));
        let to = from.plus(&along(&operands[place]));
        (from, to)
    }
}

impl Operator for Concat {
    const REFERENCE: Reference = Reference {
        name: "concat",
        aliases: &[],
        signature: "concat(A, B, axis = 1)",
        summary: "operands one after the other along an axis",
        definition: Maths {
            latex: r"\mathrm{concat}(A,B)=\begin{bmatrix}A&B\end{bmatrix}",
            text: "concat(A, B) = [A B]",
        },
        conventions: &["side by side; `axis = 0` puts them one below the other", "two operands or more"],
        call: Some((2, usize::MAX)),
        letters: &["A", "B", "V"],
        title: "Concatenation",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Concat, OptionError> {
        Ok(Concat { axis: options.axis()?.unwrap_or(1) })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        Concat::axis_option(self.axis).into_iter().collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let mut result = operands[0].clone();
        if result.rank() <= self.axis {
            let error = ShapeError::new(format!(
                "`concat` along axis {} needs operands with at least {} axes; one is {result}",
                self.axis,
                self.axis + 1
            ));
            return Err(if result.is_scalar() { error.hint("scalars make a matrix in brackets: `[a b]`") } else { error });
        }
        for operand in &operands[1..] {
            let agree = |axis: usize| axis == self.axis || operand.0[axis] == operands[0].0[axis];
            if operand.rank() != result.rank() || !(0..result.rank()).all(agree) {
                return Err(ShapeError::new(format!(
                    "`concat` along axis {} needs operands whose other sides are equal: {} and {operand} differ",
                    self.axis, operands[0]
                )));
            }
            result.0[self.axis] = result.0[self.axis].plus(&operand.0[self.axis]);
        }
        Ok(result)
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(Tensor::concat(operands, self.axis))
    }

    /// The part where the operand stands: a slice if its place is known as numbers.
    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let whole = |dim: Dim| dim.as_integer().and_then(|value| usize::try_from(value).ok());
        let part = |place: usize| {
            let (from, to) = self.range(operands, place);
            if let (Some(from), Some(to)) = (whole(from), whole(to)) {
                let slice = Slice { axis: self.axis, from: from + 1, to: Some(to) };
                return Term::Apply(slice.into(), vec![Term::Upstream]);
            }
            let own = ConcatGradient { axis: self.axis, of: place + 1 };
            let terms = (0..operands.len()).map(Term::Operand).chain([Term::Upstream]);
            Term::Apply(own.into(), terms.collect())
        };
        (0..operands.len()).map(|place| Rule { term: part(place), law: &CONCATENATION }).collect()
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("concat"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::call("np.concatenate", vec![Code::sequence(operands)], code::axis(self.axis))
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let mut from = entry.to_vec();
        for (operand, value) in operands.iter().enumerate() {
            let side = value.extents()[self.axis];
            if from[self.axis] < side {
                return Account::Moved { operand, from };
            }
            from[self.axis] -= side;
        }
        Account::Formula
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let other = Mistake::forward(Mistake::WRONG_AXIS, Concat { axis: 1 - self.axis.min(1) });
        // The parts of the gradient in the other order, where they can be mistaken.
        match operands {
            [left, right] if left == right => {
                let rules = self.gradient(operands);
                let swapped = |place: usize| Mistake::gradient(Mistake::PARTS_SWAPPED, place, rules[1 - place].term.clone());
                vec![other, swapped(0), swapped(1)]
            }
            _ => vec![other],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_parts_are_taken_out_of_the_gradient_by_their_operands() {
        let n = || Dim::name("N");
        let named = [Shape::matrix(n(), Dim::name("P")), Shape::matrix(n(), Dim::name("Q"))];
        let op = Concat { axis: 1 };
        assert_eq!(op.shape(&named).unwrap().to_string(), "N x (P + Q)");
        assert!(matches!(&op.gradient(&named)[1].term, Term::Apply(Op::ConcatGradient(part), _) if part.of == 2));
        let known = [Shape::matrix(n(), Dim::integer(3)), Shape::matrix(n(), Dim::integer(2))];
        let slice = Slice { axis: 1, from: 4, to: Some(5) };
        assert_eq!(op.gradient(&known)[1].term, Term::Apply(slice.into(), vec![Term::Upstream]));
    }

    #[test]
    fn operands_that_do_not_meet_are_refused() {
        let shape = |axis, sides: [&[usize]; 2]| Concat { axis }.shape(&sides.map(Shape::integers)).map_err(|error| error.rule);
        assert!(shape(1, [&[2, 3], &[3, 3]]).unwrap_err().contains("2 x 3 and 3 x 3 differ"));
        assert!(shape(0, [&[2, 3], &[2, 3, 1]]).is_err());
        assert!(shape(2, [&[2, 3], &[2, 3]]).unwrap_err().contains("at least 3 axes"));
        assert!(shape(0, [&[], &[]]).is_err());
    }
}
