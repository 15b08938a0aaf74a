//! What an answer is given to, in one form: every way of writing a derivative, typed or in LaTeX, as `\partial W` or a
//! fraction of differentials, without what says where it is taken.

use super::token::{Kind, Token};
use crate::syntax::ast::BinaryOp;
use crate::syntax::names::key;
use crate::syntax::vocabulary::Vocabulary;

/// Words before a name that make its gradient of it.
const GRADIENTS: [&str; 4] = ["grad", "grads", "gradient", "gradients"];

/// What programs put behind a name, the longer one first.
const ENDINGS: [&str; 4] = [".grad.data", ".grad", "_grad", "grad"];

/// A head in that form.
pub fn plain(head: &[Token], vocabulary: &Vocabulary) -> Vec<Token> {
    let mut tokens = within(without_place(head)).to_vec();
    layers(&mut tokens);
    primes(&mut tokens);
    error_signals(&mut tokens);
    let found = worded(&tokens, vocabulary)
        .or_else(|| quotient(&tokens))
        .or_else(|| primed(&tokens, vocabulary))
        .or_else(|| named(&tokens, vocabulary));
    found.unwrap_or(tokens)
}

/// Typed text puts no braces around what stands below: `\nabla_W2 L`.
pub fn grouped(tokens: Vec<Token>) -> Vec<Token> {
    let mut grouped: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut below = false;
    let name = |kind: &Kind| matches!(kind, Kind::Letter(_) | Kind::Number(_) | Kind::Word(_));
    for token in tokens {
        let after = grouped.last().is_some_and(|last| last.kind == Kind::Subscript);
        if below && (token.spaced || !name(&token.kind)) {
            below = false;
            grouped.push(Token { kind: Kind::GroupClose, spaced: false, ..token.clone() });
        } else if after && name(&token.kind) {
            below = true;
            grouped.push(Token { kind: Kind::GroupOpen, spaced: false, ..token.clone() });
        }
        grouped.push(token);
    }
    if let Some(last) = grouped.last().filter(|_| below).cloned() {
        grouped.push(Token { kind: Kind::GroupClose, ..last });
    }
    grouped
}

/// A head of these kinds at the place of `tokens`.
fn put(tokens: &[Token], kinds: impl IntoIterator<Item = Kind>) -> Vec<Token> {
    let span = tokens[0].span;
    kinds.into_iter().map(|kind| Token { kind, span, spaced: false }).collect()
}

/// `\partial W2`
fn partial(tokens: &[Token], name: &str) -> Vec<Token> {
    put(tokens, [Kind::Partial, Kind::Word(name.to_owned())])
}

/// Letters, numbers, points and what stands below as one text: `W2.grad`, `f_x`.
fn text(tokens: &[Token]) -> Option<String> {
    let part = |token: &Token| match &token.kind {
        Kind::Letter(text) | Kind::Number(text) | Kind::Word(text) => Some(text.replace(' ', "")),
        Kind::Accent(accent) => Some((*accent).to_owned()),
        Kind::Subscript => Some("_".to_owned()),
        Kind::GroupOpen | Kind::GroupClose => Some(String::new()),
        Kind::Other(sign) if sign == "." => Some(sign.clone()),
        _ => None,
    };
    tokens.iter().map(part).collect()
}

/// How many tokens are one name: letters and numbers without a space, with what stands below them.
fn name_length(tokens: &[Token]) -> usize {
    let joined = |(place, token): &(usize, &Token)| {
        matches!(token.kind, Kind::Letter(_) | Kind::Number(_) | Kind::Word(_)) && (*place == 0 || !token.spaced)
    };
    let run = tokens.iter().enumerate().take_while(joined).count();
    match tokens.get(run..) {
        Some([below, open, rest @ ..]) if below.kind == Kind::Subscript && open.kind == Kind::GroupOpen => {
            let close = rest.iter().position(|token| token.kind == Kind::GroupClose);
            run + 2 + close.map_or(rest.len(), |close| close + 1)
        }
        Some([below, _, ..]) if below.kind == Kind::Subscript => run + 2,
        _ => run,
    }
}

