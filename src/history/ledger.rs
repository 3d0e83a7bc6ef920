//! Diesel's own table of applied versions: the one truth about what is applied.

use super::table::Moment;
use crate::backend::{Database, DatabaseError, Query};
use crate::migration::Version;

/// The table's name; unqualified, so that the session's search path decides, as for Diesel.
pub(super) const TABLE: &str = LEDGER;

/// Diesel's table of applied versions.
pub const LEDGER: &str = "__diesel_schema_migrations";

/// The SQL that makes it, as Diesel has it, to the space: SQLite keeps the text.
pub const CREATE_LEDGER: &str = "\
CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
";

/// What is applied, sorted by version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    applied: Vec<Applied>,
}

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The version.
    pub version: Version,
    /// When it was applied, in UTC, as the server prints it to the second.
    pub run_on: String,
}

impl Ledger {
    /// Reads the rows; the table has to be there.
    ///
    /// # Errors
    /// What the server says.
    pub fn read(database: &mut dyn Database) -> Result<Self, DatabaseError> {
        Self::read_at(Moment::Any, database)
    }

    pub(super) fn read_at(
        moment: Moment,
        database: &mut dyn Database,
    ) -> Result<Self, DatabaseError> {
        let text = database.dialect().text_type();
        let ending = moment.ending(database.dialect());
        let rows = database.rows(&Query::new(format!(
            "SELECT version, CAST(run_on AS {text}) FROM {TABLE}{ending}"
        )))?;
        let mut applied: Vec<_> = rows
            .iter()
            .map(|row| Applied {
                version: Version::recorded(row.text(0)),
                run_on: row.text(1).chars().take(19).collect(),
            })
            .collect();
        // Diesel compares versions as text, byte by byte; a server may collate otherwise.
        applied.sort_by(|a, b| a.version.cmp(&b.version));
        Ok(Self { applied })
    }

    /// A ledger of given rows, for tests.
    #[must_use]
    pub fn of(mut applied: Vec<Applied>) -> Self {
        applied.sort_by(|a, b| a.version.cmp(&b.version));
        Self { applied }
    }

    /// The rows, sorted by version.
    #[must_use]
    pub fn applied(&self) -> &[Applied] {
        &self.applied
    }

    /// The versions, sorted.
    #[must_use]
    pub fn versions(&self) -> Vec<Version> {
        self.applied.iter().map(|row| row.version.clone()).collect()
    }

    /// The row of a version.
    #[must_use]
    pub fn find(&self, version: &Version) -> Option<&Applied> {
        self.applied
            .binary_search_by(|row| row.version.cmp(version))
            .ok()
            .and_then(|index| self.applied.get(index))
    }

    /// Whether a version is applied.
    #[must_use]
    pub fn contains(&self, version: &Version) -> bool {
        self.find(version).is_some()
    }

    /// The highest version that is applied.
    #[must_use]
    pub fn newest(&self) -> Option<&Version> {
        self.applied.last().map(|row| &row.version)
    }
}
