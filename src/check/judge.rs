//! The verdict on one answer.

use super::beside::Comparison;
use super::compare::{are_shortened, closenesses};
use super::indexed::{is_indexed, target_letters};
use super::key::Key;
use super::marker::{Carried, Marker, placed};
use super::marks::{Evidence, Remark, Verdict};
use super::question::Question;
use super::sheet::{Given, Sheet, as_expression, lost_name, used_names};
use super::world::{Failure, World};
use crate::answer::Subject;
use crate::diagnostic::Diagnostic;
use crate::graph::NodeId;
use crate::lower::{Meaning, operators};
use crate::number::Number;
use crate::ops::Mistake;
use crate::span::Source;
use crate::syntax::ast::{Answer, AnswerValue, BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name, Sign, TargetKind};
use crate::syntax::map_operands;
use crate::syntax::names;
use crate::tensor::Tensor;

/// How many wrong entries a report names.
const NAMED_ENTRIES: usize = 4;

/// A verdict and how it came about; the points follow from it.
#[derive(Debug)]
pub(super) struct Judgement {
    pub verdict: Verdict,
    pub mistakes: Vec<&'static str>,
    pub remarks: Vec<Remark>,
    pub evidence: Option<Evidence>,
    /// The share of entries that are right, where only some are.
    pub right_share: Option<Number>,
    /// Whether there is enough to say that the mistake was made, so that it is paid for.
    pub paid: bool,
}

impl Judgement {
    pub fn of(verdict: Verdict) -> Judgement {
        Judgement { verdict, mistakes: Vec::new(), remarks: Vec::new(), evidence: None, right_share: None, paid: true }
    }

    pub fn remark(mut self, remark: Remark) -> Judgement {
        self.remarks.push(remark);
        self
    }
}

/// One answer under judgement.
pub(super) struct Case<'a, 's> {
    pub place: usize,
    pub expr: &'a Expr,
    pub sheet: &'s Sheet<'a>,
    pub source: &'s Source,
    /// The name of the line that it stands in, and its place among the lines of that name.
    pub line: Option<(&'s str, usize)>,
}

impl Marker<'_> {
    pub(super) fn judge(&mut self, place: usize, sheet: &Sheet, carried: &mut Carried, source: &Source) -> Judgement {
        match &sheet.given[place] {
            Given::Missing => Judgement::of(Verdict::Missing),
            Given::Unreadable(line) => match line.diagnostics.first() {
                Some(fault) => unreadable(fault, source),
                None => Judgement::of(Verdict::Unreadable),
            },
            Given::Whole(answer, times) => {
                let judgement = self.judge_whole(place, answer, sheet, carried, source);
                let judgement = self.with_reason(judgement, place, answer, source);
                let right = matches!(judgement.verdict, Verdict::Correct | Verdict::Notation);
                if let Some(fault) = sheet.guessed.get(&place).filter(|_| !right) {
                    return unreadable(fault, source);
                }
                match times {
                    1 => judgement,
                    times => judgement.remark(Remark::Repeated { times: *times }),
                }
            }
            Given::Entries(entries) => self.judge_entries(place, entries, sheet, source),
        }
    }

    /// The reason, where an answer can't be read and none is given yet.
    fn with_reason(&self, judgement: Judgement, place: usize, answer: &Answer, source: &Source) -> Judgement {
        let told = |remark: &Remark| matches!(remark, Remark::Unreadable { .. } | Remark::TooMuchWork);
        if judgement.verdict != Verdict::Unreadable || judgement.remarks.iter().any(told) {
            return judgement;
        }
        let (line, column) = source.position(answer.span.start);
        let (message, help) = match self.key.questions[place].kind {
            TargetKind::Shape => {
                ("this is no shape", vec!["a shape is sizes with `x` between them, as `N x D`".to_string()])
            }
            _ => ("this can't be compared with the right value", Vec::new()),
        };
        judgement.remark(Remark::Unreadable { message: message.to_string(), line, column, help })
    }

