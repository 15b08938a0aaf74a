//! `reshape(A, shape = (r, c))`, `reshape(A, B)`: the same entries under other sides.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reshape {
    /// The sides of the result, two to four; `None` takes those of a second operand.
    pub sides: Option<Vec<Side>>,
    /// Each example's entries in so many rows, instead.
    pub groups: Option<usize>,
}

pub static RESHAPING: Law = Law {
    name: "reshaping",
    title: "Reshaping",
    proof: Maths {
        latex: r"\text{every entry of }A\text{ stands once in the result, so its gradient is the one at that place}",
        text: "every entry of A stands once in the result, so its gradient is the one at that place",
    },
};

impl Reshape {
    /// With the shape of a second operand.
    pub fn like() -> Reshape {
        Reshape { sides: None, groups: None }
    }

    /// A row for each group of features or channels, of each example in turn.
    fn grouped(groups: usize, operand: &Shape) -> Option<Shape> {
        let (examples, channels, plane) = match operand.0.as_slice() {
            [channels, plane @ ..] if plane.len() == 2 => (Dim::one(), channels, plane),
            [examples, channels, plane @ ..] => (examples.clone(), channels, plane),
            _ => return None,
        };
        let columns = plane.iter().fold(channels.floor_div(groups), |size, side| size.times(side));
        let shape = Shape::matrix(examples.times_integer(groups as i64), columns);
        (shape.size() == operand.size()).then_some(shape)
    }

    /// The sides as dimensions; one that is left open is the size of what remains.
    fn resolve(sides: &[Side], size: &Dim) -> Option<Shape> {
        let known = sides.iter().try_fold(1usize, |product, side| match side {
            Side::Size(size) => product.checked_mul(*size),
            Side::Rest => Some(product),
        })?;
        let dim = |side: &Side| match side {
            Side::Size(size) => Dim::integer(*size),
            Side::Rest => size.floor_div(known),
        };
        let shape = Shape(sides.iter().map(dim).collect());
        (shape.size() == *size).then_some(shape)
    }
}

