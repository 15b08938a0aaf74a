//! Reverse mode over the graph: the gradients of a loss as expressions of the same language.
//!
//! One walk from the loss back, each node after all that uses it. Each symbol and each asked leaf gets a gradient symbol, so that what is
//! shared is named and never expanded: work and output are linear in the number of nodes.

use crate::graph::{Assumption, Graph, NodeId, Site, SymbolName};
use crate::model::{Model, Steps};
use crate::number::Number;
use crate::ops::{Add, Fusion, Law, Needs, Op, ShapeError, Term};
use crate::simplify::{Memo, assumed, reciprocals, reused, simplify};
use std::collections::{BTreeMap, BTreeSet};

/// The gradients of one loss.
#[derive(Clone, Debug)]
pub struct Gradients {
    pub loss: NodeId,
    /// What they were asked with respect to; what has no gradient does not reach the loss.
    pub wanted: Vec<NodeId>,
    /// From the loss back.
    pub steps: Vec<GradientStep>,
    /// The gradient symbol of each leaf and symbol that has one.
    pub of: BTreeMap<NodeId, NodeId>,
    /// Every use of a gradient rule, to be checked by itself.
    pub uses: Vec<RuleUse>,
}

/// One use of one gradient rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleUse {
    /// The operator's application and the number of the operand.
    pub node: NodeId,
    pub place: usize,
    /// With a fusion, the inner operator's application; its first operand is what the gradient is of.
    pub inner: Option<NodeId>,
    /// The gradient with respect to `node`; the rule's result.
    pub upstream: NodeId,
    pub result: NodeId,
    pub law: &'static Law,
}

/// How one gradient came about.
#[derive(Clone, Debug)]
pub struct GradientStep {
    /// The leaf or symbol with respect to which the derivative is taken.
    pub of: NodeId,
    /// The symbol of the gradient; its definition is the simplified result.
    pub gradient: NodeId,
    /// One for each path by which the value reaches the loss.
    pub contributions: Vec<Contribution>,
    /// The contributions as the rules give them, added.
    pub raw: NodeId,
    /// What of the data it takes as assumed.
    pub assumed: BTreeSet<(NodeId, Assumption)>,
}

/// What one use of a value adds to its gradient.
#[derive(Clone, Debug)]
pub struct Contribution {
    /// The symbol whose definition uses the value.
    pub through: NodeId,
    /// The general rules on the way from that definition to the value, outermost first; those that pass the gradient
    /// on unchanged are left out.
    pub laws: Vec<&'static Law>,
    /// What of the data it takes as assumed.
    pub assumed: BTreeSet<(NodeId, Assumption)>,
    /// As the rules give it.
    pub raw: NodeId,
    pub simplified: NodeId,
    /// The way further back is taken in one step with this one (a fusion): nothing is passed on from here.
    pub ends: bool,
}

/// A rule that did not fit its operands: a fault of the rule's file, refused like a failed check.
#[derive(Clone, Debug)]
pub struct RuleError {
    pub operator: &'static str,
    pub error: ShapeError,
}

/// Derives the gradients of `loss` with respect to `wanted` (leaves or symbols), and to all that lies between.
/// New nodes are added to the model's graph.
pub fn differentiate(model: &mut Model, loss: NodeId, wanted: &[NodeId]) -> Result<Gradients, RuleError> {
    differentiate_with(model, loss, wanted, Fusing::Known)
}

/// Whether two operators that are known as a pair are taken in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fusing {
    /// Softmax then cross-entropy at once, as the derivation shows it.
    Known,
    /// One operator after the other.
    Never,
}

/// As [`differentiate`], with or without the known pairs.
pub fn differentiate_with(
    model: &mut Model,
    loss: NodeId,
    wanted: &[NodeId],
    fusing: Fusing,
) -> Result<Gradients, RuleError> {
    let model_steps = model.settings.steps;
    let mut pass = Pass::new(model, loss, wanted);
    pass.fusing = fusing;
    pass.run()?;
    let steps = in_reading_order(pass.steps, pass.graph, model_steps);
    Ok(Gradients { loss, wanted: wanted.to_vec(), steps, of: pass.gradients, uses: pass.uses })
}

