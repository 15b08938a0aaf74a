//! Assignments of code that are more than `name = expression`: `x += …`, `dZ[Z <= 0] = 0`, `dscores[range(N), y] -= 1`.

use crate::syntax::vocabulary::Vocabulary;

/// The same as a plain answer; `None` where the line is none of these.
pub fn assignment(code: &str, vocabulary: &Vocabulary) -> Option<String> {
    let whole = code;
    let code = without_end(code);
    let name = &code[..code.find(|c: char| !c.is_alphanumeric() && c != '_').filter(|length| *length > 0)?];
    let rest = code[name.len()..].trim_start();
    let (index, rest) = match rest.chars().next()? {
        open @ ('[' | '(') => {
            let close = closing(rest, open)?;
            (Some(rest[1..close].trim()), rest[close + 1..].trim_start())
        }
        _ => (None, rest),
    };
    let (sign, value) = sign_of(rest)?;
    let chosen = match index {
        None => None,
        Some(index) if is_condition(index) => Some(format!("1[{index}]")),
        Some(index) if is_labels(index) => Some(vocabulary.one_hot()?.to_owned()),
        Some(_) => return None,
    };
    let operator = if sign == "*" || sign == "/" { format!(".{sign}") } else { sign.to_owned() };
    match (chosen, sign) {
        // `dS = C.clone();  % softmax`
        (None, "") if bare(value) != value || code.len() < whole.trim_end().trim_end_matches(';').len() => {
            Some(format!("{name} = {}", bare(value)))
        }
        (None, "") => None,
        (None, _) => Some(format!("{name} = {name} {operator} ({value})")),
        (Some(chosen), "") if value == "0" || value == "0.0" => Some(format!("{name} = {name} .* (1 - {chosen})")),
        (Some(chosen), "") => Some(format!("{name} = {name} .* (1 - {chosen}) + ({value}) .* {chosen}")),
        (Some(chosen), "+" | "-") => Some(format!("{name} = {name} {sign} ({value}) .* {chosen}")),
        (Some(chosen), _) => {
            Some(format!("{name} = {name} .* (1 - {chosen}) + ({name} {operator} ({value})) .* {chosen}"))
        }
    }
}

/// The assignments of `dW, db = X.T @ dZ, dZ.sum(0)`, one by one; none where the line is no such.
pub fn several(code: &str) -> Vec<String> {
    let code = without_end(code);
    let Some((names, values)) =
        code.split_once('=').filter(|(names, values)| names.contains(',') && !values.starts_with('='))
    else {
        return Vec::new();
    };
    let names = names.trim();
    let names = names.strip_prefix('[').and_then(|names| names.strip_suffix(']')).unwrap_or(names);
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    let plain =
        |name: &&str| name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if let Some(of) = shape_of(values).filter(|_| names.iter().all(|name| plain(name) || *name == "_" || *name == "~"))
    {
        let sides = names.iter().enumerate().filter(|(_, name)| plain(name));
        return sides.map(|(axis, name)| format!("{name} = {of}.shape[{axis}]")).collect();
    }
    let values = parts(values);
    match names.len() == values.len() && names.iter().all(plain) {
        true => names.iter().zip(values).map(|(name, value)| format!("{name} = {value}")).collect(),
        false => Vec::new(),
    }
}

/// Whether a line gives the sides of a shape to several names.
pub fn names_sides(code: &str) -> bool {
    code.split_once('=').is_some_and(|(names, value)| names.contains(',') && shape_of(value).is_some())
}

/// `X` of `X.shape`, `X.size()`, `np.shape(X)` and `size(X)`.
fn shape_of(value: &str) -> Option<&str> {
    let value = without_end(value.split('#').next()?);
    let of = [".shape", ".size()"].iter().find_map(|method| value.strip_suffix(method));
    let called = || {
        let call = ["np.shape(", "numpy.shape(", "size("].iter().find_map(|call| value.strip_prefix(call))?;
        call.strip_suffix(')')
    };
    let of = of.or_else(called)?;
    let plain = of.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    Some(of).filter(|of| plain && of.starts_with(char::is_alphabetic))
}

/// Whether a line of code gives nothing a value, nor says what a value is: the frame around those that do.
pub fn is_frame(code: &str) -> bool {
    let code = code.trim().trim_end_matches(';');
    let mut words = code.split_whitespace();
    let names = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ',' | ' ' | '(' | ')'));
    match words.next() {
        Some("import") => !code.contains('='),
        Some("from") => words.nth(1) == Some("import"),
        Some("def" | "class" | "with") => code.ends_with(':'),
        Some("return") => names(code),
        Some("end" | "else:" | "pass" | "endfunction") => words.next().is_none(),
        Some("function") => code.ends_with(')') && code.contains('('),
        _ => false,
    }
}

/// Whether a line begins a loop of Python's or MATLAB's.
pub fn is_loop(code: &str) -> bool {
    let (python, code) = (code.trim_end().ends_with(':'), code.trim());
    (code.starts_with("for ") && (python && code.contains(" in ") || code.contains('=') && code.contains(':')))
        || code.starts_with("while ") && python
}

