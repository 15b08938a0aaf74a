//! What Jacobians and Hessians have in common: a matrix of derivatives, read off the product with a cotangent.

use super::entrywise;
use super::{Sheet, Space};
use crate::answer::{Answer, EntryStep, Expander, Reason, Refusal, Section, Subject, Work};
use crate::diagnostic::Diagnostic;
use crate::graph::{Environment, NodeId};
use crate::lower::Lowerer;
use crate::number::Number;
use crate::second::{SecondForm, Unavailable};
use crate::syntax::ast::Name;
use crate::verify::{Matrix, Order, Traced, certify, certify_derivative, certify_equal, certify_matrix};

/// Whether it is a number, a row or a column; what else it is is told.
pub fn is_vector(lowerer: &mut Lowerer, name: &Name, id: NodeId, what: &str) -> bool {
    let shape = lowerer.graph.shape(id);
    let flat = shape.is_single() || shape.is_row() || shape.is_column();
    if !flat {
        let message = format!("{what} is of vectors, and `{}` is {shape}", name.text);
        let fault = Diagnostic::error("E-task", message).at(name.span, format!("has shape {shape}"));
        lowerer.faults.push(fault);
    }
    flat
}

/// Of Jacobians and Hessians alike.
pub const SHEET: Sheet = Sheet {
    title: "The matrix of derivatives",
    hint: "Write one entry as a sum, derive it, and read the matrix off.",
    space: Space::Lines { each: 1.2, least: 4, most: 14 },
};

/// The answer from the matrix, where there is one.
pub fn answer(
    work: &mut Work,
    task: usize,
    subject: Subject,
    (of, wrt, order): (NodeId, NodeId, Order),
    form: Result<SecondForm, Unavailable>,
) -> Result<Section, Refusal> {
    let mut form = form.map_err(|reason| Refusal::Second { model: Box::new(work.model.clone()), task, reason })?;
    work.certificate.merge(certify(&work.model, &form.gradients));
    if let Subject::Jacobian { of, .. } = subject {
        let cotangent = work.model.graph.as_leaf(form.cotangent).map(|_| form.cotangent);
        let traced = Traced { gradients: &form.gradients, of, cotangent };
        work.certificate.merge(certify_derivative(&work.model, traced));
    }
    if !form.numeric {
        work.certificate.merge(certify_equal(&work.model, form.product, form.again));
    }
    work.certificate.merge(certify_matrix(&work.model, Matrix { of, wrt, matrix: form.matrix, order }));
    let read_off = form.matrix;
    form.matrix = Expander::of_all_deltas().expand(&mut work.model.graph, read_off);
    form.product = Expander::of_all_deltas().expand(&mut work.model.graph, form.product);
    if read_off != form.matrix {
        work.certificate.merge(certify_equal(&work.model, read_off, form.matrix));
    }
    let environment = Environment::<Number>::given(&work.model.graph);
    let known = work.known(&[form.matrix], &environment);
    let value = known.values.get(form.matrix).cloned().or_else(|| known.partial(form.matrix));
    let missing = known.missing(form.matrix);
    let answer = work.answered(task, subject.clone(), Some(form.matrix).filter(|_| !form.numeric), value);
    let shape = work.model.graph.shape(form.matrix).clone();
    work.answers.push(Answer { shape, missing, ..answer });
    let steps = if form.numeric { Vec::new() } else { steps(work, &subject, form.matrix) };
    Ok(Section::Second { form, subject, steps })
}

/// Line by line; a Hessian from the gradient, once more.
fn steps(work: &mut Work, subject: &Subject, matrix: NodeId) -> Vec<EntryStep> {
    match *subject {
        Subject::Jacobian { of, wrt, .. } => entrywise::steps(work, of, wrt),
        Subject::Hessian { of, wrt } => {
            let gradient = work.gradient(wrt, of);
            let first = work.without_deltas(gradient);
            let step = |order, form, reason| EntryStep {
                of,
                wrt,
                order,
                definition: of,
                matrix: form,
                parts: None,
                raw: None,
                reason,
            };
            let mut steps = vec![step(1, first, Reason::Gradient)];
            steps.extend(entrywise::on_way(work, first, wrt).into_iter().filter(|own| own.of != of));
            steps.push(step(2, matrix, Reason::Again));
            steps
        }
        _ => Vec::new(),
    }
}
