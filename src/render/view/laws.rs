//! The general rules that a derivation cites, each stated from its own data and proved once.

use super::{Maths, Viewer};
use crate::differentiate::{Contribution, GradientStep, Gradients, RuleUse};
use crate::graph::{Graph, Leaf, NodeId, Site, SymbolName};
use crate::math::Math;
use crate::model::Steps;
use crate::number::Number;
use crate::ops::add::SUM_RULE;
use crate::ops::convolution::{CROSS_CORRELATION, SLIDING};
use crate::ops::cross_entropy::{SOFTMAX_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY_BY_CASES};
use crate::ops::matmul::{AFFINE, AFFINE_COLUMNS, MATRIX_PRODUCT};
use crate::ops::{Add, Hadamard, Law, MatMul, Needs, Op, Sum, Term};
use crate::render::notation::{Printer, shape};
use crate::shape::{Dim, Shape};
use crate::simplify::simplest;
use crate::syntax::ast::LeafKind;
use crate::verify::is_derivative;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A rule as a document states it.
#[derive(Clone, Debug, Serialize)]
pub struct LawView {
    /// `R1`
    pub label: String,
    pub name: &'static str,
    pub title: &'static str,
    /// `V = S W + b`; of two operators taken at once, both
    pub premises: Vec<Maths>,
    /// The sizes that the conclusions speak of: `A`, `n \times m`
    pub sizes: Option<(Maths, Maths)>,
    /// `\delta_S = \delta_V W^{\mathsf T}`, …
    pub conclusions: Vec<Maths>,
    pub proof: Maths,
    /// What it calls its operands and its result: none is a name of the problem.
    #[serde(skip)]
    pub letters: Vec<String>,
    /// An operand is repeated along an axis, so that its gradient is a sum over it.
    pub repeated: bool,
    /// What the loss is divided by the number of, where it is a mean.
    pub mean_over: Option<&'static str>,
}

/// The rules cited so far.
#[derive(Default)]
pub struct Cited {
    laws: Vec<LawView>,
    /// What was stated for which kind of use: the same rule reads differently for a row and for a scalar.
    stated: Vec<(Use, usize)>,
}

/// All that the statement of a rule depends on.
#[derive(Clone, PartialEq)]
struct Use {
    law: &'static Law,
    op: Op,
    inner: Option<Op>,
    shapes: Vec<Shape>,
    /// The operands for which it is stated.
    places: Vec<usize>,
    at_loss: bool,
}

/// The uses of rules in the gradients of one loss, by the operator's application.
pub struct Uses<'a> {
    pub gradients: &'a Gradients,
    by_node: BTreeMap<NodeId, Vec<&'a RuleUse>>,
}

impl<'a> Uses<'a> {
    pub fn of(gradients: &'a Gradients) -> Uses<'a> {
        let mut by_node: BTreeMap<NodeId, Vec<&RuleUse>> = BTreeMap::new();
        for rule in &gradients.uses {
            by_node.entry(rule.node).or_default().push(rule);
        }
        Uses { gradients, by_node }
    }

    /// The uses in the line of a symbol.
    pub fn in_line(&self, graph: &Graph, symbol: NodeId) -> Vec<&'a RuleUse> {
        let (mut found, mut waiting, mut seen) = (Vec::new(), graph.operands(symbol).to_vec(), BTreeSet::new());
        while let Some(id) = waiting.pop() {
            if let Some((_, operands)) = graph.as_apply(id).filter(|_| seen.insert(id)) {
                found.extend(self.by_node.get(&id).into_iter().flatten());
                waiting.extend(operands);
            }
        }
        found
    }
}

