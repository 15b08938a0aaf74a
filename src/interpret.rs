//! Evaluates the lines of a problem as they stand in its file: the syntax tree alone, one name after another.
//!
//! Nothing here knows the graph, or how a line becomes a part of it; only the operators' evaluation is common. So the
//! certificate can compare what was made of a text with what the text says.

use crate::number::{INFINITE, INFINITY};
use crate::ops::{
    Add, Compare, Concat, Diag, Div, Entry, Hadamard, MatMul, Neg, Op, Options, Pow, REFERENCES, Reference,
};
use crate::ops::{Scale, Sub, Sum, Transpose};
use crate::shape::Shape;
use crate::syntax::ast::{
    BinaryOp, DimExpr, Expr, ExprId, ExprKind, Given, ModelLine, Name, NamedOption, OptionValue, Repeat, Sign, Spanned,
    Spec, Table,
};
use crate::syntax::heads::{self, HEADS};
use crate::syntax::names::{key, widths};
use crate::tensor::Tensor;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

type Value = Arc<Tensor<f64>>;

/// Values by the keys of their names.
pub type Named = BTreeMap<String, Value>;

/// The values of loop variables, the innermost last.
type Loops = Rc<[(String, i64)]>;

/// The lines of a model at given sizes, with their loops unrolled.
#[derive(Debug)]
pub struct Text<'a> {
    lines: BTreeMap<String, (&'a Expr, Loops)>,
    /// What is given: one leaf, or the columns of a table.
    given: Vec<(Vec<String>, &'a Expr, Loops)>,
    /// Other names of leaves, with the leaf's.
    aliases: Vec<(String, String)>,
    sizes: &'a BTreeMap<String, usize>,
    default_axis: usize,
}

/// The calls whose arguments are sizes.
const ONES: &str = "ones";
const IDENTITY: &str = "eye";
/// The sum of all entries.
const TOTAL: &str = "total_of";
/// And those that tell one.
const ROWS: &str = "rows";
const COLUMNS: &str = "columns";
const SIDES: [&str; 3] = [ROWS, COLUMNS, "count"];

/// What a part of an expression is.
#[derive(Clone)]
enum Part {
    Whole(Value),
    /// `W(x)` where `W` is a value: a product in which the bracket takes to itself what follows it, and the name what
    /// stands before it.
    Product(Value, Value),
    /// An operator without brackets, on its way to its operand.
    Function(Function),
}

/// `2 sin^2 x`: what stands before the operator, the operator with its power, and what is read of the operand.
#[derive(Clone)]
struct Function {
    before: Option<(BinaryOp, Value)>,
    op: Op,
    power: Option<Value>,
    operand: Option<Value>,
}

impl Function {
    fn value(&self) -> Option<Value> {
        let called = applied(&self.op, &[Arc::clone(self.operand.as_ref()?)])?;
        let called = match &self.power {
            Some(power) => raised(called, power)?,
            None => called,
        };
        match &self.before {
            Some((op, before)) => binary(*op, before, &called),
            None => Some(called),
        }
    }
}

impl<'a> Text<'a> {
    /// `sizes` has the dimensions by key. `None` where a loop has no bounds.
    pub fn of(spec: &'a Spec, sizes: &'a BTreeMap<String, usize>) -> Option<Text<'a>> {
        let columns = |given: &Given| matches!(given, Given::Layout(layout) if layout.value == "columns");
        let default_axis = usize::from(!spec.givens.iter().any(columns));
        let (lines, given, aliases) = (BTreeMap::new(), Vec::new(), Vec::new());
        let mut text = Text { lines, given, aliases, sizes, default_axis };
        for (given, loops) in text.unrolled(&spec.givens, |given| match given {
            Given::Repeat(repeat) => Some(repeat),
            Given::Dims(_) | Given::Layout(_) | Given::Leaves(_) | Given::Data { .. } | Given::Incoming { .. } => None,
        })? {
            if let Given::Data { columns, table: Table::Literal(table), .. } = given {
                let columns = columns.iter().map(|name| resolved(name, &loops)).collect::<Option<_>>()?;
                text.given.push((columns, table, Rc::clone(&loops)));
            }
            let Given::Leaves(leaves) = given else { continue };
            for leaf in leaves {
                if let Some(value) = &leaf.value {
                    text.given.push((vec![resolved(&leaf.name, &loops)?], value, Rc::clone(&loops)));
                }
                for alias in &leaf.aliases {
                    text.aliases.push((resolved(alias, &loops)?, resolved(&leaf.name, &loops)?));
                }
            }
        }
        for (line, loops) in text.unrolled(&spec.model, |line| match line {
            ModelLine::Repeat(repeat) => Some(repeat),
            ModelLine::Definition { .. } => None,
        })? {
            let ModelLine::Definition { name, value, .. } = line else { continue };
            text.lines.insert(resolved(name, &loops)?, (value, loops));
        }
        Some(text)
    }

    /// How many lines there are.
    pub fn size(&self) -> usize {
        self.lines.len()
    }

    /// The values that the text gives, row by row, with the names as other values know them.
    pub fn given(&self, named: &Named) -> Vec<(&String, Vec<f64>)> {
        let mut values = Vec::new();
        for (names, expr, loops) in &self.given {
            let Some(value) = self.value(expr, loops, named) else { continue };
            let found = value.extents().last().copied().unwrap_or(1);
            let spelled = names.iter().map(String::as_str);
            let widths = if names.len() == 1 { Some(vec![found]) } else { widths(spelled, found) };
            let mut first = 0;
            for (name, width) in names.iter().zip(widths.unwrap_or_default()) {
                let own = |place: &usize| (first..first + width).contains(&(place % found));
                let entries = value.entries().copied().enumerate();
                values.push((name, entries.filter(|(place, _)| own(place)).map(|(_, entry)| entry).collect()));
                first += width;
            }
        }
        values
    }

    /// Each line in the order of these keys, from the values of the leaves. After it is computed each value is changed
    /// by `moved`, and what uses the name uses that. A line without a value is left out, and what uses it.
    pub fn run<'k>(
        &self,
        order: impl IntoIterator<Item = &'k String>,
        mut named: Named,
        moved: impl Fn(&str, Value) -> Value,
    ) -> Named {
        for (key, value) in &mut named {
            *value = moved(key, Arc::clone(value));
        }
        for (alias, leaf) in &self.aliases {
            if let Some(value) = named.get(leaf).cloned() {
                named.insert(alias.clone(), value);
            }
        }
        for key in order {
            if let Some((expr, loops)) = self.lines.get(key)
                && let Some(value) = self.value(expr, loops, &named)
            {
                named.insert(key.clone(), moved(key, value));
            }
        }
        named
    }

    /// Loops inside each other are bounded by the reader, so this may recurse.
    fn unrolled<L>(
        &self,
        lines: &'a [L],
        as_repeat: fn(&'a L) -> Option<&'a Repeat<L>>,
    ) -> Option<Vec<(&'a L, Loops)>> {
        let mut unrolled = Vec::new();
        let mut waiting: Vec<(&L, Loops)> = lines.iter().rev().map(|line| (line, Rc::from([]))).collect();
        while let Some((line, loops)) = waiting.pop() {
            let Some(repeat) = as_repeat(line) else {
                unrolled.push((line, loops));
                continue;
            };
            let (from, to) = (self.bound(&repeat.from.value, &loops)?, self.bound(&repeat.to.value, &loops)?);
            for turn in (from..=to).rev() {
                let own = [(repeat.variable.value.clone(), turn)];
                let inner: Loops = loops.iter().cloned().chain(own).collect();
                waiting.extend(repeat.body.iter().rev().map(|line| (line, Rc::clone(&inner))));
            }
        }
        Some(unrolled)
    }

    /// Brackets in a bound are bounded by the reader, so this may recurse.
    fn bound(&self, bound: &DimExpr, loops: &Loops) -> Option<i64> {
        let all = |parts: &[DimExpr]| parts.iter().map(|part| self.bound(part, loops)).collect::<Option<Vec<i64>>>();
        match bound {
            DimExpr::Integer(value) => i64::try_from(*value).ok(),
            DimExpr::Name(name) => self.number(name, loops).map(|number| number as i64),
            DimExpr::Sum(parts) => Some(all(parts)?.iter().sum()),
            DimExpr::Minus(part) => Some(-self.bound(part, loops)?),
            DimExpr::Product(parts) => Some(all(parts)?.iter().product()),
        }
    }

    /// A loop variable or a size.
    fn number(&self, name: &Name, loops: &Loops) -> Option<f64> {
        let turn = loops.iter().rev().find(|(variable, _)| name.index.is_none() && *variable == name.text);
        match turn {
            Some((_, turn)) => Some(*turn as f64),
            None => self.sizes.get(&resolved(name, loops)?).map(|size| *size as f64),
        }
    }

    fn value(&self, expr: &Expr, loops: &Loops, named: &Named) -> Option<Value> {
        let mut parts: Vec<Part> = Vec::with_capacity(expr.nodes.len());
        for place in 0..expr.nodes.len() {
            let part = self.part(expr, place, &parts, loops, named)?;
            // A bracket around a product holds it together.
            let closed = expr.nodes[place].written.bracketed && !matches!(part, Part::Whole(_));
            parts.push(if closed { Part::Whole(whole(&part)?) } else { part });
        }
        whole(parts.last()?)
    }

    fn part(&self, expr: &Expr, place: usize, parts: &[Part], loops: &Loops, named: &Named) -> Option<Part> {
        let part = |id: &ExprId| &parts[id.0 as usize];
        let of = |id: &ExprId| whole(part(id));
        let all = |ids: &[ExprId]| ids.iter().map(of).collect::<Option<Vec<Value>>>();
        // What stands behind a bracket belongs to it.
        let on = |id: &ExprId, what: &dyn Fn(Value) -> Option<Value>| match part(id) {
            Part::Whole(_) => what(of(id)?).map(Part::Whole),
            Part::Product(factor, bracket) => Some(Part::Product(Arc::clone(factor), what(Arc::clone(bracket))?)),
            Part::Function(function) => {
                let operand = what(Arc::clone(function.operand.as_ref()?))?;
                Some(Part::Function(Function { operand: Some(operand), ..function.clone() }))
            }
        };
        let sign = expr.nodes[place].written.sign;
        let value = match &expr.nodes[place].kind {
            ExprKind::Number(text) => scalar(text.parse().ok()?),
            ExprKind::Name(name) => match (self.number(name, loops), named.get(&resolved(name, loops)?)) {
                (Some(number), _) => scalar(number),
                (None, Some(value)) => Arc::clone(value),
                (None, None) if name.text == INFINITY => scalar(INFINITE),
                (None, None) => return self.function(name, None),
            },
            ExprKind::Negate(operand) => match part(operand) {
                Part::Product(factor, bracket) => {
                    return Some(Part::Product(apply(Neg, &[Arc::clone(factor)])?, Arc::clone(bracket)));
                }
                Part::Function(function) => {
                    let (op, before) = function.before.clone().unwrap_or((BinaryOp::Mul, scalar(1.0)));
                    let before = Some((op, apply(Neg, &[before])?));
                    return Some(Part::Function(Function { before, ..function.clone() }));
                }
                Part::Whole(_) => apply(Neg, &[of(operand)?])?,
            },
            ExprKind::Transpose(operand) => return on(operand, &|value| apply(Transpose, &[value])),
            // An exponent ends before a bracket: `x^n(1 - x)`.
            ExprKind::Binary { op: BinaryOp::Pow | BinaryOp::ElementwisePow, left, right }
                if matches!(part(right), Part::Product(..)) =>
            {
                let Part::Product(power, bracket) = part(right) else { return None };
                let raised = on(left, &|base| raised(base, power))?;
                return Some(Part::Product(whole(&raised)?, Arc::clone(bracket)));
            }
            ExprKind::Binary { op: BinaryOp::Pow | BinaryOp::ElementwisePow, left, right } => {
                let power = of(right)?;
                if let Part::Function(function @ Function { operand: None, .. }) = part(left) {
                    return Some(Part::Function(Function { power: Some(power), ..function.clone() }));
                }
                return on(left, &|base| raised(base, &power));
            }
            ExprKind::Binary { op, left, right } => match (op, part(right)) {
                (BinaryOp::Mul | BinaryOp::Div, Part::Function(function)) if function.before.is_none() => {
                    let before = Some((*op, of(left)?));
                    return Some(Part::Function(Function { before, ..function.clone() }));
                }
                (BinaryOp::Mul, Part::Whole(_))
                    if let Part::Function(function) = part(left)
                        && matches!(sign, Sign::Space | Sign::Tight) =>
                {
                    let operand = match &function.operand {
                        Some(begun) => product(begun, &of(right)?)?,
                        None => of(right)?,
                    };
                    return Some(Part::Function(Function { operand: Some(operand), ..function.clone() }));
                }
                (BinaryOp::Mul | BinaryOp::Div, Part::Product(factor, bracket)) => {
                    product(&binary(*op, &of(left)?, factor)?, bracket)?
                }
                _ => binary(*op, &of(left)?, &of(right)?)?,
            },
            ExprKind::Indicator { relation, left, right } => {
                apply(Compare { relation: *relation }, &[of(left)?, of(right)?])?
            }
            ExprKind::Entry { of: inner, indices } => {
                let indices = all(indices)?;
                if let [class] = indices.as_slice()
                    && class.rank() > 0
                {
                    return on(inner, &|value| self.class(&value, class));
                }
                let places: Vec<usize> = indices.iter().map(|index| *index.first() as usize).collect();
                return on(inner, &|value| entry(value, &places));
            }
            ExprKind::Matrix(rows) => matrix(expr, rows, parts)?,
            ExprKind::Call { callee, arguments, .. } if sign == Sign::Space => {
                return self.function(callee, Some(of(arguments.first()?)?));
            }
            ExprKind::Call { callee, arguments, options } => {
                let arguments = all(arguments)?;
                if callee.index.is_some() || !is_operator(&callee.text) {
                    let [bracket] = arguments.as_slice() else { return None };
                    let factor = named.get(&resolved(callee, loops)?)?;
                    return Some(Part::Product(Arc::clone(factor), Arc::clone(bracket)));
                }
                self.call(&callee.text, &arguments, options)?
            }
            // What answers only may say.
            ExprKind::Sum { .. } | ExprKind::Cases(_) | ExprKind::Prime { .. } | ExprKind::Gradient { .. } => {
                return None;
            }
        };
        Some(Part::Whole(value))
    }
}

