//! The parts of a file that holds several problems, and which of them may be ours.

use crate::diagnostic::Diagnostic;
use crate::syntax::answer::whole_target;
use crate::syntax::ast::{Answer, AnswerTarget, AnswerValue, ExprKind, TargetKind, UnreadableAnswer};
use crate::syntax::vocabulary::Vocabulary;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// What begins a part, and how deep parts of its kind lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    pub depth: usize,
    pub title: String,
    /// `2` of `Problem 2`, `b` of `(b)`; parts without one are counted.
    pub label: Option<String>,
}

/// Letters stand within headings, and items within both.
const LETTERED: usize = 14;
pub const ITEM: usize = 20;

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

/// Words that a problem is called by, before its number.
const PROBLEM: [&str; 9] = ["problem", "question", "exercise", "task", "aufgabe", "exercice", "part", "ex", "q"];

impl Heading {
    /// The part that a heading begins: one that numbers a problem, and in LaTeX any section.
    pub fn of(title: &str, depth: usize, is_section: bool) -> Option<Heading> {
        let small = title.to_lowercase();
        let label = lettered(title).map(|(label, _)| label).or_else(|| numbered(&small));
        let same = SAME.iter().any(|word| small.contains(word));
        (label.is_some() || is_section && !same).then(|| Heading { depth, title: title.to_owned(), label })
    }

    /// The part that a line begins with its letter: `(b) The gradient is`, `**(ii)**`.
    pub fn lettered(line: &str) -> Option<Heading> {
        let (label, rest) = lettered(line)?;
        let operator = rest.trim_start_matches([' ', '*', '}']).starts_with(['=', '+', '/', '^', '<', '>']);
        (!operator).then(|| Heading { depth: LETTERED, title: label.clone(), label: Some(label) })
    }
}

/// The number of `2. Ridge`, `Problem 3 (20 points)`, `Q1`, and the letter of `Question b`.
fn numbered(small: &str) -> Option<String> {
    let mut words = small.split_whitespace();
    let first = words.next()?;
    let rest = PROBLEM.iter().find_map(|word| first.strip_prefix(word)).unwrap_or(first);
    let number = if rest.is_empty() { words.next()? } else { rest };
    let digits = number.trim_start_matches(['#', '(']);
    let end = digits.find(|c: char| !c.is_alphanumeric() && c != '.').unwrap_or(digits.len());
    let digits = digits[..end].trim_end_matches('.');
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let letter = rest.is_empty() && digits.len() == 1 && digits.bytes().all(|byte| byte.is_ascii_lowercase());
    (letter || count > 0 && count <= 3 && digits.len() < 8).then(|| digits.to_owned())
}

/// The letter or the number in brackets that a line begins with, and what follows.
fn lettered(line: &str) -> Option<(String, &str)> {
    let mut line = line.trim_start();
    for mark in ["\\noindent", "\\textbf{", "\\textit{", "\\emph{", "\\underline{", "{\\bf", "\\bf", "**", "__"] {
        line = line.strip_prefix(mark).unwrap_or(line).trim_start();
    }
    let (inside, rest) = match line.strip_prefix('(') {
        Some(rest) => rest.split_once(')')?,
        None => line
            .split_once(')')
            .filter(|(inside, _)| inside.len() == 1 || inside.len() == 2 && inside.ends_with('.'))?,
    };
    let inside = inside.trim_end_matches('.');
    let roman = inside.len() <= 4 && inside.bytes().all(|byte| b"ivx".contains(&byte));
    let one = inside.len() == 1 && inside.starts_with(|c: char| c.is_ascii_alphabetic());
    let number = inside.len() <= 2 && inside.bytes().all(|byte| byte.is_ascii_digit());
    let ends = rest.chars().next().is_none_or(|c| " \t*}(:_\\$".contains(c) || !c.is_ascii());
    ((roman || one || number) && !inside.is_empty() && ends).then(|| (inside.to_lowercase(), rest))
}

