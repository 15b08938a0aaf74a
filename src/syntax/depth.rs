//! How deeply a line is nested and how many operators it has, counted before anything recursive sees it.

use crate::diagnostic::Diagnostic;
use crate::limits::{EXPRESSION_OPERATORS, NESTING};
use crate::span::Span;

/// What the last sign was.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// An operator, a comma, an opening bracket: an operand comes next.
    Open,
    Operand,
    /// A number, a closed bracket: an opening `(` begins another factor, not a call.
    Closed,
}

/// One bracket: how many signs, powers and transposes hang on its operand so far.
struct Level {
    run: usize,
    matrix: bool,
}

struct Count {
    levels: Vec<Level>,
    /// The brackets and the runs of all levels together.
    nesting: usize,
    operators: usize,
    last: Last,
}

/// The first place of `text` (which begins at `base` of its file) where a bound is passed.
pub fn excess(text: &str, base: usize) -> Option<Diagnostic> {
    let mut count = Count { levels: vec![Level { run: 0, matrix: false }], nesting: 0, operators: 0, last: Last::Open };
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let next = at + count.step(character, &text[at..]);
        let here = Span::new(base + at, base + at + character.len_utf8());
        if count.nesting > NESTING {
            return Some(too_deep(here));
        }
        if count.operators > EXPRESSION_OPERATORS {
            return Some(too_many_operators(here));
        }
        at = next;
    }
    None
}

pub fn too_deep(here: Span) -> Diagnostic {
    Diagnostic::error("E-depth", format!("this is nested more than {NESTING} deep"))
        .at(here, format!("level {}", NESTING + 1))
        .help("give a part of it a name of its own")
}

pub fn too_many_operators(here: Span) -> Diagnostic {
    Diagnostic::error("E-size", format!("an expression may have {EXPRESSION_OPERATORS} operators"))
        .at(here, format!("operator {}", EXPRESSION_OPERATORS + 1))
        .help("give a part of it a name of its own")
}

impl Count {
    /// Counts the sign that `rest` begins with; gives its length in bytes.
    fn step(&mut self, character: char, rest: &str) -> usize {
        let length = character.len_utf8();
        match character {
            '#' => return rest.find(['\n', '\r']).unwrap_or(rest.len()),
            '"' => return rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            '(' | '[' | '{' => self.open(character == '['),
            ')' | ']' | '}' => self.close(),
            // A bar opens where an operand is awaited.
            '|' | '‖' if self.last == Last::Open => self.open(false),
            '|' | '‖' => self.close(),
            '*' if rest.starts_with("**") => {
                self.hang();
                self.last = Last::Open;
                return 2;
            }
            _ if is_sum_sign(rest) => {
                self.nest();
                self.last = Last::Open;
                return name_length(rest);
            }
            '^' => {
                self.hang();
                self.last = Last::Open;
            }
            '\'' | '’' | '′' | 'ᵀ' | '⊤' | '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' => {
                self.hang();
                self.last = Last::Closed;
            }
            // A number's sign is no operator, and neither is the line of a fraction: the arena counts the others.
            '+' | '-' | '−' | '–' if self.last == Last::Open => self.nest(),
            '/' => {
                self.release();
                self.last = Last::Open;
            }
            '+' | '-' | '−' | '–' | '*' | '@' | '×' | '·' | '⋅' | '∗' | '⊙' | '∘' | '⊗' => {
                self.release();
                self.count_operator();
                self.last = Last::Open;
            }
            ',' | ';' => {
                self.release();
                self.operators = if self.levels.len() == 1 { 0 } else { self.operators };
                self.last = Last::Open;
            }
            '=' | ':' | '<' | '>' | '≤' | '≥' | '≠' | '!' => {
                self.release();
                self.last = Last::Open;
            }
            '0'..='9' => {
                self.operand(Last::Closed);
                return number_length(rest);
            }
            _ if character.is_alphabetic() => {
                self.operand(Last::Operand);
                return name_length(rest);
            }
            _ => {}
        }
        length
    }

    fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level { run: 0, matrix: false });
        }
        self.levels.last_mut().expect("one level was just made sure of")
    }

    fn open(&mut self, matrix: bool) {
        // After a name it is a call; a space between the two is not looked at, which only errs towards more.
        if self.last == Last::Closed && !matrix {
            self.release();
        }
        self.nesting += 1;
        self.levels.push(Level { run: 0, matrix });
        self.last = Last::Open;
    }

    fn close(&mut self) {
        self.release();
        if self.levels.len() > 1 {
            self.levels.pop();
            self.nesting -= 1;
        }
        self.last = Last::Closed;
    }

    fn operand(&mut self, last: Last) {
        if self.last != Last::Open {
            self.release();
        }
        self.last = last;
    }

    /// A power or a transpose that hangs on the present operand.
    fn hang(&mut self) {
        self.nest();
        self.count_operator();
    }

    /// A sign waits for its operand, and nests.
    fn nest(&mut self) {
        self.level().run += 1;
        self.nesting += 1;
    }

    /// The present operand is complete.
    fn release(&mut self) {
        let run = std::mem::take(&mut self.level().run);
        self.nesting -= run;
    }

    /// A matrix's entries are left to the arena.
    fn count_operator(&mut self) {
        if !self.level().matrix {
            self.operators += 1;
        }
    }
}

/// `sum_i`, `∑_{i}`: a sign that waits for its operand.
fn is_sum_sign(text: &str) -> bool {
    let index = ["sum_", "∑_", "Σ_"].iter().find_map(|sign| text.strip_prefix(sign));
    index.is_some_and(|index| {
        let mut letters = index.chars();
        match letters.next() {
            Some('{') => true,
            Some('a'..='z') => !letters.next().is_some_and(|next| next.is_alphanumeric() || next == '_'),
            _ => false,
        }
    })
}

fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
            end = digits(end + 1 + sign);
        }
    }
    end
}

fn name_length(text: &str) -> usize {
    let text_start = usize::from(text.starts_with('∑')) * '∑'.len_utf8();
    let part_of_name =
        |c: char| c.is_alphanumeric() && !matches!(c, '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '½' | 'ᵀ') || c == '_';
    let end = text[text_start..].find(|c| !part_of_name(c)).map_or(text.len(), |end| text_start + end);
    if text[..end].ends_with('_') && text[end..].starts_with('{') {
        return text[end..].find(['}', '\n']).map_or(text.len(), |brace| end + brace + 1);
    }
    end.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Option<(&'static str, usize)> {
        excess(text, 0).map(|fault| (fault.code, fault.labels[0].span.start))
    }

    #[test]
    fn each_kind_of_nesting_has_the_same_limit() {
        for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("-", ""), ("+", ""), ("2^", "")] {
            let nested = |n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
            assert_eq!(place(&nested(128)), None, "{open}");
            assert_eq!(place(&nested(129)), Some(("E-depth", 129 * open.len() - 1)), "{open}");
            assert_eq!(place(&nested(129).replace(close, "")), Some(("E-depth", 129 * open.len() - 1)), "{open}");
        }
        assert_eq!(place(&format!("A{}", "'".repeat(128))), None);
        assert_eq!(place(&format!("A{}", "'".repeat(129))), Some(("E-depth", 129)));
        assert_eq!(place(&"-(".repeat(65)), Some(("E-depth", 128)));
    }

    #[test]
    fn what_stands_side_by_side_is_not_nested() {
        for flat in [
            "x^2*",
            "-x - ",
            "A' ",
            "(a)^2",
            "A'*",
            "f(x)^2 + ",
            "[-1 -1; 2]*",
            "x^2 y^2 ",
            "2(a)^2*",
            "x²",
            "(a)'",
            "(a)^n + ",
        ] {
            assert_eq!(place(&format!("{}1", flat.repeat(200))), None, "{flat}");
        }
        assert_eq!(place(&format!("[{}]", "-1 -x^2 1e-3\n".repeat(20_000))), None);
        assert_eq!(place(&format!("# {}\nx \"{}\"", "(".repeat(999), "(".repeat(999))), None);
    }

    #[test]
    fn operators_are_counted_for_each_expression() {
        assert_eq!(place(&"1+".repeat(10_000)), None);
        assert_eq!(place(&"1+".repeat(10_001)), Some(("E-size", 20_001)));
        assert_eq!(place(&format!("{}1, {}1", "1+".repeat(9_000), "1+".repeat(9_000))), None);
        assert_eq!(place(&"1e-3 ".repeat(20_000)), None);
    }
}
