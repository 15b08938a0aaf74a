use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &[
            "<plot> {names}[⟨{=1}⟩] <along> {name} (from|between) {operand} (to|and) {operand}",
            "<plot> {names} <along> {name}[ in| ∈| in [the ]range| in interval| =][ ]⟦{operand},[ ]{operand}⟧",
            "<plot> {names} <along> {name}[ in| =| from][ ]{bound}[ ](..|...|:|–|to)[ ]{operand}",
            "<plot> {names}⟨{name}⟩ (for|over|with|,) {=1} (from|between) {operand} (to|and) {operand}",
            "<plot> {names}⟨{name}⟩ (for|over|with|,) {=1}[ in| ∈][ ]⟦{operand},[ ]{operand}⟧",
            "<plot> {names}⟨{name}⟩ (from|between) {operand} (to|and) {operand}",
        ],
        means: Line("plot {0} over {1} from {2} to {3}"),
    },
    Wording {
        said: &["<plot> {names} (for|with) {bound} (‹=|‹|≤) {name} (‹=|‹|≤) {operand}"],
        means: Line("plot {0} over {2} from {1} to {3}"),
    },
    Wording {
        said: &["<plot> {names} <along> {name}", "<plot> {names}⟨{name}⟩"],
        means: Told("a curve goes from somewhere to somewhere", &["plot {0} over {1} from -3 to 3"]),
    },
    Wording {
        said: &["<plot> {line}"],
        means: Told("a curve is over something, from somewhere to somewhere", &["plot {0} over {param0} from -3 to 3"]),
    },
];
