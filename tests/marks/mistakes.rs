//! Every mistake of the catalogue, made in every answer of every shipped problem by a change of its text, is found wrong
//! and named, wherever it alters the value. What the value is, is decided here, at data of this test's own.

use crate::common;
use crate::common::numbers;

use crate::common::changes::shared;
use crate::common::numbers::Changed;
use crate::common::slips::{Known, Slipped, slipped};
use fastrand::Rng;
use serde_json::Value;
use solve::answer::Subject;
use solve::check::{AnswerMarks, Key, Marker, Verdict};
use solve::graph::{Environment, Graph, NodeId, SymbolName};
use solve::lower::{Meaning, Scope, expression};
use solve::model::{Model, Tolerance};
use solve::number::Number;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use solve::shape::Shape;
use solve::span::Source;
use solve::syntax::ast::{Expr, ExprKind, LeafKind};
use solve::syntax::{Vocabulary, print_expression, read_expression, read_submission};
use solve::tensor::Tensor;
use std::collections::BTreeMap;
use std::path::Path;

/// Sets of data at which answers are compared.
const DRAWS: u64 = 4;
/// So many of a thousand mistakes may have no name, or another.
const NAMELESS: usize = 14;

/// A problem, ready for wrong answers.
struct Examined {
    stem: String,
    key: Key,
    /// Name, and forms as text.
    answers: Vec<(String, Vec<String>)>,
    graph: Graph,
    scope: Scope,
    draws: Vec<Environment<f64>>,
    given: Environment<f64>,
    data: Vec<String>,
    values: Vec<(String, Shape)>,
    leaves: Vec<(String, Shape)>,
    counts: Vec<String>,
    /// A line that shows that its writer knows matrices: without it, what leaves transposes out is scalar form.
    matrices: String,
}

impl Examined {
    fn new(path: &Path) -> Examined {
        let model = common::model_file(path);
        let key = Key::new(&model).unwrap();
        let layout = Layout {
            format: Format::Json,
            edition: Edition::Student,
            fragment: false,
            picture_stem: None,
            template: None,
        };
        let json: Value = serde_json::from_str(&render(key.solution(), &layout).unwrap().text).unwrap();
        let mut graph = model.graph.clone();
        let mut scope = Scope::of(&model);
        scope.answers = true;
        for step in json["steps"].as_array().into_iter().flatten() {
            let (Some(name), Some(plain)) = (step["name"].as_str(), step["plain"].as_str()) else { continue };
            if let Ok(expr) = read_expression(plain)
                && scope.get(&solve::syntax::names::key(name)).is_none()
                && let Ok(node) = expression(&mut graph, &scope, &expr.value)
            {
                scope.insert(name, Meaning::Value(node));
            }
        }
        let losses = key.solution().gradients.len();
        let answers = json["answers"].as_array().unwrap().iter().zip(key.questions()).zip(&key.solution().answers);
        let answers = answers.map(|((answer, question), own)| {
            let texts = ["expanded", "plain"].iter().filter_map(|form| answer[form].as_str().map(str::to_string));
            // The names of gradients of several losses stand for now one, now the other.
            let mut texts: Vec<String> = texts.take(if losses > 1 { 1 } else { 2 }).collect();
            texts.dedup();
            let is_asked_for = !answer["expanded"].is_null() && !common::is_claim(own);
            (question.name.clone(), if is_asked_for { texts } else { Vec::new() })
        });
        let leaves = || model.leaves.iter().filter_map(|id| model.graph.as_leaf(*id));
        let is_data = |kind: LeafKind| matches!(kind, LeafKind::Input | LeafKind::Target);
        let data = leaves().filter(|leaf| is_data(leaf.kind)).map(|leaf| leaf.name.clone()).collect();
        let symbols = model.definitions.iter().filter_map(|id| match &model.graph.as_symbol(*id)?.name {
            SymbolName::Model(name) => Some((name.clone(), model.graph.shape(*id).clone())),
            SymbolName::Generated(_) | SymbolName::Gradient { .. } => None,
        });
        let matrix = leaves().find(|leaf| leaf.shape.rank() == 2).map(|leaf| format!("mine = {}^T\n", leaf.name));
        let counts = model.dims.iter().filter(|dim| {
            leaves().any(|leaf| is_data(leaf.kind) && leaf.shape.0.iter().any(|side| side.to_string() == **dim))
        });
        Examined {
            stem: common::stem(path),
            answers: answers.collect(),
            draws: draws(&model),
            given: Environment::given(&model.graph),
            values: symbols.collect(),
            leaves: leaves().map(|leaf| (leaf.name.clone(), leaf.shape.clone())).collect(),
            data,
            counts: counts.cloned().collect(),
            matrices: matrix.unwrap_or_default(),
            graph,
            scope,
            key,
        }
    }

