//! The wordings of lines that are no tasks.

use super::{Means, Wording};
use Means::{Line, Told};

/// `for t in 1..T:`
const COUNTED: Wording = Wording {
    said: &[
        "(for|repeat|foreach|for each) {word}[ ](=|in|from|:|∈)[ ]{bound}[ ](to|..|...|,...,|, ..., |, …, |:|until|–|through)[ ]{bound}[:| do| {]",
        "(for|repeat|foreach|for each) {word}[ ](=|in|from|:|∈)[ ]⦃{bound},[ ...,| …,|..., ][ ]{bound}⦄[:| do| {]",
        "(for|repeat|foreach|for each) {word}[ ](=|in|from|:|∈)[ ]⟦{bound},[ ...,| …,][ ]{bound}⟧[:| do| {]",
        "(for|repeat|foreach|for each) {word}[ ](=|in|from|:|∈)[ ]{number},[ ]({number},[ ])(...|…),[ ]{bound}[:]",
    ],
    means: Line("for {0} = {1} to {2}"),
};

/// Python's range ends before its end.
const RANGED: Wording =
    Wording { said: &["for {word} in range⟨{bound},[ ]{bound}⟩[:]"], means: Line("for {0} = {1} to {before2}") };

/// One declaration with its shape in other words.
pub const SHAPED: &[Wording] = &[
    Wording {
        said: &[
            "{word}[ ](in|is in|:|of|is)[ ]R^⦃{dims}⦄[ {words}]",
            "{word}[ ](in|is in|:|of|is)[ ]R^⟨{dims}⟩[ {words}]",
            "{word}[ ](in|is in|:|of|is)[ ]R^⟦{dims}⟧[ {words}]",
            "{word}[ ](in|is in|:|of|is)[ ]R^{dims}[ {words}]",
            "{word}[:][ ]⟨{dims}⟩[ {words}]",
            "{word}[ ]:[ ]⟦{dims}⟧[ {words}]",
            "{word} (of|has|with|having)[ size| shape| dimension| dimensions][ of] ⟨{dims}⟩",
            "{word}⟦{dims}⟧",
            "{word}.shape = ⟨{dims}⟩",
            "shape⟨{word}⟩ = {dims}",
            "shape of {word} = {dims}",
            "{word}(:| is| has| with| of| is of| be| being)[ a| an| the][ size| shape| dimension| dimensions| matrix| vector| row vector| column vector| length| tensor][ of][ size| shape| dimension| dimensions| length] {dims}[ matrix| vector| tensor| image]",
        ],
        means: Line("{0}: {1} {2}"),
    },
    Wording {
        said: &["{word}[ ](in|is in|∈) R", "{word}[:| is| be][ a] (scalar|number|real|real number|float)"],
        means: Line("{0}"),
    },
];

pub const HEAD: &[Wording] = &[
    Wording {
        said: &["(problem|question|exercise|task|title)[:] {number}[:|.|)] {words}"],
        means: Line("problem {quoted0} {quoted1}"),
    },
    Wording {
        said: &[
            "(problem|question|exercise|title)[:] {text} {words}",
            "(problem|question|exercise|title)[:] {text}[:| -| —] {text}",
        ],
        means: Line("problem {0} {stripped1}"),
    },
    Wording { said: &["(problem|question|exercise|title)[:] {words}"], means: Line("problem {title0}") },
    Wording {
        said: &[
            "[points|total|marks|worth|max][:| =| of] {number}[ ](points|pts|pt|marks|p|point|mark)",
            "(points|total|marks|worth|max|pts|total points)[:| =] {number}",
            "⟨{number} (points|pts|marks)⟩",
            "⟦{number} (points|pts|marks)⟧",
        ],
        means: Line("points {0}"),
    },
    Wording {
        said: &[
            "(digits|precision|significant digits|significant figures)[:| =] {number}",
            "{number} (significant digits|significant figures|digits)",
        ],
        means: Line("digits {0}"),
    },
    Wording {
        said: &["(decimals|decimal places|round to)[:| =] {number}[ decimals]"],
        means: Told("numbers are shown with so many significant digits", &["digits {0}"]),
    },
    Wording {
        said: &["steps[:| =] (all|full|detailed|long|every)", "(show|with) all steps"],
        means: Line("steps full"),
    },
    Wording { said: &["steps[:| =] (few|short|brief)"], means: Line("steps short") },
];

