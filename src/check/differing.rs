//! The one place at which an answer differs from a form of the right one: what was done there instead?
//!
//! Both are walked from the whole inwards, as long as the same is done to equal values but for one, or for some that all
//! lead to one place: `s (1 − s)` is wrong twice where `s` is. So a mistake has its name however deep it stands in a long
//! formula, and in whatever order the rest is written.

use super::edits::{has_branches, local_edits};
use super::forms::{Edit, parts, replaced};
use super::marker::Marker;
use crate::answer::Subject;
use crate::graph::{Graph, NodeId, SymbolName};
use crate::ops::{Acts, Mistake, Neg, Op};

/// Forms are followed inwards so far.
const DEEPEST: usize = 40;

/// So often a walk may part and meet again.
const FORKS: usize = 3;

/// What another option is called.
const OPTIONS: [(&str, &str); 5] = [
    ("flip", Mistake::FLIPPED_KERNEL),
    ("stride", Mistake::WRONG_STRIDE),
    ("dilation", Mistake::WRONG_DILATION),
    ("padding", Mistake::WRONG_PADDING),
    ("axis", Mistake::WRONG_AXIS),
];

/// What stands in the same place in the right form and in the answer.
type Pair = (NodeId, NodeId);

impl Marker<'_> {
    /// The mistake that makes the answer of a form of the right one, by a change in one place.
    pub(super) fn difference(&mut self, place: usize, node: NodeId) -> Option<&'static str> {
        let key = self.key;
        let question = &key.questions[place];
        let expanded = key.solution.answers.get(place).and_then(|answer| answer.expanded);
        let forms: Vec<NodeId> = [question.node, question.plain, expanded].into_iter().flatten().collect();
        let mut pairs: Vec<(usize, Pair)> = Vec::new();
        for form in forms {
            pairs.extend(self.inwards((form, node), FORKS).into_iter().enumerate());
        }
        // The innermost place says most.
        pairs.sort_by_key(|(depth, _)| std::cmp::Reverse(*depth));
        let branches = self.branches(place);
        let (_, _, name) =
            pairs.iter().find_map(|(depth, pair)| Some((*depth, *pair, self.done(pair.0, pair.1, branches)?)))?;
        Some(name)
    }

    /// Whether an answer is right once the argument of one of its functions has the other sign.
    pub(super) fn has_turned_argument(&mut self, place: usize, node: NodeId) -> bool {
        let bent = |(op, operands): (&Op, &[NodeId])| {
            let bends = op.reference().acts == Acts::EachEntry && !matches!(op, Op::Neg(_) | Op::Scale(_));
            (bends && operands.len() == 1).then(|| operands[0])
        };
        let functions =
            parts(&self.graph, node).into_iter().filter_map(|id| Some((id, bent(self.graph.as_apply(id)?)?)));
        functions.collect::<Vec<_>>().into_iter().any(|(id, argument)| {
            let Some((op, _)) = applied(&self.graph, id) else { return false };
            let turned = self.graph.apply(Neg, &[argument]).and_then(|turned| self.graph.apply(op, &[turned])).ok();
            // Of an odd function it is the sign of the whole.
            let outside = self.graph.apply(Neg, &[id]).ok();
            let turned = turned.zip(outside).filter(|(turned, outside)| !self.is_equal(*turned, *outside));
            let turned = turned.map(|(turned, _)| turned);
            let mended = turned.and_then(|turned| replaced(&mut self.graph, node, id, turned));
            mended.is_some_and(|mended| self.compare(place, mended).is_equal())
        })
    }

    /// Whether contributions of several paths add in the right answer.
    fn branches(&self, place: usize) -> bool {
        match self.key.questions[place].subject {
            Subject::Gradient { of, loss, .. } => has_branches(&self.graph, of, loss),
            _ => false,
        }
    }

    /// What stands in the same place, outermost first.
    fn inwards(&mut self, whole: Pair, forks: usize) -> Vec<Pair> {
        let mut pairs = Vec::new();
        let mut next = Some(whole);
        while let Some(pair) = next.filter(|_| pairs.len() < DEEPEST) {
            pairs.push(pair);
            next = self.next(pair, forks);
        }
        pairs
    }

    /// The one operand that differs, or the one place to which all that differ lead.
    fn next(&mut self, (ours, theirs): Pair, forks: usize) -> Option<Pair> {
        // A name stands for what it was made of.
        match (self.graph.as_symbol(ours), self.graph.as_symbol(theirs)) {
            (Some(ours), None) => return Some((ours.definition, theirs)),
            (None, Some(theirs)) => return Some((ours, theirs.definition)),
            (Some(gradient), Some(_)) if matches!(gradient.name, SymbolName::Gradient { .. }) => {
                return Some((gradient.definition, theirs));
            }
            (Some(_), Some(_)) => return None,
            (None, None) => {}
        }
        let ((op, own), (other, others)) = self.graph.as_apply(ours).zip(self.graph.as_apply(theirs))?;
        // What a mask looks at is a matter of the mask.
        if op != other || own.len() != others.len() || matches!(op, Op::Compare(_)) {
            return None;
        }
        let commutes = matches!(op, Op::Add(_) | Op::Hadamard(_));
        let (own, mut others) = (own.to_vec(), others.to_vec());
        let straight = !commutes || self.is_equal(own[0], others[0]) || self.is_equal(own[1], others[1]);
        if !straight && (self.is_equal(own[0], others[1]) || self.is_equal(own[1], others[0])) {
            others.reverse();
        }
        let pairs: Vec<Pair> = own.into_iter().zip(others).collect();
        let differing: Vec<Pair> = pairs.into_iter().filter(|(ours, theirs)| !self.is_equal(*ours, *theirs)).collect();
        let (first, rest) = differing.split_first()?;
        if rest.is_empty() {
            return Some(*first);
        }
        let forks = forks.checked_sub(1)?;
        let mut common = self.inwards(*first, forks);
        for other in rest {
            let way = self.inwards(*other, forks);
            common.retain(|pair| way.contains(pair));
        }
        common.first().copied()
    }

    fn is_equal(&mut self, ours: NodeId, theirs: NodeId) -> bool {
        ours == theirs || !self.differ_drawn(ours, theirs)
    }

    /// What was done instead.
    pub(super) fn done(&mut self, ours: NodeId, theirs: NodeId, branches: bool) -> Option<&'static str> {
        // Next to nothing: no change explains it.
        if self.is_equal(ours, theirs) {
            return None;
        }
        if let Some(name) = self.other_options(ours, theirs) {
            return Some(name);
        }
        let mask = self.other_mask(ours, theirs);
        if mask == Some(Mistake::MASK_REVERSED) {
            return mask;
        }
        let edits: Vec<Edit> = local_edits(&mut self.graph, &self.key.solution.model, ours, branches);
        let same = edits.into_iter().find(|(_, _, other)| self.is_equal(*other, theirs)).map(|(name, ..)| name);
        same.or(mask)
    }

    /// One indicator in place of another.
    fn other_mask(&mut self, ours: NodeId, theirs: NodeId) -> Option<&'static str> {
        let (Op::Compare(own), looked_at) = applied(&self.graph, ours)? else { return None };
        let (Op::Compare(other), others) = applied(&self.graph, theirs)? else { return None };
        let alike = looked_at.into_iter().zip(others).all(|(ours, theirs)| self.is_equal(ours, theirs));
        Some(if alike && own.relation != other.relation {
            Mistake::MASK_REVERSED
        } else {
            Mistake::MASK_ON_WRONG_VALUE
        })
    }

    /// The same operator on the same operands, with another option.
    fn other_options(&mut self, ours: NodeId, theirs: NodeId) -> Option<&'static str> {
        let (op, own) = applied(&self.graph, ours)?;
        let (other, others) = applied(&self.graph, theirs)?;
        let alike = op.reference().name == other.reference().name && own.len() == others.len();
        if !alike || !own.into_iter().zip(others).all(|(ours, theirs)| self.is_equal(ours, theirs)) {
            return None;
        }
        let (own, others) = (op.options(), other.options());
        let of = |options: &[(&str, String)], name: &str| {
            options.iter().find(|(option, _)| *option == name).map(|(_, value)| value.clone())
        };
        OPTIONS.iter().find(|(option, _)| of(&own, option) != of(&others, option)).map(|(_, name)| *name)
    }
}

fn applied(graph: &Graph, id: NodeId) -> Option<(Op, Vec<NodeId>)> {
    graph.as_apply(id).map(|(op, operands)| (op.clone(), operands.to_vec()))
}
