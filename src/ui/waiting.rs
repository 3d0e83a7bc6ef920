//! Shows that another run is waited for, and which.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::{Ui, Verbosity};
use super::words::{count, elapsed};
use crate::backend::{Holder, Waiting};

/// A line that says who is waited for; on a terminal it also says for how long by now.
pub struct WaitingLine<'a> {
    ui: &'a Ui,
    connection: &'a str,
    timeout: Duration,
    told: Option<String>,
    bar: Option<ProgressBar>,
}

impl<'a> WaitingLine<'a> {
    /// Nothing is shown before the first turn of waiting.
    #[must_use]
    pub fn new(ui: &'a Ui, connection: &'a str, timeout: Duration) -> Self {
        Self {
            ui,
            connection,
            timeout,
            told: None,
            bar: None,
        }
    }

    /// Shows one turn.
    pub fn turn(&mut self, waiting: &Waiting<'_>) {
        let by = waiting.holder.map(Holder::to_string);
        let by = by.filter(|by| !by.is_empty());
        let by = by.map_or_else(String::new, |by| format!(": {by}"));
        // Each holder is told once; who it is may be known only later.
        if self.told.as_ref() != Some(&by) && (self.told.is_none() || !by.is_empty()) {
            let text = format!(
                "{}: waiting for another run, up to {}{by}",
                self.connection,
                length(self.timeout)
            );
            match &self.bar {
                Some(bar) => bar.suspend(|| self.ui.status(&text)),
                None => self.ui.status(&text),
            }
            self.told = Some(by);
        }
        let waited = format!(
            "waited {} of {}; Ctrl-C stops waiting",
            length(waiting.waited),
            length(self.timeout)
        );
        if let Some(bar) = self.bar() {
            bar.set_message(waited);
            bar.tick();
        }
    }

    /// Takes the line away that was kept up to date.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn bar(&mut self) -> Option<&ProgressBar> {
        let ui = self.ui;
        let shows = !ui.json && ui.verbosity >= Verbosity::Normal && ui.stderr.is_term();
        if shows && self.bar.is_none() {
            let bar = ProgressBar::with_draw_target(
                None,
                ProgressDrawTarget::term(ui.stderr.clone(), 10),
            );
            if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            self.bar = Some(bar);
        }
        self.bar.as_ref()
    }
}

/// Whole seconds are enough of somebody who waits.
fn length(duration: Duration) -> String {
    match duration.as_secs() {
        0 if duration.is_zero() => count(0, "second"),
        0 => elapsed(duration),
        seconds => count(usize::try_from(seconds).unwrap_or(usize::MAX), "second"),
    }
}
