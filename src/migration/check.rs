//! Everything that can be said about a directory from its files alone.

use super::directory::{Directory, Entry};
use super::files::{Check, Unusable, check_sql};
use super::finding::{Finding, Severity};
use super::outside;
use super::version::VersionProblem;
use crate::backend::Direction;
use crate::sql::Dialect;

/// Reads every file and lists what is wrong or odd, sorted by migration.
#[must_use]
pub fn check_directory(directory: &Directory, dialect: Dialect) -> Vec<Finding> {
    let mut findings = directory.findings().to_vec();
    findings.extend(outside::folder_findings(directory));
    for entry in directory.entries() {
        check_entry(entry, dialect, &mut findings);
    }
    findings
}

fn check_entry(entry: &Entry, dialect: Dialect, findings: &mut Vec<Finding>) {
    findings.extend(outside::findings(entry));
    findings.extend(entry.version.problems().iter().map(|problem| {
        let (severity, hint) = match (problem, dialect) {
            (VersionProblem::TooLong { .. }, Dialect::Postgres | Dialect::Mysql) => (
                Severity::Error,
                "give the folder a shorter version: everything before the first `_`",
            ),
            (VersionProblem::TooLong { .. }, Dialect::Sqlite) => (
                Severity::Warning,
                "give the folder a shorter version: everything before the first `_`",
            ),
            (VersionProblem::Empty, _) => (
                Severity::Error,
                "rename it: a version, `_` and words, as in 2026-11-20-101500_add_users",
            ),
            (VersionProblem::NotDigits { .. } | VersionProblem::AfterDates, _) => (
                Severity::Note,
                "new migrations are sorted after it; nothing needs to be done",
            ),
        };
        Finding::new(severity, "version", &entry.path, problem.to_string(), hint)
    }));
    let transactional = entry.transactional(findings);
    for direction in [Direction::Up, Direction::Down] {
        let check = Check {
            dialect,
            refuses_empty: dialect == Dialect::Postgres,
            transactional,
            direction,
        };
        match entry.sql(direction) {
            Ok(file) => {
                let found = check_sql(&file, &check).into_iter().map(|mut finding| {
                    // A migration that cannot be reverted is allowed; it is found when it matters.
                    if direction == Direction::Down
                        && matches!(finding.code, "empty-file" | "no-statement")
                    {
                        finding.severity = Severity::Warning;
                        finding
                            .message
                            .push_str(", so the migration cannot be reverted");
                    }
                    finding
                });
                findings.extend(found);
            }
            Err(Unusable::Found(finding)) => findings.push(finding),
            Err(Unusable::Absent) => findings.push(Finding::new(
                Severity::Note,
                "no-down-sql",
                &entry.path,
                "there is no `down.sql`, so the migration cannot be reverted",
                "nothing needs to be done if that is meant",
            )),
        }
    }
}
