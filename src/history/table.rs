//! Reading both tables without creating them, and creating ours when something is applied.

use super::journal::{JOURNAL, Journal, may_forget};
use super::ledger::{self, Ledger};
use super::own_table::{self, Numbered, Spelling, granted};
use super::record::{Record, RecordedSql};
use super::snapshot;
use super::states::States;
use crate::backend::{Database, DatabaseError, ErrorClass};
use crate::migration::Version;
use crate::sql::Dialect;

/// Our table's name. `diesel print-schema` skips names that begin with two underscores.
pub(super) const TABLE: &str = "__manage_history";

/// When rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// As they are.
    Any,
    /// When nobody changes them. On MySQL a row that is not committed yet is waited for; the lock on
    /// PostgreSQL is not to be had before.
    Settled,
}

impl Moment {
    /// How a query ends that is answered then.
    pub(super) fn ending(self, dialect: Dialect) -> &'static str {
        match (self, dialect) {
            (Self::Settled, Dialect::Mysql) => " LOCK IN SHARE MODE",
            (Self::Settled, Dialect::Sqlite | Dialect::Postgres) | (Self::Any, _) => "",
        }
    }
}

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
        Self::read_at(Moment::Any, database)
    }

    /// The same under the lock: what a run that was killed is committing still is waited for.
    ///
    /// # Errors
    /// What the server says.
    pub fn read_settled(database: &mut dyn Database) -> Result<Self, DatabaseError> {
        Self::read_at(Moment::Settled, database)
    }

    fn read_at(moment: Moment, database: &mut dyn Database) -> Result<Self, DatabaseError> {
        let exist = database.tables_exist(&[ledger::TABLE, TABLE, JOURNAL])?;
        let has_ledger = exist.first().copied().unwrap_or_default();
        let has_record = exist.get(1).copied().unwrap_or_default();
        let has_journal = exist.get(2).copied().unwrap_or_default();
        let ledger = if has_ledger {
            Ledger::read_at(moment, database)?
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
            journal: match has_journal.then(|| Journal::read_at(moment, database)) {
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

    /// Which schemas are recorded; none where our table is not there or may not be read.
    ///
    /// # Errors
    /// What the server says.
    pub fn states(&self, database: &mut dyn Database) -> Result<States, DatabaseError> {
        if !self.has_record {
            return Ok(States::default());
        }
        match States::read(database) {
            Err(error) if error.class == ErrorClass::Permission => Ok(States::default()),
            states => states,
        }
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

/// What can be recorded: a role that may not create or change tables can still migrate, and then knows
/// less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// The deeds.
    pub deeds: bool,
    /// Of those also what an older version of the table had no columns for.
    pub later_columns: bool,
    /// What schemas consisted of.
    pub manifests: bool,
    /// Whether the table of the journal is there; it is made when a step first needs one.
    pub journal: bool,
    /// Whether what it says of a migration can be deleted, which is then recorded.
    pub forgets: bool,
}

/// Creates what is missing of the tables, before something is applied.
///
/// # Errors
/// What the server says of Diesel's table.
pub fn prepare(database: &mut dyn Database) -> Result<Keeping, DatabaseError> {
    let exist = database.tables_exist(&[ledger::TABLE, TABLE, snapshot::TABLE, JOURNAL])?;
    let exists = |index: usize| exist.get(index).copied().unwrap_or_default();
    if !exists(0) {
        database.create_ledger()?;
    }
    let deeds = own_table::prepare(
        database,
        exists(1),
        TABLE,
        Numbered::ByServer,
        REQUIRED,
        &columns,
    )?;
    let forgets = exists(3) && may_forget(database)?;
    if !deeds {
        return Ok(Keeping {
            journal: exists(3),
            forgets,
            ..Keeping::default()
        });
    }
    let later_columns = !exists(1) || add_later_columns(database)?;
    Ok(Keeping {
        deeds,
        later_columns,
        manifests: later_columns && snapshot::prepare(database, exists(2))?,
        journal: exists(3),
        forgets,
    })
}

/// What the first version of the table did not have.
const LATER_COLUMNS: [&str; 4] = ["before_fingerprint", "applied_set", "metadata", "folder"];

/// Whether the table that is there has the columns that were added later.
pub(super) fn has_later_columns(database: &mut dyn Database) -> bool {
    let columns = LATER_COLUMNS.join(", ");
    database
        .batch(&format!("SELECT {columns} FROM {TABLE} WHERE 1 = 0"))
        .is_ok()
}

fn add_later_columns(database: &mut dyn Database) -> Result<bool, DatabaseError> {
    if has_later_columns(database) {
        return Ok(true);
    }
    for column in LATER_COLUMNS {
        let is_there = database
            .batch(&format!("SELECT {column} FROM {TABLE} WHERE 1 = 0"))
            .is_ok();
        let sql_type = later_type(column, database.dialect());
        if !is_there
            && !granted(database.batch(&format!(
                "ALTER TABLE {TABLE} ADD COLUMN {column} {sql_type}"
            )))?
        {
            return Ok(false);
        }
    }
    Ok(true)
}

fn later_type(column: &str, dialect: Dialect) -> &'static str {
    match (column, dialect) {
        ("before_fingerprint", _) => "VARCHAR(64)",
        ("applied_set", _) => "VARCHAR(32)",
        ("folder", _) => "VARCHAR(255)",
        (_, Dialect::Mysql) => "LONGTEXT",
        (_, Dialect::Sqlite | Dialect::Postgres) => "TEXT",
    }
}

/// What a row always has.
const REQUIRED: &str = "version, name, action, run_in_transaction, up_size, up_modified, \
                        milliseconds, performed_by, host, tool";

fn columns(spelling: &Spelling) -> String {
    let Spelling { id, text, .. } = spelling;
    format!(
        "id {id},
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
    reason {text},
    before_fingerprint VARCHAR(64),
    applied_set VARCHAR(32),
    metadata {text},
    folder VARCHAR(255)"
    )
}
