//! Which characters the language has, and what to say of the others.

use crate::diagnostic::Diagnostic;
use crate::span::Span;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Characters, each with something that is said of it right behind it, with spaces between.
#[derive(Clone, Copy, Debug)]
pub struct Pairs(pub &'static str);

impl Pairs {
    pub fn iter(self) -> impl Iterator<Item = (char, &'static str)> {
        self.0.split_ascii_whitespace().filter_map(|pair| {
            let mut rest = pair.chars();
            Some((rest.next()?, rest.as_str()))
        })
    }

    /// What is said of a character.
    pub fn of(self, character: char) -> Option<&'static str> {
        self.0.split_ascii_whitespace().find_map(|pair| pair.strip_prefix(character))
    }

    /// The first character of which this is said.
    pub fn saying(self, what: &str) -> Option<char> {
        self.iter().find(|(_, said)| *said == what).map(|(character, _)| character)
    }
}

/// Letters with an accent that a name may have, as its letter and the accent's name.
pub const ACCENTED: Pairs = Pairs(
    "âahat ĉchat êehat ĝghat ĥhhat îihat ĵjhat ôohat ŝshat ûuhat ŵwhat ŷyhat ẑzhat ĈChat ĜGhat ĤHhat ĴJhat ŜShat
     ŴWhat ŶYhat ẐZhat āabar ēebar ūubar ȳybar ãatilde ñntilde õotilde ũutilde ṽvtilde ỹytilde ẋxdot ẏydot żzdot",
);

/// Combining accents and their names.
pub const ACCENTS: Pairs = Pairs("\u{302}hat \u{303}tilde \u{304}bar \u{305}bar \u{307}dot");

/// Greek letters and their names; capitals that look like Latin ones are left out, as is omicron.
pub const GREEK: Pairs = Pairs(
    "αalpha βbeta γgamma δdelta εepsilon ϵepsilon ζzeta ηeta θtheta ϑtheta ιiota κkappa λlambda μmu µmu νnu ξxi πpi
     ϖpi ρrho ϱrho σsigma ςsigma τtau υupsilon φphi ϕphi χchi ψpsi ωomega ΓGamma ΔDelta ΘTheta ΛLambda ΞXi ΠPi ΣSigma
     ΦPhi ΨPsi ΩOmega",
);

/// The Greek letter of a name: the first where several have it. Every name that is shown asks.
pub fn greek(name: &str) -> Option<char> {
    static BY_NAME: LazyLock<HashMap<&str, char>> = LazyLock::new(|| {
        GREEK.iter().fold(HashMap::new(), |mut letters, (letter, name)| {
            letters.entry(name).or_insert(letter);
            letters
        })
    });
    BY_NAME.get(name).copied()
}

/// Operators and the like beyond ASCII.
const SYMBOLS: &str = "−–×·⋅∗⊙∘⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ⊤½≥≤≠√∑∏𝟏𝟙₀₁₂₃₄₅₆₇₈₉";

const SPACES: &str = "\u{A0}\u{202F}\u{205F}\u{3000}";

/// Characters that are easily taken for another one: Cyrillic, Greek, signs.
const LOOK_ALIKES: Pairs = Pairs(
    "аa еe оo рp сc уy хx іi јj ѕs ԁd ԛq ԝw һh АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM
     ΝN ΟO ΡP ΤT ΥY ΧX οo ıi İI ſs \u{212A}K \u{212B}A \u{2126}Ω ℓl ∆Δ ‐- ‑- ‒- —- ―- ﹣- ∕/ ⁄/ ÷/ •* ∙* ⋆* ★* ✕*
     ✖* ⨯* ˆ^ ∣| “\" ”\" „\" «\" »\" ‘' ’' ′' ´' ‚, ،, 、, ；; ∶: ⟨( ⟩) ⊗.*",
);

/// What is wrong with a character that stands outside quotes and comments, if something is.
pub fn judge(character: char, offset: usize) -> Option<Diagnostic> {
    if is_plain(character) {
        return None;
    }
    let point = format!("U+{:04X}", character as u32);
    let span = Span::new(offset, offset + character.len_utf8());
    if is_invisible(character) {
        let message = format!("an invisible character ({point}) stands here");
        return Some(Diagnostic::error("E-invisible", message).at(span, point).help("delete it"));
    }
    if let Some(twin) = looks_like(character) {
        let message = format!("`{character}` ({point}) is not `{twin}`, it only looks like it");
        let help = format!("type `{twin}`");
        return Some(Diagnostic::error("E-lookalike", message).at(span, format!("{point}, not `{twin}`")).help(help));
    }
    let message = format!("`{character}` ({point}) has no meaning here");
    let mut diagnostic = Diagnostic::error("E-character", message).at(span, point);
    if character == '∂' {
        diagnostic = diagnostic.help("`dW1` is the gradient of the loss with respect to `W1`");
    } else if character.is_alphabetic() {
        diagnostic =
            diagnostic.help("names are of the letters a to z, A to Z and Greek ones; other text goes in quotes");
    }
    Some(diagnostic)
}

