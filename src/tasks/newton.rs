//! `newton w of L for 2 steps`: steps by Newton's method, in symbols and with the numbers that are given.

use super::{Asking, Kind, shown_by};
use crate::answer::told::{Block, Formula, Say, Told};
use crate::answer::{Expander, Part};
use crate::diagnostic::Diagnostic;
use crate::differentiate::differentiate;
use crate::graph::{Environment, Kind as NodeKind, NodeId};
use crate::math::{Math, Relation};
use crate::ops::{Div, Inverse, Sub};
use crate::second::hessian;
use crate::tensor::Tensor;
use crate::number::Number;
use crate::verify::{Matrix, Order, certify, certify_matrix};

pub const KIND: Kind = Kind {
    name: "newton",
    forms: &[
        "newton {name} of {name} from {expression} for {expression} steps",
        "newton {name} of {name} for {expression} steps",
        "newton {name} of {name} from {expression}",
        "newton {name} of {name}",
    ],
    summary: "steps by Newton's method: a value less the inverse of the Hessian times the gradient",
    example: "newton w of L for 2 steps",
    answered: "w = 2",
    answer,
};

/// More steps are no exercise by hand.
const MOST: i64 = 50;

/// What a step is made of.
struct Step {
    gradient: NodeId,
    hessian: NodeId,
    next: NodeId,
}

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let (start, steps) = match asking.asked.question.form {
        0 => (Some(2), Some(3)),
        1 => (None, Some(2)),
        2 => (Some(2), None),
        _ => (None, None),
    };
    let (own, of) = (asking.name(0)?, asking.name(1)?);
    let (wrt, of) = (asking.named(&own)?, asking.named(&of)?);
    let steps = match steps {
        None => 1,
        Some(steps) => {
            let node = asking.expression(steps)?;
            let number = asking.value(node).and_then(|value| value.first().to_integer());
            match number.filter(|number| (1..=MOST).contains(number)) {
                Some(number) => number,
                None => return Err(asking.fault(format!("the number of steps is a whole number up to {MOST}"), KIND.example)),
            }
        }
    };
    let start = match start {
        Some(start) => {
            let node = asking.expression(start)?;
            asking.value(node)
        }
        None => asking.value(wrt),
    };
    let NodeKind::Leaf(leaf) = *asking.work.model.graph.kind(wrt) else {
        return Err(asking.fault(format!("`{}` is no parameter", own.text), KIND.example));
    };
    let step = step(asking, of, wrt)?;
    let single = asking.work.model.graph.shape(wrt).size().is_one();
    let mut blocks = vec![
        Block::Chain {
            first: Formula::Gradient { of: wrt, loss: of },
            links: vec![link(step.gradient, "by the chain rule")],
        },
        Block::Chain {
            first: Formula::Derivative { of, wrt, order: 2 },
            links: vec![link(step.hessian, "derived once more")],
        },
        Block::Say(match single {
            true => Say::new("A step goes to where the parabola with this slope and this curvature is flat: the slope is divided by the second derivative."),
            false => Say::new("A step goes to where the quadratic function with this gradient and this Hessian is flat: the gradient is multiplied by the inverse of the Hessian."),
        }),
        Block::Display { formula: became(&own.text, step.next), boxed: start.is_none() },
    ];
    let name = own.text.clone();
    let part = |name: String| Part { shown: Some(wrt), ..asking.part(name) };
    let question = match steps {
        1 => Say::new("Take one step of Newton's method for {} in {}."),
        _ => Say::new("Take some steps of Newton's method for {} in {}{}."),
    };
    let question = question.node(of).node(wrt);
    let question = if steps == 1 { question } else { question.say(Say::new(", {} in all").words(steps.to_string())) };
    match start {
        None if steps == 1 => asking.answer(part(name), Some(step.next), None),
        None => return Err(asking.fault("several steps start from numbers", "for example `newton w of L from 3 for 2 steps`")),
        Some(start) => {
            let fits = start.shape() == *asking.work.model.graph.shape(wrt);
            if !fits {
                return Err(asking.fault(format!("`{name}` starts with the shape {}", start.shape()), KIND.example));
            }
            let (rows, last) = walked(asking, &step, of, leaf, start, steps)?;
            let headings = ["step", "value", "loss", "gradient", "second derivative", "next value"].map(Say::new).to_vec();
            blocks.push(Block::Table { headings, rows });
            blocks.push(Block::Display {
                formula: Formula::related(Formula::Node(wrt), shown_by(&last), Formula::Value(last.clone())),
                boxed: true,
            });
            let given = asking.value(wrt).is_some();
            asking.answer(part(name), Some(step.next).filter(|_| steps == 1 && given), Some(last));
        }
    }
    Ok(Told { title: "By Newton's method", question, blocks, open: false })
}

