//! What the program costs: `cargo bench`. With `ItemsCount` a row says the cost of one layer (line, entry), so that
//! rows of one bench should be alike: cost is linear in the model.

use divan::Bencher;
use divan::counter::ItemsCount;
use solve::answer::{Solution, answer};
use solve::check::{Key, Marker, Outcome};
use solve::lower::lower;
use solve::lower::operators;
use solve::model::Model;
use solve::render::document::{Edition, Format, Layout};
use solve::render::{marks, render};
use solve::span::Source;
use solve::syntax::{Vocabulary, read_spec, read_submission};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn model(text: &str) -> Model {
    lower(&read_spec(text).expect("the spec can be read").value).expect("the model is right").model
}

fn solved(model: &Model) -> Solution {
    answer(model, &[]).expect("the problem has an answer")
}

fn printed(solution: &Solution, format: Format) -> String {
    let layout = Layout { format, edition: Edition::Student, fragment: false, picture_stem: None, template: None };
    render(solution, &layout).expect("the templates are ours").text
}

/// From the file's text to the document.
#[divan::bench(args = ["q3", "q1", "fit_line", "mlp_L_layers"])]
fn whole_run(bencher: Bencher, name: &str) {
    let text = std::fs::read_to_string(format!("problems/{name}.spec")).expect("a shipped problem");
    bencher.bench(|| printed(&solved(&model(&text)), Format::Markdown));
}

/// A convolution of exact numbers with a 5 x 5 kernel.
#[divan::bench(args = [50, 100, 200])]
fn convolution(bencher: Bencher, side: usize) {
    let row = |width: usize, height: usize| {
        let rows: Vec<String> = (0..height)
            .map(|r| (0..width).map(|c| format!("{}", (r * 7 + c * 3) % 11)).collect::<Vec<_>>().join(" "))
            .collect();
        format!("[{}]", rows.join("; "))
    };
    let text = format!(
        "problem \"C\"\ngiven\n  I = {}\n  W = {}\nmodel\n  J = conv2d(I, W)\ntasks\n  compute J\n",
        row(side, side),
        row(5, 5)
    );
    let model = model(&text);
    bencher.counter(ItemsCount::new(side * side)).bench(|| solved(&model));
}

/// A chain of scalar lines: two operators each, so 1,000 lines are 2,000 nodes and their names.
fn chain(lines: usize) -> String {
    let mut text = "problem \"N\"\ngiven\n  param a = 1/2\nmodel\n  v0 = a\n".to_string();
    for line in 1..=lines {
        text += &format!("  v{line} = 2*v{} - a\n", line - 1);
    }
    text + &format!("  L = v{lines}\ntasks\n  compute L\n  derive da\n")
}

#[divan::bench(args = [100, 1000])]
fn many_nodes(bencher: Bencher, lines: usize) {
    let text = chain(lines);
    bencher.counter(ItemsCount::new(lines)).bench(|| printed(&solved(&model(&text)), Format::Json));
}

/// A network of many layers of one width, all its gradients asked for.
fn network(layers: usize) -> String {
    let asked: Vec<String> = (1..=layers).map(|layer| format!("dW{layer}, db{layer}")).collect();
    format!(
        "problem \"D\"\ngiven\n  dim N, H\n  input X: N x H\n  target T: N x H\n  repeat l = 1 to {layers}\n    \
         param W_{{l}}: H x H, b_{{l}}: 1 x H\n  end\nmodel\n  H_{{0}} = X\n  repeat l = 1 to {layers}\n    \
         H_{{l}} = tanh(H_{{l-1}}*W_{{l}} + b_{{l}})\n  end\n  L = mse(H{layers}, T)\ntasks\n  derive {}\n",
        asked.join(", ")
    )
}

#[divan::bench(args = [10, 100, 1000], sample_count = 10)]
fn reading(bencher: Bencher, layers: usize) {
    let text = network(layers);
    bencher.counter(ItemsCount::new(layers)).bench(|| model(&text));
}

/// Every gradient derived, simplified, written out and certified.
#[divan::bench(args = [10, 100, 1000], sample_count = 10)]
fn derivation(bencher: Bencher, layers: usize) {
    let model = model(&network(layers));
    bencher.counter(ItemsCount::new(layers)).bench(|| solved(&model));
}

#[divan::bench(args = [10, 100, 1000], sample_count = 5)]
fn document(bencher: Bencher, layers: usize) {
    let solution = solved(&model(&network(layers)));
    bencher.counter(ItemsCount::new(layers)).bench_local(|| printed(&solution, Format::Markdown));
}

#[divan::bench(args = [10, 100, 1000], sample_count = 5)]
fn json(bencher: Bencher, layers: usize) {
    let solution = solved(&model(&network(layers)));
    bencher.counter(ItemsCount::new(layers)).bench_local(|| printed(&solution, Format::Json));
}

