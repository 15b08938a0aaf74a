//! What an operator is in Python with NumPy: an expression, how tightly it binds, and the functions that it calls.
//!
//! Functions keep to what NumPy, PyTorch and JAX write alike, so that one text of the model serves all three.

use crate::number::Number;
use crate::shape::{Dim, Factor, Shape};
use crate::syntax::names;

/// A function of Python that some operators call.
#[derive(Debug)]
pub struct Helper {
    pub name: &'static str,
    /// The functions that it calls itself.
    pub needs: &'static [&'static Helper],
    pub source: &'static str,
}

/// An expression of Python.
#[derive(Clone, Debug)]
pub struct Code {
    text: String,
    level: Level,
    /// Whether it is written with `@`, which beside `*` leaves a reader in doubt.
    product: bool,
    /// Of 1 where a comparison holds, the comparison.
    condition: Option<String>,
    helpers: Vec<&'static Helper>,
}

/// How tightly Python binds, from loose to tight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// What is said by name in a call: `axis=1`.
pub type Said = (&'static str, String);

impl Code {
    /// A name, a call, something in brackets.
    pub fn atom(text: impl Into<String>) -> Code {
        Code { text: text.into(), level: Level::Atom, product: false, condition: None, helpers: Vec::new() }
    }

    pub fn integer(value: i64) -> Code {
        Code::atom(value.to_string()).signed(value < 0)
    }

    /// Exact where Python can be: `3`, `402.57`, `1/3`.
    pub fn number(number: &Number) -> Code {
        const LONGEST: usize = 16;
        let exact = number.to_string();
        let double = number.to_f64();
        let text = match () {
            () if number.is_infinite() => if number.is_negative() { "-np.inf" } else { "np.inf" }.to_string(),
            () if number.is_exact() && exact.len() <= LONGEST => exact,
            () if double.is_nan() => "np.nan".to_string(),
            () if double.is_infinite() => if double > 0.0 { "np.inf" } else { "-np.inf" }.to_string(),
            () => format!("{double:?}"),
        };
        let level = if text.contains('/') { Level::Product } else { Level::Atom };
        Code { level, ..Code::atom(&text) }.signed(text.starts_with('-'))
    }

    /// A size, in the names of the sizes.
    pub fn size(dim: &Dim) -> Code {
        let mut sum: Option<Code> = None;
        for (coefficient, factors) in dim.summands() {
            let size = coefficient.unsigned_abs();
            let number = (size != 1 || factors.is_empty()).then(|| Code::atom(size.to_string()));
            let product = number.into_iter().chain(factors.iter().map(factor)).reduce(Code::times);
            let product = product.unwrap_or_else(|| Code::integer(1));
            sum = Some(match (sum, coefficient < 0) {
                (None, false) => product,
                (None, true) => product.negative(),
                (Some(sum), false) => sum.plus(product),
                (Some(sum), true) => sum.minus(product),
            });
        }
        sum.unwrap_or_else(|| Code::integer(0))
    }

    /// `(N, H)`
    pub fn shape(shape: &Shape) -> Code {
        let sides: Vec<Code> = shape.0.iter().map(Code::size).collect();
        Code::tuple(sides)
    }

    pub fn tuple(parts: Vec<Code>) -> Code {
        let comma = if parts.len() == 1 { "," } else { "" };
        Code::list("(", parts, &format!("{comma})"))
    }

    /// `[a, b]`
    pub fn sequence(parts: Vec<Code>) -> Code {
        Code::list("[", parts, "]")
    }

    fn list(open: &str, parts: Vec<Code>, close: &str) -> Code {
        let text = parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(", ");
        let helpers = parts.into_iter().flat_map(|part| part.helpers).collect();
        Code { helpers, ..Code::atom(format!("{open}{text}{close}")) }
    }

    /// `function(operands, name=value)`
    pub fn call(function: &str, operands: Vec<Code>, said: Vec<Said>) -> Code {
        let said = said.into_iter().map(|(name, value)| Code::atom(format!("{name}={value}")));
        Code::list(&format!("{function}("), operands.into_iter().chain(said).collect(), ")")
    }

    /// A call of one of our own functions.
    pub fn helped(helper: &'static Helper, operands: Vec<Code>, said: Vec<Said>) -> Code {
        let mut call = Code::call(helper.name, operands, said);
        call.helpers.push(helper);
        call
    }

    /// `np.sum(A)`, `np.sum(A, axis=1, keepdims=True)`
    pub fn folded(function: &str, operand: Code, axis: Option<usize>) -> Code {
        Code::call(function, vec![operand], axis.map_or_else(Vec::new, kept_axis))
    }

    pub fn plus(self, right: Code) -> Code {
        if let Some(positive) = right.without_sign() {
            return self.minus(positive);
        }
        self.binary("+", right, Level::Sum, Level::Sum)
    }

    pub fn minus(self, right: Code) -> Code {
        if let Some(positive) = right.without_sign() {
            return self.plus(positive);
        }
        self.binary("-", right, Level::Sum, Level::Product)
    }

    pub fn times(self, right: Code) -> Code {
        // What is true counts as 1.
        self.multiplied(right.bare_condition())
    }

    fn multiplied(self, right: Code) -> Code {
        let (left, right) = (self.clear_of_products(), right.clear_of_products());
        left.binary("*", right, Level::Product, Level::Sign)
    }

    pub fn matmul(self, right: Code) -> Code {
        let left = if self.level == Level::Product && !self.product { self.bracketed() } else { self };
        Code { product: true, ..left.binary("@", right, Level::Product, Level::Sign) }
    }

    pub fn over(self, right: Code) -> Code {
        self.clear_of_products().binary("/", right, Level::Product, Level::Sign)
    }

    pub fn power(self, exponent: Code) -> Code {
        let base = self.at_least(Level::Atom);
        let exponent = if exponent.level >= Level::Sign { exponent } else { exponent.bracketed() };
        base.binary("**", exponent, Level::Power, Level::Sign)
    }

    pub fn negative(self) -> Code {
        let operand = self.at_least(Level::Product);
        let level = operand.level.min(Level::Sign);
        Code { text: format!("-{}", operand.text), level, condition: None, ..operand }
    }

    /// `A > B`
    pub fn compared(self, sign: &str, right: Code) -> Code {
        self.binary(sign, right, Level::Sum, Level::Sum).at(Level::Comparison)
    }

    /// 1 where `A > B`, 0 elsewhere.
    pub fn indicator(self, sign: &str, right: Code) -> Code {
        let condition = self.compared(sign, right);
        let text = condition.text.clone();
        Code { condition: Some(text), ..Code::atom("1.0").multiplied(condition) }
    }

    fn bare_condition(self) -> Code {
        match self.condition {
            Some(text) => Code { text: format!("({text})"), level: Level::Atom, condition: None, ..self },
            None => self,
        }
    }

    /// The same with the other sign, where a minus stands before it.
    fn without_sign(&self) -> Option<Code> {
        let text = self.text.strip_prefix('-').filter(|_| self.level >= Level::Product)?;
        Some(Code { text: text.to_string(), level: Level::Product, ..self.clone() })
    }

    /// What stands right behind an operand: `.T`, `[0, 1]`.
    pub fn followed(self, by: &str) -> Code {
        let operand = self.at_least(Level::Atom);
        Code { text: format!("{}{by}", operand.text), condition: None, ..operand }
    }

    fn binary(self, sign: &str, right: Code, level: Level, least_right: Level) -> Code {
        let (left, right) = (self.at_least(level), right.at_least(least_right));
        let text = format!("{} {sign} {}", left.text, right.text);
        let helpers = left.helpers.into_iter().chain(right.helpers).collect();
        Code { text, level, product: false, condition: None, helpers }
    }

    fn at_least(self, level: Level) -> Code {
        if self.level < level { self.bracketed() } else { self }
    }

    fn at(self, level: Level) -> Code {
        Code { level, ..self }
    }

    fn signed(self, negative: bool) -> Code {
        let level = if negative { self.level.min(Level::Sign) } else { self.level };
        self.at(level)
    }

    fn clear_of_products(self) -> Code {
        if self.product { self.bracketed() } else { self }
    }

    fn bracketed(self) -> Code {
        let text = format!("({})", self.text);
        Code { text, level: Level::Atom, product: false, condition: None, helpers: self.helpers }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The functions that it calls, those that they call first.
    pub fn helpers(&self) -> Vec<&'static Helper> {
        let mut all = Vec::new();
        self.helpers.iter().for_each(|helper| gather(helper, &mut all));
        all
    }
}

/// A function behind those that it needs, unless it is there.
pub fn gather(helper: &'static Helper, all: &mut Vec<&'static Helper>) {
    if !all.iter().any(|known| known.name == helper.name) {
        helper.needs.iter().for_each(|needed| gather(needed, all));
        all.push(helper);
    }
}

fn factor(factor: &Factor) -> Code {
    match factor {
        Factor::Name(name) => Code::atom(identifier(name)),
        Factor::Floor(dim, divisor) => {
            Code::size(dim).binary("//", Code::integer(*divisor), Level::Product, Level::Sign).bracketed()
        }
    }
}

/// `axis=1, keepdims=True`
pub fn kept_axis(axis: usize) -> Vec<Said> {
    vec![("axis", axis.to_string()), ("keepdims", "True".to_string())]
}

pub fn axis(axis: usize) -> Vec<Said> {
    vec![("axis", axis.to_string())]
}

/// The only operand.
pub fn one(operands: Vec<Code>) -> Code {
    operands.into_iter().next().unwrap_or_else(|| Code::integer(0))
}

/// Both operands.
pub fn two(operands: Vec<Code>) -> [Code; 2] {
    let mut operands = operands.into_iter();
    [(); 2].map(|()| operands.next().unwrap_or_else(|| Code::integer(0)))
}

/// NumPy's own function of each entry.
pub fn each_entry(function: &str, operands: Vec<Code>) -> Code {
    Code::call(function, operands, Vec::new())
}

/// Words of Python and its built-in names that a program uses.
const RESERVED: [&str; 58] = [
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "abs",
    "all",
    "any",
    "dict",
    "enumerate",
    "float",
    "int",
    "len",
    "list",
    "locals",
    "max",
    "min",
    "print",
    "range",
    "set",
    "slice",
    "str",
    "sum",
    "tuple",
    "zip",
    "np",
    "math",
    "torch",
];

/// A name that Python takes for the author's: `mu`, `lambda_`, `W_1`, `x_prime`.
pub fn identifier(text: &str) -> String {
    let plain = names::spelled_out(text).replace('\'', "_prime");
    let mut name: String = plain.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert_str(0, "v_");
    }
    if RESERVED.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_stand_where_python_needs_them() {
        let [a, b, c] = ["a", "b", "c"].map(Code::atom);
        assert_eq!(a.clone().plus(b.clone()).times(c.clone()).text(), "(a + b) * c");
        assert_eq!(a.clone().minus(b.clone().minus(c.clone())).text(), "a - (b - c)");
        assert_eq!(a.clone().negative().power(Code::integer(2)).text(), "(-a) ** 2");
        assert_eq!(a.clone().power(Code::number(&Number::ratio(1, 3))).text(), "a ** (1/3)");
        assert_eq!(a.clone().matmul(b.clone()).times(c.clone()).text(), "(a @ b) * c");
        assert_eq!(a.clone().times(b.clone()).matmul(c.clone()).text(), "(a * b) @ c");
        let positive = || a.clone().indicator(">", Code::integer(0));
        assert_eq!(b.clone().times(positive()).text(), "b * (a > 0)");
        assert_eq!(b.clone().plus(positive()).minus(c.clone().negative()).text(), "b + 1.0 * (a > 0) + c");
        assert_eq!(a.matmul(b).followed(".T").text(), "(a @ b).T");
        assert_eq!(c.clone().over(Code::integer(-2).times(c)).text(), "c / (-2 * c)");
    }

    #[test]
    fn names_are_pythons() {
        for (text, name) in
            [("μ", "mu"), ("λ", "lambda_"), ("W_1", "W_1"), ("ŷ", "yhat"), ("sum", "sum_"), ("W₁", "W1")]
        {
            assert_eq!(identifier(text), name);
        }
    }

    #[test]
    fn sizes_are_formulas() {
        let dim = Dim::name("H").plus_integer(-3).floor_div(2).plus_integer(1);
        assert_eq!(Code::size(&dim).text(), "((H + 1) // 2) - 1");
    }
}
