//! Every shipped problem's documents, as they were when someone last read them: tests/golden/<problem>.<ending>.
//! `BLESS=1 cargo test --test golden` writes them anew; read the difference before you commit it.

mod common;

use solve::answer::Solution;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ALL: &[(&str, Format)] = &[
    ("md", Format::Markdown),
    ("tex", Format::Latex),
    ("txt", Format::Text),
    ("json", Format::Json),
    ("html", Format::Html),
];
/// For all but the problems at the top.
const SOME: &[(&str, Format)] = &[("md", Format::Markdown), ("json", Format::Json)];

/// Lines of a difference that are shown.
const SHOWN: usize = 12;

#[test]
fn documents_are_as_they_were_read() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut faults = Vec::new();
    let mut known = BTreeSet::new();
    for path in common::problems() {
        let stem = common::stem(&path);
        let formats = if stem.contains('/') { SOME } else { ALL };
        let solution = common::solve_file(&path);
        for (ending, format) in formats {
            let golden = PathBuf::from(format!("tests/golden/{stem}.{ending}"));
            let text = document(&solution, &stem, *format);
            if bless {
                std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
                std::fs::write(&golden, &text).unwrap();
            }
            match std::fs::read_to_string(&golden) {
                Err(_) => faults.push(format!("there is no {}", golden.display())),
                Ok(expected) => faults.extend(difference(&golden, &expected, &text)),
            }
            known.insert(golden);
        }
    }
    let all = ALL.iter().flat_map(|(ending, _)| common::files("tests/golden", ending));
    faults.extend(all.filter(|file| !known.contains(file)).map(|file| format!("{} has no problem", file.display())));
    let total = faults.len();
    faults.truncate(SHOWN);
    assert!(
        total == 0,
        "{total} documents differ; `BLESS=1 cargo test --test golden` takes them as they are\n\n{}",
        faults.join("\n\n")
    );
}

fn document(solution: &Solution, stem: &str, format: Format) -> String {
    let stem = Path::new(stem).file_name().unwrap().to_string_lossy().into_owned();
    let picture_stem = (format == Format::Markdown).then_some(stem);
    let layout = Layout { format, edition: Edition::Student, fragment: false, picture_stem, template: None };
    render(solution, &layout).unwrap().text
}

/// The first lines that differ, with the line before them.
fn difference(file: &Path, expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let start = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let end = expected[start..].iter().rev().zip(found[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let part = |lines: &[&str], sign: &str| {
        let shown = lines[start..lines.len() - end].iter().take(SHOWN);
        shown.map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    let before = start.checked_sub(1).map_or(String::new(), |place| format!("  {}\n", expected[place]));
    Some(format!("{}:{}\n{before}{}{}", file.display(), start + 1, part(&expected, "-"), part(&found, "+")))
}
