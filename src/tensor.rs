//! Arrays of rank 0 to 4 over nalgebra's matrices: everything but the last side is folded into the rows.

use crate::budget::spend;
use crate::machine::{Sums, Word};
use crate::number::Number;
use crate::scalar::Scalar;
use crate::shape::Shape;
use nalgebra::{DMatrix, DMatrixView};

/// The entries of a value. Rank 0 is a 1 x 1 matrix inside; of rank 3 and 4 the leading sides are the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor<S: Scalar> {
    extents: Vec<usize>,
    matrix: DMatrix<S>,
}

impl<S: Scalar> Tensor<S> {
    pub fn scalar(value: S) -> Tensor<S> {
        Tensor { extents: Vec::new(), matrix: DMatrix::from_element(1, 1, value) }
    }

    pub fn filled(extents: &[usize], value: S) -> Tensor<S> {
        let (rows, columns) = folded(extents);
        Tensor { extents: extents.to_vec(), matrix: DMatrix::from_element(rows, columns, value) }
    }

    /// The entries in row-major order; there must be as many as the extents say.
    pub fn from_entries(extents: &[usize], mut entries: Vec<S>) -> Tensor<S> {
        let (rows, columns) = folded(extents);
        entries.truncate(rows * columns);
        // One row or column is stored as it comes.
        let matrix = match rows == 1 || columns == 1 {
            true => DMatrix::from_vec(rows, columns, entries),
            false => DMatrix::from_row_iterator(rows, columns, entries),
        };
        Tensor { extents: extents.to_vec(), matrix }
    }

    /// Each entry from its index.
    pub fn from_fn(extents: &[usize], mut entry: impl FnMut(&[usize]) -> S) -> Tensor<S> {
        let entries = indices(extents).map(|index| entry(&index)).collect();
        Tensor::from_entries(extents, entries)
    }

    /// As [`Tensor::from_fn`], where an entry may have no value.
    pub fn try_from_fn<E>(extents: &[usize], mut entry: impl FnMut(&[usize]) -> Result<S, E>) -> Result<Tensor<S>, E> {
        let entries = indices(extents).map(|index| entry(&index));
        Ok(Tensor::from_entries(extents, collected(extents.iter().product(), entries)?))
    }

    pub fn extents(&self) -> &[usize] {
        &self.extents
    }

    pub fn rank(&self) -> usize {
        self.extents.len()
    }

    pub fn shape(&self) -> Shape {
        Shape::integers(&self.extents)
    }

    /// How many entries.
    pub fn size(&self) -> usize {
        self.matrix.len()
    }

    /// The entry at an index of as many places as the rank, counted from 0.
    pub fn at(&self, index: &[usize]) -> &S {
        let Some((column, leading)) = index.split_last() else { return &self.matrix[(0, 0)] };
        let row = leading.iter().zip(&self.extents).fold(0, |row, (place, extent)| row * extent + place);
        &self.matrix[(row, *column)]
    }

    /// The entries in row-major order.
    pub fn entries(&self) -> impl Iterator<Item = &S> {
        let (stored, rows) = (self.matrix.as_slice(), self.matrix.nrows());
        // Of one row or column they are stored in this order.
        let is_line = rows <= 1 || stored.len() <= rows;
        let (line, rest) = if is_line { (stored, 0) } else { (&stored[..0], rows) };
        line.iter().chain((0..rest).flat_map(move |row| stored[row..].iter().step_by(rows)))
    }

    /// The entries in the order in which they are kept, which is the same for all tensors of the same extents.
    pub fn stored(&self) -> &[S] {
        self.matrix.as_slice()
    }

    /// The entries of a matrix, row by row (of a scalar: one row of one).
    pub fn rows(&self) -> Vec<Vec<S>> {
        (0..self.matrix.nrows()).map(|row| self.matrix.row(row).iter().cloned().collect()).collect()
    }

    /// The only entry of a scalar (or the first of anything else).
    pub fn first(&self) -> &S {
        &self.matrix[(0, 0)]
    }

