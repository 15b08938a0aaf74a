//! The answers that stand in a piece of mathematics: where each begins, and the members of its chain.

use super::token::{Kind, Token};
use crate::span::Span;
use crate::syntax::ast::BinaryOp;

/// `dW = A = B`, in tokens.
#[derive(Clone, Debug)]
pub struct Statement {
    pub head: Vec<Token>,
    pub sign: Sign,
    pub members: Vec<Vec<Token>>,
    pub span: Span,
}

/// What stands between an answer's head and its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign {
    Equals,
    /// `\leftarrow`: a step of descent.
    Gets,
    /// `\in`: a shape.
    In,
    /// `\propto`
    Proportional,
}

/// Environments that lay out formulas and are none themselves.
const LAYOUTS: [&str; 14] = [
    "align",
    "aligned",
    "alignat",
    "equation",
    "gather",
    "gathered",
    "split",
    "multline",
    "eqnarray",
    "flalign",
    "displaymath",
    "math",
    "document",
    "center",
];

/// Words between two answers, or before one.
const CONNECTIVES: [&str; 27] = [
    "and",
    "assume",
    "define",
    "denote",
    "given",
    "let",
    "note",
    "recall",
    "set",
    "suppose",
    "as",
    "because",
    "by",
    "finally",
    "hence",
    "so",
    "since",
    "then",
    "therefore",
    "thus",
    "using",
    "where",
    "with",
    "i.e.",
    "answer",
    "we get",
    "which gives",
];

/// Words that belong to a value or a target, however many they are.
const BELONGING: [&str; 10] =
    ["if", "for", "when", "otherwise", "else", "shape", "params", "parameters", "size", "number"];

/// Whether an environment only lays out.
pub fn is_layout(name: &str) -> bool {
    LAYOUTS.contains(&name.trim_end_matches('*'))
}

/// Tokens between two places where an answer may begin.
struct Piece {
    tokens: Vec<Token>,
    /// What parted it from the piece before.
    before: Part,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Row,
    /// A comma, which would belong to a value that goes on.
    Comma,
    Gap,
    Prose,
}

/// The statements of a piece of mathematics, in order. What is no statement, and follows none, is left out.
pub fn statements(tokens: Vec<Token>) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut after_prose = false;
    let mut ranged = false;
    for piece in pieces(without_words(tokens)) {
        let Some(span) = span(&piece.tokens) else { continue };
        // `\text{for all } k = 1, 2, \dots, K`
        if ranged && piece.before == Part::Comma && !piece.tokens.iter().any(|token| token.kind == Kind::Equals) {
            continue;
        }
        ranged = range(&piece.tokens).is_some();
        let members = members(piece.tokens);
        let continues = members.len() > 1 && members[0].0.is_empty();
        match (found.last_mut(), members.len()) {
            // A chain that goes on: `&= …` on a row of its own.
            (Some(last), _) if continues => {
                last.members.extend(members.into_iter().skip(1).map(|(tokens, _)| tokens));
                last.span = last.span.to(span);
            }
            (_, 2..) if !continues => {
                after_prose = false;
                found.push(statement(members, span));
            }
            // `\qquad (H \times D)`
            (Some(_), 1) if piece.before == Part::Gap && shape_remark(&members[0].0) == Some(0) => {}
            // A value that goes on on the next row, or after a comma that belongs to it.
            (Some(last), 1) if piece.before != Part::Prose && !after_prose => {
                let tokens = members.into_iter().flat_map(|(tokens, _)| tokens);
                if let Some(member) = last.members.last_mut() {
                    if piece.before == Part::Comma {
                        member.push(Token {
                            kind: Kind::Comma,
                            span: Span::new(span.start, span.start),
                            spaced: false,
                        });
                    }
                    member.extend(tokens);
                }
                last.span = last.span.to(span);
            }
            _ => after_prose = true,
        }
    }
    found.iter_mut().for_each(trim);
    found
}

fn statement(members: Vec<(Vec<Token>, Sign)>, span: Span) -> Statement {
    let mut members = members.into_iter();
    let mut head = members.next().map(|(tokens, _)| tokens).unwrap_or_default();
    head.drain(..numbering(&head));
    let (values, signs): (Vec<_>, Vec<_>) = members.unzip();
    Statement { head, sign: signs.first().copied().unwrap_or(Sign::Equals), members: values, span }
}

