//! The section `given`: leaves with their shapes and values, tables, dimensions.

use super::Lowerer;
use super::dims::names_in as dims_in;
use super::file_table;
use super::lines::names_in;
use super::names::{Loops, Resolved, Unrolled};
use super::scope::Meaning;
use super::table::Role;
use super::values::Given as Values;
use crate::diagnostic::{Diagnostic, nearest};
use crate::graph::{ASSUMPTIONS, Assumption, Leaf, imposed};
use crate::number::Number;
use crate::shape::{Dim, Shape};
use crate::span::Span;
use crate::syntax::ast::{DimDeclaration, DimExpr, Expr, Given, LeafDeclaration, LeafKind, Name, Spanned, Table};
use crate::syntax::names::widths;
use crate::tensor::Tensor;
use std::rc::Rc;
use std::sync::Arc;

/// A leaf on its way: values are evaluated before shapes are known, for they may measure dimensions.
#[derive(Debug)]
pub(super) struct Pending<'a> {
    name: Resolved,
    kind: LeafKind,
    shape: Option<&'a Spanned<Vec<DimExpr>>>,
    value: Value,
    one_hot: bool,
    assumed: Vec<(Assumption, Span)>,
    description: Option<&'a str>,
    aliases: Vec<Resolved>,
    loops: Loops,
    /// The table of which this is a column.
    table: Option<usize>,
}

#[derive(Debug)]
enum Value {
    None,
    /// Given, but wrong.
    Broken,
    Known(Arc<Tensor<Number>>, Span),
}

