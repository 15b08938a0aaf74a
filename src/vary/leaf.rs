//! A leaf whose entries are drawn, and how drawn values are written.

use crate::diagnostic::Diagnostic;
use crate::draw::SplitMix;
use crate::limits::RANDOM_ENTRIES;
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::{DimExpr, Draw, Given, LeafDeclaration, Random, Spec};
use crate::tensor::Tensor;
use std::collections::BTreeSet;

/// What is drawn of a leaf.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub name: String,
    /// What the value takes the place of.
    pub span: Span,
    extents: Vec<usize>,
    entries: Entries,
}

#[derive(Clone, Debug)]
enum Entries {
    /// `from + step · i` for `i` below `count`
    Steps {
        from: Number,
        step: Number,
        count: u64,
        distinct: bool,
    },
    Among {
        numbers: Vec<Number>,
        distinct: bool,
    },
    OneHot,
    Permutation,
}

type Fault = Box<Diagnostic>;

impl Leaf {
    pub fn new(spec: &Spec, declaration: &LeafDeclaration) -> Result<Leaf, Fault> {
        let name = &declaration.name;
        let Some(random) = &declaration.random else {
            return Err(Box::new(Diagnostic::error("E-random", "nothing is drawn here").at(name.span, "here")));
        };
        let fault = |message: String, help: &str| {
            Box::new(Diagnostic::error("E-random", message).at(random.span, "here").help(help))
        };
        if name.index.is_some() {
            return Err(fault(format!("`{}` is drawn in a loop", name.text), "draw one leaf for each round"));
        }
        let extents = extents(spec, declaration, random)?;
        let size: usize = extents.iter().try_fold(1_usize, |size, side| size.checked_mul(*side)).unwrap_or(usize::MAX);
        if size == 0 || size > RANDOM_ENTRIES {
            return Err(fault(
                format!("`{}` has no entries, or more than {RANDOM_ENTRIES}", name.text),
                "make it smaller",
            ));
        }
        let entries = entries(random).map_err(|(message, help)| fault(message, help))?;
        let choices = match &entries {
            Entries::Steps { count, distinct: true, .. } => *count,
            Entries::Among { numbers, distinct: true } => numbers.len() as u64,
            _ => u64::MAX,
        };
        if choices < size as u64 {
            return Err(fault(
                format!("{size} entries can't be distinct among {choices} numbers"),
                "give more numbers",
            ));
        }
        match (&entries, extents.as_slice()) {
            (Entries::OneHot, [_, _]) | (Entries::Permutation, [_] | [1, _] | [_, 1]) => {}
            (Entries::Permutation, [rows, columns]) if rows == columns => {}
            (Entries::OneHot, _) => {
                return Err(fault("one-hot rows are those of a matrix".into(), "random 4 x 3 one-hot"));
            }
            (Entries::Permutation, _) => {
                let help = "random 4 permutation, random 4 x 4 permutation";
                return Err(fault("a permutation is a vector, or a square matrix".into(), help));
            }
            _ => {}
        }
        Ok(Leaf { name: name.text.clone(), span: random.span, extents, entries })
    }

    pub fn draw(&self, random: &mut SplitMix) -> Tensor<Number> {
        let size: usize = self.extents.iter().product();
        let places = |random: &mut SplitMix, count: u64, distinct: bool| {
            let mut taken = BTreeSet::new();
            let mut next = || loop {
                let place = random.below(count);
                if taken.insert(place) || !distinct {
                    return place;
                }
            };
            (0..size).map(|_| next()).collect::<Vec<u64>>()
        };
        let number = |place: u64| Number::integer(i64::try_from(place).unwrap_or(i64::MAX));
        let entries: Vec<Number> = match &self.entries {
            Entries::Steps { from, step, count, distinct } => {
                let places = places(random, *count, *distinct).into_iter();
                places.map(|place| from + &(step * &number(place))).collect()
            }
            Entries::Among { numbers, distinct } => {
                let places = places(random, numbers.len() as u64, *distinct).into_iter();
                places.map(|place| numbers[place as usize].clone()).collect()
            }
            Entries::OneHot => {
                let columns = self.extents[1];
                let ones: Vec<u64> = (0..self.extents[0]).map(|_| random.below(columns as u64)).collect();
                unit_rows(&ones, columns)
            }
            Entries::Permutation => {
                let is_matrix = self.extents.len() == 2 && !self.extents.contains(&1);
                let count = if is_matrix { self.extents[0] } else { size };
                let mut order: Vec<usize> = (0..count).collect();
                random.shuffle(&mut order);
                let order: Vec<u64> = order.into_iter().map(|place| place as u64).collect();
                if is_matrix {
                    unit_rows(&order, count)
                } else {
                    order.into_iter().map(|place| number(place + 1)).collect()
                }
            }
        };
        Tensor::from_entries(&self.extents, entries)
    }
}

/// Rows with a single 1, each at its place.
fn unit_rows(places: &[u64], columns: usize) -> Vec<Number> {
    let row = |place: &u64| {
        let place = *place;
        (0..columns as u64).map(move |column| Number::integer(i64::from(column == place)))
    };
    places.iter().flat_map(row).collect()
}