/// How many tokens before an answer only number it: `(b)`, `2.`, `b)`.
fn numbering(head: &[Token]) -> usize {
    let counts = |token: &Token| match &token.kind {
        Kind::Letter(_) => true,
        Kind::Number(number) => number.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    let ends = |token: &Token| token.kind == Kind::Close(')') || token.kind == Kind::Other(".".to_owned());
    match head {
        [open, count, close, _, ..]
            if open.kind == Kind::Open('(') && counts(count) && close.kind == Kind::Close(')') =>
        {
            3
        }
        [count, end, _, ..] if counts(count) && ends(end) => 2,
        _ => 0,
    }
}

/// Where a shape in brackets begins with which the tokens end: `(H \times D)`.
pub fn shape_remark(tokens: &[Token]) -> Option<usize> {
    let (close, inner) = tokens.split_last()?;
    let open = match close.kind {
        Kind::Close(')') => Kind::Open('('),
        Kind::Close(']') => Kind::Open('['),
        _ => return None,
    };
    let begins = inner.iter().rposition(|token| token.kind == open)?;
    let mut times = 0;
    for token in &inner[begins + 1..] {
        match token.kind {
            Kind::Operator(BinaryOp::Mul) => times += 1,
            Kind::Letter(_) | Kind::Word(_) | Kind::Number(_) | Kind::Subscript => {}
            _ => return None,
        }
    }
    (times == 1).then_some(begins)
}

/// A point or a comma at the end of a sentence is no part of the answer.
fn trim(statement: &mut Statement) {
    let Some(last) = statement.members.last_mut() else { return };
    let ends = |token: &Token| {
        matches!(&token.kind, Kind::Comma | Kind::Semicolon | Kind::Colon) || token.kind == Kind::Other(".".to_owned())
    };
    while last.last().is_some_and(ends) {
        last.pop();
    }
}

fn span(tokens: &[Token]) -> Option<Span> {
    Some(tokens.first()?.span.to(tokens.last()?.span))
}

/// How deep brackets and environments stand open.
#[derive(Default)]
struct Depth {
    brackets: usize,
    /// Braces and environments, in which a row's end is no end.
    groups: usize,
}

impl Depth {
    fn see(&mut self, kind: &Kind) {
        match kind {
            Kind::Open(_) => self.brackets += 1,
            Kind::Close(_) => self.brackets = self.brackets.saturating_sub(1),
            Kind::GroupOpen | Kind::Begin(_) => self.groups += 1,
            Kind::GroupClose | Kind::End(_) => self.groups = self.groups.saturating_sub(1),
            _ => {}
        }
    }

    fn is_top(&self) -> bool {
        self.brackets == 0 && self.groups == 0
    }
}

fn pieces(tokens: Vec<Token>) -> Vec<Piece> {
    let mut pieces = vec![Piece { tokens: Vec::new(), before: Part::Row }];
    let mut depth = Depth::default();
    // `\text{(of shape } 3 \times 2)` goes on until its bracket is closed.
    let mut aside = false;
    let columns = new_columns(&tokens);
    for (place, token) in tokens.into_iter().enumerate() {
        if aside {
            aside = token.kind != Kind::Close(')');
            continue;
        }
        if let Kind::Word(word) = &token.kind
            && word.starts_with('(')
            && depth.is_top()
        {
            aside = !word.contains(')');
            pieces.push(Piece { tokens: Vec::new(), before: Part::Prose });
            continue;
        }
        if let Kind::Begin(name) | Kind::End(name) = &token.kind
            && is_layout(name)
        {
            if depth.groups == 0 {
                depth = Depth::default();
                pieces.push(Piece { tokens: Vec::new(), before: Part::Row });
            }
            continue;
        }
        depth.see(&token.kind);
        match part(&token.kind).filter(|_| depth.is_top()) {
            Some(before) => pieces.push(Piece { tokens: Vec::new(), before }),
            None if depth.is_top() && columns.contains(&place) => {
                pieces.push(Piece { tokens: Vec::new(), before: Part::Row });
            }
            None if token.kind == Kind::Column && depth.is_top() => {}
            // A formula may be broken inside of its brackets.
            None if depth.groups == 0 && matches!(token.kind, Kind::Column | Kind::RowEnd | Kind::Gap) => {}
            None => pieces.last_mut().expect("there is a piece").tokens.push(token),
        }
    }
    merged(pieces)
}

/// `\\intertext{…}` as the words that it is.
fn without_words(tokens: Vec<Token>) -> Vec<Token> {
    let begins = |token: &Token| token.kind == Kind::Other("\\intertext".to_owned());
    if !tokens.iter().any(begins) {
        return tokens;
    }
    let mut kept: Vec<Token> = Vec::new();
    let mut depth = None;
    for token in tokens {
        match (&mut depth, &token.kind) {
            (None, _) if begins(&token) => {
                depth = Some(0usize);
                kept.push(Token { kind: Kind::Word("in between".to_owned()), ..token });
            }
            (None, _) => kept.push(token),
            (Some(open), Kind::GroupOpen) => *open += 1,
            (Some(0 | 1), Kind::GroupClose) => depth = None,
            (Some(open), Kind::GroupClose) => *open -= 1,
            (Some(_), _) => {}
        }
    }
    kept
}

/// The `&` after which a second equation of a row begins: `a &= b & c &= d`.
fn new_columns(tokens: &[Token]) -> Vec<usize> {
    let mut columns = Vec::new();
    let (mut given, mut depth) = (false, Depth::default());
    for (place, token) in tokens.iter().enumerate() {
        depth.see(&token.kind);
        match token.kind {
            Kind::RowEnd => given = false,
            Kind::Equals => given = true,
            Kind::Column if given && depth.is_top() => {
                let rest = &tokens[place + 1..];
                let next =
                    rest.iter().position(|token| matches!(token.kind, Kind::Column | Kind::Equals | Kind::RowEnd));
                let begins = next.is_some_and(|next| {
                    let sign = &rest[next].kind;
                    next > 0
                        && (*sign == Kind::Equals
                            || *sign == Kind::Column
                                && rest.get(next + 1).is_some_and(|after| after.kind == Kind::Equals))
                });
                if begins {
                    columns.push(place);
                    given = false;
                }
            }
            _ => {}
        }
    }
    columns
}

fn part(kind: &Kind) -> Option<Part> {
    match kind {
        Kind::RowEnd => Some(Part::Row),
        Kind::Comma | Kind::Semicolon => Some(Part::Comma),
        Kind::Gap | Kind::Arrow => Some(Part::Gap),
        Kind::Word(word) if is_prose(word) => Some(Part::Prose),
        _ => None,
    }
}

/// Empty pieces leave their mark on the next: `, \quad \text{where}` is prose, `, \quad` is a comma.
fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::new();
    let mut prose = false;
    let mut comma = false;
    for mut piece in pieces {
        prose |= piece.before == Part::Prose;
        comma |= piece.before == Part::Comma;
        if piece.tokens.is_empty() {
            continue;
        }
        // A row that says what comes: `\text{Derivative} & \text{ with respect to b:}`
        if piece.before != Part::Comma && piece.tokens.iter().all(is_capital_word) {
            prose = true;
            continue;
        }
        piece.before = match (prose, comma) {
            (true, _) => Part::Prose,
            (false, true) => Part::Comma,
            (false, false) => piece.before,
        };
        (prose, comma) = (false, false);
        kept.push(piece);
    }
    kept
}