impl Lowerer {
    /// The leaves in the order of the file, without those whose name is taken; dimensions in loops are declared.
    pub(super) fn declared<'a>(&mut self, lines: &[Unrolled<'a, Given>]) -> Vec<Pending<'a>> {
        let mut leaves = Vec::new();
        for line in lines {
            match line.line {
                Given::Dims(declarations) if !line.loops.is_empty() => self.declare_dims(declarations, &line.loops),
                Given::Dims(_) | Given::Layout(_) | Given::Repeat(_) => {}
                Given::Leaves(declarations) => {
                    for declaration in declarations {
                        leaves.extend(self.leaf(declaration, &line.loops));
                    }
                }
                Given::Incoming { leaf, of } => {
                    self.incoming(leaf, of, &line.loops);
                }
                Given::Data { columns, .. } => {
                    let table = self.tables.len();
                    self.tables.push(Vec::new());
                    for name in columns {
                        leaves.extend(self.column(name, table, &line.loops));
                    }
                }
            }
        }
        leaves
    }

    pub(super) fn declare_dims(&mut self, declarations: &[DimDeclaration], loops: &Loops) {
        for declaration in declarations {
            if let Some(name) = self.resolve(&declaration.name, loops)
                && self.table.declare(&name, Role::Dim, None, &mut self.faults)
            {
                self.dims.declare(&name, declaration, &mut self.faults);
            }
        }
    }

    /// Adds the leaves to the graph and to the scope; the values that later values may use come back.
    pub(super) fn given(&mut self, lines: &[Unrolled<'_, Given>], mut leaves: Vec<Pending<'_>>) -> Values {
        let mut values = Values::new(self.without_values.clone());
        self.evaluate(lines, &mut leaves, &mut values);
        for leaf in &leaves {
            if let (Some(shape), Value::Known(value, span)) = (leaf.shape, &leaf.value) {
                self.dims.measure(&shape.value, &leaf.loops, value.extents(), *span);
            }
        }
        self.dims.enter(&mut self.scope);
        for (key, dim) in self.dims.iter() {
            if self.table.is_declared_twice(key) {
                self.scope.insert(&dim.spelling, Meaning::Broken);
            }
        }
        for leaf in leaves {
            self.add(leaf);
        }
        values
    }

    fn leaf<'a>(&mut self, declaration: &'a LeafDeclaration, loops: &Loops) -> Option<Pending<'a>> {
        let name = self.resolve(&declaration.name, loops)?;
        let new = self.table.declare(&name, Role::Leaf, None, &mut self.faults);
        let mut aliases = Vec::new();
        for alias in &declaration.aliases {
            if let Some(alias) = self.resolve(alias, loops)
                && self.table.declare(&alias, Role::Leaf, Some(&name.key), &mut self.faults)
            {
                aliases.push(alias);
            }
        }
        let (one_hot, assumed) = self.properties(declaration);
        new.then(|| Pending {
            name,
            kind: declaration.kind,
            shape: declaration.shape.as_ref(),
            value: Value::None,
            one_hot,
            assumed,
            description: declaration.description.as_deref(),
            aliases,
            loops: Rc::clone(loops),
            table: None,
        })
    }

    fn column<'a>(&mut self, name: &Name, table: usize, loops: &Loops) -> Option<Pending<'a>> {
        let name = self.resolve(name, loops)?;
        self.table.declare(&name, Role::Leaf, None, &mut self.faults).then(|| Pending {
            name,
            kind: LeafKind::Input,
            shape: None,
            value: Value::Broken,
            one_hot: false,
            assumed: Vec::new(),
            description: None,
            aliases: Vec::new(),
            loops: Rc::clone(loops),
            table: Some(table),
        })
    }

    /// Whether `one-hot` is among the properties, and what is assumed; any other is an error.
    fn properties(&mut self, declaration: &LeafDeclaration) -> (bool, Vec<(Assumption, Span)>) {
        const ONE_HOT: &str = "one-hot";
        let (mut one_hot, mut assumed) = (false, Vec::new());
        for property in &declaration.properties {
            let words = property.value.split_whitespace().collect::<Vec<_>>().join(" ");
            match Assumption::named(&words) {
                Some(own) => assumed.push((own, property.span)),
                None if words == ONE_HOT => one_hot = true,
                None => {
                    let error = Diagnostic::error("E-property", format!("there is no property `{words}`"));
                    let error = error.at(property.span, "not known");
                    let all = || ASSUMPTIONS.iter().map(|(_, words)| *words).chain([ONE_HOT]);
                    self.faults.push(match nearest(&words, all()) {
                        Some(meant) => error.help(format!("did you mean `{meant}`?")),
                        None => error.help(format!("a leaf can be `{}`", all().collect::<Vec<_>>().join("`, `"))),
                    });
                }
            }
        }
        (one_hot, assumed)
    }

    /// What is assumed of a leaf, if its shape and its value have it and data can be drawn that have all of it.
    fn assumed(
        &mut self,
        name: &Resolved,
        said: &[(Assumption, Span)],
        shape: &Shape,
        value: Option<(&Tensor<Number>, Span)>,
    ) -> Vec<Assumption> {
        // The entries beside the diagonal are 0, so that the others are meant.
        let diagonal = said.iter().any(|(own, _)| *own == Assumption::Diagonal);
        let meant = |own: Assumption| match own {
            Assumption::Positive if diagonal => Assumption::PositiveDefinite,
            own => own,
        };
        let said: Vec<(Assumption, Span)> = said.iter().map(|(own, span)| (meant(*own), *span)).collect();
        let all: Vec<Assumption> = said.iter().map(|(own, _)| *own).collect();
        let mut error = None;
        for (own, span) in &said {
            let words = own.words();
            let broken = value.and_then(|(value, at)| Some((own.broken(value)?, value, at)));
            if !own.fits(shape) {
                let message = format!("`{}` is {shape}, and `{words}` is said of another shape", name.text);
                let wanted = if *own == Assumption::RowsSumToOne { "a matrix" } else { "a square matrix" };
                error = Some(Diagnostic::error("E-assumed", message).at(*span, format!("of {wanted}")));
            } else if let Some((place, value, at)) = broken {
                let message = format!("`{}` is declared `{words}`, and its value is not so", name.text);
                let label = against(*own, &place, value);
                error = Some(Diagnostic::error("E-assumed", message).at(at, label).at(*span, "said here"));
            }
        }
        let drawn = |side: usize| {
            Tensor::from_fn(&vec![side; shape.rank()], |place| {
                0.3 - 0.7 * place.len() as f64 / (1.0 + 2.0 * place.iter().sum::<usize>() as f64)
            })
        };
        if error.is_none()
            && let (Some((_, span)), None) = (said.last(), imposed(&all, drawn(3)))
        {
            let words: Vec<&str> = all.iter().map(|own| own.words()).collect();
            let message = format!("no data are drawn that are all of this: {}", words.join(", "));
            error = Some(Diagnostic::error("E-assumed", message).at(*span, "with what stands before it"));
        }
        match error {
            None => all,
            Some(error) => {
                self.faults.push(error.help("leave out what is not so"));
                Vec::new()
            }
        }
    }

    fn evaluate(&mut self, lines: &[Unrolled<'_, Given>], leaves: &mut [Pending<'_>], values: &mut Values) {
        let mut pending = leaves.iter_mut().peekable();
        for line in lines {
            match line.line {
                Given::Dims(_) | Given::Layout(_) | Given::Repeat(_) => {}
                Given::Leaves(declarations) => {
                    for declaration in declarations {
                        let own = |leaf: &&mut Pending<'_>| {
                            leaf.name.span == declaration.name.span && leaf.loops == line.loops
                        };
                        let leaf = pending.next_if(own);
                        let Some(expr) = &declaration.value else { continue };
                        self.mark_names(expr, &line.loops);
                        let value = values.evaluate(expr, &line.loops, &mut self.faults);
                        let Some(leaf) = leaf else { continue };
                        leaf.value = match value {
                            None => Value::Broken,
                            Some(value) => {
                                let value = Arc::new(upright(value, declaration.shape.as_ref()));
                                for key in std::iter::once(&leaf.name).chain(&leaf.aliases).map(|name| &name.key) {
                                    values.insert(key, &value);
                                }
                                Value::Known(value, expr.span())
                            }
                        };
                    }
                }
                Given::Incoming { leaf, .. } => {
                    let Some(expr) = &leaf.value else { continue };
                    self.mark_names(expr, &line.loops);
                    if let Some(value) = values.evaluate(expr, &line.loops, &mut self.faults) {
                        self.incoming_value(leaf, Arc::new(value), expr.span());
                    }
                }
                Given::Data { columns, table, span } => {
                    let split = self.columns(columns, table, *span, &line.loops, values);
                    for (place, name) in columns.iter().enumerate() {
                        let own = |leaf: &&mut Pending<'_>| leaf.name.span == name.span && leaf.loops == line.loops;
                        let Some(leaf) = pending.next_if(own) else { continue };
                        if let Some(column) = split.as_ref().and_then(|split| split.get(place)) {
                            values.insert(&leaf.name.key, column);
                            leaf.value = Value::Known(Arc::clone(column), *span);
                        }
                    }
                }
            }
        }
    }

    fn mark_names(&mut self, expr: &Expr, loops: &Loops) {
        for (key, _) in names_in(expr, loops) {
            self.table.mark_used(&key);
        }
    }

    /// The columns of a table, each rows x 1.
    fn columns(
        &mut self,
        names: &[Name],
        table: &Table,
        span: Span,
        loops: &Loops,
        values: &mut Values,
    ) -> Option<Vec<Arc<Tensor<Number>>>> {
        let expr = match table {
            Table::Literal(expr) => expr,
            Table::File(file) => return self.file_columns(names, file),
        };
        self.mark_names(expr, loops);
        let value = values.evaluate(expr, loops, &mut self.faults)?;
        let found = value.extents().last().copied().filter(|_| value.rank() == 2).unwrap_or(1);
        let spelled = names.iter().map(|name| name.text.as_str());
        let Some(widths) = widths(spelled, found).filter(|_| value.rank() == 2) else {
            let message = format!("a table with {} for {}", columns(found), plural(names.len(), "name"));
            let error = Diagnostic::error("E-data", message).at(expr.span(), format!("has shape {}", value.shape()));
            let help = "one name in capitals takes the columns that the others leave: `data X, y = [1 2 0; 3 4 1]`";
            self.faults.push(error.at(span, "a column for each name").help(help));
            return None;
        };
        let mut first = 0;
        let mut own = |width: usize| {
            first += width;
            Arc::new(value.slice(1, first - width, first))
        };
        Some(widths.into_iter().map(&mut own).collect())
    }

    fn file_columns(&mut self, names: &[Name], file: &Spanned<String>) -> Option<Vec<Arc<Tensor<Number>>>> {
        let Some(text) = self.files.get(&file.value) else {
            let message = format!("the table `{}` was not read", file.value);
            self.faults.push(Diagnostic::error("E-data", message).at(file.span, "no text of this file"));
            return None;
        };
        let columns = match file_table::columns(text, file, names) {
            Ok(columns) => columns,
            Err(error) => {
                self.faults.push(error);
                return None;
            }
        };
        let column = |entries: Vec<Number>| Arc::new(Tensor::from_entries(&[entries.len(), 1], entries));
        Some(columns.into_iter().map(column).collect())
    }

    fn add(&mut self, leaf: Pending<'_>) {
        let declared = leaf.shape.map(|shape| {
            let mut names = Vec::new();
            shape.value.iter().for_each(|side| dims_in(side, &mut names));
            for name in names {
                if let Ok(name) = Resolved::of(name, &leaf.loops) {
                    self.table.mark_used(&name.key);
                }
            }
            self.dims.shape(shape, &leaf.loops, &self.without_values, &mut self.faults)
        });
        let mut wrong = matches!(leaf.value, Value::Broken);
        let fitted = match (declared, leaf.value) {
            (Some(None), _) | (None, Value::Broken) => None,
            (Some(Some(shape)), Value::None | Value::Broken) => Some((shape, None)),
            (None, Value::None) => Some((Shape::scalar(), None)),
            (None, Value::Known(value, span)) => Some((value.shape(), Some((value.as_ref().clone(), span)))),
            (Some(Some(shape)), Value::Known(value, span)) => {
                match classes(&value, &shape, leaf.one_hot).map_or_else(|| fit(&value, &shape), Ok) {
                    Ok(value) => Some((shape, Some((value, span)))),
                    Err(found) => {
                        self.misfit(&leaf.name, &shape, leaf.shape, &leaf.loops, &found, span);
                        wrong = true;
                        Some((shape, None))
                    }
                }
            }
        };
        let Some((shape, value)) = fitted else {
            for name in std::iter::once(&leaf.name).chain(&leaf.aliases) {
                self.scope.insert(&name.text, Meaning::Broken);
            }
            self.broken = true;
            return;
        };
        let one_hot_axis = leaf.one_hot.then(|| one_hot_axis(&shape, self.scope.default_axis));
        if let (Some(axis), Some((value, span))) = (one_hot_axis, &value) {
            self.check_one_hot(&leaf.name, value, axis, *span);
        }
        let given = value.as_ref().map(|(value, span)| (value, *span));
        let assumed = self.assumed(&leaf.name, &leaf.assumed, &shape, given);
        let node = self.graph.add_leaf(Leaf {
            name: leaf.name.text.clone(),
            kind: leaf.kind,
            shape,
            value: value.map(|(value, _)| value),
            one_hot_axis,
            assumed,
            description: leaf.description.map(str::to_string),
        });
        self.spans.insert(node, leaf.name.span);
        self.leaves.push(node);
        if wrong {
            self.excused.insert(node);
        }
        if let Some(table) = leaf.table {
            self.tables[table].push(node);
        }
        for name in std::iter::once(&leaf.name).chain(&leaf.aliases) {
            self.name(name, node);
        }
    }

    fn misfit(
        &mut self,
        name: &Resolved,
        shape: &Shape,
        declared: Option<&Spanned<Vec<DimExpr>>>,
        loops: &Loops,
        found: &Shape,
        span: Span,
    ) {
        let message = format!("`{}` is declared {shape}, and its value is {found}", name.text);
        let mut error = Diagnostic::error("E-shape", message).at(span, format!("has shape {found}"));
        let mut names = Vec::new();
        if let Some(declared) = declared {
            error = error.at(declared.span, format!("says {shape}"));
            declared.value.iter().for_each(|side| dims_in(side, &mut names));
        }
        for dim in names {
            let key = Resolved::of(dim, loops).map(|name| name.key).unwrap_or_default();
            if let Some(known) = self.dims.declared(&key)
                && let (Some(value), Some(place)) = (known.value, known.measured)
                && place != span
            {
                error = error.at(place, format!("`{}` is {value} here", known.spelling));
            }
        }
        let help = match () {
            () if found.transposed().as_ref() == Some(shape) && found.is_row() => {
                "a column is written with `;`: `[1; 2; 3]`"
            }
            () if found.transposed().as_ref() == Some(shape) => "the transpose of the value would fit",
            () => "leave out the shape: it is taken from the value",
        };
        self.faults.push(error.help(help));
    }

    /// Each line along the axis has a single 1 and is 0 elsewhere.
    fn check_one_hot(&mut self, name: &Resolved, value: &Tensor<Number>, axis: usize, span: Span) {
        let (zero, one) = (Number::integer(0), Number::integer(1));
        let extents = value.extents();
        let Some(length) = extents.get(axis).copied() else { return };
        let mut lines = extents.to_vec();
        lines[axis] = 1;
        let wrong = crate::tensor::indices(&lines).find_map(|mut place| {
            let line: Vec<&Number> = (0..length)
                .map(|along| {
                    place[axis] = along;
                    value.at(&place)
                })
                .collect();
            let ones = line.iter().filter(|entry| ***entry == one).count();
            let others = line.iter().filter(|entry| ***entry != one && ***entry != zero).count();
            place[axis] = 0;
            (ones != 1 || others != 0)
                .then(|| (place.iter().sum::<usize>() + 1, line.into_iter().cloned().collect::<Vec<_>>()))
        });
        let Some((number, line)) = wrong else { return };
        let shown: Vec<String> = line.iter().take(8).map(Number::to_string).collect();
        let more = if line.len() > 8 { " …" } else { "" };
        let word = if axis == 0 { "column" } else { "row" };
        let message = format!("{word} {number} of `{}` is not one-hot: {}{more}", name.text, shown.join(" "));
        let error =
            Diagnostic::error("E-one-hot", message).at(span, format!("a {word} has a single 1, and 0 elsewhere"));
        self.faults.push(error.help("leave out `one-hot` if these are not classes"));
    }
}

