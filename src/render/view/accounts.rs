//! How a value came about, as lines and tables.

use super::{Maths, Viewer};
use crate::answer::ValueStep;
use crate::graph::NodeId;
use crate::math::{Glyph, Math, Summand};
use crate::number::Number;
use crate::ops::convolution::{Convolution, Plan};
use crate::ops::{Account, Cleared, Conv2d, Exhibit, Op, WindowSide, elimination};
use crate::render::figure;
use crate::render::notation::{Style, dim_text};
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
            let entries = self.worked_entries(step.symbol, &self.solution.values);
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
        let number = |entry: &Number| figure::number(entry, self.rounding);
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
        let value = self.number(value);
        if chain.last() != Some(&value) {
            chain.push(value);
        }
        AccountView {
            name: self.entry_name(step.symbol, entry),
            chain,
            exact: figure::is_shown_exactly(step.value.at(entry)),
            remark: match account {
                Account::Exponentials { line, .. } if are_large(line) => Some("shifted"),
                _ => None,
            },
        }
    }

    pub(super) fn account_chain(&self, account: &Account<Number>) -> Vec<Maths> {
        match account {
            Account::Products { groups, addend } => self.products(groups, addend.as_ref()),
            Account::Terms(terms) => vec![self.sum(terms)],
            Account::Mean { terms, divisor } => vec![self.fraction(&self.sum(terms), &divisor.to_string())],
            Account::Squares { factor, pairs } => self.squares(factor, pairs),
            Account::Margins { pairs, divisor } => self.margins(pairs, *divisor),
            // What is below the smallest double has no logarithm that could be written out.
            Account::Logarithms { weighted, .. } if weighted.iter().any(|(_, probability)| probability.is_zero()) => {
                Vec::new()
            }
            Account::Logarithms { weighted, divisor } => self.logarithms(weighted, *divisor),
            Account::Choice { candidates, .. } => {
                let all: Vec<Maths> = candidates.iter().map(|(_, value)| self.number(value)).collect();
                let max = if self.style == Style::Latex { "\\max" } else { "max" };
                vec![format!("{max}({})", all.join(", "))]
            }
            Account::Exponentials { line, place } => vec![self.exponentials(line, *place)],
            Account::Formula | Account::Whole | Account::Moved { .. } => Vec::new(),
        }
    }

    fn products(&self, groups: &[Vec<(Number, Number)>], addend: Option<&Number>) -> Vec<Maths> {
        let product = |(a, b): &(Number, Number)| self.joined(&[a, b], self.dot());
        let written = |group: &Vec<(Number, Number)>| {
            let terms: Vec<Maths> = group.iter().map(product).collect();
            terms.join(" + ")
        };
        let bias = addend.map(|addend| self.factor(addend));
        if let [group] = groups {
            let all = std::iter::once(written(group)).chain(bias).collect::<Vec<_>>();
            return vec![all.join(" + ")];
        }
        let bracketed = groups.iter().map(|group| format!("({})", written(group)));
        let first: Vec<Maths> = bracketed.chain(bias).collect();
        let sums: Vec<Number> = groups.iter().map(|group| dot_product(group)).chain(addend.cloned()).collect();
        vec![first.join(" + "), self.sum(&sums)]
    }

    fn squares(&self, factor: &Number, pairs: &[(Number, Number)]) -> Vec<Maths> {
        let squares: Vec<Maths> = pairs
            .iter()
            .map(|(a, b)| {
                let difference = self.joined(&[a, b], self.minus());
                if b.is_zero() {
                    return self.square(a);
                }
                if self.style == Style::Latex { format!("({difference})^2") } else { format!("({difference})²") }
            })
            .collect();
        let total = shortened(&squares, &self.dots()).join(" + ");
        vec![match factor.is_one() {
            true => total,
            false if self.style == Style::Latex => format!("{}\\bigl({total}\\bigr)", self.number(factor)),
            false => format!("{}({total})", self.number(factor)),
        }]
    }

    /// `max(0, 1 − 0.8·1) + max(0, 1 − (−0.3)·1)`, and what the margins come to.
    fn margins(&self, pairs: &[(Number, Number)], divisor: usize) -> Vec<Maths> {
        let max = if self.style == Style::Latex { "\\max" } else { "max" };
        let term = |(score, label): &(Number, Number)| {
            format!("{max}(0, 1{}{})", self.minus(), self.joined(&[score, label], self.dot()))
        };
        let terms: Vec<Maths> = pairs.iter().map(term).collect();
        let margin = |(score, label): &(Number, Number)| {
            let left = &Number::one() - &(score * label);
            if left.is_negative() { Number::zero() } else { left }
        };
        let whole = |sum: Maths| if divisor == 1 { sum } else { self.fraction(&sum, &divisor.to_string()) };
        let margins: Vec<Number> = pairs.iter().map(margin).collect();
        vec![whole(shortened(&terms, &self.dots()).join(" + ")), whole(self.sum(&margins))]
    }

    fn logarithms(&self, weighted: &[(Number, Number)], divisor: usize) -> Vec<Maths> {
        let ln = if self.style == Style::Latex { "\\ln " } else { "ln " };
        let terms: Vec<Maths> = weighted
            .iter()
            .map(|(weight, probability)| match weight.is_one() {
                true => format!("{ln}{}", self.number(probability)),
                false => format!("{}{}{ln}{}", self.number(weight), self.dot(), self.number(probability)),
            })
            .collect();
        let terms = shortened(&terms, &self.dots());
        let minus = if self.style == Style::Latex { "-" } else { "−" };
        let total = match terms.as_slice() {
            [one] => format!("{minus}{one}"),
            all => format!("{minus}({})", all.join(" + ")),
        };
        vec![if divisor == 1 { total } else { self.fraction(&total, &divisor.to_string()) }]
    }

    /// The share of one exponential; of large logits, less the largest of them.
    fn exponentials(&self, line: &[Number], place: usize) -> Maths {
        let largest =
            line.iter().fold(&line[place], |top, logit| if (logit - top).is_negative() { top } else { logit });
        let shifted: Vec<Number> = match are_large(line) {
            true => line.iter().map(|logit| logit - largest).collect(),
            false => line.to_vec(),
        };
        let all: Vec<Math> = shifted.iter().map(|logit| self.exponential_math(logit)).collect();
        let sum = Math::sum(shortened(&all, &Math::Glyph(Glyph::Dots)));
        self.write(&all[place].clone().over(sum))
    }

    /// `e³`
    fn exponential_math(&self, exponent: &Number) -> Math {
        Math::name("e").to(figure::number(exponent, self.rounding))
    }

    /// `(−3)²`
    pub(super) fn square(&self, base: &Number) -> Maths {
        let text = self.number(base);
        let text = if base.is_negative() || text.contains(['/', '\\', '·']) { format!("({text})") } else { text };
        if self.style == Style::Latex { format!("{text}^2") } else { format!("{text}²") }
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
        let definition = op.reference().definition;
        let general = if self.style == Style::Latex { definition.latex } else { definition.text };
        ExhibitView::EntryTable {
            formula: self.convolution_formula(step.symbol).unwrap_or_else(|| general.to_string()),
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
            weights: same.then(|| group.iter().map(|(weight, _)| self.number(weight)).collect::<Vec<_>>().join(", ")),
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

    /// The channel of the image that lies under channel k of filter f.
    fn channel(&self, plan: &Plan) -> String {
        let each = (plan.filters / plan.groups).max(1);
        let group = match (each, self.style) {
            (1, _) => "f".to_string(),
            (_, Style::Latex) => format!("\\lceil f/{each}\\rceil"),
            _ => format!("⌈f/{each}⌉"),
        };
        match (plan.groups, plan.channels) {
            (1, _) => "k".to_string(),
            (_, 1) => group,
            (_, channels) => format!("{channels}({group}{}1)+k", self.tight_minus()),
        }
    }

    /// The definition of a convolution with its own stride, padding, kernel, channels and filters put in.
    fn convolution_formula(&self, symbol: NodeId) -> Option<Maths> {
        let (convolution, operands, plan) = self.convolution_plan(symbol)?;
        let (image, kernel, bias) = (&operands[0], &operands[1], &operands[2..]);
        let pixels = self.graph().shape(*image).as_integers()?;
        let weights = self.graph().shape(*kernel).as_integers()?;
        let one = 1;
        let laid = convolution.laid(&pixels, &weights, &one)?;
        let ((down, right), (dilated_down, dilated_right)) = (laid.windows.stride, laid.windows.dilation);
        let (height, width) = (plan.rows.size, plan.columns.size);
        let (m, n) = match convolution.flip {
            true => (format!("{}{}m", height + 1, self.tight_minus()), format!("{}{}n", width + 1, self.tight_minus())),
            false => ("m".to_string(), "n".to_string()),
        };
        let row = self.place(down, "r", dilated_down, "m", plan.rows.before);
        let column = self.place(right, "c", dilated_right, "n", plan.columns.before);
        let example = laid.image.leading.map(|_| "b");
        let filter = laid.kernel.leading.map(|_| "f");
        let channel = self.channel(&plan);
        // The one channel of a signal goes without saying.
        let alone = convolution.line && plan.channels == 1 && plan.groups == 1;
        let of_image = laid.image.channels.filter(|_| !alone).map(|_| channel.as_str());
        let of_kernel = laid.kernel.channels.filter(|_| !alone).map(|_| if plan.channels == 1 { "1" } else { "k" });
        // A signal has no rows, a column no columns.
        let (has_rows, has_columns) =
            (!convolution.line || laid.image.plane[1] == &one, !convolution.line || laid.image.plane[1] != &one);
        let axes = |row: String, column: String| -> Vec<String> {
            has_rows.then_some(row).into_iter().chain(has_columns.then_some(column)).collect()
        };
        let index = |parts: &[Option<&str>], last: Vec<String>| -> Vec<String> {
            parts.iter().flatten().map(|part| (*part).to_string()).chain(last).collect()
        };
        let result_index = index(&[example, filter], axes("r".to_string(), "c".to_string()));
        let kernel_index = index(&[filter, of_kernel], axes(m, n));
        let image_index = index(&[example, of_image], axes(row, column));
        let [result, image, kernel] = [symbol, *image, *kernel].map(|id| self.print(id));
        let bias: String = bias
            .iter()
            .map(|bias| match (self.style, self.graph().shape(*bias).is_scalar(), filter) {
                (Style::Latex, false, Some(_)) => format!(" + {}_f", indexable(self.print(*bias))),
                (_, false, Some(_)) => format!(" + {}(f)", self.print(*bias)),
                _ => format!(" + {}", self.print(*bias)),
            })
            .collect();
        let channels = of_kernel.filter(|k| *k == "k").map(|k| (k, plan.channels));
        let rows = has_rows.then_some(("m", height));
        let sums: Vec<(&str, usize)> =
            channels.into_iter().chain(rows).chain(has_columns.then_some(("n", width))).collect();
        Some(match self.style {
            Style::Latex => {
                let [result, image, kernel] = [result, image, kernel].map(indexable);
                let joined = |index: &[String]| match index.iter().all(|part| part.len() == 1) {
                    true => index.concat(),
                    false => index.join(",\\;"),
                };
                let sums: String = sums.iter().map(|(letter, to)| format!("\\sum_{{{letter}=1}}^{{{to}}}")).collect();
                format!(
                    "{result}_{{{}}}={sums}{kernel}_{{{}}}\\,{image}_{{{}}}{bias}",
                    joined(&result_index),
                    joined(&kernel_index),
                    joined(&image_index)
                )
            }
            Style::Plain | Style::Text => {
                let sums: String = sums.iter().map(|(letter, to)| format!("Σ({letter}=1…{to}) ")).collect();
                let [result_index, kernel_index] = [result_index, kernel_index].map(|index| index.join(","));
                let image_index = image_index.join(", ");
                format!("{result}({result_index}) = {sums}{kernel}({kernel_index}) · {image}({image_index}){bias}")
            }
        })
    }

    /// The place that a window's entry has in the image: `r+m-1`.
    fn place(&self, stride: usize, step: &str, dilation: usize, within: &str, padding: usize) -> String {
        let times = |factor: usize, name: &str| if factor == 1 { name.to_string() } else { format!("{factor}{name}") };
        let all = stride + dilation + padding;
        let constant = match all {
            0 | 1 => String::new(),
            _ => format!("{}{}", self.tight_minus(), all - 1),
        };
        format!("{}+{}{constant}", times(stride, step), times(dilation, within))
    }

    fn tight_minus(&self) -> &'static str {
        if self.style == Style::Text { "−" } else { "-" }
    }

    fn table_row(&self, step: &ValueStep, entry: &[usize], account: &Account<Number>) -> TableRow {
        let (groups, addend) = match account {
            Account::Products { groups, addend } => (groups.as_slice(), addend.as_ref()),
            _ => (&[][..], None),
        };
        let sums: Vec<Number> = groups.iter().map(|group| dot_product(group)).collect();
        let views = groups.iter().zip(&sums).map(|(group, sum)| {
            let terms: Vec<Number> = group.iter().map(|(a, b)| a * b).collect();
            GroupView { terms: self.sum(&terms), sum: self.number(sum), zero: terms.iter().all(Zero::is_zero) }
        });
        let shown: Vec<Number> =
            sums.iter().filter(|sum| sums.len() < 2 || !sum.is_zero()).cloned().chain(addend.cloned()).collect();
        TableRow {
            name: self.entry_name(step.symbol, entry),
            groups: views.collect(),
            sums: self.sum(&shown),
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
                    cut.push(format!("{} = {}", self.entry_name(operand, entry), self.number(value)));
                }
                _ => kept += 1,
            }
        }
        ExhibitView::Cut { cut, kept }
    }

    /// `J_{12}`, `(h_1)_{12}`: indices from 1; a scalar is its own entry.
    pub(super) fn entry_name(&self, id: NodeId, entry: &[usize]) -> Maths {
        let name = self.print(id);
        let is_single = self.graph().shape(id).0.iter().all(|side| side.is_one()) && entry.len() <= 2;
        if entry.is_empty() || is_single {
            return name;
        }
        let shape = self.graph().shape(id);
        // Of a column or a row one index says it.
        let entry = match entry {
            [row, 0] if self.style != Style::Plain && shape.is_column() => std::slice::from_ref(row),
            [0, column] if self.style != Style::Plain && shape.is_row() => std::slice::from_ref(column),
            _ => entry,
        };
        let places: Vec<String> = entry.iter().map(|place| (place + 1).to_string()).collect();
        let index = places.join(if places.iter().all(|place| place.len() == 1) { "" } else { "," });
        match self.style {
            Style::Plain => format!("{name}[{}]", places.join(", ")),
            Style::Latex => format!("{}_{{{index}}}", indexable(name)),
            Style::Text => format!("{name}[{}]", places.join(",")),
        }
    }

    pub(super) fn side(&self, side: &WindowSide) -> Maths {
        let [image, window, result] = [&side.image, &side.window, &side.result].map(|dim| dim_text(dim, self.style));
        let Some(padding) = side.padding else {
            return match self.style {
                Style::Latex => format!("\\lceil {image}/{}\\rceil = {result}", side.stride),
                Style::Plain | Style::Text => format!("⌈{image}/{}⌉ = {result}", side.stride),
            };
        };
        let (minus, dot) = (self.minus(), self.dot());
        let padded = if padding == 0 { image } else { format!("{image} + 2{dot}{padding}") };
        let span = match side.dilation {
            1 => window,
            dilation => format!("({dilation}{dot}({window}{minus}1) + 1)"),
        };
        let free = format!("{padded}{minus}{span}");
        let steps = match (side.stride, self.style) {
            (1, _) => free,
            (stride, Style::Latex) => format!("\\lfloor({free})/{stride}\\rfloor"),
            (stride, Style::Plain | Style::Text) => format!("⌊({free})/{stride}⌋"),
        };
        format!("{steps} + 1 = {result}")
    }

    /// A sum of signed numbers: `1 + 6 + 2`, `−2 − 2 − 4`.
    pub(super) fn sum(&self, terms: &[Number]) -> Maths {
        self.write(&self.sum_math(terms))
    }

    pub(super) fn sum_math(&self, terms: &[Number]) -> Math {
        let number = |term: &Number| figure::number(term, self.rounding);
        let signed = terms.iter().enumerate().map(|(place, term)| match place > 0 && term.is_negative() {
            true => Summand { minus: true, term: number(&term.abs()) },
            false => Summand { minus: false, term: number(term) },
        });
        let dots = Summand { minus: false, term: Math::Glyph(Glyph::Dots) };
        match shortened(&signed.collect::<Vec<_>>(), &dots) {
            terms if terms.is_empty() => Math::number(0),
            terms => Math::Sum(terms),
        }
    }

    /// A number as a factor: negative ones in brackets.
    fn factor(&self, number: &Number) -> Maths {
        let text = self.number(number);
        if number.is_negative() { format!("({text})") } else { text }
    }

    pub(super) fn joined(&self, numbers: &[&Number], sign: &str) -> Maths {
        let texts: Vec<Maths> = numbers.iter().map(|number| self.factor(number)).collect();
        texts.join(sign)
    }

    pub(super) fn fraction(&self, above: &str, below: &str) -> Maths {
        match self.style {
            Style::Latex => format!("\\frac{{{above}}}{{{below}}}"),
            Style::Plain | Style::Text if below.chars().all(|digit| digit.is_ascii_digit()) => {
                format!("({above})/{below}")
            }
            Style::Plain | Style::Text => format!("({above})/({below})"),
        }
    }

    pub(super) fn dot(&self) -> &'static str {
        if self.style == Style::Latex { "\\cdot " } else { "·" }
    }

    pub(super) fn minus(&self) -> &'static str {
        if self.style == Style::Text { " − " } else { " - " }
    }

    pub(super) fn dots(&self) -> Maths {
        self.write(&Math::Glyph(Glyph::Dots))
    }
}

/// Logits whose exponentials are beyond what one writes down.
fn are_large(logits: &[Number]) -> bool {
    logits.iter().any(|logit| logit.to_f64().abs() > 30.0)
}

/// A name that an index can be put to: in brackets unless it is one letter.
fn indexable(name: Maths) -> Maths {
    if name.chars().count() > 1 && !name.starts_with("\\hat") { format!("({name})") } else { name }
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
