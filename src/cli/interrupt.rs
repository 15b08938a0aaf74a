//! Ctrl-C: unfinished files are removed and the program ends with 130; or, where marks are being written, what is
//! finished is kept first.

use super::Exit;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on Ctrl-C is handled here, also where a script started the program in the background.
pub fn install() {
    // Without a handler the signal still ends the program; only an unfinished file could stay behind.
    let _ = ctrlc::set_handler(|| {
        let is_first = !REQUESTED.swap(true, Ordering::SeqCst);
        if is_first && IS_ORDERLY.load(Ordering::SeqCst) {
            return;
        }
        for path in unfinished().iter() {
            let _ = std::fs::remove_file(path);
        }
        std::process::exit(i32::from(Exit::Interrupted.code()));
    });
}

static REQUESTED: AtomicBool = AtomicBool::new(false);
static IS_ORDERLY: AtomicBool = AtomicBool::new(false);

/// From now on the first Ctrl-C only asks for the end, and the second one forces it.
pub fn end_orderly() {
    IS_ORDERLY.store(true, Ordering::SeqCst);
}

/// Whether the end is asked for.
pub fn is_requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// A file that is removed if the program is interrupted while this value lives.
pub struct Unfinished(PathBuf);

impl Unfinished {
    pub fn new(path: &Path) -> Unfinished {
        unfinished().push(path.to_path_buf());
        Unfinished(path.to_path_buf())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        unfinished().retain(|path| *path != self.0);
    }
}