impl Operator for Reshape {
    const REFERENCE: Reference = Reference {
        name: "reshape",
        aliases: &[],
        signature: "reshape(A, shape = (r, c)), reshape(A, rows = r, cols = c), reshape(A, B), reshape(A, groups = g)",
        summary: "same entries in row-major order under other sides",
        definition: Maths {
            latex: r"\text{the }k\text{-th entry of the result is the }k\text{-th entry of }A\text{, row by row}",
            text: "the k-th entry of the result is the k-th entry of A, row by row",
        },
        conventions: &[
            "row-major; up to four sides",
            "of `rows` and `cols` one may be left out; in `shape` one side may be -1: the rest",
            "`groups = g` has g rows for each example (N x D, C x H x W or N x C x H x W), each with D/g features or C/g channels",
            "`reshape(A, B)` takes the shape of `B`: with named dimensions, `reshape(A, ones(N, D))`",
        ],
        call: Some((1, 2)),
        letters: &["A", "B", "V"],
        title: "Reshaping",
        acts: Acts::Gathers,
        is_total: true,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Reshape, OptionError> {
        let groups = options.size("groups", 0, 1)?;
        if groups > 0 {
            return Ok(Reshape { sides: None, groups: Some(groups) });
        }
        let shape = options.sides("shape")?;
        let (rows, columns) = (options.side("rows")?, options.side("columns")?.or(options.side("cols")?));
        let sides = match (shape, rows, columns) {
            (shape, None, None) => shape,
            (None, rows, columns) => Some(vec![rows.unwrap_or(Side::Rest), columns.unwrap_or(Side::Rest)]),
            (Some(_), _, _) => {
                let message = "`reshape` takes `shape`, or `rows` and `cols`, not both".to_string();
                return Err(OptionError { message, span: None });
            }
        };
        match sides.iter().flatten().filter(|side| **side == Side::Rest).count() {
            0 | 1 => Ok(Reshape { sides, groups: None }),
            _ => Err(OptionError { message: "only one side of `shape` may be -1".to_string(), span: None }),
        }
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        match (self.sides.as_deref(), self.groups) {
            (None, None) => Vec::new(),
            (None, Some(groups)) => vec![("groups", groups.to_string())],
            (Some(sides), _) => {
                let sides: Vec<String> = sides.iter().map(Side::to_string).collect();
                vec![("shape", format!("({})", sides.join(", ")))]
            }
        }
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let (operand, size) = (&operands[0], operands[0].size());
        if let Some(groups) = self.groups {
            return Reshape::grouped(groups, operand).ok_or_else(|| {
                ShapeError::new(format!("`reshape` with {groups} groups needs N x D, C x H x W or N x C x H x W whose features or channels are a multiple of {groups}, not {operand}"))
            });
        }
        let wanted = match (&self.sides, operands.get(1)) {
            (None, None) => {
                return Err(ShapeError::new("`reshape` needs `shape = (r, c)`, or a second operand of the shape that is meant"));
            }
            (Some(_), Some(_)) => {
                return Err(ShapeError::new("`reshape` takes a shape, or a second operand of the shape that is meant, not both"));
            }
            (None, Some(like)) if like.size() == size => return Ok(like.clone()),
            (None, Some(like)) => like.to_string(),
            (Some(sides), None) => match Reshape::resolve(sides, &size) {
                Some(shape) => return Ok(shape),
                None => sides.iter().map(Side::to_string).collect::<Vec<_>>().join(" x "),
            },
        };
        Err(ShapeError::new(format!(
            "`reshape` keeps the number of entries: {operand} has {size}, which do not fill {wanted}"
        )))
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let operand = operands[0];
        let like = operands.get(1).map(|like| like.extents().to_vec());
        let own = || match self.groups {
            Some(groups) => Reshape::grouped(groups, &operand.shape())?.as_integers(),
            None => Reshape::resolve(self.sides.as_deref()?, &Dim::integer(operand.size()))?.as_integers(),
        };
        let extents = like.or_else(own).ok_or(NumberError::Domain)?;
        Ok(operand.reshape(&extents))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let back = Term::Apply(Reshape::like().into(), vec![Term::Upstream, Term::Operand(0)]);
        let own = Rule { term: back, law: &RESHAPING };
        std::iter::once(own).chain(operands[1..].iter().map(|_| like::size_only())).collect()
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("reshape"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
        let shape = self.shape(shapes).unwrap_or_default();
        let operand = operands.into_iter().take(1).collect();
        code::one(operand).followed(&format!(".reshape({})", Code::shape(&shape).text()))
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let Ok(result) = self.evaluate(operands) else { return Account::Whole };
        let flat = windows::ravel(result.extents(), entry);
        Account::Moved { operand: 0, from: windows::unravel(operands[0].extents(), flat) }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![Mistake::gradient(Mistake::LEFT_RESHAPED, 0, Term::Upstream)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(sides: &[Side], operand: Shape) -> Result<String, String> {
        let op = Reshape { sides: Some(sides.to_vec()), groups: None };
        op.shape(&[operand]).map(|shape| shape.to_string()).map_err(|error| error.rule)
    }

    #[test]
    fn the_rest_is_found_and_the_number_of_entries_is_kept() {
        use Side::{Rest, Size};
        let named = || Shape::matrix(Dim::name("N").times_integer(4), Dim::integer(3));
        assert_eq!(shape(&[Size(3), Size(4)], Shape::integers(&[6, 2])), Ok("3 x 4".to_string()));
        assert_eq!(shape(&[Rest, Size(4)], Shape::integers(&[2, 3, 2])), Ok("3 x 4".to_string()));
        assert_eq!(shape(&[Rest, Size(6)], named()), Ok("2*N x 6".to_string()));
        let error = shape(&[Size(5), Rest], Shape::integers(&[6, 2])).unwrap_err();
        assert!(error.contains("6 x 2 has 12, which do not fill 5 x -1"), "{error}");
        assert!(shape(&[Size(4), Size(4)], Shape::integers(&[6, 2])).is_err());
        assert!(shape(&[Size(usize::MAX), Size(2)], Shape::integers(&[6, 2])).is_err());
    }
}
