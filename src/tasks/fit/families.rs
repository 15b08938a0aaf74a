//! What is asked to be fitted: the data, the families and the rows that are held out.

use crate::diagnostic::{Diagnostic, nearest};
use crate::graph::NodeId;
use crate::limits::{FAMILIES, POLYNOMIAL_DEGREE};
use crate::lower::Lowerer;
use crate::model::{Curve, Family, Fit};
use crate::syntax::ast::{FamilyName, FitRequest, Name, Spanned};
use crate::tasks::{Ask, Line};

const CODE: &str = "E-fit";

/// The families that have a name.
const NAMED: [(&str, Family); 9] = [
    ("constant", Family::Polynomial(0)),
    ("proportional", Family::Proportional),
    ("linear", Family::Polynomial(1)),
    ("quadratic", Family::Polynomial(2)),
    ("cubic", Family::Polynomial(3)),
    ("cosine", Family::Curve(Curve::Cosine)),
    ("sine", Family::Curve(Curve::Sine)),
    ("exponential", Family::Curve(Curve::Exponential)),
    ("logarithmic", Family::Curve(Curve::Logarithm)),
];

impl Lowerer {
    pub(super) fn fit(&mut self, line: &Line) -> Option<Ask> {
        let (of_name, over_name, request) = (line.name(0)?, line.name(1)?, line.part(2)?.fit()?);
        let (of, over) = (self.given_column(of_name), self.given_column(over_name));
        let ((of, rows), (over, others)) = (of?, over?);
        if rows != others {
            let message = format!("`{}` has {rows} rows, and `{}` has {others}", of_name.text, over_name.text);
            self.faults.push(Diagnostic::error("E-shape", message).at(over_name.span, "other rows"));
            return None;
        }
        let mut families: Vec<Family> = Vec::new();
        for name in &request.by {
            match named(name) {
                Ok(more) => more.into_iter().for_each(|family| {
                    if !families.contains(&family) {
                        families.push(family);
                    }
                }),
                Err(error) => {
                    self.faults.push(error);
                    return None;
                }
            }
        }
        if families.len() > FAMILIES {
            let message = format!("{} families; a task takes at most {FAMILIES}", families.len());
            self.faults.push(Diagnostic::error("E-size", message).at(of_name.span, "too many"));
            return None;
        }
        match held_out(request, rows) {
            Ok(held_out) => Some(Ask::Fit(Box::new(Fit { of, over, families, held_out }))),
            Err(error) => {
                self.faults.push(error);
                None
            }
        }
    }

    /// A column of given numbers, and its length.
    fn given_column(&mut self, name: &Name) -> Option<(NodeId, usize)> {
        let id = self.value_of(name)?;
        let given = self.graph.as_leaf(id).and_then(|leaf| leaf.value.clone());
        match given.as_ref().map(|value| value.extents().to_vec()).as_deref() {
            Some([rows, 1]) => Some((id, *rows)),
            Some(_) => {
                let message = format!("`{}` is no column", name.text);
                let label = format!("has shape {}", self.graph.shape(id));
                self.faults.push(Diagnostic::error("E-shape", message).at(name.span, label));
                None
            }
            None => {
                let message = format!("`{}` is not given with its numbers", name.text);
                let error = Diagnostic::error(CODE, message).at(name.span, "no data");
                self.faults.push(error.help("give a table: `data x, y = [1 2; 3 4]`"));
                None
            }
        }
    }
}

fn named(name: &Spanned<FamilyName>) -> Result<Vec<Family>, Diagnostic> {
    match &name.value {
        FamilyName::Word(word) => match NAMED.iter().find(|(own, _)| own == word) {
            Some((_, family)) => Ok(vec![family.clone()]),
            None => {
                let known: Vec<&str> = NAMED.iter().map(|(own, _)| *own).collect();
                let error = Diagnostic::error(CODE, format!("no family is called `{word}`"));
                let error = error.at(name.span, "not a family of curves");
                Err(match nearest(word, known.iter().copied()) {
                    Some(meant) => error.help(format!("did you mean `{meant}`?")),
                    None => error.help(format!("there are {}, and `polynomial degree 1 to 9`", known.join(", "))),
                })
            }
        },
        FamilyName::Polynomial { from, to } => {
            let first = degree(from)?;
            let last = to.as_ref().map_or(Ok(first), degree)?;
            match first <= last {
                true => Ok((first..=last).map(Family::Polynomial).collect()),
                false => Err(Diagnostic::error(CODE, "these degrees go down").at(name.span, "the smaller one first")),
            }
        }
    }
}

fn degree(text: &Spanned<String>) -> Result<usize, Diagnostic> {
    let number = text.value.parse::<usize>().ok().filter(|degree| *degree <= POLYNOMIAL_DEGREE);
    let message = || format!("a degree is a whole number from 0 to {POLYNOMIAL_DEGREE}");
    number.ok_or_else(|| Diagnostic::error(CODE, message()).at(text.span, "not that"))
}

/// The places of the rows that are held out, in order.
fn held_out(request: &FitRequest, rows: usize) -> Result<Vec<usize>, Diagnostic> {
    let row = |text: &Spanned<String>| {
        let number = text.value.parse::<usize>().ok().filter(|row| (1..=rows).contains(row));
        let message = || format!("the rows are numbered from 1 to {rows}");
        number.ok_or_else(|| Diagnostic::error(CODE, message()).at(text.span, "no row"))
    };
    let mut held_out = Vec::new();
    for (from, to) in &request.held_out {
        let first = row(from)?;
        let last = to.as_ref().map_or(Ok(first), row)?;
        if first > last {
            return Err(Diagnostic::error(CODE, "these rows go down").at(from.span, "the smaller one first"));
        }
        held_out.extend((first..=last).map(|row| row - 1));
    }
    held_out.sort_unstable();
    held_out.dedup();
    match (held_out.len() == rows, request.held_out.first()) {
        (true, Some((first, _))) => {
            Err(Diagnostic::error(CODE, "all rows are held out").at(first.span, "nothing is left to learn from"))
        }
        (_, _) => Ok(held_out),
    }
}
