//! Shapes that a problem leaves out, as its model has them: `param W1, b1` for `Z = relu(X*W1 + b1)`.
//!
//! A name in capitals is a matrix, `b`, `b1` a bias (one row, or one column where data are columns), another name in lower
//! case a number unless a product takes it for a vector. Sides that have to be equal get one name, as courses name
//! them: N examples, D inputs, H hidden, K classes. It is done where a name in capitals has no shape; else a leaf without
//! shape and value is a number, as it always was.

mod sides;

use super::lines::names_in;
use super::operators::is_operator;
use crate::diagnostic::{Diagnostic, nearest};
use crate::ops::{Acts, REFERENCES};
use crate::span::Span;
use crate::syntax::ast::{
    BinaryOp, DimDeclaration, DimExpr, Expr, ExprId, ExprKind, Given, LeafDeclaration, LeafKind, ModelLine, Name,
    NamedOption, OptionValue, Spanned, Spec,
};
use crate::syntax::names::key;
use crate::syntax::with_products;
use sides::{Side, Sides, Ty};
use std::collections::{BTreeMap, BTreeSet};

/// Losses of a prediction and a target, which have one shape.
const LOSSES: [&str; 4] = ["mse", "ce", "bce", "hinge"];
/// Losses whose target is a class.
const OF_CLASSES: &str = "ce";
/// Functions of a whole that keep its shape.
const ALIKE: [&str; 3] = ["softmax", "log_softmax", "argmax_mask"];
/// Sums of some kind, along an axis or whole.
const SUMS: [&str; 5] = ["sum", "mean", "max", "min", "norm"];
/// How often the lines are gone through, at most: a line may stand before what it uses.
const ROUNDS: usize = 50;

/// The file with its shapes filled in, and a note that says them.
pub(super) struct Inferred {
    pub spec: Spec,
    pub told: Diagnostic,
}

/// `None` where every shape is written; the errors say which shapes can't be told.
pub(super) fn with_shapes(spec: &Spec) -> Result<Option<Inferred>, Vec<Diagnostic>> {
    let repeats = spec.givens.iter().any(|line| matches!(line, Given::Repeat(_)))
        || spec.model.iter().any(|line| matches!(line, ModelLine::Repeat(_)));
    let adopted = adopted(spec);
    let mut leaves: Vec<LeafDeclaration> = adopted.clone();
    leaves.extend(declared(spec).filter(|leaf| is_open(leaf)).cloned());
    if repeats || !leaves.iter().any(|leaf| is_capital(&leaf.name)) {
        return Ok(None);
    }
    let mut pass = Pass::new(spec, leaves);
    pass.run(spec);
    // Where no two sides have to be equal there is nothing to tell from: what has no shape is a number.
    if pass.sides.joined == 0 && pass.closed.is_empty() {
        return Ok(None);
    }
    pass.settle(spec)?;
    Ok(Some(pass.filled(spec, adopted)))
}

fn declared(spec: &Spec) -> impl Iterator<Item = &LeafDeclaration> {
    spec.givens.iter().flat_map(|line| match line {
        Given::Leaves(leaves) => leaves.as_slice(),
        _ => &[],
    })
}

fn is_open(leaf: &LeafDeclaration) -> bool {
    leaf.shape.is_none() && leaf.value.is_none()
}

fn is_capital(name: &Name) -> bool {
    name.index.is_none() && name.text.starts_with(char::is_uppercase)
}

fn is_bias(name: &Name) -> bool {
    let rest = name.text.strip_prefix("bias").or(name.text.strip_prefix('b'));
    rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '_' || "hyzo".contains(c)))
}

fn lines(spec: &Spec) -> impl Iterator<Item = (&Name, &Expr)> {
    spec.model.iter().filter_map(|line| match line {
        ModelLine::Definition { name, value, .. } => Some((name, value)),
        ModelLine::Repeat(_) => None,
    })
}

