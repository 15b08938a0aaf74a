//! Data on its way into a document: what an author wrote is text there, and never markup.
//!
//! Mathematics comes finished from the notation and is not escaped; the Markdown writer only spells it so that
//! Markdown leaves it alone.

use crate::syntax::Pairs;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::{Result, Write};

/// Puts text into LaTeX by an allow-list: letters and digits pass, what has a command gets it, and all else is named
/// by its code point. So no backslash, brace, or caret of the author's is ever typeset as a command.
pub fn latex(text: &str, out: &mut dyn Write) -> Result<()> {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        // An accent that is put over the letter before it: x̄, x̂.
        let accent = characters.peek().and_then(|next| ACCENTS.of(*next));
        if let Some(command) = accent.filter(|_| character.is_ascii_alphabetic()) {
            write!(out, "\\ensuremath{{{command}{{{character}}}}}")?;
            characters.next();
            continue;
        }
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => write!(out, "{character}")?,
            ' ' | '\n' | '\t' => out.write_all(b" ")?,
            '.' | ',' | ':' | ';' | '!' | '?' | '(' | ')' | '[' | ']' | '+' | '=' | '/' | '*' | '@' => {
                write!(out, "{character}")?;
            }
            // A brace group keeps ligatures (--, '', ``, <<) from forming.
            '-' | '\'' => write!(out, "{{{character}}}")?,
            '"' => out.write_all(br"\textquotedbl{}")?,
            '`' => out.write_all(br"\textasciigrave{}")?,
            '{' | '}' | '$' | '&' | '#' | '%' | '_' => write!(out, "\\{character}")?,
            '\\' => out.write_all(br"\textbackslash{}")?,
            '^' => out.write_all(br"\textasciicircum{}")?,
            '~' => out.write_all(br"\textasciitilde{}")?,
            '<' => out.write_all(br"\textless{}")?,
            '>' => out.write_all(br"\textgreater{}")?,
            '|' => out.write_all(br"\textbar{}")?,
            // The letters that T1 fonts and utf8 input know.
            '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{ff}' => write!(out, "{character}")?,
            'Ą' | 'ą' | 'Ć' | 'ć' | 'Č' | 'č' | 'Ď' | 'ď' | 'Ę' | 'ę' | 'Ě' | 'ě' | 'Ğ' | 'ğ' | 'İ' | 'Ł' | 'ł' =>
            {
                write!(out, "{character}")?;
            }
            'Ń' | 'ń' | 'Ň' | 'ň' | 'Ő' | 'ő' | 'Œ' | 'œ' | 'Ř' | 'ř' | 'Ś' | 'ś' | 'Ş' | 'ş' | 'Š' | 'š' | 'Ť'
            | 'ť' => {
                write!(out, "{character}")?;
            }
            'Ů' | 'ů' | 'Ű' | 'ű' | 'Ź' | 'ź' | 'Ż' | 'ż' | 'Ž' | 'ž' | 'ı' => write!(out, "{character}")?,
            '\u{a0}' => out.write_all(b"~")?,
            '\u{2009}' => out.write_all(br"\,")?,
            other => match (TEXT.of(other), SIGNS.of(other)) {
                (Some(command), _) => out.write_all(command.as_bytes())?,
                (None, Some(command)) => write!(out, "\\ensuremath{{{command}}}")?,
                (None, None) => write!(out, "[U+{:04X}]", other as u32)?,
            },
        }
    }
    Ok(())
}

/// Letters of names: Greek, Cyrillic and what else only a Unicode font has stand in `\solveletter{Ж}`, which the document
/// defines by the engine that reads it; all else as [`latex`] has it.
pub fn lettered(text: &str) -> String {
    let mut out = Vec::new();
    let written = text.chars().try_for_each(|character| match character {
        letter if needs_letter(letter) => write!(out, r"\solveletter{{{letter}}}"),
        other => latex(other.encode_utf8(&mut [0; 4]), &mut out),
    });
    written.map_or_else(|_| String::new(), |()| String::from_utf8_lossy(&out).into_owned())
}

