//! What a problem says, as it stands in the file: names, sections, expressions with spans. Nothing is resolved.
//!
//! Expressions live in a flat arena, operands before operators, so that neither walking nor dropping a
//! long one can overflow the stack.

mod plot;

pub use plot::{PlotRange, PlotRequest};

use crate::diagnostic::Diagnostic;
use crate::span::Span;
use serde::Serialize;

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

/// A name as the author spelled it. Two names are the same name when their [`Name::key`] is equal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Name {
    /// The spelling, without the index: `W` of `W_{l}`, `C_gt`, `θ`.
    pub text: String,
    /// The index of a repeated name: `l - 1` of `H_{l-1}`; `None` for a fixed name (`W_1`, `C_{gt}` are in `text`).
    pub index: Option<LoopIndex>,
    pub span: Span,
}

/// `variable + offset` inside a `repeat`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoopIndex {
    pub variable: String,
    pub offset: i64,
}

/// One node of an expression: its operands are earlier nodes of the same arena.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExprNode {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct ExprId(pub u32);

/// An expression: the last node is the root.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expr {
    pub nodes: Vec<ExprNode>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum ExprKind {
    /// `402.57`, as written.
    Number(String),
    /// `W1`
    Name(Name),
    /// `conv2d(I, W, stride = 1)`; also `W2(Y - X)`, which is a product if `W2` is no operator.
    Call { callee: Name, arguments: Vec<ExprId>, options: Vec<NamedOption> },
    /// `-x`
    Negate(ExprId),
    /// `a + b`
    Binary { op: BinaryOp, left: ExprId, right: ExprId },
    /// `A^T`, `A'`
    Transpose(ExprId),
    /// `J[1, 2]`
    Entry { of: ExprId, indices: Vec<ExprId> },
    /// `[1 2; 3 4]`: rows of entries; an entry may be a matrix again (`[[1, 2], [3, 4]]`).
    Matrix(Vec<Vec<ExprId>>),
    /// `1[Z > 0]`
    Indicator { relation: Relation, left: ExprId, right: ExprId },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*` and a space between factors: the matrix product between matrices
    Mul,
    /// `/`
    Div,
    /// `.*`, `⊙`
    ElementwiseMul,
    /// `./`
    ElementwiseDiv,
    /// `^`
    Pow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Relation {
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Equal,
    NotEqual,
}

/// `stride = 2`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedOption {
    pub name: Spanned<String>,
    pub value: Spanned<OptionValue>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum OptionValue {
    /// A signed number, as written.
    Number(String),
    /// `same`, `true`
    Word(String),
    /// `(2, 1)`
    List(Vec<String>),
}

/// A dimension of a declared shape.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum DimExpr {
    Integer(u64),
    Name(Name),
    Sum(Vec<DimExpr>),
    /// A part of a sum that is subtracted: `2` of `P - 2`.
    Minus(Box<DimExpr>),
    Product(Vec<DimExpr>),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spec {
    pub id: Spanned<String>,
    pub title: Option<Spanned<String>>,
    /// The number, as written.
    pub points: Option<Spanned<String>>,
    /// The problem's own wording, a paragraph or several each.
    pub wording: Vec<Spanned<String>>,
    /// `steps full`, `digits 4`: the words after the key, as written.
    pub settings: Vec<Setting>,
    pub givens: Vec<Given>,
    pub model: Vec<ModelLine>,
    pub tasks: Vec<Task>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Setting {
    pub key: Spanned<String>,
    pub value: Spanned<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Given {
    /// `dim N, D = 4`
    Dims(Vec<DimDeclaration>),
    /// `layout columns`
    Layout(Spanned<String>),
    /// `input X: N x D, …`
    Leaves(Vec<LeafDeclaration>),
    /// `data x, y = […]`
    Data { columns: Vec<Name>, table: Table, span: Span },
    /// `repeat l = 1 to 4 … end`
    Repeat(Repeat<Given>),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Table {
    Literal(Expr),
    /// `from "points.csv"`
    File(Spanned<String>),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DimDeclaration {
    pub name: Name,
    pub value: Option<Spanned<u64>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LeafKind {
    Input,
    Target,
    Param,
    Const,
}

/// `target Cgt: N x K one-hot "the classes" = […] also known as T`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeafDeclaration {
    pub kind: LeafKind,
    pub name: Name,
    /// One to four dimensions; one dimension is a column.
    pub shape: Option<Spanned<Vec<DimExpr>>>,
    /// `one-hot` and the like, as written.
    pub properties: Vec<Spanned<String>>,
    pub value: Option<Expr>,
    pub description: Option<String>,
    pub aliases: Vec<Name>,
    pub span: Span,
}

/// `repeat l = 1 to L … end`; a bound is an integer or a dimension that has a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Repeat<Line> {
    pub variable: Spanned<String>,
    pub from: Spanned<DimExpr>,
    pub to: Spanned<DimExpr>,
    pub body: Vec<Line>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum ModelLine {
    /// `Z = relu(X*W1 + b1)`
    Definition {
        name: Name,
        value: Expr,
        span: Span,
    },
    Repeat(Repeat<ModelLine>),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Task {
    pub request: Request,
    /// `[10 points]`, the number as written.
    pub points: Option<Spanned<String>>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Request {
    /// `compute J, K` and `compute L at a = 8, a = 9`: each point binds one name or more (`a = 8 and b = 2`).
    Compute { names: Vec<Name>, at: Vec<Vec<Binding>> },
    /// `derive dW1, db1 of L2`, `derive dW1[i, j]`
    Derive { targets: Vec<DeriveTarget>, of: Option<Name> },
    /// `derive jacobian of Y wrt X layout numerator`
    Jacobian { of: Name, wrt: Name, layout: Option<Spanned<String>> },
    /// `derive hessian of L wrt w`
    Hessian { of: Name, wrt: Name },
    /// `derive directional of L wrt W1, b1`
    Directional { of: Name, wrt: Vec<Name> },
    /// `draw graph with gradients`
    DrawGraph { gradients: bool },
    /// `shapes of J, K`
    Shapes(Vec<Name>),
    /// `count params of W1, b1`; all of them when none is named
    CountParams(Vec<Name>),
    /// `update W1, b1 with rate 0.5`: the number as written
    Update { names: Vec<Name>, rate: Spanned<String> },
    /// `plot L over a from 6 to 13`
    Plot(PlotRequest),
}

/// `dW1`, `dW1[i, j]`; the name still carries its `d`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeriveTarget {
    pub name: Name,
    /// The entry's indices, as written: names or integers.
    pub entry: Vec<Spanned<String>>,
}

/// `a = 8`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Binding {
    pub name: Name,
    pub value: Expr,
}

/// A plain file of answers. A line that can't be read is kept with what is wrong with it and spoils no other.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AnswerSheet {
    /// `student "Ada Lovelace"`
    pub student: Option<String>,
    /// In the order of the file; a name may stand twice.
    pub answers: Vec<Answer>,
    pub unreadable: Vec<UnreadableAnswer>,
}

/// `dW1 = X^T dZ`, `J[1, 2] = -3`, `dW of L2 = …`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    pub name: Name,
    /// The entry's indices, as written: names or integers.
    pub entry: Vec<Spanned<String>>,
    pub of: Option<Name>,
    pub value: Expr,
    pub span: Span,
}

/// A line of an answer sheet that can't be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnreadableAnswer {
    /// What it was meant to answer, if that much can be read.
    pub target: Option<DeriveTarget>,
    pub diagnostics: Vec<Diagnostic>,
    pub span: Span,
}

impl Name {
    /// The form that decides identity: Greek letters by their names, no underscores, no index braces.
    pub fn key(&self) -> String {
        super::names::key(&self.text)
    }
}

impl Expr {
    pub fn root(&self) -> ExprId {
        ExprId(self.nodes.len() as u32 - 1)
    }

    pub fn node(&self, id: ExprId) -> &ExprNode {
        &self.nodes[id.0 as usize]
    }

    pub fn span(&self) -> Span {
        self.node(self.root()).span
    }
}
