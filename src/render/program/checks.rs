//! Each answer of the key as checks that a program makes.

use super::data::Binding;
use super::learning::{DescentView, FitView};
use super::writer::{Writer, array};
use crate::answer::told::{Formula, Hole, Say, Told};
use crate::answer::{Answer, Part, Section, Subject, Wanted};
use crate::graph::{Environment, NodeId};
use crate::math::Relation;
use crate::model::{JacobianLayout, Point};
use crate::ops::Code;
use crate::render::json::answer_name;
use serde::Serialize;
use std::collections::BTreeSet;

/// Of more entries not all are written out again.
const WRITTEN: usize = 600;
/// Two doubles are the same number up to rounding.
const CLOSE: f64 = 1e-7;

/// Checks at one place.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Group {
    /// What is changed of the values that are given, and the values that its expressions take.
    pub at: Vec<Binding>,
    pub before: Vec<String>,
    /// The values that the checks take.
    pub picks: Vec<String>,
    pub checks: Vec<Check>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Check {
    /// Two values.
    Agree {
        name: String,
        code: String,
        expected: String,
    },
    /// A gradient and the slopes of the function that it is of.
    Slope {
        name: String,
        code: String,
        along: Along,
    },
    /// A matrix of derivatives.
    Jacobian {
        name: String,
        code: String,
        along: Along,
        turned: &'static str,
    },
    /// The same of a gradient.
    Hessian {
        name: String,
        code: String,
        variable: String,
        gradient: String,
        turned: &'static str,
    },
    /// The derivative along a direction in several.
    Directional {
        name: String,
        code: String,
        of: String,
        moved: Vec<Binding>,
    },
    /// A statement about two values.
    Holds {
        name: String,
        left: String,
        sign: &'static str,
        right: String,
    },
    Descent(Box<DescentView>),
    Fit(Box<FitView>),
    /// What a program can't check, and why.
    Remark {
        reason: Reason,
        name: String,
    },
}

/// A function of one value: the model, or its lines from that value on.
#[derive(Clone, Debug, Serialize)]
pub struct Along {
    pub variable: String,
    /// The function of the program and which of its values.
    pub function: String,
    pub of: String,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A picture.
    Drawn,
    /// A person reads it.
    Words,
    /// A statement about all data.
    Statement,
    /// Doubles do not reach it.
    Doubles,
    /// Too many numbers, or too many steps.
    Large,
    /// There is no value.
    Missing,
}

/// The lines of the model from one value on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct From {
    pub of: NodeId,
    pub wrt: NodeId,
}

/// Makes the checks of one task.
pub struct Checker<'w, 's> {
    writer: &'w Writer<'s>,
    /// The functions that the checks so far call.
    pub parts: BTreeSet<From>,
    groups: Vec<Group>,
    values: &'static str,
}

impl<'w, 's> Checker<'w, 's> {
    pub fn new(writer: &'w Writer<'s>) -> Checker<'w, 's> {
        Checker { writer, parts: BTreeSet::new(), groups: Vec::new(), values: "values" }
    }

