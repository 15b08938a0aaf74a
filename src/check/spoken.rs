//! Answers that stand under no name of their own: `(a) true`, `0 < eta < 2/a`, `u = 1 or u = 2`, `E[L] = …`, `(x, y) = (1, 2)`,
//! and numbers with a decimal comma. Each is read once more as `name = value`, where nothing else answers its question.

use super::key::Key;
use super::question::Question;
use crate::answer::{Subject, Wanted};
use crate::span::{Source, Span};
use crate::syntax::ast::{Answer, AnswerSheet, AnswerTarget, AnswerValue, Expr, ExprKind, ExprNode, Name};
use crate::syntax::{Vocabulary, names, read_submission};
use std::cell::OnceCell;

/// What says that a statement holds, and that it does not.
const HOLDS: [&str; 14] = [
    "true",
    "holds",
    "yes",
    "right",
    "correct",
    "t",
    "✓",
    "✔",
    "☑",
    "it holds",
    "always holds",
    "is true",
    "is correct",
    "yes it is",
];
const FAILS: [&str; 15] = [
    "false",
    "fails",
    "no",
    "wrong",
    "incorrect",
    "f",
    "✗",
    "✘",
    "does not hold",
    "doesn't hold",
    "not true",
    "is false",
    "never holds",
    "refuted",
    "no it is not",
];
/// What ends a list of the statements that hold.
const ALL_HOLD: [&str; 6] = ["hold", "are true", "are correct", "always hold", "are right", "holds"];
/// Marks of what is struck out or that no reader sees: nothing is taken from such a text.
const UNSEEN: [&str; 9] = ["<!--", "</", "~~", "\\iffalse", "{comment}", "\\sout", "\\st{", "\\phantom", "\\cancel"];
/// Lines and their bytes that are looked at.
const MOST_LINES: usize = 400;
const LONGEST: usize = 400;

/// The sheet with what it says so; `None` where it says nothing so.
pub(super) fn spoken(key: &Key, sheet: &AnswerSheet, source: &Source) -> Option<AnswerSheet> {
    let is_read = !source.name.ends_with(".ipynb") && !source.name.ends_with(".json") && !sheet.python;
    if !is_read || UNSEEN.iter().any(|mark| source.text.contains(mark)) {
        return None;
    }
    let answered = |question: &Question| sheet.answers.iter().any(|answer| is_for(question, answer));
    let open: Vec<&Question> = key.questions.iter().filter(|question| !answered(question)).collect();
    let is_part = |question: &&Question| matches!(question.subject, Subject::Part(_));
    let told = open.iter().any(is_part)
        || !sheet.unreadable.is_empty()
        || source.text.contains(") = (")
        || open.iter().any(|question| question.at.is_some());
    if open.is_empty() || !told {
        return None;
    }
    let vocabulary = OnceCell::new();
    let mut found: Vec<(Said, Span)> = Vec::new();
    let mut start = 0;
    for line in source.text.split_inclusive('\n').take(MOST_LINES) {
        let span = Span { start, end: start + line.trim_end().len() };
        start += line.len();
        let seen = line.split(if source.name.ends_with(".tex") { '%' } else { '#' }).next().unwrap_or_default();
        if seen.len() <= LONGEST && !seen.trim().is_empty() {
            let unreadable = sheet.unreadable.iter().any(|other| overlaps(other.span, span));
            found.extend(said(key, &open, seen.trim(), unreadable).into_iter().map(|said| (said, span)));
        }
    }
    found.extend(tables(key, &open, source));
    if found.is_empty() {
        return None;
    }
    let mut sheet = sheet.clone();
    sheet.unreadable.retain(|other| !found.iter().any(|(_, span)| overlaps(other.span, *span)));
    for (said, span) in found {
        let answer = match said {
            Said::Word(name, holds) => Some(answer_of(&name, if holds { "true" } else { "false" }, span)),
            Said::Equation(text) => read(vocabulary.get_or_init(|| key.vocabulary()), source, &text),
        };
        sheet.answers.extend(answer.map(|answer| put_at(answer, span, source)));
    }
    Some(sheet)
}

/// One thing that a line says.
enum Said {
    /// Whether the statement of this name holds.
    Word(String, bool),
    /// `name = value`, to be read.
    Equation(String),
}

