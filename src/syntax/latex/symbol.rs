//! Names in LaTeX: runs of letters with their scripts, split or joined by what is known.

use super::parser::{Parsed, Parser};
use super::token::{Kind, Token};
use crate::limits::NAME_CHARACTERS;
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind, Name, Spanned};
use crate::syntax::turned::turned;

/// Tokens in the braces of a name at most.
const SIMPLE: usize = 12;
/// Parts of an index at most.
pub(super) const PARTS: usize = 16;

/// `W^{(1)}` without its layer.
fn without_layer(tokens: &[Token]) -> &[Token] {
    match tokens {
        [name @ .., up, group, open, number, close, end]
            if up.kind == Kind::Superscript
                && group.kind == Kind::GroupOpen
                && matches!(open.kind, Kind::Open(_))
                && matches!(number.kind, Kind::Number(_))
                && matches!(close.kind, Kind::Close(_))
                && end.kind == Kind::GroupClose =>
        {
            name
        }
        _ => tokens,
    }
}

/// A letter, a word or the digits after a letter.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub text: String,
    pub span: Span,
}

/// A run of letters and what stands below and above its last one.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub elements: Vec<Element>,
    /// What stands below: `2`, `i`, `j` of `W_{2,ij}`.
    pub parts: Vec<Spanned<String>>,
    /// How many of them stand before the first comma.
    pub comma: Option<usize>,
    /// `2` of `W^{(2)}`
    pub layer: Option<String>,
    /// Whether a transpose stands with it: `W^{(2)\top}`.
    transposed: bool,
    primes: u32,
}

/// A bracket that says what a value is a function of.
struct Arguments {
    /// Where it ends.
    end: usize,
    /// The value.
    of: String,
    /// The letter of an example: `i` of `h(x^{(i)})`.
    index: Option<Spanned<String>>,
}

/// What a stretch of a run is.
#[derive(Clone, Debug)]
pub(super) enum Segment {
    Name { text: String, indices: usize },
    Operator(String),
}

