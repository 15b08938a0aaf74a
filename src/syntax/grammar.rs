//! The generated parser, and the one function through which it is called.

use pest::Parser;
use pest::error::Error;
use pest::iterators::Pair;
use pest_derive::Parser;
use std::sync::{Mutex, PoisonError};

#[derive(Parser)]
#[grammar = "../grammar/spec.pest"]
struct Grammar;

/// pest collects what it tried only behind a switch of the whole process: one thread at a time turns it on.
static DETAIL: Mutex<()> = Mutex::new(());

/// Reads `text` with a rule that spans it; the pair is that rule's.
pub fn parse(rule: Rule, text: &str) -> Result<Pair<'_, Rule>, Box<Error<Rule>>> {
    match Grammar::parse(rule, text) {
        Ok(mut pairs) => Ok(pairs.next().expect("a rule that matched gives its pair")),
        Err(error) => Err(Box::new(error)),
    }
}

/// Why `text` can't be read, with the tokens that were tried; costs about three times the plain reading.
pub fn explain(rule: Rule, text: &str) -> Option<Error<Rule>> {
    let _one_at_a_time = DETAIL.lock().unwrap_or_else(PoisonError::into_inner);
    pest::set_error_detail(true);
    let error = Grammar::parse(rule, text).err();
    pest::set_error_detail(false);
    error
}
