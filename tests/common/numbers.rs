//! Answers in numbers with a mistake in them.

use solve::answer::{Answer, Section, Solution, Subject};
use solve::number::Number;
use solve::ops::Account;
use solve::tensor::Tensor;

/// An answer is wrong in one of its first entries.
const ENTRIES: usize = 6;

/// A changed answer, and the names that are fair for the change.
pub struct Changed {
    pub value: Tensor<f64>,
    pub text: String,
    pub names: Vec<&'static str>,
}

const FACTORS: [&str; 8] = [
    "factor-two",
    "factor-half",
    "factor-left-out",
    "sum-for-mean",
    "mean-for-sum",
    "wrong-factor",
    "wrong-rate",
    "square-for-norm",
];

/// A value as an answer says it: `[1 2; 3 4]`.
pub fn written(value: &Tensor<f64>, entry: impl Fn(f64) -> String) -> String {
    match value.rank() {
        0 => entry(*value.first()),
        1 => format!("[{}]", value.entries().map(|own| entry(*own)).collect::<Vec<_>>().join("; ")),
        _ => {
            let rows = value.rows().into_iter().map(|row| row.into_iter().map(&entry).collect::<Vec<_>>().join(" "));
            format!("[{}]", rows.collect::<Vec<_>>().join("; "))
        }
    }
}

pub fn plainly(value: f64) -> String {
    value.to_string()
}

/// To so many significant digits.
pub fn significant(value: f64, digits: i32) -> String {
    let leading = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    let decimals = digits - 1 - leading;
    match usize::try_from(decimals) {
        Ok(decimals) => format!("{value:.decimals$}"),
        Err(_) => format!("{:.0}", (value / 10f64.powi(-decimals)).round() * 10f64.powi(-decimals)),
    }
}

/// The value with one mistake in it, each in turn.
pub fn changed(solution: &Solution, answer: &Answer, value: &Tensor<f64>) -> Vec<Changed> {
    let mut all = Vec::new();
    let mut put = |names: &[&'static str], value: Tensor<f64>| {
        all.push(Changed { text: written(&value, plainly), value, names: names.to_vec() });
    };
    for place in 0..value.size().min(ENTRIES) {
        let mut entries: Vec<f64> = value.entries().copied().collect();
        entries[place] += 1.0 + 0.37 * entries[place].abs();
        let names: &[&str] = if value.size() > 1 { &["one-wrong-entry"] } else { &[] };
        put(names, Tensor::from_entries(value.extents(), entries));
    }
    put(&["sign", "target-and-prediction-swapped", "opposite-extreme", "uphill-step"], value.map(|entry| -entry));
    put(&FACTORS, value.map(|entry| 2.0 * entry));
    put(&FACTORS, value.map(|entry| 0.5 * entry));
    if value.rank() == 2 {
        put(&["transposed-layout", "extra-transpose", "missing-transpose"], value.transpose());
    }
    for near in one_step_off(solution, answer) {
        put(&["off-by-one-step", "term-left-out"], near.map(|entry| entry.to_f64()));
    }
    if value.rank() == 0 {
        for term in terms(solution, answer) {
            for times in [-1.0, -2.0, 1.0] {
                put(
                    &["arithmetic-slip", "term-left-out", "missing-branch", "sign"],
                    value.map(|own| own + times * term),
                );
            }
        }
    }
    all
}

/// The rows of a descent's table beside the last one, and the parameter that was not updated.
fn one_step_off(solution: &Solution, answer: &Answer) -> Vec<Tensor<Number>> {
    match (&answer.subject, &solution.sections[answer.task - 1]) {
        (Subject::Descended { of, steps }, Section::Descent(result)) => {
            let place = result.descent.params.iter().position(|param| param == of).unwrap();
            let row = steps.checked_sub(1).and_then(|step| result.path.rows.iter().find(|row| row.step == step));
            row.map(|row| row.params[place].clone()).into_iter().collect()
        }
        (Subject::Updated(of), _) => solution.values.get(*of).cloned().into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The terms of the sum that a value is.
fn terms(solution: &Solution, answer: &Answer) -> Vec<f64> {
    let (Subject::Value(of), Section::Values { steps }) = (&answer.subject, &solution.sections[answer.task - 1]) else {
        return Vec::new();
    };
    let own = steps.iter().find(|step| step.symbol == *of).and_then(|step| step.accounts.first());
    let terms: Vec<f64> = match own.map(|(_, account)| account) {
        Some(Account::Terms(terms)) => terms.iter().map(Number::to_f64).collect(),
        Some(Account::Products { groups, .. }) => {
            groups.iter().flatten().map(|(left, right)| left.to_f64() * right.to_f64()).collect()
        }
        Some(Account::Squares { factor, pairs }) => {
            pairs.iter().map(|(a, b)| (a.to_f64() - b.to_f64()).powi(2) * factor.to_f64()).collect()
        }
        _ => Vec::new(),
    };
    if terms.len() > 1 { terms } else { Vec::new() }
}

/// Whether one value is another beyond every rounding: the third decimal and the third significant digit.
pub fn differs(a: &Tensor<f64>, b: &Tensor<f64>) -> bool {
    let largest = b.entries().fold(0.0, |largest, entry| entry.abs().max(largest));
    let bound = 1.1e-3 * if largest >= 0.1 { 1.0 } else { largest };
    a.extents() != b.extents()
        || a.entries().zip(b.entries()).any(|(a, b)| (a - b).abs() > bound && (a - b).abs() > 0.0111 * b.abs())
}
