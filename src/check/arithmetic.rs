//! Slips of the pen: one digit of a number is wrong, or one term of a sum.

use crate::number::Number;

/// Whether a number is another with one digit wrong, or with two neighbouring digits exchanged.
pub(super) fn is_digit_slip(found: &Number, right: &Number) -> bool {
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
pub(super) fn is_term_slip(found: f64, right: f64, terms: &[f64]) -> bool {
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
