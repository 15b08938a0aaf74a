//! What people put around a plain answer: list marks, numbers, stress, words before and after it, ticks. All of it is
//! blanked out and the answer stays at its place, so that what is said of it points at what was written.

use super::clause::clauses;
use super::einsum;
use super::heading::Heads;
use super::listed::is_row;
use crate::limits::NAME_CHARACTERS;
use crate::span::Span;
use crate::syntax::ast::Name;
use crate::syntax::vocabulary::Vocabulary;

/// Signs that say that something is done or follows.
const TICKS: &str = "✓✔☑✅■□∎⇒∴•";

/// Signs that look like others and can mean nothing else.
const FOLDED: [(char, &str); 8] =
    [('⁄', "/"), ('∕', "/"), ('𝜕', "∂"), ('∙', "*"), ('⋆', "*"), ('‐', "-"), ('‑', "-"), ('‒', "-")];

/// Tags of HTML that show text in another dress, and those that strike it out.
const TAGS: [&str; 12] = ["b", "i", "u", "em", "strong", "p", "br", "br/", "code", "mark", "span", "small"];
/// What opens and closes them, and comments.
pub const STRUCK: [(&str, &str); 5] =
    [("<!--", "-->"), ("~~", "~~"), ("<del>", "</del>"), ("<s>", "</s>"), ("<strike>", "</strike>")];

/// A text of the same length in which plain answers stand alone, one a line. In Markdown `#` begins a heading, elsewhere
/// a comment. Lines in LaTeX are left as they are.
pub fn undressed(text: &str, vocabulary: &Vocabulary, is_markdown: bool, is_latex: impl Fn(&str) -> bool) -> String {
    let own = with_own_names(text, vocabulary);
    let heads = Heads { model: vocabulary, vocabulary: &own };
    let mut plain = Blanked::of(text);
    struck(&mut plain);
    prompts(&mut plain);
    fields(&mut plain);
    labels(&mut plain, vocabulary);
    // A line in brackets that are open is no item of a list.
    let mut open = 0i64;
    for (start, end) in line_places(text) {
        let line = &text[start..end];
        if line.trim().is_empty() {
            open = 0;
        }
        if !is_latex(line) && open <= 0 {
            marks(&mut plain, start, end, is_markdown);
        }
        let count = |signs: [char; 2]| line.matches(signs).count() as i64;
        open = (open + count(['(', '[']) - count([')', ']'])).max(0);
    }
    join(&mut plain, heads, &is_latex);
    let text = plain.text();
    for (start, end) in line_places(&text) {
        if !is_latex(&text[start..end]) && text[start..end].contains(|c: char| !c.is_ascii_alphanumeric()) {
            clauses(&text, start, end, heads, &mut plain);
        }
    }
    plain.text()
}

/// The vocabulary with the names to which the text gives values.
fn with_own_names(text: &str, vocabulary: &Vocabulary) -> Vocabulary {
    const NAMES: usize = 200;
    let mut vocabulary = vocabulary.within();
    let heads = text.match_indices('=').filter_map(|(at, _)| {
        let before = text[..at].trim_end_matches([' ', '\t', ':', '*', '`']);
        let start = before
            .rfind(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(0, |found| found + before[found..].chars().next().map_or(1, char::len_utf8));
        Some(&before[start..]).filter(|name| name.starts_with(char::is_alphabetic) && name.len() <= NAME_CHARACTERS)
    });
    for name in heads.take(NAMES) {
        vocabulary.learn(&Name { text: name.to_owned(), index: None, span: Span::default() });
    }
    vocabulary
}

/// A text whose parts are overwritten with others of the same length.
pub struct Blanked {
    bytes: Vec<u8>,
}

impl Blanked {
    fn of(text: &str) -> Blanked {
        Blanked { bytes: text.as_bytes().to_vec() }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Blanks for all but the ends of lines.
    pub fn blank(&mut self, start: usize, end: usize) {
        for byte in &mut self.bytes[start..end] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }

    /// A shorter text, at the end of the place.
    pub fn put(&mut self, start: usize, end: usize, text: &str) {
        if text.len() <= end - start {
            self.blank(start, end);
            self.bytes[end - text.len()..end].copy_from_slice(text.as_bytes());
        }
    }
}

/// Where the lines begin and end.
fn line_places(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.split_inclusive(['\n', '\r']).scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, start + line.trim_end_matches(['\n', '\r']).len()))
    })
}

