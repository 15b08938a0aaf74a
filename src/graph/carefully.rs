//! Values that are known to the last digit shown, entry by entry, and why an entry has none.

use super::{Environment, EvaluationError, Graph, Kind, LeafId, NodeId, SymbolName, Values};
use crate::careful::Careful;
use crate::limits::CAREFUL_ENTRIES;
use crate::number::{Number, NumberError};
use crate::ops::{Op, Operator, ValueError};
use crate::scalar::Scalar;
use crate::syntax::ast::LeafKind;
use crate::tensor::{Tensor, indices};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Bits of the second computation, and of a third where these do not tell.
const BITS: u64 = 256;
pub const MORE_BITS: u64 = 3_072;
/// Entries of one gradient that are looked for as limits.
const LIMITS: usize = 16;

/// What is known of the values of a graph.
#[derive(Clone, Debug)]
pub struct Known {
    /// The values of which every entry exists.
    pub values: Values<Number>,
    /// Those of which some entry does not, with `nan` there.
    partial: BTreeMap<NodeId, Tensor<Number>>,
    missing: BTreeMap<NodeId, Vec<Missing>>,
    /// The gradients of which an entry is known as a limit only.
    pub limits: BTreeSet<NodeId>,
    /// Whether there was too much to compute more than doubles.
    pub only_doubles: bool,
}

/// An entry (counted from 0) that has no value, and why.
pub type Missing = (Vec<usize>, NumberError);

impl Known {
    fn roughly(values: Values<Number>) -> Known {
        Known {
            values,
            partial: BTreeMap::new(),
            missing: BTreeMap::new(),
            limits: BTreeSet::new(),
            only_doubles: false,
        }
    }

    /// The value with `nan` where an entry has none; `None` where no entry has one.
    pub fn partial(&self, id: NodeId) -> Option<Tensor<Number>> {
        self.partial.get(&id).cloned()
    }

    /// The entries without a value.
    pub fn missing(&self, id: NodeId) -> Vec<Missing> {
        self.missing.get(&id).cloned().unwrap_or_default()
    }

    fn add<const B: u64>(&mut self, id: NodeId, value: &Tensor<Careful<B>>) {
        if let Ok(whole) = value.try_map(Careful::to_number) {
            return self.values.set(id, Arc::new(whole));
        }
        if value.entries().any(|entry| !entry.is_undefined()) {
            let entries = value.map(|entry| entry.to_number().unwrap_or_else(|_| Number::approx(f64::NAN)));
            self.partial.insert(id, entries);
        }
        let missing = indices(value.extents()).filter_map(|index| Some((value.at(&index).to_number().err()?, index)));
        self.missing.insert(id, missing.map(|(cause, index)| (index, cause)).collect());
    }
}

impl Graph {
    /// The values of `wanted` and of what they need. What is rounded in doubles is computed again to 77 digits (to 900,
    /// where these are all lost), so that no digit is lost to cancellation, and a branch that is switched off does not
    /// count.
    pub fn known(&self, wanted: &[NodeId], environment: &Environment<Number>) -> Known {
        let rough = self.evaluate_partly(wanted, environment);
        let needed = self.needed(wanted);
        let ids: Vec<NodeId> = self.ids().filter(|id| needed[id.place()]).collect();
        let entries: usize = ids.iter().filter_map(|id| rough.get(*id)).map(Tensor::size).sum();
        if ids.iter().all(|id| rough.get(*id).is_some_and(Tensor::is_exact)) {
            return Known::roughly(rough);
        }
        if entries > CAREFUL_ENTRIES {
            return Known { only_doubles: true, ..Known::roughly(rough) };
        }
        let mut limits = BTreeSet::new();
        let careful = self.evaluate_telling::<BITS>(&ids, environment, &mut limits);
        let unclear =
            wanted.iter().filter_map(|id| careful.get(*id)).flat_map(Tensor::entries).any(Careful::is_unclear);
        let known = match unclear && entries <= CAREFUL_ENTRIES / 20 {
            true => self.settled(&ids, &rough, &self.evaluate_telling::<MORE_BITS>(&ids, environment, &mut limits)),
            false => self.settled(&ids, &rough, &careful),
        };
        Known { limits, ..known }
    }

