//! The answers in a line of prose and mathematics: where each begins and ends, and what it is given to.

use super::assignment::names_sides;
use super::condition::Condition;
use super::dress::Blanked;
use super::heading::Heads;
use super::listed::{is_list, is_number};
use super::marks::{Mark, outer_marks};

/// Words after which the answer is over: a definition may follow, or a reason.
const ENDS: [&str; 25] = [
    "where",
    "with",
    "and",
    "because",
    "since",
    "as",
    "but",
    "by",
    "using",
    "via",
    "due",
    "which",
    "from",
    "hence",
    "so",
    "thus",
    "therefore",
    "then",
    "assuming",
    "i.e.",
    "we",
    "gives",
    "yields",
    "giving",
    "this",
];

/// Words before a number that is not exact.
const ABOUT: [&str; 7] = ["about", "approximately", "approx.", "approx", "roughly", "ca.", "~"];

/// How many signs of equality a target may go up to: `L at a = 8 = …` has two.
const SIGNS: usize = 3;

/// Longer lines are paragraphs, which are read as they stand.
const LONGEST: usize = 2_000;

/// A line's answers, each on a line of its own, without the words around it.
pub fn clauses(text: &str, start: usize, end: usize, heads: Heads<'_>, plain: &mut Blanked) {
    if end - start > LONGEST || names_sides(&text[start..end]) {
        return;
    }
    let mut clause = Clause { text, heads, plain, condition: None };
    let mut at = clause.condition(start, end);
    while at < end {
        at = clause.read(at, end);
    }
}

struct Clause<'t, 'p> {
    text: &'t str,
    heads: Heads<'t>,
    plain: &'p mut Blanked,
    /// Where the answers of the line are taken: `a=8`.
    condition: Option<Condition>,
}

impl Clause<'_, '_> {
    /// Reads the clause that begins at `start`; gives where the next one does.
    fn read(&mut self, start: usize, end: usize) -> usize {
        let marks = outer_marks(&self.text[start..end]);
        let signs = marks.iter().filter(|(mark, ..)| matches!(mark, Mark::Equals | Mark::Weak));
        for (mark, at, length) in signs.take(SIGNS) {
            let (sign, after) = (start + at, start + at + length);
            let head = self.heads.head(&self.text[start..sign]);
            match (mark, head) {
                (Mark::Equals, Some(head)) => self.heading(start, sign, &head),
                (Mark::Weak, Some(head)) if self.heads.is_known(&head) && self.is_value(after, end) => {
                    self.heading(start, sign, &head);
                    self.plain.put(sign, after, "=");
                }
                // `Answer: dW2 = …`
                (Mark::Weak, _) if self.text[sign..].starts_with(':') && self.heads.leads(&self.text[start..sign]) => {
                    self.plain.blank(start, after);
                    return after;
                }
                // `ReLU: dK = …`
                (Mark::Weak, _)
                    if self.text[sign..].starts_with(':')
                        && self.heads.is_label(&self.text[start..sign])
                        && self.begun(&self.text[after..end]).is_some_and(|head| self.heads.is_open(&head)) =>
                {
                    self.plain.blank(start, after);
                    return after;
                }
                _ => continue,
            }
            return self.value(start, after, end, &marks);
        }
        end
    }

    /// Whether what begins here is not a sentence: `dW1 is hard`.
    fn is_value(&self, start: usize, end: usize) -> bool {
        let word = self.text[start..end].split_whitespace().next().unwrap_or("");
        !self.heads.is_prose(word) || ABOUT.contains(&word)
    }

    /// Reads `when a = 8,` and `a = 8:` before an answer; gives where the answer begins.
    fn condition(&mut self, start: usize, end: usize) -> usize {
        let Some((condition, length)) = Condition::of(&self.text[start..end], self.heads) else { return start };
        let after = start + length;
        if !self.begun(&self.text[after..end]).is_some_and(|head| self.heads.is_open(&head)) {
            return start;
        }
        self.condition = Some(condition);
        self.plain.blank(start, after);
        after
    }

    fn heading(&mut self, start: usize, sign: usize, head: &str) {
        if let Some(condition) = self.condition.as_mut().filter(|_| self.heads.is_open(head)) {
            let text = format!("{head}({})", condition.text);
            // The words of the condition have room for it.
            let from = start - std::mem::take(&mut condition.room);
            self.plain.blank(from, sign);
            return self.plain.put(from, sign, &text);
        }
        if self.text[start..sign].trim() != head {
            self.plain.put(start, sign, head);
        }
    }