    /// The checks of a task, counted from 1.
    pub fn task(&mut self, task: usize) -> Vec<Group> {
        let solution = self.writer.solution;
        let answers: Vec<&Answer> = solution.answers.iter().filter(|answer| answer.task == task).collect();
        match &solution.sections[task - 1] {
            Section::Graph { .. } | Section::Plot(_) => self.remark(Reason::Drawn, ""),
            Section::Descent(result) => {
                let view = DescentView::new(self.writer, task, result);
                match view {
                    Some(view) => self.add(Vec::new(), Check::Descent(Box::new(view))),
                    None => self.remark(Reason::Large, ""),
                }
            }
            Section::Fit(result) => {
                let section = &solution.sections[task - 1];
                for view in FitView::all(self.writer, result, section) {
                    self.add(vec![result.fit.of, result.fit.over], Check::Fit(Box::new(view)));
                }
            }
            Section::Minimum(result) => {
                self.at_values(result.params.iter().copied().zip(result.minimum.iter().map(array)), &[]);
                for param in &result.params {
                    self.still(result.loss, *param);
                }
                let least = Code::number(&result.least).text().to_string();
                self.agree_code("least", result.loss, least);
            }
            Section::Told(told) if told.open => self.remark(Reason::Words, ""),
            Section::Told(told) => self.told(told, &answers),
            Section::Count { parameters, total } => {
                let sizes = parameters.iter().map(|(id, _)| Code::atom(self.writer.code(*id)).followed(".size"));
                let code = sizes.reduce(Code::plus).unwrap_or_else(|| Code::integer(0));
                let expected = Code::size(total).text().to_string();
                let uses = parameters.iter().map(|(id, _)| *id).collect();
                self.add(uses, Check::Agree { name: quoted("params"), code: code.text().to_string(), expected });
            }
            Section::Values { .. }
            | Section::Points { .. }
            | Section::Gradients { .. }
            | Section::Shapes { .. }
            | Section::Entries { .. }
            | Section::Update { .. }
            | Section::Second { .. }
            | Section::Directional { .. } => answers.into_iter().for_each(|answer| self.answer(answer)),
        }
        std::mem::take(&mut self.groups)
    }

    /// The gradients with respect to what is given that no answer has been checked with.
    pub fn rest(&mut self, done: &[Group]) -> Vec<Group> {
        let is_done = |code: &str| {
            done.iter()
                .flat_map(|group| &group.checks)
                .any(|check| matches!(check, Check::Slope { code: own, .. } if own == code))
        };
        self.at_values([], &[]);
        for gradients in &self.writer.solution.gradients {
            for (of, gradient) in &gradients.of {
                let code = self.writer.code(*gradient);
                let is_leaf = self.writer.graph().as_leaf(*of).is_some();
                if is_leaf && !is_done(&code) && self.in_doubles(Some(*gradient), None) {
                    self.slope(&code, Some(*gradient), gradients.loss, *of);
                }
            }
        }
        std::mem::take(&mut self.groups).into_iter().filter(|group| !group.checks.is_empty()).collect()
    }

    fn answer(&mut self, answer: &Answer) {
        self.at_point(answer.at.as_ref());
        let name = answer_name(self.writer.solution, answer);
        match &answer.subject {
            Subject::Shape(id) => {
                let code = Code::atom(self.writer.code(*id)).followed(".shape").text().to_string();
                let expected = Code::shape(&answer.shape).text().to_string();
                self.add(vec![*id], Check::Agree { name: quoted(&format!("shape of {name}")), code, expected });
            }
            Subject::Gradient { of, loss, entry } => {
                self.key_value(answer, &name);
                self.written_out(answer, &name);
                if answer.missing.is_empty() && entry.is_empty() && self.in_doubles(answer.form, answer.at.as_ref()) {
                    self.slope(&name, answer.form, *loss, *of);
                }
            }
            Subject::Jacobian { of, wrt, layout } => {
                self.key_value(answer, &name);
                let turned = self.turned(answer, *layout == JacobianLayout::Denominator);
                let Some((code, uses)) = self.form_or_value(answer) else { return };
                let Some(along) = self.along(*of, *wrt) else { return };
                let uses = [uses, vec![*wrt]].concat();
                self.add(uses, Check::Jacobian { name: quoted(&name), code, along, turned });
            }
            Subject::Hessian { of, wrt } => {
                self.key_value(answer, &name);
                let gradients = self.writer.solution.gradients.iter().find(|gradients| gradients.loss == *of);
                let gradient =
                    gradients.and_then(|gradients| gradients.of.get(wrt)).and_then(|id| self.writer.name(*id));
                let is_leaf = self.writer.graph().as_leaf(*wrt).is_some();
                let (Some(gradient), true) = (gradient.map(str::to_string), is_leaf) else { return };
                let Some((code, uses)) = self.form_or_value(answer) else { return };
                let variable = self.writer.code(*wrt);
                let uses = [uses, vec![*wrt]].concat();
                self.add(
                    uses,
                    Check::Hessian {
                        name: quoted(&name),
                        code,
                        variable,
                        gradient,
                        turned: self.turned(answer, false),
                    },
                );
            }
            Subject::Directional { of, wrt } => {
                let (Some(form), Section::Directional { directions, .. }) =
                    (answer.form, &self.writer.solution.sections[answer.task - 1])
                else {
                    return;
                };
                let moved = wrt.iter().zip(directions).map(|(id, direction)| {
                    let [name, direction] = [self.writer.code(*id), self.writer.code(*direction)];
                    Binding { code: format!("{name} + h * {direction}"), name }
                });
                let check = Check::Directional {
                    name: quoted(&name),
                    code: self.writer.code(form),
                    of: self.writer.code(*of),
                    moved: moved.collect(),
                };
                let uses = [self.writer.used(&[form]), wrt.clone(), directions.clone()].concat();
                self.add(uses, check);
            }
            Subject::Value(_) => self.key_value(answer, &name),
            Subject::Entries(_) | Subject::Updated(_) => {
                self.key_value(answer, &name);
                self.written_out(answer, &name);
            }
            // Each with its whole task.
            Subject::Count
            | Subject::Descended { .. }
            | Subject::Minimum(_)
            | Subject::Fit { .. }
            | Subject::Part(_) => {}
        }
    }

