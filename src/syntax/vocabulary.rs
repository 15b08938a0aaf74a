//! The names that an answer may use, so that what stands without a space (`ZW2`) can be told apart.

use super::ast::Name;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Words before a name that make its gradient of it.
const GRADIENT_WORDS: [&str; 5] = ["d", "delta", "grad", "nabla", "partial"];

/// Bytes of the longest of them.
const LONGEST_WORD: usize = 7;

/// Usual names of a scalar loss.
const LOSS_NAMES: [&str; 10] = ["L", "J", "E", "ell", "loss", "Loss", "cost", "Ltotal", "Ltot", "Jtotal"];

/// Other words for operators.
const OPERATOR_WORDS: [(&str, &str); 11] = [
    ("sigma", "sigmoid"),
    ("Sigma", "sum"),
    ("σ", "sigmoid"),
    ("Tr", "trace"),
    ("absolute", "abs"),
    ("lb", "log2"),
    ("log_2", "log2"),
    ("log₂", "log2"),
    ("log_10", "log10"),
    ("log₁₀", "log10"),
    ("log_e", "log"),
];

/// Known names by key ([`Name::key`]), and the operators that a call may use.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// What all students have in common.
    known: Arc<Known>,
    /// Names that this student gave.
    own: Arc<BTreeSet<String>>,
    /// Those of one piece of the text, which the others don't know.
    local: Option<BTreeSet<String>>,
    /// Bytes of the longest word that stands for something.
    longest: usize,
    /// Definitions of LaTeX commands that lie beside a submission.
    preamble: Option<Arc<str>>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    values: BTreeSet<String>,
    losses: BTreeSet<String>,
    /// The names of dimensions, which are values too.
    sizes: BTreeSet<String>,
    /// What is differentiated with respect to where only one can be meant, as in `f'`.
    variable: Option<String>,
    /// Values between the given ones and those that are asked for.
    steps: BTreeSet<String>,
    /// Given values that are not asked for.
    given: BTreeSet<String>,
    /// What each value of the model is made of.
    made: BTreeMap<String, BTreeSet<String>>,
    /// Values of the model that are one function of something: `sigmoid` of `g = sigmoid(eta)`.
    applied: BTreeMap<String, String>,
    /// Values with more than one entry.
    lists: BTreeSet<String>,
    /// What is asked for, as answer files name it, with the number of its task.
    asked: Vec<(usize, String)>,
    /// The targets of one-hot rows, where there is one.
    one_hot: Option<String>,
    /// As the problem is called.
    id: Option<String>,
    /// The words of the problem's title.
    title: BTreeSet<String>,
    /// The part of a submission that answers it, as it is called there, if that was said.
    part: Option<String>,
    /// The operators of the model.
    used: BTreeSet<String>,
    /// Losses that are one operator of the variable: `\sigma'(z)` is the gradient of `s = sigmoid(z)`.
    functions: BTreeMap<String, String>,
    operators: BTreeSet<String>,
    /// Operators by their names in small letters.
    folded: BTreeMap<String, String>,
}

/// What a run of letters is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// A name of the vocabulary itself.
    Value,
    /// `d`, `delta`, `grad` and the like before a name of the vocabulary.
    Gradient,
}

impl Vocabulary {
    /// `values` are keys or spellings of names: of the model, its aliases, its dimensions.
    pub fn new<'n, 'o>(
        values: impl IntoIterator<Item = &'n str>,
        operators: impl IntoIterator<Item = &'o str>,
    ) -> Vocabulary {
        let operators: BTreeSet<String> = operators.into_iter().map(str::to_owned).collect();
        let folded = operators.iter().map(|name| (name.to_lowercase(), name.clone())).collect();
        let values: BTreeSet<String> = values.into_iter().map(super::names::key).collect();
        let longest = values.iter().chain(&operators).map(String::len).max().unwrap_or(0) + LONGEST_WORD;
        let known = Known { values, operators, folded, ..Known::default() };
        Vocabulary { known: Arc::new(known), longest, ..Vocabulary::default() }
    }

