//! `bce(P, T)`: the binary cross-entropy of predicted probabilities against targets.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bce {
    /// Divided by the number of entries.
    pub mean: bool,
}

pub static BINARY_CROSS_ENTROPY: Law = Law {
    name: "binary-cross-entropy",
    title: "Binary cross-entropy",
    proof: Maths {
        latex: r"\ell=-t\ln p-(1-t)\ln(1-p)\text{, so }\frac{\partial\ell}{\partial p}=-\frac tp+\frac{1-t}{1-p}=\frac{p-t}{p(1-p)}\text{ and }\frac{\partial\ell}{\partial t}=\ln(1-p)-\ln p",
        text: "ℓ = −t ln p − (1 − t) ln(1 − p), so ∂ℓ/∂p = −t/p + (1 − t)/(1 − p) = (p − t)/(p(1 − p)) and ∂ℓ/∂t = ln(1 − p) − ln p",
    },
};

pub static SIGMOID_BINARY_CROSS_ENTROPY: Law = Law {
    name: "sigmoid-binary-cross-entropy",
    title: "Sigmoid, then binary cross-entropy",
    proof: Maths {
        latex: r"p=\sigma(a)\text{ has }\frac{\mathrm dp}{\mathrm da}=p(1-p)\text{, so }\frac{\partial\ell}{\partial a}=\frac{p-t}{p(1-p)}\,p(1-p)=p-t",
        text: "p = σ(a) has dp/da = p(1 − p), so ∂ℓ/∂a = (p − t)/(p(1 − p)) · p(1 − p) = p − t",
    },
};

impl Bce {
    /// The gradient with respect to the loss, divided by the number of entries if the loss is a mean.
    fn share(&self, operands: &[Shape]) -> Term {
        reduce::share(self.mean, &operands[0])
    }
}

impl Operator for Bce {
    const REFERENCE: Reference = Reference {
        name: "bce",
        aliases: &["BCE", "binary_cross_entropy"],
        signature: "bce(P, T, reduce = sum | mean)",
        summary: "binary cross-entropy loss of probabilities P against targets T",
        definition: Maths {
            latex: r"\mathrm{BCE}(P,T)=-\sum_{ij}\bigl(T_{ij}\ln P_{ij}+(1-T_{ij})\ln(1-P_{ij})\bigr)",
            text: "BCE(P, T) = −Σᵢⱼ (Tᵢⱼ ln Pᵢⱼ + (1 − Tᵢⱼ) ln(1 − Pᵢⱼ))",
        },
        conventions: &[
            "summed over all entries; `reduce = mean` divides by their number",
            "natural logarithm; 0 · ln 0 = 0",
            "the prediction stands first, the target second",
        ],
        call: Some((2, 2)),
        letters: &["P", "T", "L"],
        title: "Binary cross-entropy",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Bce, OptionError> {
        Ok(Bce { mean: options.word("reduce", &["sum", "mean"])? == "mean" })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        if self.mean { vec![("reduce", "mean".to_string())] } else { Vec::new() }
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        match operands[0] == operands[1] {
            true => Ok(Shape::scalar()),
            false => Err(ShapeError::new("`bce` compares probabilities and targets of the same shape")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let part = |weight: S, p: &S| match weight.is_zero() {
            true => Ok(S::zero()),
            false => Ok(weight * elementwise::logarithm(p)?),
        };
        let terms = elementwise::zip(operands, |p, t| {
            let (not_p, not_t) = (S::one() - p.clone(), S::one() - t.clone());
            Ok(-(part(t.clone(), p)? + part(not_t, &not_p)?))
        })?;
        reduce::loss(terms, self.mean)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let (p, t, shape) = (Term::Operand(0), Term::Operand(1), &operands[0]);
        let not_p = Term::integer(1).minus(p.clone());
        let slope = p.clone().minus(t).over(p.clone().times(shape, not_p.clone(), shape));
        let wrt_target = not_p.under(Log::natural()).minus(p.under(Log::natural()));
        vec![
            Rule { term: self.share(operands).scale(slope), law: &BINARY_CROSS_ENTROPY },
            Rule { term: self.share(operands).scale(wrt_target), law: &BINARY_CROSS_ENTROPY },
        ]
    }

    fn fusions(&self, operands: &[Shape]) -> Vec<Fusion> {
        vec![Fusion {
            operand: 0,
            inner: Sigmoid.into(),
            needs: None,
            term: self.share(operands).scale(Term::Operand(0).minus(Term::Operand(1))),
            law: &SIGMOID_BINARY_CROSS_ENTROPY,
        }]
    }

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        let reduced = if self.mean { "the mean over the entries" } else { "summed over the examples" };
        Some(format!("The cross-entropy is {reduced}, with the natural logarithm.").into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("BCE"), operands, Vec::new())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let [p, t] = code::two(operands);
        let rest = |code: &Code| Code::integer(1).minus(code.clone());
        let log = |weight, of| Code::helped(&cross_entropy::TIMES_LOG, vec![weight, of], Vec::new());
        let terms = log(t.clone(), p.clone()).plus(log(rest(&t), rest(&p)));
        Code::folded(if self.mean { "np.mean" } else { "np.sum" }, terms, None).negative()
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], _: &[usize]) -> Account<S> {
        let complement = |entry: &S| S::one() - entry.clone();
        let pairs = operands[1].entries().zip(operands[0].entries());
        let weighted = pairs
            .flat_map(|(t, p)| [(t.clone(), p.clone()), (complement(t), complement(p))])
            .filter(|(weight, _)| !weight.is_zero())
            .collect();
        Account::Logarithms { weighted, divisor: if self.mean { operands[0].size() } else { 1 } }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let (p, t, shape) = (Term::Operand(0), Term::Operand(1), &operands[0]);
        let not_p = Term::integer(1).minus(p.clone());
        let reversed = t.clone().minus(p.clone()).over(p.clone().times(shape, not_p, shape));
        let first_only = t.over(p).negated();
        let name = if self.mean { Mistake::SUM_FOR_MEAN } else { Mistake::MEAN_FOR_SUM };
        vec![
            Mistake::gradient(Mistake::SIGN, 0, self.share(operands).scale(reversed)),
            Mistake::gradient(Mistake::SECOND_TERM_LEFT_OUT, 0, self.share(operands).scale(first_only)),
            Mistake::forward(name, Bce { mean: !self.mean }),
            Mistake::forward(Mistake::SECOND_TERM_LEFT_OUT, CrossEntropy { axis: 1, mean: self.mean }),
        ]
    }
}
