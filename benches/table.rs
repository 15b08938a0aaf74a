//! Each cost beside a yardstick, as a ratio of two times of one run: `cargo bench --bench table`. NumPy's times come from
//! `benches/numpy_rows.py`; where NumPy or valgrind is not installed their rows say so.

use solve::answer::{Solution, answer};
use solve::check::{Key, Marker};
use solve::lower::lower;
use solve::model::Model;
use solve::number::Number;
use solve::ops::convolution::Convolution;
use solve::ops::{Conv2d, Operator, Options};
use solve::scalar::Scalar;
use solve::span::Source;
use solve::syntax::{read_spec, read_submission};
use solve::tensor::Tensor;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PROGRAM: &str = env!("CARGO_BIN_EXE_solve");
/// How long a row is repeated.
const PATIENCE: Duration = Duration::from_millis(500);

/// The least time of some runs, in seconds.
fn least<T>(mut work: impl FnMut() -> T) -> f64 {
    let (start, mut least) = (Instant::now(), f64::INFINITY);
    while start.elapsed() < PATIENCE || least.is_infinite() {
        let run = Instant::now();
        black_box(work());
        least = least.min(run.elapsed().as_secs_f64());
    }
    least
}

fn in_words(seconds: f64) -> String {
    match seconds {
        _ if seconds >= 1.0 => format!("{seconds:.2} s"),
        _ if seconds >= 1e-3 => format!("{:.2} ms", seconds * 1e3),
        _ => format!("{:.2} µs", seconds * 1e6),
    }
}

/// One line: what costs how much, beside what, and how often as much it may be.
#[expect(clippy::print_stdout, reason = "this is what the benchmark is for")]
fn row(name: &str, ours: f64, beside: &str, theirs: Option<f64>, wanted: f64) {
    let compared = theirs.map_or_else(
        || format!("{beside}: not installed"),
        |theirs| format!("{beside} {}: {:.2} times (at most {wanted})", in_words(theirs), ours / theirs),
    );
    println!("{name:44} {:>10}   {compared}", in_words(ours));
}

fn model(text: &str) -> Model {
    lower(&read_spec(text).expect("the spec can be read").value).expect("the model is right").model
}

fn solved(model: &Model) -> Solution {
    answer(model, &[]).expect("the problem has an answer")
}

fn shipped(name: &str) -> String {
    std::fs::read_to_string(format!("problems/{name}.spec")).expect("a shipped problem")
}

fn main() {
    let numpy = numpy();
    processes();
    marking();
    numbers(&numpy);
    problems(&numpy);
}

/// NumPy's time for each of its rows.
fn numpy() -> BTreeMap<String, f64> {
    let ran = Command::new("python3").arg("benches/numpy_rows.py").stderr(Stdio::null()).output();
    let text = ran.map(|ran| String::from_utf8_lossy(&ran.stdout).into_owned()).unwrap_or_default();
    let row = |line: &str| line.rsplit_once(' ').and_then(|(name, time)| Some((name.to_string(), time.parse().ok()?)));
    text.lines().filter_map(row).collect()
}

fn process(program: &str, arguments: &[&str]) -> f64 {
    let run = || Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    least(|| run().expect("the program runs"))
}

fn processes() {
    let nothing = process("/bin/true", &[]);
    row("solve --version", process(PROGRAM, &["--version"]), "/bin/true", Some(nothing), 2.0);
    let key = process(PROGRAM, &["problems/q1.spec"]);
    row("the key of q1", key, "/bin/true", Some(nothing), 6.0);
    let folder = tempfile::tempdir().expect("a folder for a while");
    let sheet = folder.path().join("ada.ans");
    std::fs::write(&sheet, "dW2 = Z^T (Y - X)\n").expect("the folder can be written");
    let check = process(PROGRAM, &["check", "problems/q1.spec", &sheet.to_string_lossy()]);
    row("the check of one answer", check, "the key of q1", Some(key), 1.0);
}

/// The time of one answer to a question of q1 on each of so many sheets.
fn marked(key: &Key, sheets: impl Iterator<Item = String>) -> f64 {
    let vocabulary = key.vocabulary();
    let mut marker = Marker::new(key);
    let (start, mut count) = (Instant::now(), 0);
    for text in sheets {
        let sheets = read_submission("a.ans", text.as_bytes(), &vocabulary).expect("a small sheet");
        let source = Source { name: "a.ans".to_string(), text };
        count += sheets.iter().map(|sheet| black_box(marker.mark(sheet, &source)).answers.len().min(1)).sum::<usize>();
    }
    start.elapsed().as_secs_f64() / count as f64
}

