//! What LaTeX's commands mean.

use super::token::{Kind, accent, greek};
use crate::syntax::ast::{BinaryOp, Fold, Relation};

pub enum Meaning {
    /// Spacing, sizes, fonts: nothing is left of them, what they apply to stays.
    Nothing,
    Is(Kind),
}

/// Commands that leave nothing. A font's argument stays as a group.
const NOTHING: &str = " left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm middle \
    displaystyle textstyle scriptstyle limits nolimits nonumber notag noindent centering \
    mathbf mathrm mathit mathsf mathtt mathcal mathscr mathbb mathfrak mathnormal boldsymbol bm bf rm it sf cal pmb \
    operatorname mathop mathord mathbin mathrel text mbox textbf textit textrm vec underline ensuremath \
    thinspace medspace thickspace negthinspace enspace allowbreak strut mathstrut hfill protect \
    vb va vu bold mathds mathbbm overrightarrow mathbfit symbf symbfit checkmark square blacksquare Box qed item bullet ";

/// Commands whose argument is left out with them.
const WITH_GROUP: &str =
    " label tag textcolor hspace vspace phantom hphantom vphantom color ref pagebreak eqref cite footnote ";

const FUNCTIONS: [(&str, &str); 13] = [
    ("exp", "exp"),
    ("log", "log"),
    ("ln", "log"),
    ("tanh", "tanh"),
    ("sin", "sin"),
    ("cos", "cos"),
    ("max", "max"),
    ("min", "min"),
    ("det", "det"),
    ("arg", "arg"),
    ("arctan", "arctan"),
    ("sinh", "sinh"),
    ("cosh", "cosh"),
];

/// Operators that packages and students have commands for: `\tr`, `\softmax`.
const WORDS: &str = " tr Tr trace diag sign sgn relu ReLU softmax sigmoid softplus logit rank Var Cov erf vec ";

/// Whether the group after a command is no mathematics.
pub fn takes_argument(command: &str) -> bool {
    let name = command.trim_start_matches('\\').trim_end_matches('*');
    !name.is_empty() && WITH_GROUP.split(' ').any(|known| known == name)
}

/// Whether a command draws a frame around its argument, in which a whole answer may stand.
pub fn is_frame(command: &str) -> bool {
    matches!(command, "\\boxed" | "\\fbox" | "\\framebox")
}

/// The meaning of a command, which begins with its backslash.
pub fn meaning(command: &str) -> Meaning {
    let name = command.trim_start_matches('\\').trim_end_matches('*');
    let listed = |list: &str| !name.is_empty() && list.split(' ').any(|known| known == name);
    if listed(NOTHING) {
        return Meaning::Nothing;
    }
    let function = FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, operator)| Kind::Function(operator));
    let letter = || greek(name).map(|letter| Kind::Letter(letter.to_owned()));
    let kind = function
        .or_else(|| accent(name).map(Kind::Accent))
        .or_else(letter)
        .or_else(|| operator(name))
        .or_else(|| sign(command, name))
        .or_else(|| listed(WORDS).then(|| Kind::Word(name.to_owned())));
    Meaning::Is(kind.unwrap_or_else(|| Kind::Other(command.to_owned())))
}

fn operator(name: &str) -> Option<Kind> {
    Some(match name {
        "cdot" | "times" | "ast" | "cdotp" => Kind::Operator(BinaryOp::Mul),
        "odot" => Kind::Operator(BinaryOp::ElementwiseMul),
        "circ" => Kind::Elementwise("\\circ"),
        "otimes" => Kind::Elementwise("\\otimes"),
        "oslash" => Kind::Operator(BinaryOp::ElementwiseDiv),
        "div" => Kind::Operator(BinaryOp::Div),
        "le" | "leq" | "leqslant" => Kind::Relation(Relation::LessEqual),
        "ge" | "geq" | "geqslant" => Kind::Relation(Relation::GreaterEqual),
        "lt" => Kind::Relation(Relation::Less),
        "gt" => Kind::Relation(Relation::Greater),
        "ne" | "neq" => Kind::Relation(Relation::NotEqual),
        "propto" => Kind::Proportional,
        "approx" | "equiv" | "coloneqq" | "triangleq" | "simeq" | "doteq" => Kind::Equals,
        "leftarrow" | "gets" => Kind::Gets,
        "implies" | "Rightarrow" | "Longrightarrow" | "rightarrow" | "to" | "therefore" | "iff" | "Leftrightarrow" => {
            Kind::Arrow
        }
        "in" => Kind::In,
        "ell" => Kind::Letter("ell".to_owned()),
        _ => return None,
    })
}

fn sign(command: &str, name: &str) -> Option<Kind> {
    Some(match command {
        "\\{" => Kind::Open('{'),
        "\\}" => Kind::Close('}'),
        "\\|" => Kind::DoubleBar,
        "\\\\" => Kind::RowEnd,
        _ => match name {
            "lbrace" => Kind::Open('{'),
            "rbrace" => Kind::Close('}'),
            "lparen" => Kind::Open('('),
            "rparen" => Kind::Close(')'),
            "lbrack" => Kind::Open('['),
            "rbrack" => Kind::Close(']'),
            "langle" => Kind::Open('<'),
            "rangle" => Kind::Close('>'),
            "Vert" | "lVert" | "rVert" | "parallel" => Kind::DoubleBar,
            "vert" | "lvert" | "rvert" | "mid" => Kind::Bar,
            "prime" => Kind::Prime,
            "top" | "intercal" | "transpose" | "dagger" => Kind::Top,
            "frac" | "tfrac" | "dfrac" | "cfrac" | "sfrac" | "nicefrac" | "flatfrac" => Kind::Fraction,
            "pdv" | "dv" | "odv" | "partialderivative" | "derivative" => Kind::Derivative,
            "sqrt" => Kind::Root,
            "sum" => Kind::Fold(Fold::Sum),
            "prod" => Kind::Fold(Fold::Product),
            "partial" => Kind::Partial,
            "nabla" => Kind::Nabla,
            "underbrace" | "overbrace" => Kind::Brace,
            "newline" | "cr" => Kind::RowEnd,
            "quad" | "qquad" => Kind::Gap,
            _ => return None,
        },
    })
}