impl Parser<'_> {
    pub(super) fn name(&mut self, text: String, span: Span) -> ExprId {
        self.push(ExprKind::Name(Name { text, index: None, span }), span)
    }

    /// Whether a group holds a name only, so that scripts after it belong to the name: `{W}_2`.
    pub(super) fn simple_group(&self) -> bool {
        if self.peek() != Some(&Kind::GroupOpen) {
            return false;
        }
        let Some(close) = self.matching(self.at).filter(|close| close - self.at <= SIMPLE && close - self.at > 1)
        else {
            return false;
        };
        let simple = |kind: &Kind| {
            matches!(
                kind,
                Kind::Letter(_)
                    | Kind::Word(_)
                    | Kind::Accent(_)
                    | Kind::Subscript
                    | Kind::Number(_)
                    | Kind::GroupOpen
                    | Kind::GroupClose
            )
        };
        let inner = without_layer(&self.tokens[self.at + 1..close]);
        let begins = inner.iter().find(|token| token.kind != Kind::GroupOpen);
        let begins =
            begins.is_some_and(|token| matches!(token.kind, Kind::Letter(_) | Kind::Word(_) | Kind::Accent(_)));
        begins && inner.iter().all(|token| simple(&token.kind))
    }

    /// The factors that a run of letters is, with the scripts of the last one.
    pub(super) fn symbols(&mut self) -> Parsed<Vec<ExprId>> {
        let start = self.span();
        let mut run = self.run()?;
        run.primes += self.eat_primes();
        let raised = self.raised(&mut run);
        if self.eat(&Kind::Subscript) {
            let comma = self.comma_below();
            match self.script_parts() {
                Some(parts) => {
                    run.comma = comma.map(|place| place + run.parts.len());
                    run.parts.extend(parts);
                }
                None => {
                    let help = "an index is a letter or a number: `Z_{i,j}`";
                    return self.fault(self.span(), "this index can't be read", help);
                }
            }
        }
        run.primes += self.eat_primes();
        let raised = raised.or_else(|| self.raised(&mut run));
        let segments = self.split(&run, raised.is_some(), start)?;
        let mut factors = Vec::with_capacity(segments.len());
        let mut place = 0;
        let last = segments.len() - 1;
        for (at, (segment, length)) in segments.into_iter().enumerate() {
            let span = run.elements[place].span.to(run.elements[place + length - 1].span);
            place += length;
            factors.push(if at < last { self.plain(segment, span) } else { self.last(segment, &run, raised, span)? });
        }
        Ok(factors)
    }

    fn plain(&mut self, segment: Segment, span: Span) -> ExprId {
        match segment {
            Segment::Name { text, .. } | Segment::Operator(text) => self.name(text, span),
        }
    }

    /// The operator that a transposed one is: `\mathrm{maxpool}^{\mathsf T}`, `\mathrm{conv}^{\mathsf T}_{\mathrm{image}}`.
    fn turned(&mut self, operator: &str, run: &Run, raised: Option<usize>) -> Option<&'static str> {
        let below = run.parts.last().map_or("", |part| part.value.as_str());
        let turned = turned(operator, below)?;
        let at = raised.unwrap_or(self.at);
        let kind = |place: usize| self.tokens.get(at + place).map(|token| &token.kind);
        let is_sign = |place: usize| match kind(place) {
            Some(Kind::Top) => true,
            Some(Kind::Letter(letter)) => letter == "T",
            _ => false,
        };
        let length = match kind(1) {
            Some(Kind::GroupOpen) if is_sign(2) && kind(3) == Some(&Kind::GroupClose) => 4,
            _ if is_sign(1) => 2,
            _ => return None,
        };
        if kind(0) != Some(&Kind::Superscript) {
            return None;
        }
        if raised.is_none() {
            self.at += length;
        }
        Some(turned)
    }

    /// The last segment of a run: a function with its argument, or a name with indices, powers and transposes.
    fn last(&mut self, segment: Segment, run: &Run, raised: Option<usize>, span: Span) -> Parsed<ExprId> {
        let mut node = match segment {
            Segment::Operator(operator) => {
                if let Some(turned) = self.turned(&operator, run, raised) {
                    let value = self.applied(turned, 0, span)?;
                    return self.scripted(value);
                }
                if let Some(at) = raised {
                    return self.fault(
                        self.tokens[at].span,
                        "a power of a function stands after its bracket",
                        "`\\sigma(Z)^2`",
                    );
                }
                let value = self.applied(&operator, run.primes, span)?;
                return self.scripted(value);
            }
            Segment::Name { text, indices } => {
                let indices: Vec<Spanned<String>> = run.parts[run.parts.len() - indices..].to_vec();
                let known = self.resolve(&crate::syntax::names::key(&text)).is_some();
                let open = matches!(self.peek(), Some(Kind::Open('('))) && raised.is_none();
                let numbered = text.contains('_') && !known;
                let mut text = text;
                let mut indices = indices;
                if let Some(arguments) = self.arguments_of(&text).filter(|_| open && (known || numbered)) {
                    self.at = arguments.end;
                    text = arguments.of;
                    indices.extend(arguments.index);
                } else if let Some(operator) = self.applied_again(&text).filter(|_| open && indices.is_empty()) {
                    let value = self.applied(&operator, run.primes, span)?;
                    return self.scripted(value);
                }
                let called = matches!(self.peek(), Some(Kind::Open('(')))
                    && !known
                    && !numbered
                    && indices.is_empty()
                    && raised.is_none();
                if called {
                    let value = self.applied(&text, run.primes, span)?;
                    return self.scripted(value);
                }
                let list = self.vocabulary.is_list(&crate::syntax::names::key(&text));
                let base = self.name(text, span);
                let bracketed = if indices.is_empty() { self.bracketed_index(list) } else { None };
                let indices = bracketed.unwrap_or(indices);
                if indices.is_empty() { base } else { self.indexed(base, &indices)? }
            }
        };
        if let Some(at) = raised {
            let after = std::mem::replace(&mut self.at, at);
            node = self.once_scripted(node)?;
            self.at = self.at.max(after);
        }
        if run.transposed {
            node = self.transposed(node)?;
        }
        for _ in 0..run.primes {
            self.note(span, "`'` is read as the transpose");
            node = self.transposed(node)?;
        }
        self.scripted(node)
    }

    /// The bracket that follows, where it says what a value of the model is a function of: `g(\eta)`, `\mu_i(w, b)`,
    /// `h_\theta(x^{(i)})`.
    fn arguments_of(&self, text: &str) -> Option<Arguments> {
        const LONGEST: usize = 24;
        let (mut names, mut index) = (vec![String::new()], None);
        let mut at = self.at + 1;
        loop {
            let kind = &self.tokens.get(at)?.kind;
            if at > self.at + LONGEST || self.peek() != Some(&Kind::Open('(')) {
                return None;
            }
            match (kind, names.last_mut()) {
                (Kind::Close(')'), _) => break,
                (Kind::Comma, _) => names.push(String::new()),
                (Kind::Superscript | Kind::Subscript, _) if self.counter(at).is_some() => {
                    let (letter, length) = self.counter(at)?;
                    index = index.or(Some(Spanned { value: letter, span: self.tokens[at].span }));
                    at += length;
                }
                (Kind::Letter(text) | Kind::Word(text) | Kind::Number(text), Some(name)) => name.push_str(text),
                (Kind::Accent(accent), Some(name)) => name.push_str(accent),
                (Kind::Subscript | Kind::GroupOpen | Kind::GroupClose, _) => {}
                _ => return None,
            }
            at += 1;
        }
        let names: Vec<String> = names.iter().map(|name| crate::syntax::names::key(name)).collect();
        let stem = text.split('_').next().unwrap_or(text);
        let is_made = |name: &str| self.vocabulary.is_made_of(&crate::syntax::names::key(name), &names);
        let of = [text, stem].into_iter().find(|name| is_made(name))?;
        let known = self.resolve(&crate::syntax::names::key(text)).is_some();
        let of = if known { text } else { of };
        Some(Arguments {
            end: at + 1,
            of: of.to_owned(),
            index: index.filter(|index| self.indices.contains(&index.value)),
        })
    }

    /// `^{(i)}`, `_i`, at a sign: the letter that counts, and how many tokens follow the sign.
    pub(super) fn counter(&self, at: usize) -> Option<(String, usize)> {
        let kinds: Vec<&Kind> = self.tokens[at + 1..].iter().take(5).map(|token| &token.kind).collect();
        let (letter, length) = match kinds.as_slice() {
            [Kind::GroupOpen, Kind::Open('('), Kind::Letter(letter), Kind::Close(')'), Kind::GroupClose] => (letter, 5),
            [Kind::GroupOpen, Kind::Letter(letter), Kind::GroupClose, ..] => (letter, 3),
            [Kind::Letter(letter), ..] => (letter, 1),
            _ => return None,
        };
        let bracketed = length == 5 || self.indices.contains(letter);
        (letter.len() == 1 && bracketed).then(|| (letter.clone(), length))
    }

    /// The operator that a value of the model is, before other arguments in brackets: `g(\theta^T x)` where
    /// `g = sigmoid(z)`.
    fn applied_again(&self, text: &str) -> Option<String> {
        const LONGEST: usize = 40;
        let key = crate::syntax::names::key(text);
        let operator = self.vocabulary.applied(&key).filter(|_| self.peek() == Some(&Kind::Open('(')))?;
        let (mut depth, mut letters) = (0usize, Vec::new());
        for (place, token) in self.tokens[self.at..].iter().enumerate().take(LONGEST) {
            match &token.kind {
                Kind::Open(_) => depth += 1,
                Kind::Close(_) => depth -= 1,
                Kind::Letter(letter) => letters.push((place, letter)),
                Kind::Top | Kind::Superscript | Kind::Subscript | Kind::GroupOpen | Kind::GroupClose => {}
                Kind::Operator(BinaryOp::Mul) => {}
                _ => return None,
            }
            if depth == 0 {
                break;
            }
        }
        let raised = |place: usize| {
            let kinds = self.tokens[..self.at + place].iter().rev().map(|token| &token.kind);
            matches!(kinds.take_while(|kind| **kind != Kind::Superscript).count(), 0 | 1)
        };
        let of = |(place, letter): &(usize, &String)| {
            let own = crate::syntax::names::key(letter);
            self.vocabulary.is_made_of(&key, &[own])
                || self.indices.contains(letter)
                || raised(*place)
                || (letter.len() == 1 && self.tokens[self.at + place - 1].kind == Kind::Subscript)
        };
        (depth == 0 && letters.len() > 1 && letters.iter().all(of)).then(|| operator.to_owned())
    }

    /// Letters that stand together.
    pub(super) fn run(&mut self) -> Parsed<Run> {
        let mut run = Run::default();
        while let Some(token) = self.tokens.get(self.at) {
            let differential = run.elements.last().is_some_and(|last| self.makes_gradient(&last.text));
            if !run.elements.is_empty() && token.spaced && !differential {
                break;
            }
            let first = run.elements.is_empty() || differential;
            match &token.kind {
                Kind::Letter(letter) => run.elements.push(Element { text: letter.clone(), span: token.span }),
                Kind::Word(word) if first => {
                    if super::environment::case_word(word).is_some() && !self.is_value(word) {
                        let help = "cases stand in `\\begin{cases} … \\end{cases}`";
                        return self.fault(token.span, format!("`{word}` can't stand here"), help);
                    }
                    let text = word.split_whitespace().collect();
                    run.elements.push(Element { text, span: token.span });
                    self.at += 1;
                    break;
                }
                // `\alpha1` of a number `\alpha` is its product with a vector of ones.
                Kind::Number(digits) if !first && digits == "1" && self.is_number_known(&run) => {
                    self.at += 1;
                    break;
                }
                Kind::Number(digits) if !first && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                    run.elements.push(Element { text: digits.clone(), span: token.span });
                }
                Kind::Accent(accent) => {
                    self.accented(accent, &mut run)?;
                    continue;
                }
                Kind::GroupOpen if self.simple_group() => {
                    let close = self.matching(self.at).unwrap_or(self.at);
                    self.grouped(close, &mut run)?;
                    if !run.parts.is_empty() {
                        break;
                    }
                    continue;
                }
                _ => break,
            }
            self.at += 1;
            if run.elements.len() > NAME_CHARACTERS {
                return self.fault(self.span(), "too many letters without a space", "put spaces between the factors");
            }
        }
        if run.elements.is_empty() { Err(self.expected("a name")) } else { Ok(run) }
    }

    /// Whether a run so far is a value with one entry, and with a 1 behind it none.
    fn is_number_known(&self, run: &Run) -> bool {
        let text: String = run.elements.iter().map(|element| element.text.as_str()).collect();
        let key = crate::syntax::names::key(&text);
        self.vocabulary.is_scalar(&key) && self.resolve(&format!("{key}1")).is_none()
    }

    /// `d`, `\delta` before a name, where they are no names themselves.
    pub(super) fn makes_gradient(&self, text: &str) -> bool {
        matches!(text, "d" | "delta") && !self.is_value(text)
    }

    /// `\hat{y}`, `\hat{y_1}`, `\hat y`
    fn accented(&mut self, accent: &str, run: &mut Run) -> Parsed<()> {
        let start = self.span();
        self.at += 1;
        if self.simple_group() {
            let close = self.matching(self.at).unwrap_or(self.at);
            let before = run.elements.len();
            self.grouped(close, run)?;
            let mut text: String = run.elements.drain(before..).map(|element| element.text).collect();
            // `\\overline{W_3}` is `\\overline{W3}`: what stands below belongs to the name under the accent.
            text.extend(run.parts.drain(..).map(|part| part.value));
            run.elements.push(Element { text: text + accent, span: start.to(self.span_before()) });
            return Ok(());
        }
        let Some(Kind::Letter(letter)) = self.peek() else { return Err(self.expected("a letter under the accent")) };
        run.elements.push(Element { text: format!("{letter}{accent}"), span: start.to(self.span()) });
        self.at += 1;
        Ok(())
    }

    /// The letters in a name's own braces, up to the brace at `close`.
    fn grouped(&mut self, close: usize, run: &mut Run) -> Parsed<()> {
        let mut accent: Option<&str> = None;
        let mut below = false;
        for token in &self.tokens[self.at + 1..close] {
            let text = match &token.kind {
                Kind::Letter(text) | Kind::Number(text) => text.clone(),
                Kind::Word(text) => text.split_whitespace().collect(),
                Kind::Accent(name) => {
                    accent = Some(name);
                    continue;
                }
                Kind::Subscript => {
                    below = true;
                    continue;
                }
                _ => continue,
            };
            if below {
                run.parts.push(Spanned { value: text, span: token.span });
            } else {
                run.elements.push(Element { text: text + accent.take().unwrap_or(""), span: token.span });
            }
        }
        self.at = close + 1;
        Ok(())
    }

    /// Passes over what stands after `^`; a layer's number in brackets belongs to the name. Gives the place of the `^`.
    fn raised(&mut self, run: &mut Run) -> Option<usize> {
        let at = self.at;
        if self.peek() != Some(&Kind::Superscript) {
            return None;
        }
        if self.peek_at(1) == Some(&Kind::GroupOpen)
            && let (
                Some(Kind::Open('(' | '[')),
                Some(Kind::Number(layer) | Kind::Letter(layer)),
                Some(Kind::Close(_)),
                Some(Kind::GroupClose),
            ) = (self.peek_at(2), self.peek_at(3), self.peek_at(4), self.peek_at(5))
        {
            self.layered(run, layer);
            self.at += 6;
            return None;
        }
        if self.peek_at(1) == Some(&Kind::GroupOpen)
            && let (Some(Kind::Open('(' | '[')), Some(Kind::Number(layer) | Kind::Letter(layer)), Some(Kind::Close(_))) =
                (self.peek_at(2), self.peek_at(3), self.peek_at(4))
        {
            // `W^{(2)^T}`
            let up = usize::from(self.peek_at(5) == Some(&Kind::Superscript));
            let sign = self.peek_at(5 + up);
            if (sign == Some(&Kind::Top) || sign == Some(&Kind::Letter("T".to_owned())))
                && self.peek_at(6 + up) == Some(&Kind::GroupClose)
            {
                self.layered(run, layer);
                run.transposed = true;
                self.at += 7 + up;
                return None;
            }
        }
        if self.raised_word(run) || self.raised_index(run) || self.raised_layer(run) {
            return None;
        }
        self.at += 1;
        let close = if self.peek() == Some(&Kind::GroupOpen) { self.matching(self.at) } else { Some(self.at) };
        self.at = close.map_or(self.tokens.len(), |close| close + 1).min(self.tokens.len());
        // Only where an index follows it is read later; else what follows is read in its order.
        if self.peek() != Some(&Kind::Subscript) {
            self.at = at;
            return None;
        }
        Some(at)
    }

    /// `C^{gt}`, where `Cgt` is known: the word belongs to the name, and is passed over.
    fn raised_word(&mut self, run: &mut Run) -> bool {
        const LETTERS: usize = 8;
        let Some(close) = self.matching(self.at + 1).filter(|close| (3..LETTERS).contains(&(close - self.at))) else {
            return false;
        };
        let mut word = String::new();
        for token in &self.tokens[self.at + 2..close] {
            match &token.kind {
                Kind::Letter(text) | Kind::Word(text) => word += text,
                _ => return false,
            }
        }
        let text: String = run.elements.iter().map(|element| element.text.as_str()).collect();
        let known = word != "T" && self.is_value(&crate::syntax::names::key(&(text + &word)));
        if known {
            run.parts.push(Spanned { value: word, span: self.tokens[self.at + 1].span });
            self.at = close + 1;
        }
        known
    }

    /// `W^2`, where there is no `W` and a `W2`: the number of a layer, which is passed over.
    fn raised_layer(&mut self, run: &mut Run) -> bool {
        let (Some(last), true) = (run.elements.last(), run.parts.is_empty()) else { return false };
        let (number, length) = match (self.peek_at(1), self.peek_at(2), self.peek_at(3)) {
            (Some(Kind::Number(number)), ..) => (number, 2),
            (Some(Kind::GroupOpen), Some(Kind::Number(number)), Some(Kind::GroupClose)) => (number, 4),
            _ => return false,
        };
        let number = number.clone();
        let layered = self.vocabulary.is_model_value(&crate::syntax::names::key(&format!("{}{number}", last.text)));
        if !layered || self.resolve(&crate::syntax::names::key(&last.text)).is_some() {
            return false;
        }
        run.layer = Some(number);
        self.at += length;
        true
    }

    /// `W_2^h`, `W_1^{h,m}`: letters above a list that are no powers are its indices.
    fn raised_index(&mut self, run: &mut Run) -> bool {
        let text: String = run.elements.iter().map(|element| element.text.as_str()).collect();
        let below: String = run.parts.iter().map(|part| part.value.as_str()).collect();
        let key = crate::syntax::names::key(&(text + &below));
        // `w_2^h` of a matrix `W_2`
        let is_list = |key: &str| self.vocabulary.is_list(key);
        let entry_of_matrix = || self.resolve(&key).is_none() && is_list(&key.to_uppercase());
        // `x^m` is an entry where `dW^{h,m}` is given, else a power.
        let of_given = match (self.peek_at(1), self.peek_at(2)) {
            (Some(Kind::Letter(letter)), _) => self.letters.contains(letter),
            (Some(Kind::GroupOpen), Some(Kind::Letter(letter))) => self.letters.contains(letter),
            _ => false,
        };
        if run.parts.is_empty() && !of_given || !(is_list(&key) || entry_of_matrix()) {
            return false;
        }
        let close = match self.peek_at(1) {
            Some(Kind::GroupOpen) => self.matching(self.at + 1).unwrap_or(self.at),
            _ => self.at + 2,
        };
        let inside = self.tokens.get(self.at + 1..close).unwrap_or(&[]);
        let mut letters = Vec::new();
        for token in inside.iter().filter(|token| !matches!(token.kind, Kind::GroupOpen | Kind::Comma)) {
            match &token.kind {
                Kind::Letter(letter)
                    if letter.len() == 1
                        && letter.starts_with(|c: char| c.is_ascii_lowercase())
                        && !self.is_value(letter)
                        && !self.indices.contains(letter) =>
                {
                    letters.push(Spanned { value: letter.clone(), span: token.span });
                }
                _ => return false,
            }
        }
        let found = !letters.is_empty() && letters.len() <= 2;
        if found {
            run.parts.extend(letters);
            self.at = close + usize::from(self.peek_at(1) == Some(&Kind::GroupOpen));
        }
        found
    }

    /// `W^{(2)}` is `W2`; `y^{(i)}` in a sum over `i` is the entry.
    fn layered(&self, run: &mut Run, layer: &str) {
        if self.indices.iter().any(|index| index == layer) {
            // `C_{gt}^{(i)}` is a row of `Cgt`.
            let text: String = run.elements.iter().map(|element| element.text.as_str()).collect();
            let below: String = run.parts.iter().map(|part| part.value.as_str()).collect();
            let named = self.is_value(&crate::syntax::names::key(&(text + &below)));
            let place = if named { run.parts.len() } else { 0 };
            run.parts.insert(place, Spanned { value: layer.to_owned(), span: self.span() });
        } else {
            run.layer = Some(layer.to_owned());
        }
    }

    /// The one script at the present place.
    fn once_scripted(&mut self, node: ExprId) -> Parsed<ExprId> {
        self.at += 1;
        self.superscript(node)
    }
}
