//! Small specs and what their models are; errors and warnings, one line a case.

use crate::common;

use solve::diagnostic::Diagnostic;
use solve::graph::NodeId;
use solve::lower::{Lowered, Meaning, Scope, expression, lower, lower_with};
use solve::model::{EntryIndex, Model, Steps, Target};
use solve::shape::Shape;
use solve::span::Source;
use solve::syntax::{read_expression, read_spec};
use solve::tasks::Ask;
use solve::tasks::compute::Compute;
use solve::tasks::derive::Derive;
use std::path::{Path, PathBuf};

/// A whole spec around sections; `given` begins on line 3.
fn spec(sections: &str) -> String {
    format!("problem \"T\" \"test\"\n\n{sections}\n")
}

fn lowered(sections: &str) -> Result<Lowered, Vec<Diagnostic>> {
    lower(&read_spec(&spec(sections))?.value)
}

fn model(sections: &str) -> Model {
    match lowered(sections) {
        Ok(lowered) => lowered.model,
        Err(errors) => panic!("{}", listing(&spec(sections), &errors)),
    }
}

/// `E-shape 7:7 message`, a line each.
fn listing(text: &str, diagnostics: &[Diagnostic]) -> String {
    let source = Source { name: "test".into(), text: text.into() };
    let line = |diagnostic: &Diagnostic| {
        let (line, column) = diagnostic.labels.first().map_or((0, 0), |label| source.position(label.span.start));
        format!("{} {line}:{column} {}", diagnostic.code, diagnostic.message)
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What is told of a spec: its errors, or the warnings of its model.
fn told(sections: &str) -> String {
    match lowered(sections) {
        Ok(lowered) => listing(&spec(sections), &lowered.warnings),
        Err(errors) => listing(&spec(sections), &errors),
    }
}

fn node(model: &Model, name: &str) -> NodeId {
    model.names[name]
}

fn shape(model: &Model, name: &str) -> String {
    model.graph.shape(node(model, name)).to_string()
}

fn value(model: &Model, name: &str) -> String {
    let leaf = model.graph.as_leaf(node(model, name)).expect("a leaf");
    match &leaf.value {
        None => "none".to_string(),
        Some(value) if value.rank() == 0 => value.first().to_string(),
        Some(value) => value.entries().map(|entry| entry.to_string()).collect::<Vec<_>>().join(" "),
    }
}

#[test]
fn shapes_of_given_names_and_lines() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        (
            "given\n  dim N, D, H\n  X: N x D\n  param W: D x H, b: 1 x H\nmodel\n  Z = relu(X*W + b)\ntasks\n  shapes of Z",
            &[("X", "N x D"), ("Z", "N x H")],
        ),
        ("given\n  dim D\n  x: D\nmodel\n  y = x^T*x\ntasks\n  shapes of y", &[("x", "D x 1"), ("y", "scalar")]),
        ("given\n  dim N, D = 4\n  X: N x (D + 1)\nmodel\n  y = X*2\ntasks\n  shapes of y", &[("y", "N x 5")]),
        ("given\n  dim H\n  X: 2*H x (H + 1)\nmodel\n  y = X^T\ntasks\n  shapes of y", &[("y", "(H + 1) x 2*H")]),
        ("given\n  a = 3\nmodel\n  y = a*a\ntasks\n  compute y", &[("y", "scalar")]),
        ("given\n  I = [1 2; 3 4]\nmodel\n  y = I I\ntasks\n  compute y", &[("I", "2 x 2"), ("y", "2 x 2")]),
        ("given\n  I = [[1, 2], [3, 4]]\nmodel\n  y = I*1\ntasks\n  compute y", &[("I", "2 x 2")]),
        (
            "given\n  I = [[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]]\nmodel\n  y = I*1\ntasks\n  compute y",
            &[("I", "3 x 2 x 2")],
        ),
        (
            "given\n  data x, y = [2 19.6; 4.5 44.1; 10 98]\n  param a\nmodel\n  r = y - a*x\ntasks\n  shapes of r",
            &[("x", "3 x 1"), ("r", "3 x 1")],
        ),
        // A value measures the dimensions of its declaration.
        (
            "given\n  dim N, D\n  X: N x D = [1 2 3; 4 5 6]\n  w: D\nmodel\n  y = X*w\ntasks\n  shapes of y",
            &[("X", "2 x 3"), ("w", "3 x 1"), ("y", "2 x 1")],
        ),
        // A name and a bracket are a product, a name and a space too.
        (
            "given\n  dim N, D\n  X: N x D\n  Y: N x D\n  W: D x D\nmodel\n  a = W(Y - X)^T\n  b = X W\ntasks\n  shapes of a, b",
            &[("a", "D x N"), ("b", "N x D")],
        ),
        (
            "given\n  a: 2 x 2, b\nmodel\n  c = [b 1; 2 b*b]\n  d2 = a[1,2] + c[2, 2]\ntasks\n  shapes of c, d2",
            &[("c", "2 x 2"), ("d2", "scalar")],
        ),
        (
            "given\n  dim N, H = 3\n  X: N x H\nmodel\n  y = ones(1, N)*X + ones(1, 2*H - 3)\ntasks\n  shapes of y",
            &[("y", "1 x 3")],
        ),
        // The layout's axis of a vector target is its own.
        (
            "given\n  dim K\n  target t: K one-hot, u: 1 x K one-hot\nmodel\n  y = t*u\ntasks\n  shapes of y",
            &[("y", "K x K")],
        ),
    ];
    for (sections, expected) in cases {
        let model = model(sections);
        for (name, expected) in *expected {
            assert_eq!(shape(&model, name), *expected, "{name} in\n{sections}");
        }
    }
}

