//! Slips of the pen: one digit of a number is wrong, or one term of a sum.

use super::marker::Marker;
use crate::graph::NodeId;
use crate::number::Number;
use crate::ops::Account;
use crate::tensor::Tensor;

impl Marker<'_> {
    /// Whether a number is right but for a digit, or for a term of the sum that it is.
    pub(super) fn is_arithmetic_slip(&mut self, place: usize, node: NodeId) -> bool {
        let question = &self.key.questions[place];
        let (Some(found), Some(right)) = (self.given_value(place, node), &question.value) else { return false };
        let (found, right) = (found.first().clone(), right.first().clone());
        is_digit_slip(&found, &right) || is_term_slip(found.to_f64(), right.to_f64(), &self.terms(place))
    }

    /// The terms that a number is the sum of, where its operator is a sum.
    fn terms(&mut self, place: usize) -> Vec<f64> {
        let Some(reference) = self.key.questions[place].node else { return Vec::new() };
        let definition = self.graph.as_symbol(reference).map_or(reference, |symbol| symbol.definition);
        let Some((op, operands)) = self.graph.as_apply(definition).map(|(op, all)| (op.clone(), all.to_vec())) else {
            return Vec::new();
        };
        let values: Option<Vec<Tensor<Number>>> = operands.iter().map(|id| self.given_value(place, *id)).collect();
        let Some(values) = values else { return Vec::new() };
        let only = vec![0; self.graph.shape(definition).rank()];
        match op.account(&values.iter().collect::<Vec<_>>(), &only) {
            Account::Terms(terms) => terms.iter().map(Number::to_f64).collect(),
            Account::Products { groups, .. } => {
                groups.iter().flatten().map(|(left, right)| left.to_f64() * right.to_f64()).collect()
            }
            Account::Squares { factor, pairs } => {
                let square = |(a, b): &(Number, Number)| (a.to_f64() - b.to_f64()).powi(2) * factor.to_f64();
                pairs.iter().map(square).collect()
            }
            Account::Margins { pairs, divisor: 1 } => {
                pairs.iter().map(|(score, label)| (1.0 - score.to_f64() * label.to_f64()).max(0.0)).collect()
            }
            Account::Mean { .. }
            | Account::Margins { .. }
            | Account::Logarithms { .. }
            | Account::Choice { .. }
            | Account::Exponentials { .. }
            | Account::Formula
            | Account::Whole
            | Account::Moved { .. } => Vec::new(),
        }
    }
}

/// Whether a number is another with one digit wrong, or with two neighbouring digits exchanged.
fn is_digit_slip(found: &Number, right: &Number) -> bool {
    let (found, right) = (found.to_string(), right.to_string());
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    let same_form = found.len() == right.len() && right.len() > 2 && digits(&found) && digits(&right);
    let differ: Vec<usize> = (0..found.len().min(right.len()))
        .filter(|place| found.as_bytes()[*place] != right.as_bytes()[*place])
        .collect();
    let (found, right) = (found.as_bytes(), right.as_bytes());
    let digit = |place: usize| found[place].is_ascii_digit() && right[place].is_ascii_digit();
    same_form
        && match differ.as_slice() {
            [one] => digit(*one),
            [one, two] => *two == one + 1 && found[*one] == right[*two] && found[*two] == right[*one],
            _ => false,
        }
}

/// Whether a sum has one term left out, counted twice, or with the wrong sign.
fn is_term_slip(found: f64, right: f64, terms: &[f64]) -> bool {
    const SAME: f64 = 1e-9;
    let difference = found - right;
    terms.len() > 1
        && terms.iter().filter(|term| **term != 0.0).any(|term| {
            [-1.0, -2.0, 1.0].iter().any(|times| (difference - times * term).abs() <= SAME * right.abs().max(1.0))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_digit_or_two_neighbours() {
        let slip =
            |found: &str, right: &str| is_digit_slip(&Number::parse(found).unwrap(), &Number::parse(right).unwrap());
        assert!(slip("412.57", "402.57") && slip("420.57", "402.57") && slip("-13", "-12"));
        assert!(
            !slip("402.57", "402.57") && !slip("-402.57", "402.57") && !slip("412.58", "402.57") && !slip("3", "4")
        );
    }

    #[test]
    fn one_term() {
        assert!(is_term_slip(8.0, 10.0, &[2.0, 3.0, 5.0]) && is_term_slip(4.0, 10.0, &[2.0, 3.0, 5.0]));
        assert!(!is_term_slip(9.0, 10.0, &[2.0, 3.0, 5.0]) && !is_term_slip(0.0, 10.0, &[10.0]));
    }
}
