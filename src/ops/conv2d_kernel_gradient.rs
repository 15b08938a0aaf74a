//! `conv2d_kernel_gradient(I, W, dJ)`: the gradient of a convolution with respect to its kernel.

use super::convolution::Convolution;
use super::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Conv2dKernelGradient {
    /// The options of the convolution that was differentiated.
    pub convolution: Convolution,
}

impl Operator for Conv2dKernelGradient {
    const REFERENCE: Reference = Reference {
        name: "conv2d_kernel_gradient",
        aliases: &["conv1d_kernel_gradient"],
        signature: "conv2d_kernel_gradient(I, W, dJ, stride = 1, padding = 0 | same | valid, dilation = 1, groups = 1, flip = false)",
        summary: "gradient of `conv2d(I, W)` with respect to its kernel",
        definition: Maths {
            latex: r"\frac{\partial L}{\partial W_{mn}}=\sum I_{ab}(\delta_J)_{rc}\text{ over all products }W_{mn}I_{ab}\text{ in }J_{rc}",
            text: "∂L/∂W(m,n) = Σ I(a,b) δJ(r,c) over all products W(m,n) I(a,b) in J(r,c)",
        },
        conventions: &[
            "the options are those of the convolution; `dJ` has the shape of `conv2d(I, W)`",
            "of `W` only the size counts",
        ],
        call: Some((3, 3)),
        letters: &["I", "W", "G", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Conv2dKernelGradient, OptionError> {
        Ok(Conv2dKernelGradient { convolution: Convolution::build(options)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.convolution.options()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let result = self.convolution.shape(&operands[0], &operands[1])?;
        like::expect("conv2d_kernel_gradient", "conv2d(I, W)", &result, &operands[2])?;
        Ok(operands[1].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let plan = self.convolution.plan(operands[0].extents(), operands[1].extents());
        let factors = [operands[2], operands[0]];
        Ok(plan.collect(operands[1].extents(), factors, |result, image, kernel| [kernel, result, image]))
    }

    /// Linear in `I` and in `dJ`: with a kernel U, ⟨U, result⟩ = ⟨conv2d(I, U), dJ⟩.
    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let (image, upstream) = (Term::Operand(0), Term::Operand(2));
        let own = &self.convolution;
        vec![
            Rule { term: own.input_gradient(image.clone(), Term::Upstream, upstream), law: own.law() },
            like::size_only(),
            Rule { term: own.forward(image, Term::Upstream), law: own.law() },
        ]
    }

    form::fused_with_nothing!();

    fn called(&self) -> Option<&'static str> {
        Some(if self.convolution.line { "conv1d_kernel_gradient" } else { Self::REFERENCE.name })
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        let (word, name) = if self.convolution.line { ("conv1d", "conv1d_kernel_gradient") } else { ("conv", "") };
        let head = Math::word(word).transposed().subscript(Math::word("kernel"));
        form::call(head, operands, Op::from(self.clone()).unsaid(name))
    }

    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
        let functions = [&convolution::CONV2D_KERNEL_GRADIENT, &convolution::GROUPED_CONV_KERNEL_GRADIENT];
        self.convolution.call(functions, operands, [&shapes[0], &shapes[1]])
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    /// A group a row of the result (of each example in turn): the image's entry there, and the gradient.
    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let (factor, upstream): (Vec<&S>, Vec<&S>) = (operands[0].entries().collect(), operands[2].entries().collect());
        let plan = self.convolution.plan(operands[0].extents(), operands[1].extents());
        let place = windows::ravel(operands[1].extents(), entry);
        let mut groups: BTreeMap<usize, Vec<(S, S)>> = BTreeMap::new();
        plan.each(|result, image, kernel| {
            if kernel == place {
                let group = groups.entry(result / plan.columns.count).or_default();
                group.push((factor[image].clone(), upstream[result].clone()));
            }
        });
        Account::Products { groups: groups.into_values().collect(), addend: None }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![Mistake::forward(Mistake::FLIPPED_KERNEL, Conv2dKernelGradient { convolution: self.convolution.turned() })]
    }
}
