//! `expectation of L over e with mean 0 and variance s2`: by the rules for means and variances of independent noise.

mod moments;

use super::{Asking, Kind};
use crate::answer::told::{Block, Formula, Say, Told};
use crate::answer::Part;
use crate::diagnostic::Diagnostic;
use crate::graph::NodeId;
use moments::{Moments, Noise, Unknown};

pub const KIND: Kind = Kind {
    name: "expectation",
    forms: &[
        "expectation of {name} over {names} with mean {expression} and variance {expression}",
        "expectation of {name} over {names} bernoulli {expression}",
        "variance of {name} over {names} with mean {expression} and variance {expression}",
        "variance of {name} over {names} bernoulli {expression}",
    ],
    summary: "mean or variance over noise whose entries are independent and alike, by the rules for sums and products: \
              dropout, noise on inputs, how the variance of a unit grows",
    example: "expectation of L over e with mean 0 and variance s2",
    answered: "expectation = sum((y - X*w).^2) + s2*sum(w.^2)",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let form = asking.asked.question.form;
    let (of, names) = (asking.name(0)?, asking.names(1)?);
    let mut numbers = Vec::new();
    for hole in 2..asking.asked.question.parts.len() {
        let node = asking.expression(hole)?;
        if !asking.work.model.graph.shape(node).is_scalar() {
            return Err(asking.fault("a mean and a variance are numbers, the same for each entry", KIND.example));
        }
        numbers.push(node);
    }
    let noise = match numbers.as_slice() {
        [mean, variance] => Noise { mean: *mean, variance: *variance },
        all => Noise { mean: all[0], variance: bernoulli(asking, all[0])? },
    };
    let of_node = asking.named(&of)?;
    let random = asking.all_named(&names)?;
    let found = moments::moments(asking, of_node, &random, noise).map_err(|unknown| told_unknown(asking, &unknown))?;
    let wants_variance = form >= 2;
    let (title, name) = if wants_variance { ("The variance", "variance") } else { ("The expectation", "expectation") };
    let Moments { mean, variance, rows } = found;
    let result = if wants_variance { variance } else { mean };
    moments::certify(asking, of_node, &random, noise, (mean, result, wants_variance))?;
    let headings = ["", "mean", "variance of an entry", "because"].map(Say::new).to_vec();
    let law = match numbers.len() {
        1 => Say::new("Each entry of {} is 1 with the probability {}, independent of the others: its mean is {} and its variance {}."),
        _ => Say::new("The entries of {} are independent of each other, with the mean {} and the variance {}."),
    };
    let law = law.nodes(&random);
    let law = match numbers.as_slice() {
        [share] => law.node(*share).node(noise.mean).node(noise.variance),
        _ => law.node(noise.mean).node(noise.variance),
    };
    let mut blocks = vec![Block::Say(law)];
    if !rows.is_empty() {
        blocks.push(Block::Table { headings, rows });
    }
    blocks.push(Block::Display { formula: Formula::Node(result), boxed: true });
    let value = asking.value(result);
    if let Some(value) = &value {
        blocks.push(Block::Display { formula: Formula::Value(value.clone()), boxed: true });
    }
    let told = match wants_variance {
        true => Say::new("the variance of {} is {}"),
        false => Say::new("the expectation of {} is {}"),
    };
    let told = told.node(of_node).node(result);
    let part = Part { told: Some(told), ..asking.part(name) };
    asking.answer(part, Some(result), value);
    let question = match wants_variance {
        true => Say::new("Find the variance of {} over {}."),
        false => Say::new("Find the expectation of {} over {}."),
    };
    let question = question.node(of_node).nodes(&random);
    Ok(Told { title, question: question.say(Say::new(" {}").say(said(&numbers))), blocks, open: false })
}

fn said(numbers: &[NodeId]) -> Say {
    match numbers {
        [share] => Say::new("Each entry is 1 with the probability {}, and else 0.").node(*share),
        [mean, variance, ..] => {
            Say::new("Its entries are independent, with the mean {} and the variance {}.").node(*mean).node(*variance)
        }
        [] => Say::new(""),
    }
}

fn bernoulli(asking: &mut Asking, share: NodeId) -> Result<NodeId, Vec<Diagnostic>> {
    let graph = &mut asking.work.model.graph;
    let one = graph.integer(1);
    let rest = graph.apply(crate::ops::Sub, &[one, share]);
    let product = rest.and_then(|rest| graph.apply(crate::ops::Scale, &[share, rest]));
    product.map_err(|_| asking.fault("a probability is a number", KIND.example))
}

fn told_unknown(asking: &Asking, unknown: &Unknown) -> Vec<Diagnostic> {
    asking.fault(
        format!("there is no rule for the {} of `{}` of something random here", unknown.what, unknown.operator),
        "the rules go through sums, products with what is fixed, products of independent values, and squares",
    )
}
