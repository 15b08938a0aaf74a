//! The key as a program: the model, its deltas and gradients in NumPy, in the key's own names and order, with checks of
//! each answer against the key's numbers and against slopes.

mod checks;
mod data;
mod learning;
mod writer;

use super::document::{Format, Layout, RenderError};
use super::template;
use crate::answer::Solution;
use crate::differentiate::Gradients;
use crate::graph::NodeId;
use crate::syntax::print_task;
pub use checks::quoted;
use checks::{Check, Checker, From, Group, part_name};
use data::{Binding, Data, LeafView};
use serde::Serialize;
use std::collections::BTreeSet;
use writer::Writer;
pub use writer::array;

/// What the template of a program gets.
#[derive(Clone, Debug, Serialize)]
pub struct ProgramView {
    /// The problem's name, for a text between triple quotes, and as a text.
    pub head: String,
    pub printed: String,
    /// The problem's own words and how it was read, line by line.
    pub wording: Vec<String>,
    pub notes: Vec<String>,
    /// Whether Python's `math` is needed.
    pub math: bool,
    pub sizes: Vec<Binding>,
    pub helpers: Vec<&'static str>,
    pub given: Vec<LeafView>,
    /// Whether something given is drawn, and how often: slopes are looked at more than once.
    pub drawn: bool,
    pub tries: usize,
    pub forward: FunctionView,
    pub backward: Vec<FunctionView>,
    /// Values as functions of what the model computes on the way to them.
    pub parts: Vec<FunctionView>,
    pub tasks: Vec<TaskView>,
    /// The methods of descent that are made.
    pub methods: BTreeSet<&'static str>,
    pub uses: BTreeSet<&'static str>,
    pub torch: Option<TorchView>,
}

