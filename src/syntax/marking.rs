//! Lines of the section `marking`.

use super::ast::MarkingLine;
use super::build::Builder;
use super::expression::{first, two};
use super::grammar::Rule;
use pest::iterators::Pair;

pub fn marking(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> MarkingLine {
    match pair.as_rule() {
        Rule::Accept => MarkingLine::Accept(pair.into_inner().map(|name| builder.spanned(&name)).collect()),
        Rule::Working => MarkingLine::Working(builder.spanned(&first(pair))),
        Rule::MarkDigits => MarkingLine::Digits(builder.spanned(&first(pair))),
        Rule::Tolerance => {
            let relative = pair.clone().into_inner().nth(1).is_some_and(|sign| sign.as_rule() == Rule::Percent);
            MarkingLine::Tolerance { value: builder.spanned(&first(pair)), relative }
        }
        _ => {
            let (mistake, percent) = two(&mut pair.into_inner());
            MarkingLine::Keeps { mistake: builder.spanned(&mistake), percent: builder.spanned(&percent) }
        }
    }
}
