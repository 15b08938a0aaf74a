//! The certificate can fail: a derivation in which one rule is replaced by a mistake of the operator's catalogue is
//! refused by each of its roads.

use solve::differentiate::{Gradients, differentiate};
use solve::graph::{NodeId, Site, SymbolName};
use solve::lower::lower;
use solve::model::Model;
use solve::naming::name_intermediates;
use solve::ops::{REFERENCES, Slip};
use solve::syntax::read_spec;
use solve::tasks::Ask;
use solve::verify::{Failure, certify, certify_equal};
use std::collections::BTreeSet;

/// Models that together use every operator that has a gradient: an independent library's figures stand for them too.
fn specs() -> Vec<String> {
    let text = std::fs::read_to_string("tests/figures/gradients.json").unwrap();
    let figures: serde_json::Value = serde_json::from_str(&text).unwrap();
    let known = figures["cases"].as_array().unwrap().iter().map(|case| case["spec"].as_str().unwrap().to_string());
    known.chain(MORE.iter().map(small)).collect()
}

/// Leaves, the loss and what is derived, for operators that the figures lack.
const MORE: [[&str; 3]; 0] = [];

fn small([leaves, loss, derived]: &[&str; 3]) -> String {
    format!("problem \"P\"\ngiven\n  dim N, D\n  param {leaves}\nmodel\n  L = {loss}\ntasks\n  derive {derived}\n")
}

fn derived(text: &str) -> (Model, Gradients) {
    let spec = read_spec(text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}")).value;
    let mut model = name_intermediates(&lower(&spec).unwrap_or_else(|errors| panic!("{text}\n{errors:?}")).model);
    let asked = model.tasks.iter().find_map(|task| match &task.ask {
        Ask::Derive(asked) => Some(asked.derivatives.clone()),
        _ => None,
    });
    let asked = asked.unwrap();
    let wanted: Vec<NodeId> = asked.iter().map(|derivative| derivative.of).collect();
    let gradients = differentiate(&mut model, asked[0].loss, &wanted).unwrap();
    (model, gradients)
}

/// One wrong derivation: the rule's use, and what stands for its result.
struct Wrong {
    /// The operator, the mistake and the operand.
    key: (&'static str, &'static str, usize),
    place: usize,
    result: NodeId,
}

/// Every mistake at every use of a rule that has a value at all and another one than the right one.
fn wrongs(
    model: &mut Model,
    gradients: &Gradients,
    seen: &mut BTreeSet<(&'static str, &'static str, usize)>,
) -> Vec<Wrong> {
    let mut wrongs = Vec::new();
    for (place, rule) in gradients.uses.iter().enumerate().filter(|(_, rule)| rule.inner.is_none()) {
        let (op, operands) =
            model.graph.as_apply(rule.node).map(|(op, operands)| (op.clone(), operands.to_vec())).unwrap();
        let shapes: Vec<_> = operands.iter().map(|operand| model.graph.shape(*operand).clone()).collect();
        for mistake in op.mistakes(&shapes) {
            let Slip::Gradient(operand, term) = mistake.slip else { continue };
            let key = (op.reference().name, mistake.name, operand);
            if operand != rule.place || seen.contains(&key) {
                continue;
            }
            let site = Site { operands: &operands, output: rule.node, upstream: rule.upstream };
            // What does not fit the shapes is refused by them.
            let Ok(Some(result)) = model.graph.instantiate(&term, site) else { continue };
            if model.graph.shape(result) == model.graph.shape(rule.result)
                && !certify_equal(model, rule.result, result).passed
            {
                seen.insert(key);
                wrongs.push(Wrong { key, place, result });
            }
        }
    }
    wrongs
}

#[test]
fn a_wrong_rule_is_refused() {
    let mut seen = BTreeSet::new();
    let mut accepted = Vec::new();
    for text in specs() {
        let (mut model, gradients) = derived(&text);
        assert!(certify(&model, &gradients).passed, "{text}");
        for wrong in wrongs(&mut model, &gradients, &mut seen) {
            let mut edited = gradients.clone();
            edited.uses[wrong.place].result = wrong.result;
            let certificate = certify(&model, &edited);
            let told = certificate
                .failures
                .iter()
                .any(|failure| matches!(failure, Failure::Rule { operator, .. } if *operator == wrong.key.0));
            if certificate.passed || !told {
                accepted.push(wrong.key);
            }
        }
    }
    assert!(accepted.is_empty(), "accepted: {accepted:?}");
    let operators: BTreeSet<&str> = seen.iter().map(|(operator, _, _)| *operator).collect();
    let missing: Vec<&str> = REFERENCES.iter().map(|one| one.name).filter(|name| !operators.contains(name)).collect();
    assert!(seen.len() > 60, "{} mistakes were made; none with {missing:?}", seen.len());
}

