//! Gradescope's `results.json` for one submission.
//! The format: <https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format>

use super::json::pretty;
use super::view::Detail;
use crate::check::{AnswerMarks, Asked, Outcome, Sheet, Verdict};
use crate::number::Number;
use crate::render::document::RenderError;
use crate::render::sheet::form_of;
use serde::Serialize;

#[derive(Serialize)]
struct Results<'a> {
    score: f64,
    #[serde(skip_serializing_if = "String::is_empty")]
    output: String,
    output_format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility: Option<&'a str>,
    /// Which variant was marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    extra_data: Option<Extra<'a>>,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Extra<'a> {
    form: &'a str,
}

#[derive(Serialize)]
struct Test {
    name: String,
    /// The place among the questions, from 1.
    number: String,
    score: f64,
    max_score: f64,
    status: &'static str,
    output: String,
    output_format: &'static str,
}

const TEXT: &str = "text";
const FAILED: &str = "failed";

/// The whole object; `visibility` is one of Gradescope's words, and without it the assignment's own holds. Outputs are
/// plain text, so that nothing that a student wrote is laid out.
pub fn gradescope(
    sheet: &Sheet,
    outcome: &Outcome,
    detail: Detail,
    visibility: Option<&str>,
) -> Result<String, RenderError> {
    let most = hundredths(sheet.asked.iter().map(|asked| &asked.of));
    let test = |name: &str, place: usize, [score, max_score]: [f64; 2], verdict: Verdict, output: String| Test {
        name: name.to_string(),
        number: (place + 1).to_string(),
        score,
        max_score,
        status: if score < max_score { FAILED } else { status(verdict) },
        output,
        output_format: TEXT,
    };
    let (output, tests): (String, Vec<Test>) = match &outcome.result {
        Ok(marks) => {
            let feedback = super::feedback(sheet, &super::ReportView::new(sheet, outcome, detail))?;
            // A right answer has all that its question is worth here.
            let share =
                |answer: &AnswerMarks| answer.points.checked_div(&answer.of).map_or(0.0, |share| share.to_f64());
            let scored = marks
                .answers
                .iter()
                .zip(most)
                .map(|(answer, most)| [(share(answer) * most * 100.0).round() / 100.0, most]);
            let all = marks.answers.iter().zip(feedback).zip(scored).enumerate();
            let tests = all.map(|(place, ((answer, feedback), points))| {
                test(&answer.name, place, points, answer.verdict, feedback.join("\n"))
            });
            let decided = marks.decided.iter().zip(marks.answers.len()..).map(|(own, place)| {
                let verdict = if own.points == own.of { Verdict::Correct } else { Verdict::Partial };
                test(&own.name, place, [&own.points, &own.of].map(rounded), verdict, own.remark.clone())
            });
            (String::new(), tests.chain(decided).collect())
        }
        Err(not_marked) => {
            let one = |(place, (asked, most)): (usize, (&Asked, f64))| {
                test(&asked.name, place, [0.0, most], Verdict::Unreadable, String::new())
            };
            (not_marked.reason.clone(), sheet.asked.iter().zip(most).enumerate().map(one).collect())
        }
    };
    let score = tests.iter().map(|test| (test.score * 100.0).round()).sum::<f64>() / 100.0;
    let extra_data = form_of(&sheet.id).map(|form| Extra { form });
    Ok(pretty(&Results { score, output, output_format: TEXT, visibility, extra_data, tests }, 0)? + "\n")
}

fn rounded(points: &Number) -> f64 {
    (points.to_f64() * 100.0).round() / 100.0
}

/// Points in hundredths whose sum is that of the exact points: what rounding leaves over goes to the next ones.
fn hundredths<'a>(points: impl Iterator<Item = &'a Number>) -> Vec<f64> {
    let (mut exact, mut given) = (0.0, 0.0);
    let next = |points: &Number| {
        exact += points.to_f64() * 100.0;
        let own = exact.round() - given;
        given += own;
        own / 100.0
    };
    points.map(next).collect()
}

/// Gradescope knows two: an answer passes if it costs nothing.
fn status(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Correct | Verdict::FollowThrough => "passed",
        Verdict::Notation | Verdict::Underived | Verdict::Unevaluated => FAILED,
        Verdict::Partial | Verdict::Wrong | Verdict::Unreadable | Verdict::Missing => FAILED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_points_add_up() {
        let thirds = vec![Number::ratio(10, 3); 6];
        let rounded = hundredths(thirds.iter());
        assert_eq!(rounded, [3.33, 3.34, 3.33, 3.33, 3.34, 3.33]);
        assert_eq!((rounded.iter().sum::<f64>() * 100.0).round(), 2000.0);
    }
}