/// What the model uses and nothing declares, where the file gives no data at all: inputs, and targets of losses.
fn adopted(spec: &Spec) -> Vec<LeafDeclaration> {
    let is_data = |line: &Given| match line {
        Given::Leaves(leaves) => leaves.iter().any(|leaf| matches!(leaf.kind, LeafKind::Input | LeafKind::Target)),
        Given::Data { .. } => true,
        Given::Dims(_) | Given::Layout(_) | Given::Repeat(_) | Given::Incoming { .. } => false,
    };
    let open = declared(spec).any(|leaf| is_open(leaf) && is_capital(&leaf.name));
    if !open || spec.givens.iter().any(is_data) {
        return Vec::new();
    }
    let mut known: BTreeSet<String> = BTreeSet::new();
    for line in &spec.givens {
        match line {
            Given::Leaves(leaves) => known.extend(leaves.iter().map(|leaf| key(&leaf.name.text))),
            Given::Dims(dims) => known.extend(dims.iter().map(|dim| key(&dim.name.text))),
            Given::Incoming { leaf, .. } => known.extend([key(&leaf.name.text)]),
            Given::Data { .. } | Given::Layout(_) | Given::Repeat(_) => {}
        }
    }
    known.extend(lines(spec).map(|(name, _)| key(&name.text)));
    let targets: BTreeMap<String, bool> = lines(spec).flat_map(|(_, value)| targets(value)).collect();
    let mut found: Vec<LeafDeclaration> = Vec::new();
    for (_, value) in lines(spec) {
        for (name, span) in names_in(value, &[]) {
            let near = name.len() > 2 && nearest(&name, known.iter().map(String::as_str)).is_some();
            if known.contains(&name) || near || found.iter().any(|leaf| key(&leaf.name.text) == name) {
                continue;
            }
            let text = value.nodes.iter().find_map(|node| match &node.kind {
                ExprKind::Name(own) if own.span == span => Some(own.text.clone()),
                _ => None,
            });
            let classes = targets.get(&name);
            let one_hot = Spanned { value: "one-hot".to_string(), span };
            found.push(LeafDeclaration {
                kind: if classes.is_some() { LeafKind::Target } else { LeafKind::Input },
                name: Name { text: text.unwrap_or(name), index: None, span },
                shape: None,
                properties: classes.filter(|classes| **classes).map(|_| one_hot).into_iter().collect(),
                value: None,
                random: None,
                description: None,
                aliases: Vec::new(),
                span,
            });
        }
    }
    found
}

/// The names that stand second in a loss, and whether they are classes.
fn targets(value: &Expr) -> Vec<(String, bool)> {
    let calls = value.nodes.iter().filter_map(|node| match &node.kind {
        ExprKind::Call { callee, arguments, .. } if LOSSES.contains(&callee.text.as_str()) => {
            match &value.node(*arguments.get(1)?).kind {
                ExprKind::Name(name) => Some((key(&name.text), callee.text == OF_CLASSES)),
                _ => None,
            }
        }
        _ => None,
    });
    calls.collect()
}

struct Pass {
    sides: Sides,
    leaves: Vec<LeafDeclaration>,
    /// What each name stands for, by key.
    types: BTreeMap<String, Ty>,
    columns: bool,
    /// Leaves of which only a sum tells, with what they are added to; what can be read in two ways, by place.
    added: BTreeMap<usize, Ty>,
    used_otherwise: BTreeSet<usize>,
    doubts: BTreeMap<usize, (Side, Side)>,
    closed: BTreeMap<usize, String>,
}

impl Pass {
    fn new(spec: &Spec, leaves: Vec<LeafDeclaration>) -> Pass {
        let columns = spec.givens.iter().any(|line| matches!(line, Given::Layout(l) if l.value == "columns"));
        let mut pass = Pass {
            sides: Sides::default(),
            leaves,
            types: BTreeMap::new(),
            columns,
            added: BTreeMap::new(),
            used_otherwise: BTreeSet::new(),
            doubts: BTreeMap::new(),
            closed: BTreeMap::new(),
        };
        for line in &spec.givens {
            match line {
                Given::Dims(dims) => {
                    pass.types.extend(dims.iter().map(|dim| (key(&dim.name.text), Ty::Number)));
                }
                Given::Leaves(leaves) => leaves.iter().filter(|leaf| !is_open(leaf)).for_each(|leaf| pass.given(leaf)),
                Given::Data { .. } | Given::Layout(_) | Given::Repeat(_) | Given::Incoming { .. } => {}
            }
        }
        for place in 0..pass.leaves.len() {
            let name = pass.leaves[place].name.clone();
            let ty = match () {
                () if is_capital(&name) => Ty::Matrix(pass.sides.fresh(), pass.sides.fresh()),
                () if is_bias(&name) && columns => Ty::Matrix(pass.sides.fresh(), pass.sides.one()),
                () if is_bias(&name) => Ty::Matrix(pass.sides.one(), pass.sides.fresh()),
                () => Ty::Open(place),
            };
            pass.types.insert(key(&name.text), ty);
        }
        pass
    }