    fn judge_whole(
        &mut self,
        place: usize,
        answer: &Answer,
        sheet: &Sheet,
        carried: &mut Carried,
        source: &Source,
    ) -> Judgement {
        let key = self.key;
        let question = &key.questions[place];
        match &answer.value {
            AnswerValue::Shape(sides) => self.judge_shape(question, sides, sheet),
            AnswerValue::Expression(expr) if question.kind == TargetKind::Shape => {
                self.judge_listed_shape(question, expr, sheet)
            }
            AnswerValue::Expression(expr) => {
                if let Some(judgement) = self.judge_part(place, answer, expr, sheet, source) {
                    return judgement;
                }
                let case = Case { place, expr, sheet, source, line: sheet.line(answer) };
                let judgement = self.judge_expression(&case, carried);
                let judgement = self.in_these_names(place, expr, judgement);
                let judgement = self.with_line_before(&case, judgement);
                let decided = matches!(judgement.verdict, Verdict::Correct | Verdict::Notation | Verdict::Unreadable)
                    || matches!(judgement.verdict, Verdict::Underived | Verdict::Unevaluated);
                match lost_name(key, sheet, expr) {
                    // What it says depends on what can't be read.
                    Some(lost) if !decided => self.undecided(&Failure::Through(lost), &case),
                    Some(name) if key.knows(&name) => judgement.remark(Remark::StoodIn { name }),
                    _ => judgement,
                }
            }
        }
    }

    /// Mistakes by name; those that the problem accepts are remarks.
    pub(super) fn with_mistake(
        &self,
        mut judgement: Judgement,
        name: &'static str,
        within: Option<String>,
    ) -> Judgement {
        if self.key.solution.model.marking.accepted.contains(name) {
            judgement.verdict = Verdict::Correct;
            judgement.remarks.push(Remark::Convention { name, accepted: true });
            return judgement;
        }
        judgement.remarks.push(match judgement.mistakes.is_empty() {
            true => Remark::Mistake { name, within, place: None },
            false => Remark::Also { name, within },
        });
        judgement.mistakes.push(name);
        judgement
    }

    fn judge_expression(&mut self, case: &Case, carried: &mut Carried) -> Judgement {
        let judgement = self.judge_written(case, carried);
        if judgement.verdict != Verdict::Unreadable {
            return judgement;
        }
        let Some(name) = unknown_function(self.key, case.expr) else { return judgement };
        if let Some((parameter, body)) = case.sheet.function(&names::key(&name)) {
            let mut nodes = Vec::new();
            applied(case.expr, case.expr.root(), &(&name, parameter, body), &mut nodes);
            let expr = Expr { nodes };
            return match unknown_function(self.key, &expr) {
                Some(_) => judgement,
                None => self.judge_written(&Case { expr: &expr, ..*case }, carried),
            };
        }
        let Some(function) = self.key.only_function() else { return judgement };
        let expr = with_function(case.expr, &name, function);
        let meant = self.judge_written(&Case { expr: &expr, ..*case }, carried);
        match meant.verdict {
            Verdict::Correct => meant.remark(Remark::ReadAs { message: format!("`{name}` is read as `{function}`") }),
            _ => judgement,
        }
    }

    fn judge_written(&mut self, case: &Case, carried: &mut Carried) -> Judgement {
        let key = self.key;
        let question = &key.questions[case.place];
        self.speak_of(question);
        let uses = used_names(key, case.expr);
        let by_entries = uses.iter().any(|name| !key.knows(name) && case.sheet.general(name).is_some());
        if by_entries
            || is_indexed(case.expr, &target_letters(case), &|name| {
                key.knows(&names::key(name)) || case.sheet.named.contains_key(name)
            })
        {
            let judgement = self.judge_indexed(case);
            return self.as_asked(case, &uses, judgement);
        }
        let wanted = Some(question.shape.clone());
        let mut world = self.answering(case);
        world.wanted = wanted;
        let node = world.of_names(case.expr, &uses, case.line);
        match node {
            Ok(node) => {
                let judgement = self.judge_node(case, &uses, node, carried);
                self.as_asked(case, &uses, judgement)
            }
            Err(Failure::IllTyped(fault)) => self.judge_ill_typed(case, &fault),
            Err(failure) => match self.ill_typed_through(&failure, case.sheet) {
                Some(fault) => self.judge_ill_typed(case, &fault),
                None => self.undecided(&failure, case),
            },
        }
    }

