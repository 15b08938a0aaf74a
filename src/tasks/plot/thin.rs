//! Lines with as few points as show the same.

/// Points are left out that lie nearer to the line than this part of the picture: a sixth of a pixel.
const UNSEEN: f64 = 0.0004;

/// The points of a line that are needed to draw it in a picture of this width and height (Douglas and Peucker 1973). Its
/// highest and lowest points stay.
pub(super) fn thinned(line: &[(f64, f64)], width: f64, height: f64) -> Vec<(f64, f64)> {
    let Some(last) = line.len().checked_sub(1) else { return Vec::new() };
    let points: Vec<(f64, f64)> = line.iter().map(|(x, y)| (x / width, y / height)).collect();
    let by_height = |a: &usize, b: &usize| points[*a].1.total_cmp(&points[*b].1);
    let ends = [Some(0), (0..=last).min_by(by_height), (0..=last).max_by(by_height), Some(last)];
    let mut fixed: Vec<usize> = ends.into_iter().flatten().collect();
    fixed.sort_unstable();
    fixed.dedup();
    let mut kept = vec![false; line.len()];
    fixed.iter().for_each(|place| kept[*place] = true);
    let mut waiting: Vec<(usize, usize)> = fixed.windows(2).map(|pair| (pair[0], pair[1])).collect();
    while let Some((from, to)) = waiting.pop() {
        let off = |place: &usize| distance(points[*place], points[from], points[to]);
        let farthest = (from + 1..to).max_by(|a, b| off(a).total_cmp(&off(b)));
        if let Some(place) = farthest.filter(|place| off(place) > UNSEEN) {
            kept[place] = true;
            waiting.extend([(from, place), (place, to)]);
        }
    }
    line.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

/// How far a point is from the segment between two others.
fn distance(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((point.0 - from.0) * dx + (point.1 - from.1) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (point.0 - from.0 - along * dx).hypot(point.1 - from.1 - along * dy)
}

#[cfg(test)]
mod tests {
    use super::thinned;

    #[test]
    fn a_straight_line_has_two_points_and_a_curve_enough() {
        let straight: Vec<(f64, f64)> = (0..100).map(|x| (f64::from(x), 2.0 * f64::from(x))).collect();
        assert_eq!(thinned(&straight, 99.0, 198.0), [straight[0], straight[99]]);
        let bowl: Vec<(f64, f64)> = (0..=200).map(|x| f64::from(x) / 100.0 - 1.0).map(|x| (x, x * x)).collect();
        let kept = thinned(&bowl, 2.0, 1.0);
        assert!(kept.len() > 20 && kept.len() < 80 && kept.contains(&(0.0, 0.0)), "{}", kept.len());
        for (x, y) in bowl {
            let next = kept.iter().position(|point| point.0 >= x).unwrap().max(1);
            let ((x0, y0), (x1, y1)) = (kept[next - 1], kept[next]);
            assert!((y0 + (x - x0) / (x1 - x0) * (y1 - y0) - y).abs() < 2e-3);
        }
        assert!(thinned(&[], 1.0, 1.0).is_empty());
    }
}
