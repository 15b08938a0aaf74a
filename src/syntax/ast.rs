//! What a problem says, as it stands in the file: names, sections, expressions with spans. Nothing is resolved.
//!
//! Expressions live in a flat arena, operands before operators, so that neither walking nor dropping a
//! long one can overflow the stack.

mod fit;
mod plot;
mod vary;

pub use plot::{PlotLearned, PlotRange, PlotRequest, Plotted};

use crate::diagnostic::Diagnostic;
use crate::math;
use crate::span::Span;
use serde::Serialize;

pub use fit::{FamilyName, FitRequest};
pub use vary::{Draw, DrawnKind, Random, Requirement, VariantsLine};

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
    pub written: Written,
}

/// How a node was written, so that nobody has to ask the text again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Written {
    /// Whether round brackets or braces stood around it.
    pub bracketed: bool,
    pub sign: Sign,
}

/// What was written for a product, and between the entries of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Sign {
    /// The sign of its operator, or none.
    #[default]
    Own,
    /// A sum without an index.
    Sigma,
    /// `*`
    Star,
    /// `·`, in LaTeX any sign of a product: between vectors perhaps that of their entries, summed.
    Point,
    /// `@`
    At,
    /// A space between factors.
    Space,
    /// Nothing between factors.
    Tight,
    /// A power by raised digits: `x²`.
    Raised,
    /// `np.dot`, `\langle x, v\rangle`: of two vectors the sum of the products of their entries.
    Dot,
    /// `np.outer`, `\otimes`: of two vectors the matrix of the products of their entries.
    Outer,
    /// A comma between the entries of a list: `[8, 1, -6]`, `8, 1, -6`.
    Comma,
    /// Bars around an absolute value, which around a matrix may be its determinant.
    Bars,
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
    /// In answers only: `sum_{i} Z[k, i]*dY[i, j]`; it reaches as far as a product does.
    Sum { fold: Fold, indices: Vec<SumIndex>, body: ExprId },
    /// In answers only: `cases(1 if Z > 0, 0 otherwise)`; the first that holds counts.
    Cases(Vec<Case>),
    /// In answers only: `relu'(U)`; a product with a transpose (`W'(Y - X)`) if the callee is a value.
    Prime { callee: Name, primes: u32, argument: ExprId },
    /// In answers only: `∂L/∂W2`; both names stand without their `d`.
    Gradient { of: Name, wrt: Name },
}

/// What is made of the values for all indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Fold {
    Sum,
    Product,
}

impl Fold {
    /// The operator that does the same with all entries.
    pub fn operator(self) -> &'static str {
        match self {
            Fold::Sum => "sum",
            Fold::Product => "prod",
        }
    }
}

/// `i`, `i = 1 … N` below and above the sign of a sum.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SumIndex {
    pub name: Spanned<String>,
    /// First and last value; all of the index's values where none is written.
    pub range: Option<(ExprId, ExprId)>,
}

/// `1 if Z > 0`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    pub value: ExprId,
    /// An expression of indicators, 1 where the case applies; `None` is `otherwise`.
    pub condition: Option<ExprId>,
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
    /// `.^`
    ElementwisePow,
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

impl From<Relation> for math::Relation {
    fn from(relation: Relation) -> math::Relation {
        match relation {
            Relation::Greater => math::Relation::Greater,
            Relation::GreaterEqual => math::Relation::GreaterEqual,
            Relation::Less => math::Relation::Less,
            Relation::LessEqual => math::Relation::LessEqual,
            Relation::Equal => math::Relation::Equal,
            Relation::NotEqual => math::Relation::NotEqual,
        }
    }
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
    /// `define f(x) = …`
    pub functions: Vec<Function>,
    pub tasks: Vec<Task>,
    pub marking: Vec<MarkingLine>,
    pub variants: Vec<VariantsLine>,
    /// Where the section `variants` stands, with its heading; a span like all others.
    #[serde(skip)]
    pub variants_span: Option<Span>,
}

/// A line of the section `marking`; numbers as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum MarkingLine {
    /// `accept transposed-layout, mean-for-sum`
    Accept(Vec<Spanned<String>>),
    /// `tolerance 0.01`, `tolerance 1%`
    Tolerance { value: Spanned<String>, relative: bool },
    /// `digits 3`: significant ones
    Digits(Spanned<String>),
    /// `working 25%`
    Working(Spanned<String>),
    /// `sign keeps 50%`
    Keeps { mistake: Spanned<String>, percent: Spanned<String> },
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
    /// `gradient dY of Y`: the gradient of a loss that is not given
    Incoming { leaf: LeafDeclaration, of: Name },
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
    /// What takes the place of a value until a variant is drawn.
    pub random: Option<Random>,
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

