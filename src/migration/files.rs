//! The content of one migration's files, checked.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::directory::Entry;
use super::finding::{Finding, Severity};
use super::metadata::Metadata;
use super::template;
use crate::backend::Direction;
use crate::error::Explain;
use crate::sql::{self, Dialect};

/// One SQL file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

/// Why a SQL file is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// There is none.
    Absent,
    /// It is there, and this is wrong with it.
    Found(Finding),
}

/// The file that a direction runs.
#[must_use]
pub fn file_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up.sql",
        Direction::Down => "down.sql",
    }
}

/// Reads `up.sql` or `down.sql`.
///
/// # Errors
/// The file is not there, or not text.
pub fn read_sql(folder: &Path, direction: Direction) -> Result<SqlFile, Unusable> {
    let path = folder.join(file_name(direction));
    match read_text(&path, LARGEST_SQL) {
        Ok(Some(text)) => Ok(SqlFile { path, text }),
        Ok(None) => Err(Unusable::Absent),
        Err(finding) => Err(Unusable::Found(finding)),
    }
}

/// The largest SQL file that is read. It is held in memory, and what is larger is data and no migration.
const LARGEST_SQL: u64 = 256 * 1024 * 1024;

/// The largest metadata.toml that is read.
const LARGEST_METADATA: u64 = 1024 * 1024;

/// Reads a text file of limited size; `None` if it is not there.
fn read_text(path: &Path, limit: u64) -> Result<Option<String>, Finding> {
    let unusable = |code, message: String, hint: &str| {
        Finding::new(Severity::Error, code, path, message, hint)
    };
    match fs::metadata(path) {
        // To open a pipe would wait for whoever writes to it.
        Ok(metadata) if !metadata.is_file() => {
            return Err(unusable(
                "not-a-file",
                "not a file, but a folder, a pipe or a device".to_owned(),
                "remove it, or put a file in its place",
            ));
        }
        Ok(metadata) if metadata.len() > limit => {
            return Err(unusable(
                "too-large",
                format!("larger than {} MiB", limit / 1024 / 1024),
                "load the data with the database's own client, and keep the migration to the schema",
            ));
        }
        Ok(_) | Err(_) => {}
    }
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Finding::new(
                Severity::Error,
                "unreadable",
                path,
                format!("the file cannot be read ({error})"),
                "check the rights of the file",
            ));
        }
    };
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..offset]).into_owned();
        let (line, column) = sql::locate(&before, before.len());
        Finding::new(
            Severity::Error,
            "not-utf8",
            path,
            format!("not valid UTF-8 at byte {offset}"),
            "save the file as UTF-8",
        )
        .at(line, column)
    })
}

/// Reads `metadata.toml`; what is wrong with it, and what Diesel makes of that, is in the findings.
///
/// # Errors
/// The file is there and cannot be read at all.
pub fn read_metadata(folder: &Path) -> Result<(Metadata, Vec<Finding>), Finding> {
    let path = folder.join("metadata.toml");
    let Some(text) = read_text(&path, LARGEST_METADATA)? else {
        return Ok((Metadata::absent(), Vec::new()));
    };
    let (metadata, problems) = Metadata::parse(&text);
    let findings = problems
        .iter()
        .map(|problem| {
            // Diesel falls back in silence; where what was meant is anyone's guess, nothing runs.
            let severity = if problem.is_fatal() {
                Severity::Error
            } else {
                Severity::Warning
            };
            let finding = Finding::new(
                severity,
                "metadata",
                &path,
                problem.to_string(),
                problem.hint(),
            );
            match problem.position() {
                Some((line, column)) => finding.at(line, column),
                None => finding,
            }
        })
        .collect();
    Ok((metadata, findings))
}

