//! Descents: the rule in symbols, its first step with numbers, the table, and where it leads.

use super::gradients::Shown;
use super::{Equation, Maths, Viewer};
use crate::answer::{DescentResult, converges};
use crate::descend::{End, Row, is_landmark};
use crate::graph::NodeId;
use crate::model::{Descent, Method};
use crate::number::Number;
use crate::render::figure::{self, Column, Rounding};
use crate::render::notation::{self, Style};
use crate::tensor::{Tensor, indices};
use num_traits::Zero;
use serde::Serialize;

/// Parameters with more entries than these together have no columns of their own.
const WIDEST: usize = 6;
/// With more entries than these the table has the size of the gradient only.
const WIDEST_GRADIENT: usize = 3;
/// Digits of parameters in the table, beyond the problem's own: they change slowly.
const MORE_DIGITS: usize = 2;
/// Most decimals of a column.
const MOST_DECIMALS: usize = 8;
/// Examples of a batch that the table names.
const LARGEST_BATCH: usize = 8;
/// Descents with no more steps than these are shown step by step.
const SHORT: usize = 20;

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
    /// The gradients, written out; empty where an earlier descent has told them.
    pub gradients: Vec<Equation>,
    /// All parameters together, where they are several: `θ = (a, b)`.
    pub together: Option<Maths>,
    /// The rule in symbols, a line each.
    pub update: Vec<Maths>,
    /// The first step with its numbers, for each parameter.
    pub first: Vec<Maths>,
    pub headings: Vec<HeadingView>,
    pub rows: Vec<Vec<Maths>>,
    /// Whether the table leaves out steps.
    pub shortened: bool,
    /// The first rows whose parameters are exact, before they are rounded for the table; none where all are.
    pub exact_rows: Option<usize>,
    /// `reached`, `counted`, `diverged`
    pub end: &'static str,
    pub steps: usize,
    /// `|∂L/∂a| = 5.1·10⁻⁴ < 0.001`, where the gradient has ended it.
    pub reached: Option<Maths>,
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

/// A column of the table: `step`, `loss`, `gradient`, `size`, `change`, `rate`, `batch`, `parameter`, `moment`.
#[derive(Clone, Debug, Serialize)]
pub struct HeadingView {
    pub kind: &'static str,
    pub name: Maths,
}

type Cells = Vec<Option<Maths>>;

