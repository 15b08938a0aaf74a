//! The options of an operator in words, as pages say them: `stride 2`, `flipped`, `by columns`; and back.

use super::ast::{NamedOption, OptionValue, Spanned};
use crate::span::Span;

/// The words of an option; `#` stands for its value.
struct Row {
    /// The only operator that has these words; any one where it is empty.
    operator: &'static str,
    option: &'static str,
    /// The only value; any one where it is empty.
    value: &'static str,
    words: &'static str,
}

const fn row(operator: &'static str, option: &'static str, value: &'static str, words: &'static str) -> Row {
    Row { operator, option, value, words }
}

/// The first row that fits counts.
const ROWS: &[Row] = &[
    row("", "size", "", "# windows"),
    row("", "padding", "same", "same padding"),
    row("", "flip", "true", "flipped"),
    row("", "ceil", "true", "sizes rounded up"),
    row("", "groups", "each", "each channel by itself"),
    row("", "groups", "", "# groups"),
    row("", "reverse", "true", "from the end"),
    row("", "count_padding", "false", "padding not counted"),
    row("concat", "axis", "0", "below each other"),
    row("concat", "axis", "1", "beside each other"),
    row("slice", "axis", "0", "rows"),
    row("slice", "axis", "1", "columns"),
    row("", "axis", "0", "by columns"),
    row("", "axis", "1", "by rows"),
    row("", "at0", "", "# at 0"),
    row("clip", "low", "", "from #"),
    row("clip", "high", "", "to #"),
    row("", "rows", "", "# rows"),
    row("", "cols", "", "# columns"),
    row("", "of", "", "part #"),
];

/// `stride 2`
pub fn words(operator: &str, option: &str, value: &str) -> String {
    let fits = |row: &&Row| {
        row.option == option
            && (row.operator.is_empty() || row.operator == operator)
            && (row.value.is_empty() || row.value == value)
    };
    let (words, value) = (ROWS.iter().find(fits).map(|row| row.words), by(option, value));
    words.map_or_else(|| format!("{option} {value}"), |words| words.replace('#', &value))
}

/// The option that some words say, and its value.
pub fn read(operator: &str, said: &str) -> Option<(String, String)> {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = ROWS.iter().filter(|row| row.operator.is_empty() || row.operator == operator).find_map(|row| {
        let (before, after) = row.words.split_once('#').unwrap_or((row.words, ""));
        let value = said.strip_prefix(before)?.strip_suffix(after)?;
        let value = match row.words.contains('#') {
            true => value_of(row.option, value)?,
            false => value.is_empty().then(|| row.value.to_owned())?,
        };
        Some((row.option.to_owned(), value))
    });
    named.or_else(|| {
        let (option, value) = said.split_once(' ')?;
        Some((option.to_owned(), value_of(option, value)?))
    })
}

/// As [`read`], as a call has its options.
pub fn option(operator: &str, said: &str, span: Span) -> Option<NamedOption> {
    // A gradient's options are those of its operator.
    let (name, value) = read(operator.trim_end_matches("_gradient"), said)?;
    let value = match value.strip_prefix('(').and_then(|list| list.strip_suffix(')')) {
        Some(list) => OptionValue::List(list.split(", ").map(str::to_owned).collect()),
        None if value.parse::<f64>().is_ok() => OptionValue::Number(value),
        None => OptionValue::Word(value),
    };
    Some(NamedOption { name: Spanned { value: name, span }, value: Spanned { value, span } })
}

/// Options whose value is a number a side; `2` is the same for both.
const SIDES: [&str; 5] = ["size", "stride", "padding", "dilation", "shape"];

/// `(2, 3)` is said `2 by 3`.
fn by(option: &str, value: &str) -> String {
    let sides = value.trim_matches(['(', ')']).replace(", ", " by ");
    if option == "size" && !sides.contains(' ') { format!("{sides} by {sides}") } else { sides }
}

fn value_of(option: &str, said: &str) -> Option<String> {
    let said = said.replace('−', "-");
    let sides: Vec<&str> = said.split(" by ").collect();
    let is_number = |side: &&str| side.trim_start_matches('-').parse::<f64>().is_ok() && !side.contains(' ');
    match sides.as_slice() {
        all if !all.iter().all(is_number) => None,
        [one] => Some((*one).to_owned()),
        [rows, columns] if rows == columns && option != "shape" => Some((*rows).to_owned()),
        all => SIDES.contains(&option).then(|| format!("({})", all.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for (operator, option, value, said) in [
            ("conv", "stride", "2", "stride 2"),
            ("conv", "padding", "(0, 2)", "padding 0 by 2"),
            ("conv", "padding", "same", "same padding"),
            ("conv", "flip", "true", "flipped"),
            ("maxpool", "size", "2", "2 by 2 windows"),
            ("maxpool", "size", "(2, 3)", "2 by 3 windows"),
            ("softmax", "axis", "0", "by columns"),
            ("concat", "axis", "0", "below each other"),
            ("LeakyReLU", "slope", "0.1", "slope 0.1"),
            ("sign", "at0", "-1", "-1 at 0"),
            ("clip", "low", "-1", "from -1"),
            ("slice", "from", "2", "from 2"),
            ("reshape", "shape", "(2, 3)", "shape 2 by 3"),
            ("log", "base", "10", "base 10"),
        ] {
            assert_eq!(words(operator, option, value), said);
            assert_eq!(read(operator, said), Some((option.to_owned(), value.to_owned())), "{said}");
        }
        assert_eq!(read("softmax", "over the classes"), None);
    }
}