impl Viewer<'_> {
    /// The labels of the rules by which one use contributes to a gradient. Between numbers the line says it all.
    pub(super) fn cite(&self, contribution: &Contribution, of: NodeId, uses: &Uses, cited: &mut Cited) -> Vec<String> {
        if let Some((definition, law)) = self.affine(contribution, of) {
            let Some(statement) = self.affine_statement(definition) else { return Vec::new() };
            return self.label(law, definition, statement, cited).into_iter().collect();
        }
        let line = uses.in_line(self.graph(), contribution.through);
        // A product of a row and a column is a number: the line says its slope.
        if line.iter().any(|rule| contribution.laws.contains(&rule.law) && self.is_inner_product(rule.node)) {
            return Vec::new();
        }
        let labels = contribution.laws.iter().filter_map(|law| {
            let rule = line.iter().find(|rule| rule.law == *law && self.leads_to(rule, of))?;
            let (op, operands) = self.graph().as_apply(rule.node)?;
            let shapes: Vec<Shape> = operands.iter().map(|id| self.graph().shape(*id).clone()).collect();
            let inner = rule.inner.and_then(|inner| self.graph().as_apply(inner));
            let reached = inner.iter().flat_map(|(_, operands)| *operands).map(|id| self.graph().shape(*id));
            if shapes.iter().chain(reached).all(Shape::is_scalar) {
                return None;
            }
            let inner = inner.map(|(op, _)| op.clone());
            let at_loss = op.is_loss() && self.graph().as_number(rule.upstream) == Some(&Number::integer(1));
            let used = Use { law, op: op.clone(), inner, shapes, places: self.places(uses, rule), at_loss };
            self.label(law, rule.node, (used.key(), used.statement()?), cited)
        });
        labels.collect()
    }

    fn is_inner_product(&self, node: NodeId) -> bool {
        let Some((Op::Sum(Sum { axis: None }), [of])) = self.graph().as_apply(node) else { return false };
        self.graph().shape(*of).size().is_one()
    }

    /// Whether the use of a rule is on the way to a value: of two sums in a line the one that it stands in.
    fn leads_to(&self, rule: &RuleUse, of: NodeId) -> bool {
        let start = rule.inner.unwrap_or(rule.node);
        let Some(operand) = self.graph().operands(start).get(if rule.inner.is_some() { 0 } else { rule.place }) else {
            return false;
        };
        let (mut waiting, mut seen) = (vec![*operand], BTreeSet::new());
        while let Some(id) = waiting.pop() {
            if id == of {
                return true;
            }
            if self.graph().as_apply(id).is_some() && seen.insert(id) {
                waiting.extend(self.graph().operands(id));
            }
        }
        false
    }

    /// The operands for which the rule of an operator was used, where the operands have such sides.
    fn places(&self, uses: &Uses, rule: &RuleUse) -> Vec<usize> {
        let alike = uses.gradients.uses.iter().filter(|other| other.law == rule.law && self.same_use(other, rule));
        let places: BTreeSet<usize> = alike.map(|other| other.place).collect();
        places.into_iter().collect()
    }

    fn same_use(&self, one: &RuleUse, other: &RuleUse) -> bool {
        let key = |rule: &RuleUse| {
            let (op, operands) = self.graph().as_apply(rule.node)?;
            let sides: Vec<Shape> = operands.iter().map(|id| sides_of_one(self.graph().shape(*id))).collect();
            Some((op.clone(), sides))
        };
        key(one) == key(other)
    }

    /// The label of a rule, which is stated at its first use of a kind. What does not hold is not said.
    fn label(
        &self,
        law: &'static Law,
        node: NodeId,
        (used, statement): (Use, Statement),
        cited: &mut Cited,
    ) -> Option<String> {
        if let Some((_, place)) = cited.stated.iter().find(|(known, _)| known.covers(&used)) {
            return Some(cited.laws[*place].label.clone());
        }
        let holds = statement.holds();
        debug_assert!(holds, "the rule {} does not hold as it is stated", law.name);
        if !holds {
            return None;
        }
        let (op, operands) = self.graph().as_apply(node)?;
        let shapes: Vec<Shape> = operands.iter().map(|id| self.graph().shape(*id).clone()).collect();
        let letters = self.letters(&statement);
        let premises = self.premises(&statement, &letters);
        let conclusions = self.conclusions(&statement, &letters);
        let own: Vec<&str> =
            statement.conclusions.iter().filter_map(|(of, _)| letter_of(&statement.graph, *of)).collect();
        let same = |known: &LawView| known.premises == premises && known.conclusions == conclusions;
        let full = self.solution.model.settings.steps == Steps::Full;
        let law = if full && *law == SOFTMAX_CROSS_ENTROPY { &SOFTMAX_CROSS_ENTROPY_BY_CASES } else { law };
        let law = if *law == CROSS_CORRELATION && slides_plainly(op, operands.len()) { &SLIDING } else { law };
        let place = cited.laws.iter().position(same).unwrap_or_else(|| {
            cited.laws.push(LawView {
                label: format!("R{}", cited.laws.len() + 1),
                name: law.name,
                title: law.title,
                premises,
                sizes: self.sizes(&statement, &letters),
                conclusions,
                proof: relettered(&concluded(self.written(&law.proof), &own), &letters),
                letters: letters
                    .values()
                    .filter(|letter| letter.starts_with(|own: char| own.is_ascii_uppercase()))
                    .cloned()
                    .collect(),
                repeated: *law != AFFINE && *law != AFFINE_COLUMNS && is_repeating(op, &shapes),
                mean_over: mean_over(op),
            });
            cited.laws.len() - 1
        });
        cited.stated.push((used, place));
        Some(cited.laws[place].label.clone())
    }

    fn is_param(&self, id: NodeId) -> bool {
        self.graph().as_leaf(id).is_some_and(|leaf| leaf.kind == LeafKind::Param)
    }

    /// The line `V = S W + b`, or `V = W S + b` with columns, through which a layer's input, weights or bias get their
    /// gradients, and its rule.
    fn affine(&self, contribution: &Contribution, of: NodeId) -> Option<(NodeId, &'static Law)> {
        let definition = self.graph().as_symbol(contribution.through)?.definition;
        let (Op::Add(Add), [product, bias]) = self.graph().as_apply(definition)? else { return None };
        let (Op::MatMul(MatMul), factors) = self.graph().as_apply(*product)? else { return None };
        let known = |law: &&'static Law| **law == MATRIX_PRODUCT || **law == SUM_RULE;
        if self.graph().as_apply(*bias).is_some() {
            return None;
        }
        let takes_part = factors.contains(&of) || *bias == of;
        let weights_first = self.is_param(factors[0]) && !self.is_param(factors[1]);
        let shape = self.graph().shape(*bias);
        let law = match weights_first {
            true if shape.is_column() => &AFFINE_COLUMNS,
            false if shape.is_row() => &AFFINE,
            true | false => return None,
        };
        (takes_part && contribution.laws.iter().all(known)).then_some((definition, law))
    }

    fn affine_statement(&self, definition: NodeId) -> Option<(Use, Statement)> {
        let (op, parts) = self.graph().as_apply(definition)?;
        let (_, factors) = self.graph().as_apply(parts[0])?;
        // In the column layout the weights stand on the left: V = W S + b.
        let weights_first = self.is_param(factors[0]) && !self.is_param(factors[1]);
        let shapes = [factors[0], factors[1], parts[1]].map(|id| self.graph().shape(id).clone());
        let law = if weights_first { &AFFINE_COLUMNS } else { &AFFINE };
        let used =
            Use { law, op: op.clone(), inner: None, shapes: shapes.to_vec(), places: Vec::new(), at_loss: false };
        Some((used.key(), Statement::affine(weights_first, shapes)?))
    }

    /// A letter for each of the rule's own: another one where the problem has that name.
    fn letters(&self, statement: &Statement) -> Letters {
        let model = &self.solution.model;
        let is_taken = |letter: &str| model.names.contains_key(letter) || model.dims.iter().any(|dim| dim == letter);
        let graph = &statement.graph;
        let own: BTreeSet<&str> = graph.ids().filter_map(|id| letter_of(graph, id)).collect();
        let mut free = SPARE_LETTERS.into_iter().filter(|letter| !is_taken(letter) && !own.contains(letter));
        let letter = |own: &str| match is_taken(own) && own != "L" {
            true => free.next().unwrap_or(own).to_string(),
            false => own.to_string(),
        };
        let mut letters: Letters = own.iter().map(|own| own.to_string()).zip(own.iter().copied().map(letter)).collect();
        // Of one example or entry a proof speaks in small letters.
        for (own, letter) in
            letters.clone().iter().filter(|(own, letter)| own != letter && SPOKEN_OF.contains(&own.as_str()))
        {
            letters.insert(own.to_ascii_lowercase(), letter.to_ascii_lowercase());
        }
        letters
    }

    fn premises(&self, statement: &Statement, letters: &Letters) -> Vec<Maths> {
        let instead = |id| lettered(&statement.graph, id, letters);
        let printer = Printer::new(&statement.graph, self.style).with(&instead);
        let line = |symbol: &NodeId| format!("{} = {}", printer.print(*symbol), printer.definition(*symbol));
        statement.premises.iter().map(line).collect()
    }

    fn conclusions(&self, statement: &Statement, letters: &Letters) -> Vec<Maths> {
        let instead = |id| lettered(&statement.graph, id, letters);
        let printer = Printer::new(&statement.graph, self.style).with(&instead);
        let conclusion =
            |(of, form): &(NodeId, NodeId)| self.write(&printer.math(*of).gradient().equals(printer.math(*form)));
        statement.conclusions.iter().map(conclusion).collect()
    }

    fn sizes(&self, statement: &Statement, letters: &Letters) -> Option<(Maths, Maths)> {
        let graph = &statement.graph;
        let of = statement.sized?;
        let instead = |id| lettered(graph, id, letters);
        Some((Printer::new(graph, self.style).with(&instead).print(of), shape(graph.shape(of), self.style)))
    }

    /// `∂f/∂e = 2 e` for each operator between two numbers that a step goes through: one, or two that are taken at once.
    pub(super) fn slopes(&self, step: &GradientStep, between: Option<NodeId>, uses: &Uses) -> Vec<Maths> {
        let [contribution] = step.contributions.as_slice() else { return Vec::new() };
        let [law] = contribution.laws.as_slice() else { return Vec::new() };
        let line = uses.in_line(self.graph(), contribution.through);
        let Some(rule) = line.iter().find(|rule| rule.law == *law && self.leads_to(rule, step.of)) else {
            return Vec::new();
        };
        match (rule.inner, between) {
            (Some(inner), Some(between)) => {
                let outer = self.slope(rule.node, rule.place, contribution.through, between);
                let inner = self.slope(inner, 0, between, step.of);
                outer.zip(inner).map_or(Vec::new(), |(outer, inner)| vec![outer, inner])
            }
            (Some(_), None) => Vec::new(),
            (None, _) => self.slope(rule.node, rule.place, contribution.through, step.of).into_iter().collect(),
        }
    }

    /// `∂f/∂e = 2 e`: the slope of an operator between numbers that is more than a factor.
    fn slope(&self, node: NodeId, place: usize, of: NodeId, wrt: NodeId) -> Option<Maths> {
        let (op, operands) = self.graph().as_apply(node)?;
        let shapes: Vec<Shape> = operands.iter().map(|id| self.graph().shape(*id).clone()).collect();
        let plain = matches!(
            op,
            Op::Add(_) | Op::Sub(_) | Op::Neg(_) | Op::Scale(_) | Op::MatMul(_) | Op::Hadamard(_) | Op::Sum(_)
        );
        if plain || !shapes.iter().all(Shape::is_scalar) {
            return None;
        }
        let mut graph = Graph::default();
        let own: Vec<NodeId> = operands
            .iter()
            .enumerate()
            .map(|(place, operand)| match self.graph().as_number(*operand) {
                Some(number) => graph.number(number.clone()),
                None => leaf(&mut graph, &format!("operand{place}"), Shape::scalar()),
            })
            .collect();
        let result = graph.apply(op.clone(), &own).ok()?;
        let output = graph.add_symbol(SymbolName::Model("output".to_string()), result);
        let is_whole = self.graph().as_symbol(of).is_some_and(|symbol| symbol.definition == node);
        let output = if is_whole { output } else { result };
        let upstream = graph.integer(1);
        let term = op.gradient(&shapes).into_iter().nth(place)?.term;
        let raw = graph.instantiate(&term, Site { operands: &own, output, upstream }).ok()??;
        let form = simplest(&mut graph, raw);
        let instead = |id: NodeId| {
            let operand = own.iter().position(|own| *own == id).map(|place| self.math(operands[place]));
            operand.or_else(|| (is_whole && id == output).then(|| self.math(of)))
        };
        let form = Printer::new(&graph, self.style).rounding(self.rounding).with(&instead).print(form);
        Some(format!("{} = {form}", self.derivative(wrt, of)))
    }
}

