//! Names in LaTeX: runs of letters with their scripts, split or joined by what is known.

use super::parser::{Link, Parsed, Parser};
use super::token::Kind;
use crate::limits::NAME_CHARACTERS;
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind, Name, Spanned};
use crate::syntax::vocabulary::Sense;

/// Tokens in the braces of a name at most.
const SIMPLE: usize = 12;
/// Parts of an index at most.
const PARTS: usize = 16;

/// A letter, a word or the digits after a letter.
#[derive(Clone, Debug)]
struct Element {
    text: String,
    span: Span,
}

/// A run of letters and what stands below and above its last one.
#[derive(Debug, Default)]
struct Run {
    elements: Vec<Element>,
    /// What stands below: `2`, `i`, `j` of `W_{2,ij}`.
    parts: Vec<Spanned<String>>,
    /// How many of them stand before the first comma.
    comma: Option<usize>,
    /// `2` of `W^{(2)}`
    layer: Option<String>,
    /// Whether a transpose stands with it: `W^{(2)\top}`.
    transposed: bool,
    primes: u32,
}

/// What a stretch of a run is.
#[derive(Clone, Debug)]
enum Segment {
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
        let inner = &self.tokens[self.at + 1..close];
        let begins = inner.iter().find(|token| token.kind != Kind::GroupOpen);
        let begins =
            begins.is_some_and(|token| matches!(token.kind, Kind::Letter(_) | Kind::Word(_) | Kind::Accent(_)));
        begins && inner.iter().all(|token| simple(&token.kind))
    }

    /// The factors that a run of letters is, with the scripts of the last one.
    pub(super) fn symbols(&mut self, op: BinaryOp, chain: &mut Vec<Link>) -> Parsed<()> {
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
        if op == BinaryOp::Div && segments.len() > 1 {
            return self.two_readings(start);
        }
        let mut op = op;
        let mut place = 0;
        let last = segments.len() - 1;
        for (at, (segment, length)) in segments.into_iter().enumerate() {
            let span = run.elements[place].span.to(run.elements[place + length - 1].span);
            place += length;
            let factor = if at < last { self.plain(segment, span) } else { self.last(segment, &run, raised, span)? };
            chain.push(Link { op, factor });
            op = BinaryOp::Mul;
        }
        Ok(())
    }

    fn plain(&mut self, segment: Segment, span: Span) -> ExprId {
        match segment {
            Segment::Name { text, .. } | Segment::Operator(text) => self.name(text, span),
        }
    }

    /// The last segment of a run: a function with its argument, or a name with indices, powers and transposes.
    fn last(&mut self, segment: Segment, run: &Run, raised: Option<usize>, span: Span) -> Parsed<ExprId> {
        let mut node = match segment {
            Segment::Operator(operator) => {
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
                let called =
                    matches!(self.peek(), Some(Kind::Open('('))) && !known && indices.is_empty() && raised.is_none();
                if called {
                    let value = self.applied(&text, run.primes, span)?;
                    return self.scripted(value);
                }
                let base = self.name(text, span);
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

    /// Letters that stand together.
    fn run(&mut self) -> Parsed<Run> {
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
                    if super::operand::case_word(word).is_some() && !self.is_value(word) {
                        let help = "cases stand in `\\begin{cases} … \\end{cases}`";
                        return self.fault(token.span, format!("`{word}` can't stand here"), help);
                    }
                    let text = word.split_whitespace().collect();
                    run.elements.push(Element { text, span: token.span });
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

    /// `d`, `\delta` before a name, where they are no names themselves.
    fn makes_gradient(&self, text: &str) -> bool {
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
            let text: String = run.elements.drain(before..).map(|element| element.text).collect();
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

    fn eat_primes(&mut self) -> u32 {
        let mut primes = 0;
        while self.eat(&Kind::Prime) {
            primes += 1;
        }
        primes.min(8)
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
            && (self.peek_at(5) == Some(&Kind::Top) || self.peek_at(5) == Some(&Kind::Letter("T".to_owned())))
            && self.peek_at(6) == Some(&Kind::GroupClose)
        {
            self.layered(run, layer);
            run.transposed = true;
            self.at += 7;
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

    /// `W^{(2)}` is `W2`; `y^{(i)}` in a sum over `i` is the entry.
    fn layered(&self, run: &mut Run, layer: &str) {
        if self.indices.iter().any(|index| index == layer) {
            run.parts.insert(0, Spanned { value: layer.to_owned(), span: self.span() });
        } else {
            run.layer = Some(layer.to_owned());
        }
    }

    /// The one script at the present place.
    fn once_scripted(&mut self, node: ExprId) -> Parsed<ExprId> {
        self.at += 1;
        self.superscript(node)
    }

    // ------------------------------------------------------------------------------------------- splitting

    /// The known names that a run is made of, each with its number of elements.
    fn split(&mut self, run: &Run, raised: bool, start: Span) -> Parsed<Vec<(Segment, usize)>> {
        let count = run.elements.len();
        let exponent = raised || self.peek() == Some(&Kind::Superscript);
        // For each length of a beginning: in how many ways it can be split (2 stands for many), and the last segment.
        let mut ways: Vec<(u8, Option<(Segment, usize)>)> = vec![(0, None); count + 1];
        ways[0].0 = 1;
        for end in 1..=count {
            let mut text = String::new();
            for begin in (0..end).rev() {
                text.insert_str(0, &run.elements[begin].text);
                if text.len() > self.vocabulary.longest() {
                    break;
                }
                let digits = run.elements[begin].text.starts_with(|c: char| c.is_ascii_digit());
                if ways[begin].0 == 0 || digits {
                    continue;
                }
                let segment = if end < count { self.inner(&text) } else { self.outer(&text, run, exponent) };
                if let Some(segment) = segment {
                    ways[end] = ((ways[end].0 + ways[begin].0).min(2), Some((segment, end - begin)));
                }
            }
        }
        match ways[count].0 {
            0 => Ok(vec![(self.unknown(run), count)]),
            1 => {
                let mut segments = Vec::new();
                let mut end = count;
                while let Some((segment, length)) = ways[end].1.take() {
                    segments.push((segment, length));
                    end -= length;
                }
                segments.reverse();
                Ok(segments)
            }
            _ => {
                let text: String = run.elements.iter().map(|element| element.text.as_str()).collect();
                let message = format!("`{text}` can be split into known names in more than one way");
                let help = "put a space or `\\cdot` between the factors";
                let fault = crate::diagnostic::Diagnostic::error("E-ambiguous", message);
                Err(Box::new(fault.at(start.to(self.span_before()), "here").help(help)))
            }
        }
    }

    fn inner(&self, text: &str) -> Option<Segment> {
        self.resolve(text).map(|(text, _)| Segment::Name { text, indices: 0 })
    }

    /// The last segment of a run, with what stands below and above it.
    fn outer(&self, text: &str, run: &Run, exponent: bool) -> Option<Segment> {
        let bracket = matches!(self.peek(), Some(Kind::Open(_)));
        let sense = |text: &str| self.resolve(text);
        if run.parts.is_empty() && run.layer.is_none() {
            if let Some((text, _)) = sense(text) {
                return Some(Segment::Name { text, indices: 0 });
            }
            if text == "e" && exponent {
                return Some(Segment::Name { text: text.to_owned(), indices: 0 });
            }
            let applied =
                bracket || matches!(self.peek(), Some(Kind::Letter(_))) && run.elements.len() == 1 && text.len() > 1;
            return self.vocabulary.operator(text).filter(|_| applied).map(|name| Segment::Operator(name.to_owned()));
        }
        let layer = run.layer.as_deref().unwrap_or("");
        for taken in order(run) {
            let below: String = run.parts[..taken].iter().map(|part| part.value.as_str()).collect();
            let rest = &run.parts[taken..];
            let indices = rest.iter().all(|part| is_index(&part.value)) && rest.len() <= 4;
            if let Some((text, sense)) = sense(&crate::syntax::names::key(&format!("{text}{below}{layer}")))
                && indices
                && (sense == Sense::Value || taken > 0 || !text.is_empty())
            {
                return Some(Segment::Name { text, indices: rest.len() });
            }
        }
        None
    }

    /// A name that nobody knows, as it is written.
    fn unknown(&self, run: &Run) -> Segment {
        let mut text: String = run.elements.iter().map(|element| element.text.as_str()).collect();
        if let Some(operator) = self.vocabulary.operator(&text).filter(|_| run.parts.is_empty() && text.len() > 1) {
            return Segment::Operator(operator.to_owned());
        }
        for part in &run.parts {
            text.push('_');
            text.push_str(&part.value);
        }
        if let Some(layer) = &run.layer {
            text.push('_');
            text.push_str(layer);
        }
        Segment::Name { text, indices: 0 }
    }

    // ------------------------------------------------------------------------------------------- indices

    /// What stands below a name: `{ij}`, `{i,j}`, `2`, `{\text{gt}}`; it is passed over. `None`: nothing like it.
    pub(super) fn script_parts(&mut self) -> Option<Vec<Spanned<String>>> {
        let start = self.at;
        let end = match self.peek()? {
            Kind::GroupOpen => self.matching(self.at)?,
            _ => self.at,
        };
        let mut parts = Vec::new();
        for token in &self.tokens[start..=end] {
            let text = match &token.kind {
                Kind::Letter(text) | Kind::Number(text) => text.clone(),
                Kind::Word(text) => text.split_whitespace().collect(),
                Kind::Comma | Kind::GroupOpen | Kind::GroupClose | Kind::Subscript => continue,
                _ => return None,
            };
            parts.push(Spanned { value: text, span: token.span });
        }
        let fits = !parts.is_empty() && parts.len() <= PARTS;
        if fits {
            self.at = end + 1;
        }
        fits.then_some(parts)
    }

    /// How many parts of the index here stand before its first comma.
    fn comma_below(&self) -> Option<usize> {
        let close = self.matching(self.at)?.min(self.at + 2 * PARTS);
        let inside = &self.tokens[self.at..close];
        let comma = inside.iter().position(|token| token.kind == Kind::Comma)?;
        let part =
            |token: &&super::token::Token| matches!(token.kind, Kind::Letter(_) | Kind::Number(_) | Kind::Word(_));
        Some(inside[..comma].iter().filter(part).count())
    }

    /// `Z[i, j]`
    pub(super) fn indexed(&mut self, of: ExprId, parts: &[Spanned<String>]) -> Parsed<ExprId> {
        if let Some(part) = parts.iter().find(|part| !is_index(&part.value)) {
            return self.fault(part.span, format!("`{}` is no index", part.value), "");
        }
        // `A_{12}` where there is no `A12` is the entry in row 1 and column 2.
        let halves: Vec<Spanned<String>> = match parts {
            [part] if part.value.len() == 2 && part.value.bytes().all(|byte| byte.is_ascii_digit()) => {
                let digit = |digit: char| Spanned { value: digit.to_string(), span: part.span };
                part.value.chars().map(digit).collect()
            }
            parts => parts.to_vec(),
        };
        let mut indices = Vec::new();
        for part in &halves {
            let digits = part.value.starts_with(|c: char| c.is_ascii_digit());
            indices.push(match digits {
                true => self.number(&part.value, part.span),
                false => self.name(part.value.clone(), part.span),
            });
        }
        self.count()?;
        let span = self.span_of(of).to(self.span_before());
        Ok(self.push(ExprKind::Entry { of, indices }, span))
    }

    // ------------------------------------------------------------------------------------------- derivatives

    /// One name at the present place, with the indices that stand below it.
    fn lone_name(&mut self) -> Parsed<(Name, Vec<ExprId>)> {
        let place = self.span();
        let mut chain = Vec::new();
        self.deeper(|parser| parser.symbols(BinaryOp::Mul, &mut chain))?;
        let [link] = chain.as_slice() else {
            return self.fault(place, "this is more than one name", "");
        };
        match self.kind(link.factor).clone() {
            ExprKind::Name(name) => Ok((name, Vec::new())),
            ExprKind::Call { callee, .. } => Ok((callee, Vec::new())),
            ExprKind::Entry { of, indices } => match self.kind(of).clone() {
                ExprKind::Name(name) => Ok((name, indices)),
                _ => self.fault(place, "this is no name", ""),
            },
            _ => self.fault(place, "this is no name", "a power or transpose stands outside of the fraction"),
        }
    }

    /// `\partial`, `d`, `\delta`: the sign of a differential is passed over.
    fn eat_differential(&mut self) -> bool {
        let found = match self.peek() {
            Some(Kind::Partial) => true,
            Some(Kind::Letter(letter)) => self.makes_gradient(letter) && letter == "d",
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    /// `\frac{\partial L}{\partial W_2}`, after the `\frac`; `None` if it is another fraction.
    pub(super) fn derivative(&mut self, start: Span) -> Parsed<Option<ExprId>> {
        let at = self.at;
        let differential = |kind: Option<&Kind>| match kind {
            Some(Kind::Partial) => true,
            Some(Kind::Letter(letter)) => letter == "d" && !self.is_value("d"),
            _ => false,
        };
        let groups = self.peek() == Some(&Kind::GroupOpen) && differential(self.peek_at(1));
        let Some(close) = self.matching(at).filter(|_| groups) else { return Ok(None) };
        let below = self.tokens.get(close + 2).map(|token| &token.kind);
        if self.tokens.get(close + 1).map(|token| &token.kind) != Some(&Kind::GroupOpen) || !differential(below) {
            return Ok(None);
        }
        self.at += 2;
        let second = self.second_order()?;
        let of = if self.at == close { None } else { Some(self.lone_name()?.0) };
        if self.at != close {
            return self.fault(self.span(), "this differential can't be read", "`\\frac{\\partial L}{\\partial W}`");
        }
        self.at = close + 3;
        let (wrt, indices) = self.below_differential(second)?;
        let of = match of {
            Some(of) => of,
            None => self.lone_name()?.0,
        };
        let span = start.to(self.span_before());
        self.gradient(second, of, wrt, indices, span).map(Some)
    }

    fn second_order(&mut self) -> Parsed<bool> {
        if !self.eat(&Kind::Superscript) {
            return Ok(false);
        }
        match self.peek() {
            Some(Kind::Number(order)) if order == "2" => {
                self.at += 1;
                Ok(true)
            }
            _ => self.fault(self.span(), "this derivative can't be read", "known are first and second derivatives"),
        }
    }

    /// The rest of the denominator with its brace: `W_2`, `w^2`, `w \partial w^\top`.
    fn below_differential(&mut self, second: bool) -> Parsed<(Name, Vec<ExprId>)> {
        let place = self.span();
        if !second {
            let (wrt, indices) = self.lone_name()?;
            self.expect(&Kind::GroupClose, "`}`")?;
            return Ok((wrt, indices));
        }
        let run = self.run()?;
        let mut name = self.name_of(&run, place)?;
        let below = if self.eat(&Kind::Subscript) { self.script_parts() } else { None };
        for part in below.unwrap_or_default() {
            name.text += &format!("_{}", part.value);
        }
        let squared = self.eat(&Kind::Superscript) && matches!(self.peek(), Some(Kind::Number(two)) if two == "2");
        if squared {
            self.at += 1;
        } else if self.eat_differential() {
            let run = self.run()?;
            let other = self.name_of(&run, place)?;
            if self.eat(&Kind::Superscript) {
                self.skip_argument();
            }
            if other.key() != name.key() {
                return self.fault(place, "a mixed second derivative can't be read", "");
            }
        }
        self.expect(&Kind::GroupClose, "`}`")?;
        Ok((name, Vec::new()))
    }

    fn name_of(&self, run: &Run, place: Span) -> Parsed<Name> {
        match self.unknown(run) {
            Segment::Name { text, .. } => Ok(Name { text, index: None, span: place }),
            Segment::Operator(_) => self.fault(place, "this is an operator, not a name", ""),
        }
    }

    fn gradient(&mut self, second: bool, of: Name, wrt: Name, indices: Vec<ExprId>, span: Span) -> Parsed<ExprId> {
        if second {
            let of = self.name(of.text, of.span);
            let wrt = self.name(wrt.text, wrt.span);
            return Ok(self.call(super::target::HESSIAN, vec![of, wrt], span));
        }
        let of = Name { text: self.vocabulary.loss(&of.key()).unwrap_or(of.text), ..of };
        let gradient = self.push(ExprKind::Gradient { of, wrt }, span);
        if indices.is_empty() {
            return Ok(gradient);
        }
        Ok(self.push(ExprKind::Entry { of: gradient, indices }, span))
    }

    /// `\partial L/\partial W`, or `\partial W` for the gradient, after the sign.
    pub(super) fn partial(&mut self, start: Span) -> Parsed<ExprId> {
        let (name, indices) = self.lone_name()?;
        let quotient = self.peek() == Some(&Kind::Operator(BinaryOp::Div))
            && (self.peek_at(1) == Some(&Kind::Partial) || self.peek_at(1) == Some(&Kind::Letter("d".to_owned())));
        if quotient && indices.is_empty() {
            self.at += 2;
            let (wrt, indices) = self.lone_name()?;
            let span = start.to(self.span_before());
            return self.gradient(false, name, wrt, indices, span);
        }
        let span = start.to(self.span_before());
        let node = self.name(format!("d{}", name.text), span);
        if indices.is_empty() { Ok(node) } else { Ok(self.push(ExprKind::Entry { of: node, indices }, span)) }
    }

    /// `\nabla_{W} L`, `\nabla_W`, `\nabla W`, `\nabla^2_w L`, after the sign.
    pub(super) fn nabla(&mut self, start: Span) -> Parsed<ExprId> {
        let mut second = self.second_order()?;
        let mut wrt = None;
        if self.eat(&Kind::Subscript) {
            let group = self.eat(&Kind::GroupOpen);
            wrt = Some(self.one_letter_name(group)?);
            if group {
                self.expect(&Kind::GroupClose, "`}`")?;
            }
        }
        second |= self.second_order()?;
        let Some((wrt, indices)) = wrt else {
            let (name, indices) = self.lone_name()?;
            let span = start.to(self.span_before());
            if second {
                return Ok(self.call(super::target::HESSIAN, Vec::new(), span));
            }
            // `\nabla L` has no argument of its own; of another name it is the gradient.
            if self.vocabulary.loss(&name.key()).is_some() {
                return self.fault(span, "this gradient lacks what it is taken with respect to", "`\\nabla_{W} L`");
            }
            let node = self.name(format!("d{}", name.text), span);
            return if indices.is_empty() {
                Ok(node)
            } else {
                Ok(self.push(ExprKind::Entry { of: node, indices }, span))
            };
        };
        match self.loss_name()? {
            Some(of) => {
                let span = start.to(self.span_before());
                self.gradient(second, of, wrt, indices, span)
            }
            None if second => self.fault(start, "this second derivative lacks its function", "`\\nabla^2_w L`"),
            None => {
                let span = start.to(self.span_before());
                let node = self.name(format!("d{}", wrt.text), span);
                if indices.is_empty() { Ok(node) } else { Ok(self.push(ExprKind::Entry { of: node, indices }, span)) }
            }
        }
    }

    /// The name below a `\nabla`: in braces any, else one letter.
    fn one_letter_name(&mut self, group: bool) -> Parsed<(Name, Vec<ExprId>)> {
        if group {
            return self.lone_name();
        }
        let span = self.span();
        match self.peek() {
            Some(Kind::Letter(letter)) => {
                self.at += 1;
                Ok((Name { text: letter.clone(), index: None, span }, Vec::new()))
            }
            _ => self.lone_name(),
        }
    }

    /// A loss's name, if one stands here; else nothing is passed over.
    fn loss_name(&mut self) -> Parsed<Option<Name>> {
        let (at, start) = (self.at, self.span());
        let begins = match self.peek() {
            Some(Kind::Letter(_) | Kind::Word(_)) => true,
            Some(Kind::GroupOpen) => self.simple_group(),
            _ => false,
        };
        if !begins {
            return Ok(None);
        }
        let mut run = self.run()?;
        if self.eat(&Kind::Subscript)
            && let Some(parts) = self.script_parts()
        {
            run.parts.extend(parts);
        }
        let text: String = run.elements.iter().map(|element| element.text.as_str()).collect();
        let below: String = run.parts.iter().map(|part| part.value.as_str()).collect();
        let text = crate::syntax::names::key(&format!("{text}{below}"));
        if let Some(text) = self.vocabulary.loss(&text) {
            return Ok(Some(Name { text, index: None, span: start.to(self.span_before()) }));
        }
        // `\nabla_x f = …`: what stands last in a target is the function, whatever its name.
        if self.heading && self.peek().is_none() {
            return Ok(Some(Name { text, index: None, span: start.to(self.span_before()) }));
        }
        self.at = at;
        Ok(None)
    }
}

/// How many of the parts below belong to the name, in the order in which it is tried: `W_{12}` is rather `W12`,
/// `W_{1,2}` rather an entry of `W`, and `W_{2,ij}` one of `W2`.
fn order(run: &Run) -> Vec<usize> {
    let count = run.parts.len().min(PARTS);
    let first = match run.comma {
        None => None,
        Some(_) if count == 2 => Some(0),
        Some(before) => Some(before.min(count)),
    };
    first.into_iter().chain((0..=count).rev()).collect()
}

/// A letter or a number.
fn is_index(text: &str) -> bool {
    let letter = text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    letter || !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}
