//! What the marking of one submission says, as data. The words stand in `templates/`.

use crate::number::Number;
use crate::syntax::ast::Expr;
use serde::{Deserialize, Serialize};

/// One student's marks.
#[derive(Clone, Debug, PartialEq)]
pub struct Marks {
    pub student: Option<String>,
    pub points: Number,
    pub of: Number,
    /// One for each asked answer, in the order of the solution's answers.
    pub answers: Vec<AnswerMarks>,
    /// Points that a person has to decide: of what can't be read, and of what is drawn or said on paper.
    pub open: Vec<Open>,
    /// Tasks on paper for which a person has given the points.
    pub decided: Vec<Decided>,
    /// Lines of the submission that answer nothing that was asked and are no name of the student's own.
    pub unread: Vec<Unread>,
}

impl Marks {
    /// Puts the points that a person gives for an answer, or for a task that is done on paper, in place of the program's;
    /// whether there is one of this name.
    pub fn decide(&mut self, question: &str, points: &Number, remark: &str) -> bool {
        let plain = |name: &str| name.split_whitespace().collect::<String>();
        let is_meant = |name: &str| plain(name) == plain(question);
        let open = self.open.iter().position(|open| is_meant(&open.name)).map(|place| self.open.remove(place));
        match (self.answers.iter_mut().find(|answer| is_meant(&answer.name)), open) {
            (Some(answer), _) => {
                self.points = &(&self.points - &answer.points) + points;
                (answer.points, answer.open) = (points.clone(), Number::integer(0));
                answer.remarks.push(Remark::ByHand { text: remark.to_string() });
            }
            (None, Some(open)) => {
                self.points = &self.points + points;
                self.of = &self.of + &open.points;
                let (points, remark) = (points.clone(), remark.to_string());
                self.decided.push(Decided { name: open.name, points, of: open.points, remark });
            }
            (None, None) => return false,
        }
        true
    }

    /// Whether something of it takes too much work.
    pub fn is_too_much_work(&self) -> bool {
        self.open.iter().any(|open| open.reason == Reason::TooMuchWork)
    }

    /// The points that a person has to decide, together.
    pub fn open_points(&self) -> Number {
        self.open.iter().fold(Number::integer(0), |sum, open| &sum + &open.points)
    }

    /// The marks of what one student handed in in several files: of each question the last file that answers it counts.
    pub fn joined(files: impl IntoIterator<Item = Marks>) -> Option<Marks> {
        files.into_iter().reduce(|before, after| {
            before.merged(after, |before, after| match after.verdict {
                Verdict::Missing => before,
                _ => after,
            })
        })
    }

    /// Of each question the better of two readings of one file. What is wrong in one and can't be read in the other may
    /// be right there.
    pub fn better(self, other: Marks) -> Marks {
        let unread = self.unread.clone();
        let marks = self.merged(other, |own, other| {
            let lost = matches!(own.verdict, Verdict::Wrong | Verdict::Missing);
            let better = other.points > own.points || lost && other.verdict == Verdict::Unreadable;
            if better || own.verdict == Verdict::Missing { other } else { own }
        });
        Marks { unread, ..marks }
    }

    fn merged(self, other: Marks, choose: impl Fn(AnswerMarks, AnswerMarks) -> AnswerMarks) -> Marks {
        let pairs = self.answers.into_iter().zip(other.answers);
        let answers: Vec<AnswerMarks> = pairs.map(|(own, other)| choose(own, other)).collect();
        let points = answers.iter().fold(Number::integer(0), |sum, answer| &sum + &answer.points);
        let unread = self.unread.into_iter().chain(other.unread).collect();
        let drawn = self.open.iter().filter(|open| matches!(open.reason, Reason::Drawn | Reason::Told)).cloned();
        let unreadable = answers.iter().filter(|answer| answer.verdict == Verdict::Unreadable).filter_map(|answer| {
            let mut all = other.open.iter().chain(&self.open);
            all.find(|open| open.name == answer.name).cloned()
        });
        let open = drawn.chain(unreadable).collect();
        let student = self.student.or(other.student);
        Marks { student, points, of: self.of, answers, open, decided: self.decided, unread }
    }
}

/// The marks of one asked answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerMarks {
    /// As an answer file names it: `J`, `dW1`, `dW of L2`, `L at a = 8`, `shape of J`.
    pub name: String,
    pub verdict: Verdict,
    pub points: Number,
    pub of: Number,
    /// The catalogue's name of the mistake.
    pub mistake: Option<&'static str>,
    /// How the points came about, in order.
    pub remarks: Vec<Remark>,
    /// Where the answer and the right one differ; for the marker.
    pub evidence: Option<Evidence>,
    /// What the student wrote; empty where nothing was.
    pub written: String,
    /// Its tree, where it was read.
    pub form: Option<Expr>,
    /// Where it stands in the submission, from 1.
    pub line: Option<usize>,
    /// Points that a person has to decide; they are not among `points`.
    pub open: Number,
    /// The working, where there is more than the answer.
    pub lines: Vec<LineMarks>,
}