impl Use {
    /// What tells two uses apart: names of sizes differ from layer to layer, what a statement depends on is which
    /// sides are 1.
    fn key(&self) -> Use {
        Use { shapes: self.shapes.iter().map(sides_of_one).collect(), ..self.clone() }
    }

    /// Whether what is stated for this use says what the other needs.
    fn covers(&self, other: &Use) -> bool {
        let Use { law, op, inner, shapes, places, at_loss } = other;
        let alike = self.law == *law && self.op == *op && self.inner == *inner && self.shapes == *shapes;
        alike && self.at_loss == *at_loss && places.iter().all(|place| self.places.contains(place))
    }

    /// The rule with letters for the operands.
    fn statement(&self) -> Option<Statement> {
        let letters = self.op.reference().letters;
        let name = if self.at_loss { "L" } else { result_letter(letters) };
        let (shapes, sized) = self.general_shapes();
        let mut graph = Graph::default();
        let fusion = self.inner.as_ref().and_then(|_| {
            self.op
                .fusions(&shapes)
                .into_iter()
                .find(|fusion| fusion.law == self.law && self.inner.as_ref() == Some(&fusion.inner))
        });
        let sums = |place: usize| match fusion.as_ref().and_then(|fusion| fusion.needs) {
            Some(Needs::SumsToOne { operand, axis }) if operand == place => Some(axis),
            Some(Needs::SumsToOne { .. } | Needs::Equals { .. }) | None => None,
        };
        let mut general: Vec<NodeId> = Vec::new();
        for (place, shape) in shapes.iter().enumerate() {
            let letter = letters.get(place).copied().unwrap_or("A");
            general.push(leaf_that_sums(&mut graph, letter, shape.clone(), sums(place)));
        }
        let sized = sized.then(|| general[0]);
        let mut premises = Vec::new();
        let mut variable = None;
        if let (Some(inner), Some(fusion)) = (&self.inner, &fusion) {
            let place = fusion.operand;
            let input = leaf(&mut graph, inner.reference().letters.first()?, shapes[place].clone());
            let made = graph.apply(inner.clone(), &[input]).ok()?;
            let letter = inner.reference().letters.first();
            let name = letters.get(place).filter(|name| Some(*name) != letter).copied().unwrap_or("P");
            general[place] = graph.add_symbol(SymbolName::Model(name.to_string()), made);
            premises.push(general[place]);
            if let Some(Needs::Equals { operand, value }) = fusion.needs {
                general[operand] = graph.integer(value);
            }
            variable = Some(input);
        }
        let result = graph.apply(self.op.clone(), &general).ok()?;
        let output = graph.add_symbol(SymbolName::Model(name.to_string()), result);
        premises.push(output);
        let upstream = if self.at_loss { graph.integer(1) } else { upstream(&mut graph, output) };
        let rules: Vec<(NodeId, Term)> = match (variable, fusion) {
            (Some(variable), Some(fusion)) => vec![(variable, fusion.term)],
            _ => {
                let own = self.op.gradient(&shapes).into_iter().enumerate();
                let used = own.filter(|(place, own)| own.law == self.law && self.places.contains(place));
                used.map(|(place, own)| (general[place], own.term)).collect()
            }
        };
        let mut conclusions = Vec::new();
        for (of, term) in rules {
            let operands: Vec<NodeId> = general.iter().copied().chain(variable).collect();
            let site = Site { operands: &operands, output, upstream };
            let Some(raw) = graph.instantiate(&term, site).ok()? else { continue };
            conclusions.push((of, simplest(&mut graph, raw)));
        }
        Some(Statement { graph, premises, conclusions, output, upstream, sized })
    }

