//! Runs of letters as the names that are known.

use super::index::is_index;
use super::parser::{Parsed, Parser};
use super::symbol::{PARTS, Run, Segment};
use super::token::Kind;
use crate::span::Span;
use crate::syntax::names;
use crate::syntax::parting::{Parting, parted};
use crate::syntax::split::several;
use crate::syntax::turned::turned;
use crate::syntax::vocabulary::Sense;
use std::ops::ControlFlow;

impl Parser<'_> {
    /// The known names that a run is made of, each with its number of elements.
    pub(super) fn split(&mut self, run: &Run, raised: bool, start: Span) -> Parsed<Vec<(Segment, usize)>> {
        let count = run.elements.len();
        let whole: String = run.elements.iter().map(|element| element.text.as_str()).collect();
        // What begins a target is a differential, even where a size is called `d`.
        if self.heading
            && whole.starts_with('d')
            && count > 1
            && let Some(segment @ Segment::Name { .. }) = self.outer(&whole, run, false)
        {
            return Ok(vec![(segment, count)]);
        }
        let exponent = raised || self.peek() == Some(&Kind::Superscript);
        let known = |begin: usize, end: usize| {
            let text: String = run.elements[begin..end].iter().map(|element| element.text.as_str()).collect();
            if text.len() > self.vocabulary.longest() {
                return ControlFlow::Break(());
            }
            let digits = text.starts_with(|c: char| c.is_ascii_digit());
            ControlFlow::Continue(match end == count {
                _ if digits => None,
                true => self.outer(&text, run, exponent),
                false => self.inner(&text),
            })
        };
        match parted(count, known) {
            Parting::None => {
                let operator = turned_operator(run).filter(|_| exponent);
                Ok(vec![(operator.unwrap_or_else(|| self.unknown(run)), count)])
            }
            Parting::One(segments) => Ok(segments),
            Parting::Several => Err(Box::new(several(&whole, start.to(self.span_before())))),
        }
    }

    pub(super) fn inner(&self, text: &str) -> Option<Segment> {
        self.resolve_part(text).map(|(text, _)| Segment::Name { text, indices: 0 })
    }

    /// The last segment of a run, with what stands below and above it.
    pub(super) fn outer(&self, text: &str, run: &Run, exponent: bool) -> Option<Segment> {
        let bracket = matches!(self.peek(), Some(Kind::Open(_)));
        let sense = |text: &str| self.resolve_part(text);
        if run.parts.is_empty() && run.layer.is_none() {
            if let Some((text, _)) = sense(text) {
                return Some(Segment::Name { text, indices: 0 });
            }
            if text == "e" && exponent {
                return Some(Segment::Name { text: text.to_owned(), indices: 0 });
            }
            let applied =
                bracket || matches!(self.peek(), Some(Kind::Letter(_))) && run.elements.len() == 1 && text.len() > 1;
            return self.vocabulary.operator(text).filter(|_| applied).map(|name| Segment::Operator(name.to_owned()));
        }
        let layer = run.layer.as_deref().unwrap_or("");
        for taken in order(run) {
            let below: String = run.parts[..taken].iter().map(|part| part.value.as_str()).collect();
            let rest = &run.parts[taken..];
            let indices = rest.iter().all(|part| is_index(&part.value)) && rest.len() <= 4;
            if let Some((text, sense)) = sense(&names::key(&format!("{text}{below}{layer}")))
                && indices
                && (sense == Sense::Value || taken > 0 || !text.is_empty())
            {
                return Some(Segment::Name { text, indices: rest.len() });
            }
        }
        // `h^{(t)}` of the only step there is.
        let step = run.layer.as_deref() == Some("t") && !self.indices.iter().any(|index| index == "t");
        let below: String = run.parts.iter().map(|part| part.value.as_str()).collect();
        let (text, _) = sense(&names::key(&format!("{text}{below}"))).filter(|_| step)?;
        Some(Segment::Name { text, indices: 0 })
    }

    /// A name that nobody knows, as it is written.
    pub(super) fn unknown(&self, run: &Run) -> Segment {
        let mut text: String = run.elements.iter().map(|element| element.text.as_str()).collect();
        // A value of the problem may be called as an operator is: `\phi`.
        let is_call = run.parts.is_empty() && text.len() > 1 && !self.is_value(&names::key(&text));
        if let Some(operator) = self.vocabulary.operator(&text).filter(|_| is_call) {
            return Segment::Operator(operator.to_owned());
        }
        // `x_j^{(i)}`: the example stands before its entry.
        let (example, layer) = match &run.layer {
            Some(layer) if layer.starts_with(char::is_alphabetic) => (Some(layer), None),
            layer => (None, layer.as_ref()),
        };
        for part in example.into_iter().chain(run.parts.iter().map(|part| &part.value)).chain(layer) {
            text.push('_');
            text.push_str(part);
        }
        Segment::Name { text, indices: 0 }
    }
}

/// `\mathrm{conv}_{\mathrm{kernel}}`, which is an operator where it is transposed.
fn turned_operator(run: &Run) -> Option<Segment> {
    let ([operator], [below]) = (run.elements.as_slice(), run.parts.as_slice()) else { return None };
    turned(&operator.text, &below.value).map(|_| Segment::Operator(operator.text.clone()))
}

/// How many of the parts below belong to the name, in the order in which it is tried: `W_{12}` is rather `W12`,
/// `W_{1,2}` rather an entry of `W`, and `W_{2,ij}` one of `W2`.
fn order(run: &Run) -> Vec<usize> {
    let count = run.parts.len().min(PARTS);
    let first = match run.comma {
        None => None,
        Some(_) if count == 2 => Some(0),
        Some(before) => Some(before.min(count)),
    };
    first.into_iter().chain((0..=count).rev()).collect()
}
