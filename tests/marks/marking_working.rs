//! The working line by line, what follows by another road than a formula, and equality where it matters: verdicts and
//! places written from the problems.

use solve::check::{Claim, Key, Marker, Marks, Verdict};
use solve::lower::lower;
use solve::span::Source;
use solve::syntax::{read_spec, read_submission};

fn key(spec: &str) -> Key {
    let spec = format!("problem \"P\"\n{spec}");
    Key::new(&lower(&read_spec(&spec).unwrap().value).unwrap().model).unwrap()
}

fn marks(key: &Key, file: &str, text: &str) -> Marks {
    let sheet = read_submission(file, text.as_bytes(), &key.vocabulary()).unwrap().remove(0);
    Marker::new(key).mark(&sheet, &Source { name: file.to_string(), text: text.to_string() })
}

/// The verdict and the share of the marks of the first answer.
fn verdict(spec: &str, text: &str) -> (Verdict, u32) {
    let answer = marks(&key(spec), "sheet.ans", text).answers.remove(0);
    (answer.verdict, (answer.points.to_f64() / answer.of.to_f64() * 100.0).round() as u32)
}

const LINEAR: &str = "given\n  dim N, D, K\n  input X: N x D\n  target T: N x K\n  param W: D x K\nmodel\n  Y = X*W\n  L = mse(Y, T)\ntasks\n  derive dW [4 points]";
const TIES: &str = "given\n  dim N, H, D\n  input Z: N x H\n  param W: H x D\n  target X: N x D\nmodel\n  Y = Z*W\n  L = mse(X, Y)\ntasks\n  derive dW [4 points]";
const NUMBERS: &str = "given\n  const a = 3, b = 4, c = 5\nmodel\n  s = a*b + c^2\ntasks\n  compute s [4 points]";

/// Sheets, the line of the first false claim (from 1; 0 where all follow), and the share of the marks.
const DERIVATIONS: [(&str, &str, usize, u32); 16] = [
    (LINEAR, "dW = X^T*(Y - T)\n", 0, 100),
    (LINEAR, "dW = X^T*(Y - T)\ndW = X^T*(X*W - T)\n", 0, 100),
    (LINEAR, "dW = X^T*(X*W - T)\ndW = X^T*X*W - X^T*T\n", 0, 100),
    (LINEAR, "dW = X^T*(X*W - T)\ndW = X^T*X*W - X*T\n", 2, 75),
    (LINEAR, "dW = X^T*(Y - T)\ndW = X^T*(T - Y)\n", 2, 50),
    (LINEAR, "dW = X^T*(T - Y)\ndW = X^T*(Y - T)\n", 1, 100),
    (LINEAR, "dW = X^T*(Y + T)\ndW = X^T*Y + X^T*T\ndW = X^T*(Y - T)\n", 1, 100),
    (LINEAR, "dW = X^T*(Y - T) = X^T*Y - X^T*T\n", 0, 100),
    (LINEAR, "G = Y - T\ndW = X^T*G\ndW = X^T*Y - X^T*T\n", 0, 100),
    (LINEAR, "G = Y - T\ndW = X^T*G\ndW = X^T*Y + X^T*T\n", 3, 50),
    (TIES, "dW = Z^T*(X - Y) = Z^T*(Y - X)\n", 1, 100),
    (TIES, "dW = Z^T*(Y - X) = Z^T*(X - Y)\n", 1, 50),
    (NUMBERS, "s = 3*4 + 5^2 = 12 + 25 = 37\n", 0, 100),
    (NUMBERS, "s = 3*4 + 5^2 = 12 + 25 = 36\n", 1, 75),
    (NUMBERS, "s = 3*4 + 5^2\ns = 12 + 25\ns = 38\n", 3, 75),
    (NUMBERS, "s = 3*4 + 5^2\ns = 12 + 10\ns = 37\n", 2, 100),
];

