use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &["draw", "[(draw|sketch|show|plot|give|produce|make) ][a ][full ]<graph>[ (of|for) (model|network|everything)]"],
        means: Line("draw graph"),
    },
    Wording {
        said: &["(draw|sketch|show) [a ]<graph> (and|with|including) [local ](gradients|derivatives|backward pass)"],
        means: Line("draw graph with gradients"),
    },
    Wording {
        said: &["(draw|sketch|show) [a ]<graph> (of|for) {line}"],
        means: Told("the graph is of the whole model", &["draw graph"]),
    },
    Wording {
        said: &["(draw|sketch|show) [a ]<graph> (with|including) {expression}"],
        means: Told("the graph is drawn plain, or with gradients", &["draw graph", "draw graph with gradients"]),
    },
];