/// `self.dW3` is `dW3`, `grads['W2']` is `dW2`, `cache["Z"]` is `Z`; Einstein's sums are products.
fn fields(plain: &mut Blanked) {
    const TABLES: [(&str, &str); 9] = [
        ("grads", "d"),
        ("gradients", "d"),
        ("grad", "d"),
        ("params", ""),
        ("parameters", ""),
        ("cache", ""),
        ("model", ""),
        ("weights", ""),
        ("out", ""),
    ];
    for (start, end, product) in einsum::products(&plain.text()) {
        plain.put(start, end, &product);
    }
    let text = plain.text();
    for (at, word) in text.match_indices("self.") {
        if !text[..at].ends_with(|c: char| c.is_alphanumeric()) {
            plain.blank(at, at + word.len());
        }
    }
    for (table, sign) in TABLES {
        for (at, _) in text.match_indices(table) {
            let rest = &text[at + table.len()..];
            let Some(quote) = rest.strip_prefix('[').and_then(|rest| rest.chars().next()) else { continue };
            let Some(length) =
                rest[1..].get(1..).and_then(|inside| inside.find(quote)).filter(|_| "'\"".contains(quote))
            else {
                continue;
            };
            let name = &rest[2..2 + length];
            let named = name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            let joined = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if named && !joined && rest[2 + length + 1..].starts_with(']') {
                let sign = if name.starts_with('d') && name.len() > 1 { "" } else { sign };
                plain.put(at, at + table.len() + length + 4, &format!("{sign}{name}"));
            }
        }
    }
}

/// `>>> z` is given what is printed below it; a prompt itself is blank.
fn prompts(plain: &mut Blanked) {
    const PROMPT: &str = ">>> ";
    let text = plain.text();
    if !text.contains(PROMPT) {
        return;
    }
    let places: Vec<(usize, usize)> = line_places(&text).collect();
    for (place, (start, end)) in places.iter().enumerate() {
        let Some(code) = text[*start..*end].strip_prefix(PROMPT) else { continue };
        plain.blank(*start, start + PROMPT.len());
        let named = code.trim().chars().all(|c| c.is_alphanumeric() || c == '_') && !code.trim().is_empty();
        let printed = places.get(place + 1).filter(|(from, to)| !text[*from..*to].starts_with(">>>") && from < to);
        if let Some((from, _)) = printed.filter(|_| named) {
            plain.bytes[*end..*from].fill(b' ');
            plain.bytes[*end] = b'=';
        }
    }
}

/// `F.one_hot(y, C)`, `np.eye(C)[y]`: the right classes, which are the target.
fn labels(plain: &mut Blanked, vocabulary: &Vocabulary) {
    let text = plain.text();
    let Some(target) = vocabulary.one_hot() else { return };
    // `len(y)` of labels that the problem has no name for
    for name in ["y", "t", "labels", "targets", "y_true"]
        .into_iter()
        .filter(|name| vocabulary.resolve(&crate::syntax::names::key(name)).is_none())
    {
        let call = format!("len({name})");
        for (at, _) in text.match_indices(&call).filter(|_| target.len() <= name.len()) {
            plain.put(at, at + call.len(), &format!("len({target})"));
        }
    }
    let inside = |start: usize, close: char| text[start..].split('\n').next().and_then(|line| line.find(close));
    for call in ["one_hot(", "to_categorical(", "np.eye("] {
        for (at, _) in text.match_indices(call) {
            let joined = |c: char| !(c.is_alphanumeric() || c == '_' || c == '.');
            let start = text[..at]
                .rfind(joined)
                .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
            let Some(length) = inside(at + call.len(), ')') else { continue };
            let end = at + call.len() + length + 1;
            let end = match (call == "np.eye(", text[end..].strip_prefix('[')) {
                (true, Some(rest)) => rest.find(']').filter(|length| *length < 20).map(|length| end + length + 2),
                (true, None) => None,
                (false, _) => Some(end),
            };
            if let Some(end) = end {
                plain.put(start, end, target);
            }
        }
    }
}

/// Comments of HTML, and what is struck out.
fn struck(plain: &mut Blanked) {
    let text = plain.text();
    if !text.contains(['<', '~']) {
        return;
    }
    for (open, close) in STRUCK {
        let mut at = 0;
        while let Some(found) = text[at..].find(open) {
            let start = at + found;
            let inside = start + open.len();
            let Some(length) = text[inside..].find(close) else { break };
            at = inside + length + close.len();
            plain.blank(start, at);
        }
    }
}

