//! What an answer is given to, out of the words before its sign of equality.

use super::listed::is_number;
use super::table::column_target;
use crate::syntax::answer::whole_target;
use crate::syntax::ast::{AnswerTarget, TargetKind};
use crate::syntax::latex::{names_gradient, typed_target};
use crate::syntax::print::print_answer_target;
use crate::syntax::vocabulary::Vocabulary;

/// Words that may stand before an answer and say nothing against it.
const LEAD: &str = " so then hence thus therefore finally now next and also we i you get have find found obtain this that \
    it which gives give yields follows is are be the answer answers final result results solution solutions gradient \
    gradients derivative derivatives by chain rule question task part problem exercise ex to of my our think value \
    values equals formula here first second third compute calculate computed calculated wrt w.r.t respect \
    respectively error loss cost output outputs prediction predictions activation activations matrix vector layer \
    hidden bias biases weight weights total = > ";

/// Words before what is assumed rather than answered; a name of one's own may be defined so.
const CONDITIONS: &str =
    " let where with since because using use for as set define denote recall note if when assume given ";

/// Of these, the words before a value on the way that is named rather than assumed: `let Z = X W`.
const NAMING: &str = " let where with using use set define denote recall note ";

/// Words in a label that take back what it stands before.
const REJECTING: &str =
    " not no wrong incorrect instead never old first guess try tried attempt mistake false if when ";

/// Words between `gradient` and the name.
const OF: [&str; 6] = ["of", "wrt", "w.r.t.", "w.r.t", "respect", "to"];

/// Targets in the words of one problem.
#[derive(Clone, Copy)]
pub struct Heads<'v> {
    /// The names of the problem.
    pub model: &'v Vocabulary,
    /// Those, and the student's own.
    pub vocabulary: &'v Vocabulary,
}

