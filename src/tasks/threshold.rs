//! Least values with the size of the name in them: on each side of 0 that is linear, and between them 0 is best.

use super::Asking;
use super::compare::{Finding, compare};
use super::curvature::{Curvature, curvature};
use super::linear::solve;
use super::optimum::{KIND, tidy};
use super::solve::unsolved;
use crate::answer::told::{Block, Formula, Say};
use crate::diagnostic::Diagnostic;
use crate::differentiate::differentiate;
use crate::graph::{NodeId, SymbolName};
use crate::math::Relation;
use crate::ops::{Abs, Add, Maximum, Minimum, Neg};
use crate::syntax::ast;
use std::collections::HashMap;

/// The name that makes the objective least where its size `|w|` stands in it; `None` where that does not.
pub fn threshold(
    asking: &mut Asking,
    objective: NodeId,
    of: NodeId,
    name: &str,
    blocks: &mut Vec<Block>,
) -> Result<Option<NodeId>, Vec<Diagnostic>> {
    let whole = asking.opened_whole(objective, &[of]);
    let graph = &mut asking.work.model.graph;
    let fault = |asking: &Asking| asking.fault("it is least at no point that can be written in symbols", KIND.example);
    let (Ok(size), zero) = (graph.apply(Abs, &[of]), graph.integer(0)) else { return Ok(None) };
    if !graph.needed(&[whole])[size.place()] {
        return Ok(None);
    }
    let minus = graph.apply(Neg, &[of]).map_err(|_| fault(asking))?;
    let mut ends = Vec::new();
    for (side, relation) in [(of, Relation::Greater), (minus, Relation::Less)] {
        let model = &mut asking.work.model;
        let smooth = model.graph.replaced(whole, &HashMap::from([(size, side)]));
        let named = model.graph.add_symbol(SymbolName::Generated("g".to_string()), smooth);
        let gradient = differentiate(model, named, &[of]).ok().and_then(|own| own.of.get(&of).copied());
        let Some(gradient) = gradient else { return Err(fault(asking)) };
        let gradient = asking.opened_whole(gradient, &[of]);
        let solved =
            solve(&mut asking.work.model.graph, gradient, zero, of).map_err(|reason| unsolved(asking, reason, name))?;
        let [end] = solved.solutions.as_slice() else { return Err(fault(asking)) };
        let graph = &asking.work.model.graph;
        // Entry by entry: a matrix before the name would mix them.
        if solved.divisor.is_some_and(|divisor| !graph.shape(divisor).size().is_one()) {
            let help = "`descend` goes there step by step; with `orthogonal` data the entries part";
            return Err(asking.fault("its entries do not stand alone, so there is no form in symbols", help));
        }
        let shown = tidy(asking, gradient);
        let where_it_is = Formula::related(Formula::Node(of), relation, Formula::Node(zero));
        blocks.push(Block::Say(
            Say::new("Where {}, there {}, and the gradient is 0 where")
                .formula(where_it_is)
                .formula(Formula::equal(Formula::Node(size), Formula::Node(side))),
        ));
        blocks.push(Block::Display {
            formula: Formula::related(Formula::Node(shown), Relation::Equal, Formula::Node(zero)),
            boxed: false,
        });
        blocks.push(Block::Display { formula: Formula::equal(Formula::Node(of), Formula::Node(*end)), boxed: false });
        ends.push(*end);
    }
    let (found, because) = curvature(&asking.work.model.graph, objective, of);
    let ordered =
        matches!(compare(&asking.work.model, ends[1], ast::Relation::GreaterEqual, ends[0]), Finding::Holds(_));
    if found != Curvature::Convex || !ordered {
        return Err(asking.fault(
            format!("whether it is convex in `{name}` depends on the data"),
            "declare what stands before `|…|` and before the square as positive: `const lambda positive`",
        ));
    }
    let graph = &mut asking.work.model.graph;
    let made = graph.apply(Maximum, &[ends[0], zero]).and_then(|above| {
        let below = graph.apply(Minimum, &[ends[1], zero])?;
        graph.apply(Add, &[above, below])
    });
    let solution = made.map_err(|_| fault(asking))?;
    blocks.push(Block::Say(
        Say::new("Each holds where it has that sign. Where neither has, the slope changes its sign at 0, and 0 is best. {} is convex in {}, so this is the minimum: {}.")
            .node(objective)
            .node(of)
            .words(because),
    ));
    blocks.push(Block::Say(Say::new("Together, as never both parts differ from 0:")));
    Ok(Some(solution))
}
