//! Names in plain answers that stand for more than one name: `ZW2` is `Z*W2` where only that split is known.

use super::Reading;
use super::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name, Sign};
use super::names::key;
use super::parting::{Parting, parted};
use super::products::{Arena, Doubt, Names, Place, Product, Usual, rewritten};
use super::vocabulary::{Sense, Vocabulary};
use crate::diagnostic::Diagnostic;
use crate::limits::NAME_CHARACTERS;
use crate::span::Span;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The expression with products for names that are none, gradients for `δW2`, `exp` for `e^x`, and products for
/// `W'(Y - X)`, with notes on what could be read otherwise. `indices` are the target's (`dW[i, j]`). A split that is
/// not unique is an error.
pub fn split_names(expr: &Expr, vocabulary: &Vocabulary, indices: &[String]) -> Result<Reading<Expr>, Diagnostic> {
    let mut splitter = Splitter { vocabulary, indices: indices_of(expr, indices), notes: Vec::new() };
    let value = rewritten(expr, &mut splitter)?;
    Ok(Reading { value, notes: splitter.notes })
}

/// The names of indices: of the target, and of all sums.
fn indices_of(expr: &Expr, given: &[String]) -> BTreeSet<String> {
    let mut indices: BTreeSet<String> = given.iter().cloned().collect();
    for node in &expr.nodes {
        if let ExprKind::Sum { indices: own, .. } = &node.kind {
            indices.extend(own.iter().map(|index| index.name.value.clone()));
        }
    }
    indices
}

/// What a piece of a name is.
#[derive(Clone)]
enum Part {
    Value(String),
    Operator(String),
}

struct Splitter<'a> {
    vocabulary: &'a Vocabulary,
    indices: BTreeSet<String>,
    notes: Vec<Diagnostic>,
}

impl Names for Splitter<'_> {
    fn place(&mut self, arena: &mut Arena<'_>, node: &ExprNode) -> Result<Option<Place>, Diagnostic> {
        let span = node.span;
        match &node.kind {
            ExprKind::Name(name) if self.operator(name).is_some() => Ok(None),
            ExprKind::Name(name) if name.index.is_none() => self.split(arena, name),
            ExprKind::Call { .. } if matches!(node.written.sign, Sign::Space | Sign::Sigma | Sign::Bars) => Ok(None),
            ExprKind::Call { callee, arguments, options } if callee.index.is_none() => {
                if let ([only], true, true) =
                    (arguments.as_slice(), options.is_empty(), self.vocabulary.is_value(&callee.key()))
                {
                    return Ok(Some(arena.called(callee.clone(), *only)));
                }
                let moved: Vec<ExprId> = arguments.iter().map(|argument| arena.whole(*argument)).collect();
                let alone = (moved.len() == 1 && options.is_empty()).then(|| moved[0]);
                let build = |callee| ExprKind::Call { callee, arguments: moved, options: options.clone() };
                self.call(arena, callee, span, alone, build)
            }
            ExprKind::Prime { callee, primes, argument } => {
                let argument = arena.whole(*argument);
                if self.vocabulary.is_value(&callee.key()) {
                    return Ok(Some(transposed_factor(arena, callee, *primes, argument)));
                }
                self.call(arena, callee, span, None, |callee| ExprKind::Prime { callee, primes: *primes, argument })
            }
            ExprKind::Gradient { of, wrt } => Ok(Some(Place::Node(self.quotient(arena, of, wrt, span)))),
            // `1^T (Y - X)`
            ExprKind::Transpose(of) if self.is_ones(arena.expr, *of) => {
                let ones = arena.name("ones".to_owned(), span);
                Ok(Some(Place::Node(arena.push(ExprKind::Transpose(ones), span))))
            }
            ExprKind::Binary { op: BinaryOp::Pow, left, right } => self.power(arena, node, *left, *right),
            _ => Ok(None),
        }
    }

    /// A word of several letters that is no value; the ones of fitting length are a name without a bracket.
    fn operator(&self, name: &Name) -> Option<String> {
        let own = name.text == "ones" || self.vocabulary.is_value(&name.key());
        let word = name.index.is_none() && name.text.len() > 1 && !own;
        self.vocabulary.operator(&name.text).filter(|_| word).map(str::to_owned)
    }

    /// A bracket after a quotient is told of; names that stand together there are refused.
    fn doubt(&mut self, doubt: Doubt) -> Result<(), Diagnostic> {
        match doubt.usual {
            Usual::InAnswers | Usual::Everywhere => self.notes.push(doubt.told()),
            Usual::Nowhere => return Err(doubt.refused()),
        }
        Ok(())
    }
}