/// `define huber(a, b, delta = 1) = …`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Function {
    pub name: Name,
    pub parameters: Vec<Parameter>,
    pub body: Expr,
}

/// A parameter; one with a default, a number or a word, is given by name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    pub name: Name,
    pub default: Option<String>,
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
    pub question: Question,
    /// `[10 points]`, the number as written.
    pub points: Option<Spanned<String>>,
    pub span: Span,
}

/// A line of the kind `kind`, read by one of its forms.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    pub kind: &'static str,
    /// Its place among the kind's forms.
    pub form: usize,
    /// What stands in the form's holes, in order.
    pub parts: Vec<Part>,
    pub span: Span,
}

macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident($type:ty), $name:ident;)*) => {
        /// What stands in a hole of a form.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub enum Part {
            $($(#[$doc])* $part($type),)*
        }

        impl Part {
            $(
                $(#[$doc])*
                pub fn $name(&self) -> Option<&$type> {
                    if let Part::$part(own) = self { Some(own) } else { None }
                }
            )*
        }
    };
}

parts! {
    Names(Vec<Name>), names;
    Expression(Expr), expression;
    /// `a = b`, `a <= b`
    Relations(Vec<Related>), relations;
    /// Words of the author's, with their claim.
    Statements(Vec<Statement>), statements;
    Text(Spanned<String>), text;
    /// Words to choose from, and whether each is right.
    Choices(Vec<(Spanned<String>, bool)>), choices;
    /// `a = 1, b = -2`
    Bindings(Vec<Binding>), bindings;
    /// `dW1[i, j], db1`
    Targets(Vec<DeriveTarget>), targets;
    /// `a = 8, a = 9`: each point binds one name or more (`a = 8 and b = 2`).
    Points(Vec<Vec<Binding>>), points;
    /// `a from 8 rate 0.003 until |da| < 0.001`
    Descent(DescentRequest), descent;
    /// `linear, polynomial degree 2 to 9 hold out rows 8 to 10`
    Fit(FitRequest), fit;
    /// `L over a from 6 to 13`
    Plot(PlotRequest), plot;
}

/// `a = b`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Related {
    pub left: Expr,
    pub relation: Relation,
    pub right: Expr,
    pub span: Span,
}

/// `"dW = X^T d" dW = X^T*dY`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement {
    /// As the sheet has it; the claim itself where it has no words.
    pub words: Option<Spanned<String>>,
    pub claim: Claim,
    pub span: Span,
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Claim {
    Related(Related),
    /// `L is convex in w`, `y is affine in x`: the property's word as written.
    Property {
        of: Expr,
        property: Spanned<String>,
        wrt: Name,
    },
    /// `L does not depend on c`
    Independent {
        of: Expr,
        of_name: Name,
    },
    /// `Y is 3 x 4`
    Shape {
        of: Expr,
        shape: Spanned<Vec<DimExpr>>,
    },
}

/// `W, b from zero of L rate 0.1 momentum 0.9 for 20 steps`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DescentRequest {
    pub starts: Vec<DescendFrom>,
    pub of: Option<Name>,
    pub clauses: Vec<Spanned<DescendClause>>,
}

/// `a from 8`; `given` and `zero` are names here. Without a start it is that of the next name that has one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DescendFrom {
    pub name: Name,
    pub start: Option<Expr>,
}

/// How a descent goes; numbers as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum DescendClause {
    /// `rate 0.1`, `rates 0.1, 0.05`
    Rates(Vec<Spanned<String>>),
    /// `until |da, db| < 0.001`; the names still carry their `d`.
    Until { names: Vec<Name>, below: Spanned<String> },
    /// `for 20 steps`
    Steps(Spanned<String>),
    /// `momentum 0.9`, `nesterov 0.9`, `rmsprop 0.9`, `adam 0.9 0.999`
    Method { name: Spanned<String>, numbers: Vec<Spanned<String>> },
    /// `decay 0.1`
    Decay(Spanned<String>),
    /// `batch 2`
    Batch(Spanned<String>),
    /// `shuffled by 7`
    Shuffled(Spanned<String>),
    /// `stochastic`
    Stochastic,
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

/// The answers of one student. What can't be read is kept with what is wrong with it and spoils no other.
///
/// Places are counted in the file that was read; in a cell of a table, a text in JSON or a notebook's cell, which are no
/// texts of their own on disk, in that cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AnswerSheet {
    /// `student "Ada Lovelace"`
    pub student: Option<String>,
    /// `Student ID: 4711`
    pub number: Option<String>,
    /// In the order of the file; a name may stand twice.
    pub answers: Vec<Answer>,
    pub unreadable: Vec<UnreadableAnswer>,
    /// What was read in a stated way.
    pub notes: Vec<Diagnostic>,
    /// Whether an answer is written as Python has it, so that `*` in the others may be meant entry by entry.
    pub python: bool,
    /// What else the file may say, where other parts of it may be meant to answer the problem.
    pub readings: Vec<AnswerSheet>,
}

