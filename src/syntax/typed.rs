//! What people type in plain answers and a problem may not say: comparisons and cases, sums over indices, and the
//! spellings of Python. Each spelling that is read as another one is told of in a note.

use super::ast::{BinaryOp, ExprId, ExprKind, Fold, Name, NamedOption, OptionValue, Sign, Spanned};
use super::construct::{Built, Construct};
use super::expression::{Arena, relation_of, two};
use super::grammar::Rule;
use super::matrix;
use crate::span::Span;
use pest::iterators::{Pair, Pairs};

/// `len(y)`, `X.shape[0]`: the number of rows, or of columns.
pub const SIDE: &str = "side";

/// Functions of numerical libraries that are operators here.
pub const BINARY: [(&str, BinaryOp); 12] = [
    ("matmul", BinaryOp::Mul),
    ("mm", BinaryOp::Mul),
    ("multiply", BinaryOp::ElementwiseMul),
    ("mul", BinaryOp::ElementwiseMul),
    ("divide", BinaryOp::ElementwiseDiv),
    ("div", BinaryOp::ElementwiseDiv),
    ("add", BinaryOp::Add),
    ("subtract", BinaryOp::Sub),
    ("sub", BinaryOp::Sub),
    ("power", BinaryOp::Pow),
    ("pow", BinaryOp::Pow),
    ("float_power", BinaryOp::Pow),
];

/// Those of them, and others, that are read without the library's name too.
pub const LIBRARY_WORDS: [&str; 23] = [
    "Matrix",
    "array",
    "asarray",
    "cbrt",
    "dot",
    "float",
    "inner",
    "int",
    "len",
    "length",
    "matmul",
    "matrix",
    "multiply",
    "ones_like",
    "outer",
    "size",
    "square",
    "tensor",
    "transpose",
    "vdot",
    "where",
    "zeros",
    "zeros_like",
];

/// Functions that change how a value is kept, and not the value.
const IDENTITIES: [&str; 17] = [
    "Matrix", "matrix", "array", "asarray", "tensor", "astype", "float", "int", "double", "long", "int32", "int64",
    "float32", "float64", "copy", "detach", "item",
];

/// Functions by another name.
const RENAMED: [(&str, &str); 11] = [
    ("fabs", "abs"),
    ("identity", "eye"),
    ("len", SIDE),
    ("length", SIDE),
    ("size", SIDE),
    ("absolute", "abs"),
    ("amax", "max"),
    ("amin", "min"),
    ("fmax", "maximum"),
    ("fmin", "minimum"),
    ("clamp", "clip"),
];

/// The last axis of a matrix.
const LAST_AXIS: &str = "1";

/// Functions with an axis, which may stand as the second argument.
pub const ALONG_AN_AXIS: [&str; 6] = ["sum", "mean", "max", "min", "softmax", "norm"];

/// Options by another name, each with its operator.
const RENAMED_OPTIONS: [(&str, &str, &str); 2] = [("clip", "min", "low"), ("clip", "max", "high")];

