//! A form in the names of a model's lines: what they call `1/s`, and what they call `(z − m)/s`.

use super::cancel::cancelled;
use super::words::{as_word, cycle, word};
use super::{Atom, Expander, Factor, Poly, Product, What, is_single};
use crate::graph::{Graph, NodeId};
use crate::number::Number;
use crate::ops::{Div, Hadamard, Scale, ShapeError};
use crate::shape::Dim;

/// A line that is a product of others.
struct Named {
    /// The line itself.
    own: Product,
    product: Product,
    /// The only factor with entries of which the others do not have all.
    body: Option<(Factor, NodeId)>,
}

/// A form with lines put in, as a product of what all terms share and the rest.
pub struct InNames {
    pub form: NodeId,
    /// The lines that were put in.
    pub used: Vec<NodeId>,
    /// Whether sums below fractions were divided out.
    pub cancelled: bool,
}

/// The form with the lines put in, each with its definition in its best form.
pub fn in_names(graph: &mut Graph, lines: &[(NodeId, NodeId)], form: NodeId) -> Option<InNames> {
    let mut expander = Expander::new(graph);
    let mut poly = expander.poly(form)?;
    let mut used = Vec::new();
    for (line, definition) in lines {
        if let Some(with) = solved(&mut expander, *line, *definition, &poly) {
            used.push(*line);
            poly = with;
        }
        let Some(named) = Named::of(&mut expander, *line, *definition) else { continue };
        let mut with = Poly::zero(poly.sides.clone());
        for (product, coefficient) in &poly.terms {
            let (product, number) = named.put_in(expander.graph, product);
            with.add(product, &coefficient.0 * &number);
        }
        if with != poly {
            used.push(*line);
            poly = with;
        }
    }
    let divided = cancelled(&mut expander, &poly);
    let node = divided.as_ref().unwrap_or(&poly).factored(&mut expander).ok()?;
    (graph.shape(node) == graph.shape(form)).then_some(InNames { form: node, used, cancelled: divided.is_some() })
}

impl Named {
    fn of(expander: &mut Expander, line: NodeId, definition: NodeId) -> Option<Named> {
        let own = expander.poly(line)?.single()?.0.clone();
        let poly = expander.poly(definition)?;
        let product = poly.single().filter(|(_, number)| **number == Number::integer(1))?.0.clone();
        let reciprocal = product.0.len() == 1 && product.0.values().all(|power| *power == -1);
        if product.0.len() < 2 && !reciprocal {
            return None;
        }
        let body = product.0.iter().find_map(|(factor, power)| match &factor.what {
            What::Word(atoms) if *power == 1 && factor.sides == own.sides() => match atoms.as_slice() {
                [Atom::Matrix { node, transposed: false, .. }] => Some((factor.clone(), *node)),
                _ => None,
            },
            _ => None,
        });
        Some(Named { own, product, body })
    }

    fn put_in(&self, graph: &mut Graph, product: &Product) -> (Product, Number) {
        let (mut result, mut coefficient) = (Product::one(), Number::integer(1));
        for (factor, power) in &product.0 {
            let (with, number) = self.within(graph, factor);
            // A sum of ones, raised: it stays as it was where that is no number.
            match number.pow(&Number::integer(*power)) {
                Ok(number) => (result, coefficient) = (result.times(&with.raised(*power)), &coefficient * &number),
                Err(_) => result = result.times(&Product::of(factor.clone()).raised(*power)),
            }
        }
        if let Some((factor, -1)) = self.product.0.iter().next().filter(|_| self.product.0.len() == 1) {
            let power = result.0.remove(factor).unwrap_or(0);
            return (result.times(&self.own.raised(-power)), coefficient);
        }
        while divides(&self.product, &result) {
            result = result.times(&self.product.raised(-1)).times(&self.own);
        }
        let (result, number) = self.in_sums(graph, result);
        (result, &coefficient * &number)
    }

