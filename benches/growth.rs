//! How the cost of each form that can be repeated grows: `cargo bench --bench growth` prints, beside divan's table, what
//! one repetition costs at each size as a multiple of what it costs at the size before. Linear is 1.

use divan::Bencher;
use divan::counter::ItemsCount;
use solve::answer::answer;
use solve::check::{Key, Marker};
use solve::lower::lower;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use solve::span::Source;
use solve::syntax::{read_spec, read_submission};
use std::io::Write;
use std::time::{Duration, Instant};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];
/// A form that took this long is not tried at the next size.
const PATIENCE: Duration = Duration::from_secs(10);

/// A form by its name, the most repetitions that it may have, and what is done with so many.
type Form = (&'static str, usize, fn(usize));

const FORMS: [Form; 11] = [
    ("terms", 9_999, |n| problem(&format!("L = x{}", " + 1".repeat(n)))),
    ("factors", 9_999, |n| problem(&format!("L = x{}", "*x".repeat(n)))),
    ("nesting", 128, |n| problem(&format!("L = {}x{}", "relu(".repeat(n), ")".repeat(n)))),
    ("brackets", 128, |n| problem(&format!("L = {}x{}", "(1 + ".repeat(n), ")".repeat(n)))),
    ("layers", 10_000, |n| {
        problem(&lines(n, "z0 = x", |i| format!("z{} = tanh(0.5*z{i})", i + 1), &format!("L = z{n}")))
    }),
    ("time steps", 10_000, |n| {
        problem(&lines(n, "h0 = x", |t| format!("h{} = tanh(0.5*h{t} + x)", t + 1), &format!("L = h{n}")))
    }),
    ("branches", 10_000, |n| {
        let sum: Vec<String> = (0..n).map(|i| format!("z{i}")).collect();
        problem(&lines(n, "y = x", |i| format!("z{i} = tanh(y/{})", i + 1), &format!("L = {}", sum.join(" + "))));
    }),
    ("own names", 2_000, |n| {
        submission(
            &(lines(n, "G0 = Y - X", |i| format!("G{} = G{i} .* G{i} + X/3", i + 1), &format!("dW2 = Z^T G{n}"))),
        );
    }),
    ("terms of an answer", 9_999, |n| submission(&format!("dW2 = Z^T (Y - X){}", " + 0*W2".repeat(n / 2)))),
    ("rows", 10_000, |n| {
        let rows: Vec<String> = (0..n).map(|row| format!("{} {}", row % 19, row % 23)).collect();
        let given = format!("data x, y = [ {} ]\n  param a = 2", rows.join("\n    "));
        page(&given, "L = mse(a*x, y)", "compute L\n  derive da");
    }),
    ("submissions", 10_000, |n| class((0..n).map(|k| format!("dW2 = {0}/{0} Z^T (Y - X)", k + 2)))),
];

fn lines(count: usize, first: &str, line: impl Fn(usize) -> String, last: &str) -> String {
    let all: Vec<String> = (0..count).map(line).collect();
    format!("{first}\n  {}\n  {last}", all.join("\n  "))
}

/// From the text of a model to a page.
fn problem(model: &str) {
    page("param x = 2", model, "compute L\n  derive dx");
}

fn page(given: &str, model: &str, tasks: &str) {
    let text = format!("problem \"P\"\ngiven\n  {given}\nmodel\n  {model}\ntasks\n  {tasks}\n");
    let model = lower(&read_spec(&text).expect("the spec can be read").value).expect("the model is right").model;
    // What overflows on the way is refused, which is an answer too.
    let Ok(solution) = answer(&model, &[]) else { return };
    let layout = Layout {
        format: Format::Markdown,
        edition: Edition::Student,
        fragment: false,
        picture_stem: None,
        template: None,
    };
    render(&solution, &layout).expect("the templates are ours");
}

/// From a student's text to marks.
fn submission(text: &str) {
    class(std::iter::once(text.to_string()));
}

/// The same of many students, by one marker.
fn class(texts: impl Iterator<Item = String>) {
    let problem = std::fs::read_to_string("problems/q1.spec").expect("a shipped problem");
    let model = lower(&read_spec(&problem).expect("the spec can be read").value).expect("the model is right").model;
    let Ok(key) = Key::new(&model) else { return };
    let (mut marker, vocabulary) = (Marker::new(&key), key.vocabulary());
    for text in texts {
        let sheets = read_submission("a.ans", text.as_bytes(), &vocabulary).expect("the answers can be read");
        let source = Source { name: "a.ans".to_string(), text };
        sheets.iter().for_each(|sheet| drop(marker.mark(sheet, &source)));
    }
}

fn main() {
    let mut out = std::io::stdout().lock();
    for (name, most, work) in FORMS {
        let _ = write!(out, "{name:20}");
        let mut before: Option<f64> = None;
        for size in SIZES.map(|size| size.min(most)) {
            let start = Instant::now();
            work(size);
            let lasted = start.elapsed();
            let each = lasted.as_secs_f64() / size as f64;
            let ratio = before.map_or(String::new(), |before| format!(" x{:.2}", each / before));
            let _ = write!(out, " {size}: {:.1} µs each{ratio};", each * 1e6);
            before = Some(each);
            if lasted > PATIENCE || size == most {
                break;
            }
        }
        let _ = writeln!(out);
    }
    drop(out);
    divan::main();
}

#[divan::bench(args = ["terms", "nesting", "layers", "branches", "own names"], sample_count = 3)]
fn at_100(bencher: Bencher, name: &str) {
    let (_, _, work) = FORMS.iter().find(|(known, ..)| *known == name).expect("a form of the list");
    bencher.counter(ItemsCount::new(100_usize)).bench(|| work(100));
}