    fn node(&mut self, expr: &Expr) -> Option<NodeId> {
        expression(&mut self.graph, &self.scope, expr).ok()
    }

    /// The value at each set of data; `None` if shapes do not fit.
    fn valued(&mut self, expr: &Expr) -> Option<Vec<Option<Tensor<f64>>>> {
        let node = self.node(expr)?;
        let value = |environment: &Environment<f64>| {
            let values = self.graph.evaluate(&[node], environment).ok()?;
            values.get(node).cloned().filter(|value| value.entries().all(|entry| entry.is_finite()))
        };
        Some(self.draws.iter().map(value).collect())
    }

    /// Whether an answer is a number that is right with the problem's own data.
    fn is_right_number(&mut self, expr: &Expr, right: &Expr) -> bool {
        if expr.nodes.iter().any(|node| matches!(node.kind, ExprKind::Name(_))) {
            return false;
        }
        let (Some(found), Some(right)) = (self.node(expr), self.node(right)) else { return false };
        let values = self.graph.evaluate(&[found, right], &self.given);
        values.is_ok_and(|values| agree(&[values.get(found).cloned()], &[values.get(right).cloned()]) == Some(true))
    }

    fn slipped(&mut self, expr: &Expr, is_step: bool) -> Vec<Slipped> {
        let part = |place: usize| Expr { nodes: expr.nodes[..=place].to_vec() };
        let shapes = (0..expr.nodes.len()).map(|place| {
            let node = self.node(&part(place))?;
            Some(self.graph.shape(node).clone())
        });
        let shapes = shapes.collect();
        let (values, leaves) = (&self.values, &self.leaves);
        let known = Known { shapes, data: &self.data, values, leaves, counts: &self.counts, is_step };
        slipped(expr, &known)
    }
}

/// Data of this test's own: sides that all differ, entries of both signs, then positive ones.
fn draws(model: &Model) -> Vec<Environment<f64>> {
    let draw = |seed: u64| {
        let mut random = Rng::with_seed(seed);
        let mut environment = Environment::<f64>::given(&model.graph);
        environment.dims = (model.dims.iter().cloned()).zip((3 + seed as usize)..).collect();
        for (id, leaf) in model.graph.leaves() {
            if leaf.kind == LeafKind::Const && leaf.value.is_some() {
                continue;
            }
            let Some(extents) = leaf.shape.evaluate(&environment.dims) else { continue };
            if extents.iter().product::<usize>() > 10_000 {
                continue;
            }
            let mut entry = |_: &[usize]| match seed % 2 {
                0 => 1.6 * random.f64() - 0.8,
                _ => 0.1 + 0.8 * random.f64(),
            };
            let value = match leaf.one_hot_axis {
                Some(axis) => Tensor::from_fn(&extents, |index| {
                    let chosen =
                        index.iter().enumerate().filter(|(own, _)| *own != axis).map(|(_, place)| place * 7 + 1);
                    let chosen = (chosen.sum::<usize>() + seed as usize) % extents[axis];
                    if index[axis] == chosen { 1.0 } else { 0.0 }
                }),
                None => Tensor::from_fn(&extents, &mut entry),
            };
            let value = leaf.value.as_ref().map_or(value.clone(), |given| alike(given, value));
            environment.set(id, solve::graph::imposed(&leaf.assumed, value).unwrap());
        }
        environment
    };
    (0..DRAWS).map(draw).collect()
}

/// Numbers that are given count: a symmetric matrix stays one, a diagonal one too.
fn alike(given: &Tensor<Number>, value: Tensor<f64>) -> Tensor<f64> {
    let &[rows, columns] = given.extents() else { return value };
    if rows != columns {
        return value;
    }
    let pairs: Vec<(usize, usize)> = (0..rows).flat_map(|row| (0..row).map(move |column| (row, column))).collect();
    let symmetric = pairs.iter().all(|(row, column)| given.at(&[*row, *column]) == given.at(&[*column, *row]));
    let zero = Number::integer(0);
    let diagonal = symmetric && pairs.iter().all(|(row, column)| *given.at(&[*row, *column]) == zero);
    Tensor::from_fn(&[rows, columns], |index| match (index[0], index[1]) {
        (row, column) if diagonal && row != column => 0.0,
        (row, column) if symmetric && row > column => *value.at(&[column, row]),
        _ => *value.at(index),
    })
}

