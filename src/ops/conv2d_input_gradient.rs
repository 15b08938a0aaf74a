//! `conv2d_input_gradient(I, W, dJ)`: the gradient of a convolution with respect to its image.

use super::convolution::Convolution;
use super::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Conv2dInputGradient {
    /// The options of the convolution that was differentiated.
    pub convolution: Convolution,
}

impl Operator for Conv2dInputGradient {
    const REFERENCE: Reference = Reference {
        name: "conv2d_input_gradient",
        aliases: &["conv1d_input_gradient"],
        signature: "conv2d_input_gradient(I, W, dJ, stride = 1, padding = 0 | same | valid, dilation = 1, groups = 1, flip = false)",
        summary: "gradient of `conv2d(I, W)` with respect to its image",
        definition: Maths {
            latex: r"\frac{\partial L}{\partial I_{ab}}=\sum W_{mn}(\delta_J)_{rc}\text{ over all products }W_{mn}I_{ab}\text{ in }J_{rc}",
            text: "∂L/∂I(a,b) = Σ W(m,n) δJ(r,c) over all products W(m,n) I(a,b) in J(r,c)",
        },
        conventions: &[
            "the options are those of the convolution; `dJ` has the shape of `conv2d(I, W)`",
            "of `I` only the size counts",
        ],
        call: Some((3, 3)),
        letters: &["I", "W", "G", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Conv2dInputGradient, OptionError> {
        Ok(Conv2dInputGradient { convolution: Convolution::build(options)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.convolution.options()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let result = self.convolution.shape(&operands[0], &operands[1])?;
        like::expect("conv2d_input_gradient", "conv2d(I, W)", &result, &operands[2])?;
        Ok(operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let plan = self.convolution.plan(operands[0].extents(), operands[1].extents());
        let factors = [operands[2], operands[1]];
        Ok(plan.collect(operands[0].extents(), factors, |result, image, kernel| [image, result, kernel]))
    }

    /// Linear in `W` and in `dJ`: with an image U, ⟨U, result⟩ = ⟨conv2d(U, W), dJ⟩.
    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let (kernel, upstream) = (Term::Operand(1), Term::Operand(2));
        let own = &self.convolution;
        vec![
            like::size_only(),
            Rule { term: own.kernel_gradient(Term::Upstream, kernel.clone(), upstream), law: own.law() },
            Rule { term: own.forward(Term::Upstream, kernel), law: own.law() },
        ]
    }

    form::fused_with_nothing!();

    fn called(&self) -> Option<&'static str> {
        Some(if self.convolution.line { "conv1d_input_gradient" } else { Self::REFERENCE.name })
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        let (word, name) = if self.convolution.line { ("conv1d", "conv1d_input_gradient") } else { ("conv", "") };
        let head = Math::word(word).transposed().subscript(Math::word("image"));
        form::call(head, operands, Op::from(self.clone()).unsaid(name))
    }

    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
        let functions = [&convolution::CONV2D_INPUT_GRADIENT, &convolution::GROUPED_CONV_INPUT_GRADIENT];
        self.convolution.call(functions, operands, [&shapes[0], &shapes[1]])
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    /// A group a kernel row (of each filter in turn): the entry's weight in a result, and the gradient there.
    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let (factor, upstream): (Vec<&S>, Vec<&S>) = (operands[1].entries().collect(), operands[2].entries().collect());
        let plan = self.convolution.plan(operands[0].extents(), operands[1].extents());
        let place = windows::ravel(operands[0].extents(), entry);
        let mut groups: BTreeMap<usize, BTreeMap<usize, (S, S)>> = BTreeMap::new();
        plan.each(|result, image, kernel| {
            if image == place {
                let group = groups.entry(kernel / plan.columns.size).or_default();
                group.insert(result, (factor[kernel].clone(), upstream[result].clone()));
            }
        });
        let groups = groups.into_values().map(|group| group.into_values().collect());
        Account::Products { groups: groups.collect(), addend: None }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![Mistake::forward(Mistake::FLIPPED_KERNEL, Conv2dInputGradient { convolution: self.convolution.turned() })]
    }
}