/// A word that begins a sentence.
fn is_capital_word(token: &Token) -> bool {
    let Kind::Word(word) = &token.kind else { return false };
    let mut letters = word.trim_matches([' ', ',', ':', '.']).chars();
    letters.next().is_some_and(char::is_uppercase) && letters.clone().count() > 2 && letters.all(char::is_lowercase)
}

/// Whether words part two answers, rather than belong to one.
fn is_prose(word: &str) -> bool {
    let plain = word.trim_matches([' ', ',', ':', '.', '(', ')']).to_lowercase();
    let first = plain.split_whitespace().next().unwrap_or("");
    if BELONGING.contains(&first) || super::head::names_gradient(word) {
        return false;
    }
    CONNECTIVES.contains(&plain.as_str())
        || CONNECTIVES.contains(&first)
        || plain.contains(' ')
        || word.trim_end().ends_with([':', ')'])
        || plain.is_empty()
}

/// Where words begin that say of which letters an equation is meant: `\text{for all } k = 1, \dots, K`.
fn range(tokens: &[Token]) -> Option<usize> {
    let given = tokens.iter().position(|token| token.kind == Kind::Equals)?;
    let mut depth = Depth::default();
    let begins = |rest: &[Token]| match rest {
        [word, letter, sign, ..] => {
            matches!(&word.kind, Kind::Word(word) if matches!(word.trim().split(' ').next(), Some("for" | "where" | "with")))
                && matches!(&letter.kind, Kind::Letter(letter) if letter.len() == 1)
                && matches!(sign.kind, Kind::Equals | Kind::In)
        }
        _ => false,
    };
    (0..tokens.len()).find(|place| {
        depth.see(&tokens[*place].kind);
        *place > given && depth.is_top() && begins(&tokens[*place..])
    })
}

/// What stands between the signs of equality, each with the sign before it.
fn members(tokens: Vec<Token>) -> Vec<(Vec<Token>, Sign)> {
    let mut members = vec![(Vec::new(), Sign::Equals)];
    let mut depth = Depth::default();
    let end = range(&tokens).unwrap_or(tokens.len());
    for token in tokens.into_iter().take(end) {
        depth.see(&token.kind);
        let sign = match token.kind {
            Kind::Equals => Some(Sign::Equals),
            Kind::Gets => Some(Sign::Gets),
            Kind::In => Some(Sign::In),
            Kind::Proportional => Some(Sign::Proportional),
            // `dW: A`; a function's `f: A \to B` is no answer.
            Kind::Colon if members.len() == 1 && !members[0].0.is_empty() => Some(Sign::Equals),
            _ => None,
        };
        match sign.filter(|_| depth.is_top()) {
            // `dW = A \in \mathbb{R}^{N \times D}`
            Some(Sign::In) if members.len() > 1 => break,
            Some(sign) => members.push((Vec::new(), sign)),
            None => members.last_mut().expect("there is a member").0.push(token),
        }
    }
    members
}
