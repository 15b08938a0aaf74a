//! Expressions as text: the problem language, LaTeX, Unicode. The only place that sets brackets.

use super::figure::{self, Rounding};
use crate::graph::{Graph, Kind, Leaf, NodeId, SymbolName};
use crate::number::Number;
use crate::ops::{Form, Level, Notation, Op, Piece, Scale};
use crate::shape::{Dim, DimStyle, Shape};
use crate::syntax::ast::LeafKind;
use crate::syntax::names;
use crate::tensor::Tensor;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// The problem language: what is printed can be read again.
    Plain,
    Latex,
    /// Unicode text for the terminal.
    Text,
}

/// A piece of mathematics and how tightly it binds.
#[derive(Clone, Debug)]
pub struct Printed {
    pub text: String,
    pub level: Level,
}

impl Printed {
    pub fn atom(text: String) -> Printed {
        Printed { text, level: Level::Atom }
    }
}

/// Prints the nodes of one graph in one style.
pub struct Printer<'a> {
    graph: &'a Graph,
    style: Style,
    rounding: Rounding,
    /// What stands for a node instead of its own form: an entry's number, another name.
    instead: &'a dyn Fn(NodeId) -> Option<Printed>,
}

/// Nothing stands for anything else.
fn itself(_: NodeId) -> Option<Printed> {
    None
}

