//! The section `marking`: how answers are marked.

use super::Lowerer;
use super::numbers::read_number;
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{Marking, Tolerance};
use crate::number::Number;
use crate::ops::mistake::{CATALOGUE, NOTATION, SHORT_OF};
use crate::syntax::ast::{MarkingLine, Spanned};

/// Digits that a double has.
const MOST_DIGITS: usize = 17;

impl Lowerer {
    pub(super) fn marking(&mut self, lines: &[MarkingLine]) -> Marking {
        let mut marking = Marking::default();
        for line in lines {
            match line {
                MarkingLine::Accept(names) => {
                    let known = names.iter().filter_map(|name| self.mistake(name, false));
                    let known: Vec<String> = known.collect();
                    marking.accepted.extend(known);
                }
                MarkingLine::Digits(digits) => match digits.value.parse() {
                    Ok(count) if (1..=MOST_DIGITS).contains(&count) => marking.tolerance = Tolerance::Digits(count),
                    Ok(_) | Err(_) => {
                        let message = format!("`digits` takes a whole number from 1 to {MOST_DIGITS}");
                        self.faults.push(Diagnostic::error("E-setting", message).at(digits.span, "not that"));
                    }
                },
                MarkingLine::Tolerance { value, relative } => {
                    let number = read_number(&value.value, value.span).map_err(|error| self.faults.push(error)).ok();
                    marking.tolerance = match (number, relative) {
                        (Some(number), true) => Tolerance::Relative(hundredth(&number)),
                        (Some(number), false) => Tolerance::Absolute(number),
                        (None, _) => continue,
                    };
                }
                MarkingLine::Working(percent) => marking.working = self.share(percent),
                MarkingLine::Keeps { mistake, percent } => {
                    let name = self.mistake(mistake, true);
                    let share = self.share(percent);
                    marking.kept.extend(name.zip(share));
                }
            }
        }
        marking
    }

    /// The catalogue's name of a mistake.
    fn mistake(&mut self, name: &Spanned<String>, or_notation: bool) -> Option<String> {
        let short = SHORT_OF.iter().map(|(name, _)| *name).filter(|name| or_notation || *name != NOTATION);
        let known = || CATALOGUE.iter().map(|known| known.name).chain(short.clone());
        if known().any(|known| known == name.value) {
            return Some(name.value.clone());
        }
        let error = Diagnostic::error("E-mistake", format!("there is no mistake called `{}`", name.value));
        let error = error.at(name.span, "not in the catalogue");
        self.faults.push(match nearest(&name.value, known()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        });
        None
    }

    fn share(&mut self, percent: &Spanned<String>) -> Option<Number> {
        let number = read_number(&percent.value, percent.span).map_err(|error| self.faults.push(error)).ok()?;
        if (0.0..=100.0).contains(&number.to_f64()) {
            return Some(hundredth(&number));
        }
        let error = Diagnostic::error("E-setting", "a share of the marks is from 0% to 100%");
        self.faults.push(error.at(percent.span, "not that"));
        None
    }
}

fn hundredth(percent: &Number) -> Number {
    percent * &Number::ratio(1, 100)
}
