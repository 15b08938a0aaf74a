//! Faults of solve itself: they are told as diagnostics, not as backtraces.

use std::sync::{Mutex, PoisonError};

static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// Keeps what a fault says for [`last_panic`].
pub fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|fault| {
        *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = fault.to_string().replace('\n', " ");
    }));
}

/// What the last fault of ours said.
pub fn last_panic() -> String {
    LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
