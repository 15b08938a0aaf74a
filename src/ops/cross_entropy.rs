//! `ce(P, T)`: the cross-entropy of predicted probabilities against target probabilities.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CrossEntropy {
    /// The axis of the classes: 1 is within each row.
    pub axis: usize,
    /// Divided by the number of examples.
    pub mean: bool,
}

pub static CROSS_ENTROPY: Law = Law {
    name: "cross-entropy",
    title: "Cross-entropy",
    proof: Maths {
        latex: r"\frac{\partial}{\partial P_{ik}}\Bigl(-\sum_{jm}T_{jm}\ln P_{jm}\Bigr)=-\frac{T_{ik}}{P_{ik}}",
        text: "∂/∂Pᵢₖ (−Σ T ln P) = −Tᵢₖ/Pᵢₖ",
    },
};

pub static SOFTMAX_CROSS_ENTROPY: Law = Law {
    name: "softmax-cross-entropy",
    title: "Softmax, then cross-entropy",
    proof: Maths {
        latex: r"\text{for one example with target }t\text{ the loss is }\ell=-\sum_kt_k\ln p_k=\Bigl(\sum_kt_k\Bigr)\ln\sum_me^{a_m}-\sum_kt_ka_k\text{; here }\textstyle\sum_kt_k=1\text{ is used, so }\frac{\partial\ell}{\partial a_k}=p_k-t_k",
        text: "for one example with target t the loss is ℓ = −Σₖ tₖ ln pₖ = (Σₖ tₖ) ln Σₘ e^aₘ − Σₖ tₖaₖ; here Σₖ tₖ = 1 is used, so ∂ℓ/∂aₖ = pₖ − tₖ",
    },
};

/// The same, from the derivatives of softmax by cases: what a derivation with all its steps shows.
pub static SOFTMAX_CROSS_ENTROPY_BY_CASES: Law = Law {
    name: "softmax-cross-entropy",
    title: "Softmax, then cross-entropy",
    proof: Maths {
        latex: r"\frac{\partial\ell}{\partial p_k}=-\frac{t_k}{p_k}\text{ and }\frac{\partial p_k}{\partial a_i}=\begin{cases}p_i(1-p_i)&\text{if }i=k\cr -p_ip_k&\text{otherwise}\end{cases}\text{, so }\frac{\partial\ell}{\partial a_i}=\sum_k\frac{\partial p_k}{\partial a_i}\frac{\partial\ell}{\partial p_k}=-t_i(1-p_i)+\sum_{k\ne i}t_kp_i=p_i\sum_kt_k-t_i=p_i-t_i\text{, where the last step uses }\textstyle\sum_kt_k=1",
        text: "∂ℓ/∂pₖ = −tₖ/pₖ and ∂pₖ/∂aᵢ = pᵢ(1 − pᵢ) if i = k, −pᵢpₖ otherwise, so ∂ℓ/∂aᵢ = Σₖ (∂pₖ/∂aᵢ)(∂ℓ/∂pₖ) = −tᵢ(1 − pᵢ) + Σ_{k≠i} tₖpᵢ = pᵢ Σₖ tₖ − tᵢ = pᵢ − tᵢ, where the last step uses Σₖ tₖ = 1",
    },
};

pub static SOFTMAX_WEIGHTED_CROSS_ENTROPY: Law = Law {
    name: "softmax-cross-entropy-weighted",
    title: "Softmax, then cross-entropy with any target",
    proof: Maths {
        latex: r"\ell=-\sum_kt_k\ln p_k=\Bigl(\sum_kt_k\Bigr)\ln\sum_me^{a_m}-\sum_kt_ka_k\text{, so }\frac{\partial\ell}{\partial a_k}=p_k\sum_mt_m-t_k",
        text: "ℓ = −Σₖ tₖ ln pₖ = (Σₖ tₖ) ln Σₘ e^aₘ − Σₖ tₖaₖ, so ∂ℓ/∂aₖ = pₖ Σₘ tₘ − tₖ",
    },
};

impl CrossEntropy {
    /// The gradient with respect to the loss, divided by the number of examples if the loss is a mean.
    fn share(&self, operands: &[Shape]) -> Term {
        match self.mean {
            true => Term::Upstream.over(Term::Size(self.examples(&operands[0]))),
            false => Term::Upstream,
        }
    }

    fn examples(&self, shape: &Shape) -> Dim {
        reduce::shape("ce", Some(self.axis), shape).unwrap_or_default().size()
    }
}

pub static TIMES_LOG: Helper = Helper {
    name: "times_log",
    needs: &[],
    source: r#"
def times_log(T, P):
    """T log P; where T is 0 there is nothing."""
    return np.where(T == 0, 0.0, T * np.log(np.where(T == 0, 1.0, P)))
"#,
};

