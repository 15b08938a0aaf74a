//! `solve fmt FILE…`: lays problems out, in their files.

use super::args::FmtArgs;
use super::job::Failure;
use super::output::{self, Present};
use super::report::{self, Look};
use super::{Exit, files, refuse, stdio};
use crate::diagnostic::Diagnostic;
use crate::limits::SPEC_BYTES;
use crate::span::Source;
use crate::syntax::{decode, laid_out, print_spec, read_spec};
use std::path::Path;

pub fn fmt(args: &FmtArgs, look: Look) -> Exit {
    let mut exit = Exit::Done;
    for path in &args.files {
        let own = file(path, args.check).unwrap_or_else(|failure| {
            stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
            failure.exit
        });
        exit = exit.max(own);
    }
    exit
}

fn file(path: &Path, check: bool) -> Result<Exit, Failure> {
    let no_text = |(exit, fault)| Failure::of_file(path, exit, fault);
    let bytes = files::read(path, SPEC_BYTES).map_err(no_text)?;
    let text = decode(&bytes).map_err(|fault| no_text((Exit::Unusable, fault)))?;
    let refused = |diagnostics| {
        let source = Source { name: files::display_name(path), text: text.clone() };
        Failure { exit: Exit::Unusable, source, diagnostics }
    };
    let spec = read_spec(&text).map_err(refused)?.value;
    let laid = laid_out(&text);
    if !read_spec(&laid).is_ok_and(|read| print_spec(&read.value) == print_spec(&spec)) {
        let message = "this can't be laid out without a change of what it says";
        return Err(refused(vec![Diagnostic::error("E-layout", message)]));
    }
    match () {
        () if files::is_stdin(path) => return Ok(stdio::finish(&laid)),
        () if laid.as_bytes() == bytes => {}
        () if check => {
            stdio::tell(&report::printable(&format!("{} is not laid out\n", files::display_name(path))));
            return Ok(Exit::Unusable);
        }
        () => output::write_bytes(path, laid.as_bytes(), Present::Replace, &[]).map_err(refuse::unwritten)?,
    }
    Ok(Exit::Done)
}
