//! Gives names to intermediate values, so that a derivation can speak of them and stays as long as the model.

use crate::graph::{Graph, Kind, NodeId, SymbolName};
use crate::model::{Model, Steps, Target, Task};
use crate::ops::{Op, Term};
use crate::syntax::ast::LeafKind;
use std::collections::BTreeMap;

/// An anonymous expression nested deeper than this gets a name half way, so that no formula grows with the model.
const DEEPEST: usize = 12;

/// The same model with symbols for its intermediate values: every operation with [`Steps::Full`], what a person
/// would name (pre-activations, what is used twice) with [`Steps::Short`].
pub fn name_intermediates(model: &Model) -> Model {
    let chosen = choose(model);
    let mut namer = Namer::new(model);
    let mut graph = Graph::default();
    graph.in_columns = model.graph.in_columns;
    let mut new: Vec<Option<NodeId>> = vec![None; model.graph.size()];
    let mut definitions = Vec::new();
    let mut generated = Vec::new();
    for id in model.graph.ids() {
        let copied = copy(&model.graph, id, &mut graph, &new);
        new[id.place()] = Some(copied);
        if model.graph.as_symbol(id).is_some() {
            definitions.push(copied);
        } else if chosen[id.place()] {
            let name = namer.name(&model.graph, id);
            let symbol = graph.add_symbol(SymbolName::Generated(name.clone()), copied);
            new[id.place()] = Some(symbol);
            definitions.push(symbol);
            generated.push((name, symbol));
        }
    }
    let to_new = |id: &NodeId| new[id.place()].unwrap_or(*id);
    Model {
        names: model.names.iter().map(|(name, id)| (name.clone(), to_new(id))).chain(generated).collect(),
        leaves: model.leaves.iter().map(to_new).collect(),
        tables: model.tables.iter().map(|table| table.iter().map(to_new).collect()).collect(),
        spans: model.spans.iter().map(|(id, span)| (to_new(id), *span)).collect(),
        tasks: model.tasks.iter().map(|task| Task { ask: task.ask.renamed(&to_new), ..task.clone() }).collect(),
        definitions,
        implied: model.implied.as_ref().map(to_new),
        graph,
        ..model.clone()
    }
}

fn copy(from: &Graph, id: NodeId, to: &mut Graph, new: &[Option<NodeId>]) -> NodeId {
    let copied = |id: &NodeId| new[id.place()].expect("operands stand before what uses them");
    match from.kind(id) {
        Kind::Leaf(leaf) => to.add_leaf(from.leaf(*leaf).clone()),
        Kind::Symbol(symbol) => {
            let symbol = from.symbol(*symbol);
            to.add_symbol(symbol.name.clone(), copied(&symbol.definition))
        }
        Kind::Number(number) => to.number(number.clone()),
        Kind::Literal(literal) => to.add_literal(from.literal(*literal).clone()),
        Kind::Size(dim) => to.dimension(dim.clone()),
        Kind::Ones(shape) => to.ones(shape.clone()),
        Kind::Apply(op, operands) => {
            let operands: Vec<NodeId> = operands.iter().map(copied).collect();
            to.apply(op.clone(), &operands).expect("shapes are as they were")
        }
    }
}

/// For every node, whether it gets a name.
fn choose(model: &Model) -> Vec<bool> {
    let graph = &model.graph;
    let facts = Facts::of(model);
    let mut chosen = vec![false; graph.size()];
    let mut depth = vec![0usize; graph.size()];
    let written = graph.needed(&model.lines());
    for id in graph.ids().filter(|id| written[id.place()]) {
        let Some((op, operands)) = graph.as_apply(id) else { continue };
        depth[id.place()] = 1 + operands.iter().map(|operand| depth[operand.place()]).max().unwrap_or(0);
        for (place, operand) in operands.iter().enumerate() {
            chosen[operand.place()] |= facts.nameable(*operand)
                && match model.settings.steps {
                    Steps::Full => true,
                    Steps::Short => {
                        let pre_activation =
                            facts.holds_product[operand.place()] && nonlinear(graph, op, operands, place);
                        let step = facts.is_a_step(graph, op, *operand);
                        pre_activation || step || facts.shared(graph, *operand) || depth[operand.place()] >= DEEPEST
                    }
                };
            if chosen[operand.place()] {
                depth[operand.place()] = 0;
            }
        }
    }
    chosen
}

