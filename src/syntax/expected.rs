//! The language's own words for what could stand at a place.

use super::grammar::Rule;

/// The words for what was expected: parts of the grammar that were tried, and what would have been read.
pub fn words(rules: &[Rule], missing: &[&'static str]) -> Vec<&'static str> {
    const PARTS_OF_AN_EXPRESSION: [&str; 3] = [NAME, NUMBER, MATRIX];
    let mut words: Vec<&'static str> = Vec::new();
    let mut add = |word: Option<&'static str>| {
        if let Some(word) = word.filter(|word| !words.contains(word)) {
            words.push(word);
        }
    };
    rules.iter().for_each(|rule| add(word_of(*rule)));
    missing.iter().for_each(|shown| add(Some(shown)));
    if words.contains(&EXPRESSION) {
        words.retain(|word| !PARTS_OF_AN_EXPRESSION.contains(word));
    }
    if words.len() > 1 {
        words.retain(|word| *word != LINE_END);
    }
    words
}

const LINE_END: &str = "the end of the line";
const NAME: &str = "a name";
const NUMBER: &str = "a number";
const MATRIX: &str = "a matrix";
const OPERATOR: &str = "an operator";
const WORD: &str = "a word";
const EXPRESSION: &str = "an expression";

/// The language's word for a part of the grammar.
fn word_of(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::Name
        | Rule::DeriveTarget
        | Rule::AnswerTarget
        | Rule::PlainTarget
        | Rule::Differential
        | Rule::Quotient
        | Rule::Gradient
        | Rule::DimDeclaration
        | Rule::LeafDeclaration
        | Rule::Binding
        | Rule::Point
        | Rule::JointPoint
        | Rule::DeriveOf
        | Rule::Incoming
        | Rule::PlotRange
        | Rule::DescendFrom
        | Rule::LoopVariable => NAME,
        Rule::Number | Rule::SignedNumber | Rule::Fraction | Rule::SignedFraction | Rule::PlotBound => NUMBER,
        Rule::Integer => "a whole number",
        Rule::Text => "a text in quotes",
        Rule::Expr
        | Rule::Cell
        | Rule::Row
        | Rule::Half
        | Rule::Paren
        | Rule::Call
        | Rule::CalleeSign
        | Rule::TurnedCallee
        | Rule::Indicator
        | Rule::Negate
        | Rule::Again
        | Rule::DescendStart
        | Rule::Plus => EXPRESSION,
        Rule::Matrix => MATRIX,
        Rule::Add
        | Rule::Sub
        | Rule::Mul
        | Rule::Div
        | Rule::ElementwiseMul
        | Rule::ElementwiseDiv
        | Rule::Pow
        | Rule::Juxtaposition => OPERATOR,
        Rule::Relation => "a relation such as `>`",
        Rule::Value => "`=`",
        Rule::Shape | Rule::DimSum | Rule::DimProduct => "a dimension",
        Rule::OptionWord => WORD,
        Rule::OptionList => "a list such as `(2, 1)`",
        Rule::LayoutValue => "`rows` or `columns`",
        Rule::StepsValue => "`full` or `short`",
        Rule::JacobianLayout => "`numerator` or `denominator`",
        Rule::Rates => "`rate`",
        Rule::Until => "`until |…| <`",
        Rule::StepCount => "`for … steps`",
        Rule::Polynomial | Rule::FamilyWord => "a family such as `linear` or `polynomial degree 3`",
        Rule::HoldOut => "`hold out rows …`",
        Rule::RowRange => "the numbers of rows",
        Rule::PlotWith => "`with`",
        Rule::PlotPer => "`per step`",
        Rule::PlotDegrees => "`loss per degree`",
        Rule::PlotNorm => "`|…|`",
        Rule::EOI => LINE_END,
        _ => return None,
    })
}

/// What may be missing at a place, as an error names it, and how it is tried there.
pub const MISSING: &[(&str, &str)] = &[
    ("`)`", ")"),
    ("`]`", "]"),
    ("`,`", ","),
    ("`=`", "="),
    ("`:`", ":"),
    ("`<`", "<"),
    ("`|`", "|"),
    ("`at`", "at "),
    ("`from`", "from "),
    ("`of`", "of "),
    ("`wrt`", "wrt "),
    ("`over`", "over "),
    ("`with`", "with "),
    ("`rate`", "rate "),
    ("`to`", "to "),
    ("`degree`", "degree "),
    ("`out`", "out rows "),
    ("`by`", "by "),
    ("`steps`", "steps "),
    ("`graph`", "graph "),
    ("`params`", "params "),
    ("`known as`", "known as "),
    ("`layout`", "layout "),
    ("`and`", "and "),
    ("`in`", "in "),
    ("`keeps`", "keeps "),
    ("`%`", "%"),
];
