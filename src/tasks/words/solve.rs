use crate::syntax::Means::Line;
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &["(solve|rearrange) {equation} (for|in|wrt|with respect to|to get) {name}", "find {equation} for {name}"],
        means: Line("solve {0} for {1}"),
    },
    Wording {
        said: &[
            "(solve for|isolate|make subject) {name}[:][ in| from| of] {equation}",
            "(for which|for what|at which|at what|when|for which value[s] of|for what value[s] of) {name} (is|does|do|holds|:) {equation}[ hold]",
            "find {name} (such that|so that|with|for which|where) {equation}",
        ],
        means: Line("solve {1} for {0}"),
    },
    Wording {
        said: &["set d{name} (= 0|to 0|to zero|equal to 0|equal to zero) and solve[ for {=0}]"],
        means: Line("solve d{0} = 0 for {0}"),
    },
    Wording {
        said: &["set d{line}/d{name} (= 0|to 0|to zero|equal to 0|equal to zero) and solve[ for {=1}]"],
        means: Line("solve d{1} = 0 for {1}"),
    },
];