#[test]
fn values_are_exact() {
    let cases = [
        ("a = 1/3", "1/3"),
        ("a = 2*10^8", "200000000"),
        ("a = -1.5e-3", "-0.0015"),
        ("a = -(1 - 3)^2", "-4"),
        ("a = [1/3 -2; 2^-1 1e2]", "1/3 -2 0.5 100"),
        ("a = (1 + 1/2)", "1.5"),
        ("b = 3, a = [b b^2; 1 -b]", "3 9 1 -3"),
        ("b = [1 2; 3 4], a = b*b", "7 10 15 22"),
        ("dim N = 4\n  a = 1/N", "0.25"),
        ("a: 1 x 1 = 7", "7"),
    ];
    for (given, expected) in cases {
        let model = model(&format!("given\n  {given}\nmodel\n  y = a*1\ntasks\n  compute y"));
        assert_eq!(value(&model, "a"), expected, "{given}");
    }
}

#[test]
fn lines_stand_after_what_they_use() {
    let model = model("given\n  x = 1\nmodel\n  c = b + a\n  b = a*2\n  a = x + 1\ntasks\n  compute c");
    let order: Vec<usize> = ["a", "b", "c"]
        .iter()
        .map(|name| model.definitions.iter().position(|id| *id == node(&model, name)).unwrap())
        .collect();
    assert_eq!(order, [0, 1, 2]);
}

#[test]
fn loops_make_lines() {
    let model = model(
        "given\n  dim N, H, L = 3\n  H_0: N x H\n  repeat l = 1 to L\n    param W_{l}: H x H\n  end\nmodel\n  repeat l = 1 to L\n    H_{l} = relu(H_{l-1}*W_{l})/l\n  end\ntasks\n  shapes of H_3",
    );
    assert_eq!(shape(&model, "H3"), "N x H");
    assert_eq!(model.definitions.len(), 3);
    let spellings: Vec<&str> = model.leaves.iter().map(|id| model.graph.as_leaf(*id).unwrap().name.as_str()).collect();
    assert_eq!(spellings, ["H_0", "W_1", "W_2", "W_3"]);
    assert_eq!(model.dims, ["N", "H"]);
}

#[test]
fn one_hot_axes_and_tables() {
    let leaf = |sections: &str, name: &str| {
        let model = model(sections);
        model.graph.as_leaf(node(&model, name)).unwrap().one_hot_axis
    };
    let rows = "given\n  dim N, K\n  target T: N x K one-hot, u: K one-hot, v: 1 x K one-hot, w: N x K\nmodel\n  y = T*u*v*w^T\ntasks\n  shapes of y";
    assert_eq!(["T", "u", "v", "w"].map(|name| leaf(rows, name)), [Some(1), Some(0), Some(1), None]);
    let columns =
        "given\n  layout columns\n  dim N, K\n  target T: K x N one-hot\nmodel\n  y = T*2\ntasks\n  shapes of y";
    assert_eq!(leaf(columns, "T"), Some(0));
    let model = model("given\n  data x, y = [1 2; 3 4]\n  data z = [5; 6]\nmodel\n  s = x + y + z\ntasks\n  compute s");
    assert_eq!(model.tables, [vec![node(&model, "x"), node(&model, "y")], vec![node(&model, "z")]]);
    assert_eq!(
        (value(&model, "x"), value(&model, "y"), value(&model, "z")),
        ("1 3".into(), "2 4".into(), "5 6".into())
    );
}

#[test]
fn settings_and_head() {
    let text = "problem \"Q\" \"A title\"\npoints 30\nsteps full\ndigits 6\n\"\"\"one\"\"\"\ngiven\n  layout columns\n  x = 1\nmodel\n  y = x*2\ntasks\n  compute y [30 points]\n";
    let Ok(Lowered { model, warnings }) = lower(&read_spec(text).unwrap().value) else { panic!("an error") };
    assert_eq!((model.id.as_str(), model.title.as_deref()), ("Q", Some("A title")));
    assert_eq!((model.settings.steps, model.settings.digits, model.settings.default_axis), (Steps::Full, 6, 0));
    assert_eq!((model.points.unwrap().to_string(), model.wording.len(), warnings.len()), ("30".into(), 1, 0));
}

