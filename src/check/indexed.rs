//! Answers entry by entry: `dW[i,j] = \sum_k X[k,i] dZ[k,j]`. At drawn data every index has a range, so that the sums are
//! written out and the letters are numbers.

use super::beside::Comparison;
use super::compare::same;
use super::judge::Case;
use super::marker::Marker;
use super::sheet::{Given, Sheet};
use crate::shape::{DimValues, Shape};
use crate::syntax::ast::{
    Answer, BinaryOp, Expr, ExprId, ExprKind, ExprNode, Fold, Name, NamedOption, OptionValue, Relation, Spanned,
    SumIndex, Written,
};
use crate::tensor::{Tensor, indices};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Places that are tried, each in another size.
const PLACES: usize = 3;
/// Operators of an answer with its sums written out.
const LONGEST: usize = 4_000;

/// The letters of an answer's entry, and their values from 1.
type Letters = BTreeMap<String, i64>;

/// Whether an answer speaks of entries by letters; `letters` are those of its target.
pub(super) fn is_indexed(expr: &Expr, letters: &[String], known: &impl Fn(&str) -> bool) -> bool {
    expr.nodes.iter().any(|node| match &node.kind {
        ExprKind::Sum { .. } => true,
        ExprKind::Name(_) | ExprKind::Gradient { .. } => {
            letters.iter().any(|letter| numbered_by(&node.kind, letter).is_some())
        }
        ExprKind::Entry { indices, .. } => {
            indices.iter().any(|index| letter(expr, *index).is_some_and(|name| !known(&name)))
        }
        ExprKind::Number(_)
        | ExprKind::Call { .. }
        | ExprKind::Negate(_)
        | ExprKind::Binary { .. }
        | ExprKind::Transpose(_)
        | ExprKind::Matrix(_)
        | ExprKind::Indicator { .. }
        | ExprKind::Cases(_)
        | ExprKind::Prime { .. } => false,
    })
}

fn letter(expr: &Expr, id: ExprId) -> Option<String> {
    match &expr.node(id).kind {
        ExprKind::Name(name) => Some(name.text.clone()),
        _ => None,
    }
}

/// How what stands for an example is meant: `x_i` is a row or a column of `X`, lying or standing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lie {
    standing: bool,
    columns: bool,
    /// The letters of the asked entry stand the other way round.
    turned: bool,
}

const LIES: [Lie; 4] = [
    Lie { standing: false, columns: false, turned: false },
    Lie { standing: true, columns: false, turned: false },
    Lie { standing: true, columns: true, turned: false },
    Lie { standing: false, columns: true, turned: false },
];

/// The stem of a name that a letter numbers, and what is added to it: `h` and -1 of `h_{t-1}`.
pub(super) fn numbered_by(kind: &ExprKind, letter: &str) -> Option<(String, i64)> {
    let (ExprKind::Name(name) | ExprKind::Gradient { wrt: name, .. }) = kind else { return None };
    let (stem, below) = name.text.rsplit_once('_')?;
    let rest = below.trim_matches(['{', '}']).strip_prefix(letter)?.replace(' ', "");
    let offset = if rest.is_empty() { 0 } else { rest.strip_prefix('+').unwrap_or(&rest).parse().ok()? };
    Some((stem.to_string(), offset)).filter(|(stem, _)| !stem.is_empty())
}