    fn settled<const B: u64>(&self, ids: &[NodeId], rough: &Values<Number>, careful: &Values<Careful<B>>) -> Known {
        let mut known = Known::roughly(Values::none());
        // An exact 0 or 1 of a comparison of rounded numbers is as good as these.
        let mut exactly = vec![false; self.size()];
        for id in ids.iter().copied() {
            let is_exact = rough.get(id).is_some_and(Tensor::is_exact);
            exactly[id.place()] = is_exact && self.operands(id).iter().all(|operand| exactly[operand.place()]);
            match (rough.shared(id).filter(|_| exactly[id.place()]), careful.get(id)) {
                (Some(exact), _) => known.values.set(id, Arc::clone(exact)),
                (None, Some(value)) => known.add(id, value),
                (None, None) => {}
            }
        }
        known
    }

    /// Why a node has no value: the first operator below it that has none.
    pub fn why_missing(&self, known: &Known, id: NodeId, environment: &Environment<Number>) -> EvaluationError {
        match self.evaluate(&[id], environment) {
            Err(error @ (EvaluationError::NoValue(_) | EvaluationError::NoDimension { .. })) => return error,
            Err(error) if known.missing(id).is_empty() => return error,
            Err(_) | Ok(_) => {}
        }
        let mut at = id;
        while let Some(operand) = self.operands(at).iter().find(|operand| !known.missing(**operand).is_empty()) {
            at = *operand;
        }
        let missing = known.missing(at).into_iter().next();
        let (entry, cause) = missing.unwrap_or((Vec::new(), NumberError::Domain));
        EvaluationError::Undefined { node: at, error: ValueError { cause, entry } }
    }

    /// Every value to so many bits, entry by entry.
    pub fn evaluate_carefully<const B: u64>(
        &self,
        ids: &[NodeId],
        environment: &Environment<Number>,
    ) -> Values<Careful<B>> {
        self.evaluate_telling(ids, environment, &mut BTreeSet::new())
    }

    /// The same, and tells which gradients are known as limits only.
    fn evaluate_telling<const B: u64>(
        &self,
        ids: &[NodeId],
        environment: &Environment<Number>,
        limits: &mut BTreeSet<NodeId>,
    ) -> Values<Careful<B>> {
        let given = environment;
        let leaf = |(id, value): (&super::LeafId, &Arc<Tensor<Number>>)| {
            let parameter = self.leaf(*id).kind == LeafKind::Param;
            (*id, Arc::new(value.map(|number| Careful::given(&number, parameter))))
        };
        let leaves = environment.leaves.iter().map(leaf).collect();
        let environment = Environment { leaves, dims: environment.dims.clone() };
        let mut values: Values<Careful<B>> = Values::none();
        let lines: Vec<NodeId> = self.ids().filter(|id| self.is_line(*id)).collect();
        let written = self.needed(&lines);
        for id in ids {
            if self.operands(*id).iter().any(|operand| values.get(*operand).is_none()) {
                continue;
            }
            let known = |id: NodeId| values.shared(id).expect("looked for above");
            let found = self.value(*id, &known, &environment);
            let found = found.map(|value| self.kept(*id, self.spoiled(*id, value, &values), &values));
            let value = match found {
                Ok(value) if written[id.place()] => self.divided(*id, value, &values),
                Ok(value) => value,
                Err(EvaluationError::Undefined { node, error }) => {
                    let Ok(extents) = super::values::extents(node, self.shape(*id), &environment) else { continue };
                    Arc::new(Tensor::filled(&extents, Careful::Undefined(error.cause)))
                }
                Err(EvaluationError::NoValue(_) | EvaluationError::NoDimension { .. }) => continue,
            };
            let limit = self.as_leaf_gradient(*id).and_then(|(of, loss)| self.limit(&value, of, loss, given));
            limits.extend(limit.as_ref().map(|_| *id));
            values.set(*id, limit.map_or(value, Arc::new));
        }
        values
    }

