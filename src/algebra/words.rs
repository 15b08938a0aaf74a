//! Products of matrices: what may be taken out of a sum over an index, and the canonical form of a trace.

use super::{Atom, Coefficient, Factor, Poly, Product, Sides, What, is_single};
use crate::graph::{Assumption, Graph, NodeId};
use crate::number::Number;
use crate::shape::Dim;

impl Poly {
    pub fn transposed(&self) -> Poly {
        let terms = self.terms.iter().map(|(product, own)| (product.transposed(), own.clone()));
        let mut poly = Poly::zero((self.sides.1.clone(), self.sides.0.clone()));
        terms.for_each(|(product, Coefficient(own))| poly.add(product, own));
        poly
    }
}

impl Product {
    pub fn transposed(&self) -> Product {
        Product(self.0.iter().map(|(factor, power)| (factor.transposed(), *power)).collect())
    }
}

impl Factor {
    pub fn transposed(&self) -> Factor {
        let what = match &self.what {
            What::Word(atoms) => What::Word(reversed(atoms)),
            What::Function(function, of) => What::Function(*function, Box::new(of.transposed())),
            What::Sum(of) => What::Sum(Box::new(of.transposed())),
            What::Scalar(_) | What::Cycle(_) | What::Identity => self.what.clone(),
        };
        Factor { what, sides: (self.sides.1.clone(), self.sides.0.clone()) }
    }
}

/// The transpose of a word.
fn reversed(atoms: &[Atom]) -> Vec<Atom> {
    atoms.iter().rev().map(Atom::transposed).collect()
}

impl Atom {
    pub fn transposed(&self) -> Atom {
        match self {
            Atom::Matrix { node, transposed, sides: (rows, columns) } => {
                Atom::Matrix { node: *node, transposed: !transposed, sides: (columns.clone(), rows.clone()) }
            }
            Atom::Ones { of, row } => Atom::Ones { of: of.clone(), row: !row },
            Atom::Diagonal(..) => self.clone(),
            Atom::Entries(product, (rows, columns)) => {
                Atom::Entries(product.transposed(), (columns.clone(), rows.clone()))
            }
            Atom::Inverse(of) => Atom::Inverse(Box::new(of.transposed())),
        }
    }
}

/// The product of a word as factors: cut where one side is 1, with what cancels taken out. A word without atoms is the
/// identity.
pub fn word(graph: &mut Graph, atoms: Vec<Atom>, side: &Dim) -> (Product, Number) {
    let mut kept = reduced(graph, atoms);
    if kept.is_empty() {
        return identity(side);
    }
    let mut product = Product::one();
    // A diagonal matrix at an end multiplies rows or columns.
    if kept.len() > 1
        && let Atom::Diagonal(column, _) = &kept[0]
    {
        product = product.times(column);
        kept.remove(0);
    }
    if kept.len() > 1
        && let Some(Atom::Diagonal(column, _)) = kept.last()
    {
        product = product.times(&column.transposed());
        kept.pop();
    }
    let mut pieces: Vec<Vec<Atom>> = vec![Vec::new()];
    for atom in kept {
        let ends = atom.sides().1.is_one();
        pieces.last_mut().into_iter().for_each(|piece| piece.push(atom.clone()));
        if ends {
            pieces.push(Vec::new());
        }
    }
    let mut coefficient = Number::integer(1);
    for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
        let (own, number) = piece_of(graph, piece);
        (product, coefficient) = (product.times(&own), &coefficient * &number);
    }
    (product, coefficient)
}

/// Without neighbours that are inverse to each other.
fn reduced(graph: &Graph, atoms: Vec<Atom>) -> Vec<Atom> {
    let mut kept: Vec<Atom> = Vec::new();
    for atom in atoms {
        kept.push(atom);
        let cancelled = (0..kept.len() - 1).find(|from| are_inverse(graph, &kept[*from..]));
        kept.truncate(cancelled.unwrap_or(kept.len()));
    }
    kept
}

