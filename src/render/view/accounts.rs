//! How a value came about, as lines and tables.

use super::{Maths, Viewer};
use crate::answer::ValueStep;
use crate::graph::NodeId;
use crate::math::{Fence, Glyph, Math, Summand};
use crate::number::Number;
use crate::ops::convolution::{Convolution, Plan};
use crate::ops::{Account, Cleared, Conv2d, Exhibit, Op, WindowSide, elimination};
use crate::render::figure;
use crate::render::notation::Style;
use num_traits::{One, Zero};
use serde::Serialize;

/// A sum over more rows than this is shortened in the middle.
const LONGEST_SUM: usize = 6;

/// What is shown beside a value.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExhibitView {
    /// Entries, each as a sum of groups; the first is also written out.
    EntryTable { formula: Maths, first: AccountView, headings: Vec<Heading>, rows: Vec<TableRow> },
    /// The candidates of each entry.
    Windows { mean: bool, rows: Vec<WindowRow> },
    /// What became 0, and whether anything did.
    Cut { cut: Vec<Maths>, kept: usize },
    /// Entries written out.
    Terms { entries: Vec<AccountView> },
    /// A matrix beside the identity, and what becomes of both, column by column.
    Elimination { start: Maths, columns: Vec<ClearedView> },
}

/// One column of an elimination; rows are counted from 1.
#[derive(Clone, Debug, Serialize)]
pub struct ClearedView {
    pub row: usize,
    /// The row that it is exchanged with before.
    pub exchanged: Option<usize>,
    /// What the row is divided by, unless by 1.
    pub divisor: Option<Maths>,
    /// How many times it is taken from each other row.
    pub taken: Vec<TakenView>,
    pub matrix: Maths,
}

#[derive(Clone, Debug, Serialize)]
pub struct TakenView {
    pub factor: Maths,
    pub row: usize,
}

/// One entry, from its name to its value.
#[derive(Clone, Debug, Serialize)]
pub struct AccountView {
    pub name: Maths,
    /// Equal expressions, the value last.
    pub chain: Vec<Maths>,
    pub exact: bool,
    /// A remark by name: `shifted` (by the largest logit).
    pub remark: Option<&'static str>,
}

/// A kernel row above its column of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Heading {
    /// Counted from 1, where there are several.
    pub channel: Option<usize>,
    pub row: usize,
    /// The kernel's entries, where all rows of the table have the same.
    pub weights: Option<Maths>,
}

#[derive(Clone, Debug, Serialize)]
pub struct TableRow {
    pub name: Maths,
    pub groups: Vec<GroupView>,
    pub sums: Maths,
    pub value: Maths,
}

#[derive(Clone, Debug, Serialize)]
pub struct GroupView {
    pub terms: Maths,
    pub sum: Maths,
    /// All terms are 0.
    pub zero: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct WindowRow {
    pub name: Maths,
    pub candidates: Vec<Candidate>,
    pub value: Maths,
    /// The entry of the operand that won.
    pub at: Option<Maths>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    pub value: Maths,
    pub winner: bool,
}

impl Viewer<'_> {
    pub(super) fn exhibit(&self, step: &ValueStep) -> Option<ExhibitView> {
        let definition = self.graph().as_symbol(step.symbol)?.definition;
        let (op, operands) = self.graph().as_apply(definition)?;
        if let (Op::Inverse(_), [matrix]) = (op, operands)
            && let Some(exhibit) = self.inversion(step, *matrix)
        {
            return Some(exhibit);
        }
        if step.accounts.is_empty() {
            let entries = self.worked_entries(step.symbol, &self.math(step.symbol), &self.solution.values);
            return (!entries.is_empty()).then_some(ExhibitView::Terms { entries });
        }
        match op.exhibit() {
            Exhibit::EntryTable => Some(self.entry_table(step, op)),
            Exhibit::Windows => Some(self.windows(step, operands)),
            Exhibit::Cut => Some(self.cut(step, operands[0])),
            Exhibit::Value | Exhibit::FirstEntry => {
                let worth_showing = |account: &Account<Number>| {
                    !matches!(account, Account::Formula | Account::Whole | Account::Moved { .. })
                };
                let accounts = step.accounts.iter().filter(|(_, account)| worth_showing(account));
                let entries: Vec<AccountView> =
                    accounts.map(|(entry, account)| self.account(step, entry, account)).collect();
                (!entries.is_empty()).then_some(ExhibitView::Terms { entries })
            }
        }
    }

