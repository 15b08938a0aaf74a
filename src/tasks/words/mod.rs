//! The words in which tasks are asked, a file for each kind: what people write, and the line of the language that it is.

use crate::syntax::Wording;

/// What may stand at a task's end and changes nothing: a key shows every step and checks each gradient by itself.
pub const TAILS: &[&str] = &[
    "step by step",
    "by hand",
    "(using|by|with|via) (backpropagation|backprop|chain rule)",
    "in closed form",
    "in matrix form",
    "in [its] simplest form",
    "and simplify",
    "(showing|show) (all|your|each) (steps|work|step)",
    "symbolically",
    "analytically",
    "explicitly",
    "and (check|verify) [them|it] (numerically|by finite differences|with finite differences)",
];

/// A line of each kind in the problem's own names, by the word that it begins with.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("compute", "compute {lines}"),
    ("derive", "derive {backward}"),
    ("draw", "draw graph"),
    ("shapes", "shapes of {lines}"),
    ("entries", "entries of {lines}"),
    ("count", "count params"),
    ("update", "update {params} with rate 0.1"),
    ("descend", "descend {params} from zero rate 0.1 for 3 steps"),
    ("minimize", "minimize {least}"),
    ("maximize", "maximize {least}"),
    ("show", "show {loss} = {loss}"),
    ("which", "which of: {loss} = {loss}"),
    ("plot", "plot {loss} over {param} from -1 to 1"),
];

macro_rules! tables {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*

        /// All wordings, in the order in which they are tried.
        pub static TABLES: &[&[Wording]] = &[$($module::WORDS),*];
    };
}

tables! {
    second,
    derive,
    draw,
    shapes,
    count,
    expectation,
    update,
    descend,
    show,
    which,
    solve,
    optimum,
    express,
    plot,
    fit,
    compute,
    text,
}
