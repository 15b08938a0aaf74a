//! Lines of the kinds of questions that say by themselves how they are written: words with holes,
//! `solve {equation} for {name}`.

use super::ast::{Binding, Claim, Expr, ExprKind, Name, Part, Question, Related, Relation, Spanned, Statement, Task};
use super::build::Builder;
use super::expression::{expression, first};
use super::fault;
use super::given::shape;
use super::grammar::{Rule, parse};
use super::keywords::{examples, first_word, inner_word};
use super::wordings::loosely;
use crate::diagnostic::Diagnostic;

/// How a kind of question is written: its name and its forms.
pub struct Forms {
    pub kind: &'static str,
    pub forms: &'static [&'static str],
}

/// Relations, the longer sign first.
const RELATIONS: [(&str, Relation); 11] = [
    ("<=", Relation::LessEqual),
    (">=", Relation::GreaterEqual),
    ("==", Relation::Equal),
    ("!=", Relation::NotEqual),
    ("≤", Relation::LessEqual),
    ("≥", Relation::GreaterEqual),
    ("≠", Relation::NotEqual),
    ("=", Relation::Equal),
    ("<", Relation::Less),
    (">", Relation::Greater),
    ("≡", Relation::Equal),
];

/// A text and where it stands in the line.
#[derive(Clone, Copy)]
struct Cut<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cut<'t> {
    fn part(self, from: usize, to: usize) -> Cut<'t> {
        Cut { text: &self.text[from..to], at: self.at + from }.trimmed()
    }

    fn trimmed(self) -> Cut<'t> {
        let text = self.text.trim_start();
        Cut { at: self.at + self.text.len() - text.len(), text: text.trim_end() }
    }
}

/// The task of a line that begins as a kind of question does; `None` if none does, and what is wrong goes to the builder.
pub fn question(builder: &Builder<'_>, text: &str, kinds: &[Forms]) -> Option<Option<Task>> {
    // Most lines begin as no form does.
    let first = text.trim_start().chars().next()?;
    if !kinds.iter().flat_map(|kind| kind.forms).any(|form| form.starts_with(first)) {
        return None;
    }
    let line = Cut { text: without_comment(text), at: 0 }.trimmed();
    let candidates = candidates(line.text, kinds);
    candidates.last()?;
    let span = |cut: Cut| builder.place(cut.at, cut.at + cut.text.len());
    let (asked, points) = with_points(builder, line);
    // Where one name is asked for, a list is for another form.
    let fits = |(hole, cut): &(&str, Cut)| *hole != "name" || split(*cut, ",").len() == 1;
    let mut stops = Vec::new();
    let matched = candidates.iter().filter(|(.., form)| begins(line.text, form)).find_map(|(kind, place, form)| {
        let holes = holes(asked, form).map_err(|stop| stops.push(stop)).ok()?;
        holes.iter().all(fits).then_some((*kind, *place, holes))
    });
    let Some((kind, form, holes)) = matched else {
        builder.fault(otherwise(builder, asked, &candidates, &stops)?);
        return Some(None);
    };
    let before = builder.faults.borrow().len();
    let parts: Option<Vec<Part>> = holes.into_iter().map(|(hole, cut)| part(builder, hole, cut)).collect();
    // What is wrong in a hole may be a word of the form.
    for fault in builder.faults.borrow_mut().iter_mut().skip(before).filter(|fault| fault.help.is_empty()) {
        fault.help.extend(meant(kind, asked.text));
    }
    let question = parts.map(|parts| Question { kind: kind.kind, form, parts, span: span(asked) });
    Some(question.map(|question| Task { question, points, span: span(line) }))
}

/// That a line reads otherwise than all forms that begin as it does.
fn otherwise(
    builder: &Builder<'_>,
    asked: Cut,
    candidates: &[(&Forms, usize, &str)],
    stops: &[Stop<'_, '_>],
) -> Option<Diagnostic> {
    let (kind, ..) = *candidates.last()?;
    let (from, label) = Stop::told(stops).unwrap_or((asked.at, "here".to_owned()));
    let forms: Vec<String> = candidates.iter().map(|(_, _, form)| format!("`{form}`")).collect();
    let forms = || format!("as in {}", forms.join(" or "));
    let error = Diagnostic::error("E-syntax", format!("a task `{}` reads otherwise", kind.kind));
    let place = builder.place(from, asked.at + asked.text.len());
    Some(error.at(place, label).help(meant(kind, asked.text).unwrap_or_else(forms)))
}

