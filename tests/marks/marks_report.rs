//! Reports of marks, as someone has read them: tests/golden_marks/. Nothing that a student wrote is markup in any of
//! them. `BLESS=1 cargo test --test marks -- marks_report::` writes them anew; read the difference before you commit it.

use solve::check::{
    AnswerMarks, Asked, Evidence, Marks, NotMarked, Outcome, Remark, Sheet, Summary, Tally, Unread, Verdict,
};
use solve::number::Number;
use solve::render::document::Format;
use solve::render::marks::{self, Detail};
use solve::syntax::read_expression;
use std::path::PathBuf;

const EVERYTHING: Detail = Detail { hints: true, solutions: true, evidence: true };
const FORMATS: [(Format, &str); 3] = [(Format::Markdown, "md"), (Format::Html, "html"), (Format::Text, "txt")];

const NAMES: [&str; 6] = ["dW1", "db1", "dW2", "db2", "dW3", "db3"];

fn asked(name: &&str) -> Asked {
    Asked {
        name: name.to_string(),
        of: Number::ratio(10, 3),
        correction: "Z^T * (Y - X)".into(),
        formula: Some(r"Z^\mathsf{T} (Y - X)".into()),
    }
}

fn sheet() -> Sheet {
    Sheet {
        id: "Q1".into(),
        title: "Autoencoder with a classifier on the latent code".into(),
        points: Some(Number::integer(30)),
        asked: NAMES.iter().map(asked).collect(),
    }
}

fn answer(place: usize, verdict: Verdict, points: Number, remarks: Vec<Remark>, written: &str) -> AnswerMarks {
    AnswerMarks {
        name: NAMES[place].into(),
        verdict,
        points,
        of: Number::ratio(10, 3),
        mistake: remarks.iter().find_map(|remark| match remark {
            Remark::Mistake { name, .. } => Some(*name),
            _ => None,
        }),
        remarks,
        evidence: None,
        written: written.into(),
        form: read_expression(written).ok().map(|expr| expr.value),
        line: (verdict != Verdict::Missing).then_some(place + 2),
        open: Number::integer(0),
        lines: Vec::new(),
    }
}

fn mistake(name: &'static str, within: Option<&str>, place: Option<&str>) -> Remark {
    Remark::Mistake { name, within: within.map(Into::into), place: place.map(Into::into) }
}

/// One of each verdict but the missing one.
fn ada() -> Outcome {
    let full = || Number::ratio(10, 3);
    let half = || vec![mistake("missing-transpose", Some("dZ"), None), Remark::Share { percent: "50".into() }];
    let mut answers = vec![
        answer(0, Verdict::Correct, full(), vec![], "X^T dZ"),
        answer(
            1,
            Verdict::FollowThrough,
            full(),
            vec![Remark::Follows { from: vec!["dZ".into(), "dY".into()] }],
            "colsum(dZ)",
        ),
        answer(2, Verdict::Partial, Number::ratio(5, 3), half(), "Z (Y - X)"),
        answer(
            3,
            Verdict::Notation,
            Number::ratio(5, 2),
            vec![Remark::ScalarForm, Remark::Share { percent: "75".into() }],
            "Y - X",
        ),
        answer(
            4,
            Verdict::Wrong,
            Number::integer(0),
            vec![Remark::Shape { found: "N x K".into(), expected: "H x K".into() }],
            "C - Cgt",
        ),
        answer(
            5,
            Verdict::Unreadable,
            Number::integer(0),
            vec![Remark::Unreadable {
                message: "`Cgtt` is not defined".into(),
                line: 7,
                column: 14,
                help: vec!["did you mean `Cgt`?".into()],
            }],
            "colsum(C - Cgtt)",
        ),
    ];
    answers[2].evidence = Some(Evidence {
        sizes: vec![("N".into(), 3), ("D".into(), 5), ("H".into(), 2)],
        given: false,
        seed: 7,
        entry: vec![2, 1],
        right: -0.731_25,
        found: 1.25,
    });
    let marks = Marks {
        student: Some("Ada Lovelace".into()),
        points: Number::ratio(65, 6),
        of: Number::integer(20),
        answers,
        open: Vec::new(),
        decided: Vec::new(),
        unread: vec![Unread { message: "`dW4` was not asked for".into(), line: 9, column: 1 }],
    };
    Outcome { file: "submissions/ada.ans".into(), result: Ok(marks) }
}

const NASTY: &str = "=cmd()|`x```y` <script>alert(1)</script>\n# head [a](javascript:b) ![i](http://x/y) $5 and $6 {{7*7}} <% x %> \u{1b}[31m \u{202e} \\input{/etc/passwd} *b* </code>";

/// Hostile text wherever a student can put some.
fn mallory() -> Outcome {
    let help = vec![NASTY.to_string()];
    let remarks = vec![
        Remark::Unreadable { message: NASTY.into(), line: 1, column: 1, help },
        Remark::Follows { from: vec![NASTY.into()] },
        Remark::ReadAs { message: NASTY.into() },
        mistake("sign", Some(NASTY), Some(NASTY)),
    ];
    let mut answers: Vec<AnswerMarks> =
        (0..6).map(|place| answer(place, Verdict::Missing, Number::integer(0), vec![], "")).collect();
    answers[0] = answer(0, Verdict::Unreadable, Number::integer(0), remarks, NASTY);
    let marks = Marks {
        student: Some(NASTY.into()),
        points: Number::integer(0),
        of: Number::integer(20),
        answers,
        open: Vec::new(),
        decided: Vec::new(),
        unread: vec![Unread { message: NASTY.into(), line: 2, column: 3 }],
    };
    Outcome { file: format!("../../{NASTY}"), result: Ok(marks) }
}

