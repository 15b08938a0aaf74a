//! Attention with several heads, written out: each head has its share of the columns, and the heads stand side by side.

use super::ast::Expr;
use super::read_expression;

/// How it is called.
pub const HEADS: &str = "multi_head_attention";

/// What the operands are called in the text.
pub const OPERANDS: [&str; 4] = ["q", "k", "v", "m"];

/// The text of so many heads over queries and keys with so many columns, and values with so many; `None` where the heads
/// do not share them evenly. A mask is added to the scores of each head.
pub fn heads(heads: usize, keys: usize, values: usize, masked: bool) -> Option<Expr> {
    if heads == 0 || !keys.is_multiple_of(heads) || !values.is_multiple_of(heads) {
        return None;
    }
    let (width, height) = (keys / heads, values / heads);
    let part = |name: &str, width: usize, head: usize| match heads {
        1 => name.to_string(),
        _ => format!("slice({name}, from = {}, to = {})", head * width + 1, (head + 1) * width),
    };
    let head = |head: usize| {
        let (q, k, v) = (part("q", width, head), part("k", width, head), part("v", height, head));
        let mask = if masked { " + m" } else { "" };
        format!("softmax({q}*{k}^T/sqrt({width}){mask}, axis = 1)*{v}")
    };
    let all: Vec<String> = (0..heads).map(head).collect();
    let text = if heads == 1 { all.concat() } else { format!("concat({})", all.join(", ")) };
    read_expression(&text).ok().map(|read| read.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::print_expression;

    #[test]
    fn heads_share_the_columns() {
        let text = heads(2, 4, 6, false).map(|expr| print_expression(&expr)).unwrap_or_default();
        assert!(text.contains("slice(q, from = 3, to = 4)*slice(k, from = 3, to = 4)^T/sqrt(2)"), "{text}");
        assert!(text.contains("slice(v, from = 4, to = 6)"), "{text}");
        assert!(heads(3, 4, 6, false).is_none());
    }
}
