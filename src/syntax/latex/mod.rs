//! Answers in LaTeX. A pest grammar gives the marks (`grammar/latex.pest`), the rest is one pass over them with the
//! same expressions at its end as plain answers have.
//!
//! What LaTeX leaves open is read in stated ways, each with a note: `\circ` and `\otimes` as elementwise products,
//! `'` as a transpose after a value and as a derivative after a function. What could mean two things is refused.

mod bracket;
mod commands;
mod derivative;
mod environment;
mod expand;
mod function;
mod grammar;
mod head;
mod index;
mod least;
mod operand;
mod parser;
mod script;
mod splitting;
mod statement;
mod sum;
mod symbol;
mod target;
mod token;

pub use head::names_gradient;
pub use least::STAR;
pub use parser::Parsed;
pub use statement::{Statement, is_layout};
pub use target::{HESSIAN, updated};
pub use token::{Macro, Macros};

use super::answer::{shortened, transposed as transposed_value};
use super::ast::{Answer, AnswerTarget, AnswerValue, Name, TargetKind};
use super::vocabulary::Vocabulary;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use parser::Parser;
use statement::{Sign, shape_remark};
use std::borrow::Cow;
use token::{Kind, Token, tokens};

/// The answers that a piece of mathematics holds; it begins at `base` of its file.
pub fn statements(text: &str, base: usize, macros: &Macros) -> Parsed<Vec<Statement>> {
    let plain = without_formulas(text);
    Ok(statement::statements(with_counts(tokens(&plain, base, macros)?)))
}

/// Commands that nobody knows and that say where a sum ends, `\sum_{i=1}^\nexp`, as the letters that they stand for.
fn with_counts(mut tokens: Vec<Token>) -> Vec<Token> {
    const LONGEST: usize = 10;
    let mut ends: Vec<String> = Vec::new();
    for place in
        tokens.iter().enumerate().filter(|(_, token)| matches!(token.kind, Kind::Fold(_))).map(|(place, _)| place)
    {
        let after = &tokens[place + 1..tokens.len().min(place + LONGEST)];
        let mut raised = after.iter().skip_while(|token| token.kind != Kind::Superscript).skip(1);
        if let Some(Kind::Other(command)) = raised.find(|token| token.kind != Kind::GroupOpen).map(|token| &token.kind)
        {
            ends.push(command.clone());
        }
    }
    ends.retain(|command| command.len() > 1 && command.bytes().skip(1).all(|byte| byte.is_ascii_alphabetic()));
    for token in &mut tokens {
        if let Kind::Other(command) = &token.kind
            && ends.contains(command)
        {
            token.kind = Kind::Letter(command.trim_start_matches('\\').to_owned());
        }
    }
    tokens
}

/// Blanks for the words that hold formulas themselves: `\\text{because $C = P$}`.
fn without_formulas(text: &str) -> Cow<'_, str> {
    const WORDS: &str = "\\text{";
    const LONGEST: usize = 500;
    let mut plain = Cow::Borrowed(text);
    for (at, _) in text.match_indices(WORDS) {
        let mut depth = 1;
        let inside = &text[at + WORDS.len()..];
        let end = inside.bytes().take(LONGEST).position(|byte| {
            depth += i32::from(byte == b'{') - i32::from(byte == b'}');
            depth == 0
        });
        let Some(length) = end.filter(|end| inside[..*end].contains('$')) else { continue };
        let end = at + WORDS.len() + length + 1;
        let blank = format!("\\quad{}", " ".repeat(end - at - 5));
        plain.to_mut().replace_range(at..end, &blank);
    }
    plain
}

/// The answer that a formula gives to a target that stands elsewhere.
pub fn given(head: &str, text: &str, base: usize, macros: &Macros) -> Parsed<Option<Statement>> {
    let span = Span::new(base, base + text.len());
    let head = tokens(head, 0, macros)?.into_iter().map(|token| Token { span: Span::new(base, base), ..token });
    let equals = Token { kind: Kind::Equals, span: Span::new(base, base), spaced: false };
    let all = head.chain([equals]).chain(tokens(text, base, macros)?).collect();
    let statement = statement::statements(all).into_iter().next();
    Ok(statement.map(|statement| Statement { span, ..statement }))
}

/// Whether a mark is a command that nobody knows.
pub fn is_unknown(token: &Token) -> bool {
    matches!(&token.kind, Kind::Other(text) if text.starts_with('\\'))
}

/// Whether signs of a derivative stand in a head.
pub fn is_derivative(head: &[Token]) -> bool {
    head.iter().any(|token| matches!(token.kind, Kind::Nabla))
}