impl Arena<'_, '_> {
    /// `a`, `a > b` or `a if … else b`.
    pub fn formula(&self, mut pairs: Pairs<'_, Rule>) -> ExprId {
        match pairs.peek().map(|part| part.as_rule()) {
            Some(Rule::Spoken) => return pairs.next().map(|spoken| self.spoken(spoken)).expect("it was just seen"),
            // `[7, 10], [15, 22]`
            Some(Rule::Expr) if pairs.clone().nth(1).is_some_and(|second| second.as_rule() == Rule::Matrix) => {
                let span = pairs.clone().fold(None, |all: Option<Span>, part| {
                    let span = self.builder.span(&part);
                    Some(all.map_or(span, |all| all.to(span)))
                });
                let row = |part: Pair<'_, Rule>| match part.as_rule() {
                    Rule::Matrix => matrix::build(self, part),
                    _ => self.tree(part.into_inner()),
                };
                let rows = pairs.map(row).collect();
                return self.list(rows, span.unwrap_or_default());
            }
            _ => {}
        }
        let ternary = pairs.clone().nth(1).filter(|second| second.as_rule() == Rule::Ternary);
        let Some(ternary) = ternary else { return self.comparison(pairs) };
        let value = pairs.next().map(|value| self.tree(value.into_inner())).expect("a formula has a value");
        let span = self.span_of(value).to(self.builder.span(&ternary));
        let (condition, other) = two(&mut ternary.into_inner());
        let condition = Some(self.condition(condition));
        let other = self.tree(other.into_inner());
        self.or_told(value, |mut arena| arena.cased([(value, condition), (other, None)], span))
    }

    /// Expressions with relations between them: the indicator that all hold; one expression is itself.
    pub fn comparison(&self, pairs: Pairs<'_, Rule>) -> ExprId {
        let (mut relation, mut parts) = (None, Vec::new());
        for pair in pairs {
            match pair.as_rule() {
                Rule::Relation => relation = Some(relation_of(&pair)),
                _ => parts.push((relation.take(), self.tree(pair.into_inner()))),
            }
        }
        let others = parts.iter().skip(1).filter_map(|(relation, id)| Some(((*relation)?, *id))).collect();
        let first = parts.first().map(|(_, id)| *id).expect("a comparison has an expression");
        self.or_told(first, |mut arena| arena.compared(first, others))
    }

    /// What was built; of what can't be the fault is told, and `instead` stays.
    pub fn or_told(&self, instead: ExprId, build: impl FnOnce(&Self) -> Built) -> ExprId {
        build(self).unwrap_or_else(|fault| {
            self.builder.fault(*fault);
            instead
        })
    }

    /// Operands and operators of a matrix's cell, which may be a comparison.
    pub fn cell(&self, pairs: Pairs<'_, Rule>) -> ExprId {
        let Some(place) = pairs.clone().position(|pair| pair.as_rule() == Rule::Relation) else {
            return self.tree(pairs);
        };
        let all: Vec<Pair<'_, Rule>> = pairs.collect();
        let left = self.tree(all[..place].iter().cloned());
        let right = self.tree(all[place + 1..].iter().cloned());
        self.or_told(left, |mut arena| arena.indicator(relation_of(&all[place]), left, right))
    }

    fn times(&self, op: BinaryOp, left: ExprId, right: ExprId) -> ExprId {
        let span = self.span_of(left).to(self.span_of(right));
        self.push(ExprKind::Binary { op, left, right }, span)
    }

    pub fn is_one(&self, id: ExprId) -> bool {
        self.inspect(id, |kind| matches!(kind, ExprKind::Number(number) if number == "1"))
    }

    fn condition(&self, pair: Pair<'_, Rule>) -> ExprId {
        let truths = pair.into_inner().map(|truth| self.comparison(truth.into_inner()));
        let all = truths.fold(None, |all, truth| Some(self.or_told(truth, |mut arena| arena.both(all, truth))));
        all.expect("a condition has a comparison")
    }

    /// Norms, absolute values, derivatives by a prime, cases.
    pub fn typed(&self, pair: Pair<'_, Rule>) -> ExprId {
        let span = self.builder.span(&pair);
        match pair.as_rule() {
            Rule::Norm => self.norm(pair, "2", span),
            Rule::Bars => self.norm(pair, "", span),
            Rule::Prime => self.prime(pair, span),
            _ => {
                let cases: Vec<_> = pair.into_inner().map(|case| self.case(case)).collect();
                self.or_told(cases[0].0, |mut arena| arena.cased(cases, span))
            }
        }
    }

    /// What stands between bars, with what says which norm it is.
    fn norm<'i>(&self, pair: Pair<'i, Rule>, mut which: &'i str, span: Span) -> ExprId {
        let mut inner = pair.into_inner();
        let of = inner.next().map(|of| self.tree(of.into_inner())).expect("a norm has an operand");
        let mut squared = None;
        for part in inner.clone() {
            match part.as_rule() {
                Rule::NormKind => which = if part.as_str() == "∞" { "inf" } else { part.as_str() },
                _ => squared = Some(self.builder.span(&part)),
            }
        }
        let bars = |mut arena: &Self| match which {
            "" => arena.of_operator("abs", of, span),
            which => arena.normed(of, which, span),
        };
        let norm = self.or_told(of, bars);
        let Some(place) = squared else {
            return self.mark(norm, |how| how.sign = if which.is_empty() { Sign::Bars } else { Sign::Own });
        };
        let right = self.push(ExprKind::Number("2".to_owned()), place);
        self.push(ExprKind::Binary { op: BinaryOp::Pow, left: norm, right }, span)
    }

    pub fn call_of(&self, operator: &str, arguments: Vec<ExprId>, options: Vec<NamedOption>, span: Span) -> ExprId {
        let callee = Name { text: operator.to_owned(), index: None, span };
        self.push(ExprKind::Call { callee, arguments, options }, span)
    }

    /// `relu'(U)`
    fn prime(&self, pair: Pair<'_, Rule>, span: Span) -> ExprId {
        let mut inner = pair.into_inner();
        let (name, primes) = two(&mut inner);
        let mut callee = self.builder.name(&name);
        if callee.text == "σ" {
            callee.text = "sigmoid".to_owned();
        }
        let argument = inner.next().map(|argument| self.tree(argument.into_inner())).expect("it has an argument");
        let primes = primes.as_str().chars().map(|sign| if sign == '″' { 2 } else { 1 }).sum();
        self.or_told(argument, |mut arena| arena.primed(callee, primes, argument, span))
    }

    fn case(&self, pair: Pair<'_, Rule>) -> (ExprId, Option<ExprId>) {
        let mut inner = pair.into_inner();
        let value = inner.next().map(|value| self.tree(value.into_inner())).expect("a case has a value");
        let condition = inner.next().filter(|part| part.as_rule() == Rule::Condition);
        (value, condition.map(|condition| self.condition(condition)))
    }

    /// `sum_{i=1}^N`, `prod_i`, `sum_{i != j}`
    pub fn sum(&self, sign: Pair<'_, Rule>, mut body: ExprId) -> ExprId {
        let span = self.builder.span(&sign).to(self.span_of(body));
        let fold = if sign.as_str().starts_with(['p', '∏', 'Π']) { Fold::Product } else { Fold::Sum };
        let ended = sign.as_str().contains('^');
        let (mut indices, mut bounds): (Vec<(Spanned<String>, _)>, _) = (Vec::new(), Vec::new());
        for part in sign.into_inner() {
            match part.as_rule() {
                Rule::SumIndex | Rule::SumLetter => indices.push((self.builder.spanned(&part), None)),
                Rule::SumApart => {
                    let (index, other) = two(&mut part.into_inner());
                    let (index, other) = (self.builder.spanned(&index), self.builder.spanned(&other));
                    indices.push((index.clone(), None));
                    body = self.or_told(body, |mut arena| arena.apart(fold, index, other, body));
                }
                _ => bounds.push(self.bound(&part)),
            }
        }
        let upto = if ended { bounds.pop() } else { None };
        if let (Some((_, begin)), [from]) = (indices.first_mut(), bounds.as_slice()) {
            *begin = Some(*from);
        }
        self.or_told(body, |mut arena| arena.folded(fold, indices, upto, body, span))
    }

    fn bound(&self, pair: &Pair<'_, Rule>) -> ExprId {
        let span = self.builder.span(pair);
        let number = pair.as_str().starts_with(|c: char| c.is_ascii_digit());
        let kind =
            if number { ExprKind::Number(pair.as_str().to_owned()) } else { ExprKind::Name(self.builder.name(pair)) };
        self.push(kind, span)
    }

    // ------------------------------------------------------------------------------------------- Python

    pub fn typed_infix(&self, left: ExprId, sign: Pair<'_, Rule>, mut right: ExprId) -> ExprId {
        let place = self.builder.span(&sign);
        let (mut op, mut written) = (BinaryOp::Mul, Sign::Own);
        match sign.as_rule() {
            Rule::At => {
                self.builder.reading(place, "`@` is read as the matrix product");
                written = Sign::At;
            }
            Rule::Stars => {
                self.builder.reading(place, "`**` is read as a power");
                for exponent_sign in sign.into_inner().filter(|sign| sign.as_rule() == Rule::Negate) {
                    let span = self.builder.span(&exponent_sign).to(self.span_of(right));
                    right = self.push(ExprKind::Negate(right), span);
                }
                op = BinaryOp::Pow;
            }
            Rule::Tensor => {
                self.builder.reading(place, "`⊗` is read as the outer product of vectors, else as the elementwise one");
                (op, written) = (BinaryOp::ElementwiseMul, Sign::Outer);
            }
            // `2x` is a product; of `1/2x` nobody knows which.
            _ => {
                if self.builder.answers {
                    self.builder.reading(place, "what stands without a sign between is read as a product");
                }
                written = Sign::Tight;
            }
        };
        let product = self.times(op, left, right);
        self.mark(product, |how| how.sign = written)
    }

    pub fn python_product(&self, left: ExprId, sign: &Pair<'_, Rule>, right: ExprId) -> ExprId {
        self.builder.reading(self.builder.span(sign), "`*` is read as the elementwise product, as Python has it");
        let product = self.times(BinaryOp::ElementwiseMul, left, right);
        self.mark(product, |how| how.sign = Sign::Star)
    }

    /// `A.sum(axis=0)`, `A.dot(B)`
    pub fn method(&self, of: ExprId, sign: Pair<'_, Rule>, span: Span) -> ExprId {
        let place = self.builder.span(&sign);
        let mut inner = sign.into_inner();
        let name = inner.next().map(|name| self.builder.name(&name)).expect("a method has a name");
        let (arguments, options) = self.arguments("", inner);
        let identity = IDENTITIES.contains(&name.text.as_str());
        if identity {
            self.builder.reading(place, format!("`.{}` changes no value", name.text));
            self.loose.set(true);
            return of;
        }
        let arguments = [of].into_iter().chain(arguments).collect();
        self.library_call(Name { span: place, ..name }, arguments, options, span)
    }

    /// A function of a numerical library as an operator.
    pub fn library_call(
        &self,
        callee: Name,
        mut arguments: Vec<ExprId>,
        options: Vec<NamedOption>,
        span: Span,
    ) -> ExprId {
        let name = callee.text.as_str();
        self.builder.reading(callee.span, format!("`{name}` is read as in Python"));
        if let (Some((_, op)), [left, right]) = (BINARY.iter().find(|(known, _)| *known == name), arguments.as_slice())
        {
            return self.push(ExprKind::Binary { op: *op, left: *left, right: *right }, span);
        }
        match (name, arguments.as_slice()) {
            ("dot" | "inner" | "vdot", [left, right]) => {
                let product = self.times(BinaryOp::Mul, *left, *right);
                return self.mark(product, |how| how.sign = Sign::Dot);
            }
            ("outer", [left, right]) => {
                let product = self.times(BinaryOp::ElementwiseMul, *left, *right);
                return self.mark(product, |how| how.sign = Sign::Outer);
            }
            ("transpose", [of]) => return self.push(ExprKind::Transpose(*of), span),
            ("negative", [of]) => return self.push(ExprKind::Negate(*of), span),
            // Rows of a matrix, with or without brackets around them.
            ("array" | "asarray" | "tensor" | "matrix", [_, _, ..]) => {
                return self.push(ExprKind::Matrix(vec![arguments]), span);
            }
            ("ones" | "zeros", [sides]) => {
                if let Some(sides) = self.inspect(*sides, |kind| match kind {
                    ExprKind::Matrix(rows) if rows.len() == 1 => Some(rows[0].clone()),
                    _ => None,
                }) {
                    arguments = sides;
                    self.loose.set(true);
                }
            }
            ("zeros_like" | "ones_like", [of]) => {
                let zero = self.push(ExprKind::Number("0".to_owned()), span);
                let zeros = self.times(BinaryOp::Mul, zero, *of);
                if name == "zeros_like" {
                    return zeros;
                }
                let one = self.push(ExprKind::Number("1".to_owned()), span);
                return self.times(BinaryOp::Add, zeros, one);
            }
            ("square", [of]) => {
                let two = self.push(ExprKind::Number("2".to_owned()), span);
                return self.push(ExprKind::Binary { op: BinaryOp::Pow, left: *of, right: two }, span);
            }
            ("rsqrt", [of]) => {
                let one = self.push(ExprKind::Number("1".to_owned()), span);
                let root = self.call_of("sqrt", vec![*of], Vec::new(), span);
                return self.times(BinaryOp::Div, one, root);
            }
            ("where", [condition, value, other]) => {
                let cases = [(*value, Some(*condition)), (*other, None)];
                return self.or_told(*value, |mut arena| arena.cased(cases, span));
            }
            ("cbrt", [of]) => {
                let [one, three] = ["1", "3"].map(|digit| self.push(ExprKind::Number(digit.to_owned()), span));
                let third = self.times(BinaryOp::Div, one, three);
                return self.push(ExprKind::Binary { op: BinaryOp::ElementwisePow, left: *of, right: third }, span);
            }
            ("heaviside", [of, _]) => {
                self.loose.set(true);
                return self.call_of("step", vec![*of], options, span);
            }
            ("norm", [of, order]) => {
                let order = self.text_of(*order).to_lowercase();
                let order = order.rsplit('.').next().unwrap_or_default().to_owned();
                self.loose.set(true);
                return self.or_told(*of, |mut arena| arena.normed(*of, &order, span));
            }
            (_, [of]) if IDENTITIES.contains(&name) => {
                self.loose.set(true);
                return *of;
            }
            _ => {}
        }
        let name = RENAMED.iter().find(|(known, _)| *known == name).map_or(name, |(_, operator)| *operator).to_owned();
        // `np.zeros((2, 3))`
        if name == "zeros" {
            let ones = self.call_of("ones", arguments, Vec::new(), span);
            let zero = self.push(ExprKind::Number("0".to_owned()), span);
            return self.times(BinaryOp::Mul, zero, ones);
        }
        let mut options = python_options(options);
        for option in &mut options {
            let own = RENAMED_OPTIONS.iter().find(|(of, known, _)| *of == name && *known == option.name.value);
            option.name.value = own.map_or(option.name.value.clone(), |(.., known)| (*known).to_owned());
        }
        if ALONG_AN_AXIS.contains(&name.as_str()) {
            self.axis_argument(&mut arguments, &mut options);
        }
        self.bounds(&name, &mut arguments, &mut options);
        self.call_of(&name, arguments, options, span)
    }

    /// `np.sum(A, 0)`: the axis may stand as the second argument.
    pub fn axis_argument(&self, arguments: &mut Vec<ExprId>, options: &mut Vec<NamedOption>) {
        let [_, second] = arguments.as_slice() else { return };
        let axis = self.inspect(*second, |kind| match kind {
            ExprKind::Number(number) => Some(number.clone()),
            ExprKind::Negate(_) => Some(LAST_AXIS.to_owned()),
            _ => None,
        });
        let Some(axis) = axis else { return };
        let span = self.span_of(*second);
        self.builder.reading(span, format!("the second argument is read as `axis = {axis}`"));
        arguments.truncate(1);
        self.loose.set(true);
        let name = Spanned { value: "axis".to_owned(), span };
        options.push(NamedOption { name, value: Spanned { value: OptionValue::Number(axis), span } });
    }

    /// `clip(A, -1, 1)`: the bounds may stand as arguments.
    pub fn bounds(&self, name: &str, arguments: &mut Vec<ExprId>, options: &mut Vec<NamedOption>) {
        let ([_, bounds @ ..], "clip" | "clamp") = (arguments.as_slice(), name) else { return };
        let bounds: Vec<ExprId> = bounds.to_vec();
        let numbers: Vec<String> = bounds.iter().map(|bound| self.text_of(*bound)).collect();
        let known = |number: &String| number == "None" || number.parse::<f64>().is_ok();
        if bounds.len() != 2 || !numbers.iter().all(known) {
            return;
        }
        arguments.truncate(1);
        self.loose.set(true);
        let given = bounds.into_iter().zip(numbers).zip(["low", "high"]).filter(|((_, number), _)| number != "None");
        for ((bound, number), option) in given {
            let span = self.span_of(bound);
            let name = Spanned { value: option.to_owned(), span };
            options.push(NamedOption { name, value: Spanned { value: OptionValue::Number(number), span } });
        }
    }

    /// `7,425,000`, `31 1/2`, `5%`, `2.984 x 10^-1`, `73 (rounded)`
    fn spoken(&self, pair: Pair<'_, Rule>) -> ExprId {
        let span = self.builder.span(&pair);
        let number = |text: String| self.push(ExprKind::Number(text), span);
        let (mut value, mut negative, mut told) = (None, false, false);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::SpokenMinus => negative = true,
                Rule::Number => value = Some(number(self.builder.number(&part))),
                Rule::Thousands => {
                    value = Some(number(part.as_str().chars().filter(|c| c.is_ascii_digit() || *c == '.').collect()));
                    told = true;
                }
                Rule::Mixed => {
                    let mut parts = part.into_inner().map(|digits| number(digits.as_str().to_owned()));
                    let (Some(whole), Some(above), Some(below)) = (parts.next(), parts.next(), parts.next()) else {
                        continue;
                    };
                    let fraction = self.times(BinaryOp::Div, above, below);
                    value = Some(self.times(BinaryOp::Add, whole, fraction));
                    told = true;
                }
                Rule::Scientific => {
                    let (factor, power) = two(&mut part.into_inner());
                    let power = power.as_str().replace(['−', '–'], "-");
                    value = Some(number(format!("{}e{power}", self.builder.number(&factor))));
                }
                _ => {
                    let hundred = number("100".to_owned());
                    value = value.map(|value| self.times(BinaryOp::Div, value, hundred));
                    told = true;
                }
            }
        }
        let value = value.unwrap_or_else(|| number("0".to_owned()));
        let value = if negative { self.push(ExprKind::Negate(value), span) } else { value };
        if told {
            let nodes = self.text_of(value);
            self.builder.reading(span, format!("this number is read as `{nodes}`"));
        }
        value
    }
}

/// `dim` is `axis`, counted from the end where it is negative; that an axis stays is always so here, and of what numbers
/// are kept in nothing depends.
pub fn python_options(options: Vec<NamedOption>) -> Vec<NamedOption> {
    let left_out = ["keepdims", "keepdim", "dtype", "device", "grad_fn", "requires_grad"];
    let kept = options.into_iter().filter(|option| !left_out.contains(&option.name.value.as_str()));
    let renamed = kept.map(|mut option| {
        if option.name.value == "dim" {
            option.name.value = "axis".to_owned();
        }
        if let ("axis", OptionValue::Number(number)) = (option.name.value.as_str(), &mut option.value.value) {
            match number.as_str() {
                "-1" => *number = LAST_AXIS.to_owned(),
                "-2" => *number = "0".to_owned(),
                _ => {}
            }
        }
        option
    });
    renamed.collect()
}