/// What is wrong with the SQL of a migration that is about to run, found without a server.
#[must_use]
pub fn check_sql(file: &SqlFile, check: &Check) -> Vec<Finding> {
    let finding = |severity, code, message: String, hint: &str| {
        Finding::new(severity, code, &file.path, message, hint)
    };
    let name = file_name(check.direction);
    if file.text.is_empty() {
        return vec![finding(
            Severity::Error,
            "empty-file",
            format!("`{name}` is empty"),
            empty_hint(check.direction),
        )];
    }
    let script = match sql::split(&file.text, check.dialect) {
        Ok(script) => script,
        Err(error) => {
            let hint = error.hints().into_iter().next().unwrap_or_default();
            return vec![
                finding(Severity::Error, "syntax", error.to_string(), &hint)
                    .at(error.line(), error.column()),
            ];
        }
    };
    if script.statements.is_empty() {
        // Without a statement SQLite and MariaDB do nothing, and PostgreSQL refuses an empty query.
        let severity = if check.refuses_empty || check.direction == Direction::Down {
            Severity::Error
        } else {
            Severity::Warning
        };
        return vec![finding(
            severity,
            "no-statement",
            format!("`{name}` holds no statement"),
            empty_hint(check.direction),
        )];
    }
    let mut findings = Vec::new();
    if file.text.starts_with('\u{feff}') && check.dialect == Dialect::Postgres {
        findings.push(
            finding(
                Severity::Error,
                "byte-order-mark",
                format!("`{name}` begins with a byte order mark, which PostgreSQL refuses"),
                "save the file as UTF-8 without it",
            )
            .at(1, 1),
        );
    }
    if template::is_untouched(&file.text) {
        findings.push(finding(
            Severity::Warning,
            "untouched-template",
            format!("`{name}` is still the template and does nothing"),
            "write the SQL, or delete the comment that asks for it",
        ));
    }
    if file.text.contains("\r\n") {
        findings.push(finding(
            Severity::Note,
            "crlf",
            format!("`{name}` has Windows line endings; they do not count as an edit"),
            "nothing needs to be done",
        ));
    }
    if check.transactional {
        for statement in &script.statements {
            if let Some(what) = sql::needs_no_transaction(statement.text, check.dialect) {
                findings.push(
                    finding(
                        Severity::Error,
                        "needs-no-transaction",
                        format!("`{what}` cannot run inside a transaction"),
                        "write `run_in_transaction = false` into the migration's metadata.toml",
                    )
                    .at(statement.line, statement.column),
                );
            }
            // MySQL takes it; every statement of DDL ends the transaction there anyway.
            if check.dialect != Dialect::Mysql
                && sql::transaction_control(statement.text, check.dialect)
                    .is_some_and(|control| control != sql::TransactionControl::Savepoint)
            {
                findings.push(
                    finding(
                        Severity::Error,
                        "transaction-control",
                        format!(
                            "`{}` inside a migration that is a transaction already",
                            sql::summary(statement.text, check.dialect, 30)
                        ),
                        "remove it, or write `run_in_transaction = false` into the migration's metadata.toml",
                    )
                    .at(statement.line, statement.column),
                );
            }
        }
    }
    findings
}

/// What a file is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// How the server spells SQL.
    pub dialect: Dialect,
    /// Whether the server refuses a text without a statement.
    pub refuses_empty: bool,
    /// Whether the migration runs in a transaction.
    pub transactional: bool,
    /// Which file it is.
    pub direction: Direction,
}

fn empty_hint(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "write the migration's SQL, or `SELECT 1;` if there is nothing to do",
        Direction::Down => {
            "write the SQL that takes the migration back, or `SELECT 1;` if there is nothing to do"
        }
    }
}

impl Entry {
    /// Reads `up.sql` or `down.sql`; see [`read_sql`].
    ///
    /// # Errors
    /// The file is not there, or not text.
    pub fn sql(&self, direction: Direction) -> Result<SqlFile, Unusable> {
        read_sql(&self.path, direction)
    }

    /// Whether the migration runs in a transaction, as Diesel reads its metadata.toml; what is wrong with
    /// that file is added to the findings.
    pub fn transactional(&self, findings: &mut Vec<Finding>) -> bool {
        match read_metadata(&self.path) {
            Ok((metadata, problems)) => {
                findings.extend(problems);
                metadata.run_in_transaction
            }
            Err(finding) => {
                findings.push(finding);
                true
            }
        }
    }
}
