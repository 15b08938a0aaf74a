//! `for which eta does descent of L over w converge`: the rates at which gradient descent of a quadratic loss goes to its
//! minimum.

use super::compare::{Finding, compare};
use super::{Asking, Kind};
use crate::answer::told::{Block, Formula, Link, Say, Told};
use crate::answer::{Expander, Part};
use crate::diagnostic::Diagnostic;
use crate::differentiate::differentiate;
use crate::graph::NodeId;
use crate::math::{Math, Relation};
use crate::number::Number;
use crate::ops::{Div, Scale, Sub};
use crate::second::hessian;
use crate::syntax::ast;
use crate::tensor::Tensor;
use crate::verify::{Matrix, Order, certify, certify_matrix};

pub const KIND: Kind = Kind {
    name: "for which",
    forms: &["for which {name} does descent of {name} over {name} converge"],
    summary: "the rates at which gradient descent of a quadratic loss converges, and the best one",
    example: "for which eta does descent of L over w converge",
    answered: "largest = 2/a",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let (rate, of, wrt) = (asking.name(0)?, asking.name(1)?, asking.name(2)?);
    let (rate, of, wrt) = (asking.named(&rate)?, asking.named(&of)?, asking.named(&wrt)?);
    let gradients =
        differentiate(&mut asking.work.model, of, &[wrt]).map_err(|_| asking.fault("it has no gradient", ""))?;
    let Some(gradient) = gradients.of.get(&wrt).copied() else {
        return Err(asking.fault("the loss does not depend on it", KIND.example));
    };
    asking.work.certificate.merge(certify(&asking.work.model, &gradients));
    let Ok(second) = hessian(&mut asking.work.model, gradient, wrt) else {
        return Err(asking.fault("its second derivatives are no matrix expression", KIND.example));
    };
    let matrix = Matrix { of, wrt, matrix: second.matrix, order: Order::Second };
    asking.work.certificate.merge(certify_matrix(&asking.work.model, matrix));
    let gradient = Expander::of_all_deltas().expand(&mut asking.work.model.graph, gradient);
    let curvature = Expander::of_all_deltas().expand(&mut asking.work.model.graph, second.matrix);
    let whole = asking.opened_whole(curvature, &[wrt]);
    let graph = &asking.work.model.graph;
    if graph.needed(&[whole])[wrt.place()] {
        return Err(asking.fault(
            "its second derivative changes with it, so that there is no one rate for every start",
            "the loss has to be quadratic; `descend … rate 0.1 for 20 steps` follows others step by step",
        ));
    }
    let single = graph.shape(wrt).size().is_one();
    let mut blocks = vec![
        Block::Chain {
            first: Formula::Gradient { of: wrt, loss: of },
            links: vec![link(gradient, "by the chain rule")],
        },
        Block::Chain {
            first: Formula::Derivative { of, wrt, order: 2 },
            links: vec![link(curvature, "derived once more; it does not change on the way")],
        },
    ];
    let value = asking.value(curvature);
    let two = asking.work.model.graph.integer(2);
    if single {
        let positive = is_positive(asking, whole);
        let bound = asking.work.model.graph.apply(Div, &[two, curvature]).map_err(|_| asking.fault("it can't be divided", ""))?;
        let one = asking.work.model.graph.integer(1);
        let best = asking.work.model.graph.apply(Div, &[one, curvature]).map_err(|_| asking.fault("it can't be divided", ""))?;
        let graph = &mut asking.work.model.graph;
        let factor = graph.apply(Scale, &[rate, curvature]).and_then(|share| graph.apply(Sub, &[one, share]));
        if let Ok(factor) = factor {
            blocks.push(Block::Say(
                Say::new("A step multiplies the distance from the minimum by {}, so it shrinks where the size of this factor is below 1.")
                    .node(factor),
            ));
        }
        if !positive {
            blocks.push(Block::Say(Say::new("There is a minimum where {} is positive.").node(curvature)));
        }
        let (bound, best) = (asking.simplified(bound), asking.simplified(best));
        blocks.push(Block::Display { formula: converging(rate, Formula::Node(bound)), boxed: true });
        blocks.push(Block::Say(
            Say::new("With {} one step reaches the minimum; below it the distance keeps its sign, above it the sign changes in every step.")
                .formula(Formula::equal(Formula::Node(rate), Formula::Node(best))),
        ));
        let number = asking.value(bound);
        answered(asking, rate, Some(bound), number);
    } else {
        blocks.push(Block::Say(Say::new(
            "Along an eigenvector of this matrix a step multiplies the distance from the minimum by one less the rate times the eigenvalue. The size of this factor has to be below 1 for each of them: the rate is positive, and below 2 divided by the largest eigenvalue.",
        )));
        match value.map(|value| value.map(|entry| entry.to_f64())).and_then(|value| value.largest_eigenvalue()) {
            Some(largest) if largest > 0.0 => {
                let number = |value: f64| Formula::Value(Tensor::scalar(Number::approx(value)));
                blocks.push(Block::Display {
                    formula: Formula::related(Formula::Math(Math::name("lambda_max")), Relation::Approximately, number(largest)),
                    boxed: false,
                });
                blocks.push(Block::Display { formula: converging(rate, number(2.0 / largest)), boxed: true });
                answered(asking, rate, None, Some(Tensor::scalar(Number::approx(2.0 / largest))));
            }
            Some(_) => return Err(asking.fault("no direction has a positive curvature, so there is no minimum", "")),
            None => {
                let question = question(rate, of, wrt);
                return Ok(Told { title: "Where it converges", question, blocks, open: true });
            }
        }
    }
    Ok(Told { title: "Where it converges", question: question(rate, of, wrt), blocks, open: false })
}

fn question(rate: NodeId, of: NodeId, wrt: NodeId) -> Say {
    Say::new("For which {} does gradient descent of {} in {} converge?").node(rate).node(of).node(wrt)
}

/// `0 < eta < 2/a`
fn converging(rate: NodeId, bound: Formula) -> Formula {
    let zero = Formula::number(&Number::integer(0));
    Formula::Related(Box::new(zero), vec![(Relation::Less, Formula::Node(rate)), (Relation::Less, bound)])
}

fn answered(asking: &mut Asking, rate: NodeId, form: Option<NodeId>, value: Option<Tensor<Number>>) {
    let bound = match (form, &value) {
        (Some(form), _) => Some(Formula::Node(form)),
        (None, value) => value.clone().map(Formula::Value),
    };
    let told = bound.map(|bound| Say::new("it converges for {}").formula(converging(rate, bound)));
    let part = Part { told, ..asking.part("largest") };
    asking.answer(part, form, value);
}

fn is_positive(asking: &mut Asking, form: NodeId) -> bool {
    let zero = asking.work.model.graph.integer(0);
    matches!(compare(&asking.work.model, form, ast::Relation::Greater, zero), Finding::Holds(_))
}

fn link(form: NodeId, because: &'static str) -> Link {
    Link { relation: Relation::Equal, formula: Formula::Node(form), because: Say::new(because) }
}
