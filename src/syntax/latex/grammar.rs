//! The generated reader of LaTeX's marks.

use pest::Parser;
use pest::iterators::Pairs;
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "../grammar/latex.pest"]
struct Grammar;

/// The marks of a text; every text has some reading.
pub fn marks(text: &str) -> Option<Pairs<'_, Rule>> {
    Grammar::parse(Rule::tokens, text).ok()?.next().map(pest::iterators::Pair::into_inner)
}
