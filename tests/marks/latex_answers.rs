//! Answers in LaTeX: what is read from them, what is refused, and that nothing hostile gets past the limits.

use solve::lower::operators;
use solve::syntax::ast::{Answer, AnswerValue};
use solve::syntax::latex::{Macros, answer, statements};
use solve::syntax::{Vocabulary, print_answer_target, print_expression};

const NAMES: [&str; 36] = [
    "X", "Y", "Z", "C", "Cgt", "L", "W", "W1", "W2", "W3", "b", "b1", "b2", "Z1", "Z2", "A", "H", "Q", "K", "V",
    "yhat", "y", "x", "w", "a", "theta", "N", "D", "M", "B", "mu", "eta", "h1", "U", "P", "t",
];

fn vocabulary() -> Vocabulary {
    Vocabulary::new(NAMES, operators()).with_losses(["L"])
}

fn read(text: &str) -> Result<Vec<Answer>, String> {
    let (vocabulary, mut notes) = (vocabulary(), Vec::new());
    let told = |fault: Box<solve::diagnostic::Diagnostic>| fault.message.clone();
    let found = statements(text, 0, &Macros::default()).map_err(told)?;
    found.iter().map(|one| answer(one, text, &vocabulary, &mut notes).map_err(told)).collect()
}

/// `target = value`, in the problem's own language.
fn plain(answer: &Answer) -> String {
    let value = match &answer.value {
        AnswerValue::Expression(expr) => print_expression(expr),
        AnswerValue::Shape(sides) => format!("{} sides", sides.len()),
    };
    format!("{} = {value}", print_answer_target(&answer.target))
}