    /// What the key says against what the program computes.
    fn key_value(&mut self, answer: &Answer, name: &str) {
        let (Some(value), Some(form)) = (&answer.value, answer.form) else { return };
        match () {
            () if value.size() > WRITTEN => self.remark(Reason::Large, name),
            () if !self.in_doubles(Some(form), answer.at.as_ref()) => self.remark(Reason::Doubles, name),
            () => self.agree_code(name, form, array(value)),
        }
        if !answer.missing.is_empty() {
            self.remark(Reason::Missing, name);
        }
    }

    /// The form in the model's own quantities against the one through deltas.
    fn written_out(&mut self, answer: &Answer, name: &str) {
        let (Some(form), Some(expanded)) = (answer.form, answer.expanded) else { return };
        let [short, long] = [form, expanded].map(|id| self.writer.code(id));
        if short != long && long.len() <= WRITTEN && self.in_doubles(Some(expanded), answer.at.as_ref()) {
            let uses = self.writer.used(&[form, expanded]);
            let name = quoted(&format!("{name}, written out"));
            self.add(uses, Check::Agree { name, code: long, expected: short });
        }
    }

    /// Whether doubles give the key's value; what is drawn has none to be compared with.
    fn in_doubles(&self, form: Option<NodeId>, at: Option<&Point>) -> bool {
        let Some(form) = form else { return true };
        let graph = self.writer.graph();
        let (mut exact, mut doubles) = (Environment::given(graph), Environment::<f64>::given(graph));
        for (leaf, value) in at.into_iter().flatten() {
            exact.set(*leaf, value.clone());
            doubles.set(*leaf, value.convert());
        }
        let known = graph.known(&[form], &exact);
        let Some(value) = known.values.get(form) else { return known.partial(form).is_none() };
        let doubles = graph.evaluate_partly::<f64>(&[form], &doubles);
        let Some(double) = doubles.get(form) else { return false };
        let size = value.entries().map(|entry| entry.to_f64().abs()).fold(1e-9, f64::max);
        value.entries().zip(double.entries()).all(|(one, two)| (one.to_f64() - two).abs() <= CLOSE * size)
    }

