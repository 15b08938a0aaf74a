//! `derive hessian of L wrt a, b`, `derive jacobian of y wrt a, b`: derivatives in several names, block by block.

use super::{Asking, Kind};
use crate::answer::told::{Block, Formula, Hole, Link, Say, Told};
use crate::answer::Expander;
use crate::diagnostic::Diagnostic;
use crate::differentiate::differentiate;
use crate::graph::NodeId;
use crate::math::Relation;
use crate::model::JacobianLayout;
use crate::ops::{Concat, Scale, Stack, Transpose};
use crate::second;
use crate::shape::Shape;
use crate::syntax::ast;
use crate::verify::certify;

pub const KIND: Kind = Kind {
    name: "derivatives in several names",
    forms: &[
        "derive hessian of {name} wrt {name}, {names}",
        "derive jacobian of {name}, {names} wrt {names}",
        "derive jacobian of {name} wrt {name}, {names}",
    ],
    summary: "the Hessian of a loss in several parameters, or the Jacobian of several values, block by block",
    example: "derive hessian of L wrt a, b",
    answered: "hessian = [2*a 1; 1 2*b]",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let form = asking.asked.question.form;
    let (one, two, three) = (asking.names(0)?, asking.names(1)?, asking.names(2)?);
    let hessian = form == 0;
    let (of, wrt): (Vec<ast::Name>, Vec<ast::Name>) = match form {
        1 => ([one, two].concat(), three),
        _ => (one, [two, three].concat()),
    };
    let (of, wrt) = (asking.all_named(&of)?, asking.all_named(&wrt)?);
    let flat = |id: &NodeId| {
        let shape = asking.work.model.graph.shape(*id);
        shape.size().is_one() || shape.is_row() || shape.is_column()
    };
    if let Some(own) = of.iter().chain(&wrt).find(|id| !flat(id)) {
        let graph = &asking.work.model.graph;
        let message = format!("`{}` is {}, and these are derivatives of vectors", super::spelled(graph, *own), graph.shape(*own));
        return Err(asking.fault(message, "a matrix is asked for by a gradient, or one entry after the other"));
    }
    let mut blocks = Vec::new();
    // What is derived, and what stands before its row.
    let rows: Vec<(Option<NodeId>, NodeId)> = match hessian {
        true => {
            let gradients = differentiate(&mut asking.work.model, of[0], &wrt)
                .map_err(|_| asking.fault("it has no gradient", ""))?;
            asking.work.certificate.merge(certify(&asking.work.model, &gradients));
            wrt.iter().map(|id| (gradients.of.get(id).copied(), *id)).collect()
        }
        false => of.iter().map(|id| (Some(*id), *id)).collect(),
    };
    if hessian {
        for (gradient, id) in rows.iter().filter_map(|(gradient, id)| Some(((*gradient)?, *id))) {
            let written = Expander::of_all_deltas().expand(&mut asking.work.model.graph, gradient);
            let link = Link { relation: Relation::Equal, formula: Formula::Node(written), because: Say::new("by the chain rule") };
            blocks.push(Block::Chain { first: Formula::Gradient { of: id, loss: of[0] }, links: vec![link] });
        }
        blocks.push(Block::Say(Say::new("Each is derived once more, in each name:")));
    }
    let mut grid: Vec<Vec<NodeId>> = Vec::new();
    for (row, like) in &rows {
        let mut line = Vec::new();
        for column in &wrt {
            line.push(block(asking, *row, *like, *column)?);
        }
        grid.push(line);
    }
    let table = grid.iter().zip(&rows).map(|(line, (_, name))| {
        let first = Say::new("{}").node(*name);
        std::iter::once(first).chain(line.iter().map(|block| Say::new("{}").node(*block))).collect()
    });
    let headings = std::iter::once(Say::new("")).chain(wrt.iter().map(|id| Say::new("{}").node(*id))).collect();
    blocks.push(Block::Table { headings, rows: table.collect() });
    if hessian {
        symmetric(asking, &grid);
    }
    let whole = whole(asking, &grid).ok_or_else(|| asking.fault("the blocks do not fit together", KIND.example))?;
    let value = asking.value(whole);
    let scalars = grid.iter().flatten().all(|block| asking.work.model.graph.shape(*block).is_scalar());
    if scalars {
        blocks.push(Block::Display { formula: Formula::Node(whole), boxed: true });
    }
    if let Some(value) = &value {
        blocks.push(Block::Display { formula: Formula::Value(value.clone()), boxed: true });
    }
    let (name, asked) = match hessian {
        true => ("hessian", Say::new("Derive the Hessian of {} with respect to {}.")),
        false => ("jacobian", Say::new("Derive the Jacobian of {} with respect to {}.")),
    };
    let part = asking.part(name);
    asking.answer(part, Some(whole), value);
    let all = |ids: &[NodeId]| Hole::Formulas(ids.iter().map(|id| Formula::Node(*id)).collect());
    let question = asked.hole(all(&of)).hole(all(&wrt));
    Ok(Told { title: "Block by block", question, blocks, open: false })
}

