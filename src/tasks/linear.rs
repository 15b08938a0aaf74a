//! Equations solved for a name: linear ones in matrices, and those in a number that are linear or quadratic once they are
//! multiplied by what stands below their fractions.

use crate::algebra::{Atom, Expander, Factor, Function, Poly, Product, What, is_single};
use crate::answer::told::{Formula, Say};
use crate::graph::{Graph, NodeId};
use crate::number::Number;
use crate::ops::{Div, Exp, Inverse, Log, MatMul, Scale, Sqrt};
use crate::shape::Dim;

/// `matrix · x = right` or `x · matrix = right`, `factor · x = right`, or the two solutions of a quadratic equation.
pub struct Solved {
    /// The equation with like terms together: both sides.
    pub collected: [NodeId; 2],
    /// What it was divided by, or what has to have an inverse; none for a number that is not 0.
    pub divisor: Option<NodeId>,
    /// Why the inverse exists, and under which condition.
    pub because: Option<Say>,
    /// Whether the matrix stood in the equation as it is, and not with a minus sign.
    pub upright: bool,
    pub solutions: Vec<NodeId>,
}

/// Why there is no solution in symbols.
pub enum Unsolved {
    /// The name is nowhere in it.
    Absent,
    /// It is neither linear nor, of a number, quadratic.
    NotLinear,
    /// It is linear, and the name stands between two matrices.
    Between,
}

/// Solves `left = right` for the leaf or name `of`.
pub fn solve(graph: &mut Graph, left: NodeId, right: NodeId, of: NodeId) -> Result<Solved, Unsolved> {
    let mut expander = Expander::new(graph);
    let (Some(left), Some(right)) = (expander.poly(left), expander.poly(right)) else {
        return Err(Unsolved::NotLinear);
    };
    let difference = left.plus(&right, &Number::integer(-1));
    let difference = expander.without_fractions(difference, &|factor| mentions(factor, of));
    if !difference.terms.keys().any(|product| product.0.keys().any(|factor| mentions(factor, of))) {
        return Err(Unsolved::Absent);
    }
    if let Some((function, inner, value)) = isolated(&mut expander, &difference, of) {
        return inverted(graph, function, [inner, value], of);
    }
    let solved = match expander.graph.shape(of).is_scalar() {
        true => scalar(&mut expander, difference, of),
        false => matrix(&mut expander, difference, of),
    }?;
    // `w = a - sign(w)` is no solution.
    let within = |solution: &NodeId| expander.graph.needed(&[*solution])[of.place()];
    if solved.solutions.iter().any(within) { Err(Unsolved::NotLinear) } else { Ok(solved) }
}

/// The one exponential or logarithm in which the name stands: its argument, and what it is equal to.
fn isolated(expander: &mut Expander, difference: &Poly, of: NodeId) -> Option<(Function, NodeId, NodeId)> {
    let single = (Dim::one(), Dim::one());
    let (mut found, mut below, mut rest) = (None, Poly::zero(single.clone()), Poly::zero(difference.sides.clone()));
    for (product, coefficient) in &difference.terms {
        let (own, others) = product.parted(|factor| mentions(factor, of));
        if own.is_one() {
            rest.add(others, coefficient.0.clone());
            continue;
        }
        if found.get_or_insert_with(|| own.clone()) != &own || !others.0.keys().all(|factor| is_single(&factor.sides)) {
            return None;
        }
        below.add(others, coefficient.0.clone());
    }
    let own = found.filter(|own| own.0.len() == 1)?;
    let (Factor { what: What::Function(function @ (Function::Exp | Function::Log), inner), .. }, power) =
        own.0.iter().next()?
    else {
        return None;
    };
    // As a quotient of two sums it is shorter than multiplied out.
    let value = match is_single(&difference.sides) && below.terms.len() > 1 {
        true => {
            let (above, below) = (negative(&rest).node(expander.graph).ok()?, below.node(expander.graph).ok()?);
            let pair = if *power == 1 { [above, below] } else { [below, above] };
            expander.graph.apply(Div, &pair).ok()?
        }
        false => {
            let value = negative(&rest).times(&expander.power(&below, -1)?);
            let value = if *power == 1 { value } else { expander.power(&value, -1)? };
            value.node(expander.graph).ok()?
        }
    };
    if power.abs() != 1 {
        return None;
    }
    Some((*function, inner.node(expander.graph).ok()?, value))
}

