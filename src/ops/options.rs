//! The named options of a call, taken one by one by the operator that knows them.

use crate::diagnostic::nearest;
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::{NamedOption, OptionValue};
use std::cmp::Ordering;
use std::fmt;

/// What is wrong with an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError {
    pub message: String,
    /// The option's place; `None` where one is missing.
    pub span: Option<Span>,
}

/// A side of a shape that an option states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    Size(usize),
    /// What remains of the entries: -1.
    Rest,
}

impl Side {
    fn read(text: &str) -> Option<Side> {
        match Number::parse(text).ok()?.to_integer()? {
            -1 => Some(Side::Rest),
            size => usize::try_from(size).ok().filter(|size| *size >= 1).map(Side::Size),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Side::Size(size) => write!(f, "{size}"),
            Side::Rest => f.write_str("-1"),
        }
    }
}

/// A number that an option states: always exact, and so with an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Constant(pub Number);

impl PartialOrd for Constant {
    fn partial_cmp(&self, other: &Constant) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Constant {
    fn cmp(&self, other: &Constant) -> Ordering {
        self.0.to_exact().cmp(&other.0.to_exact())
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The options that no one has taken yet.
#[derive(Clone, Debug)]
pub struct Options {
    rest: Vec<NamedOption>,
    /// Names that were asked for: what an unknown one may have meant.
    known: Vec<&'static str>,
    /// The name that the call used: `colsum` is a `sum` with an axis.
    pub called: String,
    /// The axis along which softmax and means act when the call does not say: 1 (within a row), or 0 under
    /// `layout columns`.
    pub default_axis: usize,
}

impl Options {
    pub fn new(called: &str, options: Vec<NamedOption>, default_axis: usize) -> Options {
        Options { rest: options, known: Vec::new(), called: called.to_string(), default_axis }
    }

    fn take(&mut self, name: &'static str) -> Option<NamedOption> {
        self.known.push(name);
        let place = self.rest.iter().position(|option| option.name.value == name)?;
        Some(self.rest.remove(place))
    }

    /// A number, exact.
    pub fn number(&mut self, name: &'static str, default: Number) -> Result<Number, OptionError> {
        Ok(self.number_if_given(name)?.unwrap_or(default))
    }

    /// A number, exact; `None` where the call does not state it.
    pub fn number_if_given(&mut self, name: &'static str) -> Result<Option<Number>, OptionError> {
        let Some(option) = self.take(name) else { return Ok(None) };
        match &option.value.value {
            OptionValue::Number(text) => Number::parse(text).ok(),
            OptionValue::Word(_) | OptionValue::List(_) => None,
        }
        .map(Some)
        .ok_or_else(|| wrong(&option, "a number"))
    }

    /// One of the whole numbers, the first being the default: a value at a kink or a jump.
    pub fn choice(&mut self, name: &'static str, values: &[i8]) -> Result<i8, OptionError> {
        let Some(option) = self.take(name) else { return Ok(values[0]) };
        let given = match &option.value.value {
            OptionValue::Number(text) => Number::parse(text).ok().and_then(|number| number.to_integer()),
            OptionValue::Word(_) | OptionValue::List(_) => None,
        };
        let known: Vec<String> = values.iter().map(i8::to_string).collect();
        let value = values.iter().copied().find(|value| Some(i64::from(*value)) == given);
        value.ok_or_else(|| wrong(&option, &known.join(" or ")))
    }

    /// A list of one to four whole numbers from 1: an index.
    pub fn index(&mut self, name: &'static str) -> Result<Vec<usize>, OptionError> {
        let missing = || OptionError { message: format!("`{name}` is missing: `{name} = (1, 2)`"), span: None };
        let option = self.take(name).ok_or_else(missing)?;
        let index: Option<Vec<usize>> = match &option.value.value {
            OptionValue::List(texts) => texts.iter().map(|text| whole(text, 1)).collect(),
            OptionValue::Number(_) | OptionValue::Word(_) => None,
        };
        index
            .filter(|index| (1..=4).contains(&index.len()))
            .ok_or_else(|| wrong(&option, "one to four whole numbers of at least 1 in a bracket"))
    }

    /// A whole number of at least `least`.
    pub fn size(&mut self, name: &'static str, default: usize, least: usize) -> Result<usize, OptionError> {
        Ok(self.pair(name, (default, default), least)?.0)
    }

    /// One whole number for both axes, or `(rows, columns)`; each at least `least`.
    pub fn pair(
        &mut self,
        name: &'static str,
        default: (usize, usize),
        least: usize,
    ) -> Result<(usize, usize), OptionError> {
        let Some(option) = self.take(name) else { return Ok(default) };
        pair_of(&option, least).ok_or_else(|| wrong(&option, &format!("a whole number of at least {least}, or two")))
    }

    /// As [`Options::pair`], or one of the words: `padding = same`.
    pub fn pair_or_word(
        &mut self,
        name: &'static str,
        default: (usize, usize),
        words: &[&'static str],
    ) -> Result<Result<(usize, usize), &'static str>, OptionError> {
        let Some(option) = self.take(name) else { return Ok(Ok(default)) };
        if let Some(word) = word_of(&option, words) {
            return Ok(Err(word));
        }
        pair_of(&option, 0).map(Ok).ok_or_else(|| wrong(&option, &format!("a whole number or {}", words.join(", "))))
    }

    /// The sides of a shape, one to four; a single one is a column.
    pub fn sides(&mut self, name: &'static str) -> Result<Option<Vec<Side>>, OptionError> {
        let Some(option) = self.take(name) else { return Ok(None) };
        let sides: Option<Vec<Side>> = match &option.value.value {
            OptionValue::Number(text) => Side::read(text).map(|side| vec![side]),
            OptionValue::List(texts) => texts.iter().map(|text| Side::read(text)).collect(),
            OptionValue::Word(_) => None,
        };
        match sides.as_deref() {
            Some([only]) => Ok(Some(vec![*only, Side::Size(1)])),
            Some([_, _] | [_, _, _] | [_, _, _, _]) => Ok(sides),
            Some(_) | None => Err(wrong(&option, "one to four whole numbers, of which one may be -1 for the rest")),
        }
    }

    /// One side of a shape.
    pub fn side(&mut self, name: &'static str) -> Result<Option<Side>, OptionError> {
        let Some(option) = self.take(name) else { return Ok(None) };
        let side = match &option.value.value {
            OptionValue::Number(text) => Side::read(text),
            OptionValue::Word(_) | OptionValue::List(_) => None,
        };
        side.map(Some).ok_or_else(|| wrong(&option, "a whole number of at least 1"))
    }

    /// One of the words, the first being the default.
    pub fn word(&mut self, name: &'static str, words: &[&'static str]) -> Result<&'static str, OptionError> {
        let Some(option) = self.take(name) else { return Ok(words[0]) };
        word_of(&option, words).ok_or_else(|| wrong(&option, &words.join(" or ")))
    }

    pub fn flag(&mut self, name: &'static str) -> Result<bool, OptionError> {
        Ok(self.word(name, &["false", "true"])? == "true")
    }

    /// An axis, 0 or up; `None` where the call does not name one.
    pub fn axis(&mut self) -> Result<Option<usize>, OptionError> {
        let Some(option) = self.take("axis") else { return Ok(None) };
        pair_of(&option, 0)
            .filter(|(a, b)| a == b && *a < 4)
            .map(|(axis, _)| Some(axis))
            .ok_or_else(|| wrong(&option, "0 (down the columns), 1 (along the rows), 2 or 3"))
    }

    /// An error for an option that the operator does not know.
    pub fn finish(&self, operator: &str) -> Result<(), OptionError> {
        let Some(option) = self.rest.first() else { return Ok(()) };
        let name = &option.name.value;
        let meant = match nearest(name, self.known.iter().copied()) {
            Some(meant) => format!("; did you mean `{meant}`?"),
            None if self.known.is_empty() => "; it has none".to_string(),
            None => format!("; it has `{}`", self.known.join("`, `")),
        };
        Err(OptionError {
            message: format!("`{operator}` has no option `{name}`{meant}"),
            span: Some(option.name.span),
        })
    }
}

fn wrong(option: &NamedOption, expected: &str) -> OptionError {
    OptionError { message: format!("`{}` takes {expected}", option.name.value), span: Some(option.value.span) }
}

fn whole(text: &str, least: usize) -> Option<usize> {
    let value = usize::try_from(Number::parse(text).ok()?.to_integer()?).ok()?;
    (value >= least).then_some(value)
}

fn pair_of(option: &NamedOption, least: usize) -> Option<(usize, usize)> {
    match &option.value.value {
        OptionValue::Number(text) => whole(text, least).map(|value| (value, value)),
        OptionValue::List(texts) => match texts.as_slice() {
            [rows, columns] => Some((whole(rows, least)?, whole(columns, least)?)),
            _ => None,
        },
        OptionValue::Word(_) => None,
    }
}

fn word_of(option: &NamedOption, words: &[&'static str]) -> Option<&'static str> {
    match &option.value.value {
        OptionValue::Word(word) => words.iter().copied().find(|known| known == word),
        OptionValue::Number(_) | OptionValue::List(_) => None,
    }
}