/// What is differentiated in a head: `J` of `\frac{\partial J}{\partial w}`, `J_` where an index stands below it.
pub fn differentiated(head: &[Token]) -> Option<String> {
    let sign = head.iter().position(|token| token.kind == Kind::Partial)?;
    let mut rest = head[sign + 1..].iter().filter(|token| token.kind != Kind::GroupOpen).peekable();
    let mut name = String::new();
    while let Some(Kind::Letter(text) | Kind::Word(text)) = rest.peek().map(|token| &token.kind) {
        name += text.trim();
        rest.next();
    }
    let below = rest.next().is_some_and(|token| token.kind == Kind::Subscript);
    (!name.is_empty()).then(|| crate::syntax::names::key(&name) + if below { "_" } else { "" })
}

/// The letters of a head, one after the other.
pub fn letters(head: &[Token]) -> Vec<String> {
    let letter = |token: &Token| match &token.kind {
        Kind::Letter(text) => Some(crate::syntax::names::key(text)),
        _ => None,
    };
    head.iter().filter_map(letter).collect()
}

/// The letters of a statement's value that stand for nothing known, with the numbers below them.
pub fn unknown_letters(statement: &Statement, vocabulary: &Vocabulary) -> Vec<String> {
    let mut found = Vec::new();
    let tokens: Vec<&Token> = statement.members.iter().flatten().collect();
    let mut accented = "";
    for (place, token) in tokens.iter().enumerate() {
        match &token.kind {
            Kind::Accent(accent) => accented = accent,
            Kind::GroupOpen | Kind::Letter(_) => {}
            _ => accented = "",
        }
        let Kind::Letter(letter) = &token.kind else { continue };
        let letter = &format!("{letter}{}", std::mem::take(&mut accented));
        let mut name = letter.clone();
        if let [below, number, ..] = &tokens[place + 1..]
            && below.kind == Kind::Subscript
            && let Kind::Number(number) = &number.kind
        {
            name = format!("{name}_{number}");
        }
        let known = [letter, &name].iter().any(|name| vocabulary.resolve(&crate::syntax::names::key(name)).is_some());
        if !known && vocabulary.operator(letter).is_none() {
            found.push(name);
        }
    }
    found
}

/// The body of a `\newcommand`.
pub fn macro_body(text: &str, base: usize, macros: &Macros) -> Parsed<Vec<token::Token>> {
    tokens(text, base, macros)
}

/// What an answer is given to.
pub fn target(statement: &Statement, vocabulary: &Vocabulary) -> Parsed<AnswerTarget> {
    written_target(statement, vocabulary).map(|target| target.target)
}

fn written_target(statement: &Statement, vocabulary: &Vocabulary) -> Parsed<target::Target> {
    // `dW_2 \text{ of } L`
    if let [head @ .., word, loss] = statement.head.as_slice()
        && word.kind == Kind::Word("of".to_owned())
        && let (Kind::Letter(loss), false) = (&loss.kind, head.is_empty())
        && vocabulary.loss(loss).is_some()
    {
        let mut found = written_target(&Statement { head: head.to_vec(), ..statement.clone() }, vocabulary)?;
        found.target.of.get_or_insert(Name { text: loss.clone(), index: None, span: word.span });
        return Ok(found);
    }
    let head = head::plain(&statement.head, vocabulary);
    let mut found = match least::target(&head, vocabulary, statement.span) {
        Some(target) => target::Target { target, transposed: false },
        None => Parser::new(&head, vocabulary, statement.span).target()?,
    };
    match statement.sign {
        Sign::Equals => {}
        Sign::Gets => found.target.kind = TargetKind::Update,
        Sign::In => found.target.kind = TargetKind::Shape,
        Sign::Proportional => {}
    }
    Ok(found)
}

/// What a typed text names that is no target in the plain language: `∇_W L`, `W.grad`, `d/dx f`.
pub fn typed_target(text: &str, vocabulary: &Vocabulary) -> Option<AnswerTarget> {
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return None;
    }
    let head = head::grouped(tokens(text, 0, &Macros::default()).ok()?);
    let statement = Statement { head, sign: Sign::Equals, members: Vec::new(), span: Span::new(0, text.len()) };
    let found = written_target(&statement, vocabulary).ok().filter(|found| !found.transposed)?;
    Some(of_our_loss(found.target, vocabulary))
}

