//! Dimensions and shapes: integers, names, and what operators make of them.

use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A dimension: a polynomial over named dimensions with integer coefficients, in canonical form, so that
/// `==` is equality of dimensions. `2*H + 1`, `C*H*W`, `floor((N - 1)/2) + 1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dim {
    /// Monomials in order, none with coefficient 0; the empty product is the constant. Shared, for shapes are copied
    /// with every node.
    terms: Arc<[(Vec<Factor>, i64)]>,
}

/// What a summand of a dimension is a product of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    Name(String),
    /// `floor(dim / divisor)` where the division is not known to come out even.
    Floor(Box<Dim>, i64),
}

/// Values for named dimensions.
pub type DimValues = BTreeMap<String, usize>;

impl Dim {
    pub fn integer(value: usize) -> Dim {
        Dim::constant(i64::try_from(value).unwrap_or(i64::MAX))
    }

    pub fn one() -> Dim {
        Dim::constant(1)
    }

    /// A dimension known by name only.
    pub fn name(name: &str) -> Dim {
        Dim { terms: [(vec![Factor::Name(name.to_string())], 1)].into() }
    }

    /// A factor of a summand by itself.
    pub fn of_factor(factor: &Factor) -> Dim {
        Dim { terms: [(vec![factor.clone()], 1)].into() }
    }

    fn constant(value: i64) -> Dim {
        Dim { terms: if value == 0 { [].into() } else { [(vec![], value)].into() } }
    }

    fn from_terms(terms: impl IntoIterator<Item = (Vec<Factor>, i64)>) -> Dim {
        let mut sum: BTreeMap<Vec<Factor>, i64> = BTreeMap::new();
        for (monomial, coefficient) in terms {
            let entry = sum.entry(monomial).or_default();
            *entry = entry.saturating_add(coefficient);
        }
        Dim { terms: sum.into_iter().filter(|(_, coefficient)| *coefficient != 0).collect() }
    }

    pub fn plus(&self, other: &Dim) -> Dim {
        Dim::from_terms(self.terms.iter().chain(&*other.terms).cloned())
    }

    pub fn plus_integer(&self, value: i64) -> Dim {
        self.plus(&Dim::constant(value))
    }

    pub fn minus(&self, other: &Dim) -> Dim {
        self.plus(&other.times_integer(-1))
    }

    pub fn times_integer(&self, factor: i64) -> Dim {
        Dim::from_terms(self.terms.iter().map(|(monomial, c)| (monomial.clone(), c.saturating_mul(factor))))
    }

    pub fn times(&self, other: &Dim) -> Dim {
        let mut terms = Vec::new();
        for (left, a) in &*self.terms {
            for (right, b) in &*other.terms {
                let mut monomial = [left.as_slice(), right.as_slice()].concat();
                monomial.sort();
                terms.push((monomial, a.saturating_mul(*b)));
            }
        }
        Dim::from_terms(terms)
    }

    /// `floor(self / divisor)` for a positive divisor: the multiples of the divisor are taken out.
    pub fn floor_div(&self, divisor: usize) -> Dim {
        let k = divisor as i64;
        let (whole, rest): (Vec<_>, Vec<_>) =
            self.terms.iter().cloned().partition(|(monomial, c)| !monomial.is_empty() && c % k == 0);
        let constant = rest.iter().find(|(monomial, _)| monomial.is_empty()).map_or(0, |(_, c)| *c);
        let named: Vec<_> = rest.into_iter().filter(|(monomial, _)| !monomial.is_empty()).collect();
        let whole = Dim::from_terms(whole.into_iter().map(|(monomial, c)| (monomial, c / k)))
            .plus_integer(constant.div_euclid(k));
        if named.is_empty() {
            return whole;
        }
        let inner = Dim::from_terms(named).plus_integer(constant.rem_euclid(k));
        whole.plus(&Dim { terms: [(vec![Factor::Floor(Box::new(inner), k)], 1)].into() })
    }

    /// The value, if no name is in it.
    pub fn as_integer(&self) -> Option<i64> {
        match &*self.terms {
            [] => Some(0),
            [(monomial, value)] if monomial.is_empty() => Some(*value),
            _ => None,
        }
    }

    pub fn is_one(&self) -> bool {
        self.as_integer() == Some(1)
    }

