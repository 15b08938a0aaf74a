//! A bar on standard error for a descent that takes its time; none where standard error is no terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::OnceCell;
use std::time::{Duration, Instant};

/// What is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// The clock is read once in so many steps.
const STEPS_A_LOOK: usize = 64;

/// How far one problem is.
#[derive(Debug)]
pub struct DescentBar {
    began: Instant,
    bar: OnceCell<ProgressBar>,
}

impl DescentBar {
    pub fn begin() -> DescentBar {
        DescentBar { began: Instant::now(), bar: OnceCell::new() }
    }

    /// So many steps are made, of so many at most.
    pub fn tell(&self, made: usize, most: usize) {
        if made.is_multiple_of(STEPS_A_LOOK) && self.began.elapsed() > PATIENCE {
            let bar = self.bar.get_or_init(new_bar);
            bar.set_length(most as u64);
            bar.set_position(made as u64);
        }
    }
}

impl Drop for DescentBar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn new_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("descent {bar:30} {pos} of {len} steps, {eta} left");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_comes_after_a_second_only() {
        let progress = DescentBar::begin();
        progress.tell(64, 1000);
        assert!(progress.bar.get().is_none());
        let progress = DescentBar { began: Instant::now() - Duration::from_secs(2), bar: OnceCell::new() };
        progress.tell(128, 1000);
        assert_eq!(progress.bar.get().map(|bar| (bar.position(), bar.length())), Some((128, Some(1000))));
    }
}