/// The forms that begin as a line does, with the longest beginning: `derive jacobian of` begins no gradient. Where none
/// does, those that have its first word.
fn candidates<'k>(line: &str, kinds: &'k [Forms]) -> Vec<(&'k Forms, usize, &'k str)> {
    let all =
        kinds.iter().flat_map(|kind| kind.forms.iter().enumerate().map(move |(place, form)| (kind, place, *form)));
    let mut candidates: Vec<(&Forms, usize, &str)> =
        all.filter(|(.., form)| first_word(form).0 == first_word(line).0).collect();
    let begun = candidates.iter().filter(|(.., form)| begins(line, form)).map(|(.., form)| opening(form).len());
    if let Some(longest) = begun.max() {
        candidates.retain(|(.., form)| begins(line, form) && opening(form).len() == longest);
    }
    candidates
}

fn begins(line: &str, form: &str) -> bool {
    line.starts_with(opening(form)) && ends_word(line, opening(form).len())
}

/// The word of the form that a wrong one was meant for, or lines of the kind that are right.
fn meant(kind: &Forms, line: &str) -> Option<String> {
    let word = inner_word(line).map(|meant| format!("did you mean `{meant}`?"));
    word.or_else(|| Some(format!("for example: {}", examples(kind.kind)?)))
}

/// The words before a form's first hole.
pub fn opening(form: &str) -> &str {
    form.split('{').next().unwrap_or(form).trim_end()
}

fn ends_word(text: &str, at: usize) -> bool {
    !text[at..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
}

/// The places of a text that stand in no bracket and no quotes, with what follows each.
fn open_places(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut depth, mut quoted, mut places) = (0_i32, false, Vec::new());
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            _ if depth == 0 && !quoted => places.push(at),
            _ => {}
        }
    }
    places.into_iter().map(|at| (at, &text[at..]))
}

fn without_comment(text: &str) -> &str {
    let mut quotes = 0;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quotes += 1,
            '#' if quotes % 2 == 0 => return &text[..at],
            _ => {}
        }
    }
    text
}

/// The line without `[3 points]`, and its number.
fn with_points<'t>(builder: &Builder<'_>, line: Cut<'t>) -> (Cut<'t>, Option<Spanned<String>>) {
    let marks = line.text.rfind('[').filter(|_| line.text.ends_with(']')).and_then(|at| {
        let inside = line.part(at + 1, line.text.len() - 1);
        let number = inside.text.strip_suffix("points").or_else(|| inside.text.strip_suffix("point"))?.trim_end();
        number.parse::<f64>().ok()?;
        let span = builder.place(inside.at, inside.at + number.len());
        Some((line.part(0, at), Spanned { value: number.to_string(), span }))
    });
    marks.map_or((line, None), |(asked, points)| (asked, Some(points)))
}

/// Where a line is no longer as a form has it.
#[derive(Clone, Copy)]
struct Stop<'t, 'f> {
    rest: Cut<'t>,
    /// The form's next words; none where it has ended.
    words: &'f str,
}

impl Stop<'_, '_> {
    /// What the farthest of some lack.
    fn told(stops: &[Stop<'_, '_>]) -> Option<(usize, String)> {
        let farthest = stops.iter().map(|stop| stop.rest.at).max()?;
        let mut words: Vec<String> = Vec::new();
        for stop in stops.iter().filter(|stop| stop.rest.at == farthest && !stop.words.is_empty()) {
            let word = format!("`{}`", stop.words);
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let missing = format!("{} is missing here", words.join(" or "));
        Some((farthest, if words.is_empty() { "nothing follows here".to_owned() } else { missing }))
    }
}

/// What stands in each hole of a form, or where its words do not stand in the text.
fn holes<'t, 'f>(text: Cut<'t>, form: &'f str) -> Result<Vec<(&'f str, Cut<'t>)>, Stop<'t, 'f>> {
    let mut found = Vec::new();
    let mut pieces = form.split(['{', '}']);
    let mut rest = text.part(opening(form).len(), text.text.len());
    pieces.next();
    while let (Some(hole), words) = (pieces.next(), pieces.next().unwrap_or("").trim()) {
        let end = match words.is_empty() {
            true => rest.text.len(),
            false => {
                let begins_word = |at: usize| {
                    !words.starts_with(char::is_alphabetic)
                        || rest.text[..at].ends_with([' ', '\t', '\n', ')', '"', ']'])
                };
                let stands = |(at, after): &(usize, &str)| {
                    after.starts_with(words)
                        && begins_word(*at)
                        && (!words.ends_with(char::is_alphabetic) || ends_word(after, words.len()))
                };
                open_places(rest.text).find(stands).ok_or(Stop { rest, words })?.0
            }
        };
        found.push((hole, rest.part(0, end)));
        rest = rest.part(end + words.len().min(rest.text.len() - end), rest.text.len());
    }
    if rest.text.is_empty() { Ok(found) } else { Err(Stop { rest, words: "" }) }
}

/// The parts between a sign.
fn split<'t>(cut: Cut<'t>, sign: &str) -> Vec<Cut<'t>> {
    let mut from = 0;
    let mut parts = Vec::new();
    for (at, after) in open_places(cut.text) {
        if after.starts_with(sign) && at >= from {
            parts.push(cut.part(from, at));
            from = at + sign.len();
        }
    }
    parts.push(cut.part(from, cut.text.len()));
    parts
}

