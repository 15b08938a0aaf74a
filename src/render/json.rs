//! The contract with other programs: one JSON object for a solution.

use super::notation::{Printer, Style};
use super::plot;
use super::view::kind_name;
use crate::answer::{Answer, Section, Solution, Subject};
use crate::descend::Row;
use crate::graph::{Graph, Kind, Missing, NodeId};
use crate::number::Number;
use crate::shape::Shape;
use crate::syntax::ast::LeafKind;
use crate::tensor::Tensor;
use serde::Serialize;
use serde_json::{Value, json};

/// The object's version.
const SCHEMA: u32 = 1;

/// A parameter with more entries than this is traced at the ends of its descent only.
const LARGEST_TRACED: usize = 100;

#[derive(Serialize)]
struct AnswerObject {
    task: usize,
    name: String,
    kind: &'static str,
    shape: Shape,
    plain: Option<String>,
    expanded: Option<String>,
    latex: Option<String>,
    value: Value,
    exact: bool,
    /// The entries that have no value, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<MissingObject>,
    points: Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    at: Value,
    /// Of a descent: where it was after each step that was kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trace: Vec<TraceRow>,
    /// Of a statement: whether it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<bool>,
}

/// An entry without a value; indices from 1.
#[derive(Serialize)]
struct MissingObject {
    entry: Vec<usize>,
    because: &'static str,
}

impl MissingObject {
    fn new((entry, cause): &Missing) -> MissingObject {
        MissingObject { entry: entry.iter().map(|place| place + 1).collect(), because: cause.name() }
    }
}

/// One place of a descent, of one parameter.
#[derive(Serialize)]
struct TraceRow {
    step: usize,
    value: Value,
    /// Of all examples.
    loss: Value,
    /// That of the step made from here: of its examples only, where it takes a batch.
    gradient: Value,
    /// The examples of that step, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<Vec<usize>>,
}

#[derive(Serialize)]
struct StepObject {
    name: String,
    plain: String,
    latex: String,
    because: String,
    shape: Shape,
    value: Value,
}

/// The whole object, indented.
pub fn json(solution: &Solution) -> String {
    let model = &solution.model;
    let mut object = json!({
        "schema": SCHEMA,
        "problem": {
            "id": model.id,
            "title": model.title,
            "points": model.points.as_ref().map(number),
        },
        "answers": solution.answers.iter().map(|answer| answer_object(solution, answer)).collect::<Vec<_>>(),
        "steps": steps(solution),
        "graph": { "nodes": nodes(solution), "edges": edges(solution) },
        "certificate": solution.certificate,
    });
    let notes: Vec<Value> = model
        .notes
        .iter()
        .map(|note| json!({ "code": note.code, "message": note.message, "help": note.help }))
        .collect();
    if !notes.is_empty() {
        object["notes"] = notes.into();
    }
    let plots = plots(solution);
    if !plots.is_empty() {
        object["plots"] = plots.into();
    }
    let mut text = serde_json::to_string_pretty(&object).unwrap_or_default();
    text.push('\n');
    text
}

/// The data of the pictures over axes, each with its task.
fn plots(solution: &Solution) -> Vec<Value> {
    let plots = solution.sections.iter().enumerate().filter_map(|(place, section)| {
        let Section::Plot(plot) = section else { return None };
        Some(json!({ "task": place + 1, "plot": plot::data(solution, plot) }))
    });
    plots.collect()
}

