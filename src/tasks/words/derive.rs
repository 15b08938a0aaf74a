use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &["gradient d{name} of {=0}"],
        means: Told("a gradient that arrives is given, and not asked", &["given: gradient d{0} of {0}", "derive d{inner0}"]),
    },
    Wording { said: &["compute {quotients} at {equation}", "(evaluate|calculate|find|what is|value of) {quotients} (at|for|when|where) {equation}"], means: Line("compute {d1} of {0} at {2}") },
    Wording { said: &["(compute|evaluate|calculate|value of) {quotients}"], means: Line("compute {d1} of {0}") },
    Wording { said: &["[<derive> ][<gradient> ]{quotients}"], means: Line("derive {d1} of {0}") },
    Wording {
        said: &[
            "[<derive> ][all ]<gradient>[s] of {line} <over> {names}",
            "[<derive> ][all ]<gradient>[s][ of] {line} <wrt> {names}",
            "(derive|differentiate) {line} (<wrt>|by|in|for) {names}",
            "(backprop|backpropagate) (from|through) {line} to {names}",
        ],
        means: Line("derive {d1} of {0}"),
    },
    Wording {
        said: &[
            "[<derive> ][all ]<gradient>[s] of {line}[ <over> (all|params|all params|every parameter)]",
            "[<derive> ](grad|nabla|∇|gradient) {line}",
            "differentiate {line}",
            "derive {line}",
            "(backprop|backpropagate) (from|through) {line}",
            "[run |do ](backward|backward pass|backprop|backpropagation|back-propagation) (of|from|through|on) {line}",
        ],
        means: Line("derive {dparams0} of {0}"),
    },
    Wording {
        said: &["[<derive> ][all ]<gradient>[s] <over> {names}", "[<derive> ]<gradient>[s] of {leaf}", "differentiate <over> {names}"],
        means: Line("derive {d0}"),
    },
    Wording {
        said: &[
            "[<derive> ][all ]<gradient>[s] {gradients}",
            "gradient check[ of| for][ on] {gradients}",
            "(derive|find|determine|differentiate|write down|work out|what is|what are|obtain|get) {gradients}",
            "{gradients}",
        ],
        means: Line("derive {0}"),
    },
    Wording {
        said: &["[<derive> ][all ]<gradient>[s] of <loss> <over> {names}", "differentiate <loss> <over> {names}"],
        means: Line("derive {d0}"),
    },
    Wording { said: &["[<derive> ]<gradient>[s] of <loss>[ <over> (all|params|all params)]", "differentiate <loss>"], means: Line("derive {backward}") },
    Wording { said: &["[<derive> ][<gradient>[s] ]{gradients} of {line}"], means: Line("derive {0} of {1}") },
    Wording {
        said: &[
            "derive (all|everything|all gradients|every gradient|all params|all parameter gradients)",
            "[<derive> ]all <gradient>[s]",
            "<derive> (gradients|derivatives|partial derivatives)",
            "(gradients|derivatives)",
            "[run |do |perform ](backward|backward pass|backprop|backpropagate|backpropagation|back-propagation)",
        ],
        means: Line("derive {backward}"),
    },
];