/// A part, and the one in which it lies. The first one is the whole file.
#[derive(Clone, Debug)]
struct Node {
    parent: usize,
    heading: Heading,
    /// How many parts lie directly within it.
    children: usize,
}

/// The parts of a file, as they begin one after the other.
#[derive(Clone, Debug)]
pub struct Parts {
    nodes: Vec<Node>,
    current: usize,
}

impl Default for Parts {
    fn default() -> Parts {
        let heading = Heading { depth: 0, title: String::new(), label: None };
        Parts { nodes: vec![Node { parent: 0, heading, children: 0 }], current: 0 }
    }
}

/// Answers, or lines, each with the part in which it stands.
type Lines<T> = Vec<(usize, T)>;

/// What a file says where one of its parts is taken for ours.
pub struct Reading {
    pub answers: Vec<Answer>,
    pub unreadable: Vec<UnreadableAnswer>,
}

impl Parts {
    /// The part of what is read now.
    pub fn current(&self) -> usize {
        self.current
    }

    /// The outermost part in which a part lies.
    pub fn problem(&self, part: usize) -> usize {
        self.ancestors(part).last().unwrap_or(0)
    }

    pub fn enter(&mut self, mut heading: Heading) {
        const MOST: usize = 1_000;
        // Letters within an item are within it.
        if heading.depth == LETTERED && self.nodes[self.current].heading.depth >= ITEM {
            let item = self.ancestors(self.current).find(|node| self.nodes[*node].heading.depth.is_multiple_of(2));
            heading.depth = item.map_or(ITEM, |node| self.nodes[node].heading.depth) + 1;
        }
        self.leave(heading.depth);
        if self.nodes.len() < MOST {
            let parent = &mut self.nodes[self.current];
            parent.children += 1;
            let count = parent.children;
            heading.label.get_or_insert_with(|| count.to_string());
            self.nodes.push(Node { parent: self.current, heading, children: 0 });
            self.current = self.nodes.len() - 1;
        }
    }

    /// Ends the parts that lie as deep or deeper.
    pub fn leave(&mut self, depth: usize) {
        while self.current > 0 && self.nodes[self.current].heading.depth >= depth {
            self.current = self.nodes[self.current].parent;
        }
    }

    /// A part and those in which it lies, without the whole.
    fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> {
        let above = |node: &usize| Some(self.nodes[*node].parent).filter(|parent| *parent > 0);
        std::iter::successors(Some(node).filter(|node| *node > 0), above)
    }

    fn is_within(&self, node: usize, part: usize) -> bool {
        part == 0 || self.ancestors(node).any(|above| above == part)
    }

    /// Whether a part is called so: `2`, `2b`, `Problem 2 (b)`.
    fn is_called(&self, part: usize, name: &[String]) -> bool {
        let mut labels: Vec<String> =
            self.ancestors(part).filter_map(|node| self.nodes[node].heading.label.clone()).collect();
        labels.reverse();
        let labels = words(&labels.join(" "));
        !name.is_empty() && labels.ends_with(name)
    }

    /// What the file says, by the part that is ours: where names do not tell which it is, more than one, the likeliest
    /// first. A part that is `asked` for is the only one.
    pub fn readings(
        &self,
        answers: Lines<Answer>,
        unread: Lines<UnreadableAnswer>,
        vocabulary: &Vocabulary,
    ) -> Vec<Reading> {
        const MOST: usize = 12;
        let facts = Facts::of(self, &answers, &unread, vocabulary);
        let name = words(vocabulary.part().unwrap_or(""));
        if let Some(part) = (1..self.nodes.len()).find(|part| self.is_called(*part, &name)) {
            return vec![facts.reading(part, &answers, &unread)];
        }
        let mut parts: Vec<usize> = (1..self.nodes.len()).filter(|part| !facts.named[*part].is_empty()).collect();
        let covers = |part: usize| facts.named[part].len() == facts.named[0].len();
        let depth = |part: usize| self.ancestors(part).count();
        // Of several that name all the one whose title is the problem's, or that answers in its names, or that speaks of
        // nothing else, or the first: what comes later under another number is another problem.
        parts.sort_by_key(|part| {
            let title = vocabulary.titled(&self.nodes[*part].heading.title);
            let plain = Reverse(facts.plain[*part].len());
            (Reverse(covers(*part)), Reverse(title), plain, facts.strange[*part], Reverse(depth(*part)), *part)
        });
        // What no one part covers is answered by the whole.
        let whole = parts.first().is_none_or(|first| !covers(*first));
        let order = if whole { [&[0][..], &parts].concat() } else { [&parts[..], &[0]].concat() };
        let mut seen: Vec<Vec<usize>> = Vec::new();
        let distinct = order.into_iter().filter(|part| {
            let within: Vec<usize> =
                facts.speaking.iter().copied().filter(|node| self.is_within(*node, *part)).collect();
            let new = !seen.contains(&within);
            seen.push(within);
            new
        });
        distinct.take(MOST).map(|part| facts.reading(part, &answers, &unread)).collect()
    }
}