#[test]
fn the_first_line_that_does_not_follow_is_told() {
    let mut faults = Vec::new();
    for (spec, text, line, share) in DERIVATIONS {
        let answer = marks(&key(spec), "sheet.ans", text).answers.remove(0);
        let found = answer.lines.iter().find(|line| line.claim == Claim::False).map_or(0, |line| line.line);
        let own = (answer.points.to_f64() / answer.of.to_f64() * 100.0).round() as u32;
        if (found, own) != (line, share) {
            faults.push(format!("{text}line {found}, {own}%, not line {line}, {share}%: {:?}\n", answer.remarks));
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), DERIVATIONS.len(), faults.join("\n"));
}

#[test]
fn lines_count_where_a_problem_says_so() {
    let spec = format!("{LINEAR}\nmarking\n  working 25%");
    assert_eq!(verdict(&spec, "dW = X^T*(T - Y)\ndW = X^T*(Y - T)"), (Verdict::Correct, 75));
    assert_eq!(verdict(&spec, "dW = X^T*(Y - T)\ndW = X^T*Y - X^T*T"), (Verdict::Correct, 100));
    assert_eq!(verdict(&spec, "dW = X^T*(Y - T)"), (Verdict::Correct, 100));
}

const ABS: &str = "given\n  param w\nmodel\n  L = abs(w)\ntasks\n  derive dw";
const RELU6: &str =
    "given\n  dim N, M\n  param Z: N x M\nmodel\n  L = sum(minimum(relu(Z), 6))\ntasks\n  derive dZ of L";
const CLIP: &str =
    "given\n  dim N, M\n  param Z: N x M\nmodel\n  L = sum(clip(Z, low = -5, high = 5))\ntasks\n  derive dZ";
const FAR: &str = "given\n  param x, c\nmodel\n  L = c*relu(x - 100)\ntasks\n  derive dc";
const POWER: &str = "given\n  param a, x\n  param r\nmodel\n  L = r*(6000*(x-a)^5999)\ntasks\n  derive dr of L";
const EXP: &str = "given\n  param x, r\nmodel\n  L = r*exp(x)\ntasks\n  derive dr";
const LOGSQUARE: &str = "given\n  param w\nmodel\n  L = log(w^2)\ntasks\n  derive dw";
const ROOT: &str = "given\n  param w, r\nmodel\n  L = r*sqrt(w^2)\ntasks\n  derive dr";
const LASSO: &str = "given\n  const lambda\n  param w, u\nmodel\n  L = (w - u)^2 + lambda*abs(w)\ntasks\n  derive dw";
const GIVEN: &str =
    "given\n  A = [2 1; 1 3]\n  b = [1; 1]\n  param x: 2\nmodel\n  L = 1/2*x^T*A*x - b^T*x\ntasks\n  derive dx";

/// Whether answers are right, on both sides of every kink.
const EQUAL: [(&str, &str, bool); 22] = [
    (ABS, "dw = 1", false),
    (ABS, "dw = sign(w)", true),
    (ABS, "dw = w/abs(w)", true),
    (ABS, "dw = 1[w > 0] - 1[w < 0]", true),
    (RELU6, "dZ = 1[Z > 0]", false),
    (RELU6, "dZ = 1[Z > 0] .* 1[Z < 6]", true),
    (CLIP, "dZ = Z ./ Z", false),
    (CLIP, "dZ = 1[Z > -5] .* 1[Z < 5]", true),
    (FAR, "dc = 0", false),
    (FAR, "dc = relu(x - 100)", true),
    (FAR, "dc = (x - 100)*1[x > 100]", true),
    (POWER, "dr = 7*(x-a)^5999", false),
    (POWER, "dr = 5999*(x-a)^5999", false),
    (POWER, "dr = 6000*(x-a)^5999", true),
    (
        EXP,
        "dr = 1 + x + x^2/2 + x^3/6 + x^4/24 + x^5/120 + x^6/720 + x^7/5040 + x^8/40320 + x^9/362880 + x^10/3628800",
        false,
    ),
    (EXP, "dr = exp(x/2)^2", true),
    (LOGSQUARE, "dw = 2/w", true),
    (LOGSQUARE, "dw = 2/abs(w)", false),
    (ROOT, "dr = w", false),
    (ROOT, "dr = abs(w)", true),
    (LASSO, "dw = 2*(w - u) + lambda", false),
    (GIVEN, "dx = A*x - b", true),
];

