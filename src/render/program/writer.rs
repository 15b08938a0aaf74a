//! The names and the expressions of a program.

use crate::answer::Solution;
use crate::graph::{Graph, Kind, NodeId, SymbolName};
use crate::number::Number;
use crate::ops::code::{gather, identifier};
use crate::ops::{Code, Helper};
use crate::shape::Shape;
use crate::tensor::Tensor;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What the template itself calls, and the names of its arguments.
const OWN: [&str; 28] = [
    "agree",
    "agree_slope",
    "along",
    "arrays",
    "at",
    "autograd",
    "backward",
    "call",
    "checks",
    "forward",
    "given",
    "inspect",
    "one_hot",
    "symmetric",
    "diagonal",
    "orthogonal",
    "positive_definite",
    "rows_sum_to_one",
    "loss",
    "main",
    "moved",
    "norm",
    "pick",
    "rng",
    "run",
    "slopes",
    "theta",
    "values",
];
/// In a line; longer matrices get a line a row.
const WIDE: usize = 72;

/// Writes the nodes of one solution.
pub struct Writer<'s> {
    pub solution: &'s Solution,
    graph: &'s Graph,
    /// Every value that has a name of its own: what is given, the lines of the model, the gradients.
    names: BTreeMap<NodeId, String>,
    /// The functions that were called so far, each behind those that it calls.
    helpers: RefCell<Vec<&'static Helper>>,
}