/// One line of the working.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LineMarks {
    /// Its place in the submission, from 1.
    pub line: usize,
    pub column: usize,
    /// What was read.
    pub read: String,
    #[serde(skip)]
    pub form: Option<Expr>,
    pub claim: Claim,
    pub mistake: Option<&'static str>,
    /// The line that it does not follow from; of the first one it is the problem.
    pub not_from: Option<usize>,
}

/// What a line of the working is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    Follows,
    False,
    /// It can't be read as a value.
    Open,
}

/// Points for a person to decide.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Open {
    /// The answer, or the task: `dW2`, `task 1`.
    pub name: String,
    #[serde(skip)]
    pub points: Number,
    /// Why the program can't.
    pub reason: Reason,
    /// Where in the submission, from 1.
    pub line: Option<usize>,
    pub column: Option<usize>,
    /// Why it can't be read.
    pub message: Option<String>,
}

/// A task on paper, with the points that a person gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// `task 1`
    pub name: String,
    pub points: Number,
    pub of: Number,
    pub remark: String,
}

/// Why points are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    Unreadable,
    TooMuchWork,
    /// A graph or a plot, on paper.
    Drawn,
    /// It is answered in words, or by a cross.
    Told,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Correct,
    /// Right, given the student's own earlier value.
    FollowThrough,
    /// Right in scalar form: transposes or sums over the batch are left out.
    Notation,
    /// Right, but it rests on gradients that the sheet nowhere derives.
    Underived,
    /// A formula of the model's where its value is asked for.
    Unevaluated,
    Partial,
    Wrong,
    /// It can't be read, or nothing can decide: never counted as wrong knowledge, but without points.
    Unreadable,
    Missing,
}

/// One thing that a report says of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Remark {
    /// The catalogue's mistake, and the quantity in which it was made (`dZ`), if that is another than the answer.
    Mistake {
        name: &'static str,
        within: Option<String>,
        place: Option<String>,
    },
    /// A second mistake beside the first.
    Also {
        name: &'static str,
        within: Option<String>,
    },
    /// Another mistake that explains the answer as well as the first.
    Or {
        name: &'static str,
    },
    /// Entries that are wrong (indices from 1, such as `[1, 2]`; at most a few), of how many.
    Entries {
        wrong: Vec<String>,
        right: usize,
        total: usize,
    },
    /// The answer follows from these earlier answers of the student's, which are wrong.
    Follows {
        from: Vec<String>,
    },
    /// It was computed with earlier values that the student had rounded.
    CarriedRounding {
        from: Vec<String>,
    },
    ScalarForm,
    /// A chain that begins or ends with something else than what is to be shown.
    OtherEnds,
    /// What is to be shown, without a step.
    Claimed,
    /// Names that were to be replaced by what they stand for.
    NotIn {
        names: Vec<String>,
    },
    /// Values that do not fulfil what is asked.
    NotFulfilled,
    /// Right up to a convention that the problem leaves open: `mean-for-sum`.
    Convention {
        name: &'static str,
        accepted: bool,
    },
    /// Rounded to fewer digits than are asked for.
    TooCoarse {
        digits: usize,
    },
    Shape {
        found: String,
        expected: String,
    },
    /// Why it can't be read or decided, and where in the submission (line and column from 1).
    Unreadable {
        message: String,
        line: usize,
        column: usize,
        help: Vec<String>,
    },
    /// The shapes in it do not fit: what does not, and where in the submission.
    IllTyped {
        message: String,
        line: usize,
        column: usize,
    },
    /// How something was read that has several readings.
    ReadAs {
        message: String,
    },
    /// A name that it uses is given a value only where it can't be read: ours stands in its place.
    StoodIn {
        name: String,
    },
    /// It was answered more than once; the last answer counts.
    Repeated {
        times: usize,
    },
    /// Past a threshold of the form no data were found.
    OneSided,
    /// The last answer can't be read, and one before it is right.
    EarlierCounts,
    /// Its marking would take too much work.
    TooMuchWork,
    /// A person gave the points, for this reason.
    ByHand {
        text: String,
    },
    /// A line of the working that does not follow: from the line before, or from the problem.
    Line {
        line: usize,
        read: String,
        from: Option<usize>,
        mistake: Option<&'static str>,
    },
    /// It rests on these gradients, which the sheet nowhere derives.
    Underived {
        names: Vec<String>,
    },
    /// Its value is asked for, and it names these instead.
    Unevaluated {
        names: Vec<String>,
    },
    /// The mistake may be that, but so little says so that it is not paid.
    Guessed,
    /// The answer has no value at some of the data that were tried; it agrees at the others.
    PartlyUndefined,
    /// Marks kept, as a share of the full marks, and why: the mistake's weight, the share of right entries.
    Share {
        percent: String,
    },
}

/// The point at which an answer and the right one differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// Sizes of the named dimensions: `N = 3`.
    pub sizes: Vec<(String, usize)>,
    /// Whether the data were those of the problem; otherwise they were drawn with `seed`.
    pub given: bool,
    pub seed: u64,
    /// The entry at which the two differ most, from 1; empty for a scalar.
    pub entry: Vec<usize>,
    pub right: f64,
    pub found: f64,
}

/// A line that can't be read and is not known to answer anything.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unread {
    pub message: String,
    pub line: usize,
    pub column: usize,
}