    /// The integer and the names (each as often as it is a factor) whose product it is: `2*N*D`; `None` for a sum or
    /// where something is rounded down.
    pub fn as_monomial(&self) -> Option<(i64, Vec<&str>)> {
        let [(monomial, coefficient)] = &*self.terms else { return None };
        let names = monomial.iter().map(|atom| match atom {
            Factor::Name(name) => Some(name.as_str()),
            Factor::Floor(..) => None,
        });
        Some((*coefficient, names.collect::<Option<_>>()?))
    }

    /// The value where every name has one and the result is a size; `None` otherwise.
    pub fn evaluate(&self, values: &DimValues) -> Option<usize> {
        usize::try_from(self.evaluate_signed(values)?).ok()
    }

    fn evaluate_signed(&self, values: &DimValues) -> Option<i64> {
        self.terms.iter().try_fold(0i64, |sum, (monomial, coefficient)| {
            let product = monomial.iter().try_fold(*coefficient, |product, atom| {
                let value = match atom {
                    Factor::Name(name) => i64::try_from(*values.get(name)?).ok()?,
                    Factor::Floor(dim, k) => dim.evaluate_signed(values)?.div_euclid(*k),
                };
                product.checked_mul(value)
            })?;
            sum.checked_add(product)
        })
    }

    /// How many names its formula has, counted each time they occur.
    pub fn length(&self) -> usize {
        let atoms = self.terms.iter().flat_map(|(monomial, _)| monomial);
        atoms.fold(0, |sum, atom| match atom {
            Factor::Name(_) => sum + 1,
            Factor::Floor(dim, _) => sum + dim.length(),
        })
    }

    /// The names in it, in order.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .terms
            .iter()
            .flat_map(|(monomial, _)| monomial)
            .flat_map(|atom| match atom {
                Factor::Name(name) => vec![name.as_str()],
                Factor::Floor(dim, _) => dim.names(),
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Dim {
    /// The summands, names first and the constant last, each with its coefficient.
    pub fn summands(&self) -> impl Iterator<Item = (i64, &[Factor])> {
        let (constants, named): (Vec<_>, Vec<_>) = self.terms.iter().partition(|(monomial, _)| monomial.is_empty());
        named.into_iter().chain(constants).map(|(monomial, coefficient)| (*coefficient, monomial.as_slice()))
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.terms.is_empty() {
            return f.write_str("0");
        }
        for (place, (coefficient, factors)) in self.summands().enumerate() {
            f.write_str(match (place, coefficient < 0) {
                (0, true) => "-",
                (0, false) => "",
                (_, true) => " - ",
                (_, false) => " + ",
            })?;
            let size = coefficient.unsigned_abs();
            let number = (size != 1 || factors.is_empty()).then(|| size.to_string());
            let all: Vec<String> = number.into_iter().chain(factors.iter().map(Factor::to_string)).collect();
            f.write_str(&all.join("*"))?;
        }
        Ok(())
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Factor::Name(name) => f.write_str(name),
            Factor::Floor(dim, divisor) => write!(f, "floor(({dim})/{divisor})"),
        }
    }
}

impl Serialize for Dim {
    /// An integer as a number, anything else as text: `["D", 5]`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_integer() {
            Some(value) => serializer.serialize_i64(value),
            None => serializer.serialize_str(&self.to_string()),
        }
    }
}

/// The dimensions of a value: rank 0 is a scalar, rank 2 a matrix; a vector is a matrix with one row or column.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Shape(pub Vec<Dim>);

impl Shape {
    pub fn scalar() -> Shape {
        Shape(Vec::new())
    }

    pub fn matrix(rows: Dim, columns: Dim) -> Shape {
        Shape(vec![rows, columns])
    }

    pub fn integers(extents: &[usize]) -> Shape {
        Shape(extents.iter().map(|extent| Dim::integer(*extent)).collect())
    }

    pub fn rank(&self) -> usize {
        self.0.len()
    }

    pub fn is_scalar(&self) -> bool {
        self.0.is_empty()
    }

    /// Rows and columns, for a matrix.
    pub fn as_matrix(&self) -> Option<(&Dim, &Dim)> {
        match self.0.as_slice() {
            [rows, columns] => Some((rows, columns)),
            _ => None,
        }
    }

    /// A scalar, or an array with one entry.
    pub fn is_single(&self) -> bool {
        self.0.iter().all(Dim::is_one)
    }

    /// A matrix with one row (and not one column).
    pub fn is_row(&self) -> bool {
        self.as_matrix().is_some_and(|(rows, columns)| rows.is_one() && !columns.is_one())
    }