    pub fn map<T: Scalar>(&self, entry: impl FnMut(S) -> T) -> Tensor<T> {
        Tensor { extents: self.extents.clone(), matrix: self.matrix.map(entry) }
    }

    pub fn try_map<T: Scalar, E>(&self, entry: impl FnMut(&S) -> Result<T, E>) -> Result<Tensor<T>, E> {
        Ok(self.with_stored(collected(self.size(), self.stored().iter().map(entry))?))
    }

    /// Entry by entry with another tensor; scalars and sides of 1 are repeated. The shapes must broadcast.
    pub fn zip(&self, other: &Tensor<S>, mut entry: impl FnMut(&S, &S) -> S) -> Tensor<S> {
        let (left, right) = (self.stored(), other.stored());
        match (self.rank(), other.rank()) {
            _ if self.extents == other.extents => {
                self.with_stored(left.iter().zip(right).map(|(a, b)| entry(a, b)).collect())
            }
            (_, 0) => self.with_stored(left.iter().map(|a| entry(a, &right[0])).collect()),
            (0, _) => other.with_stored(right.iter().map(|b| entry(&left[0], b)).collect()),
            _ => {
                let Ok(result) = self.try_zip::<std::convert::Infallible>(other, |a, b| Ok(entry(a, b)));
                result
            }
        }
    }

    /// As [`Tensor::zip`], where an entry may have no value.
    pub fn try_zip<E>(&self, other: &Tensor<S>, mut entry: impl FnMut(&S, &S) -> Result<S, E>) -> Result<Tensor<S>, E> {
        let (left, right) = (self.matrix.as_slice(), other.matrix.as_slice());
        match (self.rank(), other.rank()) {
            _ if self.extents == other.extents => {
                let pairs = left.iter().zip(right).map(|(a, b)| entry(a, b));
                Ok(self.with_stored(collected(left.len(), pairs)?))
            }
            (_, 0) => self.try_map(|a| entry(a, &right[0])),
            (0, _) => other.try_map(|b| entry(&left[0], b)),
            _ => {
                let extents = broadcast_extents(&self.extents, &other.extents);
                let places = self.stored_places(&extents).zip(other.stored_places(&extents));
                let entries = places.map(|(a, b)| entry(&left[a], &right[b]));
                Ok(Tensor::from_entries(&extents, collected(extents.iter().product(), entries)?))
            }
        }
    }

    /// Other entries in the order in which this tensor stores its own.
    fn with_stored<T: Scalar>(&self, entries: Vec<T>) -> Tensor<T> {
        let (rows, columns) = self.matrix.shape();
        Tensor { extents: self.extents.clone(), matrix: DMatrix::from_vec(rows, columns, entries) }
    }

    /// Where the entry is stored that broadcasting takes for each entry of the larger shape, in row-major order.
    fn stored_places(&self, larger: &[usize]) -> impl Iterator<Item = usize> {
        let mut steps = vec![self.matrix.nrows(); self.rank()];
        for axis in (0..self.rank().saturating_sub(1)).rev() {
            steps[axis] = if axis + 2 == self.rank() { 1 } else { steps[axis + 1] * self.extents[axis + 1] };
        }
        for (step, extent) in steps.iter_mut().zip(&self.extents) {
            *step *= usize::from(*extent != 1);
        }
        let extents = larger.to_vec();
        let mut index = vec![0; extents.len()];
        let mut stored = 0;
        (0..extents.iter().product()).map(move |_| {
            let place = stored;
            for ((at, extent), step) in index.iter_mut().zip(&extents).zip(&steps).rev() {
                *at += 1;
                stored += step;
                if *at < *extent {
                    break;
                }
                stored -= step * extent;
                *at = 0;
            }
            place
        })
    }

    /// The entry that broadcasting puts at an index of the larger shape.
    pub fn repeated_at(&self, index: &[usize]) -> &S {
        if self.extents.is_empty() {
            return self.first();
        }
        let own: Vec<usize> =
            index.iter().zip(&self.extents).map(|(place, extent)| if *extent == 1 { 0 } else { *place }).collect();
        self.at(&own)
    }