fn identity(side: &Dim) -> (Product, Number) {
    let one = Number::integer(1);
    match side.is_one() {
        true => (Product::one(), one),
        false => (Product::of(Factor { what: What::Identity, sides: (side.clone(), side.clone()) }), one),
    }
}

/// `A⁻¹ A`, `(XᵀX)⁻¹ XᵀX`, and `Qᵀ Q` of an orthogonal one.
fn are_inverse(graph: &Graph, atoms: &[Atom]) -> bool {
    let is = |inverse: &Atom, others: &[Atom]| match inverse {
        Atom::Inverse(of) => of.single().is_some_and(|(product, number)| {
            let alone = product.0.len() == 1 && *number == Number::integer(1);
            let factor = product.0.iter().next();
            alone && factor.is_some_and(|(f, p)| *p == 1 && matches!(&f.what, What::Word(own) if own == others))
        }),
        _ => false,
    };
    let orthogonal =
        |id: &NodeId| graph.as_leaf(*id).is_some_and(|leaf| leaf.assumed.contains(&Assumption::Orthogonal));
    match atoms {
        [Atom::Matrix { node, transposed, .. }, Atom::Matrix { node: other, transposed: turned, .. }] => {
            node == other && transposed != turned && orthogonal(node)
        }
        [first, rest @ ..] if is(first, rest) => true,
        [rest @ .., last] => is(last, rest),
        [] => false,
    }
}

/// A piece between sides of 1: a matrix, a row, a column or a number.
fn piece_of(graph: &mut Graph, atoms: Vec<Atom>) -> (Product, Number) {
    let sides = (atoms[0].sides().0, atoms[atoms.len() - 1].sides().1);
    if is_single(&sides) {
        return cycle(graph, atoms);
    }
    let product = match atoms.as_slice() {
        // A column of ones is 1 in every entry.
        [Atom::Ones { .. }] => Product::one(),
        [Atom::Entries(product, _)] => product.clone(),
        _ => Product::of(Factor { what: What::Word(atoms), sides }),
    };
    (product, Number::integer(1))
}

/// A product that begins and ends with the same side, as a trace.
pub fn cycle(graph: &mut Graph, atoms: Vec<Atom>) -> (Product, Number) {
    let one = Number::integer(1);
    if let [Atom::Ones { of, row: true }, Atom::Ones { row: false, .. }] = atoms.as_slice() {
        return size(graph, of);
    }
    if let [atom] = atoms.as_slice()
        && is_single(&atom.sides())
    {
        // A matrix with one entry.
        return (Product::of(Factor { what: What::Word(atoms), sides: (Dim::one(), Dim::one()) }), one);
    }
    let shorter = reduced(graph, atoms.clone());
    let atoms = if shorter.is_empty() { atoms } else { shorter };
    let turned = reversed(&atoms);
    let rotations = |atoms: &[Atom]| -> Vec<Vec<Atom>> {
        (0..atoms.len()).map(|at| [&atoms[at..], &atoms[..at]].concat()).collect()
    };
    let all = rotations(&atoms).into_iter().chain(rotations(&turned));
    // One that begins where a side is 1 is a product of a row, matrices and a column.
    let opens = |atoms: &Vec<Atom>| !atoms[0].sides().0.is_one();
    let best = all.min_by(|one, two| opens(one).cmp(&opens(two)).then_with(|| one.cmp(two)));
    let joints = |atoms: &Vec<Atom>| atoms.iter().filter(|atom| atom.sides().0.is_one()).count();
    match best {
        Some(best) if joints(&best) > 1 => {
            let (mut product, mut coefficient) = (Product::one(), one);
            let mut piece = Vec::new();
            for atom in best {
                let ends = atom.sides().1.is_one();
                piece.push(atom);
                if ends {
                    let (own, number) = cycle(graph, std::mem::take(&mut piece));
                    (product, coefficient) = (product.times(&own), &coefficient * &number);
                }
            }
            (product, coefficient)
        }
        Some(best) => (Product::of(Factor { what: What::Cycle(best), sides: (Dim::one(), Dim::one()) }), one),
        None => (Product::one(), one),
    }
}