    /// A matrix with one column (and not one row).
    pub fn is_column(&self) -> bool {
        self.as_matrix().is_some_and(|(rows, columns)| columns.is_one() && !rows.is_one())
    }

    /// How many entries.
    pub fn size(&self) -> Dim {
        self.0.iter().fold(Dim::one(), |product, dim| product.times(dim))
    }

    /// How many entries of this shape one entry of `part` is repeated to, where `part` broadcasts to it.
    pub fn size_over(&self, part: &Shape) -> Dim {
        let repeated = self.0.iter().enumerate().filter(|(axis, _)| part.0.get(*axis).is_none_or(Dim::is_one));
        repeated.fold(Dim::one(), |product, (_, dim)| product.times(dim))
    }

    pub fn transposed(&self) -> Option<Shape> {
        self.as_matrix().map(|(rows, columns)| Shape::matrix(columns.clone(), rows.clone()))
    }

    /// The sides where every name has a value and no side comes out as 0.
    pub fn evaluate(&self, values: &DimValues) -> Option<Vec<usize>> {
        self.0.iter().map(|dim| dim.evaluate(values).filter(|side| *side > 0)).collect()
    }

    pub fn as_integers(&self) -> Option<Vec<usize>> {
        self.evaluate(&DimValues::new())
    }

    /// The shape of an elementwise operator's result: a scalar goes with anything, and a side of 1 is repeated
    /// along the other operand's side. Both must have the same rank otherwise.
    pub fn broadcast(&self, other: &Shape) -> Option<Shape> {
        if self.is_scalar() {
            return Some(other.clone());
        }
        if other.is_scalar() {
            return Some(self.clone());
        }
        if self.rank() != other.rank() {
            return None;
        }
        let side = |a: &Dim, b: &Dim| match () {
            () if a == b || b.is_one() => Some(a.clone()),
            () if a.is_one() => Some(b.clone()),
            () => None,
        };
        self.0.iter().zip(&other.0).map(|(a, b)| side(a, b)).collect::<Option<Vec<_>>>().map(Shape)
    }
}

impl fmt::Display for Shape {
    /// `N x D`; a scalar is `scalar`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_scalar() {
            return f.write_str("scalar");
        }
        let sides: Vec<String> =
            self.0.iter().map(|dim| if dim.terms.len() > 1 { format!("({dim})") } else { dim.to_string() }).collect();
        f.write_str(&sides.join(" x "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(name: &str) -> Dim {
        Dim::name(name)
    }

    #[test]
    fn equal_dimensions_have_one_form() {
        let left = n("D").plus_integer(1).times(&n("H"));
        let right = n("H").plus(&n("H").times(&n("D")));
        assert_eq!(left, right);
        assert_eq!(left.to_string(), "D*H + H");
        assert_eq!(n("H").minus(&n("H")).to_string(), "0");
    }

    #[test]
    fn convolution_sizes() {
        // (32 + 2·2 − 5)/1 + 1 and the symbolic (N − 3)/2 + 1
        assert_eq!(Dim::integer(31).floor_div(1).plus_integer(1), Dim::integer(32));
        let halved = n("N").plus_integer(-3).floor_div(2).plus_integer(1);
        assert_eq!(halved.to_string(), "floor((N + 1)/2) - 1");
        for size in 3..9 {
            let values = DimValues::from([("N".to_string(), size)]);
            assert_eq!(halved.evaluate(&values), Some((size - 3) / 2 + 1));
        }
        assert_eq!(n("N").times_integer(2).plus_integer(2).floor_div(2), n("N").plus_integer(1));
    }

    #[test]
    fn broadcasting_repeats_sides_of_one() {
        let matrix = Shape::matrix(n("N"), n("D"));
        let row = Shape::matrix(Dim::one(), n("D"));
        let column = Shape::matrix(n("N"), Dim::one());
        assert_eq!(matrix.broadcast(&row), Some(matrix.clone()));
        assert_eq!(row.broadcast(&column), Some(matrix.clone()));
        assert_eq!(Shape::scalar().broadcast(&row), Some(row.clone()));
        assert_eq!(matrix.broadcast(&Shape::matrix(n("D"), n("N"))), None);
    }

    #[test]
    fn sizes_that_overflow_have_no_value() {
        let values = DimValues::from([("N".to_string(), 5_000_000_000)]);
        assert_eq!(n("N").times(&n("N")).evaluate(&values), None);
    }
}
