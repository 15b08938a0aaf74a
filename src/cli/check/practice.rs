//! Practice: the asked answers, one at a time, from standard input (a terminal or not). It ends where the input does.

use super::reading;
use super::{Plan, Ready};
use crate::check::{AnswerMarks, Marker, Marks, Verdict};
use crate::cli::job::own_fault;
use crate::cli::report::{self, Look};
use crate::cli::stdio::{self, Stop};
use crate::cli::{Exit, panics};
use crate::limits::SUBMISSION_BYTES;
use crate::number::Number;
use crate::render::document::RenderError;
use crate::render::marks::{self, Detail, Said};
use crate::span::Source;
use crate::syntax::ast::AnswerSheet;
use std::io::{self, BufRead, IsTerminal, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a student says.
enum Entry {
    Answer(String),
    Hint,
    Show,
    Skip,
    Quit,
}

/// How the practice ends before its last question.
enum Ended {
    Quit,
    Stopped(Stop),
    Unmade(RenderError),
}

impl From<Stop> for Ended {
    fn from(stop: Stop) -> Ended {
        Ended::Stopped(stop)
    }
}

impl From<RenderError> for Ended {
    fn from(error: RenderError) -> Ended {
        Ended::Unmade(error)
    }
}

pub fn practise(plan: &Plan, ready: &Ready) -> Exit {
    let mut practice = Practice {
        ready,
        detail: Detail { hints: true, ..plan.detail },
        marker: Marker::new(&ready.key),
        kept: vec![String::new(); ready.sheet.asked.len()],
        told: vec![None; ready.sheet.asked.len()],
    };
    match practice.run() {
        Ok(marks) if plan.args.strict && marks.points != marks.of => Exit::Unusable,
        Ok(_) => Exit::Done,
        Err(Ended::Quit) => Exit::Done,
        Err(Ended::Stopped(stop)) => stop.exit(),
        Err(Ended::Unmade(error)) => {
            let (exit, faults) = own_fault(&error.message);
            let source = Source { name: "<stdin>".to_string(), text: String::new() };
            stdio::tell(&report::text(&source, &faults, Look { color: false, printed: false, quiet: false }));
            exit
        }
    }
}

struct Practice<'a> {
    ready: &'a Ready,
    detail: Detail,
    marker: Marker<'a>,
    /// For each question the best answer so far, as lines of an answer sheet.
    kept: Vec<String>,
    /// What was said of it.
    told: Vec<Option<AnswerMarks>>,
}

impl Practice<'_> {
    fn run(&mut self) -> Result<Marks, Ended> {
        self.say(&Said::Welcome)?;
        for place in 0..self.kept.len() {
            match self.question(place) {
                Ok(()) => {}
                Err(Ended::Quit) => break,
                Err(other) => return Err(other),
            }
        }
        let marks = self.end();
        self.say(&Said::End(&marks))?;
        Ok(marks)
    }

    /// The marks of all. What was said of an answer stands, whatever is answered after it: scalar form is one, though
    /// beside forms of matrices it would be a mistake.
    fn end(&mut self) -> Marks {
        let mut marks = self.mark(&self.kept.clone());
        for (own, told) in marks.answers.iter_mut().zip(&self.told) {
            if let Some(told) = told.as_ref().filter(|told| told.points > own.points) {
                *own = told.clone();
            }
        }
        marks.points = marks.answers.iter().fold(Number::integer(0), |sum, own| &sum + &own.points);
        marks
    }

    /// Asks until the answer is right, or the student goes on.
    fn question(&mut self, place: usize) -> Result<(), Ended> {
        self.say(&Said::Ask(place))?;
        let mut last: Option<AnswerMarks> = None;
        loop {
            match entry()? {
                Entry::Quit => return Err(Ended::Quit),
                Entry::Skip => return Ok(()),
                Entry::Show => return self.say(&Said::Show(place)),
                Entry::Hint => self.say(&Said::Hint(last.as_ref()))?,
                Entry::Answer(text) => {
                    let marks = self.attempt(place, &text);
                    self.say(&Said::Verdict(place, &marks))?;
                    if is_done(marks.verdict) {
                        return Ok(());
                    }
                    last = Some(marks);
                }
            }
        }
    }

    /// Marks an answer, beside those that were given before. It may name what it answers, or not.
    fn attempt(&mut self, place: usize, text: &str) -> AnswerMarks {
        let best = self.answer(place, &self.kept.clone());
        let named = format!("{} = {text}", self.ready.sheet.asked[place].name);
        let as_it_is = self.with(place, text);
        let marks = match self.answer(place, &as_it_is) {
            Some(marks) => Some((marks, as_it_is)),
            None => {
                let kept = self.with(place, &named);
                self.answer(place, &kept).map(|marks| (marks, kept))
            }
        };
        match marks {
            Some((marks, kept)) => {
                if best.as_ref().is_none_or(|best| best.points <= marks.points) {
                    self.kept = kept;
                    self.told[place] = Some(marks.clone());
                }
                marks
            }
            None => self.mark(&self.kept.clone()).answers.swap_remove(place),
        }
    }

    fn with(&self, place: usize, text: &str) -> Vec<String> {
        let mut kept = self.kept.clone();
        kept[place] = text.to_string();
        kept
    }

    /// The marks of one answer, if these lines have it.
    fn answer(&mut self, place: usize, lines: &[String]) -> Option<AnswerMarks> {
        let marks = self.mark(lines).answers.swap_remove(place);
        (marks.verdict != Verdict::Missing).then_some(marks)
    }

    /// The marks of these lines; a fault of ours leaves all of them out.
    fn mark(&mut self, lines: &[String]) -> Marks {
        let text = lines.join("\n");
        let road = AssertUnwindSafe(|| self.marked(&text));
        catch_unwind(road).unwrap_or_else(|_| {
            stdio::tell(&format!("solve: a fault of solve itself: {}\n", report::printable(&panics::last_panic())));
            self.marker = Marker::new(&self.ready.key);
            self.marked("")
        })
    }

    fn marked(&mut self, text: &str) -> Marks {
        let read = reading::sheets("<stdin>", text.as_bytes(), &self.ready.vocabulary);
        let (sheet, source) = match read {
            Ok(reading::Read { sheets, source }) => (sheets.into_iter().next().unwrap_or_default(), source),
            Err(unread) => (AnswerSheet::default(), unread.source),
        };
        self.marker.mark(&sheet, &source)
    }

    fn say(&self, said: &Said) -> Result<(), Ended> {
        Ok(stdio::print(&marks::practice(&self.ready.sheet, said, self.detail)?)?)
    }
}

