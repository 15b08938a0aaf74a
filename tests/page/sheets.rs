//! What is handed out: exam sheets that tell nothing of the answers, marking sheets, hints, papers.

use crate::common;

use solve::answer::Solution;
use solve::render::document::{Edition, Format, Layout};
use solve::render::sheet::{Copy, Fields, Head, Paper, PaperSize, Question, Sheet, paper, sheet};
use solve::render::template_data;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Every shipped problem, solved once for all tests.
fn all() -> &'static [(PathBuf, Solution)] {
    static ALL: OnceLock<Vec<(PathBuf, Solution)>> = OnceLock::new();
    let solved = |path: PathBuf| {
        let solution = common::solve_file(&path);
        (path, solution)
    };
    ALL.get_or_init(|| common::problems().into_iter().map(solved).collect())
}

const FORMATS: [(Format, &str); 4] =
    [(Format::Markdown, "md"), (Format::Latex, "tex"), (Format::Html, "html"), (Format::Text, "txt")];

fn layout(format: Format) -> Layout {
    Layout { format, edition: Edition::Student, fragment: false, picture_stem: None, template: None }
}

fn written(solution: &Solution, format: Format, kind: Sheet) -> String {
    sheet(solution, &layout(format), kind).unwrap().text
}

/// Letters, digits and signs of a text, without what formats put between them.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() || "+-−=>".contains(*c)).collect()
}

/// What the key says of its answers, as a format has it, where it is long enough to be no accident.
fn told(solution: &Solution, format: Format) -> BTreeSet<String> {
    let page = template_data(solution, &layout(format)).page;
    let answers = page.answers.iter();
    let parts = answers.flat_map(|answer| [answer.form.clone(), answer.expanded.clone(), answer.value.clone()]);
    let steps = serde_json::to_value(&page.sections).unwrap();
    let mut all: BTreeSet<String> = parts.flatten().map(|part| bare(&part)).collect();
    collect(&steps, &mut all);
    all.into_iter().filter(|text| text.chars().count() >= 9).collect()
}

/// The results of steps.
fn collect(value: &serde_json::Value, all: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                match value.as_str() {
                    Some(text) if key == "value" || key == "result" || key == "updated" => {
                        all.insert(bare(text));
                    }
                    _ => collect(value, all),
                }
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect(value, all)),
        _ => {}
    }
}

/// The numbers with a fraction or several digits in a text.
fn numbers(text: &str) -> BTreeSet<String> {
    let runs = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    let numbers = runs.map(|run| run.trim_matches('.').to_string());
    numbers.filter(|run| run.chars().filter(char::is_ascii_digit).count() >= 3).collect()
}

/// The text of a problem and of the tables beside it.
fn asked(path: &Path) -> String {
    let mut text = std::fs::read_to_string(path).unwrap();
    for table in common::files(&path.parent().unwrap().display().to_string(), "csv") {
        text += &std::fs::read_to_string(table).unwrap();
    }
    text
}

/// What of the key stands in a sheet and not in the question: as the format writes the question without room.
fn leaks(solution: &Solution, path: &Path, format: Format, kind: Sheet) -> Vec<String> {
    let sheet = written(solution, format, kind);
    let page = template_data(solution, &layout(format)).page;
    let question: Vec<String> = page
        .given
        .iter()
        .filter_map(|given| given.value.clone())
        .chain(page.equations.iter().map(|equation| equation.form.clone()))
        .chain(page.notation.operators.iter().filter_map(|operator| operator.definition.clone()))
        .chain(page.tasks.iter().flat_map(|task| task.question.iter().map(|piece| piece.text.clone())))
        .collect();
    let (text, question) = (bare(&without_styles(&sheet)), bare(&question.join(" ")));
    let own = bare(&asked(path));
    let formulas = told(solution, format).into_iter().filter(|answer| text.contains(answer.as_str()));
    let formulas = formulas.filter(|answer| !question.contains(answer.as_str()) && !own.contains(answer.as_str()));
    let known = numbers(&asked(path));
    let values: BTreeSet<String> = told(solution, format).iter().flat_map(|text| numbers(text)).collect();
    let shown = numbers(&without_styles(&sheet));
    let numbers =
        values.intersection(&shown).filter(|number| !known.contains(*number) && number.contains('.')).cloned();
    formulas.chain(numbers).collect()
}

/// A page without its style, and LaTeX without its preamble.
fn without_styles(text: &str) -> String {
    let text = text.split_once("\\begin{document}").map_or(text, |(_, rest)| rest);
    match (text.find("<style>"), text.find("</style>")) {
        (Some(start), Some(end)) => format!("{}{}", &text[..start], &text[end..]),
        _ => text.to_string(),
    }
}

