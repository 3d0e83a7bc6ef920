//! Something about the files that a person should know, before anything runs.

use std::path::PathBuf;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Will surprise somebody one day.
    Warning,
    /// Nothing runs until it is mended.
    Error,
}

impl Severity {
    /// The word printed before a finding.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing found in the files, with its place and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A short name for scripts: `missing-up-sql`.
    pub code: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// Line and column in the file, from 1.
    pub position: Option<(usize, usize)>,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Finding {
    /// A finding about a whole file or folder.
    pub fn new(
        severity: Severity,
        code: &'static str,
        path: impl Into<PathBuf>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code,
            path: path.into(),
            position: None,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The same finding, at a line and column.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.position = Some((line, column));
        self
    }

    /// `file:line:column`, or the file alone.
    #[must_use]
    pub fn place(&self) -> String {
        let path = self
            .path
            .display()
            .to_string()
            .replace(char::is_control, "\u{fffd}");
        match self.position {
            Some((line, column)) => format!("{path}:{line}:{column}"),
            None => path,
        }
    }
}
