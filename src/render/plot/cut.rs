//! Lines inside a frame.

/// The parts of a line that lie in the unit square.
pub(super) fn inside(line: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let mut parts: Vec<Vec<(f64, f64)>> = Vec::new();
    // Whether the last part ends where the next segment begins.
    let mut open = false;
    for pair in line.windows(2) {
        let Some((from, to)) = segment(pair[0], pair[1]) else {
            open = false;
            continue;
        };
        match parts.last_mut() {
            Some(part) if open => part.push(to),
            Some(_) | None => parts.push(vec![from, to]),
        }
        open = to == pair[1];
    }
    parts
}

/// A segment's part in the unit square (Liang and Barsky 1984).
fn segment(from: (f64, f64), to: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (change, room) in [(-dx, from.0), (dx, 1.0 - from.0), (-dy, from.1), (dy, 1.0 - from.1)] {
        if change == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if change < 0.0 {
            enter = enter.max(room / change);
        } else {
            leave = leave.min(room / change);
        }
    }
    let at = |part: f64| (from.0 + part * dx, from.1 + part * dy);
    let first = if enter > 0.0 { at(enter) } else { from };
    let last = if leave < 1.0 { at(leave) } else { to };
    (enter <= leave).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn a_line_that_leaves_and_comes_back_is_cut() {
        let line = [(0.0, 0.5), (0.25, 1.5), (0.5, 0.5), (2.0, 0.5)];
        let parts = inside(&line);
        assert_eq!(parts, [vec![(0.0, 0.5), (0.125, 1.0)], vec![(0.375, 1.0), (0.5, 0.5), (1.0, 0.5)]]);
        assert_eq!(inside(&[(0.0, 2.0), (1.0, 3.0)]), Vec::<Vec<(f64, f64)>>::new());
        assert_eq!(inside(&[(0.1, 0.1), (0.9, 0.9)]), [vec![(0.1, 0.1), (0.9, 0.9)]]);
    }
}
