//! How letters that stand together are parted into known stretches.

use std::ops::ControlFlow;

pub enum Parting<T> {
    /// In no way.
    None,
    /// In one way: the stretches, each with the number of its pieces.
    One(Vec<(T, usize)>),
    /// In more ways than one.
    Several,
}

/// The only way to part `count` pieces. `known` says what the stretch between two places stands for; it breaks where the
/// stretch is too long, and so are all that begin before it.
pub fn parted<T>(count: usize, known: impl Fn(usize, usize) -> ControlFlow<(), Option<T>>) -> Parting<T> {
    // For each end: in how many ways it is reached (2 stands for many), and the last stretch with its beginning.
    let mut ways: Vec<(u8, Option<(T, usize)>)> = vec![(1, None)];
    for end in 1..=count {
        let mut here = (0, None);
        for begin in (0..end).rev().filter(|begin| ways[*begin].0 > 0) {
            match known(begin, end) {
                ControlFlow::Break(()) => break,
                ControlFlow::Continue(None) => {}
                ControlFlow::Continue(Some(part)) => here = ((here.0 + ways[begin].0).min(2), Some((part, begin))),
            }
        }
        ways.push(here);
    }
    match ways[count].0 {
        0 => Parting::None,
        1 => {
            let (mut parts, mut end) = (Vec::new(), count);
            while let Some((part, begin)) = ways[end].1.take() {
                parts.push((part, end - begin));
                end = begin;
            }
            parts.reverse();
            Parting::One(parts)
        }
        _ => Parting::Several,
    }
}