/// Whether two answers have the same value wherever both have one; `None` if that is nowhere.
fn agree(a: &[Option<Tensor<f64>>], b: &[Option<Tensor<f64>>]) -> Option<bool> {
    let mut both = a.iter().zip(b).filter_map(|(a, b)| a.as_ref().zip(b.as_ref())).peekable();
    both.peek()?;
    Some(both.all(|(a, b)| {
        let scale = a.entries().chain(b.entries()).map(|entry| entry.abs()).fold(1e-3, f64::max);
        (a.extents() == b.extents() || a.size() * b.size() == 1)
            && a.entries().zip(b.entries()).all(|(a, b)| (a - b).abs() <= 1e-7 * scale)
    }))
}

fn mark(marker: &mut Marker, vocabulary: &Vocabulary, text: &str, place: usize) -> Option<AnswerMarks> {
    let sheet = read_submission("sheet.ans", text.as_bytes(), vocabulary).ok()?.into_iter().next()?;
    let marks = marker.mark(&sheet, &Source { name: "sheet.ans".to_string(), text: text.to_string() });
    marks.answers.into_iter().nth(place)
}

#[test]
fn every_mistake_in_every_formula_is_found_and_named() {
    let only = std::env::var("ONLY").ok();
    let (mut wrong, mut named, mut ill_typed, mut faults, mut misnamed) = (0, 0, 0, Vec::new(), Vec::new());
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for path in common::problems() {
        if only.as_ref().is_some_and(|only| !path.display().to_string().contains(only)) {
            continue;
        }
        let mut problem = Examined::new(&path);
        let answers = problem.answers.clone();
        let key = problem.key.clone();
        let (mut marker, vocabulary) = (Marker::new(&key), key.vocabulary());
        for (place, (name, texts)) in answers.iter().enumerate().filter(|(_, (name, _))| !name.starts_with("params")) {
            let same = answers[..place].iter().filter(|(other, texts)| other == name && !texts.is_empty());
            let before: String = same.map(|(name, texts)| format!("{name} = {}\n", texts[0])).collect();
            let forms: Vec<Expr> = texts.iter().filter_map(|text| Some(read_expression(text).ok()?.value)).collect();
            let Some(right) = forms.first().and_then(|form| problem.valued(form)) else { continue };
            let is_step = name.starts_with("update ");
            // Who puts that down again which stood before a step has made no mistake of the step's.
            let before_step = read_expression(name.trim_start_matches("update ")).ok();
            let before_step = before_step.and_then(|name| problem.valued(&name.value));
            let forms_and_shared = forms.iter().flat_map(|form| [form.clone(), shared(form)]);
            let slips: Vec<Slipped> = forms_and_shared.flat_map(|form| problem.slipped(&form, is_step)).collect();
            let values: Vec<_> = slips.iter().map(|slip| problem.valued(&slip.expr)).collect();
            let mut seen: Vec<String> = Vec::new();
            for (slip, value) in slips.iter().zip(&values) {
                let text = print_expression(&slip.expr);
                let same = value.as_ref().is_some_and(|value| agree(value, &right) != Some(false));
                let stays =
                    value.as_ref().zip(before_step.as_ref()).is_some_and(|(one, two)| agree(one, two) == Some(true));
                if seen.contains(&text) || same || stays || problem.is_right_number(&slip.expr, &forms[0]) {
                    continue;
                }
                seen.push(text.clone());
                let mut names = slip.names.clone();
                for (other, own) in slips.iter().zip(&values) {
                    if value.is_some()
                        && own.as_ref().zip(value.as_ref()).is_some_and(|(own, value)| agree(own, value) == Some(true))
                    {
                        names.extend(&other.names);
                    }
                }
                let line = format!("{}{before}{name} = {text}", problem.matrices);
                let Some(found) = mark(&mut marker, &vocabulary, &line, place) else { continue };
                // Nothing at all tells of no mistake.
                let values = || value.iter().flatten().flatten();
                let is_nothing = values().flat_map(Tensor::entries).all(|entry| *entry == 0.0);
                let is_named = found.mistake.map_or(is_nothing, |name| names.contains(&name));
                match (value, found.verdict) {
                    (None, Verdict::Partial | Verdict::Wrong | Verdict::Unreadable) => ill_typed += 1,
                    (Some(_), Verdict::Partial | Verdict::Wrong) => {
                        wrong += 1;
                        named += usize::from(is_named);
                        *by_name.entry(slip.names[0]).or_default() += 1;
                        if !is_named {
                            names.sort();
                            names.dedup();
                            misnamed
                                .push(format!("{}: {name} = {text}: {:?}, not {names:?}", problem.stem, found.mistake));
                        }
                    }
                    (_, verdict) => faults.push(format!("{}: {line}: {verdict:?} {:?}", problem.stem, found.remarks)),
                }
            }
        }
    }
    let told = format!("{wrong} wrong answers with a value, {named} named, {ill_typed} ill-typed; {by_name:?}");
    assert!(faults.is_empty(), "{told}\n{}", faults.join("\n"));
    assert!(only.is_some() || wrong > 7_000 && ill_typed > 1_000, "{told}");
    assert!(misnamed.len() * 1000 <= wrong * NAMELESS, "{told}; {} misnamed:\n{}", misnamed.len(), misnamed.join("\n"));
}

