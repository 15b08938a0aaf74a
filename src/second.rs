//! Derivatives of derivatives and of vector functions, as matrices.
//!
//! Reverse mode with an arbitrary cotangent `u` gives `Jᵀu` as an expression that is linear in `u`. Here the matrix of
//! that linear map is read off the expression: `p ⊙ (u − 1 pᵀu)` is `(diag(p) − p pᵀ) u`.

use crate::differentiate::{Gradients, RuleError, differentiate};
use crate::graph::{Environment, Graph, Kind, Leaf, NodeId, SymbolName};
use crate::model::{JacobianLayout, Model};
use crate::number::Number;
use crate::ops::{Add, Diag, EntryGradient, Hadamard, Neg, Op, Scale, ShapeError, Sub, Sum, Term, Transpose};
use crate::shape::{Dim, DimValues, Shape};
use crate::simplify::simplest;
use crate::syntax::ast::LeafKind;
use crate::tensor::{Tensor, indices};

/// A matrix of derivatives and the reverse pass that it was read off.
#[derive(Clone, Debug)]
pub struct SecondForm {
    /// The cotangent `u`; 1 for a scalar function.
    pub cotangent: NodeId,
    /// What reverse mode gives: `Jᵀu`, `H u`.
    pub product: NodeId,
    pub matrix: NodeId,
    pub gradients: Gradients,
    /// The transposed matrix times the cotangent, to be compared with the product.
    pub again: NodeId,
    /// There is no matrix expression: column by column, with what is given.
    pub numeric: bool,
}