/// The wrong form where the right one stood: as a rewrite that changes a value would leave it.
#[test]
fn a_wrong_rewrite_is_refused() {
    let mut seen = BTreeSet::new();
    let mut tried = 0;
    for text in specs() {
        let (mut model, gradients) = derived(&text);
        for wrong in wrongs(&mut model, &gradients, &mut seen) {
            let right = gradients.uses[wrong.place].result;
            for (step, contribution) in places(&gradients, right) {
                tried += 1;
                let mut edited = gradients.clone();
                edited.steps[step].contributions[contribution].simplified = wrong.result;
                let certificate = certify(&model, &edited);
                let told = certificate.failures.iter().any(|failure| matches!(failure, Failure::Rewriting { .. }));
                assert!(!certificate.passed && told, "{:?} in\n{text}", wrong.key);
            }
        }
    }
    assert!(tried > 40, "{tried} contributions");
}

/// Where a rule's result is a contribution to a gradient.
fn places(gradients: &Gradients, result: NodeId) -> Vec<(usize, usize)> {
    let steps = gradients.steps.iter().enumerate();
    let all = steps.flat_map(|(step, found)| {
        found.contributions.iter().enumerate().map(move |(place, contribution)| ((step, place), contribution.raw))
    });
    all.filter(|(_, raw)| *raw == result).map(|(place, _)| place).collect()
}

/// A derivation that is wrong throughout, and says nothing of its rules: the change of the loss tells.
#[test]
fn a_wrong_gradient_is_refused_by_the_loss() {
    let mut seen = BTreeSet::new();
    let mut tried = 0;
    for text in specs() {
        let (mut model, gradients) = derived(&text);
        for wrong in wrongs(&mut model, &gradients, &mut seen) {
            let right = gradients.uses[wrong.place].result;
            for (step, _) in places(&gradients, right) {
                let GradientOfLeaf { of, definition } = match leaf_step(&model, &gradients, step, wrong.result) {
                    Some(found) => found,
                    None => continue,
                };
                tried += 1;
                let name = SymbolName::Gradient { of, loss: gradients.loss };
                let symbol = model.graph.add_symbol(name, definition);
                let mut edited = Gradients { uses: Vec::new(), steps: Vec::new(), ..gradients.clone() };
                edited.of.insert(of, symbol);
                let certificate = certify(&model, &edited);
                let told = certificate.failures.iter().any(|failure| matches!(failure, Failure::Whole { .. }));
                assert!(!certificate.passed && told, "{:?} in\n{text}", wrong.key);
            }
        }
    }
    assert!(tried > 10, "{tried} gradients");
}

struct GradientOfLeaf {
    of: NodeId,
    definition: NodeId,
}

/// A leaf's gradient with the wrong result for its only contribution.
fn leaf_step(model: &Model, gradients: &Gradients, step: usize, wrong: NodeId) -> Option<GradientOfLeaf> {
    let step = &gradients.steps[step];
    let is_leaf = model.graph.as_leaf(step.of).is_some();
    (is_leaf && step.contributions.len() == 1).then_some(GradientOfLeaf { of: step.of, definition: wrong })
}

/// In a deep network the gradient all but vanishes on its way; a mistake in its first layer is seen all the same.
#[test]
fn a_mistake_is_seen_where_the_gradient_vanishes() {
    let text = "problem \"D\"\ngiven\n  dim N, H\n  input X: N x H\n  target T: N x H\n  repeat l = 1 to 400\n    \
                param W_{l}: H x H, b_{l}: 1 x H\n  end\nmodel\n  H_{0} = X\n  repeat l = 1 to 400\n    \
                H_{l} = tanh(H_{l-1}*W_{l} + b_{l})\n  end\n  L = mse(H400, T)\ntasks\n  derive dW1, db1\n";
    let (model, gradients) = derived(text);
    assert!(certify(&model, &gradients).passed);
    let operator = |node| model.graph.as_apply(node).map(|(op, _)| op.reference().name);
    let place = gradients.uses.iter().rposition(|rule| operator(rule.node) == Some("tanh")).unwrap();
    let rule = gradients.uses[place];
    // The derivative is left out.
    let mut edited = gradients.clone();
    edited.uses[place].result = rule.upstream;
    let told = certify(&model, &edited).failures;
    assert!(told.iter().any(|failure| matches!(failure, Failure::Rule { operator: "tanh", .. })), "{told:?}");
    let mut edited = gradients.clone();
    let (step, contribution) = places(&gradients, rule.result)[0];
    edited.steps[step].contributions[contribution].simplified = rule.upstream;
    let told = certify(&model, &edited).failures;
    assert!(told.iter().any(|failure| matches!(failure, Failure::Rewriting { .. })), "{told:?}");
}
