//! Famous names that the language lacks, and how what they mean is written here.

/// Names, the fewest and the most operands that they have, and what is written instead. `{0}` is the first operand,
/// `{#1}` the number of columns of the second; behind ` | ` is a line that has to be given.
type Row = (&'static [&'static str], (usize, usize), &'static str);

/// `A` stands for an operand that was left out.
const FAMOUS: &[Row] = &[
    (&["matmul", "mm", "bmm", "dot"], (2, 2), "{0}*{1}"),
    (&["mul", "multiply", "hadamard", "elementwise"], (2, 2), "{0} .* {1}"),
    (&["add", "plus"], (2, 2), "{0} + {1}"),
    (&["subtract", "minus"], (2, 2), "{0} - {1}"),
    (&["divide"], (2, 2), "{0} ./ {1}"),
    (&["transpose", "t", "T"], (1, 1), "{0}^T"),
    (&["sq"], (1, 1), "square({0})"),
    (&["pow", "power"], (2, 2), "{0}.^{1}"),
    (&["lb"], (1, 1), "log2({0})"),
    (&["lg"], (1, 1), "log10({0})"),
    (&["log1p"], (1, 1), "log(1 + {0})"),
    (&["expm1"], (1, 1), "exp({0}) - 1"),
    (&["GELU"], (1, 1), "gelu({0})"),
    (&["SiLU"], (1, 1), "silu({0})"),
    (&["ELU"], (1, 2), "elu({0})"),
    (&["ReLU6"], (1, 1), "relu6({0})"),
    (&["hard_tanh", "clamp"], (1, 3), "clip({0}, low = -1, high = 1)"),
    (&["batchnorm", "bn", "BatchNorm"], (1, 3), "batch_norm({0})"),
    (&["layernorm", "ln", "LayerNorm"], (1, 3), "layer_norm({0})"),
    (&["rmsnorm"], (1, 2), "rms_norm({0})"),
    (&["attn", "scaled_dot_product_attention"], (3, 3), "attention({0}, {1}, {2})"),
    (&["dropout", "mask"], (1, 3), "dropout({0}, {M0})"),
    (&["embed", "lookup", "gather"], (2, 2), "embedding({0}, {1})"),
    (&["embed", "embedding"], (1, 1), "{0}*E | param E: {#0} x 4"),
    (&["norm2", "l2norm"], (1, 1), "norm({0})"),
    (&["relu_derivative", "drelu", "heaviside", "step_function"], (1, 1), "step({0})"),
    (&["arctg", "tan_inverse"], (1, 1), "arctan({0})"),
    (&["Conv1d"], (2, 2), "conv1d({0}, {1})"),
    (
        &["ConvTranspose2d", "conv2d_transpose", "transposed_convolution", "upconv"],
        (2, 2),
        "conv_transpose2d({0}, {1})",
    ),
    (&["depthwise_conv", "DepthwiseConv2D"], (2, 2), "depthwise_conv2d({0}, {1})"),
    (
        &["global_average_pooling", "GlobalAveragePooling2D", "AdaptiveAvgPool2d", "global_pool"],
        (1, 1),
        "global_avgpool({0})",
    ),
    (&["GlobalMaxPooling2D", "AdaptiveMaxPool2d"], (1, 1), "global_maxpool({0})"),
    (&["groupnorm", "GroupNorm"], (1, 1), "group_norm({0}, groups = 2)"),
    (&["cdf", "normcdf", "gaussian_cdf"], (1, 1), "normal_cdf({0})"),
    (&["pdf", "normpdf", "gaussian_pdf"], (1, 1), "normal_pdf({0})"),
    (&["vec"], (1, 1), "flatten({0})"),
    (&["size", "numel", "len", "length"], (1, 1), "count({0})"),
    (
        &["MHA", "multihead", "multihead_attention", "MultiHead", "MultiHeadAttention"],
        (3, 3),
        "multi_head_attention({0}, {1}, {2}, heads = 2)",
    ),
    (&["onehot", "one_hot"], (1, 2), "T | target T: 3 x 2 one-hot"),
    (&["linear", "dense", "affine", "fc"], (2, 2), "{0}*{1}"),
    (&["linear", "dense", "affine", "fc"], (3, 3), "{0}*{1} + {2}"),
    (&["cossim"], (2, 2), "cosine_similarity({0}, {1})"),
    (&["mse_loss", "squared_error"], (2, 2), "mse({0}, {1})"),
    (&["l1_loss", "L1Loss"], (2, 2), "mae({0}, {1})"),
    (&["lasso"], (1, 1), "l1({0})"),
    (&["sumsq", "sse"], (1, 1), "sum({0}.^2)"),
    (&["softmax_cross_entropy", "CrossEntropyLoss", "cross_entropy_with_logits"], (2, 2), "ce_logits({0}, {1})"),
    (&["bce_with_logits", "BCEWithLogitsLoss"], (2, 2), "bce_logits({0}, {1})"),
    (&["kl_div", "KL"], (2, 2), "kl({0}, {1})"),
    (&["variance"], (1, 1), "var({0})"),
    (&["stddev"], (1, 1), "std({0})"),
    (&["zeros"], (2, 2), "0*ones({0}, {1})"),
    (&["identity"], (1, 1), "eye({0})"),
    (&["argmax", "one_hot_max"], (1, 1), "argmax_mask({0})"),
    (&["argmin"], (1, 1), "argmin_mask({0})"),
    (&["max_pool", "max_pool2d", "maxpool2d", "MaxPool2d", "pool"], (1, 2), "maxpool({0}, size = 2)"),
    (&["avg_pool", "avg_pool2d", "avgpool2d", "AvgPool2d"], (1, 2), "avgpool({0}, size = 2)"),
    (&["convolution", "convolve", "correlate", "Conv2d"], (2, 2), "conv2d({0}, {1})"),
    (&["sigm", "expit"], (1, 1), "sigmoid({0})"),
    (&["lrelu", "leakyrelu"], (1, 2), "leaky_relu({0}, slope = 0.01)"),
    (&["prelu"], (1, 1), "max(0, {0}) + a*min(0, {0}) | param a"),
    (&["prelu"], (2, 2), "max(0, {0}) + {1}*min(0, {0})"),
    (&["hardsigmoid"], (1, 1), "hard_sigmoid({0})"),
    (&["hardswish"], (1, 1), "hard_swish({0})"),
    (&["tanhshrink"], (1, 1), "{0} - tanh({0})"),
    (&["swiglu"], (2, 2), "silu({0}) .* {1}"),
    (&["geglu"], (2, 2), "gelu({0}) .* {1}"),
    (&["maxout"], (2, 2), "maximum({0}, {1})"),
    (&["softmin"], (1, 1), "softmax(-{0})"),
    (&["lse"], (1, 1), "logsumexp({0})"),
    (&["gaussian", "gauss", "normal"], (1, 1), "normal_pdf({0})"),
    (&["rbf"], (2, 2), "exp(-norm({0} - {1})^2/2)"),
    (&["sec"], (1, 1), "1 ./ cos({0})"),
    (&["csc", "cosec"], (1, 1), "1 ./ sin({0})"),
    (&["cot", "cotan"], (1, 1), "cos({0}) ./ sin({0})"),
    (&["coth"], (1, 1), "1 ./ tanh({0})"),
    (&["csch"], (1, 1), "1 ./ sinh({0})"),
    (&["arcsin", "asin"], (1, 1), "arctan({0} ./ sqrt(1 - {0}.^2))"),
    (&["arsinh", "asinh", "arcsinh"], (1, 1), "log({0} + sqrt({0}.^2 + 1))"),
    (&["arcosh", "acosh", "arccosh"], (1, 1), "log({0} + sqrt({0}.^2 - 1))"),
    (&["artanh", "atanh", "arctanh"], (1, 1), "log((1 + {0}) ./ (1 - {0}))/2"),
    (&["exp2"], (1, 1), "exp(log(2)*{0})"),
    (&["cbrt"], (1, 1), "{0}.^(1/3)"),
    (&["root"], (1, 1), "sqrt({0})"),
    (&["rsqrt"], (1, 1), "1 ./ sqrt({0})"),
    (&["reciprocal"], (1, 1), "1 ./ {0}"),
    (&["fabs"], (1, 1), "abs({0})"),
    (&["hypot"], (2, 2), "sqrt({0}.^2 + {1}.^2)"),
    (&["erfc"], (1, 1), "1 - erf({0})"),
    (&["signum"], (1, 1), "sign({0})"),
    (&["log1mexp"], (1, 1), "log(1 - exp({0}))"),
    (&["amax"], (1, 1), "max({0})"),
    (&["amin"], (1, 1), "min({0})"),
    (&["average", "avg"], (1, 1), "mean({0})"),
    (&["frobenius", "fro"], (1, 1), "norm({0})"),
    (&["standardize", "standardise", "zscore"], (1, 1), "({0} - mean({0}))/std({0})"),
    (&["normalize", "normalise"], (1, 1), "{0}/norm({0})"),
    (&["weight_norm"], (1, 1), "{0}/norm({0})"),
    (&["corr", "correlation"], (2, 2), "cosine_similarity({0} - mean({0}), {1} - mean({1}))"),
    (&["vstack", "cat", "concatenate"], (2, 2), "concat({0}, {1}, axis = 0)"),
    (&["hstack"], (2, 2), "concat({0}, {1}, axis = 1)"),
    (&["pinv"], (1, 1), "inv({0}^T*{0})*{0}^T"),
    (&["self_attention"], (1, 1), "attention({0}, {0}, {0})"),
    (&["self_attention", "cross_attention"], (3, 3), "attention({0}, {1}, {2})"),
    (&["nll", "xent", "crossentropy", "categorical_crossentropy"], (2, 2), "ce({0}, {1})"),
    (&["NLLLoss", "nll_loss"], (2, 2), "-sum({1} .* {0})"),
    (&["MSELoss"], (2, 2), "mse({0}, {1})"),
    (&["BCELoss", "binary_crossentropy"], (2, 2), "bce({0}, {1})"),
    (&["smooth_l1", "SmoothL1Loss", "HuberLoss"], (2, 2), "huber({0}, {1})"),
    (&["focal_loss"], (2, 2), "focal({0}, {1})"),
    (&["dice"], (2, 2), "2*sum({0} .* {1})/(sum({0}) + sum({1}))"),
    (&["accuracy"], (2, 2), "sum(argmax_mask({0}) .* {1})/rows({0})"),
    (&["perplexity"], (2, 2), "exp(ce({0}, {1})/rows({0}))"),
];

