//! Derivatives entry by entry on the way to a matrix of derivatives: a step for each line, ending in the entry asked for.

use crate::algebra::DEFINITIONS;
use crate::answer::{EntryStep, Reason, Work};
use crate::graph::{Graph, NodeId, SymbolName};
use crate::model::JacobianLayout;
use crate::ops::{Add, Diag, Div, Hadamard, MatMul, Neg, Op, Pow, Scale, Sub, Transpose};
use crate::second::jacobian;
use crate::shape::Shape;
use crate::simplify::simplest;

/// With more lines on the way the matrix is read off as a whole.
const LINES: usize = 6;
/// Letters for what a fraction is divided by.
const DIVISORS: [&str; 4] = ["s", "r", "t", "c"];

/// The steps to the Jacobian of `of`; none where a line on the way has no matrix of derivatives.
pub fn steps(work: &mut Work, of: NodeId, wrt: NodeId) -> Vec<EntryStep> {
    if work.model.lines().contains(&of) { on_way(work, of, wrt) } else { Vec::new() }
}

/// The steps to the Jacobians of the lines that an expression is made of.
pub fn on_way(work: &mut Work, of: NodeId, wrt: NodeId) -> Vec<EntryStep> {
    let (needed, depending) = (work.model.graph.needed(&[of]), work.model.graph.depending(&[wrt]));
    let on_way = |line: &NodeId| needed[line.place()] && depending[line.place()];
    let lines: Vec<NodeId> = work.model.lines().into_iter().filter(on_way).collect();
    if lines.len() > LINES {
        return Vec::new();
    }
    let mut steps = Vec::new();
    for line in lines {
        match of_line(work, line, wrt) {
            Some(own) => steps.extend(own),
            None => return Vec::new(),
        }
    }
    steps
}

fn of_line(work: &mut Work, line: NodeId, wrt: NodeId) -> Option<Vec<EntryStep>> {
    let definition = work.model.graph.as_symbol(line)?.definition;
    let mut steps = Vec::new();
    if let Some((above, below)) = quotient(&mut work.model.graph, definition, wrt) {
        let named = match work.model.graph.as_symbol(below) {
            Some(_) => below,
            None => {
                let letter = DIVISORS.into_iter().find(|name| !work.model.names.contains_key(*name))?;
                let name = SymbolName::Generated(letter.to_string());
                let named = work.model.graph.add_symbol(name, below);
                steps.push(step(work, named, wrt, below)?);
                named
            }
        };
        let mut own = step(work, line, wrt, definition)?;
        own.matrix = instead(&mut work.model.graph, own.matrix, below, named);
        own.parts = own.parts.map(|parts| parts.map(|part| instead(&mut work.model.graph, part, below, named)));
        own.definition = work.model.graph.apply(Div, &[above, named]).ok()?;
        own.reason = Reason::Quotient;
        own.raw = raw(work, above, named, wrt);
        if let (Some(raw), Some(parts)) = (own.raw, own.parts) {
            for (raw, part) in raw.into_iter().zip(parts) {
                work.certify_equal(raw, crate::syntax::ast::Relation::Equal, part);
            }
        }
        steps.push(own);
        return Some(steps);
    }
    steps.push(step(work, line, wrt, definition)?);
    Some(steps)
}

fn instead(graph: &mut Graph, form: NodeId, below: NodeId, named: NodeId) -> NodeId {
    graph.replaced(form, &[(below, named)].into())
}

/// What a line divides by a number that varies; a softmax by its definition.
fn quotient(graph: &mut Graph, definition: NodeId, wrt: NodeId) -> Option<(NodeId, NodeId)> {
    let (op, operands) = graph.as_apply(definition).map(|(op, operands)| (op.clone(), operands.to_vec()))?;
    let written = match op {
        Op::Softmax(_) => DEFINITIONS.iter().find_map(|own| own.of(graph, &op, &operands))?,
        _ => definition,
    };
    let (Op::Div(Div), [above, below]) = graph.as_apply(written)? else { return None };
    let (above, below) = (*above, *below);
    let varies = graph.depending(&[wrt])[below.place()];
    (varies && graph.shape(below).is_scalar() && !graph.shape(above).is_scalar()).then_some((above, below))
}

