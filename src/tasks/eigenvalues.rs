//! `eigenvalues of S`: of a matrix of two rows by its characteristic polynomial, of a larger symmetric one in numbers.

use super::{Asking, Kind, shown_by};
use crate::answer::told::{Block, Formula, Say, Told};
use crate::answer::Part;
use crate::diagnostic::Diagnostic;
use crate::math::{Math, Relation, Summand};
use crate::number::Number;
use crate::tensor::Tensor;

pub const KIND: Kind = Kind {
    name: "eigenvalues",
    forms: &["eigenvalues of {name}"],
    summary: "the eigenvalues of a matrix of numbers, the largest first, with an eigenvector of each where it has two rows",
    example: "eigenvalues of S",
    answered: "lambda1 = 3",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let name = asking.name(0)?;
    let of = asking.named(&name)?;
    let Some(value) = asking.value(of) else {
        return Err(asking.fault(format!("`{}` has no numbers", name.text), "give numbers to all that it is made of"));
    };
    let question = Say::new("Find the eigenvalues of {}.").node(of);
    let mut blocks = vec![Block::Display {
        formula: Formula::related(Formula::Node(of), shown_by(&value), Formula::Value(value.clone())),
        boxed: false,
    }];
    let found = match value.extents() {
        [2, 2] => by_polynomial(asking, &value, &mut blocks)?,
        [rows, columns] if rows == columns => {
            let mirrored = value.transpose();
            let symmetric = value.entries().zip(mirrored.entries()).all(|(one, two)| (one - two).to_f64().abs() < 1e-12);
            if !symmetric {
                return Err(asking.fault("a larger matrix has to be symmetric", KIND.example));
            }
            blocks.push(Block::Say(Say::new("The matrix is symmetric, so all its eigenvalues are real; computed numerically:")));
            value.map(|entry| entry.to_f64()).eigenvalues().into_iter().map(Number::approx).collect()
        }
        _ => return Err(asking.fault(format!("`{}` is not square", name.text), KIND.example)),
    };
    for (place, eigenvalue) in found.iter().enumerate() {
        let name = format!("lambda{}", place + 1);
        let value = Tensor::scalar(eigenvalue.clone());
        let formula = Formula::related(Formula::Math(Math::name(name.clone())), shown_by(&value), Formula::Value(value.clone()));
        blocks.push(Block::Display { formula: formula.clone(), boxed: true });
        let told = Some(Say::new("{}").formula(formula));
        let part = Part { told, ..asking.part(name) };
        asking.answer(part, None, Some(value));
    }
    share(&found, &mut blocks);
    Ok(Told { title: "Eigenvalues", question, blocks, open: false })
}

/// What the first direction holds of all variance, where these are variances.
fn share(found: &[Number], blocks: &mut Vec<Block>) {
    let total = found.iter().fold(Number::integer(0), |sum, own| &sum + own);
    let first = found.first().filter(|_| found.iter().all(|own| own.to_f64() >= 0.0) && total.to_f64() > 0.0);
    if let Some(share) = first.and_then(|first| first.checked_div(&total).ok()) {
        let value = Formula::Value(Tensor::scalar(share));
        blocks.push(Block::Say(Say::new("Of the sum of the eigenvalues, the trace, the first is the share {}.").formula(value)));
    }
}

/// The roots of λ² − (trace) λ + determinant, the larger first; an eigenvector of each is told.
fn by_polynomial(asking: &Asking, value: &Tensor<Number>, blocks: &mut Vec<Block>) -> Result<Vec<Number>, Vec<Diagnostic>> {
    let at = |row: usize, column: usize| value.at(&[row, column]).clone();
    let (a, b, c, d) = (at(0, 0), at(0, 1), at(1, 0), at(1, 1));
    let (trace, determinant) = (&a + &d, &(&a * &d) - &(&b * &c));
    let number = |value: &Number| Math::Number(if value.is_exact() { value.to_string() } else { format!("{:.4}", value.to_f64()) });
    let lambda = || Math::name("lambda");
    let term = |value: &Number, by: Option<Math>| {
        let size = number(&value.abs());
        let term = match by {
            Some(by) if *value == Number::integer(1) || *value == Number::integer(-1) => by,
            Some(by) => Math::Product(vec![size, by]),
            None => size,
        };
        Summand { minus: value.is_negative(), term }
    };
    let zero = |value: &Number| *value == Number::integer(0);
    let mut terms = vec![Summand { minus: false, term: lambda().to(Math::number(2)) }];
    terms.extend((!zero(&trace)).then(|| term(&-trace.clone(), Some(lambda()))));
    terms.extend((!zero(&determinant)).then(|| term(&determinant, None)));
    blocks.push(Block::Say(Say::new("With the trace and the determinant the characteristic polynomial is")));
    blocks.push(Block::Display {
        formula: Formula::related(Formula::Math(Math::Sum(terms)), Relation::Equal, Formula::number(&Number::integer(0))),
        boxed: false,
    });
    let four = Number::integer(4);
    let root = (&(&trace * &trace) - &(&four * &determinant)).sqrt();
    let Ok(root) = root else { return Err(asking.fault("its eigenvalues are not real", KIND.example)) };
    let half = Number::ratio(1, 2);
    let found = vec![&half * &(&trace + &root), &half * &(&trace - &root)];
    let twice = found[0] == found[1] && !(zero(&b) && zero(&c));
    for (place, eigenvalue) in found.iter().enumerate().take(if twice { 1 } else { 2 }) {
        let vector = match () {
            () if !zero(&b) => vec![b.clone(), eigenvalue - &a],
            () if !zero(&c) => vec![eigenvalue - &d, c.clone()],
            () if (a.to_f64() >= d.to_f64()) == (place == 0) => vec![Number::integer(1), Number::integer(0)],
            () => vec![Number::integer(0), Number::integer(1)],
        };
        let own = Formula::Value(Tensor::scalar(eigenvalue.clone()));
        let vector = Formula::Value(Tensor::from_entries(&[2, 1], vector));
        blocks.push(Block::Say(Say::new("An eigenvector of {} is {}.").formula(own).formula(vector)));
    }
    Ok(found)
}
