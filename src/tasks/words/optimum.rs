use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &[
            "(minimize|minimise) {line} (over|wrt|with respect to|in|w.r.t.|for|by choice of) {names} (s.t.|st|such that|under|with|where|subject to) {equation}",
            "(minimize|minimise) {line} (s.t.|st|such that|under|subject to) {equation} (over|wrt|with respect to|in|w.r.t.) {names}",
        ],
        means: Line("minimize {0} over {1} subject to {2}"),
    },
    Wording {
        said: &[
            "(minimize|minimise) {line} (over|wrt|with respect to|in|w.r.t.|w.r.t|for|by choosing) {names}",
            "<minimum>[ of] {line} (over|wrt|with respect to|in|w.r.t.|for) {names}",
            "[find |compute |determine |what is |where is ]<minimum> of {line} (over|wrt|with respect to|in|w.r.t.|for) {names}",
        ],
        means: Line("minimize {0} over {1}"),
    },
    Wording {
        said: &[
            "(find|which|what|compute|determine|choose|for which)[ value[s] of] {names} (that |which |to )[ ](minimize|minimise|minimizes|minimises) {line}",
            "(find|which|what|compute|determine|choose) {names} (minimize|minimise|minimizes|minimises) {line}",
            "(find|compute|determine|derive|what is|give)[ an] (optimal|best|minimizing|optimum|least-squares) {names} (for|of|in|under) {line}",
            "[find ]{names} = (argmin|arg min)[ of] {line}",
        ],
        means: Line("minimize {1} over {0}"),
    },
    Wording {
        said: &[
            "(minimize|minimise) {line}",
            "<minimum>[ of] {line}",
            "[find |compute |determine |what is |where is ]<minimum> of {line}",
            "where is {line} (least|minimal|smallest)",
        ],
        means: Line("minimize {0} over {params0}"),
    },
    Wording {
        said: &["(maximize|maximise) {line} (over|wrt|with respect to|in|w.r.t.|w.r.t|for) {names}", "[find |compute |what is ](maximum|maximizer|argmax|arg max|maximiser)[ of] {line} (over|wrt|with respect to|in|w.r.t.|for) {names}"],
        means: Line("maximize {0} over {1}"),
    },
    Wording {
        said: &[
            "(find|which|what|compute|determine|choose)[ value[s] of] {names} (that |which |to )[ ](maximize|maximise|maximizes|maximises) {line}",
            "(find|which|what|compute|determine|choose) {names} (maximize|maximise|maximizes|maximises) {line}",
        ],
        means: Line("maximize {1} over {0}"),
    },
    Wording {
        said: &["(maximize|maximise) {line}", "[find |compute |what is ](maximum|maximizer|argmax|arg max|maximiser)[ of] {line}"],
        means: Line("maximize {0} over {params0}"),
    },
    Wording {
        said: &[
            "[find |give |derive |what is ](closed form|closed-form|closed form solution|closed-form solution|normal equations|normal equation|analytic solution|analytical solution|least squares solution|least-squares solution|ols solution|mle|maximum likelihood estimate) (for|of) {leaf}",
        ],
        means: Line("minimize {loss0} over {0} in symbols"),
    },
    Wording { said: &["(minimize|minimise) <loss>[ over <params>]"], means: Line("minimize {least}") },
    Wording { said: &["(minimize|minimise) <loss> (over|in|for) {names}"], means: Line("minimize {loss0} over {0}") },
    Wording {
        said: &["[find ](stationary|critical) point[s][ of {line}]", "[find ](minimum|minima|extrema|extremum)"],
        means: Told("a minimum is of something, over something", &["minimize {least}"]),
    },
];