fn answer_object(solution: &Solution, answer: &Answer) -> AnswerObject {
    let graph = &solution.model.graph;
    let form = answer.form.filter(|_| is_form(answer));
    let body = form.map(|form| definition(graph, form));
    AnswerObject {
        task: answer.task,
        name: match answer.subject {
            Subject::Fit { family, part } => part.name(&solution.sections[answer.task - 1], family),
            _ => name(solution, &answer.subject),
        },
        kind: kind_name(&answer.subject),
        shape: answer.shape.clone(),
        plain: body.map(|body| print(graph, Style::Plain, body)).or_else(|| answer.value.as_ref().map(plain_value)),
        expanded: answer.expanded.filter(|_| is_form(answer)).map(|expanded| print(graph, Style::Plain, expanded)),
        latex: body.map(|body| print(graph, Style::Latex, body)),
        value: answer.value.as_ref().map_or(Value::Null, tensor),
        exact: answer.value.as_ref().is_none_or(Tensor::is_exact),
        missing: answer.missing.iter().map(MissingObject::new).collect(),
        points: answer.points.as_ref().map_or(Value::Null, rounded_points),
        at: match &answer.at {
            None => Value::Null,
            Some(point) => point.iter().map(|(leaf, value)| (graph.leaf(*leaf).name.clone(), tensor(value))).collect(),
        },
        trace: match answer.subject {
            Subject::Descended { of: param, .. } => trace(&solution.sections[answer.task - 1], param),
            _ => Vec::new(),
        },
        holds: answer.holds(),
    }
}

/// An answer in the problem language, in terms of the model's own quantities; what is pasted into an answer file is
/// marked right.
pub fn plain_answer(solution: &Solution, answer: &Answer) -> String {
    let AnswerObject { plain, expanded, .. } = answer_object(solution, answer);
    expanded.or(plain).unwrap_or_else(|| answer.shape.to_string())
}

/// A form that is asked for in LaTeX, in terms of the model's own quantities.
pub fn latex_answer(solution: &Solution, answer: &Answer) -> Option<String> {
    let graph = &solution.model.graph;
    let form = answer.form.filter(|_| is_form(answer))?;
    Some(print(graph, Style::Latex, answer.expanded.unwrap_or_else(|| definition(graph, form))))
}

/// The answers with their values alone, or as text where they are expressions.
pub fn brief(solution: &Solution) -> Value {
    let one = |answer: &Answer| {
        let AnswerObject { name, plain, value, at, .. } = answer_object(solution, answer);
        let value = if value.is_null() { json!(plain) } else { value };
        if at.is_null() {
            json!({ "name": name, "value": value })
        } else {
            json!({ "name": name, "at": at, "value": value })
        }
    };
    solution.answers.iter().map(one).collect()
}

/// The answers as text, each with its name.
pub fn named_answers(solution: &Solution) -> Vec<(String, String)> {
    let one = |answer: &Answer| {
        let AnswerObject { name, plain, shape, at, .. } = answer_object(solution, answer);
        let at = at.as_object().into_iter().flatten().map(|(name, value)| format!(" at {name} = {value}"));
        let value = answer.value.as_ref().map(plain_value).or(plain).unwrap_or_else(|| shape.to_string());
        (name + &at.collect::<String>(), value)
    };
    solution.answers.iter().map(one).collect()
}

/// An answer as it is called in an answer file.
pub fn answer_name(solution: &Solution, answer: &Answer) -> String {
    name(solution, &answer.subject)
}

/// The way of one parameter; of a large one only its ends.
fn trace(section: &Section, param: NodeId) -> Vec<TraceRow> {
    let Section::Descent(result) = section else { return Vec::new() };
    let Some(place) = result.descent.params.iter().position(|own| *own == param) else { return Vec::new() };
    let rows = &result.path.rows;
    let is_told = |row: &&Row| {
        row.params[place].size() <= LARGEST_TRACED || row.step == 0 || Some(row.step) == rows.last().map(|row| row.step)
    };
    let told = rows.iter().filter(is_told).map(|row| TraceRow {
        step: row.step,
        value: tensor(&row.params[place]),
        loss: row.loss.as_ref().map_or(Value::Null, number),
        gradient: row.gradients.as_ref().map_or(Value::Null, |gradients| tensor(&gradients[place])),
        batch: row.batch.as_ref().map(|batch| batch.iter().map(|row| row + 1).collect()),
    });
    told.collect()
}

/// Whether an answer is an expression; otherwise it is its value.
fn is_form(answer: &Answer) -> bool {
    match answer.subject {
        Subject::Gradient { .. } | Subject::Count | Subject::Updated(_) => answer.at.is_none(),
        Subject::Jacobian { .. } | Subject::Hessian { .. } | Subject::Directional { .. } => true,
        Subject::Value(_) => answer.value.is_none(),
        Subject::Entries(_) | Subject::Part(_) => true,
        Subject::Shape(_) | Subject::Descended { .. } | Subject::Minimum(_) | Subject::Fit { .. } => false,
    }
}