/// `log(u) = v` as `u = exp(v)`, and the other way round.
fn inverted(
    graph: &mut Graph,
    function: Function,
    [inner, value]: [NodeId; 2],
    of: NodeId,
) -> Result<Solved, Unsolved> {
    let fault = |_| Unsolved::NotLinear;
    let (left, right) = match function {
        Function::Log => (graph.apply(Log { base: None }, &[inner]), graph.apply(Exp, &[value])),
        _ => (graph.apply(Exp, &[inner]), graph.apply(Log { base: None }, &[value])),
    };
    let (left, right) = (left.map_err(fault)?, right.map_err(fault)?);
    let solved = solve(graph, inner, right, of)?;
    Ok(Solved { collected: [left, value], ..solved })
}

/// Whether a name stands somewhere in a factor.
pub fn mentions(factor: &Factor, of: NodeId) -> bool {
    match &factor.what {
        What::Scalar(node) => *node == of,
        What::Word(atoms) | What::Cycle(atoms) => atoms.iter().any(|atom| atom_mentions(atom, of)),
        What::Identity => false,
        What::Function(_, inner) | What::Sum(inner) => poly_mentions(inner, of),
    }
}

fn atom_mentions(atom: &Atom, of: NodeId) -> bool {
    match atom {
        Atom::Matrix { node, .. } => *node == of,
        Atom::Ones { .. } => false,
        Atom::Diagonal(product, _) | Atom::Entries(product, _) => product.0.keys().any(|factor| mentions(factor, of)),
        Atom::Inverse(inner) => poly_mentions(inner, of),
    }
}

fn poly_mentions(poly: &Poly, of: NodeId) -> bool {
    poly.terms.keys().any(|product| product.0.keys().any(|factor| mentions(factor, of)))
}

fn node(expander: &mut Expander, poly: &Poly) -> Result<NodeId, Unsolved> {
    poly.node(expander.graph).map_err(|_| Unsolved::NotLinear)
}

fn negative(poly: &Poly) -> Poly {
    Poly::zero(poly.sides.clone()).plus(poly, &Number::integer(-1))
}

fn scalar(expander: &mut Expander, difference: Poly, of: NodeId) -> Result<Solved, Unsolved> {
    let own = Factor { what: What::Scalar(of), sides: (Dim::one(), Dim::one()) };
    let least = difference.terms.keys().map(|product| product.0.get(&own).copied().unwrap_or(0)).min().unwrap_or(0);
    let mut coefficients: Vec<Poly> = vec![Poly::zero(difference.sides.clone()); 3];
    for (product, coefficient) in &difference.terms {
        let mut rest = product.clone();
        let power = rest.0.remove(&own).unwrap_or(0) - least.min(0);
        let place = usize::try_from(power).ok().filter(|place| *place < 3).ok_or(Unsolved::NotLinear)?;
        if rest.0.keys().any(|factor| mentions(factor, of)) {
            return Err(Unsolved::NotLinear);
        }
        coefficients[place].add(rest, coefficient.0.clone());
    }
    // A common power of the name can't be 0 where it stood below a fraction.
    while coefficients[0].is_zero() && least < 0 {
        coefficients.rotate_left(1);
    }
    let [zeroth, first, second] = coefficients.as_slice() else { return Err(Unsolved::NotLinear) };
    if second.is_zero() {
        linear(expander, zeroth, first, of)
    } else {
        quadratic(expander, [zeroth, first, second], of)
    }
}