    /// In the products of entries inside a word.
    fn within(&self, graph: &mut Graph, factor: &Factor) -> (Product, Number) {
        let unchanged = (Product::of(factor.clone()), Number::integer(1));
        let (What::Word(atoms) | What::Cycle(atoms)) = &factor.what else { return unchanged };
        let (mut any, mut coefficient) = (false, Number::integer(1));
        let mut new = Vec::new();
        for atom in atoms {
            match atom {
                Atom::Entries(product, sides) => {
                    let (with, number) = self.put_in(graph, product);
                    coefficient = &coefficient * &number;
                    any |= with != *product;
                    new.extend(as_word(&with, sides.clone()));
                }
                other => new.push(other.clone()),
            }
        }
        if !any {
            return unchanged;
        }
        let (product, number) = remade(graph, factor, new);
        (product, &coefficient * &number)
    }

    /// `s Σ c m` is `Σ (s c) m`, where `s` is the same in all that is added.
    fn in_sums(&self, graph: &mut Graph, product: Product) -> (Product, Number) {
        let mut coefficient = Number::integer(1);
        let Some((body, node)) = &self.body else { return (product, coefficient) };
        let outer = self.product.times(&Product::of(body.clone()).raised(-1));
        let mut result = product;
        for (factor, power) in result.clone().0 {
            let (What::Word(atoms) | What::Cycle(atoms)) = &factor.what else { continue };
            if power != 1 || atoms.len() < 2 || !divides(&outer, &result) {
                continue;
            }
            let sides = outer.sides();
            let last = atoms.len() - 1;
            let fits =
                |place: usize| is_single(&sides) || place == 0 && sides.1.is_one() || place == last && sides.0.is_one();
            let turned = is_single(&sides);
            let found = atoms.iter().enumerate().find_map(|(place, atom)| {
                let with = self.instead(atom, *node, body, turned)?;
                fits(place).then_some((place, with))
            });
            let Some((place, with)) = found else { continue };
            let new = [&atoms[..place], &with[..], &atoms[place + 1..]].concat();
            let rest = result.times(&Product::of(factor.clone()).times(&outer).raised(-1));
            let (with, number) = remade(graph, &factor, new);
            (result, coefficient) = (rest.times(&with), &coefficient * &number);
        }
        (result, coefficient)
    }

    fn instead(&self, atom: &Atom, node: NodeId, body: &Factor, turned: bool) -> Option<Vec<Atom>> {
        let (Factor { what: What::Word(own), .. }, 1) = self.own.0.iter().next()? else { return None };
        let [own] = own.as_slice() else { return None };
        match atom {
            Atom::Matrix { node: this, transposed, .. } if *this == node && (turned || !transposed) => {
                Some(vec![if *transposed { own.transposed() } else { own.clone() }])
            }
            Atom::Entries(product, sides) if product.0.get(body).is_some_and(|power| *power > 0) => {
                let with = product.times(&Product::of(body.clone()).raised(-1)).times(&self.own);
                Some(as_word(&with, sides.clone()))
            }
            _ => None,
        }
    }
}

/// Of a line `p = 1/(c + a e)`, or `p = e/(a e + c)`, the form with what the line gives in the place of `e`, or `1/e`:
/// `(1/p − c)/a`, or `(1/p − a)/c`. `None` where that is not in the form.
fn solved(expander: &mut Expander, line: NodeId, definition: NodeId, poly: &Poly) -> Option<Poly> {
    let (own, definition) = (expander.poly(line)?, expander.poly(definition)?);
    let (product, _) = definition.single().filter(|(_, number)| **number == Number::integer(1))?;
    let (below, above): (Vec<_>, Vec<_>) = product.0.iter().partition(|(_, power)| **power < 0);
    let [(Factor { what: What::Sum(below), .. }, -1)] = below.as_slice() else { return None };
    let (constants, others): (Vec<_>, Vec<_>) = below.terms.iter().partition(|(product, _)| product.is_one());
    let ([(_, constant)], [(product, number)]) = (constants.as_slice(), others.as_slice()) else { return None };
    let (factor, 1) = product.0.iter().next().filter(|_| product.0.len() == 1)? else { return None };
    let (sign, less, divisor) = match above.as_slice() {
        [] => (1, &constant.0, &number.0),
        [(above, 1)] if *above == factor => (-1, &number.0, &constant.0),
        _ => return None,
    };
    let one = |number: Number| Poly::of(own.sides.clone(), Product::one(), number);
    let instead = expander.power(&own, -1)?.plus(&one(less.clone()), &Number::integer(-1));
    let instead = instead.times(&one(Number::integer(1).checked_div(divisor).ok()?));
    let (mut with, mut any) = (Poly::zero(poly.sides.clone()), false);
    for (product, coefficient) in &poly.terms {
        let power = (sign * product.0.get(factor).copied().unwrap_or(0)).max(0);
        any |= power > 0;
        let rest = product.times(&Product::of(factor.clone()).raised(-sign * power));
        let term = Poly::of(poly.sides.clone(), rest, coefficient.0.clone());
        with = with.plus(&term.times(&expander.power(&instead, power)?), &Number::integer(1));
    }
    any.then_some(Poly { sides: poly.sides.clone(), ..with })
}

