//! `solve exam FILE -o FOLDER/`: the paper, its key and its marking sheet, in versions, and a sheet for each student.

use super::args::ExamArgs;
use super::check::class_list;
use super::files;
use super::job::{self, Ended, Failure, explain_refusal, follow, own_fault};
use super::output::{self, Present, WriteError};
use super::pdf::Maker;
use super::report::{self, Look};
use super::{Exit, refuse, stdio};
use crate::answer::{Solution, answer};
use crate::diagnostic::{Diagnostic, nearest};
use crate::limits::SPEC_BYTES;
use crate::model::Model;
use crate::number::Number;
use crate::render::document::{Document, Edition, Format};
use crate::render::sheet::{Copy, Fields, Head, Paper, PaperSize, Question, Sheet, day, form_id, order, paper};
use crate::syntax::{Exam, Use, read_exam};
use std::path::{Component, Path, PathBuf};

/// A paper ready to be written.
struct Ready {
    exam: Exam,
    solutions: Vec<Solution>,
    /// The orders of the questions, one a version.
    orders: Vec<Vec<usize>>,
    class: Vec<Fields>,
}

pub fn exam(args: &ExamArgs, look: Look) -> Exit {
    let ready = match read(args) {
        Ok(answered) => {
            report::tell_notes(&answered.source, &answered.notes, look);
            answered.result
        }
        Err(failure) => return told(&failure, look),
    };
    let wanted = args.pdf_with.as_deref();
    let maker = Maker::find(wanted);
    let lettered = maker.as_ref().map_or_else(|_| Vec::new(), |maker| maker.clone().for_letters(wanted));
    let usual: Vec<Maker> = maker.iter().cloned().collect();
    let present = if args.force { Present::Replace } else { Present::Keep };
    let writer = Writer { folder: &args.output, present, makers: &usual, lettered: &lettered, look };
    if let Err(error) = ready.write(&writer) {
        return told(&error, look);
    }
    match maker {
        Ok(_) => Exit::Done,
        Err(message) => {
            stdio::tell(&report::printable(&format!("solve: no PDF was made: {message}\n")));
            Exit::Usage
        }
    }
}

fn told(failure: &Failure, look: Look) -> Exit {
    stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
    failure.exit
}

fn read(args: &ExamArgs) -> Result<job::Answered<Ready>, Failure> {
    let path = &args.exam;
    let bytes = files::read(path, SPEC_BYTES).map_err(|(exit, fault)| Failure::of_file(path, exit, fault))?;
    follow(path, &bytes, |text, notes| {
        let exam = read_exam(text).map_err(|faults| (Exit::Unusable, faults))?;
        let (mut solutions, mut faults, mut exit) = (Vec::new(), Vec::new(), Exit::Unusable);
        for problem in &exam.problems {
            match solved(args, problem, notes) {
                Ok(solution) => solutions.push(solution),
                Err((code, told)) => {
                    exit = exit.max(code);
                    faults.extend(told);
                }
            }
        }
        let count = exam.problems.len();
        let orders: Option<Vec<Vec<usize>>> = (0..exam.versions).map(|v| order(count, v, exam.versions)).collect();
        let Some(orders) = orders else {
            let message = format!("{count} questions have fewer than {} orders", exam.versions);
            return Err((Exit::Unusable, vec![Diagnostic::error("E-exam", message).help("ask for fewer versions")]));
        };
        let class = match &exam.class {
            None => Vec::new(),
            Some(file) => {
                let list = beside(args, &file.value)?;
                let at = |fault: Diagnostic| fault.at(file.span, "this class list");
                class_list(&list).map_err(|(exit, faults)| (exit, faults.into_iter().map(at).collect()))?
            }
        };
        if faults.is_empty() { Ok(Ready { exam, solutions, orders, class }) } else { Err((exit, faults)) }
    })
}

/// A file that an exam names: beside it or below, unless more is allowed.
fn beside(args: &ExamArgs, name: &str) -> Result<PathBuf, Ended> {
    let path = Path::new(name);
    let is_below = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !is_below && !args.allow_outside {
        let fault = Diagnostic::error("E-file", format!("`{name}` lies outside of the exam's folder"));
        return Err((Exit::Unusable, vec![fault.help("--allow-outside lifts that")]));
    }
    Ok(args.exam.parent().unwrap_or(Path::new("")).join(path))
}

