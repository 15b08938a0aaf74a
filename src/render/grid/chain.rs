//! What is convolved and pooled, one after the other.

use crate::answer::Solution;
use crate::graph::NodeId;
use crate::math::Math;
use crate::ops::Op;
use crate::ops::convolution::Convolution;
use crate::ops::pooling::Pooling;
use crate::render::drawing::Label;

/// A value and what becomes of it.
#[derive(Clone, Debug)]
pub struct Link {
    pub input: NodeId,
    pub stage: Stage,
    pub output: NodeId,
}

#[derive(Clone, Debug)]
pub enum Stage {
    Convolution {
        convolution: Convolution,
        kernel: NodeId,
        bias: Option<NodeId>,
    },
    Pooling {
        pooling: Pooling,
        kind: PoolKind,
    },
    /// Something is added.
    Addition {
        other: NodeId,
    },
    /// A function of one operand that keeps its shape.
    Function {
        name: Label,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolKind {
    Max,
    Mean { count_padding: bool },
}

impl PoolKind {
    /// What stands on its arrow.
    pub fn name(self) -> Label {
        match self {
            PoolKind::Max => Label::new(Math::words("max")),
            PoolKind::Mean { .. } => Label::new(Math::words("mean")),
        }
    }
}

impl Stage {
    fn slides(&self) -> bool {
        match self {
            Stage::Convolution { .. } | Stage::Pooling { .. } => true,
            Stage::Addition { .. } | Stage::Function { .. } => false,
        }
    }
}

/// The chains in the definitions of these symbols that have a convolution or a pooling in them.
pub fn chains(solution: &Solution, symbols: &[NodeId]) -> Vec<Vec<Link>> {
    let mut finder = Finder { solution, links: Vec::new() };
    for symbol in symbols {
        if let Some(definition) = solution.model.graph.as_symbol(*symbol).map(|symbol| symbol.definition) {
            finder.visit(definition, *symbol, 0);
        }
    }
    let mut waiting: Vec<Option<Link>> = finder.links.into_iter().map(Some).collect();
    let mut chains = Vec::new();
    for first in 0..waiting.len() {
        let mut chain: Vec<Link> = waiting[first].take().into_iter().collect();
        while let Some(end) = chain.last().map(|link| link.output)
            && let Some(next) = follower(&waiting, end)
        {
            chain.extend(waiting[next].take());
        }
        if chain.iter().any(|link| link.stage.slides()) {
            chains.push(chain);
        }
    }
    chains
}

/// What a value goes into next: a convolution or a pooling before anything else.
fn follower(waiting: &[Option<Link>], end: NodeId) -> Option<usize> {
    let uses = || waiting.iter().enumerate().filter_map(|(place, link)| Some((place, link.as_ref()?)));
    let mut own = uses().filter(|(_, link)| link.input == end);
    let sliding = uses().find(|(_, link)| link.input == end && link.stage.slides());
    sliding.or_else(|| own.next()).map(|(place, _)| place)
}

/// Operators inside each other in one definition that are looked through: more are no picture.
const DEEPEST: usize = 32;

struct Finder<'a> {
    solution: &'a Solution,
    /// Each after those that its input comes from.
    links: Vec<Link>,
}

impl Finder<'_> {
    /// Finds the links that lead to a node; `output` is its symbol, or itself.
    fn visit(&mut self, id: NodeId, output: NodeId, depth: usize) {
        let Some((op, operands)) = self.solution.model.graph.as_apply(id).filter(|_| depth < DEEPEST) else { return };
        if self.links.iter().any(|link| link.output == output) {
            return;
        }
        for operand in operands {
            self.visit(*operand, *operand, depth + 1);
        }
        let link = self.stage(op, operands).map(|(input, stage)| Link { input, stage, output });
        let drawn = |link: &Link| [link.input, link.output].iter().all(|id| self.rank(*id) == Some(2));
        self.links.extend(link.filter(drawn));
    }

    fn rank(&self, id: NodeId) -> Option<usize> {
        self.solution.values.get(id).map(|value| value.rank())
    }

    fn stage(&self, op: &Op, operands: &[NodeId]) -> Option<(NodeId, Stage)> {
        let is_matrix = |id: &NodeId| matches!(self.rank(*id), Some(0 | 2));
        match (op, operands) {
            (Op::Conv2d(conv2d), [image, kernel, bias @ ..]) => {
                let bias = bias.first().copied();
                let drawn =
                    conv2d.convolution.is_plain() && self.rank(*kernel) == Some(2) && bias.iter().all(is_matrix);
                let stage = Stage::Convolution { convolution: conv2d.convolution, kernel: *kernel, bias };
                drawn.then_some((*image, stage))
            }
            (Op::MaxPool(max), [image]) => Some((*image, Stage::Pooling { pooling: max.pooling, kind: PoolKind::Max })),
            (Op::AvgPool(mean), [image]) => {
                let kind = PoolKind::Mean { count_padding: mean.count_padding };
                Some((*image, Stage::Pooling { pooling: mean.pooling, kind }))
            }
            (Op::Add(_), [left, right]) => {
                let made = |id: &NodeId| self.links.iter().any(|link| link.output == *id);
                let (input, other) = if made(left) { (left, right) } else { (right, left) };
                (made(input) && is_matrix(other)).then_some((*input, Stage::Addition { other: *other }))
            }
            (_, [operand]) => {
                let graph = &self.solution.model.graph;
                let Math::Call { head, .. } = op.notation(vec![Math::name("x")]) else { return None };
                let keeps =
                    op.shape(&[graph.shape(*operand).clone()]).is_ok_and(|shape| shape == *graph.shape(*operand));
                keeps.then(|| (*operand, Stage::Function { name: Label::new(*head) }))
            }
            (_, _) => None,
        }
    }
}