/// Both sides without a number that divides all their coefficients.
fn without_content(factor: Poly, rest: Poly) -> (Poly, Poly) {
    let all = || factor.terms.values().chain(rest.terms.values()).map(|own| &own.0);
    let least = all().map(Number::abs).min_by(|a, b| a.to_f64().total_cmp(&b.to_f64()));
    let Some(content) = least.filter(|least| *least != Number::integer(0) && *least != Number::integer(1)) else {
        return (factor, rest);
    };
    let whole = |own: &Number| own.checked_div(&content).is_ok_and(|share| share.to_integer().is_some());
    match (all().all(whole), Number::integer(1).checked_div(&content)) {
        (true, Ok(share)) => {
            let scaled = |poly: &Poly| Poly::zero(poly.sides.clone()).plus(poly, &share);
            (scaled(&factor), scaled(&rest))
        }
        _ => (factor, rest),
    }
}

fn linear(expander: &mut Expander, zeroth: &Poly, first: &Poly, of: NodeId) -> Result<Solved, Unsolved> {
    if first.is_zero() {
        return Err(Unsolved::Absent);
    }
    let negatives = first.terms.values().filter(|one| one.0.is_negative()).count();
    let flip = 2 * negatives > first.terms.len()
        || 2 * negatives == first.terms.len() && first.terms.values().next().is_some_and(|one| one.0.is_negative());
    let (factor, rest) = if flip { (negative(first), zeroth.clone()) } else { (first.clone(), negative(zeroth)) };
    let (factor, rest) = without_content(factor, rest);
    let factor_node = node(expander, &factor)?;
    let right = node(expander, &rest)?;
    // A sum below a fraction stands there as a whole.
    let several = factor.terms.len() > 1 && rest.terms.len() > 1;
    let together = several.then(|| expander.graph.apply(Div, &[right, factor_node]).ok()).flatten();
    let left = match factor.constant() == Some(Number::integer(1)) {
        true => of,
        false => expander.graph.apply(Scale, &[factor_node, of]).map_err(|_| Unsolved::NotLinear)?,
    };
    let solution = match together {
        Some(together) => together,
        None => {
            let quotient = expander.power(&factor, -1).ok_or(Unsolved::NotLinear)?;
            let solution = rest.times(&quotient);
            node(expander, &solution)?
        }
    };
    let positive = factor.terms.iter().all(|(product, coefficient)| {
        !coefficient.0.is_negative() && product.0.keys().all(|factor| expander.is_positive(factor))
    });
    let divisor = (!positive).then_some(factor_node);
    Ok(Solved { collected: [left, right], divisor, because: None, upright: true, solutions: vec![solution] })
}

/// `a x² + b x + c = 0`
fn quadratic(expander: &mut Expander, [c, b, a]: [&Poly; 3], of: NodeId) -> Result<Solved, Unsolved> {
    let (two, four) = (Number::integer(2), Number::integer(-4));
    let single = c.sides.clone();
    let own = Poly::of(
        single.clone(),
        Product::of(Factor { what: What::Scalar(of), sides: single.clone() }),
        Number::integer(1),
    );
    let left = a.times(&own).times(&own).plus(&b.times(&own), &Number::integer(1)).plus(c, &Number::integer(1));
    let left = node(expander, &left)?;
    let zero = expander.graph.integer(0);
    let under = b.times(b).plus(&a.times(c), &four);
    let twice = Poly::zero(single).plus(a, &two);
    let below = expander.power(&twice, -1).ok_or(Unsolved::NotLinear)?;
    let root = match under.constant().and_then(|number| number.sqrt().ok()).filter(Number::is_exact) {
        Some(root) => Poly::of(under.sides.clone(), Product::one(), root),
        None => {
            let under = node(expander, &under)?;
            let root = expander.graph.apply(Sqrt, &[under]).map_err(|_| Unsolved::NotLinear)?;
            expander.poly(root).ok_or(Unsolved::NotLinear)?
        }
    };
    let mut solutions = Vec::new();
    for sign in [-1, 1] {
        let above = negative(b).plus(&root, &Number::integer(sign));
        solutions.push(node(expander, &above.times(&below))?);
    }
    let divisor = if a.constant().is_none() { Some(node(expander, a)?) } else { None };
    Ok(Solved { collected: [left, zero], divisor, because: None, upright: true, solutions })
}

