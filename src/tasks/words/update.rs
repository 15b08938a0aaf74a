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
        said: &["update {names} (with|by|using) newton[ step| method|s method]", "[one |take a |a ]newton[ step| update| method] (on|for|of) {names}"],
        means: Told("there is no step by Newton's method; what it is made of can be asked", &["derive hessian of {loss0} wrt {0}", "derive {d0} of {loss0}"]),
    },
    Wording {
        said: &["update {names}[,] (with|using) [<rate> {number}[,] ]momentum[ {number}][[,] <rate> {number}]"],
        means: Told("a step with momentum is a descent", &["descend {0} of {loss0} from zero rate 0.1 momentum 0.9 for 1 step"]),
    },
    Wording {
        said: &["update {names}[,] (with|using) adam[ {expression}]"],
        means: Told("a step of Adam is a descent", &["descend {0} of {loss0} from zero rate 0.1 adam 0.9 0.999 for 1 step"]),
    },
];
