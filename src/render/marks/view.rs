//! Marks as strings for the templates.

use super::histogram;
use super::written::{equation, formula};
use crate::check::{
    AnswerMarks, AnswerSummary, Asked, Decided, Evidence, LineMarks, Listed, Open, Outcome, Remark, Sheet, Summary,
    Undecided, Unread, Verdict,
};
use crate::number::Number;
use crate::render::escape;
use crate::render::figure::Rounding;
use crate::render::notation::{self, Style};
use serde::Serialize;
use std::collections::BTreeMap;

/// Characters of a student's answer that a report repeats.
const LONGEST_ANSWER: usize = 300;
/// Characters of a student's or a file's name.
const LONGEST_NAME: usize = 100;
/// Significant digits of the numbers that a marker compares.
const EVIDENCE_DIGITS: usize = 6;
/// Mistakes of one answer that a summary names.
const MOST_MISTAKES: usize = 5;
/// So many of the class, with the names of so many who made each.
const MOST_COMMON: usize = 20;
const MOST_NAMES: usize = 12;

/// What a report says beside verdicts and what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// A hint that does not give the answer away.
    pub hints: bool,
    /// The right answer.
    pub solutions: bool,
    /// Where the answer and the right one differ.
    pub evidence: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct ProblemView {
    pub id: String,
    pub title: String,
}

impl ProblemView {
    pub fn new(sheet: &Sheet) -> ProblemView {
        ProblemView { id: sheet.id.clone(), title: sheet.title.clone() }
    }
}

/// One student's report.
#[derive(Clone, Debug, Serialize)]
pub struct ReportView {
    pub student: Option<String>,
    pub file: String,
    pub points: String,
    pub of: String,
    /// Why there are no marks.
    pub not_marked: Option<String>,
    pub answers: Vec<AnswerView>,
    pub unread: Vec<Unread>,
    /// What a person has to decide, and all of its points.
    pub open: Vec<OpenView>,
    pub open_points: String,
    /// The verdicts that occur.
    pub verdicts: Vec<Verdict>,
    /// Tasks on paper that a person has marked.
    pub decided: Vec<DecidedView>,
}

/// A task on paper, with the points that a person gave.
#[derive(Clone, Debug, Serialize)]
pub struct DecidedView {
    pub name: String,
    pub points: String,
    pub of: String,
    pub remark: String,
}

impl DecidedView {
    fn new(decided: &Decided) -> DecidedView {
        DecidedView {
            name: decided.name.clone(),
            points: points(&decided.points),
            of: points(&decided.of),
            remark: one_line(&decided.remark, LONGEST_ANSWER),
        }
    }
}

/// Points for a person to decide.
#[derive(Clone, Debug, Serialize)]
pub struct OpenView {
    pub points: String,
    #[serde(flatten)]
    pub open: Open,
}

/// One answer's part of a report.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerView {
    pub name: String,
    pub verdict: Verdict,
    pub points: String,
    pub of: String,
    /// What is missing to full marks; none where nothing is, or where it is open.
    pub lost: Option<String>,
    /// The mistakes by name.
    pub mistakes: Vec<&'static str>,
    /// Whether a person gave the points.
    pub by_hand: bool,
    /// Where it stands in the submission.
    pub line: Option<usize>,
    /// What the student wrote.
    pub written: Option<String>,
    /// The same in LaTeX, where it was read.
    pub own: Option<String>,
    pub remarks: Vec<Remark>,
    /// The working, where there is more than the answer.
    pub lines: Vec<LineView>,
    /// The mistake that a hint is for; for another answer than a right one the hint is a general one.
    pub hint: Option<HintView>,
    pub correction: Option<String>,
    /// The right answer in LaTeX, where it is a form.
    pub formula: Option<String>,
    pub evidence: Option<EvidenceView>,
}

/// A line of the working.
#[derive(Clone, Debug, Serialize)]
pub struct LineView {
    #[serde(flatten)]
    pub marks: LineMarks,
    /// What was read, in LaTeX.
    pub own: Option<String>,
}

