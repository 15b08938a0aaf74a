//! The parts of a file that holds several problems, and which of them is ours.

use crate::diagnostic::Diagnostic;
use crate::syntax::answer::whole_target;
use crate::syntax::ast::{Answer, AnswerTarget, AnswerValue, ExprKind, TargetKind, UnreadableAnswer};
use crate::syntax::vocabulary::Vocabulary;
use std::collections::BTreeSet;

/// A part of a file: what its heading says.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub title: String,
}

/// Words of headings that go on with the part before: they are no other problem.
const SAME: [&str; 14] = [
    "answer",
    "solution",
    "final",
    "result",
    "summary",
    "correct",
    "again",
    "check",
    "attempt",
    "gradient",
    "backward",
    "forward",
    "derivation",
    "setup",
];

impl Part {
    /// The part that a heading begins, if it numbers a problem.
    pub fn of(title: &str, numbered: bool) -> Option<Part> {
        let small = title.to_lowercase();
        let first = small.split_whitespace().next().unwrap_or("");
        let counted = first.starts_with(|c: char| c.is_ascii_digit())
            || ["problem", "question", "exercise", "task", "aufgabe", "exercice", "q"].iter().any(|word| {
                first
                    .strip_prefix(word)
                    .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || ".:".contains(c)))
                    && small.contains(|c: char| c.is_ascii_digit())
            });
        let same = SAME.iter().any(|word| small.contains(word));
        (counted || numbered && !same).then(|| Part { title: title.to_owned() })
    }
}

type Lines<T> = Vec<(usize, T)>;

/// The answers and unreadable lines of our part. Where one part names everything that any part names of what is asked,
/// it is ours; of the others only names that stand nowhere else are kept.
pub fn ours(
    parts: &[Part],
    answers: Lines<Answer>,
    unread: Lines<UnreadableAnswer>,
    vocabulary: &Vocabulary,
) -> (Vec<Answer>, Vec<UnreadableAnswer>) {
    let bare = |all: Lines<Answer>| all.into_iter().map(|(_, answer)| answer).collect();
    let Some(own) = our_part(parts, &answers, &unread, vocabulary) else {
        return (bare(answers), unread.into_iter().map(|(_, line)| line).collect());
    };
    let (mine, others): (Lines<Answer>, Lines<Answer>) = answers.into_iter().partition(|(part, _)| own.contains(part));
    let defined: BTreeSet<String> = mine.iter().map(|(_, answer)| answer.target.name.key()).collect();
    let asked = asked(vocabulary);
    let (kept, left): (Lines<Answer>, Lines<Answer>) = others.into_iter().partition(|(_, answer)| {
        let key = answer.target.name.key();
        !defined.contains(&key) && vocabulary.resolve_model(&key).is_none() && !asked.contains(&of_kind(&answer.target))
    });
    let left = left.into_iter().map(|(_, answer)| {
        let fault = Diagnostic::note("N-part", "this stands in the part of another problem").at(answer.span, "here");
        UnreadableAnswer { target: None, diagnostics: vec![fault], source: answer.source, span: answer.span }
    });
    let unread = unread.into_iter().filter(|(part, _)| own.contains(part)).map(|(_, line)| line);
    (kept.into_iter().chain(mine).map(|(_, answer)| answer).collect(), unread.chain(left).collect())
}

fn our_part(
    parts: &[Part],
    answers: &Lines<Answer>,
    unread: &Lines<UnreadableAnswer>,
    vocabulary: &Vocabulary,
) -> Option<BTreeSet<usize>> {
    let asked = asked(vocabulary);
    let answered = |part: usize| -> BTreeSet<String> {
        let read = answers.iter().filter(|(own, _)| *own == part).map(|(_, answer)| of_kind(&answer.target));
        let lines = unread.iter().filter(|(own, _)| *own == part);
        let not_read = lines.filter_map(|(_, line)| line.target.as_ref()).map(of_kind);
        read.chain(not_read).filter(|target| asked.contains(target)).collect()
    };
    let named: Vec<BTreeSet<String>> = (0..parts.len()).map(answered).collect();
    let all: BTreeSet<&String> = named.iter().flatten().collect();
    let covering: Vec<usize> = (0..parts.len()).filter(|part| named[*part].len() == all.len()).collect();
    if parts.len() < 2 || all.is_empty() || covering.is_empty() {
        return None;
    }
    // Of several the one whose title is the problem's, or that speaks of nothing else.
    let strange =
        |part: usize| answers.iter().filter(|(own, answer)| *own == part && is_strange(answer, vocabulary)).count();
    let best = |part: &usize| (vocabulary.titled(&parts[*part].title), std::cmp::Reverse(strange(*part)));
    // Of equal ones the first: what comes later under another number is another problem.
    let best = covering.into_iter().rev().max_by_key(best)?;
    Some(BTreeSet::from([0, best]).into_iter().filter(|part| *part == best || named[*part].is_empty()).collect())
}

/// Whether an answer speaks of names that nobody knows.
fn is_strange(answer: &Answer, vocabulary: &Vocabulary) -> bool {
    let AnswerValue::Expression(expr) = &answer.value else { return false };
    expr.nodes.iter().any(|node| match &node.kind {
        ExprKind::Name(name) => vocabulary.resolve_model(&name.key()).is_none(),
        ExprKind::Call { callee, .. } => {
            vocabulary.operator(&callee.text).is_some_and(|name| !vocabulary.is_used(name))
        }
        _ => false,
    })
}

fn asked(vocabulary: &Vocabulary) -> BTreeSet<String> {
    vocabulary.asked().filter_map(|(_, name)| whole_target(name)).map(|target| of_kind(&target)).collect()
}

/// What a target names, in one word.
fn of_kind(target: &AnswerTarget) -> String {
    let kind = match target.kind {
        TargetKind::Plain | TargetKind::Update => "",
        TargetKind::Jacobian => "jacobian ",
        TargetKind::Hessian => "hessian ",
        TargetKind::Directional => "directional ",
        TargetKind::Shape => "shape ",
    };
    format!("{kind}{}", target.name.key())
}
