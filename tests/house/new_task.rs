//! The saying of the kinds of questions, measured: a new kind is one file and one line in the list.

use crate::common::house::House;
use std::fs;

const SPEC: &str = r#"problem "Size" "How many"
given
  input X: 3 x 4
model
  Y = relu(X)
tasks
  how many entries of Y [2 points]
"#;

#[test]
#[ignore = "builds the program a second time: cargo test --test house -- new_task:: --ignored"]
fn a_new_kind_of_question_is_one_file_and_one_line() {
    let house = House::new("new_task");
    // The file and its line.
    house.add("tests/new_task/size.rs", "src/tasks/size.rs");
    house.list("src/tasks/mod.rs", "        find,\n", "        find,\n        size,\n");
    fs::write(house.path("size.spec"), SPEC).unwrap();
    for format in ["text", "md", "latex", "html", "json"] {
        assert!(house.solve(&["size.spec", "--format", format]).contains("12"), "{format}");
    }
    let key = house.solve(&["size.spec", "--format", "text"]);
    for part in ["How many entries has Y?", "12 entries", "rows times columns"] {
        assert!(key.contains(part), "`{part}` is missing in\n{key}");
    }
    fs::write(house.path("ada.ans"), "size = 12\n").unwrap();
    assert!(house.solve(&["check", "size.spec", "ada.ans"]).contains("2 of 2"));
    assert!(house.solve(&["tasks"]).contains("the number of entries of a value"));
}