    /// Of several losses, the gradients are those of the one that is asked about.
    fn speak_of(&mut self, question: &Question) {
        let Subject::Gradient { loss, .. } = &question.subject else { return };
        if self.key.by_loss.len() > 1 {
            self.own_names.clear();
            self.lowered.clear();
            for (name, gradient) in self.key.by_loss.get(loss).into_iter().flatten() {
                self.scope.set(name, Meaning::Value(*gradient));
            }
        }
    }

    fn judge_indexed(&mut self, case: &Case) -> Judgement {
        match self.compare_indexed(case) {
            Comparison::Equal { .. } => Judgement::of(Verdict::Correct),
            _ if self.is_turned(case) => {
                self.with_mistake(Judgement::of(Verdict::Wrong), Mistake::TRANSPOSED_LAYOUT, None)
            }
            Comparison::Differs { evidence, .. } => {
                let judgement = Judgement { evidence, ..Judgement::of(Verdict::Wrong) };
                let turned = negated(case.expr);
                let turned = self.compare_indexed(&Case { expr: &turned, ..*case });
                if turned.is_equal() {
                    return self.with_mistake(judgement, Mistake::SIGN, None);
                }
                let slip = self.indexed_values(case).and_then(|values| self.slip_of_values(case.place, &values));
                match slip {
                    Some(slip) => self.with_slip(judgement, &slip),
                    None => judgement,
                }
            }
            Comparison::Misshapen | Comparison::Coarse { .. } => Judgement::of(Verdict::Wrong),
            Comparison::Undefined => {
                let remark = self.through("its indices", "do not say which entries are meant", case);
                Judgement::of(Verdict::Unreadable).remark(remark)
            }
        }
    }

    pub(super) fn world<'a, 'w>(&'w mut self, sheet: &'w Sheet<'a>) -> World<'a, 'w> {
        let (graph, scope) = (&mut self.graph, &mut self.scope);
        World::new(self.key, sheet, graph, scope, &mut self.own_names, &mut self.lowered)
    }

    /// The world in which an answer to a question is given: it may not rest on itself.
    pub(super) fn answering<'a, 'w>(&'w mut self, case: &'w Case<'a, 'w>) -> World<'a, 'w> {
        let question = &self.key.questions[case.place];
        let names = if question.kind == TargetKind::Plain { question.keys.as_slice() } else { &[] };
        self.world(case.sheet).defining(names)
    }

    /// The shapes that do not fit in a name of the student's own that an answer uses.
    fn ill_typed_through(&mut self, failure: &Failure, sheet: &Sheet) -> Option<Diagnostic> {
        let Failure::Through(name) = failure else { return None };
        match self.world(sheet).named(name) {
            Err(Failure::IllTyped(fault)) => Some(fault),
            Ok(_) | Err(Failure::Unreadable(_) | Failure::Through(_) | Failure::Circular(_)) => None,
        }
    }

    fn undecided(&self, failure: &Failure, case: &Case) -> Judgement {
        match failure {
            Failure::Unreadable(fault) | Failure::IllTyped(fault) => unreadable(fault, case.source),
            Failure::Through(name) => {
                Judgement::of(Verdict::Unreadable).remark(self.through(name, "can't be read", case))
            }
            Failure::Circular(name) => {
                let remark = self.through(name, "is given in terms of itself", case);
                Judgement { paid: false, ..Judgement::of(Verdict::Unreadable) }.remark(remark)
            }
        }
    }

    fn through(&self, name: &str, what: &str, case: &Case) -> Remark {
        let (line, column) = case.source.position(case.expr.span().start);
        Remark::Unreadable { message: format!("`{name}` {what}"), line, column, help: Vec::new() }
    }