fn solved(args: &ExamArgs, used: &Use, notes: &mut Vec<Diagnostic>) -> Result<Solution, Ended> {
    let here = |fault: Diagnostic| fault.at(used.file.span, "used here");
    let path =
        beside(args, &used.file.value).map_err(|(exit, faults)| (exit, faults.into_iter().map(here).collect()))?;
    let bytes = files::read(&path, SPEC_BYTES).map_err(|(exit, fault)| {
        let fault = here(fault);
        (exit, vec![near(&path).map_or(fault.clone(), |name| fault.help(format!("did you mean `{name}`?")))])
    })?;
    let solved = follow(&path, &bytes, |text, notes| {
        let mut model = job::model(&path, text, args.allow_outside, notes)?;
        if let Some(points) = &used.points {
            let fault = |_| (Exit::Unusable, vec![Diagnostic::error("E-number", "these points can't be read")]);
            rescale(&mut model, &Number::parse(&points.value).map_err(fault)?);
        }
        answer(&model, &[]).map_err(|refusal| (Exit::Unusable, explain_refusal(refusal)))
    });
    match solved {
        Ok(solved) => {
            // Their places are in another file.
            notes.extend(solved.notes.into_iter().map(|note| Diagnostic { labels: Vec::new(), ..note }).map(here));
            Ok(solved.result)
        }
        Err(failure) => {
            let said = failure.diagnostics.into_iter().filter(Diagnostic::is_error);
            let message = |fault: &Diagnostic| {
                let place = fault.labels.first().map(|label| place(&failure.source.text, label.span.start));
                format!("{}{}: {}", failure.source.name, place.unwrap_or_default(), fault.message)
            };
            let faults = said.map(|fault| here(Diagnostic { message: message(&fault), labels: Vec::new(), ..fault }));
            Err((failure.exit, faults.collect()))
        }
    }
}

/// `:3:14`
fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    format!(":{line}:{column}")
}

/// A file of nearly this name in the same folder.
pub fn near(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.file_name()));
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    let meant = nearest(&name, names.iter().map(String::as_str)).filter(|meant| *meant != name)?;
    Some(path.with_file_name(meant).display().to_string())
}

/// The points of the exam; those of the tasks keep their proportions.
fn rescale(model: &mut Model, points: &Number) {
    let stated: Option<Vec<Number>> = model.tasks.iter().map(|task| task.points.clone()).collect();
    let sum = stated.and_then(|all| all.into_iter().reduce(|sum, points| &sum + &points));
    let factor = sum.and_then(|sum| points.checked_div(&sum).ok());
    for task in &mut model.tasks {
        task.points = factor.as_ref().and_then(|factor| task.points.as_ref().map(|points| points * factor));
    }
    model.points = Some(points.clone());
}

struct Writer<'a> {
    folder: &'a Path,
    present: Present,
    /// What makes a PDF; none where nothing is installed.
    makers: &'a [Maker],
    /// What makes a PDF with names in Greek or Cyrillic letters.
    lettered: &'a [Maker],
    look: Look,
}

impl Writer<'_> {
    /// `paper.tex`, `paper.html` and `paper.pdf`.
    fn write(&self, name: &str, whole: &Paper) -> Result<(), Failure> {
        let (latex, html) = (self.made(name, whole, Format::Latex)?, self.made(name, whole, Format::Html)?);
        for (ending, document) in [("tex", &latex), ("html", &html)] {
            self.put(&format!("{name}.{ending}"), document)?;
        }
        let path = self.folder.join(format!("{name}.pdf"));
        let mut fault = None;
        for maker in if whole.has_letters() { self.lettered } else { self.makers } {
            let source = if maker.format() == Format::Latex { &latex } else { &html };
            match maker.make(&source.text) {
                Ok(pdf) => {
                    output::write_bytes(&path, &pdf, self.present, &[]).map_err(refuse::unwritten)?;
                    report::tell_written(&format!("{} with {}", path.display(), maker.name), self.look);
                    return Ok(());
                }
                Err(message) => fault = fault.or(Some(WriteError::because(&path, message))),
            }
        }
        fault.map_or(Ok(()), |fault| Err(refuse::unwritten(fault)))
    }

    fn made(&self, name: &str, whole: &Paper, format: Format) -> Result<Document, Failure> {
        paper(whole, format).map_err(|error| {
            let (exit, mut faults) = own_fault(&error.message);
            Failure::of_file(Path::new(name), exit, faults.remove(0))
        })
    }

    fn put(&self, name: &str, document: &Document) -> Result<(), Failure> {
        let path = self.folder.join(name);
        output::write(&path, document, self.present, &[]).map_err(refuse::unwritten)?;
        report::tell_written(&path.display().to_string(), self.look);
        Ok(())
    }
}

