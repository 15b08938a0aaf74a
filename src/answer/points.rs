//! Shares a problem's marks over its answers.

use super::Answer;
use crate::model::Model;
use crate::number::Number;

/// A task's marks are shared equally over its answers. Where no task states its marks, the problem's are shared
/// equally over the tasks that have answers.
pub fn share(model: &Model, answers: &mut [Answer]) {
    let stated = model.tasks.iter().any(|task| task.points.is_some());
    let answered = (1..=model.tasks.len()).filter(|task| answers.iter().any(|answer| answer.task == *task)).count();
    for task in 1..=model.tasks.len() {
        let whole = match (&model.tasks[task - 1].points, &model.points) {
            (Some(points), _) => Some(points.clone()),
            (None, Some(points)) if !stated && answered > 0 => divided(points, answered),
            (None, _) => None,
        };
        let count = answers.iter().filter(|answer| answer.task == task).count();
        let each = whole.and_then(|whole| divided(&whole, count));
        for answer in answers.iter_mut().filter(|answer| answer.task == task) {
            answer.points = each.clone();
        }
    }
}

fn divided(points: &Number, parts: usize) -> Option<Number> {
    points.checked_div(&Number::integer(i64::try_from(parts).ok()?)).ok()
}
