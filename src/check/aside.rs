//! The lines of a sheet that answer nothing: each is told, with its place and the reason.

use super::key::Key;
use super::marker::Marker;
use super::marks::Unread;
use super::sheet::{Aside, Given, Sheet, Why, as_expression, canonical, used_names};
use crate::diagnostic::Diagnostic;
use crate::span::Source;
use crate::syntax::ast::{Answer, TargetKind};
use std::collections::BTreeSet;

/// So many lines that answer nothing are told one by one; of more, how many there are.
const TOLD: usize = 3;
/// And so many that can't be read.
const UNREAD: usize = 20;

/// Where a line begins, and what is said of it.
type Told = (usize, String);

impl Marker<'_> {
    pub(super) fn unread(&mut self, sheet: &Sheet, source: &Source) -> Vec<Unread> {
        let used = used_by_answers(self.key, sheet);
        let (errors, notes): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            sheet.unread.iter().filter_map(|line| line.diagnostics.first()).partition(|fault| fault.is_error());
        let mut told: Vec<Told> = errors.iter().take(UNREAD).map(|fault| told_of(fault)).collect();
        let mut aside: Vec<Told> = notes.iter().map(|fault| told_of(fault)).collect();
        for one in &sheet.aside {
            if let Some((message, tell)) = self.message(sheet, one, &used) {
                let list = if tell { &mut told } else { &mut aside };
                list.push((one.answer.span.start, message));
            }
        }
        let more = errors.len().saturating_sub(UNREAD);
        if let Some(fault) = errors.get(UNREAD) {
            told.push((told_of(fault).0, format!("{more} more lines can't be read")));
        }
        match aside.iter().map(|(place, _)| *place).min() {
            Some(first) if aside.len() > TOLD => {
                told.push((first, format!("{} formulas from here on name nothing that is asked", aside.len())));
            }
            _ => told.extend(aside),
        }
        told.sort_by_key(|(place, _)| *place);
        // Only of what is told the line is looked for.
        let placed = |(place, message)| {
            let (line, column) = source.position(place);
            Unread { message, line, column }
        };
        told.into_iter().map(placed).collect()
    }

    /// What is said of a line, and whether it is always told by itself; nothing of one that changes nothing.
    fn message(&mut self, sheet: &Sheet, aside: &Aside, used: &BTreeSet<String>) -> Option<(String, bool)> {
        let answer = aside.answer;
        let name = canonical(self.key, &answer.target.name);
        match aside.why {
            Why::Condition => Some(("a gradient that is set to 0 is no answer".to_string(), true)),
            Why::Given => {
                let text = &answer.target.name.text;
                let same = |key: &Key, marker: &mut Self| {
                    let ours = key.authored(&name)?;
                    let theirs = marker.world(sheet).own(as_expression(&answer.value)?).ok()?;
                    Some(!marker.differ(ours, theirs))
                };
                match same(self.key, self) {
                    Some(true) => None,
                    Some(false) => {
                        Some((format!("`{text}` is given otherwise in the problem, whose own counts"), true))
                    }
                    None => Some((format!("`{text}` is the problem's own, which counts"), false)),
                }
            }
            Why::Unasked if used.contains(&name) && is_plain(answer) => None,
            Why::Unasked => Some((format!("`{}` names nothing that is asked", written_name(answer)), false)),
        }
    }
}

fn is_plain(answer: &Answer) -> bool {
    answer.target.kind == TargetKind::Plain
}

/// What a line is given to, as its student wrote it.
fn written_name(answer: &Answer) -> String {
    let head = answer.source.split(['=', '≈']).next().unwrap_or("").trim_matches(['$', ' ', '&', '*', '`', ':']);
    if head.is_empty() || head.chars().count() > 40 { answer.target.name.text.clone() } else { head.to_string() }
}

fn told_of(fault: &Diagnostic) -> Told {
    (fault.labels.first().map_or(0, |label| label.span.start), fault.message.clone())
}

/// The names that the answers are made of, themselves or through others.
fn used_by_answers(key: &Key, sheet: &Sheet) -> BTreeSet<String> {
    let mut waiting: Vec<String> = Vec::new();
    for given in &sheet.given {
        let answers: Vec<&Answer> = match given {
            Given::Whole(answer, _) => vec![answer],
            Given::Entries(entries) => entries.iter().map(|(_, answer)| *answer).collect(),
            Given::Missing | Given::Unreadable(_) => Vec::new(),
        };
        let exprs = answers.iter().filter_map(|answer| as_expression(&answer.value));
        waiting.extend(exprs.flat_map(|expr| used_names(key, expr)));
    }
    let mut used = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        let own = sheet.named.get(&name).and_then(|answer| as_expression(&answer.value));
        if used.insert(name) {
            waiting.extend(own.into_iter().flat_map(|own| used_names(key, own)));
        }
    }
    used
}
