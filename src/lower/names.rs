//! Which name is meant: loop variables put in, identity by key.

use crate::diagnostic::Diagnostic;
use crate::limits::{GRAPH_NODES, NESTING};
use crate::span::Span;
use crate::syntax::ast::{Name, Repeat};
use crate::syntax::names;
use std::rc::Rc;

/// The loop variables around a line and their values, the innermost last.
pub type Loops = Rc<[(String, i64)]>;

/// A name with its index put in.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// For the reader: the author's spelling, `W_1` for `W_{l}` at l = 1.
    pub text: String,
    /// For identity: `W1`.
    pub key: String,
    pub span: Span,
}

impl Resolved {
    pub fn of(name: &Name, loops: &[(String, i64)]) -> Result<Resolved, Diagnostic> {
        let text = match &name.index {
            None => name.text.clone(),
            Some(index) => {
                let (variable, offset) = (&index.variable, index.offset);
                let Some((_, value)) = loops.iter().rev().find(|(known, _)| known == variable) else {
                    let message = format!("`{variable}` is no loop variable here");
                    return Err(Diagnostic::error("E-repeat", message)
                        .at(name.span, format!("outside of a `repeat {variable} = …`")));
                };
                let place = value.saturating_add(offset);
                if place < 0 {
                    let message = format!("the index of `{}` is {place} at {variable} = {value}", name.text);
                    return Err(Diagnostic::error("E-repeat", message).at(name.span, "an index is 0 or more"));
                }
                format!("{}_{place}", name.text)
            }
        };
        Ok(Resolved { key: names::key(&text), text, span: name.span })
    }

    /// Where it was met: for a name in a loop, at which turn.
    pub fn place(&self, name: &Name, loops: &[(String, i64)], otherwise: &str) -> String {
        let turn = name.index.as_ref().and_then(|index| loops.iter().rev().find(|(known, _)| *known == index.variable));
        turn.map_or_else(|| otherwise.to_string(), |(variable, value)| format!("{otherwise}, at {variable} = {value}"))
    }
}

/// A line of a section, once for each turn of the loops around it.
#[derive(Debug)]
pub struct Unrolled<'a, Line> {
    pub line: &'a Line,
    pub loops: Loops,
}

/// Lines that may be `repeat`s of the same lines.
pub struct Unroller<'a, Line, Bounds> {
    pub as_repeat: fn(&'a Line) -> Option<&'a Repeat<Line>>,
    /// First and last value of a loop variable.
    pub bounds: Bounds,
    pub lines: Vec<Unrolled<'a, Line>>,
    turns: usize,
}

impl<'a, Line, Bounds> Unroller<'a, Line, Bounds>
where
    Bounds: FnMut(&Repeat<Line>, &[(String, i64)]) -> Result<(i64, i64), Diagnostic>,
{
    pub fn new(as_repeat: fn(&'a Line) -> Option<&'a Repeat<Line>>, bounds: Bounds) -> Self {
        Unroller { as_repeat, bounds, lines: Vec::new(), turns: 0 }
    }

    /// Repeats inside each other are bounded, so this may recurse.
    pub fn unroll(&mut self, body: &'a [Line], loops: &Loops) -> Result<(), Diagnostic> {
        for line in body {
            let Some(repeat) = (self.as_repeat)(line) else {
                self.count(None)?;
                self.lines.push(Unrolled { line, loops: Rc::clone(loops) });
                continue;
            };
            if loops.len() == NESTING {
                let message = format!("more than {NESTING} `repeat`s inside each other");
                return Err(Diagnostic::error("E-depth", message).at(repeat.span, "one too many"));
            }
            let (from, to) = (self.bounds)(repeat, loops)?;
            for value in from..=to {
                self.count(Some(repeat.span))?;
                let turn = (repeat.variable.value.clone(), value);
                let inner: Loops = loops.iter().cloned().chain([turn]).collect();
                self.unroll(&repeat.body, &inner)?;
            }
        }
        Ok(())
    }

    fn count(&mut self, span: Option<Span>) -> Result<(), Diagnostic> {
        self.turns += 1;
        match span {
            Some(span) if self.turns > GRAPH_NODES => {
                let message = format!("the loops make more than {GRAPH_NODES} lines");
                Err(Diagnostic::error("E-limit", message).at(span, "too many turns"))
            }
            _ => Ok(()),
        }
    }
}