/// `\mathrm{grad}\,W_2`, `grad_{W2} L`, `grads['W2']`, `D_x f`.
fn worded(tokens: &[Token], vocabulary: &Vocabulary) -> Option<Vec<Token>> {
    match tokens {
        // `\nabla b\, L`
        [nabla, rest @ ..] if nabla.kind == Kind::Nabla => {
            let (name, of) = rest.split_at(name_length(rest));
            vocabulary.loss(&key(&text(of).filter(|_| !name.is_empty())?))?;
            let below = text(name).filter(|name| vocabulary.is_value(&key(name)))?;
            let kinds = [Kind::Nabla, Kind::Subscript, Kind::Word(below)];
            return (rest[0].kind != Kind::Subscript)
                .then(|| put(tokens, kinds).into_iter().chain(of.iter().cloned()).collect());
        }
        [Token { kind: Kind::Word(words), .. }, rest @ ..] if names_gradient(words) => {
            return Some(put(tokens, [Kind::Nabla]).into_iter().chain(rest.iter().cloned()).collect());
        }
        _ => {}
    }
    let length = tokens.iter().enumerate().take_while(|(place, token)| {
        matches!(token.kind, Kind::Letter(_) | Kind::Word(_)) && (*place == 0 || !token.spaced)
    });
    let length = length.count();
    let (word, rest) = tokens.split_at(length);
    let word = text(word)?;
    let below = rest.first().is_some_and(|sign| sign.kind == Kind::Subscript);
    if word == "D" && below {
        vocabulary.loss(&key(&text(rest.get(name_length(rest)..)?)?))?;
    } else if !GRADIENTS.contains(&word.to_lowercase().as_str()) || rest.is_empty() || vocabulary.is_value(&key(&word))
    {
        return None;
    }
    let quote = |token: &&Token| token.kind != Kind::Prime && token.kind != Kind::Other("\"".to_owned());
    if let [open, inside @ .., close] = rest
        && matches!(open.kind, Kind::Open(_))
        && matches!(close.kind, Kind::Close(_))
    {
        let inside: Vec<Token> = inside.iter().filter(quote).cloned().collect();
        return text(&inside).filter(|name| vocabulary.is_value(&key(name))).map(|name| partial(tokens, &name));
    }
    Some(put(tokens, [Kind::Nabla]).into_iter().chain(rest.iter().cloned()).collect())
}

/// `gradient of`, `the derivative of L with respect to`: what follows is differentiated by.
pub fn names_gradient(words: &str) -> bool {
    let small = words.to_lowercase();
    let mut words = small.split_whitespace().skip_while(|word| *word == "the");
    let derived = matches!(words.next(), Some("gradient" | "derivative"));
    derived && matches!(words.last(), Some("of" | "wrt" | "w.r.t." | "w.r.t" | "to"))
}

/// `dL/dW`, `\partial f(x, y)/\partial x`, `d/dx f`, `d^2/dx^2 f` as fractions.
fn quotient(tokens: &[Token]) -> Option<Vec<Token>> {
    let line = tokens.iter().position(|token| token.kind == Kind::Operator(BinaryOp::Div))?;
    let (over, under) = (without_braces(&tokens[..line]), without_braces(&tokens[line + 1..]));
    let sign = |token: &Token| match &token.kind {
        Kind::Partial => true,
        Kind::Letter(letter) => letter == "d" || letter == "delta",
        _ => false,
    };
    let (sign_over, over) = over.split_first().filter(|(first, _)| sign(first))?;
    let (_, under) = under.split_first().filter(|(first, _)| sign(first))?;
    let second = usize::from(over.first().is_some_and(|up| up.kind == Kind::Superscript));
    let order = if second == 0 { 0 } else { script_length(over) };
    let mut length = match under.first().map(|token| &token.kind) {
        Some(Kind::Open(_)) => under.iter().position(|token| matches!(token.kind, Kind::Close(_)))? + 1,
        _ => name_length(under),
    };
    if under.get(length).is_some_and(|up| up.kind == Kind::Superscript) {
        length += script_length(&under[length..]);
    }
    let (below, rest) = under.split_at(length.min(under.len()));
    // `d^2 f/dx dy` is left as it is.
    if below.is_empty()
        || rest.first().is_some_and(|token| order < over.len() && !matches!(token.kind, Kind::Open(_) | Kind::Bar))
    {
        return None;
    }
    let mark = |kind: Kind| Token { kind, ..sign_over.clone() };
    let group = |inside: &[Token]| {
        let inside = [mark(Kind::GroupOpen), mark(Kind::Partial)].into_iter().chain(inside.iter().cloned());
        inside.chain([mark(Kind::GroupClose)]).collect::<Vec<_>>()
    };
    let whole = [mark(Kind::Fraction)].into_iter().chain(group(over)).chain(group(below));
    Some(whole.chain(rest.iter().cloned()).collect())
}