    /// The operands' shapes, with names for their sides where the rule speaks of sizes.
    fn general_shapes(&self) -> (Vec<Shape>, bool) {
        let mut terms = self.op.gradient(&self.shapes).into_iter().map(|rule| rule.term);
        let speaks = terms.any(|term| mentions_size(&term));
        let named: Vec<Shape> = self.shapes.iter().map(named_sides).collect();
        match speaks && self.op.shape(&named).is_ok() {
            true => (named, true),
            false => (self.shapes.clone(), false),
        }
    }
}

/// What stands for each letter of a rule.
type Letters = BTreeMap<String, String>;

/// For rules whose own letter is a name of the problem.
const SPARE_LETTERS: [&str; 13] = ["X", "Z", "U", "Q", "G", "H", "F", "M", "R", "C", "D", "E", "N"];

/// The letters whose entries proofs call by the small one.
const SPOKEN_OF: [&str; 5] = ["A", "P", "S", "T", "Y"];

/// The letter that an operand or a result of a rule has.
fn letter_of(graph: &Graph, id: NodeId) -> Option<&str> {
    let name = match graph.as_symbol(id).map(|symbol| &symbol.name) {
        Some(SymbolName::Model(name)) => name,
        Some(SymbolName::Generated(_) | SymbolName::Gradient { .. }) => return None,
        None => &graph.as_leaf(id)?.name,
    };
    Some(name).filter(|name| name.len() == 1).map(String::as_str)
}