impl Text<'_> {
    /// The entries that a one-hot class marks.
    fn class(&self, value: &Value, class: &Value) -> Option<Value> {
        let marked = apply(Hadamard, &[Arc::clone(value), Arc::clone(class)])?;
        let vector = value.extents().contains(&1);
        apply(Sum { axis: (!vector).then_some(self.default_axis) }, &[marked])
    }

    fn call(&self, name: &str, arguments: &[Value], options: &[NamedOption]) -> Option<Value> {
        let ones = || {
            let sides = arguments.iter().map(|side| *side.first() as usize);
            let column = (arguments.len() == 1).then_some(1);
            Arc::new(Tensor::filled(&sides.chain(column).collect::<Vec<_>>(), 1.0))
        };
        match name {
            ONES => Some(ones()),
            TOTAL => match arguments {
                [number] if number.rank() == 0 => Some(Arc::clone(number)),
                _ => apply(Sum { axis: None }, arguments),
            },
            HEADS => {
                let [_, keys, values, rest @ ..] = arguments else { return None };
                let count = match options {
                    [] => 2,
                    [NamedOption { value: Spanned { value: OptionValue::Number(count), .. }, .. }] => {
                        count.parse().ok()?
                    }
                    _ => return None,
                };
                let columns = |of: &Value| of.extents().last().copied();
                let written = heads::heads(count, columns(keys)?, columns(values)?, !rest.is_empty())?;
                let named = heads::OPERANDS.into_iter().map(String::from).zip(arguments.iter().cloned()).collect();
                self.value(&written, &Rc::from([]), &named)
            }
            IDENTITY => apply(Diag, &[ones()]),
            _ if SIDES.contains(&name) => {
                let [of] = arguments else { return None };
                let axis = options.iter().find(|option| option.name.value == "axis").map(|option| &option.value.value);
                let axis = match (name, axis) {
                    (ROWS, None) => Some(0),
                    (COLUMNS, None) => Some(1),
                    (_, Some(OptionValue::Number(axis))) => Some(axis.parse().ok()?),
                    _ => None,
                };
                let count = axis.map_or(Some(of.size()), |axis: usize| of.extents().get(axis).copied());
                Some(scalar(count? as f64))
            }
            _ => {
                let op = Op::from_call(name, &mut Options::new(name, options.to_vec(), self.default_axis))?.ok()?;
                applied(&op, arguments)
            }
        }
    }

    /// `sin` of `sin x`, and `sin 2`.
    fn function(&self, name: &Name, operand: Option<Value>) -> Option<Part> {
        let called = is_operator(&name.text).then_some(name.text.as_str())?;
        let op = Op::from_call(called, &mut Options::new(called, Vec::new(), self.default_axis))?.ok()?;
        Some(Part::Function(Function { before: None, op, power: None, operand }))
    }
}