/// The loss that `derive dx` is of.
#[test]
fn the_loss_of_a_gradient() {
    let cases = [
        ("y = x^2", "y"),
        ("a = x^2\n  b = a + 1\n  g = b*2", "g"),
        ("a = x^2\n  L = x*3", "L"),
        ("J = x^2\n  acc = x*3", "J"),
        ("z = [x x]\n  f = z*z^T", "f"),
    ];
    for (lines, loss) in cases {
        let model = model(&format!("given\n  param x\nmodel\n  {lines}\ntasks\n  derive dx\n  compute dx at x = 1/2"));
        let Ask::Derive(Derive { derivatives }) = &model.tasks[0].ask else { panic!("no derivation") };
        assert_eq!((derivatives[0].of, derivatives[0].loss), (node(&model, "x"), node(&model, loss)), "{lines}");
        let Ask::Compute(Compute { targets, at }) = &model.tasks[1].ask else { panic!("nothing computed") };
        assert_eq!(targets, &[Target::Gradient { of: node(&model, "x"), loss: node(&model, loss) }]);
        assert_eq!(at[0][0].1.first().to_string(), "0.5");
    }
}

#[test]
fn tasks_point_at_nodes() {
    let model = model(
        "given\n  dim N, D\n  X: N x D\n  param W: D x D, b: 1 x D also known as theta_1\n  param w: D\nmodel\n  Y = X*W + b\n  L1 = sum(Y)\n  L2 = sum(Y*w)\ntasks\n  derive dW[i, 2], dY, dtheta1 of L2\n  derive dw[3] of L2\n  derive jacobian of L1 wrt w layout denominator\n  count params\n  count params of W\n  draw graph\n  shapes of Y, X",
    );
    let (y, w) = (node(&model, "Y"), node(&model, "W"));
    let Ask::Derive(Derive { derivatives }) = &model.tasks[0].ask else { panic!("no derivation") };
    assert_eq!(derivatives.iter().map(|one| one.of).collect::<Vec<_>>(), [w, y, node(&model, "b")]);
    assert_eq!(derivatives[0].entry, [EntryIndex::Name("i".into()), EntryIndex::Number(2)]);
    assert!(derivatives.iter().all(|one| one.loss == node(&model, "L2")));
    let Ask::Derive(Derive { derivatives: vector }) = &model.tasks[1].ask else { panic!("no derivation") };
    assert_eq!(vector[0].entry, [EntryIndex::Number(3), EntryIndex::Number(1)]);
    let Ask::CountParams(all) = &model.tasks[3].ask else { panic!("nothing counted") };
    assert_eq!(all.of.len(), 3);
    let Ask::Shapes(shapes) = &model.tasks[6].ask else { panic!("no shapes") };
    assert_eq!(shapes.of, [y, node(&model, "X")]);
}