    /// Ends a value where another answer or prose begins; gives where.
    fn value(&mut self, start: usize, after: usize, end: usize, marks: &[(Mark, usize, usize)]) -> usize {
        let end = self.without_remark(after, end);
        self.tuple(start, after, end);
        self.number(after, end);
        self.times(after, end);
        for (mark, at, length) in marks.iter().map(|(mark, at, length)| (*mark, start + at, *length)) {
            if at < after || at >= end {
                continue;
            }
            let rest = &self.text[at + length..end];
            let word = &self.text[at..at + length];
            match mark {
                Mark::Comma | Mark::Semicolon if rest.trim().is_empty() => self.plain.blank(at, at + length),
                Mark::Comma | Mark::Semicolon if self.begins_answer(rest) => {
                    self.plain.put(at, at + length, "\n");
                    return at + length;
                }
                // Another sentence
                Mark::Stop if self.begins_answer(rest) || self.begins_prose(rest) => {
                    self.plain.put(at, at + length, "\n");
                    return at + length;
                }
                Mark::Word if self.ends_value(word) => {
                    if self.defines(word, rest) {
                        self.blank_comma(after, at);
                        self.plain.put(at, at + length, "\n");
                        return at + length;
                    }
                    if word != "and" {
                        self.plain.blank(at, end);
                        self.blank_comma(after, at);
                        return end;
                    }
                }
                _ => {}
            }
        }
        end
    }

    /// `…, where`
    fn blank_comma(&mut self, after: usize, end: usize) {
        let before = self.text[after..end].trim_end();
        if before.ends_with(',') {
            self.plain.blank(after + before.len() - 1, end);
        }
    }

    fn ends_value(&self, word: &str) -> bool {
        ENDS.contains(&word) && self.heads.vocabulary.resolve(word).is_none()
    }

    /// Whether an answer, or after `where` a name of one's own, is given after a word.
    fn defines(&self, word: &str, rest: &str) -> bool {
        let reason = matches!(word, "because" | "since" | "as" | "but" | "by" | "via");
        let Some(head) = self.begun(rest).filter(|_| !reason) else { return false };
        match word {
            "where" | "with" | "using" => !self.heads.is_given(&head),
            "assuming" => !self.heads.is_known(&head),
            _ => true,
        }
    }

    fn begins_prose(&self, text: &str) -> bool {
        let first = text.split_whitespace().next().unwrap_or("");
        first.starts_with(char::is_uppercase) && self.heads.is_prose(first)
    }

    /// Whether a text begins with a target and a sign of equality.
    fn begins_answer(&self, text: &str) -> bool {
        self.begun(text).is_some()
    }

    fn begun(&self, text: &str) -> Option<String> {
        let marks = outer_marks(text);
        let (_, at, _) = marks.iter().find(|(mark, ..)| *mark == Mark::Equals)?;
        self.heads.head(&text[..*at])
    }

    /// Takes `// …`, `(by the chain rule)` and `(H x D)` off the end of a value; gives its new end.
    fn without_remark(&mut self, after: usize, end: usize) -> usize {
        let value = &self.text[after..end];
        let arrow = [" //", " <--", " <-", " ← "].iter().filter_map(|sign| value.find(sign)).min();
        let dashes = [" -- ", " — ", " – "].iter().filter_map(|sign| Some((value.find(sign)?, sign.len())));
        let words =
            dashes.filter(|(at, length)| self.heads.begins_remark(&value[at + length..])).map(|(at, _)| at).min();
        if let Some(comment) = arrow.into_iter().chain(words).min().filter(|at| !value[..*at].trim().is_empty()) {
            self.plain.blank(after + comment, end);
            return self.without_remark(after, after + comment);
        }
        let value = value.trim_end().trim_end_matches(['.', ',', ';']).trim_end();
        let open = match value.chars().next_back() {
            Some(')') => '(',
            Some(']') => '[',
            _ => return end,
        };
        let Some(begins) = value.rfind(open) else { return end };
        let apart =
            value[..begins].ends_with([' ', '\t']) && !value[..begins].trim_end().ends_with(['+', '-', '*', '/', '=']);
        if !apart || begins == 0 || !self.heads.is_remark(&value[begins + 1..value.len() - 1]) {
            return end;
        }
        self.plain.blank(after + begins, end);
        after + begins
    }