impl Marker<'_> {
    /// The answer's entries beside those of the right one, as its shapes have it.
    pub(super) fn compare_indexed(&mut self, case: &Case) -> Comparison {
        let mut first = Comparison::Undefined;
        for lie in LIES {
            match self.compare_lying(case, lie) {
                equal @ Comparison::Equal { .. } => return equal,
                found if matches!(first, Comparison::Undefined | Comparison::Misshapen) => first = found,
                _ => {}
            }
        }
        first
    }

    /// Whether the answer is right for the entry with its letters exchanged.
    pub(super) fn is_turned(&mut self, case: &Case) -> bool {
        target_letters(case).len() > 1
            && LIES.into_iter().any(|lie| self.compare_lying(case, Lie { turned: true, ..lie }).is_equal())
    }

    fn compare_lying(&mut self, case: &Case, lie: Lie) -> Comparison {
        let key = self.key;
        let question = &key.questions[case.place];
        let Some(reference) = question.node else { return Comparison::Undefined };
        let Some(found) = self.lying_values(case, lie) else { return Comparison::Undefined };
        for (place, found) in &found {
            let Some(right) = self.drawn[*place].get(reference) else { continue };
            match same(found, right) {
                Some(Ok(())) => {}
                Some(Err(_)) => return Comparison::Differs { evidence: None, wrong: Vec::new(), total: 0 },
                None => return Comparison::Misshapen,
            }
        }
        match found.is_empty() {
            true => Comparison::Undefined,
            false => Comparison::Equal { partly: false },
        }
    }

    /// The answer's values at some of the drawn data; `None` where one has none.
    pub(super) fn indexed_values(&mut self, case: &Case) -> Option<Vec<(usize, Tensor<f64>)>> {
        LIES.into_iter().find_map(|lie| self.lying_values(case, lie))
    }

    fn lying_values(&mut self, case: &Case, lie: Lie) -> Option<Vec<(usize, Tensor<f64>)>> {
        let key = self.key;
        let reference = key.questions[case.place].node?;
        let mut letters = target_letters(case);
        if lie.turned {
            letters.reverse();
        }
        let mut all = Vec::new();
        for place in places_of_sizes(&key.drawn.iter().map(|place| place.sizes.clone()).collect::<Vec<_>>()) {
            let values = &mut self.drawn[place];
            if self.graph.extend(values, reference, &key.drawn[place].environment).is_err() {
                continue;
            }
            let Some(right) = self.drawn[place].get(reference).cloned() else { continue };
            let sides = lettered_sides(right.extents(), letters.len());
            let found = match sides {
                Some(sides) => {
                    let entries: Option<Vec<f64>> = indices(right.extents())
                        .map(|index| {
                            let places = sides.iter().map(|side| index[*side] as i64 + 1);
                            let own = letters.iter().cloned().zip(places).collect();
                            let value = self.indexed_value(case, place, &own, lie)?;
                            (value.size() == 1).then(|| *value.first())
                        })
                        .collect();
                    entries.map(|entries| Tensor::from_entries(right.extents(), entries))
                }
                None => match letters.as_slice() {
                    [letter] => self.lines(case, place, letter, right.extents(), lie),
                    _ => self.indexed_value(case, place, &Letters::new(), lie),
                },
            };
            all.push((place, found?));
        }
        Some(all)
    }

    /// The rows, or the columns, that an answer for one of them gives.
    fn lines(&mut self, case: &Case, place: usize, letter: &str, extents: &[usize], lie: Lie) -> Option<Tensor<f64>> {
        let [rows, columns] = *extents else { return None };
        let (count, length) = if lie.columns { (columns, rows) } else { (rows, columns) };
        let mut lines = Vec::new();
        for line in 1..=count {
            let own = Letters::from([(letter.to_string(), line as i64)]);
            let value = self.indexed_value(case, place, &own, lie)?;
            lines.push(value.entries().copied().collect::<Vec<f64>>());
        }
        if lines.iter().any(|line| line.len() != length) {
            return None;
        }
        let entry =
            |index: &Vec<usize>| if lie.columns { lines[index[1]][index[0]] } else { lines[index[0]][index[1]] };
        let entries = indices(extents).map(|index| entry(&index)).collect();
        Some(Tensor::from_entries(extents, entries))
    }

    fn indexed_value(&mut self, case: &Case, place: usize, letters: &Letters, lie: Lie) -> Option<Tensor<f64>> {
        let mut sizes = self.key.drawn[place].sizes.clone();
        for (name, known) in self.key.scope.sizes() {
            if let Some(size) = known.evaluate(&self.key.drawn[place].sizes) {
                sizes.insert(name.to_string(), size);
            }
        }
        let one_hot = self.key.one_hot();
        let mut shapes = |part: &Expr| {
            let node = self.answering(case).own(part).ok()?;
            Some(self.graph.shape(node).clone())
        };
        let mut writer = Writer {
            expr: case.expr,
            sheet: case.sheet,
            asked: target_letters(case),
            sizes: &sizes,
            counts: Letters::new(),
            lie,
            one_hot: one_hot.as_deref(),
            shapes: &mut shapes,
            within: 0,
            nodes: Vec::new(),
        };
        writer.count();
        writer.node(case.expr.root(), letters)?;
        let written = Expr { nodes: writer.nodes };
        let node = self.answering(case).own(&written).ok()?;
        let environment = &self.key.drawn[place].environment;
        let values = &mut self.drawn[place];
        self.graph.extend(values, node, environment).ok()?;
        values.get(node).cloned()
    }
}

