//! The tables that a problem takes from files: beside it or below, never from elsewhere unless that is allowed.

use super::job::Ended;
use super::{Exit, files};
use crate::diagnostic::Diagnostic;
use crate::limits::TABLE_BYTES;
use crate::lower::Tables;
use crate::syntax::ast::{Spanned, Spec};
use crate::syntax::decode;
use std::path::{Component, Path, PathBuf};

/// The texts of all files that the problem at `spec_path` names.
///
/// # Errors
/// Every file that can't be used, at its place in the problem.
pub fn read(spec_path: &Path, spec: &Spec, allow_outside: bool) -> Result<Tables, Ended> {
    let (mut tables, mut faults, mut exit) = (Tables::new(), Vec::new(), Exit::Unusable);
    for file in spec.table_files() {
        match table(spec_path, file, allow_outside) {
            Ok(text) => {
                tables.insert(file.value.clone(), text);
            }
            Err((code, fault)) => {
                exit = code;
                faults.push(fault);
            }
        }
    }
    if faults.is_empty() { Ok(tables) } else { Err((exit, faults)) }
}

fn table(spec_path: &Path, file: &Spanned<String>, allow_outside: bool) -> Result<String, files::Fault> {
    let at = |fault: Diagnostic| fault.at(file.span, "this file");
    let path = place(spec_path, file, allow_outside)?;
    let bytes = files::read(&path, TABLE_BYTES).map_err(|(exit, fault)| (exit, at(fault)))?;
    decode(&bytes).map_err(|fault| {
        let message = format!("{}: {}", file.value, fault.message);
        (Exit::Unusable, at(Diagnostic::error(fault.code, message)))
    })
}

/// Where the file really is. A link is followed as far as it stays in the problem's folder.
fn place(spec_path: &Path, file: &Spanned<String>, allow_outside: bool) -> Result<PathBuf, files::Fault> {
    let named = Path::new(&file.value);
    let folder = match spec_path.parent() {
        Some(parent) if !files::is_stdin(spec_path) && !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    let outside = || {
        let message = format!("`{}` lies outside of the problem's folder", file.value);
        let fault = Diagnostic::error("E-outside", message).at(file.span, "not read");
        (Exit::Usage, fault.help("--allow-outside reads it all the same"))
    };
    let stays = named.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !stays && !allow_outside {
        return Err(outside());
    }
    let unreadable = |error: &std::io::Error| {
        let message = format!("the table `{}` can't be read: {}", file.value, super::stdio::words(error));
        (Exit::Usage, Diagnostic::error("E-file", message).at(file.span, "this file"))
    };
    let real = folder.join(named).canonicalize().map_err(|error| unreadable(&error))?;
    let home = folder.canonicalize().map_err(|error| unreadable(&error))?;
    if allow_outside || real.starts_with(&home) { Ok(real) } else { Err(outside()) }
}
