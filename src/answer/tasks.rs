//! Tasks that ask for values, gradients and shapes.

use super::{Answer, Expander, PointValues, Refusal, Section, Subject, ValueStep, Work, environment, gather};
use crate::graph::{Environment, Missing, NodeId, Values};
use crate::model::{Derivative, Point, Target};
use crate::number::Number;
use crate::ops::{Account, Op};
use crate::second::{SecondForm, Unavailable};
use crate::shape::{Dim, Shape};
use crate::tensor::Tensor;
use crate::verify::{Matrix, Order, Traced, certify, certify_derivative, certify_equal, certify_matrix};

impl Work<'_> {
    pub(super) fn values(&mut self, task: usize, targets: &[Target]) -> Result<Section, Refusal> {
        let nodes: Vec<NodeId> = targets.iter().map(|target| self.node(*target)).collect();
        let environment = Environment::<Number>::given(&self.model.graph);
        let values = self.known_at(&nodes, &environment)?.values;
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

    /// The lines of the model whose values some gradients are computed from.
    fn forward(&self, gradients: &[NodeId], values: &Values<Number>) -> Vec<ValueStep> {
        let needed = self.model.graph.needed(gradients);
        let lines = self.model.lines();
        lines
            .iter()
            .filter(|symbol| needed[symbol.place()])
            .filter_map(|symbol| self.value_step(*symbol, values))
            .collect()
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

    pub(super) fn points(&mut self, task: usize, targets: &[Target], at: &[Point]) -> Result<Section, Refusal> {
        let nodes: Vec<NodeId> = targets.iter().map(|target| self.node(*target)).collect();
        // What is written out has values too, so that numbers can be put in there.
        let written = nodes.iter().map(|node| self.written_out(*node));
        let all: Vec<NodeId> = written.collect::<Vec<_>>().into_iter().chain(nodes.iter().copied()).collect();
        let mut points = Vec::new();
        for point in at {
            let environment = environment::<Number>(&self.model, Some(point));
            let values = self.known_at(&all, &environment)?.values;
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

    pub(super) fn derive(&mut self, task: usize, asked: &[Derivative]) -> Result<Section, Refusal> {
        let mut nodes = Vec::new();
        for derivative in asked {
            let whole = self.gradient(derivative.of, derivative.loss);
            nodes.push(gather::entry(&mut self.model.graph, whole, &derivative.entry).map_err(Refusal::Rule)?);
        }
        let known = self.known(&nodes, &Environment::given(&self.model.graph));
        let forward = self.forward(&nodes, &known.values);
        for (derivative, node) in asked.iter().zip(nodes) {
            let value = known.values.get(node).cloned().or_else(|| known.partial(node));
            let missing = known.missing(node);
            let subject =
                Subject::Gradient { of: derivative.of, loss: derivative.loss, entry: derivative.entry.clone() };
            let answer = self.answered(task, subject, Some(node), value);
            let shape = if derivative.entry.is_empty() { answer.shape.clone() } else { Shape::scalar() };
            self.answers.push(Answer { shape, missing, ..answer });
        }
        let places = self
            .gradients
            .iter()
            .enumerate()
            .filter(|(_, gradients)| asked.iter().any(|derivative| derivative.loss == gradients.loss));
        let gradients = places.map(|(place, _)| place).collect();
        Ok(Section::Gradients { gradients, asked: asked.to_vec(), forward })
    }

    pub(super) fn shapes(&mut self, task: usize, ids: &[NodeId]) -> Section {
        for id in ids {
            let answer = self.answered(task, Subject::Shape(*id), None, None);
            self.answers.push(Answer { shape: self.model.graph.shape(*id).clone(), ..answer });
        }
        let needed = self.model.graph.needed(ids);
        let steps = self.model.definitions.iter().copied().filter(|symbol| needed[symbol.place()]).collect();
        Section::Shapes { steps }
    }

    pub(super) fn entries(&mut self, task: usize, ids: &[NodeId]) -> Section {
        for id in ids {
            let answer = self.answered(task, Subject::Entries(*id), Some(*id), None);
            self.answers.push(answer);
        }
        Section::Entries { of: ids.to_vec() }
    }

    pub(super) fn count(&mut self, task: usize, ids: &[NodeId]) -> Section {
        let parameters: Vec<(NodeId, Dim)> = ids.iter().map(|id| (*id, self.model.graph.shape(*id).size())).collect();
        let total = parameters.iter().fold(Dim::integer(0), |total, (_, size)| total.plus(size));
        let form = self.model.graph.dimension(total.clone());
        let value = total.as_integer().map(|total| Tensor::scalar(Number::integer(total)));
        let answer = self.answered(task, Subject::Count, Some(form), value);
        self.answers.push(answer);
        Section::Count { parameters, total }
    }

    pub(super) fn update(
        &mut self,
        task: usize,
        params: &[NodeId],
        loss: NodeId,
        rate: &Number,
    ) -> Result<Section, Refusal> {
        let mut forms = Vec::new();
        for param in params {
            let gradient = self.gradient(*param, loss);
            forms.push(gather::stepped(&mut self.model.graph, *param, gradient, rate).map_err(Refusal::Rule)?);
        }
        let known = self.known(&forms, &Environment::given(&self.model.graph));
        let forward = self.forward(&forms, &known.values);
        for (param, form) in params.iter().zip(forms) {
            self.exists(task, *param, loss, known.missing(form))?;
            let value = known.values.get(form).cloned();
            let answer = self.answered(task, Subject::Updated(*param), Some(form), value);
            self.answers.push(answer);
        }
        let gradients = self.gradients.iter().position(|gradients| gradients.loss == loss).unwrap_or(0);
        Ok(Section::Update { gradients, parameters: params.to_vec(), rate: rate.clone(), forward })
    }

    /// Refused where some entry of a gradient does not exist.
    pub(super) fn exists(&self, task: usize, of: NodeId, loss: NodeId, missing: Vec<Missing>) -> Result<(), Refusal> {
        match missing.is_empty() {
            true => Ok(()),
            false => Err(Refusal::NoGradient { model: Box::new(self.model.clone()), task, of, loss, missing }),
        }
    }

    pub(super) fn second(
        &mut self,
        task: usize,
        subject: Subject,
        form: Result<SecondForm, Unavailable>,
    ) -> Result<Section, Refusal> {
        let mut form = form.map_err(|reason| Refusal::Second { model: Box::new(self.model.clone()), task, reason })?;
        self.certificate.merge(certify(&self.model, &form.gradients));
        if let Subject::Jacobian { of, .. } = subject {
            let cotangent = self.model.graph.as_leaf(form.cotangent).map(|_| form.cotangent);
            let traced = Traced { gradients: &form.gradients, of, cotangent };
            self.certificate.merge(certify_derivative(&self.model, traced));
        }
        if !form.numeric {
            self.certificate.merge(certify_equal(&self.model, form.product, form.again));
        }
        let asked = match subject {
            Subject::Jacobian { of, wrt, layout } => Some((of, wrt, Order::First(layout))),
            Subject::Hessian { of, wrt } => Some((of, wrt, Order::Second)),
            _ => None,
        };
        if let Some((of, wrt, order)) = asked {
            self.certificate.merge(certify_matrix(&self.model, Matrix { of, wrt, matrix: form.matrix, order }));
        }
        let read_off = form.matrix;
        form.matrix = Expander::of_all_deltas().expand(&mut self.model.graph, read_off);
        form.product = Expander::of_all_deltas().expand(&mut self.model.graph, form.product);
        if read_off != form.matrix {
            self.certificate.merge(certify_equal(&self.model, read_off, form.matrix));
        }
        let environment = Environment::<Number>::given(&self.model.graph);
        let known = self.known(&[form.matrix], &environment);
        let value = known.values.get(form.matrix).cloned().or_else(|| known.partial(form.matrix));
        let missing = known.missing(form.matrix);
        let answer = self.answered(task, subject.clone(), Some(form.matrix).filter(|_| !form.numeric), value);
        let shape = self.model.graph.shape(form.matrix).clone();
        self.answers.push(Answer { shape, missing, ..answer });
        Ok(Section::Second { form, subject })
    }

    pub(super) fn directional(&mut self, task: usize, of: NodeId, wrt: &[NodeId]) -> Result<Section, Refusal> {
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
    pub(crate) fn written_out(&mut self, node: NodeId) -> NodeId {
        let graph = &mut self.model.graph;
        let definition = graph.as_symbol(node).map_or(node, |symbol| symbol.definition);
        self.expander.expand(graph, definition)
    }

    pub(super) fn answered(
        &mut self,
        task: usize,
        subject: Subject,
        form: Option<NodeId>,
        value: Option<Tensor<Number>>,
    ) -> Answer {
        let expanded = form.map(|form| self.written_out(form));
        let shape = form.map_or_else(Shape::scalar, |form| self.model.graph.shape(form).clone());
        Answer { task, subject, form, expanded, shape, value, missing: Vec::new(), at: None, points: None }
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