    /// An answer with a value: right, following, or wrong in some way.
    fn judge_node(&mut self, case: &Case, uses: &[String], node: NodeId, carried: &mut Carried) -> Judgement {
        let comparison = self.compare(case.place, node);
        match &comparison {
            Comparison::Equal { partly } => {
                let judgement = Judgement::of(Verdict::Correct);
                let right = self.key.questions[case.place].node;
                let one_sided = self.one_sided.contains(&node)
                    || right.is_some_and(|right| right != node && self.key.one_sided.contains(&right));
                let judgement = if one_sided { judgement.remark(Remark::OneSided) } else { judgement };
                return if *partly { judgement.remark(Remark::PartlyUndefined) } else { judgement };
            }
            Comparison::Undefined => {
                let (line, column) = case.source.position(case.expr.span().start);
                let message = "it has no value at the data that were tried".to_string();
                let remark = Remark::Unreadable { message, line, column, help: Vec::new() };
                return Judgement::of(Verdict::Unreadable).remark(remark);
            }
            Comparison::Coarse { .. } | Comparison::Differs { .. } | Comparison::Misshapen => {}
        }
        if matches!(comparison, Comparison::Misshapen) && self.is_zero_throughout(case.place, node) {
            return Judgement::of(Verdict::Correct);
        }
        if matches!(comparison, Comparison::Misshapen) && self.is_right_otherwise(case) {
            return Judgement::of(Verdict::Correct);
        }
        if let Some(judgement) = self.follows(case, uses, node, carried) {
            return judgement;
        }
        if let Some(judgement) = self.meant_otherwise(case, uses, carried) {
            return judgement;
        }
        if matches!(comparison, Comparison::Misshapen)
            && !self.is_transposed(case.place, node)
            && self.is_scalar_form(case)
        {
            return Judgement::of(Verdict::Notation).remark(Remark::ScalarForm);
        }
        self.wrong(case, node, comparison)
    }

    /// Whether the answer is right where a sign in it means what it can mean too.
    pub(super) fn is_right_otherwise(&mut self, case: &Case) -> bool {
        OTHERWISE.iter().any(|(sign, operator)| {
            let Some(expr) = otherwise(case.expr, *sign, operator) else { return false };
            let node = self.answering(case).own(&expr);
            node.is_ok_and(|node| self.compare(case.place, node).is_equal())
        })
    }

    /// Whether the answer is the number 0, and so is every entry of the right one.
    fn is_zero_throughout(&mut self, place: usize, node: NodeId) -> bool {
        let zero = Number::integer(0);
        let key = self.key;
        let right = key.questions[place].value.as_ref();
        self.graph.shape(node).is_scalar()
            && right.is_some_and(|value| value.entries().all(|entry| *entry == zero))
            && self.given_value(place, node).is_some_and(|found| *found.first() == zero)
    }

    /// What is wrong with an answer that is wrong.
    fn wrong(&mut self, case: &Case, node: NodeId, comparison: Comparison) -> Judgement {
        let key = self.key;
        let question = &key.questions[case.place];
        let mut judgement = Judgement::of(Verdict::Wrong);
        // Of how many entries how many are wrong, where they were compared one by one.
        let (mut off, mut of) = (0, 0);
        match comparison {
            Comparison::Equal { .. } => return Judgement::of(Verdict::Correct),
            Comparison::Coarse { wrong, total } => {
                (off, of) = (wrong.len(), total);
                let found = self.given_value(case.place, node);
                if found
                    .zip(question.value.as_ref())
                    .is_some_and(|(found, right)| are_shortened(case.expr, &found, right))
                {
                    judgement = judgement.remark(Remark::TooCoarse { digits: 3 });
                    return self.with_mistake(judgement, Mistake::ROUNDED, None);
                }
                // What is nearer is never worth less than what was rounded.
                judgement.right_share = Some(self.kept(Mistake::ROUNDED));
            }
            Comparison::Differs { evidence, wrong, total } => {
                judgement.evidence = evidence;
                let counted = question.subject == Subject::Count;
                let found = self.given_value(case.place, node).filter(|_| total > 0 && !counted);
                if found
                    .zip(question.value.as_ref())
                    .is_some_and(|(found, right)| are_shortened(case.expr, &found, right))
                {
                    judgement.paid = false;
                    let judgement = judgement.remark(Remark::TooCoarse { digits: 3 });
                    return self.with_mistake(judgement, Mistake::ROUNDED, None);
                }
                (off, of) = (wrong.len(), total);
                if total > 1 && wrong.len() < total && !wrong.is_empty() && !self.is_uniform(node) {
                    let right = total - wrong.len();
                    let named = wrong.iter().take(NAMED_ENTRIES).map(|index| from_one(index)).collect();
                    judgement.remarks.push(Remark::Entries { wrong: named, right, total });
                    judgement.right_share = ratio(right, total);
                }
            }
            Comparison::Misshapen | Comparison::Undefined => {
                let found = self.graph.shape(node).to_string();
                let expected = question.shape.to_string();
                judgement = judgement.remark(Remark::Shape { found, expected });
            }
        }
        if self.is_transposed(case.place, node) {
            return self.with_mistake(judgement, Mistake::TRANSPOSED_LAYOUT, None);
        }
        if let Some(slip) = self.slip(case.place, node) {
            // One change of the answer explains more than two of the key's.
            let one = if slip.len() > 1 { self.repair(case) } else { None };
            let mut judgement = self.with_slip(judgement, &one.map_or(slip, |name| vec![(name, None)]));
            if let Some(name) = self.as_well.get(&(case.place, node)) {
                judgement.remarks.push(Remark::Or { name });
            }
            return self.on_evidence(case, node, judgement);
        }
        if of > 0
            && let Some(name) = self.learning_slip(case, node)
        {
            let judgement = self.with_mistake(judgement, name, None);
            return self.on_evidence(case, node, judgement);
        }
        let name = match () {
            () if of > 1 && off == 1 => Some(Mistake::ONE_WRONG_ENTRY),
            () if of == 1 && self.is_arithmetic_slip(case.place, node) => Some(Mistake::ARITHMETIC_SLIP),
            () => self.repair(case),
        };
        match name {
            Some(name) => {
                let judgement = self.with_mistake(judgement, name, None);
                self.on_evidence(case, node, judgement)
            }
            None => judgement,
        }
    }