    /// How a small matrix is inverted: two rows by their determinant, a few more by elimination.
    fn inversion(&self, step: &ValueStep, matrix: NodeId) -> Option<ExhibitView> {
        let value = self.solution.values.get(matrix).filter(|value| value.is_exact())?;
        let number = |entry: &Number| self.number_math(entry);
        if let ([2, 2], [a, b, c, d]) = (value.extents(), value.entries().collect::<Vec<_>>().as_slice()) {
            let product = |left: &Number, right: &Number| Math::Dotted(vec![number(left), number(right)]);
            let determinant = product(a, d).minus(product(b, c));
            let adjugate = Math::Grid(vec![vec![number(d), number(&-*b)], vec![number(&-*c), number(a)]]);
            let worked = self.write(&Math::number(1).over(determinant).times(adjugate));
            let name = self.print(step.symbol);
            let chain = vec![worked, self.tensor(&step.value)];
            let entry = AccountView { name, chain, exact: self.is_exact(&step.value), remark: None };
            return Some(ExhibitView::Terms { entries: vec![entry] });
        }
        let columns = elimination(value).filter(|columns| !columns.is_empty())?;
        let grid = |rows: &[Vec<Number>]| {
            let cells = rows.iter().map(|row| row.iter().map(number).collect());
            self.write(&Math::Grid(cells.collect()))
        };
        let side = value.extents()[0];
        let unit = |row: usize| (0..side).map(move |column| Number::integer(i64::from(row == column)));
        let start: Vec<Vec<Number>> =
            value.rows().into_iter().enumerate().map(|(row, own)| own.into_iter().chain(unit(row)).collect()).collect();
        let view = |(place, column): (usize, &Cleared<Number>)| ClearedView {
            row: place + 1,
            exchanged: (column.pivot != place).then_some(column.pivot + 1),
            divisor: (!column.divisor.is_one()).then(|| self.number(&column.divisor)),
            taken: column
                .factors
                .iter()
                .filter(|(_, factor)| !factor.is_zero())
                .map(|(row, factor)| TakenView { factor: self.number(factor), row: row + 1 })
                .collect(),
            matrix: grid(&column.rows),
        };
        let columns = columns.iter().enumerate().map(view).collect();
        Some(ExhibitView::Elimination { start: grid(&start), columns })
    }

    fn account(&self, step: &ValueStep, entry: &[usize], account: &Account<Number>) -> AccountView {
        let value = step.value.at(entry);
        let mut chain = self.account_chain(account);
        let shown = self.number_math(value);
        if chain.last() != Some(&shown) {
            chain.push(shown);
        }
        AccountView {
            name: self.entry_name(step.symbol, entry),
            chain: chain.iter().map(|link| self.write(link)).collect(),
            exact: figure::is_shown_exactly(value),
            remark: match account {
                Account::Exponentials { line, .. } if are_large(line) => Some("shifted"),
                _ => None,
            },
        }
    }

    pub(super) fn account_chain(&self, account: &Account<Number>) -> Vec<Math> {
        match account {
            Account::Products { groups, addend } => self.products(groups, addend.as_ref()),
            Account::Terms(terms) => vec![self.sum(terms)],
            Account::Mean { terms, divisor } => vec![self.sum(terms).over(Math::number(divisor))],
            Account::Squares { factor, pairs } => vec![self.squares(factor, pairs)],
            Account::Margins { pairs, divisor } => self.margins(pairs, *divisor),
            // What is below the smallest double has no logarithm that could be written out.
            Account::Logarithms { weighted, .. } if weighted.iter().any(|(_, probability)| probability.is_zero()) => {
                Vec::new()
            }
            Account::Logarithms { weighted, divisor } => vec![self.logarithms(weighted, *divisor)],
            Account::Choice { candidates, .. } => {
                vec![largest(candidates.iter().map(|(_, value)| self.number_math(value)).collect())]
            }
            Account::Exponentials { line, place } => vec![self.exponentials(line, *place)],
            Account::Formula | Account::Whole | Account::Moved { .. } => Vec::new(),
        }
    }