    /// The matrix product; the inner sides must agree.
    pub fn matmul(&self, other: &Tensor<S>) -> Tensor<S> {
        let product = Product { rows: self.matrix.nrows(), inner: self.matrix.ncols(), columns: other.matrix.ncols() };
        spend(S::WORK * (self.matrix.len() * product.columns) as u64);
        let matrix = match S::sums(&product, self.stored(), other.stored()) {
            Some(entries) => DMatrix::from_vec(product.rows, product.columns, entries),
            None => &self.matrix * &other.matrix,
        };
        Tensor { extents: vec![product.rows, product.columns], matrix }
    }

    /// The transpose of a matrix; a scalar is its own.
    pub fn transpose(&self) -> Tensor<S> {
        match self.extents.as_slice() {
            [rows, columns] => Tensor { extents: vec![*columns, *rows], matrix: self.matrix.transpose() },
            _ => self.clone(),
        }
    }

    /// The same entries in row-major order under other extents of the same size.
    pub fn reshape(&self, extents: &[usize]) -> Tensor<S> {
        Tensor::from_entries(extents, self.entries().cloned().collect())
    }

    /// The entries whose place along an axis is in `from..to` (counted from 0).
    pub fn slice(&self, axis: usize, from: usize, to: usize) -> Tensor<S> {
        let mut extents = self.extents.clone();
        let side = std::mem::replace(&mut extents[axis], to - from);
        let inner: usize = extents[axis + 1..].iter().product();
        let flat: Vec<&S> = self.entries().collect();
        let kept = flat.chunks((side * inner).max(1)).flat_map(|block| &block[from * inner..to * inner]);
        Tensor::from_entries(&extents, kept.map(|entry| (*entry).clone()).collect())
    }

    /// Tensors one after the other along an axis; their other sides must be equal.
    pub fn concat(parts: &[&Tensor<S>], axis: usize) -> Tensor<S> {
        let mut extents = parts[0].extents.clone();
        extents[axis] = parts.iter().map(|part| part.extents[axis]).sum();
        let outer: usize = extents[..axis].iter().product();
        let flat: Vec<Vec<&S>> = parts.iter().map(|part| part.entries().collect()).collect();
        let blocks = (0..outer).flat_map(|block| {
            flat.iter().flat_map(move |part| {
                let length = part.len() / outer.max(1);
                &part[block * length..(block + 1) * length]
            })
        });
        Tensor::from_entries(&extents, blocks.map(|entry| (*entry).clone()).collect())
    }

    /// Folds each line along an axis into one entry; the axis stays with side 1.
    pub fn fold_axis<E>(&self, axis: usize, mut line: impl FnMut(&[&S]) -> Result<S, E>) -> Result<Tensor<S>, E> {
        let mut extents = self.extents.clone();
        let length = std::mem::replace(&mut extents[axis], 1);
        let inner: usize = extents[axis + 1..].iter().product();
        let (rows, columns) = self.matrix.shape();
        let at = |place: usize| &self.stored()[place % columns * rows + place / columns];
        let mut entries: Vec<&S> = Vec::with_capacity(length);
        let lines = (0..extents.iter().product()).map(|place| {
            let first = place / inner * inner * length + place % inner;
            entries.clear();
            entries.extend((0..length).map(|along| at(first + along * inner)));
            line(&entries)
        });
        let lines = collected(lines.len(), lines)?;
        Ok(Tensor::from_entries(&extents, lines))
    }

    /// The sum of all entries, added in row-major order; of many every eighth by itself first, so that no addition waits
    /// for the one before.
    pub fn total(&self) -> S {
        const MANY: usize = 1_000;
        const LANES: usize = 8;
        let sum = |mut sum: S, entry: &S| {
            sum += entry.clone();
            sum
        };
        if self.size() < MANY {
            return self.entries().fold(S::zero(), sum);
        }
        let mut lanes: [S; LANES] = std::array::from_fn(|_| S::zero());
        let mut rows = self.stored().chunks_exact(LANES);
        for entries in rows.by_ref() {
            lanes.iter_mut().zip(entries).for_each(|(lane, entry)| *lane += entry.clone());
        }
        lanes.iter_mut().zip(rows.remainder()).for_each(|(lane, entry)| *lane += entry.clone());
        lanes.iter().fold(S::zero(), sum)
    }
}