impl<'s> Writer<'s> {
    pub fn new(solution: &'s Solution) -> Writer<'s> {
        let mut writer =
            Writer { solution, graph: &solution.model.graph, names: BTreeMap::new(), helpers: RefCell::default() };
        let graph = writer.graph();
        let mut taken: BTreeSet<String> = OWN.iter().map(|name| (*name).to_string()).collect();
        taken.extend(solution.model.dims.iter().map(|dim| identifier(dim)));
        taken.extend(called(graph).into_iter().map(str::to_string));
        let mut names = BTreeMap::new();
        let mut name = |id: NodeId, wanted: &str| {
            let mut name = identifier(wanted);
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            names.insert(id, name);
        };
        for (_, id) in graph.leaf_nodes() {
            name(id, graph.as_leaf(id).map_or("", |leaf| &leaf.name));
        }
        for id in &solution.model.definitions {
            if let Some(SymbolName::Model(own) | SymbolName::Generated(own)) =
                graph.as_symbol(*id).map(|symbol| &symbol.name)
            {
                name(*id, own);
            }
        }
        let spelled = |id: NodeId| match (graph.as_leaf(id), graph.as_symbol(id).map(|symbol| &symbol.name)) {
            (Some(leaf), _) => leaf.name.clone(),
            (None, Some(SymbolName::Model(own) | SymbolName::Generated(own))) => own.clone(),
            (None, Some(SymbolName::Gradient { .. }) | None) => String::new(),
        };
        for gradients in &solution.gradients {
            for step in &gradients.steps {
                let is_of_another = |other: &crate::differentiate::Gradients| {
                    other.loss != gradients.loss && other.steps.iter().any(|own| own.of == step.of)
                };
                let of = match solution.gradients.iter().any(is_of_another) {
                    true => format!("{}_of_{}", spelled(step.of), spelled(gradients.loss)),
                    false => spelled(step.of),
                };
                name(step.gradient, &format!("d{of}"));
            }
        }
        writer.names = names;
        writer
    }

    /// Writes a graph of its own with the same leaves: the gradients of some of the examples.
    pub fn beside(&self, graph: &'s Graph, roots: &[NodeId]) -> Writer<'s> {
        let known: BTreeMap<&str, &str> = self
            .names
            .iter()
            .filter_map(|(id, name)| Some((self.graph.as_leaf(*id)?.name.as_str(), name.as_str())))
            .collect();
        let mut names: BTreeMap<NodeId, String> = BTreeMap::new();
        let needed = graph.needed(roots);
        for id in graph.ids().filter(|id| needed[id.place()]) {
            let name = match (graph.as_leaf(id), graph.as_symbol(id).map(|symbol| &symbol.name)) {
                (Some(leaf), _) => known.get(leaf.name.as_str()).map(|name| (*name).to_string()),
                (None, Some(SymbolName::Model(own) | SymbolName::Generated(own))) => Some(identifier(own)),
                (None, Some(SymbolName::Gradient { of, .. })) => names.get(of).map(|of| format!("d{of}")),
                (None, None) => None,
            };
            names.extend(name.map(|name| (id, name)));
        }
        Writer { solution: self.solution, graph, names, helpers: RefCell::default() }
    }

    /// All symbols that have a name.
    pub fn symbols(&self) -> Vec<NodeId> {
        self.names.keys().copied().filter(|id| self.graph.as_symbol(*id).is_some()).collect()
    }

    pub fn graph(&self) -> &'s Graph {
        self.graph
    }

    /// Takes over the functions that another has called.
    pub fn join(&self, other: &Writer) {
        let mut helpers = self.helpers.borrow_mut();
        other.helpers().into_iter().for_each(|helper| gather(helper, &mut helpers));
    }

    /// The name of a value that has one.
    pub fn name(&self, id: NodeId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    pub fn names_of(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<String> {
        ids.into_iter().filter_map(|id| self.name(id).map(str::to_string)).collect()
    }

    /// The functions that were called so far.
    pub fn helpers(&self) -> Vec<&'static Helper> {
        self.helpers.borrow().clone()
    }

    /// An expression, down to where a name stands.
    pub fn code(&self, id: NodeId) -> String {
        match self.name(id) {
            Some(name) => name.to_string(),
            None => self.written(id),
        }
    }

    /// What a name stands for.
    pub fn definition(&self, symbol: NodeId) -> String {
        self.code(self.defined(symbol))
    }

    fn defined(&self, id: NodeId) -> NodeId {
        self.graph().as_symbol(id).map_or(id, |symbol| symbol.definition)
    }

    /// The named values in an expression, in the order of the program.
    pub fn used(&self, roots: &[NodeId]) -> Vec<NodeId> {
        let mut found = BTreeSet::new();
        for id in self.inside(roots) {
            if self.names.contains_key(&id) {
                found.insert(id);
            }
        }
        found.into_iter().collect()
    }

    /// The nodes of expressions down to named ones, operands first.
    fn inside(&self, roots: &[NodeId]) -> BTreeSet<NodeId> {
        let (mut seen, mut waiting) = (BTreeSet::new(), roots.to_vec());
        while let Some(id) = waiting.pop() {
            if seen.insert(id) && !self.names.contains_key(&id) {
                waiting.extend(self.graph().operands(id));
            }
        }
        seen
    }

    /// The values in the definition of a name.
    pub fn used_by(&self, symbol: NodeId) -> Vec<NodeId> {
        self.used(&[self.defined(symbol)])
    }

    fn written(&self, root: NodeId) -> String {
        let graph = self.graph();
        let mut codes: BTreeMap<NodeId, Code> = BTreeMap::new();
        for id in self.inside(&[root]) {
            let code = match (self.name(id), graph.kind(id)) {
                (Some(name), _) => Code::atom(name),
                (None, Kind::Leaf(leaf)) => Code::atom(identifier(&graph.leaf(*leaf).name)),
                (None, Kind::Symbol(symbol)) => {
                    codes.get(&graph.symbol(*symbol).definition).cloned().unwrap_or_else(|| Code::integer(0))
                }
                (None, Kind::Number(number)) => Code::number(number),
                (None, Kind::Literal(literal)) => {
                    Code::call("np.array", vec![Code::atom(array(graph.literal(*literal)))], Vec::new())
                }
                (None, Kind::Size(dim)) => Code::size(dim),
                (None, Kind::Ones(shape)) => Code::call("np.ones", vec![Code::shape(shape)], Vec::new()),
                (None, Kind::Apply(op, operands)) => {
                    let shapes: Vec<Shape> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
                    let operands = operands.iter().filter_map(|operand| codes.get(operand).cloned()).collect();
                    op.code(operands, &shapes)
                }
            };
            codes.insert(id, code);
        }
        let code = codes.remove(&root).unwrap_or_else(|| Code::integer(0));
        let mut helpers = self.helpers.borrow_mut();
        code.helpers().into_iter().for_each(|helper| gather(helper, &mut helpers));
        code.text().to_string()
    }

    /// A shape as a comment says it: `N x H`; nothing for a number.
    pub fn shape(&self, id: NodeId) -> String {
        let sides: Vec<String> =
            self.graph().shape(id).0.iter().map(|side| crate::ops::Code::size(side).text().to_string()).collect();
        sides.join(" x ")
    }
}

/// The functions that the operators of a graph can call.
fn called(graph: &Graph) -> BTreeSet<&'static str> {
    let helpers = graph.ids().filter_map(|id| graph.as_apply(id)).flat_map(|(op, operands)| {
        let shapes: Vec<Shape> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
        op.code(operands.iter().map(|_| Code::atom("A")).collect(), &shapes).helpers()
    });
    helpers.map(|helper| helper.name).collect()
}

/// Numbers as Python's lists.
pub fn array(value: &Tensor<Number>) -> String {
    let flat: Vec<String> = value.entries().map(|entry| Code::number(entry).text().to_string()).collect();
    nested(&flat, value.extents(), 0)
}

fn nested(flat: &[String], extents: &[usize], depth: usize) -> String {
    let Some((_, inner)) = extents.split_first() else { return flat.first().cloned().unwrap_or_default() };
    if inner.is_empty() {
        return format!("[{}]", flat.join(", "));
    }
    let length = inner.iter().product::<usize>().max(1);
    let rows: Vec<String> = flat.chunks(length).map(|part| nested(part, inner, depth + 1)).collect();
    let line = rows.join(", ");
    let between = match line.len() > WIDE || line.contains('\n') {
        true => format!(",\n{}", " ".repeat(9 + depth)),
        false => ", ".to_string(),
    };
    format!("[{}]", rows.join(&between))
}
