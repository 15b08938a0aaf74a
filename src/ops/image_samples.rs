//! Convolution, pooling, reshaping and concatenation with operands to try them on.

use super::laws::read;
use super::samples::{Sample, sample};
use super::*;

/// A call: its name, its options, its operands, and those in which it is linear (or becomes so with an added
/// constant, a bias).
type Row = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static [usize]], &'static [usize]);

const SAME: (&str, &str) = ("padding", "same");
const FLIP: (&str, &str) = ("flip", "true");
const LINE: (&str, &str) = ("line", "true");

const ROWS: &[Row] = &[
    ("conv2d", &[], &[&[4, 6], &[3, 3]], &[0, 1]),
    ("conv2d", &[], &[&[4, 5], &[2, 3], &[]], &[0, 1, 2]),
    ("conv2d", &[SAME], &[&[4, 5], &[3, 3]], &[0, 1]),
    ("conv2d", &[SAME], &[&[4, 5], &[2, 3]], &[0, 1]),
    ("conv2d", &[("padding", "1"), FLIP], &[&[4, 5], &[3, 2]], &[0, 1]),
    // More padding than the kernel reaches over.
    ("conv2d", &[("padding", "3")], &[&[2, 3], &[2, 2]], &[0, 1]),
    ("conv2d", &[("dilation", "2")], &[&[5, 6], &[2, 3]], &[0, 1]),
    ("conv2d", &[("padding", "(1, 0)"), ("dilation", "(2, 1)"), FLIP], &[&[5, 6], &[2, 3]], &[0, 1]),
    // The stride leaves the last row and column out.
    ("conv2d", &[("stride", "2")], &[&[6, 6], &[3, 3], &[1, 1]], &[0, 1, 2]),
    ("conv2d", &[("stride", "(2, 3)"), ("padding", "1"), FLIP], &[&[5, 6], &[3, 2]], &[0, 1]),
    // Channels and filters; a batch; one filter; filters for one channel.
    ("conv2d", &[("stride", "2"), SAME], &[&[2, 5, 4], &[3, 2, 3, 3], &[3, 1]], &[0, 1, 2]),
    ("conv2d", &[], &[&[2, 4, 4], &[2, 3, 3], &[]], &[0, 1, 2]),
    ("conv2d", &[], &[&[3, 2, 3, 4], &[2, 2, 2, 2], &[1, 2]], &[0, 1, 2]),
    ("conv2d", &[], &[&[3, 2, 3, 4], &[2, 2, 2], &[]], &[0, 1, 2]),
    ("conv2d", &[], &[&[3, 4], &[2, 1, 2, 2], &[2, 1]], &[0, 1, 2]),
    ("conv2d", &[], &[&[2, 1, 3, 4], &[2, 2], &[]], &[0, 1, 2]),
    // Groups; a kernel for each channel, with and without its one channel, and two for each; a batch.
    ("conv2d", &[("groups", "2")], &[&[4, 3, 4], &[6, 2, 2, 2], &[6, 1]], &[0, 1, 2]),
    ("conv2d", &[("groups", "each"), ("stride", "2")], &[&[2, 3, 5, 4], &[3, 1, 2, 3]], &[0, 1]),
    ("conv2d", &[("groups", "each"), SAME], &[&[2, 3, 4], &[2, 3, 3], &[1, 2]], &[0, 1, 2]),
    ("conv2d", &[("groups", "each")], &[&[2, 3, 4], &[4, 1, 2, 2]], &[0, 1]),
    // Over one axis: rows, columns, channels and filters, a batch.
    ("conv2d", &[LINE], &[&[1, 6], &[1, 3], &[]], &[0, 1, 2]),
    ("conv2d", &[("stride", "2"), ("padding", "1"), LINE], &[&[7, 1], &[3, 1]], &[0, 1]),
    ("conv2d", &[("dilation", "2"), FLIP, LINE], &[&[2, 7], &[2, 3]], &[0, 1]),
    ("conv2d", &[("stride", "2"), SAME, LINE], &[&[2, 5], &[3, 2, 2], &[3, 1]], &[0, 1, 2]),
    ("conv2d", &[LINE], &[&[2, 3, 6], &[4, 3, 2], &[1, 4]], &[0, 1, 2]),
    ("conv2d", &[("groups", "each"), LINE], &[&[2, 3, 6], &[3, 2]], &[0, 1]),
    ("conv2d_input_gradient", &[("groups", "2")], &[&[4, 3, 4], &[6, 2, 2, 2], &[6, 2, 3]], &[1, 2]),
    ("conv2d_kernel_gradient", &[("stride", "2"), LINE], &[&[2, 7], &[3, 2, 3], &[3, 3]], &[0, 2]),
    ("conv_transpose2d", &[], &[&[2, 3], &[2, 2]], &[0, 1]),
    ("conv_transpose2d", &[("stride", "2"), ("padding", "1")], &[&[3, 2], &[3, 3], &[]], &[0, 1, 2]),
    (
        "conv_transpose2d",
        &[("stride", "2"), ("output_padding", "1")],
        &[&[2, 2, 3], &[2, 3, 2, 2], &[3, 1]],
        &[0, 1, 2],
    ),
    ("conv_transpose2d", &[("dilation", "2")], &[&[2, 2, 2, 3], &[2, 1, 2, 2]], &[0, 1]),
    ("global_avgpool", &[], &[&[3, 4]], &[0]),
    ("global_avgpool", &[], &[&[2, 3, 4]], &[0]),
    ("global_avgpool", &[], &[&[2, 3, 2, 2]], &[0]),
    ("global_avgpool", &[("max", "true")], &[&[2, 3, 4]], &[]),
    ("global_avgpool", &[("max", "true")], &[&[2, 2, 3, 2]], &[]),
    ("maxpool", &[("ceil", "true")], &[&[5, 3]], &[]),
    ("avgpool", &[("size", "3"), ("stride", "2"), ("padding", "1"), ("ceil", "true")], &[&[2, 4, 6]], &[0]),
    ("avgpool", &[("size", "3"), ("stride", "2"), ("ceil", "true"), ("count_padding", "false")], &[&[6, 4]], &[0]),
    ("reshape", &[("groups", "2")], &[&[3, 4]], &[0]),
    ("reshape", &[("groups", "2")], &[&[4, 2, 3]], &[0]),
    ("reshape", &[("groups", "2")], &[&[2, 4, 3, 1]], &[0]),
    ("conv2d_input_gradient", &[], &[&[4, 5], &[2, 3], &[3, 3]], &[1, 2]),
    ("conv2d_input_gradient", &[("stride", "2")], &[&[6, 5], &[3, 2], &[2, 2]], &[1, 2]),
    ("conv2d_input_gradient", &[SAME, FLIP], &[&[2, 3, 4], &[2, 2, 2, 3], &[2, 3, 4]], &[1, 2]),
    ("conv2d_kernel_gradient", &[], &[&[4, 5], &[2, 3], &[3, 3]], &[0, 2]),
    ("conv2d_kernel_gradient", &[("stride", "2")], &[&[6, 5], &[3, 2], &[2, 2]], &[0, 2]),
    ("conv2d_kernel_gradient", &[("dilation", "2"), FLIP], &[&[2, 1, 4, 5], &[1, 2, 2], &[2, 2, 3]], &[0, 2]),
    ("maxpool", &[], &[&[4, 5]], &[]),
    ("maxpool", &[("size", "3"), ("stride", "1")], &[&[2, 4, 5]], &[]),
    ("maxpool", &[("size", "(2, 3)"), ("stride", "2"), ("padding", "(1, 2)")], &[&[2, 2, 4, 3]], &[]),
    ("maxpool", &[SAME], &[&[5, 3]], &[]),
    ("maxpool_gradient", &[], &[&[5, 4], &[2, 2]], &[1]),
    ("maxpool_gradient", &[("stride", "1")], &[&[3, 4], &[2, 3]], &[1]),
    ("maxpool_select", &[("stride", "1")], &[&[3, 4], &[3, 4]], &[1]),
    ("avgpool", &[], &[&[4, 5]], &[0]),
    ("avgpool", &[("size", "3"), ("stride", "2"), ("padding", "1")], &[&[2, 4, 5]], &[0]),
    ("avgpool", &[("size", "3"), ("stride", "2"), SAME, ("count_padding", "false")], &[&[2, 2, 4, 5]], &[0]),
    ("avgpool_gradient", &[], &[&[5, 4], &[2, 2]], &[1]),
    ("avgpool_gradient", &[("padding", "1"), ("count_padding", "false")], &[&[3, 4], &[2, 3]], &[1]),
    ("flatten", &[], &[&[2, 3]], &[0]),
    ("flatten", &[], &[&[2, 3, 2]], &[0]),
    ("flatten", &[], &[&[2, 3, 2, 2]], &[0]),
    ("reshape", &[("shape", "(3, 2, 2)")], &[&[2, 6]], &[0]),
    ("reshape", &[("shape", "(4, -1)")], &[&[2, 2, 3]], &[0]),
    ("reshape", &[], &[&[2, 6], &[4, 3]], &[0]),
    ("concat", &[], &[&[2, 3], &[2, 1]], &[0, 1]),
    ("concat", &[], &[&[2, 3], &[2, 3]], &[0, 1]),
    ("concat", &[("axis", "0")], &[&[1, 3], &[2, 3], &[1, 3]], &[0, 1, 2]),
    ("concat", &[("axis", "2")], &[&[2, 1, 3], &[2, 1, 2]], &[0, 1]),
    ("concat_gradient", &[("of", "2")], &[&[2, 3], &[2, 1], &[2, 4]], &[2]),
    ("concat_gradient", &[("of", "1"), ("axis", "0")], &[&[1, 3], &[2, 3], &[3, 3]], &[2]),
    ("slice", &[("from", "2"), ("to", "3")], &[&[2, 4]], &[0]),
    ("slice", &[("axis", "0"), ("from", "2")], &[&[3, 2, 2]], &[0]),
    ("slice_gradient", &[("from", "2"), ("to", "3")], &[&[2, 4], &[2, 2]], &[1]),
    ("slice_gradient", &[("axis", "0"), ("from", "2")], &[&[3, 2], &[2, 2]], &[1]),
];

pub fn samples() -> Vec<Sample> {
    let rows = ROWS.iter().map(|(name, options, operands, linear)| {
        let options: Vec<(&'static str, String)> =
            options.iter().map(|(name, text)| (*name, text.to_string())).collect();
        let op = Op::from_call(name, &mut Options::new(name, read(&options), 1)).unwrap().unwrap();
        sample(op, operands).linear(linear)
    });
    let stacks = [
        sample(Stack { rows: 2, columns: 2 }, &[&[], &[], &[], &[]]).linear(&[0, 1, 2, 3]),
        sample(Stack { rows: 1, columns: 3 }, &[&[], &[], &[]]).linear(&[0, 1, 2]),
    ];
    rows.chain(stacks).collect()
}