/// The value in its declared shape: a number is a 1 x 1 matrix where one is declared.
pub(super) fn fit(value: &Tensor<Number>, shape: &Shape) -> Result<Tensor<Number>, Shape> {
    let found = value.shape();
    match found == *shape {
        true => Ok(value.clone()),
        false if found.is_scalar() && shape.is_single() => Ok(value.reshape(&vec![1; shape.rank()])),
        false => Err(found),
    }
}

/// Classes that are counted from 1 (or from 0 where one is 0) as rows with a 1 at each example's class.
fn classes(value: &Tensor<Number>, shape: &Shape, one_hot: bool) -> Option<Tensor<Number>> {
    let (rows, columns) = shape.as_matrix()?;
    let side = |side: &Dim| side.as_integer().and_then(|side| usize::try_from(side).ok());
    let (rows, columns) = (side(rows)?, side(columns)?);
    let whole: Vec<usize> =
        value.entries().map(|class| usize::try_from(class.to_integer()?).ok()).collect::<Option<_>>()?;
    let first = usize::from(!whole.contains(&0));
    let fits = one_hot && value.rank() <= 2 && (whole.len() == rows && columns > 1 || whole.len() == 1);
    // A column of one example has its class along it.
    let place = |index: &[usize]| if columns == 1 { (0, index[0]) } else { (index[0], index[1]) };
    let inside = whole.iter().all(|class| *class >= first && class - first < if columns == 1 { rows } else { columns });
    (fits && inside).then(|| {
        Tensor::from_fn(&[rows, columns], |index| {
            let (example, class) = place(index);
            Number::integer(i64::from(whole.get(example) == Some(&(class + first))))
        })
    })
}