impl Ready {
    fn write(&self, writer: &Writer) -> Result<(), Failure> {
        output::make_folder(writer.folder).map_err(refuse::unwritten)?;
        for version in 0..self.orders.len() {
            let suffix = self.letter(version).map_or(String::new(), |letter| format!("-{letter}"));
            for (name, sheet) in [("paper", Sheet::Exam), ("key", Sheet::Key), ("marking", Sheet::Marking)] {
                let copies = vec![self.copy(version, 0, Fields::default())];
                let (name, whole) = (format!("{name}{suffix}"), self.paper(sheet, copies));
                writer.write(&name, &whole)?;
                if sheet != Sheet::Marking {
                    writer.put(&format!("{name}.ipynb"), &writer.made(&name, &whole, Format::Notebook)?)?;
                }
            }
        }
        if !self.class.is_empty() {
            let copies = self.class.iter().enumerate();
            let copies = copies.map(|(place, student)| self.copy(self.version_of(place), place + 1, student.clone()));
            writer.write("students", &self.paper(Sheet::Exam, copies.collect()))?;
            writer.put("forms.csv", &Document { text: self.forms(), pictures: Vec::new() })?;
        }
        Ok(())
    }

    fn paper<'a>(&'a self, sheet: Sheet, copies: Vec<Copy<'a>>) -> Paper<'a> {
        let size = if self.exam.letter { PaperSize::Letter } else { PaperSize::A4 };
        Paper {
            sheet,
            edition: Edition::Student,
            size,
            title: self.exam.title.clone().unwrap_or_else(|| self.exam.id.clone()),
            copies,
        }
    }

    /// `A` of the first version, where there are several.
    fn letter(&self, version: usize) -> Option<char> {
        (self.orders.len() > 1).then(|| char::from(b'A' + version as u8))
    }

    /// Neighbours in the class list have different versions.
    fn version_of(&self, place: usize) -> usize {
        place % self.orders.len()
    }

    fn form(&self, version: usize, number: usize) -> String {
        form_id(&self.exam.id, self.letter(version), number)
    }

    fn copy(&self, version: usize, number: usize, name: Fields) -> Copy<'_> {
        let exam = &self.exam;
        let head = Head {
            title: exam.title.clone().or_else(|| Some(exam.id.clone())),
            subtitle: exam.subtitle.clone(),
            date: exam.date.map(day),
            minutes: exam.minutes.clone(),
            note: exam.note.clone(),
            form: Some(self.form(version, number)),
            version: self.letter(version).map(String::from),
            name,
        };
        let questions = self.orders[version].iter().enumerate().map(|(place, problem)| {
            let used = &exam.problems[*problem];
            let label = used.label.clone().filter(|_| self.orders.len() == 1);
            Question {
                solution: &self.solutions[*problem],
                number: label.or_else(|| Some((place + 1).to_string())),
                space: used.space.or(exam.space),
            }
        });
        Copy { head: Some(head), questions: questions.collect() }
    }

    /// Which form went to whom.
    fn forms(&self) -> String {
        let cell = |text: &Option<String>| format!("\"{}\"", text.as_deref().unwrap_or("").replace('"', "\"\""));
        let rows = self.class.iter().enumerate().map(|(place, student)| {
            let version = self.version_of(place);
            let letter = self.letter(version).map_or(String::new(), String::from);
            let form = self.form(version, place + 1);
            format!("{form},{letter},{},{}\n", cell(&student.id), cell(&student.name))
        });
        format!("form,version,id,name\n{}", rows.collect::<String>())
    }
}