/// The derivatives of a value in a name: a row for each entry of the one, a column for each of the other.
fn block(asking: &mut Asking, of: Option<NodeId>, like: NodeId, wrt: NodeId) -> Result<NodeId, Vec<Diagnostic>> {
    let graph = &asking.work.model.graph;
    let (rows, columns) = (graph.shape(like).size(), graph.shape(wrt).size());
    let depends = of.filter(|of| graph.needed(&[*of])[wrt.place()]);
    let Some(of) = depends else {
        let graph = &mut asking.work.model.graph;
        let zero = graph.integer(0);
        if rows.is_one() && columns.is_one() {
            return Ok(zero);
        }
        let ones = graph.ones(Shape::matrix(rows, columns));
        return graph.apply(Scale, &[zero, ones]).map_err(|_| asking.fault("no such block", ""));
    };
    let fault = |asking: &Asking| asking.fault("these derivatives are no matrix expression", "ask for one entry after the other");
    let Ok(form) = second::jacobian(&mut asking.work.model, of, wrt, JacobianLayout::Numerator) else {
        return Err(fault(asking));
    };
    if form.numeric {
        return Err(fault(asking));
    }
    asking.work.certificate.merge(certify(&asking.work.model, &form.gradients));
    asking.work.certify_equal(form.product, ast::Relation::Equal, form.again);
    let matrix = Expander::of_all_deltas().expand(&mut asking.work.model.graph, form.matrix);
    let graph = &mut asking.work.model.graph;
    let turned = Shape::matrix(columns.clone(), rows.clone());
    let upright = Shape::matrix(rows, columns);
    if *graph.shape(matrix) == turned && turned != upright {
        return graph.apply(Transpose, &[matrix]).map_err(|_| fault(asking));
    }
    Ok(matrix)
}

/// What stands on either side of the diagonal is the same.
fn symmetric(asking: &mut Asking, grid: &[Vec<NodeId>]) {
    for (row, line) in grid.iter().enumerate() {
        for (column, block) in line.iter().enumerate().take(row) {
            let mirrored = grid[column][row];
            let graph = &mut asking.work.model.graph;
            let turned = if graph.shape(mirrored).is_scalar() { Ok(mirrored) } else { graph.apply(Transpose, &[mirrored]) };
            if let Ok(turned) = turned {
                asking.work.certify_equal(*block, ast::Relation::Equal, turned);
            }
        }
    }
}

fn whole(asking: &mut Asking, grid: &[Vec<NodeId>]) -> Option<NodeId> {
    let graph = &mut asking.work.model.graph;
    let all: Vec<NodeId> = grid.iter().flatten().copied().collect();
    let columns = grid.first()?.len();
    if all.iter().all(|block| graph.shape(*block).is_scalar()) {
        return graph.apply(Stack { rows: grid.len(), columns }, &all).ok();
    }
    let mut lines = Vec::new();
    for line in grid {
        let mut blocks = Vec::new();
        for block in line {
            let scalar = graph.shape(*block).is_scalar();
            blocks.push(if scalar { graph.apply(Stack { rows: 1, columns: 1 }, &[*block]).ok()? } else { *block });
        }
        lines.push(if blocks.len() == 1 { blocks[0] } else { graph.apply(Concat { axis: 1 }, &blocks).ok()? });
    }
    if lines.len() == 1 { lines.pop() } else { graph.apply(Concat { axis: 0 }, &lines).ok() }
}
