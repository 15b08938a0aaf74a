//! `solve export SYSTEM SPEC… -o FILE`: what a course system takes of problems.

use super::args::{ExportArgs, System};
use super::job::{self, Answered, Failure, follow, own_fault};
use super::manifest::{self, Listed, Manifest};
use super::output::{self, Present};
use super::report::{self, Look};
use super::{Exit, archive, files, names, refuse, run, stdio, tables};
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
        return refuse::refuse_usage_of(
            "export",
            "an autograder marks one problem: export each to a file of its own",
            look,
        );
    }
    if args.system != System::Gradescope && (args.variants.is_some() || args.roster.is_some() || args.hints) {
        let message =
            "--variants, --roster and --hints are Gradescope's; the other systems take variants as problems: v/*.spec";
        return refuse::refuse_usage_of("export", message, look);
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
        System::Canvas => course::canvas(items).map(Made::Package),
        System::Prairielearn => course::prairielearn(items).map(Made::Package),
        System::Qti => course::qti(items).map(Made::Package),
        System::Gradescope => return autograder(args).map(Made::Package),
    };
    made.map_err(|RenderError { message }| vec![fault(args, Exit::Unusable, Diagnostic::error("E-export", message))])
}

fn fault(args: &ExportArgs, exit: Exit, diagnostic: Diagnostic) -> Failure {
    Failure::of_file(&args.output, exit, diagnostic)
}

/// This very program with the problem, or its variants, and the tables that it names.
fn autograder(args: &ExportArgs) -> Result<Vec<PackedFile>, Failures> {
    let own = std::env::current_exe().map_err(|error| unread(args, Path::new("solve"), &error))?;
    let binary = std::fs::read(&own).map_err(|error| unread(args, &own, &error))?;
    let (mut packed, mut arguments) = match &args.variants {
        Some(manifest) => variants(args, manifest)?,
        None => (Vec::new(), Vec::new()),
    };
    for spec in &args.specs {
        let place = format!("problem/{}.spec", names::stem(spec));
        arguments.push(format!("\"$home/source/{place}\""));
        packed.extend(problem(args, spec, place)?);
    }
    if let Some(roster) = &args.roster {
        packed.push(PackedFile { path: "class.csv".to_string(), content: content(args, roster)?, executable: false });
        arguments.push("--roster \"$home/source/class.csv\" --metadata \"$home/submission_metadata.json\"".to_string());
    }
    if args.hints {
        arguments.push("--hints".to_string());
    }
    let own_fault =
        |error: RenderError| vec![fault(args, Exit::Unusable, Diagnostic::error("E-internal", error.message))];
    packed.extend(course::autograder(binary, &arguments).map_err(own_fault)?);
    Ok(packed)
}

/// The manifest, the variants as they were drawn, and what `solve check` is told of them.
fn variants(args: &ExportArgs, list: &Path) -> Result<(Vec<PackedFile>, Vec<String>), Failures> {
    let text = content(args, list)?;
    let read = Manifest::read(&String::from_utf8_lossy(&text));
    let read = read.map_err(|message| vec![fault(args, Exit::Unusable, Diagnostic::error("E-manifest", message))])?;
    if let Some(spec) = read.changed_spec(list.parent().unwrap_or(Path::new(""))) {
        return Err(vec![fault(args, Exit::Unusable, manifest::changed(&spec))]);
    }
    let mut packed = vec![PackedFile { path: "variants/manifest.json".to_string(), content: text, executable: false }];
    for (place, Listed { file, .. }) in read.variants.iter().enumerate() {
        let files = problem(args, &list.with_file_name(file), format!("variants/{file}"))?;
        // All variants have the same tables.
        packed.extend(files.into_iter().take(if place == 0 { usize::MAX } else { 1 }));
    }
    Ok((packed, vec!["--variants \"$home/source/variants/manifest.json\"".to_string()]))
}

/// A problem at a place of the package, and the tables beside it.
fn problem(args: &ExportArgs, spec: &Path, place: String) -> Result<Vec<PackedFile>, Failures> {
    let bytes = files::read(spec, SPEC_BYTES).map_err(|(exit, fault)| vec![Failure::of_file(spec, exit, fault)])?;
    let named = follow(spec, &bytes, |text, _| {
        let reading = read_spec(text).map_err(|faults| (Exit::Unusable, faults))?;
        tables::read(spec, &reading.value, args.allow_outside)
    });
    let folder = place.rsplit_once('/').map_or("", |(folder, _)| folder).to_string();
    let named = named.map_err(|failure| vec![failure])?.result;
    let tables = named.into_iter().map(|(name, text)| PackedFile::text(format!("{folder}/{name}"), text));
    Ok([PackedFile { path: place, content: bytes, executable: false }].into_iter().chain(tables).collect())
}

fn content(args: &ExportArgs, path: &Path) -> Result<Vec<u8>, Failures> {
    std::fs::read(path).map_err(|error| unread(args, path, &error))
}

fn unread(args: &ExportArgs, path: &Path, error: &std::io::Error) -> Failures {
    let message = format!("`{}` can't be read: {}", path.display(), stdio::words(error));
    vec![fault(args, Exit::Usage, Diagnostic::error("E-file", message))]
}

/// What was written, in words.
fn write(args: &ExportArgs, made: &Made) -> Result<String, Failures> {
    let present = if args.force { Present::Replace } else { Present::Keep };
    let unwritten = |error| vec![refuse::unwritten(error)];
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
