//! `derive hessian of L wrt w`: all second derivatives of a loss with respect to a vector.

use super::second::{self, is_vector};
use super::{Ask, Line, Sheet, Task, Written, gradients_of};
use crate::answer::told::Say;
use crate::answer::{Refusal, Section, Subject, Work};
use crate::graph::NodeId;
use crate::lower::Lowerer;
use crate::model::{Model, Target};
use crate::second::hessian;
use crate::verify::Order;

pub const WRITTEN: Written = Written {
    begins: "derive hessian",
    forms: &["derive hessian of {name} wrt {name}"],
    examples: &["derive hessian of L wrt w"],
    summary: "all second derivatives of a loss with respect to a vector",
    answered: "hessian of L wrt w = X^T*X",
};

#[derive(Clone, Debug)]
pub struct Hessian {
    pub of: NodeId,
    pub wrt: NodeId,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    let (of, name) = (line.name(0), line.name(1)?);
    let loss = lowerer.loss(of, line.span);
    let wrt = lowerer.value_of(name)?;
    lowerer.not_assumed(name, wrt, "a second derivative with respect to it")?;
    let vector = is_vector(lowerer, name, wrt, "a Hessian");
    let of = loss.filter(|_| vector)?;
    lowerer.computable(&[of], line.state);
    lowerer.warn_independent(of, wrt, name, &format!("the Hessian with respect to `{}`", name.text));
    Some(Ask::Hessian(Hessian { of, wrt }))
}

impl Task for Hessian {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        Ask::Hessian(Hessian { of: new(&self.of), wrt: new(&self.wrt) })
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        gradients_of(self.of, &[self.wrt])
    }

    fn question(&self) -> Say {
        Say::new("Derive the Hessian of {} with respect to {}.").node(self.of).node(self.wrt)
    }

    fn sheet(&self) -> Sheet {
        second::SHEET
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        let Hessian { of, wrt } = *self;
        let gradient = work.gradient(wrt, of);
        let form = hessian(&mut work.model, gradient, wrt);
        second::answer(work, task, Subject::Hessian { of, wrt }, (of, wrt, Order::Second), form)
    }
}