    /// `(8, 1, -6)` as a whole member is a list.
    fn tuple(&mut self, start: usize, after: usize, end: usize) {
        if self.text[start..after].contains("shape") || self.text[start..after].contains("size") {
            return;
        }
        let value = &self.text[after..end];
        for (open, _) in value.match_indices('(') {
            let before = &value[..open];
            let outside = before.matches(['(', '[']).count() <= before.matches([')', ']']).count();
            let begins = outside && matches!(before.trim_end().chars().next_back(), None | Some('='));
            let Some(length) = value[open..].find(')').filter(|_| begins) else { continue };
            let close = open + length;
            let inside = &value[open + 1..close];
            let ends = value[close + 1..].trim_start();
            let whole = ends.is_empty() || ends.starts_with(['^', '\'', 'ᵀ', '.', ',', ';', '=']);
            if whole && inside.contains(',') && is_list(inside) {
                self.plain.put(after + open, after + open + 1, "[");
                self.plain.put(after + close, after + close + 1, "]");
            }
        }
    }

    /// `Z^T x (Y - X)`: an `x` alone that is no name is a sign of a product. A shape's `4 x 4` is read elsewhere.
    fn times(&mut self, after: usize, end: usize) {
        if self.heads.vocabulary.resolve("x").is_some() {
            return;
        }
        let value = &self.text[after..end];
        let digit = |c: Option<char>| c.is_none_or(|c| c.is_ascii_digit());
        for (at, _) in value.match_indices(" x ") {
            let (left, right) =
                (value[..at].trim_end().chars().next_back(), value[at + 3..].trim_start().chars().next());
            let size = self.heads.vocabulary.is_size(value[at + 3..].trim());
            if !digit(left) && !digit(right) && !size {
                self.plain.put(after + at + 1, after + at + 2, "*");
            }
        }
    }

    /// `about 9.8 m/s`: a number alone, without the words around it.
    fn number(&mut self, after: usize, end: usize) {
        let value = &self.text[after..end];
        let mut begin = value.len() - value.trim_start().len();
        for word in ABOUT {
            if let Some(rest) = value[begin..].strip_prefix(word)
                && rest.starts_with(|c: char| c == ' ' || c.is_ascii_digit() && word == "~")
            {
                self.plain.blank(after + begin, after + begin + word.len());
                begin = value.len() - rest.trim_start().len();
            }
        }
        let digits = value[begin..].trim_start_matches(['-', '+', '−']);
        let length = digits.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(digits.len());
        // `22.5 > 0`
        let rest = digits[length..].trim_start();
        if let Some(beside) = rest.strip_prefix(['<', '>', '≤', '≥', '≠']).filter(|_| length > 0) {
            let bound = beside.trim_start().find([' ', ',', ';', '\t']).unwrap_or(beside.trim_start().len());
            if is_number(beside.trim_start()[..bound].trim_end_matches('.')) {
                let place = after + value.len() - rest.len();
                let close = place + rest.len() - beside.trim_start().len() + bound;
                self.plain.blank(place, close);
            }
        }
        let unit = digits[length..].trim();
        let is_unit = |part: &str| {
            let known = self.heads.vocabulary.resolve(&crate::syntax::names::key(part)).is_some();
            let part = part.trim_end_matches(|c: char| c.is_ascii_digit() || "^²³".contains(c));
            !known
                && !part.is_empty()
                && part.len() <= 12
                && part.bytes().all(|byte| byte.is_ascii_alphabetic())
                && self.heads.vocabulary.resolve(part).is_none()
                && self.heads.vocabulary.operator(part).is_none()
        };
        let apart = digits[length..].starts_with([' ', '\t']);
        let units = unit.split(['/', ' ']).filter(|part| !part.is_empty());
        if length > 0
            && apart
            && !unit.is_empty()
            && unit.len() <= 40
            // These change the number.
            && !["percent", "per cent", "pct"].iter().any(|word| unit.starts_with(word))
            && units.clone().all(|part| is_unit(part) && !ENDS.contains(&part))
        {
            let start = after + value.len() - digits.len() + length;
            self.plain.blank(start, end);
        }
    }
}
