//! Gradient descent: a loss, its gradients and a rule to the rows of a table. Only the rows that are shown are kept.
//!
//! The steps are made in doubles. Beside them go exact steps, as long as their numbers stay small, so that the first
//! rows of a table are exact where the data are.

use crate::draw::SplitMix;
use crate::graph::{Environment, EvaluationError, Graph, LeafId, NodeId, Replay};
use crate::limits::{EXACT_STEPS, KEPT_STEPS};
use crate::model::{Batches, Descent, Method, Rule};
use crate::number::{Number, NumberError};
use crate::scalar::Scalar;
use crate::tensor::Tensor;
use std::sync::Arc;

/// Past this size of a parameter a descent has diverged.
const DIVERGED: f64 = 1e12;
/// Within this a step that has no value is no sign of a descent that diverges.
const FAR: f64 = 1e3;

/// A loss and its gradients as expressions, for one number of examples. Leaves are those of the model.
#[derive(Clone, Debug)]
pub struct Objective {
    pub graph: Graph,
    pub loss: NodeId,
    /// In the order of the parameters.
    pub gradients: Vec<NodeId>,
}

/// The objective on all examples, and on as many as a batch has (and on the rest that the last batch may be).
#[derive(Clone, Debug)]
pub struct Objectives {
    pub whole: Objective,
    /// By the number of examples; empty without batches.
    pub parts: Vec<(usize, Objective)>,
}

/// One row of the table: where the descent is, and the step that it takes from there.
#[derive(Clone, Debug)]
pub struct Row {
    pub step: usize,
    pub params: Vec<Tensor<Number>>,
    /// Of all examples; none where it is not finite.
    pub loss: Option<Number>,
    /// Of the examples of the step; none after the last step of a descent by batches.
    pub gradients: Option<Vec<Tensor<Number>>>,
    /// What the step adds to the parameters; none in the last row.
    pub change: Option<Vec<Tensor<Number>>>,
    pub rate: Option<Number>,
    /// The examples of the step, counted from 0; none with all of them.
    pub batch: Option<Vec<usize>>,
    /// The means after the step, of the rules that have them: the velocity or mean gradient, and the mean square.
    pub moments: Option<Moments>,
}

/// What momentum, RMSProp and Adam remember.
#[derive(Clone, Debug)]
pub struct Moments {
    pub first: Vec<Tensor<Number>>,
    pub second: Vec<Tensor<Number>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The gradient is as small as was asked.
    Reached,
    /// All steps that were asked are made.
    Counted,
    /// A parameter has left all bounds.
    Diverged,
    /// There is no gradient where the descent has come to.
    NoGradient,
}

/// A finished descent.
#[derive(Clone, Debug)]
pub struct Path {
    /// The start, the first [`KEPT_STEPS`] steps, then ever fewer, and the last one.
    pub rows: Vec<Row>,
    pub end: End,
}

/// The numbers of one step, before it is made.
#[derive(Clone, Debug)]
pub struct Step<S: Scalar> {
    pub params: Vec<Tensor<S>>,
    pub gradients: Vec<Tensor<S>>,
    pub change: Vec<Tensor<S>>,
    pub batch: Option<Vec<usize>>,
}

/// The loss and its gradients at one place.
type Standing<S> = (S, Vec<Tensor<S>>);
/// The gradients of some examples, and which these are.
type Drawn<S> = (Vec<Tensor<S>>, Option<Vec<usize>>);

/// Another road to some values, where the first has none.
type Rescue<S> = fn(&Graph, &[NodeId], &Environment<S>) -> Option<Vec<Tensor<S>>>;

/// An endless descent; each item is the step that was just made.
#[derive(Debug)]
pub struct Steps<'a, S: Scalar> {
    descent: &'a Descent,
    objectives: &'a Objectives,
    rescue: Rescue<S>,
    environment: Environment<S>,
    whole: Replay<S>,
    parts: Vec<Replay<S>>,
    order: Option<Order>,
    examples: Vec<(LeafId, Tensor<S>)>,
    params: Vec<Tensor<S>>,
    /// The velocity or the mean of the gradients, and the mean of their squares.
    first: Vec<Tensor<S>>,
    second: Vec<Tensor<S>>,
    made: usize,
}

