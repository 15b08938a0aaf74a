//! A class: what became of each submission, and the counters of its summary. Of a student a line is kept, where there is
//! a file to link.

use super::{AnswerMarks, Marks, Open, Reason, Verdict};
use crate::number::Number;
use crate::ops::mistake;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the reports say of the problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub id: String,
    pub title: String,
    /// The marks of the whole problem, if it states them.
    pub points: Option<Number>,
    /// The asked answers, in the order of the marks.
    pub asked: Vec<Asked>,
}

/// One asked answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// As an answer file names it.
    pub name: String,
    /// Its full marks.
    pub of: Number,
    /// The right answer in the problem language.
    pub correction: String,
    /// The same in LaTeX, where it is a form.
    pub formula: Option<String>,
}

impl Sheet {
    /// Full marks of what can be answered in writing.
    pub fn of(&self) -> Number {
        self.asked.iter().fold(Number::integer(0), |sum, asked| &sum + &asked.of)
    }
}

/// What became of one submission.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// As the command line names it; a row of a table with its line: `class.csv:3`.
    pub file: String,
    pub result: Result<Marks, NotMarked>,
}

/// A submission that nothing can be said of.
#[derive(Clone, Debug, PartialEq)]
pub struct NotMarked {
    pub student: Option<String>,
    pub reason: String,
}

impl Outcome {
    pub fn student(&self) -> Option<&str> {
        match &self.result {
            Ok(marks) => marks.student.as_deref(),
            Err(not_marked) => not_marked.student.as_deref(),
        }
    }
}

/// What the counters take of one submission, and what is kept of it beside its report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    pub file: String,
    pub student: Option<String>,
    /// Exact; none where nothing was marked.
    points: Option<String>,
    /// Points for a person to decide, exactly.
    open: Option<String>,
    /// What they are for.
    undecided: Vec<Undecided>,
    /// One for each asked answer; none where nothing was marked.
    pub answers: Option<Vec<AnswerTally>>,
}

/// What a person has to look at in one submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undecided {
    /// The answer, or the task: `dW2`, `task 1`.
    pub name: String,
    pub reason: Reason,
    /// Where in the submission, from 1.
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub message: Option<String>,
}

impl Undecided {
    fn of(open: &Open) -> Undecided {
        let Open { name, points: _, reason, line, column, message } = open.clone();
        Undecided { name, reason, line, column, message }
    }

    /// Whether it is so of the whole class: a task on paper.
    pub fn is_on_paper(&self) -> bool {
        matches!(self.reason, Reason::Drawn | Reason::Told)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerTally {
    pub verdict: Verdict,
    /// Exact: `10/3`.
    points: String,
    mistake: Option<String>,
}

impl Tally {
    pub fn of(outcome: &Outcome) -> Tally {
        let answer = |answer: &AnswerMarks| AnswerTally {
            verdict: answer.verdict,
            points: answer.points.to_string(),
            mistake: answer.mistake.map(str::to_string),
        };
        let marks = outcome.result.as_ref().ok();
        Tally {
            file: outcome.file.clone(),
            student: outcome.student().map(str::to_string),
            points: marks.map(|marks| marks.points.to_string()),
            open: marks.map(|marks| marks.open_points().to_string()),
            undecided: marks.map(|marks| marks.open.iter().map(Undecided::of).collect()).unwrap_or_default(),
            answers: marks.map(|marks| marks.answers.iter().map(answer).collect()),
        }
    }
}

fn exact(points: &str) -> Number {
    Number::parse(points).unwrap_or_else(|_| Number::integer(0))
}

/// One student's line in the summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub student: Option<String>,
    pub file: String,
    /// The file of the report, beside the summary.
    pub report: String,
    /// None where nothing was marked.
    pub points: Option<Number>,
    pub open: Number,
    pub undecided: Vec<Undecided>,
    /// One for each asked answer.
    pub verdicts: Vec<Verdict>,
    /// The same, by name; none where none is seen.
    pub mistakes: Vec<Option<&'static str>>,
}

/// The counters of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub of: Number,
    pub not_marked: usize,
    /// Of how many students the class list knows.
    pub enrolled: Option<usize>,
    /// Those of them who handed in nothing.
    pub missing: Vec<String>,
    /// Who handed in and is not in the class list.
    pub strangers: Vec<String>,
    /// The run was interrupted: others were not looked at.
    pub is_part: bool,
    /// Points for a person to decide, and of how many submissions.
    pub open: Number,
    pub with_open: usize,
    /// The students whose reports lie beside the summary, in the order of the submissions.
    pub students: Vec<Listed>,
    /// Students who have two rows, with the files of both.
    pub twice: Vec<(String, [String; 2])>,
    pub answers: Vec<AnswerSummary>,
    total: Number,
    /// How many students have so many points, in hundredths: as the reports print them.
    counts: BTreeMap<i64, usize>,
}