/// What the choice looks at, a table with an entry a node each.
struct Facts {
    varies: Vec<bool>,
    /// The anonymous expression contains a matrix product or a convolution.
    holds_product: Vec<bool>,
    uses: Vec<usize>,
    /// Whether a derivative is asked for with respect to something in it.
    moves: Vec<bool>,
    /// Whether all in it has numbers.
    is_given: Vec<bool>,
    is_definition: Vec<bool>,
    is_apply: Vec<bool>,
}

impl Facts {
    fn of(model: &Model) -> Facts {
        let graph = &model.graph;
        let needed = graph.needed(&model.definitions);
        let mut facts = Facts {
            varies: vec![false; graph.size()],
            holds_product: vec![false; graph.size()],
            uses: vec![0; graph.size()],
            moves: graph.depending(&asked(model)),
            is_given: vec![false; graph.size()],
            is_definition: vec![false; graph.size()],
            is_apply: vec![false; graph.size()],
        };
        let has_params = graph.leaves().any(|(_, leaf)| leaf.kind == LeafKind::Param);
        for id in graph.ids().filter(|id| needed[id.place()]) {
            let operands = graph.operands(id);
            facts.varies[id.place()] = match graph.as_leaf(id) {
                Some(leaf) if has_params => leaf.kind == LeafKind::Param,
                Some(leaf) => leaf.kind != LeafKind::Const,
                None => operands.iter().any(|operand| facts.varies[operand.place()]),
            };
            facts.is_given[id.place()] = match graph.as_leaf(id) {
                Some(leaf) => leaf.value.is_some(),
                None => operands.iter().all(|operand| facts.is_given[operand.place()]),
            };
            if let Some(symbol) = graph.as_symbol(id) {
                facts.is_definition[symbol.definition.place()] = true;
                continue;
            }
            facts.is_apply[id.place()] = !operands.is_empty();
            let product = graph.as_apply(id).is_some_and(|(op, _)| op.reference().weighs);
            facts.holds_product[id.place()] =
                product || operands.iter().any(|operand| facts.holds_product[operand.place()]);
            for operand in operands {
                facts.uses[operand.place()] += 1;
            }
        }
        facts
    }

    fn nameable(&self, id: NodeId) -> bool {
        self.is_apply[id.place()] && self.varies[id.place()] && !self.is_definition[id.place()]
    }

    /// What a person works out by itself: an inverse or a mean, what a trace or a determinant is taken of, and half of a
    /// quadratic form, where numbers or derivatives have to pass through it.
    fn is_a_step(&self, graph: &Graph, op: &Op, operand: NodeId) -> bool {
        let moves = self.moves[operand.place()];
        let Some((own, parts)) = graph.as_apply(operand) else { return false };
        match (op, own) {
            (_, Op::Inverse(_)) => moves || self.is_given[operand.place()],
            (_, Op::Mean(_)) => self.is_given[operand.place()],
            (Op::Trace(_) | Op::Det(_), _) => moves,
            (Op::MatMul(_), Op::MatMul(_)) => {
                let is_number = |id: &NodeId| graph.shape(*id).size().is_one();
                let row = graph.shape(operand).is_row() && !is_number(&operand);
                let held = |id: &NodeId| graph.leaf_nodes().any(|(_, leaf)| leaf == *id && self.moves[id.place()]);
                row && parts.iter().filter(|part| held(part)).count() == 1
                    && parts.iter().all(|part| self.moves[part.place()])
            }
            _ => false,
        }
    }

    /// Used more than once, and more than a sign or a transpose.
    fn shared(&self, graph: &Graph, id: NodeId) -> bool {
        let light = matches!(graph.kind(id), Kind::Apply(Op::Transpose(_) | Op::Neg(_), _));
        self.uses[id.place()] > 1 && !light
    }
}

/// What derivatives are taken with respect to, where nothing is assumed of it.
fn asked(model: &Model) -> Vec<NodeId> {
    let targets = model.tasks.iter().flat_map(|task| task.ask.gradients(model));
    let moved = targets.filter_map(|target| match target {
        Target::Gradient { of, .. } => Some(of),
        Target::Value(_) => None,
    });
    moved.filter(|id| model.graph.as_leaf(*id).is_some_and(|leaf| leaf.assumed.is_empty())).collect()
}

