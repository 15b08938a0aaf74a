use crate::syntax::Means::Line;
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &[
            "count",
            "[<compute> |count ][total ](number|no.|#|amount) of <params>[ (in|of) (model|network|total)]",
            "how many <params>[ are there| does (model|network) have| does it have| in total| in (model|network)]",
            "count [all ]<params>[ (in|of) (model|network)]",
            "<params> count",
        ],
        means: Line("count params"),
    },
    Wording {
        said: &[
            "count <params> (in|for|of) {names}",
            "[<compute> |count ](number|no.|#|amount) of <params> (in|of|for) {names}",
            "how many <params>[ does| do| are in| has| have| in] {names}[ have]",
        ],
        means: Line("count params of {0}"),
    },
    Wording {
        said: &["[count |<compute> |how many |number of ](macs|multiply-accumulates|multiply accumulates|mults|multiplications) (of|in|for|are needed for|does|to compute) {names}[ need| take]"],
        means: Line("count macs of {0}"),
    },
    Wording {
        said: &["[count |<compute> |how many |number of ](flops|floating-point operations|floating point operations) (of|in|for|are needed for|does|to compute) {names}[ need| take]"],
        means: Line("count flops of {0}"),
    },
    Wording {
        said: &["[<compute> ]receptive field[ size][ (of|for|at)] {name}", "how large is receptive field of {name}"],
        means: Line("receptive field of {0}"),
    },
];
