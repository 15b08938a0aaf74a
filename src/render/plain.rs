//! Plain text in columns: what a terminal shows with letters of one width.

/// Lines are broken before this many characters where they can be.
const WIDTH: usize = 100;

/// Columns as wide as their widest cell; a cell that holds a number is moved to the right.
pub fn aligned(rows: &[Vec<String>], indent: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| padded(cell, *width)).collect();
        format!("{}{}", " ".repeat(indent), cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn padded(cell: &str, to: usize) -> String {
    let space = " ".repeat(to.saturating_sub(width(cell)));
    let is_number = cell.chars().any(|character| character.is_ascii_digit())
        && cell.chars().all(|character| character.is_ascii_digit() || matches!(character, '−' | '.' | '/'));
    if is_number { format!("{space}{cell}") } else { format!("{cell}{space}") }
}

/// Named values beside each other: `[name, value]` or `[name, value, sign]` each, matrices in tall brackets; a new block of lines where the width
/// is used up.
pub fn beside(equations: &[Vec<String>], indent: usize) -> String {
    let mut blocks: Vec<Vec<String>> = Vec::new();
    let mut block: Vec<String> = Vec::new();
    for equation in equations {
        let drawn = drawn(equation);
        let joined = joined(&block, &drawn);
        if !block.is_empty() && joined.iter().any(|line| width(line) + indent > WIDTH) {
            blocks.push(std::mem::replace(&mut block, drawn));
        } else {
            block = joined;
        }
    }
    blocks.push(block);
    let margin = " ".repeat(indent);
    let lines = |block: &Vec<String>| {
        block.iter().map(|line| format!("{margin}{line}").trim_end().to_string()).collect::<Vec<_>>().join("\n")
    };
    blocks.iter().map(lines).collect::<Vec<_>>().join("\n\n")
}

/// Two blocks of lines beside each other, centred.
fn joined(left: &[String], right: &[String]) -> Vec<String> {
    if left.is_empty() {
        return right.to_vec();
    }
    let height = left.len().max(right.len());
    let left_width = left.iter().map(|line| width(line)).max().unwrap_or(0);
    let at = |block: &[String], row: usize| {
        let above = (height - block.len()) / 2;
        row.checked_sub(above).and_then(|row| block.get(row)).cloned().unwrap_or_default()
    };
    (0..height).map(|row| format!("{}    {}", filled(&at(left, row), left_width), at(right, row))).collect()
}

/// `name =` and the value's rows.
fn drawn(equation: &[String]) -> Vec<String> {
    let (name, value, sign) = match equation {
        [name, value] => (name, value, "="),
        [name, value, sign] => (name, value, sign.as_str()),
        _ => return Vec::new(),
    };
    let name = format!("{name} {sign} ");
    let Some(rows) = rows(value) else { return vec![format!("{name}{value}")] };
    let widths: Vec<usize> = (0..rows[0].len())
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let middle = (rows.len() - 1) / 2;
    let line = |(place, row): (usize, &Vec<&str>)| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, to)| right(cell, *to)).collect();
        let (open, close) = match (place, rows.len()) {
            (_, 1) => ("[", "]"),
            (0, _) => ("⎡", "⎤"),
            (place, all) if place + 1 == all => ("⎣", "⎦"),
            _ => ("⎢", "⎥"),
        };
        let margin = if place == middle { name.clone() } else { " ".repeat(width(&name)) };
        format!("{margin}{open}{}{close}", cells.join("  "))
    };
    rows.iter().enumerate().map(line).collect()
}

/// The entries of a matrix that is written on one line, `[1  2;  3  4]`; none of anything else.
fn rows(value: &str) -> Option<Vec<Vec<&str>>> {
    let inside = value.strip_prefix('[')?.strip_suffix(']')?;
    if inside.contains(['[', ',']) {
        return None;
    }
    Some(
        inside.split(';').map(|row| row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()).collect(),
    )
}

/// Words in lines; what follows the first line is moved to the right.
pub fn wrapped(text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let own = paragraph.len() - paragraph.trim_start().len();
        let mut line = paragraph[..own].to_string();
        let mut is_new = true;
        for word in paragraph.split_whitespace() {
            if !is_new && width(&line) + 1 + width(word) > WIDTH {
                lines.push(std::mem::replace(&mut line, format!("{}{margin}", &paragraph[..own])));
                is_new = true;
            }
            if !is_new {
                line.push(' ');
            }
            line.push_str(word);
            is_new = false;
        }
        lines.push(line);
    }
    lines.join("\n")
}

pub fn width(text: &str) -> usize {
    text.chars().filter(|character| !is_combining(*character)).count()
}

/// An accent above the letter before it.
fn is_combining(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

fn filled(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

fn right(text: &str, to: usize) -> String {
    format!("{}{text}", " ".repeat(to.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn matrices_stand_beside_each_other() {
        let found = beside(&strings(&[&["J", "[1  −1;  3  1]"], &["K", "[3  −2]"]]), 2);
        assert_eq!(found, "  J = ⎡1  −1⎤    K = [3  −2]\n      ⎣3   1⎦");
    }

    #[test]
    fn numbers_are_aligned_to_the_right() {
        assert_eq!(aligned(&strings(&[&["a", "1"], &["bb", "−12"]]), 1), " a     1\n bb  −12");
    }

    #[test]
    fn long_lines_break() {
        let text = "word ".repeat(30);
        let found = wrapped(&format!("  {text}"), 2);
        assert!(found.lines().all(|line| line.chars().count() <= WIDTH));
        assert_eq!(found.lines().nth(1).unwrap().len() - found.lines().nth(1).unwrap().trim_start().len(), 4);
    }
}