/// The words and numbers of a part's name, without what problems are called by.
fn words(name: &str) -> Vec<String> {
    let mut parted = String::new();
    let mut before = ' ';
    for character in name.to_lowercase().chars() {
        let turns = before.is_ascii_digit() != character.is_ascii_digit() && before.is_alphanumeric();
        parted.extend(turns.then_some(' '));
        parted.push(if character.is_alphanumeric() { character } else { ' ' });
        before = character;
    }
    parted.split_whitespace().filter(|word| !PROBLEM[..PROBLEM.len() - 1].contains(word)).map(str::to_owned).collect()
}

/// What is known of the parts.
struct Facts<'p> {
    parts: &'p Parts,
    vocabulary: &'p Vocabulary,
    asked: BTreeSet<String>,
    /// The parts in which something stands that is asked for.
    speaking: BTreeSet<usize>,
    /// What each part names of it, with all that lies within.
    named: Vec<BTreeSet<String>>,
    /// What of it each part answers in known names.
    plain: Vec<BTreeSet<String>>,
    /// How many of its answers speak of names that nobody knows, or can't be read.
    strange: Vec<usize>,
}

impl<'p> Facts<'p> {
    fn of(
        parts: &'p Parts,
        answers: &Lines<Answer>,
        unread: &Lines<UnreadableAnswer>,
        vocabulary: &'p Vocabulary,
    ) -> Facts<'p> {
        let asked: BTreeSet<String> =
            vocabulary.asked().filter_map(|(_, name)| whole_target(name)).map(|target| of_kind(&target)).collect();
        let count = parts.nodes.len();
        let mut facts = Facts {
            parts,
            vocabulary,
            asked,
            speaking: BTreeSet::new(),
            named: vec![BTreeSet::new(); count],
            plain: vec![BTreeSet::new(); count],
            strange: vec![0; count],
        };
        for (node, answer) in answers {
            facts.count(*node, &answer.target, is_strange(answer, vocabulary));
        }
        for (node, line) in unread {
            if let Some(target) = &line.target {
                facts.count(*node, target, true);
            }
        }
        facts
    }

    fn count(&mut self, node: usize, target: &AnswerTarget, strange: bool) {
        let target = self.meant(target);
        let is_asked = self.asked.contains(&target);
        if is_asked {
            self.speaking.insert(node);
        }
        for part in self.parts.ancestors(node).chain([0]).collect::<Vec<_>>() {
            self.strange[part] += usize::from(strange);
            if is_asked {
                self.named[part].insert(target.clone());
            }
            if is_asked && !strange {
                self.plain[part].insert(target.clone());
            }
        }
    }

    /// What a target names; where one thing of its kind is asked, any name of the kind is its name: `\\nabla f(w)`.
    fn meant(&self, target: &AnswerTarget) -> String {
        let own = of_kind(target);
        let key = target.name.key();
        if let Some(whole) = self.family(target) {
            return whole;
        }
        let derived = target.of.is_some() || ["grad", "nabla"].iter().any(|word| key.starts_with(word));
        let kind = match target.kind {
            TargetKind::Hessian => "hessian ",
            TargetKind::Jacobian => "jacobian ",
            TargetKind::Plain if derived && self.vocabulary.resolve_model(&key).is_none() => "d",
            TargetKind::Plain | TargetKind::Update | TargetKind::Directional | TargetKind::Shape => return own,
        };
        let mut alike = self.asked.iter().filter(|asked| asked.starts_with(kind));
        match (alike.next(), alike.next()) {
            (Some(only), None) if !self.asked.contains(&own) => only.clone(),
            _ => own,
        }
    }

    /// `dU` of a general `du_k`, where it is asked for.
    fn family(&self, target: &AnswerTarget) -> Option<String> {
        let (stem, letter) = target.name.text.rsplit_once('_').filter(|_| target.kind == TargetKind::Plain)?;
        let alone = letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase());
        let key = crate::syntax::names::key(stem);
        let lines = key.strip_prefix('d').map(|of| format!("d{}", of.to_uppercase()));
        [Some(key), lines].into_iter().flatten().find(|name| alone && self.asked.contains(name))
    }

    /// The answers and unreadable lines where this part is ours: of the others what gives nothing that is asked is kept
    /// as a definition, if it is of a name that stands nowhere else.
    fn reading(&self, part: usize, answers: &Lines<Answer>, unread: &Lines<UnreadableAnswer>) -> Reading {
        let above = |node: usize| node == 0 || self.parts.is_within(part, node);
        let silent = |node: usize| !self.speaking.contains(&node);
        let own = |node: usize| self.parts.is_within(node, part) || above(node) && silent(node);
        let (mine, others): (Vec<_>, Vec<_>) = answers.iter().partition(|(node, _)| own(*node));
        let defined: BTreeSet<String> = mine.iter().map(|(_, answer)| answer.target.name.key()).collect();
        let (kept, left): (Vec<_>, Vec<_>) = others.into_iter().partition(|(_, answer)| {
            let key = answer.target.name.key();
            !defined.contains(&key)
                && self.vocabulary.resolve_model(&key).is_none()
                && !self.asked.contains(&self.meant(&answer.target))
        });
        let [kept, unused] = used_by(kept, &mine);
        let left = left.into_iter().chain(unused).map(|(_, answer)| {
            let fault =
                Diagnostic::note("N-part", "this stands in the part of another problem").at(answer.span, "here");
            let (source, span) = (answer.source.clone(), answer.span);
            UnreadableAnswer { target: None, diagnostics: vec![fault], source, span }
        });
        let unread = unread.iter().filter(|(node, _)| own(*node)).map(|(_, line)| line.clone());
        Reading {
            answers: kept.into_iter().chain(mine).map(|(_, answer)| answer.clone()).collect(),
            unreadable: unread.chain(left).collect(),
        }
    }
}

