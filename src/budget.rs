//! The work that marking one submission may take, counted in operations: a mark is the same on every machine.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

thread_local! {
    /// Operations that this thread may still make.
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// What unwinds where nothing is left.
struct Spent;

/// Why work came to no end.
#[derive(Debug)]
pub enum Stopped {
    /// It would take more operations than it may.
    TooMuchWork,
    /// A fault of ours; the hook of panics has what it says.
    Panicked,
}

/// Counts operations, about a machine's multiplication each; beyond the bound of [`bounded`] it does not return.
pub fn spend(operations: u64) {
    LEFT.with(|left| match left.get().checked_sub(operations) {
        Some(rest) => left.set(rest),
        None => resume_unwind(Box::new(Spent)),
    });
}

/// What is left to this thread.
pub fn left() -> u64 {
    LEFT.get()
}

/// As [`bounded`], within what is left; what is spent counts outside too. `None` where it would take more.
pub fn within<T>(operations: u64, work: impl FnOnce() -> T) -> Option<T> {
    let before = LEFT.get();
    let allowed = operations.min(before);
    LEFT.set(allowed);
    let done = catch_unwind(AssertUnwindSafe(work));
    LEFT.set(before - (allowed - LEFT.get()));
    match done {
        Ok(done) => Some(done),
        Err(cause) if cause.is::<Spent>() => None,
        Err(cause) => resume_unwind(cause),
    }
}

/// Does some work, with so many operations at most. What it changes may be left in any state where it is stopped.
///
/// # Errors
/// It would take more operations, or there is a fault of ours in it.
pub fn bounded<T>(operations: u64, work: impl FnOnce() -> T) -> Result<T, Stopped> {
    let before = LEFT.replace(operations);
    let done = catch_unwind(AssertUnwindSafe(work));
    LEFT.set(before);
    done.map_err(|cause| if cause.is::<Spent>() { Stopped::TooMuchWork } else { Stopped::Panicked })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_at_its_bound_and_not_before() {
        let spending = |times: u64| (0..times).for_each(|_| spend(3));
        assert!(bounded(30, || spending(10)).is_ok());
        assert!(matches!(bounded(30, || spending(11)), Err(Stopped::TooMuchWork)));
        assert!(matches!(bounded(30, || panic!("oh")), Err(Stopped::Panicked)));
        // What is spent in a part counts for the whole, and a part may end before it.
        let parts = |each: u64| (0..3).filter(|_| within(each, || spending(3)).is_some()).count();
        assert!(matches!(bounded(30, || parts(9)), Ok(3)));
        assert!(matches!(bounded(30, || parts(8)), Ok(0)));
        assert!(matches!(bounded(20, || parts(9)), Ok(2)));
        // Outside there is no bound.
        spending(100);
    }
}
