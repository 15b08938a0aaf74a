//! The saying of the operators' house, measured: a new operator is one file and one line in the list.

use std::fs;
use std::path::Path;
use std::process::Command;

const SPEC: &str = r#"problem "Swish" "A smooth rectifier"
given
  dim    N, D, K
  input  X: N x D
  target T: N x K
  param  W: D x K
model
  Y = swish(X*W)
  L = mse(Y, T)
tasks
  derive dW
"#;

#[test]
#[ignore = "builds the program a second time: cargo test --test new_operator -- --ignored"]
fn a_new_operator_is_one_file_and_one_line() {
    let house = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new_operator");
    let _ = fs::remove_dir_all(&house);
    for folder in ["src", "grammar", "templates", "benches"] {
        copy(Path::new(folder), &house.join(folder));
    }
    for file in ["Cargo.toml", "Cargo.lock", "README.md"] {
        fs::copy(file, house.join(file)).unwrap();
    }
    // The file and its line.
    fs::copy("tests/new_operator/swish.rs", house.join("src/ops/swish.rs")).unwrap();
    let list = house.join("src/ops/mod.rs");
    let text = fs::read_to_string(&list).unwrap();
    fs::write(&list, text.replace("    softplus::Softplus,\n", "    softplus::Softplus,\n    swish::Swish,\n"))
        .unwrap();

    fs::write(house.join("swish.spec"), SPEC).unwrap();
    let key = solve(&house, &["swish.spec", "--format", "text", "--edition", "instructor"]);
    for part in ["R2 Swish.", "swish(X W)", "Swish has no factor before", "every relative difference below"] {
        assert!(key.contains(part), "`{part}` is missing in\n{key}");
    }
    fs::write(house.join("ada.ans"), "dW = X^T ((Y - T) .* (sigmoid(X W) + Y .* (1 - sigmoid(X W))))\n").unwrap();
    assert!(solve(&house, &["check", "swish.spec", "ada.ans"]).contains("correct"));
    assert!(solve(&house, &["operators", "swish"]).contains("Aᵢⱼ σ(Aᵢⱼ)"));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(|_| ()).unwrap() }
    }
}

/// What the program of that house prints.
fn solve(house: &Path, arguments: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    // The libraries are built already.
    let libraries = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    cargo.args(["run", "--quiet", "--offline", "--"]).args(arguments).current_dir(house);
    let ran = cargo.env("CARGO_TARGET_DIR", libraries).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).into_owned()
}