/// Why there is no such matrix.
#[derive(Clone, Debug)]
pub enum Unavailable {
    Rule(RuleError),
    /// Only vectors and scalars have a Jacobian that is a matrix.
    NotAVector(NodeId),
    /// An operator between them whose linear map is not a matrix expression.
    NotAMatrix(&'static str),
}

impl From<ShapeError> for Unavailable {
    fn from(error: ShapeError) -> Unavailable {
        Unavailable::Rule(RuleError { operator: "jacobian", error })
    }
}

/// Letters for a cotangent; the first that the model has no use for is taken.
const COTANGENTS: [&str; 5] = ["u", "g", "q", "r", "c"];

/// The Jacobian of a vector (or scalar) with respect to a vector (or scalar).
pub fn jacobian(model: &mut Model, of: NodeId, wrt: NodeId, layout: JacobianLayout) -> Result<SecondForm, Unavailable> {
    let transposed = linear_map(model, of, wrt)?;
    let graph = &mut model.graph;
    let matrix = match layout {
        JacobianLayout::Denominator => transposed.matrix,
        JacobianLayout::Numerator if let Kind::Literal(literal) = *graph.kind(transposed.matrix) => {
            let turned = graph.literal(literal).transpose();
            graph.add_literal(turned)
        }
        JacobianLayout::Numerator => {
            let turned = graph.apply(Transpose, &[transposed.matrix])?;
            simplest(graph, turned)
        }
    };
    Ok(SecondForm { matrix, ..transposed })
}

/// The Hessian of a scalar with respect to a vector (or scalar): the Jacobian of its gradient, which is symmetric.
pub fn hessian(model: &mut Model, gradient: NodeId, wrt: NodeId) -> Result<SecondForm, Unavailable> {
    linear_map(model, gradient, wrt)
}

/// The transposed Jacobian: the matrix that takes a cotangent of `of` to the gradient with respect to `wrt`.
fn linear_map(model: &mut Model, of: NodeId, wrt: NodeId) -> Result<SecondForm, Unavailable> {
    for id in [of, wrt] {
        if !is_vector(model.graph.shape(id)) {
            return Err(Unavailable::NotAVector(id));
        }
    }
    if model.graph.shape(of).is_scalar() {
        return scalar_map(model, of, wrt);
    }
    let free = COTANGENTS.into_iter().find(|name| !model.names.contains_key(*name));
    let graph = &mut model.graph;
    let shape = graph.shape(of).clone();
    let cotangent = graph.add_leaf(Leaf::unknown(free.unwrap_or("cotangent"), LeafKind::Input, shape.clone()));
    let weighted = graph.apply(Hadamard, &[cotangent, of])?;
    let total = graph.apply(Sum { axis: None }, &[weighted])?;
    let loss = graph.add_symbol(SymbolName::Generated("s".to_string()), total);
    let gradients = differentiate(model, loss, &[wrt]).map_err(Unavailable::Rule)?;
    let graph = &mut model.graph;
    let Some(gradient) = gradients.of.get(&wrt).copied() else {
        let size = |id: NodeId| graph.shape(id).size();
        let (rows, columns) = (size(wrt), size(of));
        let ones = graph.ones(Shape::matrix(rows, columns));
        let zero = graph.integer(0);
        let matrix = graph.apply(Scale, &[zero, ones])?;
        return Ok(SecondForm { cotangent, product: matrix, matrix, gradients, again: matrix, numeric: false });
    };
    let product = graph.written_out(gradient, &[cotangent]);
    let product = simplest(graph, product);
    let matrix = match matrix_of(graph, product, cotangent) {
        Ok(matrix) if is_complete(graph, matrix, [wrt, of]) => matrix,
        unread => {
            let reason = unread.err().unwrap_or(Unavailable::NotAMatrix("*"));
            let matrix = in_numbers(graph, product, cotangent).ok_or(reason)?;
            return Ok(SecondForm { cotangent, product, matrix, gradients, again: product, numeric: true });
        }
    };
    let simple = simplest(graph, matrix);
    let column = as_column(graph, cotangent)?;
    let again = graph.product(simple, column)?;
    let again = match graph.shape(product).is_scalar() {
        true => graph.apply(Sum { axis: None }, &[again])?,
        false if graph.shape(again) == graph.shape(product) => again,
        false => graph.apply(Transpose, &[again])?,
    };
    Ok(SecondForm { cotangent, product, matrix: simple, gradients, again, numeric: false })
}

/// Whether the matrix has a row for each entry of the one and a column for each of the other.
fn is_complete(graph: &Graph, matrix: NodeId, [rows, columns]: [NodeId; 2]) -> bool {
    let size = |id: NodeId| graph.shape(id).size();
    graph.shape(matrix).as_matrix().is_some_and(|(own, across)| (own, across) == (&size(rows), &size(columns)))
}

/// The transposed Jacobian with what is given: reverse mode from each entry of the cotangent is a column.
fn in_numbers(graph: &mut Graph, product: NodeId, cotangent: NodeId) -> Option<NodeId> {
    let Kind::Leaf(leaf) = *graph.kind(cotangent) else { return None };
    let extents: Vec<usize> = graph.shape(cotangent).evaluate(&DimValues::new())?;
    let mut columns: Vec<Vec<Number>> = Vec::new();
    for place in indices(&extents) {
        let mut environment = Environment::<Number>::given(graph);
        let unit = Tensor::from_fn(&extents, |index| Number::integer(i64::from(index == place.as_slice())));
        environment.set(leaf, unit);
        let known = graph.known(&[product], &environment);
        columns.push(known.values.get(product)?.entries().cloned().collect());
    }
    let rows = columns.first()?.len();
    let matrix = Tensor::from_fn(&[rows, columns.len()], |index| columns[index[1]][index[0]].clone());
    Some(graph.add_literal(matrix))
}

/// The gradient of a scalar, as a column.
fn scalar_map(model: &mut Model, of: NodeId, wrt: NodeId) -> Result<SecondForm, Unavailable> {
    let gradients = differentiate(model, of, &[wrt]).map_err(Unavailable::Rule)?;
    let graph = &mut model.graph;
    let one = graph.integer(1);
    let gradient = match gradients.of.get(&wrt) {
        Some(gradient) => graph.as_symbol(*gradient).map_or(*gradient, |symbol| symbol.definition),
        None => {
            let (zero, shape) = (graph.integer(0), graph.shape(wrt).clone());
            let ones = graph.ones(shape);
            graph.apply(Scale, &[zero, ones])?
        }
    };
    let matrix = as_column(graph, gradient)?;
    let matrix = simplest(graph, matrix);
    Ok(SecondForm { cotangent: one, product: matrix, matrix, gradients, again: matrix, numeric: false })
}

fn as_column(graph: &mut Graph, vector: NodeId) -> Result<NodeId, ShapeError> {
    if graph.shape(vector).is_row() { graph.apply(Transpose, &[vector]) } else { Ok(vector) }
}

fn is_vector(shape: &Shape) -> bool {
    shape.is_scalar() || shape.as_matrix().is_some_and(|(rows, columns)| rows.is_one() || columns.is_one())
}

/// A linear map of the cotangent (as a column) to a vector (as a column): a sum of simple matrices.
type Map = Vec<Part>;

#[derive(Clone, Copy)]
struct Part {
    negative: bool,
    /// A scalar factor.
    factor: Option<NodeId>,
    matrix: Matrix,
}

#[derive(Clone, Copy)]
enum Matrix {
    Identity,
    /// With this column on the diagonal.
    Diagonal(NodeId),
    /// A column times a row.
    Outer(NodeId, NodeId),
    Dense(NodeId),
}

fn matrix_of(graph: &mut Graph, product: NodeId, cotangent: NodeId) -> Result<NodeId, Unavailable> {
    let depends = graph.depending(&[cotangent]);
    let needed = graph.needed(&[product]);
    let ids: Vec<NodeId> = graph.ids().filter(|id| needed[id.place()] && depends[id.place()]).collect();
    let mut maps: Vec<Option<Map>> = vec![None; graph.size()];
    for id in ids {
        let map = if id == cotangent {
            vec![Part { negative: false, factor: None, matrix: Matrix::Identity }]
        } else {
            Reader { graph, maps: &maps }.read(id)?
        };
        maps[id.place()] = Some(map);
    }
    let map = maps[product.place()].clone().ok_or(Unavailable::NotAMatrix("0"))?;
    let size = graph.shape(cotangent).size();
    assemble(graph, &map, &size)
}

struct Reader<'a> {
    graph: &'a mut Graph,
    maps: &'a [Option<Map>],
}