fn part(builder: &Builder<'_>, hole: &str, cut: Cut) -> Option<Part> {
    match hole {
        "name" => name(builder, cut).map(|name| Part::Names(vec![name])),
        "names" => names(builder, cut).map(Part::Names),
        "expression" => expr(builder, cut).map(Part::Expression),
        "word" => name(builder, cut).map(|name| Part::Text(Spanned { value: name.text, span: name.span })),
        "text" => text(builder, cut).map(Part::Text),
        "choices" => choices(builder, cut).map(Part::Choices),
        "statements" => {
            split(cut, ";").into_iter().map(|one| statement(builder, one)).collect::<Option<_>>().map(Part::Statements)
        }
        "bindings" => {
            split(cut, ",").into_iter().map(|one| binding(builder, one)).collect::<Option<_>>().map(Part::Bindings)
        }
        "targets" => by_rule(builder, Rule::targets_line, cut),
        "points" => by_rule(builder, Rule::points_line, cut),
        "rate" => by_rule(builder, Rule::rate_line, cut),
        "descent" => by_rule(builder, Rule::descent_line, cut),
        "families" => by_rule(builder, Rule::families_line, cut),
        "plot" => by_rule(builder, Rule::plot_line, cut),
        _ => split(cut, ",").into_iter().map(|one| related(builder, one)).collect::<Option<_>>().map(Part::Relations),
    }
}

/// A part that a rule of the grammar reads.
fn by_rule(builder: &Builder<'_>, rule: Rule, cut: Cut) -> Option<Part> {
    let inner = builder.inside(cut.at);
    match parse(rule, cut.text) {
        Ok(pair) => {
            let read = super::task::part(&inner, rule, pair);
            builder.settle(inner).then_some(read)
        }
        Err(error) => {
            builder.fault(builder.placed(fault::fault(rule, cut.text, builder.base + cut.at, &error)));
            None
        }
    }
}

fn fault_at(builder: &Builder<'_>, cut: Cut, expected: &str) {
    let span = builder.place(cut.at, cut.at + cut.text.len());
    let shown: String = if cut.text.is_empty() { "nothing".to_string() } else { format!("`{}`", cut.text) };
    builder.fault(Diagnostic::error("E-syntax", format!("expected {expected}, found {shown}")).at(span, "here"));
}

fn expr(builder: &Builder<'_>, cut: Cut) -> Option<Expr> {
    if cut.text.is_empty() {
        fault_at(builder, cut, "an expression");
        return None;
    }
    let inner = builder.inside(cut.at);
    match parse(Rule::expression_line, cut.text) {
        Ok(pair) => {
            let read = expression(&inner, first(pair));
            builder.settle(inner).then_some(read)
        }
        Err(error) => {
            let loose = loosely(&inner, cut.text);
            if loose.is_none() {
                builder.fault(builder.placed(fault::fault(
                    Rule::expression_line,
                    cut.text,
                    builder.base + cut.at,
                    &error,
                )));
            }
            loose.filter(|_| builder.settle(inner))
        }
    }
}

fn name(builder: &Builder<'_>, cut: Cut) -> Option<Name> {
    let read = expr(builder, cut)?;
    match &read.node(read.root()).kind {
        ExprKind::Name(name) => Some(name.clone()),
        _ => {
            fault_at(builder, cut, "a name");
            None
        }
    }
}

fn names(builder: &Builder<'_>, cut: Cut) -> Option<Vec<Name>> {
    split(cut, ",").into_iter().map(|one| name(builder, one)).collect()
}

