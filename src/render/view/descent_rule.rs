//! How a descent steps: its rule in symbols, and the first step in numbers.

use super::descent::WIDEST;
use super::{Maths, Viewer};
use crate::answer::DescentResult;
use crate::descend::Row;
use crate::math::Math;
use crate::model::{Descent, Method};
use crate::number::Number;
use crate::tasks::descend::power_of_ten;
use crate::tensor::Tensor;
use num_traits::Zero;

impl Viewer<'_> {
    /// The rule as it is used, with the sign of a lone parameter or θ for all of them.
    pub(super) fn update_symbols(&self, descent: &Descent) -> Vec<Maths> {
        let name = match descent.params.as_slice() {
            [only] => self.math(*only),
            _ => Math::name("theta"),
        };
        let gradient = self.gradient_at_step(descent, &name);
        let decayed = !descent.rule.decay.is_zero();
        // Where the gradient is used more than once, or is more than a derivative, it gets a sign of its own.
        let is_short = descent.rule.method == Method::Plain && !decayed;
        let (definition, g) = match (is_short, Math::name("g").subscript(k())) {
            (true, _) => (None, gradient),
            (false, g) if decayed => (Some(g.clone().equals(gradient.plus(sign("lambda").times(now(&name))))), g),
            (false, g) => (Some(g.clone().equals(gradient)), g),
        };
        let moved = |by: Math| next(&name).equals(now(&name).minus(sign("eta").times(by)));
        let square = || g.clone().to(Math::number(2));
        let lines = match descent.rule.method {
            Method::Plain => vec![moved(g)],
            Method::Momentum { .. } => vec![mean("v", sign("beta"), g), moved(next(&sign("v")))],
            Method::Nesterov { .. } => {
                let ahead = g.clone().plus(sign("beta").times(next(&sign("v"))));
                vec![mean("v", sign("beta"), g), moved(ahead)]
            }
            Method::RmsProp { .. } => vec![
                mean("s", sign("rho"), but(sign("rho")).times(square())),
                moved(over_root(g.clone(), next(&sign("s")), Some(sign("epsilon")))),
            ],
            Method::Adam { .. } => {
                let beta = ["beta_1", "beta_2"].map(sign);
                let unbiased = |name: &str, beta: &Math| {
                    let rest = but(beta.clone().to(k().plus(Math::number(1))));
                    next(&sign(name).hat()).equals(next(&sign(name)).over(rest))
                };
                let [first, second] = [unbiased("m", &beta[0]), unbiased("s", &beta[1])];
                vec![
                    mean("m", beta[0].clone(), but(beta[0].clone()).times(g.clone())),
                    mean("s", beta[1].clone(), but(beta[1].clone()).times(square())),
                    Math::Row(vec![first, Math::words(" and "), second]),
                    moved(over_root(next(&sign("m").hat()), next(&sign("s").hat()), Some(sign("epsilon")))),
                ]
            }
        };
        definition.iter().chain(&lines).map(|line| self.write(line)).collect()
    }

    /// `∂L/∂a (a_k)`; of the loss on some examples `L_{B_k}`.
    fn gradient_at_step(&self, descent: &Descent, name: &Math) -> Math {
        let loss = self.math(descent.loss);
        let loss = if descent.batches.is_some() { loss.subscript(sign("B").subscript(k())) } else { loss };
        Math::call(loss.partial().over(name.clone().partial()), vec![now(name)])
    }

    /// `a₁ = 8 − 0.003·(−447.3) = 9.3419`, with the means that the rule keeps before it.
    pub(super) fn first_step(&self, result: &DescentResult) -> Vec<Maths> {
        let [first, second, ..] = result.path.rows.as_slice() else { return Vec::new() };
        let descent = &result.descent;
        let all = (0..descent.params.len()).filter(|place| first.params[*place].size() <= WIDEST);
        let lines = all.flat_map(|place| self.first_step_of(descent, place, first, second).unwrap_or_default());
        lines.map(|line| self.write(&line)).collect()
    }

    fn first_step_of(&self, descent: &Descent, place: usize, first: &Row, second: &Row) -> Option<Vec<Math>> {
        let rate = self.number_math(first.rate.as_ref()?);
        let slope = first.gradients.as_ref()?.get(place)?;
        let rule = &descent.rule;
        let (old, new) = (&first.params[place], &second.params[place]);
        let mut lines = Vec::new();
        let times = |factor: &Number, value: &Tensor<Number>| {
            Math::Dotted(vec![self.number_math(factor), self.tensor_math(value)])
        };
        let decayed = match rule.decay.is_zero() {
            true => slope.clone(),
            false => {
                let decayed = slope.zip(old, |slope, value| slope + &(&rule.decay * value));
                let sum = self.tensor_math(slope).plus(times(&rule.decay, old));
                lines.push(self.stated_as(sign("g").subscript(Math::number(0)), sum, &decayed));
                decayed
            }
        };
        let after = |name: &str| sign(name).step(Math::number(1));
        let mean = |name: &str, factor: &Number, value: &Tensor<Number>, moment| {
            let rest = &Number::integer(1) - factor;
            self.stated_as(after(name), times(&rest, value), moment)
        };
        let square = || decayed.zip(&decayed, |one, other| one * other);
        let moments = |pick: fn(&crate::descend::Moments) -> &Vec<Tensor<Number>>| {
            first.moments.as_ref().and_then(|moments| pick(moments).get(place))
        };
        let small = |epsilon: &Number| (!epsilon.is_zero()).then(|| self.formula_math(&power_of_ten(epsilon)));
        let step = match &rule.method {
            Method::Plain => self.tensor_math(&decayed),
            Method::Momentum { .. } => {
                let velocity = moments(|moments| &moments.first)?;
                lines.push(self.stated_as(after("v"), self.tensor_math(&decayed), velocity));
                self.tensor_math(velocity)
            }
            Method::Nesterov { beta } => {
                let velocity = moments(|moments| &moments.first)?;
                lines.push(self.stated_as(after("v"), self.tensor_math(&decayed), velocity));
                self.tensor_math(&decayed).plus(times(beta, velocity))
            }
            Method::RmsProp { decay, epsilon } => {
                let squares = moments(|moments| &moments.second)?;
                lines.push(mean("s", decay, &square(), squares));
                over_root(self.tensor_math(&decayed), self.tensor_math(squares), small(epsilon))
            }
            Method::Adam { beta1, beta2, epsilon } => {
                let (means, squares) = (moments(|moments| &moments.first)?, moments(|moments| &moments.second)?);
                lines.extend([mean("m", beta1, &decayed, means), mean("s", beta2, &square(), squares)]);
                for (name, beta, moment) in [("m", beta1, means), ("s", beta2, squares)] {
                    let quotient = self.tensor_math(moment).over(but(self.number_math(beta)));
                    let name = sign(name).hat().step(Math::number(1));
                    lines.push(self.stated_as(name, quotient, &unbiased(moment, beta)?));
                }
                let [mean, square] = [unbiased(means, beta1)?, unbiased(squares, beta2)?];
                over_root(self.tensor_math(&mean), self.tensor_math(&square), small(epsilon))
            }
        };
        let moved = self.tensor_math(old).minus(Math::Dotted(vec![rate, step]));
        lines.push(self.stated_as(self.indexed(descent.params[place], 1), moved, new));
        Some(lines)
    }

    /// `a₁ = … = 9.3419`; the value once where the form is the value.
    fn stated_as(&self, name: Math, form: Math, value: &Tensor<Number>) -> Math {
        let shown = self.tensor_math(value);
        let stated = if shown == form { name } else { name.equals(form) };
        stated.related(self.equality(value.entries()), shown)
    }
}

