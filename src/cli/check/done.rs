//! What became of submissions.

use crate::check::Tally;
use crate::cli::Exit;
use serde::{Deserialize, Serialize};

/// What became of a submission.
#[derive(Serialize, Deserialize)]
pub struct Done {
    /// One, or one for each student of a file that holds several.
    pub results: Vec<One>,
    pub exit: Exit,
    /// What a person has to be told.
    pub told: String,
}

/// What became of one student's answers.
#[derive(Serialize, Deserialize)]
pub struct One {
    pub tally: Tally,
    pub stem: String,
    pub parts: Parts,
    /// The place in the class list.
    pub listed: Option<usize>,
    /// Rows of points by hand, and whether each has a question.
    pub decided: Vec<(usize, bool)>,
}

/// The parts of one student's answers in the output.
#[derive(Default, Serialize, Deserialize)]
pub struct Parts {
    /// The report.
    pub report: String,
    /// The row of `marks.csv`, where the output is a folder.
    pub row: String,
}
