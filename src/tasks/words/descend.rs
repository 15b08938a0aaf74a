use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &[
            "<descend> {names} <start> ⟨{expression}⟩[,][ with| using| and][ a] <rate>[ =| of] {number}[,][ and][ for] {number} <steps>",
        ],
        means: Line("descend {0} from {1} rate {2} for {3} steps"),
    },
    Wording {
        said: &[
            "<descend> {names} <start> {operand}[,][ with| using| and][ a] <rate>[ =| of] {number}[,][ and][ for] {number} <steps>",
        ],
        means: Line("descend {0} from {1} rate {2} for {3} steps"),
    },
    Wording {
        said: &["<descend> {names} <start> {operand}[,][ and][ for] {number} <steps>[,][ with| using| and| at][ a] <rate>[ =| of] {number}"],
        means: Line("descend {0} from {1} rate {3} for {2} steps"),
    },
    Wording {
        said: &["<descend> {names}[,][ with| using][ a] <rate>[ =| of] {number}[,][ and][ for] {number} <steps>[,] <start> {operand}"],
        means: Line("descend {0} from {3} rate {1} for {2} steps"),
    },
    Wording {
        said: &["{number} <steps> of (gradient descent|gd|sgd|descent) (on|for|over) {names}[,][ with| using| at][ a] <rate>[ =| of] {number}[,] <start> {operand}"],
        means: Line("descend {1} from {3} rate {2} for {0} steps"),
    },
    Wording {
        said: &[
            "<descend> {names}[,][ with| using][ a] <rate>[ =| of] {number}[,][ and][ for] {number} <steps>",
            "<descend> {names}[,][ for] {number} <steps>[,][ with| using| and| at][ a] <rate>[ =| of] {number}",
            "{number} <steps> of (gradient descent|gd|sgd|descent) (on|for|over) {names}[,][ with| using| at][ a] <rate>[ =| of] {number}",
            "<descend> {names}",
        ],
        means: Told("a descent begins somewhere, and has a rate and a number of steps", &["descend {0} from zero rate 0.1 for 3 steps"]),
    },
];