#[test]
fn equality_is_decided_on_both_sides() {
    let mut faults = Vec::new();
    for (spec, text, right) in EQUAL {
        let (found, share) = verdict(spec, text);
        if (found == Verdict::Correct) != right {
            faults.push(format!("{text}: {found:?}, {share}%"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn brackets_and_spellings_do_not_decide() {
    let spec = "given\n  const s = 0.009013, t = 0.4997\nmodel\n  v = [t; s]\ntasks\n  compute v";
    for text in ["v = [0.5; 0.009]", "v = [0.5, 0.009]", "v = (0.5, 0.009)", "v = [0.500; 0.00901]"] {
        assert_eq!(verdict(spec, text).0, Verdict::Correct, "{text}");
    }
}

#[test]
fn what_follows_by_another_road_follows() {
    let quartic = "given\n  param w\nmodel\n  L = w^4\ntasks\n  derive dw\n  derive hessian of L wrt w";
    let second = |text: &str| marks(&key(quartic), "sheet.ans", text).answers.remove(1).verdict;
    assert_eq!(second("dw = 3*w^3\nhessian of L wrt w = 9*w^2"), Verdict::FollowThrough);
    assert_eq!(second("dw = 3\nhessian of L wrt w = 0"), Verdict::Wrong);
    let shapes = "given\n  input I: 8 x 8\n  param W: 3 x 3\nmodel\n  J = conv2d(I, W)\n  K = maxpool(J, size = 2)\n  O = relu(K)\ntasks\n  shapes of J, K, O";
    let found = marks(&key(shapes), "sheet.ans", "shape of J = 8 x 8\nshape of K = 4 x 4\nshape of O = 4 x 4");
    let verdicts: Vec<Verdict> = found.answers.iter().map(|answer| answer.verdict).collect();
    assert_eq!(verdicts[1..], [Verdict::FollowThrough; 2]);
}

#[test]
fn what_can_not_be_read_is_open() {
    let found = marks(&key(LINEAR), "sheet.ans", "dW = X^T*(Y - Q)");
    assert_eq!((found.points.to_f64(), found.open_points().to_f64()), (0.0, 4.0));
    assert_eq!(found.open[0].line, Some(1));
    assert_eq!(marks(&key(LINEAR), "sheet.ans", "dW = Q2\nQ2 = dW").open_points().to_f64(), 0.0);
    assert_eq!(marks(&key(LINEAR), "sheet.ans", "dW = X").open_points().to_f64(), 0.0);
}

#[test]
fn a_person_s_points_stand_in_all_outputs() {
    let mut found = marks(&key(LINEAR), "sheet.ans", "dW = X^T*(Y - Q)");
    found.decide("dW", &solve::number::Number::integer(3), "Q is the target");
    assert_eq!((found.points.to_f64(), found.open_points().to_f64(), found.open.len()), (3.0, 0.0, 0));
    assert_eq!(found.answers[0].points.to_f64(), 3.0);
}

#[test]
fn a_count_without_biases_or_channels_has_a_name() {
    let spec = "given\n  input I: 3 x 32 x 32\n  param W: 16 x 3 x 5 x 5\n  param b: 16\nmodel\n  J = conv2d(I, W, b)\ntasks\n  count params\n  shapes of J";
    let mistake = |text: &str| marks(&key(spec), "sheet.ans", text).answers.remove(0).mistake;
    assert_eq!(mistake("params = 416"), Some("channels-left-out"));
    assert_eq!(mistake("params = 1200"), Some("biases-left-out"));
}
