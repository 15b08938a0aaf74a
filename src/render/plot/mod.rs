//! Pictures over axes: curves, points and level lines as SVG, pgfplots, a sketch for the terminal, and data.
//!
//! What is drawn comes as plain data (`data::Plot`). `figure` gives it names, ticks and a legend in both notations;
//! `layout` places everything for SVG. LaTeX gets the same ticks and names in the numbers of the axes, so that its
//! source can be read and changed.

mod cut;
mod data;
mod describe;
mod figure;
mod labels;
mod layout;
mod legend;
mod pgf;
mod place;
mod ruler;
mod sketch;
mod svg;

pub use data::data;
pub use figure::{Figure, FigureSeries, Note, Weight, figure};
pub use labels::entry_name;
pub use layout::{Laid, Stroke, layout};
pub use pgf::pgf;
pub use ruler::Tick;
pub use sketch::sketch;
pub use svg::svg;
