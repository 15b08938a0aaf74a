//! `solve fmt` and drafts: a layout changes nothing of what a problem says, and a question's text becomes a problem.

use crate::common;

use solve::syntax::{draft, laid_out, print_spec, read_spec};

#[test]
fn a_layout_keeps_what_every_problem_says_and_is_laid_out() {
    for path in common::problems() {
        let text = std::fs::read_to_string(&path).unwrap();
        let laid = laid_out(&text);
        assert_eq!(laid_out(&laid), laid, "{}", path.display());
        let (before, after) = (read_spec(&text).unwrap().value, read_spec(&laid).unwrap().value);
        assert_eq!(print_spec(&after), print_spec(&before), "{}", path.display());
        let comments = |text: &str| text.matches('#').count();
        assert_eq!(comments(&laid), comments(&text), "{}", path.display());
        // Without its spaces and blank lines nothing is lost or added.
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(bare(&laid), bare(&text), "{}", path.display());
        let ragged = laid.lines().map(|line| format!("{}\t \r\n", line.trim_end())).collect::<String>();
        assert_eq!(laid_out(&ragged), laid, "{}", path.display());
    }
}

const QUESTION: &str = r"
\section*{Two layers}
Let $X \in \mathbb{R}^{N \times D}$, $T \in \mathbb{R}^{N \times K}$, $W_1 \in \mathbb{R}^{D \times H}$, $b_1 \in \mathbb{R}^{1 \times H}$,
$W_2 \in \mathbb{R}^{H \times K}$ and
\begin{align*}
Z &= \mathrm{ReLU}(XW_1 + b_1) \\
\hat{Y} &= ZW_2 \\
L &= \frac{1}{2}\|\hat{Y} - T\|^2
\end{align*}
\begin{enumerate}
\item Draw the computational graph. (4 points)
\item Derive the gradients of the loss with respect to $W_1$ and $W_2$. (8 points)
\item How many parameters does the network have? (2 points)
\end{enumerate}
";

#[test]
fn a_draft_of_a_question_is_answered() {
    let drafted = draft(QUESTION, "two");
    for line in [
        "input X: N x D",
        "param W_2: H x K",
        "draw graph   [4 points]",
        "derive dW_1, dW_2   [8 points]",
        "count params",
    ] {
        assert!(drafted.contains(line), "{line}:\n{drafted}");
    }
    let solution = common::solve_text(&drafted).unwrap();
    assert!(solution.certificate.passed);
    // What a text does not say is asked of the author.
    assert!(draft("Some words.", "empty").contains("# ?"));
}