/// Whether a text has letters that the usual LaTeX fonts lack.
pub fn needs_letters(text: &str) -> bool {
    text.chars().any(needs_letter)
}

/// Letters and accents beyond those that T1 fonts have. Hexadecimal bounds: Latin with marks, Greek, Cyrillic.
fn needs_letter(letter: char) -> bool {
    let beyond = matches!(letter, '\u{100}'..='\u{24f}' | '\u{300}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}');
    let mut plain = Vec::new();
    beyond && {
        let written = latex(letter.encode_utf8(&mut [0; 4]), &mut plain);
        // A Greek letter in mathematics is no letter of a name.
        written.is_err() || !plain.starts_with(letter.encode_utf8(&mut [0; 4]).as_bytes())
    }
}

/// Combining accents and their commands.
const ACCENTS: Pairs = Pairs("\u{302}\\hat \u{303}\\tilde \u{304}\\bar \u{305}\\bar \u{307}\\dot");

/// Signs that problem texts hold, and how LaTeX writes them in text.
const TEXT: Pairs = Pairs(
    r"–-- —--- ‘` ’' “`` ”'' „\quotedblbase{} …\dots{} §\S{} Ŷ\^{Y} ŷ\^{y} Ŵ\^{W} ŵ\^{w} ẑ\^{z} ā\={a} ē\={e} ẋ\.{x}",
);

/// Signs of mathematics and their commands.
pub const SIGNS: Pairs = Pairs(
    r"°^\circ ·\cdot ⋅\cdot ×\times ÷\div ±\pm −- ≈\approx ≠\neq ≤\leq ≥\geq ∈\in ∞\infty ∂\partial ∇\nabla ∑\sum
     √\surd →\to ←\leftarrow ⊙\odot ‖\Vert ℝ\mathbb{R} ᵀ^{\mathsf{T}} ½\tfrac12 ¹^1 ⁰^0 ⁴^4 ⁵^5 ⁶^6 ⁷^7 ⁸^8 ⁹^9 ⁺^+
     ⁿ^n ⁱ^i ᵢ_i ⱼ_j ₖ_k ₘ_m ₙ_n ₜ_t ₓ_x ₊_+ ₋_- ⌊\lfloor ⌋\rfloor ⌈\lceil ⌉\rceil ⟨\langle ⟩\rangle ⇒\Rightarrow
     ⇔\Leftrightarrow ↦\mapsto ∫\int ∏\prod ∝\propto ∼\sim ≡\equiv ≪\ll ≫\gg ∀\forall ∃\exists ∉\notin ⊂\subset
     ⊆\subseteq ∪\cup ∩\cap ⊗\otimes ⊕\oplus ∘\circ ∗* ⋆\star ⊤\top ⊥\perp ′' ℓ\ell 𝟏\mathbf{1} ¼\tfrac14 ¾\tfrac34
     ϕ\phi ϵ\epsilon ²^2 ³^3 ⁻^{-} ₀_0 ₁_1 ₂_2 ₃_3 ₄_4 ₅_5 ₆_6 ₇_7 ₈_8 ₉_9 α\alpha β\beta γ\gamma δ\delta
     ε\varepsilon ζ\zeta η\eta θ\theta ι\iota κ\kappa λ\lambda μ\mu µ\mu ν\nu ξ\xi π\pi ρ\rho σ\sigma τ\tau φ\varphi
     χ\chi ψ\psi ω\omega Γ\Gamma Δ\Delta Θ\Theta Λ\Lambda Π\Pi Σ\Sigma Φ\Phi Ψ\Psi Ω\Omega οo ς\varsigma υ\upsilon
     Ξ\Xi Υ\Upsilon 𝟙\mathbf1",
);

/// Puts text into Markdown's prose and table cells.
pub fn markdown(text: &str, out: &mut dyn Write) -> Result<()> {
    let mut start_of_word = true;
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '$' | '~' | '!' => write!(out, "\\{character}")?,
            '<' => out.write_all(b"&lt;")?,
            '>' => out.write_all(b"&gt;")?,
            '&' => out.write_all(b"&amp;")?,
            // A heading, a list or a rule begins with one of these.
            '#' | '+' | '-' | '=' if start_of_word => write!(out, "\\{character}")?,
            // No line of the author's begins a line of ours.
            '\n' | '\r' | '\t' => out.write_all(b" ")?,
            other => show(other, out)?,
        }
        start_of_word = character.is_whitespace();
    }
    Ok(())
}

