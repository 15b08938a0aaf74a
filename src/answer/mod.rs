//! The tasks of a problem to a solution: the answers, the steps that lead to them, and the certificate.

mod expand;
mod fit;
mod gather;
mod learn;
pub mod mistaken;
pub mod plot;
mod points;

use crate::differentiate::{Gradients, RuleError, differentiate};
use crate::graph::{Environment, EvaluationError, NodeId, Values};
use crate::model::{Ask, Derivative, EntryIndex, JacobianLayout, Model, Point, Target};
use crate::naming::name_intermediates;
use crate::number::Number;
use crate::ops::{Account, Op};
use crate::second::{self, SecondForm, Unavailable};
use crate::shape::{Dim, Shape};
use crate::tensor::Tensor;
use crate::verify::{Certificate, certify, certify_equal};
pub use expand::Expander;

pub use fit::FitResult;
pub use learn::{DescentResult, MinimumResult, Unlearnable, converges};
pub use plot::{Plot, Unplottable};

/// A solved problem. Everything that a document shows is in it or in its graph.
#[derive(Clone, Debug)]
pub struct Solution {
    /// The problem with its intermediate values named; its graph also holds the gradients.
    pub model: Model,
    /// The exact value of every node that has one with what is given.
    pub values: Values<Number>,
    /// One for each loss whose gradients were needed.
    pub gradients: Vec<Gradients>,
    /// One for each task, in order.
    pub sections: Vec<Section>,
    /// All asked results, in the order of the tasks.
    pub answers: Vec<Answer>,
    pub certificate: Certificate,
}

/// One asked result.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The task, counted from 1.
    pub task: usize,
    pub subject: Subject,
    /// The result as an expression: in terms of deltas and model names, and written out.
    pub form: Option<NodeId>,
    pub expanded: Option<NodeId>,
    pub shape: Shape,
    pub value: Option<Tensor<Number>>,
    /// Where it was evaluated, if the task said so.
    pub at: Option<Point>,
    /// Its share of the marks.
    pub points: Option<Number>,
}

/// What an answer is the answer to.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    Value(NodeId),
    /// A gradient; `entry` is empty for the whole of it.
    Gradient {
        of: NodeId,
        loss: NodeId,
        entry: Vec<EntryIndex>,
    },
    /// The output shape of a value.
    Shape(NodeId),
    /// A value written out entry by entry.
    Entries(NodeId),
    /// The number of entries of all parameters together.
    Count,
    /// A parameter after one step of descent.
    Updated(NodeId),
    /// A parameter where a descent ended, after so many steps.
    Descended {
        of: NodeId,
        steps: usize,
    },
    /// A parameter where the loss is least.
    Minimum(NodeId),
    /// Of one family of a fit, by its place among them.
    Fit {
        family: usize,
        part: FitPart,
    },
    Jacobian {
        of: NodeId,
        wrt: NodeId,
        layout: JacobianLayout,
    },
    Hessian {
        of: NodeId,
        wrt: NodeId,
    },
    /// The derivative of a scalar along a direction in these.
    Directional {
        of: NodeId,
        wrt: Vec<NodeId>,
    },
}

/// What is known of a family's best curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitPart {
    /// From θ₀ on, as a column.
    Coefficients,
    /// The mean of the squared residuals over the training rows.
    Training,
    /// The same over the rows that are held out.
    HeldOut,
}

/// What a task's part of the document is made of.
#[derive(Clone, Debug)]
pub enum Section {
    /// The values that lead to the targets, each with how it came about.
    Values {
        steps: Vec<ValueStep>,
    },
    /// The targets at each point.
    Points {
        points: Vec<PointValues>,
    },
    /// The gradients of one loss that lead to the asked ones; `gradients` is its place in the solution.
    Gradients {
        gradients: Vec<usize>,
        asked: Vec<Derivative>,
    },
    Graph {
        /// The loss whose gradients are drawn too.
        gradients_of: Option<NodeId>,
    },
    Shapes {
        steps: Vec<NodeId>,
    },
    /// These written out entry by entry.
    Entries {
        of: Vec<NodeId>,
    },
    Count {
        parameters: Vec<(NodeId, Dim)>,
        total: Dim,
    },
    Update {
        gradients: usize,
        parameters: Vec<NodeId>,
        rate: Number,
    },
    /// A matrix of derivatives, read off the product with a cotangent.
    Second {
        form: SecondForm,
        subject: Subject,
    },
    /// The gradients with respect to some parameters, and the directions that they are multiplied by.
    Directional {
        gradients: usize,
        wrt: Vec<NodeId>,
        directions: Vec<NodeId>,
    },
    Plot(Box<Plot>),
    Descent(Box<DescentResult>),
    Minimum(Box<MinimumResult>),
    Fit(Box<FitResult>),
}

