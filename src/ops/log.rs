//! `log(A)`: the logarithm of each entry.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Log {
    /// `None` is the natural logarithm.
    pub base: Option<u32>,
}

pub static LOGARITHM: Law = Law {
    name: "logarithm",
    title: "Logarithm",
    proof: Maths {
        latex: r"\frac{\mathrm d}{\mathrm da}\ln a=\frac1a\text{; to the base }b\text{ it is divided by }\ln b",
        text: "d/da ln a = 1/a; to the base b it is divided by ln b",
    },
};

pub static LOG_SIGMOID: Law = Law {
    name: "log-sigmoid",
    title: "Sigmoid, then logarithm",
    proof: Maths {
        latex: r"p=\sigma(a)\text{ has }\frac{\mathrm dp}{\mathrm da}=p(1-p)\text{, so }\frac{\mathrm d}{\mathrm da}\ln p=\frac{p(1-p)}p=1-p",
        text: "p = σ(a) has dp/da = p(1 − p), so d/da ln p = p(1 − p)/p = 1 − p",
    },
};

impl Log {
    pub fn natural() -> Log {
        Log { base: None }
    }
}

impl Operator for Log {
    const REFERENCE: Reference = Reference {
        name: "log",
        aliases: &["ln"],
        signature: "log(A), log(A, base = 10)",
        summary: "logarithm, entry by entry",
        definition: Maths { latex: r"\ln(A)_{ij}=\ln A_{ij}", text: "ln(A)ᵢⱼ = ln Aᵢⱼ" },
        conventions: &["natural; `base` takes another whole number"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Logarithm",
        acts: Acts::EachEntry,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Log, OptionError> {
        let base = options.size("base", 0, 2)?;
        Ok(Log { base: u32::try_from(base).ok().filter(|base| *base > 0) })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.base.map(|base| ("base", base.to_string())).into_iter().collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::map(operands[0], |entry| match self.base {
            Some(_) if entry.is_exact() && entry.is_one() => Ok(S::zero()),
            Some(_) if !entry.is_positive() => S::undefined(NumberError::Domain),
            Some(2) => entry.transcendental(Function::Log2),
            Some(10) => entry.transcendental(Function::Log10),
            Some(base) => {
                entry.transcendental(Function::Ln)?.checked_div(&S::from_integer(base.into()).transcendental(Function::Ln)?)
            }
            None => elementwise::logarithm(entry),
        })
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let term = match self.base {
            None => Term::Upstream.over(Term::Operand(0)),
            Some(base) => {
                let scale = Term::Apply(Log::natural().into(), vec![Term::Number(Number::integer(base.into()))]);
                Term::Upstream.over(scale.scale(Term::Operand(0)))
            }
        };
        vec![Rule { term, law: &LOGARITHM }]
    }

    fn fusions(&self, operands: &[Shape]) -> Vec<Fusion> {
        if self.base.is_some() {
            return Vec::new();
        }
        let fusion =
            |inner: Op, term: Term, law: &'static Law| Fusion { operand: 0, inner, needs: None, term, law };
        let softmax = |axis: usize| {
            let term = log_softmax::from_probabilities(Term::Operand(0), axis);
            fusion(Softmax { axis }.into(), term, &log_softmax::LOG_SOFTMAX)
        };
        let complement = Term::integer(1).minus(Term::Operand(0));
        let sigmoid = Term::Upstream.times(&operands[0], complement, &operands[0]);
        let axes = 0..operands[0].rank();
        axes.map(softmax).chain([fusion(Sigmoid.into(), sigmoid, &LOG_SIGMOID)]).collect()
    }

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some(match self.base {
            Some(base) => format!("The logarithm is to the base {base}.").into(),
            None => "The logarithm is natural.".into(),
        })
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        let head = match self.base {
            None => Math::Function("ln"),
            Some(base) => Math::Function("log").subscript(Math::number(base)),
        };
        form::call(head, operands, Vec::new())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        match self.base {
            None => code::each_entry("np.log", operands),
            Some(2) => code::each_entry("np.log2", operands),
            Some(10) => code::each_entry("np.log10", operands),
            Some(base) => code::each_entry("np.log", operands).over(Code::call("math.log", vec![Code::integer(base.into())], Vec::new())),
        }
    }

    form::explained_by_its_formula!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        vec![
            Mistake::gradient(Mistake::DERIVATIVE_LEFT_OUT, 0, Term::Upstream),
            Mistake::gradient(Mistake::FUNCTION_FOR_DERIVATIVE, 0, Term::Upstream.times(&operands[0], Term::Output, &operands[0])),
        ]
    }
}
