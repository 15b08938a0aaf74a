//! Calls: an operator by its name, or a product with a bracket.

use super::define::{ACROSS, ALONG};
use super::dims::too_large;
use super::expression::{Lowering, OpenAxis, Value};
use super::famous::{self, Instead, Operand};
use super::names::Resolved;
use super::operators::{COLUMNS, COUNT, IDENTITY, ONES, ROWS, TOTAL, is_operator, names_operator, operators};
use super::scope::Meaning;
use crate::diagnostic::Diagnostic;
use crate::graph::{Kind, NodeId};
use crate::limits::DIM_NAMES;
use crate::ops::{CrossEntropy, Diag, Op, Operator, OptionError, Options, REFERENCES, Softmax, Stack, Sum};
use crate::shape::{Dim, Shape};
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprId, Name, NamedOption, OptionValue};
use crate::syntax::heads::{self, HEADS};
use crate::syntax::{compact, print_expression};

/// How deep a dimension of `ones(2*H + 1, 1)` may be computed.
const DEEPEST: usize = 16;

impl Lowering<'_> {
    pub(super) fn call(
        &mut self,
        expr: &Expr,
        callee: &Name,
        arguments: &[ExprId],
        operands: Vec<Value>,
        options: &[NamedOption],
        span: Span,
    ) -> Value {
        if let Some(value) = self.side(expr, callee, arguments, &operands, span) {
            return value;
        }
        let meant = |lowering: &Self| {
            let operands = operands.iter().zip(arguments).map(|(operand, id)| lowering.written(expr, *id, operand));
            famous::instead(&callee.text, &operands.collect::<Vec<_>>())
        };
        if !names_operator(&callee.text) || !is_operator(callee) {
            let meant = meant(self);
            return self.no_operator(callee, meant);
        }
        // `max(0, A)` is a maximum of two.
        let callee = &match (callee.text.as_str(), self.scope.answers && arguments.len() > 1 && options.is_empty()) {
            ("max", true) => Name { text: "maximum".to_string(), ..callee.clone() },
            ("min", true) => Name { text: "minimum".to_string(), ..callee.clone() },
            _ => callee.clone(),
        };
        if callee.text == ONES {
            return self.ones(expr, arguments, operands, span);
        }
        if [ROWS, COLUMNS, COUNT].contains(&callee.text.as_str()) {
            return self.count(expr, &callee.text, arguments, operands, options, span);
        }
        if callee.text == IDENTITY {
            return self.identity(expr, arguments, operands, span);
        }
        if callee.text == TOTAL {
            let [id] = arguments else { return self.no_operator(callee, None) };
            let operand = operands.into_iter().next().and_then(|operand| self.node(operand, expr.node(*id).span));
            return match operand {
                Some(number) if self.graph.shape(number).is_scalar() => Value::Node { id: number, constant: None },
                Some(operand) => {
                    let sum = self.graph.apply(Sum { axis: None }, &[operand]);
                    self.fitted(sum, span)
                }
                None => Value::Broken,
            };
        }
        if callee.text == HEADS {
            return self.heads(expr, arguments, operands, options, span);
        }
        let (options, usual) = self.with_axes(callee, options, operands.first(), span);
        let mut taken = Options::new(&callee.text, options.clone(), usual);
        let made = Op::from_call(&callee.text, &mut taken);
        let at_layout =
            || Op::from_call(&callee.text, &mut Options::new(&callee.text, options, self.scope.default_axis));
        if usual != self.scope.default_axis && matches!(&made, Some(Ok(_))) && made != at_layout() {
            self.axes.push(OpenAxis { span, callee: callee.text.clone(), word: None, axis: usual });
        }
        let op = match made {
            Some(Ok(op)) => taken.finish(&callee.text).map(|()| op),
            Some(Err(error)) => Err(error),
            None => return Value::Broken,
        };
        let meant = meant(self);
        let counted = self.counted(callee, arguments.len(), meant, span);
        match op {
            Err(OptionError { message, span: place }) => {
                self.faults.push(Diagnostic::error("E-option", message).at(place.unwrap_or(span), "here"));
                Value::Broken
            }
            Ok(_) if !counted => Value::Broken,
            Ok(op) => {
                let operands = self.singled(&op, expr, arguments, operands);
                let value = self.apply(op.clone(), expr, arguments, operands, span, None);
                self.warn_of_axis(&op, &value, span);
                value
            }
        }
    }

    /// The options with `along` and `across` as axes, and the axis where none is said: the layout's, but along a vector
    /// that has a single entry there, and along the axis of the softmax that a loss is of.
    fn with_axes(
        &mut self,
        callee: &Name,
        options: &[NamedOption],
        operand: Option<&Value>,
        span: Span,
    ) -> (Vec<NamedOption>, usize) {
        let layout = self.scope.default_axis;
        let (shape, softmax) = match operand {
            Some(Value::Node { id, .. }) => {
                let definition = self.graph.as_symbol(*id).map_or(*id, |symbol| symbol.definition);
                let softmax = match self.graph.as_apply(definition) {
                    Some((Op::Softmax(Softmax { axis }), _)) if callee.text == CrossEntropy::REFERENCE.name => {
                        Some(*axis)
                    }
                    _ => None,
                };
                (Some(self.graph.shape(*id).clone()), softmax)
            }
            Some(Value::Array(array)) => (Some(Shape(array.outermost().into_iter().map(Dim::integer).collect())), None),
            Some(Value::Number(_) | Value::Broken) | None => (None, None),
        };
        let single = |axis: usize| shape.as_ref().is_some_and(|shape| shape.rank() == 2 && shape.0[axis].is_one());
        let lone = |usual: usize| if single(usual) && !single(1 - usual) { 1 - usual } else { usual };
        let usual = match (callee.text == CrossEntropy::REFERENCE.name, softmax) {
            (_, Some(axis)) => axis,
            (true, None) => layout,
            (false, None) => lone(layout),
        };
        let mut options = options.to_vec();
        for option in &mut options {
            let OptionValue::Word(word) = &option.value.value else { continue };
            let axis = match word.as_str() {
                ALONG => lone(layout),
                ACROSS => lone(1 - layout.min(1)),
                _ => continue,
            };
            self.axes.push(OpenAxis { span, callee: callee.text.clone(), word: Some(word.clone()), axis });
            option.value.value = OptionValue::Number(axis.to_string());
        }
        (options, usual)
    }

    /// An operand as it would be written in another call.
    fn written(&self, expr: &Expr, id: ExprId, operand: &Value) -> Operand {
        let text = print_expression(&compact(&expr.nodes, id));
        let simple =
            !text.contains([' ', '*', '/', '+', '-', '^', '\'']) || text.ends_with(')') && text.starts_with('(');
        let shape = match operand {
            Value::Node { id, .. } => Some(self.graph.shape(*id).clone()),
            Value::Number(_) => Some(Shape::scalar()),
            Value::Array(_) | Value::Broken => None,
        };
        Operand { text: if simple { text } else { format!("({text})") }, shape }
    }

    /// The operands with matrices of one entry as scalars, where only so they fit: `mse(x*w, y)` for a column `w`; or
    /// with scalars as such matrices, `concat(v, a)`.
    fn singled(&mut self, op: &Op, expr: &Expr, ids: &[ExprId], operands: Vec<Value>) -> Vec<Value> {
        let places = ids.iter().map(|id| expr.node(*id).span);
        let nodes: Vec<Option<NodeId>> =
            operands.into_iter().zip(places.clone()).map(|(operand, place)| self.node(operand, place)).collect();
        let as_value = |id: &Option<NodeId>| id.map_or(Value::Broken, |id| Value::Node { id, constant: None });
        let values: Vec<Value> = nodes.iter().map(as_value).collect();
        let Some(nodes) = nodes.into_iter().collect::<Option<Vec<NodeId>>>() else { return values };
        let shapes: Vec<Shape> = nodes.iter().map(|id| self.graph.shape(*id).clone()).collect();
        let scalars: Vec<Shape> =
            shapes.iter().map(|shape| if shape.is_single() { Shape::scalar() } else { shape.clone() }).collect();
        let one = Shape::matrix(Dim::one(), Dim::one());
        let matrices: Vec<Shape> =
            shapes.iter().map(|shape| if shape.is_scalar() { one.clone() } else { shape.clone() }).collect();
        let mixed = shapes.iter().any(Shape::is_scalar) && shapes != vec![Shape::scalar(); shapes.len()];
        let fitting = [scalars, matrices].into_iter().find(|shapes| op.shape(shapes).is_ok());
        let Some(fitting) = fitting.filter(|_| mixed && op.shape(&shapes).is_err()) else { return values };
        let mut fitting = fitting.into_iter();
        let mut single = |lowering: &mut Self, id: NodeId, place: Span| {
            let as_it_is = Value::Node { id, constant: None };
            let graph = &mut lowering.graph;
            let made = match fitting.next() {
                Some(shape) if shape == *graph.shape(id) => return as_it_is,
                Some(shape) if shape.is_scalar() => graph.apply(Sum { axis: None }, &[id]),
                Some(_) => graph.apply(Stack { rows: 1, columns: 1 }, &[id]),
                None => return as_it_is,
            };
            made.map_or(as_it_is, |made| lowering.made(made, place, None))
        };
        nodes.into_iter().zip(places).map(|(id, place)| single(self, id, place)).collect()
    }

    /// `rows(A)`, `columns(A)`, `count(A)`, `count(A, axis = 1)`: how many there are, as a number.
    fn count(
        &mut self,
        expr: &Expr,
        name: &str,
        arguments: &[ExprId],
        mut operands: Vec<Value>,
        options: &[NamedOption],
        span: Span,
    ) -> Value {
        let callee = Name { text: name.to_string(), index: None, span };
        let (options, usual) = self.with_axes(&callee, options, operands.first(), span);
        let mut options = Options::new(name, options, usual);
        let axis = match name {
            ROWS => Ok(Some(0)),
            COLUMNS => Ok(Some(1)),
            _ => options.axis(),
        };
        let axis = match axis.and_then(|axis| options.finish(name).map(|()| axis)) {
            Ok(axis) => axis,
            Err(OptionError { message, span: place }) => {
                self.faults.push(Diagnostic::error("E-option", message).at(place.unwrap_or(span), "here"));
                return Value::Broken;
            }
        };
        let (Some(of), [id]) = (operands.pop(), arguments) else {
            let error = Diagnostic::error("E-operands", format!("`{name}` takes one operand"));
            self.faults.push(error.at(span, "this call"));
            return Value::Broken;
        };
        let Some(node) = self.node(of, expr.node(*id).span) else { return Value::Broken };
        let shape = self.graph.shape(node).clone();
        let count = axis.map_or_else(|| Some(shape.size()), |axis| shape.0.get(axis).cloned());
        let Some(count) = count else {
            let error = Diagnostic::error("E-shape", format!("`{name}` of a value of shape {shape}"));
            self.faults.push(error.at(span, "it has no such side"));
            return Value::Broken;
        };
        let count = match count.as_integer() {
            Some(count) => self.graph.integer(count),
            None => self.graph.dimension(count),
        };
        self.made(count, span, None)
    }

    /// `multi_head_attention(Q, K, V, heads = 2)`: the text of its heads over the operands.
    fn heads(
        &mut self,
        expr: &Expr,
        arguments: &[ExprId],
        operands: Vec<Value>,
        options: &[NamedOption],
        span: Span,
    ) -> Value {
        let mut options = Options::new(HEADS, options.to_vec(), self.scope.default_axis);
        let count = options.size("heads", 2, 1).and_then(|count| options.finish(HEADS).map(|()| count));
        let count = match count {
            Ok(count) => count,
            Err(OptionError { message, span: place }) => {
                self.faults.push(Diagnostic::error("E-option", message).at(place.unwrap_or(span), "here"));
                return Value::Broken;
            }
        };
        let mut scope = self.scope.clone();
        let mut columns = Vec::new();
        for ((operand, id), name) in operands.into_iter().zip(arguments).zip(heads::OPERANDS) {
            let Some(node) = self.node(operand, expr.node(*id).span) else { return Value::Broken };
            let side = self.graph.shape(node).as_matrix().and_then(|(_, columns)| columns.as_integer());
            columns.push(side.and_then(|side| usize::try_from(side).ok()));
            scope.insert(name, Meaning::Value(node));
        }
        let written = match columns.as_slice() {
            [_, Some(keys), Some(values), rest @ ..] if rest.len() <= 1 => {
                heads::heads(count, *keys, *values, !rest.is_empty())
            }
            _ => None,
        };
        let Some(written) = written else {
            let message =
                format!("`{HEADS}` takes queries, keys and values whose columns its {count} heads share evenly");
            let error = Diagnostic::error("E-operands", message).at(span, "this call");
            self.faults.push(
                error.help("give the number of columns: `dim d = 4`, as in `multi_head_attention(Q, K, V, heads = 2)`"),
            );
            return Value::Broken;
        };
        let (graph, spans, faults) = (&mut *self.graph, &mut *self.spans, &mut *self.faults);
        let mut inner = Lowering { graph, spans, scope: &scope, loops: &[], faults, axes: Vec::new() };
        match inner.expression(&written) {
            Some(id) => self.made(id, span, None),
            None => Value::Broken,
        }
    }

    /// `eye(N)`: the diagonal matrix of a column of ones.
    fn identity(&mut self, expr: &Expr, arguments: &[ExprId], operands: Vec<Value>, span: Span) -> Value {
        if arguments.len() != 1 {
            let error = Diagnostic::error("E-operands", "`eye` takes the number of rows");
            self.faults.push(error.at(span, "this call").help("for example `eye(N)`"));
            return Value::Broken;
        }
        let Value::Node { id, .. } = self.ones(expr, arguments, operands, span) else { return Value::Broken };
        match self.graph.apply(Diag, &[id]) {
            Ok(id) => self.made(id, span, None),
            Err(_) => Value::Broken,
        }
    }

    /// `ones(N, D)`; one argument is a column.
    fn ones(&mut self, expr: &Expr, arguments: &[ExprId], operands: Vec<Value>, span: Span) -> Value {
        let mut sides = Vec::new();
        for (operand, id) in operands.into_iter().zip(arguments) {
            let place = expr.node(*id).span;
            let Some(node) = self.node(operand, place) else { return Value::Broken };
            let side = self.as_dim(node, 0).filter(|side| side.as_integer().is_none_or(|side| side >= 1));
            let Some(side) = side else {
                let error = Diagnostic::error("E-dim", "`ones` takes dimensions");
                self.faults.push(error.at(place, "not one").help("for example `ones(N, 1)`"));
                return Value::Broken;
            };
            sides.push(side);
        }
        match sides.len() {
            1 => sides.push(Dim::one()),
            2..=4 => {}
            _ => {
                let error = Diagnostic::error("E-operands", "`ones` takes one to four dimensions");
                self.faults.push(error.at(span, "this call"));
                return Value::Broken;
            }
        }
        let shape = Shape(sides);
        if let Some(reason) = too_large(&shape) {
            self.faults.push(Diagnostic::error("E-dim", reason).at(span, shape.to_string()));
            return Value::Broken;
        }
        let id = self.graph.ones(shape);
        self.made(id, span, None)
    }

    /// The dimension that a scalar of dimensions and whole numbers is.
    fn as_dim(&self, id: NodeId, depth: usize) -> Option<Dim> {
        if let Kind::Size(dim) = self.graph.kind(id) {
            return Some(dim.clone());
        }
        if let Some(number) = self.graph.as_number(id) {
            return usize::try_from(number.to_integer()?).ok().map(Dim::integer);
        }
        let (op, operands) = self.graph.as_apply(id).filter(|_| depth < DEEPEST)?;
        let [left, right] = operands else { return None };
        let (left, right) = (self.as_dim(*left, depth + 1)?, self.as_dim(*right, depth + 1)?);
        let dim = match () {
            () if matches!(op, Op::Add(_)) => left.plus(&right),
            () if matches!(op, Op::Sub(_)) => left.minus(&right),
            () if matches!(op, Op::Scale(_)) => left.times(&right),
            () => return None,
        };
        (dim.length() <= DIM_NAMES).then_some(dim)
    }

    /// Whether the operator takes that many operands; if not, it is told.
    fn counted(&mut self, callee: &Name, given: usize, meant: Option<Instead>, span: Span) -> bool {
        let reference =
            REFERENCES.iter().find(|known| known.name == callee.text || known.aliases.contains(&callee.text.as_str()));
        let Some((reference, (least, most))) = reference.and_then(|known| Some((known, known.call?))) else {
            return false;
        };
        if (least..=most).contains(&given) {
            return true;
        }
        let given = if given == 0 { "none".to_string() } else { given.to_string() };
        let message = format!("`{}` takes {}, {given} given", callee.text, operands(least, most));
        let error = Diagnostic::error("E-operands", message).at(span, "this call");
        self.faults.push(match meant {
            Some(meant) => told(error, &meant),
            None => error.help(format!("it is written {}", written(reference.signature))),
        });
        false
    }

    /// A call of what is no operator, and no product with a bracket either.
    fn no_operator(&mut self, callee: &Name, meant: Option<Instead>) -> Value {
        let error = match Resolved::of(callee, self.loops) {
            Err(error) => error,
            Ok(name) if self.scope.get(&name.key).is_some() => {
                let message = format!("`{}` is a value, not an operator", name.text);
                let help = "a product with a bracket has one factor in it";
                Diagnostic::error("E-operator", message).at(callee.span, "called here").help(help)
            }
            Ok(name) => self.unknown_operator(&name, meant),
        };
        self.faults.push(error);
        Value::Broken
    }

    fn unknown_operator(&mut self, name: &Resolved, instead: Option<Instead>) -> Diagnostic {
        let message = format!("there is no operator `{}`", name.text);
        let error = Diagnostic::error("E-operator", message).at(name.span, "not an operator, and not defined");
        if let Some(instead) = instead {
            return told(error, &instead);
        }
        if let Some(said) = famous::said(&name.text) {
            return error.help(said);
        }
        let known = operators().map(|operator| (operator, operator)).chain(self.scope.spellings());
        match self.faults.meant(&name.text, known) {
            Some(meant) => error.help(format!("did you mean `{meant}`?")),
            None => error.help("`solve operators` lists them"),
        }
    }

    /// A softmax along a side of 1 is 1 everywhere: the other axis is meant.
    fn warn_of_axis(&mut self, op: &Op, value: &Value, span: Span) {
        let (Op::Softmax(Softmax { axis }), Value::Node { id, .. }) = (op, value) else { return };
        let shape = self.graph.shape(*id);
        let alone = shape.0.get(*axis).is_some_and(|side| side.is_one());
        if alone && shape.0.iter().any(|side| !side.is_one()) {
            let message = format!("softmax along axis {axis} of {shape} is 1 everywhere");
            let help = format!("write `axis = {}`, or `layout columns` under `given`", 1 - (*axis).min(1));
            self.faults.push(Diagnostic::warning("W-axis", message).at(span, "each line has one entry").help(help));
        }
    }
}

/// `two or three operands`
fn operands(least: usize, most: usize) -> String {
    const WORDS: [&str; 5] = ["no", "one", "two", "three", "four"];
    let word = |count: usize| WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_string());
    let plural = |count: usize| if count == 1 { "operand" } else { "operands" };
    match () {
        () if least == most => format!("{} {}", word(least), plural(least)),
        () if most == least + 1 => format!("{} or {} operands", word(least), word(most)),
        () if most > 8 => format!("{} {} or more", word(least), plural(least)),
        () => format!("{} to {} operands", word(least), word(most)),
    }
}

/// Says how a famous name is written here.
fn told(error: Diagnostic, meant: &Instead) -> Diagnostic {
    let error = match &meant.given {
        Some(given) => error.help(format!("declare it under `given`: `{given}`")),
        None => error,
    };
    error.help(format!("write `{}`", meant.text))
}

fn written(signature: &str) -> String {
    format!("`{signature}`")
}