impl LineView {
    fn new(marks: &LineMarks) -> LineView {
        LineView { marks: marks.clone(), own: None }
    }
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct HintView {
    pub mistake: Option<&'static str>,
    /// The quantity in which the mistake was made.
    pub within: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct EvidenceView {
    pub sizes: Vec<String>,
    pub given: bool,
    pub seed: String,
    /// `1, 2`; none for a scalar.
    pub entry: Option<String>,
    pub right: String,
    pub found: String,
}

impl ReportView {
    pub fn new(sheet: &Sheet, outcome: &Outcome, detail: Detail) -> ReportView {
        let student = outcome.student().map(|name| one_line(name, LONGEST_NAME));
        let file = one_line(&outcome.file, LONGEST_NAME);
        match &outcome.result {
            Ok(marks) => ReportView {
                student,
                file,
                points: points(&marks.points),
                of: points(&marks.of),
                not_marked: None,
                answers: answers(sheet, &marks.answers, detail),
                unread: marks.unread.clone(),
                open: (marks.open.iter())
                    .map(|open| OpenView { points: points(&open.points), open: open.clone() })
                    .collect(),
                open_points: points(&marks.open_points()),
                verdicts: VERDICTS
                    .into_iter()
                    .filter(|verdict| marks.answers.iter().any(|answer| answer.verdict == *verdict))
                    .collect(),
                decided: marks.decided.iter().map(DecidedView::new).collect(),
            },
            Err(not_marked) => ReportView {
                student,
                file,
                points: points(&Number::integer(0)),
                of: points(&sheet.of()),
                not_marked: Some(one_line(&not_marked.reason, LONGEST_ANSWER)),
                answers: Vec::new(),
                unread: Vec::new(),
                open: Vec::new(),
                open_points: points(&sheet.of()),
                verdicts: Vec::new(),
                decided: Vec::new(),
            },
        }
    }
}

impl ReportView {
    /// Sets what the student wrote, where that was read.
    pub fn typeset(&mut self, outcome: &Outcome) {
        let Ok(marks) = &outcome.result else { return };
        for (view, answer) in self.answers.iter_mut().zip(&marks.answers) {
            view.own = answer.form.as_ref().and_then(|form| equation(&answer.name, form));
            for line in &mut view.lines {
                line.own = line.marks.form.as_ref().and_then(formula);
            }
        }
    }
}

fn answers(sheet: &Sheet, answers: &[AnswerMarks], detail: Detail) -> Vec<AnswerView> {
    answers.iter().zip(&sheet.asked).map(|(answer, asked)| AnswerView::new(answer, asked, detail)).collect()
}

impl AnswerView {
    pub fn new(answer: &AnswerMarks, asked: &Asked, detail: Detail) -> AnswerView {
        let corrected = detail.solutions && answer.verdict != Verdict::Correct;
        AnswerView {
            name: answer.name.clone(),
            verdict: answer.verdict,
            points: points(&answer.points),
            of: points(&answer.of),
            lost: (answer.points != answer.of && answer.open == Number::integer(0))
                .then(|| points(&(&answer.of - &answer.points))),
            mistakes: answer.remarks.iter().filter_map(mistake_of).collect(),
            by_hand: answer.remarks.iter().any(|remark| matches!(remark, Remark::ByHand { .. })),
            line: answer.line,
            written: (!answer.written.is_empty()).then(|| one_line(&answer.written, LONGEST_ANSWER)),
            own: None,
            remarks: answer.remarks.clone(),
            lines: answer.lines.iter().map(LineView::new).collect(),
            hint: (detail.hints && wants_hint(answer.verdict)).then(|| HintView::new(answer)),
            correction: corrected.then(|| asked.correction.clone()),
            formula: asked.formula.clone().filter(|_| corrected),
            evidence: answer.evidence.as_ref().filter(|_| detail.evidence).map(EvidenceView::new),
        }
    }

    pub fn has_feedback(&self) -> bool {
        !self.remarks.is_empty()
            || !self.lines.is_empty()
            || self.hint.is_some()
            || self.correction.is_some()
            || self.evidence.is_some()
    }
}

/// The mistake that costs points.
fn mistake_of(remark: &Remark) -> Option<&'static str> {
    match remark {
        Remark::Mistake { name, .. } | Remark::Also { name, .. } => Some(*name),
        _ => None,
    }
}

/// What can't be read has its own help.
fn wants_hint(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Correct | Verdict::FollowThrough | Verdict::Notation | Verdict::Unreadable => false,
        Verdict::Underived | Verdict::Unevaluated => false,
        Verdict::Partial | Verdict::Wrong | Verdict::Missing => true,
    }
}

