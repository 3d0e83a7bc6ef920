//! Reading both tables without creating them, and creating ours when something is applied.

use super::journal::{JOURNAL, Journal};
use super::ledger::{self, Ledger};
use super::record::{Record, RecordedSql};
use crate::backend::{Database, DatabaseError, ErrorClass};
use crate::migration::Version;
use crate::sql::Dialect;

/// Our table's name. `diesel print-schema` skips names that begin with two underscores.
pub(super) const TABLE: &str = "__manage_history";

/// Everything the database remembers, read in one go and without writing anything.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What is applied.
    pub ledger: Ledger,
    /// What is recorded of it.
    pub record: Record,
    /// What is under way, or never ended.
    pub journal: Journal,
    has_ledger: bool,
    has_record: bool,
}

impl Memory {
    /// Reads it; a table that is not there is empty.
    ///
    /// # Errors
    /// What the server says.
    pub fn read(database: &mut dyn Database) -> Result<Self, DatabaseError> {
        let exist = database.tables_exist(&[ledger::TABLE, TABLE, JOURNAL])?;
        let has_ledger = exist.first().copied().unwrap_or_default();
        let has_record = exist.get(1).copied().unwrap_or_default();
        let has_journal = exist.get(2).copied().unwrap_or_default();
        let ledger = if has_ledger {
            Ledger::read(database)?
        } else {
            Ledger::default()
        };
        let mut memory = Self {
            ledger,
            record: match has_record.then(|| Record::read(database)) {
                Some(Ok(record)) => record,
                // A role that may read Diesel's table and not ours knows less, and that is all.
                Some(Err(error)) if error.class == ErrorClass::Permission => Record::default(),
                Some(Err(error)) => return Err(error),
                None => Record::default(),
            },
            journal: match has_journal.then(|| Journal::read(database)) {
                Some(Ok(journal)) => journal,
                Some(Err(error)) if error.class == ErrorClass::Permission => Journal::default(),
                Some(Err(error)) => return Err(error),
                None => Journal::default(),
            },
            has_ledger,
            has_record,
        };
        memory.record.forget_older_than(&memory.ledger);
        Ok(memory)
    }

    /// Reads Diesel's table alone, where our record cannot be read.
    ///
    /// # Errors
    /// What the server says.
    pub fn read_ledger(database: &mut dyn Database) -> Result<Self, DatabaseError> {
        let exist = database.tables_exist(&[ledger::TABLE])?;
        let has_ledger = exist.first().copied().unwrap_or_default();
        let ledger = if has_ledger {
            Ledger::read(database)?
        } else {
            Ledger::default()
        };
        Ok(Self {
            ledger,
            has_ledger,
            ..Self::default()
        })
    }

    /// Whether Diesel's table is there.
    #[must_use]
    pub fn has_ledger(&self) -> bool {
        self.has_ledger
    }

    /// The texts recorded for a migration, if any.
    ///
    /// # Errors
    /// What the server says.
    pub fn sql(
        &self,
        database: &mut dyn Database,
        version: &Version,
    ) -> Result<Option<RecordedSql>, DatabaseError> {
        if self.has_record && self.record.find(version).is_some() {
            RecordedSql::read(database, version)
        } else {
            Ok(None)
        }
    }
}

/// Creates what is missing of the two tables, before something is applied.
///
/// A role that may not create tables can still migrate, and then knows less.
///
/// # Errors
/// What the server says of Diesel's table.
pub fn prepare(database: &mut dyn Database) -> Result<Prepared, DatabaseError> {
    let exist = database.tables_exist(&[ledger::TABLE, TABLE, JOURNAL])?;
    Ok(Prepared {
        keeps_record: prepare_record(database, &exist)?,
        has_journal: exist.get(2).copied().unwrap_or_default(),
    })
}

/// What there is, once it is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Whether our record can be kept.
    pub keeps_record: bool,
    /// Whether the table of the journal is there.
    pub has_journal: bool,
}

fn prepare_record(database: &mut dyn Database, exist: &[bool]) -> Result<bool, DatabaseError> {
    if !exist.first().copied().unwrap_or_default() {
        database.create_ledger()?;
    }
    if exist.get(1).copied().unwrap_or_default() {
        return may_write(database);
    }
    match database.batch(&create_table(database.dialect())) {
        Ok(()) => Ok(true),
        Err(error) if error.class == ErrorClass::Permission => Ok(false),
        Err(error) => Err(error),
    }
}

/// Tries by an insert of no row.
fn may_write(database: &mut dyn Database) -> Result<bool, DatabaseError> {
    const REQUIRED: &str = "version, name, action, run_in_transaction, up_size, up_modified, \
                            milliseconds, performed_by, host, tool";
    let nothing =
        format!("INSERT INTO {TABLE} ({REQUIRED}) SELECT {REQUIRED} FROM {TABLE} WHERE 1 = 0");
    match database.batch(&nothing) {
        Err(error) if error.class == ErrorClass::Permission => Ok(false),
        Err(error) => Err(error),
        Ok(()) => Ok(true),
    }
}

fn create_table(dialect: Dialect) -> String {
    let (id, text, options) = match dialect {
        Dialect::Sqlite => ("INTEGER PRIMARY KEY NOT NULL", "TEXT", ""),
        Dialect::Postgres => (
            "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
            "TEXT",
            "",
        ),
        Dialect::Mysql => (
            "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY",
            "LONGTEXT",
            " DEFAULT CHARACTER SET utf8mb4",
        ),
    };
    format!(
        "CREATE TABLE IF NOT EXISTS {TABLE} (
    id {id},
    version VARCHAR(50) NOT NULL,
    name VARCHAR(255) NOT NULL,
    action VARCHAR(16) NOT NULL,
    up_sql {text},
    down_sql {text},
    raw_checksum VARCHAR(64),
    normalized_checksum VARCHAR(64),
    fingerprint VARCHAR(64),
    run_in_transaction SMALLINT NOT NULL,
    up_size BIGINT NOT NULL,
    up_modified BIGINT NOT NULL,
    milliseconds BIGINT NOT NULL,
    performed_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    performed_by VARCHAR(255) NOT NULL,
    host VARCHAR(255) NOT NULL,
    tool VARCHAR(64) NOT NULL,
    reason {text}
){options}"
    )
}
