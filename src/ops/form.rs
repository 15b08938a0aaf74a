//! How an operator is written, in each notation, as data. Brackets are set by the printer alone.

/// How tightly a form binds, from loose to tight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `a + b`; anything may stand here
    Sum,
    /// `a ⊙ b`
    Elementwise,
    /// `Σ A`: reaches over the product that follows
    Total,
    /// `A B`, `a/b`
    Product,
    /// `-a`
    Negation,
    /// `a^2`, `A^T`
    Power,
    /// a name, a call, a bracket
    Atom,
}

/// A piece of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(&'static str),
    /// The operand, in brackets if it binds less tightly than the level.
    Operand(usize, Level),
    /// The operand, in brackets if it is a sum or a product: `(A B) ⊙ C` leaves no doubt, `A ⊙ B ⊙ C` none.
    Entrywise(usize),
    /// The product sign between the operands on both sides: none between names, a dot between numbers.
    Times,
    /// The operand as an exponent: raised digits where the notation has them.
    Exponent(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Pieces(Level, &'static [Piece]),
    /// `name(operand, operand, option = value)`
    Call(&'static str),
    /// `[a b; c d]`: the operands row by row, so many a row. An operand that is neither a name nor a signed number
    /// is in brackets in the problem language, where a space parts the entries.
    Matrix {
        columns: usize,
    },
    /// `A[1, 2]`: the operand and, as its index, the operator's only option.
    Indexed,
    /// `g E_{12}`: the second operand at the place that the operator's only option says, zeros around it.
    Unit,
    /// `name(operand)`, where the name itself says the options: `colsum(A)`
    Named(&'static str),
}

/// An operator in the problem language, in LaTeX and in Unicode text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notation {
    /// What the problem language reads back as the same operator with the same options.
    pub plain: Form,
    pub latex: Form,
    pub text: Form,
}

impl Notation {
    /// A call in all three; `latex` is the operator's name as LaTeX.
    pub const fn call(name: &'static str, latex: &'static str, text: &'static str) -> Notation {
        Notation { plain: Form::Call(name), latex: Form::Call(latex), text: Form::Call(text) }
    }
}
