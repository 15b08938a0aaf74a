//! Einstein's sums of two operands, as NumPy and PyTorch write them: `np.einsum("nd,nh->dh", X, D)` is `(X).T @ (D)`.

/// The calls in a line that are products, each with its place and the product; none is longer than its call.
pub fn products(line: &str) -> Vec<(usize, usize, String)> {
    const LONGEST: usize = 500;
    const CALLS: [&str; 3] = ["np.einsum(", "torch.einsum(", "numpy.einsum("];
    let calls = CALLS.iter().flat_map(|call| line.match_indices(call));
    let product = |(at, call): (usize, &str)| {
        let inside = &line[at + call.len()..];
        let inside = &inside[..inside.floor_char_boundary(LONGEST.min(inside.len()))];
        let (parts, length) = arguments(inside)?;
        let letters: String = parts.first()?.trim_matches(['"', '\'']).chars().filter(|c| *c != ' ').collect();
        let (operands, sum) = letters.split_once("->")?;
        let product = match (parts.as_slice(), operands.split_once(',')) {
            ([_, left, right], Some((first, second))) => of((first, left), (second, right), sum)?,
            ([_, only], None) => alone(only, operands, sum)?,
            _ => return None,
        };
        let end = at + call.len() + length + 1;
        (product.len() <= end - at).then_some((at, end, product))
    };
    calls.filter_map(product).collect()
}

/// The arguments up to the bracket that closes the call, and its place.
fn arguments(text: &str) -> Option<(Vec<&str>, usize)> {
    let (mut depth, mut from, mut quoted) = (0usize, 0, false);
    let mut parts = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' | b'\'' if at == 0 || quoted => quoted = !quoted,
            _ if quoted => {}
            b'(' | b'[' => depth += 1,
            b')' if depth == 0 => {
                parts.push(text[from..at].trim());
                return Some((parts, at));
            }
            b')' | b']' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                parts.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    None
}

/// A sum of one operand over one of its two letters, over both, or none.
fn alone(operand: &str, letters: &str, sum: &str) -> Option<String> {
    let plain = letters.len() == 2 && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    let (first, second) = letters.split_at_checked(1).filter(|(first, second)| plain && first != second)?;
    Some(match sum {
        "" => format!("np.sum({operand})"),
        _ if sum == second => format!("sum({operand},axis=0)"),
        _ if sum == first => format!("sum({operand},axis=1)"),
        _ if sum == format!("{second}{first}") => format!("({operand}).T"),
        _ => return None,
    })
}

/// The product of two operands with their letters, where each has at most two and one of them is summed, or none.
fn of(left: (&str, &str), right: (&str, &str), sum: &str) -> Option<String> {
    let ((first, a), (second, b)) = (left, right);
    let sizes = [first, second, sum].map(str::len);
    let plain = [first, second, sum].iter().all(|letters| letters.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let twice = |letters: &str| letters.len() == 2 && letters[..1] == letters[1..];
    if !plain || sizes.iter().any(|size| !(1..=2).contains(size)) || [first, second, sum].into_iter().any(twice) {
        return None;
    }
    if first == second && first == sum {
        return Some(format!("({a}) .* ({b})"));
    }
    if sizes == [1, 1, 2] {
        let ordered = if first == &sum[..1] { (a, b) } else { (b, a) };
        return sum
            .chars()
            .all(|c| first.contains(c) != second.contains(c))
            .then(|| format!("np.outer({}, {})", ordered.0, ordered.1));
    }
    let summed = first.chars().find(|c| second.contains(*c) && !sum.contains(*c))?;
    // The operand with the first letter of the sum stands on the left.
    let (left, right) = if first.contains(&sum[..1]) { (left, right) } else { (right, left) };
    let ends = left.0.chars().filter(|c| *c != summed).chain(right.0.chars().filter(|c| *c != summed));
    let turned = |letters: &str, own: bool| letters.len() == 2 && letters.starts_with(summed) == own;
    let factor =
        |(letters, text): (&str, &str), own| format!("({text}){}", if turned(letters, own) { ".T" } else { "" });
    (ends.collect::<String>() == sum).then(|| format!("{} @ {}", factor(left, true), factor(right, false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_over_one_letter_is_a_product() {
        for (call, product) in [
            ("np.einsum(\"nd,nh->dh\", X, P - Y)", Some("(X).T @ (P - Y)")),
            ("np.einsum('ij,jk->ik', A, f(B, 1))", Some("(A) @ (f(B, 1))")),
            ("np.einsum('ij,kj->ik', A, B)", Some("(A) @ (B).T")),
            ("np.einsum('jk,ij->ik', A, B)", Some("(B) @ (A)")),
            ("torch.einsum('ij,j->i', A, v)", Some("(A) @ (v)")),
            ("np.einsum('i,ij->j', v, A)", Some("(A).T @ (v)")),
            ("np.einsum('i,j->ji', u, v)", Some("np.outer(v, u)")),
            ("np.einsum('ij,ij->ij', A, B)", Some("(A) .* (B)")),
            ("np.einsum('ij->j', A)", Some("sum(A,axis=0)")),
            ("np.einsum('ij->ji', A - B)", Some("(A - B).T")),
            ("np.einsum('ij->ii', A)", None),
            ("np.einsum('ij,jk,kl->il', A, B, C)", None),
            ("np.einsum('ij,ij->i', A, B)", None),
            ("np.einsum('ij,kl->ik', A, B)", None),
            ("np.einsum('ij,jk->ki', A", None),
        ] {
            let found = products(call).pop().map(|(_, _, product)| product);
            assert_eq!(found.as_deref(), product, "{call}");
        }
    }
}
