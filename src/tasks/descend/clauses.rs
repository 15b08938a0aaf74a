//! What a descent is asked to do: the parameters, where they begin, and how they move.

use crate::tasks::{Ask, Line};
use crate::diagnostic::Diagnostic;
use crate::graph::{Kind, NodeId};
use crate::limits::{DESCENT_ENTRIES, DESCENT_STEPS};
use crate::lower::{Bound, Computability, Given, Lowerer, no_dimension, read_number, spelling};
use crate::model::{Batches, Descent, Method, Point, Rule, Stop};
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::{Binding, DescendClause, DescendFrom, DescentRequest, Expr, ExprKind, LeafKind, Name, Spanned};
use crate::tensor::Tensor;

const CODE: &str = "E-descend";

/// What the clauses say, each once.
#[derive(Default)]
struct Said<'a> {
    rates: Option<(&'a [Spanned<String>], Span)>,
    until: Option<(&'a [Name], &'a Spanned<String>)>,
    steps: Option<&'a Spanned<String>>,
    method: Option<(&'a Spanned<String>, &'a [Spanned<String>])>,
    decay: Option<&'a Spanned<String>>,
    batch: Option<(Option<&'a Spanned<String>>, Span)>,
    seed: Option<&'a Spanned<String>>,
}

impl<'a> Said<'a> {
    fn of(clauses: &'a [Spanned<DescendClause>]) -> Result<Said<'a>, Diagnostic> {
        let mut said = Said::default();
        for clause in clauses {
            let again = match &clause.value {
                DescendClause::Rates(rates) => said.rates.replace((rates, clause.span)).is_some(),
                DescendClause::Until { names, below } => said.until.replace((names, below)).is_some(),
                DescendClause::Steps(steps) => said.steps.replace(steps).is_some(),
                DescendClause::Method { name, numbers } => said.method.replace((name, numbers)).is_some(),
                DescendClause::Decay(factor) => said.decay.replace(factor).is_some(),
                DescendClause::Batch(size) => said.batch.replace((Some(size), clause.span)).is_some(),
                DescendClause::Stochastic => said.batch.replace((None, clause.span)).is_some(),
                DescendClause::Shuffled(seed) => said.seed.replace(seed).is_some(),
            };
            if again {
                return Err(fault("a descent is told this once", clause.span, "a second time"));
            }
        }
        Ok(said)
    }
}

fn fault(message: impl Into<String>, span: Span, label: &str) -> Diagnostic {
    Diagnostic::error(CODE, message).at(span, label)
}

impl Lowerer {
    pub(super) fn descend(&mut self, line: &mut Line) -> Option<Ask> {
        let DescentRequest { starts, of, clauses } = line.part(0)?.descent()?;
        let (of, span, state) = (of.as_ref(), line.span, line.state);
        let loss = self.loss(of, starts.first().map_or(span, |start| start.name.span))?;
        self.computable(&[loss], state);
        let (mut params, mut start) = (Vec::new(), Point::new());
        for (place, from) in starts.iter().enumerate() {
            let (id, value) = self.start(from, starts[place..].iter().find_map(|from| from.start.as_ref()), line.values)?;
            self.not_assumed(&from.name, id, "a step")?;
            if params.contains(&id) {
                let message = format!("`{}` is named twice", from.name.text);
                self.faults.push(Diagnostic::error("E-duplicate", message).at(from.name.span, "again"));
                return None;
            }
            self.warn_zero(loss, id, from.name.span);
            params.push(id);
            start.extend(value);
        }
        self.loss_has_value(loss, span, &[start.clone()], state);
        let entries: usize = start.iter().map(|(_, value)| value.size()).sum();
        if entries > DESCENT_ENTRIES {
            let message = format!("a descent of {entries} numbers; it takes at most {DESCENT_ENTRIES}");
            self.faults.push(Diagnostic::error("E-size", message).at(span, "too many"));
            return None;
        }
        let clauses: Vec<_> = clauses.iter().map(|clause| self.with_numbers(clause)).collect::<Option<_>>()?;
        match self.descent(loss, params, start, &clauses, span) {
            Ok(descent) => Some(Ask::Descend(Box::new(descent))),
            Err(error) => {
                self.faults.push(error);
                None
            }
        }
    }

    /// A clause with the constant's value where its rate is one.
    fn with_numbers(&mut self, clause: &Spanned<DescendClause>) -> Option<Spanned<DescendClause>> {
        let DescendClause::Rates(rates) = &clause.value else { return Some(clause.clone()) };
        let number = |rate: &Spanned<String>| {
            let value = self.rate(rate)?.to_string();
            Some(Spanned { value, span: rate.span })
        };
        let named = rates.iter().any(|rate| rate.value.starts_with(char::is_alphabetic));
        let rates = if named { rates.iter().map(number).collect::<Option<_>>()? } else { rates.clone() };
        Some(Spanned { value: DescendClause::Rates(rates), span: clause.span })
    }

    pub(in crate::tasks) fn loss_has_value(&mut self, loss: NodeId, span: Span, points: &[Point], state: &Computability) {
        let text = spelling(&self.graph, loss).unwrap_or("the loss").to_string();
        self.has_value(loss, &Name { text, index: None, span }, points, state);
    }

    /// The parameter and its value at the start; the value stays out where it is missing, which is told of the loss.
    fn start(
        &mut self,
        from: &DescendFrom,
        start: Option<&Expr>,
        values: &mut Given,
    ) -> Option<(NodeId, Option<Bound>)> {
        let name = &from.name;
        let id = self.value_of(name)?;
        let word = start.and_then(|start| match &start.node(start.root()).kind {
            ExprKind::Name(word) if start.nodes.len() == 1 => Some(word.text.as_str()),
            _ => None,
        });
        match (start, word) {
            (None, _) | (_, Some("given")) => {
                let Kind::Leaf(leaf) = self.graph.kind(id) else { return self.computed(name) };
                Some((id, self.graph.leaf(*leaf).value.clone().map(|value| (*leaf, value))))
            }
            (_, Some("zero")) => self
                .zero(id, name, format!("in symbols ask for the gradient: `derive d{}`", name.text))
                .map(|value| (id, Some(value))),
            (Some(value), _) => {
                let bound = self.binding(&Binding { name: name.clone(), value: value.clone() }, values)?;
                Some((id, Some(bound)))
            }
        }
    }

    fn computed<T>(&mut self, name: &Name) -> Option<T> {
        let message = format!("`{}` is computed, so it can't be moved", name.text);
        self.faults.push(Diagnostic::error("E-task", message).at(name.span, "not a given name"));
        None
    }

    /// `symbols` says what can be asked for where there are no sizes.
    pub(in crate::tasks) fn zero(&mut self, id: NodeId, name: &Name, symbols: String) -> Option<Bound> {
        let Kind::Leaf(leaf) = self.graph.kind(id) else { return self.computed(name) };
        let (leaf, shape) = (*leaf, self.graph.shape(id).clone());
        let Some(extents) = shape.as_integers() else {
            let dim = shape.0.iter().find_map(|dim| dim.names().first().map(|dim| (*dim).to_string()));
            let label = format!("`{}` has shape {shape}", name.text);
            let error = no_dimension(&dim.unwrap_or_default()).at(name.span, label);
            self.faults.push(error.help(symbols));
            return None;
        };
        Some((leaf, Tensor::filled(&extents, Number::integer(0))))
    }

    fn descent(
        &mut self,
        loss: NodeId,
        params: Vec<NodeId>,
        start: Point,
        clauses: &[Spanned<DescendClause>],
        span: Span,
    ) -> Result<Descent, Diagnostic> {
        let said = Said::of(clauses)?;
        let Some((rates, _)) = said.rates else {
            return Err(fault("a descent needs a rate", span, "how far does a step go?").help("for example `rate 0.1`"));
        };
        let rates =
            rates.iter().map(|rate| between(rate, "a rate", 0.0, f64::INFINITY)).collect::<Result<Vec<_>, _>>()?;
        let method = said.method.map_or(Ok(Method::Plain), |(name, numbers)| method(name, numbers))?;
        let decay = said.decay.map_or(Ok(Number::integer(0)), |factor| at_least_zero(factor, "weight decay"))?;
        let stop = self.stop(&said, rates.len(), &params, span)?;
        let batches = match (said.batch, said.seed) {
            (Some((size, place)), seed) => Some(self.batches(loss, size, place, seed)?),
            (None, Some(seed)) => {
                let error = fault("only batches come in an order", seed.span, "shuffles nothing");
                return Err(error.help("add `batch 2` or `stochastic`"));
            }
            (None, None) => None,
        };
        Ok(Descent { loss, params, start, rule: Rule { rates, method, decay }, batches, stop })
    }

    fn stop(&mut self, said: &Said<'_>, rates: usize, params: &[NodeId], span: Span) -> Result<Stop, Diagnostic> {
        let mut below = None;
        if let Some((names, bound)) = said.until {
            let mut places = Vec::new();
            for name in names {
                let id = self.gradient_of(name);
                match id.and_then(|id| params.iter().position(|param| *param == id)) {
                    Some(place) => places.push(place),
                    None => {
                        return Err(fault(
                            format!("`{}` is no gradient of this descent", name.text),
                            name.span,
                            "does not move",
                        ));
                    }
                }
            }
            below = Some((places, between(bound, "the bound of the gradient", 0.0, f64::INFINITY)?));
        }
        let steps = match said.steps {
            Some(steps) => whole(steps, "the number of steps", DESCENT_STEPS)?,
            None if below.is_some() => DESCENT_STEPS,
            None if rates > 1 => rates,
            None => {
                let error = fault("this descent never ends", span, "until when?");
                return Err(error.help("add `until |da| < 0.001` or `for 20 steps`"));
            }
        };
        Ok(Stop { steps, below })
    }

    /// The rows of the data that the loss needs are the examples.
    fn batches(
        &mut self,
        loss: NodeId,
        size: Option<&Spanned<String>>,
        span: Span,
        seed: Option<&Spanned<String>>,
    ) -> Result<Batches, Diagnostic> {
        if self.scope.default_axis == 0 {
            return Err(fault("batches take rows, and here examples are columns", span, "of what?"));
        }
        let needed = self.graph.needed(&[loss]);
        let data: Vec<(NodeId, usize)> = self
            .leaves
            .iter()
            .filter(|id| needed[id.place()])
            .filter_map(|id| {
                let leaf = self.graph.as_leaf(*id)?;
                let rows = *leaf.value.as_ref()?.extents().first()?;
                matches!(leaf.kind, LeafKind::Input | LeafKind::Target).then_some((*id, rows))
            })
            .collect();
        let of_table = |(id, _): &&(NodeId, usize)| self.tables.iter().any(|table| table.contains(id));
        let Some((_, rows)) = data.iter().find(of_table).or(data.first()) else {
            return Err(fault("there are no examples", span, "of what?").help("give data: `data x, y = [1 2; 3 4]`"));
        };
        let examples = data.iter().filter(|(_, own)| own == rows).filter_map(|(id, _)| match self.graph.kind(*id) {
            Kind::Leaf(leaf) => Some(*leaf),
            _ => None,
        });
        let size = size.map_or(Ok(1), |size| whole(size, "the size of a batch", *rows))?;
        let seed = match seed {
            Some(seed) => {
                Some(seed.value.parse().map_err(|_| fault("a seed has at most 19 digits", seed.span, "too long"))?)
            }
            None => None,
        };
        Ok(Batches { size, seed, examples: examples.collect(), rows: *rows })
    }
}

fn method(name: &Spanned<String>, numbers: &[Spanned<String>]) -> Result<Method, Diagnostic> {
    let most = if name.value == "adam" {
        3
    } else if name.value == "rmsprop" {
        2
    } else {
        1
    };
    if let Some(extra) = numbers.get(most) {
        return Err(fault(format!("`{}` takes at most {most} of these", name.value), extra.span, "one too many"));
    }
    let factor = |place: usize, default: i64, of: i64| match numbers.get(place) {
        Some(number) => below_one(number),
        None => Ok(Number::ratio(default, of)),
    };
    let epsilon = |place: usize| match numbers.get(place) {
        Some(number) => at_least_zero(number, "ε"),
        None => Ok(Number::ratio(1, 100_000_000)),
    };
    Ok(match name.value.as_str() {
        "momentum" => Method::Momentum { beta: factor(0, 9, 10)? },
        "nesterov" => Method::Nesterov { beta: factor(0, 9, 10)? },
        "rmsprop" => Method::RmsProp { decay: factor(0, 9, 10)?, epsilon: epsilon(1)? },
        _ => Method::Adam { beta1: factor(0, 9, 10)?, beta2: factor(1, 999, 1000)?, epsilon: epsilon(2)? },
    })
}

/// A number strictly between two others.
fn between(text: &Spanned<String>, what: &str, low: f64, high: f64) -> Result<Number, Diagnostic> {
    let number = read_number(&plain(text), text.span)?;
    match number.to_f64() > low && number.to_f64() < high {
        true => Ok(number),
        false => Err(fault(format!("{what} is larger than 0"), text.span, "not that")),
    }
}

fn at_least_zero(text: &Spanned<String>, what: &str) -> Result<Number, Diagnostic> {
    let number = read_number(&plain(text), text.span)?;
    match number.is_negative() {
        false => Ok(number),
        true => Err(fault(format!("{what} is not negative"), text.span, "below 0")),
    }
}

fn below_one(text: &Spanned<String>) -> Result<Number, Diagnostic> {
    let number = read_number(&plain(text), text.span)?;
    match (0.0..1.0).contains(&number.to_f64()) {
        true => Ok(number),
        false => Err(fault("this factor is at least 0 and less than 1", text.span, "not that")),
    }
}

fn whole(text: &Spanned<String>, what: &str, most: usize) -> Result<usize, Diagnostic> {
    match text.value.parse::<usize>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        Ok(_) | Err(_) => Err(fault(format!("{what} is a whole number from 1 to {most}"), text.span, "not that")),
    }
}

/// A number with the minus sign that numbers are read with.
fn plain(text: &Spanned<String>) -> String {
    text.value.replace(['−', '–'], "-")
}
