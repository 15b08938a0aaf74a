//! `derive jacobian of Y wrt X layout numerator`: all partial derivatives of a vector with respect to a vector.

use super::second::{self, is_vector};
use super::{Ask, Line, Sheet, Task, Written};
use crate::answer::told::Say;
use crate::answer::{Refusal, Section, Subject, Work};
use crate::diagnostic::Diagnostic;
use crate::graph::NodeId;
use crate::lower::{Computability, Lowerer};
use crate::model::{JacobianLayout, Model, Target};
use crate::second::jacobian;
use crate::syntax::ast::{Name, Part};
use crate::verify::Order;

pub const WRITTEN: Written = Written {
    begins: "derive jacobian",
    forms: &["derive jacobian of {name} wrt {name} layout {word}", "derive jacobian of {name} wrt {name}"],
    examples: &["derive jacobian of Y wrt X"],
    summary: "all partial derivatives of a vector with respect to a vector",
    answered: "jacobian of Y wrt X = W^T",
};

#[derive(Clone, Debug)]
pub struct Jacobian {
    pub of: NodeId,
    pub wrt: NodeId,
    pub layout: JacobianLayout,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    let layout = match line.part(2) {
        None => JacobianLayout::Numerator,
        Some(Part::Text(word)) if word.value == "numerator" => JacobianLayout::Numerator,
        Some(Part::Text(word)) if word.value == "denominator" => JacobianLayout::Denominator,
        Some(Part::Text(word)) => {
            let fault = Diagnostic::error("E-syntax", "a layout is `numerator` or `denominator`");
            lowerer.faults.push(fault.at(word.span, "no layout"));
            return None;
        }
        Some(_) => return None,
    };
    asked(lowerer, line.state, [line.name(0)?, line.name(1)?], layout)
}

/// The Jacobian of one name with respect to another.
pub(super) fn asked(
    lowerer: &mut Lowerer,
    state: &Computability,
    [of_name, wrt_name]: [&Name; 2],
    layout: JacobianLayout,
) -> Option<Ask> {
    let (of, wrt) = (lowerer.value_of(of_name), lowerer.value_of(wrt_name));
    let (of, wrt) = (of?, wrt?);
    lowerer.computable(&[of], state);
    lowerer.warn_independent(of, wrt, wrt_name, &format!("the Jacobian with respect to `{}`", wrt_name.text));
    let vectors = [(of_name, of), (wrt_name, wrt)].map(|(name, id)| is_vector(lowerer, name, id, "a Jacobian"));
    vectors.iter().all(|vector| *vector).then_some(Ask::Jacobian(Jacobian { of, wrt, layout }))
}

impl Task for Jacobian {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        Ask::Jacobian(Jacobian { of: new(&self.of), wrt: new(&self.wrt), layout: self.layout })
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        Vec::new()
    }

    fn question(&self) -> Say {
        Say::new(match self.layout {
            JacobianLayout::Numerator => "Derive the Jacobian of {} with respect to {}.",
            JacobianLayout::Denominator => "Derive the Jacobian of {} with respect to {} in denominator layout.",
        })
        .node(self.of)
        .node(self.wrt)
    }

    fn sheet(&self) -> Sheet {
        second::SHEET
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        let Jacobian { of, wrt, layout } = *self;
        let form = jacobian(&mut work.model, of, wrt, layout);
        second::answer(work, task, Subject::Jacobian { of, wrt, layout }, (of, wrt, Order::First(layout)), form)
    }
}