fn matrix(expander: &mut Expander, difference: Poly, of: NodeId) -> Result<Solved, Unsolved> {
    let difference = unfolded(difference, of);
    let ends = |poly: &Poly, last: bool, turned: bool| {
        poly.terms.keys().filter(|product| product.0.keys().any(|factor| mentions(factor, of))).all(|product| {
            product.0.iter().filter(|(factor, _)| mentions(factor, of)).all(|(factor, power)| match &factor.what {
                What::Word(atoms) => {
                    let end = if last { atoms.last() } else { atoms.first() };
                    let others = if last { &atoms[..atoms.len() - 1] } else { &atoms[1..] };
                    let own = matches!(end, Some(Atom::Matrix { node, transposed, .. }) if *node == of && *transposed == turned);
                    *power == 1 && own && !others.iter().any(|atom| atom_mentions(atom, of))
                }
                _ => false,
            })
        })
    };
    // Brought to the form in which the name stands last, and as it is.
    let (poly, last) = match () {
        () if ends(&difference, true, false) => (difference, true),
        () if ends(&difference, false, true) => (difference.transposed(), true),
        () if ends(&difference, false, false) => (difference, false),
        () if ends(&difference, true, true) => (difference.transposed(), false),
        () => return Err(Unsolved::Between),
    };
    let side = expander.graph.shape(of).0[usize::from(!last)].clone();
    let square = (side.clone(), side.clone());
    let (mut factor, mut rest) = (Poly::zero(square.clone()), Poly::zero(poly.sides.clone()));
    for (product, coefficient) in &poly.terms {
        let (own, others) = product.parted(|factor| mentions(factor, of));
        let Some((Factor { what: What::Word(atoms), .. }, _)) = own.0.iter().next() else {
            rest.add(product.clone(), -&coefficient.0);
            continue;
        };
        let inner = if last { &atoms[..atoms.len() - 1] } else { &atoms[1..] };
        // Rows or columns that are multiplied beside it are a diagonal matrix.
        let (scalars, vectors) = others.parted(|factor| is_single(&factor.sides));
        let mut inner = inner.to_vec();
        if !vectors.is_one() {
            let column = if last { vectors } else { vectors.transposed() };
            if !column.0.keys().all(|factor| factor.sides.1.is_one()) || column.sides().0 != side {
                return Err(Unsolved::Between);
            }
            inner.insert(if last { 0 } else { inner.len() }, Atom::Diagonal(column, side.clone()));
        }
        let outer = inner.first().zip(inner.last()).map(|(first, last)| (first.sides().0, last.sides().1));
        if outer.is_some_and(|(rows, columns)| rows != side || columns != side) {
            return Err(Unsolved::Between);
        }
        let (matrix, number) = expander.word(inner, &side);
        factor.add(scalars.times(&matrix), &coefficient.0 * &number);
    }
    if factor.is_zero() {
        return Err(Unsolved::Absent);
    }
    let flip = factor.terms.values().next().is_some_and(|one| one.0.is_negative());
    if flip {
        (factor, rest) = (negative(&factor), negative(&rest));
    }
    let common = factor.terms.values().next().map_or_else(|| Number::integer(1), |first| first.0.clone());
    if let Ok(share) = Number::integer(1).checked_div(&common) {
        let (empty, blank) = (Poly::zero(factor.sides.clone()), Poly::zero(rest.sides.clone()));
        (factor, rest) = (empty.plus(&factor, &share), blank.plus(&rest, &share));
    }
    let (factor, rest) = without_scale(expander, factor, rest);
    let solved = finished(expander, factor, rest, of, last)?;
    Ok(Solved { upright: !flip, ..solved })
}