/// A call: a matrix of one entry is a number where only that fits, and a number such a matrix.
fn applied(op: &Op, arguments: &[Value]) -> Option<Value> {
    apply(op.clone(), arguments).or_else(|| {
        let numbers: Vec<Value> = arguments.iter().map(single).collect();
        apply(op.clone(), &numbers).or_else(|| {
            let matrix = |value: &Value| match value.rank() {
                0 => Arc::new(value.reshape(&[1, 1])),
                _ => Arc::clone(value),
            };
            apply(op.clone(), &arguments.iter().map(matrix).collect::<Vec<_>>())
        })
    })
}

fn is_operator(name: &str) -> bool {
    let known = |reference: &Reference| {
        reference.call.is_some() && (reference.name == name || reference.aliases.contains(&name))
    };
    [ONES, IDENTITY, HEADS, TOTAL].contains(&name) || SIDES.contains(&name) || REFERENCES.iter().any(known)
}

fn resolved(name: &Name, loops: &Loops) -> Option<String> {
    let Some(index) = &name.index else { return Some(key(&name.text)) };
    let (_, turn) = loops.iter().rev().find(|(variable, _)| *variable == index.variable)?;
    Some(key(&format!("{}_{}", name.text, turn + index.offset)))
}

fn scalar(value: f64) -> Value {
    Arc::new(Tensor::scalar(value))
}