/// Problems that end in pictures: curves and lines of equal loss, the path of a descent, the loss per step, the families
/// of a fit.
#[divan::bench(args = ["regression/line_and_parabola", "learning/two_parameters", "learning/sgd", "learning/families"])]
fn plots(bencher: Bencher, name: &str) {
    let text = std::fs::read_to_string(format!("problems/{name}.spec")).expect("a shipped problem");
    let model = model(&text);
    bencher.bench(|| printed(&solved(&model), Format::Html));
}

/// Forms of each answer to question 1: right ones, plain and in LaTeX, and wrong ones in several ways.
const FORMS: [(&str, &[&str]); 6] = [
    ("dW1", &["X^T (((Y - X) W2^T + (C - Cgt) W3^T) .* 1[Z > 0])", "X^T dh1", "X^T ((Y - X) W2^T + (C - Cgt) W3^T)"]),
    (
        r"\frac{\partial L}{\partial b_1}",
        &[r"\mathbf{1}^\top (((Y - X) W_2^\top + (C - C_{gt}) W_3^\top) \odot \mathbb{1}[Z > 0])", r"\delta h_1"],
    ),
    ("dW2", &["Z^T (Y - X)", "-Z^T (X - Y)", "((Y - X)^T Z)^T", "Z^T (X - Y)", "Z (Y - X)", "2 Z^T (Y - X)"]),
    ("db2", &["colsum(Y - X)", "1^T (Y - X)", "colsum(Z*W2 + b2 - X)", "Y - X", "colsum(X - Y)"]),
    (
        r"\delta W_3",
        &[
            r"Z^\top (C - C_{\text{gt}})",
            r"Z^{T} C - Z^{T} C_{gt}",
            r"Z^\top (C_{gt} - C)",
            r"Z^\top \left(C - C_{gtt}\right)",
        ],
    ),
    ("db3", &["colsum(C - Cgt)", "colsum(C) - colsum(Cgt)", "C - Cgt", "rowsum(C - Cgt)"]),
];

/// One student's sheet; where no two are to be alike, a factor n/n stands before each answer.
fn submission(student: usize, distinct: bool) -> String {
    let mut text = format!("student \"{student}\"\n");
    for (place, (name, forms)) in FORMS.iter().enumerate() {
        let form = forms[(student.wrapping_mul(2_654_435_761) >> (7 + 3 * place)) % forms.len()];
        let factor = if distinct { format!("{0}/{0} ", student + 2) } else { String::new() };
        text += &format!("{name} = {factor}({form})\n");
    }
    text
}

/// A class on one thread, from the texts to the rows of the table.
#[divan::bench(args = ["alike", "distinct"], sample_count = 3)]
fn marking(bencher: Bencher, kind: &str) {
    const STUDENTS: usize = 10_000;
    let key = Key::new(&model(&std::fs::read_to_string("problems/q1.spec").expect("a shipped problem")));
    let key = key.unwrap_or_else(|_| panic!("question 1 has an answer"));
    let (sheet, vocabulary) = (marks::sheet(&key), key.vocabulary());
    let texts: Vec<String> = (0..STUDENTS).map(|student| submission(student, kind == "distinct")).collect();
    bencher.counter(ItemsCount::new(STUDENTS)).bench_local(|| {
        let mut marker = Marker::new(&key);
        let row = |text: &String| {
            let mut sheets = read_submission("a.ans", text.as_bytes(), &vocabulary).expect("a small sheet");
            let marks = marker.mark(&sheets.remove(0), &Source { name: String::new(), text: text.clone() });
            marks::table_row(&sheet, &Outcome { file: String::new(), result: Ok(marks) }).expect("a row").len()
        };
        texts.iter().map(row).sum::<usize>()
    });
}

/// One answer in LaTeX, from its text to its expression.
#[divan::bench(args = [
    r"\delta W_2 = Z^\top (Y - X)",
    r"\frac{\partial L}{\partial W_1} = X^\top \left( (Y - X) W_2^\top \odot \mathbb{1}[XW_1 + b_1 > 0] \right)",
])]
fn latex_answer(bencher: Bencher, text: &str) {
    let vocabulary = Vocabulary::new(["X", "Y", "Z", "W1", "W2", "b1", "b2", "L"], operators());
    bencher.bench(|| read_submission("a.ans", text.as_bytes(), &vocabulary).expect("the answer can be read"));
}

/// A document of many answers; a row says the cost of one.
#[divan::bench(args = [10, 100, 1_000])]
fn latex_document(bencher: Bencher, answers: usize) {
    let vocabulary = Vocabulary::new(["X", "Y", "Z", "W1", "W2", "b1", "b2", "L"], operators());
    let text: String =
        (0..answers).map(|n| format!("We get $G_{{{n}}} = Z^\\top (Y - X) W_2$ by the chain rule.\n\n")).collect();
    bencher
        .counter(ItemsCount::new(answers))
        .bench(|| read_submission("a.tex", text.as_bytes(), &vocabulary).expect("the answers can be read"));
}