/// `W'(Y - X)`
fn transposed_factor(arena: &mut Arena<'_>, callee: &Name, primes: u32, last: ExprId) -> Place {
    let mut factor = arena.name(callee.text.clone(), callee.span);
    for _ in 0..primes {
        factor = arena.push(ExprKind::Transpose(factor), callee.span);
    }
    Place::Product(Product { before: vec![factor], last, bracket: true })
}

impl Splitter<'_> {
    /// Whether a 1 that is transposed is the vector of ones: not among scalars.
    fn is_ones(&self, expr: &Expr, of: ExprId) -> bool {
        let list = |node: &ExprNode| match &node.kind {
            ExprKind::Name(name) => {
                let key = key(&name.text);
                self.vocabulary.is_list(&key) || !self.vocabulary.is_model_value(&key)
            }
            _ => false,
        };
        expr.node(of).kind == ExprKind::Number("1".to_owned()) && expr.nodes.iter().any(list)
    }

    /// `dL/dW`, which is a plain quotient where both are names of their own.
    fn quotient(&self, arena: &mut Arena<'_>, of: &Name, wrt: &Name, span: Span) -> ExprId {
        let own = |name: &Name| self.vocabulary.is_value(&format!("d{}", name.key()));
        if own(of) && own(wrt) {
            let left = arena.name(format!("d{}", of.text), of.span);
            let right = arena.name(format!("d{}", wrt.text), wrt.span);
            return arena.times(BinaryOp::Div, Sign::Own, left, right);
        }
        let of = Name { text: self.vocabulary.loss(&of.key()).unwrap_or_else(|| of.text.clone()), ..of.clone() };
        arena.push(ExprKind::Gradient { of, wrt: wrt.clone() }, span)
    }

    /// `Z^t` and `Z**T` are transposes where there is no such name, `e^x` is the exponential.
    fn power(
        &mut self,
        arena: &mut Arena<'_>,
        node: &ExprNode,
        left: ExprId,
        right: ExprId,
    ) -> Result<Option<Place>, Diagnostic> {
        // `S^-T`
        if let ExprKind::Negate(of) = &arena.expr.node(right).kind
            && self.is_transpose_sign(arena.expr, *of)
            && let Place::Node(base) = *arena.place(left)
        {
            let one = arena.push(ExprKind::Number("1".to_owned()), node.span);
            let minus_one = arena.push(ExprKind::Negate(one), node.span);
            let inverse = arena.times(BinaryOp::Pow, Sign::Own, base, minus_one);
            return Ok(Some(Place::Node(arena.push(ExprKind::Transpose(inverse), node.span))));
        }
        if self.is_transpose_sign(arena.expr, right) {
            let turned = node.with(ExprKind::Transpose(left));
            return arena.postfix(&turned, left, self).map(Some);
        }
        if let ExprKind::Name(name) = &arena.expr.node(left).kind
            && name.text == "e"
            && !self.vocabulary.is_value("e")
        {
            let callee = Name { text: "exp".to_owned(), ..name.clone() };
            let (exponent, rest) = arena.exponent(right, self)?;
            let kind = ExprKind::Call { callee, arguments: vec![exponent], options: Vec::new() };
            let value = arena.push(kind, node.span);
            return Ok(Some(arena.joined(None, value, rest)));
        }
        Ok(None)
    }

    /// `T` or `t` where it is no name.
    fn is_transpose_sign(&self, expr: &Expr, id: ExprId) -> bool {
        let ExprKind::Name(name) = &expr.node(id).kind else { return false };
        matches!(name.text.as_str(), "t" | "T")
            && !self.vocabulary.is_value(&name.text)
            && !self.indices.contains(&name.text)
    }

    /// A call by a name that nobody knows: an operator by another name, or several names.
    fn call(
        &self,
        arena: &mut Arena<'_>,
        callee: &Name,
        span: Span,
        alone: Option<ExprId>,
        build: impl FnOnce(Name) -> ExprKind,
    ) -> Result<Option<Place>, Diagnostic> {
        let renamed = |text: String| Name { text, index: None, span: callee.span };
        if self.vocabulary.is_value(&callee.key()) {
            return Ok(Some(Place::Node(arena.push(build(callee.clone()), span))));
        }
        if let Some(operator) = self.vocabulary.operator(&callee.text) {
            let kind = build(renamed(operator.to_owned()));
            return Ok(Some(Place::Node(arena.push(kind, span))));
        }
        let parts = self.parts(callee, true)?;
        let mut parts = parts.unwrap_or_else(|| vec![Part::Operator(callee.text.clone())]);
        let (last, bracket) = match (parts.last(), alone) {
            (Some(Part::Value(_)), Some(argument)) => (argument, true),
            _ => match parts.pop() {
                Some(Part::Value(text) | Part::Operator(text)) => (arena.push(build(renamed(text)), span), false),
                None => (arena.push(build(callee.clone()), span), false),
            },
        };
        let before = factors(arena, parts, callee.span);
        let product = Product { before, last, bracket };
        Ok(Some(if product.before.is_empty() { Place::Node(last) } else { Place::Product(product) }))
    }

    /// The factors of a name that is none; `None`: it stays as it is.
    fn split(&self, arena: &mut Arena<'_>, name: &Name) -> Result<Option<Place>, Diagnostic> {
        let known = key(&name.text);
        if self.vocabulary.is_value(&known) || self.indices.contains(&known) || name.text == "e" {
            return Ok(None);
        }
        if let Some((text, Sense::Gradient)) = self.vocabulary.resolve_part(&known) {
            return Ok(Some(Place::Node(arena.name(text, name.span))));
        }
        if let Some(entry) = self.entry(arena, name) {
            return Ok(Some(Place::Node(entry)));
        }
        let Some(parts) = self.parts(name, false)? else { return Ok(None) };
        let mut before = factors(arena, parts, name.span);
        Ok(before.pop().map(|last| match before.is_empty() {
            true => Place::Node(last),
            false => Place::Product(Product { before, last, bracket: false }),
        }))
    }

    /// `Z_ki` of indices `k` and `i`, `u_2`, `M_{13}`, `M₁₃`, where `Z`, `u` and `M` are known.
    fn entry(&self, arena: &mut Arena<'_>, name: &Name) -> Option<ExprId> {
        let lowered = name.text.find(|c: char| ('₀'..='₉').contains(&c));
        let (base, below) = name.text.rsplit_once('_').or_else(|| Some(name.text.split_at(lowered?)))?;
        let (base, _) = self.vocabulary.resolve(&key(base))?;
        let parts: Vec<String> = key(below).chars().map(String::from).collect();
        let numbers = parts.iter().all(|part| part.starts_with(|c: char| c.is_ascii_digit()));
        let letters = parts.iter().all(|part| self.indices.contains(part));
        let fits = letters && parts.len() <= 4 || numbers && parts.len() <= 2 && self.vocabulary.is_list(&key(&base));
        if parts.is_empty() || !fits {
            return None;
        }
        let of = arena.name(base, name.span);
        let index = |part: String| match numbers {
            true => arena.push(ExprKind::Number(part), name.span),
            false => arena.name(part, name.span),
        };
        let indices = parts.into_iter().map(index).collect();
        Some(arena.push(ExprKind::Entry { of, indices }, name.span))
    }

    /// The known names that a name is made of, if there are several and only one way to part them.
    fn parts(&self, name: &Name, called: bool) -> Result<Option<Vec<Part>>, Diagnostic> {
        let text = key(&name.text);
        if text.len() > NAME_CHARACTERS {
            return Ok(None);
        }
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let known = |begin: usize, end: usize| {
            let part = &text[places[begin]..places[end]];
            if part.len() > self.vocabulary.longest() {
                return ControlFlow::Break(());
            }
            let digits = part.starts_with(|c: char| c.is_ascii_digit());
            let part = if digits { None } else { self.part(part, called && end + 1 == places.len()) };
            ControlFlow::Continue(part)
        };
        match parted(places.len() - 1, known) {
            Parting::None => Ok(None),
            Parting::One(parts) => Ok(Some(parts.into_iter().map(|(part, _)| part).collect())),
            Parting::Several => Err(several(&name.text, name.span)),
        }
    }

    fn part(&self, text: &str, called: bool) -> Option<Part> {
        if let Some((text, _)) = self.vocabulary.resolve_part(text) {
            return Some(Part::Value(text));
        }
        let operator = self.vocabulary.operator(text).filter(|_| called)?;
        Some(Part::Operator(operator.to_owned()))
    }
}

