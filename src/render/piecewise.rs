//! Products with indicators, by cases: `G ⊙ 1[Z > 0]` is `G` where `Z > 0` and 0 otherwise.

use super::notation::Printer;
use crate::graph::{Graph, NodeId};
use crate::math::Math;
use crate::ops::Op;
use crate::syntax::ast::Relation;

/// What a product with indicators is where all of them hold, and elsewhere.
pub struct Piecewise {
    value: Math,
    /// `Z > 0`
    conditions: Vec<Math>,
    otherwise: Option<Math>,
}

impl Piecewise {
    /// The parts of a product with an indicator, a number or a sign before it; `None` of anything else.
    pub fn of(printer: &Printer<'_>, graph: &Graph, id: NodeId) -> Option<Piecewise> {
        match graph.as_apply(id)? {
            (Op::Neg(_), [of]) => Some(Piecewise::of(printer, graph, *of)?.under(Math::negative)),
            (Op::Scale(_), [factor, of]) if !is_indicator(graph, *factor) && !is_indicator(graph, *of) => {
                let factor = printer.math(*factor);
                Some(Piecewise::of(printer, graph, *of)?.under(|value| factor.clone().times(value)))
            }
            (op @ (Op::Hadamard(_) | Op::Scale(_)), _) => Piecewise::product(printer, graph, id, op),
            (_, _) => None,
        }
    }

    fn product(printer: &Printer<'_>, graph: &Graph, id: NodeId, op: &Op) -> Option<Piecewise> {
        let (mut conditions, mut slopes, mut value) = (Vec::new(), Vec::new(), None);
        for factor in factors(graph, id, op) {
            if let Some((mask, slope)) = switch(graph, factor) {
                conditions.push(condition(printer, mask)?);
                slopes.push(slope);
                continue;
            }
            let next = printer.math(factor);
            value = Some(match value {
                None => next,
                Some(product) => op.notation(vec![product, next]),
            });
        }
        let value = value.filter(|_| !conditions.is_empty())?;
        // A number times an indicator reads as well as its cases.
        if graph.as_number(*graph.operands(id).first()?).is_some() {
            return None;
        }
        let otherwise = match slopes.as_slice() {
            [Some(slope)] => Some(printer.math(*slope).times(value.clone())),
            slopes if slopes.iter().all(Option::is_none) => None,
            _ => return None,
        };
        Some(Piecewise { value, conditions, otherwise })
    }

    fn under(self, change: impl Fn(Math) -> Math) -> Piecewise {
        Piecewise { value: change(self.value), otherwise: self.otherwise.map(change), conditions: self.conditions }
    }

    /// `{ G if Z > 0; 0 otherwise }`
    pub fn math(self) -> Math {
        let both = |left: Math, right: Math| Math::Row(vec![left, Math::words(" and "), right]);
        let condition = self.conditions.into_iter().reduce(both);
        Math::Cases(vec![(self.value, condition), (self.otherwise.unwrap_or_else(|| Math::number(0)), None)])
    }
}

/// An indicator; or `1[Z > 0] + s * 1[Z <= 0]`, which is `s` where the indicator does not hold.
fn switch(graph: &Graph, id: NodeId) -> Option<(NodeId, Option<NodeId>)> {
    if is_indicator(graph, id) {
        return Some((id, None));
    }
    let (Op::Add(_), [mask, rest]) = graph.as_apply(id)? else { return None };
    let (Op::Scale(_), [slope, other]) = graph.as_apply(*rest)? else { return None };
    let (Op::Compare(one), operands) = graph.as_apply(*mask)? else { return None };
    let (Op::Compare(another), others) = graph.as_apply(*other)? else { return None };
    let complementary = matches!(
        (one.relation, another.relation),
        (Relation::Greater, Relation::LessEqual) | (Relation::GreaterEqual, Relation::Less)
    );
    (operands == others && complementary).then_some((*mask, Some(*slope)))
}

/// The factors of a product of one kind, from left to right.
fn factors(graph: &Graph, id: NodeId, op: &Op) -> Vec<NodeId> {
    let (mut factors, mut waiting) = (Vec::new(), vec![id]);
    while let Some(id) = waiting.pop() {
        match graph.as_apply(id) {
            Some((own, [left, right])) if own == op => waiting.extend([*right, *left]),
            _ => factors.push(id),
        }
    }
    factors
}

fn is_indicator(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.as_apply(id), Some((Op::Compare(_), _)))
}

/// `U > 0` of `1[U > 0]`
fn condition(printer: &Printer<'_>, indicator: NodeId) -> Option<Math> {
    match printer.math(indicator) {
        Math::Indicator(condition) => Some(*condition),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Leaf;
    use crate::ops::{Compare, Hadamard, Neg, Scale};
    use crate::render::write::{Style, write};
    use crate::shape::{Dim, Shape};
    use crate::syntax::ast::LeafKind;

    fn leaf(graph: &mut Graph, name: &str) -> NodeId {
        graph.add_leaf(Leaf::unknown(name, LeafKind::Input, Shape::matrix(Dim::name("N"), Dim::name("N"))))
    }

    fn text(graph: &Graph, id: NodeId) -> Option<String> {
        let printer = Printer::new(graph, Style::Text);
        Piecewise::of(&printer, graph, id).map(|cases| write(&cases.math(), Style::Text))
    }

    #[test]
    fn masks_become_conditions_wherever_they_stand() {
        let mut graph = Graph::default();
        let [g, y, z] = ["G", "Y", "Z"].map(|name| leaf(&mut graph, name));
        let [zero, one] = [0, 1].map(|number| graph.integer(number));
        let above = graph.apply(Compare { relation: Relation::Greater }, &[z, zero]).unwrap();
        let below = graph.apply(Compare { relation: Relation::Less }, &[z, one]).unwrap();
        let masked = graph.apply(Hadamard, &[g, above]).unwrap();
        let both = graph.apply(Hadamard, &[masked, below]).unwrap();
        let more = graph.apply(Hadamard, &[both, y]).unwrap();
        let turned = graph.apply(Neg, &[more]).unwrap();
        let not_above = graph.apply(Compare { relation: Relation::LessEqual }, &[z, zero]).unwrap();
        let tenth = graph.number(crate::number::Number::ratio(1, 10));
        let small = graph.apply(Scale, &[tenth, not_above]).unwrap();
        let leaky = graph.apply(crate::ops::Add, &[above, small]).unwrap();
        let leaking = graph.apply(Hadamard, &[g, leaky]).unwrap();
        assert_eq!(text(&graph, leaking).unwrap(), "{ G if Z > 0; 0.1G otherwise }");
        assert_eq!(text(&graph, small), None);
        assert_eq!(text(&graph, masked).unwrap(), "{ G if Z > 0; 0 otherwise }");
        assert_eq!(text(&graph, turned).unwrap(), "{ −G ⊙ Y if Z > 0 and Z < 1; 0 otherwise }");
        assert_eq!((text(&graph, g), text(&graph, above)), (None, None));
    }
}
