//! `global_avgpool(A)`, `global_maxpool(A)`: one number a channel, the mean or the largest of its plane.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GlobalPool {
    /// The largest entry instead of the mean.
    pub max: bool,
}

pub static GLOBAL_AVERAGE: Law = Law {
    name: "global-average-pooling",
    title: "Global average pooling",
    proof: Maths {
        latex: r"V_c=\frac1{HW}\sum_{ij}A_{cij}\text{, so }\frac{\partial L}{\partial A_{cij}}=\frac{(\delta_V)_c}{HW}\text{: the gradient is spread evenly over the plane}",
        text: "V(c) = 1/(HW) Σᵢⱼ A(c,i,j), so ∂L/∂A(c,i,j) = δV(c)/(HW): the gradient is spread evenly over the plane",
    },
};

pub static GLOBAL_MAXIMUM: Law = Law {
    name: "global-max-pooling",
    title: "Global max-pooling",
    proof: Maths {
        latex: r"V_c\text{ is the largest entry of its plane and no other, so that one takes all of }(\delta_V)_c",
        text: "V(c) is the largest entry of its plane and no other, so that one takes all of δV(c)",
    },
};

/// The sides before the plane, and how many entries a plane has.
fn parted(operand: &Shape) -> Option<(&[Dim], Dim)> {
    let [leading @ .., rows, columns] = operand.0.as_slice() else { return None };
    Some((leading, rows.times(columns)))
}

impl GlobalPool {
    /// Each plane's own gradient, at all of its places.
    fn repeated(operand: &Shape) -> Term {
        let (leading, _) = parted(operand).unwrap_or((&[], Dim::one()));
        let ones = Term::Ones(operand.clone());
        if leading.is_empty() {
            return Term::Upstream.scale(ones);
        }
        let beside = Shape(leading.iter().cloned().chain([Dim::one(), Dim::one()]).collect());
        Term::Upstream.with(Reshape::like(), Term::Ones(beside)).hadamard(ones)
    }

    /// 1 at the first largest entry of each plane.
    fn mask(operand: &Shape) -> Term {
        let (leading, plane) = parted(operand).unwrap_or((&[], Dim::one()));
        let rows = leading.iter().fold(Dim::one(), |rows, side| rows.times(side));
        let lines = Term::Operand(0).with(Reshape::like(), Term::Ones(Shape::matrix(rows, plane)));
        lines.under(ArgmaxMask { axis: Some(1) }).with(Reshape::like(), Term::Operand(0))
    }
}

impl Operator for GlobalPool {
    const REFERENCE: Reference = Reference {
        name: "global_avgpool",
        aliases: &["gap", "GAP", "global_average_pool", "global_avg_pool", "global_maxpool", "global_max_pool", "gmp"],
        signature: "global_avgpool(A), global_maxpool(A)",
        summary: "one number a channel: the mean (the largest) of its plane",
        definition: Maths {
            latex: r"V_c=\frac1{HW}\sum_{i=1}^{H}\sum_{j=1}^{W}A_{cij}",
            text: "V(c) = 1/(HW) Σᵢⱼ A(c,i,j)",
        },
        conventions: &["of H x W a number, of C x H x W a row with C entries, of N x C x H x W one such row an example"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Global pooling",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<GlobalPool, OptionError> {
        let called = options.called.contains("max") || options.called == "gmp";
        Ok(GlobalPool { max: options.flag("max")? || called })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.max.then(|| ("max", "true".to_string())).into_iter().collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        match operands[0].0.as_slice() {
            [_, _] => Ok(Shape::scalar()),
            [channels, _, _] => Ok(Shape::matrix(Dim::one(), channels.clone())),
            [examples, channels, _, _] => Ok(Shape::matrix(examples.clone(), channels.clone())),
            _ => Err(ShapeError::new("global pooling needs H x W, C x H x W or N x C x H x W")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let operand = operands[0];
        let extents = self.shape(&[operand.shape()]).ok().and_then(|shape| shape.as_integers());
        let extents = extents.ok_or(NumberError::Domain)?;
        let planes: usize = extents.iter().product();
        let lines = operand.reshape(&[planes, operand.size() / planes.max(1)]);
        let axis = Some(1);
        let values = if self.max { Max { axis }.evaluate(&[&lines])? } else { Mean { axis }.evaluate(&[&lines])? };
        Ok(values.reshape(&extents))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let repeated = GlobalPool::repeated(&operands[0]);
        vec![match self.max {
            true => Rule { term: repeated.hadamard(GlobalPool::mask(&operands[0])), law: &GLOBAL_MAXIMUM },
            false => {
                let plane = parted(&operands[0]).map_or_else(Dim::one, |(_, plane)| plane);
                Rule { term: repeated.over(Term::Size(plane)), law: &GLOBAL_AVERAGE }
            }
        }]
    }

    form::fused_with_nothing!();

    fn called(&self) -> Option<&'static str> {
        Some(if self.max { "global_maxpool" } else { "global_avgpool" })
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        Math::call(Math::word(if self.max { "gmp" } else { "gap" }), operands)
    }

    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
        let shape = Code::shape(&self.shape(shapes).unwrap_or_default());
        let function = if self.max { "np.amax" } else { "np.mean" };
        Code::call(function, operands, vec![("axis", "(-2, -1)".to_string())]).followed(&format!(".reshape({})", shape.text()))
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let operand = operands[0];
        let plane: usize = operand.extents().iter().rev().take(2).product();
        let result = self.shape(&[operand.shape()]).ok().and_then(|shape| shape.as_integers()).unwrap_or_default();
        let first = windows::ravel(&result, entry) * plane;
        let all: Vec<&S> = operand.entries().skip(first).take(plane).collect();
        match self.max {
            false => Account::Mean { terms: all.into_iter().cloned().collect(), divisor: plane },
            true => {
                let winner = reduce::first_extreme(&all, std::cmp::Ordering::Greater);
                let place = |at: usize| windows::unravel(operand.extents(), first + at);
                let candidates = all.into_iter().enumerate().map(|(at, value)| (place(at), value.clone()));
                Account::Choice { candidates: candidates.collect(), winner }
            }
        }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let name = if self.max { Mistake::AVERAGE_FOR_MAX } else { Mistake::MAX_FOR_AVERAGE };
        vec![
            Mistake::forward(name, GlobalPool { max: !self.max }),
            Mistake::gradient(Mistake::COPIED_OVER_WINDOW, 0, GlobalPool::repeated(&operands[0])),
        ]
    }
}