/// Puts text into HTML, also between quotes.
pub fn html(text: &str, out: &mut dyn Write) -> Result<()> {
    for character in text.chars() {
        match character {
            '&' => out.write_all(b"&amp;")?,
            '<' => out.write_all(b"&lt;")?,
            '>' => out.write_all(b"&gt;")?,
            '"' => out.write_all(b"&quot;")?,
            '\'' => out.write_all(b"&#39;")?,
            '\n' | '\t' => write!(out, "{character}")?,
            other => show(other, out)?,
        }
    }
    Ok(())
}

/// Puts text into plain text: the terminal gets no control characters.
pub fn text(text: &str, out: &mut dyn Write) -> Result<()> {
    for character in text.chars() {
        match character {
            '\n' | '\t' => write!(out, "{character}")?,
            other => show(other, out)?,
        }
    }
    Ok(())
}

/// One character as it can be seen: for control characters their picture (`␛`), and the code point of those that turn
/// the direction of text or take no room.
fn show(character: char, out: &mut dyn Write) -> Result<()> {
    match character {
        '\u{0}'..='\u{1f}' => write!(out, "{}", char::from_u32(0x2400 + character as u32).unwrap_or('�')),
        '\u{7f}' => out.write_all("␡".as_bytes()),
        '\u{80}'..='\u{9f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => write!(out, "[U+{:04X}]", character as u32),
        other => write!(out, "{other}"),
    }
}

/// Text in which every character can be seen, line ends too.
pub fn visible(text: &str) -> String {
    let mut out = Vec::new();
    let written = text.chars().try_for_each(|character| show(character, &mut out));
    written.map_or_else(|_| String::new(), |()| String::from_utf8_lossy(&out).into_owned())
}

/// Text as a Markdown code span: nothing in it is markup, and it does not end before its end.
pub fn code_span(text: &str) -> String {
    let text = visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let runs = text.split(|character| character != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    let needs_room = text.is_empty() || text.starts_with('`') || text.ends_with('`');
    let room = if needs_room { " " } else { "" };
    format!("{fence}{room}{text}{room}{fence}")
}

/// LaTeX between dollars in Markdown: what Markdown takes for its own is spelled as a word. A bar would end a table's
/// cell, `\,` and `\\` lose their backslash, `<` may begin a tag.
pub fn dollars(latex: &str) -> String {
    let mut out = String::with_capacity(latex.len() + latex.len() / 4);
    let mut rest = latex;
    while let Some(first) = rest.chars().next() {
        let spelled =
            first.is_ascii_punctuation().then(|| MARKDOWN_SPELLINGS.iter().find(|(own, _)| rest.starts_with(own)));
        let (written, taken) = match spelled.flatten() {
            Some((own, spelling)) => (*spelling, own.len()),
            None => (&rest[..first.len_utf8()], first.len_utf8()),
        };
        // One space is enough after a word.
        let written = if out.ends_with(' ') { written.trim_start_matches(' ') } else { written };
        out.push_str(written);
        rest = &rest[taken..];
    }
    out.trim().to_string()
}

const MARKDOWN_SPELLINGS: &[(&str, &str)] = &[
    (r"\\", r"\cr "),
    (r"\,", " "),
    (r"\;", " "),
    (r"\:", " "),
    (r"\!", ""),
    (r"\{", r"\lbrace "),
    (r"\}", r"\rbrace "),
    (r"\|", r"\Vert "),
    ("|", r"\vert "),
    ("<", r"\lt "),
    (">", r"\gt "),
    ("*", r"\ast "),
];

/// A finished Markdown document as pandoc reads mathematics: rows end with `\\`, and brackets grow by themselves.
pub fn for_pandoc(markdown: &str) -> String {
    const SPELLINGS: [(&str, &str); 5] =
        [(r"\cr", r"\\"), (r"\Bigl", r"\left"), (r"\Bigr", r"\right"), (r"\bigl", r"\left"), (r"\bigr", r"\right")];
    let mut out = String::new();
    let mut rest = markdown;
    while let Some(place) = rest.find('\\') {
        out.push_str(&rest[..place]);
        rest = &rest[place..];
        let known = SPELLINGS.iter().find(|(own, _)| is_command(rest, own));
        // What a backslash escapes is no command.
        let length = known.map_or_else(|| 1 + rest[1..].chars().next().map_or(0, char::len_utf8), |(own, _)| own.len());
        out.push_str(known.map_or(&rest[..length], |(_, spelling)| spelling));
        rest = &rest[length..];
    }
    out + rest
}

/// A part of a line that mixes mathematics and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Maths(String),
    Words(String),
}

