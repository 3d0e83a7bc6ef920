//! Shows a run while it goes on: a bar on a terminal, a line for every migration that is done.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::style::{Meaning, paint};
use super::terminal::{Ui, Verbosity};
use super::visible::visible_line;
use super::words;
use crate::backend::{Blocker, Direction, IndexBuild};
use crate::executor::{Event, Observer, StepReport};
use crate::migration::Execution;
use crate::sql::{self, Dialect};

/// An [`Observer`] that prints.
pub struct Progress<'a> {
    ui: &'a Ui,
    bar: Option<ProgressBar>,
    name: String,
    statements: usize,
    dialect: Dialect,
}

impl<'a> Progress<'a> {
    /// A bar is drawn only on a terminal, and never for JSON or `--quiet`.
    #[must_use]
    pub fn new(ui: &'a Ui, steps: usize, dialect: Dialect) -> Self {
        let shows = !ui.json && ui.verbosity >= Verbosity::Normal && ui.stderr.is_term();
        let bar = shows.then(|| {
            let bar = ProgressBar::with_draw_target(
                Some(steps as u64),
                ProgressDrawTarget::term(ui.stderr.clone(), 10),
            );
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {pos}/{len} {wide_msg} {elapsed}")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self {
            ui,
            bar,
            name: String::new(),
            statements: 0,
            dialect,
        }
    }

    /// Shows, from any thread, how far the building of an index is; `None` where nobody would see it.
    #[must_use]
    pub fn builds(&self) -> Option<impl Fn(&IndexBuild) + Send + Sync + 'static> {
        const MARK: &str = " · ";
        let bar = self.bar.clone()?;
        Some(move |build: &IndexBuild| {
            let whole = bar.message();
            let statement = whole.split(MARK).next().unwrap_or_default();
            let mut message = format!("{statement}{MARK}{}", build.phase);
            if let Some(percent) = build.percent {
                message = format!("{message} {percent} %");
            }
            if let Some((_, session)) = build.waits_for {
                message = format!("{message}, waits for session {session}");
            }
            bar.set_message(message);
        })
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Prints without tearing the bar.
    fn print(&self, print: impl FnOnce(&Ui)) {
        match &self.bar {
            Some(bar) => bar.suspend(|| print(self.ui)),
            None => print(self.ui),
        }
    }

    fn finished(&self, step: &StepReport) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        if !self.ui.json && self.ui.verbosity >= Verbosity::Normal {
            self.print(|ui| ui.answer(&line(step)));
        }
    }
}

fn line(step: &StepReport) -> String {
    let verb = match (step.direction, step.execution) {
        (Direction::Up, Execution::Run) => "applied",
        (Direction::Down, Execution::Run) => "reverted",
        (Direction::Up, Execution::Fake) => "recorded",
        (Direction::Down, Execution::Fake) => "forgotten",
    };
    let facts = match step.execution {
        Execution::Run => format!(
            "({}, {})",
            words::count(step.statements, "statement"),
            words::elapsed(step.elapsed)
        ),
        Execution::Fake => "(not run)".to_owned(),
    };
    format!(
        "  {} {}  {}",
        paint(Meaning::Done, verb),
        step.name,
        paint(Meaning::Faint, &facts)
    )
}

impl Observer for Progress<'_> {
    fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::StepStarted {
                name, statements, ..
            } => {
                (*name).clone_into(&mut self.name);
                self.statements = *statements;
                if let Some(bar) = &self.bar {
                    bar.set_message(visible_line(&self.name).into_owned());
                }
            }
            Event::StatementStarted { index, text } => {
                if let Some(bar) = &self.bar
                    && self.statements > 1
                {
                    let message = format!(
                        "{} [{}/{}] {}",
                        self.name,
                        index + 1,
                        self.statements,
                        shown(text, self.dialect)
                    );
                    bar.set_message(visible_line(&message).into_owned());
                }
            }
            Event::StatementFinished {
                index,
                text,
                elapsed,
            } => {
                if self.ui.is_verbose() {
                    let line = format!(
                        "    {}/{} {}  {}",
                        index + 1,
                        self.statements,
                        shown(text, self.dialect),
                        words::elapsed(*elapsed)
                    );
                    self.print(|ui| ui.detail(&line));
                }
            }
            Event::StepFinished(step) => self.finished(step),
            Event::Locked {
                is_deadlock,
                blockers,
                pause,
                number,
                most,
            } => {
                let line = if *is_deadlock {
                    "another session and this one waited for each other (deadlock)".to_owned()
                } else {
                    locked(blockers, self.dialect)
                };
                let again = words::elapsed(*pause);
                self.print(|ui| {
                    ui.status(&format!(
                        "{line}; trying again in {again} ({number} of {most})"
                    ));
                });
            }
            Event::Notice(text) => {
                // Indented, so that no line of it passes for one of ours.
                let text = text.replace('\n', "\n  ");
                self.print(|ui| ui.note(&text));
            }
            Event::Warning(text) => self.print(|ui| ui.warning(text)),
        }
    }
}

/// Who is in the way.
fn locked(blockers: &[Blocker], dialect: Dialect) -> String {
    let Some(first) = blockers.first() else {
        return match dialect {
            Dialect::Sqlite => "the database is locked by another program",
            Dialect::Postgres | Dialect::Mysql => "a lock was not to be had in time",
        }
        .to_owned();
    };
    let object = match &first.object {
        Some(object) => format!("`{object}`"),
        None => "a table".to_owned(),
    };
    let more = match blockers.len() {
        1 => String::new(),
        number => format!(" and {}", words::count(number - 1, "other")),
    };
    format!("{object} is locked by {first}{more}")
}

/// A statement on one line, without what nobody should see.
fn shown(text: &str, dialect: Dialect) -> String {
    if sql::keeps_secret(text, dialect) {
        return "(a statement with a password)".to_owned();
    }
    sql::summary(text, dialect, 60)
}