/// Whether the gradient with respect to the operand depends on the operand's or the result's value.
fn nonlinear(graph: &Graph, op: &Op, operands: &[NodeId], place: usize) -> bool {
    let shapes: Vec<_> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
    op.gradient(&shapes).get(place).is_some_and(|rule| mentions(&rule.term, place))
}

fn mentions(term: &Term, place: usize) -> bool {
    match term {
        Term::Operand(own) => *own == place,
        Term::Output => true,
        Term::Upstream | Term::Zero | Term::Number(_) | Term::Size(_) | Term::Ones(_) => false,
        Term::Apply(_, terms) => terms.iter().any(|term| mentions(term, place)),
    }
}

/// Finds names that nothing else has.
struct Namer {
    taken: BTreeMap<String, ()>,
    /// For numbers and vectors, and for matrices.
    letters: [&'static str; 2],
    /// Pre-activations take the number of their layer's parameter: `h1 = X W1 + b1`.
    after_params: bool,
    first_params: Vec<Option<NodeId>>,
    counts: [usize; 2],
}

impl Namer {
    fn new(model: &Model) -> Namer {
        let taken: BTreeMap<String, ()> = model.names.keys().map(|name| (name.clone(), ())).collect();
        let dims = model.dims.iter().map(String::as_str);
        let known: Vec<&str> = model.names.keys().map(String::as_str).chain(dims).collect();
        // A letter that the course numbers itself would be taken for one of its values.
        let is_numbered = |name: &str| name.starts_with(|first: char| first == '_' || first.is_ascii_digit());
        let is_used = |letter: &str| {
            known.iter().any(|name| name.strip_prefix(letter).is_some_and(|rest| rest.is_empty() || is_numbered(rest)))
        };
        let pick = |letters: &[&'static str]| letters.iter().copied().find(|letter| !is_used(letter));
        let letters = match model.settings.steps {
            Steps::Full => [["Z", "U", "V", "S", "T"]; 2],
            Steps::Short => [["h", "u", "v", "s", "t"], ["U", "A", "V", "S", "T"]],
        };
        let letters = letters.map(|letters| pick(&letters).unwrap_or("tmp"));
        let first_params = first_params(&model.graph);
        Namer { taken, letters, after_params: model.settings.steps == Steps::Short, first_params, counts: [0; 2] }
    }

    fn name(&mut self, graph: &Graph, id: NodeId) -> String {
        let param = self.first_params[id.place()].filter(|_| self.after_params);
        let layer = param.and_then(|param| layer_number(&graph.as_leaf(param)?.name));
        let shape = graph.shape(id);
        let flat = shape.rank() < 2 || shape.is_row() || shape.is_column();
        let kind = usize::from(!flat);
        let letter = self.letters[kind];
        let name = match layer.map(|number| format!("{letter}{number}")).filter(|name| self.is_free(name)) {
            Some(name) => name,
            None => self.next(kind),
        };
        self.taken.insert(name.clone(), ());
        name
    }

    fn next(&mut self, kind: usize) -> String {
        loop {
            self.counts[kind] += 1;
            let name = format!("{}{}", self.letters[kind], self.counts[kind]);
            if self.is_free(&name) {
                return name;
            }
        }
    }

    /// Neither the name nor that of its gradient is used.
    fn is_free(&self, name: &str) -> bool {
        !self.taken.contains_key(name) && !self.taken.contains_key(&format!("d{name}"))
    }
}

/// For every node, the first parameter of the expression without names that it is.
fn first_params(graph: &Graph) -> Vec<Option<NodeId>> {
    let mut first = vec![None; graph.size()];
    for id in graph.ids() {
        first[id.place()] = match (graph.as_leaf(id), graph.as_apply(id)) {
            (Some(leaf), _) => (leaf.kind == LeafKind::Param).then_some(id),
            (None, Some((_, operands))) => operands.iter().find_map(|operand| first[operand.place()]),
            (None, None) => None,
        };
    }
    first
}

/// The digits at the end of a parameter's name: 1 of `W1`.
fn layer_number(name: &str) -> Option<String> {
    let digits = name.trim_start_matches(|character: char| !character.is_ascii_digit()).trim_end_matches('}');
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.to_string())
}
