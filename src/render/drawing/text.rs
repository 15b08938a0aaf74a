//! Short mathematics as runs of text: what is raised, lowered or slanted, and how wide it is.
use super::Label;

/// The height of a run against the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Base,
    Sub,
    Super,
}

/// Characters that are set alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub text: String,
    pub level: Level,
    pub italic: bool,
}

/// The size of a subscript or superscript against the line's.
pub(super) const SMALL: f64 = 0.7;
/// Longer texts are cut: no model needs them, and a hostile one shall not make the page a mile wide.
const MAX_CHARS: usize = 80;

const SUBSCRIPTS: [(char, char); 33] = [
    ('₀', '0'),
    ('₁', '1'),
    ('₂', '2'),
    ('₃', '3'),
    ('₄', '4'),
    ('₅', '5'),
    ('₆', '6'),
    ('₇', '7'),
    ('₈', '8'),
    ('₉', '9'),
    ('₊', '+'),
    ('₋', '−'),
    ('₌', '='),
    ('₍', '('),
    ('₎', ')'),
    ('ₐ', 'a'),
    ('ₑ', 'e'),
    ('ₒ', 'o'),
    ('ₓ', 'x'),
    ('ₕ', 'h'),
    ('ₖ', 'k'),
    ('ₗ', 'l'),
    ('ₘ', 'm'),
    ('ₙ', 'n'),
    ('ₚ', 'p'),
    ('ₛ', 's'),
    ('ₜ', 't'),
    ('ᵢ', 'i'),
    ('ⱼ', 'j'),
    ('ᵣ', 'r'),
    ('ᵤ', 'u'),
    ('ᵥ', 'v'),
    ('₋', '-'),
];
const SUPERSCRIPTS: [(char, char); 19] = [
    ('⁰', '0'),
    ('¹', '1'),
    ('²', '2'),
    ('³', '3'),
    ('⁴', '4'),
    ('⁵', '5'),
    ('⁶', '6'),
    ('⁷', '7'),
    ('⁸', '8'),
    ('⁹', '9'),
    ('⁺', '+'),
    ('⁻', '−'),
    ('⁼', '='),
    ('⁽', '('),
    ('⁾', ')'),
    ('ⁿ', 'n'),
    ('ⁱ', 'i'),
    ('ᵀ', 'T'),
    ('⁻', '-'),
];

/// Splits a label's text into runs.
pub(super) fn runs(markup: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    for (text, level) in pieces(markup) {
        for word in words(&text) {
            // A raised T is the transpose, which is no variable.
            let sign = word == "𝟏" || (word == "T" && level == Level::Super);
            let italic = word.chars().count() == 1 && word.chars().all(char::is_alphabetic) && !sign;
            match runs.last_mut() {
                Some(Run { text, level: l, italic: i }) if *l == level && *i == italic => text.push_str(&word),
                Some(_) | None => runs.push(Run { text: word, level, italic }),
            }
        }
    }
    runs
}

/// The text on one line of Unicode, for formats without subscripts: `δY W₂ᵀ`, `Cgt`.
pub(super) fn plain(label: &Label) -> String {
    let mut line: String = pieces(&label.text).into_iter().map(|(text, level)| flat(&text, level)).collect();
    if let Some(rows) = matrix(label) {
        let rows: Vec<String> = rows.iter().map(|row| row.join(" ")).collect();
        if !line.is_empty() {
            line.push_str(" = ");
        }
        line.push_str(&format!("[{}]", rows.join("; ")));
    }
    line
}

/// The matrix of a label, if it is small enough to be drawn on an edge.
pub(super) fn matrix(label: &Label) -> Option<Vec<Vec<String>>> {
    let rows = label.matrix.as_ref()?;
    let columns = rows.first()?.len();
    let small = rows.len() <= 2 && (1..=2).contains(&columns) && rows.iter().all(|row| row.len() == columns);
    small.then(|| rows.iter().map(|row| row.iter().map(|entry| number(entry)).collect()).collect())
}

/// A number with a true minus sign, and nothing but what can be read on one line.
fn number(entry: &str) -> String {
    clean(entry).chars().take(16).map(|c| if c == '-' { '−' } else { c }).collect()
}

/// The width of a text at a font size. A superscript stands above the subscript before it.
pub(super) fn width(runs: &[Run], size: f64) -> f64 {
    let (mut total, mut below) = (0.0, 0.0);
    for run in runs {
        let wide = run_width(run, size);
        match run.level {
            Level::Base => (total, below) = (total + wide, 0.0),
            Level::Sub => (total, below) = (total + wide, below + wide),
            Level::Super => (total, below) = (total + f64::max(wide - below, 0.0), 0.0),
        }
    }
    total
}

