//! `solve SPEC…`: reads, answers and delivers one problem after the other; one bad one spoils no other.

use super::args::{AnswerArgs, Cli};
use super::job::{Failure, Job};
use super::output::{self, Destination, Present, WriteError};
use super::report::{self, Look};
use super::stdio::{self, Stop};
use super::{Exit, exam, files, format, names, refuse, together};
use crate::diagnostic::nearest;
use crate::render::document::{Document, Format};
use clap::CommandFactory;
use std::path::{Path, PathBuf};

pub fn answer_all(args: &AnswerArgs, look: Look) -> Exit {
    let delivery = Delivery::new(args).and_then(|delivery| {
        let job = Job::new(&args.layout, &delivery.destination)?;
        delivery.check(args.specs.len(), &job)?;
        Ok((delivery, job))
    });
    let (mut delivery, job) = match delivery {
        Ok(ready) => ready,
        Err(message) => return refuse::refuse_usage(&message, look),
    };
    if args.specs.len() > 1 && delivery.is_together(&job) {
        return together::answer(args, &job, &delivery, look).unwrap_or_else(Stop::exit);
    }
    let stems = names::distinct_stems(args.specs.iter().map(PathBuf::as_path));
    let mut worst = Exit::Done;
    for (spec, stem) in args.specs.iter().zip(&stems) {
        match answer_one(spec, stem, &job, &mut delivery, look) {
            Ok(exit) => worst = worst.max(exit),
            Err(stop) => return worst.max(stop.exit()),
        }
    }
    worst
}

fn answer_one(spec: &Path, stem: &str, job: &Job, delivery: &mut Delivery, look: Look) -> Result<Exit, Stop> {
    let target = delivery.target(stem, job);
    let picture_stem = target.as_deref().map(names::stem);
    let result =
        job.answer_file(spec, picture_stem).map_err(|failure| with_command_hint(spec, failure)).and_then(|answered| {
            if let Some(path) = &target {
                delivery.write(path, &answered.result, job, look).map_err(refuse::unwritten)?;
            }
            Ok(answered)
        });
    match result {
        Ok(answered) => {
            if target.is_none() {
                delivery.print(&answered.result.text, job)?;
            }
            report::tell_notes(&answered.source, &answered.notes, look);
            Ok(Exit::Done)
        }
        Err(failure) => {
            tell(&failure, job, look)?;
            Ok(failure.exit)
        }
    }
}

/// `solve wach q.spec` reads as two problems: where a file is missing and its name is near a command's, that is said.
pub fn with_command_hint(spec: &Path, mut failure: Failure) -> Failure {
    let Some(name) = spec.to_str().filter(|_| !spec.exists() && !files::is_stdin(spec)) else { return failure };
    let cli = Cli::command();
    let help = match nearest(name, cli.get_subcommands().map(|command| command.get_name())) {
        Some(command) if command == name => format!("a command comes first: `solve {command} …`"),
        Some(command) => format!("there is a command `{command}`: `solve {command} …`"),
        None => match exam::near(spec) {
            Some(near) => format!("did you mean `{near}`?"),
            None => return failure,
        },
    };
    failure.diagnostics = failure.diagnostics.into_iter().map(|diagnostic| diagnostic.help(help.as_str())).collect();
    failure
}

/// Tells why there is no answer; for programs, that is the result.
pub fn tell(failure: &Failure, job: &Job, look: Look) -> Result<(), Stop> {
    if job.is_json() {
        let json = report::json(&failure.source, &failure.diagnostics);
        return stdio::print(&json.map_err(|error| Stop::Unwritable(error.into()))?);
    }
    stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
    Ok(())
}

/// Where the documents of one run go.
pub struct Delivery {
    destination: Destination,
    present: Present,
    /// These are never overwritten.
    inputs: Vec<PathBuf>,
    /// Something stands in the stream already.
    has_printed: bool,
}

impl Delivery {
    fn new(args: &AnswerArgs) -> Result<Delivery, String> {
        let destination = output::destination(args.output.output.as_deref());
        let present = if args.output.force { Present::Replace } else { Present::Keep };
        if args.specs.iter().filter(|spec| files::is_stdin(spec)).count() > 1 {
            return Err("standard input can be read once".to_string());
        }
        let inputs = args.specs.iter().chain(&args.layout.template).cloned().collect();
        Ok(Delivery { destination, present, inputs, has_printed: false })
    }

    fn check(&self, specs: usize, job: &Job) -> Result<(), String> {
        if self.destination == Destination::Stdout && job.format_name() == format::FormatName::Pdf {
            return Err("a PDF goes to a file: use --output FILE.pdf".to_string());
        }
        if let Destination::File(path) = &self.destination
            && specs > 1
            && !self.is_together(job)
        {
            return Err(format!(
                "several problems can't share one file of this format: use --output {}/",
                path.display()
            ));
        }
        if self.destination == Destination::Stdout && specs > 1 && job.separator().is_none() {
            return Err("several documents of this format can't share one stream: use --output FOLDER/".to_string());
        }
        Ok(())
    }

    /// The file that a spec's document goes to.
    fn target(&self, stem: &str, job: &Job) -> Option<PathBuf> {
        match &self.destination {
            Destination::Stdout => None,
            Destination::File(path) => Some(path.clone()),
            Destination::Folder(folder) => Some(folder.join(format!("{stem}.{}", format::ending(job.format_name())))),
        }
    }

    pub fn write(&self, path: &Path, document: &Document, job: &Job, look: Look) -> Result<(), WriteError> {
        if let Destination::Folder(folder) = &self.destination {
            output::make_folder(folder)?;
        }
        job.write(path, document, self.present, &self.inputs, look)
    }

    /// Whether several problems become one document: a paper in one file, or an array of JSON.
    fn is_together(&self, job: &Job) -> bool {
        match self.destination {
            Destination::Folder(_) => false,
            Destination::File(_) => {
                let is_paper = format::is_document(job.format()) || job.format() == Format::Notebook;
                job.is_json() || is_paper && !job.has_template()
            }
            Destination::Stdout => job.is_json(),
        }
    }

    /// The one file.
    pub fn file(&self) -> Option<&Path> {
        self.destination.file()
    }

    fn print(&mut self, text: &str, job: &Job) -> Result<(), Stop> {
        let separator = if self.has_printed { job.separator().unwrap_or("") } else { "" };
        self.has_printed = true;
        stdio::print(&format!("{separator}{text}"))
    }
}
