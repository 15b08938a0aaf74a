//! How far a long run has come, on standard error: only where a person watches, and only after a second.

use super::stdio;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// A run that is over before this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Counts what is done.
pub struct Progress {
    start: Instant,
    count: u64,
    what: &'static str,
    bar: Option<ProgressBar>,
    is_watched: bool,
}

impl Progress {
    /// `what` is counted: `marked`.
    pub fn new(what: &'static str) -> Progress {
        Progress { start: Instant::now(), count: 0, what, bar: None, is_watched: stdio::is_watched() }
    }

    pub fn advance(&mut self) {
        self.count += 1;
        if !self.is_watched || self.start.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(4));
            // How many there are is not known before the last one is found.
            bar.set_style(ProgressStyle::default_spinner());
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        bar.set_message(format!("{} {}", self.count, self.what));
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
