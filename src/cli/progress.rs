//! How far a long run has come, on standard error: only where a person watches, and only after a second.

use super::stdio;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::OnceCell;
use std::time::{Duration, Instant};

/// A run that is over before this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// The clock is read once in so many steps.
const STEPS_A_LOOK: usize = 64;

/// Counts what is done.
pub struct Progress {
    start: Instant,
    count: u64,
    what: &'static str,
    /// How many there will be, where that is known.
    total: Option<usize>,
    bar: Option<ProgressBar>,
    is_watched: bool,
}

impl Progress {
    /// `what` is counted: `marked`.
    pub fn new(what: &'static str) -> Progress {
        Progress { start: Instant::now(), count: 0, what, total: None, bar: None, is_watched: stdio::is_watched() }
    }

    /// The same of a known number.
    pub fn of(what: &'static str, total: usize) -> Progress {
        let mut progress = Progress::new(what);
        progress.total = Some(total);
        progress
    }

    pub fn advance(&mut self) {
        self.count += 1;
        if !self.is_watched || self.start.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(4));
            if let Some(total) = self.total {
                bar.set_length(total as u64);
                let style = ProgressStyle::with_template("{bar:30} {pos} of {len} {msg}, {eta} left");
                bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
                bar.set_message(self.what);
            } else {
                bar.set_style(ProgressStyle::default_spinner());
            }
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        bar.set_position(self.count);
        if self.total.is_none() {
            bar.set_message(format!("{} {}", self.count, self.what));
        }
    }

    /// Tells something without spoiling the display.
    pub fn tell(&self, text: &str) {
        match &self.bar {
            _ if text.is_empty() => {}
            Some(bar) => bar.suspend(|| stdio::tell(text)),
            None => stdio::tell(text),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How far the descent of one problem is, on a bar.
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