/// The counters of one asked answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerSummary {
    pub name: String,
    pub of: Number,
    pub mistakes: BTreeMap<&'static str, usize>,
    /// The points that each of them cost the class.
    pub lost: BTreeMap<&'static str, Number>,
    /// How many have all of its marks.
    pub full: usize,
    verdicts: BTreeMap<Verdict, usize>,
    points: Number,
}

impl Summary {
    pub fn new(sheet: &Sheet) -> Summary {
        let answers = sheet.asked.iter().map(|asked| AnswerSummary {
            name: asked.name.clone(),
            of: asked.of.clone(),
            mistakes: BTreeMap::new(),
            lost: BTreeMap::new(),
            full: 0,
            verdicts: BTreeMap::new(),
            points: Number::integer(0),
        });
        Summary {
            of: sheet.of(),
            not_marked: 0,
            enrolled: None,
            missing: Vec::new(),
            strangers: Vec::new(),
            is_part: false,
            open: Number::integer(0),
            with_open: 0,
            students: Vec::new(),
            twice: Vec::new(),
            answers: answers.collect(),
            total: Number::integer(0),
            counts: BTreeMap::new(),
        }
    }

    /// Lists a student whose report has a file of its own.
    pub fn list(&mut self, tally: &Tally, report: String) {
        let answers = || tally.answers.iter().flatten();
        let known = |answer: &AnswerTally| Some(mistake::known(answer.mistake.as_ref()?)?.name);
        self.students.push(Listed {
            student: tally.student.clone(),
            file: tally.file.clone(),
            report,
            points: tally.points.as_deref().map(exact),
            open: tally.open.as_deref().map_or_else(|| Number::integer(0), exact),
            undecided: tally.undecided.clone(),
            verdicts: answers().map(|answer| answer.verdict).collect(),
            mistakes: answers().map(known).collect(),
        });
    }

    pub fn add(&mut self, tally: &Tally) {
        let (Some(points), Some(answers)) = (&tally.points, &tally.answers) else {
            self.not_marked += 1;
            return;
        };
        for (summary, answer) in self.answers.iter_mut().zip(answers) {
            let points = exact(&answer.points);
            summary.full += usize::from(points == summary.of);
            *summary.verdicts.entry(answer.verdict).or_default() += 1;
            if let Some(known) = answer.mistake.as_ref().and_then(|own| mistake::known(own)) {
                *summary.mistakes.entry(known.name).or_default() += 1;
                let lost = summary.lost.entry(known.name).or_insert_with(|| Number::integer(0));
                *lost = &*lost + &(&summary.of - &points);
            }
            summary.points += points;
        }
        let open = tally.open.as_deref().map_or_else(|| Number::integer(0), exact);
        self.with_open += usize::from(open != Number::integer(0));
        self.open += open;
        let points = exact(points);
        *self.counts.entry(hundredths(&points)).or_default() += 1;
        self.total += points;
    }

    /// The answer that earns the least share of its marks; none where all earn the same.
    pub fn hardest(&self) -> Option<usize> {
        let share = |answer: &AnswerSummary| answer.mean().map(|mean| mean / answer.of.to_f64());
        let shares: Option<Vec<f64>> = self.answers.iter().map(share).collect();
        let shares = shares?;
        let least = shares.iter().copied().fold(f64::INFINITY, f64::min);
        let place = shares.iter().position(|share| *share == least);
        place.filter(|_| shares.iter().any(|share| *share > least))
    }

    /// The most frequent mistakes of the class: name, place of the answer, and count.
    pub fn most_frequent(&self, most: usize) -> Vec<(&'static str, usize, usize)> {
        let of = |(place, answer): (usize, &AnswerSummary)| {
            answer.mistakes.iter().map(|(name, count)| (*name, place, *count)).collect::<Vec<_>>()
        };
        let mut all: Vec<_> = self.answers.iter().enumerate().flat_map(of).collect();
        all.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
        all.truncate(most);
        all
    }

    /// Submissions that have marks.
    pub fn marked(&self) -> usize {
        self.counts.values().sum()
    }

    /// Mean of the points; none where nothing was marked.
    pub fn mean(&self) -> Option<f64> {
        mean(&self.total, self.marked())
    }

    /// The mean as a share of the marks.
    pub fn mean_share(&self) -> Option<f64> {
        self.mean().map(|mean| mean / self.of.to_f64()).filter(|share| share.is_finite())
    }