/// The sides along which the letters of an entry run: all of them, or the long one of a row or a column.
fn lettered_sides(extents: &[usize], letters: usize) -> Option<Vec<usize>> {
    match (extents, letters) {
        (_, 0) => None,
        (_, count) if count == extents.len() => Some((0..count).collect()),
        ([1, _], 1) => Some(vec![1]),
        ([_, 1], 1) => Some(vec![0]),
        _ => None,
    }
}

pub(super) fn target_letters(case: &Case) -> Vec<String> {
    let answer: Option<&Answer> = match &case.sheet.given[case.place] {
        Given::Whole(answer, _) => Some(answer),
        Given::Missing | Given::Unreadable(_) | Given::Entries(_) => None,
    };
    let letters = answer.into_iter().flat_map(|answer| &answer.target.entry);
    letters.map(|letter| letter.value.clone()).collect()
}

/// One place for each assignment of sizes.
fn places_of_sizes(sizes: &[DimValues]) -> Vec<usize> {
    let mut seen: Vec<&DimValues> = Vec::new();
    let mut places = Vec::new();
    for (place, sizes) in sizes.iter().enumerate() {
        if !seen.contains(&sizes) && places.len() < PLACES {
            seen.push(sizes);
            places.push(place);
        }
    }
    places
}

/// Writes an expression with numbers for its letters and its sums written out; `None` where it gets too long, or an index
/// has no range.
struct Writer<'a, S> {
    expr: &'a Expr,
    sheet: &'a Sheet<'a>,
    /// The letters of the entry that is asked for.
    asked: Vec<String>,
    sizes: &'a DimValues,
    /// Sizes by a name of the student's own: where a sum over all ends.
    counts: Letters,
    lie: Lie,
    /// The only one-hot target.
    one_hot: Option<&'a str>,
    /// The shape of a part without letters.
    shapes: &'a mut S,
    /// How many definitions of the student's own it stands in.
    within: usize,
    nodes: Vec<ExprNode>,
}

