//! One plain answer: what it is given to, and its chain of values.

use super::ast::{
    Answer, AnswerTarget, AnswerValue, Binding, DimExpr, Expr, ExprId, ExprKind, ExprNode, Name, Spanned, TargetKind,
};
use super::build::Builder;
use super::expression::{expression, first, formula, two};
use super::given::dim_expr;
use super::grammar::{Rule, parse};
use super::latex::STAR;
use super::task::{binding, entry_index};
use crate::limits::SOURCE_CHARACTERS;
use pest::iterators::{Pair, Pairs};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What a line of an answer sheet holds.
pub enum Entry {
    Student(String),
    Answer(Box<Answer>),
}

/// The pair of `answer_line`; `text` is the line as it is written.
pub fn entry(builder: &Builder<'_>, pair: Pair<'_, Rule>, text: &str) -> Entry {
    if pair.as_rule() == Rule::Student {
        return Entry::Student(builder.quoted(&first(pair)).value);
    }
    let span = builder.span(&pair);
    let mut inner = pair.into_inner();
    let target = inner.next().expect("an answer has a target");
    let turned = is_turned(&target);
    let target = answer_target(builder, target);
    let value = |value| if turned { transposed(answer_value(builder, value)) } else { answer_value(builder, value) };
    let mut earlier: Vec<AnswerValue> = inner.map(value).collect();
    let value = earlier.pop().expect("an answer has a value");
    Entry::Answer(Box::new(Answer { target, earlier, value, source: shortened(text), span }))
}

