//! A leaf whose entries are drawn, and how drawn values are written.

use crate::diagnostic::Diagnostic;
use crate::draw::SplitMix;
use crate::limits::RANDOM_ENTRIES;
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::{DimExpr, Draw, DrawnKind, Given, LeafDeclaration, Random, Spec};
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
    kind: Option<DrawnKind>,
}

/// How often a matrix of its kind is looked for before it is said that the numbers give none.
const LOOKS: usize = 2000;

#[derive(Clone, Debug)]
enum Entries {
    /// `from + step · i` for `i` below `count`
    Steps {
        from: Number,
        step: Number,
        count: u64,
    },
    Among(Vec<Number>),
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
            Entries::Steps { count, .. } if random.kind == Some(DrawnKind::Distinct) => *count,
            Entries::Among(numbers) if random.kind == Some(DrawnKind::Distinct) => numbers.len() as u64,
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
        let leaf = Leaf { name: name.text.clone(), span: random.span, extents, entries, kind: random.kind };
        if let Some(rank) = leaf.rank().map_err(|(message, help)| fault(message, help))? {
            let mut random = SplitMix::of(&["rank", &leaf.name]);
            if !(0..LOOKS).any(|_| leaf.of_rank(rank, &mut random).is_some()) {
                let message = format!("no matrix of rank {rank} is found among these numbers");
                return Err(fault(message, "draw from more numbers, with 0 among them"));
            }
        }
        Ok(leaf)
    }

    /// The rank that is asked for, if one is.
    fn rank(&self) -> Result<Option<usize>, (String, &'static str)> {
        let (rank, kind) = match self.kind {
            None | Some(DrawnKind::Distinct) => return Ok(None),
            Some(DrawnKind::Invertible) => (None, "invertible"),
            Some(DrawnKind::Rank(rank)) => (Some(usize::try_from(rank).unwrap_or(usize::MAX)), "of a rank"),
        };
        let numbers = matches!(self.entries, Entries::Steps { .. } | Entries::Among(_));
        match (self.extents.as_slice(), rank) {
            (_, _) if !numbers => Err((format!("these are not drawn {kind}"), "random 3 x 3 from -3 to 3 invertible")),
            ([rows, columns], None) if rows == columns => Ok(Some(*rows)),
            ([rows, columns], Some(rank)) if (1..=*rows.min(columns)).contains(&rank) => Ok(Some(rank)),
            ([_, _], Some(rank)) => {
                Err((format!("`{}` can't have rank {rank}", self.name), "at most its smaller side"))
            }
            _ => Err((format!("only a matrix is {kind}"), "random 3 x 3 from -3 to 3 invertible")),
        }
    }

    /// A matrix whose first rows are independent, with the others made of them, in any order; none where the numbers
    /// fail, or are not among those to draw from.
    fn of_rank(&self, rank: usize, random: &mut SplitMix) -> Option<Tensor<Number>> {
        let columns = self.extents[1];
        let mut rows: Vec<Vec<Number>> = (0..rank).map(|_| self.numbers(columns, false, random)).collect();
        if rank_of(&rows) < rank {
            return None;
        }
        while rows.len() < self.extents[0] {
            let factors: Vec<Number> = (0..rank).map(|_| Number::integer(random.below(4) as i64 - 1)).collect();
            let entry = |column: usize| {
                let terms = rows[..rank].iter().zip(&factors).map(|(row, factor)| factor * &row[column]);
                terms.fold(Number::integer(0), |sum, term| &sum + &term)
            };
            let row: Vec<Number> = (0..columns).map(entry).collect();
            if !row.iter().all(|entry| self.gives(entry)) {
                return None;
            }
            rows.push(row);
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        random.shuffle(&mut order);
        Some(Tensor::from_entries(&self.extents, order.into_iter().flat_map(|row| rows[row].clone()).collect()))
    }

    /// Whether a number is among those that are drawn from.
    fn gives(&self, number: &Number) -> bool {
        match &self.entries {
            Entries::Among(numbers) => numbers.contains(number),
            Entries::Steps { from, step, count } => {
                let place = (number - from).checked_div(step).ok().and_then(|place| place.to_integer());
                place.and_then(|place| u64::try_from(place).ok()).is_some_and(|place| place < *count)
            }
            Entries::OneHot | Entries::Permutation => false,
        }
    }

    /// So many numbers, each for itself.
    fn numbers(&self, size: usize, distinct: bool, random: &mut SplitMix) -> Vec<Number> {
        let mut places = |count: u64| {
            let mut taken = BTreeSet::new();
            let mut next = || loop {
                let place = random.below(count);
                if taken.insert(place) || !distinct {
                    return place;
                }
            };
            (0..size).map(|_| next()).collect::<Vec<u64>>()
        };
        match &self.entries {
            Entries::Steps { from, step, count } => {
                places(*count).into_iter().map(|place| from + &(step * &number(place))).collect()
            }
            Entries::Among(numbers) => {
                places(numbers.len() as u64).into_iter().map(|place| numbers[place as usize].clone()).collect()
            }
            Entries::OneHot | Entries::Permutation => Vec::new(),
        }
    }

    pub fn draw(&self, random: &mut SplitMix) -> Tensor<Number> {
        if let Ok(Some(rank)) = self.rank() {
            loop {
                if let Some(found) = self.of_rank(rank, random) {
                    return found;
                }
            }
        }
        let size: usize = self.extents.iter().product();
        let entries: Vec<Number> = match &self.entries {
            Entries::Steps { .. } | Entries::Among(_) => {
                self.numbers(size, self.kind == Some(DrawnKind::Distinct), random)
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

fn number(place: u64) -> Number {
    Number::integer(i64::try_from(place).unwrap_or(i64::MAX))
}

/// The rank of these rows: how many are left when each is reduced by those before it.
fn rank_of(rows: &[Vec<Number>]) -> usize {
    let zero = Number::integer(0);
    let mut pivots: Vec<(usize, Vec<Number>)> = Vec::new();
    for row in rows {
        let mut row = row.clone();
        for (at, pivot) in &pivots {
            let Ok(factor) = row[*at].checked_div(&pivot[*at]) else { continue };
            row = row.iter().zip(pivot).map(|(entry, pivot)| entry - &(&factor * pivot)).collect();
        }
        if let Some(at) = row.iter().position(|entry| *entry != zero) {
            pivots.push((at, row));
        }
    }
    pivots.len()
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
    Ok(match &random.draw {
        Draw::OneHot => Entries::OneHot,
        Draw::Permutation => Entries::Permutation,
        Draw::Among(numbers) => {
            let numbers: Vec<Number> = numbers.iter().map(|text| number(text)).collect::<Result<_, _>>()?;
            let twice = (1..numbers.len()).find(|place| numbers[..*place].contains(&numbers[*place]));
            if let Some(twice) = twice {
                return Err((format!("{} stands twice", numbers[twice]), "name each number once"));
            }
            Entries::Among(numbers)
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
            Entries::Steps { from, step, count: count + 1 }
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