pub const GIVEN: &[Wording] = &[
    Wording {
        said: &[
            "(dims|dimension|dimensions|size|sizes|integer|integers|int)[:] {words}",
            "let {word} be[ a| the] (dimension|size|integer)",
        ],
        means: Line("dim {0}"),
    },
    Wording { said: &["{shaped}"], means: Line("input {0}") },
    Wording { said: &["param[:] {shaped}", "<param>[:] {shaped}", "<param>[:] {words}"], means: Line("param {0}") },
    Wording { said: &["target[:] {shaped}", "<target>[:] {shaped}", "<target>[:] {words}"], means: Line("target {0}") },
    Wording { said: &["input[:] {shaped}", "<input>[:] {shaped}", "<input>[:] {words}"], means: Line("input {0}") },
    Wording { said: &["const[:] {shaped}", "<const>[:] {shaped}", "<const>[:] {words}"], means: Line("const {0}") },
    Wording { said: &["(let|given|where|with|and|set) {shaped}"], means: Line("input {0}") },
    Wording { said: &["(let|given|where|set) {words}"], means: Line("{0}") },
    Wording {
        said: &["layout[:| =| is] (rows|row|row-major|batch first)", "rows are examples", "examples (in|are) rows"],
        means: Line("layout rows"),
    },
    Wording {
        said: &["layout[:| =| is] (columns|column|cols)", "columns are examples", "examples (in|are) columns"],
        means: Line("layout columns"),
    },
    Wording {
        said: &[
            "data[:] ⟨{word},[ ]{word}⟩ = {points}",
            "data[:] {word},[ ]{word} = {points}",
            "points ⟨{word},[ ]{word}⟩[ =|:] {points}",
        ],
        means: Line("data {0}, {1} = {2}"),
    },
    Wording { said: &["{word} > 0", "{word} (is|:) positive", "assume {word} > 0"], means: Line("{0} positive") },
    Wording {
        said: &[
            "(upstream|incoming|given) gradient[:] d{word}[ of {word}]",
            "gradient[ of loss] (wrt|with respect to) {word}[ is| =|:] d{word}",
        ],
        means: Line("gradient d{0} of {0}"),
    },
    COUNTED,
    RANGED,
];

pub const MODEL: &[Wording] = &[
    Wording { said: &["(let|define|set|where|compute|with|and|then) {word} = {words}"], means: Line("{0} = {1}") },
    Wording {
        said: &[
            "(minimize|minimise|maximize|maximise|loss|objective|output|hidden layer|layer|activation|prediction|cost)[:] {word} = {words}",
        ],
        means: Line("{0} = {1}"),
    },
    Wording { said: &["(loss|cost|objective|Loss)[:| is] {words}"], means: Line("loss = {0}") },
    Wording { said: &["{word}⟨{names}⟩ = {words}"], means: Line("{0} = {2}") },
    Wording {
        said: &["[def ]{word}⟨{parameters}⟩ = {words}", "(let|define|function|def) {word}⟨{parameters}⟩ = {words}"],
        means: Line("define {0}({1}) = {2}"),
    },
    Wording {
        said: &["{word} = {words} with {word} = {words}"],
        means: Told("a line defines one name: `{2} = {3}` stands before it", &["{0} = {1}"]),
    },
    COUNTED,
    RANGED,
    Wording { said: &["(end for|endfor|done|end repeat|next {word}|})"], means: Line("end") },
];
