//! What each slip yields, in an order in which those that yield a value are found at once.

use super::compare::sum_slack;
use crate::graph::NodeId;
use crate::tensor::Tensor;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One mistake, made at one place.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    pub name: &'static str,
    /// The quantity in which it is made: `dZ`; none where it is the answer itself.
    pub within: Option<String>,
    /// Whether it is made in the forward pass, with another operator.
    pub forward: bool,
    /// The form of the right answer in which it is made.
    pub reference: NodeId,
    /// Nodes and what stands in their place, in the order of the graph.
    pub instead: Vec<(NodeId, NodeId)>,
}

/// What a slip yields, if anything, by the place of the slip and of the data.
pub(super) type Elsewhere = BTreeMap<(usize, usize), Option<Arc<Tensor<f64>>>>;

/// The slips of one answer, and what they yield at the first data.
#[derive(Clone, Debug, Default)]
pub(super) struct Slips {
    /// What they yield at the other data, as far as it was asked for.
    pub elsewhere: RefCell<Elsewhere>,
    pub singles: Vec<(Slip, Arc<Tensor<f64>>)>,
    /// Places in `singles`, and the value.
    pub pairs: Vec<(usize, usize, Arc<Tensor<f64>>)>,
    /// The sum of what each yields, in order, with its place: first the singles, then the pairs.
    sums: Vec<(f64, usize)>,
}

impl Slips {
    pub fn new(singles: Vec<(Slip, Arc<Tensor<f64>>)>, pairs: Vec<(usize, usize, Arc<Tensor<f64>>)>) -> Slips {
        let yielded = singles.iter().map(|(_, value)| value).chain(pairs.iter().map(|(_, _, value)| value));
        let sums = yielded.map(|value| value.total()).zip(0..).filter(|(sum, _)| !sum.is_nan());
        let mut sums: Vec<(f64, usize)> = sums.collect();
        sums.sort_by(|one, two| one.0.total_cmp(&two.0));
        Slips { singles, pairs, sums, elsewhere: RefCell::default() }
    }

    pub fn count(&self) -> usize {
        self.singles.len() + self.pairs.len()
    }

    pub fn yielded(&self, place: usize) -> &Tensor<f64> {
        match self.singles.get(place) {
            Some((_, value)) => value,
            None => &self.pairs[place - self.singles.len()].2,
        }
    }

    /// The one slip, or both.
    pub fn made(&self, place: usize) -> Vec<&Slip> {
        match self.singles.get(place) {
            Some((slip, _)) => vec![slip],
            None => {
                let (one, two, _) = &self.pairs[place - self.singles.len()];
                vec![&self.singles[*one].0, &self.singles[*two].0]
            }
        }
    }

    /// Where it can be that a value is yielded, in order.
    pub fn near(&self, value: &Tensor<f64>) -> Vec<usize> {
        let (sum, slack) = (value.total(), sum_slack(value));
        let from = self.sums.partition_point(|(other, _)| *other < sum - slack);
        let near = self.sums[from..].iter().take_while(|(other, _)| *other <= sum + slack);
        let mut places: Vec<usize> = near.map(|(_, place)| *place).collect();
        places.sort_unstable();
        places
    }
}
