//! Shapes that are left out are those that the problem's author wrote: every shipped problem without the shapes of its
//! parameters, and small models of the forms that courses have.

use crate::common;

use solve::lower::lower;
use solve::model::Model;
use solve::syntax::ast::{Given, LeafKind, Spec};
use solve::syntax::{print_spec, read_spec};
use std::collections::BTreeMap;

fn read(text: &str) -> Spec {
    read_spec(text).unwrap().value
}

fn shapes(model: &Model) -> BTreeMap<String, Vec<String>> {
    let sides = |id| model.graph.shape(id).0.iter().map(|side: &solve::shape::Dim| side.to_string()).collect();
    model.names.iter().map(|(name, id)| (name.clone(), sides(*id))).collect()
}

/// Whether the second is the first with other names for sides, and perhaps one for two.
fn alike(own: &BTreeMap<String, Vec<String>>, known: &BTreeMap<String, Vec<String>>) -> bool {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    own.iter().all(|(name, sides)| {
        let Some(others) = known.get(name) else { return true };
        let single = |sides: &[String]| sides.iter().all(|side| side == "1");
        single(sides) && single(others)
            || sides.len() == others.len()
                && sides.iter().zip(others).all(|(a, b)| *names.entry(a.as_str()).or_insert(b.as_str()) == b)
    })
}

/// The problem without the shapes of its parameters; nothing where none is a matrix in capitals.
fn stripped(spec: &Spec) -> Option<Spec> {
    let mut spec = spec.clone();
    let mut capital = false;
    for line in &mut spec.givens {
        match line {
            Given::Leaves(leaves) => {
                for leaf in leaves.iter_mut().filter(|leaf| leaf.kind == LeafKind::Param && leaf.value.is_none()) {
                    let is_matrix = leaf.shape.as_ref().is_some_and(|shape| shape.value.len() == 2);
                    capital |= is_matrix && leaf.name.text.starts_with(char::is_uppercase);
                    leaf.shape = None;
                }
            }
            Given::Repeat(_) => return None,
            _ => {}
        }
    }
    capital.then_some(spec)
}

#[test]
fn shipped_problems_without_the_shapes_of_their_parameters() {
    let (mut same, mut asked, mut wrong) = (0, Vec::new(), Vec::new());
    for path in common::problems() {
        let spec = read(&std::fs::read_to_string(&path).unwrap());
        // What stands in a question only has no shape from the model.
        if path.ends_with("matrix_calculus/assumptions.spec") {
            continue;
        }
        let Some(bare) = stripped(&spec) else { continue };
        let Ok(known) = lower(&spec) else { continue };
        let bare = read(&print_spec(&bare));
        match lower(&bare) {
            Ok(own) if alike(&shapes(&own.model), &shapes(&known.model)) => same += 1,
            Ok(own) => wrong.push(format!("{}: {:?}", path.display(), shapes(&own.model))),
            Err(errors) => asked.push(format!("{}: {}", path.display(), errors.last().unwrap().message)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(same > 20 && same > 2 * asked.len(), "{same} are the same, asked: {}", asked.join("\n"));
}

/// The shapes of these names, as `lower` finds them.
fn found(text: &str, names: &[&str]) -> String {
    let spec = read(&format!("problem \"T\"\n{text}"));
    match lower(&spec) {
        Err(errors) => errors.iter().map(|error| error.message.clone()).collect::<Vec<_>>().join("; "),
        Ok(lowered) => {
            let shapes = shapes(&lowered.model);
            names.iter().map(|name| format!("{name} {}", shapes[*name].join("x"))).collect::<Vec<_>>().join(", ")
        }
    }
}

#[test]
fn forms_of_courses() {
    let cases: [(&str, &[&str], &str); 8] = [
        (
            "given\n  param W1, b1, W2, b2\nmodel\n  H1 = tanh(X*W1 + b1)\n  P = softmax(H1*W2 + b2)\n  L = ce(P, T)\ntasks\n  derive dW1",
            &["X", "T", "W1", "b1", "W2", "b2"],
            "X NxD, T NxK, W1 DxH, b1 1xH, W2 HxK, b2 1xK",
        ),
        (
            "given\n  layout columns\n  input X\n  target T\n  param W, b\nmodel\n  Y = W X + b\n  L = mse(Y, T)\ntasks\n  derive dW",
            &["X", "T", "W", "b"],
            "X DxN, T KxN, W KxD, b Kx1",
        ),
        (
            "given\n  input X\n  target y\n  param w\nmodel\n  L = sum((y - X*w)^2)\ntasks\n  derive dw",
            &["X", "y", "w"],
            "X NxD, y Nx1, w Dx1",
        ),
        // The offset of a model with one output is one number.
        (
            "given\n  input X, y\n  param w, b\nmodel\n  yhat = X*w + b\n  L = mse(yhat, y)\ntasks\n  derive db",
            &["y", "w", "b"],
            "y Nx1, w Dx1, b 1x1",
        ),
        ("given\n  input x\n  param A\nmodel\n  f = x^T*A*x\ntasks\n  derive dx", &["x", "A"], "x Dx1, A DxD"),
        (
            "given\n  input X, T\n  param W, B\nmodel\n  L = mse(X*W + B, T)\ntasks\n  derive dW",
            &[],
            "two shapes of `B` are possible: 1 x D2 and N x D2",
        ),
        // A number, as it always was.
        ("given\n  input x: 3\n  param a\nmodel\n  L = sum(a*x)\ntasks\n  derive da", &["a"], "a "),
        (
            "given\n  dim N, D\n  input X: N x D\n  param W, lambda\nmodel\n  L = sum((X*W)^2) + lambda*sum(W^2)\ntasks\n  derive dW",
            &["W", "lambda"],
            "W DxH, lambda ",
        ),
    ];
    for (text, names, expected) in cases {
        assert_eq!(found(text, names), expected, "{text}");
    }
}