fn text(builder: &Builder<'_>, cut: Cut) -> Option<Spanned<String>> {
    let quotes = ["\"\"\"", "\""].into_iter().find(|quotes| {
        let inside = || &cut.text[quotes.len()..cut.text.len() - quotes.len()];
        cut.text.len() >= 2 * quotes.len()
            && cut.text.starts_with(quotes)
            && cut.text.ends_with(quotes)
            && (quotes.len() > 1 || !inside().contains('"'))
    });
    match quotes {
        Some(quotes) => {
            let inside = cut.part(quotes.len(), cut.text.len() - quotes.len());
            let span = builder.place(inside.at, inside.at + inside.text.len());
            let value = inside.text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
            Some(Spanned { value, span })
        }
        None => {
            fault_at(builder, cut, "a text in quotes");
            None
        }
    }
}

/// `"1"; "2" right`
fn choices(builder: &Builder<'_>, cut: Cut) -> Option<Vec<(Spanned<String>, bool)>> {
    let choice = |one: Cut| {
        let right = one.text.strip_suffix("right").map(|before| one.part(0, before.len()));
        Some((text(builder, right.unwrap_or(one))?, right.is_some()))
    };
    split(cut, ";").into_iter().map(choice).collect()
}

fn related(builder: &Builder<'_>, cut: Cut) -> Option<Related> {
    let sign = |(at, after): (usize, &str)| {
        RELATIONS.iter().find(|(sign, _)| after.starts_with(sign)).map(|(sign, relation)| (at, sign.len(), *relation))
    };
    let Some((at, length, relation)) = open_places(cut.text).find_map(sign) else {
        fault_at(builder, cut, "an equation or an inequality");
        return None;
    };
    let (left, right) = (cut.part(0, at), cut.part(at + length, cut.text.len()));
    let span = builder.place(cut.at, cut.at + cut.text.len());
    if let Some((more, ..)) = open_places(right.text).find_map(sign) {
        fault_at(builder, right.part(more, right.text.len()), "one equation, with two sides");
        return None;
    }
    let (left, right) = (expr(builder, left), expr(builder, right));
    Some(Related { left: left?, relation, right: right?, span })
}

fn binding(builder: &Builder<'_>, cut: Cut) -> Option<Binding> {
    let Some((at, _)) = open_places(cut.text).find(|(_, after)| after.starts_with('=')) else {
        fault_at(builder, cut, "a name with its value, as in `a = 1`");
        return None;
    };
    let (own, value) = (name(builder, cut.part(0, at)), expr(builder, cut.part(at + 1, cut.text.len())));
    Some(Binding { name: own?, value: value? })
}

/// The words that stand between what a claim speaks of and what it says of it.
const INDEPENDENT: &str = " does not depend on ";
const IS: &str = " is ";
const IN: &str = " in ";

fn statement(builder: &Builder<'_>, cut: Cut) -> Option<Statement> {
    let span = builder.place(cut.at, cut.at + cut.text.len());
    let (words, claim) = match cut.text.strip_prefix('"').and_then(|rest| rest.find('"')) {
        Some(length) => (Some(text(builder, cut.part(0, length + 2))?), cut.part(length + 2, cut.text.len())),
        None => (None, cut),
    };
    Some(Statement { words, claim: self::claim(builder, claim)?, span })
}

fn claim(builder: &Builder<'_>, cut: Cut) -> Option<Claim> {
    let find = |words: &str| open_places(cut.text).find(|(_, after)| after.starts_with(words)).map(|(at, _)| at);
    if let Some(at) = find(INDEPENDENT) {
        let (of, of_name) =
            (expr(builder, cut.part(0, at)), name(builder, cut.part(at + INDEPENDENT.len(), cut.text.len())));
        return Some(Claim::Independent { of: of?, of_name: of_name? });
    }
    let Some(at) = find(IS) else { return related(builder, cut).map(Claim::Related) };
    let of = expr(builder, cut.part(0, at));
    let said = cut.part(at + IS.len(), cut.text.len());
    if let Some((place, _)) = open_places(said.text).find(|(_, after)| after.starts_with(IN)) {
        let property = said.part(0, place);
        let span = builder.place(property.at, property.at + property.text.len());
        let wrt = name(builder, said.part(place + IN.len(), said.text.len()));
        let property = Spanned { value: property.text.to_string(), span };
        return Some(Claim::Property { of: of?, property, wrt: wrt? });
    }
    match parse(Rule::shape_line, said.text) {
        Ok(pair) => {
            let inner = builder.inside(said.at);
            let shape = shape(&inner, first(pair));
            Some(Claim::Shape { of: of?, shape })
        }
        Err(_) => {
            fault_at(builder, said, "a shape, as in `N x K`, or a property, as in `convex in w`");
            None
        }
    }
}