    /// How slopes are made to lie as the answer does.
    fn turned(&self, answer: &Answer, transposed: bool) -> &'static str {
        match answer.shape.is_scalar() {
            true => "[0, 0]",
            false if transposed => ".T",
            false => "",
        }
    }

    fn form_or_value(&self, answer: &Answer) -> Option<(String, Vec<NodeId>)> {
        let of_form = answer.form.map(|form| (self.writer.code(form), self.writer.used(&[form])));
        of_form.or_else(|| Some((format!("np.array({})", array(answer.value.as_ref()?)), Vec::new())))
    }

    /// A gradient against the function that it is of.
    fn slope(&mut self, name: &str, form: Option<NodeId>, loss: NodeId, of: NodeId) {
        let Some(form) = form else { return };
        let Some(along) = self.along(loss, of) else { return };
        let uses = [self.writer.used(&[form]), vec![of]].concat();
        self.add(uses, Check::Slope { name: quoted(name), code: self.writer.code(form), along });
    }

    /// Where every slope is 0.
    fn still(&mut self, loss: NodeId, of: NodeId) {
        let Some(along) = self.along(loss, of) else { return };
        let (name, code) = (quoted(&format!("d{}", self.writer.code(of))), format!("0 * {}", self.writer.code(of)));
        self.add(vec![of], Check::Slope { name, code, along });
    }

    /// A value of the model as a function of another.
    fn along(&mut self, of: NodeId, wrt: NodeId) -> Option<Along> {
        let (variable, value) = (self.writer.name(wrt)?.to_string(), self.writer.name(of)?.to_string());
        let function = match self.writer.graph().as_leaf(wrt) {
            Some(_) => "forward".to_string(),
            None => {
                self.parts.insert(From { of, wrt });
                part_name(self.writer, From { of, wrt })
            }
        };
        Some(Along { variable, function, of: value })
    }

    fn told(&mut self, told: &Told, answers: &[&Answer]) {
        let parts: Vec<(&Answer, &Part)> = answers
            .iter()
            .filter_map(|answer| match &answer.subject {
                Subject::Part(part) => Some((*answer, part.as_ref())),
                _ => None,
            })
            .collect();
        for (answer, part) in &parts {
            self.at_point(None);
            let name = &part.name;
            match (&part.wanted, answer.form) {
                (Wanted::Truth(_), _) | (_, None) => self.remark(Reason::Statement, name),
                (Wanted::Shown { left }, Some(form)) => {
                    let sign = claim(&told.question).map_or("==", |(_, sign, _)| sign);
                    self.holds(name, *left, sign, form);
                }
                (Wanted::Found { .. }, Some(_)) => {}
                (Wanted::Form, Some(form)) => {
                    self.key_value(answer, name);
                    let same =
                        part.shown.filter(|shown| part.kind == "express" || part.kind == "give" && *shown != form);
                    if let Some(shown) = same {
                        self.holds(name, shown, "==", form);
                    }
                    if part.kind == "solve" {
                        self.solves(told, &[(answer, part)]);
                    }
                }
            }
        }
        if parts.first().is_some_and(|(_, part)| part.kind == "optimum") {
            self.solves(told, &parts);
        }
        if let Some((_, Part { wanted: Wanted::Found { names, conditions }, .. })) = parts.first() {
            let forms: Vec<NodeId> = parts.iter().filter_map(|(answer, _)| answer.form).collect();
            let codes: Vec<String> = forms.iter().map(|form| self.writer.code(*form)).collect();
            self.at_values(names.iter().copied().zip(codes), &forms);
            for (left, relation, right) in conditions {
                if let Some(sign) = sign_of((*relation).into()) {
                    self.holds("condition", *left, sign, *right);
                }
            }
        }
    }

    /// What was found, put in: the equation holds, or no slope is left.
    fn solves(&mut self, told: &Told, parts: &[(&Answer, &Part)]) {
        let unknowns = told.question.holes.iter().flat_map(formulas).filter_map(|formula| match formula {
            Formula::Node(id) => Some(*id),
            _ => None,
        });
        let unknowns: Vec<NodeId> = unknowns.filter(|id| self.writer.graph().as_leaf(*id).is_some()).collect();
        let forms: Vec<NodeId> = parts.iter().filter_map(|(answer, _)| answer.form).collect();
        let codes: Vec<String> = forms.iter().map(|form| self.writer.code(*form)).collect();
        if unknowns.len() != forms.len() {
            return;
        }
        self.at_values(unknowns.iter().copied().zip(codes), &forms);
        match claim(&told.question) {
            Some((left, sign @ ("==" | "!="), right)) => self.holds("equation", left, sign, right),
            // What was found are the ends of where it holds.
            Some(_) => {}
            None => {
                let objective = told.question.holes.iter().flat_map(formulas).find_map(|formula| match formula {
                    Formula::Node(id) if !unknowns.contains(id) => Some(*id),
                    _ => None,
                });
                unknowns.iter().for_each(|unknown| {
                    if let Some(objective) = objective {
                        self.still(objective, *unknown);
                    }
                });
            }
        }
    }

    fn holds(&mut self, name: &str, left: NodeId, sign: &'static str, right: NodeId) {
        let [one, two] = [left, right].map(|id| self.writer.code(id));
        let uses = self.writer.used(&[left, right]);
        let name = quoted(name);
        self.add(
            uses,
            match sign {
                "==" => Check::Agree { name, code: one, expected: two },
                sign => Check::Holds { name, left: one, sign, right: two },
            },
        );
    }

    fn agree_code(&mut self, name: &str, form: NodeId, expected: String) {
        let code = self.writer.code(form);
        self.add(self.writer.used(&[form]), Check::Agree { name: quoted(name), code, expected });
    }

    fn remark(&mut self, reason: Reason, name: &str) {
        self.add(Vec::new(), Check::Remark { reason, name: name.to_string() });
    }

    fn at_point(&mut self, point: Option<&Point>) {
        let graph = self.writer.graph();
        let at = point.into_iter().flatten().filter_map(|(leaf, value)| {
            let (_, id) = graph.leaf_nodes().find(|(own, _)| own == leaf)?;
            Some((id, array(value)))
        });
        self.at_values(at.collect::<Vec<_>>(), &[]);
    }

    /// A group of its own for what is checked at other values.
    fn at_values(&mut self, at: impl IntoIterator<Item = (NodeId, String)>, forms: &[NodeId]) {
        let binding = |(id, code): (NodeId, String)| Some(Binding { name: self.writer.name(id)?.to_string(), code });
        let at: Vec<Binding> = at.into_iter().filter_map(binding).collect();
        let same = |last: &Group| {
            last.at.iter().map(|own| (&own.name, &own.code)).eq(at.iter().map(|own| (&own.name, &own.code)))
        };
        if !self.groups.last().is_some_and(same) {
            let before = self.writer.names_of(self.writer.used(forms));
            self.groups.push(Group { at, before, ..Group::default() });
        }
        self.values = if self.groups.last().is_some_and(|group| group.at.is_empty()) { "values" } else { "at" };
    }

    fn add(&mut self, uses: Vec<NodeId>, check: Check) {
        if self.groups.is_empty() {
            self.groups.push(Group::default());
        }
        let names = self.writer.names_of(uses);
        let Some(group) = self.groups.last_mut() else { return };
        for name in names {
            if !group.picks.contains(&name) {
                group.picks.push(name);
            }
        }
        group.checks.push(check);
    }
}