impl Operator for CrossEntropy {
    const REFERENCE: Reference = Reference {
        name: "ce",
        aliases: &["CE", "cross_entropy"],
        signature: "ce(P, T, reduce = sum | mean, axis = 1)",
        summary: "cross-entropy loss of probabilities P against targets T",
        definition: Maths {
            latex: r"\mathrm{CE}(P,T)=-\sum_{i,k}T_{ik}\ln P_{ik}",
            text: "CE(P, T) = −Σᵢₖ Tᵢₖ ln Pᵢₖ",
        },
        conventions: &[
            "summed over the batch; `reduce = mean` divides by the number of examples",
            "natural logarithm; 0 · ln 0 = 0",
            "the prediction stands first, the target second",
        ],
        call: Some((2, 2)),
        letters: &["P", "T", "L"],
        title: "Cross-entropy",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<CrossEntropy, OptionError> {
        let mean = options.word("reduce", &["sum", "mean"])? == "mean";
        Ok(CrossEntropy { axis: options.axis()?.unwrap_or(options.default_axis), mean })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        let mean = self.mean.then(|| ("reduce", "mean".to_string()));
        let axis = (self.axis != 1).then(|| ("axis", self.axis.to_string()));
        mean.into_iter().chain(axis).collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("ce", Some(self.axis), &operands[0])?;
        match operands[0] == operands[1] {
            true => Ok(Shape::scalar()),
            false => Err(ShapeError::new("`ce` compares probabilities and targets of the same shape")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let terms = elementwise::zip(operands, |p, t| {
            if t.is_zero() { Ok(S::zero()) } else { Ok(t.clone() * elementwise::logarithm(p)?) }
        })?;
        let total = -terms.total();
        if !self.mean {
            return Ok(Tensor::scalar(total));
        }
        let examples = operands[0].size() / operands[0].extents()[self.axis];
        Ok(Tensor::scalar(total.checked_div(&S::from_integer(examples as i64))?))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let (p, t) = (Term::Operand(0), Term::Operand(1));
        let logarithms = Term::Apply(Log::natural().into(), vec![p.clone()]);
        vec![
            Rule { term: self.share(operands).scale(t.over(p)).negated(), law: &CROSS_ENTROPY },
            Rule { term: self.share(operands).scale(logarithms).negated(), law: &CROSS_ENTROPY },
        ]
    }

    fn fusions(&self, operands: &[Shape]) -> Vec<Fusion> {
        let (p, t) = (Term::Operand(0), Term::Operand(1));
        let inner = Op::from(Softmax { axis: self.axis });
        let weighted = p.clone().hadamard(t.clone().sum(Some(self.axis))).minus(t.clone());
        vec![
            Fusion {
                operand: 0,
                inner: inner.clone(),
                needs: Some(Needs::SumsToOne { operand: 1, axis: self.axis }),
                term: self.share(operands).scale(p.minus(t)),
                law: &SOFTMAX_CROSS_ENTROPY,
            },
            Fusion {
                operand: 0,
                inner,
                needs: None,
                term: self.share(operands).scale(weighted),
                law: &SOFTMAX_WEIGHTED_CROSS_ENTROPY,
            },
        ]
    }

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        let reduced = if self.mean { "the mean over the examples" } else { "summed over the examples" };
        Some(format!("The cross-entropy is {reduced}, with the natural logarithm.").into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("CE"), operands, Vec::new())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let [p, t] = code::two(operands);
        let terms = Code::helped(&TIMES_LOG, vec![t, p], Vec::new());
        match self.mean {
            false => Code::folded("np.sum", terms, None).negative(),
            true => {
                let examples = Code::call("np.sum", vec![terms], code::axis(self.axis));
                Code::folded("np.mean", examples, None).negative()
            }
        }
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], _: &[usize]) -> Account<S> {
        let (p, t) = (operands[0], operands[1]);
        let seen = t.entries().cloned().zip(p.entries().cloned()).filter(|(t, _)| !t.is_zero()).collect();
        let divisor = if self.mean { p.size() / p.extents()[self.axis] } else { 1 };
        Account::Logarithms { weighted: seen, divisor }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let right = self.share(operands).scale(Term::Operand(1).over(Term::Operand(0)));
        vec![
            Mistake::gradient(Mistake::SIGN, 0, right),
            Mistake::forward(if self.mean { Mistake::SUM_FOR_MEAN } else { Mistake::MEAN_FOR_SUM }, CrossEntropy { mean: !self.mean, ..*self }),
        ]
    }
}