/// The answer's name in an answer file: `J`, `dW1`.
fn name(solution: &Solution, subject: &Subject) -> String {
    let graph = &solution.model.graph;
    match subject {
        Subject::Value(id)
        | Subject::Shape(id)
        | Subject::Entries(id)
        | Subject::Updated(id)
        | Subject::Descended { of: id, .. }
        | Subject::Minimum(id) => print(graph, Style::Plain, *id),
        Subject::Gradient { of, loss, entry } => {
            let places: Vec<String> = entry.iter().map(ToString::to_string).collect();
            let index = if places.is_empty() { String::new() } else { format!("[{}]", places.join(", ")) };
            let name = format!("d{}{index}", print(graph, Style::Plain, *of));
            let others = solution.gradients.len() > 1
                && solution.answers.iter().any(|answer| is_of_another_loss(&answer.subject, *of, *loss));
            if others { format!("{name} of {}", print(graph, Style::Plain, *loss)) } else { name }
        }
        Subject::Part(part) => part.name.clone(),
        Subject::Count => "params".to_string(),
        // Named with its task.
        Subject::Fit { .. } => String::new(),
        Subject::Jacobian { of, wrt, .. } => {
            format!("jacobian of {} wrt {}", print(graph, Style::Plain, *of), print(graph, Style::Plain, *wrt))
        }
        Subject::Hessian { of, wrt } => {
            format!("hessian of {} wrt {}", print(graph, Style::Plain, *of), print(graph, Style::Plain, *wrt))
        }
        Subject::Directional { of, .. } => format!("directional of {}", print(graph, Style::Plain, *of)),
    }
}

/// `theta_linear`, `train_degree_4`, `heldout_quadratic`
/// Whether it is a gradient with respect to the same value, of another loss.
fn is_of_another_loss(subject: &Subject, of: NodeId, loss: NodeId) -> bool {
    matches!(subject, Subject::Gradient { of: own, loss: other, .. } if *own == of && *other != loss)
}

fn definition(graph: &Graph, id: NodeId) -> NodeId {
    graph.as_symbol(id).map_or(id, |symbol| symbol.definition)
}

fn print(graph: &Graph, style: Style, id: NodeId) -> String {
    Printer::new(graph, style).print(id)
}

/// Forward values first, then the gradients from the loss back.
fn steps(solution: &Solution) -> Vec<StepObject> {
    let graph = &solution.model.graph;
    let step = |symbol: NodeId, because: String| StepObject {
        name: print(graph, Style::Plain, symbol),
        plain: print(graph, Style::Plain, definition(graph, symbol)),
        latex: print(graph, Style::Latex, definition(graph, symbol)),
        because,
        shape: graph.shape(symbol).clone(),
        value: solution.values.get(symbol).map_or(Value::Null, tensor),
    };
    let forward = solution.model.lines().into_iter().map(|symbol| step(symbol, String::new()));
    let backward = solution.gradients.iter().flat_map(|gradients| &gradients.steps).map(|gradient| {
        let mut lines: Vec<String> = gradient
            .contributions
            .iter()
            .map(|contribution| {
                let through = contribution.through;
                format!(
                    "{} = {}",
                    print(graph, Style::Plain, through),
                    print(graph, Style::Plain, definition(graph, through))
                )
            })
            .collect();
        lines.dedup();
        step(gradient.gradient, lines.join("; "))
    });
    forward.chain(backward).collect()
}

fn nodes(solution: &Solution) -> Vec<Value> {
    drawn(solution)
        .into_iter()
        .map(|id| {
            let graph = &solution.model.graph;
            json!({ "id": id_text(id), "label": label(graph, id), "kind": kind(solution, id), "shape": graph.shape(id) })
        })
        .collect()
}