/// The marks of a list, of stress, of code and quotation in a line.
fn marks(plain: &mut Blanked, start: usize, end: usize, is_markdown: bool) {
    let line = String::from_utf8_lossy(&plain.bytes[start..end]).into_owned();
    let content = line.trim_start();
    // `#params = 615` is no comment.
    if (content.starts_with("#param") || content.starts_with("# param")) && content.contains(['=', ':']) {
        let sign = start + line.len() - content.len();
        return plain.blank(sign, sign + 1);
    }
    if content.is_empty() || !is_markdown && content.starts_with('#') || content.starts_with("student") {
        return;
    }
    if is_markdown && row(plain, &line, start) {
        return;
    }
    for (at, character) in line.char_indices() {
        let place = start + at;
        if character == '`' || character == '"' || TICKS.contains(character) {
            plain.blank(place, place + character.len_utf8());
        }
        if let Some((_, folded)) = FOLDED.iter().find(|(sign, _)| *sign == character) {
            plain.put(place, place + character.len_utf8(), folded);
        }
        if character == '√' {
            root(plain, &line, at, place);
        }
        if character == '<' {
            tag(plain, &line[at..], place);
        }
    }
    if let Some((begins, ends)) = point(&line) {
        plain.blank(start + begins, start + ends);
    }
    let from = line.len() - content.len();
    let first = from + list_marks(content, is_markdown);
    plain.blank(start + from, start + first);
    stress(plain, &line[first..], start + first);
}

/// The point at which a derivative is taken: `|(1, 2)` of `∂f/∂x|(1, 2) = 14`.
fn point(line: &str) -> Option<(usize, usize)> {
    let (head, _) = line.split_once('=')?;
    let begins = head.find('|').filter(|at| head[..*at].trim_start().starts_with(['∂', 'd', '∇']))?;
    let inside = head[begins + 1..].trim_start_matches('_').trim_end().strip_prefix('(')?.strip_suffix(')')?;
    let numbers = inside.bytes().all(|byte| byte.is_ascii_digit() || b" ,.-".contains(&byte));
    numbers.then_some((begins, head.len()))
}

/// `√D` is `D^.5`, which has the same length.
fn root(plain: &mut Blanked, line: &str, at: usize, place: usize) {
    let sign = '√'.len_utf8();
    let rest = &line[at + sign..];
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let before = line[..at].chars().next_back();
    let joined = before.is_some_and(char::is_alphanumeric) || rest[length..].starts_with(['(', '^', '\'', '[', '.']);
    if length > 0 && !joined {
        plain.put(place, place + sign + length, &format!("{}^.5", &rest[..length]));
    }
}

/// `| dW2 | Z^T (Y - X) |`: the first cell is given the second.
fn row(plain: &mut Blanked, line: &str, start: usize) -> bool {
    let bars: Vec<usize> = line.match_indices('|').map(|(at, _)| at).collect();
    let ends = line.trim_start().starts_with('|') && line.trim_end().ends_with('|');
    let [first, second, third, ..] = bars.as_slice() else { return false };
    if !ends {
        return false;
    }
    plain.blank(start + first, start + first + 1);
    plain.put(start + second, start + second + 1, ":");
    plain.blank(start + third, start + line.len());
    // Stress and code enclose a cell; a star within it is a product.
    for (from, to) in [(first + 1, *second), (second + 1, *third)] {
        let cell = &line[from..to];
        let begins = from + cell.len() - cell.trim_start_matches([' ', '`', '*']).len();
        let ends = from + cell.trim_end_matches([' ', '`', '*']).len();
        plain.blank(start + from, start + begins);
        plain.blank(start + ends.max(from), start + to);
    }
    true
}

/// `<b>`, and `<sub>2</sub>` as an index.
fn tag(plain: &mut Blanked, text: &str, place: usize) {
    const LONGEST: usize = 12;
    let Some(length) = text.find('>').filter(|length| *length <= LONGEST) else { return };
    let end = place + length + 1;
    let name = text[1..length].trim().to_ascii_lowercase();
    match name.as_str() {
        "sub" => plain.bytes[place..end].copy_from_slice(b"_{   "),
        "sup" => plain.bytes[place..end].copy_from_slice(b"^{   "),
        "/sub" | "/sup" => plain.put(place, end, "}"),
        name if TAGS.contains(&name.trim_start_matches('/')) => plain.blank(place, end),
        _ => {}
    }
}

/// How many bytes of a line are the marks of a list, a quotation, a heading, or its number.
pub fn list_marks(content: &str, is_markdown: bool) -> usize {
    let mut rest = content;
    loop {
        let before = rest.len();
        let item = content.contains(['=', ':', '|', '→', '—']) || content.contains(" is ");
        for mark in ["- ", "* ", "+ "].into_iter().filter(|_| item) {
            rest = rest.strip_prefix(mark).unwrap_or(rest).trim_start();
        }
        for mark in ["> ", "– ", "— ", "• ", "=> ", "⇒", "∴", "[x] ", "[X] ", "[ ] "] {
            rest = rest.strip_prefix(mark).unwrap_or(rest).trim_start();
        }
        if is_markdown {
            rest = rest.trim_start_matches('#').trim_start();
        }
        rest = &rest[numbering(rest)..];
        if rest.len() == before {
            return content.len() - rest.len();
        }
    }
}