fn entries(random: &Random) -> Result<Entries, (String, &'static str)> {
    let number = |text: &str| {
        let parts: Vec<&str> = text.split('/').map(str::trim).collect();
        let read = |text: &str| Number::parse(&text.replace(['−', '–'], "-")).ok();
        let value = match parts.as_slice() {
            [above, below] => read(above).zip(read(below)).and_then(|(above, below)| above.checked_div(&below).ok()),
            _ => read(text),
        };
        value.ok_or((format!("`{text}` is no number that can be drawn"), "whole numbers, decimals or fractions"))
    };
    let distinct = random.distinct;
    Ok(match &random.draw {
        Draw::OneHot => Entries::OneHot,
        Draw::Permutation => Entries::Permutation,
        Draw::Among(numbers) => {
            let numbers: Vec<Number> = numbers.iter().map(|text| number(text)).collect::<Result<_, _>>()?;
            let twice = (1..numbers.len()).find(|place| numbers[..*place].contains(&numbers[*place]));
            if let Some(twice) = twice {
                return Err((format!("{} stands twice", numbers[twice]), "name each number once"));
            }
            Entries::Among { numbers, distinct }
        }
        Draw::Between { from, to, step } => {
            let (from, to) = (number(from)?, number(to)?);
            let step = step.as_ref().map_or(Ok(Number::integer(1)), |step| number(step))?;
            let steps = (&to - &from).checked_div(&step).ok().and_then(|steps| steps.words());
            let count = steps.and_then(|(above, below)| u64::try_from(above.div_euclid(below)).ok());
            let Some(count) = count.filter(|count| *count < 1 << 53) else {
                return Err((
                    format!("from {from} to {to} there is nothing to draw"),
                    "the smaller number comes first",
                ));
            };
            Entries::Steps { from, step, count: count + 1, distinct }
        }
    })
}

fn extents(spec: &Spec, declaration: &LeafDeclaration, random: &Random) -> Result<Vec<usize>, Fault> {
    let Some(shape) = random.shape.as_ref().or(declaration.shape.as_ref()) else { return Ok(Vec::new()) };
    let side = |dim: &DimExpr| side(spec, dim).and_then(|side| usize::try_from(side).ok());
    shape.value.iter().map(side).collect::<Option<_>>().ok_or_else(|| {
        let message = format!("the shape of `{}` is not known in numbers", declaration.name.text);
        let fault = Diagnostic::error("E-random", message).at(shape.span, "here");
        Box::new(fault.help("say it in numbers, or give the dimension one: `dim N = 4`"))
    })
}

/// A dimension as a number.
fn side(spec: &Spec, dim: &DimExpr) -> Option<i64> {
    let all = |dims: &[DimExpr]| dims.iter().map(|dim| side(spec, dim)).collect::<Option<Vec<i64>>>();
    match dim {
        DimExpr::Integer(value) => i64::try_from(*value).ok(),
        DimExpr::Sum(dims) => all(dims)?.into_iter().try_fold(0_i64, i64::checked_add),
        DimExpr::Product(dims) => all(dims)?.into_iter().try_fold(1_i64, i64::checked_mul),
        DimExpr::Minus(dim) => side(spec, dim)?.checked_neg(),
        DimExpr::Name(name) => {
            let declared = spec.givens.iter().find_map(|given| match given {
                Given::Dims(dims) => dims.iter().find(|own| own.name.key() == name.key()),
                _ => None,
            });
            i64::try_from(declared?.value.as_ref()?.value).ok()
        }
    }
}

/// A value in the problem language; the rows of a matrix stand below each other, from this column on.
pub fn written(value: &Tensor<Number>, column: usize) -> String {
    let numbers: Vec<String> = value.entries().map(ToString::to_string).collect();
    match value.extents() {
        [] => numbers.concat(),
        [_] => format!("[{}]", numbers.join("; ")),
        [_, columns] => {
            let width = numbers.iter().map(|number| number.chars().count()).max().unwrap_or(0);
            let row =
                |row: &[String]| row.iter().map(|number| format!("{number:>width$}")).collect::<Vec<_>>().join(" ");
            let rows: Vec<String> = numbers.chunks((*columns).max(1)).map(row).collect();
            format!("[ {} ]", rows.join(&format!("\n{}", " ".repeat(column + 2))))
        }
        extents => nested(&numbers, extents),
    }
}

/// `[[1 2; 3 4], [5 6; 7 8]]`
fn nested(numbers: &[String], extents: &[usize]) -> String {
    match extents {
        [_, columns] => {
            let rows: Vec<String> = numbers.chunks((*columns).max(1)).map(|row| row.join(" ")).collect();
            format!("[{}]", rows.join("; "))
        }
        [_, inner @ ..] => {
            let length = inner.iter().product::<usize>().max(1);
            let parts: Vec<String> = numbers.chunks(length).map(|part| nested(part, inner)).collect();
            format!("[{}]", parts.join(", "))
        }
        [] => numbers.concat(),
    }
}