/// Signs that answers may have and problems may not.
const ANSWER_SIGNS: &str = "∂≈≡≃←⊗‖’′″∞÷⟨⟩";

/// As [`judge`], for answers.
pub fn judge_answer(character: char, offset: usize) -> Option<Diagnostic> {
    if ANSWER_SIGNS.contains(character) { None } else { judge(character, offset) }
}

/// What is wrong with a character inside quotes or a comment: prose may join its letters, but nothing may turn
/// the direction of the text around it, or end a line unseen.
pub fn judge_prose(character: char, offset: usize) -> Option<Diagnostic> {
    let turns = matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    let control = character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{C}');
    if turns || control { judge(character, offset) } else { None }
}

fn is_plain(character: char) -> bool {
    match character {
        ' '..='~' | '\t' | '\n' | '\r' | '\u{C}' => true,
        '\u{2000}'..='\u{200A}' => true,
        _ => {
            SYMBOLS.contains(character)
                || SPACES.contains(character)
                || [GREEK, ACCENTED, ACCENTS].iter().any(|table| table.of(character).is_some())
        }
    }
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{FEFF}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

/// The character of the language that this one is easily taken for.
fn looks_like(character: char) -> Option<String> {
    if let Some(twin) = LOOK_ALIKES.of(character) {
        return Some((*twin).to_owned());
    }
    let code = character as u32;
    if (0xFF01..=0xFF5E).contains(&code) {
        return char::from_u32(code - 0xFEE0).map(String::from);
    }
    if (0x1D400..=0x1D6A3).contains(&code) {
        let letter = (code - 0x1D400) % 52;
        let first = if letter < 26 { b'A' } else { b'a' - 26 };
        return Some(char::from(first + letter as u8).to_string());
    }
    if (0x1D7CE..=0x1D7FF).contains(&code) {
        return Some(char::from(b'0' + ((code - 0x1D7CE) % 10) as u8).to_string());
    }
    digit_of_other_script(code).map(|digit| digit.to_string())
}

/// The value of a decimal digit that is not 0 to 9: each block begins at its zero.
fn digit_of_other_script(code: u32) -> Option<u32> {
    const ZEROS: &[u32] = &[
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0xF20,
        0x1040, 0x17E0, 0x1810,
    ];
    ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)).map(|zero| code - zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(character: char) -> Option<&'static str> {
        judge(character, 0).map(|diagnostic| diagnostic.code)
    }

    #[test]
    fn the_language_s_own_characters_pass() {
        assert!("aZ09_+-*/^'\"#θΣŷ₁²ᵀ⊙×−½𝟙\u{302}\u{A0}".chars().all(|character| code(character).is_none()));
    }

    #[test]
    fn the_others_are_named() {
        for character in ['\u{202E}', '\u{200D}', '\u{200B}', '\u{1}', '\u{2028}', '\u{E0041}'] {
            assert_eq!(code(character), Some("E-invisible"), "{character:?}");
        }
        for (character, twin) in [('А', "A"), ('Α', "A"), ('３', "3"), ('٣', "3"), ('—', "-"), ('𝐖', "W"), ('“', "\"")]
        {
            let diagnostic = judge(character, 0).unwrap();
            assert_eq!(diagnostic.code, "E-lookalike", "{character:?}");
            assert!(diagnostic.message.contains(&format!("U+{:04X}", character as u32)), "{}", diagnostic.message);
            assert!(diagnostic.help[0].contains(twin));
        }
        assert_eq!(code('∂'), Some("E-character"));
        assert_eq!(code('名'), Some("E-character"));
    }

    #[test]
    fn prose_may_be_of_any_script_but_not_turn_the_text() {
        assert!("名 — “é” 👩\u{200D}🔬".chars().all(|character| judge_prose(character, 0).is_none()));
        assert!(judge_prose('\u{202E}', 0).is_some());
        assert!(judge_prose('\u{0}', 0).is_some());
    }
}
