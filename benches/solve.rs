//! What the program costs: `cargo bench`. With `ItemsCount` a row says the cost of one layer (line, entry), so that
//! rows of one bench should be alike: cost is linear in the model.

use divan::Bencher;
use divan::counter::ItemsCount;
use solve::answer::{Solution, answer};
use solve::lower::lower;
use solve::lower::operators;
use solve::model::Model;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use solve::syntax::{Vocabulary, read_spec, read_submission};

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