#[test]
fn an_exam_sheet_holds_nothing_of_the_key() {
    let (mut found, mut in_keys) = (Vec::new(), 0);
    for (path, solution) in all() {
        for (format, ending) in FORMATS {
            for leak in leaks(solution, path, format, Sheet::Exam) {
                found.push(format!("{} as {ending}: {leak}", path.display()));
            }
        }
        in_keys += usize::from(!leaks(solution, path, Format::Text, Sheet::Key).is_empty());
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    // The same look at the keys does find them.
    assert!(in_keys * 2 > all().len(), "{in_keys}");
}

#[test]
fn every_asked_result_has_room() {
    for (path, solution) in all() {
        let text = written(solution, Format::Html, Sheet::Exam);
        let asks = text.matches("class=\"ask\"").count();
        assert_eq!(asks, solution.model.tasks.len(), "{}", path.display());
        let rooms = ["class=\"lines\"", "class=\"frame", "class=\"boxes\"", "class=\"grids\""];
        let rooms: usize = rooms.iter().map(|room| text.matches(room).count()).sum();
        assert!(rooms >= asks, "{}", path.display());
    }
}

#[test]
fn sheets_are_as_they_were_read() {
    for problem in ["q1", "q3", "fit_line", "learning/shortest_solution"] {
        let solution = common::solve_file(&Path::new("problems").join(problem).with_extension("spec"));
        for (kind, format, ending) in [
            (Sheet::Exam, Format::Latex, "tex"),
            (Sheet::Exam, Format::Text, "txt"),
            (Sheet::Marking, Format::Markdown, "md"),
            (Sheet::Hints, Format::Markdown, "md"),
        ] {
            let text = written(&solution, format, kind);
            let name = format!("{}.{}.{ending}", problem.replace('/', "-"), kind.name());
            let golden = Path::new("tests/golden_sheets").join(name);
            if std::env::var_os("BLESS").is_some() {
                std::fs::write(&golden, &text).unwrap();
            }
            let expected = std::fs::read_to_string(&golden).unwrap_or_default();
            assert!(expected == text, "{} differs: bless it and read the difference", golden.display());
        }
    }
}

fn whole<'a>(solutions: &'a [Solution], kind: Sheet, names: &[&str]) -> Paper<'a> {
    let questions: Vec<Question> = solutions
        .iter()
        .enumerate()
        .map(|(place, solution)| Question { solution, number: Some((place + 1).to_string()), space: None })
        .collect();
    let copy = |name: &&str| Copy {
        head: Some(Head {
            title: Some("Machine Learning".into()),
            form: Some("ML-001-0".into()),
            name: Fields { name: Some((*name).to_string()), id: None },
            ..Head::default()
        }),
        questions: questions.clone(),
    };
    Paper {
        sheet: kind,
        edition: Edition::Student,
        size: PaperSize::Letter,
        title: "Exam".into(),
        copies: names.iter().map(copy).collect(),
    }
}

#[test]
fn names_stand_on_their_sheets_in_any_letters() {
    let solutions = [common::solve_file(Path::new("problems/q3.spec"))];
    let names = ["Łukasz Nguyễn", "Αλέξανδρος", "Пётр Чебышёв", "<b>&$%#_{}~^\\"];
    let whole = whole(&solutions, Sheet::Exam, &names);
    assert!(whole.has_letters());
    let html = paper(&whole, Format::Html).unwrap().text;
    for name in &names[..3] {
        assert!(html.contains(name), "{name}");
    }
    assert!(!html.contains("<b>&$") && html.contains("&lt;b&gt;"));
    let latex = paper(&whole, Format::Latex).unwrap().text;
    assert!(latex.contains(r"\solveletter{П}\solveletter{ё}"));
    assert_eq!(latex.matches(r"\cleardoublepage").count(), names.len() - 1);
}

#[test]
fn the_latex_of_every_sheet_compiles() {
    if Command::new("pdflatex").arg("--version").stdout(Stdio::null()).status().is_err() {
        writeln!(std::io::stderr(), "there is no pdflatex: the sheets were not compiled").ok();
        return;
    }
    let solutions: Vec<Solution> = all().iter().map(|(_, solution)| solution.clone()).collect();
    for kind in [Sheet::Exam, Sheet::Marking, Sheet::Hints] {
        let text = paper(&whole(&solutions, kind, &["Ada <&> {Lovelace}"]), Format::Latex).unwrap().text;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("d.tex"), text).unwrap();
        let run = Command::new("pdflatex")
            .args(["-interaction=batchmode", "-halt-on-error", "-no-shell-escape", "d.tex"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let log = std::fs::read(folder.path().join("d.log")).unwrap();
        let log = String::from_utf8_lossy(&log).into_owned();
        let error = log.lines().skip_while(|line| !line.starts_with('!')).take(8).collect::<Vec<_>>().join("\n");
        assert!(run.status.success(), "{kind:?}: {error}");
        let wide: Vec<&str> = log.lines().filter(|line| line.starts_with("Overfull \\hbox")).collect();
        assert!(wide.len() < 12, "{kind:?}: {}", wide.join("\n"));
    }
}