fn lettered(graph: &Graph, id: NodeId, letters: &Letters) -> Option<Math> {
    letter_of(graph, id).and_then(|own| letters.get(own)).map(|letter| Math::name(letter.as_str()))
}

/// The part of a proof that concerns what is concluded: of `∂L/∂A = … and ∂L/∂c = …` the derivatives by these letters.
fn concluded(proof: &str, letters: &[&str]) -> String {
    const BETWEEN: [&str; 6] = [r"\text{, and }", r"\text{ and }", r",\ ", ", and ", " and ", ", "];
    let (derivative, and) =
        if proof.contains('\\') { (r"\frac{\partial L}{\partial ", r"\text{ and }") } else { ("∂L/∂", " and ") };
    let starts: Vec<usize> = proof.match_indices(derivative).map(|(at, _)| at).collect();
    let (Some(first), false) = (starts.first(), proof.contains(':')) else { return proof.to_string() };
    let ends = starts.iter().skip(1).copied().chain([proof.len()]);
    let parts: Vec<&str> = starts.iter().zip(ends).map(|(start, end)| &proof[*start..end]).collect();
    let alone =
        |part: &&&str| BETWEEN.iter().find_map(|between| part.strip_suffix(between)).unwrap_or(part).to_string();
    let is_own = |part: &&&str| {
        let of = part[derivative.len()..].chars().next();
        letters.iter().any(|letter| letter.chars().next() == of)
    };
    let kept: Vec<String> = parts.iter().filter(is_own).map(|part| alone(&part)).collect();
    match kept.is_empty() || kept.len() == parts.len() {
        true => proof.to_string(),
        false => format!("{}{}", &proof[..*first], kept.join(and)),
    }
}