#[test]
fn points_bind_several_leaves() {
    let model = model(
        "given\n  param a, v: 2\nmodel\n  y = a*v\ntasks\n  compute y at a = 8 and v = [1; 2], v = [3; 4] and a = 1/3",
    );
    let Ask::Compute(Compute { at, .. }) = &model.tasks[0].ask else { panic!("nothing computed") };
    assert_eq!(at.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(at[1][0].1.extents(), [2, 1]);
}

/// A student's expression over a model's names and a gradient that the caller knows.
#[test]
fn an_answer_is_the_node_of_the_model() {
    let mut model = model(
        "given\n  dim N, D\n  X: N x D\n  param W_1: D x D, b: 1 x D also known as theta\nmodel\n  Z = X*W_1\n  L = sum(Z + b)\ntasks\n  derive dW1",
    );
    let mut scope = Scope::of(&model);
    scope.insert("dZ", Meaning::Value(node(&model, "Z")));
    let mut read = |text: &str| expression(&mut model.graph, &scope, &read_expression(text).unwrap().value);
    assert_eq!(read("X^T dZ"), read("X'*(dZ)"));
    assert_eq!(read("X W1"), read("X*W_{1}"));
    assert_eq!(read("1/N * θ"), read("(1/N) b"));
    let errors = read("X*W2 + Q").unwrap_err();
    assert_eq!(
        errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>(),
        ["`W2` is not defined", "`Q` is not defined"]
    );
    assert_eq!(errors[0].help, ["did you mean `W_1`?"]);
    assert_eq!(read("dZ*X").unwrap_err()[0].code, "E-shape");
}

/// Errors and warnings: what stands under `given`, `model` and `tasks`, and what is told. `given` is line 3, its
/// first line 4; each `|` is a new line.
#[test]
fn what_is_told() {
    let cases: &[(&str, &str, &str, &str)] = &[
        // Names
        (
            "x = 1",
            "y = x*Wl + qq",
            "compute y",
            "E-undefined 6:9 `Wl` is not defined\nE-undefined 6:14 `qq` is not defined",
        ),
        ("x = 1|X1 = 2|X_1 = 3", "y = x*X1", "compute y", "E-duplicate 6:3 `X1` and `X_1` are the same name"),
        ("x = 1|x = 2", "y = x*1", "compute y", "E-duplicate 5:3 `x` is defined twice"),
        ("x = 1", "y = x*1|y = x*2", "compute y", "E-duplicate 7:3 `y` is defined twice"),
        ("dim x|x = 1", "y = x*1", "compute y", "E-duplicate 5:3 `x` is defined twice"),
        ("a = 1 also known as b|b = 2", "y = a*b", "compute y", "E-duplicate 5:3 `b` is defined twice"),
        ("X: 2 x 2", "Z = relu(Y)|Y = Z + X", "shapes of Z", "E-cycle 6:3 a cycle of definitions: Z -> Y -> Z"),
        (
            "X: 2 x 2",
            "a = c + X|b = a*X|c = b*X|z = c*z",
            "shapes of a",
            "E-cycle 6:3 a cycle of definitions: a -> c -> b -> a\nE-cycle 9:3 `z` is defined by itself",
        ),
        (
            "param W: 2 x 2",
            "dW = W*W|L = sum(dW)",
            "derive dW",
            "E-collision 6:3 `dW` is also the name of the gradient of `W`",
        ),
        (
            "param W: 2 x 2",
            "V = W - 0.1*dW",
            "shapes of V",
            "E-undefined 6:15 `dW` is the gradient of `W`, which can't be used here",
        ),
        ("x = 1|y = 2", "z = x*2", "compute z", "W-unused 5:3 nothing uses `y`"),
        (
            "dim N|x = 1",
            "z = x*2|w = x*3",
            "compute z",
            "W-unused 4:7 no shape uses dimension `N`\nW-unused 8:3 no line and no task uses `w`",
        ),
        ("x = 1", "z = x*2|w = x*3", "draw graph", ""),
        // Dimensions
        ("X: N x D", "y = X*1", "shapes of y", "N-dims 4:6 names that stand in shapes alone are sizes"),
        ("a = 1|X: a x 2", "y = X*a", "shapes of y", "E-undefined 5:6 `a` is not a dimension"),
        ("X: 1000000000 x 1000000000", "y = sum(X)", "shapes of y", "E-dim 4:6 a side of 1000000000"),
        (
            "X: 90000000 x 90000000",
            "y = sum(X)",
            "shapes of y",
            "E-dim 4:6 8100000000000000 entries; a shape has at most 1000000000000",
        ),
        ("dim N = 0", "y = 1/N", "compute y", "E-dim 4:11 a dimension of 0"),
        ("x: 70000 = 1", "y = x*1", "shapes of y", "E-shape 4:14 `x` is declared 70000 x 1, and its value is scalar"),
        ("a: 300000, b: 1 x 300000", "y = a*b", "compute sum", "E-undefined 8:11 `sum` is not defined"),
        (
            "a: 3000000 x 1",
            "y = a*a^T",
            "shapes of y",
            "E-dim 6:7 9000000000000 entries; a shape has at most 1000000000000",
        ),
        ("param a: 70000", "y = sum(a)", "derive da", "E-dim 4:9 70000 x 1 is too large to be computed"),
        // Shapes
        (
            "x: 2 x 3 = [1 2; 3 4; 5 6]",
            "y = x*1",
            "compute y",
            "E-shape 4:14 `x` is declared 2 x 3, and its value is 3 x 2",
        ),
        (
            "dim N|a: N = [1; 2]|b: N = [1; 2; 3]",
            "y = a + b",
            "compute y",
            "E-shape 6:10 `b` is declared 2 x 1, and its value is 3 x 1",
        ),
        (
            "dim N, D|X: N x D, W: D x D",
            "Z = W*X|Y = X + W|S = Z + Y",
            "shapes of S",
            "E-shape 7:7 `*` does not take D x D and N x D\nE-shape 8:7 `+` does not take N x D and D x D",
        ),
        ("A = [1 2; 3 4]", "y = 1/A", "compute y", "E-shape 6:7 `/` does not take scalar and 2 x 2"),
        ("A = [1 2; 3 4]", "y = A^-1", "compute y", "E-shape 6:7 `^` does not take 2 x 2 and scalar"),
        ("A = [1 2; 3 4]", "y = 1 ./ A + A.^2 + A/2", "compute y", ""),
        (
            "A = [1 2; 3 4]",
            "y = [A 1]",
            "compute y",
            "E-shape 6:7 `concat` along axis 1 needs operands whose other sides are equal: 2 x 2 and 1 x 1 differ",
        ),
        (
            "A = [1 2; 3 4]",
            "y = A[3, 1] + A[1] + A[0, 1] + A[1/2, 1]",
            "compute y",
            "E-index 6:9 index 3 of a side of 2\nE-index 6:17 one index for a value of shape 2 x 2\nE-index 6:26 an index is a whole number of 1 or more\nE-index 6:36 an index is a whole number of 1 or more",
        ),
        ("z = [1; 2]", "p = softmax(z)", "compute p", ""),
        (
            "z = [1; 2]",
            "p = softmax(z, axis = 1)",
            "compute p",
            "W-axis 6:7 softmax along axis 1 of 2 x 1 is 1 everywhere",
        ),
        // Calls
        ("x = 1", "y = relu(x, x)", "compute y", "E-operands 6:7 `relu` takes one operand, 2 given"),
        ("x = 1", "y = relu()", "compute y", "E-operands 6:7 `relu` takes one operand, none given"),
        ("x = [1 2]", "y = sotfmax(x)", "compute y", "E-operator 6:7 there is no operator `sotfmax`"),
        ("x = [1 2]", "y = x(x, x)", "compute y", "E-operator 6:7 `x` is a value, not an operator"),
        (
            "x = [1 2]",
            "y = softmax(x, axes = 1)",
            "compute y",
            "E-option 6:18 `softmax` has no option `axes`; did you mean `axis`?",
        ),
        (
            "x = [1 2; 3 4]",
            "y = maxpool(x, size = 3)|z = maxpool(x, size = 2, stride = 0)|w = conv2d(x, [1 2 3; 4 5 6; 7 8 9])",
            "compute y",
            "E-shape 6:7 `maxpool` does not take 2 x 2\nE-option 7:37 `stride` takes a whole number of at least 1, or two\nE-shape 8:7 `conv2d` does not take 2 x 2 and 3 x 3",
        ),
        // Values
        ("x = 1/0", "y = x*1", "compute y", "E-value 4:7 division by zero"),
        ("x = 1", "y = x + 1/0", "compute y", "E-value 6:11 division by zero"),
        (
            "x = 9^9^9",
            "y = x*1",
            "compute y",
            "N-reading 4:7 this is read as `9^(9^9)`, not as `(9^9)^9`\nE-big 4:7 this number would have about 1549681956 bits",
        ),
        ("x = 1", "y = x*2^(10^9)", "compute y", "E-big 6:9 this number would have about 2000000000 bits"),
        ("x = (13/10)^6472416997", "y = x*1", "compute y", "E-big 4:8 this number would have about 25889667988 bits"),
        (
            "x = [1 nan 1e309]",
            "y = x*1",
            "compute y",
            "E-undefined 4:10 `nan` is not defined\nE-big 4:14 `1e309` is outside of the range of numbers",
        ),
        ("x = 1e-400", "y = x*1", "compute y", "E-big 4:7 `1e-400` is outside of the range of numbers"),
        ("x = 1e999999999999", "y = x*1", "compute y", "E-big 4:7 this number would have about 3333333333333 bits"),
        ("x = y|y = 2", "z = x*y", "compute z", "E-no-value 4:7 `y` has no value here"),
        (
            "t: 2 x 2 one-hot = [1 0; 0.5 0.5]",
            "y = t*1",
            "compute y",
            "E-one-hot 4:22 row 2 of `t` is not one-hot: 0.5 0.5",
        ),
        ("t: 2 one-hoot = [1; 0]", "y = t*1", "compute y", "E-property 4:8 there is no property `one-hoot`"),
        ("data x, y = [1 2 3; 4 5 6]", "z = x + y", "compute z", "E-data 4:15 a table with 3 columns for 2 names"),
        ("data x, y from \"points.csv\"", "z = x + y", "compute z", "E-data 4:18 the table `points.csv` was not read"),
        ("input x, w", "y = x*w", "compute y", "E-no-value 8:11 `x` and `w` have no value"),
        ("input x, w", "y = x*w", "compute y at x = 1", "E-no-value 8:11 `w` has no value"),
        ("dim N|x = 1", "y = x/N", "compute y", "E-dim-value 9:11 `N` has no value"),
        ("x = [1 2; 3]", "y = x*1", "compute y", "E-matrix 4:13 the rows have 2, 1 entries"),
        ("x = [[]]", "y = x*1", "compute y", "E-matrix 4:8 this matrix is empty"),
        // Losses and tasks
        ("dim N|param w: N", "y = w*2", "derive dw", "E-loss 9:10 there is no loss to derive"),
        ("param w", "a = w*2|b = w*3", "derive dw", "E-loss 9:10 which of `a` and `b` is the loss?"),
        ("param w, v", "a = w*2", "derive dw, dv", "W-zero 8:14 `dv` is 0: `a` does not depend on `v`"),
        (
            "param w",
            "a = w*2",
            "derive dv|compute b",
            "E-undefined 8:10 `dv` is not defined: there is no `v`\nE-undefined 9:11 `b` is not defined",
        ),
        (
            "param W: 2 x 2",
            "a = sum(W)",
            "derive dW[3, 1]|derive dW[i]",
            "E-index 8:13 index 3 of a side of 2\nE-index 9:13 `dW` has shape 2 x 2, which takes 2 indices",
        ),
        ("param w", "a = w*2", "compute w at a = 1", "E-task 8:16 `a` is computed, so it can't be set"),
        ("param w", "a = w*2", "compute a at w = 1 and w = 2", "E-duplicate 8:26 `w` has two values at one point"),
        ("param w: 2", "a = sum(w)", "compute a at w = [1; 2; 3]", "E-shape 8:20 `w` is 2 x 1, and its value is 3 x 1"),
        (
            "x = 1",
            "a = x*2",
            "count params|update x with rate 0.5",
            "E-task 8:3 the problem has no parameters\nE-task 9:10 `x` is not a parameter",
        ),
        (
            "dim N|param w: N x N",
            "a = sum(w)",
            "derive hessian of a wrt w|derive jacobian of w wrt w",
            "E-task 9:27 a Hessian is of vectors, and `w` is N x N\nE-task 10:22 a Jacobian is of vectors, and `w` is N x N\nE-task 10:28 a Jacobian is of vectors, and `w` is N x N",
        ),
        // Loops
        (
            "dim L|x = 1",
            "repeat l = 1 to L|y_{l} = x*2|end",
            "compute x",
            "E-repeat 7:19 the bound of a loop is a whole number, or a dimension that has a value",
        ),
        (
            "x_0 = 1",
            "repeat l = 1 to 3|x_{l} = x_{l-2}*2|end",
            "compute x_3",
            "E-repeat 7:11 the index of `x` is -1 at l = 1",
        ),
        ("x_0 = 1", "repeat l = 1 to 3|y_{l} = x_{l-1}*2|end", "compute y_3", "E-undefined 7:11 `x_1` is not defined"),
        (
            "x = 1",
            "repeat l = 1 to 1000000|y_{l} = x|end",
            "compute x",
            "E-limit 6:3 the loops make more than 100000 lines",
        ),
        (
            "dim l = 3|x = 1",
            "repeat l = 1 to 3|y_{l} = x|end",
            "compute y_3, y_1, y_2",
            "E-duplicate 7:10 the loop variable `l` is also a dimension",
        ),
    ];
    let mut wrong = Vec::new();
    for (given, lines, tasks, expected) in cases {
        let indented = |text: &str| text.replace('|', "\n  ");
        let sections =
            format!("given\n  {}\nmodel\n  {}\ntasks\n  {}", indented(given), indented(lines), indented(tasks));
        let told = told(&sections);
        if told != *expected {
            wrong.push(format!("{sections}\n--- expected\n{expected}\n--- told\n{told}\n"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn points_that_do_not_add_up() {
    let text = "problem \"Q\" \"T\"\npoints 30\ngiven\n  x = 1\nmodel\n  y = x*2\ntasks\n  compute y [10 points]\n  shapes of y [15 points]\n";
    let lowered = lower(&read_spec(text).unwrap().value).unwrap();
    assert_eq!(listing(text, &lowered.warnings), "W-points 2:8 the tasks have 25 points together, and the problem 30");
}

/// The caret under the operation, both operands with their text and shape, the rule and the hint.
#[test]
fn a_shape_error_shows_both_operands() {
    let sections = "given\n  dim N, D, H\n  X: N x D, W1: H x D\nmodel\n  Z = X*W1 + sum(X)\ntasks\n  shapes of Z";
    let errors = lowered(sections).unwrap_err();
    let text = spec(sections);
    let labels: Vec<(&str, &str)> =
        errors[0].labels.iter().map(|label| (&text[label.span.start..label.span.end], label.text.as_str())).collect();
    let rule = "the matrix product `A * B` needs as many columns in `A` as rows in `B`";
    assert_eq!(labels, [("X*W1", rule), ("X", "`X` has shape N x D"), ("W1", "`W1` has shape H x D")]);
    assert_eq!(errors[0].help, ["the right operand's transpose (D x H) would fit"]);
}

#[test]
fn help_says_what_was_meant() {
    let cases = [
        ("given\n  W1 = 1\nmodel\n  y = Wl*2\ntasks\n  compute y", "did you mean `W1`?"),
        (
            "given\n  dim Nb\n  x: Na\nmodel\n  y = x*2\ntasks\n  shapes of y",
            "did you mean `Nb`? Or declare it: `dim Na`",
        ),
        ("given\n  x = [1 2]\nmodel\n  y = sotfmax(x)\ntasks\n  compute y", "did you mean `softmax`?"),
        ("given\n  param W1\nmodel\n  y = W1*2\ntasks\n  derive dW2", "did you mean `dW1`?"),
        ("given\n  param W1\nmodel\n  y = W1*2\ntasks\n  derive W1", "the gradient of `W1` is called `dW1`"),
        ("given\n  param w\nmodel\n  a = w*2\n  b = w*3\ntasks\n  derive dw", "say which: `… of a`"),
        ("given\n  dim N\n  x = 1\nmodel\n  y = x/N\ntasks\n  compute y", "give `dim N = 2`"),
        ("given\n  input x\nmodel\n  y = x/2\ntasks\n  compute y", "give `x = […]` or ask only for derivations"),
        (
            "given\n  A = [1 2; 3 4]\nmodel\n  y = A^-1\ntasks\n  compute y",
            "write `inv(A)` for the inverse, `1 ./ A` for the inverse of each entry",
        ),
    ];
    for (sections, help) in cases {
        let errors = lowered(sections).unwrap_err();
        assert!(errors[0].help.iter().any(|line| line == help), "{help}\n{errors:?}");
    }
}

/// What a help says to write, put in its place, is read; and it says it with the author's own names.
#[test]
fn help_is_a_line_that_works() {
    let given = "dim N = 2, D = 3\n  param X: N x D, Y: N x D, W: D x 2, b: 1 x 2, u: D x 1, v: D x 1\n  input I: 4 x 4, F: 2 x 2";
    let calls = "matmul(X, W); dot(X, W); mul(X, Y); multiply(X, Y); add(X, Y); subtract(X, Y); divide(X, Y); \
        transpose(X); sq(X - Y); pow(X, 2); lb(X); lg(X); log1p(X); expm1(X); batchnorm(X); BatchNorm(X*W); \
        layernorm(X); rmsnorm(X); dropout(X); mask(X); dropout(X*W); embed(X, W); linear(X, W); \
        linear(X, W, b); dense(X, W, b); cossim(u, v); mse_loss(X, Y); l1_loss(X, Y); lasso(W); \
        sumsq(X - Y); softmax_cross_entropy(X, Y); bce_with_logits(X, Y); KL(X, Y); variance(X); stddev(X); \
        zeros(N, D); identity(D); argmax(X); pool(I); convolve(I, F)";
    let spec = |given: &str, line: &str| format!("given\n  {given}\nmodel\n  z = {line}\ntasks\n  shapes of z");
    for call in calls.split("; ") {
        let errors = lowered(&spec(given, call)).expect_err(call);
        let quoted = |start: &str| {
            let help = errors[0].help.iter().find_map(|help| help.strip_prefix(start));
            help.map(|help| help.trim_matches('`').to_string())
        };
        let written = quoted("write ").unwrap_or_else(|| panic!("{call}: {errors:?}"));
        let declared = quoted("declare it under `given`: ").map_or(String::new(), |line| format!("\n  {line}"));
        if let Err(errors) = lowered(&spec(&format!("{given}{declared}"), &written)) {
            panic!("{call}: {written}: {errors:?}");
        }
    }
}

/// What a rate, a loss and several starts are said by.
#[test]
fn tasks_are_said_as_people_say_them() {
    let given =
        "given\n  x = 3\n  param a = 1, b = 2\n  const eta = 0.1\nmodel\n  f = (a*x - b)^2\n  g = a*b\ntasks\n  ";
    for task in [
        "compute da of f",
        "compute da of f at a = 2",
        "update a with rate eta",
        "descend a, b from 0, 1 of f rate eta for 3 steps",
        "descend a, b of f from 0, 1 rate 0.1 for 3 steps",
        "descend a, b from 0 of f rate 0.1 for 3 steps",
        "descend a from 8, b from 0 of f rate 0.1 for 3 steps",
        "count params of f",
    ] {
        let told = told(&format!("{given}{task}"));
        let wrong = told.lines().any(|line| line.starts_with("E-"));
        assert!(task.starts_with("update") || !wrong, "{task}: {told}");
        // What is read is printed, and read again as the same.
        let text = spec(&format!("{given}{task}"));
        let read = read_spec(&text).unwrap().value;
        let printed = solve::syntax::print_spec(&read);
        assert_eq!(solve::syntax::print_spec(&read_spec(&printed).unwrap().value), printed, "{task}");
    }
    let model = model(&format!("{given}descend a, b from 0, 1 of f rate eta for 3 steps"));
    let Ask::Descend(descent) = &model.tasks[0].ask else { panic!() };
    assert_eq!(descent.rule.rates.iter().map(ToString::to_string).collect::<Vec<_>>(), ["0.1"]);
    let too_many = told(&format!("{given}descend a, b from 0, 1, 2 of f rate 0.1 for 3 steps"));
    assert!(too_many.starts_with("E-duplicate"), "{too_many}");
    // Points are not added up where a task is wrong, and who counts has no use for lines.
    let points = "points 5\ngiven\n  param a\nmodel\n  f = a*2\ntasks\n  derive da [2 points]\n  derive dq [3 points]";
    assert!(!told(points).contains("W-points"));
    assert_eq!(told("given\n  param a\nmodel\n  f = a*2\ntasks\n  count params"), "");
}

/// Thousands of names hang together in one chain, and thousands of cycles meet.
#[test]
fn deep_and_wide_models_are_no_trouble() {
    let chain: String = (0..5_000).map(|k| format!("\n  y{} = y{} + 1", k + 1, k)).rev().collect();
    let model = model(&format!("given\n  y0 = 1\nmodel{chain}\ntasks\n  compute y5000"));
    assert_eq!(model.definitions.len(), 5_000);
    let cycles: String = (0..5_000).map(|k| format!("\n  y{} = y{} + y0", k, (k + 1) % 5_000)).collect();
    assert!(told(&format!("given\n  x = 1\nmodel{cycles}\ntasks\n  compute x")).starts_with("E-cycle"));
    let undefined: String = (0..5_000).map(|k| format!("\n  y{k} = nobody{k}")).collect();
    assert_eq!(told(&format!("given\n  x = 1\nmodel{undefined}\ntasks\n  compute x")).lines().count(), 101);
}

/// A dimension's formula that squares itself line by line is stopped.
#[test]
fn formulas_of_dimensions_are_bounded() {
    let lines: String = (0..40).map(|k| format!("\n  y{} = flatten(y{k}^T*y{k})", k + 1)).collect();
    let told = told(&format!("given\n  dim N, M\n  y0: 1 x (N + M)\nmodel{lines}\ntasks\n  shapes of y40"));
    assert!(told.starts_with("E-dim") && told.lines().count() == 1, "{told}");
}

fn specs(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true if path.ends_with("errors") || path.ends_with("variants") => {}
            true => specs(&path, found),
            false if path.extension().is_some_and(|ending| ending == "spec") => found.push(path),
            false => {}
        }
    }
}

#[test]
fn every_problem_has_a_model_and_no_warning() {
    let mut paths = Vec::new();
    specs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("problems"), &mut paths);
    assert!(paths.len() > 90, "only {} problems found", paths.len());
    let mut wrong = Vec::new();
    for path in &paths {
        let text = std::fs::read_to_string(path).unwrap();
        let told = match read_spec(&text).map(|reading| {
            let tables = common::tables(&reading.value, path.parent().unwrap());
            lower_with(&reading.value, &tables)
        }) {
            Err(errors) | Ok(Err(errors)) => listing(&text, &errors),
            Ok(Ok(lowered)) => {
                // What follows from the model is told, and no fault.
                let shapes = |warning: &Diagnostic| matches!(warning.code, "N-shapes" | "N-dims");
                listing(&text, &lowered.warnings.into_iter().filter(|own| !shapes(own)).collect::<Vec<_>>())
            }
        };
        if !told.is_empty() {
            wrong.push(format!("{}\n{told}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), paths.len(), wrong.join("\n"));
}

#[test]
fn a_scope_knows_aliases_and_sizes() {
    let model = model("given\n  dim N, D = 4\n  X: N x D also known as data\nmodel\n  y = X*2\ntasks\n  shapes of y");
    let scope = Scope::of(&model);
    assert_eq!(scope.get("data").map(|known| known.spelling.as_str()), Some("data"));
    assert!(
        matches!(scope.get("D").map(|known| &known.meaning), Some(Meaning::Size(dim)) if dim.as_integer() == Some(4))
    );
    assert_eq!(
        model.graph.shape(node(&model, "X")),
        &Shape(vec![solve::shape::Dim::name("N"), solve::shape::Dim::integer(4)])
    );
}

/// Problems with words left out, doubled or exchanged: some are errors, and none is a panic or takes for ever.
#[test]
fn mutilated_problems_are_told_or_answered() {
    let mut paths = Vec::new();
    specs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("problems"), &mut paths);
    let rounds: usize = std::env::var("SOLVE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3);
    let mut state = 1u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    for path in &paths {
        let text = std::fs::read_to_string(path).unwrap();
        let words: Vec<&str> = text.split_inclusive([' ', '\n', '(', ')', '*', ',', '[', ']', '=', ':']).collect();
        for _ in 0..rounds {
            let mut mutilated = words.clone();
            for _ in 0..=random(3) {
                let (here, there) = (random(mutilated.len()), random(mutilated.len()));
                match random(4) {
                    0 => mutilated[here] = "",
                    1 => mutilated[here] = mutilated[there],
                    2 => mutilated.swap(here, there),
                    _ => mutilated.insert(here, mutilated[there]),
                }
            }
            let mutilated = mutilated.concat();
            if let Ok(reading) = read_spec(&mutilated) {
                match lower(&reading.value) {
                    Ok(_) => {}
                    Err(errors) => assert!(errors.iter().any(Diagnostic::is_error), "no error is told of\n{mutilated}"),
                }
            }
        }
    }
}