fn not_marked() -> Outcome {
    Outcome {
        file: "submissions/loop".into(),
        result: Err(NotMarked { student: None, reason: "a symbolic link, which is not followed".into() }),
    }
}

fn class() -> Summary {
    let sheet = sheet();
    let mut summary = Summary::new(&sheet);
    for (points, mistake_name) in
        [(20, None), (18, Some("sign")), (18, Some("sign")), (13, Some("missing-mask")), (2, None)]
    {
        let mut outcome = ada();
        if let Ok(marks) = &mut outcome.result {
            marks.points = Number::integer(points);
            marks.answers[4].mistake = mistake_name;
        }
        summary.add(&Tally::of(&outcome));
    }
    summary.add(&Tally::of(&not_marked()));
    summary
}

fn golden(name: &str, text: &str) {
    let path = PathBuf::from("tests/golden_marks").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all("tests/golden_marks").unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        text,
        expected,
        "{} differs; `BLESS=1 cargo test --test marks -- marks_report::` takes it as it is",
        path.display()
    );
}

fn report(outcome: &Outcome, detail: Detail, format: Format) -> String {
    marks::report(&sheet(), outcome, detail, format, true).unwrap_or_else(|error| panic!("{}", error.message))
}

#[test]
fn reports_are_as_they_were_read() {
    for (format, ending) in FORMATS {
        golden(&format!("ada.{ending}"), &report(&ada(), EVERYTHING, format));
        golden(&format!("mallory.{ending}"), &report(&mallory(), Detail::default(), format));
        golden(&format!("not_marked.{ending}"), &report(&not_marked(), Detail::default(), format));
    }
}

#[test]
fn summaries_are_as_they_were_read() {
    for (format, ending) in FORMATS {
        let picture = (format == Format::Markdown).then_some("summary-points.svg");
        let (text, picture) = marks::summary(&sheet(), &class(), format, true, picture).unwrap();
        golden(&format!("summary.{ending}"), &text);
        if let Some(picture) = picture {
            golden(&picture.file, &picture.content);
        }
    }
}

#[test]
fn data_is_as_it_was_read() {
    let sheet = sheet();
    let mut json = marks::json_begin(&sheet).unwrap();
    let outcomes = [ada(), mallory(), not_marked()];
    let parts = outcomes.iter().map(|outcome| marks::json_submission(&sheet, outcome, Detail::default()).unwrap());
    json += &parts.collect::<Vec<_>>().join(",");
    json += &marks::json_end(Some(&class()), false).unwrap();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["submissions"].as_array().map(Vec::len), Some(3));
    golden("class.json", &json);
    golden("gradescope.json", &marks::gradescope(&sheet, &ada(), EVERYTHING, Some("visible")).unwrap());
    let rows = outcomes.iter().map(|outcome| marks::table_row(&sheet, outcome).unwrap());
    golden("class.csv", &(marks::table_head(&sheet).unwrap() + &rows.collect::<String>()));
}

#[test]
fn what_students_write_is_text() {
    let html = report(&mallory(), EVERYTHING, Format::Html);
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("javascript:b\""));
    assert!(html.contains("default-src 'none'"));
    assert_eq!(html.matches("<code>").count(), html.matches("</code>").count());
    let markdown = report(&mallory(), EVERYTHING, Format::Markdown);
    // Outside of code spans nothing is left that Markdown would act on.
    let rest = without_code(&markdown).replace("\\]", "");
    assert!(!rest.contains("<script") && !rest.contains("]("), "{rest}");
    assert!(!markdown.lines().any(|line| line.starts_with("# head")));
    for (format, _) in FORMATS {
        let text = report(&mallory(), EVERYTHING, format);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{format:?}");
        assert!(!text.contains("49"), "{format:?}");
        assert!(!text.lines().any(|line| line.starts_with("20 of 20")), "{format:?}");
    }
    let csv = marks::table_row(&sheet(), &mallory()).unwrap();
    assert!(csv.starts_with("\"'=cmd()|") || csv.starts_with("'=cmd()|"), "{csv}");
}

/// Markdown without its code spans.
fn without_code(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some(start) = rest.find('`') {
        let is_escaped = rest[..start].ends_with('\\');
        let fence = rest[start..].chars().take_while(|c| *c == '`').count();
        let after = &rest[start + fence..];
        out.push_str(&rest[..start]);
        let mark = "`".repeat(fence);
        match (is_escaped, closing(after, &mark)) {
            (false, Some(end)) => rest = &after[end + fence..],
            (_, _) => rest = after,
        }
    }
    out + rest
}

/// Where a run of just so many backticks begins.
fn closing(text: &str, mark: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text[from..].find(mark) {
        let at = from + found;
        let run = text[at..].chars().take_while(|c| *c == '`').count();
        if run == mark.len() {
            return Some(at);
        }
        from = at + run;
    }
    None
}