/// A proof with these letters. Words, commands and the letter of a transpose stay as they are.
fn relettered(proof: &str, letters: &Letters) -> String {
    let mut out = String::with_capacity(proof.len());
    let mut rest = proof;
    while let Some(first) = rest.chars().next() {
        let command = rest
            .strip_prefix('\\')
            .map(|word| 1 + word.find(|sign: char| !sign.is_ascii_alphabetic()).unwrap_or(word.len()).max(1));
        let length = match command.map(|length| &rest[..length]) {
            Some("\\text") => rest.find('}').map_or(rest.len(), |end| end + 1),
            Some("\\mathsf" | "\\mathbf") => {
                rest.find(|sign: char| sign.is_ascii_uppercase() || sign == '1').map_or(rest.len(), |end| end + 1)
            }
            Some(command) => command.len(),
            None => first.len_utf8(),
        };
        let is_word = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_alphabetic());
        let before = out.strip_suffix('d').unwrap_or(&out).chars().next_back();
        // `a share` is no letter, `a where` is.
        let article = rest.strip_prefix("a ").is_some_and(|next| {
            !next.starts_with("where") && is_word(next.chars().next()) && is_word(next.chars().nth(1))
        });
        let alone = proof.contains('\\') || !is_word(before) && !is_word(rest.chars().nth(1)) && !article;
        match letters.get(&rest[..length]).filter(|_| alone) {
            Some(letter) => out.push_str(letter),
            None => out.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    out
}

/// A rule with letters, as a graph of its own.
struct Statement {
    graph: Graph,
    /// The lines on which it is stated; the last one's result is `output`.
    premises: Vec<NodeId>,
    /// The gradient with respect to an operand.
    conclusions: Vec<(NodeId, NodeId)>,
    output: NodeId,
    upstream: NodeId,
    /// The operand whose sizes the conclusions mention.
    sized: Option<NodeId>,
}

impl Statement {
    /// `V = S W + b`, or with the weights first `V = W S + b`.
    fn affine(weights_first: bool, [left, right, bias]: [Shape; 3]) -> Option<Statement> {
        let letters = if weights_first { ["W", "S"] } else { ["S", "W"] };
        let mut graph = Graph::default();
        let left = leaf(&mut graph, letters[0], left);
        let right = leaf(&mut graph, letters[1], right);
        let bias = leaf(&mut graph, "b", bias);
        let product = graph.apply(MatMul, &[left, right]).ok()?;
        let sum = graph.apply(Add, &[product, bias]).ok()?;
        let output = graph.add_symbol(SymbolName::Model("V".to_string()), sum);
        let upstream = upstream(&mut graph, output);
        let mut conclusions = Vec::new();
        for (node, operands) in [(product, [left, right]), (sum, [product, bias])] {
            let (op, _) = graph.as_apply(node)?;
            let shapes: Vec<Shape> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
            let rules = op.gradient(&shapes);
            for (of, rule) in operands.iter().zip(rules).filter(|(of, _)| **of != product) {
                let raw =
                    graph.instantiate(&rule.term, Site { operands: &operands, output: node, upstream }).ok()??;
                conclusions.push((*of, simplest(&mut graph, raw)));
            }
        }
        Some(Statement { graph, premises: vec![output], conclusions, output, upstream, sized: None })
    }

    /// Whether each conclusion is what numeric differentiation finds, on random data.
    fn holds(&self) -> bool {
        let mut graph = self.graph.clone();
        let total = match graph.shape(self.output).is_scalar() {
            true => graph.product(self.upstream, self.output),
            false => graph
                .apply(Hadamard, &[self.upstream, self.output])
                .and_then(|product| graph.apply(Sum { axis: None }, &[product])),
        };
        let Ok(total) = total else { return false };
        self.conclusions.iter().all(|(of, form)| is_derivative(&graph, total, *of, *form))
    }
}

/// What a rule calls the result where it is not the loss itself.
fn result_letter(letters: &[&'static str]) -> &'static str {
    letters.last().copied().filter(|letter| *letter != "L").unwrap_or("V")
}

fn mentions_size(term: &Term) -> bool {
    match term {
        Term::Size(_) => true,
        Term::Apply(_, terms) => terms.iter().any(mentions_size),
        Term::Operand(_) | Term::Output | Term::Upstream | Term::Zero | Term::Number(_) | Term::Ones(_) => false,
    }
}

/// The shape with letters for the sides that are not 1, by place: `n × m`.
fn named_sides(shape: &Shape) -> Shape {
    let letters = ["n", "m", "k", "l"].into_iter().map(Dim::name);
    Shape(shape.0.iter().zip(letters).map(|(side, letter)| if side.is_one() { Dim::one() } else { letter }).collect())
}

/// Whether the operator repeats one operand along the other.
fn is_repeating(op: &Op, shapes: &[Shape]) -> bool {
    let broadcasts =
        matches!(op, Op::Add(_) | Op::Sub(_) | Op::Hadamard(_) | Op::Div(_) | Op::Maximum(_) | Op::Minimum(_));
    broadcasts && shapes.windows(2).any(|pair| pair[0] != pair[1])
}

/// A convolution entry by entry without padding or bias.
fn slides_plainly(op: &Op, operands: usize) -> bool {
    matches!(op, Op::Conv2d(_)) && operands == 2 && op.options().is_empty()
}

/// What a loss that is a mean divides by the number of.
fn mean_over(op: &Op) -> Option<&'static str> {
    let mean = op.is_loss() && op.options().contains(&("reduce", "mean".to_string()));
    let over = if matches!(op, Op::CrossEntropy(_)) { "examples" } else { "entries" };
    mean.then_some(over)
}

/// The shape with every side that is not 1 alike.
fn sides_of_one(shape: &Shape) -> Shape {
    Shape(shape.0.iter().map(|side| if side.is_one() { Dim::one() } else { Dim::name("n") }).collect())
}

impl Cited {
    pub fn count(&self) -> usize {
        self.laws.len()
    }

    /// The rules that were cited after the first so many.
    pub fn since(&self, known: usize) -> Vec<LawView> {
        self.laws[known..].to_vec()
    }
}

fn leaf(graph: &mut Graph, name: &str, shape: Shape) -> NodeId {
    leaf_that_sums(graph, name, shape, None)
}

/// A leaf whose entries sum to 1 along an axis.
fn leaf_that_sums(graph: &mut Graph, name: &str, shape: Shape, one_hot_axis: Option<usize>) -> NodeId {
    graph.add_leaf(Leaf {
        name: name.to_string(),
        kind: LeafKind::Input,
        shape,
        value: None,
        one_hot_axis,
        assumed: Vec::new(),
        description: None,
    })
}

/// The gradient with respect to a result, by its name.
fn upstream(graph: &mut Graph, output: NodeId) -> NodeId {
    let shape = graph.shape(output).clone();
    let given = leaf(graph, "upstream", shape);
    graph.add_symbol(SymbolName::Gradient { of: output, loss: output }, given)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::samples::samples;

    /// Every rule of every operator, as it would be stated, with one that is broken on purpose.
    #[test]
    fn rules_hold_as_stated() {
        let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
        for sample in samples() {
            let shapes = sample.shapes();
            let laws = sample.op.gradient(&shapes).into_iter().map(|rule| (rule.law, None));
            let fused = sample.op.fusions(&shapes).into_iter().map(|fusion| (fusion.law, Some(fusion.inner)));
            for (law, inner) in laws.chain(fused) {
                for at_loss in [false, sample.op.is_loss()] {
                    let places = (0..shapes.len()).collect();
                    let op = sample.op.clone();
                    let used = Use { law, op, inner: inner.clone(), shapes: shapes.clone(), places, at_loss };
                    let mut statement = used.statement().expect("a rule can be stated");
                    assert!(statement.holds(), "{:?}: {} on {shapes:?}", sample.op, law.name);
                    if let Some((_, form)) = statement.conclusions.first_mut() {
                        *form = statement.graph.apply(crate::ops::Neg, &[*form]).unwrap();
                        *seen.entry(law.name).or_insert(false) |= !statement.holds();
                    }
                }
            }
        }
        let unseen: Vec<&str> = seen.into_iter().filter(|(_, seen)| !seen).map(|(law, _)| law).collect();
        assert!(unseen.is_empty(), "a wrong sign is not seen in {unseen:?}");
    }
}
