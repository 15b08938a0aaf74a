//! `solve export SYSTEM SPEC… -o FILE`: what a course system takes of problems.

use super::args::{ExportArgs, System};
use super::job::{self, Answered, Failure, follow, own_fault};
use super::output::{self, Present};
use super::report::{self, Look};
use super::{Exit, archive, files, names, run, stdio, tables};
use crate::diagnostic::Diagnostic;
use crate::limits::SPEC_BYTES;
use crate::render::course::{self, Item, PackedFile};
use crate::render::document::RenderError;
use crate::syntax::read_spec;
use std::path::{Path, PathBuf};

/// What comes out: one file, or a package of many.
enum Made {
    File(String),
    Package(Vec<PackedFile>),
}

pub fn export(args: &ExportArgs, look: Look) -> Exit {
    if args.system == System::Gradescope && args.specs.len() > 1 {
        return run::refuse_usage_of(
            "export",
            "an autograder marks one problem: export each to a file of its own",
            look,
        );
    }
    match items(args, look).and_then(|items| made(args, &items)).and_then(|made| write(args, &made)) {
        Ok(told) => {
            report::tell_written(&told, look);
            Exit::Done
        }
        Err(failures) => {
            failures.iter().for_each(|failure| {
                stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
            });
            failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Unusable)
        }
    }
}

type Failures = Vec<Failure>;

/// All problems, certified as any key is.
fn items(args: &ExportArgs, look: Look) -> Result<Vec<Item>, Failures> {
    let (mut items, mut failures) = (Vec::new(), Vec::new());
    let stems = names::distinct_stems(args.specs.iter().map(PathBuf::as_path));
    for (path, stem) in args.specs.iter().zip(&stems) {
        match item(args, path, stem) {
            Ok(answered) => {
                report::tell_notes(&answered.source, &answered.notes, look);
                items.push(answered.result);
            }
            Err(failure) => failures.push(run::with_command_hint(path, failure)),
        }
    }
    if failures.is_empty() { Ok(items) } else { Err(failures) }
}

fn item(args: &ExportArgs, path: &Path, stem: &str) -> Result<Answered<Item>, Failure> {
    let bytes = files::read(path, SPEC_BYTES).map_err(|(exit, fault)| Failure::of_file(path, exit, fault))?;
    follow(path, &bytes, |text, notes| {
        let solution = job::solved(path, text, args.allow_outside, notes)?;
        course::item(&solution, stem).map_err(|error| own_fault(&error.message))
    })
}

fn made(args: &ExportArgs, items: &[Item]) -> Result<Made, Failures> {
    let made = match args.system {
        System::Moodle => course::moodle(items).map(Made::File),
        System::Gradescope => return autograder(args).map(Made::Package),
    };
    made.map_err(|RenderError { message }| vec![fault(args, Exit::Unusable, Diagnostic::error("E-export", message))])
}

fn fault(args: &ExportArgs, exit: Exit, diagnostic: Diagnostic) -> Failure {
    Failure::of_file(&args.output, exit, diagnostic)
}

/// This very program with the problem and the tables that it names.
fn autograder(args: &ExportArgs) -> Result<Vec<PackedFile>, Failures> {
    let unread = |path: &Path, error: &std::io::Error| {
        let message = format!("`{}` can't be read: {}", path.display(), stdio::words(error));
        vec![fault(args, Exit::Usage, Diagnostic::error("E-file", message))]
    };
    let own = std::env::current_exe().map_err(|error| unread(Path::new("solve"), &error))?;
    let binary = std::fs::read(&own).map_err(|error| unread(&own, &error))?;
    let mut packed = Vec::new();
    let mut arguments = Vec::new();
    for (spec, stem) in args.specs.iter().zip(names::distinct_stems(args.specs.iter().map(PathBuf::as_path))) {
        let bytes = files::read(spec, SPEC_BYTES).map_err(|(exit, fault)| vec![Failure::of_file(spec, exit, fault)])?;
        let named = follow(spec, &bytes, |text, _| {
            let reading = read_spec(text).map_err(|faults| (Exit::Unusable, faults))?;
            tables::read(spec, &reading.value, args.allow_outside)
        });
        let place = format!("problem/{stem}.spec");
        arguments.push(format!("\"$home/source/{place}\""));
        packed.push(PackedFile { path: place, content: bytes, executable: false });
        let named = named.map_err(|failure| vec![failure])?.result;
        packed.extend(named.into_iter().map(|(name, text)| PackedFile::text(format!("problem/{name}"), text)));
    }
    if args.hints {
        arguments.push("--hints".to_string());
    }
    let own_fault =
        |error: RenderError| vec![fault(args, Exit::Unusable, Diagnostic::error("E-internal", error.message))];
    packed.extend(course::autograder(binary, &arguments).map_err(own_fault)?);
    Ok(packed)
}

/// What was written, in words.
fn write(args: &ExportArgs, made: &Made) -> Result<String, Failures> {
    let present = if args.force { Present::Replace } else { Present::Keep };
    let unwritten = |error| vec![run::unwritten(error)];
    let shown = args.output.display().to_string();
    match made {
        Made::File(text) => {
            output::write_bytes(&args.output, text.as_bytes(), present, &args.specs).map_err(unwritten)?;
            Ok(shown)
        }
        Made::Package(files) => {
            if args.output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
                let bytes = archive::zip(files)
                    .map_err(|message| vec![fault(args, Exit::Usage, Diagnostic::error("E-output", message))])?;
                output::write_bytes(&args.output, &bytes, present, &args.specs).map_err(unwritten)?;
            } else {
                output::write_package(&args.output, files, present, &args.specs).map_err(unwritten)?;
            }
            Ok(format!("{shown}: {} files", files.len()))
        }
    }
}