/// A parameter's step stands right after the last delta that it needs; with full steps all parameters stand at the
/// end, in the order of the file.
fn in_reading_order(steps: Vec<GradientStep>, graph: &Graph, verbosity: Steps) -> Vec<GradientStep> {
    let (mut leaves, symbols): (Vec<_>, Vec<_>) = steps.into_iter().partition(|step| graph.as_leaf(step.of).is_some());
    leaves.sort_by_key(|step| step.of);
    if verbosity == Steps::Full {
        return symbols.into_iter().chain(leaves).collect();
    }
    let places: BTreeMap<NodeId, usize> =
        symbols.iter().enumerate().map(|(place, step)| (step.of, place + 1)).collect();
    let mut ready: BTreeMap<usize, Vec<GradientStep>> = BTreeMap::new();
    for leaf in leaves {
        let needed = leaf.contributions.iter().filter_map(|contribution| places.get(&contribution.through));
        ready.entry(needed.max().copied().unwrap_or(0)).or_default().push(leaf);
    }
    let mut ordered = ready.remove(&0).unwrap_or_default();
    for (place, step) in symbols.into_iter().enumerate() {
        ordered.push(step);
        ordered.extend(ready.remove(&(place + 1)).unwrap_or_default());
    }
    ordered
}

struct Pass<'a> {
    graph: &'a mut Graph,
    loss: NodeId,
    wanted: BTreeSet<NodeId>,
    /// What the loss needs and what depends on something wanted, by node.
    relevant: Vec<bool>,
    /// The symbol that names an expression.
    named: BTreeMap<NodeId, NodeId>,
    /// What has reached a node that was not visited yet.
    contributions: BTreeMap<NodeId, Vec<Contribution>>,
    /// Uses of a name that a fusion may pass over.
    fused: BTreeMap<NodeId, Vec<Fused>>,
    gradients: BTreeMap<NodeId, NodeId>,
    steps: Vec<GradientStep>,
    uses: Vec<RuleUse>,
    memo: Memo,
    /// The lines that are 1 divided by something, by that.
    reciprocals: BTreeMap<NodeId, NodeId>,
    fusing: Fusing,
    /// Whether nobody wrote the loss.
    implied: bool,
}

/// An operator's use on the way back, and how it was reached.
struct Way {
    node: NodeId,
    /// The number of the operand.
    place: usize,
    upstream: NodeId,
    through: NodeId,
    laws: Vec<&'static Law>,
    assumed: BTreeSet<(NodeId, Assumption)>,
}

/// A way that may take an operator and the one that made its operand in one step.
struct Fused {
    way: Way,
    /// The inner operator's application, and its operand.
    inner: NodeId,
    target: NodeId,
    term: Term,
    law: &'static Law,
}

