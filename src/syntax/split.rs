//! Names in plain answers that stand for more than one name: `ZW2` is `Z*W2` where only that split is known.

use super::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name};
use super::names::key;
use super::operands::{compact, map_operands};
use super::vocabulary::{Sense, Vocabulary};
use crate::diagnostic::Diagnostic;
use crate::limits::NAME_CHARACTERS;
use crate::span::Span;
use std::collections::BTreeSet;

/// The expression with products for names that are none, gradients for `δW2`, `exp` for `e^x`, and products for
/// `W'(Y - X)`. `indices` are the target's (`dW[i, j]`). A split that is not unique is an error.
pub fn split_names(expr: &Expr, vocabulary: &Vocabulary, indices: &[String]) -> Result<Expr, Diagnostic> {
    let mut splitter =
        Splitter { vocabulary, indices: indices_of(expr, indices), nodes: Vec::new(), places: Vec::new() };
    for node in &expr.nodes {
        let place = splitter.node(expr, node)?;
        splitter.places.push(place);
    }
    let root = splitter.whole(ExprId(expr.nodes.len() as u32 - 1));
    Ok(compact(&splitter.nodes, root))
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

/// What a node of the old arena is in the new one.
#[derive(Clone)]
enum Place {
    Node(ExprId),
    /// A product that is not written yet, so that a power, a transpose or an index takes its last factor only.
    Product {
        before: Vec<ExprId>,
        last: ExprId,
    },
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
    nodes: Vec<ExprNode>,
    places: Vec<Place>,
}

impl Splitter<'_> {
    fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.nodes.push(ExprNode { kind, span });
        ExprId(self.nodes.len() as u32 - 1)
    }

    fn name(&mut self, text: String, span: Span) -> ExprId {
        self.push(ExprKind::Name(Name { text, index: None, span }), span)
    }

    fn times(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> ExprId {
        let span = self.nodes[left.0 as usize].span.to(self.nodes[right.0 as usize].span);
        self.push(ExprKind::Binary { op, left, right }, span)
    }

    /// The new node of an old one; a product is written now.
    fn whole(&mut self, old: ExprId) -> ExprId {
        match self.places[old.0 as usize].clone() {
            Place::Node(id) => id,
            Place::Product { before, last } => {
                let mut factors = before.into_iter().chain([last]);
                let first = factors.next().unwrap_or(last);
                factors.fold(first, |left, right| self.times(BinaryOp::Mul, left, right))
            }
        }
    }

    fn node(&mut self, expr: &Expr, node: &ExprNode) -> Result<Place, Diagnostic> {
        let span = node.span;
        match &node.kind {
            ExprKind::Name(name) if name.index.is_none() => self.split(name),
            ExprKind::Call { callee, arguments, options } if callee.index.is_none() => {
                let arguments = arguments.iter().map(|argument| self.whole(*argument)).collect();
                self.call(callee, span, |callee| ExprKind::Call { callee, arguments, options: options.clone() })
            }
            ExprKind::Prime { callee, primes, argument } => {
                let argument = self.whole(*argument);
                if self.vocabulary.is_value(&callee.key()) {
                    return Ok(self.transposed_factor(callee, *primes, argument));
                }
                self.call(callee, span, |callee| ExprKind::Prime { callee, primes: *primes, argument })
            }
            ExprKind::Gradient { of, wrt } => Ok(Place::Node(self.quotient(of, wrt, span))),
            // `1^T (Y - X)`
            ExprKind::Transpose(of) if self.is_ones(expr, *of) => {
                let ones = self.name("ones".to_owned(), span);
                Ok(Place::Node(self.push(ExprKind::Transpose(ones), span)))
            }
            ExprKind::Transpose(of)
            | ExprKind::Entry { of, .. }
            | ExprKind::Binary { op: BinaryOp::Pow, left: of, .. } => self.postfix(expr, node, *of),
            ExprKind::Binary { op: op @ (BinaryOp::Mul | BinaryOp::Div), left, right } => {
                self.product(*op, *left, *right, span)
            }
            kind => {
                let kind = map_operands(kind, &mut |id| self.whole(id));
                Ok(Place::Node(self.push(kind, span)))
            }
        }
    }

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

    /// `W'(Y - X)`
    fn transposed_factor(&mut self, callee: &Name, primes: u32, argument: ExprId) -> Place {
        let mut factor = self.name(callee.text.clone(), callee.span);
        for _ in 0..primes {
            factor = self.push(ExprKind::Transpose(factor), callee.span);
        }
        Place::Product { before: vec![factor], last: argument }
    }

    /// `dL/dW`, which is a plain quotient where both are names of their own.
    fn quotient(&mut self, of: &Name, wrt: &Name, span: Span) -> ExprId {
        let own = |name: &Name| self.vocabulary.is_value(&format!("d{}", name.key()));
        if own(of) && own(wrt) {
            let left = self.name(format!("d{}", of.text), of.span);
            let right = self.name(format!("d{}", wrt.text), wrt.span);
            return self.times(BinaryOp::Div, left, right);
        }
        let of = Name { text: self.vocabulary.loss(&of.key()).unwrap_or_else(|| of.text.clone()), ..of.clone() };
        self.push(ExprKind::Gradient { of, wrt: wrt.clone() }, span)
    }

    /// A power, a transpose or an index: of the last factor.
    fn postfix(&mut self, expr: &Expr, node: &ExprNode, of: ExprId) -> Result<Place, Diagnostic> {
        // `Z^t`, `Z**T`, where there is no such name
        if let ExprKind::Binary { right, .. } = &node.kind
            && let ExprKind::Name(name) = &expr.node(*right).kind
            && matches!(name.text.as_str(), "t" | "T")
            && !self.vocabulary.is_value(&name.text)
            && !self.indices.contains(&name.text)
        {
            let turned = ExprNode { kind: ExprKind::Transpose(of), span: node.span };
            return self.postfix(expr, &turned, of);
        }
        if let (ExprKind::Name(name), ExprKind::Binary { right, .. }) = (&expr.node(of).kind, &node.kind)
            && name.text == "e"
            && !self.vocabulary.is_value("e")
        {
            let callee = Name { text: "exp".to_owned(), ..name.clone() };
            let arguments = vec![self.whole(*right)];
            return Ok(Place::Node(self.push(ExprKind::Call { callee, arguments, options: Vec::new() }, node.span)));
        }
        let bracketed = matches!(&expr.node(of).kind, ExprKind::Name(name) if name.span != expr.node(of).span);
        let (before, last) = match self.places[of.0 as usize].clone() {
            Place::Node(id) => (Vec::new(), id),
            Place::Product { .. } if bracketed => (Vec::new(), self.whole(of)),
            Place::Product { before, last } => (before, last),
        };
        let kind = map_operands(&node.kind, &mut |id| if id == of { last } else { self.whole(id) });
        let last = self.push(kind, Span::new(self.nodes[last.0 as usize].span.start, node.span.end));
        Ok(if before.is_empty() { Place::Node(last) } else { Place::Product { before, last } })
    }

    fn product(&mut self, op: BinaryOp, left: ExprId, right: ExprId, span: Span) -> Result<Place, Diagnostic> {
        let left = self.whole(left);
        let Place::Product { before, last } = self.places[right.0 as usize].clone() else {
            let right = self.whole(right);
            return Ok(Place::Node(self.push(ExprKind::Binary { op, left, right }, span)));
        };
        if op == BinaryOp::Div {
            let fault = Diagnostic::error("E-ambiguous", "what stands after this `/` can be read in two ways");
            return Err(fault.at(span, "here").help("write `a/(b*c)` or `(a/b)*c`"));
        }
        let factors = before.into_iter().chain([last]);
        Ok(Place::Node(factors.fold(left, |left, right| self.times(BinaryOp::Mul, left, right))))
    }

    fn call(&mut self, callee: &Name, span: Span, build: impl FnOnce(Name) -> ExprKind) -> Result<Place, Diagnostic> {
        let renamed = |text: String| Name { text, index: None, span: callee.span };
        if self.vocabulary.is_value(&callee.key()) {
            return Ok(Place::Node(self.push(build(callee.clone()), span)));
        }
        if let Some(operator) = self.vocabulary.operator(&callee.text) {
            let kind = build(renamed(operator.to_owned()));
            return Ok(Place::Node(self.push(kind, span)));
        }
        let Some(mut parts) = self.parts(callee, true)? else {
            return Ok(Place::Node(self.push(build(callee.clone()), span)));
        };
        let last = match parts.pop() {
            Some(Part::Value(text) | Part::Operator(text)) => self.push(build(renamed(text)), span),
            None => self.push(build(callee.clone()), span),
        };
        let before = self.factors(parts, callee.span);
        Ok(if before.is_empty() { Place::Node(last) } else { Place::Product { before, last } })
    }

    fn factors(&mut self, parts: Vec<Part>, span: Span) -> Vec<ExprId> {
        let text = |part| match part {
            Part::Value(text) | Part::Operator(text) => text,
        };
        parts.into_iter().map(|part| self.name(text(part), span)).collect()
    }

    fn split(&mut self, name: &Name) -> Result<Place, Diagnostic> {
        let unchanged = |splitter: &mut Self| Ok(Place::Node(splitter.push(ExprKind::Name(name.clone()), name.span)));
        let known = key(&name.text);
        if self.vocabulary.is_value(&known) || self.indices.contains(&known) || name.text == "e" {
            return unchanged(self);
        }
        if let Some((text, Sense::Gradient)) = self.vocabulary.resolve_part(&known) {
            return Ok(Place::Node(self.name(text, name.span)));
        }
        if let Some(entry) = self.entry(name) {
            return Ok(Place::Node(entry));
        }
        match self.parts(name, false)? {
            None => unchanged(self),
            Some(parts) => {
                let mut before = self.factors(parts, name.span);
                match before.pop() {
                    Some(last) => Ok(Place::Product { before, last }),
                    None => unchanged(self),
                }
            }
        }
    }

    /// `Z_ki`, where `Z` is known and `k` and `i` are indices.
    fn entry(&mut self, name: &Name) -> Option<ExprId> {
        let (base, below) = name.text.rsplit_once('_')?;
        let (base, _) = self.vocabulary.resolve(&key(base))?;
        let letters: Vec<String> = key(below).chars().map(String::from).collect();
        let indices =
            !letters.is_empty() && letters.len() <= 4 && letters.iter().all(|letter| self.indices.contains(letter));
        if !indices {
            return None;
        }
        let of = self.name(base, name.span);
        let indices = letters.into_iter().map(|letter| self.name(letter, name.span)).collect();
        Some(self.push(ExprKind::Entry { of, indices }, name.span))
    }

    /// The known names that a name is made of, if there are several and only one way to part them.
    fn parts(&self, name: &Name, called: bool) -> Result<Option<Vec<Part>>, Diagnostic> {
        let text = key(&name.text);
        if text.len() > NAME_CHARACTERS {
            return Ok(None);
        }
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        // For each beginning: in how many ways it can be parted (2 stands for many), and its last part.
        let mut ways: Vec<(u8, Option<(Part, usize)>)> = vec![(0, None); places.len()];
        ways[0].0 = 1;
        for end in 1..places.len() {
            for begin in (0..end).rev() {
                let part = &text[places[begin]..places[end]];
                if part.len() > self.vocabulary.longest() {
                    break;
                }
                if ways[begin].0 == 0 || part.starts_with(|c: char| c.is_ascii_digit()) {
                    continue;
                }
                let last = end + 1 == places.len();
                if let Some(part) = self.part(part, called && last) {
                    ways[end] = ((ways[end].0 + ways[begin].0).min(2), Some((part, begin)));
                }
            }
        }
        match ways[places.len() - 1].0 {
            0 => Ok(None),
            1 => {
                let mut parts = Vec::new();
                let mut end = places.len() - 1;
                while let Some((part, begin)) = ways[end].1.take() {
                    parts.push(part);
                    end = begin;
                }
                parts.reverse();
                Ok(Some(parts))
            }
            _ => {
                let message = format!("`{}` can be split into known names in more than one way", name.text);
                let fault = Diagnostic::error("E-ambiguous", message).at(name.span, "here");
                Err(fault.help("put a space or `*` between the factors"))
            }
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
            .map(|expr| print_expression(&expr))
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
            ("XW(Y - X)", "X*W(Y - X)"),
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
