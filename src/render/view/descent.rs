//! Descents and minima: the rule in symbols, its first step with numbers, the table, and where it leads.

use super::{Equation, Maths, Viewer};
use crate::answer::{DescentResult, MinimumResult, converges};
use crate::descend::{End, Row};
use crate::graph::NodeId;
use crate::model::{Descent, Method};
use crate::number::Number;
use crate::render::figure::{self, Rounding};
use crate::render::notation::{self, Style};
use crate::tensor::Tensor;
use num_traits::Zero;
use serde::Serialize;

/// With more entries than these the table has the size of the gradient only.
const WIDEST: usize = 6;
/// Digits of parameters in the table, beyond the problem's own: they change slowly.
const MORE_DIGITS: usize = 3;
/// Examples of a batch that the table names.
const LARGEST_BATCH: usize = 8;

/// How a descent goes, in data: the sentence stands in a template.
#[derive(Clone, Debug, Serialize)]
pub struct RuleView {
    /// `plain`, `momentum`, `nesterov`, `rmsprop`, `adam`
    pub method: &'static str,
    pub rates: Vec<Maths>,
    /// β of momentum, ρ of RMSProp, β₁ and β₂ of Adam.
    pub factors: Vec<Maths>,
    pub epsilon: Option<Maths>,
    /// The factor of weight decay; none if there is none.
    pub decay: Option<Maths>,
    /// Examples of a step; none with all of them.
    pub batch: Option<usize>,
    pub seed: Option<String>,
    /// The most steps; none where only the gradient ends it.
    pub steps: Option<usize>,
    /// `|∂L/∂a| < 0.001`
    pub until: Option<Maths>,
}

#[derive(Clone, Debug, Serialize)]
pub struct DescentView {
    pub rule: RuleView,
    pub loss: Maths,
    /// The gradients, written out.
    pub gradients: Vec<Equation>,
    /// The rule in symbols, a line each.
    pub update: Vec<Maths>,
    /// The first step with its numbers, for each parameter.
    pub first: Vec<Maths>,
    pub headings: Vec<HeadingView>,
    pub rows: Vec<Vec<Maths>>,
    /// `reached`, `counted`, `diverged`
    pub end: &'static str,
    pub steps: usize,
    /// Of a quadratic loss: the largest rate at which plain descent converges, and why.
    pub largest_rate: Option<Maths>,
    pub converges: Option<bool>,
    /// What a step multiplies the distance to the minimum by.
    pub factor: Option<Maths>,
    /// The exact minimum, to compare with.
    pub minimum: Vec<Maths>,
    /// How far from it the descent has ended.
    pub distance: Option<Maths>,
}

/// A column of the table: `step`, `loss`, `gradient`, `size`, `change`, `rate`, `batch`, or a parameter's name.
#[derive(Clone, Debug, Serialize)]
pub struct HeadingView {
    pub kind: &'static str,
    pub name: Maths,
}

#[derive(Clone, Debug, Serialize)]
pub struct MinimumView {
    pub loss: Maths,
    pub names: Vec<Maths>,
    pub gradients: Vec<Equation>,
    /// The normal equations with their numbers.
    pub equations: Maths,
    pub solution: Vec<Maths>,
    pub least: Option<Maths>,
}