impl Reader<'_> {
    fn map(&self, id: NodeId) -> Option<Map> {
        self.maps.get(id.place()).cloned().flatten()
    }

    fn read(&mut self, id: NodeId) -> Result<Map, Unavailable> {
        let Some((op, operands)) = self.graph.as_apply(id).map(|(op, operands)| (op.clone(), operands.to_vec())) else {
            return Err(Unavailable::NotAMatrix("a name"));
        };
        let unavailable = Err(Unavailable::NotAMatrix(op.reference().name));
        if !is_vector(self.graph.shape(id)) {
            return unavailable;
        }
        let maps: Vec<Option<Map>> = operands.iter().map(|operand| self.map(*operand)).collect();
        match (&op, operands.as_slice(), maps.as_slice()) {
            (Op::Transpose(_) | Op::Reshape(_) | Op::Flatten(_), _, [Some(map)]) => Ok(map.clone()),
            (Op::Neg(_), _, [Some(map)]) => Ok(negated(map)),
            (Op::Add(_), [a, b], [left, right]) => self.sum(id, (*a, left), (*b, right), false),
            (Op::Sub(_), [a, b], [left, right]) => self.sum(id, (*a, left), (*b, right), true),
            (Op::Scale(_), [factor, _], [None, Some(map)]) => self.scaled(*factor, map),
            (Op::Scale(_), [_, vector], [Some(map), None]) => self.spread(*vector, map),
            (Op::Hadamard(_), [factor, operand], [None, Some(map)]) => self.rows_scaled(*factor, *operand, map),
            (Op::Hadamard(_), [operand, factor], [Some(map), None]) => self.rows_scaled(*factor, *operand, map),
            (Op::Div(_), [operand, divisor], [Some(map), None]) => {
                let shape = self.graph.shape(*divisor).clone();
                let inverse = Term::integer(1).over(Term::Operand(0));
                let site = crate::graph::Site { operands: &[*divisor], output: *divisor, upstream: *divisor };
                let inverse = self.graph.instantiate(&inverse, site)?.unwrap_or(*divisor);
                if shape.is_scalar() { self.scaled(inverse, map) } else { self.rows_scaled(inverse, *operand, map) }
            }
            (Op::Sum(_), [operand], [Some(map)]) if self.graph.shape(id) == self.graph.shape(*operand) => {
                Ok(map.clone())
            }
            (Op::Sum(_), [operand], [Some(map)]) => self.summed(*operand, map),
            (Op::MatMul(_), [matrix, vector], [None, Some(map)]) => self.multiplied(*matrix, *vector, map),
            (Op::MatMul(_), [vector, matrix], [Some(map), None]) if self.is_row_by_matrix(*vector, *matrix) => {
                let turned = self.graph.apply(Transpose, &[*matrix])?;
                self.multiplied(turned, *vector, map)
            }
            // A column times a 1 x 1 value.
            (Op::MatMul(_), [_, factor], [Some(map), None]) => {
                let factor = self.graph.apply(Sum { axis: None }, &[*factor])?;
                self.scaled(factor, map)
            }
            (Op::EntryGradient(back), [like, _], [None, Some(map)]) => {
                let unit = self.unit(back.clone(), *like)?;
                self.spread(unit, map)
            }
            (Op::Entry(entry), [vector], [Some(map)]) => {
                let unit = self.unit(EntryGradient { entry: entry.clone() }, *vector)?;
                let unit = as_column(self.graph, unit)?;
                let row = self.graph.apply(Transpose, &[unit])?;
                map.iter()
                    .map(|part| Ok(Part { matrix: Matrix::Dense(self.row_times(row, part.matrix)?), ..*part }))
                    .collect()
            }
            _ => unavailable,
        }
    }

    /// A row times a matrix, or a number times a 1 x 1 value: not a column times a 1 x 1 value.
    fn is_row_by_matrix(&self, vector: NodeId, matrix: NodeId) -> bool {
        let (vector, matrix) = (self.graph.shape(vector), self.graph.shape(matrix));
        vector.as_matrix().is_some_and(|(rows, _)| rows.is_one()) || !matrix.size().is_one()
    }

    /// 1 at an entry of something, 0 elsewhere.
    fn unit(&mut self, at: impl Into<Op>, like: NodeId) -> Result<NodeId, Unavailable> {
        let (one, shape) = (self.graph.integer(1), self.graph.shape(like).clone());
        // Of what it is like only the size counts.
        let like = self.graph.ones(shape);
        Ok(self.graph.apply(at, &[like, one])?)
    }

    fn row_times(&mut self, row: NodeId, matrix: Matrix) -> Result<NodeId, Unavailable> {
        Ok(match matrix {
            Matrix::Identity => row,
            Matrix::Diagonal(column) => {
                let turned = self.graph.apply(Transpose, &[column])?;
                self.graph.apply(Hadamard, &[row, turned])?
            }
            Matrix::Outer(column, other) => {
                let share = self.graph.product(row, column)?;
                let share = self.graph.apply(Sum { axis: None }, &[share])?;
                self.graph.apply(Scale, &[share, other])?
            }
            Matrix::Dense(matrix) => self.graph.product(row, matrix)?,
        })
    }

    /// `a ± b`, where one may be repeated along the other.
    fn sum(
        &mut self,
        id: NodeId,
        (a, left): (NodeId, &Option<Map>),
        (b, right): (NodeId, &Option<Map>),
        minus: bool,
    ) -> Result<Map, Unavailable> {
        let mut parts = Map::new();
        for (operand, map, negative) in [(a, left, false), (b, right, minus)] {
            let Some(map) = map else { return Err(Unavailable::NotAMatrix("+")) };
            let repeated = self.graph.shape(operand).size() != self.graph.shape(id).size();
            let map = if repeated {
                let shape = self.graph.shape(id).clone();
                let ones = self.graph.ones(shape);
                self.spread(ones, map)?
            } else {
                map.clone()
            };
            parts.extend(if negative { negated(&map) } else { map });
        }
        Ok(parts)
    }

    fn scaled(&mut self, factor: NodeId, map: &Map) -> Result<Map, Unavailable> {
        map.iter()
            .map(|part| {
                let factor = match part.factor {
                    None => factor,
                    Some(own) => self.graph.apply(Scale, &[factor, own])?,
                };
                Ok(Part { factor: Some(factor), ..*part })
            })
            .collect()
    }

    /// A vector times a scalar that is linear in the cotangent.
    fn spread(&mut self, vector: NodeId, map: &Map) -> Result<Map, Unavailable> {
        let column = as_column(self.graph, vector)?;
        map.iter()
            .map(|part| {
                let row = self.dense_row(part.matrix)?;
                Ok(Part { matrix: Matrix::Outer(column, row), ..*part })
            })
            .collect()
    }

    fn rows_scaled(&mut self, factor: NodeId, operand: NodeId, map: &Map) -> Result<Map, Unavailable> {
        let (factor_size, operand_size) = (self.graph.shape(factor).size(), self.graph.shape(operand).size());
        if operand_size.is_one() && !factor_size.is_one() {
            return self.spread(factor, map);
        }
        if factor_size.is_one() {
            let scalar = self.graph.apply(Sum { axis: None }, &[factor])?;
            return self.scaled(scalar, map);
        }
        let column = as_column(self.graph, factor)?;
        map.iter()
            .map(|part| {
                let matrix = match part.matrix {
                    Matrix::Identity => Matrix::Diagonal(column),
                    Matrix::Diagonal(own) => Matrix::Diagonal(self.graph.apply(Hadamard, &[column, own])?),
                    Matrix::Outer(left, row) => {
                        let left = self.graph.apply(Hadamard, &[column, left])?;
                        Matrix::Outer(left, row)
                    }
                    Matrix::Dense(matrix) => {
                        let diagonal = self.graph.apply(Diag, &[column])?;
                        Matrix::Dense(self.graph.product(diagonal, matrix)?)
                    }
                };
                Ok(Part { matrix, ..*part })
            })
            .collect()
    }

    fn multiplied(&mut self, matrix: NodeId, vector: NodeId, map: &Map) -> Result<Map, Unavailable> {
        // A column (or row) of ones times a 1 x 1 value spreads it.
        if self.graph.shape(vector).size().is_one() {
            return self.spread(matrix, map);
        }
        // A 1 x 1 value times a row.
        if self.graph.shape(matrix).size().is_one() {
            let factor = self.graph.apply(Sum { axis: None }, &[matrix])?;
            return self.scaled(factor, map);
        }
        map.iter()
            .map(|part| {
                let product = match part.matrix {
                    Matrix::Identity => Matrix::Dense(matrix),
                    Matrix::Diagonal(column) => {
                        let diagonal = self.graph.apply(Diag, &[column])?;
                        Matrix::Dense(self.graph.product(matrix, diagonal)?)
                    }
                    Matrix::Outer(column, row) => Matrix::Outer(self.graph.product(matrix, column)?, row),
                    Matrix::Dense(own) => Matrix::Dense(self.graph.product(matrix, own)?),
                };
                Ok(Part { matrix: product, ..*part })
            })
            .collect()
    }

    fn summed(&mut self, operand: NodeId, map: &Map) -> Result<Map, Unavailable> {
        map.iter()
            .map(|part| {
                let row = match part.matrix {
                    Matrix::Identity => {
                        let size = self.graph.shape(operand).size();
                        self.graph.ones(Shape::matrix(Dim::one(), size))
                    }
                    Matrix::Diagonal(column) => self.graph.apply(Transpose, &[column])?,
                    Matrix::Outer(column, row) => {
                        let total = self.graph.apply(Sum { axis: None }, &[column])?;
                        self.graph.apply(Scale, &[total, row])?
                    }
                    Matrix::Dense(matrix) => self.graph.apply(Sum { axis: Some(0) }, &[matrix])?,
                };
                Ok(Part { matrix: Matrix::Dense(row), ..*part })
            })
            .collect()
    }

    /// The matrix of a scalar map: one row.
    fn dense_row(&mut self, matrix: Matrix) -> Result<NodeId, Unavailable> {
        match matrix {
            Matrix::Dense(row) => Ok(row),
            Matrix::Identity => Ok(self.graph.ones(Shape::matrix(Dim::one(), Dim::one()))),
            Matrix::Diagonal(column) => Ok(self.graph.apply(Transpose, &[column])?),
            Matrix::Outer(column, row) => Ok(self.graph.product(column, row)?),
        }
    }
}

fn negated(map: &Map) -> Map {
    map.iter().map(|part| Part { negative: !part.negative, ..*part }).collect()
}

fn assemble(graph: &mut Graph, map: &Map, size: &Dim) -> Result<NodeId, Unavailable> {
    let mut total: Option<NodeId> = None;
    for part in map {
        let matrix = match part.matrix {
            Matrix::Identity => {
                let ones = graph.ones(Shape::matrix(size.clone(), Dim::one()));
                graph.apply(Diag, &[ones])?
            }
            Matrix::Diagonal(column) => graph.apply(Diag, &[column])?,
            Matrix::Outer(column, row) => graph.product(column, row)?,
            Matrix::Dense(matrix) => matrix,
        };
        let matrix = match part.factor {
            None => matrix,
            Some(factor) => graph.apply(Scale, &[factor, matrix])?,
        };
        total = Some(match (total, part.negative) {
            (None, false) => matrix,
            (None, true) => graph.apply(Neg, &[matrix])?,
            (Some(total), false) => graph.apply(Add, &[total, matrix])?,
            (Some(total), true) => graph.apply(Sub, &[total, matrix])?,
        });
    }
    total.ok_or(Unavailable::NotAMatrix("0"))
}