/// The bytes of `1. `, `(b) `, `ii) ` and of what follows them in blanks.
fn numbering(text: &str) -> usize {
    const LONGEST: usize = 5;
    let inside = text.strip_prefix('(').unwrap_or(text);
    let length = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
    if length == 0 || length > LONGEST || !is_count(&inside[..length]) {
        return 0;
    }
    let after = &inside[length..];
    let bracketed = inside.len() < text.len();
    let Some(rest) = after.strip_prefix(')').or_else(|| after.strip_prefix('.').filter(|_| !bracketed)) else {
        return 0;
    };
    if rest.starts_with([' ', '\t']) { text.len() - rest.trim_start().len() } else { 0 }
}

/// `3`, `b`, `2b`, `iv`
fn is_count(text: &str) -> bool {
    let letters = text.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.len() <= 1 || letters.bytes().all(|byte| b"ivxIVX".contains(&byte))
}

/// `**dW2** = …`, `*dW2* = …`, `__dW2__ = …`: pairs that enclose words. A power (`x**2`) has no blank before it.
fn stress(plain: &mut Blanked, line: &str, place: usize) {
    for mark in ["**", "__", "*"] {
        let mut at = 0;
        while let Some(found) = line[at..].find(mark) {
            let open = at + found;
            let inside = open + mark.len();
            at = inside;
            // A single star elsewhere is a product.
            if mark != "**" && !line[..open].trim().is_empty() {
                break;
            }
            let before = line[..open].chars().next_back();
            let after = line[inside..].chars().next();
            if before.is_some_and(|c| !c.is_whitespace() && c != '(')
                || after
                    .is_none_or(|c| !(c.is_alphanumeric() || "∂(".contains(c) || mark == "**" && "-−[√".contains(c)))
            {
                continue;
            }
            let ends = |close: &usize| {
                let after = line[inside + close + mark.len()..].chars().next();
                let before = line[..inside + close].chars().next_back();
                after.is_none_or(|c| c.is_whitespace() || ":=.,;)*_".contains(c))
                    && before.is_some_and(|c| !c.is_whitespace())
            };
            let Some(close) = line[inside..].match_indices(mark).map(|(close, _)| close).find(ends) else { break };
            plain.blank(place + open, place + inside);
            plain.blank(place + inside + close, place + inside + close + mark.len());
            at = inside + close + mark.len();
        }
    }
}

/// A line that begins with a sign of equality, or of a sum, goes on with the one before; one that ends with it goes on in
/// the next.
fn join(plain: &mut Blanked, heads: Heads<'_>, is_latex: impl Fn(&str) -> bool) {
    let text = plain.text();
    let places: Vec<(usize, usize)> = line_places(&text).collect();
    let mut rows = false;
    for pair in places.windows(2) {
        let (before, after) = (&text[pair[0].0..pair[0].1], &text[pair[1].0..pair[1].1]);
        if is_latex(before) || is_latex(after) || before.trim_start().starts_with('#') {
            continue;
        }
        let (before, after) = (before.trim_end(), after.trim_start());
        let equality = |text: &str| text.starts_with(['=', '≈', '≡']) && !text.starts_with("==");
        let named = before.ends_with(':') && !before.contains(char::is_whitespace);
        let open = (named || before.ends_with(['=', '≈'])) && !after.is_empty() && !after.contains('=');
        // Rows of numbers below `J:`
        if rows && is_row(before) && is_row(after) {
            plain.bytes[pair[0].1..pair[1].0].fill(b' ');
            plain.bytes[pair[0].1] = b';';
            continue;
        }
        rows = open && is_row(after) && heads.is_list(before.trim_end_matches([':', '=', ' ']).trim_start());
        let single = !before.is_empty() && !before.contains(char::is_whitespace);
        let chain = equality(after) && (single || before.contains(['=', ':']));
        let cut = before.ends_with(['+', '-', '*', '/', '@']) && before.contains('=') && heads.is_value(after);
        let more = after.starts_with(['+', '-', '−']) && before.contains('=') && heads.is_value(after);
        if chain || open || cut || more {
            plain.bytes[pair[0].1..pair[1].0].fill(b' ');
        }
    }
}