/// A single row of numbers, as long as it may be an entry of brackets around it, has one axis.
fn whole(part: &Part) -> Option<Value> {
    match part {
        Part::Whole(value) if value.rank() == 1 => Some(Arc::new(value.reshape(&[1, value.size()]))),
        Part::Whole(value) => Some(Arc::clone(value)),
        Part::Product(factor, bracket) => product(factor, bracket),
        Part::Function(function) => function.value(),
    }
}

/// The operator's value, if its operands fit.
fn apply(op: impl Into<Op>, operands: &[Value]) -> Option<Value> {
    let op = op.into();
    let shapes: Vec<Shape> = operands.iter().map(|operand| operand.shape()).collect();
    op.shape(&shapes).ok()?;
    let operands: Vec<&Tensor<f64>> = operands.iter().map(Arc::as_ref).collect();
    op.evaluate(&operands).ok().map(Arc::new)
}

/// A power; an exponent with one entry is a number.
fn raised(base: Value, exponent: &Value) -> Option<Value> {
    let is_number = exponent.size() == 1 && exponent.shape() != base.shape();
    let exponent = if is_number { Arc::new(exponent.reshape(&[])) } else { Arc::clone(exponent) };
    apply(Pow, &[base, exponent])
}

fn binary(op: BinaryOp, left: &Value, right: &Value) -> Option<Value> {
    let operands = [Arc::clone(left), Arc::clone(right)];
    let scaled = left.rank() == 0 || right.rank() == 0;
    match op {
        BinaryOp::Add => apply(Add, &operands),
        BinaryOp::Sub => apply(Sub, &operands),
        BinaryOp::Mul => product(left, right),
        BinaryOp::ElementwiseMul if scaled => product(left, right),
        BinaryOp::ElementwiseMul => apply(Hadamard, &operands),
        BinaryOp::Div | BinaryOp::ElementwiseDiv => apply(Div, &operands),
        BinaryOp::Pow | BinaryOp::ElementwisePow => raised(Arc::clone(left), right),
    }
}

