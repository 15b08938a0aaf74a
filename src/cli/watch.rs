//! `solve watch SPEC`: answers again at each save. The last good document stays while the spec has errors.

use super::args::WatchArgs;
use super::job::{Failure, Job};
use super::output::{self, Destination, Present};
use super::report::{self, Look};
use super::{Exit, files, format, names, refuse, stdio};
use crate::limits::SPEC_BYTES;
use crate::render::document::Document;
use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecursiveMode, Watcher};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// A save is over when nothing has happened for so long: editors write in several steps.
const QUIET: Duration = Duration::from_millis(60);
/// After this long a save is read, even if it goes on.
const LONGEST_SAVE: Duration = Duration::from_secs(1);

type Events = Receiver<notify::Result<Event>>;

/// Ends only by an interrupt, or where there is nothing to watch.
pub fn watch(args: &WatchArgs, look: Look) -> Exit {
    let (job, output) = match prepare(args) {
        Ok(prepared) => prepared,
        Err(message) => return refuse::refuse_usage(&message, look),
    };
    let (sender, events) = mpsc::channel();
    let watching = notify::recommended_watcher(sender).and_then(|mut watcher| {
        for folder in folders(&args.spec) {
            watcher.watch(&folder, RecursiveMode::NonRecursive)?;
        }
        Ok(watcher)
    });
    let _watcher = match watching {
        Ok(watcher) => watcher,
        Err(error) => {
            stdio::tell(&format!("solve: `{}` can't be watched: {error}\n", files::display_name(&args.spec)));
            return Exit::Usage;
        }
    };
    let present = if args.output.force { Present::Replace } else { Present::Keep };
    let mut watched = Watched { spec: &args.spec, output, job, present, seen: None, look };
    watched.follow(&events, &file_names(&args.spec))
}

fn prepare(args: &WatchArgs) -> Result<(Job<'_>, PathBuf), String> {
    if files::is_stdin(&args.spec) {
        return Err("standard input can't be watched".to_string());
    }
    let destination = output::destination(args.output.output.as_deref());
    let job = Job::new(&args.layout, &destination)?;
    let file = format!("{}.{}", names::stem(&args.spec), format::ending(job.format_name()));
    let output = match destination {
        Destination::File(path) => path,
        Destination::Folder(folder) => folder.join(file),
        Destination::Stdout if args.output.output.is_some() => {
            return Err("a watched problem's document goes to a file: use --output FILE".to_string());
        }
        Destination::Stdout => args.spec.with_file_name(file),
    };
    Ok((job, output))
}

/// The folders where the spec is named and where it really is. Folders are watched, since editors save by renaming.
fn folders(spec: &Path) -> Vec<PathBuf> {
    let parent = |path: &Path| match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        Some(_) | None => PathBuf::from("."),
    };
    let mut folders = vec![parent(spec)];
    folders.extend(spec.canonicalize().ok().map(|real| parent(&real)));
    folders.dedup();
    folders
}

fn file_names(spec: &Path) -> Vec<OsString> {
    let real = spec.canonicalize().ok();
    [Some(spec), real.as_deref()].into_iter().flatten().filter_map(|path| path.file_name()).map(Into::into).collect()
}

/// One spec that is watched.
struct Watched<'a> {
    spec: &'a Path,
    output: PathBuf,
    job: Job<'a>,
    /// Before the first document is written: what to do with a file that is there; afterwards it is ours.
    present: Present,
    /// The bytes that were answered last.
    seen: Option<Vec<u8>>,
    look: Look,
}

impl Watched<'_> {
    fn follow(&mut self, events: &Events, names: &[OsString]) -> Exit {
        let first = self.answer();
        if first == Exit::Usage {
            return first;
        }
        stdio::tell(&report::printable(&format!("watching {} (Ctrl-C ends)\n", files::display_name(self.spec))));
        while let Ok(event) = events.recv() {
            if !concerns(&event, names) {
                continue;
            }
            settle(events, names);
            self.answer();
        }
        stdio::tell("solve: the system has stopped watching\n");
        Exit::Usage
    }

    /// Answers what the file says now, if that is new.
    fn answer(&mut self) -> Exit {
        let bytes = match files::read(self.spec, SPEC_BYTES) {
            Ok(bytes) => bytes,
            Err((exit, diagnostic)) => {
                self.seen = None;
                return self.tell(Failure::of_file(self.spec, exit, diagnostic));
            }
        };
        if self.seen.as_ref() == Some(&bytes) {
            return Exit::Done;
        }
        let layout = self.job.layout(Some(names::stem(&self.output)));
        let result = self.job.answer_bytes(self.spec, &bytes, |solution| self.job.document(solution, &layout));
        self.seen = Some(bytes);
        let answered = match result {
            Ok(answered) => answered,
            Err(failure) => return self.tell(failure),
        };
        if let Err(error) = self.write(&answered.result) {
            return self.tell(refuse::unwritten(error));
        }
        report::tell_notes(&answered.source, &answered.notes, self.look);
        Exit::Done
    }

    fn write(&mut self, document: &Document) -> Result<(), output::WriteError> {
        if let Some(folder) = self.output.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            output::make_folder(folder)?;
        }
        self.job.write(&self.output, document, self.present, &[self.spec.to_path_buf()], self.look)?;
        self.present = Present::Replace;
        Ok(())
    }

    /// Messages of a watch are read by people: they are text, whatever the format.
    fn tell(&self, failure: Failure) -> Exit {
        stdio::tell(&report::text(&failure.source, &failure.diagnostics, self.look));
        failure.exit
    }
}

/// Waits for the end of a save. What happens to other files in the folder is no part of it.
fn settle(events: &Events, names: &[OsString]) {
    let start = Instant::now();
    let mut quiet_from = start;
    loop {
        let end = (quiet_from + QUIET).min(start + LONGEST_SAVE);
        match events.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(event) if concerns(&event, names) => quiet_from = Instant::now(),
            Ok(_) if Instant::now() < end => {}
            Ok(_) | Err(_) => return,
        }
    }
}

/// Whether the spec may have changed; that someone reads it is no change.
fn concerns(event: &notify::Result<Event>, names: &[OsString]) -> bool {
    let Ok(event) = event else { return false };
    let is_change = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => true,
    };
    let is_named = |path: &PathBuf| path.file_name().is_some_and(|name| names.iter().any(|known| known == name));
    is_change && (event.paths.is_empty() || event.paths.iter().any(is_named))
}
