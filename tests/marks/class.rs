//! A class that nothing stops: bombs among the submissions, runs that are killed and gone on with. The marks are those of
//! an undisturbed run, byte for byte. `SOLVE_CLASS=2000` makes a class of so many, with twenty kills.

use crate::common::binary::{command, names};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// How a bomb is made, of a size.
type Bomb = fn(usize) -> (&'static str, String);

/// Ten kinds; sizes are chosen so that a short class stays short.
const BOMBS: [Bomb; 10] = [
    |n| {
        (
            "ans",
            format!(
                "G0 = Y - X\n{}dW2 = Z^T G{n}\n",
                (0..n).map(|i| format!("G{} = G{i} .* G{i} + X/3\n", i + 1)).collect::<String>()
            ),
        )
    },
    |n| ("ans", format!("dW2({}", "a(X)b(".repeat(n))),
    |n| ("tex", "%\n".repeat(100 * n)),
    |n| ("tex", "\\begin{align}".repeat(10 * n)),
    |n| ("tex", "a line without mathematics\n".repeat(n)),
    |n| ("md", (0..n).map(|i| format!("Let Q{i} = X.\n")).collect()),
    |n| ("md", "$(".repeat(100 * n)),
    |n| ("ans", format!("dW2 = Z^T (Y - X){}", " + b2 - b2".repeat(n))),
    |n| ("ans", format!("dW2 = {}W2{}", "relu(".repeat(n.min(127)), ")".repeat(n.min(127)))),
    // More operations than anyone may have: products of large matrices.
    |_| {
        (
            "ans",
            format!(
                "M = [{}]\ndW2 = W2*trace({}M)\n",
                vec![vec!["7"; 250].join(" "); 250].join("; "),
                "M*".repeat(200)
            ),
        )
    },
];

/// A class with bombs in it.
fn class(folder: &Path, students: usize, size: usize) {
    fs::create_dir(folder.join("class")).unwrap();
    fs::copy("problems/q1.spec", folder.join("q1.spec")).unwrap();
    for place in 0..students {
        let (ending, text) = match place % 5 {
            1 if place / 5 < 40 => BOMBS[(place / 5) % BOMBS.len()](size),
            _ => {
                let sign = if place % 3 == 0 { "X - Y" } else { "Y - X" };
                let text = format!("student \"S{place}\"\ndW2 = Z^T ({sign}) + {place}*0*W2\ndb2 = colsum(Y - X)\n");
                ("ans", text)
            }
        };
        fs::write(folder.join(format!("class/{place:05}.{ending}")), text).unwrap();
    }
}

/// Runs to the end, however long that takes; gives the code and what was told.
fn finished(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let output = command(folder, args).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn killed_runs_are_gone_on_with() {
    let full: Option<usize> = std::env::var("SOLVE_CLASS").ok().and_then(|count| count.parse().ok());
    let (students, kills) = full.map_or((50, 3), |students| (students, 20));
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    class(folder, students, if full.is_some() { 1_000 } else { 30 });
    let began = Instant::now();
    // Too much work is told, and ends with 1.
    let (code, told) = finished(folder, &["check", "q1.spec", "class/", "-o", "whole.csv"]);
    let lasted = began.elapsed();
    assert!(code == Some(1) && told.contains("too much work"), "{told}");
    let marks = read(folder, "whole.csv");
    assert_eq!(marks.lines().count(), students + 1);
    assert!(marks.lines().filter(|row| row.contains(",correct,")).count() >= students / 2, "{marks}");

    let args = ["check", "q1.spec", "class/", "-o", "marks.csv", "--resume"];
    let mut random = fastrand::Rng::with_seed(7);
    let mut kept = 0;
    for _ in 0..kills {
        let mut child = command(folder, &args).spawn().unwrap();
        std::thread::sleep(lasted.mul_f64(0.1 + 0.5 * random.f64() / kills as f64) + Duration::from_millis(20));
        child.kill().unwrap();
        child.wait().unwrap();
        if folder.join("marks.csv").exists() {
            break;
        }
        // What is marked is never lost.
        let lines = fs::read(folder.join("marks.csv.part"))
            .map_or(0, |text| text.iter().filter(|byte| **byte == b'\n').count());
        assert!(lines >= kept, "{lines} after {kept}");
        kept = lines;
    }
    finished(folder, &args);
    assert!(kept > 1, "nothing was kept");
    assert_eq!(read(folder, "marks.csv"), marks);
    let left = names(folder).into_iter().filter(|name| name.starts_with(".solve-") || name.ends_with(".part"));
    assert_eq!(left.collect::<Vec<_>>(), Vec::<String>::new());
    // The order of threads changes nothing.
    finished(folder, &["check", "q1.spec", "class/", "-o", "alone.csv", "--jobs", "1"]);
    assert_eq!(read(folder, "alone.csv"), marks);
}