/// The product of a matrix of rows x inner and one of inner x columns, each stored column by column.
struct Product {
    rows: usize,
    inner: usize,
    columns: usize,
}

impl Sums for Product {
    fn of<T: Word>(&self, left: &[T], right: &[T]) -> Vec<T> {
        let left = DMatrixView::from_slice(left, self.rows, self.inner);
        let right = DMatrixView::from_slice(right, self.inner, self.columns);
        (left * right).data.into()
    }

    fn terms(&self) -> usize {
        self.inner
    }
}

impl Tensor<f64> {
    /// The largest eigenvalue of a symmetric matrix; none of an empty one.
    pub fn largest_eigenvalue(&self) -> Option<f64> {
        self.matrix.symmetric_eigenvalues().iter().copied().reduce(f64::max)
    }

    /// The eigenvalues of a symmetric matrix, the largest first.
    pub fn eigenvalues(&self) -> Vec<f64> {
        let mut found: Vec<f64> = self.matrix.symmetric_eigenvalues().iter().copied().collect();
        found.sort_by(|one, two| two.total_cmp(one));
        found
    }

    /// The column θ with the least ‖right − self θ‖, by the singular value decomposition of the triangle that an
    /// orthogonal basis of the columns leaves; `None` where the columns depend on each other, up to rounding.
    pub fn least_squares(&self, right: &Tensor<f64>) -> Option<Tensor<f64>> {
        // Columns of like size, so that the powers of a polynomial do not hide each other.
        let columns: Vec<f64> = self.matrix.column_iter().map(|column| column.norm()).collect();
        if columns.contains(&0.0) {
            return None;
        }
        let mut scaled = self.matrix.clone();
        scaled.column_iter_mut().zip(&columns).for_each(|(mut column, size)| column /= *size);
        if scaled.nrows() < scaled.ncols() {
            return None;
        }
        let orthogonal = scaled.qr();
        let shortened = orthogonal.q().tr_mul(&right.matrix);
        let decomposition = orthogonal.r().svd(true, true);
        let largest = decomposition.singular_values.iter().copied().fold(0.0, f64::max);
        let least = largest * 1e-15;
        if decomposition.singular_values.iter().any(|value| *value <= least) {
            return None;
        }
        let solution = decomposition.solve(&shortened, least).ok()?;
        let entries = solution.iter().zip(&columns).map(|(entry, size)| entry / size).collect();
        Some(Tensor::from_entries(&[columns.len(), 1], entries))
    }
}

impl Tensor<Number> {
    /// The same value with another kind of entries.
    pub fn convert<S: Scalar>(&self) -> Tensor<S> {
        self.map(|entry| S::from_number(&entry))
    }

    pub fn is_exact(&self) -> bool {
        self.entries().all(Number::is_exact)
    }

    /// The solution of `self θ = right` by elimination, for a positive definite matrix: there every pivot is positive,
    /// so that none has to be chosen. `None` for any other matrix.
    pub fn positive_solution(&self, right: &[Number]) -> Option<Vec<Number>> {
        let mut rows = self.rows();
        for (row, right) in rows.iter_mut().zip(right) {
            row.push(right.clone());
        }
        for pivot in 0..rows.len() {
            let divisor = rows[pivot][pivot].clone();
            let least = if divisor.is_exact() { 0.0 } else { 1e-12 * self.at(&[pivot, pivot]).to_f64().abs() };
            if divisor.to_f64() <= least {
                return None;
            }
            let line =
                rows[pivot].iter().map(|entry| entry.checked_div(&divisor).ok()).collect::<Option<Vec<Number>>>()?;
            rows[pivot].clone_from(&line);
            for (_, row) in rows.iter_mut().enumerate().filter(|(place, _)| *place != pivot) {
                let factor = row[pivot].clone();
                for (entry, above) in row.iter_mut().zip(&line).skip(pivot) {
                    *entry -= &factor * above;
                }
            }
        }
        Some(rows.into_iter().filter_map(|mut row| row.pop()).collect())
    }
}