/// A function: its arguments, and a line a value.
#[derive(Clone, Debug, Serialize)]
pub struct FunctionView {
    pub name: String,
    pub of: String,
    pub arguments: Vec<String>,
    pub lines: Vec<LineView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct LineView {
    pub name: String,
    pub code: String,
    pub shape: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct TaskView {
    pub number: usize,
    /// As the problem asks it; empty for the gradients on the way.
    pub asked: String,
    pub groups: Vec<Group>,
    /// Whether there is anything that the program can check.
    pub checked: bool,
}

/// The model once more, for PyTorch.
#[derive(Clone, Debug, Serialize)]
pub struct TorchView {
    pub helpers: Vec<String>,
    pub forward: FunctionView,
    /// Each loss, with the leaves and the names of the gradients that were derived.
    pub losses: Vec<TorchLoss>,
}

#[derive(Clone, Debug, Serialize)]
pub struct TorchLoss {
    pub loss: String,
    pub leaves: String,
    pub gradients: String,
}

/// The program of a solution.
///
/// # Errors
/// A fault in the template.
pub fn program(solution: &Solution, layout: &Layout) -> Result<String, RenderError> {
    let text = template::document(&view(solution, layout.format == Format::Torch), layout)?;
    // As Python's own style has it.
    let beginnings = ["def ", "class ", "checks = ", "@", "if __name__", "# "];
    Ok(beginnings.iter().fold(text, |text, begins| text.replace(&format!("\n\n{begins}"), &format!("\n\n\n{begins}"))))
}

fn view(solution: &Solution, torch: bool) -> ProgramView {
    let writer = Writer::new(solution);
    let model = &solution.model;
    let mut checker = Checker::new(&writer);
    let mut tasks = Vec::new();
    for (place, task) in model.spec.tasks.iter().enumerate().take(solution.sections.len()) {
        let groups = checker.task(place + 1);
        let checked = groups.iter().flat_map(|group| &group.checks).any(|check| !matches!(check, Check::Remark { .. }));
        tasks.push(TaskView { number: place + 1, asked: one_line(&print_task(task)), groups, checked });
    }
    let done: Vec<Group> = tasks.iter().flat_map(|task| task.groups.clone()).collect();
    let groups = checker.rest(&done);
    if !groups.is_empty() {
        tasks.push(TaskView { number: tasks.len() + 1, asked: String::new(), groups, checked: true });
    }
    let parts = checker.parts.into_iter().map(|part| part_function(&writer, part)).collect::<Vec<_>>();
    let forward = function(&writer, "forward", "", &model.definitions);
    let torch = torch.then(|| torch_view(&writer, &forward));
    let backward: Vec<FunctionView> = solution.gradients.iter().map(|gradients| backward(&writer, gradients)).collect();
    let of_gradients = solution.gradients.iter().flat_map(|gradients| gradients.of.values().copied());
    let forms = solution.answers.iter().filter_map(|answer| answer.form);
    let computed: Vec<NodeId> = model.definitions.iter().copied().chain(of_gradients).chain(forms).collect();
    let data = Data::find(&writer, &computed);
    let mut helpers = writer.helpers();
    let given = leaves(&writer, [&forward].into_iter().chain(&backward).chain(&parts), &tasks)
        .into_iter()
        .filter_map(|id| Some((id, model.graph.as_leaf(id)?)))
        .map(|(id, leaf)| data.leaf(leaf, &writer.code(id), writer.shape(id), &mut helpers))
        .collect::<Vec<_>>();
    let drawn = given.iter().any(|leaf| leaf.binding.code.contains("rng"));
    let calls_math = |function: &FunctionView| function.lines.iter().any(|line| line.code.contains("math."));
    let math = [&forward].into_iter().chain(&backward).chain(&parts).any(calls_math);
    let checks = || tasks.iter().flat_map(|task| &task.groups).flat_map(|group| &group.checks);
    let is_picked = tasks.iter().flat_map(|task| &task.groups).any(|group| !group.picks.is_empty());
    ProgramView {
        head: head(model.title.iter().fold(model.id.clone(), |id, title| format!("{id}: {title}"))),
        printed: quoted(&one_line(&model.id)),
        wording: model.wording.iter().flat_map(|text| text.trim().lines()).map(one_line).collect(),
        notes: model.readings().map(one_line).collect(),
        math,
        sizes: data.bindings(&writer),
        helpers: helpers.iter().map(|helper| helper.source.trim()).collect(),
        given,
        drawn,
        tries: if checks().any(|check| uses(check).is_some()) { 3 } else { 1 },
        methods: checks()
            .filter_map(|check| match check {
                Check::Descent(descent) => Some(descent.method),
                _ => None,
            })
            .collect(),
        uses: checks().filter_map(uses).chain(is_picked.then_some("pick")).collect(),
        forward,
        backward,
        parts,
        tasks,
        torch,
    }
}

/// Which of the template's own functions a check calls.
fn uses(check: &Check) -> Option<&'static str> {
    match check {
        Check::Slope { .. } => Some("slope"),
        Check::Jacobian { .. } | Check::Hessian { .. } => Some("slopes"),
        Check::Directional { .. } => Some("along"),
        Check::Holds { .. } => Some("holds"),
        Check::Agree { .. } | Check::Descent(_) | Check::Fit(_) | Check::Remark { .. } => None,
    }
}

/// Without what would end a text between triple quotes.
fn head(text: String) -> String {
    one_line(&text).replace('"', "'").replace('\\', "/")
}

/// Without what would end a comment.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A function that computes these names one after the other.
fn function(writer: &Writer, name: &str, of: &str, symbols: &[NodeId]) -> FunctionView {
    let line = |symbol: &NodeId| LineView {
        name: writer.code(*symbol),
        code: writer.definition(*symbol),
        shape: writer.shape(*symbol),
    };
    let used: BTreeSet<NodeId> = symbols.iter().flat_map(|symbol| writer.used_by(*symbol)).collect();
    let arguments = writer.names_of(used.into_iter().filter(|id| !symbols.contains(id)));
    FunctionView { name: name.to_string(), of: of.to_string(), arguments, lines: symbols.iter().map(line).collect() }
}

fn backward(writer: &Writer, gradients: &Gradients) -> FunctionView {
    let loss = writer.code(gradients.loss);
    let name = match writer.solution.gradients.as_slice() {
        [_] => "backward".to_string(),
        _ => format!("backward_of_{loss}"),
    };
    let symbols: Vec<NodeId> = gradients.steps.iter().map(|step| step.gradient).collect();
    function(writer, &name, &loss, &symbols)
}

/// The lines between a value and another that needs it.
fn part_function(writer: &Writer, part: From) -> FunctionView {
    let graph = writer.graph();
    let (needed, depending) = (graph.needed(&[part.of]), graph.depending(&[part.wrt]));
    let lines = writer.solution.model.definitions.iter().copied();
    let lines: Vec<NodeId> =
        lines.filter(|id| *id != part.wrt && needed[id.place()] && depending[id.place()]).collect();
    let mut made = function(writer, &part_name(writer, part), &writer.code(part.of), &lines);
    let variable = writer.code(part.wrt);
    if !made.arguments.contains(&variable) {
        made.arguments.push(variable);
    }
    made
}

/// What has to be given for these functions and checks.
fn leaves<'a>(writer: &Writer, functions: impl Iterator<Item = &'a FunctionView>, tasks: &[TaskView]) -> Vec<NodeId> {
    let groups = || tasks.iter().flat_map(|task| &task.groups);
    let picked = groups().flat_map(|group| group.picks.iter().chain(&group.before));
    let names: BTreeSet<&str> =
        functions.flat_map(|function| &function.arguments).chain(picked).map(String::as_str).collect();
    let all = writer.graph().leaf_nodes().map(|(_, id)| id);
    all.filter(|id| writer.name(*id).is_some_and(|name| names.contains(name))).collect()
}

fn torch_view(writer: &Writer, forward: &FunctionView) -> TorchView {
    // What the lines of the model call, and nothing of the gradients.
    let own = Writer::new(writer.solution);
    own.solution.model.definitions.iter().for_each(|symbol| {
        own.definition(*symbol);
    });
    let in_torch = |code: &str| code.replace("np.array(", "np.tensor(").replace("np.", "torch.");
    let lines = forward.lines.iter().map(|line| LineView { code: in_torch(&line.code), ..line.clone() });
    let losses = writer.solution.gradients.iter().map(|gradients| {
        let leaves = gradients.of.iter().filter(|(of, _)| writer.graph().as_leaf(**of).is_some());
        let pairs: Vec<(String, String)> = leaves
            .filter_map(|(of, gradient)| Some((writer.name(*of)?.to_string(), writer.name(*gradient)?.to_string())))
            .collect();
        TorchLoss {
            loss: writer.code(gradients.loss),
            leaves: list(pairs.iter().map(|(leaf, _)| leaf)),
            gradients: list(pairs.iter().map(|(_, gradient)| gradient)),
        }
    });
    TorchView {
        helpers: own.helpers().iter().map(|helper| indented(&in_torch(helper.source.trim()))).collect(),
        forward: FunctionView { lines: lines.collect(), ..forward.clone() },
        losses: losses.filter(|loss| loss.leaves != "[]").collect(),
    }
}

fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    format!("[{}]", names.map(|name| quoted(name)).collect::<Vec<_>>().join(", "))
}

fn indented(source: &str) -> String {
    let lines = source.lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") });
    lines.collect::<Vec<_>>().join("\n")
}
