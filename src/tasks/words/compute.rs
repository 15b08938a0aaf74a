use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &[
            "<compute>[ value[s] of| numerical value[s] of| value[s] for] {names} (at|for|when|where|with|given|if) {equation}",
            "(value[s] of |table of |tabulate |print )[ ]{names} (at|for|when|where|with|given) {equation}",
        ],
        means: Line("compute {0} at {1}"),
    },
    Wording { said: &[ "(for|at|when|where) {equation}[,] <compute> {names}"], means: Line("compute {1} at {0}") },
    Wording {
        said: &["<compute> {gradients} (at|for|when|where|with|given|if) {equation}", "<compute> [<gradient>[s] ]{gradients} (at|for|when|where|with|given|if) {equation}"],
        means: Line("compute {0} at {1}"),
    },
    Wording {
        said: &["<compute>[ value[s] of| numerical value[s] of| value[s] for] {names}", "value[s] of {names}"],
        means: Line("compute {0}"),
    },
    Wording { said: &["(substitute|plug|put|insert)[ in] {equation} (into|in) {name}"], means: Line("substitute {0} in {1}") },
    Wording { said: &["compute {gradients}", "compute[ numerical] values of {gradients}"], means: Line("compute {0}") },
    Wording {
        said: &["[run |do |perform |compute |a ](forward|forward pass|forward propagation|feed forward|feedforward)[ pass]", "compute (all|everything|all values|all lines|every value|each value|all layers|activations)", "evaluate (all|everything|model|network)"],
        means: Line("compute {lines}"),
    },
    Wording {
        said: &["<compute> {names} (to|with|rounded to|up to) {number} (decimals|decimal places|digits|significant digits|significant figures|d.p.|dp|places)"],
        means: Told("how many digits are shown is said at the head of the file: `digits {1}`", &["compute {0}"]),
    },
    Wording { said: &["<compute> {expression} as {word}"], means: Line("give {0} as {1}") },
    Wording { said: &["(compute|evaluate|calculate|give|eval|calc) {expression}"], means: Line("give {0} as value") },
];