/// The values of nodes: by the replay, or where that finds none by the other road.
fn found<S: Scalar>(
    replay: &mut Replay<S>,
    (graph, wanted): (&Graph, &[NodeId]),
    environment: &Environment<S>,
    rescue: Rescue<S>,
) -> Result<Vec<Tensor<S>>, EvaluationError> {
    match replay.evaluate(graph, environment) {
        Ok(()) => Ok(wanted.iter().filter_map(|id| replay.get(*id).cloned()).collect()),
        Err(error) => rescue(graph, wanted, environment).ok_or(error),
    }
}

/// To the last digit, so that what a mask switches off does not count.
fn carefully(graph: &Graph, wanted: &[NodeId], environment: &Environment<f64>) -> Option<Vec<Tensor<f64>>> {
    let exact = |(leaf, value): (&LeafId, &Arc<Tensor<f64>>)| (*leaf, Arc::new(value.map(Number::exactly)));
    let leaves = environment.leaves.iter().map(exact).collect();
    let known = graph.known(wanted, &Environment { leaves, dims: environment.dims.clone() });
    wanted.iter().map(|id| Some(known.values.get(*id)?.convert())).collect()
}

impl<'a, S: Scalar> Steps<'a, S> {
    pub fn new(descent: &'a Descent, objectives: &'a Objectives) -> Result<Steps<'a, S>, EvaluationError> {
        let graph = &objectives.whole.graph;
        let mut environment = Environment::given(graph);
        let start = || descent.start.iter().map(|(leaf, value)| (*leaf, value.convert::<S>()));
        for (leaf, value) in start() {
            environment.set(leaf, value);
        }
        let moving: Vec<LeafId> = descent.start.iter().map(|(leaf, _)| *leaf).collect();
        let wanted = |objective: &Objective| [objective.gradients.as_slice(), &[objective.loss]].concat();
        let whole = graph.replay(&wanted(&objectives.whole), &moving, &environment)?;
        let batches = descent.batches.as_ref();
        let drawn: Vec<LeafId> = batches.map_or_else(Vec::new, |batches| batches.examples.clone());
        let changing = [moving, drawn.clone()].concat();
        let parts = objectives
            .parts
            .iter()
            .map(|(_, part)| part.graph.replay(&part.gradients, &changing, &environment))
            .collect::<Result<_, _>>()?;
        let zero = |value: &Tensor<S>| Tensor::filled(value.extents(), S::zero());
        let params: Vec<Tensor<S>> = start().map(|(_, value)| value).collect();
        Ok(Steps {
            descent,
            objectives,
            rescue: |_, _, _| None,
            whole,
            parts,
            order: batches.map(Order::new),
            examples: drawn
                .iter()
                .filter_map(|leaf| Some((*leaf, environment.leaves.get(leaf)?.as_ref().clone())))
                .collect(),
            first: params.iter().map(zero).collect(),
            second: params.iter().map(zero).collect(),
            params,
            environment,
            made: 0,
        })
    }

    /// Whether every example has been seen as often as any other.
    fn is_round_complete(&self) -> bool {
        self.order.as_ref().is_none_or(|order| order.at >= order.rows.len())
    }

    /// The loss of all examples where the descent is now, and its gradients.
    fn everywhere(&mut self) -> Result<Standing<S>, EvaluationError> {
        let Objective { graph, loss, gradients } = &self.objectives.whole;
        let wanted = [&[*loss], gradients.as_slice()].concat();
        let mut values = found(&mut self.whole, (graph, &wanted), &self.environment, self.rescue)?;
        let gradients = values.split_off(1);
        Ok((values[0].first().clone(), gradients))
    }

    /// The gradients of the next examples, and which these are.
    fn drawn(&mut self) -> Result<Drawn<S>, EvaluationError> {
        let Some(order) = &mut self.order else {
            return self.everywhere().map(|(_, gradients)| (gradients, None));
        };
        let rows = order.draw();
        let mut environment = self.environment.clone();
        for (leaf, value) in &self.examples {
            environment.set(*leaf, picked(value, &rows));
        }
        let place = self.objectives.parts.iter().position(|(size, _)| *size == rows.len());
        let place = place.expect("there is an objective for each size of a batch");
        let (part, replay) = (&self.objectives.parts[place].1, &mut self.parts[place]);
        let gradients = found(replay, (&part.graph, &part.gradients), &environment, self.rescue)?;
        Ok((gradients, Some(rows)))
    }

    /// Makes one step.
    fn step(&mut self) -> Result<Step<S>, EvaluationError> {
        let (gradients, batch) = self.drawn()?;
        self.move_by(gradients, batch)
    }

    /// Makes one step by these gradients.
    fn move_by(&mut self, gradients: Vec<Tensor<S>>, batch: Option<Vec<usize>>) -> Result<Step<S>, EvaluationError> {
        let rule = &self.descent.rule;
        let rate = S::from_number(&rule.rates[self.made.min(rule.rates.len() - 1)]);
        let undefined =
            |cause: NumberError| EvaluationError::Undefined { node: self.objectives.whole.loss, error: cause.into() };
        let before = self.params.clone();
        let mut change = Vec::with_capacity(before.len());
        for (place, gradient) in gradients.iter().enumerate() {
            let (param, first, second) = (&before[place], &self.first[place], &self.second[place]);
            let mut moves = Vec::with_capacity(param.size());
            let entries = param.entries().zip(gradient.entries()).zip(first.entries().zip(second.entries()));
            for ((value, slope), (first, second)) in entries {
                let moving = Moving { value, slope, first, second, rate: &rate, time: self.made + 1 };
                moves.push(moved(rule, &moving).map_err(undefined)?);
            }
            let take =
                |pick: fn(&Moved<S>) -> S| Tensor::from_entries(param.extents(), moves.iter().map(pick).collect());
            change.push(take(|moved| moved.change.clone()));
            self.first[place] = take(|moved| moved.first.clone());
            self.second[place] = take(|moved| moved.second.clone());
        }
        for ((value, change), (leaf, _)) in self.params.iter_mut().zip(&change).zip(&self.descent.start) {
            *value = value.zip(change, |value, change| value.clone() + change.clone());
            self.environment.set(*leaf, value.clone());
        }
        self.made += 1;
        Ok(Step { params: before, gradients, change, batch })
    }
}

