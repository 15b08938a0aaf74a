//! From an expression to its form multiplied out.

use super::words::{contracted, summed, traced, word};
use super::{Atom, Factor, Function, Poly, Product, Sides, What, is_single};
use crate::graph::{Assumption, Graph, Kind, NodeId};
use crate::number::Number;
use crate::ops::{Op, Sum};
use crate::shape::Dim;
use crate::syntax::ast::Relation;
use std::collections::{BTreeMap, HashMap};

/// A form with more terms is not made.
const MOST_TERMS: usize = 400;
/// A power up to this is multiplied out.
const HIGHEST: i64 = 8;
/// So often is a difference multiplied by what stands below a fraction.
const CLEARINGS: usize = 8;

/// Multiplies out the expressions of one graph; names of lines are taken as they are.
pub struct Expander<'g> {
    pub graph: &'g mut Graph,
    known: HashMap<NodeId, Option<Poly>>,
    /// Scalars and matrices of which every entry is positive.
    pub positive: Vec<NodeId>,
    /// Square matrices that are their own transposes.
    pub symmetric: Vec<NodeId>,
}

impl<'g> Expander<'g> {
    pub fn new(graph: &'g mut Graph) -> Expander<'g> {
        let assumed = |holds: fn(&Assumption) -> bool| {
            let leaves = graph.leaf_nodes().filter(|(leaf, _)| graph.leaf(*leaf).assumed.iter().any(holds));
            leaves.map(|(_, node)| node).collect()
        };
        let positive = assumed(|own| *own == Assumption::Positive);
        let symmetric = assumed(|own| own.is_symmetric());
        Expander { graph, known: HashMap::new(), positive, symmetric }
    }

    /// The form of a node; `None` of an image, and where it would be too long.
    pub fn poly(&mut self, id: NodeId) -> Option<Poly> {
        if let Some(known) = self.known.get(&id) {
            return known.clone();
        }
        let poly = self.made(id).filter(|poly| poly.terms.len() <= MOST_TERMS);
        self.known.insert(id, poly.clone());
        poly
    }

    fn sides(&self, id: NodeId) -> Option<Sides> {
        let shape = self.graph.shape(id);
        match shape.0.as_slice() {
            [] => Some((Dim::one(), Dim::one())),
            [rows, columns] => Some((rows.clone(), columns.clone())),
            _ => None,
        }
    }

    fn made(&mut self, id: NodeId) -> Option<Poly> {
        let sides = self.sides(id)?;
        let one = Number::integer(1);
        let (op, operands) = match self.graph.kind(id).clone() {
            Kind::Number(number) => return Some(Poly::of(sides, Product::one(), number)),
            Kind::Ones(_) => return Some(Poly::of(sides, Product::one(), one)),
            Kind::Size(dim) => return Some(self.size(&dim)),
            Kind::Leaf(_) | Kind::Symbol(_) | Kind::Literal(_) => return Some(self.atom(id, sides)),
            Kind::Apply(op, operands) => (op, operands),
        };
        let made = self.applied(&op, &operands, &sides);
        match made {
            Some(poly) => Some(Poly { sides, ..poly }),
            None => Some(self.atom(id, sides)),
        }
    }

    /// A size: a polynomial in the named ones.
    fn size(&mut self, dim: &Dim) -> Poly {
        let single = (Dim::one(), Dim::one());
        let mut poly = Poly::zero(single.clone());
        for (number, factors) in dim.summands() {
            let mut product = Product::one();
            for factor in factors {
                let dim = Dim::of_factor(factor);
                let node = self.graph.dimension(dim);
                product = product.times(&Product::of(Factor { what: What::Scalar(node), sides: single.clone() }));
            }
            poly.add(product, Number::integer(number));
        }
        poly
    }

    /// Something that is not taken apart.
    fn atom(&mut self, node: NodeId, sides: Sides) -> Poly {
        let what = match is_single(&sides) {
            true => What::Scalar(node),
            false => What::Word(vec![Atom::Matrix { node, transposed: false, sides: sides.clone() }]),
        };
        Poly::of(sides.clone(), Product::of(Factor { what, sides }), Number::integer(1))
    }

    fn applied(&mut self, op: &Op, operands: &[NodeId], sides: &Sides) -> Option<Poly> {
        let (minus, one) = (Number::integer(-1), Number::integer(1));
        match (op, operands) {
            (Op::Add(_), [a, b]) => Some(self.poly(*a)?.plus(&self.poly(*b)?, &one)),
            (Op::Sub(_), [a, b]) => Some(self.poly(*a)?.plus(&self.poly(*b)?, &minus)),
            (Op::Neg(_), [a]) => Some(Poly::zero(sides.clone()).plus(&self.poly(*a)?, &minus)),
            (Op::Scale(_) | Op::Hadamard(_), [a, b]) => Some(self.poly(*a)?.times(&self.poly(*b)?)),
            (Op::Div(_), [a, b]) => {
                let (above, below) = (self.poly(*a)?, self.poly(*b)?);
                Some(above.times(&self.power(&below, -1)?))
            }
            (Op::Pow(_), [a, exponent]) => {
                let (base, exponent) = (self.poly(*a)?, self.graph.as_number(*exponent)?.clone());
                match exponent.to_integer() {
                    Some(exponent) => self.power(&base, exponent),
                    None if exponent == Number::ratio(1, 2) => Some(self.root(&base)),
                    None if exponent == Number::ratio(-1, 2) => {
                        let root = self.root(&base);
                        self.power(&root, -1)
                    }
                    None => None,
                }
            }
            (Op::MatMul(_), [a, b]) => {
                let (left, right) = (self.poly(*a)?, self.poly(*b)?);
                Some(self.product(&left, &right))
            }
            (Op::Transpose(_), [a]) => {
                let poly = self.poly(*a)?.transposed();
                Some(self.settled(poly))
            }
            (Op::Sum(Sum { axis }), [a]) => {
                let poly = self.poly(*a)?;
                Some(self.total(&poly, *axis))
            }
            (Op::Trace(_), [a]) => {
                let poly = self.poly(*a)?;
                let side = poly.sides.0.clone();
                Some(self.each(&poly, (Dim::one(), Dim::one()), |graph, product| traced(graph, product, &side)))
            }
            (Op::Inverse(_), [a]) => {
                let poly = self.poly(*a)?;
                self.inverse(&poly)
            }
            (Op::Diag(_), [a]) => {
                let poly = self.poly(*a)?;
                let column = match (poly.sides.0.is_one(), poly.sides.1.is_one()) {
                    (_, true) => poly,
                    (true, false) => poly.transposed(),
                    (false, false) => return None,
                };
                let square = (column.sides.0.clone(), column.sides.0.clone());
                let identity = Factor { what: What::Identity, sides: square.clone() };
                Some(column.times(&Poly::of(square, Product::of(identity), one)))
            }
            (Op::Exp(_), [a]) => {
                let poly = self.poly(*a)?;
                Some(self.exponential(&poly))
            }
            (Op::Log(log), [a]) if log.base.is_none() => {
                let poly = self.poly(*a)?;
                Some(self.logarithm(&poly))
            }
            (Op::Sqrt(_), [a]) => {
                let poly = self.poly(*a)?;
                Some(self.root(&poly))
            }
            (Op::Compare(compare), [a, b]) => {
                let difference = self.poly(*a)?.plus(&self.poly(*b)?, &minus);
                match compare.relation {
                    Relation::Greater => Some(self.positive(&difference)),
                    Relation::Less => {
                        let turned = Poly::zero(difference.sides.clone()).plus(&difference, &minus);
                        Some(self.positive(&turned))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn each(
        &mut self,
        poly: &Poly,
        sides: Sides,
        mut of: impl FnMut(&mut Graph, &Product) -> (Product, Number),
    ) -> Poly {
        let mut result = Poly::zero(sides);
        for (product, coefficient) in &poly.terms {
            let (product, number) = of(self.graph, product);
            result.add(product, &coefficient.0 * &number);
        }
        result
    }

    /// The matrix product.
    pub fn product(&mut self, left: &Poly, right: &Poly) -> Poly {
        let (rows, inner, columns) = (left.sides.0.clone(), left.sides.1.clone(), right.sides.1.clone());
        let mut result = Poly::zero((rows.clone(), columns.clone()));
        for (one, a) in &left.terms {
            for (two, b) in &right.terms {
                let (product, number) = contracted(self.graph, one, two, (&rows, &inner, &columns));
                result.add(product, &(&a.0 * &b.0) * &number);
            }
        }
        self.settled(result)
    }

    /// With the transposes of symmetric matrices left out.
    fn settled(&mut self, poly: Poly) -> Poly {
        if self.symmetric.is_empty() {
            return poly;
        }
        let mut settled = Poly::zero(poly.sides.clone());
        for (product, coefficient) in poly.terms {
            let mut factors = BTreeMap::new();
            for (factor, power) in product.0 {
                let what = match factor.what {
                    What::Word(atoms) => What::Word(atoms.iter().map(|atom| self.settled_atom(atom)).collect()),
                    What::Cycle(atoms) => {
                        let atoms = atoms.iter().map(|atom| self.settled_atom(atom)).collect();
                        let again = super::words::cycle(self.graph, atoms);
                        again.0.0.into_keys().next().map_or(What::Identity, |factor| factor.what)
                    }
                    other => other,
                };
                *factors.entry(Factor { what, ..factor }).or_default() += power;
            }
            settled.add(Product(factors), coefficient.0);
        }
        settled
    }

    fn settled_atom(&mut self, atom: &Atom) -> Atom {
        match atom {
            Atom::Matrix { node, sides, .. } if self.symmetric.contains(node) => {
                Atom::Matrix { node: *node, transposed: false, sides: sides.clone() }
            }
            Atom::Inverse(of) => Atom::Inverse(Box::new(self.settled((**of).clone()))),
            other => other.clone(),
        }
    }

    fn total(&mut self, poly: &Poly, axis: Option<usize>) -> Poly {
        let (rows, columns) = poly.sides.clone();
        let one = Dim::one();
        let repeated = |mut product: (Product, Number), sides: &[&Dim], graph: &mut Graph| {
            // A term without entries of its own is added as often as there are entries.
            for side in sides {
                let (factor, number) = super::words::size(graph, side);
                product = (product.0.times(&factor), &product.1 * &number);
            }
            product
        };
        match axis {
            None => self.each(poly, (one.clone(), one.clone()), |graph, product| {
                let own = product.sides();
                let missing: Vec<&Dim> = [(&own.0, &rows), (&own.1, &columns)]
                    .into_iter()
                    .filter(|(own, side)| own.is_one() && !side.is_one())
                    .map(|(_, side)| side)
                    .collect();
                let sum = summed(graph, product, &own);
                repeated(sum, &missing, graph)
            }),
            Some(0) => self.each(poly, (one.clone(), columns.clone()), |graph, product| {
                contracted(graph, &Product::one(), product, (&one, &rows, &columns))
            }),
            Some(_) => self.each(poly, (rows.clone(), one.clone()), |graph, product| {
                contracted(graph, product, &Product::one(), (&rows, &columns, &one))
            }),
        }
    }

    /// A power, entry by entry.
    pub fn power(&mut self, base: &Poly, exponent: i64) -> Option<Poly> {
        let one = Poly::of(base.sides.clone(), Product::one(), Number::integer(1));
        if exponent == 0 {
            return Some(one);
        }
        if let Some((product, number)) = base.single() {
            // An indicator and the identity are 0 somewhere.
            let vanishes = product
                .0
                .keys()
                .any(|factor| matches!(factor.what, What::Identity | What::Function(Function::Positive, _)));
            if exponent < 0 && vanishes {
                return None;
            }
            let number = number.pow(&Number::integer(exponent)).ok()?;
            return Some(Poly::of(base.sides.clone(), product.raised(exponent), number));
        }
        if exponent > 0 && exponent <= HIGHEST {
            return Some((0..exponent).fold(one, |power, _| power.times(base)));
        }
        if base.is_zero() {
            return None;
        }
        let (front, number, rest) = self.content(base);
        let own = Product::of(Factor { what: What::Sum(Box::new(rest)), sides: base.sides.clone() });
        let number = number.pow(&Number::integer(exponent)).ok()?;
        Some(Poly::of(base.sides.clone(), front.times(&own).raised(exponent), number))
    }

    /// A sum as a product, a number and a sum whose terms have no common factor, beginning with the coefficient 1.
    pub fn content(&mut self, sum: &Poly) -> (Product, Number, Poly) {
        let mut least: BTreeMap<Factor, i64> = BTreeMap::new();
        for product in sum.terms.keys() {
            for factor in product.0.keys() {
                let power = sum.terms.keys().map(|other| other.0.get(factor).copied().unwrap_or(0)).min().unwrap_or(0);
                let simple = !matches!(factor.what, What::Identity | What::Function(Function::Positive, _));
                if power != 0 && simple {
                    least.insert(factor.clone(), power);
                }
            }
        }
        let front = Product(least);
        let number = sum.terms.values().next().map_or_else(|| Number::integer(1), |first| first.0.clone());
        let mut rest = Poly::zero(sum.sides.clone());
        for (product, coefficient) in &sum.terms {
            let coefficient = coefficient.0.checked_div(&number).unwrap_or_else(|_| coefficient.0.clone());
            rest.add(product.times(&front.raised(-1)), coefficient);
        }
        (front, number, rest)
    }

    fn inverse(&mut self, of: &Poly) -> Option<Poly> {
        let side = of.sides.0.clone();
        let whole = |of: Poly, side: &Dim| {
            let sides = (side.clone(), side.clone());
            let what = What::Word(vec![Atom::Inverse(Box::new(of))]);
            Poly::of(sides.clone(), Product::of(Factor { what, sides }), Number::integer(1))
        };
        let Some((product, number)) = of.single() else { return Some(whole(of.clone(), &side)) };
        let (scalars, matrices) = product.parted(|factor| is_single(&factor.sides));
        let number = Number::integer(1).checked_div(number).ok()?;
        let mut factors = matrices.0.iter();
        let (first, second) = (factors.next(), factors.next());
        let (Some((factor, 1)), None) = (first, second) else { return Some(whole(of.clone(), &side)) };
        let inverted = match &factor.what {
            What::Identity => Product::of(factor.clone()),
            What::Word(atoms) => {
                let square = atoms.iter().all(|atom| atom.sides().0 == atom.sides().1);
                let alone = |atom: &Atom| match atom {
                    Atom::Inverse(of) => None.or(of.single().and_then(|(product, number)| {
                        let factor = product.0.iter().next()?;
                        match (&factor.0.what, factor.1, product.0.len(), *number == Number::integer(1)) {
                            (What::Word(atoms), 1, 1, true) => Some(atoms.clone()),
                            _ => None,
                        }
                    })),
                    other => {
                        let what = What::Word(vec![other.clone()]);
                        let of = Poly::of(
                            factor.sides.clone(),
                            Product::of(Factor { what, sides: factor.sides.clone() }),
                            Number::integer(1),
                        );
                        Some(vec![Atom::Inverse(Box::new(of))])
                    }
                };
                let inverses: Option<Vec<Vec<Atom>>> = atoms.iter().rev().map(alone).collect();
                match inverses.filter(|_| square) {
                    Some(inverses) => word(self.graph, inverses.concat(), &side).0,
                    None => return Some(whole(of.clone(), &side)),
                }
            }
            _ => return Some(whole(of.clone(), &side)),
        };
        Some(Poly::of(of.sides.clone(), scalars.raised(-1).times(&inverted), number))
    }

    fn function(&self, function: Function, of: &Poly) -> Poly {
        let what = What::Function(function, Box::new(of.clone()));
        let sides = of.sides.clone();
        Poly::of(sides.clone(), Product::of(Factor { what, sides }), Number::integer(1))
    }

    /// `exp(2a + b)` as `exp(a)^2 exp(b)`.
    fn exponential(&mut self, of: &Poly) -> Poly {
        let mut product = Product::one();
        for (term, coefficient) in &of.terms {
            let (power, rest) = match coefficient.0.to_integer() {
                Some(power) => (power, Number::integer(1)),
                None => (1, coefficient.0.clone()),
            };
            // The logarithm is undone.
            let log = term.0.iter().next().filter(|_| term.0.len() == 1);
            if let Some((Factor { what: What::Function(Function::Log, inner), .. }, 1)) = log
                && coefficient.0.to_integer().is_some()
                && let Some(power) = self.power(inner, power)
                && let Some((own, number)) = power.single()
                && *number == Number::integer(1)
            {
                product = product.times(own);
                continue;
            }
            let argument = Poly::of(term.sides(), term.clone(), rest);
            let factor = self.function(Function::Exp, &argument);
            if let Some((own, _)) = factor.single() {
                product = product.times(&own.raised(power));
            }
        }
        Poly::of(of.sides.clone(), product, Number::integer(1))
    }

    /// Whether a factor is positive wherever it has a value.
    pub fn is_positive(&self, factor: &Factor) -> bool {
        match &factor.what {
            What::Function(Function::Exp, _) => true,
            What::Function(Function::Sqrt, _) => true,
            What::Scalar(node) => self.positive.contains(node) || matches!(self.graph.kind(*node), Kind::Size(_)),
            What::Word(atoms) => atoms.iter().all(|atom| match atom {
                Atom::Matrix { node, .. } => self.positive.contains(node),
                Atom::Ones { .. } => true,
                Atom::Entries(product, _) => product.0.keys().all(|factor| self.is_positive(factor)),
                Atom::Diagonal(..) | Atom::Inverse(_) => false,
            }),
            What::Cycle(atoms) => atoms.iter().all(|atom| match atom {
                Atom::Matrix { node, .. } => self.positive.contains(node),
                Atom::Ones { .. } => true,
                Atom::Entries(product, _) => product.0.keys().all(|factor| self.is_positive(factor)),
                Atom::Diagonal(..) | Atom::Inverse(_) => false,
            }),
            What::Sum(of) => of.terms.iter().all(|(product, coefficient)| {
                coefficient.0.to_f64() > 0.0 && product.0.keys().all(|factor| self.is_positive(factor))
            }),
            What::Identity | What::Function(Function::Log | Function::Positive, _) => false,
        }
    }

    fn logarithm(&mut self, of: &Poly) -> Poly {
        let made = match of.single() {
            Some((product, number)) => Some((product.clone(), number.clone())),
            None if of.is_zero() => None,
            None => {
                let (front, number, rest) = self.content(of);
                let own = Product::of(Factor { what: What::Sum(Box::new(rest)), sides: of.sides.clone() });
                Some((front.times(&own), number))
            }
        };
        let Some((product, number)) = made.filter(|(_, number)| number.to_f64() > 0.0) else {
            return self.function(Function::Log, of);
        };
        let (positive, others) = product.parted(|factor| self.is_positive(factor));
        let mut sum = Poly::zero(of.sides.clone());
        for (factor, power) in &positive.0 {
            let power = Number::integer(*power);
            let own = match &factor.what {
                What::Function(Function::Exp, inner) => (**inner).clone(),
                What::Sum(inner) => self.function(Function::Log, inner),
                _ => {
                    let argument = Poly::of(factor.sides.clone(), Product::of(factor.clone()), Number::integer(1));
                    self.function(Function::Log, &argument)
                }
            };
            sum = sum.plus(&own, &power);
        }
        // The last factor is positive where the logarithm has a value.
        let mut rest = others.0.iter();
        let last = match (rest.next(), rest.next()) {
            (None, _) => Poly::of(of.sides.clone(), Product::one(), number),
            (Some((factor, power)), None) if power % 2 != 0 => {
                let argument = match &factor.what {
                    What::Sum(inner) => (**inner).clone(),
                    _ => Poly::of(factor.sides.clone(), Product::of(factor.clone()), Number::integer(1)),
                };
                let own = self.function(Function::Log, &argument);
                sum = sum.plus(&own, &Number::integer(*power));
                Poly::of(of.sides.clone(), Product::one(), number)
            }
            _ => Poly::of(of.sides.clone(), others, number),
        };
        match last.constant() {
            Some(number) if number == Number::integer(1) => sum,
            _ => sum.plus(&self.function(Function::Log, &last), &Number::integer(1)),
        }
    }

    /// The square root, of which even powers come out.
    fn root(&mut self, of: &Poly) -> Poly {
        if let Some((product, number)) = of.single()
            && let Ok(root) = number.sqrt()
            && root.is_exact()
            && product.0.iter().all(|(factor, power)| power % 2 == 0 && self.is_positive(factor))
        {
            let halved = Product(product.0.iter().map(|(factor, power)| (factor.clone(), power / 2)).collect());
            return Poly::of(of.sides.clone(), halved, root);
        }
        self.function(Function::Sqrt, of)
    }

    /// 1 where a form is positive.
    fn positive(&mut self, of: &Poly) -> Poly {
        let number = of.terms.values().next().map_or_else(|| Number::integer(1), |first| first.0.abs());
        let mut scaled = Poly::zero(of.sides.clone());
        for (product, coefficient) in &of.terms {
            let positive = |factor: &Factor| self.is_positive(factor);
            let (_, rest) =
                if of.terms.len() == 1 { product.parted(positive) } else { (Product::one(), product.clone()) };
            // u 1[u > 0] is positive where u is.
            let inner = rest.0.keys().find_map(|factor| match &factor.what {
                What::Function(Function::Positive, inner) => Some((factor.clone(), (**inner).clone())),
                _ => None,
            });
            if let (Some((factor, inner)), 1) = (inner, of.terms.len()) {
                let mut own = rest.clone();
                own.0.remove(&factor);
                if inner
                    .single()
                    .is_some_and(|(product, number)| *product == own && number.to_f64() * coefficient.0.to_f64() > 0.0)
                {
                    return self.function(Function::Positive, &inner);
                }
            }
            let coefficient = coefficient.0.checked_div(&number).unwrap_or_else(|_| coefficient.0.clone());
            scaled.add(rest, coefficient);
        }
        if let Some(number) = scaled.constant() {
            let number = Number::integer(i64::from(number.to_f64() > 0.0));
            return Poly::of(of.sides.clone(), Product::one(), number);
        }
        scaled.sides = of.sides.clone();
        self.function(Function::Positive, &scaled)
    }

    /// A product of matrices, with what cancels taken out.
    pub fn word(&mut self, atoms: Vec<Atom>, side: &Dim) -> (Product, Number) {
        word(self.graph, atoms, side)
    }

    /// A form that is 0 together with this one, without sums below fractions in which something stands.
    pub fn without_fractions(&mut self, poly: Poly, stands: &dyn Fn(&Factor) -> bool) -> Poly {
        let mut poly = poly;
        for _ in 0..CLEARINGS {
            let below = poly.terms.keys().flat_map(|product| &product.0);
            let found = below
                .filter(|(factor, power)| **power < 0 && stands(factor))
                .any(|(factor, _)| matches!(factor.what, What::Sum(_)));
            match self.cleared(&poly).filter(|_| found) {
                Some(next) => poly = next,
                None => return poly,
            }
        }
        poly
    }

    /// Whether a form is 0 wherever it has a value: it is multiplied by what stands below its fractions, and by what is
    /// inverted in it.
    pub fn is_zero(&mut self, poly: Poly) -> bool {
        let mut poly = self.reduced(poly);
        for _ in 0..CLEARINGS {
            if poly.is_zero() {
                return true;
            }
            match self.cleared(&poly) {
                Some(next) if next.terms.len() <= MOST_TERMS => poly = self.reduced(next),
                _ => return false,
            }
        }
        poly.is_zero()
    }

    /// With powers of square roots taken out, `u 1[−u > 0]` as `u − u 1[u > 0]`, and positive powers of sums multiplied
    /// out.
    fn reduced(&mut self, poly: Poly) -> Poly {
        let poly = self.turned_steps(poly);
        let mut result = Poly::zero(poly.sides.clone());
        for (product, coefficient) in poly.terms {
            let mut term = Poly::of(poly.sides.clone(), Product::one(), coefficient.0);
            for (factor, power) in &product.0 {
                let own = match &factor.what {
                    What::Sum(of) if *power > 0 => self.power(of, *power),
                    What::Function(Function::Sqrt, of) if power.abs() > 1 => {
                        let whole = self.power(of, power.div_euclid(2));
                        let rest = Product::of(factor.clone()).raised(power.rem_euclid(2));
                        let rest = Poly::of(factor.sides.clone(), rest, Number::integer(1));
                        whole.map(|whole| whole.times(&rest))
                    }
                    _ => None,
                };
                let alone = || {
                    let own = Product::of(factor.clone()).raised(*power);
                    Poly::of(factor.sides.clone(), own, Number::integer(1))
                };
                term = term.times(&own.unwrap_or_else(alone));
            }
            result = result.plus(&term, &Number::integer(1));
        }
        Poly { sides: poly.sides, ..result }
    }

    /// `1[−u > 0]` as 1 − `1[u > 0]`, where what it multiplies is 0 together with `u`.
    fn turned_steps(&mut self, mut poly: Poly) -> Poly {
        for _ in 0..CLEARINGS {
            let found = poly.terms.keys().flat_map(|product| product.0.keys()).find_map(|factor| match &factor.what {
                What::Function(Function::Positive, of) if self.turns(&poly, factor, of) => {
                    Some((factor.clone(), (**of).clone()))
                }
                _ => None,
            });
            let Some((factor, of)) = found else { return poly };
            let (beside, others) = taken(&poly, &factor);
            let turned = Poly::zero(of.sides.clone()).plus(&of, &Number::integer(-1));
            let one = Poly::of(factor.sides.clone(), Product::one(), Number::integer(1));
            let instead = one.plus(&self.positive(&turned), &Number::integer(-1));
            poly = Poly { sides: poly.sides.clone(), ..others.plus(&beside.times(&instead), &Number::integer(1)) };
        }
        poly
    }

    fn turns(&mut self, poly: &Poly, factor: &Factor, of: &Poly) -> bool {
        let turned = of.terms.values().next().is_some_and(|first| first.0.is_negative());
        let (beside, _) = taken(poly, factor);
        if !turned || beside.is_zero() {
            return false;
        }
        let ((front, _, rest), (own, _, sum)) = (self.content(&beside), self.content(of));
        let within = own.0.iter().all(|(factor, power)| front.0.get(factor).is_some_and(|found| found >= power));
        within && (sum.constant().is_some() || rest.terms == sum.terms)
    }

    /// The form times one thing that stands below a fraction or is inverted.
    fn cleared(&mut self, poly: &Poly) -> Option<Poly> {
        let below = |factor: &Factor| match &factor.what {
            What::Sum(of) => Some((**of).clone()),
            _ => None,
        };
        let found = poly
            .terms
            .keys()
            .flat_map(|product| &product.0)
            .find_map(|(factor, power)| below(factor).filter(|_| *power < 0).map(|of| (factor.clone(), of)));
        if let Some((factor, of)) = found {
            let lowest = |product: &Product| product.0.get(&factor).copied().unwrap_or(0);
            let least = poly.terms.keys().map(lowest).min()?;
            let mut result = Poly::zero(poly.sides.clone());
            for (product, coefficient) in &poly.terms {
                let mut rest = product.clone();
                let own = rest.0.remove(&factor).unwrap_or(0);
                let times = self.power(&of, own - least)?;
                let term = Poly::of(poly.sides.clone(), rest, coefficient.0.clone());
                result = result.plus(&term.times(&times), &Number::integer(1));
            }
            return Some(result);
        }
        self.uninverted(poly, false).or_else(|| self.uninverted(poly, true))
    }

    /// The form multiplied from the left, or the right, by what is inverted there.
    fn uninverted(&mut self, poly: &Poly, right: bool) -> Option<Poly> {
        let outermost = |atoms: &[Atom]| {
            let atom = if right { atoms.last() } else { atoms.first() };
            match atom {
                Some(Atom::Inverse(of)) => Some((**of).clone()),
                _ => None,
            }
        };
        let found = poly.terms.keys().flat_map(|product| product.0.keys()).find_map(|factor| match &factor.what {
            What::Word(atoms) => outermost(atoms),
            _ => None,
        })?;
        let mut result = Poly::zero(poly.sides.clone());
        for (product, coefficient) in &poly.terms {
            let inverted = product.0.iter().find(|(factor, power)| match &factor.what {
                What::Word(atoms) => **power == 1 && outermost(atoms).as_ref() == Some(&found),
                _ => false,
            });
            let term = match inverted {
                Some((factor, _)) => {
                    let What::Word(atoms) = &factor.what else { return None };
                    let rest = if right { &atoms[..atoms.len() - 1] } else { &atoms[1..] };
                    let side = if right { &poly.sides.1 } else { &poly.sides.0 };
                    let (own, number) = word(self.graph, rest.to_vec(), side);
                    let mut others = product.clone();
                    others.0.remove(factor);
                    Poly::of(poly.sides.clone(), others.times(&own), &coefficient.0 * &number)
                }
                None => {
                    let term = Poly::of(poly.sides.clone(), product.clone(), coefficient.0.clone());
                    if right { self.product(&term, &found) } else { self.product(&found, &term) }
                }
            };
            result = result.plus(&term, &Number::integer(1));
        }
        Some(result)
    }
}

/// What a factor multiplies, and the other terms.
fn taken(poly: &Poly, factor: &Factor) -> (Poly, Poly) {
    let (mut beside, mut others) = (Poly::zero(poly.sides.clone()), Poly::zero(poly.sides.clone()));
    for (product, coefficient) in &poly.terms {
        let mut rest = product.clone();
        match rest.0.remove(factor) {
            Some(_) => beside.add(rest, coefficient.0.clone()),
            None => others.add(rest, coefficient.0.clone()),
        }
    }
    (beside, others)
}