/// Whether a line changes what a name holds, and does not say all of it: `dW[k] += …`, `dM(k, d) = …`, `dw = dw + …`.
pub fn changes(code: &str) -> bool {
    let Some((before, value)) = code.split_once('=').filter(|(_, value)| !value.starts_with('=')) else { return false };
    let target = before.trim_end_matches(['+', '-', '*', '/', ' ']);
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let goes_on = target.len() < before.trim_end().len() || value.split(|c| !is_name(c)).any(|word| word == target);
    target.ends_with([']', ')']) || goes_on
}

/// What stands between the commas outside of brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut from) = (0usize, 0);
    let mut parts = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[from..].trim());
    parts
}

/// A value without the copy that is made of it.
fn bare(value: &str) -> &str {
    const COPIES: [&str; 8] =
        [".clone()", ".copy()", ".detach()", ".item()", ".numpy()", ".contiguous()", ".values", ".data"];
    COPIES.iter().find_map(|copy| value.strip_suffix(copy)).map_or(value, bare)
}

/// A line without its semicolon and what is said behind it.
fn without_end(code: &str) -> &str {
    let code = match code.split_once(';') {
        Some((code, rest)) if rest.trim().is_empty() || rest.trim_start().starts_with('%') => code,
        _ => code,
    };
    code.trim()
}

/// Where the bracket closes with which a text begins.
fn closing(text: &str, open: char) -> Option<usize> {
    let close = if open == '[' { ']' } else { ')' };
    let mut depth = 0usize;
    for (at, character) in text.char_indices() {
        if character == open {
            depth += 1;
        } else if character == close {
            depth -= 1;
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The operator before a sign of equality, and the value.
fn sign_of(rest: &str) -> Option<(&str, &str)> {
    for sign in ["+", "-", "*", "/"] {
        if let Some(value) = rest.strip_prefix(sign).and_then(|rest| rest.strip_prefix('=')) {
            return Some((sign, value.trim())).filter(|(_, value)| !value.is_empty());
        }
    }
    let value = rest.strip_prefix('=').filter(|value| !value.starts_with('='))?;
    Some(("", value.trim())).filter(|(_, value)| !value.is_empty())
}

/// `Z <= 0`
fn is_condition(index: &str) -> bool {
    index.contains(['<', '>', '≤', '≥']) || index.contains("==") || index.contains("!=")
}

/// `range(N), y`, `np.arange(n), labels`: the entries of the right classes.
fn is_labels(index: &str) -> bool {
    let rows = ["range(", "np.arange(", "torch.arange(", "arange("].iter().any(|word| index.starts_with(word));
    let labels = index.rsplit_once(',').map_or("", |(_, labels)| labels.trim());
    rows && !labels.is_empty() && labels.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_labels_and_sums_are_answers() {
        let vocabulary = Vocabulary::new(["dZ", "Z", "Y"], []).with_problem("", Some("Y".to_owned()));
        for (code, plain) in [
            ("dZ[Z <= 0] = 0", "dZ = dZ .* (1 - 1[Z <= 0])"),
            ("dZ(Z <= 0) = 0;  % closed", "dZ = dZ .* (1 - 1[Z <= 0])"),
            ("dZ[Z<0] *= 0.1", "dZ = dZ .* (1 - 1[Z<0]) + (dZ .* (0.1)) .* 1[Z<0]"),
            ("s[range(N), y] -= 1", "s = s - (1) .* Y"),
            ("s[np.arange(len(y)), y] = -1/n", "s = s .* (1 - Y) + (-1/n) .* Y"),
            ("x += -(a * b)", "x = x + (-(a * b))"),
            ("dS = P.clone()", "dS = P"),
            ("dH = C - T;  % softmax", "dH = C - T"),
        ] {
            assert_eq!(assignment(code, &vocabulary).as_deref(), Some(plain), "{code}");
        }
        assert_eq!(several("dW, db = f(A, 1), D.sum(0)"), ["dW = f(A, 1)", "db = D.sum(0)"]);
        for code in ["N, D = X.shape", "[N, D] = size(X);", "N, D = np.shape(X)", "N, D = X.size()"] {
            assert_eq!(several(code), ["N = X.shape[0]", "D = X.shape[1]"], "{code}");
        }
        assert_eq!(several("_, D = X.shape"), ["D = X.shape[1]"]);
        for code in ["import numpy as np", "from math import sqrt", "def f(x, axis=0):", "return dW, db", "end"] {
            assert!(is_frame(code), "{code}");
        }
        for code in ["return 2*a", "from = 2", "end = 3", "class a = 2", "import = 2"] {
            assert!(!is_frame(code), "{code}");
        }
        assert!(is_loop("for i in range(N):") && is_loop("for i = 1:m") && !is_loop("for a = 2"));
        for code in ["dw[j] += d * X[i, j]", "dM(k, d) = 2", "dw = dw + X(i,:)'", "dw -= X[i]"] {
            assert!(changes(code), "{code}");
        }
        for code in ["dw = X'", "dw == dw", "dw = dw2 + 1", "loops"] {
            assert!(!changes(code), "{code}");
        }
        for code in ["dW = f(A, 1)", "dW, db = f(A)", "f(x, y) = 1, 2", "a, b == 1, 2"] {
            assert!(several(code).is_empty(), "{code}");
        }
        for code in ["dZ = 0", "dZ[1, 2] = 3", "f(x) = 2", "dZ == 0", "x = y += 1"] {
            assert_eq!(assignment(code, &vocabulary), None, "{code}");
        }
    }
}
