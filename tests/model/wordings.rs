//! Lines as people write them: each is read as the line of the language that is stated beside it, or is refused with
//! lines that work.

use solve::diagnostic::Diagnostic;
use solve::lower::lower;
use solve::syntax::{print_spec, read_spec};

/// A file of wordings: a problem with a mark for each section, and lines `T guess => meant`; `?` stands for a refusal.
struct Cases<'t> {
    problem: &'t str,
    lines: Vec<(&'t str, &'t str, &'t str)>,
}

fn cases(text: &str) -> Cases<'_> {
    let (problem, lines) = text.split_once("\n---\n").unwrap();
    let lines = lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("##"))
        .map(|line| {
            let (section, rest) = line.split_at(1);
            let (guess, meant) = rest.rsplit_once("=> ").unwrap_or_else(|| panic!("no meaning: {line}"));
            (section, guess.trim(), meant.trim())
        })
        .collect();
    Cases { problem, lines }
}

/// The problem with a line in a section.
fn with(problem: &str, section: &str, line: &str) -> String {
    let mut text = problem.to_owned();
    for mark in ["H", "G", "M", "T"] {
        let own = if mark == section {
            line.replace("\\n", "\n")
        } else if mark == "T" {
            "shapes of X".to_owned()
        } else {
            String::new()
        };
        text = text.replace(&format!("%{mark}"), &own);
    }
    text
}

fn faults(text: &str) -> Vec<Diagnostic> {
    let spec = match read_spec(text) {
        Ok(spec) => spec.value,
        Err(faults) => return faults,
    };
    lower(&spec).err().unwrap_or_default()
}

/// What is written between backticks behind `write`.
fn suggested<'t>(section: &'t str, told: &'t [Diagnostic]) -> Vec<(&'t str, &'t str)> {
    let lines = told.iter().flat_map(|told| &told.help).filter_map(|help| {
        let rest = help.split_once("write `")?.1;
        match rest.strip_suffix("` under `given`") {
            Some(line) => Some(("G", line)),
            None => Some((section, &rest[..rest.rfind('`')?])),
        }
    });
    lines.collect()
}

fn wrong(problem: &str, (section, guess, meant): (&str, &str, &str)) -> Option<String> {
    let text = with(problem, section, guess);
    if meant == "?" {
        let told = faults(&text);
        let lines = suggested(section, &told);
        if told.is_empty() || lines.is_empty() {
            return Some(format!("{guess}\n   should be told a line to write: {told:?}"));
        }
        let broken = lines.iter().find_map(|(section, line)| {
            let told = faults(&with(problem, section, line));
            (!told.is_empty()).then(|| format!("{guess}\n   is told `{line}`, which is refused: {}", told[0].message))
        });
        return broken;
    }
    let stated = with(problem, section, meant);
    if let Some(told) = faults(&stated).first() {
        return Some(format!("{meant}\n   is refused: {} {:?}", told.message, told.help));
    }
    if let Some(told) = faults(&text).first() {
        return Some(format!("{guess}\n   is refused: {} {:?}", told.message, told.help));
    }
    let print = |text: &str| print_spec(&read_spec(text).unwrap().value);
    let (read, stated) = (print(&text), print(&stated));
    let differs = read.lines().zip(stated.lines()).find(|(one, other)| one != other);
    (read != stated).then(|| format!("{guess}\n   is read as {differs:?}"))
}

fn hold(text: &str) {
    let cases = cases(text);
    let wrong: Vec<String> = cases.lines.iter().filter_map(|line| wrong(cases.problem, *line)).collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), cases.lines.len(), wrong.join("\n"));
}

#[test]
fn tasks_are_asked_in_many_words() {
    hold(include_str!("../wordings/tasks.txt"));
}

#[test]
fn lines_of_other_sections_are_said_in_many_words() {
    hold(include_str!("../wordings/lines.txt"));
}

/// What is spelled as the author has it until it has a value: its value is that of the line beside it.
#[test]
fn literals_and_calls_in_other_spellings_have_the_same_values() {
    use solve::graph::Environment;
    use solve::number::Number;
    const PROBLEM: &str =
        "problem \"Q\"\ngiven\n  X = [1 2; 3 4]\n  r = [1; -2; 3]\n%\nmodel\n  z = 1\n$\ntasks\n  compute h";
    let value = |given: &str, line: &str| {
        let text = PROBLEM.replace('%', given).replace('$', line);
        let spec = read_spec(&text).unwrap_or_else(|told| panic!("{text}: {told:?}")).value;
        let model = lower(&spec).unwrap_or_else(|told| panic!("{text}: {told:?}")).model;
        let h = model.names["h"];
        let values = model.graph.evaluate(&[h], &Environment::<Number>::given(&model.graph)).unwrap();
        format!("{:?}", values.get(h).unwrap())
    };
    for (given, line, stated) in [
        ("  v: 3 = [1 2 3]", "  h = v", "h = [1; 2; 3]"),
        ("  v: 3 = [1, 2, 3]\n  w = 2*v", "  h = w", "h = [2; 4; 6]"),
        ("  A = [[1,2],[3,4]]", "  h = A", "h = [1 2; 3 4]"),
        ("  A = np.array([[1,2],[3,4]])", "  h = A", "h = [1 2; 3 4]"),
        ("", "h = ReLU(r)", "h = [1; 0; 3]"),
        ("", "h = huber(r, delta = 1)", "h = huber(r, [0; 0; 0], 1)"),
        ("", "h = huber(r)", "h = 0.5 + 1.5 + 2.5"),
        ("", "h = X @ X.T", "h = [5 11; 11 25]"),
        ("", "h = X.T @ X", "h = [10 14; 14 20]"),
        ("", "h = r**2", "h = [1; 4; 9]"),
        ("", "h = -r**2", "h = [-1; -4; -9]"),
        ("", "h = |r|", "h = [1; 2; 3]"),
        ("", "h = (r > 0) .* r", "h = [1; 0; 3]"),
        ("", "for t = 1 to 3\n    s[t] = 2*r[t]\n  h = s[1] + s[3]", "h = 8"),
        ("", "s[0] = 2\n  for t in 1..2:\n    s[t] = 3*s[t-1]\n  h = s[2]", "h = 18"),
    ] {
        let stated = format!("  {stated}");
        assert_eq!(value(given, &format!("  {}", line.trim_start())), value(given, &stated), "{given} {line}");
    }
}
