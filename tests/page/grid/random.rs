//! Problems of convolutions and poolings, drawn at random.

use fastrand::Rng;
use solve::answer::Solution;

pub struct Chain {
    pub spec: String,
    /// The bias, where the first operator is a convolution, and no other is.
    pub only_convolution: Option<f64>,
    /// And no other is a max-pooling.
    pub ends_with_maxpool: bool,
    last: String,
}

impl Chain {
    /// How many entries the last value has.
    pub fn results(&self, solution: &Solution) -> usize {
        let id = solution.model.names[&self.last];
        solution.values.get(id).unwrap().size()
    }
}

pub fn chain(rng: &mut Rng) -> Chain {
    let largest = [3, 9, 99, 1500][rng.usize(..4)];
    let image = matrix(rng, 1..9, 1..9, largest);
    let mut given = format!("  I = {image}\n  b = {}\n", rng.i64(-9..10));
    let mut lines = Vec::new();
    let (mut first, mut max) = (None, false);
    for place in 0..rng.usize(1..5) {
        let operand = if place == 0 { "I".to_string() } else { format!("A{place}") };
        max = false;
        let value = match rng.usize(..6) {
            0..=2 => {
                let kernel = format!("W{place}");
                given.push_str(&format!("  {kernel} = {}\n", matrix(rng, 1..4, 1..4, largest.min(9))));
                let options = options(rng, true);
                let bias = [String::new(), ", b".to_string()][rng.usize(..2)].clone();
                if place == 0 {
                    let added = given.lines().nth(1).and_then(|line| line.split('=').nth(1)?.trim().parse().ok());
                    first = Some(if bias.is_empty() { 0.0 } else { added.unwrap() });
                }
                format!("conv2d({operand}, {kernel}{bias}{options})")
            }
            3 => {
                max = true;
                format!("maxpool({operand}, size = ({}, {}){})", rng.usize(1..4), rng.usize(1..4), options(rng, false))
            }
            4 => format!("avgpool({operand}, size = 2{})", options(rng, false)),
            _ => format!("{}({operand})", ["relu", "sigmoid", "abs", "tanh"][rng.usize(..4)]),
        };
        lines.push(format!("  A{} = {value}", place + 1));
    }
    let last = format!("A{}", lines.len());
    let spec =
        format!("problem \"p\" \"t\"\n\ngiven\n{given}\nmodel\n{}\n\ntasks\n  compute {last}, b\n", lines.join("\n"));
    let single = |name: &str| spec.matches(name).count() == 1;
    Chain {
        only_convolution: first.filter(|_| single("conv2d(")),
        ends_with_maxpool: max && single("maxpool("),
        spec,
        last,
    }
}

fn options(rng: &mut Rng, dilated: bool) -> String {
    let mut options = String::new();
    if rng.bool() {
        options.push_str(&format!(", stride = {}", rng.usize(1..4)));
    }
    match rng.usize(..4) {
        0 => options.push_str(", padding = 1"),
        1 => options.push_str(", padding = same"),
        _ => {}
    }
    if dilated && rng.usize(..4) == 0 {
        options.push_str(", dilation = 2");
    }
    if dilated && rng.usize(..4) == 0 {
        options.push_str(", flip = true");
    }
    options
}

fn matrix(rng: &mut Rng, rows: std::ops::Range<usize>, columns: std::ops::Range<usize>, largest: i64) -> String {
    let (rows, columns) = (rng.usize(rows), rng.usize(columns));
    let row =
        |rng: &mut Rng| (0..columns).map(|_| rng.i64(-largest..=largest).to_string()).collect::<Vec<_>>().join(" ");
    let rows: Vec<String> = (0..rows).map(|_| row(rng)).collect();
    format!("[ {} ]", rows.join("; "))
}