impl Viewer<'_> {
    pub(super) fn rule(&self, descent: &Descent) -> RuleView {
        let number = |number: &Number| self.number(number);
        let tiny = |number: &Number| self.power_of_ten(number);
        let (method, factors, epsilon) = match &descent.rule.method {
            Method::Plain => ("plain", vec![], None),
            Method::Momentum { beta } => ("momentum", vec![number(beta)], None),
            Method::Nesterov { beta } => ("nesterov", vec![number(beta)], None),
            Method::RmsProp { decay, epsilon } => ("rmsprop", vec![number(decay)], Some(tiny(epsilon))),
            Method::Adam { beta1, beta2, epsilon } => ("adam", vec![number(beta1), number(beta2)], Some(tiny(epsilon))),
        };
        let until =
            descent.stop.below.as_ref().map(|(_, below)| format!("{} < {}", self.watched(descent), number(below)));
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

    /// `10⁻⁸` for 0.00000001; other numbers as they are.
    fn power_of_ten(&self, value: &Number) -> Maths {
        let power = (4..=30).find(|power| Number::parse(&format!("1e-{power}")).is_ok_and(|known| known == *value));
        match power.filter(|_| self.style != Style::Plain) {
            Some(power) => self.ten_to_the(-power),
            None => self.number(value),
        }
    }

    /// `|∂L/∂a|`: the gradients whose size can end the descent.
    fn watched(&self, descent: &Descent) -> Maths {
        let places = descent.stop.below.as_ref().map_or(&[][..], |(places, _)| places);
        let params = places.iter().filter_map(|place| descent.params.get(*place));
        let slopes: Vec<Maths> = params.map(|id| self.derivative(*id, descent.loss)).collect();
        let (open, close) = if self.style == Style::Latex { ("\\left|", "\\right|") } else { ("|", "|") };
        format!("{open}{}{close}", slopes.join(", "))
    }

    /// `a = 8`
    pub(super) fn starts(&self, descent: &Descent) -> Vec<Maths> {
        let pairs = descent.params.iter().zip(&descent.start);
        pairs.map(|(id, (_, value))| format!("{} = {}", self.print(*id), self.tensor(value))).collect()
    }

    pub(super) fn least(&self, id: NodeId) -> Maths {
        let name = self.print(id);
        match self.style {
            Style::Plain => name,
            Style::Latex if name.chars().count() == 1 => format!("{name}^{{*}}"),
            Style::Latex => format!("{{{name}}}^{{*}}"),
            Style::Text => format!("{name}*"),
        }
    }

    /// A parameter after a step: `a_1`.
    pub(super) fn indexed(&self, id: NodeId, step: &str) -> Maths {
        self.at_step(&self.print(id), step)
    }

    /// `a_1`, and `w^{(1)}` where the name has an index of its own.
    fn at_step(&self, name: &str, step: &str) -> Maths {
        match self.style {
            Style::Plain => name.to_string(),
            Style::Latex if name.chars().count() == 1 || name == "\\theta" => format!("{name}_{{{step}}}"),
            Style::Latex => format!("{{{name}}}^{{({step})}}"),
            Style::Text => format!("{name}({step})"),
        }
    }

    pub(super) fn descent(&self, result: &DescentResult, shown: &mut Shown) -> DescentView {
        let descent = &result.descent;
        let last = result.path.rows.last();
        let steps = last.map_or(0, |row| row.step);
        let is_new = shown.descents.insert((descent.loss, descent.params.clone()));
        let shown: Vec<&Row> = result
            .path
            .rows
            .iter()
            .filter(|row| steps <= SHORT || is_landmark(row.step) || row.step == steps)
            .collect();
        let (headings, rows) = self.descent_table(descent, &shown);
        let least = result.quadratic.as_ref().and_then(|quadratic| quadratic.minimum.as_ref());
        let distance = least.zip(last).map(|(least, last)| self.number(&Number::approx(distance(least, &last.params))));
        let is_exact = |row: &&&Row| row.params.iter().all(Tensor::is_exact);
        DescentView {
            rule: self.rule(descent),
            loss: self.print(descent.loss),
            gradients: match is_new {
                true => self.written_gradients(&descent.params, descent.loss, &result.gradients),
                false => Vec::new(),
            },
            together: (descent.params.len() > 1).then(|| self.together(&descent.params)),
            update: self.update_symbols(descent),
            first: self.first_step(result),
            headings,
            shortened: shown.len() <= steps,
            exact_rows: Some(shown.iter().take_while(is_exact).count()).filter(|count| *count < shown.len()),
            rows,
            end: match result.path.end {
                End::Reached => "reached",
                End::Counted => "counted",
                End::Diverged => "diverged",
            },
            steps,
            reached: self.reached(result),
            largest_rate: result
                .quadratic
                .as_ref()
                .filter(|_| descent.rule.method == Method::Plain && descent.batches.is_none())
                .and_then(|quadratic| Some(self.rate_bound(&quadratic.curvature, &quadratic.largest_rate()?))),
            converges: converges(result),
            factor: match (&result.quadratic, converges(result), descent.rule.rates.as_slice()) {
                (Some(quadratic), Some(_), [rate]) => quadratic.factor(rate).map(|factor| {
                    let curvature = self.number(quadratic.hessian.first());
                    format!(
                        "1{}{}{}{curvature} = {}",
                        self.minus(),
                        self.number(rate),
                        self.dot(),
                        self.number(&factor)
                    )
                }),
                _ => None,
            },
            minimum: least.map_or_else(Vec::new, |least| self.minima(&descent.params, least)),
            distance: distance.filter(|_| result.path.end != End::Diverged),
        }
    }

    /// `|∂L/∂a| = 5.1·10⁻⁴ < 0.001`
    fn reached(&self, result: &DescentResult) -> Option<Maths> {
        let (places, below) = result.descent.stop.below.as_ref()?;
        let gradients = result.path.rows.last()?.gradients.as_ref()?;
        let size = size(places.iter().filter_map(|place| gradients.get(*place)));
        let (sign, size) = (self.roughly(), self.number(&Number::approx(size)));
        let told = format!("{}{sign}{size} < {}", self.watched(&result.descent), self.number(below));
        (result.path.end == End::Reached).then_some(told)
    }

    pub(super) fn roughly(&self) -> &'static str {
        if self.style == Style::Latex { "\\approx " } else { " ≈ " }
    }

    /// `2/248.5 = 0.00805`
    fn rate_bound(&self, curvature: &Number, rate: &Number) -> Maths {
        let is_whole = figure::is_shown_exactly(rate) && !rate.to_string().contains('/');
        let (equals, rate) = match is_whole {
            true => (" = ", rate.clone()),
            false => (self.roughly(), Number::approx(rate.to_f64())),
        };
        format!("2/{}{equals}{}", self.number(curvature), self.number(&rate))
    }

    pub(super) fn minima(&self, params: &[NodeId], values: &[Tensor<Number>]) -> Vec<Maths> {
        let pairs = params.iter().zip(values);
        let equals = |value| if self.is_exact(value) { " = " } else { self.roughly() };
        pairs.map(|(id, value)| format!("{}{}{}", self.least(*id), equals(value), self.tensor(value))).collect()
    }

    pub(super) fn written_gradients(&self, params: &[NodeId], loss: NodeId, forms: &[NodeId]) -> Vec<Equation> {
        let pairs = params.iter().zip(forms);
        pairs
            .map(|(id, form)| Equation {
                name: self.derivative(*id, loss),
                form: self.print(*form),
                shape: self.shape(*id),
            })
            .collect()
    }

    /// `θ = (a, b)`
    fn together(&self, params: &[NodeId]) -> Maths {
        let names: Vec<Maths> = params.iter().map(|id| self.print(*id)).collect();
        format!("{} = ({})", self.theta(), names.join(", "))
    }

    fn theta(&self) -> &'static str {
        if self.style == Style::Latex { "\\theta" } else { "θ" }
    }

    /// The rule as it is used, with the sign of a lone parameter or θ for all of them. In the lines `@[k]` is the
    /// parameter after step k, `@` the parameter, and `G` the gradient at step k.
    fn update_symbols(&self, descent: &Descent) -> Vec<Maths> {
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
                ("v_{k+1}=\\beta v_k+G,\\quad v_0=0", "v(k+1) = β v(k) + G, v(0) = 0"),
                ("@[k+1]=@[k]-\\eta v_{k+1}", "@[k+1] = @[k] − η v(k+1)"),
            ],
            Method::Nesterov { .. } => &[
                ("v_{k+1}=\\beta v_k+G,\\quad v_0=0", "v(k+1) = β v(k) + G, v(0) = 0"),
                ("@[k+1]=@[k]-\\eta(G+\\beta v_{k+1})", "@[k+1] = @[k] − η (G + β v(k+1))"),
            ],
            Method::RmsProp { .. } => &[
                ("s_{k+1}=\\rho s_k+(1-\\rho)G^2,\\quad s_0=0", "s(k+1) = ρ s(k) + (1 − ρ) G², s(0) = 0"),
                ("@[k+1]=@[k]-\\eta\\frac{G}{\\sqrt{s_{k+1}}+\\varepsilon}", "@[k+1] = @[k] − η G/(√s(k+1) + ε)"),
            ],
            Method::Adam { .. } => &[
                ("m_{k+1}=\\beta_1m_k+(1-\\beta_1)G,\\quad m_0=0", "m(k+1) = β₁ m(k) + (1 − β₁) G, m(0) = 0"),
                ("s_{k+1}=\\beta_2s_k+(1-\\beta_2)G^2,\\quad s_0=0", "s(k+1) = β₂ s(k) + (1 − β₂) G², s(0) = 0"),
                (
                    "\\hat m_{k+1}=\\frac{m_{k+1}}{1-\\beta_1^{k+1}},\\quad \\hat s_{k+1}=\\frac{s_{k+1}}{1-\\beta_2^{k+1}}",
                    "m̂(k+1) = m(k+1)/(1 − β₁^(k+1)), ŝ(k+1) = s(k+1)/(1 − β₂^(k+1))",
                ),
                (
                    "@[k+1]=@[k]-\\eta\\frac{\\hat m_{k+1}}{\\sqrt{\\hat s_{k+1}}+\\varepsilon}",
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
    fn first_step(&self, result: &DescentResult) -> Vec<Maths> {
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

    /// The headings and the rows.
    fn descent_table(&self, descent: &Descent, shown: &[&Row]) -> (Vec<HeadingView>, Vec<Vec<Maths>>) {
        let mut columns: Vec<(HeadingView, Cells)> = Vec::new();
        let mut add = |kind, name: Maths, cells: Cells| columns.push((HeadingView { kind, name }, cells));
        let each = |cell: &dyn Fn(&Row) -> Option<Maths>| -> Cells { shown.iter().map(|row| cell(row)).collect() };
        let digits = self.rounding.digits;
        let decimals = |least, most| Column::Decimals { least, most };
        let numbers = |pick: &dyn Fn(&Row) -> Option<Number>, form| {
            let values: Vec<Option<Number>> = shown.iter().map(|row| pick(row)).collect();
            figure::column(&values.iter().map(Option::as_ref).collect::<Vec<_>>(), form, self.rounding, self.style)
        };
        add("step", String::new(), each(&|row| Some(row.step.to_string())));
        if descent.batches.as_ref().is_some_and(|batches| batches.size <= LARGEST_BATCH) {
            let names = |rows: &Vec<usize>| rows.iter().map(|row| (row + 1).to_string()).collect::<Vec<_>>().join(", ");
            add("batch", String::new(), each(&|row| row.batch.as_ref().map(names)));
        }
        if descent.rule.rates.len() > 1 {
            add("rate", String::new(), numbers(&|row| row.rate.clone(), decimals(0, MOST_DECIMALS)));
        }
        let entries: Vec<(usize, Vec<usize>)> = (descent.start.iter().enumerate())
            .flat_map(|(place, (_, value))| indices(value.extents()).map(move |entry| (place, entry)))
            .collect();
        let is_narrow = entries.len() <= WIDEST;
        for (place, entry) in entries.iter().filter(|_| is_narrow) {
            let values = numbers(
                &|row| Some(row.params[*place].at(entry).clone()),
                decimals(digits + MORE_DIGITS, MOST_DECIMALS),
            );
            add(
                "parameter",
                self.vector_entry(&self.print(descent.params[*place]), descent.params[*place], entry),
                values,
            );
        }
        add("loss", self.print(descent.loss), numbers(&|row| row.loss.clone(), Column::Digits(digits + 1)));
        if entries.len() <= WIDEST_GRADIENT {
            for (place, entry) in &entries {
                let own = |row: &Row| Some(row.gradients.as_ref()?[*place].at(entry).clone());
                let name = self.derivative(descent.params[*place], descent.loss);
                add(
                    "gradient",
                    self.vector_entry(&name, descent.params[*place], entry),
                    numbers(&own, decimals(digits, digits + 1)),
                );
            }
        } else {
            let own = |row: &Row| row.gradients.as_ref().map(|gradients| Number::approx(size(gradients.iter())));
            add("size", String::new(), numbers(&own, decimals(digits, digits + 1)));
        }
        if let [(place, entry)] = entries.as_slice() {
            let moments: &[(&str, bool)] = match descent.rule.method {
                Method::Plain => &[],
                Method::Momentum { .. } | Method::Nesterov { .. } => &[("v", true)],
                Method::RmsProp { .. } => &[("s", false)],
                Method::Adam { .. } => &[("m", true), ("s", false)],
            };
            for (name, is_first) in moments {
                let own = |row: &Row| {
                    let moments = row.moments.as_ref()?;
                    let of = if *is_first { &moments.first } else { &moments.second };
                    Some(of[*place].at(entry).clone())
                };
                add("moment", self.at_step(name, "k+1"), numbers(&own, Column::Digits(digits)));
            }
            let change = |row: &Row| Some(row.change.as_ref()?[*place].at(entry).clone());
            add("change", String::new(), numbers(&change, decimals(digits + MORE_DIGITS, MOST_DECIMALS)));
        }
        let none = || if self.style == Style::Latex { "\\text{–}" } else { "–" }.to_string();
        let row = |place: usize| columns.iter().map(|(_, cells)| cells[place].clone().unwrap_or_else(none)).collect();
        let rows = (0..shown.len()).map(row).collect();
        (columns.into_iter().map(|(heading, _)| heading).collect(), rows)
    }

    /// `w_2` of a row or a column, `W_{12}` of a matrix, the name of a scalar.
    fn vector_entry(&self, name: &str, id: NodeId, entry: &[usize]) -> Maths {
        let shape = self.graph().shape(id);
        let places: Vec<usize> = match (shape.is_row(), shape.is_column(), entry) {
            (true, _, [_, column]) => vec![*column],
            (_, true, [row, _]) => vec![*row],
            _ => entry.to_vec(),
        };
        let index: String = places.iter().map(|place| (place + 1).to_string()).collect();
        match (self.style, index.is_empty(), name.chars().count()) {
            (_, true, _) => name.to_string(),
            (Style::Latex, _, 1) => format!("{name}_{{{index}}}"),
            (Style::Latex, _, _) => format!("\\Bigl({name}\\Bigr)_{{{index}}}"),
            (Style::Plain | Style::Text, ..) => format!("{name}[{index}]"),
        }
    }

    /// Where a descent is, with the digits that show its last steps.
    pub(super) fn fine(&self, value: &Tensor<Number>) -> Maths {
        match value.rank() {
            0 => {
                let form = Column::Decimals { least: self.rounding.digits + MORE_DIGITS, most: MOST_DECIMALS };
                let cells = figure::column(&[Some(value.first())], form, self.rounding, self.style);
                cells.into_iter().flatten().collect()
            }
            _ => notation::tensor(value, Rounding { digits: self.rounding.digits + MORE_DIGITS }, self.style),
        }
    }
}

/// A mean after one step without what its beginning at 0 takes from it.
fn unbiased(moment: &Tensor<Number>, beta: &Number) -> Option<Tensor<Number>> {
    let rest = &Number::integer(1) - beta;
    let entries = moment.entries().map(|entry| entry.checked_div(&rest).ok()).collect::<Option<Vec<_>>>()?;
    Some(Tensor::from_entries(moment.extents(), entries))
}

fn size<'a>(gradients: impl Iterator<Item = &'a Tensor<Number>>) -> f64 {
    gradients.flat_map(Tensor::entries).map(|entry| entry.to_f64().powi(2)).sum::<f64>().sqrt()
}

fn distance(from: &[Tensor<Number>], to: &[Tensor<Number>]) -> f64 {
    let pairs = from.iter().flat_map(Tensor::entries).zip(to.iter().flat_map(Tensor::entries));
    pairs.map(|(a, b)| (a.to_f64() - b.to_f64()).powi(2)).sum::<f64>().sqrt()
}