impl<'a> Printer<'a> {
    pub fn new(graph: &'a Graph, style: Style) -> Printer<'a> {
        Printer { graph, style, rounding: Rounding { digits: 4 }, instead: &itself }
    }

    /// With something else for some of the nodes.
    pub fn with(self, instead: &'a dyn Fn(NodeId) -> Option<Printed>) -> Printer<'a> {
        Printer { instead, ..self }
    }

    pub fn rounding(self, rounding: Rounding) -> Printer<'a> {
        Printer { rounding, ..self }
    }

    pub fn print(&self, id: NodeId) -> String {
        self.printed(id).text
    }

    pub fn style(&self) -> Style {
        self.style
    }

    /// What a symbol stands for, or the node itself.
    pub fn definition(&self, id: NodeId) -> String {
        self.print(self.graph.as_symbol(id).map_or(id, |symbol| symbol.definition))
    }

    /// Sums and products of thousands of terms lean to the left: that spine is walked in a loop, so that only the
    /// depth of brackets recurses.
    pub fn printed(&self, id: NodeId) -> Printed {
        let (mut spine, mut base) = (Vec::new(), id);
        while let Some(first) = self.leading_operand(base) {
            spine.push(base);
            base = first;
        }
        let innermost = self.base(base);
        spine.into_iter().rev().fold(innermost, |first, id| match self.graph.as_apply(id) {
            Some((op, operands)) => self.assemble(op, operands, Some(first)),
            None => first,
        })
    }

    /// The operand that the node's form begins with.
    fn leading_operand(&self, id: NodeId) -> Option<NodeId> {
        if (self.instead)(id).is_some() {
            return None;
        }
        let (op, operands) = self.graph.as_apply(id)?;
        match self.form(op) {
            Form::Pieces(_, [Piece::Operand(0, _) | Piece::Entrywise(0), ..]) => operands.first().copied(),
            Form::Pieces(..) | Form::Matrix { .. } | Form::Indexed | Form::Unit | Form::Call(_) | Form::Named(_) => {
                None
            }
        }
    }

    fn form(&self, op: &Op) -> Form {
        let Notation { plain, latex, text } = op.notation();
        match self.style {
            Style::Plain => plain,
            Style::Latex => latex,
            Style::Text => text,
        }
    }

    fn base(&self, id: NodeId) -> Printed {
        if let Some(printed) = (self.instead)(id) {
            return printed;
        }
        match self.graph.kind(id) {
            Kind::Leaf(leaf) => Printed::atom(name(&self.graph.leaf(*leaf).name, self.style)),
            Kind::Symbol(symbol) => Printed::atom(self.symbol(&self.graph.symbol(*symbol).name)),
            Kind::Number(value) => self.number(value),
            Kind::Literal(literal) => Printed::atom(tensor(self.graph.literal(*literal), self.rounding, self.style)),
            Kind::Size(dim) => self.dimension(dim),
            Kind::Ones(shape) => Printed {
                text: ones(shape, self.style),
                // A row is a transposed column: 𝟏ᵀ.
                level: if shape.is_row() && self.style != Style::Plain { Level::Power } else { Level::Atom },
            },
            Kind::Apply(Op::Diag(_), operands) if self.style != Style::Plain && self.is_ones(operands[0]) => {
                Printed::atom("I".to_string())
            }
            Kind::Apply(op, operands) => self.assemble(op, operands, None),
        }
    }

    /// A row or column of ones: its diagonal matrix is the identity.
    fn is_ones(&self, id: NodeId) -> bool {
        matches!(self.graph.kind(id), Kind::Ones(shape) if shape.is_row() || shape.is_column())
    }

    fn symbol(&self, symbol: &SymbolName) -> String {
        match symbol {
            SymbolName::Model(text) | SymbolName::Generated(text) => name(text, self.style),
            SymbolName::Gradient { of, .. } => {
                let of = self.print(*of);
                match self.style {
                    Style::Plain => format!("d{of}"),
                    Style::Latex => format!("\\delta_{{{of}}}"),
                    Style::Text => format!("δ{of}"),
                }
            }
        }
    }

    fn number(&self, value: &Number) -> Printed {
        let text = match self.style {
            Style::Plain => value.to_string(),
            Style::Latex | Style::Text => figure::number(value, self.rounding, self.style),
        };
        let level = match (text.starts_with(['-', '−']), self.style) {
            (true, Style::Plain) => Level::Negation,
            (true, Style::Latex | Style::Text) => Level::Sum,
            (false, Style::Latex) if text.starts_with('\\') => Level::Power,
            (false, _) if text.contains('/') => Level::Product,
            (false, _) => Level::Atom,
        };
        Printed { text, level }
    }

    fn dimension(&self, dim: &Dim) -> Printed {
        let text = dim_text(dim, self.style);
        let level = if text.contains(['+', '-', '*', '/', '−', ' ']) { Level::Sum } else { Level::Atom };
        Printed { text, level }
    }

    fn assemble(&self, op: &Op, operands: &[NodeId], first: Option<Printed>) -> Printed {
        match self.power_of_entries(op, operands).unwrap_or_else(|| self.form(op)) {
            Form::Pieces(level, pieces) => Printed { text: self.pieces(pieces, operands, first), level },
            Form::Matrix { columns } => Printed::atom(self.matrix(columns, operands)),
            Form::Call(name) => Printed::atom(self.call(name, operands, &op.options())),
            Form::Indexed => Printed::atom(self.indexed(operands[0], &op.options())),
            Form::Unit => self.unit(operands[1], &op.options()),
            Form::Named(name) => Printed::atom(self.call(name, operands, &[])),
        }
    }

    /// A power of a square matrix could be a product of it with itself: that it is of each entry is said.
    fn power_of_entries(&self, op: &Op, operands: &[NodeId]) -> Option<Form> {
        const PLAIN: Form = Form::Pieces(
            Level::Power,
            &[Piece::Operand(0, Level::Atom), Piece::Text(".^"), Piece::Operand(1, Level::Negation)],
        );
        const LATEX: Form = Form::Pieces(
            Level::Power,
            &[
                Piece::Operand(0, Level::Atom),
                Piece::Text(r"^{\odot "),
                Piece::Operand(1, Level::Sum),
                Piece::Text("}"),
            ],
        );
        let Op::Pow(_) = op else { return None };
        let (rows, columns) = self.graph.shape(*operands.first()?).as_matrix()?;
        if rows != columns || rows.is_one() {
            return None;
        }
        match self.style {
            Style::Plain => Some(PLAIN),
            Style::Latex => Some(LATEX),
            Style::Text => None,
        }
    }

    fn pieces(&self, pieces: &[Piece], operands: &[NodeId], mut first: Option<Printed>) -> String {
        let mut text = String::new();
        let mut times = false;
        for piece in pieces {
            let next = match piece {
                Piece::Text(own) => (*own).to_string(),
                Piece::Times => {
                    times = true;
                    continue;
                }
                Piece::Operand(place, least) => {
                    let printed = first.take().unwrap_or_else(|| self.printed(operands[*place]));
                    self.bracketed_if(printed.level < *least, printed.text)
                }
                Piece::Entrywise(place) => {
                    let printed = first.take().unwrap_or_else(|| self.printed(operands[*place]));
                    self.bracketed_if(matches!(printed.level, Level::Sum | Level::Product), printed.text)
                }
                Piece::Exponent(place) => raised(&self.printed(operands[*place]).text),
            };
            if std::mem::take(&mut times) {
                let sign = self.times(&text, &next);
                text.push_str(sign);
            }
            if text.is_empty() {
                text = next;
            } else {
                text.push_str(&next);
            }
        }
        text
    }

    /// The product sign between two texts.
    fn times(&self, left: &str, right: &str) -> &'static str {
        let digit_first = right.starts_with(|first: char| first.is_ascii_digit());
        let digit_last = left.ends_with(|last: char| last.is_ascii_digit());
        match self.style {
            Style::Plain => " * ",
            Style::Latex if digit_first || right.starts_with("\\tfrac") => " \\cdot ",
            Style::Latex => " ",
            Style::Text if digit_first => "·",
            Style::Text if digit_last && !left.ends_with(is_subscript) => "",
            Style::Text => " ",
        }
    }