    fn dotted(&self, (left, right): &(Number, Number)) -> Math {
        Math::Dotted(vec![self.number_math(left), self.number_math(right)])
    }

    fn products(&self, groups: &[Vec<(Number, Number)>], addend: Option<&Number>) -> Vec<Math> {
        let written = |group: &Vec<(Number, Number)>| Math::sum(group.iter().map(|pair| self.dotted(pair)));
        let bias = addend.map(|addend| self.number_math(addend));
        if let [group] = groups {
            return vec![bias.into_iter().fold(written(group), Math::plus)];
        }
        let bracketed = groups.iter().map(|group| written(group).fenced(Fence::Round));
        let sums: Vec<Number> = groups.iter().map(|group| dot_product(group)).chain(addend.cloned()).collect();
        vec![Math::sum(bracketed.chain(bias)), self.sum(&sums)]
    }

    fn squares(&self, factor: &Number, pairs: &[(Number, Number)]) -> Math {
        let difference = |(a, b): &(Number, Number)| match b.is_zero() {
            true => self.number_math(a),
            false => self.number_math(a).minus(self.number_math(b)),
        };
        let squares: Vec<Math> = pairs.iter().map(|pair| difference(pair).to(Math::number(2))).collect();
        let total = summed(&squares);
        if factor.is_one() { total } else { self.number_math(factor).times(total) }
    }

    /// `max(0, 1 − 0.8·1) + max(0, 1 − (−0.3)·1)`, and what the margins come to.
    fn margins(&self, pairs: &[(Number, Number)], divisor: usize) -> Vec<Math> {
        let term = |pair: &(Number, Number)| largest(vec![Math::number(0), Math::number(1).minus(self.dotted(pair))]);
        let terms: Vec<Math> = pairs.iter().map(term).collect();
        let margin = |(score, label): &(Number, Number)| {
            let left = &Number::one() - &(score * label);
            if left.is_negative() { Number::zero() } else { left }
        };
        let margins: Vec<Number> = pairs.iter().map(margin).collect();
        vec![divided(summed(&terms), divisor), divided(self.sum(&margins), divisor)]
    }

    fn logarithms(&self, weighted: &[(Number, Number)], divisor: usize) -> Math {
        let term = |(weight, probability): &(Number, Number)| {
            let logarithm = Math::call(Math::Function("ln"), vec![self.number_math(probability)]);
            match weight.is_one() {
                true => logarithm,
                false => Math::Dotted(vec![self.number_math(weight), logarithm]),
            }
        };
        let terms: Vec<Math> = weighted.iter().map(term).collect();
        divided(summed(&terms).negative(), divisor)
    }

    /// The share of one exponential; of large logits, less the largest of them.
    fn exponentials(&self, line: &[Number], place: usize) -> Math {
        let largest =
            line.iter().fold(&line[place], |top, logit| if (logit - top).is_negative() { top } else { logit });
        let shifted: Vec<Number> = match are_large(line) {
            true => line.iter().map(|logit| logit - largest).collect(),
            false => line.to_vec(),
        };
        let all: Vec<Math> = shifted.iter().map(|logit| self.exponential(logit)).collect();
        all[place].clone().over(summed(&all))
    }

    /// `e³`
    pub(super) fn exponential(&self, exponent: &Number) -> Math {
        Math::name("e").to(self.number_math(exponent))
    }

    fn entry_table(&self, step: &ValueStep, op: &Op) -> ExhibitView {
        // The most telling entry: of a padded image not a corner of zeros.
        let terms = |account: &Account<Number>| match account {
            Account::Products { groups, .. } => {
                groups.iter().flatten().filter(|(a, b)| !a.is_zero() && !b.is_zero()).count()
            }
            _ => 0,
        };
        let most = step.accounts.iter().map(|(_, account)| terms(account)).max();
        let telling = step.accounts.iter().find(|(_, account)| Some(terms(account)) == most);
        let first = telling.unwrap_or(&step.accounts[0]);
        let rows = step.accounts.iter().map(|(entry, account)| self.table_row(step, entry, account)).collect();
        let headings = match &first.1 {
            Account::Products { groups, .. } => self.headings(step, groups),
            _ => Vec::new(),
        };
        ExhibitView::EntryTable {
            formula: self
                .convolution_formula(step.symbol)
                .map_or_else(|| self.written(&op.reference().definition).to_string(), |math| self.write(&math)),
            first: self.account(step, &first.0, &first.1),
            headings,
            rows,
        }
    }