/// A size as factors and a number.
pub fn size(graph: &mut Graph, dim: &Dim) -> (Product, Number) {
    let single = (Dim::one(), Dim::one());
    let scalar = |graph: &mut Graph, dim: Dim| {
        let node = graph.dimension(dim);
        Product::of(Factor { what: What::Scalar(node), sides: single.clone() })
    };
    let summands: Vec<_> = dim.summands().map(|(number, factors)| (number, factors.to_vec())).collect();
    match summands.as_slice() {
        [(number, factors)] => {
            let mut product = Product::one();
            for factor in factors {
                let own = scalar(graph, Dim::of_factor(factor));
                product = product.times(&own);
            }
            (product, Number::integer(*number))
        }
        _ => (scalar(graph, dim.clone()), Number::integer(1)),
    }
}

/// A product of entries as a word; a row or column of ones, and a matrix of ones, where there is none.
pub fn as_word(product: &Product, sides: Sides) -> Vec<Atom> {
    if product.is_one() {
        let (rows, columns) = sides;
        let column = Atom::Ones { of: rows.clone(), row: false };
        let row = Atom::Ones { of: columns.clone(), row: true };
        return match (rows.is_one(), columns.is_one()) {
            (_, true) => vec![column],
            (true, false) => vec![row],
            (false, false) => vec![column, row],
        };
    }
    let mut factors = product.0.iter();
    match (factors.next(), factors.next()) {
        (Some((Factor { what: What::Word(atoms), .. }, 1)), None) => atoms.clone(),
        _ => vec![Atom::Entries(product.clone(), sides)],
    }
}

/// The matrix product of two products, whose inner side is `inner`.
pub fn contracted(graph: &mut Graph, left: &Product, right: &Product, sides: (&Dim, &Dim, &Dim)) -> (Product, Number) {
    let (rows, inner, columns) = sides;
    if inner.is_one() {
        return (left.times(right), Number::integer(1));
    }
    let is_identity = |factor: &Factor| factor.what == What::Identity;
    // Factors that do not know the inner index stand before the sum.
    let (identity, left) = left.parted(is_identity);
    let (other_identity, right) = right.parted(is_identity);
    let (outer_left, left) = left.parted(|factor| factor.sides.1.is_one());
    let (outer_right, right) = right.parted(|factor| factor.sides.0.is_one());
    let outside = outer_left.times(&outer_right);
    // Those that know the inner index alone are a column between.
    let (row_like, left) = left.parted(|factor| factor.sides.0.is_one());
    let (column_like, right) = right.parted(|factor| factor.sides.1.is_one());
    let between = row_like.transposed().times(&column_like);
    let mut atoms = Vec::new();
    let has_left = !left.is_one();
    let has_right = !right.is_one();
    let column = |between: &Product| as_word(between, (inner.clone(), Dim::one()));
    if !identity.is_one() || !other_identity.is_one() {
        // I B: a column beside the identity is a diagonal matrix.
        let (first, second) = (!identity.is_one(), !other_identity.is_one());
        let mut result = outside;
        match (first, second) {
            (true, true) => {
                result = result.times(&diagonal(&between, inner));
            }
            (true, false) => result = result.times(&between).times(&right),
            (false, _) => result = result.times(&between.transposed()).times(&left),
        }
        return (result, Number::integer(1));
    }
    match (has_left, has_right) {
        (true, true) => {
            atoms.extend(as_word(&left, (rows.clone(), inner.clone())));
            if !between.is_one() {
                atoms.push(Atom::Diagonal(between, inner.clone()));
            }
            atoms.extend(as_word(&right, (inner.clone(), columns.clone())));
        }
        (true, false) => {
            atoms.extend(as_word(&left, (rows.clone(), inner.clone())));
            atoms.extend(column(&between));
        }
        (false, true) => {
            atoms.extend(reversed(&column(&between)));
            atoms.extend(as_word(&right, (inner.clone(), columns.clone())));
        }
        (false, false) => {
            let (product, number) = total(graph, &between, inner);
            return (outside.times(&product), number);
        }
    }
    let (product, number) = word(graph, atoms, rows);
    (outside.times(&product), number)
}