/// Famous names that no single call or formula of the language is, and what is said of them.
const SAID: &[(&[&str], &str)] = &[
    (
        &["lstm", "gru", "rnn"],
        "its gates are lines of the model: `solve new rnn` prints a pattern, `solve problems recurrent` finds some",
    ),
    (
        &["mlp", "ffn", "feedforward", "transformer", "residual"],
        "its layers are lines of the model: `solve new mlp` prints a pattern",
    ),
    (
        &["eig", "eigh", "eigvals", "eigvalsh", "eigenvalues"],
        "eigenvalues are asked for under `tasks`: `eigenvalues of A`",
    ),
    (
        &["svd", "singular_values", "pca"],
        "singular values are the roots of what the task `eigenvalues of C` gives of a line `C = A^T*A`",
    ),
    (
        &["einsum"],
        "`ij,jk->ik` is `A*B`, `ij,ij->ij` is `A .* B`, `ij->ji` is `A^T`, `i,j->ij` is `outer(u, v)`, `ij->` is `sum(A)`",
    ),
    (
        &["topk", "sort", "argsort"],
        "nothing is sorted here: `argmax_mask(A)` marks the largest entry, `median(A)` is the middle one",
    ),
    (
        &["cholesky", "chol", "qr", "lu", "expm", "logm", "null"],
        "matrices are not factored here: there are `inv(A)`, `det(A)` and the task `eigenvalues of A`",
    ),
    (&["floor", "ceil", "round", "trunc"], "nothing is rounded here: steps are written with `step(x)`"),
    (&["fft", "dft", "dct"], "a transform is a product with a given matrix: `F*x`"),
    (
        &["rand", "randn", "sample", "bernoulli", "uniform", "noise"],
        "numbers are drawn under `given`, `a = random from 1 to 9`; means and variances are asked for by `expectation of`",
    ),
    (
        &["triu", "tril", "causal_mask"],
        "a mask is given, with `-inf` where nothing shall pass: `input Mask = [0 -inf; 0 0]`",
    ),
    (&["pad", "padding"], "padding is an option: `conv2d(I, W, padding = 1)`"),
    (
        &["gamma", "lgamma", "digamma", "beta", "bessel", "atan2", "arccos", "acos"],
        "this function is not in the language, and nothing here stands for it",
    ),
    (
        &["kron", "tile", "repeat_rows", "broadcast", "expand", "squeeze", "unsqueeze"],
        "rows, columns and numbers are repeated where they fit: `X + b`",
    ),
];