/// Takes the words out of mathematics (`\text{…}` outside of all braces), so that a line of both can break and be set
/// as prose.
pub fn parts(latex: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut maths = String::new();
    let mut rest = latex;
    let mut depth = 0_i32;
    while let Some(first) = rest.chars().next() {
        if depth == 0
            && let Some((words, after)) = words_at(rest)
        {
            push_maths(&mut parts, &mut maths);
            push_words(&mut parts, words);
            rest = after;
            continue;
        }
        let length = if first == '\\' {
            depth += i32::from(is_command(rest, r"\begin") || is_command(rest, r"\left"))
                - i32::from(is_command(rest, r"\end") || is_command(rest, r"\right"));
            // An escaped brace does not count.
            1 + rest[1..].chars().next().map_or(0, char::len_utf8)
        } else {
            depth += i32::from(first == '{') - i32::from(first == '}');
            first.len_utf8()
        };
        maths.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    push_maths(&mut parts, &mut maths);
    parts
}

/// Whether some LaTeX begins with this command, and not with a longer one (`\left` is not `\leftarrow`).
fn is_command(latex: &str, command: &str) -> bool {
    latex.strip_prefix(command).is_some_and(|after| !after.starts_with(|next: char| next.is_ascii_alphabetic()))
}

/// Words, a comma or a colon between formulas at the beginning of some LaTeX, and what comes after.
fn words_at(latex: &str) -> Option<(&str, &str)> {
    if let Some(after) = latex.strip_prefix(r"\text{") {
        let mut depth = 1;
        let end = after.char_indices().find(|(_, character)| {
            depth += i32::from(*character == '{') - i32::from(*character == '}');
            depth == 0
        })?;
        return Some((&after[..end.0], &after[end.0 + 1..]));
    }
    [(r",\ ", ", "), (r",\quad", ", "), (r":\ ", ": ")]
        .iter()
        .find_map(|(sign, words)| Some((*words, latex.strip_prefix(sign)?)))
}

fn push_maths(parts: &mut Vec<Part>, maths: &mut String) {
    let taken = std::mem::take(maths);
    let trimmed = taken.trim();
    let Some(last) = trimmed.chars().last() else { return };
    // A comma or colon that the formula ends with belongs to the sentence.
    if matches!(last, ',' | ':' | ';') {
        parts.push(Part::Maths(trimmed[..trimmed.len() - 1].trim_end().to_string()));
        push_words(parts, &last.to_string());
    } else {
        parts.push(Part::Maths(trimmed.to_string()));
    }
}

fn push_words(parts: &mut Vec<Part>, words: &str) {
    match parts.last_mut() {
        Some(Part::Words(known)) => known.push_str(words),
        _ => parts.push(Part::Words(words.to_string())),
    }
}

/// Where a long formula may break: before `=`, `+` and `-` outside of all brackets.
pub fn breaks(latex: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut depth = 0_i32;
    let mut skip = 0;
    for (place, character) in latex.char_indices() {
        if place < skip {
            continue;
        }
        let rest = &latex[place..];
        match character {
            '\\' => {
                depth += i32::from(is_command(rest, r"\begin") || is_command(rest, r"\left"))
                    - i32::from(is_command(rest, r"\end") || is_command(rest, r"\right"));
                // The escaped character does not count.
                skip = place + 2;
            }
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            '=' | '+' | '-' if depth == 0 && has_operand(&latex[..place]) => cuts.push(place),
            _ => {}
        }
    }
    let ends = cuts.iter().skip(1).copied().chain([latex.len()]);
    cuts.iter().zip(ends).map(|(from, to)| &latex[*from..to]).collect()
}

/// Whether something stands before a sign that it can join.
fn has_operand(before: &str) -> bool {
    !before.trim_end().ends_with(['=', '+', '-', '('])
        && !before.trim().is_empty()
        && !before.trim_end().ends_with("\\approx")
}

/// A file as XML and JSON hold it.
pub fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(escape: fn(&str, &mut dyn Write) -> Result<()>, text: &str) -> String {
        let mut out = Vec::new();
        escape(text, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_command_reaches_latex() {
        let hostile = r"\input{/etc/passwd} \immediate\write18{x} \def\x{\x}\x ^^5cinput % } $x$ ~ # & _";
        let safe = escaped(latex, hostile);
        let allowed = [
            "textbackslash",
            "textasciicircum",
            "textasciitilde",
            "textquotedbl",
            "textasciigrave",
            "{",
            "}",
            "$",
            "%",
            "#",
            "&",
            "_",
        ];
        for (place, _) in safe.match_indices('\\') {
            assert!(allowed.iter().any(|own| safe[place + 1..].starts_with(own)), "{safe}");
        }
        assert!(!safe.contains("^^"));
        assert_eq!(escaped(latex, "漢\u{7}"), "[U+6F22][U+0007]");
        assert_eq!(escaped(latex, "Müller: ∂L/∂A"), r"Müller: \ensuremath{\partial}L/\ensuremath{\partial}A");
    }

    #[test]
    fn no_markup_reaches_markdown() {
        let hostile = "![x](file:a) `c` $5 and $6 | <script> *b* _i_\n# head";
        assert_eq!(
            escaped(markdown, hostile),
            r"\!\[x\](file:a) \`c\` \$5 and \$6 \| &lt;script&gt; \*b\* \_i\_ \# head"
        );
    }

    #[test]
    fn no_tag_reaches_html() {
        assert_eq!(escaped(html, "\"><img onerror='x'>"), "&quot;&gt;&lt;img onerror=&#39;x&#39;&gt;");
    }

    #[test]
    fn no_control_character_reaches_the_terminal() {
        for escape in [text, html, markdown] {
            assert_eq!(escaped(escape, "a\u{1b}b\u{202e}c\u{7f}"), "a␛b[U+202E]c␡");
        }
    }

    #[test]
    fn a_code_span_ends_where_it_ends() {
        assert_eq!(code_span("Z^T (Y - X)"), "`Z^T (Y - X)`");
        assert_eq!(code_span("a`b``c\n# d"), "```a`b``c # d```");
        assert_eq!(code_span("`"), "`` ` ``");
        assert_eq!(code_span(""), "`  `");
    }

    #[test]
    fn mathematics_in_markdown_is_spelled_in_words() {
        assert_eq!(dollars(r"\{a|b\}\,c\\d<e"), r"\lbrace a\vert b\rbrace c\cr d\lt e");
    }

    #[test]
    fn long_formulas_break_outside_of_brackets() {
        assert_eq!(breaks("L=(a-b)^2 + \\frac{c+d}{2} - -1"), ["L", "=(a-b)^2 ", "+ \\frac{c+d}{2} ", "- -1"]);
    }

    #[test]
    fn words_leave_mathematics() {
        let found = parts(r"V=A_{ij}\text{, so }\frac{\text{a}}{2},\ b=\begin{cases}1&\text{if }x\end{cases}");
        let expected = [
            Part::Maths("V=A_{ij}".into()),
            Part::Words(", so ".into()),
            Part::Maths(r"\frac{\text{a}}{2}".into()),
            Part::Words(", ".into()),
            Part::Maths(r"b=\begin{cases}1&\text{if }x\end{cases}".into()),
        ];
        assert_eq!(found, expected);
    }
}
