//! How a descent steps: its rule in symbols, and the first step in numbers.

use super::descent::WIDEST;
use super::{Maths, Viewer};
use crate::answer::DescentResult;
use crate::descend::Row;
use crate::model::{Descent, Method};
use crate::number::Number;
use crate::render::notation::Style;
use crate::tensor::Tensor;
use num_traits::Zero;

impl Viewer<'_> {
    /// The rule as it is used, with the sign of a lone parameter or θ for all of them. In the lines `@[k]` is the
    /// parameter after step k, `@` the parameter, and `G` the gradient at step k.
    pub(super) fn update_symbols(&self, descent: &Descent) -> Vec<Maths> {
        let latex = self.style == Style::Latex;
        let name = match descent.params.as_slice() {
            [only] => self.print(*only),
            _ => self.theta().to_string(),
        };
        let gradient = self.gradient_symbol(descent);
        let decayed = !descent.rule.decay.is_zero();
        let lines: &[(&str, &str)] = match descent.rule.method {
            Method::Plain => &[("@[k+1]=@[k]-\\eta\\, G", "@[k+1] = @[k] − η G")],
            Method::Momentum { .. } => &[
                ("v^{(k+1)}=\\beta v^{(k)}+G,\\quad v^{(0)}=0", "v(k+1) = β v(k) + G, v(0) = 0"),
                ("@[k+1]=@[k]-\\eta v^{(k+1)}", "@[k+1] = @[k] − η v(k+1)"),
            ],
            Method::Nesterov { .. } => &[
                ("v^{(k+1)}=\\beta v^{(k)}+G,\\quad v^{(0)}=0", "v(k+1) = β v(k) + G, v(0) = 0"),
                ("@[k+1]=@[k]-\\eta(G+\\beta v^{(k+1)})", "@[k+1] = @[k] − η (G + β v(k+1))"),
            ],
            Method::RmsProp { .. } => &[
                ("s^{(k+1)}=\\rho s^{(k)}+(1-\\rho)G^2,\\quad s^{(0)}=0", "s(k+1) = ρ s(k) + (1 − ρ) G², s(0) = 0"),
                ("@[k+1]=@[k]-\\eta\\frac{G}{\\sqrt{s^{(k+1)}}+\\epsilon}", "@[k+1] = @[k] − η G/(√s(k+1) + ε)"),
            ],
            Method::Adam { .. } => &[
                ("m^{(k+1)}=\\beta_1m^{(k)}+(1-\\beta_1)G,\\quad m^{(0)}=0", "m(k+1) = β₁ m(k) + (1 − β₁) G, m(0) = 0"),
                (
                    "s^{(k+1)}=\\beta_2s^{(k)}+(1-\\beta_2)G^2,\\quad s^{(0)}=0",
                    "s(k+1) = β₂ s(k) + (1 − β₂) G², s(0) = 0",
                ),
                (
                    "\\hat m^{(k+1)}=\\frac{m^{(k+1)}}{1-\\beta_1^{k+1}},\\quad \\hat s^{(k+1)}=\\frac{s^{(k+1)}}{1-\\beta_2^{k+1}}",
                    "m̂(k+1) = m(k+1)/(1 − β₁^(k+1)), ŝ(k+1) = s(k+1)/(1 − β₂^(k+1))",
                ),
                (
                    "@[k+1]=@[k]-\\eta\\frac{\\hat m^{(k+1)}}{\\sqrt{\\hat s^{(k+1)}}+\\epsilon}",
                    "@[k+1] = @[k] − η m̂(k+1)/(√ŝ(k+1) + ε)",
                ),
            ],
        };
        // Where the gradient is used more than once, or is more than a derivative, it gets a sign of its own.
        let is_short = descent.rule.method == Method::Plain && !decayed;
        let own = if latex { "g_k" } else { "g(k)" };
        let definition = match (latex, decayed) {
            (true, false) => format!("g_k={gradient}"),
            (true, true) => format!("g_k={gradient}+\\lambda\\, @[k]"),
            (false, false) => format!("g(k) = {gradient}"),
            (false, true) => format!("g(k) = {gradient} + λ @[k]"),
        };
        let rule = lines.iter().map(|(math, text)| {
            let line = if latex { *math } else { *text };
            line.replace('G', if is_short { &gradient } else { own })
        });
        let all = (!is_short).then_some(definition).into_iter().chain(rule);
        let places = [("@[k+1]", "k+1"), ("@[k]", "k")];
        all.map(|line| places.iter().fold(line, |line, (hole, step)| line.replace(hole, &self.at_step(&name, step))))
            .collect()
    }

    /// `∂L/∂a (a_k)`; of the loss on some examples `L_{B_k}`.
    fn gradient_symbol(&self, descent: &Descent) -> Maths {
        let loss = self.print(descent.loss);
        let of = match descent.params.as_slice() {
            [only] => self.print(*only),
            _ => self.theta().to_string(),
        };
        let at = self.at_step(&of, "k");
        match (self.style, descent.batches.is_some()) {
            (Style::Latex, false) => format!("\\frac{{\\partial {loss}}}{{\\partial {of}}}({at})"),
            (Style::Latex, true) => format!("\\frac{{\\partial {{{loss}}}_{{B_k}}}}{{\\partial {of}}}({at})"),
            (Style::Plain | Style::Text, false) => format!("∂{loss}/∂{of}({at})"),
            (Style::Plain | Style::Text, true) => format!("∂{loss}_B/∂{of}({at})"),
        }
    }

    /// `a₁ = 8 − 0.003·(−447.3) = 9.3419`, with the means that the rule keeps before it.
    pub(super) fn first_step(&self, result: &DescentResult) -> Vec<Maths> {
        let [first, second, ..] = result.path.rows.as_slice() else { return Vec::new() };
        let descent = &result.descent;
        let all = (0..descent.params.len()).filter(|place| first.params[*place].size() <= WIDEST);
        all.flat_map(|place| self.first_step_of(descent, place, first, second).unwrap_or_default()).collect()
    }

    fn first_step_of(&self, descent: &Descent, place: usize, first: &Row, second: &Row) -> Option<Vec<Maths>> {
        let rate = self.number(first.rate.as_ref()?);
        let slope = first.gradients.as_ref()?.get(place)?;
        let rule = &descent.rule;
        let (old, new) = (&first.params[place], &second.params[place]);
        let mut lines = Vec::new();
        let decayed = match rule.decay.is_zero() {
            true => slope.clone(),
            false => {
                let decayed = slope.zip(old, |slope, value| slope + &(&rule.decay * value));
                let sum = format!(
                    "{} + {}{}{}",
                    self.tensor(slope),
                    self.number(&rule.decay),
                    self.dot(),
                    self.in_brackets(old)
                );
                lines.push(self.equality("g", "0", &sum, &decayed));
                decayed
            }
        };
        let (dot, minus) = (self.dot(), self.minus());
        let times = |factor: &Number, value: &Tensor<Number>| {
            format!("{}{dot}{}", self.number(factor), self.in_brackets(value))
        };
        let mean = |lines: &mut Vec<Maths>, name: &str, factor: &Number, value: &Tensor<Number>, moment| {
            let rest = &Number::integer(1) - factor;
            lines.push(self.equality(name, "1", &times(&rest, value), moment));
        };
        let square = || decayed.zip(&decayed, |one, other| one * other);
        let moments = |pick: fn(&crate::descend::Moments) -> &Vec<Tensor<Number>>| {
            first.moments.as_ref().and_then(|moments| pick(moments).get(place))
        };
        let step = match &rule.method {
            Method::Plain => self.in_brackets(&decayed),
            Method::Momentum { .. } => {
                let velocity = moments(|moments| &moments.first)?;
                lines.push(self.equality("v", "1", &self.tensor(&decayed), velocity));
                self.in_brackets(velocity)
            }
            Method::Nesterov { beta } => {
                let velocity = moments(|moments| &moments.first)?;
                lines.push(self.equality("v", "1", &self.tensor(&decayed), velocity));
                format!("({} + {})", self.tensor(&decayed), times(beta, velocity))
            }
            Method::RmsProp { decay, epsilon } => {
                let squares = moments(|moments| &moments.second)?;
                mean(&mut lines, "s", decay, &square(), squares);
                self.over_root(&self.tensor(&decayed), &self.tensor(squares), epsilon)
            }
            Method::Adam { beta1, beta2, epsilon } => {
                let (means, squares) = (moments(|moments| &moments.first)?, moments(|moments| &moments.second)?);
                mean(&mut lines, "m", beta1, &decayed, means);
                mean(&mut lines, "s", beta2, &square(), squares);
                let hat = |name| if self.style == Style::Latex { format!("\\hat {name}") } else { format!("{name}̂") };
                for (name, beta, moment) in [("m", beta1, means), ("s", beta2, squares)] {
                    let corrected = unbiased(moment, beta)?;
                    let quotient = self.over(&self.tensor(moment), &format!("1{minus}{}", self.number(beta)));
                    lines.push(self.equality(&hat(name), "1", &quotient, &corrected));
                }
                let (mean, square) = (unbiased(means, beta1)?, unbiased(squares, beta2)?);
                self.over_root(&self.tensor(&mean), &self.tensor(&square), epsilon)
            }
        };
        let name = self.print(descent.params[place]);
        lines.push(self.equality(&name, "1", &format!("{}{minus}{rate}{dot}{step}", self.tensor(old)), new));
        Some(lines)
    }

    /// `a₁ = … = 9.3419`; the value once where the form is the value.
    fn equality(&self, name: &str, step: &str, form: &str, value: &Tensor<Number>) -> Maths {
        let name = match (self.style, name.starts_with("\\hat")) {
            (Style::Latex, true) => format!("{name}_{step}"),
            _ => self.at_step(name, step),
        };
        let text = self.tensor(value);
        let equals = if self.is_exact(value) { " = " } else { self.roughly() };
        if text == form { format!("{name}{equals}{text}") } else { format!("{name} = {form}{equals}{text}") }
    }

    fn over(&self, above: &str, below: &str) -> Maths {
        if self.style == Style::Latex { format!("\\frac{{{above}}}{{{below}}}") } else { format!("{above}/({below})") }
    }

    fn over_root(&self, above: &str, below: &str, epsilon: &Number) -> Maths {
        let epsilon = if epsilon.is_zero() { String::new() } else { format!(" + {}", self.power_of_ten(epsilon)) };
        match self.style {
            Style::Latex => format!("\\frac{{{above}}}{{\\sqrt{{{below}}}{epsilon}}}"),
            Style::Plain | Style::Text => format!("{above}/(√{below}{epsilon})"),
        }
    }

    fn in_brackets(&self, value: &Tensor<Number>) -> Maths {
        let text = self.tensor(value);
        if value.rank() == 0 && value.first().is_negative() { format!("({text})") } else { text }
    }
}

/// A mean after one step without what its beginning at 0 takes from it.
fn unbiased(moment: &Tensor<Number>, beta: &Number) -> Option<Tensor<Number>> {
    let rest = &Number::integer(1) - beta;
    let entries = moment.entries().map(|entry| entry.checked_div(&rest).ok()).collect::<Option<Vec<_>>>()?;
    Some(Tensor::from_entries(moment.extents(), entries))
}