/// Of some definitions those that answers use, and the others.
fn used_by<'a>(
    mut definitions: Vec<&'a (usize, Answer)>,
    answers: &[&'a (usize, Answer)],
) -> [Vec<&'a (usize, Answer)>; 2] {
    let mut used = Vec::new();
    let mut names: BTreeSet<String> = answers.iter().flat_map(|(_, answer)| names_in(answer)).collect();
    loop {
        let (more, rest): (Vec<_>, Vec<_>) =
            definitions.into_iter().partition(|(_, answer)| names.contains(&answer.target.name.key()));
        definitions = rest;
        if more.is_empty() {
            return [used, definitions];
        }
        names.extend(more.iter().flat_map(|(_, answer)| names_in(answer)));
        used.extend(more);
    }
}

/// The keys of the names in an answer's value.
fn names_in(answer: &Answer) -> impl Iterator<Item = String> {
    let nodes = match &answer.value {
        AnswerValue::Expression(expr) => expr.nodes.as_slice(),
        AnswerValue::Shape(_) => &[],
    };
    nodes.iter().filter_map(|node| match &node.kind {
        ExprKind::Name(name) => Some(name.key()),
        ExprKind::Call { callee, .. } | ExprKind::Prime { callee, .. } => Some(callee.key()),
        _ => None,
    })
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