    /// What stands above the groups of a convolution's table.
    fn headings(&self, step: &ValueStep, groups: &[Vec<(Number, Number)>]) -> Vec<Heading> {
        let plan = self.convolution_plan(step.symbol);
        let rows = plan.as_ref().map_or(1, |(.., plan)| plan.rows.size).max(1);
        // Each filter has weights of its own.
        let same = plan.is_none_or(|(.., plan)| plan.filters == 1);
        let heading = |(place, group): (usize, &Vec<(Number, Number)>)| Heading {
            channel: (groups.len() > rows).then_some(place / rows + 1),
            row: place % rows + 1,
            weights: same
                .then(|| self.write(&Math::List(group.iter().map(|(weight, _)| self.number_math(weight)).collect()))),
        };
        groups.iter().enumerate().map(heading).collect()
    }

    /// The convolution that makes a value, its operands, and its products.
    fn convolution_plan(&self, symbol: NodeId) -> Option<(&Convolution, &[NodeId], Plan)> {
        let definition = self.graph().as_symbol(symbol)?.definition;
        let (Op::Conv2d(Conv2d { convolution }), operands) = self.graph().as_apply(definition)? else { return None };
        let sides = |place: usize| self.graph().shape(operands[place]).as_integers();
        Some((convolution, operands, convolution.plan(&sides(0)?, &sides(1)?)))
    }

    /// The definition of a convolution with its own stride, padding, kernel, channels and filters put in.
    fn convolution_formula(&self, symbol: NodeId) -> Option<Math> {
        let (convolution, operands, plan) = self.convolution_plan(symbol)?;
        let (image, kernel, bias) = (&operands[0], &operands[1], &operands[2..]);
        let pixels = self.graph().shape(*image).as_integers()?;
        let weights = self.graph().shape(*kernel).as_integers()?;
        let one = 1;
        let laid = convolution.laid(&pixels, &weights, &one)?;
        let ((down, right), (dilated_down, dilated_right)) = (laid.windows.stride, laid.windows.dilation);
        let (height, width) = (plan.rows.size, plan.columns.size);
        let within = |letter: &str, size: usize| match convolution.flip {
            true => Math::number(size + 1).minus(Math::name(letter)),
            false => Math::name(letter),
        };
        let row = in_image((down, "r"), (dilated_down, "m"), plan.rows.before);
        let column = in_image((right, "c"), (dilated_right, "n"), plan.columns.before);
        let example = laid.image.leading.map(|_| Math::name("b"));
        let filter = laid.kernel.leading.map(|_| Math::name("f"));
        // The one channel of a signal goes without saying.
        let alone = convolution.line && plan.channels == 1 && plan.groups == 1;
        let of_image = laid.image.channels.filter(|_| !alone).map(|_| channel(&plan));
        let many = laid.kernel.channels.is_some() && !alone && plan.channels > 1;
        let of_kernel = laid.kernel.channels.filter(|_| !alone);
        let of_kernel = of_kernel.map(|_| if many { Math::name("k") } else { Math::number(1) });
        // A signal has no rows, a column no columns.
        let (has_rows, has_columns) =
            (!convolution.line || laid.image.plane[1] == &one, !convolution.line || laid.image.plane[1] != &one);
        let entry = |of: NodeId, leading: [&Option<Math>; 2], row: Math, column: Math| {
            let leading = leading.into_iter().flatten().cloned();
            let index = leading.chain(has_rows.then_some(row)).chain(has_columns.then_some(column));
            self.math(of).entry(index.collect())
        };
        let weight = entry(*kernel, [&filter, &of_kernel], within("m", height), within("n", width));
        let product = Math::Product(vec![weight, entry(*image, [&example, &of_image], row, column)]);
        let sums = [(many, "k", plan.channels), (has_rows, "m", height), (has_columns, "n", width)];
        let sums = sums.into_iter().rev().filter(|(is_there, ..)| *is_there);
        let total = sums.fold(product, |of, (_, letter, to)| Math::Total {
            letters: vec![Math::name(letter)],
            from_to: Some(Box::new((Math::number(1), Math::number(to)))),
            of: Box::new(of),
        });
        let bias = bias.iter().map(|bias| match &filter {
            Some(filter) if !self.graph().shape(*bias).is_scalar() => self.math(*bias).entry(vec![filter.clone()]),
            _ => self.math(*bias),
        });
        let result = entry(symbol, [&example, &filter], Math::name("r"), Math::name("c"));
        Some(result.equals(bias.fold(total, Math::plus)))
    }

