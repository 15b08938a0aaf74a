//! Every mistake of the catalogue, made in every answer of every shipped problem by a change of its text, is found wrong
//! and named, wherever it alters the value. What the value is, is decided here, at data of this test's own.

#[path = "common/changes.rs"]
mod changes;
mod common;
#[path = "common/slips.rs"]
mod slips;

use fastrand::Rng;
use serde_json::Value;
use solve::check::{AnswerMarks, Key, Marker, Verdict};
use solve::graph::{Environment, Graph, NodeId, SymbolName};
use solve::lower::{Meaning, Scope, expression};
use solve::model::Model;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use solve::shape::Shape;
use solve::span::Source;
use solve::syntax::ast::{Expr, LeafKind};
use solve::syntax::{Vocabulary, print_expression, read_expression, read_submission};
use solve::tensor::Tensor;
use slips::{Known, Slipped, slipped};
use std::collections::BTreeMap;
use std::path::Path;

/// Sets of data at which answers are compared.
const DRAWS: u64 = 4;

/// A problem, ready for wrong answers.
struct Examined {
    stem: String,
    key: Key,
    /// Name, and forms as text.
    answers: Vec<(String, Vec<String>)>,
    graph: Graph,
    scope: Scope,
    draws: Vec<Environment<f64>>,
    data: Vec<String>,
    values: Vec<(String, Shape)>,
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
        let answers = json["answers"].as_array().unwrap().iter().zip(key.questions()).map(|(answer, question)| {
            let texts = ["expanded", "plain"].iter().filter_map(|form| answer[form].as_str().map(str::to_string));
            let mut texts: Vec<String> = texts.collect();
            texts.dedup();
            (question.name.clone(), if answer["expanded"].is_null() { Vec::new() } else { texts })
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
            values: symbols.collect(),
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

    fn slipped(&mut self, expr: &Expr) -> Vec<Slipped> {
        let part = |place: usize| Expr { nodes: expr.nodes[..=place].to_vec() };
        let shapes = (0..expr.nodes.len()).map(|place| {
            let node = self.node(&part(place))?;
            Some(self.graph.shape(node).clone())
        });
        let shapes = shapes.collect();
        let known = Known { shapes, data: &self.data, values: &self.values, counts: &self.counts };
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
                    let chosen = index.iter().enumerate().filter(|(own, _)| *own != axis).map(|(_, place)| place * 7 + 1);
                    let chosen = (chosen.sum::<usize>() + seed as usize) % extents[axis];
                    if index[axis] == chosen { 1.0 } else { 0.0 }
                }),
                None => Tensor::from_fn(&extents, &mut entry),
            };
            environment.set(id, value);
        }
        environment
    };
    (0..DRAWS).map(draw).collect()
}

/// Whether two answers have the same value wherever both have one.
fn agree(a: &[Option<Tensor<f64>>], b: &[Option<Tensor<f64>>]) -> bool {
    a.iter().zip(b).all(|both| match both {
        (Some(a), Some(b)) => {
            let single = |value: &Tensor<f64>| value.size() == 1;
            let scale = a.entries().chain(b.entries()).map(|entry| entry.abs()).fold(1e-3, f64::max);
            (a.extents() == b.extents() || (single(a) && single(b)))
                && a.entries().zip(b.entries()).all(|(a, b)| (a - b).abs() <= 1e-7 * scale)
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    })
}

fn mark(marker: &mut Marker, vocabulary: &Vocabulary, text: &str, place: usize) -> Option<AnswerMarks> {
    let sheet = read_submission("sheet.ans", text.as_bytes(), vocabulary).ok()?.into_iter().next()?;
    let marks = marker.mark(&sheet, &Source { name: "sheet.ans".to_string(), text: text.to_string() });
    marks.answers.into_iter().nth(place)
}

#[test]
fn every_mistake_in_every_formula_is_found_and_named() {
    let only = std::env::var("ONLY").ok();
    let (mut wrong, mut named, mut ill_typed, mut faults) = (0, 0, 0, Vec::new());
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for path in common::problems() {
        if only.as_ref().is_some_and(|only| !path.display().to_string().contains(only)) {
            continue;
        }
        let mut problem = Examined::new(&path);
        let answers = problem.answers.clone();
        let key = problem.key.clone();
        let (mut marker, vocabulary) = (Marker::new(&key), key.vocabulary());
        for (place, (name, texts)) in answers.iter().enumerate() {
            let same = answers[..place].iter().filter(|(other, texts)| other == name && !texts.is_empty());
            let before: String = same.map(|(name, texts)| format!("{name} = {}\n", texts[0])).collect();
            let forms: Vec<Expr> = texts.iter().filter_map(|text| Some(read_expression(text).ok()?.value)).collect();
            let Some(right) = forms.first().and_then(|form| problem.valued(form)) else { continue };
            let slips: Vec<Slipped> = forms.iter().flat_map(|form| problem.slipped(form)).collect();
            let values: Vec<_> = slips.iter().map(|slip| problem.valued(&slip.expr)).collect();
            let mut seen: Vec<String> = Vec::new();
            for (slip, value) in slips.iter().zip(&values) {
                let text = print_expression(&slip.expr);
                if seen.contains(&text) || value.as_ref().is_some_and(|value| agree(value, &right)) {
                    continue;
                }
                seen.push(text.clone());
                let mut names = slip.names.clone();
                for (other, own) in slips.iter().zip(&values) {
                    if value.is_some() && own.as_ref().zip(value.as_ref()).is_some_and(|(own, value)| agree(own, value)) {
                        names.extend(&other.names);
                    }
                }
                let line = format!("{}{before}{name} = {text}", problem.matrices);
                let Some(found) = mark(&mut marker, &vocabulary, &line, place) else { continue };
                let is_named = found.mistake.is_some_and(|name| names.contains(&name));
                match (value, found.verdict) {
                    (None, Verdict::Partial | Verdict::Wrong | Verdict::Unreadable) => ill_typed += 1,
                    (Some(_), Verdict::Partial | Verdict::Wrong) => {
                        wrong += 1;
                        named += usize::from(is_named);
                        *by_name.entry(slip.names[0]).or_default() += 1;
                        if !is_named {
                            names.sort();
                            names.dedup();
                            faults.push(format!("{}: {name} = {text}: {:?}, not {names:?}", problem.stem, found.mistake));
                        }
                    }
                    (_, verdict) => faults.push(format!("{}: {line}: {verdict:?} {:?}", problem.stem, found.remarks)),
                }
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults; {wrong} wrong answers with a value, {named} named, {ill_typed} ill-typed; {by_name:?}\n{}",
        faults.len(),
        faults.join("\n")
    );
}