#[test]
fn every_mistake_in_numbers_is_found_and_named() {
    let only = std::env::var("ONLY").ok();
    let (mut right, mut wrong, mut named, mut faults, mut nameless) = (0, 0, 0, Vec::new(), Vec::new());
    for path in common::problems() {
        if only.as_ref().is_some_and(|only| !path.display().to_string().contains(only)) {
            continue;
        }
        let key = Key::new(&common::model_file(&path)).unwrap();
        let marking = &key.solution().model.marking;
        if marking.tolerance != Tolerance::ByHand || !marking.accepted.is_empty() {
            continue;
        }
        let (mut marker, vocabulary, stem) = (Marker::new(&key), key.vocabulary(), common::stem(&path));
        let names: Vec<String> = key.questions().map(|question| question.name.clone()).collect();
        for (place, answer) in key.solution().answers.iter().enumerate() {
            let name = &names[place];
            let Some(value) = answer.value.as_ref().map(|value| value.map(|entry| entry.to_f64())) else { continue };
            let is_named_once = names.iter().filter(|own| *own == name).count() == 1;
            if !is_named_once || value.rank() > 2 || value.size() > 64 || answer.subject == Subject::Count {
                continue;
            }
            let mut verdict = |text: &str| mark(&mut marker, &vocabulary, &format!("{name} = {text}"), place).unwrap();
            for text in [numbers::written(&value, numbers::plainly), numbers::written(&value, finely)] {
                right += 1;
                let found = verdict(&text);
                if found.verdict != Verdict::Correct {
                    faults.push(format!("{stem}: {name} = {text} is right: {:?} {:?}", found.verdict, found.remarks));
                }
            }
            let mut all = numbers::changed(key.solution(), answer, &value);
            if value.entries().any(|entry| entry.fract() != 0.0) {
                let whole = |entry: f64| (entry + 0.5).floor().to_string();
                for entry in [(|entry| numbers::significant(entry, 1)) as fn(f64) -> String, whole] {
                    let rounded = value.map(|own| entry(own).parse::<f64>().unwrap());
                    let names = vec!["rounded", "arithmetic-slip"];
                    all.push(Changed { value: rounded, text: numbers::written(&value, entry), names });
                }
            }
            for change in all.iter().filter(|change| numbers::differs(&change.value, &value)) {
                let found = verdict(&change.text);
                let line = format!("{stem}: {name} = {}: {:?}, not {:?}", change.text, found.mistake, change.names);
                if !matches!(found.verdict, Verdict::Partial | Verdict::Wrong) {
                    faults.push(format!("{line}: {:?} {:?}", found.verdict, found.remarks));
                    continue;
                }
                wrong += 1;
                let alike = all.iter().filter(|other| !numbers::differs(&other.value, &change.value));
                let fair: Vec<&str> = alike.flat_map(|other| other.names.iter().copied()).collect();
                match found.mistake {
                    Some(name) if fair.contains(&name) => named += 1,
                    _ if change.names.is_empty() => named += 1,
                    _ => nameless.push(line),
                }
            }
        }
    }
    let told = format!("{right} right, {wrong} wrong, {named} named");
    assert!(faults.is_empty(), "{told}\n{}", faults.join("\n"));
    assert!(only.is_some() || right > 600 && wrong > 2_300, "{told}");
    assert!(nameless.len() * 1000 <= wrong * NAMELESS, "{told}; {} misnamed:\n{}", nameless.len(), nameless.join("\n"));
}

/// To five significant digits, and four decimals at least.
fn finely(value: f64) -> String {
    let (digits, decimals) = (numbers::significant(value, 5), format!("{value:.4}"));
    if digits.len() > decimals.len() { digits } else { decimals }
}