/// The derivative of a named value in one step.
fn step(work: &mut Work, of: NodeId, wrt: NodeId, definition: NodeId) -> Option<EntryStep> {
    let form = jacobian(&mut work.model, of, wrt, JacobianLayout::Numerator).ok().filter(|form| !form.numeric)?;
    let matrix = work.without_deltas(form.matrix);
    let graph = &mut work.model.graph;
    let parts = parted(graph, matrix);
    let alone = parts.is_some_and(|[_, rest]| graph.as_number(rest).is_some());
    let reason = if alone { Reason::Alone } else { Reason::Definition };
    Some(EntryStep { of, wrt, order: 1, definition, matrix, parts, raw: None, reason })
}

/// A square matrix as its diagonal, a column, and what stands beside it (0 where nothing does), where these differ.
pub fn parted(graph: &mut Graph, matrix: NodeId) -> Option<[NodeId; 2]> {
    // A number before the whole, or below it, stands with both.
    let applied = graph.as_apply(matrix).map(|(op, own)| (op.clone(), own.to_vec()));
    if let Some((op, [first, second])) = applied.as_ref().map(|(op, own)| (op, own.as_slice())).and_then(pair) {
        let (inner, scalar): (NodeId, NodeId) = match op {
            Op::Div(Div) if graph.shape(second).is_scalar() => (first, second),
            Op::Scale(Scale) => (second, first),
            _ => (matrix, matrix),
        };
        if inner != matrix {
            let parts = parted(graph, inner)?;
            let whole = |graph: &mut Graph, part: NodeId| match op {
                _ if graph.as_number(part).is_some() => Some(part),
                Op::Div(Div) => graph.apply(Div, &[part, scalar]).ok(),
                _ => graph.apply(Scale, &[scalar, part]).ok(),
            };
            return Some([whole(graph, parts[0])?, whole(graph, parts[1])?]);
        }
    }
    let (mut diagonals, mut rest, mut below) = (Vec::new(), Vec::new(), Vec::new());
    terms(graph, matrix, false, &mut |graph, term, minus| {
        match on_diagonal(graph, term)? {
            (column, true) => diagonals.push((column, minus)),
            (column, false) => {
                rest.push((term, minus));
                below.push((column, minus));
            }
        }
        Some(())
    })?;
    if diagonals.is_empty() {
        return None;
    }
    diagonals.extend(below);
    let on = sum(graph, &diagonals)?;
    let beside = sum(graph, &rest).unwrap_or_else(|| graph.integer(0));
    Some([on, beside].map(|part| simplest(graph, part)))
}

/// An operator of two operands.
fn pair<'a>((op, operands): (&'a Op, &[NodeId])) -> Option<(&'a Op, [NodeId; 2])> {
    Some((op, operands.try_into().ok()?))
}

type Each<'a> = &'a mut dyn FnMut(&mut Graph, NodeId, bool) -> Option<()>;

fn terms(graph: &mut Graph, sum: NodeId, minus: bool, each: Each) -> Option<()> {
    match graph.as_apply(sum).map(|(op, operands)| (op.clone(), operands.to_vec())) {
        Some((Op::Add(Add), operands)) => operands.into_iter().try_for_each(|term| terms(graph, term, minus, each)),
        Some((Op::Sub(Sub), operands)) => {
            terms(graph, operands[0], minus, each)?;
            terms(graph, operands[1], !minus, each)
        }
        Some((Op::Neg(Neg), operands)) => terms(graph, operands[0], !minus, each),
        _ => each(graph, sum, minus),
    }
}