/// Both sides without positive scalars that stand in every term, `1/N`.
fn without_scale(expander: &Expander, factor: Poly, rest: Poly) -> (Poly, Poly) {
    let terms = || factor.terms.keys().chain(rest.terms.keys());
    let mut common = Product::one();
    for (own, power) in terms().next().into_iter().flat_map(|first| &first.0) {
        let shared = is_single(&own.sides) && expander.is_positive(own);
        if shared && terms().all(|product| product.0.get(own) == Some(power)) {
            common.0.insert(own.clone(), -power);
        }
    }
    let scaled = |poly: &Poly| {
        let mut scaled = Poly::zero(poly.sides.clone());
        poly.terms.iter().for_each(|(product, own)| scaled.add(product.times(&common), own.0.clone()));
        scaled
    };
    (scaled(&factor), scaled(&rest))
}

/// `A (s ⊙ B w)` as `A diag(s) B w`, where w stands in it once.
fn unfolded(poly: Poly, of: NodeId) -> Poly {
    let mut result = Poly::zero(poly.sides.clone());
    for (product, coefficient) in poly.terms {
        let mut factors = std::collections::BTreeMap::new();
        for (factor, power) in product.0 {
            let what = match factor.what {
                What::Word(mut atoms) => {
                    let split = match atoms.last() {
                        Some(Atom::Entries(inner, sides)) if sides.1.is_one() => {
                            let (own, others) = inner.parted(|factor| mentions(factor, of));
                            match own.0.iter().next() {
                                Some((Factor { what: What::Word(own), .. }, 1)) if !others.is_one() => {
                                    Some((Atom::Diagonal(others, sides.0.clone()), own.clone()))
                                }
                                _ => None,
                            }
                        }
                        _ => None,
                    };
                    if let Some((diagonal, own)) = split {
                        atoms.pop();
                        atoms.push(diagonal);
                        atoms.extend(own);
                    }
                    What::Word(atoms)
                }
                other => other,
            };
            factors.insert(Factor { what, sides: factor.sides }, power);
        }
        result.add(Product(factors), coefficient.0);
    }
    result
}

fn finished(expander: &mut Expander, factor: Poly, rest: Poly, of: NodeId, last: bool) -> Result<Solved, Unsolved> {
    let fault = |_| Unsolved::NotLinear;
    // A number times the name.
    if let Some((product, number)) = factor.single() {
        let (identity, scalars) = product.parted(|factor| factor.what == What::Identity);
        if identity.0.len() == 1 && scalars.0.keys().all(|factor| is_single(&factor.sides)) {
            let single = (Dim::one(), Dim::one());
            let scalar = Poly::of(single, scalars, number.clone());
            let quotient = expander.power(&scalar, -1).ok_or(Unsolved::NotLinear)?;
            let solution = rest.times(&quotient);
            let (solution, right, divisor) =
                (node(expander, &solution)?, node(expander, &rest)?, node(expander, &scalar)?);
            let left = match scalar.constant() == Some(Number::integer(1)) {
                true => of,
                false => expander.graph.apply(Scale, &[divisor, of]).map_err(fault)?,
            };
            let divisor = scalar.constant().is_none().then_some(divisor);
            return Ok(Solved {
                collected: [left, right],
                divisor,
                because: None,
                upright: true,
                solutions: vec![solution],
            });
        }
    }
    let (matrix, right) = (node(expander, &factor)?, node(expander, &rest)?);
    let because = invertible(expander, &factor);
    let graph = &mut *expander.graph;
    let inverse = graph.apply(Inverse, &[matrix]).map_err(fault)?;
    let pair = |one, two| if last { [one, two] } else { [two, one] };
    let left = graph.apply(MatMul, &pair(matrix, of)).map_err(fault)?;
    let solution = graph.apply(MatMul, &pair(inverse, right)).map_err(fault)?;
    Ok(Solved { collected: [left, right], divisor: Some(matrix), because, upright: true, solutions: vec![solution] })
}

