//! The lines between two columns: which run straight, and in what order the vertical pieces of the others stand.
//!
//! This is channel routing with one vertical piece for each net (Hashimoto and Stevens, 1971): a net's left end must not
//! run into another net's right end at the same height, so some pieces must stand left of others; where that goes round
//! in a circle, one net gets two pieces (a dogleg, Deutsch, 1976).
use super::flow::Parting;

/// Lines nearer than this to each other can't be told apart.
const NEAR: f64 = 6.0;
/// The radius of a fork with its surroundings.
const KNOT: f64 = 15.0;

/// A line that leaves a cell to the right, and where it goes.
pub(super) struct Net {
    /// The height at which the line leaves its cell.
    pub from: f64,
    /// The height on the left of the channel: another one only if a row has ended in between.
    pub left: f64,
    /// The links and their heights on the right.
    pub pins: Vec<(usize, f64)>,
    /// Whether the line parts here.
    pub parting: Parting,
}

/// A vertical piece of a net.
pub(super) struct Track {
    pub y0: f64,
    pub y1: f64,
    /// The height of the fork on it.
    pub knot: Option<(f64, Parting)>,
}

/// The way of a net through the channel.
#[derive(Clone, Copy)]
pub(super) enum Way {
    Straight,
    /// By one track.
    Turn(usize),
    /// By one track to a height of its own, and on by another.
    Dogleg(usize, f64, usize),
}

/// A part of a net that stands at one place.
struct Part {
    net: usize,
    left: Option<f64>,
    right: Vec<f64>,
    knot: Option<(f64, Parting)>,
    /// The height of the piece between the two parts of a dogleg.
    middle: Option<f64>,
}

impl Part {
    fn span(&self) -> (f64, f64) {
        let heights = self.left.iter().chain(&self.right).chain(&self.middle);
        heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &y| (low.min(y), high.max(y)))
    }

    /// Whether this part must stand left of the other.
    fn before(&self, other: &Self) -> bool {
        let near = |y: f64, by: f64| self.net != other.net && other.right.iter().any(|&right| (right - y).abs() < by);
        self.left.is_some_and(|y| near(y, NEAR)) || self.knot.is_some_and(|(y, _)| near(y, KNOT))
    }

    /// How many lines cross if this part stands left of the other.
    fn crossings(&self, other: &Self) -> i32 {
        let inside = |(low, high): (f64, f64), y: f64| i32::from(low < y && y < high);
        let right: i32 = self.right.iter().map(|&y| inside(other.span(), y)).sum();
        right + other.left.map_or(0, |y| inside(self.span(), y))
    }
}

/// The tracks of a channel from left to right, and the way of each net.
pub(super) fn tracks(nets: &[Net]) -> (Vec<Track>, Vec<Way>) {
    let mut ways = vec![Way::Straight; nets.len()];
    let mut parts: Vec<Part> = Vec::new();
    for (net, Net { left, pins, parting, .. }) in nets.iter().enumerate() {
        let straight = pins.iter().all(|&(_, y)| (y - left).abs() < 0.01);
        if *parting == Parting::Single && straight {
            continue;
        }
        let knot = (*parting != Parting::Single).then_some((*left, *parting));
        let right = pins.iter().map(|&(_, y)| y).collect();
        parts.push(Part { net, left: Some(*left), right, knot, middle: None });
    }
    let taken: Vec<f64> = nets.iter().flat_map(|net| net.pins.iter().map(|&(_, y)| y).chain([net.left])).collect();
    let mut placed: Vec<Part> = Vec::new();
    let mut open = Open::new(&parts);
    let mut middles: Vec<f64> = Vec::new();
    while let Some(choice) = open.best() {
        let part = match choice {
            Choice::Free(at) => {
                open.remove(at, &parts);
                take(&mut parts[at])
            }
            // No part is free: the best one is bent.
            Choice::Bound(at) => {
                let middle = clear_height(&parts[at], &taken, &middles);
                middles.push(middle);
                let part = &mut parts[at];
                let first =
                    Part { net: part.net, left: part.left.take(), right: Vec::new(), knot: None, middle: Some(middle) };
                part.middle = Some(middle);
                part.knot = part.knot.map(|(_, parting)| (middle, parting));
                open.renew(at, &parts);
                first
            }
        };
        ways[part.net] = if let (Way::Turn(first), Some(middle)) = (ways[part.net], part.middle) {
            Way::Dogleg(first, middle, placed.len())
        } else {
            Way::Turn(placed.len())
        };
        placed.push(part);
    }
    let tracks = placed.iter().map(|part| {
        let (y0, y1) = part.span();
        Track { y0, y1, knot: part.knot }
    });
    (tracks.collect(), ways)
}

fn take(part: &mut Part) -> Part {
    Part {
        net: part.net,
        left: part.left,
        right: std::mem::take(&mut part.right),
        knot: part.knot,
        middle: part.middle,
    }
}

/// A height near the part's middle that no line in the channel has.
fn clear_height(part: &Part, taken: &[f64], middles: &[f64]) -> f64 {
    let (low, high) = part.span();
    let mut heights: Vec<f64> = taken.iter().chain(middles).copied().chain([low - 60.0, high + 60.0]).collect();
    heights.sort_by(f64::total_cmp);
    let centre = (low + high) / 2.0;
    let gaps = heights.windows(2).map(|pair| ((pair[1] - pair[0]).min(40.0), (pair[0] + pair[1]) / 2.0));
    let best = gaps.max_by(|a, b| (a.0 - (a.1 - centre).abs() / 50.0).total_cmp(&(b.0 - (b.1 - centre).abs() / 50.0)));
    best.map_or(centre, |(_, y)| y)
}

