//! Hints: what to do next, one step at a time, without its result.

use crate::answer::Solution;
use crate::render::document::Layout;
use crate::render::template_data;
use crate::render::view::{
    Because, Equation, GradientsView, LawView, Maths, SectionBody, SectionView, StepView, TaskView,
};
use serde::Serialize;

#[derive(Serialize)]
pub struct HintsView {
    id: String,
    title: Option<String>,
    /// The names that the hints use of intermediate values.
    names: Vec<Equation>,
    tasks: Vec<TaskHints>,
}

#[derive(Serialize)]
struct TaskHints {
    task: TaskView,
    hints: Vec<Hint>,
}

/// One hint in data.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Hint {
    /// A general rule that the next steps use.
    Rule { law: LawView },
    /// What to find next, and why it follows.
    Gradient { names: Vec<Maths>, because: Because },
    /// A value to compute next.
    Value { name: Maths, definition: Maths, title: &'static str },
    /// How a side of a result is computed.
    Size { name: Maths, definition: Maths },
    /// What tasks of a kind have in common.
    General { text: &'static str },
}

impl HintsView {
    /// The same for each task by itself.
    pub fn of_each_task(self) -> Vec<(usize, HintsView)> {
        let alone = |tasks| HintsView { id: self.id.clone(), title: None, names: Vec::new(), tasks };
        self.tasks.into_iter().map(|part| (part.task.number, alone(vec![part]))).collect()
    }
}

pub fn view(solution: &Solution, layout: &Layout) -> HintsView {
    let page = template_data(solution, layout).page;
    let mut sections = page.sections.into_iter();
    let tasks = page.tasks.into_iter().map(|task| {
        let hint = solution.model.tasks[task.number - 1].ask.sheet().hint;
        let hints = sections.next().map(|section| hints(section, hint)).unwrap_or_default();
        TaskHints { task: TaskView { deltas: Vec::new(), ..task }, hints }
    });
    HintsView { id: page.id, names: page.notation.generated, title: page.title, tasks: tasks.collect() }
}

fn hints(section: SectionView, text: &'static str) -> Vec<Hint> {
    let values = |steps: Vec<StepView>| {
        steps.into_iter().map(|step| Hint::Value { name: step.name, definition: step.definition, title: step.title })
    };
    let derived = |losses: Vec<GradientsView>| {
        losses.into_iter().flat_map(|part| {
            let laws = part.laws.into_iter().map(|law| Hint::Rule { law });
            let rows = part.rows.into_iter().map(|row| Hint::Gradient {
                names: row.cells.into_iter().map(|cell| cell.name).collect(),
                because: row.because,
            });
            laws.chain(rows).collect::<Vec<_>>()
        })
    };
    let general = std::iter::once(Hint::General { text });
    match section.body {
        SectionBody::Values { steps, .. } => general.chain(values(steps)).collect(),
        SectionBody::Gradients { forward, losses, .. } | SectionBody::Update { forward, losses, .. } => {
            general.chain(values(forward)).chain(derived(losses)).collect()
        }
        SectionBody::Directional { losses, .. } => general.chain(derived(losses)).collect(),
        SectionBody::Shapes { steps, .. } => {
            let sizes = steps.into_iter();
            let sizes = sizes.map(|step| Hint::Size { name: step.name, definition: step.definition });
            general.chain(sizes).collect()
        }
        _ => general.collect(),
    }
}
