//! Short mathematics as runs of text: what is raised, lowered or slanted, and how wide it is.
use super::Label;
use crate::math::Math;
pub(super) use crate::render::write::Height as Level;
use crate::render::write::{Style, pieces, write};

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

/// Splits a formula into runs.
pub(super) fn runs(math: &Math) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut room = MAX_CHARS;
    for (text, level) in pieces(math) {
        for word in words(&cut(&text, &mut room)) {
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

/// What of a text still has room in a label.
fn cut(text: &str, room: &mut usize) -> String {
    let shown = visible(text);
    let length = shown.chars().count();
    let taken = shown.chars().take(*room);
    let more = length > *room && *room > 0;
    let text = if more { taken.chain(['…']).collect() } else { taken.collect() };
    *room = room.saturating_sub(length);
    text
}

/// The text on one line of Unicode, for formats without subscripts: `δY W₂ᵀ`, `Cgt`.
pub(super) fn plain(label: &Label) -> String {
    let mut line = clean(&write(&label.math, Style::Text));
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
    small.then(|| rows.iter().map(|row| row.iter().map(number).collect()).collect())
}

/// A number in what fits on one line.
fn number(entry: &Math) -> String {
    clean(&write(entry, Style::Text)).chars().take(16).collect()
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

    fn shown(math: Math) -> Vec<(String, Level, bool)> {
        runs(&math).into_iter().map(|run| (run.text, run.level, run.italic)).collect()
    }

    #[test]
    fn runs_are_raised_lowered_and_slanted() {
        use Level::{Base, Sub, Super};
        let run = |text: &str, level, italic| (text.to_owned(), level, italic);
        let name = Math::name;
        assert_eq!(
            shown(name("W_1").transposed()),
            [run("W", Base, true), run("1", Sub, false), run("T", Super, false)]
        );
        assert_eq!(shown(name("Y").gradient()), [run("δ", Base, true), run("Y", Sub, true)]);
        assert_eq!(shown(name("Cgt")), [run("C", Base, true), run("gt", Sub, false)]);
        assert_eq!(
            shown(name("W_hy").times(name("x"))),
            [run("W", Base, true), run("hy", Sub, false), run(" ", Base, false), run("x", Base, true)]
        );
        assert_eq!(shown(Math::word("conv2d")), [run("conv2d", Base, false)]);
        assert_eq!(shown(Math::Row(Vec::new())), []);
    }

    #[test]
    fn plain_text_has_small_characters_where_unicode_has_them() {
        let plain = |math: Math| plain(&Label::new(math));
        assert_eq!(plain(Math::name("Y").gradient().times(Math::name("W_2").transposed())), "δY W₂ᵀ");
        assert_eq!(plain(Math::name("C_gt")), "C_gt");
        let matrix = Label::new(Math::name("Z")).with_matrix(&[&["1", "-2"], &[".5", "0"]]);
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
        let wide = |math: Math| width(&runs(&math), 16.0);
        let [w, below] = ["W", "W_2"].map(Math::name);
        let both = wide(below.clone().transposed());
        assert!((both - wide(w.transposed()).max(wide(below))).abs() < 0.001);
    }
}
