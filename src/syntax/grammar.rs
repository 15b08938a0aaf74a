//! The generated parser, and the one function through which it is called.

use pest::Parser;
use pest::error::{Error, InputLocation};
use pest::iterators::Pair;
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "../grammar/spec.pest"]
struct Grammar;

/// Reads `text` with a rule that spans it; the pair is that rule's.
pub fn parse(rule: Rule, text: &str) -> Result<Pair<'_, Rule>, Box<Error<Rule>>> {
    match Grammar::parse(rule, text) {
        Ok(mut pairs) => Ok(pairs.next().expect("a rule that matched gives its pair")),
        Err(error) => Err(Box::new(error)),
    }
}

/// The farthest place where a part of the grammar was tried.
pub fn place(error: &Error<Rule>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}