/// The time that the program takes for a class with these texts, a text, without what it takes for one student.
fn class(texts: impl Iterator<Item = String>) -> f64 {
    let folder = tempfile::tempdir().expect("a folder for a while");
    let (sheets, marks) = (folder.path().join("class"), folder.path().join("marks.csv"));
    std::fs::create_dir(&sheets).expect("the folder can be written");
    let paths = [sheets.to_string_lossy(), marks.to_string_lossy()];
    let run = || {
        let _ = std::fs::remove_file(&marks);
        let arguments = ["check", "problems/q1.spec", &paths[0], "-o", &paths[1], "--jobs", "1", "--quiet"];
        let ran = Command::new(PROGRAM).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(ran.is_ok_and(|status| status.success()), "a class can be marked");
    };
    let mut alone = f64::INFINITY;
    let mut count = 0;
    for (number, text) in texts.enumerate() {
        let text = format!("student \"{number}\"\n{text}");
        std::fs::write(sheets.join(format!("{number:05}.ans")), text).expect("the folder can be written");
        if number == 0 {
            alone = least(run);
        }
        count = number;
    }
    (least(run) - alone) / count as f64
}

const RIGHT: [&str; 6] = [
    "dW1 = X^T (((Y - X) W2^T + (C - Cgt) W3^T) .* 1[Z > 0])",
    "db1 = colsum(((Y - X) W2^T + (C - Cgt) W3^T) .* 1[Z > 0])",
    "dW2 = Z^T (Y - X)",
    "db2 = colsum(Y - X)",
    "dW3 = Z^T (C - Cgt)",
    "db3 = colsum(C - Cgt)",
];
const WRONG: [&str; 6] = [
    "dW1 = X^T ((Y - X) W2^T + (C - Cgt) W3^T)",
    "db1 = colsum((Y - X) W2^T + (C - Cgt) W3^T)",
    "dW2 = Z^T (X - Y)",
    "db2 = Y - X",
    "dW3 = 2 Z^T (C - Cgt)",
    "db3 = rowsum(C - Cgt)",
];

/// Sheets of one answer each, no two alike.
fn distinct(answers: &'static [&'static str], from: usize, count: usize) -> impl Iterator<Item = String> {
    (from..from + count).map(|number| {
        let (name, value) = answers[number % answers.len()].split_once(" = ").unwrap_or_default();
        format!("{name} = {0}/{0} ({value})\n", number + 2)
    })
}

fn marking() {
    const SHEETS: usize = 3_000;
    let Ok(key) = Key::new(&model(&shipped("q1"))) else { return };
    let right = marked(&key, distinct(&RIGHT, 0, SHEETS));
    let wrong = marked(&key, distinct(&WRONG, 0, SHEETS));
    row("a right answer to q1, no two alike", right, "a 30,000th of a second", Some(1.0 / 30_000.0), 1.0);
    row("a wrong answer to q1, no two alike", wrong, "a right one", Some(right), 5.0);
    let mixed = (right + wrong) / 2.0;
    row("right and wrong ones", mixed, "a 30,000th of a second", Some(1.0 / 30_000.0), 1.0);
    let apart = class(distinct(&WRONG, 0, SHEETS));
    let alike = class((0..SHEETS).map(|number| format!("{}\n", WRONG[number % WRONG.len()])));
    row("a class with six texts", alike, "no two alike", Some(apart), 0.05);
}

fn tensor<S: Scalar>(extents: &[usize], mut entry: impl FnMut(i64) -> Number) -> Tensor<S> {
    let size: usize = extents.iter().product();
    let entries = (0..size).map(|place| S::from_number(&entry((place * 7_919 % 1_999) as i64 - 999)));
    Tensor::from_entries(extents, entries.collect())
}