impl Viewer<'_> {
    pub(super) fn rule(&self, descent: &Descent) -> RuleView {
        let number = |number: &Number| self.number(number);
        let (method, factors, epsilon) = match &descent.rule.method {
            Method::Plain => ("plain", vec![], None),
            Method::Momentum { beta } => ("momentum", vec![number(beta)], None),
            Method::Nesterov { beta } => ("nesterov", vec![number(beta)], None),
            Method::RmsProp { decay, epsilon } => ("rmsprop", vec![number(decay)], Some(number(epsilon))),
            Method::Adam { beta1, beta2, epsilon } => {
                ("adam", vec![number(beta1), number(beta2)], Some(number(epsilon)))
            }
        };
        let until = descent.stop.below.as_ref().map(|(places, below)| {
            let slopes: Vec<Maths> = places
                .iter()
                .filter_map(|place| descent.params.get(*place))
                .map(|id| self.derivative(*id, descent.loss))
                .collect();
            let (open, close) = if self.style == Style::Latex { ("\\left|", "\\right|") } else { ("|", "|") };
            format!("{open}{}{close} < {}", slopes.join(", "), number(below))
        });
        let unlimited = until.is_some() && descent.stop.steps == crate::limits::DESCENT_STEPS;
        RuleView {
            method,
            rates: descent.rule.rates.iter().map(number).collect(),
            factors,
            epsilon,
            decay: (!descent.rule.decay.is_zero()).then(|| number(&descent.rule.decay)),
            batch: descent.batches.as_ref().map(|batches| batches.size),
            seed: descent.batches.as_ref().and_then(|batches| batches.seed).map(|seed| seed.to_string()),
            steps: (!unlimited).then_some(descent.stop.steps),
            until,
        }
    }

    /// `a = 8`
    pub(super) fn starts(&self, descent: &Descent) -> Vec<Maths> {
        let pairs = descent.params.iter().zip(&descent.start);
        pairs.map(|(id, (_, value))| format!("{} = {}", self.print(*id), self.tensor(value))).collect()
    }

    pub(super) fn descended(&self, id: NodeId) -> Maths {
        let step = self.solution.sections.iter().find_map(|section| match section {
            crate::answer::Section::Descent(result) if result.descent.params.contains(&id) => result.path.rows.last(),
            _ => None,
        });
        let name = self.print(id);
        step.map_or(name.clone(), |row| self.indexed(&name, &row.step.to_string()))
    }

    pub(super) fn least(&self, id: NodeId) -> Maths {
        let name = self.print(id);
        match self.style {
            Style::Plain => name,
            Style::Latex => format!("{{{name}}}^{{*}}"),
            Style::Text => format!("{name}*"),
        }
    }

    /// `a⁽¹⁾` of a step: an index in brackets, since a name may have an index of its own.
    fn indexed(&self, name: &str, step: &str) -> Maths {
        match self.style {
            Style::Plain => name.to_string(),
            Style::Latex if name.chars().count() == 1 => format!("{name}_{{{step}}}"),
            Style::Latex => format!("{{{name}}}^{{({step})}}"),
            Style::Text => format!("{name}({step})"),
        }
    }

    pub(super) fn descent(&self, result: &DescentResult) -> DescentView {
        let descent = &result.descent;
        let last = result.path.rows.last();
        let least = result.quadratic.as_ref().and_then(|quadratic| quadratic.minimum.as_ref());
        let distance = least.zip(last).map(|(least, last)| {
            let squares = least.iter().zip(&last.params).flat_map(|(least, last)| {
                least.entries().zip(last.entries()).map(|(a, b)| (a.to_f64() - b.to_f64()).powi(2))
            });
            self.number(&Number::approx(squares.sum::<f64>().sqrt()))
        });
        DescentView {
            rule: self.rule(descent),
            loss: self.print(descent.loss),
            gradients: self.written_gradients(&descent.params, descent.loss, &result.gradients),
            update: self.update_symbols(descent),
            first: self.first_step(result),
            headings: self.headings(descent),
            rows: result.path.rows.iter().map(|row| self.descent_row(descent, row)).collect(),
            end: match result.path.end {
                End::Reached => "reached",
                End::Counted => "counted",
                End::Diverged => "diverged",
            },
            steps: last.map_or(0, |row| row.step),
            largest_rate: result
                .quadratic
                .as_ref()
                .filter(|_| descent.rule.method == Method::Plain && descent.batches.is_none())
                .and_then(|quadratic| Some(self.rate_bound(&quadratic.curvature, &quadratic.largest_rate()?))),
            converges: converges(result),
            factor: match (&result.quadratic, converges(result), descent.rule.rates.as_slice()) {
                (Some(quadratic), Some(_), [rate]) => quadratic.factor(rate).map(|factor| {
                    let curvature = self.number(quadratic.hessian.first());
                    let minus = if self.style == Style::Latex { "-" } else { "−" };
                    format!("1 {minus} {}{}{curvature} = {}", self.number(rate), self.times(), self.number(&factor))
                }),
                _ => None,
            },
            minimum: least.map_or_else(Vec::new, |least| self.minima(&descent.params, least)),
            distance: distance.filter(|_| result.path.end != End::Diverged),
        }
    }

    fn times(&self) -> &'static str {
        if self.style == Style::Latex { "\\cdot " } else { "·" }
    }

    /// `2/248.5 = 0.00805`
    fn rate_bound(&self, curvature: &Number, rate: &Number) -> Maths {
        let sign = if self.style == Style::Latex { "\\approx " } else { " ≈ " };
        format!("2/{}{sign}{}", self.number(curvature), self.number(&Number::approx(rate.to_f64())))
    }

    fn minima(&self, params: &[NodeId], values: &[Tensor<Number>]) -> Vec<Maths> {
        let pairs = params.iter().zip(values);
        pairs
            .map(|(id, value)| {
                let sign = match (self.is_exact(value), self.style) {
                    (true, _) => " = ",
                    (false, Style::Latex) => " \\approx ",
                    (false, Style::Plain | Style::Text) => " ≈ ",
                };
                format!("{}{sign}{}", self.least(*id), self.tensor(value))
            })
            .collect()
    }

    fn written_gradients(&self, params: &[NodeId], loss: NodeId, forms: &[NodeId]) -> Vec<Equation> {
        let pairs = params.iter().zip(forms);
        pairs
            .map(|(id, form)| Equation {
                name: self.derivative(*id, loss),
                form: self.print(*form),
                shape: self.shape(*id),
            })
            .collect()
    }

    /// The rule as it is used, with the sign of a lone parameter or θ for all of them.
    fn update_symbols(&self, descent: &Descent) -> Vec<Maths> {
        let latex = self.style == Style::Latex;
        let lone = descent.params.first().filter(|_| descent.params.len() == 1).map(|id| self.print(*id));
        let name = lone.unwrap_or_else(|| if latex { "\\theta".to_string() } else { "θ".to_string() });
        let name = if latex && name.chars().count() > 1 && name != "\\theta" { format!("{{{name}}}") } else { name };
        let decayed = !descent.rule.decay.is_zero();
        let lines: &[(&str, &str)] = match descent.rule.method {
            Method::Plain => &[("@_{k+1}=@_k-\\eta g_k", "@(k+1) = @(k) − η g(k)")],
            Method::Momentum { .. } => &[
                ("v_{k+1}=\\beta v_k+g_k,\\quad v_0=0", "v(k+1) = β v(k) + g(k), v(0) = 0"),
                ("@_{k+1}=@_k-\\eta v_{k+1}", "@(k+1) = @(k) − η v(k+1)"),
            ],
            Method::Nesterov { .. } => &[
                ("v_{k+1}=\\beta v_k+g_k,\\quad v_0=0", "v(k+1) = β v(k) + g(k), v(0) = 0"),
                ("@_{k+1}=@_k-\\eta(g_k+\\beta v_{k+1})", "@(k+1) = @(k) − η (g(k) + β v(k+1))"),
            ],
            Method::RmsProp { .. } => &[
                ("s_{k+1}=\\rho s_k+(1-\\rho)g_k^2,\\quad s_0=0", "s(k+1) = ρ s(k) + (1 − ρ) g(k)², s(0) = 0"),
                ("@_{k+1}=@_k-\\eta\\frac{g_k}{\\sqrt{s_{k+1}}+\\varepsilon}", "@(k+1) = @(k) − η g(k)/(√s(k+1) + ε)"),
            ],
            Method::Adam { .. } => &[
                ("m_{k+1}=\\beta_1m_k+(1-\\beta_1)g_k,\\quad m_0=0", "m(k+1) = β₁ m(k) + (1 − β₁) g(k), m(0) = 0"),
                ("s_{k+1}=\\beta_2s_k+(1-\\beta_2)g_k^2,\\quad s_0=0", "s(k+1) = β₂ s(k) + (1 − β₂) g(k)², s(0) = 0"),
                (
                    "@_{k+1}=@_k-\\eta\\frac{m_{k+1}/(1-\\beta_1^{k+1})}{\\sqrt{s_{k+1}/(1-\\beta_2^{k+1})}+\\varepsilon}",
                    "@(k+1) = @(k) − η (m(k+1)/(1 − β₁^(k+1)))/(√(s(k+1)/(1 − β₂^(k+1))) + ε)",
                ),
            ],
        };
        let loss = self.print(descent.loss);
        let gradient = match (latex, decayed) {
            (true, false) => format!("g_k=\\frac{{\\partial {loss}}}{{\\partial @}}(@_k)"),
            (true, true) => format!("g_k=\\frac{{\\partial {loss}}}{{\\partial @}}(@_k)+\\lambda @_k"),
            (false, false) => format!("g(k) = ∂{loss}/∂@ at @(k)"),
            (false, true) => format!("g(k) = ∂{loss}/∂@ at @(k) + λ @(k)"),
        };
        let mut all = vec![gradient];
        all.extend(lines.iter().map(|(math, text)| if latex { *math } else { *text }.to_string()));
        all.into_iter().map(|line| line.replace('@', &name)).collect()
    }

    /// `a₁ = 8 − 0.003·(−447.3) = 9.3419`; for the other rules the step stands for itself.
    fn first_step(&self, result: &DescentResult) -> Vec<Maths> {
        let [first, second, ..] = result.path.rows.as_slice() else { return Vec::new() };
        let (Some(change), Some(gradients), Some(rate)) = (&first.change, &first.gradients, &first.rate) else {
            return Vec::new();
        };
        let rule = &result.descent.rule;
        let descent = &result.descent;
        let plain = matches!(rule.method, Method::Plain | Method::Momentum { .. }) && rule.decay.is_zero();
        (0..descent.params.len())
            .filter(|place| change.get(*place).is_some_and(|change| change.size() <= WIDEST))
            .map(|place| {
                let (old, new) = (&first.params[place], &second.params[place]);
                let name = self.indexed(&self.print(descent.params[place]), "1");
                let minus = if self.style == Style::Latex { "-" } else { " − " };
                let moved = match plain {
                    true => {
                        format!("{minus}{}{}{}", self.number(rate), self.times(), self.bracketed(&gradients[place]))
                    }
                    false => format!(" + {}", self.bracketed(&change[place])),
                };
                let sign = match (self.is_exact(new), self.style) {
                    (true, _) => " = ",
                    (false, Style::Latex) => "\\approx ",
                    (false, Style::Plain | Style::Text) => " ≈ ",
                };
                format!("{name} = {}{moved}{sign}{}", self.tensor(old), self.tensor(new))
            })
            .collect()
    }

    fn bracketed(&self, value: &Tensor<Number>) -> Maths {
        let text = self.tensor(value);
        if value.rank() == 0 && value.first().is_negative() { format!("({text})") } else { text }
    }

    fn is_wide(&self, descent: &Descent) -> bool {
        descent.start.iter().map(|(_, value)| value.size()).sum::<usize>() > WIDEST
    }

    fn headings(&self, descent: &Descent) -> Vec<HeadingView> {
        let heading = |kind, name| HeadingView { kind, name };
        let mut headings = vec![heading("step", String::new())];
        if descent.batches.as_ref().is_some_and(|batches| batches.size <= LARGEST_BATCH) {
            headings.push(heading("batch", String::new()));
        }
        if descent.rule.rates.len() > 1 {
            headings.push(heading("rate", String::new()));
        }
        let wide = self.is_wide(descent);
        if !wide {
            headings.extend(descent.params.iter().map(|id| heading("parameter", self.print(*id))));
        }
        headings.push(heading("loss", self.print(descent.loss)));
        match wide {
            true => headings.push(heading("size", String::new())),
            false => {
                headings.extend(descent.params.iter().map(|id| heading("gradient", self.derivative(*id, descent.loss))))
            }
        }
        if descent.params.len() == 1 && !wide {
            headings.push(heading("change", String::new()));
        }
        headings
    }

    fn descent_row(&self, descent: &Descent, row: &Row) -> Vec<Maths> {
        let dash = || if self.style == Style::Latex { "\\text{–}" } else { "–" }.to_string();
        let mut cells = vec![row.step.to_string()];
        if descent.batches.as_ref().is_some_and(|batches| batches.size <= LARGEST_BATCH) {
            let numbers =
                |rows: &Vec<usize>| rows.iter().map(|row| (row + 1).to_string()).collect::<Vec<_>>().join(", ");
            cells.push(row.batch.as_ref().map_or_else(dash, numbers));
        }
        if descent.rule.rates.len() > 1 {
            cells.push(row.rate.as_ref().map_or_else(dash, |rate| self.number(rate)));
        }
        let wide = self.is_wide(descent);
        if !wide {
            cells.extend(row.params.iter().map(|value| self.fine(value)));
        }
        cells.push(row.loss.as_ref().map_or_else(dash, |loss| figure::number(loss, self.rounding, self.style)));
        match &row.gradients {
            None => cells.extend(std::iter::repeat_with(dash).take(if wide { 1 } else { descent.params.len() })),
            Some(gradients) if wide => {
                let squares = gradients.iter().flat_map(Tensor::entries).map(|entry| entry.to_f64().powi(2));
                cells.push(self.number(&Number::approx(squares.sum::<f64>().sqrt())));
            }
            Some(gradients) => cells.extend(gradients.iter().map(|value| self.tensor(value))),
        }
        if descent.params.len() == 1 && !wide {
            let change = row.change.as_ref().and_then(|change| change.first());
            cells.push(change.map_or_else(dash, |change| self.tensor(change)));
        }
        cells
    }

    pub(super) fn minimum(&self, result: &MinimumResult) -> MinimumView {
        let quadratic = &result.quadratic;
        let minus = quadratic.slope.map(|entry| -entry);
        let names: Vec<Maths> = result.params.iter().map(|id| self.print(*id)).collect();
        let unknown = match names.as_slice() {
            [only] => only.clone(),
            _ if self.style == Style::Latex => "\\theta".to_string(),
            _ => "θ".to_string(),
        };
        let lone = quadratic.hessian.size() == 1;
        let one = |value: &Tensor<Number>| self.number(value.first());
        MinimumView {
            loss: self.print(result.loss),
            names,
            gradients: self.written_gradients(&result.params, result.loss, &result.gradients),
            equations: match (lone, self.style) {
                (true, _) => format!("{}{}{unknown} = {}", one(&quadratic.hessian), self.times(), one(&minus)),
                (false, _) => format!("{}{unknown} = {}", self.tensor(&quadratic.hessian), self.tensor(&minus)),
            },
            solution: match (lone, result.params.as_slice(), result.minimum.as_slice()) {
                (true, [id], [value]) => {
                    vec![self.quotient(*id, value.first(), minus.first(), quadratic.hessian.first())]
                }
                _ => self.minima(&result.params, &result.minimum),
            },
            least: result.least.as_ref().map(|least| self.number(least)),
        }
    }

    /// `a* = 1217.65/124.25 = 9.8`: the quotient without the factor 2 that squares bring.
    fn quotient(&self, id: NodeId, value: &Number, over: &Number, under: &Number) -> Maths {
        let half = Number::ratio(1, 2);
        let (over, under) = (self.number(&(over * &half)), self.number(&(under * &half)));
        let quotient = match self.style {
            Style::Latex => format!("\\frac{{{over}}}{{{under}}}"),
            Style::Plain | Style::Text => format!("{over}/{under}"),
        };
        let sign = match (figure::is_shown_exactly(value), self.style) {
            (true, _) => "=",
            (false, Style::Latex) => "\\approx",
            (false, Style::Plain | Style::Text) => "≈",
        };
        format!("{} = {quotient} {sign} {}", self.least(id), self.number(value))
    }

    /// Where a descent is, with the digits that show its last steps.
    pub(super) fn fine(&self, value: &Tensor<Number>) -> Maths {
        notation::tensor(value, Rounding { digits: self.rounding.digits + MORE_DIGITS }, self.style)
    }
}