/// The width of one run at the line's font size.
pub(super) fn run_width(run: &Run, size: f64) -> f64 {
    let scale = if run.level == Level::Base { size } else { size * SMALL };
    run.text.chars().map(|c| f64::from(advance(c, run.italic))).sum::<f64>() * scale / 1000.0
}

/// The width of upright text at a font size.
pub(super) fn upright(text: &str, size: f64) -> f64 {
    text.chars().map(|c| f64::from(advance(c, false))).sum::<f64>() * size / 1000.0
}

/// Text on one line, cut to what fits a label.
pub(super) fn clean(text: &str) -> String {
    let mut line = visible(text);
    if let Some((end, _)) = line.char_indices().nth(MAX_CHARS) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// Text without line breaks, control characters and what can't be seen.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|&c| shown(c)).collect()
}

/// Characters that a page may hold: no controls, no invisible or direction-changing ones, and none that XML refuses.
fn shown(c: char) -> bool {
    let hidden = matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}');
    !c.is_control() && !hidden && (c as u32) & 0xfffe != 0xfffe
}

/// The text cut into pieces of one height.
fn pieces(markup: &str) -> Vec<(String, Level)> {
    let mut out: Vec<(String, Level)> = Vec::new();
    let mut push = |text: &str, level| match out.last_mut() {
        Some((last, l)) if *l == level => last.push_str(text),
        Some(_) | None => out.push((text.to_owned(), level)),
    };
    let source = clean(markup);
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        let shifted = match c {
            '_' => Some(Level::Sub),
            '^' => Some(Level::Super),
            _ => None,
        };
        match (shifted, chars.peek().copied()) {
            (Some(level), Some('{')) => {
                chars.next();
                let group: String =
                    chars.by_ref().take_while(|&c| c != '}').filter(|c| !matches!(c, '_' | '^' | '{')).collect();
                push(&group.chars().map(lowered).collect::<String>(), level);
            }
            (Some(level), Some(next)) if next != ' ' => {
                chars.next();
                let mut piece = String::from(next);
                // A name's underscore lowers the rest of it: `W_hy`.
                while let Some(more) =
                    chars.next_if(|c| level == Level::Sub && next.is_ascii() && c.is_ascii_alphanumeric())
                {
                    piece.push(more);
                }
                push(&piece, level);
            }
            (Some(_), _) => push(c.encode_utf8(&mut [0; 4]), Level::Base),
            (None, next) if c == '\\' => {
                chars.next();
                push(&next.map_or_else(String::new, String::from), Level::Base);
            }
            (None, _) => {
                let (c, level) = level_of(c);
                push(c.encode_utf8(&mut [0; 4]), level);
            }
        }
    }
    out.retain(|(text, _)| !text.is_empty());
    out
}

/// The character that a Unicode subscript or superscript stands for.
fn level_of(c: char) -> (char, Level) {
    let find = |table: &[(char, char)]| table.iter().find(|(small, _)| *small == c).map(|&(_, full)| full);
    match (find(&SUBSCRIPTS), find(&SUPERSCRIPTS)) {
        (Some(full), _) => (full, Level::Sub),
        (None, Some(full)) => (full, Level::Super),
        (None, None) => (c, Level::Base),
    }
}

fn lowered(c: char) -> char {
    level_of(c).0
}

/// A raised or lowered text in Unicode's own small characters, or on the line where it has none.
fn flat(text: &str, level: Level) -> String {
    let small = |table: &[(char, char)]| {
        text.chars()
            .map(|c| table.iter().find(|(_, full)| *full == c).map(|&(small, _)| small))
            .collect::<Option<String>>()
    };
    let digits = text.chars().all(|c| !c.is_alphabetic());
    match level {
        Level::Base => text.to_owned(),
        Level::Sub if digits => small(&SUBSCRIPTS).unwrap_or_else(|| text.to_owned()),
        Level::Sub => text
            .chars()
            .map(|c| if c.is_ascii_digit() { flat(&c.to_string(), Level::Sub) } else { c.to_string() })
            .collect(),
        Level::Super => small(&SUPERSCRIPTS).unwrap_or_else(|| format!("^({text})")),
    }
}

/// Words of one script, and what stands between them.
fn words(text: &str) -> Vec<String> {
    let class = |c: char| match c {
        'α'..='ω' | 'Α'..='Ω' | '∂' | '∇' => 1,
        _ if c.is_alphabetic() => 2,
        _ => 0,
    };
    let mut out: Vec<String> = Vec::new();
    let mut last = usize::MAX;
    for c in text.chars() {
        // Greek letters are names of their own, also side by side.
        // A digit inside a word belongs to it: conv2d.
        let inside = c.is_ascii_digit() && last == 2 && out.last().is_some_and(|word| word.chars().count() > 1);
        if inside || (class(c) == last && last != 1) {
            if let Some(word) = out.last_mut() {
                word.push(c);
            }
        } else {
            out.push(c.to_string());
        }
        last = if inside { 2 } else { class(c) };
    }
    out
}