impl HintView {
    pub fn new(answer: &AnswerMarks) -> HintView {
        let within = answer.remarks.iter().find_map(|remark| {
            let Remark::Mistake { within, .. } = remark else { return None };
            within.clone()
        });
        HintView { mistake: answer.mistake, within }
    }
}

impl EvidenceView {
    fn new(evidence: &Evidence) -> EvidenceView {
        let entry: Vec<String> = evidence.entry.iter().map(usize::to_string).collect();
        EvidenceView {
            sizes: evidence.sizes.iter().map(|(name, size)| format!("{name} = {size}")).collect(),
            given: evidence.given,
            seed: evidence.seed.to_string(),
            entry: (!entry.is_empty()).then(|| entry.join(", ")),
            right: compared(evidence.right),
            found: compared(evidence.found),
        }
    }
}

fn compared(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    notation::number(&Number::approx(value), Rounding { digits: EVIDENCE_DIGITS }, Style::Text)
}

/// Marks with two decimals at most: `20/3` is 6.67.
pub fn points(points: &Number) -> String {
    decimals(points.to_f64())
}

pub fn decimals(value: f64) -> String {
    let text = format!("{value:.2}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_string() } else { short.to_string() }
}

/// Text on one line in which every character can be seen, with `…` where it was longer than so many characters.
pub fn one_line(text: &str, longest: usize) -> String {
    let line = escape::visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The summary of a class.
#[derive(Clone, Debug, Serialize)]
pub struct ClassView {
    pub marked: usize,
    pub not_marked: usize,
    /// The run was interrupted.
    pub is_part: bool,
    /// Points for a person to decide; none where there are none.
    pub open: Option<String>,
    /// The submissions that have some.
    pub with_open: usize,
    /// How many handed something in.
    pub handed_in: usize,
    /// How many of these have no marks.
    pub unmarked: usize,
    /// How many are in the class list, who of them handed in nothing, and who handed in and is not in it.
    pub enrolled: Option<usize>,
    pub missing: Vec<String>,
    pub strangers: Vec<String>,
    /// What a person has to look at, answer by answer.
    pub for_a_person: Vec<PersonView>,
    /// Tasks on paper, and how many submissions wait for their points.
    pub on_paper: Vec<OnPaperView>,
    /// Students with two rows.
    pub twice: Vec<TwiceView>,
    pub of: String,
    /// None where nothing was marked.
    pub spread: Option<SpreadView>,
    pub bars: Vec<BarView>,
    /// An SVG element.
    pub histogram: String,
    /// The picture's file beside the document, where one can be linked.
    pub picture: Option<String>,
    pub answers: Vec<AnswerSummaryView>,
    /// The places of verdicts that somebody has, in the order of the counts.
    pub columns: Vec<usize>,
    /// The answer that earns the least share.
    pub hardest: Option<HardestView>,
    /// The most frequent mistakes of all answers.
    pub mistakes: Vec<CommonView>,
    /// The students whose reports can be linked.
    pub students: Vec<ListedView>,
}

/// An answer that a person has to look at.
#[derive(Clone, Debug, Serialize)]
pub struct PersonView {
    pub student: ListedView,
    #[serde(flatten)]
    pub what: Undecided,
}

/// A task on paper that waits for points.
#[derive(Clone, Debug, Serialize)]
pub struct OnPaperView {
    #[serde(flatten)]
    pub what: Undecided,
    /// Of so many submissions.
    pub count: usize,
}

fn for_a_person(summary: &Summary) -> (Vec<PersonView>, Vec<OnPaperView>) {
    let (mut answers, mut tasks) = (Vec::new(), BTreeMap::<&str, OnPaperView>::new());
    for listed in &summary.students {
        for what in &listed.undecided {
            match what.is_on_paper() {
                true => {
                    let count = tasks.get(&*what.name).map_or(1, |task| task.count + 1);
                    tasks.insert(&what.name, OnPaperView { what: what.clone(), count });
                }
                false => answers.push(PersonView { student: ListedView::new(listed), what: what.clone() }),
            }
        }
    }
    (answers, tasks.into_values().collect())
}

/// One student's line in the summary.
#[derive(Clone, Debug, Serialize)]
pub struct ListedView {
    pub name: String,
    /// The address of the report.
    pub link: String,
    /// None where nothing was marked.
    pub points: Option<String>,
    /// None where nothing is open.
    pub open: Option<String>,
    pub verdicts: Vec<Verdict>,
}

impl ListedView {
    fn new(listed: &Listed) -> ListedView {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        let link = listed.report.bytes().map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        });
        ListedView {
            name: one_line(listed.student.as_deref().unwrap_or(&listed.file), LONGEST_NAME),
            link: link.collect(),
            points: listed.points.as_ref().map(points),
            open: (listed.open != Number::integer(0)).then(|| points(&listed.open)),
            verdicts: listed.verdicts.clone(),
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct HardestView {
    pub name: String,
    /// Percent of its marks.
    pub share: String,
}

/// A mistake of the class, and those who made it.
#[derive(Clone, Debug, Serialize)]
pub struct CommonView {
    pub mistake: &'static str,
    /// The answer's name.
    pub answer: String,
    pub count: usize,
    /// Percent of the class.
    pub share: String,
    /// The points that it cost, of all together.
    pub lost: String,
    /// The first of them, where their reports can be linked.
    pub who: Vec<ListedView>,
    /// How many more there are.
    pub more: usize,
}

impl CommonView {
    fn new(summary: &Summary, (mistake, place, count): (&'static str, usize, usize)) -> CommonView {
        let made = |listed: &&Listed| listed.mistakes.get(place).copied().flatten() == Some(mistake);
        let all: Vec<&Listed> = summary.students.iter().filter(made).collect();
        let who: Vec<ListedView> = all.iter().take(MOST_NAMES).map(|listed| ListedView::new(listed)).collect();
        let more = all.len() - who.len();
        let answer = &summary.answers[place];
        let share = format!("{:.0}", 100.0 * count as f64 / summary.marked().max(1) as f64);
        let lost = answer.lost.get(mistake).map(points).unwrap_or_default();
        CommonView { mistake, answer: answer.name.clone(), count, share, lost, who, more }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct TwiceView {
    pub student: String,
    pub files: Vec<String>,
}

impl TwiceView {
    fn new((student, files): &(String, [String; 2])) -> TwiceView {
        let files = files.iter().map(|file| one_line(file, LONGEST_NAME)).collect();
        TwiceView { student: one_line(student, LONGEST_NAME), files }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct SpreadView {
    pub mean: String,
    /// The mean as percent of the marks.
    pub share: String,
    pub median: String,
    pub lower: String,
    pub upper: String,
    pub least: String,
    pub most: String,
}

/// One bar of the histogram as text.
#[derive(Clone, Debug, Serialize)]
pub struct BarView {
    /// `0–2`
    pub range: String,
    pub count: usize,
    pub bar: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct AnswerSummaryView {
    pub name: String,
    pub of: String,
    pub mean: Option<String>,
    /// The mean as percent of the marks.
    pub share: Option<String>,
    /// How many have all of its marks, and whether it earns the least share.
    pub full: usize,
    pub hardest: bool,
    /// Students with each verdict, in the order of [`Verdict`].
    pub counts: Vec<usize>,
    pub mistakes: Vec<MistakeView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct MistakeView {
    pub name: &'static str,
    pub count: usize,
}

const VERDICTS: [Verdict; 9] = [
    Verdict::Correct,
    Verdict::FollowThrough,
    Verdict::Notation,
    Verdict::Underived,
    Verdict::Unevaluated,
    Verdict::Partial,
    Verdict::Wrong,
    Verdict::Unreadable,
    Verdict::Missing,
];

impl ClassView {
    pub fn new(summary: &Summary, picture: Option<&str>) -> ClassView {
        let (for_a_person, on_paper) = for_a_person(summary);
        let hardest = summary.hardest();
        let answers = summary.answers.iter().enumerate();
        ClassView {
            marked: summary.marked(),
            unmarked: summary.not_marked.saturating_sub(summary.missing.len()),
            handed_in: (summary.marked() + summary.not_marked).saturating_sub(summary.missing.len()),
            enrolled: summary.enrolled,
            missing: summary.missing.iter().map(|name| one_line(name, LONGEST_NAME)).collect(),
            strangers: summary.strangers.iter().map(|name| one_line(name, LONGEST_NAME)).collect(),
            for_a_person,
            on_paper,
            not_marked: summary.not_marked,
            is_part: summary.is_part,
            open: (summary.with_open > 0).then(|| points(&summary.open)),
            with_open: summary.with_open,
            twice: summary.twice.iter().map(TwiceView::new).collect(),
            of: points(&summary.of),
            spread: SpreadView::new(summary),
            bars: histogram::bars(summary),
            histogram: histogram::svg(summary),
            picture: picture.map(str::to_string),
            answers: answers
                .map(|(place, answer)| AnswerSummaryView {
                    hardest: hardest == Some(place),
                    ..AnswerSummaryView::new(answer)
                })
                .collect(),
            columns: (0..VERDICTS.len())
                .filter(|place| summary.answers.iter().any(|answer| answer.count(VERDICTS[*place]) > 0))
                .collect(),
            hardest: hardest.map(|place| HardestView {
                name: summary.answers[place].name.clone(),
                share: share(&summary.answers[place]).unwrap_or_default(),
            }),
            mistakes: summary
                .most_frequent(MOST_COMMON)
                .into_iter()
                .map(|common| CommonView::new(summary, common))
                .collect(),
            students: summary.students.iter().map(ListedView::new).collect(),
        }
    }
}

impl SpreadView {
    fn new(summary: &Summary) -> Option<SpreadView> {
        let quantile = |q| summary.quantile(q).map(decimals);
        Some(SpreadView {
            mean: decimals(summary.mean()?),
            share: percent(summary.mean()?, &summary.of),
            median: quantile(0.5)?,
            lower: quantile(0.25)?,
            upper: quantile(0.75)?,
            least: quantile(0.0)?,
            most: quantile(1.0)?,
        })
    }
}

impl AnswerSummaryView {
    fn new(answer: &AnswerSummary) -> AnswerSummaryView {
        let mistakes = answer.most_frequent(MOST_MISTAKES).into_iter().map(|(name, count)| MistakeView { name, count });
        AnswerSummaryView {
            name: answer.name.clone(),
            of: points(&answer.of),
            mean: answer.mean().map(|mean| format!("{mean:.2}")),
            share: share(answer),
            full: answer.full,
            hardest: false,
            counts: VERDICTS.iter().map(|verdict| answer.count(*verdict)).collect(),
            mistakes: mistakes.collect(),
        }
    }
}

/// Percent of the marks of an answer that a class earns.
fn share(answer: &AnswerSummary) -> Option<String> {
    answer.mean().filter(|_| answer.of.to_f64() > 0.0).map(|mean| percent(mean, &answer.of))
}

fn percent(mean: f64, of: &Number) -> String {
    format!("{:.0}", mean / of.to_f64() * 100.0)
}

pub fn range(summary: &Summary, part: usize, parts: usize) -> String {
    format!("{}–{}", edge(summary, part, parts), edge(summary, part + 1, parts))
}

/// The points at which a part of their range begins.
pub fn edge(summary: &Summary, part: usize, parts: usize) -> String {
    decimals(summary.of.to_f64() * part as f64 / parts as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_two_decimals_at_most() {
        let cases = [(Number::ratio(20, 3), "6.67"), (Number::integer(20), "20"), (Number::ratio(29, 2), "14.5")];
        for (number, text) in cases {
            assert_eq!(points(&number), text);
        }
        assert_eq!(points(&Number::integer(0)), "0");
        assert_eq!(points(&Number::integer(100)), "100");
    }

    #[test]
    fn students_text_is_one_short_line() {
        assert_eq!(one_line("a\r\n  20 of 20\tpoints", 100), "a 20 of 20 points");
        assert_eq!(one_line("ééé", 2), "éé…");
    }

    #[test]
    fn numbers_without_a_value_are_shown() {
        assert_eq!(compared(f64::NAN), "NaN");
        assert_eq!(compared(-0.25), "−0.250000");
    }
}
