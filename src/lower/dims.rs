//! Named dimensions, and the shapes that are declared with them.

use super::faults::Faults;
use super::names::Resolved;
use super::scope::{Meaning, Scope};
use crate::diagnostic::Diagnostic;
use crate::limits::{DIM_TERMS, SHAPE_ENTRIES, SHAPE_SIDE};
use crate::shape::{Dim, Shape};
use crate::span::Span;
use crate::syntax::ast::{DimDeclaration, DimExpr, Name, Spanned};
use std::collections::BTreeMap;

/// A declared dimension.
#[derive(Clone, Debug)]
pub struct Declared {
    pub spelling: String,
    pub value: Option<usize>,
    /// The given value that says it, where the declaration does not.
    pub measured: Option<Span>,
    /// Its value is wrong, which is told.
    pub broken: bool,
}

/// The dimensions of a file, by key and in order.
#[derive(Debug, Default)]
pub struct Dims {
    by_key: BTreeMap<String, Declared>,
    order: Vec<String>,
}

impl Dims {
    /// Adds a declaration; the caller sees to it that the name is new.
    pub fn declare(&mut self, name: &Resolved, declaration: &DimDeclaration, faults: &mut Faults) {
        let value = declaration.value.as_ref().and_then(|value| side(value.value, value.span, faults));
        let broken = declaration.value.is_some() && value.is_none();
        let declared = Declared { spelling: name.text.clone(), value, measured: None, broken };
        if self.by_key.insert(name.key.clone(), declared).is_none() {
            self.order.push(name.key.clone());
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &Declared)> {
        self.order.iter().filter_map(|key| Some((key, self.by_key.get(key)?)))
    }

    pub fn declared(&self, key: &str) -> Option<&Declared> {
        self.by_key.get(key)
    }

    /// The sides of a given value say what the names in its declared shape are, where nothing else does.
    pub fn measure(&mut self, shape: &[DimExpr], loops: &[(String, i64)], extents: &[usize], place: Span) {
        if shape.len() != extents.len() && !(shape.len() == 1 && extents.len() == 2) {
            return;
        }
        for (side, extent) in shape.iter().zip(extents) {
            if let DimExpr::Name(name) = side
                && let Ok(resolved) = Resolved::of(name, loops)
                && let Some(declared) = self.by_key.get_mut(&resolved.key)
                && declared.value.is_none()
            {
                declared.value = Some(*extent);
                declared.measured = Some(place);
            }
        }
    }

    pub fn get(&self, key: &str) -> Option<Dim> {
        let declared = self.by_key.get(key)?;
        Some(declared.value.map_or_else(|| Dim::name(&declared.spelling), Dim::integer))
    }

    /// The value of a bound of a loop.
    pub fn bound(&self, bound: &Spanned<DimExpr>, loops: &[(String, i64)]) -> Result<i64, Diagnostic> {
        let mut faults = Faults::default();
        let dim = self.dim(&bound.value, bound.span, loops, &Scope::new(1), &mut faults);
        if let Some(error) = faults.in_order().into_iter().next() {
            return Err(error);
        }
        dim.and_then(|dim| dim.as_integer()).ok_or_else(|| {
            let message = "the bound of a loop is a whole number, or a dimension that has a value";
            Diagnostic::error("E-repeat", message).at(bound.span, "has no value").help("give it one: `dim L = 4`")
        })
    }

    /// The shape of a declaration: one dimension is a column. `None` if something in it was told to be wrong.
    pub fn shape(
        &self,
        shape: &Spanned<Vec<DimExpr>>,
        loops: &[(String, i64)],
        scope: &Scope,
        faults: &mut Faults,
    ) -> Option<Shape> {
        let sides: Vec<Option<Dim>> =
            shape.value.iter().map(|dim| self.dim(dim, shape.span, loops, scope, faults)).collect();
        let mut sides: Vec<Dim> = sides.into_iter().collect::<Option<_>>()?;
        if let Some(side) = sides.iter().find(|side| side.as_integer().is_some_and(|value| value < 1)) {
            faults.push(Diagnostic::error("E-dim", format!("a side of {side}")).at(shape.span, "sides are 1 or more"));
            return None;
        }
        if sides.len() == 1 {
            sides.push(Dim::one());
        }
        let shape_of = Shape(sides);
        match too_large(&shape_of) {
            None => Some(shape_of),
            Some(reason) => {
                faults.push(Diagnostic::error("E-dim", reason).at(shape.span, shape_of.to_string()));
                None
            }
        }
    }

    /// Brackets in a dimension are bounded by the parser, so this may recurse.
    fn dim(
        &self,
        expr: &DimExpr,
        span: Span,
        loops: &[(String, i64)],
        scope: &Scope,
        faults: &mut Faults,
    ) -> Option<Dim> {
        if terms(expr) > DIM_TERMS {
            let message = format!("a dimension of more than {DIM_TERMS} terms");
            faults.push(Diagnostic::error("E-dim", message).at(span, "too many"));
            return None;
        }
        self.polynomial(expr, span, loops, scope, faults)
    }

    fn polynomial(
        &self,
        expr: &DimExpr,
        span: Span,
        loops: &[(String, i64)],
        scope: &Scope,
        faults: &mut Faults,
    ) -> Option<Dim> {
        match expr {
            DimExpr::Integer(value) => match usize::try_from(*value) {
                Ok(value) if value <= SHAPE_SIDE => Some(Dim::integer(value)),
                Ok(_) | Err(_) => {
                    faults.push(oversized(*value, span));
                    None
                }
            },
            DimExpr::Sum(parts) => {
                let parts = self.polynomials(parts, span, loops, scope, faults)?;
                Some(parts.iter().fold(Dim::integer(0), |sum, part| sum.plus(part)))
            }
            DimExpr::Minus(part) => Some(self.polynomial(part, span, loops, scope, faults)?.times_integer(-1)),
            DimExpr::Product(parts) => {
                let parts = self.polynomials(parts, span, loops, scope, faults)?;
                Some(parts.iter().fold(Dim::one(), |product, part| product.times(part)))
            }
            DimExpr::Name(name) => {
                let turn = loops.iter().rev().find(|(variable, _)| name.index.is_none() && *variable == name.text);
                if let Some((_, value)) = turn {
                    return usize::try_from(*value).ok().map(Dim::integer);
                }
                let resolved = Resolved::of(name, loops).map_err(|error| faults.push(error)).ok()?;
                let known = self.get(&resolved.key);
                if known.is_none() {
                    let error = self.undeclared(&resolved, scope, faults);
                    faults.push(error);
                }
                known
            }
        }
    }

    fn polynomials(
        &self,
        parts: &[DimExpr],
        span: Span,
        loops: &[(String, i64)],
        scope: &Scope,
        faults: &mut Faults,
    ) -> Option<Vec<Dim>> {
        // Collected first: each part tells its own errors.
        let parts: Vec<Option<Dim>> =
            parts.iter().map(|part| self.polynomial(part, span, loops, scope, faults)).collect();
        parts.into_iter().collect()
    }

    fn undeclared(&self, name: &Resolved, scope: &Scope, suggestions: &mut Faults) -> Diagnostic {
        let text = &name.text;
        if let Some(known) = scope.get(&name.key) {
            let message = format!("`{}` is not a dimension", known.spelling);
            let help = "the sides of a shape are whole numbers and names that `dim` declares";
            return Diagnostic::error("E-undefined", message).at(name.span, "used as one").help(help);
        }
        let error = Diagnostic::error("E-undefined", format!("dimension `{text}` is not declared"));
        let known = self.by_key.iter().map(|(key, declared)| (key.as_str(), declared.spelling.as_str()));
        let error = error.at(name.span, "not declared");
        match suggestions.meant(&name.key, known) {
            Some(meant) => error.help(format!("did you mean `{meant}`? Or declare it: `dim {text}`")),
            None => error.help(format!("declare it: `dim {text}`")),
        }
    }

    /// Each dimension under its name, for expressions.
    pub fn enter(&self, scope: &mut Scope) {
        for key in &self.order {
            if let (Some(declared), Some(dim)) = (self.by_key.get(key), self.get(key)) {
                scope.insert(&declared.spelling, if declared.broken { Meaning::Broken } else { Meaning::Size(dim) });
            }
        }
    }
}

/// Names of dimensions in a declaration, to know which are used.
pub fn names_in<'a>(expr: &'a DimExpr, names: &mut Vec<&'a Name>) {
    match expr {
        DimExpr::Integer(_) => {}
        DimExpr::Name(name) => names.push(name),
        DimExpr::Minus(part) => names_in(part, names),
        DimExpr::Sum(parts) | DimExpr::Product(parts) => parts.iter().for_each(|part| names_in(part, names)),
    }
}

