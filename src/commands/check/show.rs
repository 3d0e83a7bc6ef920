//! How findings are told.

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::migration::Severity;
use crate::ui::{self, Found};

/// Who reads it.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A person.
    Text,
    /// A program.
    Json,
    /// A workflow of GitHub, which puts it beside the lines of a pull request.
    Github,
}

/// The findings of one connection, on their way to the screen.
pub(super) struct Shown<'a> {
    pub(super) context: &'a Context,
    pub(super) connection: &'a str,
    pub(super) format: Option<Format>,
    /// What is worth showing; JSON holds all.
    pub(super) from: Severity,
}

impl Shown<'_> {
    /// Prints them, and says how many were worth it.
    pub(super) fn print(&self, found: &[Found]) -> usize {
        let ui = &self.context.ui;
        let found: Vec<Found> = found
            .iter()
            .map(|one| Found {
                hints: one.hints.iter().map(|hint| ui.as_typed(hint)).collect(),
                ..one.clone()
            })
            .collect();
        let shown: Vec<&Found> = found
            .iter()
            .filter(|one| one.severity >= self.from)
            .collect();
        match self.format {
            Some(Format::Github) => {
                let root = repository(&self.context.environment.directory);
                for one in &shown {
                    for line in ui::found_github(one, |path| self.below(&root, path)) {
                        ui.answer(&line);
                    }
                }
            }
            Some(Format::Text | Format::Json) | None if ui.is_json() => {
                ui.answer(&ui::found_json(self.connection, &found).to_string());
            }
            Some(Format::Text | Format::Json) | None => {
                for one in &shown {
                    ui.answer(&ui::found_text(one));
                }
            }
        }
        shown.len()
    }

    /// How many were found, and where it was looked.
    pub(super) fn count(&self, number: usize, place: &str) {
        if self.context.ui.is_json() {
            return;
        }
        let what = if number == 0 {
            "nothing found".to_owned()
        } else {
            ui::count(number, "finding")
        };
        self.context
            .ui
            .status(&format!("{}: {what} in {place}.", self.connection));
    }

    /// A path as GitHub knows it: from the top of the repository, with forward slashes.
    fn below(&self, root: &Path, path: &Path) -> String {
        let whole: PathBuf = self
            .context
            .environment
            .directory
            .join(path)
            .components()
            .collect();
        // What is said of a folder stands beside the file that it is there for.
        let file = whole.join("up.sql");
        let whole = if file.is_file() { file } else { whole };
        let short = whole.strip_prefix(root).unwrap_or(&whole);
        let parts: Vec<_> = short
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        parts.join("/")
    }
}

/// The top of the repository, or the folder itself where there is none.
fn repository(directory: &Path) -> PathBuf {
    directory
        .ancestors()
        .find(|folder| folder.join(".git").exists())
        .unwrap_or(directory)
        .to_owned()
}
