use crate::syntax::Means::Line;
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording { said: &["<show>[ that] {equation}", "show that {equation}[ holds]"], means: Line("show {0}") },
];