/// `{\partial L}`
fn without_braces(tokens: &[Token]) -> &[Token] {
    match tokens {
        [open, inside @ .., close] if open.kind == Kind::GroupOpen && close.kind == Kind::GroupClose => inside,
        _ => tokens,
    }
}

/// How many tokens `^2` or `^{2}` has.
fn script_length(tokens: &[Token]) -> usize {
    match tokens.get(1).map(|token| &token.kind) {
        Some(Kind::GroupOpen) => tokens.iter().position(|token| token.kind == Kind::GroupClose).map_or(2, |at| at + 1),
        _ => 2,
    }
}

/// `W_2'`, where the gradient of `W2` is asked for.
fn primed(tokens: &[Token], vocabulary: &Vocabulary) -> Option<Vec<Token>> {
    let name = match tokens {
        [name @ .., up, prime] if up.kind == Kind::Superscript && prime.kind == Kind::Prime => text(name)?,
        [name @ .., prime] if prime.kind == Kind::Prime => text(name)?,
        _ => return None,
    };
    let asked = vocabulary.is_model_value(&key(&name)) && vocabulary.is_asked(&format!("d{name}"));
    asked.then(|| partial(tokens, &name))
}

/// Names that say a derivative by themselves: `W2.grad`, `dL_dW2`, `f_x`, `f_{xx}`.
fn named(tokens: &[Token], vocabulary: &Vocabulary) -> Option<Vec<Token>> {
    let bracket = tokens.iter().position(|token| token.kind == Kind::Open('('));
    let arguments = bracket.filter(|_| tokens.last().is_some_and(|last| last.kind == Kind::Close(')')));
    let written = text(&tokens[..arguments.unwrap_or(tokens.len())])?;
    let own = key(&written);
    if vocabulary.resolve(&own).is_some() || vocabulary.loss(&own).is_some_and(|loss| loss == own) {
        return None;
    }
    let known = |name: &str| vocabulary.is_value(&key(name));
    let asked = |name: &&str| vocabulary.is_asked(&format!("d{name}"));
    // `f_x(x, y)`, `L_{W_2}`
    for (at, _) in written.match_indices('_') {
        let (of, wrt) = (&written[..at], &written[at + 1..]);
        let Some(loss) = vocabulary.loss(&key(of)) else { continue };
        if asked(&wrt) {
            return Some(partial(tokens, wrt));
        }
        let half = &wrt[..wrt.len() / 2];
        if wrt.is_ascii() && !half.is_empty() && wrt[half.len()..] == *half && known(half) {
            let kinds = [Kind::Nabla, Kind::Superscript, Kind::Number("2".to_owned()), Kind::Subscript];
            return Some(put(tokens, kinds.into_iter().chain([Kind::Word(half.to_owned()), Kind::Word(loss)])));
        }
    }
    if arguments.is_some() {
        return None;
    }
    if let Some(name) = ENDINGS.iter().find_map(|ending| written.strip_suffix(ending)).filter(|name| known(name)) {
        return Some(partial(tokens, name));
    }
    let rest = written.strip_prefix('d').filter(|rest| rest.is_ascii())?;
    let runs = (1..rest.len()).filter(|at| vocabulary.loss(&rest[..*at]).is_some());
    let names = runs.filter_map(|at| rest[at..].trim_start_matches('_').strip_prefix('d'));
    names.map(|name| name.trim_start_matches('_')).find(|name| known(name)).map(|name| partial(tokens, name))
}

