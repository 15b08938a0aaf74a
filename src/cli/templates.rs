//! `solve templates`: the data that templates get, and the built-in templates as a start for one's own.

use super::args::TemplatesArgs;
use super::format::{self, FormatName};
use super::job::{Answered, Failure, Job, own_fault};
use super::output::Destination;
use super::report::{self, Look};
use super::{Exit, files, refuse, run, stdio};
use crate::answer::Solution;
use crate::limits::SPEC_BYTES;
use crate::render::template::template_source;
use crate::render::template_data;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// The problem whose data are shown when none is named.
const SAMPLE: &str = "\
problem \"Sample\" \"One linear layer\"
points 10

given
  input  X: 2 x 2 = [1 2; 3 4]
  target T: 2 x 1 = [1; 0]
  param  W: 2 x 1 = [1; -1]
  param  b = 1

model
  Y = X*W + b
  L = mse(Y, T)

tasks
  compute Y, L
  derive dW, db
";

pub fn print(args: &TemplatesArgs, look: Look) -> Exit {
    match args.show {
        _ if args.list => stdio::finish(&list()),
        Some(format) => show(format, look),
        None => data(args, look),
    }
}

/// The formats that have a template, a line each.
fn list() -> String {
    let formats = FormatName::value_variants().iter().filter(|format| source(**format).is_some());
    formats.map(|format| format!("{}\n", name(*format))).collect()
}

fn show(format: FormatName, look: Look) -> Exit {
    match source(format) {
        Some(template) => stdio::finish(template),
        None => refuse::refuse_usage(&format!("there is no template for {}: see --list", name(format)), look),
    }
}

fn name(format: FormatName) -> String {
    format.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
}

/// The data of a problem as a template of the chosen format gets them, as JSON.
fn data(args: &TemplatesArgs, look: Look) -> Exit {
    let job = match Job::new(&args.layout, &Destination::Folder(PathBuf::new())) {
        Ok(job) => job,
        Err(message) => return refuse::refuse_usage(&message, look),
    };
    match answered(args, &job) {
        Ok(answered) => {
            let exit = stdio::finish(&answered.result);
            stdio::tell(&report::text(&answered.source, &answered.notes, look));
            exit
        }
        Err(failure) => run::tell(&failure, &job, look).map_or_else(stdio::Stop::exit, |()| failure.exit),
    }
}

fn answered(args: &TemplatesArgs, job: &Job) -> Result<Answered<String>, Failure> {
    let layout = job.layout(None);
    let finish = |solution: &Solution| {
        let data = serde_json::to_string_pretty(&template_data(solution, &layout));
        data.map(|data| data + "\n").map_err(|error| own_fault(&error.to_string()))
    };
    let Some(path) = &args.spec else { return job.answer_bytes(Path::new("sample"), SAMPLE.as_bytes(), finish) };
    let bytes = files::read(path, SPEC_BYTES).map_err(|(exit, diagnostic)| Failure::of_file(path, exit, diagnostic))?;
    job.answer_bytes(path, &bytes, finish)
}

fn source(format: FormatName) -> Option<&'static str> {
    template_source(format::whole(format))
}
