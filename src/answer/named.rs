//! A written-out gradient in the names of the model's lines, with what is used of them: the textbook's form.

use super::told::{Formula, Hole, Say};
use super::{Expander, Subject, Work};
use crate::algebra::in_names;
use crate::graph::{Graph, NodeId, SymbolName};
use crate::math::Relation;
use crate::ops::Op;
use crate::simplify::{CENTRED, Memo, simplest, simplify};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Longer forms are left as they are.
const LONGEST: usize = 120;
/// A model of more lines names too much to be looked through for each gradient.
const LINES: usize = 60;

impl Work<'_> {
    /// The shorter form of a gradient, defined so and written out, and why it is equal; checked by the certificate.
    pub(super) fn in_names(&mut self, subject: &Subject, defined: NodeId, written: NodeId) -> Option<(NodeId, Say)> {
        let Subject::Gradient { entry, .. } = subject else { return None };
        if !entry.is_empty() || !divides(&self.model.graph, written) {
            return None;
        }
        let lines = self.products();
        let graph = &mut self.model.graph;
        // With the names of intermediate values too, where lines are made of them.
        let forms = [written, Expander::of_deltas().expand(graph, defined)];
        let found = forms.into_iter().filter_map(|form| named(graph, &lines, form));
        let found: Vec<Named> = found.collect();
        let found = found.into_iter().min_by_key(|found| length(graph, found.form))?;
        let (short, long) = (length(graph, found.form), length(graph, written));
        let has_fact = !found.used.is_empty() || !found.centred.is_empty() || found.cancelled;
        if short >= long || !has_fact {
            return None;
        }
        let because = because(graph, &found);
        let form = Expander::of_our_names().expand(graph, found.form);
        self.certify_equal(written, crate::syntax::ast::Relation::Equal, form);
        Some((form, because))
    }

    /// The lines that are a product or a quotient, with their definitions in their best form.
    fn products(&mut self) -> Rc<[(NodeId, NodeId)]> {
        if let Some(known) = &self.products {
            return Rc::clone(known);
        }
        let mut lines = self.model.lines();
        if lines.len() > LINES {
            lines.clear();
        }
        let graph = &mut self.model.graph;
        let mut products = Vec::new();
        for line in lines {
            let Some(definition) = graph.as_symbol(line).map(|symbol| symbol.definition) else { continue };
            if matches!(graph.as_apply(definition), Some((Op::Div(_) | Op::Hadamard(_) | Op::Scale(_), _))) {
                products.push((line, simplest(graph, definition)));
            }
        }
        let products: Rc<[(NodeId, NodeId)]> = products.into();
        self.products = Some(Rc::clone(&products));
        products
    }
}

/// A form in the names of lines.
struct Named {
    form: NodeId,
    /// The lines that were put in, and the sums that vanish.
    used: BTreeSet<NodeId>,
    centred: BTreeSet<NodeId>,
    cancelled: bool,
}

/// Whether a form has a quotient: lines that are worth their names are made of one, and sums vanish below one.
fn divides(graph: &Graph, form: NodeId) -> bool {
    let needed = graph.needed(&[form]);
    let quotient = |id: NodeId| matches!(graph.as_apply(id), Some((Op::Div(_) | Op::Pow(_) | Op::Sqrt(_), _)));
    graph.ids().zip(needed).any(|(id, needed)| needed && quotient(id))
}

fn named(graph: &mut Graph, lines: &[(NodeId, NodeId)], form: NodeId) -> Option<Named> {
    if length(graph, form) >= LONGEST {
        return None;
    }
    let mut named = Named { form, used: BTreeSet::new(), centred: BTreeSet::new(), cancelled: false };
    // A sum that vanishes leaves a factor that all terms share.
    for _ in 0..2 {
        let found = in_names(graph, lines, named.form)?;
        named.used.extend(found.used);
        named.cancelled |= found.cancelled;
        let simple = simplify(graph, found.form, &mut Memo::default());
        let vanishing = simple.uses.iter().filter(|one| one.rewrite.name == CENTRED).map(|one| one.before);
        let before = named.centred.len();
        named.centred.extend(vanishing);
        named.form = if named.centred.len() > before { simple.node } else { found.form };
    }
    Some(named)
}

/// The lines that were put in, and the sums that vanish.
fn because(graph: &mut Graph, found: &Named) -> Say {
    let zero = graph.integer(0);
    let equal = |left: NodeId, right: NodeId| {
        Formula::Related(Box::new(Formula::Node(left)), vec![(Relation::Equal, Formula::Node(right))])
    };
    let line = |id: &NodeId| equal(*id, graph.as_symbol(*id).map_or(*id, |symbol| symbol.definition));
    let used: Vec<Formula> = found.used.iter().map(line).collect();
    let centred: Vec<Formula> = found.centred.iter().map(|sum| equal(*sum, zero)).collect();
    match (used.is_empty(), centred.is_empty()) {
        (true, true) => Say::new("multiplied out, and what stands above and below the fractions cancels"),
        (false, true) => Say::new("because {}").hole(Hole::Formulas(used)),
        (true, false) => Say::new("because {}: what is less its own mean sums to 0").hole(Hole::Formulas(centred)),
        (false, false) => Say::new("because {}, and {}: what is less its own mean sums to 0")
            .hole(Hole::Formulas(used))
            .hole(Hole::Formulas(centred)),
    }
}

/// The operators that are written, up to the longest; as many where a gradient's name is left.
fn length(graph: &Graph, form: NodeId) -> usize {
    let (mut count, mut open) = (0, vec![form]);
    while let Some(id) = open.pop() {
        // A product with one entry is a number as it stands, and a transpose is a mark.
        let is_told = match graph.as_apply(id) {
            Some((Op::Sum(_), [operand])) => !graph.shape(*operand).size().is_one(),
            Some((op, _)) => !matches!(op, Op::Transpose(_)),
            None => false,
        };
        count += usize::from(is_told);
        open.extend(graph.as_apply(id).map_or(&[][..], |(_, operands)| operands));
        let is_delta = graph.as_symbol(id).is_some_and(|symbol| matches!(symbol.name, SymbolName::Gradient { .. }));
        if is_delta || count >= LONGEST {
            return LONGEST;
        }
    }
    count
}
