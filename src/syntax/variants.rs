//! Lines of the section `variants`.

use super::ast::{Requirement, Spanned, VariantsLine};
use super::build::Builder;
use super::expression::{expression, first, relation_of, two};
use super::grammar::Rule;
use pest::iterators::Pair;

pub fn variants(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> VariantsLine {
    match pair.as_rule() {
        Rule::Differ => VariantsLine::Differ(pair.into_inner().map(|name| builder.name(&name)).collect()),
        Rule::Alike => VariantsLine::Alike(pair.into_inner().map(|expr| expression(builder, expr)).collect()),
        _ => {
            let one = |pair: Pair<'_, Rule>| Spanned { span: builder.span(&pair), value: requirement(builder, pair) };
            VariantsLine::Require(pair.into_inner().map(one).collect())
        }
    }
}

fn requirement(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Requirement {
    if pair.as_rule() == Rule::Every {
        let (word, of) = two(&mut pair.into_inner());
        let of = expression(builder, of);
        return if word.as_str() == "integer" { Requirement::Integer(of) } else { Requirement::Distinct(of) };
    }
    match pair.as_rule() {
        Rule::Ties => return Requirement::NoTies(expression(builder, first(pair))),
        Rule::Terminate => return Requirement::Terminating,
        _ => {}
    }
    let (mut sides, mut relations) = (Vec::new(), Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::Relation | Rule::Equals => relations.push(relation_of(&part)),
            _ => sides.push(expression(builder, part)),
        }
    }
    Requirement::Comparison { sides, relations }
}