impl<S: Scalar> Iterator for Steps<'_, S> {
    type Item = Result<Step<S>, EvaluationError>;

    fn next(&mut self) -> Option<Result<Step<S>, EvaluationError>> {
        Some(self.step())
    }
}

/// One entry of a parameter on its way.
struct Moving<'a, S> {
    value: &'a S,
    slope: &'a S,
    first: &'a S,
    second: &'a S,
    rate: &'a S,
    /// The step, counted from 1.
    time: usize,
}

struct Moved<S> {
    change: S,
    first: S,
    second: S,
}

/// The rules as PyTorch and Optax have them: with weight decay `d` the gradient is `g + d w`; momentum `v = β v + g`,
/// `w -= η v`; Nesterov's `w -= η (g + β v)`; RMSProp `s = ρ s + (1 - ρ) g²`, `w -= η g/(√s + ε)`; Adam with both
/// means divided by `1 - βᵗ`.
fn moved<S: Scalar>(rule: &Rule, at: &Moving<'_, S>) -> Result<Moved<S>, NumberError> {
    let constant = |number: &Number| S::from_number(number);
    let slope = at.slope.clone() + constant(&rule.decay) * at.value.clone();
    let mean = |factor: &S, old: &S, new: S| factor.clone() * old.clone() + (S::one() - factor.clone()) * new;
    let back = |step: S| -(at.rate.clone() * step);
    let keep = |change: S| Moved { change, first: at.first.clone(), second: at.second.clone() };
    match &rule.method {
        Method::Plain => Ok(keep(back(slope))),
        Method::Momentum { beta } => {
            let first = constant(beta) * at.first.clone() + slope;
            Ok(Moved { first: first.clone(), ..keep(back(first)) })
        }
        Method::Nesterov { beta } => {
            let first = constant(beta) * at.first.clone() + slope.clone();
            let step = slope + constant(beta) * first.clone();
            Ok(Moved { first, ..keep(back(step)) })
        }
        Method::RmsProp { decay, epsilon } => {
            let second = mean(&constant(decay), at.second, slope.clone() * slope.clone());
            let step = slope.checked_div(&(second.sqrt()? + constant(epsilon)))?;
            Ok(Moved { second, ..keep(back(step)) })
        }
        Method::Adam { beta1, beta2, epsilon } => {
            let (beta1, beta2) = (constant(beta1), constant(beta2));
            let time = S::from_integer(i64::try_from(at.time).unwrap_or(i64::MAX));
            let first = mean(&beta1, at.first, slope.clone());
            let second = mean(&beta2, at.second, slope.clone() * slope);
            let unbiased = |value: &S, beta: &S| value.checked_div(&(S::one() - beta.pow(&time)?));
            let root = unbiased(&second, &beta2)?.sqrt()?;
            let step = unbiased(&first, &beta1)?.checked_div(&(root + constant(epsilon)))?;
            Ok(Moved { change: back(step), first, second })
        }
    }
}