fn edges(solution: &Solution) -> Vec<Value> {
    let graph = &solution.model.graph;
    drawn(solution)
        .into_iter()
        .flat_map(|id| {
            let operands = graph.operands(id).iter().filter(|operand| is_drawn(graph, **operand));
            operands.map(move |operand| {
                let label = if graph.as_apply(*operand).is_some() { String::new() } else { label(graph, *operand) };
                json!({ "from": id_text(*operand), "to": id_text(id), "label": label })
            })
        })
        .collect()
}

/// Leaves, symbols and operators that the model's lines need.
fn drawn(solution: &Solution) -> Vec<NodeId> {
    let graph = &solution.model.graph;
    let needed = graph.needed(&solution.model.lines());
    graph.ids().filter(|id| needed[id.place()] && is_drawn(graph, *id)).collect()
}

fn is_drawn(graph: &Graph, id: NodeId) -> bool {
    match graph.kind(id) {
        Kind::Leaf(_) | Kind::Symbol(_) | Kind::Apply(..) => true,
        Kind::Number(_) | Kind::Literal(_) | Kind::Size(_) | Kind::Ones(_) => false,
    }
}

fn id_text(id: NodeId) -> String {
    format!("n{}", id.place())
}

fn label(graph: &Graph, id: NodeId) -> String {
    graph.as_apply(id).map_or_else(|| print(graph, Style::Plain, id), |(op, _)| op.reference().name.to_string())
}

fn kind(solution: &Solution, id: NodeId) -> &'static str {
    let graph = &solution.model.graph;
    match (graph.as_leaf(id).map(|leaf| leaf.kind), graph.as_apply(id)) {
        (Some(LeafKind::Param), _) => "param",
        (Some(LeafKind::Input | LeafKind::Target | LeafKind::Const), _) => "input",
        (None, Some((op, _))) if op.is_loss() => "loss",
        (None, _) if solution.gradients.iter().any(|gradients| gradients.loss == id) => "loss",
        (None, _) => "op",
    }
}

/// A number, or nested arrays in row-major order.
/// Nested arrays of numbers, row by row.
pub fn tensor(value: &Tensor<Number>) -> Value {
    let flat: Vec<Value> = value.entries().map(number).collect();
    nested(&flat, value.extents())
}

fn nested(flat: &[Value], extents: &[usize]) -> Value {
    match extents.split_first() {
        None => flat[0].clone(),
        Some((_, [])) => Value::Array(flat.to_vec()),
        Some((_, inner)) => {
            let length = inner.iter().product::<usize>().max(1);
            flat.chunks(length).map(|part| nested(part, inner)).collect()
        }
    }
}

/// A number that a double holds exactly (or that is a rounded double) as a number, any other as text: `"1/3"`.
fn number(value: &Number) -> Value {
    if let Some(integer) = value.to_integer().filter(|integer| integer.unsigned_abs() <= 1 << 53) {
        return json!(integer);
    }
    if value.is_infinite() {
        return json!(value.to_string());
    }
    let double = value.to_f64();
    // A decimal that prints as the same digits is what a reader of JSON expects: 402.57.
    let same_decimal = Number::parse(&format!("{double}")).is_ok_and(|again| &again == value);
    if !value.is_exact() || same_decimal { json!(double) } else { json!(value.to_string()) }
}

/// Marks with four decimals.
fn rounded_points(points: &Number) -> Value {
    let value = points.to_f64();
    json!((value * 10_000.0).round() / 10_000.0)
}

/// A value as the problem language writes it, exact where it is.
pub fn plain_value(value: &Tensor<Number>) -> String {
    if value.rank() == 0 {
        return value.first().to_string();
    }
    let flat: Vec<String> = value.entries().map(ToString::to_string).collect();
    bracketed(&flat, value.extents())
}

fn bracketed(flat: &[String], extents: &[usize]) -> String {
    match extents {
        [_, columns] => {
            let rows: Vec<String> = flat.chunks((*columns).max(1)).map(|row| row.join(" ")).collect();
            format!("[{}]", rows.join("; "))
        }
        [_, inner @ ..] => {
            let length = inner.iter().product::<usize>().max(1);
            let parts: Vec<String> = flat.chunks(length).map(|part| bracketed(part, inner)).collect();
            format!("[{}]", parts.join(", "))
        }
        [] => flat.join(" "),
    }
}