    pub(super) fn with_slip(&self, judgement: Judgement, slip: &[(&'static str, Option<String>)]) -> Judgement {
        slip.iter().fold(judgement, |judgement, (name, within)| self.with_mistake(judgement, name, within.clone()))
    }

    fn judge_ill_typed(&mut self, case: &Case, fault: &Diagnostic) -> Judgement {
        if self.is_right_otherwise(case) {
            return Judgement::of(Verdict::Correct);
        }
        if self.is_scalar_form(case) {
            return Judgement::of(Verdict::Notation).remark(Remark::ScalarForm);
        }
        if self.is_right_in_sums(case) {
            let message = "products inside of a sum are read entry by entry".to_string();
            return Judgement::of(Verdict::Correct).remark(Remark::ReadAs { message });
        }
        let (message, line, column) = placed(fault, case.source);
        let judgement = Judgement::of(Verdict::Wrong).remark(Remark::IllTyped { message, line, column });
        match self.repair(case) {
            Some(name) => self.with_mistake(judgement, name, None),
            None => judgement,
        }
    }

    /// An answer in single entries: each for itself.
    fn judge_entries(
        &mut self,
        place: usize,
        entries: &[(Vec<usize>, &Answer)],
        sheet: &Sheet,
        source: &Source,
    ) -> Judgement {
        let key = self.key;
        let question = &key.questions[place];
        let Some(value) = question.value.clone() else { return Judgement::of(Verdict::Unreadable) };
        let (mut right, mut wrong) = (0, Vec::new());
        for (index, answer) in entries {
            let fits = index.len() == value.rank() && index.iter().zip(value.extents()).all(|(own, side)| own < side);
            let expr = as_expression(&answer.value).filter(|_| fits);
            let node = expr.map(|expr| self.world(sheet).defining(&question.keys).own(expr));
            let found = match node {
                Some(Ok(node)) => self.given_value(place, node),
                Some(Err(failure)) if entries.len() == 1 => {
                    return self.undecided(
                        &failure,
                        &Case { place, expr: expr.expect("it was lowered"), sheet, source, line: None },
                    );
                }
                Some(Err(_)) | None => None,
            };
            let close = found.zip(expr).is_some_and(|(found, expr)| {
                let right = Tensor::scalar(value.at(index).clone());
                let evaluated = !self.wants_number(place) || self.model_names(sheet, expr).is_empty();
                evaluated && closenesses(&found, &right, self.tolerance()).is_some_and(|all| all.wrong.is_empty())
            });
            if close { right += 1 } else { wrong.push(from_one(index)) }
        }
        let total = value.size();
        if right == total {
            return Judgement::of(Verdict::Correct);
        }
        let single = right + 1 == total && wrong.len() == 1;
        wrong.truncate(NAMED_ENTRIES);
        let mut judgement = Judgement::of(Verdict::Wrong).remark(Remark::Entries { wrong, right, total });
        judgement.right_share = ratio(right, total);
        if single { self.with_mistake(judgement, Mistake::ONE_WRONG_ENTRY, None) } else { judgement }
    }
}

/// A function that the problem and its language lack: `g` of `g(z)`.
fn unknown_function(key: &Key, expr: &Expr) -> Option<String> {
    const LONGEST: usize = 3;
    let is_unknown =
        |name: &str| name.len() <= LONGEST && !operators().any(|known| known == name) && !key.knows(&names::key(name));
    expr.nodes.iter().find_map(|node| match &node.kind {
        ExprKind::Call { callee, .. } if is_unknown(&callee.text) => Some(callee.text.clone()),
        _ => None,
    })
}

/// The expression with a function of the model for one that nobody knows.
fn with_function(expr: &Expr, unknown: &str, function: &str) -> Expr {
    let mut expr = expr.clone();
    for node in &mut expr.nodes {
        if let ExprKind::Call { callee, .. } = &mut node.kind
            && callee.text == unknown
        {
            callee.text = function.to_string();
        }
    }
    expr
}

/// A part of an expression with the body of a function (its name, its parameter and that) for each of its calls, up to a
/// number of nodes.
fn applied(expr: &Expr, id: ExprId, function: &(&str, &Name, &Expr), nodes: &mut Vec<ExprNode>) -> ExprId {
    const LONGEST: usize = 2_000;
    let (name, parameter, body) = function;
    let node = expr.node(id);
    if let (ExprKind::Call { callee, arguments, .. }, true) = (&node.kind, nodes.len() < LONGEST)
        && callee.text == *name
        && let [argument] = arguments.as_slice()
    {
        let argument = applied(expr, *argument, function, nodes);
        return put_in(body, body.root(), parameter, argument, nodes);
    }
    let kind = map_operands(&node.kind, &mut |operand| applied(expr, operand, function, nodes));
    nodes.push(ExprNode { kind, ..node.clone() });
    ExprId(nodes.len() as u32 - 1)
}

/// The body of a function with a node for its parameter.
fn put_in(body: &Expr, id: ExprId, parameter: &Name, argument: ExprId, nodes: &mut Vec<ExprNode>) -> ExprId {
    let node = body.node(id);
    if matches!(&node.kind, ExprKind::Name(name) if name.key() == parameter.key()) {
        return argument;
    }
    let kind = map_operands(&node.kind, &mut |operand| put_in(body, operand, parameter, argument, nodes));
    nodes.push(ExprNode { kind, ..node.clone() });
    ExprId(nodes.len() as u32 - 1)
}

fn negated(expr: &Expr) -> Expr {
    let mut nodes = expr.nodes.clone();
    nodes.push(ExprNode::new(ExprKind::Negate(expr.root()), expr.span()));
    Expr { nodes }
}

pub(super) fn from_one(index: &[usize]) -> String {
    let places: Vec<String> = index.iter().map(|place| (place + 1).to_string()).collect();
    format!("[{}]", places.join(", "))
}

pub(super) fn ratio(right: usize, total: usize) -> Option<Number> {
    let (right, total) = (i64::try_from(right).ok()?, i64::try_from(total).ok()?);
    (total > 0).then(|| Number::ratio(right, total))
}

fn unreadable(fault: &Diagnostic, source: &Source) -> Judgement {
    let (message, line, column) = placed(fault, source);
    Judgement::of(Verdict::Unreadable).remark(Remark::Unreadable { message, line, column, help: fault.help.clone() })
}

/// What signs may mean too: `\sum \delta` for a bias is over the examples, `|A|` of a matrix its determinant, and
/// `u \cdot v` of two vectors the sum of the products of their entries.
const OTHERWISE: [(Sign, &str); 4] =
    [(Sign::Sigma, "colsum"), (Sign::Sigma, "rowsum"), (Sign::Bars, "det"), (Sign::Point, "")];

/// An expression with an operator for its calls of a sign, and with dots for its products of that sign, if it has any.
fn otherwise(expr: &Expr, sign: Sign, operator: &str) -> Option<Expr> {
    let mut expr = expr.clone();
    let mut found = false;
    for node in expr.nodes.iter_mut().filter(|node| node.written.sign == sign) {
        match &mut node.kind {
            ExprKind::Call { callee, .. } => callee.text = operator.to_string(),
            ExprKind::Binary { op: BinaryOp::Mul, .. } => node.written.sign = Sign::Dot,
            _ => continue,
        }
        found = true;
    }
    found.then_some(expr)
}