    fn table_row(&self, step: &ValueStep, entry: &[usize], account: &Account<Number>) -> TableRow {
        let (groups, addend) = match account {
            Account::Products { groups, addend } => (groups.as_slice(), addend.as_ref()),
            _ => (&[][..], None),
        };
        let sums: Vec<Number> = groups.iter().map(|group| dot_product(group)).collect();
        let views = groups.iter().zip(&sums).map(|(group, sum)| {
            let terms: Vec<Number> = group.iter().map(|(a, b)| a * b).collect();
            GroupView {
                terms: self.write(&self.sum(&terms)),
                sum: self.number(sum),
                zero: terms.iter().all(Zero::is_zero),
            }
        });
        let shown: Vec<Number> =
            sums.iter().filter(|sum| sums.len() < 2 || !sum.is_zero()).cloned().chain(addend.cloned()).collect();
        TableRow {
            name: self.entry_name(step.symbol, entry),
            groups: views.collect(),
            sums: self.write(&self.sum(&shown)),
            value: self.number(step.value.at(entry)),
        }
    }

    fn windows(&self, step: &ValueStep, operands: &[NodeId]) -> ExhibitView {
        let mut mean = false;
        let rows = step.accounts.iter().map(|(entry, account)| {
            let (candidates, at) = match account {
                Account::Choice { candidates, winner } => (
                    candidates.iter().enumerate().map(|(place, (_, value))| (value, place == *winner)).collect(),
                    candidates.get(*winner).map(|(index, _)| self.entry_name(operands[0], index)),
                ),
                Account::Mean { terms, .. } => {
                    mean = true;
                    (terms.iter().map(|value| (value, false)).collect::<Vec<_>>(), None)
                }
                _ => (Vec::new(), None),
            };
            WindowRow {
                name: self.entry_name(step.symbol, entry),
                candidates: candidates
                    .into_iter()
                    .map(|(value, winner)| Candidate { value: self.number(value), winner })
                    .collect(),
                value: self.number(step.value.at(entry)),
                at,
            }
        });
        let rows = rows.collect();
        ExhibitView::Windows { mean, rows }
    }

    fn cut(&self, step: &ValueStep, operand: NodeId) -> ExhibitView {
        let (mut cut, mut kept) = (Vec::new(), 0);
        for (entry, account) in &step.accounts {
            let Account::Choice { candidates, winner } = account else { continue };
            match (winner, candidates.last()) {
                (0, Some((_, value))) if value.is_negative() => {
                    let name = self.entry_math_of(operand, self.math(operand), entry);
                    cut.push(self.write(&name.equals(self.number_math(value))));
                }
                _ => kept += 1,
            }
        }
        ExhibitView::Cut { cut, kept }
    }

    pub(super) fn entry_name(&self, id: NodeId, entry: &[usize]) -> Maths {
        self.write(&self.entry_math_of(id, self.math(id), entry))
    }

    /// `J_{12}`, `(h_1)_{12}`: an entry of a value by what the value is called, indices from 1; a scalar is its own entry.
    pub(super) fn entry_math_of(&self, id: NodeId, called: Math, entry: &[usize]) -> Math {
        let shape = self.graph().shape(id);
        if entry.is_empty() || shape.is_single() && entry.len() <= 2 {
            return called;
        }
        // Of a column or a row one index says it.
        let entry = match entry {
            [row, 0] if self.style != Style::Plain && shape.is_column() => std::slice::from_ref(row),
            [0, column] if self.style != Style::Plain && shape.is_row() => std::slice::from_ref(column),
            _ => entry,
        };
        called.entry(entry.iter().map(|place| Math::number(place + 1)).collect())
    }