enum Choice {
    Free(usize),
    Bound(usize),
}

/// The parts that have no place yet, with what each choice would cost.
struct Open {
    open: Vec<bool>,
    /// How many open parts must stand left of each.
    bound: Vec<usize>,
    /// Crossings that are made, less those saved, if the part comes next.
    cost: Vec<i32>,
    splittable: Vec<bool>,
}

impl Open {
    fn new(parts: &[Part]) -> Self {
        let all = || 0..parts.len();
        let bound = |at: usize| all().filter(|&other| parts[other].before(&parts[at])).count();
        let cost = |at: usize| all().filter(|&other| other != at).map(|other| price(&parts[at], &parts[other])).sum();
        Self {
            open: vec![true; parts.len()],
            bound: all().map(bound).collect(),
            cost: all().map(cost).collect(),
            splittable: vec![true; parts.len()],
        }
    }

    fn best(&self) -> Option<Choice> {
        let all = (0..self.open.len()).filter(|&at| self.open[at]);
        let free = all.clone().filter(|&at| self.bound[at] == 0).min_by_key(|&at| self.cost[at]);
        let split = || all.clone().filter(|&at| self.splittable[at]).min_by_key(|&at| self.cost[at]);
        free.map(Choice::Free).or_else(|| split().map(Choice::Bound)).or_else(|| all.clone().next().map(Choice::Free))
    }

    fn remove(&mut self, at: usize, parts: &[Part]) {
        self.open[at] = false;
        for other in (0..parts.len()).filter(|&other| self.open[other]) {
            self.bound[other] = self.bound[other].saturating_sub(usize::from(parts[at].before(&parts[other])));
            self.cost[other] -= price(&parts[other], &parts[at]);
        }
    }

    /// Counts again for a part that has changed.
    fn renew(&mut self, at: usize, parts: &[Part]) {
        self.splittable[at] = false;
        let others: Vec<usize> = (0..parts.len()).filter(|&other| other != at && self.open[other]).collect();
        self.bound[at] = others.iter().filter(|&&other| parts[other].before(&parts[at])).count();
        self.cost[at] = others.iter().map(|&other| price(&parts[at], &parts[other])).sum();
        for &other in &others {
            self.bound[other] = (0..parts.len()).filter(|&o| self.open[o] && parts[o].before(&parts[other])).count();
        }
    }
}

/// Crossings made, less those saved, if the first part stands left of the second.
fn price(first: &Part, second: &Part) -> i32 {
    first.crossings(second) - second.crossings(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(left: f64, right: &[f64]) -> Net {
        let parting = if right.len() > 1 { Parting::Adds } else { Parting::Single };
        Net { from: left, left, pins: right.iter().map(|&y| (0, y)).collect(), parting }
    }

    /// The order from left to right in which the nets turn.
    fn order(nets: &[Net]) -> Vec<usize> {
        let (_, ways) = tracks(nets);
        let turn = |net: usize| match ways[net] {
            Way::Turn(track) => Some((track, net)),
            Way::Straight | Way::Dogleg(..) => None,
        };
        let mut turns: Vec<(usize, usize)> = (0..nets.len()).filter_map(turn).collect();
        turns.sort_unstable();
        turns.into_iter().map(|(_, net)| net).collect()
    }

    #[test]
    fn level_nets_need_no_track() {
        let (tracks, ways) = tracks(&[net(10.0, &[10.0]), net(50.0, &[50.0])]);
        assert!(tracks.is_empty() && ways.iter().all(|way| matches!(way, Way::Straight)));
    }

    #[test]
    fn parallel_nets_turn_without_crossing() {
        // Going down the upper one turns later, going up earlier.
        assert_eq!(order(&[net(0.0, &[100.0]), net(30.0, &[130.0])]), [1, 0]);
        assert_eq!(order(&[net(100.0, &[0.0]), net(130.0, &[30.0])]), [0, 1]);
    }

    #[test]
    fn a_left_end_keeps_clear_of_a_right_end_at_its_height() {
        assert_eq!(order(&[net(0.0, &[50.0]), net(50.0, &[90.0])]), [1, 0]);
        assert_eq!(order(&[net(50.0, &[90.0]), net(0.0, &[50.0])]), [0, 1]);
    }

    #[test]
    fn nets_that_change_places_are_drawn_with_a_dogleg() {
        let (tracks, ways) = tracks(&[net(0.0, &[60.0]), net(60.0, &[0.0])]);
        assert_eq!(tracks.len(), 3);
        let doglegs = ways
            .iter()
            .filter(|way| matches!(way, Way::Dogleg(first, y, second) if first < second && *y > 6.0 && *y < 54.0));
        assert_eq!(doglegs.count(), 1);
    }

    #[test]
    fn a_fork_gets_a_track_even_where_one_branch_is_level() {
        let (tracks, _) = tracks(&[net(0.0, &[-40.0, 0.0, 40.0])]);
        assert_eq!(
            tracks.iter().map(|track| (track.y0, track.y1, track.knot)).collect::<Vec<_>>(),
            [(-40.0, 40.0, Some((0.0, Parting::Adds)))]
        );
    }
}