fn overlaps(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

fn is_for(question: &Question, answer: &Answer) -> bool {
    let own = answer.target.name.key();
    let says_where = !answer.target.at.is_empty() || !answer.target.arguments.is_empty();
    (question.keys.contains(&own) || names::key(&question.name.replace(' ', "")) == own)
        && (question.at.is_none() || says_where)
}

fn said(key: &Key, open: &[&Question], line: &str, unreadable: bool) -> Vec<Said> {
    let words = words(open, line);
    if !words.is_empty() {
        return words;
    }
    let plain = plain(line);
    let equations = bounds(key, open, &plain)
        .or_else(|| roots(key, open, &plain))
        .or_else(|| pairs(&plain))
        .or_else(|| headed(open, &plain))
        .or_else(|| decimal(&plain).filter(|_| unreadable).map(|text| vec![text]));
    equations.unwrap_or_default().into_iter().map(Said::Equation).collect()
}

/// A line without the marks that set it as mathematics or as an item.
fn plain(line: &str) -> String {
    let mut text = line.replace("\\item", " ").replace("\\left", "").replace("\\right", "").replace("{,}", ",");
    for (written, meant) in
        [("\\lt", "<"), ("\\in ", "∈"), ("\\in\\", "∈\\"), ("\\in(", "∈("), ("\\quad", " "), ("\\,", " ")]
    {
        text = text.replace(written, meant);
    }
    let text = text.replace(['$', '`'], "").replace("**", "");
    text.trim().trim_start_matches("- ").trim_end_matches('.').trim().to_string()
}

/// Whether statements hold, as words behind their letters.
fn words(open: &[&Question], line: &str) -> Vec<Said> {
    let statements: Vec<&str> = open
        .iter()
        .filter(|question| matches!(&question.subject, Subject::Part(part) if matches!(part.wanted, Wanted::Truth(_))))
        .map(|question| question.name.as_str())
        .collect();
    if statements.is_empty() {
        return Vec::new();
    }
    let called = |word: &str| statements.iter().find(|name| name.eq_ignore_ascii_case(word)).copied();
    let bare = line.trim_start_matches(['-', '*', '+']).trim_start();
    for (mark, holds) in [("[x]", true), ("[X]", true), ("[ ]", false)] {
        if let Some(rest) = bare.strip_prefix(mark) {
            let first = rest.trim_start().split([' ', ':', '.', ')', '=']).next().unwrap_or_default();
            return called(first).map(|name| Said::Word(name.to_string(), holds)).into_iter().collect();
        }
    }
    let text = line.replace("\\item", " ").replace("\\hline", " ").replace("\\text", " ").replace("\\\\", " ");
    let text: String = text.chars().map(|c| if "|&()[]{}$*`.:=,;–—-".contains(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let list: Vec<&str> = words.iter().filter(|word| **word != "and").map_while(|word| called(word)).collect();
    let (listed, rest) =
        words.split_at(words.iter().take_while(|word| **word == "and" || called(word).is_some()).count());
    if list.len() > 1 && listed.len() >= list.len() && ALL_HOLD.contains(&rest.join(" ").to_lowercase().as_str()) {
        let all = statements.iter().map(|name| Said::Word((*name).to_string(), list.contains(name)));
        return all.collect();
    }
    let mut out = Vec::new();
    let mut rest = words.as_slice();
    while let [name, after @ ..] = rest {
        let exact = |word: &&str| statements.contains(word);
        let end = after.iter().position(exact).unwrap_or(after.len());
        let phrase = after[..end].join(" ").to_lowercase();
        let holds = match (HOLDS.contains(&phrase.as_str()), FAILS.contains(&phrase.as_str())) {
            (true, _) => true,
            (_, true) => false,
            (false, false) => return Vec::new(),
        };
        let Some(name) = called(name) else { return Vec::new() };
        out.push(Said::Word(name.to_string(), holds));
        rest = &after[end..];
    }
    out
}

/// The ends of a range: `0 < eta < 2/a`, `eta ∈ (0, 2/a)`.
fn bounds(key: &Key, open: &[&Question], line: &str) -> Option<Vec<String>> {
    let asked = |name: &str| open.iter().any(|question| question.name == name);
    if !["largest", "lower", "upper"].iter().any(|name| asked(name)) {
        return None;
    }
    let is_name = |text: &str| key.knows(&names::key(text.trim().trim_start_matches('\\')));
    let (lower, upper) = match line.split_once('∈') {
        Some((name, range)) if is_name(name) => {
            let inside = range.trim().strip_prefix('(')?.strip_suffix(')')?;
            let (lower, upper) = listed(inside).filter(|both| both.len() == 2).map(|both| (both[0], both[1]))?;
            (Some(lower), Some(upper))
        }
        Some(_) => return None,
        None => {
            let upward: Vec<&str> = line.split('<').collect();
            let downward: Vec<&str> = line.split('>').rev().collect();
            let parts = if upward.len() > 1 { upward } else { downward };
            match parts.as_slice() {
                [name, upper] if is_name(name) => (None, Some(*upper)),
                [lower, name] if is_name(name) => (Some(*lower), None),
                [lower, name, upper] if is_name(name) => (Some(*lower), Some(*upper)),
                _ => return None,
            }
        }
    };
    let ends = [("lower", lower), ("upper", upper), ("largest", upper)];
    let said = ends.into_iter().filter(|(name, _)| asked(name));
    Some(said.filter_map(|(name, end)| Some(format!("{name} = {}", end?.trim()))).collect())
}

/// Values of which any may come first: `u = 1 or u = 2`, `u ∈ {1, 2}`, `eigenvalues: 1, 1/3`.
fn roots(key: &Key, open: &[&Question], line: &str) -> Option<Vec<String>> {
    let (head, values) = line.split_once(['=', ':', '∈'])?;
    let head = head.trim().trim_start_matches('\\').to_lowercase();
    let group = key.unordered.iter().find(|group| {
        let first = &key.questions[group[0]];
        let stem = first.name.trim_end_matches('1').to_lowercase();
        let spoken = ["eigenvalues", "roots", "solutions", "the eigenvalues"].iter().any(|word| {
            head == *word || head.strip_prefix(word).is_some_and(|rest| rest.starts_with(" of ") || rest == " are")
        });
        (head == stem || spoken) && open.iter().any(|question| question.name == first.name)
    })?;
    let stem = format!("{} =", head);
    let mut text = values.replace("\\text", "").replace("\\mathrm", "").replace("\\lor", " or ");
    for written in ["{ or }", "{or}", " or ", " and ", "{ and }", ";"] {
        text = text.replace(written, ",");
    }
    let text = text.replace(&format!("\\{stem}"), "").replace(&stem, "").replace("\\{", "").replace("\\}", "");
    let values = listed(text.trim().trim_start_matches('{').trim_end_matches('}'))?;
    let names = group.iter().map(|place| &key.questions[*place].name);
    (values.len() == group.len())
        .then(|| names.zip(values).map(|(name, value)| format!("{name} = {}", value.trim())).collect())
}

/// Rows of a table with the names of what is asked for above: at each point, `| x | L |`; or in one row.
fn tables(key: &Key, open: &[&Question], source: &Source) -> Vec<(Said, Span)> {
    let (mut out, mut header, mut start) = (Vec::new(), Vec::<String>::new(), 0);
    let is_latex = source.name.ends_with(".tex");
    for row in source.text.split_inclusive('\n').take(MOST_LINES).flat_map(|line| rows_of(line, is_latex)) {
        let span = Span { start, end: start + row.trim_end().len() };
        start += row.len();
        let rule = ["---", "\\toprule", "\\midrule", "\\bottomrule"].iter().any(|rule| row.contains(rule));
        if rule || row.trim() == "\\hline" {
            continue;
        }
        let cells = cells(row, is_latex);
        if cells.len() < 2 {
            header.clear();
        } else if header.len() != cells.len() {
            header = cells;
        } else {
            let points: Vec<(&String, &String)> =
                header.iter().zip(&cells).filter(|(name, _)| is_point(key, open, name)).collect();
            let at: Vec<String> = points.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            for (name, value) in header.iter().zip(&cells) {
                let own = names::key(name);
                let asked = open.iter().any(|question| {
                    question.keys.contains(&own) && question.at.as_ref().map_or(0, |at| at.len()) == points.len()
                });
                if asked && !value.is_empty() && !points.iter().any(|(point, _)| *point == name) {
                    let at = if at.is_empty() { String::new() } else { format!(" at {}", at.join(", ")) };
                    out.push((Said::Equation(format!("{name}{at} = {value}")), span));
                }
            }
        }
    }
    out
}

/// The rows of a line: in LaTeX several may stand on one.
fn rows_of(line: &str, is_latex: bool) -> Vec<&str> {
    if is_latex { line.split_inclusive("\\\\").collect() } else { vec![line] }
}

/// The cells of a row, without what sets them.
fn cells(row: &str, is_latex: bool) -> Vec<String> {
    let (mut text, sign) = (row.trim(), if is_latex { '&' } else { '|' });
    if !text.contains(sign) {
        return Vec::new();
    }
    if let Some((_, inside)) = text.split_once("\\begin{tabular}").and_then(|(_, rest)| rest.split_once('}')) {
        text = inside;
    }
    let text = text.split("\\end{").next().unwrap_or_default().replace("\\hline", "").replace("\\\\", "");
    let cells =
        text.trim().trim_matches('|').split(sign).map(|cell| cell.replace(['$', '`', '*'], "").trim().to_string());
    cells.collect()
}

/// Whether a name is one that values are asked for at.
fn is_point(key: &Key, open: &[&Question], name: &str) -> bool {
    let own = names::key(name);
    let asked = |question: &&Question| {
        question.at.iter().flatten().any(|(id, _)| names::key(&key.graph().leaf(*id).name) == own)
    };
    open.iter().any(asked)
}

/// `(x, y) = (1, 2)`
fn pairs(line: &str) -> Option<Vec<String>> {
    let (names, values) = line.split_once('=')?;
    let inside = |text: &'_ str| -> Option<Vec<String>> {
        let text = text.trim().strip_prefix('(')?.strip_suffix(')')?;
        Some(listed(text)?.into_iter().map(|part| part.trim().to_string()).collect())
    };
    let (names, values) = (inside(names)?, inside(values)?);
    (names.len() == values.len() && names.len() > 1)
        .then(|| names.iter().zip(values).map(|(name, value)| format!("{name} = {value}")).collect())
}

/// What stands behind a question's name in words: `E[L] = …`, `Receptive field of M: 4`.
fn headed(open: &[&Question], line: &str) -> Option<Vec<String>> {
    let (head, value) = line.split_once(['=', ':'])?;
    let mut head = head.to_string();
    for command in ["\\mathbb", "\\mathrm", "\\operatorname", "\\mathcal", "\\text"] {
        head = head.replace(command, "");
    }
    let head = head.replace(['{', '}'], "").trim().to_lowercase();
    let part = |name: &str| {
        let is_meant = |question: &&&Question| matches!(question.subject, Subject::Part(_)) && question.name == name;
        open.iter().find(is_meant).map(|question| question.name.clone())
    };
    let called = head.split(['[', '(', '_']).next().unwrap_or_default().trim();
    let is_closed = head.ends_with([']', ')']);
    let name = match called {
        "e" | "expectation" if is_closed => part("expectation"),
        "var" | "v" | "variance" if is_closed => part("variance"),
        _ => {
            let own = head.trim_start_matches("the ").trim_start_matches("number of ");
            let fits = |question: &&&Question| {
                let name = question.name.replace('_', " ");
                let of = own.strip_prefix(&name).is_some_and(|rest| rest.starts_with(" of "));
                matches!(question.subject, Subject::Part(_)) && (own == name || of)
            };
            open.iter().find(fits).map(|question| question.name.clone())
        }
    }?;
    Some(vec![format!("{name} = {}", value.trim())])
}

/// A number at the end with a decimal comma: `g = 9,8`.
fn decimal(line: &str) -> Option<String> {
    let (head, number) = line.rsplit_once('=')?;
    let (whole, part) = number.trim().split_once(',')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_one = !head.contains(',') || head.contains(" at ");
    (is_one && digits(whole.trim_start_matches(['-', '−'])) && digits(part)).then(|| format!("{head}= {whole}.{part}"))
}

/// The parts between commas that no bracket holds.
fn listed(text: &str) -> Option<Vec<&str>> {
    let (mut depth, mut from, mut out) = (0i32, 0, Vec::new());
    for (at, sign) in text.char_indices() {
        match sign {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                out.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    out.push(&text[from..]);
    (depth == 0 && out.iter().all(|part| !part.trim().is_empty())).then_some(out)
}

/// Reads `name = value` as the submission's own format has it.
fn read(vocabulary: &Vocabulary, source: &Source, text: &str) -> Option<Answer> {
    let plain = !text.contains('\\') && !text.contains("_{") && !text.contains("^{");
    let (file, text) = match plain {
        true => ("said.ans", text.to_string()),
        false if source.name.ends_with(".tex") => ("said.tex", format!("$${text}$$")),
        false => ("said.md", format!("$${text}$$")),
    };
    let sheets = read_submission(file, text.as_bytes(), vocabulary).ok()?;
    let sheet = sheets.into_iter().next().filter(|sheet| sheet.unreadable.is_empty())?;
    <[Answer; 1]>::try_from(sheet.answers).ok().map(|[answer]| answer)
}

fn answer_of(called: &str, value: &str, span: Span) -> Answer {
    let name = |text: &str| Name { text: text.to_string(), index: None, span };
    let value = Expr { nodes: vec![ExprNode::new(ExprKind::Name(name(value)), span)] };
    let target = AnswerTarget::plain(name(called));
    Answer { target, earlier: Vec::new(), value: AnswerValue::Expression(value), source: String::new(), span }
}

/// An answer at the place of the line that says it.
fn put_at(mut answer: Answer, span: Span, source: &Source) -> Answer {
    for value in answer.earlier.iter_mut().chain([&mut answer.value]) {
        if let AnswerValue::Expression(expr) = value {
            expr.nodes.iter_mut().for_each(|node| node.span = span);
        }
    }
    answer.target.name.span = span;
    Answer { source: source.text.get(span.start..span.end).unwrap_or_default().trim().to_string(), span, ..answer }
}