/// What is said of letters that can be parted in several ways.
pub fn several(text: &str, span: Span) -> Diagnostic {
    let message = format!("`{text}` can be split into known names in more than one way");
    Diagnostic::error("E-ambiguous", message).at(span, "here").help("put a space or a sign between the factors")
}

fn factors(arena: &mut Arena<'_>, parts: Vec<Part>, span: Span) -> Vec<ExprId> {
    let text = |part| match part {
        Part::Value(text) | Part::Operator(text) => text,
    };
    parts.into_iter().map(|part| arena.name(text(part), span)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{print_expression, read_expression};

    fn split(text: &str) -> Result<String, &'static str> {
        let vocabulary = Vocabulary::new(
            ["X", "Y", "Z", "W", "W1", "W2", "b1", "a", "x", "N", "ab", "b"],
            ["relu", "sigmoid", "softmax"],
        )
        .with_lists(["Z".to_owned()].into_iter());
        let expr = read_expression(text).unwrap().value;
        split_names(&expr, &vocabulary, &["k".to_owned(), "i".to_owned()])
            .map(|read| print_expression(&read.value))
            .map_err(|fault| fault.code)
    }

    #[test]
    fn names_are_split_where_only_one_split_is_known() {
        for (text, expected) in [
            ("ZW2", "Z*W2"),
            ("XW1 + b1", "X*W1 + b1"),
            ("ZW2^T", "Z*W2^T"),
            ("ZW2'", "Z*W2^T"),
            ("A*ZW2", "A*Z*W2"),
            ("2*ax^2", "2*a*x^2"),
            ("-ax", "-(a*x)"),
            ("Wrelu(ZW2)", "W*relu(Z*W2)"),
            ("XW(Y - X)", "X*W*(Y - X)"),
            ("(X - Z)/(a(1 - a))", "(X - Z)/(a*(1 - a))"),
            ("e^-x(1 - x)", "exp(-x)*(1 - x)"),
            ("1/N(X - Y)", "(1/N)*(X - Y)"),
            ("XW_1", "X*W1"),
            ("δW2", "dW2"),
            ("deltaW2*X", "dW2*X"),
            ("XdZ", "X*dZ"),
            ("e^-x", "exp(-x)"),
            ("Softmax(Z)", "softmax(Z)"),
            ("σ(Z)", "sigmoid(Z)"),
            ("Z_ki*Z_{ki}", "Z[k, i]*Z[k, i]"),
            ("1^T Z", "ones^T*Z"),
            ("1ᵀ Z", "ones^T*Z"),
            ("(1^T*a^T)^T", "(1^T*a^T)^T"),
            ("Q", "Q"),
            ("QZ", "QZ"),
            ("ab", "ab"),
            ("W1", "W1"),
        ] {
            assert_eq!(split(text), Ok(expected.to_owned()), "{text}");
        }
        assert_eq!(split("xab"), Err("E-ambiguous"));
        assert_eq!(split("1/ax"), Err("E-ambiguous"));
    }
}