/// The values at one point.
#[derive(Clone, Debug)]
pub struct PointValues {
    pub point: Point,
    /// The asked nodes, and the exact values of all that they need.
    pub targets: Vec<(Subject, NodeId)>,
    pub values: Values<Number>,
}

/// One intermediate value and how it came about.
#[derive(Clone, Debug)]
pub struct ValueStep {
    /// The symbol.
    pub symbol: NodeId,
    pub value: Tensor<Number>,
    /// The entries that are explained, by their index from 0.
    pub accounts: Vec<(Vec<usize>, Account<Number>)>,
}

/// An entry that is to be explained: `J[1,2]`, indices from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedEntry {
    pub name: String,
    pub index: Vec<usize>,
}

/// Why there is no solution.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// Something asked for has no value. The model's names are those of the refused problem.
    NoValue(Box<Model>, EvaluationError),
    Rule(RuleError),
    /// A matrix of derivatives that does not exist as a matrix expression; the task, counted from 1.
    Second {
        model: Box<Model>,
        task: usize,
        reason: Unavailable,
    },
    /// A picture that there is not; the task, counted from 1.
    Unplottable {
        model: Box<Model>,
        task: usize,
        reason: Unplottable,
    },
    /// A descent or a minimum that there is not; the task, counted from 1.
    Unlearnable {
        model: Box<Model>,
        task: usize,
        reason: Unlearnable,
    },
    /// A check failed: nothing is printed that was not checked.
    Certificate(Box<Model>, Certificate),
}

/// Solves all tasks of a problem. `explain` names entries to be accounted for beside those that are by default.
pub fn answer(problem: &Model, explain: &[ExplainedEntry]) -> Result<Solution, Refusal> {
    answer_telling(problem, explain, &|_, _| {})
}

/// As [`answer`]; on the way a long descent tells how many steps it has made, and how many it makes at most.
pub fn answer_telling(
    problem: &Model,
    explain: &[ExplainedEntry],
    progress: &dyn Fn(usize, usize),
) -> Result<Solution, Refusal> {
    let mut model = name_intermediates(problem);
    let mut gradients = Vec::new();
    for (loss, wanted) in gather::losses(&model) {
        gradients.push(differentiate(&mut model, loss, &wanted).map_err(Refusal::Rule)?);
    }
    let mut certificate = Certificate::new();
    for gradients in &gradients {
        certificate.merge(certify(&model, gradients));
    }
    let expander = Expander::of_our_names();
    let mut work = Work { model, gradients, explain, progress, answers: Vec::new(), certificate, expander };
    let sections = work.sections()?;
    let Work { model, gradients, mut answers, mut certificate, .. } = work;
    points::share(&model, &mut answers);
    recompute(&model, &answers, &mut certificate);
    if !certificate.passed {
        return Err(Refusal::Certificate(Box::new(model), certificate));
    }
    let all: Vec<NodeId> = model.graph.ids().collect();
    let values = model.graph.evaluate_partly(&all, &Environment::given(&model.graph));
    Ok(Solution { model, values, gradients, sections, answers, certificate })
}

/// Each numeric answer again in doubles: another road than exact arithmetic. Answers at one point share one pass.
fn recompute(model: &Model, answers: &[Answer], certificate: &mut Certificate) {
    for at_one_point in answers.chunk_by(|one, next| one.at == next.at) {
        let numeric = at_one_point.iter().filter_map(|answer| Some((answer.form?, answer.value.as_ref()?)));
        let forms: Vec<NodeId> = numeric.clone().map(|(form, _)| form).collect();
        let environment = environment(model, at_one_point[0].at.as_ref());
        let values = model.graph.evaluate_partly::<f64>(&forms, &environment);
        for (form, value) in numeric {
            if let Some(again) = values.get(form) {
                certificate.compare(form, &value.convert(), again);
            }
        }
    }
}

fn environment<S: crate::scalar::Scalar>(model: &Model, point: Option<&Point>) -> Environment<S> {
    let mut environment = Environment::given(&model.graph);
    for (leaf, value) in point.into_iter().flatten() {
        environment.set(*leaf, value.convert());
    }
    environment
}

struct Work<'a> {
    model: Model,
    gradients: Vec<Gradients>,
    explain: &'a [ExplainedEntry],
    progress: &'a dyn Fn(usize, usize),
    answers: Vec<Answer>,
    certificate: Certificate,
    expander: Expander,
}