/// What `*` means: a multiple by a number, the matrix product, or a multiple by the one entry of a matrix.
fn product(left: &Value, right: &Value) -> Option<Value> {
    let (a, b) = (Arc::clone(left), Arc::clone(right));
    match (a.rank(), b.rank()) {
        (0, _) => apply(Scale, &[a, b]),
        (_, 0) => apply(Scale, &[b, a]),
        _ => apply(MatMul, &[a, b]).or_else(|| match (left.size(), right.size()) {
            (1, _) => apply(Scale, &[single(left), Arc::clone(right)]),
            (_, 1) => apply(Scale, &[single(right), Arc::clone(left)]),
            _ => None,
        }),
    }
}

/// A matrix with one entry as a number.
fn single(value: &Value) -> Value {
    if value.size() == 1 { scalar(*value.first()) } else { Arc::clone(value) }
}

/// Counted from 1; one index is enough for a row or a column.
fn entry(of: Value, places: &[usize]) -> Option<Value> {
    let index = match (places, of.extents()) {
        ([only], [1, _]) => vec![1, *only],
        ([only], [_, 1]) => vec![*only, 1],
        _ => places.to_vec(),
    };
    apply(Entry { index }, &[of])
}

/// A number as a matrix with one entry.
fn as_matrix(value: &Value) -> Value {
    if value.rank() == 0 { Arc::new(value.reshape(&[1, 1])) } else { Arc::clone(value) }
}

