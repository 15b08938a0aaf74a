//! A submission to marks: which answers are right in any equivalent form, what is wrong with the others, and points as
//! a fair human marker would give them.

mod marks;

pub use marks::{AnswerMarks, Evidence, Marks, Remark, Unread, Verdict};
