//! Descents and fits as a program repeats them.

use super::checks::quoted;
use super::data::Binding;
use super::writer::{Writer, array};
use super::{FunctionView, function};
use crate::answer::{DescentResult, FitPart, FitResult, Section};
use crate::model::{Batches, Curve, Family, Method};
use crate::number::Number;
use crate::ops::Code;
use crate::tensor::Tensor;
use serde::Serialize;

/// A longer descent is not repeated.
const LONGEST: usize = 3000;

/// A descent, step by step.
#[derive(Clone, Debug, Serialize)]
pub struct DescentView {
    pub start: Vec<Binding>,
    /// Each parameter and its gradient.
    pub params: Vec<[String; 2]>,

    pub rates: String,
    /// `plain`, `momentum`, `nesterov`, `rmsprop`, `adam`, and its constants.
    pub method: &'static str,
    pub constants: Vec<String>,
    pub decay: Option<String>,
    /// How many steps at most, and how many the key makes.
    pub steps: usize,
    pub made: usize,
    /// The gradients whose norm is looked at, and the bound.
    pub below: Option<(Vec<String>, String)>,
    pub batches: Option<BatchesView>,
    /// Where it ends.
    pub ends: Vec<Binding>,
}

#[derive(Clone, Debug, Serialize)]
pub struct BatchesView {
    pub examples: Vec<String>,
    /// The rows of each step, where they are shuffled; otherwise they come in order.
    pub rows: Option<String>,
    pub size: usize,
    pub count: usize,
    /// The gradients of so many examples: the function of each number, and the code of each parameter's gradient.
    pub functions: Vec<(usize, FunctionView, Vec<String>)>,
}

impl DescentView {
    /// Nothing where it is too long, or has steps that a program does not make.
    pub fn new(writer: &Writer, task: usize, result: &DescentResult) -> Option<DescentView> {
        let (descent, graph) = (&result.descent, writer.graph());
        let last = result.path.rows.last().filter(|row| row.step <= LONGEST)?;
        let named = |id| writer.name(id).map(str::to_string);
        let leaf = |leaf| graph.leaf_nodes().find(|(own, _)| *own == leaf).and_then(|(_, id)| named(id));
        let gradients = writer.solution.gradients.iter().find(|gradients| gradients.loss == descent.loss)?;
        let params: Option<Vec<[String; 2]>> =
            descent.params.iter().map(|param| Some([named(*param)?, named(*gradients.of.get(param)?)?])).collect();
        let params = params?;
        let bound = |(places, bound): &(Vec<usize>, Number)| {
            (places.iter().map(|place| params[*place][1].clone()).collect(), number(bound))
        };
        let batches = match &descent.batches {
            None => None,
            Some(batches) => Some(batched(writer, (task, batches), result, last.step, leaf)?),
        };
        let (method, constants) = method(&descent.rule.method);
        let start = descent.start.iter().map(|(own, value)| Some(Binding { name: leaf(*own)?, code: array(value) }));
        let ends = params.iter().zip(&last.params);
        Some(DescentView {
            start: start.collect::<Option<_>>()?,
            rates: format!("[{}]", descent.rule.rates.iter().map(number).collect::<Vec<_>>().join(", ")),
            method,
            constants: constants.into_iter().map(number).collect(),
            decay: (descent.rule.decay.to_f64() != 0.0).then(|| number(&descent.rule.decay)),
            steps: descent.stop.steps.min(LONGEST),
            made: last.step,
            below: descent.stop.below.as_ref().map(bound),
            batches,
            ends: ends.map(|([name, _], value)| Binding { name: name.clone(), code: array(value) }).collect(),
            params,
        })
    }
}

fn batched(
    writer: &Writer,
    (task, batches): (usize, &Batches),
    result: &DescentResult,
    steps: usize,
    leaf: impl Fn(crate::graph::LeafId) -> Option<String>,
) -> Option<BatchesView> {
    let rows = match batches.seed {
        None => None,
        // A shuffled order is told where every step was kept.
        Some(_) => {
            let of = |step| {
                let rows = result.path.rows.iter().find(|row| row.step == step)?.batch.as_ref()?;
                Some(format!("[{}]", rows.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")))
            };
            Some(format!("[{}]", (0..steps).map(of).collect::<Option<Vec<_>>>()?.join(", ")))
        }
    };
    let examples = batches.examples.iter().map(|own| leaf(*own)).collect::<Option<_>>()?;
    let functions = result.objectives.parts.iter().map(|(size, part)| {
        let own = writer.beside(&part.graph, &part.gradients);
        let made = function(&own, &format!("gradients_{task}_of_{size}"), "", &own.symbols());
        let gradients = part.gradients.iter().map(|gradient| own.code(*gradient)).collect();
        writer.join(&own);
        (*size, made, gradients)
    });
    Some(BatchesView { examples, rows, size: batches.size, count: batches.rows, functions: functions.collect() })
}

fn method(method: &Method) -> (&'static str, Vec<&Number>) {
    match method {
        Method::Plain => ("plain", Vec::new()),
        Method::Momentum { beta } => ("momentum", vec![beta]),
        Method::Nesterov { beta } => ("nesterov", vec![beta]),
        Method::RmsProp { decay, epsilon } => ("rmsprop", vec![decay, epsilon]),
        Method::Adam { beta1, beta2, epsilon } => ("adam", vec![beta1, beta2, epsilon]),
    }
}

fn number(number: &Number) -> String {
    Code::number(number).text().to_string()
}

/// One family's best curve, by least squares.
#[derive(Clone, Debug, Serialize)]
pub struct FitView {
    pub family: String,
    /// The columns of the design matrix over `x`.
    pub columns: Vec<String>,
    pub x: String,
    pub y: String,
    pub held_out: Vec<usize>,
    pub name: String,
    pub coefficients: String,
    pub training: String,
    pub on_held_out: Option<String>,
}

impl FitView {
    pub fn all(writer: &Writer, result: &FitResult, section: &Section) -> Vec<FitView> {
        let view = |(place, fitted): (usize, &crate::fit::Fitted)| {
            let best = fitted.curve.as_ref()?;
            let coefficients = Tensor::from_entries(&[best.coefficients.len()], best.coefficients.clone());
            Some(FitView {
                family: fitted.family.to_string(),
                columns: columns(&fitted.family),
                x: writer.code(result.fit.over),
                y: writer.code(result.fit.of),
                held_out: result.fit.held_out.clone(),
                name: quoted(&FitPart::Coefficients.name(section, place)),
                coefficients: array(&coefficients),
                training: number(&best.training),
                on_held_out: best.held_out.as_ref().map(number),
            })
        };
        result.fitted.iter().enumerate().filter_map(view).collect()
    }
}

fn columns(family: &Family) -> Vec<String> {
    let power = |degree: usize| match degree {
        0 => "np.ones(len(x))".to_string(),
        1 => "x".to_string(),
        _ => format!("x ** {degree}"),
    };
    match family {
        Family::Proportional => vec![power(1)],
        Family::Polynomial(degree) => (0..=*degree).map(power).collect(),
        Family::Curve(curve) => {
            let function = match curve {
                Curve::Cosine => "np.cos(x)",
                Curve::Sine => "np.sin(x)",
                Curve::Exponential => "np.exp(x)",
                Curve::Logarithm => "np.log(x)",
            };
            vec![power(0), function.to_string()]
        }
    }
}
