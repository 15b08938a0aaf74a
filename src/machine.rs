//! Sums of many products in machine words: entries that share a denominator, or are rounded, go through the processor's
//! own arithmetic, and what comes out is what the slow way gives.

use crate::number::Number;
use num_traits::Num;
use std::fmt::Debug;
use std::ops::{AddAssign, MulAssign};

/// A number of the machine.
pub trait Word: Copy + Debug + PartialEq + Num + AddAssign + MulAssign + 'static {}

impl<T: Copy + Debug + PartialEq + Num + AddAssign + MulAssign + 'static> Word for T {}

/// A rule by which each result is a sum of products of a left and a right entry.
pub trait Sums {
    /// The results.
    fn of<T: Word>(&self, left: &[T], right: &[T]) -> Vec<T>;
    /// How many products one result has at most.
    fn terms(&self) -> usize;
}

/// The results of a rule in machine words; `None` where they do not hold what comes out, or where exact and rounded
/// results lie beside each other.
pub fn sums(rule: &impl Sums, left: &[Number], right: &[Number]) -> Option<Vec<Number>> {
    let rounded = |entries: &[Number]| entries.iter().any(|entry| !entry.is_exact());
    if rounded(left) || rounded(right) { doubles(rule, left, right) } else { whole(rule, left, right) }
}

/// Up to here doubles have every whole number, and the processor multiplies them several at a time.
const WHOLE_DOUBLES: u128 = 1 << 53;

/// With the numerators over a denominator of each side.
fn whole(rule: &impl Sums, left: &[Number], right: &[Number]) -> Option<Vec<Number>> {
    let ((left, below), (right, other)) = (numerators(left)?, numerators(right)?);
    let largest = |words: &[i64]| words.iter().map(|word| word.unsigned_abs()).max().unwrap_or_default();
    let product = u128::from(largest(&left)) * u128::from(largest(&right));
    let bound = product.checked_mul(rule.terms().max(1) as u128).filter(|bound| *bound <= i128::MAX as u128)?;
    let below = below.checked_mul(other)?;
    if bound <= WHOLE_DOUBLES {
        let doubles = |words: &[i64]| words.iter().map(|word| *word as f64).collect::<Vec<_>>();
        let sums = rule.of(&doubles(&left), &doubles(&right)).into_iter();
        return Some(sums.map(|above| Number::ratio(above as i64, below)).collect());
    }
    if bound <= i64::MAX as u128 {
        return Some(rule.of(&left, &right).into_iter().map(|above| Number::ratio(above, below)).collect());
    }
    let wide = |words: Vec<i64>| words.into_iter().map(i128::from).collect::<Vec<_>>();
    Some(rule.of(&wide(left), &wide(right)).into_iter().map(|above| Number::long_ratio(above, below)).collect())
}

/// The entries over their least common denominator.
fn numerators(entries: &[Number]) -> Option<(Vec<i64>, i64)> {
    let mut common = 1_i64;
    for entry in entries {
        let (_, below) = entry.words()?;
        if common % below != 0 {
            let (_, missing) = Number::ratio(common, below).words()?;
            common = common.checked_mul(missing)?;
        }
    }
    let scaled = entries.iter().map(|entry| {
        let (above, below) = entry.words()?;
        above.checked_mul(common / below)
    });
    Some((scaled.collect::<Option<Vec<i64>>>()?, common))
}

/// In doubles, where each result has a rounded factor.
fn doubles(rule: &impl Sums, left: &[Number], right: &[Number]) -> Option<Vec<Number>> {
    let words = |entries: &[Number]| {
        let mut rounded = true;
        let word = |entry: &Number| {
            rounded &= !entry.is_exact();
            entry.to_f64()
        };
        let words: Vec<f64> = entries.iter().map(word).collect();
        (words, rounded)
    };
    let ((words, rounded), (others, others_rounded)) = (words(left), words(right));
    if !rounded && !others_rounded {
        let flags = |entries: &[Number]| entries.iter().map(|entry| u32::from(!entry.is_exact())).collect::<Vec<_>>();
        let ones = |entries: &[Number]| vec![1_u32; entries.len()];
        let touched = rule.of(&flags(left), &ones(right)).into_iter().zip(rule.of(&ones(left), &flags(right)));
        if touched.into_iter().any(|(left, right)| left == 0 && right == 0) {
            return None;
        }
    }
    Some(rule.of(&words, &others).into_iter().map(Number::approx).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_traits::Zero;

    /// Each result the product of the rows of two matrices with so many columns.
    struct Rows(usize);

    impl Sums for Rows {
        fn of<T: Word>(&self, left: &[T], right: &[T]) -> Vec<T> {
            let dot = |a: &[T], b: &[T]| {
                a.iter().zip(b).fold(T::zero(), |mut sum, (a, b)| {
                    sum += *a * *b;
                    sum
                })
            };
            left.chunks(self.0).zip(right.chunks(self.0)).map(|(a, b)| dot(a, b)).collect()
        }
        fn terms(&self) -> usize {
            self.0
        }
    }

    fn slowly(rule: &Rows, left: &[Number], right: &[Number]) -> Vec<Number> {
        let dot = |(a, b): (&[Number], &[Number])| a.iter().zip(b).fold(Number::zero(), |sum, (a, b)| sum + a * b);
        left.chunks(rule.0).zip(right.chunks(rule.0)).map(dot).collect()
    }

    #[test]
    fn words_give_what_numbers_give() {
        let mut random = fastrand::Rng::with_seed(7);
        let scales: [fn(&mut fastrand::Rng) -> Number; 5] = [
            |random| Number::integer(random.i64(-9..9)),
            |random| Number::ratio(random.i64(-999..999), 1000),
            |random| Number::ratio(random.i64(-9..9), random.i64(1..12)),
            |random| Number::integer(random.i64(i64::MIN / 4..i64::MAX / 4)),
            |random| Number::approx(random.i64(-64..64) as f64 / 8.0),
        ];
        let mut found = 0;
        for round in 0..500 {
            let (length, rows) = (random.usize(1..6), random.usize(1..5));
            let mut side = || {
                let scale = scales[random.usize(0..5)];
                (0..length * rows).map(|_| scale(&mut random)).collect::<Vec<_>>()
            };
            let (left, right, rule) = (side(), side(), Rows(length));
            let Some(words) = sums(&rule, &left, &right) else { continue };
            found += 1;
            let numbers = slowly(&rule, &left, &right);
            for (word, number) in words.iter().zip(&numbers) {
                assert_eq!(word.is_exact(), number.is_exact(), "round {round}");
                match number.is_exact() {
                    true => assert_eq!(word, number, "round {round}"),
                    false => assert!((word.to_f64() - number.to_f64()).abs() <= 1e-9 * number.to_f64().abs()),
                }
            }
        }
        assert!(found > 400, "{found}");
    }

    #[test]
    fn exact_results_beside_rounded_ones_are_left_to_numbers() {
        let (one, near) = (Number::integer(1), Number::approx(1.5));
        let exact_and_not = [one.clone(), near];
        assert!(sums(&Rows(1), &exact_and_not, &[one.clone(), one.clone()]).is_none());
        assert!(sums(&Rows(2), &exact_and_not, &[one.clone(), one]).is_some());
    }
}
