use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &["[which of: ](is|are) {name}[ a] {property}[ function] (in|<wrt>|as a function of|of) {names}"],
        means: Line("is {0} {1} in {2}"),
    },
    Wording {
        said: &["(is|are) {line}[ a] {property}[ function]", "{line} is[ a] {property}[ function]"],
        means: Line("is {0} {1} in {param0}"),
    },
    Wording { said: &["{property} {line} in {name}"], means: Line("is {1} {0} in {2}") },
    Wording {
        said: &["does {name} depend on {name}", "is {name} independent of {name}", "{name} (is independent of|doesn't depend on) {name}"],
        means: Line("which of: {0} does not depend on {1}"),
    },
    Wording {
        said: &[
            "(true or false|true/false|t/f|true false|decide|decide whether|decide if|is it true that|true or not|which holds|which hold)[:| :] {claims}",
            "(which|which of|which one|which ones)[ of][ these][ statements| statement| claims| equations][ (is|are) (true|correct|right)| hold| holds| apply][:| :] {claims}",
            "(which of|which) {claims}",
            "{claims} (true or false|true/false)",
            "(is|does|are) {equation}[ hold| true]",
            "does {equation} hold",
            "{claim}",
        ],
        means: Line("which of: {0}"),
    },
    Wording {
        said: &["(true or false|true/false|t/f)[:| :] {text}"],
        means: Told("a statement in words has its author's answer", &["choose {0} from \"true\" right; \"false\"", "choose {0} from \"true\"; \"false\" right"]),
    },
];
