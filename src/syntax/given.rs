//! Lines of the section `given`.

use super::ast::{DimDeclaration, DimExpr, Draw, DrawnKind, Given, LeafDeclaration, LeafKind, Random, Spanned, Table};
use super::build::Builder;
use super::expression::{expression, first, matrix_expression};
use super::grammar::Rule;
use crate::diagnostic::Diagnostic;
use pest::iterators::Pair;

/// Images are channels x rows x columns, and batches lead.
const MOST_DIMENSIONS: usize = 4;

/// What a line of `given` says; `repeat` and `end` are the caller's.
pub fn given(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Given {
    match pair.as_rule() {
        Rule::Dims => Given::Dims(pair.into_inner().map(|one| dim(builder, one)).collect()),
        Rule::Layout => Given::Layout(builder.spanned(&first(pair))),
        Rule::Data => data(builder, pair),
        Rule::Incoming => {
            let of = pair.clone().into_inner().find(|part| part.as_rule() == Rule::DeriveOf);
            let of = builder.name(&first(of.expect("a gradient is of something")));
            Given::Incoming { leaf: leaf(builder, LeafKind::Input, pair), of }
        }
        _ => leaves(builder, pair),
    }
}

fn dim(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> DimDeclaration {
    let mut inner = pair.into_inner();
    let name = inner.next().map(|name| builder.name(&name)).expect("a dimension begins with its name");
    let value = inner.next().map(|value| Spanned { value: builder.integer(&value), span: builder.span(&value) });
    DimDeclaration { name, value }
}

fn data(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Given {
    let span = builder.span(&pair);
    let (mut columns, mut table) = (Vec::new(), None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::Name => columns.push(builder.name(&part)),
            Rule::Text => table = Some(Table::File(builder.quoted(&part))),
            _ => table = Some(Table::Literal(matrix_expression(builder, part))),
        }
    }
    Given::Data { columns, table: table.expect("a table ends in a matrix or a file"), span }
}

fn leaves(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Given {
    let mut kind = LeafKind::Input;
    let mut leaves = Vec::new();
    for part in pair.into_inner() {
        match (part.as_rule(), part.as_str()) {
            (Rule::LeafKind, "target") => kind = LeafKind::Target,
            (Rule::LeafKind, "param") => kind = LeafKind::Param,
            (Rule::LeafKind, "const") => kind = LeafKind::Const,
            (Rule::LeafKind, _) => kind = LeafKind::Input,
            _ => leaves.push(leaf(builder, kind, part)),
        }
    }
    Given::Leaves(leaves)
}

fn leaf(builder: &Builder<'_>, kind: LeafKind, pair: Pair<'_, Rule>) -> LeafDeclaration {
    let span = builder.span(&pair);
    let mut inner = pair.into_inner();
    let name = inner.next().map(|name| builder.name(&name)).expect("a leaf begins with its name");
    let mut leaf = LeafDeclaration {
        kind,
        name,
        shape: None,
        properties: Vec::new(),
        value: None,
        random: None,
        description: None,
        aliases: Vec::new(),
        span,
    };
    for part in inner {
        let place = builder.span(&part);
        let twice = match part.as_rule() {
            Rule::Shape => leaf.shape.replace(shape(builder, part)).is_some(),
            Rule::Text => leaf.description.replace(builder.quoted(&part).value).is_some(),
            Rule::Value => {
                let before = leaf.value.is_some() || leaf.random.is_some();
                let part = first(part);
                match part.as_rule() {
                    Rule::Random => leaf.random = Some(random(builder, part)),
                    _ => leaf.value = Some(expression(builder, part)),
                }
                before
            }
            Rule::DeriveOf => false,
            Rule::Property => {
                leaf.properties.push(builder.word(&part));
                false
            }
            _ => {
                leaf.aliases.extend(part.into_inner().map(|alias| builder.name(&alias)));
                false
            }
        };
        if twice {
            let message = format!("`{}` has this twice", leaf.name.text);
            builder.fault(Diagnostic::error("E-syntax", message).at(place, "the second"));
        }
    }
    leaf
}

fn random(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Random {
    let span = builder.span(&pair);
    let mut random = Random { shape: None, draw: Draw::OneHot, kind: None, span };
    for part in pair.into_inner() {
        match (part.as_rule(), part.as_str()) {
            (Rule::RandomShape, _) => random.shape = Some(shape(builder, first(part))),
            (Rule::Between, _) => {
                let mut numbers = part.into_inner().map(|number| number.as_str().to_string());
                let mut next = || numbers.next().unwrap_or_default();
                let (from, to) = (next(), next());
                random.draw = Draw::Between { from, to, step: numbers.next() };
            }
            (Rule::Among, _) => {
                random.draw = Draw::Among(part.into_inner().map(|number| number.as_str().to_string()).collect());
            }
            (Rule::Special, "permutation") => random.draw = Draw::Permutation,
            (Rule::Special, _) => random.draw = Draw::OneHot,
            (Rule::Rank, _) => random.kind = first(part).as_str().parse().ok().map(DrawnKind::Rank),
            (Rule::Invertible, _) => random.kind = Some(DrawnKind::Invertible),
            _ => random.kind = Some(DrawnKind::Distinct),
        }
    }
    random
}

pub fn shape(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Spanned<Vec<DimExpr>> {
    let span = builder.span(&pair);
    let value: Vec<DimExpr> = pair.into_inner().map(|one| dim_expr(builder, one)).collect();
    if value.len() > MOST_DIMENSIONS {
        let message = format!("a shape has at most {MOST_DIMENSIONS} dimensions");
        builder.fault(Diagnostic::error("E-shape", message).at(span, format!("{} dimensions", value.len())));
    }
    Spanned { value, span }
}

/// A sum, a product, a number or a name; sums and products of one part are that part.
pub fn dim_expr(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> DimExpr {
    let collapse = |pair: Pair<'_, Rule>, many: fn(Vec<DimExpr>) -> DimExpr| {
        let mut parts: Vec<DimExpr> = pair.into_inner().map(|part| dim_expr(builder, part)).collect();
        if parts.len() == 1 { parts.remove(0) } else { many(parts) }
    };
    match pair.as_rule() {
        Rule::DimSum => collapse(pair, DimExpr::Sum),
        Rule::DimProduct => collapse(pair, DimExpr::Product),
        Rule::DimMinus => DimExpr::Minus(Box::new(dim_expr(builder, first(pair)))),
        Rule::Integer => DimExpr::Integer(builder.integer(&pair)),
        _ => DimExpr::Name(builder.name(&pair)),
    }
}
