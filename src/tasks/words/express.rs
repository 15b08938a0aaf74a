use crate::syntax::Means::Line;
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &[
            "(express|write|rewrite|give|state|write down|find) {name} (in terms of|as a function of|through|using|by|with|in|via|as function of) {names}[ only| alone]",
            "(express|write|rewrite) {name} only (in terms of|as a function of|through|using|by|with|in) {names}",
        ],
        means: Line("express {0} in {1}"),
    },
    Wording {
        said: &["(express|simplify|expand|write out|multiply out|substitute into|write down) {line}", "(find|give|state|derive) formula for {line}"],
        means: Line("express {0} in {leaves0}"),
    },
    Wording { said: &["simplify {expression}"], means: Line("give {0} as value") },
];