/// The examples of the batches: all of them in order, then again; a stated seed shuffles each round.
#[derive(Debug)]
struct Order {
    rows: Vec<usize>,
    size: usize,
    at: usize,
    random: Option<SplitMix>,
}

impl Order {
    fn new(batches: &Batches) -> Order {
        let rows: Vec<usize> = (0..batches.rows).collect();
        Order { at: rows.len(), rows, size: batches.size, random: batches.seed.map(SplitMix) }
    }

    fn draw(&mut self) -> Vec<usize> {
        if self.at >= self.rows.len() {
            self.at = 0;
            if let Some(random) = &mut self.random {
                random.shuffle(&mut self.rows);
            }
        }
        let end = (self.at + self.size).min(self.rows.len());
        let drawn = self.rows[self.at..end].to_vec();
        self.at = end;
        drawn
    }
}

/// Some rows of a tensor, in this order.
fn picked<S: Scalar>(value: &Tensor<S>, rows: &[usize]) -> Tensor<S> {
    let mut extents = value.extents().to_vec();
    extents[0] = rows.len();
    Tensor::from_fn(&extents, |index| {
        let mut from = index.to_vec();
        from[0] = rows[index[0]];
        value.at(&from).clone()
    })
}

/// Whether a step is kept: the first ones, then the multiples of the power of ten below.
fn is_kept(step: usize) -> bool {
    step <= KEPT_STEPS || is_landmark(step)
}

/// Whether a long table shows a step: the first ten, then the multiples of the power of ten below.
pub fn is_landmark(step: usize) -> bool {
    step <= 10 || step.is_multiple_of(10_usize.pow(step.ilog10()))
}

/// Goes the whole way, and tells after each step how many are made and how many there are at most.
///
/// # Errors
/// The loss or a gradient has no value where the descent begins.
pub fn walk(
    descent: &Descent,
    objectives: &Objectives,
    progress: &dyn Fn(usize, usize),
) -> Result<Path, EvaluationError> {
    let rough = Steps::<f64> { rescue: carefully, ..Steps::new(descent, objectives)? };
    let exact = Steps::<Number>::new(descent, objectives).ok();
    let mut walk = Walk { descent, rough, exact, rows: Vec::new() };
    loop {
        if let Some(end) = walk.one()? {
            return Ok(Path { rows: walk.rows, end });
        }
        progress(walk.rough.made, descent.stop.steps);
    }
}

/// A descent on its way, in doubles and as long as they are small in exact numbers.
struct Walk<'a> {
    descent: &'a Descent,
    rough: Steps<'a, f64>,
    exact: Option<Steps<'a, Number>>,
    rows: Vec<Row>,
}