/// Why a sum of `AᵀA`, `AᵀDA` and multiples of the identity has an inverse.
fn invertible(expander: &mut Expander, factor: &Poly) -> Option<Say> {
    let mut squares: Vec<Formula> = Vec::new();
    let (mut identity, mut conditions): (bool, Vec<Formula>) = (false, Vec::new());
    let mut tall = None;
    for (product, coefficient) in &factor.terms {
        if coefficient.0.is_negative() {
            return None;
        }
        let (scalars, matrices) = product.parted(|factor| is_single(&factor.sides));
        let scale = Poly::of((Dim::one(), Dim::one()), scalars.clone(), coefficient.0.clone());
        let scale = scale.node(expander.graph).ok()?;
        let scaled = |formula: Formula| match coefficient.0 == Number::integer(1) && scalars.is_one() {
            true => formula,
            false => Formula::Product(vec![Formula::Node(scale), formula]),
        };
        let v = || Formula::Math(crate::math::Math::name("v"));
        let positive = |expander: &Expander| scalars.0.keys().any(|factor| !expander.is_positive(factor));
        match matrices.0.keys().next().map(|factor| &factor.what) {
            Some(What::Identity) => {
                identity = true;
                if positive(expander) {
                    conditions.push(Formula::Node(scale));
                }
                squares.push(scaled(Formula::SquaredNorm(Box::new(v()))));
            }
            Some(What::Word(atoms)) => {
                let half = atoms.len() / 2;
                let (first, last) = atoms.split_at(half);
                let weight = match atoms.len() % 2 {
                    1 => match &last[0] {
                        Atom::Diagonal(product, _) => Some(product.clone()),
                        _ => return None,
                    },
                    _ => None,
                };
                let last = if weight.is_some() { &last[1..] } else { last };
                let mirrored: Vec<Atom> = first.iter().rev().map(Atom::transposed).collect();
                if mirrored != last {
                    return None;
                }
                if positive(expander) {
                    conditions.push(Formula::Node(scale));
                }
                let (own, _) = expander.word(last.to_vec(), &last[0].sides().0);
                let sides = (last[0].sides().0, last[last.len() - 1].sides().1);
                let own = Poly::of(sides, own, Number::integer(1)).node(expander.graph).ok()?;
                tall = Some(own);
                let moved = Formula::Product(vec![Formula::Node(own), v()]);
                squares.push(scaled(match weight {
                    None => Formula::SquaredNorm(Box::new(moved)),
                    Some(weight) => {
                        let sides = weight.sides();
                        let weight = Poly::of(sides, weight, Number::integer(1)).node(expander.graph).ok()?;
                        conditions.push(Formula::Node(weight));
                        let moved = Formula::Math(crate::math::Math::words("Σ "));
                        let weighted = Formula::Product(vec![
                            Formula::Node(weight),
                            Formula::Product(vec![Formula::Node(own), v()]),
                        ]);
                        Formula::Product(vec![moved, weighted])
                    }
                }));
            }
            _ => return None,
        }
    }
    // Only what can be said truly: weights in a sum are told in words.
    let weighted = squares.iter().any(|square| format!("{square:?}").contains("Words"));
    let independent = tall.filter(|_| !identity);
    Some(match (weighted, independent, conditions.is_empty()) {
        (true, _, _) => Say::new("it exists where every weight {} is positive and the columns of {} are independent: then {} is positive definite")
            .hole(crate::answer::told::Hole::Formulas(conditions))
            .node(tall?)
            .formula(Formula::Node(factor.node(expander.graph).ok()?)),
        (false, Some(own), _) => Say::new("it exists where the columns of {} are independent: then {} is positive for every {}")
            .node(own)
            .formula(Formula::Sum(squares))
            .formula(nonzero()),
        (false, None, false) => Say::new("it exists for positive {}: then {} is positive for every {}")
            .hole(crate::answer::told::Hole::Formulas(conditions))
            .formula(Formula::Sum(squares))
            .formula(nonzero()),
        (false, None, true) => Say::new("it exists, for {} is positive for every {}")
            .formula(Formula::Sum(squares))
            .formula(nonzero()),
    })
}

/// `v ≠ 0`
fn nonzero() -> Formula {
    let name = |text: &str| Formula::Math(crate::math::Math::name(text));
    Formula::related(name("v"), crate::math::Relation::NotEqual, Formula::Math(crate::math::Math::number(0)))
}
