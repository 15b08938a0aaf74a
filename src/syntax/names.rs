//! When two spellings are one name, and how a name is shown.

use super::characters::{ACCENTED, ACCENTS, GREEK, Pairs, greek};

/// Capital Greek letters that LaTeX has a command for; the others look like Latin letters.
const GREEK_CAPITALS: [&str; 11] =
    ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"];

/// Short words that begin with a capital but are no letter with a label.
const WORDS: [&str; 8] = ["Acc", "Cost", "Err", "Loss", "Mean", "Out", "Std", "Var"];

/// As many letters may be the label of a capital: `Cgt`, `Wout`.
const LABEL: usize = 3;

/// How many columns of a table each of its names has: one, and the only name in capitals those that are left.
pub fn widths<'n>(names: impl Iterator<Item = &'n str>, columns: usize) -> Option<Vec<usize>> {
    let wide: Vec<bool> = names.map(|name| name.starts_with(char::is_uppercase)).collect();
    let left = columns.checked_sub(wide.len())?;
    let only = wide.iter().filter(|wide| **wide).count() == 1;
    (left == 0 || only).then(|| wide.iter().map(|wide| if *wide { 1 + left } else { 1 }).collect())
}

/// The form of a name that decides identity: `W_1`, `W_{1}`, `W₁` and `W1` are one name, `θ` is `theta`, `ŷ` is `yhat`.
pub fn key(text: &str) -> String {
    // Most names are as they should be.
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return text.to_owned();
    }
    spelled_out(text).replace('_', "")
}

/// A name in ASCII, with its underscores; other characters than letters, digits and accents stay what they are.
pub fn spelled_out(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        let known = |table: Pairs| table.of(character);
        match character {
            '{' | '}' | ' ' => {}
            '₀'..='₉' => plain.push(char::from(b'0' + (character as u32 - '₀' as u32) as u8)),
            _ if character.is_ascii() => plain.push(character),
            _ => match known(GREEK).or_else(|| known(ACCENTED)).or_else(|| known(ACCENTS)) {
                Some(name) => plain.push_str(name),
                None => plain.push(character),
            },
        }
    }
    plain
}

/// What a name consists of, for show; it holds ASCII letters and digits only.
struct Anatomy {
    accent: Option<&'static str>,
    base: String,
    /// Letters that hang on the base as a label: `gt` of `Cgt`.
    label: String,
    /// What follows: digits and letters; a comma where the author put an underscore between two of them.
    index: Vec<String>,
}

fn anatomy(text: &str) -> Anatomy {
    let plain: String = spelled_out(text).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let mut segments = plain.split('_').filter(|segment| !segment.is_empty());
    let first = segments.next().unwrap_or("");
    let (letters, rest) = first.split_at(first.find(|c: char| c.is_ascii_digit()).unwrap_or(first.len()));
    let (letters, rest, accent) = without_accent(letters, rest);
    let (base, label) = if accent.is_none() { without_label(letters) } else { (letters, "") };
    let mut index: Vec<String> = if rest.is_empty() { Vec::new() } else { vec![rest.to_owned()] };
    index.extend(segments.map(str::to_owned));
    Anatomy { accent, base: base.to_owned(), label: label.to_owned(), index }
}

/// `yhat` is `y` with a hat, and so is `y1hat`, with an index.
fn without_accent<'t>(letters: &'t str, rest: &'t str) -> (&'t str, &'t str, Option<&'static str>) {
    for (_, accent) in ACCENTS.iter() {
        if let Some(stem) = letters.strip_suffix(accent).filter(|stem| is_symbol(stem)) {
            return (stem, rest, Some(accent));
        }
        if let Some(stem) = rest.strip_suffix(accent).filter(|_| is_symbol(letters)) {
            return (letters, stem, Some(accent));
        }
    }
    (letters, rest, None)
}