    fn given(&mut self, leaf: &LeafDeclaration) {
        let ty = match (&leaf.shape, &leaf.value) {
            (Some(shape), _) => match shape.value.as_slice() {
                [rows] => Ty::Matrix(self.sides.known(rows.clone()), self.sides.one()),
                [rows, columns] => Ty::Matrix(self.sides.known(rows.clone()), self.sides.known(columns.clone())),
                _ => Ty::Closed,
            },
            (None, Some(value)) => match &value.node(value.root()).kind {
                ExprKind::Matrix(rows) => {
                    let side = |length: usize| DimExpr::Integer(length as u64);
                    let width = rows.first().map_or(0, Vec::len);
                    Ty::Matrix(self.sides.known(side(rows.len())), self.sides.known(side(width)))
                }
                _ => Ty::Number,
            },
            (None, None) => return,
        };
        self.types.insert(key(&leaf.name.text), ty);
    }

    /// Goes through the lines until nothing more is found.
    fn run(&mut self, spec: &Spec) {
        for _ in 0..ROUNDS {
            let before = (self.sides.joined, self.types.clone());
            for (name, value) in lines(spec) {
                if let Some(ty) = self.expression(value) {
                    self.types.insert(key(&name.text), ty);
                }
            }
            if before == (self.sides.joined, self.types.clone()) {
                break;
            }
        }
    }

    fn expression(&mut self, expr: &Expr) -> Option<Ty> {
        let types = &self.types;
        let known = |name: &Name| types.contains_key(&key(&name.text));
        let expr = with_products(
            expr,
            |name| !is_operator(name) && known(name),
            |name| is_operator(name) && !known(name),
            drop,
        );
        let expr = expr.ok()?.into_owned();
        let mut found: Vec<Ty> = Vec::with_capacity(expr.nodes.len());
        for place in 0..expr.nodes.len() {
            let ty = self.node(&expr, place, &found)?;
            found.push(ty);
        }
        found.last().copied()
    }

    fn node(&mut self, expr: &Expr, place: usize, found: &[Ty]) -> Option<Ty> {
        let of = |id: &ExprId| found[id.0 as usize];
        Some(match &expr.nodes[place].kind {
            ExprKind::Number(_) | ExprKind::Entry { .. } => Ty::Number,
            ExprKind::Name(name) => *self.types.get(&key(&name.text))?,
            ExprKind::Negate(operand) => of(operand),
            ExprKind::Transpose(operand) => match self.vector(of(operand)) {
                Ty::Matrix(rows, columns) => Ty::Matrix(columns, rows),
                other => other,
            },
            ExprKind::Binary { op: BinaryOp::Mul, left, right } => {
                self.mark(expr, [left, right]);
                self.product(of(left), of(right))
            }
            ExprKind::Binary { op: BinaryOp::Add, left, right } => {
                for (one, other) in [(left, right), (right, left)] {
                    if let Some(leaf) = self.leaf(expr, *one)
                        && self.leaf(expr, *other).is_none()
                    {
                        self.added.insert(leaf, of(other));
                        return Some(of(other));
                    }
                    self.as_bias(expr, *one, of(other));
                }
                self.alike(of(left), of(right))
            }
            ExprKind::Binary { op: BinaryOp::Pow | BinaryOp::ElementwisePow, left, .. } => of(left),
            ExprKind::Binary { left, right, .. } | ExprKind::Indicator { left, right, .. } => {
                self.mark(expr, [left, right]);
                self.alike(of(left), of(right))
            }
            ExprKind::Call { callee, arguments, options } => {
                self.mark(expr, arguments);
                let arguments: Vec<Ty> = arguments.iter().map(of).collect();
                self.call(&callee.text, &arguments, options)
            }
            ExprKind::Matrix(_)
            | ExprKind::Sum { .. }
            | ExprKind::Cases(_)
            | ExprKind::Prime { .. }
            | ExprKind::Gradient { .. } => Ty::Closed,
        })
    }

    /// The parameter in capitals without a shape that stands here by itself.
    fn leaf(&self, expr: &Expr, id: ExprId) -> Option<usize> {
        let ExprKind::Name(name) = &expr.node(id).kind else { return None };
        let own = |leaf: &LeafDeclaration| key(&leaf.name.text) == key(&name.text) && leaf.kind == LeafKind::Param;
        self.leaves.iter().position(own).filter(|place| is_capital(&self.leaves[*place].name))
    }