/// The answer of a statement; `source` is the text of its file.
pub fn answer(
    statement: &Statement,
    source: &str,
    vocabulary: &Vocabulary,
    notes: &mut Vec<Diagnostic>,
) -> Parsed<Answer> {
    let target::Target { target, transposed } = written_target(statement, vocabulary)?;
    let target = of_our_loss(target, vocabulary);
    if statement.sign == Sign::Proportional {
        let fault = Diagnostic::error("E-latex", "a value up to a factor can't be judged").at(statement.span, "here");
        return Err(Box::new(fault.help("write `=` and the factor")));
    }
    let mut answer = chain(target, &statement.members, statement.span, source, vocabulary, notes)?;
    if transposed {
        answer.earlier = answer.earlier.into_iter().map(transposed_value).collect();
        answer.value = transposed_value(answer.value);
    }
    Ok(answer)
}

/// A target of the loss by any of its names, with the name that the problem has for it.
pub fn of_our_loss(mut target: AnswerTarget, vocabulary: &Vocabulary) -> AnswerTarget {
    let name = if target.kind == TargetKind::Hessian { Some(&mut target.name) } else { target.of.as_mut() };
    if let Some(name) = name
        && let Some(loss) = vocabulary.loss(&name.key())
    {
        name.text = loss;
    }
    target
}

/// A value for a target that is known already: a cell of a table. A target before it is passed over.
pub fn value(
    text: &str,
    base: usize,
    target: AnswerTarget,
    vocabulary: &Vocabulary,
    notes: &mut Vec<Diagnostic>,
) -> Parsed<Answer> {
    let tokens = tokens(text, base, &Macros::default())?;
    let span = Span::new(base, base + text.len());
    let mut statements = statement::statements(tokens.clone());
    let members = match statements.len() {
        0 => vec![tokens],
        _ => statements.swap_remove(0).members,
    };
    let answer = chain(target, &members, span, "", vocabulary, notes)?;
    Ok(Answer { source: shortened(text), ..answer })
}

fn chain(
    target: AnswerTarget,
    members: &[Vec<Token>],
    span: Span,
    source: &str,
    vocabulary: &Vocabulary,
    notes: &mut Vec<Diagnostic>,
) -> Parsed<Answer> {
    let source = shortened(source.get(span.start..span.end).unwrap_or(""));
    let mut values = Vec::new();
    let mut last = None;
    for (place, member) in members.iter().enumerate() {
        let member = without_comparison(without_remark(member, vocabulary));
        let mut parser = Parser::new(member, vocabulary, Span::new(span.end, span.end));
        parser.letters.extend(target.entry.iter().map(|letter| letter.value.clone()));
        let read = match target.kind {
            TargetKind::Shape => parser.shape().map(AnswerValue::Shape),
            _ => parser.whole().map(AnswerValue::Expression),
        };
        notes.append(&mut parser.notes);
        match read {
            Ok(value) => values.extend(last.replace(value)),
            Err(fault) if place + 1 == members.len() => return Err(fault),
            // What leads to the answer may be in any words; the last member is the answer.
            Err(fault) => notes.push(
                Diagnostic::note("N-chain", format!("a part of the chain is not read: {}", fault.message))
                    .at(fault.labels.first().map_or(span, |label| label.span), "here"),
            ),
        }
    }
    match last {
        Some(value) => Ok(Answer { target, earlier: values, value, source, span }),
        None => Err(Box::new(Diagnostic::error("E-latex", "there is no value").at(span, "here"))),
    }
}

/// `0.5 > 0` behind a sign of equality is 0.5, and a remark.
fn without_comparison(member: &[Token]) -> &[Token] {
    let Some(sign) = member.iter().position(|token| matches!(token.kind, Kind::Relation(_))) else { return member };
    let number = |token: &Token| matches!(token.kind, Kind::Number(_) | Kind::Operator(_) | Kind::Close('.'));
    let value = &member[..sign];
    let counts = value.iter().any(|token| matches!(token.kind, Kind::Number(_)));
    if counts && value.iter().all(number) { value } else { member }
}

/// A value without the shape that is told after it: `Z^\top (Y - X) \; (H \times D)`.
fn without_remark<'t>(member: &'t [Token], vocabulary: &Vocabulary) -> &'t [Token] {
    let Some(begins) = shape_remark(member).filter(|begins| *begins > 0) else { return member };
    let joined = matches!(member[begins - 1].kind, Kind::Operator(_) | Kind::Elementwise(_));
    let sizes = member[begins..].iter().all(|token| match &token.kind {
        Kind::Letter(name) | Kind::Word(name) => vocabulary.is_size(name),
        _ => true,
    });
    let named = member[begins..].iter().any(|token| matches!(token.kind, Kind::Letter(_) | Kind::Word(_)));
    if joined || !sizes || !named { member } else { &member[..begins] }
}