/// Every index of a tensor with these extents, in row-major order.
pub fn indices(extents: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let extents = extents.to_vec();
    let size: usize = extents.iter().product();
    (0..size).map(move |mut flat| {
        let mut index = vec![0; extents.len()];
        for (place, extent) in index.iter_mut().zip(&extents).rev() {
            *place = flat % extent;
            flat /= extent;
        }
        index
    })
}

/// So many entries, or why one has no value.
fn collected<T, E>(size: usize, entries: impl Iterator<Item = Result<T, E>>) -> Result<Vec<T>, E> {
    let mut all = Vec::with_capacity(size);
    for entry in entries {
        all.push(entry?);
    }
    Ok(all)
}

fn folded(extents: &[usize]) -> (usize, usize) {
    match extents.split_last() {
        None => (1, 1),
        Some((columns, leading)) => (leading.iter().product(), *columns),
    }
}

fn broadcast_extents(a: &[usize], b: &[usize]) -> Vec<usize> {
    match (a, b) {
        ([], other) | (other, []) => other.to_vec(),
        _ => a.iter().zip(b).map(|(a, b)| if *a == 1 { *b } else { *a }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::NumberError;

    fn counted(extents: &[usize]) -> Tensor<f64> {
        Tensor::from_entries(extents, (0..extents.iter().product::<usize>()).map(|k| k as f64).collect())
    }

    #[test]
    fn rank_four_is_indexed_in_row_major_order() {
        let tensor = counted(&[2, 3, 4, 5]);
        assert_eq!(*tensor.at(&[1, 2, 3, 4]), 119.0);
        assert_eq!(*tensor.at(&[1, 0, 2, 1]), 71.0);
        assert_eq!(tensor.entries().copied().collect::<Vec<_>>(), (0..120).map(f64::from).collect::<Vec<_>>());
        assert_eq!(*tensor.reshape(&[6, 20]).at(&[3, 11]), 71.0);
    }

    #[test]
    fn a_row_and_a_column_broadcast_to_a_matrix() {
        let sum = counted(&[1, 3]).zip(&counted(&[2, 1]), |a, b| a + 10.0 * b);
        assert_eq!(sum.rows(), vec![vec![0.0, 1.0, 2.0], vec![10.0, 11.0, 12.0]]);
    }

    #[test]
    fn sides_of_one_broadcast_at_any_place() {
        let (left, right) = (counted(&[2, 1, 3, 1]), counted(&[1, 4, 3, 2]));
        let all = left.zip(&right, |a, b| 100.0 * a + b);
        let expected =
            Tensor::from_fn(&[2, 4, 3, 2], |index| 100.0 * left.repeated_at(index) + right.repeated_at(index));
        assert_eq!(all, expected);
    }

    #[test]
    fn the_slices_of_an_axis_concatenate_to_the_whole() {
        let tensor = counted(&[2, 5, 3]);
        for axis in 0..3 {
            let side = tensor.extents()[axis];
            let parts = [tensor.slice(axis, 0, 1), tensor.slice(axis, 1, side)];
            assert_eq!(Tensor::concat(&parts.each_ref(), axis), tensor);
        }
        assert_eq!(tensor.slice(1, 3, 5).rows()[2], vec![24.0, 25.0, 26.0]);
    }

    #[test]
    fn folding_an_axis_keeps_it_with_side_one() {
        let sums =
            counted(&[2, 3]).fold_axis(0, |line| Ok::<_, NumberError>(line.iter().copied().sum::<f64>())).unwrap();
        assert_eq!((sums.extents(), sums.rows()), ([1, 3].as_slice(), vec![vec![3.0, 5.0, 7.0]]));
    }
}
