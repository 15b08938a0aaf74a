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
    (&["embed", "embedding"], (1, 1), "{0}*E | param E: V x D"),
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
    (&["onehot", "one_hot"], (1, 2), "T | target T: N x K one-hot"),
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
    (&["zeros"], (1, 2), "0*ones({0}, {1})"),
    (&["identity"], (1, 1), "eye({0})"),
    (&["argmax", "one_hot_max"], (1, 1), "argmax_mask({0})"),
    (&["argmin"], (1, 1), "argmin_mask({0})"),
    (&["max_pool", "max_pool2d", "maxpool2d", "MaxPool2d", "pool"], (1, 2), "maxpool({0}, size = 2)"),
    (&["avg_pool", "avg_pool2d", "avgpool2d", "AvgPool2d"], (1, 2), "avgpool({0}, size = 2)"),
    (&["convolution", "convolve", "correlate", "Conv2d"], (2, 2), "conv2d({0}, {1})"),
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
    FAMOUS.iter().any(|(names, (least, most), _)| names.contains(&name) && (*least..=*most).contains(&operands))
}

/// What a call of a famous name means; `None` of another one.
pub fn instead(name: &str, operands: &[Operand]) -> Option<Instead> {
    let counts = |(least, most): (usize, usize)| (least..=most).contains(&operands.len());
    let (_, _, pattern) = FAMOUS.iter().find(|(names, count, _)| names.contains(&name) && counts(*count))?;
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
        text = text.replace(&format!("{{#{place}}}"), &columns.unwrap_or_else(|| "1".to_string()));
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