impl Walk<'_> {
    /// Looks where the descent is, and makes the next step unless it ends here.
    fn one(&mut self) -> Result<Option<End>, EvaluationError> {
        let step = self.rough.made;
        self.drop_large_numbers();
        let is_last = step == self.descent.stop.steps || is_lost(&self.rough.params);
        let is_checked = self.descent.stop.below.is_some() && self.rough.is_round_complete();
        let is_looked_at = self.rough.order.is_none() || is_checked || is_kept(step) || is_last;
        let here = match is_looked_at.then(|| self.rough.everywhere()) {
            Some(Err(error)) if step == 0 => return Err(error),
            here => here.and_then(Result::ok),
        };
        let end = match () {
            () if is_lost(&self.rough.params) => Some(End::Diverged),
            () if is_checked && here.as_ref().is_some_and(|(_, gradients)| self.is_small(gradients)) => {
                Some(End::Reached)
            }
            () if is_last => Some(End::Counted),
            () => None,
        };
        let exactly = self.exact.as_mut().filter(|_| is_looked_at).and_then(|exact| exact.everywhere().ok());
        let row = (end.is_some() || is_kept(step)).then(|| self.standing(step, here.as_ref(), exactly.as_ref()));
        if end.is_some() {
            self.rows.extend(row);
            return Ok(end);
        }
        match self.next_step(here, exactly) {
            Err(error) if step == 0 => Err(error),
            Err(_) => {
                self.rows.extend(row);
                let far = self.rough.params.iter().flat_map(Tensor::entries).any(|entry| entry.abs() > FAR);
                Ok(Some(if far { End::Diverged } else { End::NoGradient }))
            }
            Ok((made, exactly)) => {
                let row = row.map(|row| self.departing(row, made, exactly));
                self.rows.extend(row);
                Ok(None)
            }
        }
    }

    fn drop_large_numbers(&mut self) {
        let is_small = |steps: &Steps<'_, Number>| {
            steps.made <= EXACT_STEPS && steps.params.iter().flat_map(Tensor::entries).all(Number::is_small)
        };
        if !self.exact.as_ref().is_some_and(is_small) {
            self.exact = None;
        }
    }

    fn is_small(&self, gradients: &[Tensor<f64>]) -> bool {
        let Some((places, below)) = &self.descent.stop.below else { return false };
        norm(places.iter().filter_map(|place| gradients.get(*place))) < below.to_f64()
    }

    /// The step from here in doubles, and exactly where that is possible.
    fn next_step(
        &mut self,
        here: Option<Standing<f64>>,
        exactly: Option<Standing<Number>>,
    ) -> Result<(Step<f64>, Option<Step<Number>>), EvaluationError> {
        let whole = self.rough.order.is_none();
        let made = match here.filter(|_| whole) {
            Some((_, gradients)) => self.rough.move_by(gradients, None)?,
            None => self.rough.step()?,
        };
        let exactly = self.exact.as_mut().map(|steps| match exactly.filter(|_| whole) {
            Some((_, gradients)) => steps.move_by(gradients, None),
            None => steps.step(),
        });
        let exactly = exactly.and_then(Result::ok);
        if exactly.is_none() {
            self.exact = None;
        }
        Ok((made, exactly))
    }

    /// Where the descent stands, without a step.
    fn standing(&self, step: usize, here: Option<&Standing<f64>>, exactly: Option<&Standing<Number>>) -> Row {
        let loss = here.and_then(|(loss, _)| loss.is_finite().then(|| Number::approx(*loss)));
        let exact_loss = exactly.map(|(loss, _)| loss.clone()).filter(Number::is_small);
        let gradients = here.filter(|_| self.rough.order.is_none());
        Row {
            step,
            params: better(self.exact.as_ref().map(|exact| &exact.params), &self.rough.params),
            loss: exact_loss.or(loss),
            gradients: gradients.map(|(_, rough)| better(exactly.map(|(_, exact)| exact), rough)),
            change: None,
            rate: None,
            batch: None,
            moments: None,
        }
    }

    /// The row with the step that was made from there.
    fn departing(&self, row: Row, made: Step<f64>, exactly: Option<Step<Number>>) -> Row {
        let rates = &self.descent.rule.rates;
        let exact = self.exact.as_ref();
        Row {
            gradients: Some(better(exactly.as_ref().map(|made| &made.gradients), &made.gradients)),
            change: Some(better(exactly.as_ref().map(|made| &made.change), &made.change)),
            rate: Some(rates[row.step.min(rates.len() - 1)].clone()),
            batch: made.batch,
            moments: (self.descent.rule.method != Method::Plain).then(|| Moments {
                first: better(exact.map(|steps| &steps.first), &self.rough.first),
                second: better(exact.map(|steps| &steps.second), &self.rough.second),
            }),
            ..row
        }
    }
}

/// The exact values where there are any and they are small.
fn better(exact: Option<&Vec<Tensor<Number>>>, rough: &[Tensor<f64>]) -> Vec<Tensor<Number>> {
    match exact.filter(|exact| exact.iter().flat_map(Tensor::entries).all(Number::is_small)) {
        Some(exact) => exact.clone(),
        None => rough.iter().map(|value| value.map(Number::approx)).collect(),
    }
}

fn is_lost(params: &[Tensor<f64>]) -> bool {
    params.iter().flat_map(Tensor::entries).any(|entry| !entry.is_finite() || entry.abs() > DIVERGED)
}

/// The Euclidean norm of all entries together.
pub fn norm<'a>(gradients: impl Iterator<Item = &'a Tensor<f64>>) -> f64 {
    libm::sqrt(gradients.flat_map(Tensor::entries).map(|entry| entry * entry).sum::<f64>())
}