    /// A matrix of expressions. Between brackets a space parts the entries, so all but names, numbers and signs are
    /// in brackets of their own there.
    fn matrix(&self, columns: usize, operands: &[NodeId]) -> String {
        let cell = |id: &NodeId| {
            let Printed { text, level } = self.printed(*id);
            match self.style {
                Style::Plain | Style::Text => self.bracketed_if(level < Level::Negation, text),
                Style::Latex => text,
            }
        };
        let rows: Vec<Vec<String>> =
            operands.chunks(columns.max(1)).map(|row| row.iter().map(cell).collect()).collect();
        grid(&rows, self.style)
    }

    /// A matrix with one entry that is not 0.
    fn unit(&self, entry: NodeId, options: &[(&'static str, String)]) -> Printed {
        let index = index(options);
        let unit = Printed::atom(match self.style {
            Style::Plain | Style::Text => format!("𝐄[{index}]"),
            Style::Latex => format!("\\mathbf E_{{{index}}}"),
        });
        let one = self.graph.as_number(entry).is_some_and(|number| *number == Number::integer(1));
        let product = if one { None } else { applied(&Scale.into(), &[self.printed(entry), unit.clone()], self.style) };
        product.unwrap_or(unit)
    }

    /// An entry of an operand; in LaTeX braces keep its index apart from one in the operand's name.
    fn indexed(&self, operand: NodeId, options: &[(&'static str, String)]) -> String {
        let Printed { text, level } = self.printed(operand);
        let of = self.bracketed_if(level < Level::Atom, text);
        let index = index(options);
        match self.style {
            Style::Plain | Style::Text => format!("{of}[{index}]"),
            Style::Latex => format!("{{{of}}}_{{{index}}}"),
        }
    }

    fn call(&self, name: &str, operands: &[NodeId], options: &[(&'static str, String)]) -> String {
        let operands = operands.iter().map(|operand| self.print(*operand));
        let options = options.iter().map(|(option, value)| match self.style {
            Style::Plain | Style::Text => format!("{option} = {value}"),
            Style::Latex => format!("\\text{{{option}}}={}", latex_option(value)),
        });
        let all: Vec<String> = operands.chain(options).collect();
        format!("{name}({})", all.join(", "))
    }

    fn bracketed_if(&self, needed: bool, text: String) -> String {
        match (needed, self.style) {
            (false, _) => text,
            (true, Style::Plain | Style::Text) => format!("({text})"),
            // Unlike `\left(`, these let a long line break.
            (true, Style::Latex) if text.contains("\\frac") => format!("\\Bigl({text}\\Bigr)"),
            (true, Style::Latex) if text.contains("\\sum") => format!("\\bigl({text}\\bigr)"),
            (true, Style::Latex) => format!("({text})"),
        }
    }
}

/// The index that an operator's only option is.
fn index(options: &[(&'static str, String)]) -> String {
    let indices: Vec<&str> = options.iter().map(|(_, index)| index.trim_matches(['(', ')'])).collect();
    indices.join(", ")
}

/// An option's value as LaTeX: numbers as they are, words upright.
fn latex_option(value: &str) -> String {
    if value.starts_with(|first: char| first.is_ascii_alphabetic()) {
        format!("\\text{{{value}}}")
    } else {
        value.into()
    }
}

fn is_subscript(character: char) -> bool {
    ('₀'..='₉').contains(&character)
}

/// An exponent in Unicode: raised where every character can be, `^(…)` otherwise.
fn raised(exponent: &str) -> String {
    if exponent.chars().all(|character| character.is_ascii_digit() || matches!(character, '-' | '−')) {
        figure::superscript(exponent)
    } else if exponent.chars().all(char::is_alphanumeric) {
        format!("^{exponent}")
    } else {
        format!("^({exponent})")
    }
}

/// A name of the author's or of ours.
pub fn name(text: &str, style: Style) -> String {
    match style {
        Style::Plain => text.to_string(),
        Style::Latex => names::latex(text),
        Style::Text => names::unicode(text),
    }
}

/// A dimension: `N`, `2*H + 1`.
pub fn dim_text(dim: &Dim, style: Style) -> String {
    dim.written(&match style {
        Style::Plain => DimStyle { name: &str::to_string, times: "*", minus: "-", floor: ("floor(", ")") },
        Style::Latex => {
            DimStyle { name: &names::latex, times: r"\cdot ", minus: "-", floor: (r"\lfloor ", r"\rfloor ") }
        }
        Style::Text => DimStyle { name: &names::unicode, times: "·", minus: "−", floor: ("⌊", "⌋") },
    })
}

/// A shape: `N x D`, `N\times D`, `N×D`; a scalar is empty.
pub fn shape(shape: &Shape, style: Style) -> String {
    let side = |dim: &Dim| {
        let text = dim_text(dim, style);
        if text.contains([' ', '+']) { format!("({text})") } else { text }
    };
    let sides: Vec<String> = shape.0.iter().map(side).collect();
    sides.join(match style {
        Style::Plain => " x ",
        Style::Latex => "\\times ",
        Style::Text => "×",
    })
}

fn ones(of: &Shape, style: Style) -> String {
    let row = of.is_row();
    match style {
        Style::Plain => {
            let sides: Vec<String> = of.0.iter().map(Dim::to_string).collect();
            format!("ones({})", sides.join(", "))
        }
        Style::Latex if of.is_column() => "\\mathbf 1".to_string(),
        Style::Latex if row => "\\mathbf 1^{\\mathsf T}".to_string(),
        Style::Latex => format!("\\mathbf 1_{{{}}}", shape(of, style)),
        Style::Text if of.is_column() => "𝟏".to_string(),
        Style::Text if row => "𝟏ᵀ".to_string(),
        Style::Text => format!("𝟏({})", shape(of, style)),
    }
}

/// A value: a number, a matrix in brackets, nested brackets for higher ranks.
pub fn tensor(value: &Tensor<Number>, rounding: Rounding, style: Style) -> String {
    if value.rank() == 0 {
        return match style {
            Style::Plain if figure::is_shown_exactly(value.first()) => value.first().to_string(),
            _ => figure::number(value.first(), rounding, style),
        };
    }
    let rows = figure::matrix(value, rounding, style);
    if value.rank() > 2 {
        return nested(&rows, value.extents(), style);
    }
    grid(&rows, style)
}

/// Rows of a table that stand before the dots where it is long.
const FIRST_ROWS: usize = 4;
/// Longer tables than this are shortened.
const LONGEST_TABLE: usize = 10;

/// A matrix of data: of a long one the first rows and the last.
pub fn table(value: &Tensor<Number>, rounding: Rounding, style: Style) -> String {
    let length = value.extents().first().copied().unwrap_or(1);
    if value.rank() != 2 || length <= LONGEST_TABLE || style == Style::Plain {
        return tensor(value, rounding, style);
    }
    let (first, last) = (value.slice(0, 0, FIRST_ROWS), value.slice(0, length - 1, length));
    let dots = if style == Style::Latex { r"\vdots" } else { "⋮" };
    let mut rows = figure::matrix(&Tensor::concat(&[&first, &last], 0), rounding, style);
    rows.insert(FIRST_ROWS, vec![dots.to_string(); value.extents()[1]]);
    grid(&rows, style)
}

/// Rows of entries, as a matrix.
pub fn matrix(rows: &[Vec<String>], style: Style) -> String {
    match style {
        // A space parts the entries.
        Style::Plain => bracketed(rows, ", ", "; "),
        Style::Text | Style::Latex => grid(rows, style),
    }
}

/// Rows of entries between brackets.
fn grid(rows: &[Vec<String>], style: Style) -> String {
    match style {
        Style::Plain => bracketed(rows, " ", "; "),
        Style::Text => bracketed(rows, "  ", ";  "),
        Style::Latex => {
            let rows: Vec<String> = rows.iter().map(|row| row.join("&")).collect();
            format!("\\begin{{bmatrix}}{}\\end{{bmatrix}}", rows.join("\\cr "))
        }
    }
}

fn bracketed(rows: &[Vec<String>], between: &str, below: &str) -> String {
    let rows: Vec<String> = rows.iter().map(|row| row.join(between)).collect();
    format!("[{}]", rows.join(below))
}

/// Rank 3 and 4: the last two axes as matrices, listed.
fn nested(rows: &[Vec<String>], extents: &[usize], style: Style) -> String {
    let height = extents[extents.len() - 2].max(1);
    let matrices: Vec<String> = rows
        .chunks(height)
        .map(|matrix| match style {
            Style::Latex => {
                let lines: Vec<String> = matrix.iter().map(|row| row.join("&")).collect();
                format!("\\begin{{bmatrix}}{}\\end{{bmatrix}}", lines.join("\\cr "))
            }
            Style::Plain | Style::Text => {
                let lines: Vec<String> = matrix.iter().map(|row| format!("[{}]", row.join(", "))).collect();
                format!("[{}]", lines.join(", "))
            }
        })
        .collect();
    let grouped: Vec<String> = match extents {
        [_, per_group, _, _] => matrices.chunks((*per_group).max(1)).map(|group| list(group, style)).collect(),
        _ => matrices,
    };
    list(&grouped, style)
}

fn list(items: &[String], style: Style) -> String {
    match style {
        Style::Latex => format!("\\left[{}\\right]", items.join(",\\ ")),
        Style::Plain | Style::Text => format!("[{}]", items.join(", ")),
    }
}

/// The operator's form with these in its operands' places.
pub fn applied(op: &Op, parts: &[Printed], style: Style) -> Option<Printed> {
    let mut graph = Graph::default();
    let places: Vec<NodeId> = parts.iter().map(|_| placeholder(&mut graph)).collect();
    let whole = graph.apply(op.clone(), &places).ok()?;
    let instead = |id: NodeId| places.iter().position(|place| *place == id).map(|place| parts[place].clone());
    Some(Printer::new(&graph, style).with(&instead).printed(whole))
}

fn placeholder(graph: &mut Graph) -> NodeId {
    graph.add_leaf(Leaf {
        name: "part".to_string(),
        kind: LeafKind::Input,
        shape: Shape::scalar(),
        value: None,
        one_hot_axis: None,
        description: None,
    })
}