/// A word or a trace with other atoms.
fn remade(graph: &mut Graph, factor: &Factor, atoms: Vec<Atom>) -> (Product, Number) {
    match &factor.what {
        What::Cycle(_) => cycle(graph, atoms),
        _ => word(graph, atoms, &factor.sides.0),
    }
}

fn divides(part: &Product, whole: &Product) -> bool {
    part.0.iter().all(|(factor, power)| {
        let own = whole.0.get(factor).copied().unwrap_or(0);
        own.signum() == power.signum() && own.abs() >= power.abs()
    })
}

impl Poly {
    /// The expression, with what all terms share before a sum in brackets.
    pub fn factored(&self, expander: &mut Expander) -> Result<NodeId, ShapeError> {
        if self.terms.len() < 2 {
            return self.node(expander.graph);
        }
        let (mut front, _, _) = expander.content(self);
        // What only some terms are divided by stays with them.
        front.0.retain(|factor, power| {
            *power > 0 || self.terms.keys().all(|own| own.0.get(factor).is_some_and(|own| *own < 0))
        });
        let mut numbers = self.terms.values().map(|own| own.0.abs());
        let first = numbers.next().unwrap_or_else(|| Number::integer(1));
        let number = if numbers.all(|other| other == first) { first } else { Number::integer(1) };
        let minus = self.terms.values().all(|own| own.0.is_negative());
        let number = if minus { &Number::integer(0) - &number } else { number };
        let mut rest = Poly::zero(self.sides.clone());
        for (product, own) in &self.terms {
            rest.add(product.times(&front.raised(-1)), own.0.checked_div(&number).unwrap_or_else(|_| own.0.clone()));
        }
        let own = rest.terms.keys().map(Product::sides).reduce(|one, two| {
            let pick = |one: Dim, two: Dim| if one.is_one() { two } else { one };
            (pick(one.0, two.0), pick(one.1, two.1))
        });
        let [outer, inner] = [front.sides(), own.unwrap_or_else(|| rest.sides.clone())];
        // A column times a row.
        let across = outer.0.is_one() && inner.1.is_one() && !is_single(&outer) && !is_single(&inner);
        let down = outer.1.is_one() && inner.0.is_one() && !is_single(&outer) && !is_single(&inner);
        if across || down {
            rest.sides = inner;
            let graph = &mut *expander.graph;
            let (single, line) = front.parted(|factor| is_single(&factor.sides));
            let (line, rest) = (Poly::of(outer, line, Number::integer(1)).node(graph)?, rest.node(graph)?);
            let product = if across { graph.product(rest, line)? } else { graph.product(line, rest)? };
            if single.is_one() && number == Number::integer(1) {
                return Ok(product);
            }
            let front = Poly::of((Dim::one(), Dim::one()), single, number).node(graph)?;
            return graph.apply(Scale, &[front, product]);
        }
        let rest = rest.node(expander.graph)?;
        if front.is_one() && number == Number::integer(1) {
            return Ok(rest);
        }
        let graph = &mut *expander.graph;
        if number == Number::integer(1) && front.0.values().all(|power| *power < 0) {
            let below = front.raised(-1);
            let below = Poly::of(below.sides(), below, number).node(graph)?;
            return graph.apply(Div, &[rest, below]);
        }
        let front = Poly::of(front.sides(), front, number).node(graph)?;
        match graph.shape(front).is_scalar() {
            true => graph.apply(Scale, &[front, rest]),
            false => graph.apply(Hadamard, &[front, rest]),
        }
    }
}
