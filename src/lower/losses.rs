//! Names of gradients, and the loss that they are gradients of.

use super::Lowerer;
use super::expression::listed;
use super::names::Resolved;
use super::scope::spelling;
use crate::diagnostic::Diagnostic;
use crate::graph::NodeId;
use crate::span::Span;
use crate::syntax::ast::Name;

/// What losses are called, where several lines could be one.
const CALLED: [&str; 6] = ["L", "loss", "Loss", "J", "E", "cost"];
/// How many candidates an error lists.
const LISTED: usize = 8;

impl Lowerer {
    /// The loss that a task names with `of`, or else the problem's; `None` if there is none, which is told.
    pub fn loss(&mut self, of: Option<&Name>, span: Span) -> Option<NodeId> {
        let Some(name) = of else { return self.only_loss(span) };
        let loss = self.value_of(name)?;
        if self.graph.shape(loss).is_single() {
            return Some(loss);
        }
        let shape = self.graph.shape(loss);
        let error = Diagnostic::error("E-loss", format!("`{}` is {shape}, and a loss is a scalar", name.text));
        self.faults.push(error.at(name.span, format!("has shape {shape}")));
        None
    }

    /// The line that gradients are of when no task says: the one scalar; of several the one that nothing else
    /// uses; of several such the one that is called as losses are.
    fn only_loss(&mut self, span: Span) -> Option<NodeId> {
        if let Some(implied) = &self.implied {
            // Without a node it is broken, which is told.
            return self.names.get(implied).copied();
        }
        let scalars: Vec<NodeId> =
            self.definitions.iter().copied().filter(|id| self.graph.shape(*id).is_single()).collect();
        let ends: Vec<NodeId> = scalars.iter().copied().filter(|id| !self.inner.contains(&self.key(*id))).collect();
        let called: Vec<NodeId> = ends.iter().copied().filter(|id| CALLED.contains(&self.key(*id).as_str())).collect();
        let found = [&scalars, &ends, &called].into_iter().find_map(|choice| match choice.as_slice() {
            [only] => Some(*only),
            _ => None,
        });
        match found {
            Some(loss) => {
                let key = self.key(loss);
                self.table.mark_used(&key);
                Some(loss)
            }
            // A line that is broken may have been the loss.
            None if self.broken => None,
            None => {
                let error = self.no_loss(if ends.is_empty() { &scalars } else { &ends }, span);
                self.faults.push(error);
                None
            }
        }
    }

    fn no_loss(&self, choice: &[NodeId], span: Span) -> Diagnostic {
        let names: Vec<String> =
            choice.iter().take(LISTED).map(|id| format!("`{}`", spelling(&self.graph, *id).unwrap_or(""))).collect();
        let Some(first) = names.first() else {
            return Diagnostic::error("E-loss", "there is no loss to derive")
                .at(span, "no line of the model is a scalar")
                .help("a gradient is of a scalar: `L = sum(Y)`");
        };
        let more = (choice.len() > LISTED).then(|| format!("{} more", choice.len() - LISTED));
        let all: Vec<String> = names.iter().cloned().chain(more).collect();
        let bare = first.trim_matches('`');
        let error = Diagnostic::error("E-loss", format!("which of {} is the loss?", listed(&all)));
        let error = error.at(span, "several lines are scalars");
        choice
            .iter()
            .take(LISTED)
            .zip(&names)
            .fold(error, |error, (id, name)| match self.spans.get(id) {
                Some(span) => error.at(*span, format!("{name} is one")),
                None => error,
            })
            .help(format!("say which: `… of {bare}`"))
    }

    fn key(&self, id: NodeId) -> String {
        crate::syntax::names::key(spelling(&self.graph, id).unwrap_or(""))
    }

    /// What `dA` is the gradient with respect to; `None` if that is nothing, which is told.
    pub fn gradient_of(&mut self, name: &Name) -> Option<NodeId> {
        let resolved = self.resolve(name, &std::rc::Rc::from([]))?;
        let of = resolved.key.strip_prefix('d').filter(|rest| !rest.is_empty());
        if let Some(rest) = of
            && let Some(entry) = self.table.entries.get(rest)
            && entry.role != super::table::Role::Dim
        {
            self.table.mark_used(rest);
            // Declared and not among the names: broken, which is told.
            return self.names.get(rest).copied();
        }
        let error = self.no_gradient(&resolved, of);
        self.faults.push(error);
        None
    }

    fn no_gradient(&mut self, name: &Resolved, of: Option<&str>) -> Diagnostic {
        let text = &name.text;
        if let Some(known) = self.table.entries.get(&name.key) {
            let message = format!("`{text}` is not the name of a gradient");
            let help = format!("the gradient of `{}` is called `d{}`", known.spelling, known.spelling);
            return Diagnostic::error("E-undefined", message).at(name.span, "not a gradient").help(help);
        }
        let Some(of) = of else {
            let message = format!("`{text}` is not the name of a gradient");
            return Diagnostic::error("E-undefined", message)
                .at(name.span, "not a gradient")
                .help("the gradient of `A` is called `dA`");
        };
        let error = Diagnostic::error("E-undefined", format!("`{text}` is not defined: there is no `{of}`"));
        let error = error.at(name.span, "the gradient of nothing");
        match self.faults.meant(of, self.scope.spellings()) {
            Some(meant) => error.help(format!("did you mean `d{meant}`?")),
            None => error,
        }
    }
}
