//! What is asked for, as the marking sees it.

use super::key::name;
use crate::answer::{Answer, Part, Solution, Subject, Wanted};
use crate::differentiate::Gradients;
use crate::graph::NodeId;
use crate::model::{EntryIndex, JacobianLayout, Point};
use crate::number::Number;
use crate::shape::Shape;
use crate::syntax::ast::TargetKind;
use crate::syntax::latex::STAR;
use crate::syntax::names;
use crate::tasks::Ask;
use crate::tensor::Tensor;

/// What students put to the name of a parameter where a loss is least: `w_min`, `ŵ`.
const LEAST: [&str; 6] = [STAR, "hat", "min", "opt", "ast", "best"];

/// One asked answer.
#[derive(Clone, Debug)]
pub struct Question {
    /// As an answer file names it: `J`, `dW1`, `dW of L2`, `L at a = 8`, `w of task 4`.
    pub name: String,
    /// The same without the task.
    pub(super) short: String,
    /// Counted from 1.
    pub(super) task: usize,
    /// Its marks; without any in the problem, each answer has one.
    pub points: Number,
    pub shape: Shape,
    pub(super) subject: Subject,
    pub(super) kind: TargetKind,
    /// The canonical names by which it may be answered: `dW1`, `deltaW1`.
    pub(super) keys: Vec<String>,
    /// The loss, where a gradient is asked for.
    pub(super) loss: Option<String>,
    /// The names after `wrt`, or of the counted parameters.
    pub(super) wrt: Vec<String>,
    pub(super) at: Option<Point>,
    /// The right answer.
    pub(super) node: Option<NodeId>,
    /// The same, found without the known pairs of operators.
    pub(super) plain: Option<NodeId>,
    /// Its value with the problem's data, where it has one.
    pub(super) value: Option<Tensor<Number>>,
    /// The asked entry, from 1, where the indices are numbers.
    pub(super) entry: Vec<usize>,
    /// The letters of the asked entry, where it is a general one.
    pub(super) letters: Vec<String>,
    /// Which way a Jacobian lies, where both are asked for.
    pub(super) layout: Option<&'static str>,
}

/// The questions of a solved problem, one for each answer.
pub(super) fn questions(solution: &Solution, plain: &[Gradients]) -> Vec<Question> {
    let all = &solution.answers;
    all.iter().map(|answer| question(solution, answer, all, plain)).collect()
}