/// `L_of_Z`
pub fn part_name(writer: &Writer, part: From) -> String {
    format!("{}_of_{}", writer.code(part.of), writer.code(part.wrt))
}

/// As Python's text.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The statement that a question is about.
fn claim(question: &Say) -> Option<(NodeId, &'static str, NodeId)> {
    question.holes.iter().flat_map(formulas).find_map(|formula| {
        let Formula::Related(left, rest) = formula else { return None };
        let (Formula::Node(left), [(relation, Formula::Node(right))]) = (left.as_ref(), rest.as_slice()) else {
            return None;
        };
        Some((*left, sign_of(*relation)?, *right))
    })
}

fn formulas(hole: &Hole) -> Vec<&Formula> {
    match hole {
        Hole::Formula(formula) => vec![formula],
        Hole::Formulas(all) => all.iter().collect(),
        Hole::Statements(_) | Hole::Say(_) | Hole::Says(_) | Hole::Count(_) | Hole::Words(_) => Vec::new(),
    }
}

/// The sign in Python; none for what is rounded.
fn sign_of(relation: Relation) -> Option<&'static str> {
    Some(match relation {
        Relation::Equal => "==",
        Relation::NotEqual => "!=",
        Relation::Less => "<",
        Relation::LessEqual => "<=",
        Relation::Greater => ">",
        Relation::GreaterEqual => ">=",
        Relation::Approximately => return None,
    })
}
