use crate::syntax::Means::Line;
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &["[<compute> |list |write ](shapes|shape|sizes|dimensions|all shapes)[ of (all|everything|all values|all layers|each value|every value)]"],
        means: Line("shapes of {lines}"),
    },
    Wording {
        said: &["[<compute> |list |write ](shape|shapes|size|sizes|dimension|dimensions)[ of| for] {names}", "what shape[s] (is|are|has|have|does|do) {names}[ have]", "how large (is|are) {names}"],
        means: Line("shapes of {0}"),
    },
    Wording {
        said: &[
            "entries {names}",
            "[<compute> |write ](out|entries of|each entry of|every entry of|all entries of|elements of) {names}",
            "(write|write out|expand|give|spell out) {names} (entrywise|entry by entry|elementwise|componentwise|as sums|in components|in index notation)",
        ],
        means: Line("entries of {0}"),
    },
];