/// `dW1 = X^T dZ`, `J[1, 2] = -3`, `L at a = 8 = 402.57`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    pub target: AnswerTarget,
    /// The members of a chain before its last one: `X^T dZ` of `dW1 = X^T dZ = X^T (C - T)`.
    pub earlier: Vec<AnswerValue>,
    pub value: AnswerValue,
    /// The text as it was written, cut where it is long.
    pub source: String,
    pub span: Span,
}

/// What an answer is given to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerTarget {
    pub kind: TargetKind,
    /// `dW2` of `dW2`, `dL/dW2` and `∂L/∂W2`; `Y` of `jacobian of Y wrt X`, `shape of Y` and `update Y`; `params`.
    pub name: Name,
    /// The entry's indices, as written: names or integers.
    pub entry: Vec<Spanned<String>>,
    /// `L2` of `dW of L2` and `dL2/dW`.
    pub of: Option<Name>,
    /// `4` of `w of task 4`: where several descents have a parameter in common.
    pub task: Option<usize>,
    /// `W1, b1` of `directional of L wrt W1, b1`, and of `params of W1, b1`.
    pub wrt: Vec<Name>,
    /// `numerator` of `jacobian of Y wrt X layout numerator`
    pub layout: Option<String>,
    /// `a = 8` of `L at a = 8` and `L(a = 8)`.
    pub at: Vec<Binding>,
    /// `8` of `L(8)`.
    pub arguments: Vec<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetKind {
    /// A value or a gradient by its name.
    Plain,
    Jacobian,
    Hessian,
    Directional,
    Shape,
    Update,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum AnswerValue {
    Expression(Expr),
    /// `4 x 4`; no dimension at all is a scalar.
    Shape(Vec<DimExpr>),
}

/// A line of an answer sheet that can't be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnreadableAnswer {
    /// What it was meant to answer, if that much can be read.
    pub target: Option<AnswerTarget>,
    pub diagnostics: Vec<Diagnostic>,
    /// The text as it was written, cut where it is long.
    pub source: String,
    pub span: Span,
}

impl Spec {
    /// All leaves, those in loops too.
    pub fn leaves(&self) -> Vec<&LeafDeclaration> {
        let mut leaves: Vec<&LeafDeclaration> = Vec::new();
        let mut waiting: Vec<&Given> = self.givens.iter().rev().collect();
        while let Some(given) = waiting.pop() {
            match given {
                Given::Leaves(own) => leaves.extend(own),
                Given::Incoming { leaf, .. } => leaves.push(leaf),
                Given::Repeat(repeat) => waiting.extend(repeat.body.iter().rev()),
                Given::Data { .. } | Given::Dims(_) | Given::Layout(_) => {}
            }
        }
        leaves
    }

    /// The files that hold tables, as the problem names them.
    pub fn table_files(&self) -> Vec<&Spanned<String>> {
        let mut files = Vec::new();
        let mut waiting: Vec<&Given> = self.givens.iter().rev().collect();
        while let Some(given) = waiting.pop() {
            match given {
                Given::Data { table: Table::File(file), .. } => files.push(file),
                Given::Repeat(repeat) => waiting.extend(repeat.body.iter().rev()),
                Given::Data { table: Table::Literal(_), .. }
                | Given::Dims(_)
                | Given::Layout(_)
                | Given::Leaves(_)
                | Given::Incoming { .. } => {}
            }
        }
        files
    }
}

impl Name {
    /// The form that decides identity: Greek letters by their names, no underscores, no index braces.
    pub fn key(&self) -> String {
        super::names::key(&self.text)
    }
}

impl AnswerTarget {
    /// A value or a gradient by its name.
    pub fn plain(name: Name) -> AnswerTarget {
        AnswerTarget {
            kind: TargetKind::Plain,
            name,
            entry: Vec::new(),
            of: None,
            task: None,
            wrt: Vec::new(),
            layout: None,
            at: Vec::new(),
            arguments: Vec::new(),
        }
    }
}

impl ExprNode {
    /// A node that nobody wrote so.
    pub fn new(kind: ExprKind, span: Span) -> ExprNode {
        ExprNode { kind, span, written: Written::default() }
    }

    /// The same place, written in the same way, of something else.
    pub fn with(&self, kind: ExprKind) -> ExprNode {
        ExprNode { kind, span: self.span, written: self.written }
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