    /// `⌊(6 + 2·0 − 3)/2⌋ + 1 = 2`
    pub(super) fn side(&self, side: &WindowSide) -> Maths {
        let [image, window, result] = [&side.image, &side.window, &side.result].map(Math::size);
        let by_stride = |of| Math::Row(vec![of, Math::Glyph(Glyph::Slash), Math::number(side.stride)]);
        let Some(padding) = side.padding else {
            return self.write(&by_stride(image).fenced(Fence::Ceiling).equals(result));
        };
        let dotted = |left, right| Math::Dotted(vec![Math::number(left), right]);
        let padded = if padding == 0 { image } else { image.plus(dotted(2, Math::number(padding))) };
        let one = || Math::number(1);
        let span = match side.dilation {
            1 => window,
            dilation => dotted(dilation, window.minus(one())).plus(one()),
        };
        let free = padded.minus(span);
        let steps = match side.stride {
            1 => free,
            _ => by_stride(free.fenced(Fence::Round)).fenced(Fence::Floor),
        };
        self.write(&steps.plus(one()).equals(result))
    }

    /// A sum of signed numbers: `1 + 6 + 2`, `−2 − 2 − 4`.
    pub(super) fn sum(&self, terms: &[Number]) -> Math {
        let signed = terms.iter().enumerate().map(|(place, term)| match place > 0 && term.is_negative() {
            true => Summand { minus: true, term: self.number_math(&term.abs()) },
            false => Summand { minus: false, term: self.number_math(term) },
        });
        let dots = Summand { minus: false, term: Math::Glyph(Glyph::Dots) };
        match shortened(&signed.collect::<Vec<_>>(), &dots) {
            terms if terms.is_empty() => Math::number(0),
            terms => Math::Sum(terms),
        }
    }
}

/// The channel of the image that lies under channel k of filter f.
fn channel(plan: &Plan) -> Math {
    let each = (plan.filters / plan.groups).max(1);
    let group = match each {
        1 => Math::name("f"),
        _ => Math::Row(vec![Math::name("f"), Math::Glyph(Glyph::Slash), Math::number(each)]).fenced(Fence::Ceiling),
    };
    match (plan.groups, plan.channels) {
        (1, _) => Math::name("k"),
        (_, 1) => group,
        (_, channels) => Math::number(channels).times(group.minus(Math::number(1))).plus(Math::name("k")),
    }
}

/// The place that a window's entry has in the image: `r + m − 1`, with the stride and the dilation before the letters.
fn in_image((stride, step): (usize, &str), (dilation, within): (usize, &str), padding: usize) -> Math {
    let times = |factor: usize, letter: &str| match factor {
        1 => Math::name(letter),
        _ => Math::number(factor).times(Math::name(letter)),
    };
    let place = times(stride, step).plus(times(dilation, within));
    match stride + dilation + padding {
        0 | 1 => place,
        all => place.minus(Math::number(all - 1)),
    }
}

/// The sum, shortened in the middle.
pub(super) fn summed(terms: &[Math]) -> Math {
    Math::sum(shortened(terms, &Math::Glyph(Glyph::Dots)))
}

fn largest(of: Vec<Math>) -> Math {
    Math::call(Math::Function("max"), of)
}

fn divided(sum: Math, divisor: usize) -> Math {
    if divisor == 1 { sum } else { sum.over(Math::number(divisor)) }
}

/// Logits whose exponentials are beyond what one writes down.
fn are_large(logits: &[Number]) -> bool {
    logits.iter().any(|logit| logit.to_f64().abs() > 30.0)
}

fn dot_product(pairs: &[(Number, Number)]) -> Number {
    pairs.iter().fold(Number::zero(), |sum, (a, b)| &sum + &(a * b))
}

/// The first few and the last, with dots between, past a few.
pub(super) fn shortened<T: Clone>(parts: &[T], dots: &T) -> Vec<T> {
    if parts.len() <= LONGEST_SUM {
        return parts.to_vec();
    }
    let head = parts[..LONGEST_SUM - 2].iter().cloned();
    head.chain([dots.clone(), parts[parts.len() - 1].clone()]).collect()
}