/// How many terms a dimension has when it is multiplied out.
fn terms(expr: &DimExpr) -> usize {
    match expr {
        DimExpr::Integer(_) | DimExpr::Name(_) => 1,
        DimExpr::Minus(part) => terms(part),
        DimExpr::Sum(parts) => parts.iter().map(terms).fold(0, usize::saturating_add),
        DimExpr::Product(parts) => parts.iter().map(terms).fold(1, usize::saturating_mul),
    }
}

fn side(value: u64, span: Span, faults: &mut Faults) -> Option<usize> {
    match usize::try_from(value) {
        Ok(0) => {
            faults.push(Diagnostic::error("E-dim", "a dimension of 0").at(span, "1 or more"));
            None
        }
        Ok(value) if value <= SHAPE_SIDE => Some(value),
        Ok(_) | Err(_) => {
            faults.push(oversized(value, span));
            None
        }
    }
}

fn oversized(value: u64, span: Span) -> Diagnostic {
    Diagnostic::error("E-dim", format!("a side of {value}")).at(span, format!("sides are at most {SHAPE_SIDE}"))
}

/// Why a shape is refused even where no value is ever put into it.
pub fn too_large(shape: &Shape) -> Option<String> {
    if shape.0.iter().any(|side| side.as_integer().is_some_and(|value| value > SHAPE_SIDE as i64)) {
        return Some(format!("a side of more than {SHAPE_SIDE}"));
    }
    let entries = entries(shape).filter(|entries| *entries > u128::from(SHAPE_ENTRIES))?;
    Some(format!("{entries} entries; a shape has at most {SHAPE_ENTRIES}"))
}

/// How many entries a shape without named dimensions has; a negative side counts as none.
pub fn entries(shape: &Shape) -> Option<u128> {
    shape.0.iter().try_fold(1u128, |product, side| {
        let value = u128::try_from(side.as_integer()?).unwrap_or(0);
        Some(product.saturating_mul(value))
    })
}