/// Reads every line of a table `LaTeX => plain` and lists those that came out otherwise.
fn compare(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(latex, expected)| {
            let read = match read(latex) {
                Ok(answers) => answers.iter().map(plain).collect::<Vec<_>>().join("; "),
                Err(message) => format!("error: {message}"),
            };
            (read != *expected).then(|| format!("{latex}\n    {read}\n    {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

/// Only the value's side.
fn compare_values(table: &[(&str, &str)]) {
    let rows: Vec<(String, String)> =
        table.iter().map(|(latex, plain)| (format!("Q = {latex}"), format!("Q = {plain}"))).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(latex, plain)| (latex.as_str(), plain.as_str())).collect();
    compare(&rows);
}

#[test]
fn the_ways_to_name_a_gradient() {
    compare(&[
        (r"\delta W_2 = Z^\top (Y-X)", "dW2 = Z^T*(Y - X)"),
        (r"\delta_{W_2} = X", "dW2 = X"),
        (r"\partial L/\partial W_2 = X", "dW2 of L = X"),
        (r"\frac{\partial L}{\partial W_2} = X", "dW2 of L = X"),
        (r"\frac{\partial \mathcal{L}}{\partial \mathbf{W}_2} = X", "dW2 of L = X"),
        (r"\dfrac{dL}{da} = X", "da of L = X"),
        (r"\frac{\mathrm{d}L}{\mathrm{d}a} = X", "da of L = X"),
        (r"\frac{\mathrm d L}{\mathrm d a} = X", "da of L = X"),
        (r"\frac{\partial}{\partial W_1} L = X", "dW1 of L = X"),
        (r"\nabla_{W_2} L = X", "dW2 of L = X"),
        (r"\nabla_{\mathbf{W}_2} \mathcal{L} = X", "dW2 of L = X"),
        (r"\nabla_{W_2} = X", "dW2 = X"),
        (r"\nabla W_2 = X", "dW2 = X"),
        (r"\nabla_w L = X", "dw of L = X"),
        (r"\nabla_w J = X", "dw of L = X"),
        (r"\nabla_w f = X", "dw of f = X"),
        (r"\nabla_w y = X", "dw of y = X"),
        (r"\nabla^2_w y = X", "hessian of y wrt w = X"),
        (r"\nabla_w \ell = X", "dw of L = X"),
        (r"dW_2 = X", "dW2 = X"),
        (r"d W_2 = X", "dW2 = X"),
        (r"\mathrm{d}W_2 = X", "dW2 = X"),
        (r"\mathrm{d} W_{2} = X", "dW2 = X"),
        (r"\partial W_2 = X", "dW2 = X"),
        (r"dL/dW_2 = X", "dW2 of L = X"),
        (r"∂L/∂W_2 = X", "dW2 of L = X"),
        (r"∂L/∂W₂ = X", "dW2 of L = X"),
        (r"δW_2 = X", "dW2 = X"),
        (r"\delta \mathbf{W}_2 = X", "dW2 = X"),
        (r"d\theta = X", "dtheta = X"),
        (r"\frac{\partial L}{\partial \theta} = X", "dtheta of L = X"),
        (r"\frac{\partial L}{\partial b_{1}} = X", "db1 of L = X"),
        (r"\frac{\partial L}{\partial W_{ij}} = X", "dW[i, j] of L = X"),
        (r"dW_{1,2} = 3", "dW[1, 2] = 3"),
        (r"\left(dW_1\right)_{ij} = x", "dW1[i, j] = x"),
        (r"\frac{\partial L}{\partial W}^\top = A^\top B", "dW of L = (A^T*B)^T"),
        (r"\nabla^2_w L = X^\top X", "hessian of L wrt w = X^T*X"),
        (r"\frac{\partial^2 L}{\partial w^2} = X^\top X", "hessian of L wrt w = X^T*X"),
        (r"\frac{\partial^2 L}{\partial w \partial w^\top} = X^\top X", "hessian of L wrt w = X^T*X"),
        (r"\frac{\partial Y}{\partial X} = W", "dX of Y = W"),
    ]);
}

#[test]
fn points_shapes_and_other_targets() {
    compare(&[
        (r"L(8) = 402.57", "L(8) = 402.57"),
        (r"L(a = 8) = 402.57", "L at a = 8 = 402.57"),
        (r"\left.\frac{dL}{da}\right|_{a=8} = -447.3", "da of L at a = 8 = -447.3"),
        (r"\frac{dL}{da}(8) \approx -447.3", "da(8) of L = -447.3"),
        (r"\frac{\mathrm dL}{\mathrm da}\Big|_{a = 8} = -447.3", "da of L at a = 8 = -447.3"),
        (r"J_{1,2} = -3", "J_1_2 = -3"),
        (r"A_{1,2} = -3", "A[1, 2] = -3"),
        (r"A_{12} = -3", "A[1, 2] = -3"),
        (r"\text{params} = 120", "params = 120"),
        (r"\text{number of parameters} = 120", "params = 120"),
        (r"\text{shape of } A = 4 \times 4", "shape of A = 2 sides"),
        (r"\mathrm{shape}(A) = (4, N)", "shape of A = 2 sides"),
        (r"A \in \mathbb{R}^{N \times D}", "shape of A = 2 sides"),
        (r"W \leftarrow W - \eta\, dW", "update W = W - eta*dW"),
        (r"W_{\text{new}} = W - \eta dW", "update W = W - eta*dW"),
        (r"\delta_2 = X", "delta_2 = X"),
        (r"G = Y - X", "G = Y - X"),
        (r"\boxed{dW = X}", "dW = X"),
        (r"a_3 = 9.77", "a_3 = 9.77"),
        (r"\hat y = a x", "yhat = a*x"),
    ]);
}

#[test]
fn several_answers_in_one_piece() {
    compare(&[
        (r"dW = A, \quad db = B", "dW = A; db = B"),
        (r"\begin{align*} dW &= A \\ db &= B \end{align*}", "dW = A; db = B"),
        (r"\begin{aligned} dW &= A B \\ &= B \end{aligned}", "dW = B"),
        (r"\begin{aligned} dW &= A \\ &\quad + B \end{aligned}", "dW = A + B"),
        (r"dW = A \text{ and } db = B.", "dW = A; db = B"),
        (r"dW = A^\top G, \text{ where } G = Y - X", "dW = A^T*G; G = Y - X"),
        (r"dW = X^\top \Big( A \\ & \qquad + B \Big)", "dW = X^T*(A + B)"),
        (r"\Rightarrow dW = A", "dW = A"),
        (r"\text{Hence } dW = A,", "dW = A"),
        (r"\begin{equation} \label{eq:a=b} dW = A \tag{1} \end{equation}", "dW = A"),
        (r"dW_1 = \frac{\partial L}{\partial Y}\frac{\partial Y}{\partial W_1} = X^\top C", "dW1 = X^T*C"),
        (r"\delta Z \equiv \frac{\partial L}{\partial Z} = Y W_2^\top", "dZ = Y*W2^T"),
        (r"dW = [1, 2]", "dW = [1 2]"),
        (r"N \text{ is large}", ""),
    ]);
}

#[test]
fn names_in_their_latex_dress() {
    compare_values(&[
        (r"W_2", "W2"),
        (r"W_{2}", "W2"),
        (r"\mathbf{W}_2", "W2"),
        (r"\mathbf{W_2}", "W2"),
        (r"\boldsymbol{W}_{2}", "W2"),
        (r"\bm W_2", "W2"),
        (r"\mathbf W_{\mathrm 2}", "W2"),
        (r"W^{(2)}", "W2"),
        (r"W^{[2]}", "W2"),
        (r"W^{(2)\top}", "W2^T"),
        (r"W^{(2)T} X", "W2^T*X"),
        (r"{W^{(2)}}^\top", "W2^T"),
        (r"{W}_{2}", "W2"),
        (r"C_{\text{gt}}", "Cgt"),
        (r"C_{gt}", "Cgt"),
        (r"C_{\mathrm{gt}}", "Cgt"),
        (r"Cgt", "Cgt"),
        (r"\mathrm{Cgt}", "Cgt"),
        (r"\hat{y}", "yhat"),
        (r"\hat y", "yhat"),
        (r"\widehat{y}", "yhat"),
        (r"\mathbf{\hat{y}}", "yhat"),
        (r"\hat{\mathbf{y}}", "yhat"),
        (r"ŷ", "yhat"),
        (r"\theta", "theta"),
        (r"θ", "theta"),
        (r"\mathcal{L}", "L"),
        (r"h_1", "h1"),
        (r"\vec{x}", "x"),
        (r"W₂", "W2"),
        (r"A_{ij}", "A[i, j]"),
        (r"A_{i,j}", "A[i, j]"),
        (r"A_{i j}", "A[i, j]"),
        (r"(W_2)_{ij}", "W2[i, j]"),
        (r"W_{2,ij}", "W2[i, j]"),
        (r"W^{(2)}_{ij}", "W2[i, j]"),
        (r"x_i^2", "x[i]^2"),
        (r"(W_2^\top)_{ij}", "(W2^T)[i, j]"),
        (r"\delta W_2", "dW2"),
        (r"dZ", "dZ"),
        (r"\frac{\partial L}{\partial Z} W_2^\top", "∂L/∂Z*W2^T"),
        (r"\nabla_Y L\, W_2^\top", "∂L/∂Y*W2^T"),
        (r"\nabla_{Y} W_2^\top", "dY*W2^T"),
    ]);
}

#[test]
fn products_are_split_where_the_split_is_unique() {
    compare_values(&[
        (r"ZW_2", "Z*W2"),
        (r"XW_1+b_1", "X*W1 + b1"),
        (r"ax", "a*x"),
        (r"2ax", "2*a*x"),
        (r"ZW_2^\top", "Z*W2^T"),
        (r"Z W_2", "Z*W2"),
        (r"Z\,W_2", "Z*W2"),
        (r"Z\cdot W_2", "Z*W2"),
        (r"Z\times W_2", "Z*W2"),
        (r"X^TXw", "X^T*X*w"),
        (r"QK^\top V", "Q*K^T*V"),
        (r"YdZ", "Y*dZ"),
        (r"a\theta x", "a*theta*x"),
        (r"Z(Y-X)", "Z*(Y - X)"),
        (r"(Y-X)Z", "(Y - X)*Z"),
        (r"(Y-X)(Y-X)^\top", "(Y - X)*(Y - X)^T"),
        (r"2(y-ax)x", "2*(y - a*x)*x"),
        (r"\frac{1}{N}X^\top y", "(1/N)*X^T*y"),
        (r"1/N (Y-X)", "(1/N)*(Y - X)"),
        (r"(x+1)3", "(x + 1)*3"),
        (r"ZW2^T", "Z*W2^T"),
    ]);
}

#[test]
fn operators_and_functions() {
    compare_values(&[
        (r"A \odot B", "A .* B"),
        (r"A \circ B", "A .* B"),
        (r"A \otimes B", "A .* B"),
        (r"A \oslash B", "A ./ B"),
        (r"-A - B", "-A - B"),
        (r"−A", "-A"),
        (r"A^T", "A^T"),
        (r"A^{\top}", "A^T"),
        (r"A^\intercal", "A^T"),
        (r"A^{\mathsf T}", "A^T"),
        (r"A^{\mathsf{T}}", "A^T"),
        (r"A^{\mathrm{T}}", "A^T"),
        (r"A^{\prime}", "A^T"),
        (r"A'", "A^T"),
        (r"A'(Y - X)", "A^T*(Y - X)"),
        (r"Aᵀ B", "A^T*B"),
        (r"(A B)^\top", "(A*B)^T"),
        (r"A^{-1}", "A^-1"),
        (r"A^{-\top}", "(A^-1)^T"),
        (r"x^2", "x^2"),
        (r"x^{10}", "x^10"),
        (r"x²", "x^2"),
        (r"\sigma(Z)", "sigmoid(Z)"),
        (r"\sigma'(Z_2)", "sigmoid'(Z2)"),
        (r"f'(Z_2)", "f'(Z2)"),
        (r"\operatorname{ReLU}'(Z_2)", "ReLU'(Z2)"),
        (r"\operatorname{ReLU}(XW_1 + b_1)", "ReLU(X*W1 + b1)"),
        (r"\mathrm{ReLU}(Z)", "ReLU(Z)"),
        (r"\text{softmax}(Z)", "softmax(Z)"),
        (r"\mathrm{diag}(x)", "diag(x)"),
        (r"\operatorname{tr}(A)", "tr(A)"),
        (r"\tanh(Z)", "tanh(Z)"),
        (r"\tanh Z", "tanh(Z)"),
        (r"1 - \tanh^2(Z)", "1 - tanh(Z)^2"),
        (r"\exp(x)", "exp(x)"),
        (r"\exp\left(-x\right)", "exp(-x)"),
        (r"\exp\{x\}", "exp(x)"),
        (r"e^{-x}", "exp(-x)"),
        (r"e^x", "exp(x)"),
        (r"\mathrm{e}^{x}", "exp(x)"),
        (r"a e^{x}", "a*exp(x)"),
        (r"\frac{1}{1+e^{-x}}", "1/(1 + exp(-x))"),
        (r"\log x", "log(x)"),
        (r"\ln(x)", "log(x)"),
        (r"\max(0, x)", "max(0, x)"),
        (r"\max\{0, x\}", "max(0, x)"),
        (r"\sqrt{x}", "sqrt(x)"),
        (r"\sqrt[3]{x}", "x^(1/3)"),
        (r"\sqrt x", "sqrt(x)"),
        (r"\frac12 x", "(1/2)*x"),
        (r"\tfrac{1}{2}x", "(1/2)*x"),
        (r"½ x", "(1/2)*x"),
        (r"\frac{a+b}{x}", "(a + b)/x"),
        (r"\lVert A \rVert^2", "norm(A)^2"),
        (r"\|A\|_F^2", "norm(A)^2"),
        (r"\|A\|^2_2", "norm(A)^2"),
        (r"\left\lVert Y - X \right\rVert_2^2", "norm(Y - X)^2"),
        (r"\left\|Y-X\right\|^2", "norm(Y - X)^2"),
        (r"||y||^2", "norm(y)^2"),
        (r"|x|", "abs(x)"),
        (r"\left|x\right|", "abs(x)"),
        (r"\underbrace{A B}_{N \times D} C", "A*B*C"),
        (r"\left(A + B\right)C", "(A + B)*C"),
        (r"\bigl( A + B \bigr)C", "(A + B)*C"),
        (r"[A + B]C", "(A + B)*C"),
        (r"3 \times 10^{-4}", "3*10^-4"),
        (r"1e-3", "1e-3"),
        (r"\displaystyle \boxed{A}", "A"),
        (r"\textcolor{red}{A}", "A"),
        (r"A % a comment", "A"),
        (r"Z^\top(C - C_{\text{gt}}) W_3^\top", "Z^T*(C - Cgt)*W3^T"),
    ]);
}

#[test]
fn matrices_cases_indicators_and_sums() {
    compare_values(&[
        (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", "[1 2; 3 4]"),
        (r"\begin{pmatrix} 1 & -2 \\ a & x + 1 \\ \end{pmatrix}", "[1 -2; a (x + 1)]"),
        (r"\left[\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}\right]", "[1 2; 3 4]"),
        (r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}", "[1; 2]"),
        (r"\begin{bmatrix} \frac12 & -0.5 \end{bmatrix}^\top", "[1/2 -0.5]^T"),
        (r"\begin{matrix} 1 & 2 \end{matrix}", "[1 2]"),
        (r"[1, 2]", "[1 2]"),
        (r"(1, 2)^\top", "[1 2]^T"),
        (r"[[1, 2], [3, 4]]", "[[1 2] [3 4]]"),
        (r"\mathbb{1}[Z > 0]", "1[Z > 0]"),
        (r"\mathbb{1}(Z > 0)", "1[Z > 0]"),
        (r"\mathbb{1}_{Z > 0}", "1[Z > 0]"),
        (r"\mathbb{1}_{[Z > 0]}", "1[Z > 0]"),
        (r"\mathbf 1_{\{Z \ge 0\}}", "1[Z >= 0]"),
        (r"\mathbf{1}\{Z > 0\}", "1[Z > 0]"),
        (r"\mathbb{1}\left[Z > 0\right]", "1[Z > 0]"),
        (r"\mathbb{I}(Z > 0)", "1[Z > 0]"),
        (r"1_{\{Z > 0\}}", "1[Z > 0]"),
        (r"1[Z > 0]", "1[Z > 0]"),
        (r"1\{Z > 0\}", "1[Z > 0]"),
        (r"(Z > 0)", "1[Z > 0]"),
        (r"[Z > 0]", "1[Z > 0]"),
        (r"A \odot \mathbb 1[XW_1+b_1 > 0]", "A .* 1[X*W1 + b1 > 0]"),
        (r"\mathbf{1}^T A", "colsum(A)"),
        (r"\mathbf{1}^\top (Y - X)", "colsum(Y - X)"),
        (r"\mathbb{1}^\top A B", "colsum(A*B)"),
        (r"A \mathbf{1}", "rowsum(A)"),
        (r"\mathbf{1}^\top A \mathbf 1", "rowsum(colsum(A))"),
        (r"\mathbf{1}_N^\top A", "ones(N, 1)^T*A"),
        (r"\begin{cases} 1 & Z > 0 \\ 0 & \text{otherwise} \end{cases}", "cases(1 if Z > 0, 0 otherwise)"),
        (r"\begin{cases} 1, & \text{if } Z > 0, \\ 0, & \text{else.} \end{cases}", "cases(1 if Z > 0, 0 otherwise)"),
        (r"\begin{cases} 1 & 0 < x \le 1 \\ 0 & x \leq 0 \end{cases}", "cases(1 if 0 < x and x <= 1, 0 if x <= 0)"),
        (r"\left\{\begin{array}{ll} 1 & Z > 0 \\ 0 & Z \le 0 \end{array}\right.", "cases(1 if Z > 0, 0 if Z <= 0)"),
        (r"\sum_i x_i y_i", "sum_{i} x[i]*y[i]"),
        (r"\sum_{i=1}^{N} (y_i - a x_i)^2", "sum_{i=1}^{N} (y[i] - a*x[i])^2"),
        (r"\sum_{i=1}^N x_i + a", "sum_{i=1}^{N} x[i] + a"),
        (r"\sum_i (y^{(i)} - a x^{(i)})^2", "sum_{i} (y[i] - a*x[i])^2"),
        (r"\sum_{i,j} A_{ij}", "sum_{i} sum_{j} A[i, j]"),
        (r"\sum_k \sum_n Z_{kn} Y_{nk}", "sum_{k} sum_{n} Z[k, n]*Y[n, k]"),
        (r"-\frac{1}{N}\sum_n \log C_{nk}", "-(1/N)*(sum_{n} log(C[n, k]))"),
        (r"2\sum_i x_i", "2*(sum_{i} x[i])"),
        (r"\sum A", "sum(A)"),
        (r"\prod_i x_i", "prod_{i} x[i]"),
        (r"\prod_{i=1}^N x_i y_i + a", "prod_{i=1}^{N} x[i]*y[i] + a"),
        (r"\prod_{i,j} A_{ij}", "prod_{i} prod_{j} A[i, j]"),
        (r"a \prod x", "a*prod(x)"),
        (r"\prod_{j \neq i} x_j", "prod_{j} cases(x[j] if j != i, 1 otherwise)"),
        (r"\|A\|_\infty + \|x\|_1", "max(abs(A)) + sum(abs(x))"),
    ]);
}

#[test]
fn what_could_mean_two_things_or_nothing_is_refused() {
    for latex in [
        r"\log x y",
        r"1/2x",
        r"a/bx",
        r"3{,}5",
        r"1 000",
        r"A \pm B",
        r"\ldots",
        r"A + \dots + B",
        r"(A + B",
        r"A + B)",
        r"{A + B",
        r"A + B}",
        r"\frac{A}",
        r"A_{i+1}",
        r"\input{/etc/passwd}",
        r"\write18{rm}",
        r"\foo A",
        r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}",
        r"\begin{bmatrix} 1 & 2 \end{pmatrix}",
        r"\begin{bmatrix} 1 & 2",
        r"\begin{cases} 1 \\ 0 & Z \end{cases}",
        r"W 2",
        r"x^12",
        r"A +",
        r"",
        r"^2",
        r"\left( A \right]",
        r"1 \text{ if } Z > 0",
        r"\tanh^{-1}(x)",
    ] {
        let read = read(&format!("Q = {latex}"));
        assert!(read.is_err(), "{latex}: {:?}", read.map(|answers| answers.iter().map(plain).collect::<Vec<_>>()));
    }
    let ambiguous = Vocabulary::new(["Q", "a", "b", "ab"], operators());
    let text = "Q = ab";
    let found = statements(text, 0, &Macros::default()).unwrap();
    assert_eq!(answer(&found[0], text, &ambiguous, &mut Vec::new()).unwrap_err().code, "E-ambiguous");
}
