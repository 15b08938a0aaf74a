//! Model families on the same data: the curves, their losses, and which one to choose.

use super::{Maths, Viewer};
use crate::answer::{FitPart, FitResult, Section};
use crate::fit::{Best, Fitted};
use crate::math::{Glyph, Math, Summand};
use crate::model::{Curve, Family};
use crate::number::Number;
use crate::render::figure::{self, Column};
use crate::render::notation;
use num_traits::Zero;
use serde::Serialize;

/// Digits of a coefficient that is shown whole.
const LONGEST_DECIMAL: usize = 6;

#[derive(Clone, Debug, Serialize)]
pub struct FitView {
    pub of: Maths,
    pub over: Maths,
    pub families: Vec<FamilyView>,
    /// How many rows there are to learn from.
    pub training: usize,
    /// The numbers of the rows that are held out.
    pub held_out: Vec<usize>,
    /// The normal equations of the first determined family, in numbers, and their solution.
    pub example: Option<FitExample>,
    pub best_training: Option<String>,
    pub best_held_out: Option<String>,
    /// Whether the best family on the training rows does worse than another on the rows that are held out.
    pub overfits: bool,
    /// Whether the best family on the training rows meets them all.
    pub interpolates: bool,
    /// Whether each polynomial has all that the one before it has.
    pub nested: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct FamilyView {
    /// `linear`, `degree 4`
    pub name: String,
    pub coefficients: usize,
    /// `ŷ`
    pub name_of: Maths,
    /// `θ₀ + θ₁ x`
    pub form: Maths,
    /// The form with its coefficients; none where the training rows do not determine them.
    pub curve: Option<Maths>,
    pub exact: bool,
    pub training: Option<Maths>,
    pub held_out: Option<Maths>,
    /// The least loss of its column.
    pub is_best_training: bool,
    pub is_best_held_out: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct FitExample {
    pub name: String,
    pub form: Maths,
    pub equations: Maths,
    pub solution: Maths,
}

impl Viewer<'_> {
    pub(super) fn fit(&self, result: &FitResult) -> FitView {
        let best_training = result.best(|best| Some(&best.training));
        let best_held_out = result.best(|best| best.held_out.as_ref());
        let name = |place: Option<usize>| place.map(|place| result.fitted[place].family.to_string());
        let losses = |pick: fn(&Best) -> Option<&Number>| {
            let values: Vec<Option<&Number>> =
                result.fitted.iter().map(|fitted| fitted.curve.as_ref().and_then(pick)).collect();
            notation::column(&values, Column::Digits(self.rounding.digits), self.rounding, self.style)
        };
        let (training, held_out) = (losses(|best| Some(&best.training)), losses(|best| best.held_out.as_ref()));
        let over = self.math(result.fit.over);
        let families = result.fitted.iter().enumerate().map(|(place, fitted)| FamilyView {
            name: fitted.family.to_string(),
            coefficients: fitted.family.coefficients(),
            name_of: self.write(&self.math(result.fit.of).hat()),
            form: self.write(&general_curve(&fitted.family, &over)),
            curve: fitted.curve.as_ref().map(|best| self.write(&self.curve(&fitted.family, &over, best))),
            exact: fitted.curve.as_ref().is_some_and(|best| best.coefficients.iter().all(is_short_decimal)),
            training: training[place].clone(),
            held_out: held_out[place].clone(),
            is_best_training: best_training == Some(place),
            is_best_held_out: best_held_out == Some(place),
        });
        let degrees: Vec<usize> = (result.fitted.iter())
            .filter_map(|fitted| match fitted.family {
                Family::Polynomial(degree) => Some(degree),
                Family::Proportional | Family::Curve(_) => None,
            })
            .collect();
        FitView {
            of: self.print(result.fit.of),
            families: families.collect(),
            training: result.training,
            held_out: result.fit.held_out.iter().map(|row| row + 1).collect(),
            example: result.fitted.iter().find_map(|fitted| self.fit_example(fitted, &over)),
            best_training: name(best_training),
            best_held_out: name(best_held_out),
            overfits: best_held_out.is_some() && best_training != best_held_out,
            interpolates: best_training
                .and_then(|place| result.fitted[place].curve.as_ref())
                .is_some_and(|best| best.training.is_zero()),
            nested: degrees.len() > 2 && degrees.is_sorted(),
            over: self.write(&over),
        }
    }

    fn fit_example(&self, fitted: &Fitted, over: &Math) -> Option<FitExample> {
        let best = fitted.curve.as_ref()?;
        let solution = best
            .coefficients
            .iter()
            .enumerate()
            .map(|(place, value)| theta(place).related(self.equality([value]), self.number_math(value)));
        let left = match fitted.gram.size() {
            1 => Math::Dotted(vec![self.number_math(fitted.gram.first()), theta(0)]),
            _ => Math::Product(vec![self.tensor_math(&fitted.gram), Math::name("theta")]),
        };
        Some(FitExample {
            name: fitted.family.to_string(),
            form: self.write(&general_curve(&fitted.family, over)),
            equations: self.write(&left.equals(self.tensor_math(&fitted.right))),
            solution: self.write(&Math::List(solution.collect())),
        })
    }

    /// The curve with its coefficients.
    pub(super) fn curve(&self, family: &Family, over: &Math, best: &Best) -> Math {
        let terms = best.coefficients.iter().zip(basis(family, over)).map(|(value, function)| Summand {
            minus: value.is_negative(),
            term: function.into_iter().fold(self.decimal(&value.abs()), Math::times),
        });
        Math::Sum(terms.collect())
    }

    /// Short decimals as they are, anything else rounded: a coefficient is read as a number, not as a fraction.
    fn decimal(&self, value: &Number) -> Math {
        match is_short_decimal(value) {
            true => self.number_math(value),
            false => self.number_math(&Number::approx(value.to_f64())),
        }
    }

    /// What the answer box says of a fit: the chosen family's curve and losses, and nothing of the others.
    pub(super) fn is_chosen(&self, task: usize, family: usize) -> bool {
        self.fit_of(task).is_some_and(|result| result.chosen() == Some(family))
    }

    fn fit_of(&self, task: usize) -> Option<&FitResult> {
        match self.solution.sections.get(task.checked_sub(1)?)? {
            Section::Fit(result) => Some(result),
            _ => None,
        }
    }

    /// `ŷ` of the family, or its loss.
    pub(in crate::render) fn fit_name(&self, task: usize, family: usize, part: FitPart) -> Maths {
        let Some(result) = self.fit_of(task) else { return String::new() };
        let name = result.fitted[family].family.to_string();
        let (of, which) = match part {
            FitPart::Coefficients => (self.math(result.fit.of).hat(), name.as_str()),
            FitPart::Training => (Math::word("MSE"), "training"),
            FitPart::HeldOut => (Math::word("MSE"), "held out"),
        };
        self.write(&Math::Row(vec![of, Math::words(format!(" ({which})"))]))
    }

    pub(super) fn is_curve_exact(&self, task: usize, family: usize) -> bool {
        let best = self.fit_of(task).and_then(|result| result.fitted[family].curve.as_ref());
        best.is_some_and(|best| best.coefficients.iter().all(is_short_decimal))
    }

    /// The curve that stands for a family's coefficients.
    pub(super) fn fitted_curve(&self, task: usize, family: usize) -> Option<Maths> {
        let result = self.fit_of(task)?;
        let fitted = &result.fitted[family];
        Some(self.write(&self.curve(&fitted.family, &self.math(result.fit.over), fitted.curve.as_ref()?)))
    }
}

fn theta(place: usize) -> Math {
    Math::name(format!("theta_{place}"))
}

/// `θ₀ + θ₁ x`; the middle of a long polynomial is left out.
fn general_curve(family: &Family, over: &Math) -> Math {
    let term = |(place, function): (usize, Option<Math>)| function.into_iter().fold(theta(place), Math::times);
    let mut terms: Vec<Math> = basis(family, over).into_iter().enumerate().map(term).collect();
    if terms.len() > 4 {
        terms.splice(2..terms.len() - 1, [Math::Glyph(Glyph::Dots)]);
    }
    Math::sum(terms)
}

/// The functions whose multiples are added; none for the constant.
fn basis(family: &Family, over: &Math) -> Vec<Option<Math>> {
    let power = |degree: usize| match degree {
        0 => None,
        1 => Some(over.clone()),
        _ => Some(over.clone().to(Math::number(degree))),
    };
    let function = |name| vec![None, Some(Math::call(Math::Function(name), vec![over.clone()]))];
    match family {
        Family::Proportional => vec![power(1)],
        Family::Polynomial(degree) => (0..=*degree).map(power).collect(),
        Family::Curve(Curve::Cosine) => function("cos"),
        Family::Curve(Curve::Sine) => function("sin"),
        Family::Curve(Curve::Exponential) => function("exp"),
        Family::Curve(Curve::Logarithm) => function("ln"),
    }
}

fn is_short_decimal(value: &Number) -> bool {
    figure::is_shown_exactly(value)
        && value.to_string().bytes().filter(u8::is_ascii_digit).count() <= LONGEST_DECIMAL
        && !value.to_string().contains('/')
}
