//! Model families on the same data: the curves, their losses, and which one to choose.

use super::{Maths, Viewer};
use crate::answer::{FitPart, FitResult, Section};
use crate::fit::{Best, Fitted};
use crate::math::Math;
use crate::model::{Curve, Family};
use crate::number::Number;
use crate::render::figure::{self, Column};
use crate::render::notation;
use crate::render::notation::Style;
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
        let over = self.print(result.fit.over);
        let families = result.fitted.iter().enumerate().map(|(place, fitted)| FamilyView {
            name: fitted.family.to_string(),
            coefficients: fitted.family.coefficients(),
            name_of: match self.style {
                Style::Latex => format!("\\hat{{{}}}", self.print(result.fit.of)),
                Style::Plain | Style::Text => format!("{}̂", self.print(result.fit.of)),
            },
            form: self.general_curve(&fitted.family, &over),
            curve: fitted.curve.as_ref().map(|best| self.curve(&fitted.family, &over, best)),
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
            over,
        }
    }

    fn fit_example(&self, fitted: &Fitted, over: &str) -> Option<FitExample> {
        let best = fitted.curve.as_ref()?;
        let unknown = if self.style == Style::Latex { "\\theta" } else { "θ" };
        let solution: Vec<Maths> = best
            .coefficients
            .iter()
            .enumerate()
            .map(|(place, value)| {
                let equals = if figure::is_shown_exactly(value) { " = " } else { self.roughly() };
                format!("{}{equals}{}", self.theta_at(place), self.number(value))
            })
            .collect();
        Some(FitExample {
            name: fitted.family.to_string(),
            form: self.general_curve(&fitted.family, over),
            equations: match fitted.gram.size() {
                1 => format!(
                    "{}{}{} = {}",
                    self.number(fitted.gram.first()),
                    self.dot(),
                    self.theta_at(0),
                    self.number(fitted.right.first())
                ),
                _ => format!("{}{unknown} = {}", self.tensor(&fitted.gram), self.tensor(&fitted.right)),
            },
            solution: solution.join(if self.style == Style::Latex { ",\\quad " } else { ", " }),
        })
    }

    fn theta_at(&self, place: usize) -> Maths {
        match self.style {
            Style::Latex => format!("\\theta_{{{place}}}"),
            Style::Plain => format!("theta_{place}"),
            Style::Text => self.write(&Math::name(format!("theta_{place}"))),
        }
    }

    /// `θ₀ + θ₁ x`
    fn general_curve(&self, family: &Family, over: &str) -> Maths {
        let basis = self.basis(family, over);
        let space = if self.style == Style::Text { " " } else { "" };
        // The middle of a long polynomial is left out.
        let term = |place: usize| format!("{}{space}{}", self.theta_at(place), basis[place]).trim_end().to_string();
        let all: Vec<Maths> = match basis.len() {
            0..=4 => (0..basis.len()).map(term).collect(),
            count => vec![
                term(0),
                term(1),
                if self.style == Style::Latex { "\\cdots" } else { "…" }.to_string(),
                term(count - 1),
            ],
        };
        all.join(" + ")
    }

    /// The curve with its coefficients.
    pub(super) fn curve(&self, family: &Family, over: &str, best: &Best) -> Maths {
        let space = if self.style == Style::Text { " " } else { "\\," };
        let mut text = String::new();
        for (value, function) in best.coefficients.iter().zip(self.basis(family, over)) {
            let size = self.decimal(&value.abs());
            let sign = match (text.is_empty(), value.is_negative()) {
                (true, false) => "",
                (true, true) if self.style == Style::Latex => "-",
                (true, true) => "−",
                (false, false) => " + ",
                (false, true) => self.minus(),
            };
            let space = if function.is_empty() { "" } else { space };
            text.push_str(&format!("{sign}{size}{space}{function}"));
        }
        text
    }

    /// Short decimals as they are, anything else rounded: a coefficient is read as a number, not as a fraction.
    fn decimal(&self, value: &Number) -> Maths {
        match is_short_decimal(value) {
            true => self.number(value),
            false => self.number(&Number::approx(value.to_f64())),
        }
    }

    /// The functions whose multiples are added.
    fn basis(&self, family: &Family, over: &str) -> Vec<Maths> {
        let power = |degree: usize| match (degree, self.style) {
            (0, _) => String::new(),
            (1, _) => over.to_string(),
            (_, Style::Latex) => format!("{over}^{{{degree}}}"),
            (_, Style::Plain | Style::Text) => {
                format!("{over}{}", self.write(&Math::number("").to(Math::number(degree))))
            }
        };
        let call = |latex: &str, text: &str| {
            let name = if self.style == Style::Latex { latex } else { text };
            vec![String::new(), format!("{name} {over}")]
        };
        match family {
            Family::Proportional => vec![over.to_string()],
            Family::Polynomial(degree) => (0..=*degree).map(power).collect(),
            Family::Curve(Curve::Cosine) => call("\\cos", "cos"),
            Family::Curve(Curve::Sine) => call("\\sin", "sin"),
            Family::Curve(Curve::Exponential) if self.style == Style::Latex => {
                vec![String::new(), format!("e^{{{over}}}")]
            }
            Family::Curve(Curve::Exponential) => call("exp", "exp"),
            Family::Curve(Curve::Logarithm) => call("\\ln", "ln"),
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
        let of = self.print(result.fit.of);
        let rows = match part {
            FitPart::Coefficients => {
                return match self.style {
                    Style::Latex => format!("\\hat{{{of}}}_{{\\text{{{name}}}}}"),
                    Style::Plain | Style::Text => format!("{of}̂ ({name})"),
                };
            }
            FitPart::Training => "training",
            FitPart::HeldOut => "held out",
        };
        match self.style {
            Style::Latex => format!("\\mathrm{{MSE}}_{{\\text{{{rows}}}}}"),
            Style::Plain | Style::Text => format!("MSE ({rows})"),
        }
    }

    pub(super) fn is_curve_exact(&self, task: usize, family: usize) -> bool {
        let best = self.fit_of(task).and_then(|result| result.fitted[family].curve.as_ref());
        best.is_some_and(|best| best.coefficients.iter().all(is_short_decimal))
    }

    /// The curve that stands for a family's coefficients.
    pub(super) fn fitted_curve(&self, task: usize, family: usize) -> Option<Maths> {
        let result = self.fit_of(task)?;
        let fitted = &result.fitted[family];
        Some(self.curve(&fitted.family, &self.print(result.fit.over), fitted.curve.as_ref()?))
    }
}

fn is_short_decimal(value: &Number) -> bool {
    figure::is_shown_exactly(value)
        && value.to_string().bytes().filter(u8::is_ascii_digit).count() <= LONGEST_DECIMAL
        && !value.to_string().contains('/')
}