fn numbers(numpy: &BTreeMap<String, f64>) {
    const SIDE: usize = 256;
    let square = |entry: fn(i64) -> Number| tensor::<Number>(&[SIDE, SIDE], entry);
    let (whole, decimal) = (square(Number::integer), square(|k| Number::ratio(k, 100)));
    let rounded = square(|k| Number::approx((k as f64 / 999.0).tanh()));
    let double = rounded.map(|entry| entry.to_f64());
    let by_library = nalgebra::DMatrix::from_column_slice(SIDE, SIDE, double.stored());
    let product = least(|| whole.matmul(&whole));
    row("product of whole numbers, 256 x 256", product, "NumPy's int64", numpy.get("whole product").copied(), 2.0);
    row("product of decimals", least(|| decimal.matmul(&decimal)), "of whole numbers", Some(product), 5.0);
    let theirs = least(|| &by_library * &by_library);
    row("product after tanh", least(|| rounded.matmul(&rounded)), "nalgebra's f64", Some(theirs), 1.5);
    let convolution =
        Conv2d { convolution: Convolution::build(&mut Options::new("conv2d", Vec::new(), 1)).expect("the defaults") };
    for (kind, entry) in
        [("whole", Number::integer as fn(i64) -> Number), ("rounded", |k| Number::approx(k as f64 / 7.0))]
    {
        let (image, kernel) = (tensor::<Number>(&[8, 128, 128], entry), tensor::<Number>(&[16, 8, 3, 3], entry));
        let ours = least(|| convolution.evaluate(&[&image, &kernel]));
        let theirs = numpy.get(&format!("{kind} convolution")).copied();
        row(&format!("convolution of {kind} numbers, 16 x 8 x 3 x 3"), ours, "NumPy's tensordot", theirs, 3.0);
    }
    let texts: Vec<String> = (0..10_000).map(|k| format!("{}.{:02}", k % 977, k % 100)).collect();
    let read = least(|| texts.iter().map(|text| Number::parse(text)).collect::<Vec<_>>());
    let by_std = least(|| texts.iter().map(|text| text.parse::<f64>()).collect::<Vec<_>>());
    row("reading 10,000 decimals", read, "Rust's f64", Some(by_std), 10.0);
    let read: Vec<Number> = texts.iter().filter_map(|text| Number::parse(text).ok()).collect();
    let doubles: Vec<f64> = read.iter().map(Number::to_f64).collect();
    let printed = least(|| read.iter().map(Number::to_string).map(|text| text.len()).sum::<usize>());
    let by_std = least(|| doubles.iter().map(f64::to_string).map(|text| text.len()).sum::<usize>());
    row("printing 10,000 decimals", printed, "Rust's f64", Some(by_std), 5.0);
}

/// Rows of `x` and `y`, drawn as the script beside this does.
fn rows(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, k| {
        let x = (k * 7_919 % 10_007) as f64 / 10_007.0 * 2.0 - 1.0;
        let _ = write!(text, "{x:.4} {:.4}\n    ", (3.0 * x).sin());
        text
    })
}

fn matrix(side: usize, columns: usize) -> String {
    // Of full rank, as squares go.
    let entry = |place: usize| (place * place % 10_007 * 7_919 % 19) as i64 - 9;
    let row =
        |row: usize| (0..columns).map(|column| entry(row * columns + column).to_string()).collect::<Vec<_>>().join(" ");
    (0..side).map(row).collect::<Vec<_>>().join("\n    ")
}

fn problems(numpy: &BTreeMap<String, f64>) {
    let fit = model(&format!(
        "problem \"F\"\ngiven\n  data x, y = [ {} ]\ntasks\n  fit y over x by polynomial degree 9\n",
        rows(10_000)
    ));
    row("fit of degree 9 to 10,000 rows", least(|| solved(&fit)), "NumPy's lstsq", numpy.get("fit").copied(), 50.0);
    let descent = |steps: usize| {
        let text = format!(
            "problem \"D\"\ngiven\n  data x, y = [ {} ]\n  param a, b\nmodel\n  L = mse(a*x + b, y, reduce = mean)\n\
             tasks\n  descend a, b from 0, 0 rate 0.01 for {steps} steps\n",
            rows(10_000)
        );
        let model = model(&text);
        least(|| solved(&model))
    };
    let step = (descent(1_100) - descent(100)) / 1_000.0;
    row("a step of descent on 10,000 rows", step, "NumPy", numpy.get("descent step").copied(), 2.0);
    let of = |text: &str| {
        let model = model(text);
        least(|| solved(&model))
    };
    let second = Some(1.0);
    let inverse =
        format!("problem \"I\"\ngiven\n  A = [ {} ]\nmodel\n  B = inv(A)\ntasks\n  compute B\n", matrix(150, 150));
    row("inverse, 150 x 150", of(&inverse), "a second", second, 2.0);
    let outer = format!(
        "problem \"O\"\ngiven\n  a = [ {} ]\nmodel\n  B = a*a^T\n  C = B*B\ntasks\n  compute C\n",
        matrix(1_000, 1)
    );
    row("squared outer product of 1,000", of(&outer), "a second", second, 2.0);
    let product = format!(
        "problem \"P\"\ngiven\n  A = [ {0} ]\n  B = [ {0} ]\nmodel\n  C = A*B\ntasks\n  compute C\n",
        matrix(512, 512)
    );
    row("two literal 512 x 512 matrices", of(&product), "a second", second, 2.0);
    let read = least(|| read_spec(&product).expect("the spec can be read"));
    row("reading these", read, "a second", second, 2.0);
}
