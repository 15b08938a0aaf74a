//! Tables in files: what is read, what is refused, and where a file may lie.

use solve::lower::{Tables, lower_with};
use solve::model::Model;
use solve::syntax::read_spec;

fn spec(names: &str) -> String {
    format!("problem \"T\"\ngiven\n  data {names} from \"points.csv\"\nmodel\n  s = sum(x)\ntasks\n  compute s\n")
}

fn lowered(names: &str, text: &str) -> Result<Model, String> {
    let spec = read_spec(&spec(names)).unwrap().value;
    let files = Tables::from([("points.csv".to_string(), text.to_string())]);
    lower_with(&spec, &files).map(|lowered| lowered.model).map_err(|errors| {
        errors.iter().map(|error| format!("{} {} {}", error.code, error.message, error.help.join(" "))).collect()
    })
}

fn column(model: &Model, name: &str) -> Vec<String> {
    let leaf = model.graph.as_leaf(model.names[name]).unwrap();
    leaf.value.as_ref().unwrap().entries().map(ToString::to_string).collect()
}

#[test]
fn columns_are_taken_in_order_or_by_the_header() {
    let model = lowered("x, y", "2,19.6\n4.5,44.1\r\n10,98\n").unwrap();
    assert_eq!(
        (column(&model, "x"), column(&model, "y")),
        (strings(&["2", "4.5", "10"]), strings(&["19.6", "44.1", "98"]))
    );
    let model = lowered("x, y", "\u{FEFF}# made by hand\n\ny, z, x\n1,2,3\n\n4, 5, 6\n").unwrap();
    assert_eq!((column(&model, "x"), column(&model, "y")), (strings(&["3", "6"]), strings(&["1", "4"])));
    let model = lowered("x", "1\n−2\n3e-1\n").unwrap();
    assert_eq!(column(&model, "x"), strings(&["1", "-2", "0.3"]));
    let model = lowered("x, y", "x;y\n1;2\n").unwrap();
    assert_eq!(column(&model, "y"), strings(&["2"]));
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let told = |text: &str| lowered("x, y", text).unwrap_err();
    for (text, expected) in [
        ("1,2\n\n3,abc\n", "points.csv:3:3: `abc` is not a number"),
        ("x,y\n# c\n1, 2\n3,\n", "points.csv:4:2: an entry is missing"),
        ("x,y\n1,nan\n", "points.csv:2:3: `nan` is not a number"),
        ("1,2\n3,4,5\n", "points.csv:2:1: a row of 3, and the first row (line 1) has 2"),
        ("x;y\n1;3,5\n", "points.csv:2:3: `3,5` has a decimal comma use 3.5"),
        ("1,2\n\"3,5\",1\n", "points.csv:2:1: `3,5` has a decimal comma use 3.5"),
        ("1,2,3\n", "points.csv:1:1: 3 columns for 2 names"),
        ("x,z\n1,2\n", "points.csv:1:1: no column is called `y`"),
        ("", "the file has no rows"),
        ("x,y\n", "no rows below its header"),
        ("x,y\n1,1e999\n", "points.csv:2:3: `1e999` is outside of the range of numbers"),
    ] {
        assert!(told(text).contains(expected), "{text:?}: {}", told(text));
    }
    assert!(told("1,5,2\n1,2\n").starts_with("E-data"));
}

#[test]
fn a_table_has_a_bound_on_its_rows() {
    let rows = |count: usize| "1,2\n".repeat(count);
    assert!(lowered("x, y", &rows(65_536)).is_ok());
    assert!(lowered("x, y", &rows(65_537)).unwrap_err().starts_with("E-size"));
}
