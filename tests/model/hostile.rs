//! Hostile and broken specs through the real program: none ends in a panic, an abort or a hang, and no text of the
//! author's is ever more than text. What other tests hold is not repeated: places and words of errors
//! (`errors.rs`, `syntax.rs`, `lower.rs` beside this file), streams and files (`tests/program/cli.rs`).

use crate::common;

use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use std::io::Write;
use std::process::{Command, Stdio};

/// A spec of given lines, model lines and tasks.
fn spec(given: &str, model: &str, tasks: &str) -> String {
    let block = |name: &str, lines: &str| match lines {
        "" => String::new(),
        lines => format!("{name}\n  {}\n", lines.replace('|', "\n  ")),
    };
    format!("problem \"P\"\n{}{}{}", block("given", given), block("model", model), block("tasks", tasks))
}

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(text: &[u8], format: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_solve"))
        .args(["-", "--format", format])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = text.to_vec();
    // What is too long is not read to its end: the pipe may be closed early.
    let writer = std::thread::spawn(move || input.write_all(&text).ok());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let string = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), out: string(output.stdout), err: string(output.stderr) }
}

/// The numbers are those of the list of hostile inputs.
#[test]
fn broken_specs_end_with_code_1_and_say_where() {
    let model = |line: &str| spec("x = 2|y = 2", line, "compute z").into_bytes();
    let given = |line: &str| spec(line, "z = x*1", "compute z").into_bytes();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("1 closed", model(&format!("z = {}x{}", "(".repeat(100_000), ")".repeat(100_000)))),
        ("1 open", model(&format!("z = {}x", "(".repeat(100_000)))),
        ("2", model(&format!("z = x{}", "+1".repeat(400_000)))),
        ("3 powers", model(&format!("z = 2{}", "^2".repeat(100_000)))),
        ("3 signs", model(&format!("z = {}x", "-".repeat(100_000)))),
        ("3 transposes", model(&format!("z = x{}", "'".repeat(100_000)))),
        ("4", spec("input X: 1000000000 x 1000000000", "z = sum(X)", "shapes of z").into_bytes()),
        ("5", spec("dim N|input x: N x 1", "z = sum(x)", "compute z").into_bytes()),
        ("6 tower", model("z = 9^9^9")),
        ("6 power", model("z = 2^(10^9)")),
        ("6 fraction", given("x = (13/10)^6472416997")),
        ("8 one", model("z = 1/(x - y)")),
        ("8 zero", model("z = 0/(x - y)")),
        ("8 masked above", model("z = (1[x > 5]*x)/(x - y)")),
        ("8 given", given("x = x/(1 - 1)")),
        ("9 nan", given("x = nan")),
        ("9 inf", given("x = inf")),
        ("9 large", given("x = 1e309")),
        ("9 small", given("x = 1e-400")),
        ("10 log", model("z = log(x - y)")),
        ("10 sqrt", model("z = sqrt(-x)")),
        ("10 ce", spec("p = [0 1]|t = [1 0]", "z = ce(p, t)", "compute z").into_bytes()),
        ("13 digits", given("x = ４２")),
        ("13 letters", spec("A = 1", "z = Α + 1", "compute z").into_bytes()),
        ("14", model("z = x\u{202e} + 1")),
        ("16", "problem \"P\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("18", b"problem \"P\xff\"\n".to_vec()),
        ("19 NUL", b"problem \"P\"\n\0\0\0".to_vec()),
        ("19 long", vec![b'#'; 4 << 20]),
        ("20 empty", Vec::new()),
        ("20 comments", b"# nothing\n".to_vec()),
        ("21", spec("W1 = 1|W_1 = 2", "z = W1", "compute z").into_bytes()),
        ("22", spec("x = 1", "z = y + x|y = z + 1", "compute z").into_bytes()),
        ("23", model("z = xx + yy")),
        ("24", spec("dim N, D, H|input X: N x D|param W: H x D", "z = X W", "shapes of z").into_bytes()),
        ("25 ragged", given("x = [1 2; 3]")),
        ("25 row", given("x = [1 2;; 3 4]")),
        ("25 empty", given("x = [[]]")),
        ("26 window", spec("x = [1 2; 3 4]", "z = maxpool(x, size = 3)", "compute z").into_bytes()),
        ("26 stride", spec("x = [1 2; 3 4]", "z = maxpool(x, size = 2, stride = 0)", "compute z").into_bytes()),
        ("26 kernel", spec("x = [1 2; 3 4]|k = [1 2 3; 4 5 6; 7 8 9]", "z = conv2d(x, k)", "compute z").into_bytes()),
        ("40 comma", given("x = 3,5")),
    ];
    let mut faults = Vec::new();
    for (case, text) in cases {
        let Ran { code, out, err } = run(&text, "md");
        if code != Some(1) || !out.is_empty() || !err.contains("error") || err.len() > 100_000 {
            faults.push(format!("{case}: code {code:?}, {}", err.chars().take(300).collect::<String>()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is within the limits is answered, in every format; what is one past them is refused, and the limit named.
/// `SOLVE_LIMITS=1` prints the longest expressions in every format too, which takes minutes in a debug build.
#[test]
fn limits_hold_at_the_limit_and_one_past_it() {
    const FORMATS: [&str; 5] = ["md", "latex", "html", "text", "json"];
    let one = |line: &str| spec("param x = 2", line, "compute z|derive dx").into_bytes();
    let nested = |open: &str, close: &str, n: usize| one(&format!("z = {}x{}", open.repeat(n), close.repeat(n)));
    for (open, close) in
        [("relu(", ")"), ("(1 + ", ")"), ("tanh(", ")"), ("2*(", ")"), ("-", ""), ("", "^1"), ("", "'")]
    {
        for format in FORMATS {
            let Ran { code, err, .. } = run(&nested(open, close, 128), format);
            assert_eq!(code, Some(0), "{open}{close} {format}: {err}");
        }
        let Ran { code, err, .. } = run(&nested(open, close, 129), "md");
        assert!(code == Some(1) && err.contains("128"), "{open}{close}: {err}");
    }
    let long = |n: usize| one(&format!("z = x{}", "+1".repeat(n)));
    let all = std::env::var_os("SOLVE_LIMITS").is_some();
    for format in FORMATS {
        let Ran { code, err, .. } = run(&long(if all || format == "json" { 10_000 } else { 1_000 }), format);
        assert_eq!(code, Some(0), "{format}: {err}");
    }
    let Ran { code, err, .. } = run(&long(10_001), "md");
    assert!(code == Some(1) && err.contains("10000"), "{err}");
}

/// Names in names double what is written out: forty lines, in a table of points and in an answer.
#[test]
fn names_that_double_are_no_trouble() {
    let lines: Vec<String> = (0..40).map(|i| format!("z{} = z{i} .* z{i} - a*z{i}", i + 1)).collect();
    let given = "data x, y = [1 2; 0.5 3; 0.25 4]|param a";
    let model = format!("z0 = a*x|{}|L = sum((y - z40)^2)", lines.join("|"));
    let text = spec(given, &model, "compute L at a = 0.5, a = 0.25|derive da|compute da at a = 0.5|entries of z40");
    for format in ["md", "latex", "html", "text", "json"] {
        let start = std::time::Instant::now();
        let Ran { code, err, .. } = run(text.as_bytes(), format);
        assert!(code.is_some() && !err.contains("panicked"), "{format}: {err}");
        assert!(start.elapsed().as_secs() < 30, "{format}");
    }
}

#[test]
fn large_logits_keep_their_shares() {
    let text = spec("a = [1000 -1000 1000]", "p = softmax(a)|z = logsumexp(a)", "compute p, z");
    let Ran { code, out, .. } = run(text.as_bytes(), "json");
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(found["answers"][0]["value"], serde_json::json!([[0.5, 0.0, 0.5]]));
    let z = found["answers"][1]["value"].to_string();
    assert!(z.contains("1000.69314718"), "{z}");
}

/// 0 · ln 0 is 0 in a cross-entropy.
#[test]
fn a_probability_of_0_where_nothing_is_expected_counts_nothing() {
    let text = spec("p = [0 1]|t = [0 1]", "z = ce(p, t)", "compute z");
    let Ran { code, out, err } = run(text.as_bytes(), "json");
    assert_eq!(code, Some(0), "{err}");
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["answers"][0]["value"].as_f64(), Some(0.0));
}

#[test]
fn other_line_ends_and_a_mark_give_the_same_bytes() {
    let text = std::fs::read_to_string("problems/q3.spec").unwrap();
    let plain = run(text.as_bytes(), "md");
    assert_eq!(plain.code, Some(0));
    for other in [text.replace('\n', "\r\n"), text.replace('\n', "\r"), format!("\u{feff}{text}")] {
        assert_eq!(run(other.as_bytes(), "md").out, plain.out);
    }
}

const TEXTS: [&str; 14] = [
    r"\input{/etc/passwd}",
    r"\immediate\write18{touch x}",
    r"\def\x{\x}\x",
    "^^5cinput",
    "100 % } { $ & # _ ~",
    "<script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "</math><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "{{ 7*7 }} {% include 'x' %} << 7*7 >> <% if 1 %>",
    "![x](file:///etc/passwd) `code` | cell",
    "<!-- comment -->",
    "# heading",
    "</svg><script>",
];

fn hostile(text: &str) -> String {
    format!(
        "problem \"{text}\" \"{text}\"\n\"\"\"\n{text}\n\"\"\"\ngiven\n  input X: 2 x 2 \"{text}\" = [1 2; 3 4]\n  \
         param W: 2 x 2 \"{text}\" = [1 0; 0 1]\nmodel\n  Z = X*W\n  L = mse(Z, X)\ntasks\n  draw graph with gradients\n  \
         compute Z\n  derive dW\n"
    )
}

#[test]
fn text_is_text_in_every_format() {
    let formats = [
        Format::Markdown,
        Format::Latex,
        Format::Html,
        Format::Text,
        Format::Json,
        Format::Svg,
        Format::Tikz,
        Format::Mermaid,
        Format::Dot,
        Format::Python,
        Format::Torch,
        Format::Notebook,
    ];
    for text in TEXTS {
        let solution = common::solve_text(&hostile(text)).unwrap_or_else(|error| panic!("{text}: {error}"));
        for format in formats {
            let layout =
                Layout { format, edition: Edition::Instructor, fragment: false, picture_stem: None, template: None };
            let mut document = render(&solution, &layout).unwrap().text;
            if format == Format::Notebook {
                // In the tests of a notebook it stands in a text of Python.
                let book: serde_json::Value = serde_json::from_str(&document).unwrap();
                let cells = book["cells"].as_array().unwrap().iter().filter(|cell| cell["cell_type"] == "markdown");
                document = cells.map(|cell| cell["source"].as_str().unwrap()).collect::<Vec<_>>().join("\n");
            }
            let live: &[&str] = match format {
                Format::Latex | Format::Tikz => &[r"\input{/", r"\immediate", r"\write18", r"\def\x", "^^5c"],
                Format::Markdown | Format::Notebook => {
                    &["<script", "<img src=x", "<!-- comment", "![x](file", "[x](javascript:"]
                }
                Format::Html | Format::Svg => &["<script", "<img src=x", "</math><s", "</svg><s", "<!-- comment"],
                // In a program it stands in comments, each line of them (see below).
                Format::Text | Format::Json | Format::Mermaid | Format::Dot | Format::Python | Format::Torch => &[],
            };
            for part in live {
                assert!(!document.contains(part), "{text} is live in {format:?}: {part}");
            }
            // A picture has numbers of its own: what is looked for is the product where it stood.
            let computed =
                text.contains("7*7") && ["49 {", "} 49", r"49 \{", r"\} 49"].iter().any(|sign| document.contains(sign));
            assert!(!computed, "{text} is computed in {format:?}");
        }
    }
}

#[test]
fn hostile_text_is_typeset_as_it_stands() {
    if Command::new("pdflatex").arg("--version").stdout(Stdio::null()).status().is_err() {
        return;
    }
    for text in TEXTS {
        let solution = common::solve_text(&hostile(text)).unwrap();
        let layout = Layout {
            format: Format::Latex,
            edition: Edition::Student,
            fragment: false,
            picture_stem: None,
            template: None,
        };
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key.tex"), render(&solution, &layout).unwrap().text).unwrap();
        let output = Command::new("pdflatex")
            .args(["-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "key.tex"])
            .current_dir(folder.path())
            .env("openin_any", "p")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stdout));
    }
}