    /// The leaf and the loss of a gradient.
    fn as_leaf_gradient(&self, id: NodeId) -> Option<(LeafId, NodeId)> {
        let SymbolName::Gradient { of, loss } = self.as_symbol(id)?.name else { return None };
        let Kind::Leaf(leaf) = self.kind(of) else { return None };
        Some((*leaf, loss))
    }

    /// A gradient whose formula has no value in some entries, with the limits of the difference quotients there: if
    /// they are the same from both sides, and along two other lines what the gradient says.
    fn limit<const B: u64>(
        &self,
        gradient: &Tensor<Careful<B>>,
        of: LeafId,
        loss: NodeId,
        environment: &Environment<Number>,
    ) -> Option<Tensor<Careful<B>>> {
        let open: Vec<Vec<usize>> =
            indices(gradient.extents()).filter(|index| gradient.at(index).is_undefined()).collect();
        let value = environment.leaves.get(&of)?;
        if open.is_empty() || open.len() > LIMITS || !self.shape(loss).is_scalar() || !value.is_exact() {
            return None;
        }
        let needed = self.needed(&[loss]);
        let ids: Vec<NodeId> = self.ids().filter(|id| needed[id.place()]).collect();
        let loss_at = |step: &Tensor<Number>| {
            let mut environment = environment.clone();
            environment.set(of, value.zip(step, |x, u| x + u));
            self.evaluate_carefully::<MORE_BITS>(&ids, &environment).get(loss).map(|loss| loss.first().clone())
        };
        let here = loss_at(&value.map(|_| Number::integer(0)))?;
        let mut found = gradient.clone();
        for index in &open {
            let unit = Tensor::from_fn(value.extents(), |other| Number::integer(i64::from(other == index.as_slice())));
            let slope = slope_along(&unit, &here, &loss_at)?;
            found = Tensor::from_fn(found.extents(), |other| match other == index.as_slice() {
                true => Careful::given(&slope, true),
                false => found.at(other).clone(),
            });
        }
        let straight = value.size() == 1
            || (1..=2).all(|turn| {
                let mut place = 0;
                let line = value.map(|_| {
                    place += 1;
                    Number::integer((place * place * (turn + 2)) % 7 - 3)
                });
                let says: f64 = found.entries().zip(line.entries()).map(|(slope, u)| slope.to_f64() * u.to_f64()).sum();
                let slope = slope_along(&line, &here, &loss_at).map_or(f64::NAN, |slope| slope.to_f64());
                (slope - says).abs() <= 1e-9 * slope.abs().max(1e-9)
            });
        straight.then_some(found)
    }

    /// Whether a node is a line of the model.
    fn is_line(&self, id: NodeId) -> bool {
        self.as_symbol(id).is_some_and(|symbol| matches!(symbol.name, SymbolName::Model(_)))
    }

    /// In a line of the model 0/0 has no value, whatever the 0 above is; only a gradient that is switched off stays so.
    fn divided<const B: u64>(
        &self,
        id: NodeId,
        value: Arc<Tensor<Careful<B>>>,
        values: &Values<Careful<B>>,
    ) -> Arc<Tensor<Careful<B>>> {
        let Some((Op::Div(division), [above, below])) = self.as_apply(id) else { return value };
        let (Some(above), Some(below)) = (values.get(*above), values.get(*below)) else { return value };
        let above = above.map(|entry| entry.kept());
        let Ok(strict) = division.evaluate(&[&above, below]) else { return value };
        let entries = value.entries().zip(strict.entries());
        let entries = entries.map(|(own, strict)| if strict.is_undefined() { strict.clone() } else { own.clone() });
        Arc::new(Tensor::from_entries(value.extents(), entries.collect()))
    }

