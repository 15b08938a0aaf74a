use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &[
            "update {names}[,] (with|by|using|at|for) [a ]<rate>[ of| =] {number}",
            "update {names}[,] <rate>[ of| =| :] {number}",
            "update {names} ⟨<rate>[ =] {number}⟩",
            "[take |do |perform |make |compute |one |a |single |first |next ][one |a |single ][step of ](gradient descent|sgd|gd|gradient|descent)[ step| update] (on|for|of) {names}[,] (with|using|at)[ a][ <rate>][ of| =] {number}",
            "update {names} (with|by|using) (gradient descent|sgd|gd|one gradient step|a gradient step|one step of gradient descent|one step of sgd)[,][ with| using| at| and][ a] <rate>[ of| =] {number}",
            "[update ]{name} = {=0} - {number}[ ][*][ ]d{=0}",
        ],
        means: Line("update {0} with rate {1}"),
    },
    Wording {
        said: &["update {names}", "[take |do |perform |make |compute |one |a ][one |a |single ][step of ](gradient descent|sgd|gd|gradient)[ step| update] (on|for|of) {names}"],
        means: Told("a step has a rate", &["update {0} with rate 0.1"]),
    },
    Wording {
        said: &["update {leaf}[,] (with|by|using) (newton|newton's|newtons)[ step| method] for {number} <steps>"],
        means: Line("newton {0} of {loss0} for {1} steps"),
    },
    Wording {
        said: &["update {leaf}[,] (with|by|using) (newton|newton's|newtons)[ step| method]", "[one |take one |take a |a |do a |perform one ](newton|newton's|newtons)[ method][ step| update] (on|for|of|in|with) {leaf}"],
        means: Line("newton {0} of {loss0}"),
    },
    Wording {
        said: &["[apply |use |run |do ](newton|newton's|newtons)[ method][ step[s]] (on|for|to|of) {line} from {operand}[ for {number} <steps>]"],
        means: Told("a step by Newton's method is in one name", &["newton {param0} of {0}"]),
    },
    Wording {
        said: &["update {names}[,] (with|using|by)[ a][ <rate>][ of| =] {number}[,][ and| with| using| and with] momentum[ of| =] {number}[,] for {number} <steps>"],
        means: Line("descend {0} of {loss0} from given rate {1} momentum {2} for {3} steps"),
    },
    Wording {
        said: &["update {names}[,] (with|using|by)[ a][ <rate>][ of| =] {number}[,][ and| with| using| and with] momentum[ of| =] {number}"],
        means: Line("descend {0} of {loss0} from given rate {1} momentum {2} for 1 step"),
    },
    Wording {
        said: &["update {names}[,] (with|using|by) momentum[ of| =] {number}[,][ and| with| using| and with][ a][ <rate>][ of| =] {number}[[,] for 1 step]"],
        means: Line("descend {0} of {loss0} from given rate {2} momentum {1} for 1 step"),
    },
    Wording {
        said: &["update {names}[,] (with|using|by)[ a][ <rate>][ of| =] {number}[,][ by| and| with| using] adam {number} {number} {number} for {number} <steps>"],
        means: Line("descend {0} of {loss0} from given rate {1} adam {2} {3} {4} for {5} steps"),
    },
    Wording {
        said: &["update {names}[,] (with|using|by)[ a][ <rate>][ of| =] {number}[,][ by| and| with| using] adam {number} {number} {number}"],
        means: Line("descend {0} of {loss0} from given rate {1} adam {2} {3} {4} for 1 step"),
    },
    Wording {
        said: &["update {names}[,] (with|using|by)[ a][ <rate>][ of| =] {number}[,][ by| and| with| using] adam for {number} <steps>", "update {names}[,] (with|using|by) adam[,][ with| and][ a][ <rate>][ of| =] {number} for {number} <steps>"],
        means: Line("descend {0} of {loss0} from given rate {1} adam 0.9 0.999 1e-8 for {2} steps"),
    },
    Wording {
        said: &["update {names}[,] (with|using|by)[ a][ <rate>][ of| =] {number}[,][ by| and| with| using] adam", "update {names}[,] (with|using|by) adam[,][ with| and][ a][ <rate>][ of| =] {number}"],
        means: Line("descend {0} of {loss0} from given rate {1} adam 0.9 0.999 1e-8 for 1 step"),
    },
    Wording {
        said: &["update {names}[,] (with|using|by)[ a] <rate>[ of| =] {number} for {number} <steps>"],
        means: Line("descend {0} of {loss0} from given rate {1} for {2} steps"),
    },
    Wording {
        said: &["update {names}[,] (with|using|by) (momentum|adam)[ {expression}]"],
        means: Told("such a step has a rate", &["descend {0} of {loss0} from given rate 0.1 momentum 0.9 for 1 step", "descend {0} of {loss0} from given rate 0.1 adam 0.9 0.999 1e-8 for 1 step"]),
    },
];
