//! Verdicts in colour on a terminal, beside their signs and words.

/// The signs of verdicts, with the terminal's number for their colour.
const COLORS: [(&str, u8); 6] = [("✓ ", 32), ("↪ ", 34), ("~ ", 33), ("? ", 33), ("✗ ", 31), ("– ", 31)];

/// A report with colour where a line begins with a verdict's sign: to the end of the verdict's word, and in the working at
/// the sign alone.
pub fn colored(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (mark, rest) = match line.strip_prefix("- ") {
            Some(rest) => ("- ", rest),
            None => ("", line),
        };
        let Some((sign, color)) = COLORS.iter().find(|(sign, _)| rest.starts_with(sign)) else {
            out.push_str(line);
            continue;
        };
        let sign = sign.trim_end().len();
        let end = if mark.is_empty() { rest.rfind(", ").unwrap_or(sign) } else { sign };
        out.push_str(&format!("{mark}\u{1b}[{color}m{}\u{1b}[0m{}", &rest[..end], &rest[end..]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::colored;

    #[test]
    fn the_sign_and_the_word_have_the_verdicts_colour() {
        let report = "✓ dW: correct, 1 of 1\n- You wrote: ✗ x\n- ✗ A - B: does not follow\nTogether: 1 of 1\n";
        let told = "\u{1b}[32m✓ dW: correct\u{1b}[0m, 1 of 1\n- You wrote: ✗ x\n- \u{1b}[31m✗\u{1b}[0m A - B: does not \
                    follow\nTogether: 1 of 1\n";
        assert_eq!(colored(report), told);
    }
}
