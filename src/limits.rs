//! Every bound on what is read or computed, in one place. Each is named in the error that it raises.

/// As digits too, so that a convention can say it.
macro_rules! exact_inverse {
    () => {
        64
    };
}
pub(crate) use exact_inverse;

/// Bytes of a spec.
pub const SPEC_BYTES: usize = 2 << 20;
/// Bytes of a table in a file of its own.
pub const TABLE_BYTES: usize = 16 << 20;
/// Bytes of one submission.
pub const SUBMISSION_BYTES: usize = 256 << 10;
/// Bytes of a notebook with the pictures that it printed.
pub const NOTEBOOK_BYTES: usize = 16 << 20;
/// Bytes of a template of the user's own.
pub const TEMPLATE_BYTES: usize = 1 << 20;
/// Brackets, prefix signs, powers and transposes inside each other.
pub const NESTING: usize = 128;
/// Characters of a name.
pub const NAME_CHARACTERS: usize = 100;
/// Operators in one expression.
pub const EXPRESSION_OPERATORS: usize = 10_000;
/// Characters of an answer's own text that are kept to be shown.
pub const SOURCE_CHARACTERS: usize = 400;
/// Marks of one answer in LaTeX, after `\newcommand`s are put in.
pub const LATEX_TOKENS: usize = 100_000;
/// Definitions of one LaTeX document.
pub const LATEX_MACROS: usize = 200;
/// Marks of one definition.
pub const LATEX_MACRO_TOKENS: usize = 64;
/// Bytes of a table of a class.
pub const CLASS_BYTES: usize = 64 << 20;
/// Answers of one submission.
pub const SUBMISSION_ANSWERS: usize = 2_000;
/// Operations that the marking of one submission may take: a few seconds of work.
pub const SUBMISSION_WORK: u64 = 1_000_000_000;
/// Seconds after which a submission is given up, whatever it is at.
pub const SUBMISSION_SECONDS: u64 = 60;
/// Threads that mark a class, where there are fewer cores.
pub const JOBS: usize = 8;
/// Lines of one submission that are listed as unreadable.
pub const SUBMISSION_UNREADABLE: usize = 100;
/// Students of one JSON file.
pub const SUBMISSION_STUDENTS: usize = 10_000;
/// Variants of one problem.
pub const VARIANTS: u32 = 100_000;
/// Draws for one variant, before its conditions are taken to be too narrow.
pub const VARIANT_DRAWS: u32 = 5_000;
/// Random entries of one leaf.
pub const RANDOM_ENTRIES: usize = 10_000;
/// Nodes of one model's graph.
pub const GRAPH_NODES: usize = 100_000;
/// One side of a tensor.
pub const EXTENT: usize = 65_536;
/// Steps of a descent.
pub const DESCENT_STEPS: usize = 1_000_000;
/// Steps of a descent that are also made exactly.
pub const EXACT_STEPS: usize = 100;
/// First steps of a descent that are kept, one and all.
pub const KEPT_STEPS: usize = 100;
/// Entries of all parameters of a descent together.
pub const DESCENT_ENTRIES: usize = 20_000;
/// Rows of a matrix whose inverse is computed exactly.
pub const EXACT_INVERSE: usize = exact_inverse!();
/// Rows of a fit times the square of its coefficients, up to which it is computed exactly.
pub const EXACT_FIT: usize = 4_096;
/// Families of curves in one fit, and the largest degree of a polynomial.
pub const FAMILIES: usize = 32;
pub const POLYNOMIAL_DEGREE: usize = 20;
/// Entries of all parameters together whose curvature is looked at.
pub const CURVATURE_SIDE: usize = 64;
/// Entries of one tensor.
pub const TENSOR_ENTRIES: usize = 4_000_000;
/// Entries of all values of a problem together that are computed to 77 digits where doubles round.
pub const CAREFUL_ENTRIES: usize = 20_000;
/// Bits of an exact number; past this it goes on as an approximate one.
pub const EXACT_BITS: u64 = 4_096;
/// One side of a shape, where no value is put into it.
pub const SHAPE_SIDE: usize = 100_000_000;
/// Entries of a shape, where no value is put into it.
pub const SHAPE_ENTRIES: u64 = 1_000_000_000_000;
/// Terms of a dimension: `(D + 1)` has two.
pub const DIM_TERMS: usize = 16;
/// Names in the formula of a computed dimension, counted each time they occur.
pub const DIM_NAMES: usize = 1_000;
/// Samples along a curve of a plot.
pub const PLOT_SAMPLES: usize = 201;
/// Samples along each side of a plot's level lines.
pub const PLOT_GRID: usize = 81;
/// Entries that are computed for one plot, as far as its fewest samples allow.
pub const PLOT_ENTRIES: usize = 20_000_000;
/// Curves of one plot, and vectors of points.
pub const PLOT_CURVES: usize = 8;
/// Points that a plot draws of a vector; of a longer one some are left out evenly.
pub const PLOT_POINTS: usize = 1_000;
/// Errors that are told of one file.
pub const DIAGNOSTICS: usize = 100;