/// A vector of one declared dimension may have its entries written in a row.
fn upright(value: Tensor<Number>, declared: Option<&Spanned<Vec<DimExpr>>>) -> Tensor<Number> {
    match (value.extents(), declared.map(|declared| declared.value.len())) {
        ([1, entries], Some(1)) => value.reshape(&[*entries, 1]),
        _ => value,
    }
}

/// The axis along which entries are one-hot: along a vector, else the axis of the data's layout.
fn one_hot_axis(shape: &Shape, default_axis: usize) -> usize {
    match () {
        () if shape.is_row() => 1,
        () if shape.is_column() => 0,
        () => default_axis,
    }
}

fn columns(count: usize) -> String {
    plural(count, "column")
}

fn plural(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// What an entry says against an assumption.
pub(super) fn against(assumption: Assumption, place: &[usize], value: &Tensor<Number>) -> String {
    let index = |place: &[usize]| place.iter().map(|own| (own + 1).to_string()).collect::<Vec<_>>().join(", ");
    let entry = |place: &[usize]| format!("the entry [{}] is {}", index(place), value.at(place));
    match assumption {
        Assumption::Symmetric => format!("{}, {}", entry(place), entry(&[place[1], place[0]])),
        Assumption::Positive | Assumption::Diagonal => entry(place),
        Assumption::Orthogonal => format!("the columns {} and {} are not orthonormal", place[0] + 1, place[1] + 1),
        Assumption::PositiveDefinite => format!("not so up to row and column {}", place[0].max(place[1]) + 1),
        Assumption::RowsSumToOne => format!("row {} does not sum to 1", place[0] + 1),
    }
}