/// The diagonal of a term as a column, and whether it has nothing beside it; none where it is no such product.
fn on_diagonal(graph: &mut Graph, term: NodeId) -> Option<(NodeId, bool)> {
    let (op, operands) = graph.as_apply(term).map(|(op, operands)| (op.clone(), operands.to_vec()))?;
    match (op, operands.as_slice()) {
        (Op::Diag(Diag), [of]) => {
            let column = if graph.shape(*of).is_row() { graph.apply(Transpose, &[*of]).ok()? } else { *of };
            Some((column, true))
        }
        (Op::MatMul(MatMul), [column, row]) if graph.shape(*column).is_column() => {
            let turned = graph.apply(Transpose, &[*row]).ok()?;
            Some((graph.apply(Hadamard, &[*column, turned]).ok()?, false))
        }
        (Op::Scale(Scale), [factor, inner]) => {
            let (column, alone) = on_diagonal(graph, *inner)?;
            Some((graph.apply(Scale, &[*factor, column]).ok()?, alone))
        }
        (Op::Div(Div), [inner, below]) if graph.shape(*below).is_scalar() => {
            let (column, alone) = on_diagonal(graph, *inner)?;
            Some((graph.apply(Div, &[column, *below]).ok()?, alone))
        }
        _ => None,
    }
}

fn sum(graph: &mut Graph, terms: &[(NodeId, bool)]) -> Option<NodeId> {
    let mut sum: Option<NodeId> = None;
    for (term, minus) in terms {
        sum = Some(match (sum, minus) {
            (None, false) => *term,
            (None, true) => graph.apply(Neg, &[*term]).ok()?,
            (Some(sum), false) => graph.apply(Add, &[sum, *term]).ok()?,
            (Some(sum), true) => graph.apply(Sub, &[sum, *term]).ok()?,
        });
    }
    sum
}

/// The quotient rule as it stands: on the diagonal and beside it, where what is divided has a diagonal matrix.
fn raw(work: &mut Work, above: NodeId, below: NodeId, wrt: NodeId) -> Option<[NodeId; 2]> {
    let slope = step(work, below, wrt, below)?.matrix;
    let own = if above == wrt {
        let ones =
            work.model.graph.ones(Shape(vec![work.model.graph.shape(wrt).0[0].clone(), crate::shape::Dim::one()]));
        work.model.graph.apply(Diag, &[ones]).ok()?
    } else {
        let name = SymbolName::Generated("above".to_string());
        let named = match work.model.graph.as_symbol(above) {
            Some(_) => above,
            None => work.model.graph.add_symbol(name, above),
        };
        let matrix = step(work, named, wrt, above)?.matrix;
        instead(&mut work.model.graph, matrix, named, above)
    };
    let graph = &mut work.model.graph;
    let [own, beside] = parted(graph, own)?;
    if graph.as_number(beside).is_none() || !graph.shape(above).is_column() {
        return None;
    }
    let turned = if graph.shape(slope).is_row() { graph.apply(Transpose, &[slope]).ok()? } else { slope };
    let turned = simplest(graph, turned);
    let row = graph.apply(Transpose, &[turned]).ok()?;
    let two = graph.integer(2);
    let square = graph.apply(Pow, &[below, two]).ok()?;
    let first = match simplest(graph, own) {
        ones if matches!(graph.kind(ones), crate::graph::Kind::Ones(_)) => below,
        own => graph.apply(Scale, &[below, own]).ok()?,
    };
    let second = graph.apply(Hadamard, &[above, turned]).ok()?;
    let difference = graph.apply(Sub, &[first, second]).ok()?;
    let on = graph.apply(Div, &[difference, square]).ok()?;
    let product = graph.apply(MatMul, &[above, row]).ok()?;
    let negative = graph.apply(Neg, &[product]).ok()?;
    Some([on, graph.apply(Div, &[negative, square]).ok()?])
}