/// The identity with a column on its diagonal.
fn diagonal(column: &Product, side: &Dim) -> Product {
    let sides = (side.clone(), side.clone());
    match column.is_one() {
        true => Product::of(Factor { what: What::Identity, sides }),
        false => Product::of(Factor { what: What::Word(vec![Atom::Diagonal(column.clone(), side.clone())]), sides }),
    }
}

/// The sum of a column.
fn total(graph: &mut Graph, column: &Product, side: &Dim) -> (Product, Number) {
    if column.is_one() {
        return size(graph, side);
    }
    let words: Vec<&Vec<Atom>> = column
        .0
        .iter()
        .flat_map(|(factor, power)| match (&factor.what, power) {
            (What::Word(atoms), 1) => vec![Some(atoms)],
            (What::Word(atoms), 2) => vec![Some(atoms), Some(atoms)],
            _ => vec![None],
        })
        .collect::<Option<Vec<_>>>()
        .unwrap_or_default();
    let atoms = match words.as_slice() {
        [left, right] => [reversed(left), right.to_vec()].concat(),
        _ => {
            let ones = Atom::Ones { of: side.clone(), row: true };
            [vec![ones], as_word(column, (side.clone(), Dim::one()))].concat()
        }
    };
    cycle(graph, atoms)
}

/// The sum of all entries of a product of entries.
pub fn summed(graph: &mut Graph, product: &Product, (rows, columns): &Sides) -> (Product, Number) {
    let (outside, inside) = product.parted(|factor| is_single(&factor.sides));
    let vectors = inside.0.keys().any(|factor| factor.sides.0.is_one() || factor.sides.1.is_one());
    let words: Option<Vec<&Vec<Atom>>> = inside
        .0
        .iter()
        .flat_map(|(factor, power)| match (&factor.what, power) {
            (What::Word(atoms), 1) => vec![Some(atoms)],
            (What::Word(atoms), 2) => vec![Some(atoms), Some(atoms)],
            _ => vec![None],
        })
        .collect();
    if let (false, Some([left, right])) = (vectors || columns.is_one() || rows.is_one(), words.as_deref()) {
        let atoms = [reversed(left), right.to_vec()].concat();
        let (product, number) = cycle(graph, atoms);
        return (outside.times(&product), number);
    }
    let one = Dim::one();
    let (along, first) = contracted(graph, &inside, &Product::one(), (rows, columns, &one));
    let (whole, second) = contracted(graph, &Product::one(), &along, (&one, rows, &one));
    (outside.times(&whole), &first * &second)
}

/// The trace of a product of entries.
pub fn traced(graph: &mut Graph, product: &Product, side: &Dim) -> (Product, Number) {
    let (outside, inside) = product.parted(|factor| is_single(&factor.sides));
    let (identity, inside) = inside.parted(|factor| factor.what == What::Identity);
    let (matrices, vectors) = inside.parted(|factor| !factor.sides.0.is_one() && !factor.sides.1.is_one());
    let (rows, columns) = vectors.parted(|factor| factor.sides.0.is_one());
    let between = rows.transposed().times(&columns);
    if matrices.is_one() {
        let (product, number) = total(graph, &between, side);
        return (outside.times(&product), number);
    }
    let mut atoms = as_word(&matrices.times(&identity), (side.clone(), side.clone()));
    if !between.is_one() {
        atoms.push(Atom::Diagonal(between, side.clone()));
    }
    let (product, number) = cycle(graph, atoms);
    (outside.times(&product), number)
}