/// `f^{\prime\prime}` is `f''`.
fn primes(tokens: &mut Vec<Token>) {
    let Some(up) = tokens.iter().position(|token| token.kind == Kind::Superscript) else { return };
    let inside = tokens[up + 1..].iter().skip(1).take_while(|token| token.kind == Kind::Prime).count();
    let close = up + 2 + inside;
    if inside > 0 && tokens.get(close).is_some_and(|token| token.kind == Kind::GroupClose) {
        tokens.remove(close);
        tokens.drain(up..up + 2);
    }
}

/// `W^(1)` is `W^{(1)}`.
fn layers(tokens: &mut Vec<Token>) {
    let bare = |four: &[Token]| {
        four[0].kind == Kind::Superscript
            && matches!(four[1].kind, Kind::Open('(' | '['))
            && matches!(four[2].kind, Kind::Number(_))
            && matches!(four[3].kind, Kind::Close(')' | ']'))
    };
    let Some(at) = tokens.windows(4).position(bare) else { return };
    let (open, close) = (tokens[at + 1].clone(), tokens[at + 3].clone());
    tokens.insert(at + 4, Token { kind: Kind::GroupClose, ..close });
    tokens.insert(at + 1, Token { kind: Kind::GroupOpen, ..open });
}

/// `\right|_{t}`: where it is taken, unless a point is named.
fn without_place(head: &[Token]) -> &[Token] {
    let invisible = |token: &&Token| token.kind == Kind::Close('.');
    let numbering = |token: &&Token| token.kind == Kind::Other("\\#".to_owned());
    let skipped = head.first().as_ref().is_some_and(|first| invisible(first) || numbering(first));
    let head = if skipped { &head[1..] } else { head };
    let Some(bar) = head.iter().rposition(|token| token.kind == Kind::Bar) else { return head };
    let below = head.get(bar + 1).is_some_and(|token| token.kind == Kind::Subscript);
    let bound = head[bar..].iter().any(|token| token.kind == Kind::Equals);
    if below && !bound && bar > 0 { &head[..bar] } else { head }
}

/// What stands in one pair of brackets.
fn within(head: &[Token]) -> &[Token] {
    let [open, inside @ .., close] = head else { return head };
    if !matches!(open.kind, Kind::Open('(' | '[')) || !matches!(close.kind, Kind::Close(')' | ']')) {
        return head;
    }
    let mut depth = 0i32;
    for token in inside {
        match token.kind {
            Kind::Open(_) => depth += 1,
            Kind::Close(_) => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return head;
        }
    }
    let derived = inside.iter().any(|token| matches!(token.kind, Kind::Partial | Kind::Nabla | Kind::Fraction));
    if derived { inside } else { head }
}

/// `\delta_{W^{(1)}}` is `\partial W^{(1)}`.
fn error_signals(tokens: &mut Vec<Token>) {
    let is_delta = matches!(&tokens.first().map(|token| &token.kind), Some(Kind::Letter(letter)) if letter == "delta");
    let below = tokens.get(1).is_some_and(|token| token.kind == Kind::Subscript);
    let group = tokens.get(2).is_some_and(|token| token.kind == Kind::GroupOpen)
        && tokens.last().is_some_and(|token| token.kind == Kind::GroupClose);
    if is_delta && below && group && tokens[3..].iter().any(|token| token.kind == Kind::Superscript) {
        tokens.pop();
        tokens.drain(1..3);
        tokens[0].kind = Kind::Partial;
    }
}
