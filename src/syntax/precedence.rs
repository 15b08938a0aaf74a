//! What binds how tightly: one order, and one reader by it, for typed text and for LaTeX.

use super::ast::ExprId;
use crate::span::Span;

/// From loose to tight. A transpose is looser than a power, so that `A^-1^T` is `(A^-1)^T`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Sum,
    /// How far the sign of a sum over an index reaches.
    Summed,
    Entrywise,
    Product,
    Signed,
    Transposed,
    Power,
    Postfix,
}

/// What comes after an operand.
pub enum After<S> {
    /// A sign with an operand on its right.
    Infix(S),
    Postfix(S),
}

impl<S> After<S> {
    fn sign(&self) -> &S {
        match self {
            After::Infix(sign) | After::Postfix(sign) => sign,
        }
    }
}

/// The next sign after an operand, and how tightly it binds.
pub type Next<S> = Option<(After<S>, Level)>;

/// Operands and signs in the order of the text.
pub trait Terms {
    type Sign;
    type Fault;

    /// The sign that stands here before an operand, if one does, and how tightly it holds the operand; it is passed over.
    fn prefix(&mut self) -> Option<(Self::Sign, Level)>;

    /// The operand here, which is passed over.
    fn operand(&mut self) -> Result<ExprId, Self::Fault>;

    /// What comes after `left` and binds at least as tightly as `least`; it is passed over.
    fn after(&mut self, left: ExprId, least: Level) -> Result<Next<Self::Sign>, Self::Fault>;

    fn signed(&mut self, sign: Self::Sign, operand: ExprId) -> Result<ExprId, Self::Fault>;

    fn joined(&mut self, left: ExprId, sign: Self::Sign, right: ExprId) -> Result<ExprId, Self::Fault>;

    fn followed(&mut self, operand: ExprId, sign: Self::Sign) -> Result<ExprId, Self::Fault>;

    /// Where a sign stands, and how many levels of the tree it makes.
    fn levels(&self, sign: &Self::Sign) -> (Span, usize);

    /// So many levels deeper, for the time of `read`; the last of them begins at `place`.
    fn deeper(
        &mut self,
        place: Span,
        levels: usize,
        read: impl FnOnce(&mut Self) -> Result<ExprId, Self::Fault>,
    ) -> Result<ExprId, Self::Fault>;
}

/// The longest expression from here on whose operators bind at least as tightly as `least`.
pub fn read<T: Terms>(terms: &mut T, least: Level) -> Result<ExprId, T::Fault> {
    let mut left = match terms.prefix() {
        Some((sign, level)) => {
            let (place, levels) = terms.levels(&sign);
            let operand = terms.deeper(place, levels, |terms| read(terms, level))?;
            terms.signed(sign, operand)?
        }
        None => terms.operand()?,
    };
    // Levels of the powers and the signs that hang on the present operand.
    let mut hanging = 0;
    while let Some((after, level)) = terms.after(left, least)? {
        let (place, levels) = terms.levels(after.sign());
        hanging += levels;
        left = match after {
            After::Postfix(sign) => terms.deeper(place, hanging, |terms| terms.followed(left, sign))?,
            // Powers are read from the right.
            After::Infix(sign) if level == Level::Power => {
                let right = terms.deeper(place, hanging, |terms| read(terms, level))?;
                terms.joined(left, sign, right)?
            }
            After::Infix(sign) => {
                hanging = 0;
                let right = read(terms, tighter(level))?;
                terms.joined(left, sign, right)?
            }
        };
    }
    Ok(left)
}

/// The level of what stands on the right of an operator that is read from the left.
fn tighter(level: Level) -> Level {
    match level {
        Level::Sum => Level::Summed,
        Level::Summed => Level::Entrywise,
        Level::Entrywise => Level::Product,
        Level::Product => Level::Signed,
        Level::Signed => Level::Transposed,
        Level::Transposed => Level::Power,
        Level::Power | Level::Postfix => Level::Postfix,
    }
}