/// Whether there is nothing more to find.
fn is_done(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Correct | Verdict::FollowThrough | Verdict::Notation => true,
        Verdict::Underived | Verdict::Unevaluated => false,
        Verdict::Partial | Verdict::Wrong | Verdict::Unreadable | Verdict::Missing => false,
    }
}

/// The next thing that is said; a matrix may take several lines.
fn entry() -> Result<Entry, Ended> {
    let mut text = String::new();
    loop {
        if io::stdin().is_terminal() {
            stdio::print(if text.is_empty() { "> " } else { "… " })?;
        }
        let Some(line) = line().filter(|line| text.len() + line.len() <= SUBMISSION_BYTES) else {
            return if text.is_empty() { Err(Ended::Quit) } else { Ok(Entry::Answer(text)) };
        };
        if let Some(word) = word(line.trim()) {
            return Ok(word);
        }
        // Lines are rows of a plain matrix; LaTeX has its own sign for rows.
        let between = if text.contains('\\') { " " } else { "\n" };
        text = [text.as_str(), line.trim()].join(between).trim().to_string();
        if !text.is_empty() && !is_open(&text) {
            return Ok(Entry::Answer(text));
        }
    }
}

/// What a word means that is no answer.
fn word(line: &str) -> Option<Entry> {
    match line.to_lowercase().as_str() {
        "hint" => Some(Entry::Hint),
        "show" => Some(Entry::Show),
        "skip" => Some(Entry::Skip),
        "quit" | "exit" => Some(Entry::Quit),
        _ => None,
    }
}

/// A line of standard input; none at its end, and where it is no text.
fn line() -> Option<String> {
    let mut bytes = Vec::new();
    let limit = SUBMISSION_BYTES as u64 + 1;
    io::stdin().lock().take(limit).read_until(b'\n', &mut bytes).ok().filter(|count| *count > 0)?;
    String::from_utf8(bytes).ok()
}

/// Whether a bracket or an environment is still open.
fn is_open(text: &str) -> bool {
    let opened = text.matches(['(', '[', '{']).count() + text.matches("\\begin").count();
    let closed = text.matches([')', ']', '}']).count() + text.matches("\\end").count();
    opened > closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_is_open_until_its_bracket_closes() {
        assert!(is_open("[1 2;") && is_open("\\begin{bmatrix} 1 & 2") && is_open("relu(X"));
        assert!(!is_open("[1 2; 3 4]") && !is_open("\\begin{bmatrix}1\\end{bmatrix}") && !is_open("x)"));
    }
}