/// Questions whose answers may stand in any order: the roots of an equation, the eigenvalues of a matrix.
pub(super) fn unordered(questions: &[Question]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, question) in questions.iter().enumerate() {
        let stem = |place: usize| questions[place].name.trim_end_matches(|c: char| c.is_ascii_digit()).to_string();
        let numbered = stem(place) != question.name && matches!(question.subject, Subject::Part(_));
        let joins =
            |group: &&mut Vec<usize>| questions[group[0]].task == question.task && stem(group[0]) == stem(place);
        match groups.iter_mut().find(joins).filter(|_| numbered && question.value.is_some()) {
            Some(group) => group.push(place),
            None if numbered && question.value.is_some() => groups.push(vec![place]),
            None => {}
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// How an answer file names each answer.
pub fn answer_names(solution: &Solution) -> Vec<String> {
    questions(solution, &[]).into_iter().map(|question| question.name).collect()
}

fn question(solution: &Solution, answer: &Answer, all: &[Answer], plain: &[Gradients]) -> Question {
    let graph = &solution.model.graph;
    let called = |id: NodeId| name(graph, id).unwrap_or_default();
    let listed = |ids: &[NodeId]| ids.iter().map(|id| called(*id)).collect::<Vec<_>>();
    let (kind, own, wrt, loss) = match &answer.subject {
        Subject::Value(id) | Subject::Entries(id) => (TargetKind::Plain, called(*id), Vec::new(), None),
        Subject::Gradient { of, loss, .. } => (TargetKind::Plain, format!("d{}", called(*of)), Vec::new(), Some(*loss)),
        Subject::Fit { family, part } => {
            let name = part.name(&solution.sections[answer.task - 1], *family);
            (TargetKind::Plain, name, Vec::new(), None)
        }
        Subject::Part(part) if is_sought(solution, answer) => (TargetKind::Update, part.name.clone(), Vec::new(), None),
        Subject::Part(part) => (TargetKind::Plain, part.name.clone(), Vec::new(), None),
        Subject::Shape(id) => (TargetKind::Shape, called(*id), Vec::new(), None),
        Subject::Count => (TargetKind::Plain, "params".to_string(), counted(solution, answer), None),
        Subject::Updated(id) | Subject::Descended { of: id, .. } | Subject::Minimum(id) => {
            (TargetKind::Update, called(*id), Vec::new(), None)
        }
        Subject::Jacobian { of, wrt, .. } => (TargetKind::Jacobian, called(*of), vec![called(*wrt)], None),
        Subject::Hessian { of, wrt } => (TargetKind::Hessian, called(*of), vec![called(*wrt)], None),
        Subject::Directional { of, wrt } => (TargetKind::Directional, called(*of), listed(wrt), None),
    };
    let entry = match &answer.subject {
        Subject::Gradient { entry, .. } => entry.clone(),
        _ => Vec::new(),
    };
    let key = names::key(&own);
    let mut keys = vec![key.clone()];
    if let Subject::Descended { steps, .. } = &answer.subject {
        // `a_10` is where ten steps lead.
        keys.push(format!("{key}{steps}"));
    }
    let is_extreme = |part: &Part| part.kind == "optimum";
    if matches!(&answer.subject, Subject::Minimum(_))
        || matches!(&answer.subject, Subject::Part(part) if is_extreme(part))
    {
        let marked = LEAST.iter().map(|mark| format!("{key}{mark}"));
        keys.extend(marked.filter(|name| !solution.model.names.contains_key(name)));
    }
    keys.extend(key.strip_prefix('d').filter(|_| loss.is_some()).map(|of| format!("delta{of}")));
    let short = short_name(solution, answer, &Called { kind, own: &own, wrt: &wrt, loss, entry: &entry });
    Question {
        name: format!("{short}{}", of_task(solution, answer).unwrap_or_default()),
        short,
        task: answer.task,
        points: answer.points.clone().unwrap_or_else(|| Number::integer(1)),
        shape: answer.shape.clone(),
        subject: answer.subject.clone(),
        kind,
        keys,
        loss: loss.map(called),
        wrt: wrt.iter().map(|name| names::key(name)).collect(),
        at: answer.at.clone(),
        node: answer.form,
        plain: match &answer.subject {
            Subject::Gradient { of, loss, entry } if numbered(entry).is_empty() => plain
                .iter()
                .find(|gradients| gradients.loss == *loss)
                .and_then(|gradients| gradients.of.get(of).copied()),
            _ => None,
        },
        value: answer.value.clone(),
        entry: numbered(&entry),
        letters: entry.iter().filter_map(|index| index.as_name().map(str::to_string)).collect(),
        layout: layout(answer, all),
    }
}

/// Whether a name of the problem's own is sought: elsewhere it stays what the problem says. Of several that are sought
/// together one may stand in another's answer.
fn is_sought(solution: &Solution, answer: &Answer) -> bool {
    let Subject::Part(part) = &answer.subject else { return false };
    let alone = solution.answers.iter().filter(|other| other.task == answer.task).count() == 1;
    let given = part.shown.is_some_and(|id| solution.model.graph.as_leaf(id).is_some());
    given && (alone || matches!(part.wanted, Wanted::Found { .. }))
}

/// The indices of an entry, where all are numbers.
fn numbered(entry: &[EntryIndex]) -> Vec<usize> {
    let numbers = entry.iter().map(|index| match index {
        EntryIndex::Number(place) => Some(*place),
        EntryIndex::Name(_) => None,
    });
    numbers.collect::<Option<_>>().unwrap_or_default()
}

/// The names of the counted parameters, where they are not all.
fn counted(solution: &Solution, answer: &Answer) -> Vec<String> {
    let model = &solution.model;
    match &model.tasks[answer.task - 1].ask {
        Ask::CountParams(count) if count.of.len() < model.params().len() => {
            count.of.iter().filter_map(|id| name(&model.graph, *id)).collect()
        }
        _ => Vec::new(),
    }
}

/// What a name is made of.
struct Called<'a> {
    kind: TargetKind,
    own: &'a str,
    /// The names after `wrt`.
    wrt: &'a [String],
    loss: Option<NodeId>,
    entry: &'a [EntryIndex],
}

/// A name, but for the task.
fn short_name(solution: &Solution, answer: &Answer, called: &Called) -> String {
    let (graph, all) = (&solution.model.graph, &solution.answers);
    let Called { kind, own, wrt, loss, entry } = *called;
    let several = |other: &Answer| match (&other.subject, &answer.subject) {
        (Subject::Gradient { of: a, loss: one, .. }, Subject::Gradient { of: b, loss: two, .. }) => {
            a == b && one != two
        }
        _ => false,
    };
    let counts = all.iter().filter(|other| other.subject == Subject::Count).count();
    let mut text = match kind {
        TargetKind::Plain if answer.subject == Subject::Count && counts > 1 && !wrt.is_empty() => {
            format!("{own} of {}", wrt.join(", "))
        }
        TargetKind::Plain => own.to_string(),
        TargetKind::Shape => format!("shape of {own}"),
        TargetKind::Update if matches!(answer.subject, Subject::Updated(_)) => format!("update {own}"),
        TargetKind::Update => own.to_string(),
        TargetKind::Jacobian => format!(
            "jacobian of {own} wrt {}{}",
            wrt.join(", "),
            layout(answer, all).map(|layout| format!(" layout {layout}")).unwrap_or_default()
        ),
        TargetKind::Hessian => format!("hessian of {own} wrt {}", wrt.join(", ")),
        TargetKind::Directional => format!("directional of {own} wrt {}", wrt.join(", ")),
    };
    if !entry.is_empty() {
        let places: Vec<String> = entry.iter().map(ToString::to_string).collect();
        text.push_str(&format!("[{}]", places.join(", ")));
    }
    if let Some(loss) = loss.filter(|_| all.iter().any(several)) {
        text.push_str(&format!(" of {}", name(graph, loss).unwrap_or_default()));
    }
    if let Some(point) = &answer.at {
        let bindings: Vec<String> = point
            .iter()
            .map(|(leaf, value)| format!("{} = {}", graph.leaf(*leaf).name, number_or_matrix(value)))
            .collect();
        text.push_str(&format!(" at {}", bindings.join(" and ")));
    }
    text
}

/// The task that a parameter is asked in, where others ask for it by the same name.
fn of_task(solution: &Solution, answer: &Answer) -> Option<String> {
    let learned = |answer: &Answer| match &answer.subject {
        Subject::Descended { of, .. } | Subject::Minimum(of) => Some((false, *of)),
        Subject::Updated(of) => Some((true, *of)),
        Subject::Part(part) => part.shown.filter(|_| is_sought(solution, answer)).map(|of| (false, of)),
        _ => None,
    };
    let own = learned(answer)?;
    let others = solution.answers.iter().filter(|other| other.task != answer.task);
    let shared = others.filter_map(learned).any(|other| other == own);
    shared.then(|| format!(" of task {}", answer.task))
}

/// The layout, where one Jacobian is asked for in both.
fn layout(answer: &Answer, all: &[Answer]) -> Option<&'static str> {
    let Subject::Jacobian { of, wrt, layout } = &answer.subject else { return None };
    let same =
        |other: &&Answer| matches!(&other.subject, Subject::Jacobian { of: a, wrt: b, .. } if (a, b) == (of, wrt));
    (all.iter().filter(same).count() > 1).then_some(match layout {
        JacobianLayout::Numerator => "numerator",
        JacobianLayout::Denominator => "denominator",
    })
}

/// A value as the problem language writes it.
fn number_or_matrix(value: &Tensor<Number>) -> String {
    match value.rank() {
        0 => value.first().to_string(),
        _ => {
            let rows =
                value.rows().into_iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
            format!("[{}]", rows.collect::<Vec<_>>().join("; "))
        }
    }
}
