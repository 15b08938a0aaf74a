//! The saying of the operators' house, measured: a new operator is one file and one line in the list.

use crate::common::house::House;
use std::fs;

const SPEC: &str = r#"problem "Gate" "A value that gates itself"
given
  dim    N, D, K
  input  X: N x D
  target T: N x K
  param  W: D x K
model
  Y = selfgate(X*W)
  L = mse(Y, T)
tasks
  derive dW
"#;

#[test]
#[ignore = "builds the program a second time: cargo test --test house -- new_operator:: --ignored"]
fn a_new_operator_is_one_file_and_one_line() {
    let house = House::new("new_operator");
    // The file and its line.
    house.add("tests/new_operator/selfgate.rs", "src/ops/selfgate.rs");
    house.list("src/ops/mod.rs", "    softplus::Softplus,\n", "    softplus::Softplus,\n    selfgate::SelfGate,\n");

    fs::write(house.path("selfgate.spec"), SPEC).unwrap();
    let key = house.solve(&["selfgate.spec", "--format", "text", "--edition", "instructor"]);
    for part in
        ["R2 Self-gate.", "selfgate(X W)", "The self-gate has no factor before", "every relative difference below"]
    {
        assert!(key.contains(part), "`{part}` is missing in\n{key}");
    }
    fs::write(house.path("ada.ans"), "dW = X^T ((Y - T) .* (sigmoid(X W) + Y .* (1 - sigmoid(X W))))\n").unwrap();
    assert!(house.solve(&["check", "selfgate.spec", "ada.ans"]).contains("dW: right"));
    assert!(house.solve(&["operators", "selfgate"]).contains("Aᵢⱼ σ(Aᵢⱼ)"));
}
