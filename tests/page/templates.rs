//! Documents through the templates: nothing of a spec becomes markup, users' templates get the same data, and all
//! formats say the same.

use crate::common;

use solve::answer::Solution;
use solve::render::document::{Document, Edition, Format, Layout, UserTemplate};
use solve::render::template::template_source;
use solve::render::{render, template_data};
use std::io::Write;
use std::path::{Path, PathBuf};

const FORMATS: [Format; 4] = [Format::Markdown, Format::Latex, Format::Html, Format::Text];

fn solution(text: &str) -> Solution {
    let spec = solve::syntax::read_spec(text).unwrap_or_else(|faults| panic!("{faults:?}")).value;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("problems/learning");
    let table = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let tables = spec.table_files().into_iter().map(|file| (file.value.clone(), table(&file.value))).collect();
    let model = solve::lower::lower_with(&spec, &tables).unwrap_or_else(|faults| panic!("{faults:?}")).model;
    solve::answer::answer(&model, &[]).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

fn problem(name: &str) -> Solution {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("problems").join(name);
    solution(&std::fs::read_to_string(path).unwrap())
}

fn layout(format: Format, edition: Edition) -> Layout {
    Layout { format, edition, fragment: false, picture_stem: None, template: None }
}

fn student(solution: &Solution, format: Format) -> String {
    render(solution, &layout(format, Edition::Student)).unwrap_or_else(|error| panic!("{}", error.message)).text
}

fn with_template(solution: &Solution, format: Format, text: &str) -> Result<Document, String> {
    let template = Some(UserTemplate { name: "mine.txt".to_string(), text: text.to_string() });
    render(solution, &Layout { template, ..layout(format, Edition::Student) }).map_err(|error| error.message)
}

/// All problems that are shipped and meant to be answered.
fn problems() -> Vec<PathBuf> {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("problems")];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("errors") && !path.ends_with("variants") {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "spec") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

const HOSTILE: &str = r##"
problem "Q{{ 7*7 }}" "\input{/etc/passwd} <script>alert(1)</script> ![x](file:a) $5 | `c` << 7*7 >> <% include 'x' %>"
"""
\immediate\write18{id} \def\x{\x}\x ^^5cinput % } # & _ ~ </math><img src=x onerror=y> [a](javascript:b) *b* | $5 and $6
- no list
# no heading
"""
given
  input X: N x D "</td><script>\csname x\endcsname | $"
  dim N, D
  param w: D x 1
model
  L = sum(X*w)
tasks
  derive dw
"##;

#[test]
fn nothing_of_a_spec_becomes_latex() {
    let text = student(&solution(HOSTILE), Format::Latex);
    for command in [r"\input{", r"\write", r"\def\x", r"\immediate", r"\csname", "^^5c"] {
        assert!(!text.contains(command), "{command}");
    }
    assert!(text.contains(r"\textbackslash{}input\{/etc/passwd\}"));
    assert!(text.contains(r"\{\{ 7*7 \}\}"));
}

#[test]
fn nothing_of_a_spec_becomes_html() {
    let text = student(&solution(HOSTILE), Format::Html);
    assert!(!text.contains("<script") && !text.contains("<img"));
    assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(text.contains("Content-Security-Policy") && text.contains("default-src 'none'"));
    // One closing tag for each formula: none that the spec brought.
    assert_eq!(text.matches("<math").count(), text.matches("</math>").count());
}

#[test]
fn nothing_of_a_spec_becomes_markdown() {
    let text = student(&solution(HOSTILE), Format::Markdown);
    assert!(!text.contains("<script") && !text.contains("![x]") && !text.contains("[a]("));
    assert!(text.contains(r"\$5 and \$6"));
    assert!(text.contains(r"\!\[x\](file:a)"));
    assert!(!text.lines().any(|line| line.starts_with("- no list") || line.starts_with("# no heading")));
}

#[test]
fn tags_in_a_spec_are_text() {
    for format in FORMATS {
        let text = student(&solution(HOSTILE), format);
        assert!(!text.contains("49"), "{format:?}");
    }
}

#[test]
fn a_users_template_gets_the_same_data_and_components() {
    let text = "<< id >>: <% for answer in answers %><< <m x={answer.name}/> >> <% endfor %>";
    let q3 = problem("q3.spec");
    assert_eq!(with_template(&q3, Format::Text, text).unwrap().text, "Q3: J K O\n");
    assert_eq!(with_template(&q3, Format::Markdown, text).unwrap().text, "Q3: $J$ $K$ $O$\n");
    assert_eq!(
        with_template(&q3, Format::Latex, "<< title >> <% if fragment %>x<% endif %>100\\%").unwrap().text,
        "Forward pass of a small convolutional network 100\\%\n"
    );
}

#[test]
fn a_users_template_may_be_ours_changed() {
    let q3 = problem("q3.spec");
    for format in FORMATS {
        let source = template_source(format).unwrap();
        assert_eq!(with_template(&q3, format, source).unwrap().text, student(&q3, format));
        // Sentences too can be replaced.
        let own = format!("<% component heading_answer() %>Lösung<% endcomponent %>{source}");
        assert!(with_template(&q3, format, &own).unwrap().text.contains("Lösung"));
    }
}

/// A document's own templates hold only what it needs; a user's have everything. `TEMPLATES=1` tries each problem in
/// all formats and editions.
#[test]
fn what_a_document_needs_is_never_left_out() {
    let all = std::env::var_os("TEMPLATES").is_some();
    let turns = FORMATS.into_iter().flat_map(|format| [(format, Edition::Student), (format, Edition::Instructor)]);
    let turns: Vec<(Format, Edition)> = turns.collect();
    for (place, path) in problems().iter().enumerate() {
        let solution = common::solve_file(path);
        for (format, edition) in turns.iter().enumerate().filter(|(turn, _)| all || place % 8 == *turn).map(|(_, t)| *t)
        {
            let own = layout(format, edition);
            let text = template_source(format).unwrap().to_string();
            let whole = Layout { template: Some(UserTemplate { name: "mine".to_string(), text }), ..own.clone() };
            let document =
                |layout: &Layout| render(&solution, layout).unwrap_or_else(|error| panic!("{}", error.message));
            assert!(document(&own).text == document(&whole).text, "{} {format:?} {edition:?}", path.display());
        }
    }
}

#[test]
fn a_users_template_is_escaped_whatever_it_is_called() {
    let hostile = solution(HOSTILE);
    let text = with_template(&hostile, Format::Html, "<p><< title >></p>").unwrap().text;
    assert!(!text.contains("<script"));
}

#[test]
fn a_fault_in_a_template_is_told_with_its_line() {
    let q3 = problem("q3.spec");
    let unknown = with_template(&q3, Format::Text, "one\n<< nothing >>\n").unwrap_err();
    assert!(unknown.contains("mine.txt:2") && unknown.contains("nothing"), "{unknown}");
    let broken = with_template(&q3, Format::Text, "one\n<% if %>\n").unwrap_err();
    assert!(broken.contains("mine.txt:2"), "{broken}");
    let circle = with_template(&q3, Format::Text, "<% include \"mine.txt\" %>").unwrap_err();
    assert!(!circle.is_empty());
}

#[test]
fn the_data_can_be_printed() {
    let data =
        serde_json::to_value(template_data(&problem("q1.spec"), &layout(Format::Latex, Edition::Student))).unwrap();
    assert_eq!(data["id"], "Q1");
    assert_eq!(data["fragment"], false);
    assert_eq!(data["answers"][0]["shape"], "D\\times H");
}

#[test]
fn marking_is_for_instructors() {
    let q3 = problem("q3.spec");
    for format in FORMATS {
        assert!(!student(&q3, format).contains("what it costs"), "{format:?}");
        let own = render(&q3, &layout(format, Edition::Instructor)).unwrap().text;
        assert!(own.contains("what it costs") || own.contains("carry forward"), "{format:?}");
    }
}

#[test]
fn a_fragment_has_no_preamble() {
    let fragment = Layout { fragment: true, ..layout(Format::Latex, Edition::Student) };
    let text = render(&problem("q3.spec"), &fragment).unwrap().text;
    assert!(!text.contains("\\documentclass") && !text.contains("\\usepackage") && !text.contains("{document}"));
    assert!(text.contains("\\begingroup") && text.trim_end().ends_with("\\endgroup"));
}

#[test]
fn markdown_links_its_picture_or_draws_it() {
    let q1 = problem("q1.spec");
    let linked = Layout { picture_stem: Some("q1".to_string()), ..layout(Format::Markdown, Edition::Student) };
    let document = render(&q1, &linked).unwrap();
    assert!(document.text.contains("](q1-graph.svg)"));
    assert_eq!(document.pictures.len(), 1);
    assert!(document.pictures[0].content.starts_with("<svg"));
    assert!(student(&q1, Format::Markdown).contains("```mermaid"));
}

/// Markdown in GitHub and Jupyter eats backslashes before punctuation between dollars, and bars end a table's cell.
#[test]
fn formulas_in_markdown_survive_markdown() {
    for path in problems() {
        let text = student(&common::solve_file(&path), Format::Markdown);
        let (mut fenced, mut displayed) = (false, false);
        for line in text.lines() {
            if line.starts_with("```") {
                fenced = !fenced;
            }
            if line == "$$" {
                displayed = !displayed;
                continue;
            }
            if displayed {
                for eaten in ["\\,", "\\;", "\\!", "\\{", "\\\\", "|", "<", "\\operatorname", "$"] {
                    assert!(!line.contains(eaten), "{}: {line}", path.display());
                }
            }
            if fenced || displayed || !line.contains('$') {
                continue;
            }
            let dollars = line.replace("\\$", "").matches('$').count();
            assert_eq!(dollars % 2, 0, "{}: {line}", path.display());
            for formula in line.replace("\\$", "").split('$').skip(1).step_by(2) {
                for eaten in ["\\,", "\\;", "\\!", "\\{", "\\\\", "|", "<", "\\operatorname"] {
                    assert!(!formula.contains(eaten), "{}: {formula}", path.display());
                }
                assert_eq!(formula.trim(), formula, "{}: {formula}", path.display());
                assert!(!formula.is_empty(), "{}: {line}", path.display());
            }
        }
        assert!(!fenced && !displayed, "{}", path.display());
    }
}

/// math-core knows every formula of every key.
#[test]
fn formulas_in_html_are_mathml() {
    for path in problems() {
        let text = student(&common::solve_file(&path), Format::Html);
        assert!(!text.contains("<code>\\") && !text.contains("merror"), "{}", path.display());
        for source in text.split("<code>").skip(1) {
            let name = source.split("</code>").next().unwrap();
            assert!(name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_'), "{name}");
        }
    }
}

#[test]
fn text_has_no_control_characters_and_few_long_lines() {
    for path in problems() {
        let text = student(&common::solve_file(&path), Format::Text);
        assert!(!text.chars().any(|character| character.is_control() && character != '\n'), "{}", path.display());
        assert!(!text.contains("\\frac") && !text.contains('$'), "{}", path.display());
    }
}

/// All keys as fragments of one document: where there is a TeX, it has nothing to complain of.
#[test]
fn latex_compiles_without_a_warning() {
    if std::process::Command::new("pdflatex").arg("--version").output().is_err() {
        writeln!(std::io::stderr(), "there is no pdflatex here").ok();
        return;
    }
    let whole = student(&problem("q3.spec"), Format::Latex);
    let mut text = whole.split_once("\\begin{document}").unwrap().0.to_string()
        + "\\usepackage{pgfplots}\\pgfplotsset{compat=1.16}\n\\begin{document}\n";
    let mut starts = Vec::new();
    for path in problems() {
        let layout = Layout { fragment: true, ..layout(Format::Latex, Edition::Instructor) };
        let key = render(&common::solve_file(&path), &layout).unwrap().text;
        starts.push((text.lines().count(), path));
        text.push_str(&key);
        text.push_str("\\newpage\n");
    }
    text.push_str(
        &render(&solution(HOSTILE), &Layout { fragment: true, ..layout(Format::Latex, Edition::Instructor) })
            .unwrap()
            .text,
    );
    text.push_str("\\end{document}\n");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("keys.tex"), text).unwrap();
    let run = std::process::Command::new("pdflatex")
        .args(["-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "keys.tex"])
        .env("openin_any", "p")
        .current_dir(folder.path())
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&std::fs::read(folder.path().join("keys.log")).unwrap()).into_owned();
    assert!(
        run.status.success(),
        "{}",
        log.lines().filter(|line| line.starts_with(['!', 'l'])).collect::<Vec<_>>().join("\n")
    );
    let complaint =
        |line: &&str| line.contains("Overfull") || line.contains("Warning") || line.contains("Missing character");
    let complaints: Vec<&str> = log.lines().filter(complaint).collect();
    assert!(complaints.is_empty(), "{complaints:#?}\n{starts:#?}");
}

/// Problems in which something could be read otherwise, and what is said of it.
const READ_OTHERWISE: [(&str, &str); 3] = [
    (
        "given\n  x = 3\n  y = 2\nmodel\n  z = 2^x^y\ntasks\n  compute z\n",
        "this is read as `2^(x^y)`, not as `(2^x)^y`",
    ),
    (
        "given\n  dim n\n  param W: n x n\nmodel\n  L = sum(W^2)\ntasks\n  derive dW of L\n",
        "`W^2` of a square matrix is read as `W.^2`, entry by entry",
    ),
    ("given\n  x = 3\nmodel\n  z = -x^2^x\ntasks\n  compute z\n", "this is read as `x^(2^x)`, not as `(x^2)^x`"),
];

#[test]
fn a_key_in_every_format_says_how_it_was_read() {
    for (text, said) in READ_OTHERWISE {
        let solution = solution(&format!("problem \"Q\"\n{text}"));
        let sentence = format!("In the problem, {said}.");
        assert!(student(&solution, Format::Markdown).contains(&sentence), "{text}");
        for (format, open, close) in
            [(Format::Html, "<code>", "</code>"), (Format::Latex, "\\texttt{", "}"), (Format::Text, "", "")]
        {
            let mut signs = [open, close].into_iter().cycle();
            let mut expected = sentence.clone();
            while expected.contains('`') {
                expected = expected.replacen('`', signs.next().unwrap(), 1);
            }
            let page = student(&solution, format).replace("\\textasciicircum{}", "^");
            assert!(words(&page).contains(&words(&expected)), "{format:?}: {expected}\n{page}");
        }
        let json: serde_json::Value = serde_json::from_str(&student(&solution, Format::Json)).unwrap();
        let notes: Vec<&str> =
            json["notes"].as_array().unwrap().iter().filter_map(|note| note["message"].as_str()).collect();
        assert_eq!(notes, [said], "{text}");
    }
}

#[test]
fn a_key_of_which_there_is_one_reading_has_no_notes() {
    let solution = solution("problem \"Q\"\ngiven\n  x = 3\nmodel\n  z = x^2\ntasks\n  compute z\n");
    assert!(!student(&solution, Format::Json).contains("\"notes\""));
    assert!(!student(&solution, Format::Markdown).contains("is read as"));
}

/// The text with single spaces: lines break anywhere.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
