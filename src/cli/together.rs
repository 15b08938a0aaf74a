//! Several problems in one document: a plain paper, keys behind each other, or an array of JSON.

use super::args::AnswerArgs;
use super::job::{Answered, Failure, Job, own_fault};
use super::report::{self, Look};
use super::run::{self, Delivery};
use super::stdio::{self, Stop};
use super::{Exit, refuse};
use crate::answer::Solution;
use crate::render::document::Document;
use crate::render::sheet::{Copy, Head, Paper, PaperSize, Question, Sheet, paper};
use std::path::Path;

/// Answers all problems; the document is written if all of them have a key, or holds what is wrong with the others
/// (JSON).
pub fn answer(args: &AnswerArgs, job: &Job, delivery: &Delivery, look: Look) -> Result<Exit, Stop> {
    let answered =
        args.specs.iter().map(|spec| job.solve_file(spec).map_err(|failure| run::with_command_hint(spec, failure)));
    let (text, worst) = if job.is_json() {
        array(answered, job, look)?
    } else {
        let mut solved = Vec::new();
        let mut worst = Exit::Done;
        for one in answered {
            match one {
                Ok(one) => {
                    report::tell_notes(&one.source, &one.notes, look);
                    solved.push(one.result);
                }
                Err(failure) => {
                    run::tell(&failure, job, look)?;
                    worst = worst.max(failure.exit);
                }
            }
        }
        if worst != Exit::Done {
            return Ok(worst);
        }
        match document(&solved, job) {
            Ok(text) => (text, worst),
            Err(failure) => return Ok(told(&failure, look)),
        }
    };
    let Some(path) = delivery.file() else { return stdio::print(&text).map(|()| worst) };
    let document = Document { text, pictures: Vec::new() };
    match delivery.write(path, &document, job, look) {
        Ok(()) => Ok(worst),
        Err(error) => Ok(told(&refuse::unwritten(error), look)),
    }
}

fn told(failure: &Failure, look: Look) -> Exit {
    stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
    failure.exit
}

/// The problems as questions 1, 2, … of a plain paper.
fn document(solved: &[Solution], job: &Job) -> Result<String, Failure> {
    let question =
        |(place, solution): (usize, _)| Question { solution, number: Some((place + 1).to_string()), space: None };
    let questions = solved.iter().enumerate().map(question).collect();
    let head = (job.sheet() == Sheet::Exam).then(Head::default);
    let titles: Vec<&str> = solved.iter().map(|solution| solution.model.id.as_str()).collect();
    let whole = Paper {
        sheet: job.sheet(),
        edition: job.layout(None).edition,
        size: PaperSize::A4,
        title: titles.join(", "),
        copies: vec![Copy { head, questions }],
    };
    paper(&whole, job.format()).map(|document| document.text).map_err(|error| {
        let (exit, mut faults) = own_fault(&error.message);
        Failure::of_file(Path::new("paper"), exit, faults.remove(0))
    })
}

/// An array with an object for each problem: its answers, or what is wrong with it.
fn array(
    answered: impl Iterator<Item = Result<Answered<Solution>, Failure>>,
    job: &Job,
    look: Look,
) -> Result<(String, Exit), Stop> {
    let mut worst = Exit::Done;
    let mut items = Vec::new();
    for one in answered {
        let failure = match one {
            Ok(one) => {
                report::tell_notes(&one.source, &one.notes, look);
                match job.document(&one.result, &job.layout(None)) {
                    Ok(document) => {
                        items.push(document.text);
                        continue;
                    }
                    Err((exit, diagnostics)) => Failure { exit, source: one.source, diagnostics },
                }
            }
            Err(failure) => failure,
        };
        worst = worst.max(failure.exit);
        items
            .push(report::json(&failure.source, &failure.diagnostics).map_err(|error| Stop::Unwritable(error.into()))?);
    }
    let items: Vec<&str> = items.iter().map(|item| item.trim_end()).collect();
    Ok((format!("[\n{}\n]\n", items.join(",\n")), worst))
}