impl Heads<'_> {
    /// The known target that a text names, and nothing else: a heading.
    pub fn named(self, text: &str) -> Option<String> {
        let text = text.trim_matches([' ', '\t', '*', '`', '_', '$', '#']).trim_end_matches([':', '=', ' ', '*', '?']);
        self.head(text).filter(|head| self.is_known(head))
    }

    /// Whether a line holds an expression in known names and nothing else.
    pub fn is_value(self, text: &str) -> bool {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        let known = |word: &str| {
            word == "T"
                || word.starts_with(|c: char| c.is_ascii_digit())
                || self.vocabulary.resolve(&crate::syntax::names::key(word)).is_some()
                || self.vocabulary.operator(word).is_some()
        };
        text.len() <= 2_000 && !text.contains(['=', ':']) && words.clone().next().is_some() && words.clone().all(known)
    }

    /// The target that a formula after some words is: `The gradient with respect to $W_2$`.
    pub fn formula(self, before: &str, formula: &str) -> Option<AnswerTarget> {
        let words = before.trim_matches(['*', ' ', '`', '-']).to_lowercase();
        let last = words.split_whitespace().next_back().unwrap_or("");
        let derived = words.contains("gradient") || words.contains("derivative");
        let name: String = formula.chars().filter(|c| !matches!(c, '_' | '{' | '}' | ' ' | '\\')).collect();
        let rejects = |word: &str| is_in(REJECTING, word);
        match (OF.contains(&last), derived) {
            (true, true) => Some(format!("d{name}")).filter(|head| self.is_known(head)).and_then(|head| target(&head)),
            (true, false) => None,
            _ if words.split_whitespace().any(rejects) => None,
            _ => column_target(&format!("${formula}$"), self.model)
                .filter(|target| self.model.resolve(&target.name.key()).is_some()),
        }
    }

    pub fn is_known(self, head: &str) -> bool {
        target(head).is_some_and(|target| self.knows(&target))
    }

    fn knows(self, target: &AnswerTarget) -> bool {
        let named = || self.model.resolve(&target.name.key()).is_some() || self.model.is_asked(&target.name.text);
        target.kind != TargetKind::Plain || named()
    }

    /// A name of a value with more than one entry.
    pub fn is_list(self, head: &str) -> bool {
        target(head).is_some_and(|target| self.model.is_list(&target.name.key()))
    }

    /// A value that the problem gives.
    pub fn is_given(self, head: &str) -> bool {
        target(head).is_some_and(|target| self.model.is_given(&target.name.key()))
    }

    /// Whether what a target names is asked for, and the target does not say where.
    pub fn is_open(self, head: &str) -> bool {
        target(head).is_some_and(|target| {
            let key = target.name.key();
            let open = target.at.is_empty() && target.arguments.is_empty();
            open && self.knows(&target) && !self.model.is_given(&key) && !self.model.is_step(&key)
        })
    }

    /// Words before a colon that say what follows: `ReLU: dK = …`.
    pub fn is_label(self, text: &str) -> bool {
        const WORDS: usize = 8;
        let words: Vec<&str> = text.split_whitespace().collect();
        let plain = |word: &&str| word.chars().all(|c| c.is_alphanumeric() || "-_()*'".contains(c));
        let rejects = |word: &&str| is_in(REJECTING, &word.to_lowercase());
        words.len() <= WORDS && words.iter().all(plain) && !words.iter().any(rejects)
    }

    /// Whether all words may stand before an answer, or number it.
    pub fn leads(self, text: &str) -> bool {
        let listed = |word: &str| {
            let bare = word.trim_matches([',', '.', ':', '(', ')', '*']).to_lowercase();
            let marked = bare.len() < word.len();
            let word = bare;
            word.is_empty()
                || is_in(LEAD, &word)
                || word.len() <= 4 && word.starts_with(|c: char| c.is_ascii_digit())
                || word.len() == 1 && marked
                || word.len() <= 3 && word.starts_with('q') && word[1..].bytes().all(|byte| byte.is_ascii_digit())
        };
        text.split_whitespace().all(listed)
    }

    /// The target that a text ends with, in the language's own spelling.
    pub fn head(self, text: &str) -> Option<String> {
        const WORDS: usize = 16;
        let whole = self.without_shape(text.trim());
        let begins =
            whole.char_indices().filter(|(at, c)| *at > 0 && c.is_whitespace()).map(|(at, c)| at + c.len_utf8());
        for begin in [0].into_iter().chain(begins).take(WORDS) {
            let (lead, name) = (&whole[..begin], whole[begin..].trim());
            let (told, condition) = without_condition(lead);
            if !self.leads(&told) && !names_gradient(lead) {
                continue;
            }
            let Some(spelled) = self.spelled(name) else { continue };
            if condition && self.is_known(&spelled) && !names_a_step(lead) {
                return None;
            }
            let last = lead.split_whitespace().next_back().unwrap_or("").to_lowercase();
            let of = OF.contains(&last.as_str());
            let derived = lead.to_lowercase().contains("gradient") || lead.to_lowercase().contains("derivative");
            return match (of, derived, spelled.starts_with('d')) {
                (true, true, false) => Some(format!("d{spelled}")).filter(|name| self.is_known(name)),
                (true, false, _) => None,
                _ => Some(spelled),
            };
        }
        None
    }

    /// `dW2 (H x D)` is `dW2`.
    pub fn without_shape(self, text: &str) -> &str {
        let bracket = text.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
        match bracket {
            Some((name, inside)) if self.is_remark(inside) => name.trim_end(),
            _ => text,
        }
    }

    /// A target in other spellings of a gradient: `∇W2`, `∇_{W2} L`, `grad W2`, `δL/δW2`, `d(L)/d(W2)`, `W2.grad`, `dL_dW2`.
    pub fn spelled(self, text: &str) -> Option<String> {
        if let Some(name) = self.counted(text).or_else(|| self.shaped(text)) {
            return Some(name);
        }
        let whole = target(text);
        if whole.as_ref().is_some_and(|target| !target.at.is_empty() || self.knows(target)) {
            return Some(text.to_owned());
        }
        if let Some(found) = typed_target(text, self.model).filter(|found| self.knows(found) || is_whole(found)) {
            return Some(self.shown(found));
        }
        // A name of the student's own, in one word: `dW2 of L` is known, `gradient of W2` is no name.
        whole.filter(|_| !text.contains(char::is_whitespace) || text.contains(['(', '[', '/'])).map(|_| text.to_owned())
    }

    /// A target in few letters: it is put in the place of what was written.
    fn shown(self, mut target: AnswerTarget) -> String {
        let loss = target.of.as_ref().is_some_and(|of| Some(of.key().as_str()) == self.model.only_loss());
        target.of = target.of.filter(|_| !loss);
        match target.kind {
            TargetKind::Hessian if target.entry.is_empty() && !self.model.is_model_value("H") => "H".to_owned(),
            _ if is_whole(&target) => "grad".to_owned(),
            _ => print_answer_target(&target),
        }
    }

    /// A thing by its kind alone, where nothing else of the kind is asked for: `The gradient`, `Hessian`.
    pub fn kind(self, words: &str) -> Option<AnswerTarget> {
        const KINDS: [(&str, &str); 3] = [("gradient", "gradient"), ("hessian", "H"), ("jacobian", "J")];
        let small = words.to_lowercase();
        let mut told =
            small.split_whitespace().filter(|word| !matches!(*word, "the" | "our" | "final" | "thus" | "so"));
        let word = told.next().filter(|_| told.next().is_none())?;
        let (_, name) = KINDS.iter().find(|(kind, name)| *kind == word && !self.model.is_model_value(name))?;
        target(name)
    }

    /// `params` of `total number of parameters` and its like.
    fn counted(self, text: &str) -> Option<String> {
        const AROUND: &str = " the total number no. of all learnable trainable free model count params: ";
        if !self.model.is_asked("params") {
            return None;
        }
        let small = text.to_lowercase().replace(['#', '_'], " ");
        let mut left = small.split_whitespace().filter(|word| !is_in(AROUND, word));
        let counts = |word: &str| matches!(word, "parameters" | "params" | "parameter" | "nparams" | "numparams");
        (left.next().is_some_and(counts) && left.next().is_none()).then(|| "params".to_owned())
    }

    /// `shape of J` of `shape(J)`, `dim(J)`, `size of J`.
    fn shaped(self, text: &str) -> Option<String> {
        let small = text.to_lowercase();
        let word = ["shape", "dimensions", "dim", "size"].iter().find(|word| small.starts_with(**word))?;
        let rest = text[word.len()..].trim();
        let rest = rest.strip_prefix("of ").unwrap_or(rest).trim();
        let name = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(rest).trim();
        let shape = format!("shape of {name}");
        self.model.asked().any(|(_, asked)| asked == shape).then_some(shape)
    }

    /// Whether words follow, rather than a value.
    pub fn begins_remark(self, text: &str) -> bool {
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or("");
        // `as shown`, where the problem has an `a` and an `s`.
        let short =
            first.bytes().all(|byte| byte.is_ascii_lowercase()) && words.next().is_some_and(|word| self.is_prose(word));
        self.is_prose(first) || short || first == "sum" && matches!(text.split_whitespace().nth(1), Some("over" | "of"))
    }

    /// Words that are no names, or a shape of known sizes.
    pub fn is_remark(self, inside: &str) -> bool {
        if inside.trim() == "rounded" || inside.starts_with("sum over") || inside.starts_with("summed over") {
            return true;
        }
        let number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        for sign in [" x ", " by ", "x", "×"] {
            if let Some((rows, columns)) = inside.split_once(sign) {
                let sides = [rows.trim(), columns.trim()];
                // `5 (3 × 2)` is a product.
                let numbers = sides.iter().all(|side| number(side)) && sign == "×";
                if !numbers && sides.iter().all(|side| number(side) || self.vocabulary.is_size(side)) {
                    return true;
                }
            }
        }
        let words: Vec<&str> = inside.split_whitespace().collect();
        const REASONS: [&str; 7] = ["by", "from", "using", "because", "since", "see", "via"];
        let letters = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if words.len() > 2 && words[0].len() > 1 && REASONS.contains(&words[0]) && words.iter().all(letters) {
            return true;
        }
        let long = |word: &&str| word.len() > 3 && self.is_prose(word);
        words.len() > 1
            && (words.len() > 2 || words.iter().any(long))
            && words.iter().all(|word| self.is_prose(word) || is_number(word) || matches!(*word, "a" | "I"))
            && words.iter().filter(|word| self.is_prose(word)).nth(1).is_some()
    }

    /// Whether a word is none of the names, the operators, or a product of names.
    pub fn is_prose(self, word: &str) -> bool {
        let word = word.trim_matches([',', '.', ':', '!', '?', '\'']);
        let letters = word.split('-').all(|part| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
        letters && self.vocabulary.operator(word).is_none() && !self.is_product(word)
    }

    /// Whether a word can be parted into known names.
    fn is_product(self, word: &str) -> bool {
        const LONGEST: usize = 24;
        if !word.is_ascii() || word.len() > LONGEST {
            return false;
        }
        let mut reached = vec![false; word.len() + 1];
        reached[0] = true;
        for end in 1..=word.len() {
            reached[end] = (0..end).any(|begin| reached[begin] && self.vocabulary.resolve(&word[begin..end]).is_some());
        }
        reached[word.len()]
    }
}

