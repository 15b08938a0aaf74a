//! Transposed operators, as gradients are written: `maxpoolᵀ(A, δX)`, `conv1dᵀ_kernel(I, W, δJ)`.

/// The operator that a transposed one is, by its name and what stands below it.
pub fn turned(operator: &str, below: &str) -> Option<&'static str> {
    Some(match (operator, below) {
        ("maxpool", "") => "maxpool_gradient",
        ("avgpool", "") => "avgpool_gradient",
        ("slice", "") => "slice_gradient",
        ("concat", "") => "concat_gradient",
        ("conv" | "conv2d", "image") => "conv2d_input_gradient",
        ("conv" | "conv2d", "kernel") => "conv2d_kernel_gradient",
        ("conv1d", "image") => "conv1d_input_gradient",
        ("conv1d", "kernel") => "conv1d_kernel_gradient",
        _ => return None,
    })
}