/// `Cgt` is `C` with the label `gt`.
fn without_label(letters: &str) -> (&str, &str) {
    let labelled = (2..=LABEL + 1).contains(&letters.len())
        && letters.starts_with(|c: char| c.is_ascii_uppercase())
        && letters[1..].chars().all(|c| c.is_ascii_lowercase())
        && !WORDS.contains(&letters)
        && !is_greek(letters);
    // `WQ`, `bf`: weights and biases of a part that has a letter.
    let of_a_part = letters.len() == 2
        && (letters.starts_with(['W', 'U', 'V']) && letters.ends_with(|c: char| c.is_ascii_uppercase())
            || letters.starts_with('b') && !WORDS.contains(&letters));
    if labelled || of_a_part { letters.split_at(1) } else { (letters, "") }
}

/// Whether a name is one letter, an accent on it perhaps, without an index: an index can be put to it.
pub fn is_letter(text: &str) -> bool {
    let Anatomy { base, label, index, .. } = anatomy(text);
    is_symbol(&base) && label.is_empty() && index.is_empty()
}

/// Whether a name is a word and not a letter, so that it runs into what stands beside it.
pub fn is_word(text: &str) -> bool {
    let Anatomy { base, .. } = anatomy(text);
    !is_symbol(&base)
}

fn is_symbol(letters: &str) -> bool {
    letters.len() == 1 || is_greek(letters)
}

fn is_greek(letters: &str) -> bool {
    GREEK_CAPITALS.contains(&letters) || greek(letters).is_some()
}

/// A name as LaTeX of mathematics: `W_1`, `C_{\mathrm{gt}}`, `\hat{y}`, `\theta`, `\mathrm{loss}`.
/// Whatever the text holds, only ASCII letters and digits and commands from here come out.
pub fn latex(text: &str) -> String {
    let Anatomy { accent, base, label, index } = anatomy(text);
    let base = letters_in_latex(&base);
    let base = match accent {
        Some(accent) => format!("\\{accent}{{{base}}}"),
        None => base,
    };
    let mut parts: Vec<String> = index.iter().map(|part| index_in_latex(part)).collect();
    if !label.is_empty() {
        parts.insert(
            0,
            if label.len() == 1 || is_greek(&label) {
                letters_in_latex(&label)
            } else {
                format!("\\mathrm{{{label}}}")
            },
        );
    }
    let below = parts.join(",");
    match below.len() {
        0 if base.is_empty() => r"\mathrm{?}".to_owned(),
        0 => base,
        1 => format!("{base}_{below}"),
        _ => format!("{base}_{{{below}}}"),
    }
}

/// A letter, a Greek letter, or a word.
fn letters_in_latex(letters: &str) -> String {
    match letters.len() {
        0 | 1 => letters.to_owned(),
        _ if is_greek(letters) => format!("\\{letters}"),
        _ => format!("\\mathrm{{{letters}}}"),
    }
}

/// Digits and letters in turn.
fn index_in_latex(part: &str) -> String {
    let mut shown = String::new();
    let mut rest = part;
    while !rest.is_empty() {
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let run = &rest[..end];
        shown.push_str(&if digits { run.to_owned() } else { letters_in_latex(run) });
        rest = &rest[end..];
    }
    shown
}

/// A name as Unicode text, which is the same name again when it is read: `W₁`, `Cgt`, `ŷ`, `θ`, `loss`.
pub fn unicode(text: &str) -> String {
    let Anatomy { accent, base, label, index } = anatomy(text);
    let mut shown = accented(&base, accent);
    shown.push_str(&label);
    for (at, part) in index.iter().enumerate() {
        let first = part.chars().next();
        if first.is_some_and(|c| c.is_ascii_alphabetic()) || (at == 0 && shown.is_empty()) {
            shown.push_str(if shown.is_empty() { "" } else { "_" });
            shown.push_str(part);
        } else {
            shown.extend(part.chars().map(lowered));
        }
    }
    if shown.is_empty() { "?".to_owned() } else { shown }
}

/// What stands on the line of a name, and what is lowered: `W` and `1,2`, `C` and `gt`.
pub fn parts(text: &str) -> (String, String) {
    let Anatomy { accent, base, label, index } = anatomy(text);
    let label = (!label.is_empty()).then_some(label);
    let lowered: Vec<String> = label.into_iter().chain(index).map(|part| accented(&part, None)).collect();
    let shown = accented(&base, accent);
    (if shown.is_empty() { "?".to_owned() } else { shown }, lowered.join(","))
}

