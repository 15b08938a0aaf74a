//! Variants of a problem: the author's own text with numbers in the places of its random leaves.

mod conditions;
mod leaf;
mod work;

pub use conditions::{Alike, Conditions, Fairness, Found, Judged};
pub use work::Work;

use crate::diagnostic::Diagnostic;
use crate::draw::SplitMix;
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::Spec;
use crate::tensor::Tensor;
use leaf::Leaf;

/// A problem whose numbers are drawn.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    problem: String,
    id: Span,
    /// Where the section `variants` stands.
    section: Option<Span>,
    leaves: Vec<Leaf>,
}

/// A problem with numbers put in.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub text: String,
    /// By the names of the leaves, in the order of the file.
    pub values: Vec<(String, Tensor<Number>)>,
    /// What was put in: where it stands in the author's text, and in this one.
    pieces: Vec<(Span, Span)>,
}

impl Drawn {
    /// A place of this text in the author's.
    pub fn place(&self, span: Span) -> Span {
        let place = |at: usize, is_end: bool| {
            let before = self.pieces.iter().rev().find(|(_, own)| own.start <= at);
            match before {
                None => at,
                Some((author, own)) if at < own.end || at == own.end && is_end => match is_end {
                    true => author.end,
                    false => author.start,
                },
                Some((author, own)) => author.end + (at - own.end),
            }
        };
        Span::new(place(span.start, false), place(span.end, true))
    }
}

impl Pattern {
    /// # Errors
    /// There is nothing to draw; a leaf whose shape is not known, or whose numbers are none.
    pub fn new(spec: &Spec, text: &str) -> Result<Pattern, Vec<Diagnostic>> {
        let drawn: Vec<_> = spec.leaves().into_iter().filter(|leaf| leaf.random.is_some()).collect();
        if drawn.is_empty() {
            let fault = Diagnostic::error("E-random", "the problem has nothing to draw");
            return Err(vec![
                fault.at(spec.id.span, "this one").help("for example: `input I = random 4 x 6 from 0 to 9`"),
            ]);
        }
        let (mut leaves, mut faults) = (Vec::new(), Vec::new());
        for declaration in drawn {
            match Leaf::new(spec, declaration) {
                Ok(leaf) => leaves.push(leaf),
                Err(fault) => faults.push(*fault),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        leaves.sort_by_key(|leaf| leaf.span.start);
        let (problem, section) = (spec.id.value.clone(), spec.variants_span);
        Ok(Pattern { text: text.to_string(), problem, id: spec.id.span, section, leaves })
    }

    /// The place of what is drawn first.
    pub fn span(&self) -> Span {
        self.leaves.first().map_or(self.id, |leaf| leaf.span)
    }

    /// The draw with this number of a variant; the problem is then called `name`. The numbers depend on nothing else than
    /// the other three.
    pub fn draw(&self, seed: &str, variant: &str, attempt: u32, name: &str) -> Drawn {
        let values: Vec<(String, Tensor<Number>)> = self
            .leaves
            .iter()
            .map(|leaf| {
                let words = [seed, &self.problem, &leaf.name, variant, &attempt.to_string()];
                (leaf.name.clone(), leaf.draw(&mut SplitMix::of(&words)))
            })
            .collect();
        let (text, pieces) = self.text(name, &values);
        Drawn { text, values, pieces }
    }

    /// The text with the values, without the section `variants`, and with the variant in the problem's name.
    fn text(&self, name: &str, values: &[(String, Tensor<Number>)]) -> (String, Vec<(Span, Span)>) {
        let written = self.leaves.iter().zip(values);
        let mut pieces: Vec<(Span, String)> =
            written.map(|(leaf, (_, value))| (leaf.span, leaf::written(value, self.column(leaf.span.start)))).collect();
        let named = self.text[self.id.start..self.id.end].replacen(&self.problem, name, 1);
        pieces.push((self.id, named));
        pieces.extend(self.section.map(|section| (section, String::new())));
        pieces.sort_by_key(|(span, _)| span.start);
        let (mut text, mut at, mut places) = (String::new(), 0, Vec::new());
        for (span, piece) in pieces {
            text += &self.text[at..span.start];
            places.push((span, Span::new(text.len(), text.len() + piece.len())));
            text += &piece;
            at = span.end;
        }
        text += &self.text[at..];
        (format!("{}\n", text.trim_end()), places)
    }

    fn column(&self, place: usize) -> usize {
        self.text[..place].chars().rev().take_while(|c| !matches!(c, '\n' | '\r')).count()
    }
}