/// An operand as it is written, with its shape.
pub struct Operand {
    pub text: String,
    pub shape: Option<crate::shape::Shape>,
}

/// How a call is written in the language, and what has to be declared for it.
pub struct Instead {
    pub text: String,
    /// A line under `given`.
    pub given: Option<String>,
}

/// Whether there is something to write instead of a call with so many operands.
pub fn is_known(name: &str, operands: usize) -> bool {
    FAMOUS.iter().any(|(names, (least, most), _)| among(names, name) && (*least..=*most).contains(&operands))
}

/// Whether a name is one of some, perhaps in small letters.
fn among(names: &[&str], name: &str) -> bool {
    names.contains(&name) || names.contains(&name.to_lowercase().as_str())
}

/// What is said of a famous name, however it is called.
pub fn said(name: &str) -> Option<&'static str> {
    SAID.iter().find(|(names, _)| among(names, name)).map(|(_, said)| *said)
}

/// What a call of a famous name means; `None` of another one.
pub fn instead(name: &str, operands: &[Operand]) -> Option<Instead> {
    let counts = |(least, most): (usize, usize)| (least..=most).contains(&operands.len());
    let (_, _, pattern) = FAMOUS.iter().find(|(names, count, _)| among(names, name) && counts(*count))?;
    let (pattern, line) = pattern.split_once(" | ").map_or((*pattern, None), |(text, line)| (text, Some(line)));
    let mut text = pattern.to_string();
    let mut given = line.map(str::to_string);
    if text.contains("{M0}") {
        let shape = operands[0].shape.as_ref().filter(|shape| !shape.is_scalar())?;
        given = Some(format!("input Mask: {shape}"));
        text = text.replace("{M0}", "Mask");
    }
    for (place, operand) in operands.iter().enumerate() {
        text = text.replace(&format!("{{{place}}}"), &operand.text);
        let columns =
            operand.shape.as_ref().and_then(|shape| shape.as_matrix()).map(|(_, columns)| columns.to_string());
        let (hole, columns) = (format!("{{#{place}}}"), columns.unwrap_or_else(|| "1".to_string()));
        text = text.replace(&hole, &columns);
        given = given.map(|given| given.replace(&hole, &columns));
    }
    Some(Instead { text, given }).filter(|instead| !instead.text.contains('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_written_with_its_own_operands() {
        let operand = |text: &str| Operand { text: text.to_string(), shape: None };
        let text = |name: &str, operands: &[&str]| {
            let operands: Vec<Operand> = operands.iter().map(|text| operand(text)).collect();
            instead(name, &operands).map(|instead| instead.text)
        };
        assert_eq!(text("lb", &["p"]).unwrap(), "log2(p)");
        assert_eq!(text("variance", &["z"]).unwrap(), "var(z)");
        assert_eq!(text("linear", &["X", "W", "b"]).unwrap(), "X*W + b");
        assert_eq!((text("max", &["z"]), text("foo", &["z"])), (None, None));
    }

    /// What a row says to write is read, with operands of a kind that it is for.
    #[test]
    fn every_row_is_a_line_that_works() {
        let line = |given: &str, line: &str| {
            let given = format!(
                "dim N = 2\n  param X: 2 x 2, Y: 2 x 2, B: 2 x 2, u: 2 x 1, v: 2 x 1\n  input I: 4 x 4, F: 2 x 2{given}"
            );
            let text = format!("problem \"P\"\ngiven\n  {given}\nmodel\n  z = {line}\ntasks\n  shapes of z\n");
            crate::syntax::read_spec(&text).and_then(|spec| crate::lower::lower(&spec.value).map(|_| ()))
        };
        let square = crate::shape::Shape::matrix(crate::shape::Dim::integer(2), crate::shape::Dim::integer(2));
        let mut broken = Vec::new();
        for (names, (least, most), _) in FAMOUS {
            for count in *least..=*most {
                let works = [["X", "Y", "B"], ["N", "N", "N"], ["u", "v", "u"], ["I", "F", "F"]].iter().any(|texts| {
                    let operands: Vec<Operand> = texts[..count]
                        .iter()
                        .map(|text| Operand { text: text.to_string(), shape: Some(square.clone()) })
                        .collect();
                    let Some(Instead { text, given }) = instead(names[0], &operands) else { return false };
                    line(&given.map_or(String::new(), |given| format!("\n  {given}")), &text).is_ok()
                });
                if !works {
                    broken.push(format!("{} of {count}", names[0]));
                }
            }
        }
        assert!(broken.is_empty(), "{broken:?}");
    }

    #[test]
    fn no_row_is_hidden_by_another() {
        for (place, (names, (least, most), _)) in FAMOUS.iter().enumerate() {
            let hides = |(others, (low, high), _): &Row| {
                names.iter().any(|name| others.contains(name)) && low <= most && least <= high
            };
            assert!(!FAMOUS[..place].iter().any(hides), "{names:?}");
        }
    }
}