    /// No longer word (in bytes) stands for anything.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// The names of scalars that gradients may be of.
    pub fn with_losses<'n>(mut self, losses: impl IntoIterator<Item = &'n str>) -> Vocabulary {
        Arc::make_mut(&mut self.known).losses.extend(losses.into_iter().map(super::names::key));
        self
    }

    /// The names of dimensions.
    pub fn with_sizes<'n>(mut self, sizes: impl IntoIterator<Item = &'n str>) -> Vocabulary {
        Arc::make_mut(&mut self.known).sizes.extend(sizes.into_iter().map(super::names::key));
        self
    }

    /// The only variable that gradients are taken with respect to, and the losses that are one operator of it.
    pub fn with_variable<'n>(
        mut self,
        variable: &str,
        functions: impl IntoIterator<Item = (&'n str, &'n str)>,
    ) -> Vocabulary {
        let known = Arc::make_mut(&mut self.known);
        known.variable = Some(variable.to_owned());
        let owned = |(operator, loss): (&str, &str)| (operator.to_owned(), super::names::key(loss));
        known.functions.extend(functions.into_iter().map(owned));
        self
    }

    /// Names by what they are to a student: values on the way, which may be defined again, and given ones.
    pub fn with_parts(
        mut self,
        steps: impl Iterator<Item = String>,
        given: impl Iterator<Item = String>,
    ) -> Vocabulary {
        let known = Arc::make_mut(&mut self.known);
        known.steps.extend(steps);
        known.given.extend(given);
        self
    }

    /// What the model's values are made of: `g(\eta)` is `g`.
    pub fn with_made(mut self, made: impl Iterator<Item = (String, BTreeSet<String>)>) -> Vocabulary {
        Arc::make_mut(&mut self.known).made.extend(made);
        self
    }

    /// The values of the model that are one function of something, with the function.
    pub fn with_applied(mut self, applied: impl Iterator<Item = (String, String)>) -> Vocabulary {
        Arc::make_mut(&mut self.known).applied.extend(applied);
        self
    }

    /// The function that a value of the model is the value of.
    pub(super) fn applied(&self, key: &str) -> Option<&str> {
        self.known.applied.get(key).map(String::as_str)
    }

    /// Whether a value of the model is a function of these.
    pub(super) fn is_made_of(&self, key: &str, names: &[String]) -> bool {
        // `h(x)` of a model of `x_1` and `x_2`
        let numbered = |of: &str, name: &str| {
            of.strip_prefix(name).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let holds = |made: &BTreeSet<String>, name: &str| made.iter().any(|of| numbered(of, name));
        self.known.made.get(key).is_some_and(|made| !names.is_empty() && names.iter().all(|name| holds(made, name)))
    }

    /// The names of values with more than one entry.
    pub fn with_lists(mut self, lists: impl Iterator<Item = String>) -> Vocabulary {
        Arc::make_mut(&mut self.known).lists.extend(lists);
        self
    }

    /// What is asked for, as answer files name it, each with the number of its task.
    pub fn with_asked(mut self, asked: impl Iterator<Item = (usize, String)>) -> Vocabulary {
        Arc::make_mut(&mut self.known).asked.extend(asked);
        self
    }

    /// The title of the problem, and its only one-hot target.
    pub fn with_problem(mut self, title: &str, one_hot: Option<String>) -> Vocabulary {
        let known = Arc::make_mut(&mut self.known);
        known.title = title_words(title).collect();
        known.one_hot = one_hot;
        self
    }

    /// Cells of a notebook that say that they are of another problem are none of this one.
    pub fn with_id(mut self, id: &str) -> Vocabulary {
        Arc::make_mut(&mut self.known).id = Some(id.to_owned());
        self
    }

    /// As the problem is called, where that was said.
    pub(super) fn problem(&self) -> Option<&str> {
        self.known.id.as_deref()
    }

    /// Of each submission the part that is called so (`2`, `2b`) answers the problem.
    pub fn with_part(mut self, part: Option<String>) -> Vocabulary {
        Arc::make_mut(&mut self.known).part = part;
        self
    }

    /// A submission is read with the commands that these texts define: those of files that it takes in.
    pub fn with_preamble(mut self, preamble: &str) -> Vocabulary {
        self.preamble = Some(preamble.into());
        self
    }

    pub(super) fn preamble(&self) -> &str {
        self.preamble.as_deref().unwrap_or("")
    }

    pub(super) fn part(&self) -> Option<&str> {
        self.known.part.as_deref()
    }

    /// What is asked for, by the number of its task.
    pub(super) fn asked(&self) -> impl Iterator<Item = (usize, &str)> {
        self.known.asked.iter().map(|(task, name)| (*task, name.as_str()))
    }

    /// Whether a name by itself is asked for.
    pub(super) fn is_asked(&self, name: &str) -> bool {
        let own = super::names::key(name);
        self.asked().any(|(_, asked)| super::names::key(asked.split(' ').next().unwrap_or(asked)) == own)
    }

    /// The operators that the model is made of.
    pub fn with_used(mut self, used: impl Iterator<Item = String>) -> Vocabulary {
        Arc::make_mut(&mut self.known).used.extend(used);
        self
    }

    pub(super) fn is_used(&self, operator: &str) -> bool {
        self.known.used.contains(operator)
    }

    pub(super) fn one_hot(&self) -> Option<&str> {
        self.known.one_hot.as_deref()
    }

    /// How many words a heading has in common with the problem's title.
    pub(super) fn titled(&self, heading: &str) -> usize {
        title_words(heading).collect::<BTreeSet<_>>().intersection(&self.known.title).count()
    }

    /// The only loss.
    pub(super) fn only_loss(&self) -> Option<&str> {
        self.known.losses.first().filter(|_| self.known.losses.len() == 1).map(String::as_str)
    }

    pub(super) fn is_step(&self, key: &str) -> bool {
        self.known.steps.contains(key)
    }

    pub(super) fn is_given(&self, key: &str) -> bool {
        self.known.given.contains(key)
    }

    /// Whether a value has more than one entry.
    pub(super) fn is_list(&self, key: &str) -> bool {
        self.resolve(key).is_some_and(|(name, _)| self.known.lists.contains(&name))
    }

    /// Whether a value has one entry, as far as that is known.
    pub(super) fn is_scalar(&self, key: &str) -> bool {
        !self.known.lists.is_empty() && self.is_model_value(key) && !self.is_list(key)
    }

    pub(super) fn is_size(&self, name: &str) -> bool {
        self.known.sizes.contains(&super::names::key(name))
    }

    pub(super) fn variable(&self) -> Option<&str> {
        self.known.variable.as_deref()
    }

    /// Adds a name that the student gave, if it stands for nothing yet.
    pub fn learn(&mut self, name: &Name) {
        let key = name.key();
        if !key.is_empty() && self.resolve(&key).is_none() {
            self.longest = self.longest.max(key.len() + LONGEST_WORD);
            self.local.as_mut().unwrap_or_else(|| Arc::make_mut(&mut self.own)).insert(key);
        }
    }

    /// The same names, and room for those of one piece of the text: nothing is copied.
    pub(super) fn within(&self) -> Vocabulary {
        Vocabulary { local: Some(self.local.clone().unwrap_or_default()), ..self.clone() }
    }

    /// The known name that a key stands for, and in which sense.
    pub fn resolve(&self, key: &str) -> Option<(String, Sense)> {
        if self.is_value(key) {
            return Some((key.to_owned(), Sense::Value));
        }
        let gradient = |word: &&str| key.strip_prefix(*word).filter(|rest| self.is_value(rest));
        let of = GRADIENT_WORDS.iter().find_map(gradient).map(str::to_owned).or_else(|| self.barred(key))?;
        Some((format!("d{of}"), Sense::Gradient))
    }

    /// `z` of `zbar`, the error signal of `z`; the mean of given data has a bar too.
    fn barred(&self, key: &str) -> Option<String> {
        // `Wbar3` of `\\overline{W}_3`
        let (stem, digits) = key.split_at(key.trim_end_matches(|c: char| c.is_ascii_digit()).len());
        let of = format!("{}{digits}", stem.strip_suffix("bar")?);
        let error = self.is_model_value(&of) && (self.is_step(&of) || self.is_asked(&format!("d{of}")));
        error.then_some(of)
    }

    /// A name's sense in a run of letters. Who calls a value of his own `δ` means a product by `δW`.
    pub(super) fn resolve_part(&self, key: &str) -> Option<(String, Sense)> {
        let product = key.starts_with("delta") && self.is_own("delta");
        let found = self.resolve(key).filter(|(_, sense)| *sense == Sense::Value || !product);
        // `\lambda I`: every textbook's identity.
        found.or_else(|| (key == "I").then(|| (key.to_owned(), Sense::Value)))
    }

    /// What a key stands for in the problem itself.
    pub(super) fn resolve_model(&self, key: &str) -> Option<(String, Sense)> {
        self.without_own().resolve(key)
    }

    /// What all students have in common.
    pub(super) fn without_own(&self) -> Vocabulary {
        Vocabulary { known: Arc::clone(&self.known), longest: self.longest, ..Vocabulary::default() }
    }

    pub fn is_value(&self, key: &str) -> bool {
        self.known.values.contains(key) || self.is_own(key)
    }

    fn is_own(&self, key: &str) -> bool {
        self.own.contains(key) || self.local.as_ref().is_some_and(|local| local.contains(key))
    }

    /// Whether the vocabulary had the name before the student gave any.
    pub(super) fn is_model_value(&self, key: &str) -> bool {
        self.known.values.contains(key)
    }

    /// The operator that a word is, whatever its capitals.
    pub fn operator(&self, word: &str) -> Option<&str> {
        if let Some(exact) = self.known.operators.get(word) {
            return Some(exact);
        }
        let meant = OPERATOR_WORDS.iter().find(|(known, _)| *known == word).map_or(word, |(_, name)| *name);
        let folded = self.known.folded.get(&meant.to_lowercase()).map(String::as_str);
        folded.filter(|_| meant.chars().count() > 1)
    }

    /// The loss that a name is: one of the vocabulary, or a usual name of the only one.
    pub fn loss(&self, key: &str) -> Option<String> {
        let losses = &self.known.losses;
        if losses.contains(key) {
            return Some(key.to_owned());
        }
        if let Some(loss) = self.known.functions.get(key) {
            return Some(loss.clone());
        }
        // `J_\lambda`, `L_{reg}`, but not the loss `J_i` of one example.
        let below = |name: &str| {
            key.strip_prefix(name).is_some_and(|rest| {
                rest.len() > 1 && rest.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
            })
        };
        let named = LOSS_NAMES.contains(&key)
            || losses.len() == 1 && ["L", "J", "ell"].into_iter().chain(losses.first().map(String::as_str)).any(below);
        let usual = named && (losses.is_empty() || !self.is_model_value(key));
        let only = losses.first().filter(|_| losses.len() == 1).map_or(key, String::as_str);
        usual.then(|| only.to_owned())
    }
}

/// The words of a title that say what it is about, in small letters.
fn title_words(title: &str) -> impl Iterator<Item = String> {
    let words = title.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| word.chars().count() > 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_gradients_and_operators_are_known_by_their_keys() {
        let vocabulary = Vocabulary::new(["W_2", "Z", "θ"], ["relu", "sigmoid", "CE"]);
        let gradient = |text: &str| Some((text.to_owned(), Sense::Gradient));
        assert_eq!(vocabulary.resolve("W2"), Some(("W2".to_owned(), Sense::Value)));
        assert_eq!(vocabulary.resolve("dW2"), gradient("dW2"));
        assert_eq!(vocabulary.resolve("deltatheta"), gradient("dtheta"));
        assert_eq!(vocabulary.resolve("Q"), None);
        assert_eq!(vocabulary.operator("ReLU"), Some("relu"));
        assert_eq!(vocabulary.operator("sigma"), Some("sigmoid"));
        assert_eq!(vocabulary.operator("Z"), None);
    }
}