    /// A determinant that is 0, and the slope of |a| at 0, are numbers like any other: they switch nothing off.
    fn kept<const B: u64>(
        &self,
        id: NodeId,
        value: Arc<Tensor<Careful<B>>>,
        values: &Values<Careful<B>>,
    ) -> Arc<Tensor<Careful<B>>> {
        match self.as_apply(id) {
            Some((Op::Det(_), _)) => Arc::new(value.map(|entry| entry.kept())),
            Some((Op::Sign(_), [operand])) => {
                let Some(operand) = values.get(*operand) else { return value };
                let own = |entry: &Careful<B>, of: &Careful<B>| {
                    if *of == Careful::Off { entry.clone() } else { entry.kept() }
                };
                Arc::new(value.zip(operand, own))
            }
            _ => value,
        }
    }

    /// What an operator chooses by comparing is not known where one of the compared entries is not.
    fn spoiled<const B: u64>(
        &self,
        id: NodeId,
        value: Arc<Tensor<Careful<B>>>,
        values: &Values<Careful<B>>,
    ) -> Arc<Tensor<Careful<B>>> {
        let Kind::Apply(op, operands) = self.kind(id) else { return value };
        let operands: Vec<&Tensor<Careful<B>>> = operands.iter().filter_map(|operand| values.get(*operand)).collect();
        let cause = |tensor: &Tensor<Careful<B>>| tensor.entries().find(|entry| entry.is_undefined()).cloned();
        let Some(first) = compares(op).then(|| operands.iter().find_map(|operand| cause(operand))).flatten() else {
            return value;
        };
        if !op.is_entrywise(operands.len())
            && !matches!(op, Op::Relu(_) | Op::LeakyRelu(_) | Op::Maximum(_) | Op::Minimum(_) | Op::Clip(_))
        {
            return Arc::new(value.map(|_| first.clone()));
        }
        let at = |index: &[usize]| {
            let entry = |operand: &&Tensor<Careful<B>>| {
                let own = if operand.rank() == 0 { operand.first() } else { operand.repeated_at(index) };
                own.is_undefined().then(|| own.clone())
            };
            operands.iter().find_map(entry).unwrap_or_else(|| value.at(index).clone())
        };
        Arc::new(Tensor::from_fn(value.extents(), at))
    }
}

/// The limit of `(L(x + h u) - L(x))/h` where h goes to 0 from above and from below.
fn slope_along(
    line: &Tensor<Number>,
    here: &Careful<MORE_BITS>,
    loss_at: &impl Fn(&Tensor<Number>) -> Option<Careful<MORE_BITS>>,
) -> Option<Number> {
    let quotient = |h: Number| {
        let there = loss_at(&line.map(|u| &u * &h))?;
        let quotient = (there - here.clone()).checked_div(&Careful::given(&h, true)).ok()?;
        quotient.to_number().ok()
    };
    let from = |sign: i64| {
        let h = |bits: i64| Number::integer(2).pow(&Number::integer(-bits)).ok().map(|h| &h * &Number::integer(sign));
        let (far, near) = (quotient(h(200)?)?.to_f64(), quotient(h(300)?)?.to_f64());
        match () {
            () if near.abs() <= far.abs() * 1e-6 => Some(0.0),
            () => ((near - far).abs() <= 1e-15 * near.abs()).then_some(near),
        }
    };
    let (above, below) = (from(1)?, from(-1)?);
    let slope = if above == 0.0 { Number::integer(0) } else { Number::approx(above) };
    ((above - below).abs() <= 1e-15 * above.abs()).then_some(slope)
}

/// Whether the operator's value depends on which of its entries is the larger.
fn compares(op: &Op) -> bool {
    matches!(
        op,
        Op::Compare(_)
            | Op::Relu(_)
            | Op::LeakyRelu(_)
            | Op::Step(_)
            | Op::Sign(_)
            | Op::Clip(_)
            | Op::Maximum(_)
            | Op::Minimum(_)
            | Op::Max(_)
            | Op::Min(_)
            | Op::ArgmaxMask(_)
            | Op::ArgminMask(_)
            | Op::Hinge(_)
            | Op::Softmax(_)
            | Op::LogSoftmax(_)
            | Op::LogSumExp(_)
            | Op::MaxPool(_)
            | Op::MaxPoolGradient(_)
            | Op::MaxPoolSelect(_)
            | Op::Inverse(_)
            | Op::Det(_)
    )
}