fn accented(base: &str, accent: Option<&str>) -> String {
    let letter = greek(base).map(String::from);
    let letter = letter.unwrap_or_else(|| base.to_owned());
    let Some(accent) = accent else { return letter };
    let whole = format!("{base}{accent}");
    if let Some(one) = ACCENTED.saying(&whole) {
        return one.to_string();
    }
    let mark = ACCENTS.saying(accent).unwrap_or(' ');
    format!("{letter}{mark}")
}

fn lowered(character: char) -> char {
    let digit = character.to_digit(10).and_then(|digit| char::from_u32('₀' as u32 + digit));
    digit.unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_name() {
        for (one, other) in [
            ("W_1", "W1"),
            ("W_{1}", "W1"),
            ("W₁₂", "W12"),
            ("C_{gt}", "Cgt"),
            ("θ", "theta"),
            ("θ_1", "theta1"),
            ("ŷ", "yhat"),
            ("y\u{302}", "yhat"),
            ("Ŷ", "Yhat"),
            ("β\u{302}", "betahat"),
            ("x\u{304}", "xbar"),
            ("ϕ", "phi"),
        ] {
            assert_eq!(key(one), key(other), "{one}");
        }
        assert_ne!(key("W1"), key("w1"));
    }

    #[test]
    fn names_are_shown_as_on_paper() {
        for (name, latex_form, unicode_form) in [
            ("W1", "W_1", "W₁"),
            ("W_1", "W_1", "W₁"),
            ("W12", "W_{12}", "W₁₂"),
            ("h1", "h_1", "h₁"),
            ("x", "x", "x"),
            ("Cgt", r"C_{\mathrm{gt}}", "Cgt"),
            ("C_{gt}", r"C_{\mathrm{gt}}", "C_gt"),
            ("Yp", "Y_p", "Yp"),
            ("WQ", "W_Q", "WQ"),
            ("bf", "b_f", "bf"),
            ("yhat", r"\hat{y}", "ŷ"),
            ("yhat1", r"\hat{y}_1", "ŷ₁"),
            ("y1hat", r"\hat{y}_1", "ŷ₁"),
            ("theta", r"\theta", "θ"),
            ("θ_2", r"\theta_2", "θ₂"),
            ("eta", r"\eta", "η"),
            ("Sigma", r"\Sigma", "Σ"),
            ("loss", r"\mathrm{loss}", "loss"),
            ("Loss", r"\mathrm{Loss}", "Loss"),
            ("CE", r"\mathrm{CE}", "CE"),
            ("conv1", r"\mathrm{conv}_1", "conv₁"),
            ("betahat", r"\hat{\beta}", "β\u{302}"),
            ("xbar2", r"\bar{x}_2", "x\u{304}₂"),
            ("W_out", r"W_{\mathrm{out}}", "W_out"),
            ("W_1_2", "W_{1,2}", "W₁₂"),
            ("H_i", "H_i", "H_i"),
            ("Wxh", r"W_{\mathrm{xh}}", "Wxh"),
            ("lr", r"\mathrm{lr}", "lr"),
        ] {
            assert_eq!((latex(name).as_str(), unicode(name).as_str()), (latex_form, unicode_form), "{name}");
        }
    }

    #[test]
    fn hostile_text_does_not_come_through() {
        assert_eq!(latex(r"\input{/etc/passwd}"), r"\mathrm{inputetcpasswd}");
        assert_eq!(latex("$%#&~^\\{}"), r"\mathrm{?}");
        assert_eq!(unicode("<script>"), "script");
        assert_eq!(latex(""), r"\mathrm{?}");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_the_same_name(name in "[a-zA-Zα-ωΓΔŷ][a-zA-Z0-9_θ₁]{0,6}") {
            prop_assume!(!name.contains('ο'));
            prop_assert_eq!(key(&unicode(&name)), key(&name));
        }

        #[test]
        fn latex_is_of_safe_characters_and_balanced(name in any::<String>()) {
            let shown = latex(&name);
            prop_assert!(shown.chars().all(|c| c.is_ascii_alphanumeric() || "\\{}_,?".contains(c)), "{}", shown);
            prop_assert_eq!(shown.matches('{').count(), shown.matches('}').count());
        }
    }
}
