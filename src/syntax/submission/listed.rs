//! Values without brackets: `3 -2` for a row, `10 x 32 x 32` for a shape.

use crate::syntax::answer::whole_target;
use crate::syntax::ast::{AnswerTarget, TargetKind};
use crate::syntax::vocabulary::Vocabulary;

/// `-2`, `0.5`, `1e-3`, `1/3`
pub fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+', '−']);
    let one = |part: &str| part.starts_with(|c: char| c.is_ascii_digit() || c == '.') && part.parse::<f64>().is_ok();
    let signs = text.chars().count() - digits.chars().count();
    signs <= 1 && digits.split('/').count() <= 2 && digits.split('/').all(one)
}

/// Whether a text holds numbers and nothing else, at least two.
pub fn is_list(text: &str) -> bool {
    let mut numbers = text.split([' ', '\t', ',', ';', '\n']).filter(|part| !part.is_empty());
    numbers.clone().nth(1).is_some() && numbers.all(is_number)
}

/// Whether a line is a row of numbers.
pub fn is_row(line: &str) -> bool {
    let line = line.trim();
    is_number(line) || is_list(line) && !line.contains(';')
}

/// The target and the value of a line that has no brackets where there should be some.
pub fn listed<'t>(line: &'t str, vocabulary: &Vocabulary) -> Option<(AnswerTarget, &'t str)> {
    const LONGEST: usize = 400;
    let (head, value) = line.split_once('=')?;
    let (head, value) = (head.trim(), value.trim().trim_end_matches(['.', ',']));
    if head.len() > LONGEST {
        return None;
    }
    let called = ["shape(", "size(", "dim(", "np.shape("].iter().find_map(|word| head.strip_prefix(word));
    let bare = head.strip_suffix(".shape").or_else(|| called?.strip_suffix(')'));
    let mut target = whole_target(bare.unwrap_or(head))?;
    let known = target.kind == TargetKind::Plain && target.entry.is_empty() && vocabulary.is_list(&target.name.key());
    let shape = bare.is_some() || is_shape(value, vocabulary);
    if !known || !(shape || is_list(value)) {
        return None;
    }
    if shape {
        target.kind = TargetKind::Shape;
    }
    Some((target, value))
}

/// `10 x 32 x 32`, `N × D`
pub fn is_shape(text: &str, vocabulary: &Vocabulary) -> bool {
    let spaced = text.trim().replace(['×', '✕'], " x ").replace("x", " x ");
    let sides: Vec<&str> = spaced.split(" x ").map(str::trim).collect();
    let side =
        |side: &&str| !side.is_empty() && (side.bytes().all(|byte| byte.is_ascii_digit()) || vocabulary.is_size(side));
    sides.len() > 1 && sides.iter().all(side)
}