/// The members of a chain; a target before them is passed over.
pub fn values(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Vec<AnswerValue> {
    let chain = pair.into_inner().filter(|part| !matches!(part.as_rule(), Rule::AnswerTarget | Rule::ShapeTarget));
    chain.map(|value| answer_value(builder, value)).collect()
}

fn answer_value(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> AnswerValue {
    match pair.as_rule() {
        Rule::ShapeValue => AnswerValue::Shape(shape(builder, pair.into_inner())),
        _ => AnswerValue::Expression(formula(builder, pair)),
    }
}

/// The transpose of a value.
pub fn transposed(value: AnswerValue) -> AnswerValue {
    match value {
        AnswerValue::Expression(Expr { mut nodes }) => {
            let root = ExprId(nodes.len() as u32 - 1);
            let span = nodes[root.0 as usize].span;
            nodes.push(ExprNode::new(ExprKind::Transpose(root), span));
            AnswerValue::Expression(Expr { nodes })
        }
        AnswerValue::Shape(mut sides) => {
            sides.reverse();
            AnswerValue::Shape(sides)
        }
    }
}

fn shape(builder: &Builder<'_>, pairs: Pairs<'_, Rule>) -> Vec<DimExpr> {
    let sides = pairs.flat_map(|pair| match pair.as_rule() {
        Rule::Shape => pair.into_inner().collect::<Vec<_>>(),
        _ => vec![pair],
    });
    sides.map(|side| dim_expr(builder, side)).collect()
}

/// What stands before the sign of equality of a line, if that can be read.
pub fn meant_target(text: &str, base: usize) -> Option<AnswerTarget> {
    let builder = Builder::new(base, &[]);
    let target = answer_target(&builder, first(parse(Rule::answer_head, text).ok()?));
    builder.faults.borrow().is_empty().then_some(target)
}

thread_local! {
    /// The same few targets stand in all submissions of a class.
    static TARGETS: RefCell<BTreeMap<String, Option<AnswerTarget>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The target that a text is.
pub fn whole_target(text: &str) -> Option<AnswerTarget> {
    const MOST: usize = 1_000;
    const LONGEST: usize = 40;
    TARGETS.with_borrow_mut(|known| {
        if let Some(target) = known.get(text) {
            return target.clone();
        }
        let target = read_target(text);
        if known.len() < MOST && text.len() <= LONGEST {
            known.insert(text.to_owned(), target.clone());
        }
        target
    })
}

fn read_target(text: &str) -> Option<AnswerTarget> {
    let builder = Builder::new(0, &[]);
    let pair = first(parse(Rule::target_line, text).ok()?);
    let turned = is_turned(&pair);
    let target = answer_target(&builder, pair);
    (!turned && builder.faults.borrow().is_empty()).then_some(target)
}

fn is_turned(target: &Pair<'_, Rule>) -> bool {
    target.clone().into_inner().flatten().any(|part| part.as_rule() == Rule::Turned)
}

/// A line for a report: what is too long is cut.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(SOURCE_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

fn answer_target(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> AnswerTarget {
    if pair.as_rule() == Rule::ShapeTarget {
        return AnswerTarget { kind: TargetKind::Shape, ..AnswerTarget::plain(builder.name(&first(pair))) };
    }
    let mut parts = pair.into_inner();
    let mut target = parts.next().map(|part| part_of_target(builder, part)).expect("a target has its name");
    if let Some(at) = parts.next() {
        target.at.extend(at.into_inner().map(|one| binding(builder, one)));
    }
    target
}

fn part_of_target(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> AnswerTarget {
    let rule = pair.as_rule();
    let mut parts = Parts::of(builder, pair);
    let kind = parts.kind.unwrap_or(if rule == Rule::UpdateTarget { TargetKind::Update } else { TargetKind::Plain });
    let mut names = parts.names.into_iter();
    let first = names.next().expect("a target has its name");
    if let Rule::SecondQuotient | Rule::SecondPrime = rule {
        let wrt = names.map(|name| if rule == Rule::SecondQuotient { once(name) } else { name }).collect();
        return AnswerTarget { kind: TargetKind::Hessian, wrt, ..AnswerTarget::plain(first) };
    }
    let (name, of) = match rule {
        Rule::StarredTarget => (Name { text: first.text + STAR, ..first }, None),
        Rule::Quotient => (names.next().expect("a quotient has two names"), Some(without_d(first))),
        _ => (first, parts.of.take()),
    };
    let (at, arguments) = (parts.at, parts.arguments);
    let (layout, task) = (parts.layout, parts.task);
    AnswerTarget { kind, name, entry: parts.entry, of, task, wrt: names.collect(), layout, at, arguments }
}

/// `L` of `dL`
fn without_d(name: Name) -> Name {
    Name { text: name.text.strip_prefix('d').map_or(name.text.clone(), str::to_owned), ..name }
}

/// `x` of `dx2`
fn once(name: Name) -> Name {
    let name = without_d(name);
    let stem = name.text.strip_suffix(['2', '²']).unwrap_or(&name.text).to_owned();
    Name { text: stem, ..name }
}

/// What stands in a target, by kind.
#[derive(Default)]
struct Parts {
    kind: Option<TargetKind>,
    names: Vec<Name>,
    entry: Vec<Spanned<String>>,
    of: Option<Name>,
    task: Option<usize>,
    layout: Option<String>,
    at: Vec<Binding>,
    arguments: Vec<Expr>,
}

impl Parts {
    fn of(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Parts {
        let mut parts = Parts::default();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::MatrixKind => parts.kind = Some(matrix_kind(part.as_str())),
                Rule::Differential => parts.names.push(differential(builder, part)),
                Rule::JacobianLayout => parts.layout = Some(part.as_str().to_string()),
                Rule::Turned => {}
                Rule::EntryIndex => parts.entry = entry_index(builder, part),
                Rule::OfTask => parts.task = first(part).as_str().parse().ok(),
                Rule::DeriveOf => parts.of = Some(builder.name(&first(part))),
                Rule::Arguments => parts.arguments(builder, part),
                _ => parts.names.push(builder.name(&part)),
            }
        }
        parts
    }

    fn arguments(&mut self, builder: &Builder<'_>, pair: Pair<'_, Rule>) {
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::Binding => self.at.push(binding(builder, part)),
                _ => self.arguments.push(expression(builder, part)),
            }
        }
    }
}

fn matrix_kind(word: &str) -> TargetKind {
    match word.to_ascii_lowercase().as_str() {
        "jacobian" => TargetKind::Jacobian,
        "hessian" => TargetKind::Hessian,
        _ => TargetKind::Directional,
    }
}

/// `dW2` and `∂W2` are one name.
fn differential(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Name {
    let span = builder.span(&pair);
    let mut inner = pair.into_inner();
    let (head, name) = match inner.len() {
        1 => (None, inner.next()),
        _ => {
            let (head, name) = two(&mut inner);
            (Some(head), Some(name))
        }
    };
    let mut name = name.map(|name| builder.name(&name)).expect("a differential has its name");
    if head.is_some() {
        name = Name { text: format!("d{}", name.text), span, ..name };
    }
    name
}

/// `∂L/∂W`: both names without their `d`.
pub fn gradient(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> (Name, Name) {
    let mut after_sign = false;
    let mut names = Vec::new();
    for part in pair.into_inner() {
        if part.as_rule() == Rule::Partial {
            after_sign = true;
            continue;
        }
        let name = builder.name(&part);
        names.push(if after_sign { name } else { without_d(name) });
        after_sign = false;
    }
    let wrt = names.pop().expect("a quotient has two names");
    (names.pop().expect("a quotient has two names"), wrt)
}
