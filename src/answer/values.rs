//! Values on the way to an answer, and how they came about.

use super::{Answer, Expander, Refusal, Subject, ValueStep, Work, gather};
use crate::graph::{Missing, NodeId, Values};
use crate::number::Number;
use crate::ops::{Account, Op};
use crate::shape::Shape;
use crate::tensor::Tensor;

impl Work<'_> {
    /// The values of those of these lines that some nodes are computed from.
    pub(crate) fn steps_to(&self, nodes: &[NodeId], lines: Vec<NodeId>, values: &Values<Number>) -> Vec<ValueStep> {
        let needed = self.model.graph.needed(nodes);
        let steps = lines.into_iter().filter(|line| needed[line.place()]);
        steps.filter_map(|line| self.value_step(line, values)).collect()
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

    /// Refused where some entry of a gradient does not exist.
    pub(crate) fn exists(&self, task: usize, of: NodeId, loss: NodeId, missing: Vec<Missing>) -> Result<(), Refusal> {
        match missing.is_empty() {
            true => Ok(()),
            false => Err(Refusal::NoGradient { model: Box::new(self.model.clone()), task, of, loss, missing }),
        }
    }

    /// What a node stands for, in terms of the model's own names.
    pub(crate) fn written_out(&mut self, node: NodeId) -> NodeId {
        let graph = &mut self.model.graph;
        let definition = graph.as_symbol(node).map_or(node, |symbol| symbol.definition);
        self.expander.expand(graph, definition)
    }

    /// With deltas written out.
    pub(crate) fn without_deltas(&mut self, node: NodeId) -> NodeId {
        Expander::of_all_deltas().expand(&mut self.model.graph, node)
    }

    pub(crate) fn answered(
        &mut self,
        task: usize,
        subject: Subject,
        form: Option<NodeId>,
        value: Option<Tensor<Number>>,
    ) -> Answer {
        let mut expanded = form.map(|form| self.written_out(form));
        let named = form.zip(expanded).and_then(|(form, written)| self.in_names(&subject, form, written));
        let because = named.map(|(named, because)| {
            expanded = Some(named);
            because
        });
        let shape = form.map_or_else(Shape::scalar, |form| self.model.graph.shape(form).clone());
        Answer { task, subject, form, expanded, because, shape, value, missing: Vec::new(), at: None, points: None }
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