fn beside(mut blocks: Vec<Value>, axis: usize) -> Option<Value> {
    if blocks.len() == 1 { blocks.pop() } else { apply(Concat { axis }, &blocks) }
}

/// Rows of entries, or of matrices that stand beside each other; what stands in brackets inside of brackets adds its own
/// axes.
fn matrix(expr: &Expr, rows: &[Vec<ExprId>], parts: &[Part]) -> Option<Value> {
    let is_block = |id: &ExprId| match &parts[id.0 as usize] {
        Part::Whole(value) => value.size() != 1 && !matches!(expr.node(*id).kind, ExprKind::Matrix(_)),
        part => whole(part).is_some_and(|value| value.size() != 1),
    };
    if rows.iter().flatten().any(is_block) {
        let row = |row: &Vec<ExprId>| {
            let blocks: Vec<Value> = row.iter().map(|id| whole(&parts[id.0 as usize])).collect::<Option<_>>()?;
            let blocks: Vec<Value> = blocks.iter().map(as_matrix).collect();
            beside(blocks, 1)
        };
        return beside(rows.iter().map(row).collect::<Option<_>>()?, 0);
    }
    let mut inner: Vec<usize> = Vec::new();
    let mut entries: Vec<f64> = Vec::new();
    for id in rows.iter().flatten() {
        match (&parts[id.0 as usize], &expr.node(*id).kind) {
            (Part::Whole(value), ExprKind::Matrix(_)) => {
                inner = value.extents().to_vec();
                entries.extend(value.entries());
            }
            (part, _) => {
                let value = whole(part)?;
                (value.size() == 1).then(|| entries.push(*value.first()))?;
            }
        }
    }
    let columns = rows.first()?.len();
    let sides = if rows.len() == 1 { vec![columns] } else { vec![rows.len(), columns] };
    let extents: Vec<usize> = sides.into_iter().chain(inner).collect();
    (extents.iter().product::<usize>() == entries.len()).then(|| Arc::new(Tensor::from_entries(&extents, entries)))
}