/// `∇f`: with respect to all that is asked for.
fn is_whole(target: &AnswerTarget) -> bool {
    target.kind == TargetKind::Plain && target.name.text.starts_with("gradient")
}

/// The words before an answer without those of a condition, and whether there are such.
fn without_condition(lead: &str) -> (String, bool) {
    let condition = |word: &&str| is_in(CONDITIONS, &word.to_lowercase());
    let told: Vec<&str> = lead.split_whitespace().filter(|word| !condition(word)).collect();
    (told.join(" "), lead.split_whitespace().any(|word| condition(&word)))
}

fn names_a_step(lead: &str) -> bool {
    let small = lead.to_lowercase();
    small.split_whitespace().all(|word| !is_in(CONDITIONS, word) || is_in(NAMING, word))
}

/// Whether a word is one of a list, in which blanks stand before and after each.
fn is_in(words: &str, word: &str) -> bool {
    words.match_indices(word).any(|(at, _)| words[..at].ends_with(' ') && words[at + word.len()..].starts_with(' '))
}

fn target(text: &str) -> Option<AnswerTarget> {
    let plausible = text.starts_with(|c: char| !c.is_ascii_punctuation() || "_$#".contains(c)) && text.len() <= 200;
    plausible.then(|| whole_target(text)).flatten()
}