    /// A bias without a shape is as wide as what it is added to, where that is one column too.
    fn as_bias(&mut self, expr: &Expr, id: ExprId, other: Ty) {
        let ExprKind::Name(name) = &expr.node(id).kind else { return };
        let is_open = self.leaves.iter().any(|leaf| key(&leaf.name.text) == key(&name.text));
        let own = self.types.get(&key(&name.text)).copied();
        if let (true, true, Some(Ty::Matrix(rows, columns)), Ty::Matrix(other_rows, other_columns)) =
            (is_open, is_bias(name), own, other)
        {
            match self.columns {
                true => self.sides.join(rows, other_rows),
                false => self.sides.join(columns, other_columns),
            }
        }
    }

    fn mark<'e>(&mut self, expr: &Expr, operands: impl IntoIterator<Item = &'e ExprId>) {
        for id in operands {
            self.used_otherwise.extend(self.leaf(expr, *id));
        }
    }

    /// A name in lower case that is turned or multiplied by a matrix is a column.
    fn vector(&mut self, ty: Ty) -> Ty {
        let Ty::Open(place) = ty else { return ty };
        let column = Ty::Matrix(self.sides.fresh(), self.sides.one());
        self.types.insert(key(&self.leaves[place].name.text), column);
        column
    }

    fn product(&mut self, left: Ty, right: Ty) -> Ty {
        match (left, right) {
            (Ty::Closed, _) | (_, Ty::Closed) => Ty::Closed,
            (Ty::Matrix(rows, inner), Ty::Matrix(other, columns)) => {
                self.sides.join(inner, other);
                Ty::Matrix(rows, columns)
            }
            (Ty::Matrix(..), Ty::Open(_)) => {
                let column = self.vector(right);
                self.product(left, column)
            }
            (Ty::Open(place), Ty::Matrix(rows, _)) => {
                // `x*W`: a row, or a number; a number stands first by custom only under a letter for one.
                if !is_factor(&self.leaves[place].name.text) {
                    let row = (self.sides.one(), rows);
                    self.doubts.insert(place, row);
                }
                right
            }
            (Ty::Number, other) | (other, Ty::Number) => other,
            (Ty::Open(_), Ty::Open(_)) => Ty::Number,
        }
    }

    /// Entry by entry: a name that nothing tells of has the shape of the other.
    fn alike(&mut self, left: Ty, right: Ty) -> Ty {
        if let (Ty::Open(place), Ty::Matrix(..)) | (Ty::Matrix(..), Ty::Open(place)) = (left, right)
            && self.leaves[place].kind != LeafKind::Param
        {
            let shape = if matches!(left, Ty::Open(_)) { right } else { left };
            self.types.insert(key(&self.leaves[place].name.text), shape);
            return shape;
        }
        if let (Ty::Open(place), Ty::Matrix(rows, columns)) | (Ty::Matrix(rows, columns), Ty::Open(place)) =
            (left, right)
            && !is_factor(&self.leaves[place].name.text)
        {
            let row = if self.columns { (rows, self.sides.one()) } else { (self.sides.one(), columns) };
            self.doubts.insert(place, row);
        }
        self.sides.broadcast(left, right)
    }

    fn call(&mut self, name: &str, arguments: &[Ty], options: &[NamedOption]) -> Ty {
        let each = REFERENCES.iter().any(|own| {
            (own.name == name || own.aliases.contains(&name)) && own.acts == Acts::EachEntry && own.call.is_some()
        });
        match (name, arguments) {
            (_, [only, ..]) if each => *only,
            (name, [only, ..]) if ALIKE.contains(&name) => *only,
            ("maximum" | "minimum", [a, b]) => self.alike(*a, *b),
            (name, [a, b]) if LOSSES.contains(&name) => {
                match (*a, *b) {
                    (Ty::Matrix(rows, columns), Ty::Matrix(other_rows, other_columns)) => {
                        self.sides.join(rows, other_rows);
                        self.sides.join(columns, other_columns);
                    }
                    (a, b) => _ = self.alike(a, b),
                }
                Ty::Number
            }
            ("trace" | "l2", [_]) => Ty::Number,
            ("rowsum" | "colsum", [Ty::Matrix(rows, columns)]) => match name {
                "rowsum" => Ty::Matrix(*rows, self.sides.one()),
                _ => Ty::Matrix(self.sides.one(), *columns),
            },
            (name, [only]) if SUMS.contains(&name) => {
                let axis = options.iter().find(|option| option.name.value == "axis").map(|option| &option.value.value);
                match (axis, only) {
                    (None, _) => Ty::Number,
                    (Some(OptionValue::Number(axis)), Ty::Matrix(rows, columns)) => match axis.as_str() {
                        "0" => Ty::Matrix(self.sides.one(), *columns),
                        _ => Ty::Matrix(*rows, self.sides.one()),
                    },
                    (Some(_), _) => Ty::Closed,
                }
            }
            _ => {
                for ty in arguments {
                    let places: Vec<usize> = self.places_of(*ty).collect();
                    self.closed.extend(places.into_iter().map(|place| (place, name.to_string())));
                }
                Ty::Closed
            }
        }
    }

    /// Leaves without a shape that are of this very shape.
    fn places_of(&self, ty: Ty) -> impl Iterator<Item = usize> + '_ {
        (0..self.leaves.len()).filter(move |place| self.types.get(&key(&self.leaves[*place].name.text)) == Some(&ty))
    }

    /// What only a sum tells of, and what can't be told.
    fn settle(&mut self, spec: &Spec) -> Result<(), Vec<Diagnostic>> {
        let mut errors = Vec::new();
        self.name_sides(spec);
        for (place, name) in &self.closed {
            let leaf = &self.leaves[*place];
            let message = format!("the shape of `{}` does not follow from `{name}`", leaf.name.text);
            let error = Diagnostic::error("E-shape", message).at(leaf.name.span, "without a shape");
            errors.push(error.help(format!("write it: `{} {}: … x …`", word(leaf.kind), leaf.name.text)));
        }
        for (place, other) in self.added.clone() {
            let name = self.leaves[place].name.clone();
            let own = self.types.get(&key(&name.text)).copied();
            let (Some(Ty::Matrix(rows, columns)), Ty::Matrix(other_rows, other_columns)) = (own, other) else {
                continue;
            };
            if self.used_otherwise.contains(&place) {
                self.sides.join(rows, other_rows);
                self.sides.join(columns, other_columns);
                continue;
            }
            let [full, row] = [
                format!("{} x {}", self.text(other_rows), self.text(other_columns)),
                match self.columns {
                    true => format!("{} x 1", self.text(other_rows)),
                    false => format!("1 x {}", self.text(other_columns)),
                },
            ];
            errors.push(self.two_ways(place, &row, &full));
        }
        for (place, (rows, columns)) in self.doubts.clone() {
            if matches!(self.types.get(&key(&self.leaves[place].name.text)), Some(Ty::Open(_))) {
                let row = format!("{} x {}", self.text(rows), self.text(columns));
                errors.push(self.two_ways(place, &row, "1"));
            }
        }
        self.name_sides(spec);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    fn two_ways(&self, place: usize, one: &str, other: &str) -> Diagnostic {
        let leaf = &self.leaves[place];
        let (word, name) = (word(leaf.kind), &leaf.name.text);
        let message = format!("two shapes of `{name}` are possible: {one} and {other}");
        let error = Diagnostic::error("E-shape", message).at(leaf.name.span, "without a shape");
        error.help(format!("write `{word} {name}: {one}` or `{word} {name}: {other}`"))
    }

    fn text(&self, side: Side) -> String {
        match self.sides.value(side) {
            Some(DimExpr::Name(name)) => name.text.clone(),
            Some(DimExpr::Integer(value)) => value.to_string(),
            _ => "…".to_string(),
        }
    }

    /// As courses name them: N examples, D inputs, K classes, H hidden; more by numbers.
    fn name_sides(&mut self, spec: &Spec) {
        let mut taken: BTreeSet<String> = self.types.keys().cloned().collect();
        taken.extend(lines(spec).map(|(name, _)| key(&name.text)));
        let named =
            (0..self.leaves.len()).filter_map(|place| match self.types.get(&key(&self.leaves[place].name.text)) {
                Some(Ty::Matrix(rows, columns)) => Some((self.leaves[place].kind, *rows, *columns)),
                _ => None,
            });
        let mut named: Vec<(LeafKind, Side, Side)> = named.collect();
        named.sort_by_key(|(kind, ..)| match kind {
            LeafKind::Input => 0,
            LeafKind::Target => 1,
            LeafKind::Param | LeafKind::Const => 2,
        });
        for (kind, rows, columns) in named {
            // A column by itself is one example.
            let turned = self.columns || self.sides.is_one(columns);
            let (examples, features) = if turned { (columns, rows) } else { (rows, columns) };
            match kind {
                LeafKind::Input => {
                    self.name_side(examples, "N", &mut taken);
                    self.name_side(features, "D", &mut taken);
                }
                LeafKind::Target => {
                    self.name_side(examples, "N", &mut taken);
                    self.name_side(features, "K", &mut taken);
                }
                LeafKind::Param | LeafKind::Const => {
                    self.name_side(rows, "H", &mut taken);
                    self.name_side(columns, "H", &mut taken);
                }
            }
        }
    }

    fn name_side(&mut self, side: Side, letter: &str, taken: &mut BTreeSet<String>) {
        if self.sides.value(side).is_some() {
            return;
        }
        let others = (2..).map(|number| format!("{letter}{number}"));
        let free = std::iter::once(letter.to_string()).chain(others).find(|name| !taken.contains(&key(name)));
        let name = free.unwrap_or_default();
        taken.insert(key(&name));
        self.sides.name(side, DimExpr::Name(Name { text: name, index: None, span: Span::default() }));
    }

    fn shape_of(&self, name: &Name) -> Option<Vec<DimExpr>> {
        match self.types.get(&key(&name.text))? {
            Ty::Matrix(rows, columns) => {
                Some([rows, columns].into_iter().filter_map(|side| self.sides.value(*side).cloned()).collect())
            }
            Ty::Number | Ty::Open(_) | Ty::Closed => None,
        }
    }

    fn filled(&self, spec: &Spec, adopted: Vec<LeafDeclaration>) -> Inferred {
        let mut spec = spec.clone();
        let mut told: Vec<String> = Vec::new();
        let mut new: Vec<String> = Vec::new();
        let known: BTreeSet<String> = spec
            .givens
            .iter()
            .flat_map(|line| match line {
                Given::Dims(dims) => dims.iter().map(|dim| key(&dim.name.text)).collect(),
                _ => Vec::new(),
            })
            .collect();
        let mut fill = |leaf: &mut LeafDeclaration| {
            let Some(shape) = self.shape_of(&leaf.name).filter(|_| is_open(leaf)) else { return };
            let sides: Vec<String> = shape.iter().map(print_side).collect();
            let property: String = leaf.properties.iter().map(|own| format!(" {}", own.value)).collect();
            told.push(format!("`{} {}: {}{property}`", word(leaf.kind), leaf.name.text, sides.join(" x ")));
            leaf.shape = Some(Spanned { value: shape, span: leaf.name.span });
        };
        let mut adopted = adopted;
        adopted.iter_mut().for_each(&mut fill);
        for line in &mut spec.givens {
            if let Given::Leaves(leaves) = line {
                leaves.iter_mut().for_each(&mut fill);
            }
        }
        // A shape that an error proposes may be written as it stands.
        for leaf in adopted.iter().chain(declared(&spec)) {
            for side in leaf.shape.iter().flat_map(|shape| &shape.value) {
                if let DimExpr::Name(name) = side
                    && !known.contains(&key(&name.text))
                    && !new.contains(&name.text)
                {
                    new.push(name.text.clone());
                }
            }
        }
        let place = self.leaves.first().map_or(Span::default(), |leaf| leaf.name.span);
        let dims = new
            .iter()
            .map(|name| DimDeclaration { name: Name { text: name.clone(), index: None, span: place }, value: None });
        let mut givens = vec![Given::Dims(dims.collect())];
        givens.extend(adopted.into_iter().map(|leaf| Given::Leaves(vec![leaf])));
        spec.givens.splice(0..0, givens);
        let message = "shapes that are left out follow from the model";
        let told = Diagnostic::note("N-shapes", message).at(place, "here").help(told.join(", "));
        Inferred { spec, told }
    }
}

/// Letters that stand for a number by custom.
fn is_factor(name: &str) -> bool {
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    ["a", "c", "k", "lambda", "alpha", "eta", "mu", "rho", "λ", "α", "η", "μ"].contains(&bare)
}

fn print_side(side: &DimExpr) -> String {
    match side {
        DimExpr::Name(name) => name.text.clone(),
        DimExpr::Integer(value) => value.to_string(),
        DimExpr::Sum(_) | DimExpr::Minus(_) | DimExpr::Product(_) => "…".to_string(),
    }
}

fn word(kind: LeafKind) -> &'static str {
    match kind {
        LeafKind::Input => "input",
        LeafKind::Target => "target",
        LeafKind::Param => "param",
        LeafKind::Const => "const",
    }
}