fn sign(name: &str) -> Math {
    Math::name(name)
}

fn k() -> Math {
    sign("k")
}

/// What it is after step k.
fn now(name: &Math) -> Math {
    name.clone().step(k())
}

/// What it is after the step that follows.
fn next(name: &Math) -> Math {
    name.clone().step(k().plus(Math::number(1)))
}

/// `1 − of`
fn but(of: Math) -> Math {
    Math::number(1).minus(of)
}

/// `v^{(k+1)} = β v^{(k)} + new` with its beginning.
fn mean(name: &str, decay: Math, new: Math) -> Math {
    let name = sign(name);
    let rule = next(&name).equals(decay.times(now(&name)).plus(new));
    Math::Row(vec![rule, Math::words(" with "), name.step(Math::number(0)).equals(Math::number(0))])
}

/// `above/(√below + ε)`
fn over_root(above: Math, below: Math, epsilon: Option<Math>) -> Math {
    let root = Math::Root(Box::new(below));
    above.over(epsilon.into_iter().fold(root, Math::plus))
}

/// A mean after one step without what its beginning at 0 takes from it.
fn unbiased(moment: &Tensor<Number>, beta: &Number) -> Option<Tensor<Number>> {
    let rest = &Number::integer(1) - beta;
    let entries = moment.entries().map(|entry| entry.checked_div(&rest).ok()).collect::<Option<Vec<_>>>()?;
    Some(Tensor::from_entries(moment.extents(), entries))
}