impl<S: FnMut(&Expr) -> Option<Shape>> Writer<'_, S> {
    /// The shape of what stands before an index.
    fn shape(&mut self, id: ExprId) -> Option<Shape> {
        (self.shapes)(&Expr { nodes: self.expr.nodes[..=id.0 as usize].to_vec() })
    }

    /// `m` of `\frac{1}{m} \sum_{i=1}^m`, where nothing else is called so.
    fn count(&mut self) {
        let expr = self.expr;
        for node in &expr.nodes {
            let ExprKind::Sum { indices, .. } = &node.kind else { continue };
            for index in indices {
                let Some(name) = index.range.and_then(|(_, to)| letter(expr, to)) else { continue };
                if self.sizes.contains_key(&name) || self.shape_of(&name).is_some() {
                    continue;
                }
                if let Some(length) = self.range(&index.name.value) {
                    self.counts.insert(name, length);
                }
            }
        }
    }

    /// The entry of a name that the sheet gives entry by entry or by sums, at these places; without places all of it.
    fn general(&mut self, name: &str, places: &[i64]) -> Option<ExprId> {
        const DEEPEST: usize = 8;
        let (letters, own) = self.sheet.general(&crate::syntax::names::key(name))?;
        if self.within == DEEPEST || self.shape_of(name).is_some() {
            return None;
        }
        let outer = std::mem::replace(&mut self.expr, own);
        self.within += 1;
        self.count();
        let entry = |writer: &mut Self, places: &[i64]| {
            let letters = letters.iter().cloned().zip(places.iter().copied()).collect();
            writer.node(own.root(), &letters)
        };
        let found = match (letters.as_slice(), places) {
            ([letter], []) => {
                let entries: Option<Vec<ExprId>> =
                    self.range(letter).and_then(|length| (1..=length).map(|place| entry(self, &[place])).collect());
                entries.and_then(|entries| {
                    let rows = if self.lie.standing {
                        vec![entries]
                    } else {
                        entries.into_iter().map(|entry| vec![entry]).collect()
                    };
                    self.push(ExprKind::Matrix(rows), own.root())
                })
            }
            (letters, places) if letters.len() == places.len() => entry(self, places),
            _ => None,
        };
        self.within -= 1;
        self.expr = outer;
        found
    }

    /// How far an index runs: as far as the side at which it stands.
    fn range(&mut self, name: &str) -> Option<i64> {
        for place in 0..self.expr.nodes.len() {
            let ExprKind::Entry { of, indices } = &self.expr.nodes[place].kind else { continue };
            let Some(own) = indices.iter().position(|index| letter(self.expr, *index).as_deref() == Some(name)) else {
                continue;
            };
            let (of, count) = (*of, indices.len());
            if let Some(length) = self.general_range(of, own) {
                return Some(length);
            }
            let shape = self.shape(of)?;
            // `x[i]` of a row runs along it, of a matrix down its rows.
            let side = if count == 1 && shape.is_row() { shape.0.last() } else { shape.0.get(own) };
            return i64::try_from(side?.evaluate(self.sizes)?).ok();
        }
        self.family_range(name)
    }

    /// How far the letters of a name run that the sheet gives entry by entry.
    fn general_range(&mut self, of: ExprId, place: usize) -> Option<i64> {
        const DEEPEST: usize = 8;
        let name = letter(self.expr, of)?;
        let (letters, own) = self.sheet.general(&crate::syntax::names::key(&name))?;
        let letter = letters.get(place)?;
        if self.within == DEEPEST || self.shape_of(&name).is_some() {
            return None;
        }
        let outer = std::mem::replace(&mut self.expr, own);
        self.within += 1;
        let length = self.range(letter);
        self.within -= 1;
        self.expr = outer;
        length
    }

    /// How many names there are that a letter numbers: `u_1`, `u_2`, … of `u_k`, or the rows of `U`.
    fn family_range(&mut self, letter: &str) -> Option<i64> {
        const MOST: i64 = 64;
        if let Some(length) = self.range_below(letter) {
            return Some(length);
        }
        let named = self.expr.nodes.iter().filter_map(|node| numbered_by(&node.kind, letter));
        let stems: Vec<String> = named.filter(|(_, offset)| *offset == 0).map(|(stem, _)| stem).collect();
        stems.into_iter().find_map(|stem| {
            let count = (1..=MOST).take_while(|number| self.shape_of(&format!("{stem}{number}")).is_some()).count();
            match count {
                0 => {
                    let shape = self.shape_of(&stem.to_uppercase())?;
                    let side = shape.0.get(usize::from(self.lie.columns))?;
                    i64::try_from(side.evaluate(self.sizes)?).ok()
                }
                count => i64::try_from(count).ok(),
            }
        })
    }

    /// The length of a side of `X` along which a letter of `x_k_i` runs.
    fn range_below(&mut self, letter: &str) -> Option<i64> {
        let side = |node: &ExprNode| match &node.kind {
            ExprKind::Name(name) => {
                let parts: Vec<&str> = name.text.split('_').collect();
                let [stem, first, second] = parts.as_slice() else { return None };
                let place = [first, second].iter().position(|part| **part == letter)?;
                Some((stem.to_uppercase(), place))
            }
            _ => None,
        };
        let (matrix, place) = self.expr.nodes.iter().find_map(side)?;
        let shape = self.shape_of(&matrix).filter(|shape| shape.rank() == 2)?;
        let place = if self.lie.columns { 1 - place } else { place };
        i64::try_from(shape.0[place].evaluate(self.sizes)?).ok()
    }

    fn shape_of(&mut self, name: &str) -> Option<Shape> {
        let name = Name { text: name.to_string(), index: None, span: self.expr.span() };
        let node = ExprNode::new(ExprKind::Name(name), self.expr.span());
        (self.shapes)(&Expr { nodes: vec![node] })
    }

    /// What a name stands for that a letter numbers: `h_{t-1}` is `h1` at t = 2, `z_k` an entry of `z`, `u_k` a row of `U`.
    fn numbered(&mut self, name: &Name, letters: &Letters, like: ExprId) -> Option<ExprKind> {
        if let Some(entry) = self.numbered_twice(name, letters, like) {
            return Some(entry);
        }
        for (letter, value) in letters {
            let Some((stem, offset)) = numbered_by(&ExprKind::Name(name.clone()), letter) else { continue };
            let place = value + offset;
            let text = format!("{stem}{place}");
            if place >= 0 && self.shape_of(&text).is_some() {
                return Some(ExprKind::Name(Name { text, ..name.clone() }));
            }
            // `w_k` is an entry of the row `W`.
            let of = if self.shape_of(&stem).is_some() { stem.clone() } else { stem.to_uppercase() };
            let line = self.shape_of(&of).filter(|shape| shape.is_row() || shape.is_column());
            if let Some(side) = line.and_then(|shape| shape.0.into_iter().max_by_key(|side| !side.is_one())) {
                let length = i64::try_from(side.evaluate(self.sizes)?).ok()?;
                let of = self.push(ExprKind::Name(Name { text: of, ..name.clone() }), like)?;
                let index = self.push(ExprKind::Number(place.to_string()), like)?;
                return (1..=length).contains(&place).then(|| ExprKind::Entry { of, indices: vec![index] });
            }
            let matrix = stem.to_uppercase();
            let shape = self.shape_of(&matrix).filter(|shape| stem != matrix && shape.rank() == 2)?;
            let matrix = self.push(ExprKind::Name(Name { text: matrix, ..name.clone() }), like)?;
            let side = i64::try_from(shape.0.get(usize::from(self.lie.columns))?.evaluate(self.sizes)?).ok()?;
            return if (1..=side).contains(&place) { Some(self.line(matrix, place, like)) } else { None };
        }
        None
    }

    /// `x_k_i` of example k, an entry of `X`.
    fn numbered_twice(&mut self, name: &Name, letters: &Letters, like: ExprId) -> Option<ExprKind> {
        let parts: Vec<&str> = name.text.split('_').collect();
        let [stem, example, entry] = parts.as_slice() else { return None };
        if self.asked.iter().any(|letter| letter == example) {
            return None;
        }
        let (example, entry) = (*letters.get(*example)?, *letters.get(*entry)?);
        let matrix = stem.to_uppercase();
        let shape = self.shape_of(&matrix).filter(|shape| matrix != *stem && shape.rank() == 2)?;
        let places = if self.lie.columns { [entry, example] } else { [example, entry] };
        let fits = places
            .iter()
            .zip(&shape.0)
            .all(|(place, side)| side.evaluate(self.sizes).is_some_and(|side| (1..=side as i64).contains(place)));
        if !fits {
            return None;
        }
        let of = self.push(ExprKind::Name(Name { text: matrix, ..name.clone() }), like)?;
        let indices =
            places.iter().map(|place| self.push(ExprKind::Number(place.to_string()), like)).collect::<Option<_>>()?;
        Some(ExprKind::Entry { of, indices })
    }

    /// Row or column `place` of a matrix.
    fn line(&mut self, matrix: ExprId, place: i64, like: ExprId) -> ExprKind {
        let span = self.expr.node(like).span;
        let option = |name: &str, value: i64| NamedOption {
            name: Spanned { value: name.to_string(), span },
            value: Spanned { value: OptionValue::Number(value.to_string()), span },
        };
        let callee = Name { text: "slice".to_string(), index: None, span };
        let options = vec![option("axis", i64::from(self.lie.columns)), option("from", place), option("to", place)];
        let line = ExprKind::Call { callee, arguments: vec![matrix], options };
        match (self.lie.standing != self.lie.columns).then(|| self.push(line.clone(), like)).flatten() {
            Some(line) => ExprKind::Transpose(line),
            None => line,
        }
    }

    /// The values of a sum's index, within the side at which it stands; counted from 0 they are all of it too.
    fn values(&mut self, index: &SumIndex, letters: &Letters) -> Option<RangeInclusive<i64>> {
        let length = self.range(&index.name.value);
        let Some((from, to)) = index.range else { return Some(1..=length?) };
        let Some(length) = length else {
            let (first, last) = (self.integer(from, letters)?, self.integer(to, letters)?);
            return (first >= 0 && last - first < 64).then_some(first..=last);
        };
        let first = self.integer(from, letters)?;
        match (first, self.integer(to, letters)) {
            (0, Some(last)) if last == length - 1 => Some(1..=length),
            (first, Some(last)) => (first >= 1 && last <= length).then_some(first..=last),
            // A size by a letter of the student's own.
            (1, None) if letter(self.expr, to).is_some() => Some(1..=length),
            (_, None) => None,
        }
    }

    /// A bound of a sum, where it is made of numbers, letters and sizes.
    fn integer(&self, id: ExprId, letters: &Letters) -> Option<i64> {
        match &self.expr.node(id).kind {
            ExprKind::Number(text) => text.parse().ok(),
            ExprKind::Name(name) => {
                let size = || i64::try_from(*self.sizes.get(&name.text)?).ok();
                letters.get(&name.text).copied().or_else(size)
            }
            ExprKind::Binary { op, left, right } => {
                let (left, right) = (self.integer(*left, letters)?, self.integer(*right, letters)?);
                match op {
                    BinaryOp::Add => left.checked_add(right),
                    BinaryOp::Sub => left.checked_sub(right),
                    BinaryOp::Mul => left.checked_mul(right),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// `h_t`, where `h` alone is a size or nothing, is `h1` at t = 1.
    fn member(&mut self, of: ExprId, index: ExprId, letters: &Letters) -> Option<ExprKind> {
        let place = self.integer(index, letters)?;
        let single = |shape: Shape| shape.rank() > 0;
        let kind = self.expr.node(of).kind.clone();
        let (ExprKind::Name(name) | ExprKind::Gradient { wrt: name, .. }) = &kind else { return None };
        let numbered = Name { text: format!("{}{place}", name.text), ..name.clone() };
        if self.shape_of(&name.text).is_some_and(single) || self.shape_of(&numbered.text).is_none() {
            return None;
        }
        Some(match kind {
            ExprKind::Gradient { of, .. } => ExprKind::Gradient { of, wrt: numbered },
            _ => ExprKind::Name(numbered),
        })
    }

    /// `Y[n]` of a matrix is its row.
    fn row(&mut self, of: ExprId, index: ExprId, letters: &Letters) -> Option<ExprId> {
        let place = self.integer(index, letters)?;
        letter(self.expr, index)?;
        let shape = self.shape(of)?;
        if shape.rank() != 2 || shape.is_row() || shape.is_column() {
            return None;
        }
        let matrix = self.node(of, letters)?;
        let line = self.line(matrix, place, of);
        self.push(line, of)
    }

    /// `1[j = o]` of the right class `o` is the entry of the one-hot target.
    fn right_class(&mut self, left: ExprId, right: ExprId, letters: &Letters, like: ExprId) -> Option<ExprKind> {
        let target = self.one_hot?.to_string();
        let (left, right) = (letter(self.expr, left)?, letter(self.expr, right)?);
        let (place, class) =
            if letters.contains_key(&left) { (letters[&left], right) } else { (*letters.get(&right)?, left) };
        let unknown =
            !letters.contains_key(&class) && !self.sizes.contains_key(&class) && self.shape_of(&class).is_none();
        let number = self.push(ExprKind::Number(place.to_string()), like).filter(|_| unknown)?;
        let of = self.push(ExprKind::Name(Name { text: target, index: None, span: self.expr.span() }), like)?;
        Some(ExprKind::Entry { of, indices: vec![number] })
    }

    fn push(&mut self, kind: ExprKind, like: ExprId) -> Option<ExprId> {
        if self.nodes.len() >= LONGEST {
            return None;
        }
        let ExprNode { span, written, .. } = *self.expr.node(like);
        let written = if matches!(kind, ExprKind::Binary { .. }) { written } else { Written::default() };
        self.nodes.push(ExprNode { kind, span, written });
        Some(ExprId(self.nodes.len() as u32 - 1))
    }

    /// Nesting is bounded where an answer is read, so this may recurse.
    fn node(&mut self, id: ExprId, letters: &Letters) -> Option<ExprId> {
        let kind = match &self.expr.node(id).kind {
            ExprKind::Name(name) => {
                let own = letters.iter().find_map(|(letter, value)| {
                    let (stem, offset) = numbered_by(&self.expr.node(id).kind, letter)?;
                    Some((stem, value + offset))
                });
                if let Some((stem, place)) = own
                    && let Some(entry) = self.general(&stem, &[place])
                {
                    return Some(entry);
                }
                if let Some(whole) = self.general(&name.text, &[]) {
                    return Some(whole);
                }
                match letters.get(&name.text).or_else(|| self.counts.get(&name.text)) {
                    Some(value) => ExprKind::Number(value.to_string()),
                    None => self.numbered(name, letters, id).unwrap_or_else(|| ExprKind::Name(name.clone())),
                }
            }
            ExprKind::Gradient { of, wrt } => {
                let wrt = match self.numbered(wrt, letters, id) {
                    Some(ExprKind::Name(wrt)) => wrt,
                    _ => wrt.clone(),
                };
                ExprKind::Gradient { of: of.clone(), wrt }
            }
            ExprKind::Number(_) => self.expr.node(id).kind.clone(),
            ExprKind::Negate(of) => ExprKind::Negate(self.node(*of, letters)?),
            ExprKind::Transpose(of) => ExprKind::Transpose(self.node(*of, letters)?),
            ExprKind::Binary { op, left, right } => {
                ExprKind::Binary { op: *op, left: self.node(*left, letters)?, right: self.node(*right, letters)? }
            }
            ExprKind::Indicator { relation: Relation::Equal, left, right }
                if let Some(entry) = self.right_class(*left, *right, letters, id) =>
            {
                entry
            }
            ExprKind::Indicator { relation, left, right } => ExprKind::Indicator {
                relation: *relation,
                left: self.node(*left, letters)?,
                right: self.node(*right, letters)?,
            },
            // `p_k (1 - p_k)`
            ExprKind::Call { callee, arguments, options } => match (self.numbered(callee, letters, id), &**arguments) {
                (Some(factor), [argument]) => ExprKind::Binary {
                    op: BinaryOp::Mul,
                    left: self.push(factor, id)?,
                    right: self.node(*argument, letters)?,
                },
                _ => ExprKind::Call {
                    callee: callee.clone(),
                    arguments: self.all(arguments, letters)?,
                    options: options.clone(),
                },
            },
            ExprKind::Entry { of, indices } => {
                if let Some(name) = letter(self.expr, *of)
                    && let Some(places) =
                        indices.iter().map(|index| self.integer(*index, letters)).collect::<Option<Vec<i64>>>()
                    && let Some(entry) = self.general(&name, &places)
                {
                    return Some(entry);
                }
                if let [index] = indices.as_slice()
                    && let Some(kind) = self.member(*of, *index, letters)
                {
                    return self.push(kind, id);
                }
                if let [index] = indices.as_slice()
                    && let Some(row) = self.row(*of, *index, letters)
                {
                    return Some(row);
                }
                ExprKind::Entry { of: self.node(*of, letters)?, indices: self.all(indices, letters)? }
            }
            ExprKind::Matrix(rows) => {
                ExprKind::Matrix(rows.iter().map(|row| self.all(row, letters)).collect::<Option<_>>()?)
            }
            ExprKind::Prime { callee, primes, argument } => {
                ExprKind::Prime { callee: callee.clone(), primes: *primes, argument: self.node(*argument, letters)? }
            }
            ExprKind::Cases(cases) => {
                let mut written = Vec::new();
                for case in cases {
                    let value = self.node(case.value, letters)?;
                    let condition = match case.condition {
                        Some(condition) => Some(self.node(condition, letters)?),
                        None => None,
                    };
                    written.push(crate::syntax::ast::Case { value, condition });
                }
                ExprKind::Cases(written)
            }
            ExprKind::Sum { fold, indices, body } => return self.folded(id, *fold, indices, *body, letters),
        };
        self.push(kind, id)
    }

    fn all(&mut self, ids: &[ExprId], letters: &Letters) -> Option<Vec<ExprId>> {
        ids.iter().map(|id| self.node(*id, letters)).collect()
    }

    /// The terms of a sum, added, or the factors of a product.
    fn folded(
        &mut self,
        id: ExprId,
        fold: Fold,
        indices: &[SumIndex],
        body: ExprId,
        letters: &Letters,
    ) -> Option<ExprId> {
        let op = match fold {
            Fold::Sum => BinaryOp::Add,
            Fold::Product => BinaryOp::ElementwiseMul,
        };
        let Some((index, rest)) = indices.split_first() else { return self.node(body, letters) };
        let mut total = None;
        for value in self.values(index, letters)? {
            let mut letters = letters.clone();
            letters.insert(index.name.value.clone(), value);
            let term = self.folded(id, fold, rest, body, &letters)?;
            total = Some(match total {
                None => term,
                Some(left) => self.push(ExprKind::Binary { op, left, right: term }, id)?,
            });
        }
        total
    }
}