/// Widths of ' ' to '~' in thousandths of the font size: Computer Modern (cmr10), near to Times.
const UPRIGHT: [u16; 95] = [
    278, 278, 500, 833, 500, 833, 778, 278, 389, 389, 500, 778, 278, 333, 278, 500, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 500, 778, 500, 472, 778, 750, 708, 722, 764, 681, 653, 785, 750, 361, 514, 778, 625, 917,
    750, 778, 681, 778, 736, 556, 722, 750, 750, 1028, 750, 750, 611, 278, 500, 278, 500, 500, 278, 500, 556, 444, 556,
    444, 306, 500, 556, 278, 306, 528, 278, 833, 556, 500, 556, 528, 392, 394, 389, 556, 528, 722, 528, 528, 444, 500,
    278, 500, 500,
];
/// Widths of 'A' to 'Z' and 'a' to 'z' in math italic (cmmi10), with the slant's overhang.
const ITALIC: [[u16; 26]; 2] = [
    [
        750, 809, 786, 856, 796, 782, 786, 912, 518, 651, 921, 681, 1079, 912, 791, 781, 791, 767, 671, 723, 792, 806,
        1083, 907, 803, 754,
    ],
    [
        529, 429, 433, 520, 466, 597, 513, 576, 345, 469, 552, 318, 878, 600, 485, 503, 482, 479, 469, 361, 572, 521,
        743, 572, 526, 509,
    ],
];

fn advance(c: char, italic: bool) -> u16 {
    match c {
        'A'..='Z' if italic => ITALIC[0][c as usize - 'A' as usize],
        'a'..='z' if italic => ITALIC[1][c as usize - 'a' as usize],
        ' '..='~' => UPRIGHT[c as usize - ' ' as usize],
        '·' => 278,
        '‖' => 500,
        'α'..='ω' => 590,
        '−' | '×' | '⊙' | '≈' | '±' => 778,
        // Letters of wide scripts take the whole square.
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{1f000}'..='\u{3ffff}' => 1050,
        _ => 760,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markup: &str) -> Vec<(String, Level, bool)> {
        runs(markup).into_iter().map(|run| (run.text, run.level, run.italic)).collect()
    }

    #[test]
    fn runs_are_raised_lowered_and_slanted() {
        use Level::{Base, Sub, Super};
        let run = |text: &str, level, italic| (text.to_owned(), level, italic);
        assert_eq!(shown("W₁ᵀ"), [run("W", Base, true), run("1", Sub, false), run("T", Super, false)]);
        assert_eq!(shown("δ_Y"), [run("δ", Base, true), run("Y", Sub, true)]);
        assert_eq!(shown("δY"), [run("δY", Base, true)]);
        assert_eq!(shown("C_{gt}"), [run("C", Base, true), run("gt", Sub, false)]);
        assert_eq!(
            shown("W_hy x"),
            [run("W", Base, true), run("hy", Sub, false), run(" ", Base, false), run("x", Base, true)]
        );
        assert_eq!(shown("conv2d"), [run("conv2d", Base, false)]);
        assert_eq!(shown("a\\_b"), [run("a", Base, true), run("_", Base, false), run("b", Base, true)]);
        assert_eq!(shown("x_"), [run("x", Base, true), run("_", Base, false)]);
        assert_eq!(shown("^{"), []);
    }

    #[test]
    fn plain_text_has_small_characters_where_unicode_has_them() {
        let plain = |text: &str| plain(&Label::new("", text));
        assert_eq!(plain("δ_Y W_2^T"), "δY W₂ᵀ");
        assert_eq!(plain("C_{gt}"), "Cgt");
        assert_eq!(plain("δ_{A12}"), "δA₁₂");
        assert_eq!(plain("x^{a+b}"), "x^(a+b)");
        let matrix = Label::new("", "Z").with_matrix(&[&["1", "-2"], &[".5", "0"]]);
        assert_eq!(super::plain(&matrix), "Z = [1 −2; .5 0]");
    }

    #[test]
    fn only_small_matrices_are_drawn() {
        let drawn = |rows: &[&[&str]]| matrix(&Label::default().with_matrix(rows)).is_some();
        assert!(drawn(&[&["1"]]) && drawn(&[&["1", "2"], &["3", "4"]]));
        assert!(!drawn(&[]) && !drawn(&[&[]]) && !drawn(&[&["1", "2", "3"]]) && !drawn(&[&["1"], &["2", "3"]]));
        assert!(!drawn(&[&["1"], &["2"], &["3"]]));
    }

    #[test]
    fn a_superscript_stands_above_a_subscript() {
        let wide = |text: &str| width(&runs(text), 16.0);
        assert!((wide("W_2^T") - wide("W^T").max(wide("W_2"))).abs() < 0.001);
    }
}