impl Work<'_> {
    fn sections(&mut self) -> Result<Vec<Section>, Refusal> {
        let tasks = self.model.tasks.clone();
        let mut done: Vec<Option<Section>> = vec![None; tasks.len()];
        // Pictures come last: they show descents and minima.
        let (pictures, others): (Vec<usize>, Vec<usize>) =
            (0..tasks.len()).partition(|place| matches!(tasks[*place].ask, Ask::Plot(_)));
        for place in others.into_iter().chain(pictures) {
            done[place] = Some(self.section(place + 1, &tasks[place].ask, &done)?);
        }
        Ok(done.into_iter().flatten().collect())
    }

    fn section(&mut self, task: usize, ask: &Ask, done: &[Option<Section>]) -> Result<Section, Refusal> {
        match ask {
            Ask::Compute { targets, at } if at.is_empty() => self.values(task, targets),
            Ask::Compute { targets, at } => self.points(task, targets, at),
            Ask::Derive(asked) => self.derive(task, asked),
            Ask::DrawGraph { gradients_of } => Ok(Section::Graph { gradients_of: *gradients_of }),
            Ask::Plot(plot) => self.plot(task, plot, done),
            Ask::Shapes(ids) => Ok(self.shapes(task, ids)),
            Ask::Entries(ids) => Ok(self.entries(task, ids)),
            Ask::CountParams(ids) => Ok(self.count(task, ids)),
            Ask::Descend(descent) => self.descend(task, descent),
            Ask::Fit(fit) => self.fit(task, fit),
            Ask::Minimize { loss, params } => self.minimize(task, *loss, params),
            Ask::Update { params, loss, rate } => self.update(task, params, *loss, rate),
            Ask::Jacobian { of, wrt, layout } => {
                let subject = Subject::Jacobian { of: *of, wrt: *wrt, layout: *layout };
                let form = second::jacobian(&mut self.model, *of, *wrt, *layout);
                self.second(task, subject, form)
            }
            Ask::Hessian { of, wrt } => {
                let subject = Subject::Hessian { of: *of, wrt: *wrt };
                let gradient = self.gradient(*wrt, *of);
                let form = second::hessian(&mut self.model, gradient, *wrt);
                self.second(task, subject, form)
            }
            Ask::Directional { of, wrt } => self.directional(task, *of, wrt),
        }
    }

    fn no_value(&self, error: EvaluationError) -> Refusal {
        Refusal::NoValue(Box::new(self.model.clone()), error)
    }

    /// The node whose value a target is; a gradient that does not exist is zero.
    fn node(&mut self, target: Target) -> NodeId {
        match target {
            Target::Value(id) => id,
            Target::Gradient { of, loss } => self.gradient(of, loss),
        }
    }

    fn gradient(&mut self, of: NodeId, loss: NodeId) -> NodeId {
        let found = self.gradients.iter().find(|gradients| gradients.loss == loss);
        match found.and_then(|gradients| gradients.of.get(&of)) {
            Some(gradient) => *gradient,
            None if of == loss => {
                let shape = self.model.graph.shape(of).clone();
                self.model.graph.ones(shape)
            }
            None => gather::zero(&mut self.model.graph, of),
        }
    }

    fn values(&mut self, task: usize, targets: &[Target]) -> Result<Section, Refusal> {
        let nodes: Vec<NodeId> = targets.iter().map(|target| self.node(*target)).collect();
        let environment = Environment::<Number>::given(&self.model.graph);
        let values = self.model.graph.evaluate(&nodes, &environment).map_err(|error| self.no_value(error))?;
        for (target, node) in targets.iter().zip(&nodes) {
            let value = values.get(*node).cloned();
            let answer = self.answered(task, subject(*target), Some(*node), value);
            self.answers.push(answer);
        }
        let needed = self.model.graph.needed(&nodes);
        let symbols = self.model.definitions.iter().filter(|symbol| needed[symbol.place()]);
        let steps = symbols.filter_map(|symbol| self.value_step(*symbol, &values)).collect();
        Ok(Section::Values { steps })
    }

    fn value_step(&self, symbol: NodeId, values: &Values<Number>) -> Option<ValueStep> {
        let value = values.get(symbol)?.clone();
        let definition = self.model.graph.as_symbol(symbol)?.definition;
        let accounts = match self.model.graph.as_apply(definition) {
            Some((op, _)) => {
                let told = self.layer_product(definition).and_then(|product| self.model.graph.as_apply(product));
                let (shown, _) = told.unwrap_or((op, &[]));
                let entries = gather::explained(&self.model, self.explain, symbol, shown, &value);
                let accounts = entries.into_iter().map(|entry| {
                    let account = self.account(definition, &entry, values)?;
                    Some((entry, account))
                });
                accounts.collect::<Option<_>>()?
            }
            None => Vec::new(),
        };
        Some(ValueStep { symbol, value, accounts })
    }

    /// How an entry came about: of a layer `S W + b`, the products and then the bias.
    fn account(&self, definition: NodeId, entry: &[usize], values: &Values<Number>) -> Option<Account<Number>> {
        let (op, operands) = self.model.graph.as_apply(definition)?;
        if let Some(product) = self.layer_product(definition) {
            let bias = values.get(operands[1])?;
            let bias = if bias.rank() == 0 { bias.first() } else { bias.repeated_at(entry) };
            return Some(match self.account(product, entry, values)? {
                Account::Products { groups, .. } => Account::Products { groups, addend: Some(bias.clone()) },
                other => other,
            });
        }
        let operands: Vec<&Tensor<Number>> =
            operands.iter().map(|operand| values.get(*operand)).collect::<Option<_>>()?;
        Some(op.account(&operands, entry))
    }

    /// The matrix product in `S W + b`.
    fn layer_product(&self, definition: NodeId) -> Option<NodeId> {
        let (Op::Add(_), [product, _]) = self.model.graph.as_apply(definition)? else { return None };
        matches!(self.model.graph.as_apply(*product), Some((Op::MatMul(_), _))).then_some(*product)
    }

    fn points(&mut self, task: usize, targets: &[Target], at: &[Point]) -> Result<Section, Refusal> {
        let nodes: Vec<NodeId> = targets.iter().map(|target| self.node(*target)).collect();
        // What is written out has values too, so that numbers can be put in there.
        let written = nodes.iter().map(|node| self.written_out(*node));
        let all: Vec<NodeId> = written.collect::<Vec<_>>().into_iter().chain(nodes.iter().copied()).collect();
        let mut points = Vec::new();
        for point in at {
            let environment = environment::<Number>(&self.model, Some(point));
            let values = self.model.graph.evaluate(&all, &environment).map_err(|error| self.no_value(error))?;
            for (target, node) in targets.iter().zip(&nodes) {
                let value = values.get(*node).cloned();
                let answer = self.answered(task, subject(*target), Some(*node), value);
                self.answers.push(Answer { at: Some(point.clone()), ..answer });
            }
            let targets = targets.iter().map(|target| subject(*target)).zip(nodes.iter().copied()).collect();
            points.push(PointValues { point: point.clone(), targets, values });
        }
        Ok(Section::Points { points })
    }

    fn derive(&mut self, task: usize, asked: &[Derivative]) -> Result<Section, Refusal> {
        let mut nodes = Vec::new();
        for derivative in asked {
            let whole = self.gradient(derivative.of, derivative.loss);
            nodes.push(gather::entry(&mut self.model.graph, whole, &derivative.entry).map_err(Refusal::Rule)?);
        }
        let values = self.model.graph.evaluate_partly(&nodes, &Environment::given(&self.model.graph));
        for (derivative, node) in asked.iter().zip(nodes) {
            let value = values.get(node).cloned();
            let subject =
                Subject::Gradient { of: derivative.of, loss: derivative.loss, entry: derivative.entry.clone() };
            let answer = self.answered(task, subject, Some(node), value);
            let shape = if derivative.entry.is_empty() { answer.shape.clone() } else { Shape::scalar() };
            self.answers.push(Answer { shape, ..answer });
        }
        let places = self
            .gradients
            .iter()
            .enumerate()
            .filter(|(_, gradients)| asked.iter().any(|derivative| derivative.loss == gradients.loss));
        Ok(Section::Gradients { gradients: places.map(|(place, _)| place).collect(), asked: asked.to_vec() })
    }

    fn shapes(&mut self, task: usize, ids: &[NodeId]) -> Section {
        for id in ids {
            let answer = self.answered(task, Subject::Shape(*id), None, None);
            self.answers.push(Answer { shape: self.model.graph.shape(*id).clone(), ..answer });
        }
        let needed = self.model.graph.needed(ids);
        let steps = self.model.definitions.iter().copied().filter(|symbol| needed[symbol.place()]).collect();
        Section::Shapes { steps }
    }

    fn entries(&mut self, task: usize, ids: &[NodeId]) -> Section {
        for id in ids {
            let answer = self.answered(task, Subject::Entries(*id), Some(*id), None);
            self.answers.push(answer);
        }
        Section::Entries { of: ids.to_vec() }
    }

    fn count(&mut self, task: usize, ids: &[NodeId]) -> Section {
        let parameters: Vec<(NodeId, Dim)> = ids.iter().map(|id| (*id, self.model.graph.shape(*id).size())).collect();
        let total = parameters.iter().fold(Dim::integer(0), |total, (_, size)| total.plus(size));
        let form = self.model.graph.dimension(total.clone());
        let value = total.as_integer().map(|total| Tensor::scalar(Number::integer(total)));
        let answer = self.answered(task, Subject::Count, Some(form), value);
        self.answers.push(answer);
        Section::Count { parameters, total }
    }

    fn update(&mut self, task: usize, params: &[NodeId], loss: NodeId, rate: &Number) -> Result<Section, Refusal> {
        let mut forms = Vec::new();
        for param in params {
            let gradient = self.gradient(*param, loss);
            forms.push(gather::stepped(&mut self.model.graph, *param, gradient, rate).map_err(Refusal::Rule)?);
        }
        let values = self.model.graph.evaluate_partly(&forms, &Environment::given(&self.model.graph));
        for (param, form) in params.iter().zip(forms) {
            let value = values.get(form).cloned();
            let answer = self.answered(task, Subject::Updated(*param), Some(form), value);
            self.answers.push(answer);
        }
        let gradients = self.gradients.iter().position(|gradients| gradients.loss == loss).unwrap_or(0);
        Ok(Section::Update { gradients, parameters: params.to_vec(), rate: rate.clone() })
    }

    fn second(
        &mut self,
        task: usize,
        subject: Subject,
        form: Result<SecondForm, Unavailable>,
    ) -> Result<Section, Refusal> {
        let mut form = form.map_err(|reason| Refusal::Second { model: Box::new(self.model.clone()), task, reason })?;
        self.certificate.merge(certify(&self.model, &form.gradients));
        self.certificate.merge(certify_equal(&self.model, form.product, form.again));
        let read_off = form.matrix;
        form.matrix = Expander::of_deltas().expand(&mut self.model.graph, read_off);
        if read_off != form.matrix {
            self.certificate.merge(certify_equal(&self.model, read_off, form.matrix));
        }
        let environment = Environment::<Number>::given(&self.model.graph);
        let value = self.model.graph.evaluate_partly(&[form.matrix], &environment).get(form.matrix).cloned();
        let answer = self.answered(task, subject.clone(), Some(form.matrix), value);
        self.answers.push(answer);
        Ok(Section::Second { form, subject })
    }

    fn directional(&mut self, task: usize, of: NodeId, wrt: &[NodeId]) -> Result<Section, Refusal> {
        let mut directions = Vec::new();
        for id in wrt {
            directions.push((self.gradient(*id, of), gather::direction(&mut self.model.graph, *id)));
        }
        let form = gather::along(&mut self.model.graph, &directions).map_err(Refusal::Rule)?;
        let answer = self.answered(task, Subject::Directional { of, wrt: wrt.to_vec() }, Some(form), None);
        self.answers.push(answer);
        let gradients = self.gradients.iter().position(|gradients| gradients.loss == of).unwrap_or(0);
        let directions = directions.into_iter().map(|(_, direction)| direction).collect();
        Ok(Section::Directional { gradients, wrt: wrt.to_vec(), directions })
    }

    /// What a node stands for, in terms of the model's own names.
    fn written_out(&mut self, node: NodeId) -> NodeId {
        let graph = &mut self.model.graph;
        let definition = graph.as_symbol(node).map_or(node, |symbol| symbol.definition);
        self.expander.expand(graph, definition)
    }

    fn answered(
        &mut self,
        task: usize,
        subject: Subject,
        form: Option<NodeId>,
        value: Option<Tensor<Number>>,
    ) -> Answer {
        let expanded = form.map(|form| self.written_out(form));
        let shape = form.map_or_else(Shape::scalar, |form| self.model.graph.shape(form).clone());
        Answer { task, subject, form, expanded, shape, value, at: None, points: None }
    }
}

fn subject(target: Target) -> Subject {
    match target {
        Target::Value(id) => Subject::Value(id),
        Target::Gradient { of, loss } => Subject::Gradient { of, loss, entry: Vec::new() },
    }
}

/// Whether a value is explained entry by entry in a table.
pub fn is_tabulated(op: &Op) -> bool {
    use crate::ops::Exhibit;
    match op.exhibit() {
        Exhibit::EntryTable | Exhibit::Windows => true,
        Exhibit::Value | Exhibit::FirstEntry | Exhibit::Cut => false,
    }
}