impl<'a> Pass<'a> {
    fn new(model: &'a mut Model, loss: NodeId, wanted: &[NodeId]) -> Pass<'a> {
        let implied = model.implied == Some(loss);
        let (lines, mut memo) = (model.lines(), Memo::default());
        let reciprocals = reciprocals(&mut model.graph, &lines, &mut memo);
        let graph = &mut model.graph;
        let wanted: BTreeSet<NodeId> = wanted.iter().copied().collect();
        let mut relevant = vec![false; graph.size()];
        for id in graph.ids() {
            relevant[id.place()] = wanted.contains(&id) || graph.operands(id).iter().any(|id| relevant[id.place()]);
        }
        for (place, needed) in graph.needed(&[loss]).into_iter().enumerate() {
            relevant[place] &= needed;
        }
        let symbols = graph.ids().filter_map(|id| Some((graph.as_symbol(id)?.definition, id)));
        let named = symbols.collect();
        Pass {
            graph,
            loss,
            wanted,
            relevant,
            named,
            contributions: BTreeMap::new(),
            fused: BTreeMap::new(),
            gradients: BTreeMap::new(),
            steps: Vec::new(),
            uses: Vec::new(),
            memo,
            reciprocals,
            fusing: Fusing::Known,
            implied,
        }
    }

    /// Visits every relevant node after all that uses it. Of several symbols that are ready the one that stands first
    /// in the model is taken, so that parallel branches are told in the author's order.
    fn run(&mut self) -> Result<(), RuleError> {
        let ids: Vec<NodeId> = self.graph.ids().filter(|id| self.relevant[id.place()]).collect();
        let mut waiting = vec![0usize; self.graph.size()];
        for operand in ids.iter().flat_map(|id| self.graph.operands(*id)) {
            waiting[operand.place()] += 1;
        }
        let (mut anonymous, mut named) = (vec![self.loss], BTreeSet::new());
        while let Some(id) = anonymous.pop().or_else(|| named.pop_first()) {
            let operands = self.graph.operands(id).to_vec();
            self.visit(id)?;
            for operand in operands.into_iter().filter(|operand| self.relevant[operand.place()]) {
                waiting[operand.place()] -= 1;
                if waiting[operand.place()] == 0 {
                    match self.graph.as_apply(operand) {
                        Some(_) => anonymous.push(operand),
                        None => {
                            named.insert(operand);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn visit(&mut self, id: NodeId) -> Result<(), RuleError> {
        if id == self.loss {
            let shape = self.graph.shape(id).clone();
            let one = self.graph.ones(shape);
            return self.enter_definition(id, one);
        }
        self.settle(id)?;
        let Some(contributions) = self.contributions.remove(&id) else { return Ok(()) };
        let is_symbol = self.graph.as_symbol(id).is_some();
        if is_symbol || self.graph.as_leaf(id).is_some() {
            let passing: Vec<Contribution> = contributions.iter().filter(|own| !own.ends).cloned().collect();
            let all_pass = passing.len() == contributions.len();
            let gradient = self.name_gradient(id, contributions)?;
            return match (is_symbol, all_pass, passing.is_empty()) {
                (true, true, _) => self.enter_definition(id, gradient),
                (true, false, false) => {
                    let upstream = self.add_up(&passing)?;
                    self.enter_definition(id, upstream)
                }
                (true, false, true) | (false, _, _) => Ok(()),
            };
        }
        // What two lines both write out is passed on for each by itself, so that each step tells all its paths.
        let mut lines: Vec<(NodeId, Vec<Contribution>)> = Vec::new();
        for contribution in contributions {
            match lines.iter_mut().find(|(through, _)| *through == contribution.through) {
                Some((_, own)) => own.push(contribution),
                None => lines.push((contribution.through, vec![contribution])),
            }
        }
        for (through, contributions) in lines {
            let upstream = self.add_up(&contributions)?;
            let mut laws: Vec<&'static Law> = Vec::new();
            for law in contributions.iter().flat_map(|contribution| &contribution.laws) {
                if !laws.contains(law) {
                    laws.push(law);
                }
            }
            let assumed = contributions.iter().flat_map(|contribution| contribution.assumed.clone()).collect();
            self.pass_on(id, upstream, through, &laws, &assumed)?;
        }
        Ok(())
    }

    /// From a symbol to what it stands for.
    fn enter_definition(&mut self, symbol: NodeId, upstream: NodeId) -> Result<(), RuleError> {
        let Some(definition) = self.graph.as_symbol(symbol).map(|symbol| symbol.definition) else { return Ok(()) };
        if self.graph.as_apply(definition).is_some() && !self.is_named_otherwise(definition, symbol) {
            self.pass_on(definition, upstream, symbol, &[], &BTreeSet::new())
        } else {
            self.contribute(
                definition,
                Contribution {
                    through: symbol,
                    laws: Vec::new(),
                    assumed: BTreeSet::new(),
                    raw: upstream,
                    simplified: upstream,
                    ends: false,
                },
            );
            Ok(())
        }
    }

    /// Two names for one expression: the gradients of both meet at the expression.
    fn is_named_otherwise(&self, definition: NodeId, symbol: NodeId) -> bool {
        self.named.get(&definition) != Some(&symbol) || self.contributions.contains_key(&definition)
    }

    fn contribute(&mut self, to: NodeId, contribution: Contribution) {
        if self.relevant[to.place()] {
            self.contributions.entry(to).or_default().push(contribution);
        }
    }

    /// Applies the gradient rules of an operator's use.
    fn pass_on(
        &mut self,
        id: NodeId,
        upstream: NodeId,
        through: NodeId,
        laws: &[&'static Law],
        assumed: &BTreeSet<(NodeId, Assumption)>,
    ) -> Result<(), RuleError> {
        let Some((op, operands)) = self.graph.as_apply(id).map(|(op, operands)| (op.clone(), operands.to_vec())) else {
            return Ok(());
        };
        let shapes: Vec<_> = operands.iter().map(|operand| self.graph.shape(*operand).clone()).collect();
        let fusions = if self.fusing == Fusing::Known { op.fusions(&shapes) } else { Vec::new() };
        let rules = op.gradient(&shapes);
        for (place, operand) in operands.iter().enumerate() {
            if !self.relevant[operand.place()] {
                continue;
            }
            let way = Way { node: id, place, upstream, through, laws: laws.to_vec(), assumed: assumed.clone() };
            let rule = &rules[place];
            let known = fusions.iter().find_map(|fusion| Some((fusion, self.fused(fusion, place, &operands)?)));
            let Some((fusion, (inner, target))) = known else {
                self.take(&way, *operand, None, &rule.term, rule.law, false)?;
                continue;
            };
            match self.graph.as_symbol(*operand) {
                Some(_) => {
                    let fused = Fused { way, inner, target, term: fusion.term.clone(), law: fusion.law };
                    self.fused.entry(*operand).or_default().push(fused);
                }
                None => self.take(&way, target, Some(inner), &fusion.term, fusion.law, false)?,
            }
        }
        Ok(())
    }

    /// Whether a name is passed over by a fusion is known when all that uses it has been visited: if anything else does,
    /// each use counts by its own rule, so that the gradient of the name is the whole one.
    fn settle(&mut self, symbol: NodeId) -> Result<(), RuleError> {
        let is_used_otherwise = self.contributions.contains_key(&symbol);
        for fused in self.fused.remove(&symbol).unwrap_or_default() {
            let Fused { way, inner, target, term, law } = fused;
            if !is_used_otherwise {
                self.take(&way, target, Some(inner), &term, law, false)?;
            }
            if is_used_otherwise || self.wanted.contains(&symbol) {
                let (op, operands) = self.graph.as_apply(way.node).expect("a rule is one of an operator");
                let shapes: Vec<_> = operands.iter().map(|operand| self.graph.shape(*operand).clone()).collect();
                let rule = op.gradient(&shapes).swap_remove(way.place);
                self.take(&way, symbol, None, &rule.term, rule.law, !is_used_otherwise)?;
            }
        }
        Ok(())
    }

    /// Adds what one rule gives to the gradient of `target`.
    fn take(
        &mut self,
        way: &Way,
        target: NodeId,
        inner: Option<NodeId>,
        term: &Term,
        law: &'static Law,
        ends: bool,
    ) -> Result<(), RuleError> {
        let Way { node, place, upstream, through, ref laws, assumed: ref known } = *way;
        let Some((op, operands)) = self.graph.as_apply(node) else { return Ok(()) };
        let (operator, mut operands) = (op.reference().name, operands.to_vec());
        operands.extend(inner.map(|_| target));
        let output = self.named.get(&node).copied().unwrap_or(node);
        let site = Site { operands: &operands, output, upstream };
        let raw = self.graph.instantiate(term, site).map_err(|error| RuleError { operator, error })?;
        let Some(raw) = raw else { return Ok(()) };
        self.uses.push(RuleUse { node, place, inner, upstream, result: raw, law });
        let simplified = simplify(self.graph, raw, &mut self.memo);
        let mut known = known.clone();
        known.extend(simplified.uses.iter().filter_map(|used| assumed(self.graph, used)));
        // A rule that passes the gradient on unchanged needs no words.
        let passed_on = term == &Term::Upstream;
        let laws = laws.iter().copied().chain((!passed_on).then_some(law)).collect();
        let simplified = reused(self.graph, simplified.node, &self.reciprocals, &mut self.memo);
        self.contribute(target, Contribution { through, laws, assumed: known, raw, simplified, ends });
        Ok(())
    }

    /// The inner operator's application and its operand, where a fusion applies.
    fn fused(&self, fusion: &Fusion, place: usize, operands: &[NodeId]) -> Option<(NodeId, NodeId)> {
        let made = operands[place];
        if fusion.operand != place {
            return None;
        }
        let definition = self.graph.as_symbol(made).map_or(made, |symbol| symbol.definition);
        let (inner, inner_operands) = self.graph.as_apply(definition)?;
        let holds = fusion.needs.is_none_or(|needs| self.holds(needs, operands));
        let operand = *inner_operands.first()?;
        (*inner == fusion.inner && holds && self.relevant[operand.place()]).then_some((definition, operand))
    }

    fn holds(&self, needs: Needs, operands: &[NodeId]) -> bool {
        let (operand, axis) = match needs {
            Needs::SumsToOne { operand, axis } => (operand, axis),
            Needs::Equals { operand, value } => {
                return self.graph.as_number(operands[operand]) == Some(&Number::integer(value));
            }
        };
        let id = operands[operand];
        let definition = self.graph.as_symbol(id).map_or(id, |symbol| symbol.definition);
        match (self.graph.as_leaf(definition), self.graph.as_apply(definition)) {
            (Some(leaf), _) => {
                leaf.one_hot_axis == Some(axis) || axis == 1 && leaf.assumed.contains(&Assumption::RowsSumToOne)
            }
            (_, Some((Op::Softmax(softmax), _))) => softmax.axis == axis,
            (None, _) => false,
        }
    }

    fn add_up(&mut self, contributions: &[Contribution]) -> Result<NodeId, RuleError> {
        let mut terms = contributions.iter().map(|contribution| contribution.simplified);
        let first = terms.next().expect("a node is visited when something contributes to it");
        terms.try_fold(first, |sum, term| {
            self.graph.apply(Add, &[sum, term]).map_err(|error| RuleError { operator: "+", error })
        })
    }

    fn name_gradient(&mut self, of: NodeId, contributions: Vec<Contribution>) -> Result<NodeId, RuleError> {
        // What arrives from an implied loss has its name already.
        if let (true, [only]) = (self.implied, contributions.as_slice())
            && only.through == self.loss
        {
            self.gradients.insert(of, only.simplified);
            return Ok(only.simplified);
        }
        let raw = self.add_up(&contributions)?;
        let simplified = simplify(self.graph, raw, &mut self.memo);
        let name = SymbolName::Gradient { of, loss: self.loss };
        let form = reused(self.graph, simplified.node, &self.reciprocals, &mut self.memo);
        let gradient = self.graph.add_symbol(name, form);
        self.gradients.insert(of, gradient);
        let own = simplified.uses.iter().filter_map(|used| assumed(self.graph, used));
        let assumed = contributions.iter().flat_map(|one| one.assumed.clone()).chain(own).collect();
        self.steps.push(GradientStep { of, gradient, contributions, raw, assumed });
        Ok(gradient)
    }
}