/// `w^(new) = …`
fn became(name: &str, next: NodeId) -> Formula {
    let name = Math::Step(Box::new(Math::name(name)), Box::new(Math::word("new")));
    Formula::equal(Formula::Math(name), Formula::Node(next))
}

fn link(form: NodeId, because: &'static str) -> crate::answer::told::Link {
    crate::answer::told::Link { relation: Relation::Equal, formula: Formula::Node(form), because: Say::new(because) }
}

/// The gradient, the Hessian and the step, in symbols; each compared with numeric derivatives.
fn step(asking: &mut Asking, of: NodeId, wrt: NodeId) -> Result<Step, Vec<Diagnostic>> {
    let gradients =
        differentiate(&mut asking.work.model, of, &[wrt]).map_err(|_| asking.fault("it has no gradient", ""))?;
    let Some(gradient) = gradients.of.get(&wrt).copied() else {
        return Err(asking.fault("the loss does not depend on it", KIND.example));
    };
    asking.work.certificate.merge(certify(&asking.work.model, &gradients));
    let fault = |asking: &Asking| asking.fault("its second derivatives are no matrix expression", "`descend` needs none");
    let Ok(second) = hessian(&mut asking.work.model, gradient, wrt) else { return Err(fault(asking)) };
    if second.numeric {
        return Err(fault(asking));
    }
    let matrix = Matrix { of, wrt, matrix: second.matrix, order: Order::Second };
    asking.work.certificate.merge(certify_matrix(&asking.work.model, matrix));
    let graph = &mut asking.work.model.graph;
    let gradient = Expander::of_all_deltas().expand(graph, gradient);
    let matrix = Expander::of_all_deltas().expand(graph, second.matrix);
    let shape = graph.shape(wrt).clone();
    let moved = match () {
        () if shape.is_scalar() => graph.apply(Div, &[gradient, matrix]),
        () if shape.is_row() => graph.apply(Inverse, &[matrix]).and_then(|inverse| graph.product(gradient, inverse)),
        () => graph.apply(Inverse, &[matrix]).and_then(|inverse| graph.product(inverse, gradient)),
    };
    let next = moved.and_then(|moved| graph.apply(Sub, &[wrt, moved]));
    next.map(|next| Step { gradient, hessian: matrix, next }).map_err(|_| fault(asking))
}

/// The rows of the table, and the last value.
type Walk = (Vec<Vec<Say>>, Tensor<Number>);

/// Step by step from a start.
fn walked(
    asking: &Asking,
    step: &Step,
    of: NodeId,
    leaf: crate::graph::LeafId,
    start: Tensor<Number>,
    steps: i64,
) -> Result<Walk, Vec<Diagnostic>> {
    let graph = &asking.work.model.graph;
    let mut environment = Environment::<Number>::given(graph);
    let mut value = start;
    let mut rows = Vec::new();
    for place in 1..=steps {
        environment.set(leaf, value.clone());
        let known = graph.known(&[of, step.gradient, step.hessian, step.next], &environment);
        let at = |id: NodeId| known.values.get(id).cloned();
        let (Some(loss), Some(gradient), Some(hessian), Some(next)) = (at(of), at(step.gradient), at(step.hessian), at(step.next))
        else {
            return Err(asking.fault(format!("step {place} has no value"), "give numbers to all that the loss is made of"));
        };
        let cell = |value: &Tensor<Number>| Say::new("{}").formula(Formula::Value(value.clone()));
        rows.push(vec![Say::words_of(place.to_string()), cell(&value), cell(&loss), cell(&gradient), cell(&hessian), cell(&next)]);
        value = next;
    }
    Ok((rows, value))
}