    /// The points below which the share `q` of the class lies; between two students it is interpolated linearly
    /// (the common definition of spreadsheets, number 7 of Hyndman and Fan, 1996).
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let marked = self.marked();
        let place = q * (marked.checked_sub(1)?) as f64;
        let (below, above) = (self.ranked(place.floor() as usize)?, self.ranked(place.ceil() as usize)?);
        Some((below as f64 + (above - below) as f64 * place.fract()) / 100.0)
    }

    /// Points in hundredths of the student with this rank, the lowest first, from 0.
    fn ranked(&self, rank: usize) -> Option<i64> {
        let mut below = 0;
        self.counts.iter().find_map(|(points, count)| {
            below += count;
            (below > rank).then_some(*points)
        })
    }

    /// Students in each of so many equal parts of the range of points; full marks belong to the last part.
    pub fn parts(&self, parts: usize) -> Vec<usize> {
        let mut counts = vec![0; parts];
        let of = self.of.to_f64() * 100.0;
        for (points, count) in &self.counts {
            let share = if of > 0.0 { *points as f64 / of } else { 1.0 };
            // Points that were rounded to the end of a part belong to the next one.
            let part = (share * parts as f64 + 1e-6).floor().clamp(0.0, parts as f64 - 1.0);
            counts[part as usize] += count;
        }
        counts
    }
}

impl AnswerSummary {
    pub fn count(&self, verdict: Verdict) -> usize {
        self.verdicts.get(&verdict).copied().unwrap_or(0)
    }

    /// Mean of the points; none where nothing was marked.
    pub fn mean(&self) -> Option<f64> {
        mean(&self.points, self.verdicts.values().sum())
    }

    /// The most frequent mistakes with their counts; of equal counts by name.
    pub fn most_frequent(&self, most: usize) -> Vec<(&'static str, usize)> {
        let mut mistakes: Vec<_> = self.mistakes.iter().map(|(name, count)| (*name, *count)).collect();
        mistakes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        mistakes.truncate(most);
        mistakes
    }
}

fn hundredths(points: &Number) -> i64 {
    (points.to_f64() * 100.0).round() as i64
}

fn mean(total: &Number, count: usize) -> Option<f64> {
    (count > 0).then(|| total.to_f64() / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    fn sheet(of: i64) -> Sheet {
        let asked = vec![Asked { name: "y".into(), of: Number::integer(of), correction: "1".into(), formula: None }];
        Sheet { id: "P".into(), title: String::new(), points: None, asked }
    }

    fn tally(points: Number, of: i64, mistake: Option<&'static str>) -> Tally {
        let answer = AnswerMarks {
            name: "y".into(),
            verdict: Verdict::Partial,
            points: points.clone(),
            of: Number::integer(of),
            mistake,
            remarks: Vec::new(),
            evidence: None,
            written: String::new(),
            form: None,
            line: None,
            open: Number::integer(0),
            lines: Vec::new(),
        };
        let marks = Marks {
            student: None,
            points,
            of: Number::integer(of),
            answers: vec![answer],
            open: Vec::new(),
            decided: Vec::new(),
            unread: Vec::new(),
        };
        Tally::of(&Outcome { file: "f".into(), result: Ok(marks) })
    }

    fn class(points: &[i64], of: i64) -> Summary {
        let mut summary = Summary::new(&sheet(of));
        points.iter().for_each(|points| summary.add(&tally(Number::integer(*points), of, None)));
        summary
    }

    /// Figures of R 4: `quantile(c(1, 2, 4, 7, 10, 10), c(0.25, 0.5, 0.75))` is 2.5, 5.5, 9.25.
    #[test]
    fn quartiles_are_interpolated() {
        let summary = class(&[10, 1, 7, 2, 10, 4], 10);
        let quartiles: Vec<_> = [0.25, 0.5, 0.75].iter().map(|q| summary.quantile(*q).unwrap()).collect();
        assert_eq!(quartiles, [2.5, 5.5, 9.25]);
        assert_eq!(summary.mean().map(|mean| (mean * 3.0).round()), Some(17.0));
        assert_eq!(class(&[], 10).quantile(0.5), None);
        assert_eq!(class(&[3], 10).quantile(0.75), Some(3.0));
    }

    #[test]
    fn full_marks_belong_to_the_last_part() {
        assert_eq!(class(&[0, 1, 2, 9, 10], 10).parts(5), [2, 1, 0, 0, 2]);
        assert_eq!(class(&[0], 0).parts(5), [0, 0, 0, 0, 1]);
        // A third of ten points, rounded to 3.33, begins the second of three parts.
        let mut summary = Summary::new(&sheet(10));
        summary.add(&tally(Number::ratio(20, 3), 10, None));
        assert_eq!(summary.parts(10), [0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    }

    #[test]
    fn mistakes_are_counted_and_ranked() {
        let mut summary = Summary::new(&sheet(2));
        for mistake in ["sign", "factor-two", "sign", "missing-mask"] {
            summary.add(&tally(Number::integer(1), 2, Some(mistake)));
        }
        let link = NotMarked { student: None, reason: "a link".into() };
        summary.add(&Tally::of(&Outcome { file: "x".into(), result: Err(link) }));
        assert_eq!(summary.answers[0].most_frequent(2), [("sign", 2), ("factor-two", 1)]);
        assert_eq!((summary.marked(), summary.not_marked), (4, 1));
        assert_eq!(summary.answers[0].count(Verdict::Partial), 4);
    }
}
