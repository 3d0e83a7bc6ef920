//! The seam between this crate and the servers: one open connection, object safe.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use super::blocker::Blocker;
use super::error::{DatabaseError, ErrorClass};
use super::index_build::IndexBuild;
use super::open::OpenError;
use super::presence::Presence;
use super::query::{Query, Row};
use crate::error::Signal;
use crate::schema::{Name, Schema, TableOptions};
use crate::settings::Backend;
use crate::sql::{Dialect, Object, Server, Statement};

/// Asking and telling a server; inside a transaction or out of it, as the moment has it.
pub trait Session {
    /// Answers a query; every column of the answer has to be text.
    fn rows(&mut self, query: &Query) -> Result<Vec<Row>, DatabaseError>;

    /// Executes a statement with values and returns the number of rows it changed.
    fn execute(&mut self, query: &Query) -> Result<usize, DatabaseError>;

    /// Executes SQL text without values, as it stands.
    fn batch(&mut self, sql: &str) -> Result<(), DatabaseError>;

    /// Reads what the database consists of, with a number of queries that does not depend on how much
    /// that is; inside a transaction, as it sees it. Nothing is written.
    fn introspect(&mut self) -> Result<Schema, DatabaseError>;

    /// How this server spells SQL.
    fn dialect(&self) -> Dialect;
}

/// Asks a server, over a connection of its own, to stop the statement under way; from any thread.
pub type Cancel = Arc<dyn Fn() + Send + Sync>;

/// Opens another connection to the same database, from any thread.
pub type Opener = Arc<dyn Fn() -> Result<Box<dyn Database>, OpenError> + Send + Sync>;

/// One open connection to a database.
pub trait Database: Session {
    /// The kind of server.
    fn backend(&self) -> Backend;

    /// Which product the server is, and which version of it.
    fn server(&mut self) -> Result<Server, DatabaseError>;

    /// Columns that are never NULL although they are declared without `NOT NULL`; row numbers of
    /// SQLite are. `diesel` takes them as they are declared.
    fn nullable_by_declaration(&mut self) -> Result<Vec<(Name, String)>, DatabaseError> {
        Ok(Vec::new())
    }

    /// The namespace that a name without one is in, where a server has several.
    fn namespace(&mut self) -> Result<Option<String>, DatabaseError> {
        Ok(None)
    }

    /// What a table is declared with where nothing is said.
    fn table_defaults(&mut self) -> Result<TableOptions, DatabaseError> {
        Ok(TableOptions::default())
    }

    /// What the server can do.
    fn capabilities(&self) -> Capabilities;

    /// For each table name, whether an unqualified use of it finds a table. Reads the catalogue.
    fn tables_exist(&mut self, names: &[&str]) -> Result<Vec<bool>, DatabaseError>;

    /// Whether one thing is in the catalogue; a name without a database is one of `within`, where the
    /// server has several. Nothing is written.
    fn presence(
        &mut self,
        object: &Object,
        within: Option<&str>,
    ) -> Result<Presence, DatabaseError> {
        let _ = (object, within);
        Ok(Presence::Unknown)
    }

    /// Whether a session that wrote something at a time, in UTC, is still at work: what its program began
    /// may go on when the program is gone.
    fn is_at_work(&mut self, session: i64, since: &str) -> Result<AtWork, DatabaseError> {
        let _ = (session, since);
        Ok(AtWork::Gone)
    }

    /// Creates Diesel's table of applied versions if it is missing, as Diesel does it.
    fn create_ledger(&mut self) -> Result<(), DatabaseError>;

    /// The mode that a batch really runs in, where the server cannot give what was asked for.
    fn mode(&self, wanted: Mode, statements: &[Statement<'_>]) -> Mode {
        let _ = statements;
        wanted
    }

    /// Runs one migration in one direction and records it through Diesel's harness.
    ///
    /// With [`Mode::Transaction`] either all of it happened afterwards, record included, or nothing.
    fn run(&mut self, batch: &Batch<'_>, watch: &mut dyn Watch) -> Result<(), RunError>;

    /// Limits, for this session, how long a statement may take and how long it may wait for a lock;
    /// `None` leaves what the server has. Zero is no limit.
    fn limit(
        &mut self,
        statement: Option<Duration>,
        lock: Option<Duration>,
    ) -> Result<(), DatabaseError>;

    /// How to stop the statement under way, where the server can be asked to.
    fn cancel(&self) -> Option<Cancel> {
        None
    }

    /// How to open another connection to the same database; `None` where one would see nothing more.
    fn opener(&self) -> Option<Opener> {
        None
    }

    /// The number under which the server lists this session.
    fn session_number(&mut self) -> Option<i64> {
        None
    }

    /// Whether the server still lists a session.
    fn has_session(&mut self, session: i64) -> bool {
        let _ = session;
        false
    }

    /// Who keeps another session waiting, as far as the server tells.
    fn blockers(&mut self, session: i64) -> Vec<Blocker> {
        let _ = session;
        Vec::new()
    }

    /// How far another session is that builds an index, where the server tells.
    fn index_build(&mut self, session: i64) -> Option<IndexBuild> {
        let _ = session;
        None
    }

    /// What was said on the side since the last call, oldest first; where the server said it, it is said so.
    fn notices(&mut self) -> Vec<String> {
        Vec::new()
    }
}

/// What a session of the server is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtWork {
    /// It has ended.
    Gone,
    /// It is there, and waits for something to do: its program has not left, or something between keeps
    /// it for another.
    Idle,
    /// It executes a statement, or is inside a transaction.
    Busy,
}

/// Differences between servers that callers must know, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Whether a text of nothing but comments is an error.
    pub refuses_empty_statements: bool,
    /// The most characters that the ledger can hold as a version.
    pub version_limit: Option<usize>,
}

impl Capabilities {
    /// What every server of a kind can do, known without asking one.
    #[must_use]
    pub fn of(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self {
                refuses_empty_statements: false,
                version_limit: None,
            },
            Backend::Postgres => Self {
                refuses_empty_statements: true,
                version_limit: Some(50),
            },
            Backend::Mysql => Self {
                refuses_empty_statements: false,
                version_limit: Some(50),
            },
        }
    }
}

/// Which way a migration runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Apply: `up.sql`.
    Up,
    /// Revert: `down.sql`.
    Down,
}

/// How the statements of a migration are executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All in one transaction, with the record.
    Transaction,
    /// One by one, each on its own; the record in a transaction after the last.
    Statements,
    /// As `Statements`, but rows changed between two statements that commit implicitly are held in a
    /// transaction: the most that a server without transactional DDL can give.
    Segments,
    /// Nothing is executed, only recorded.
    RecordOnly,
}

/// One migration, ready to run.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The directory's name.
    pub name: &'a str,
    /// The version as Diesel records it.
    pub version: &'a str,
    /// Which way.
    pub direction: Direction,
    /// How.
    pub mode: Mode,
    /// What.
    pub statements: &'a [Statement<'a>],
}

/// Looks on while a batch runs, and takes part where it must be inside the transaction.
pub trait Watch {
    /// Before statement `index` (from 0); `Break` stops the run there.
    fn before(&mut self, index: usize) -> ControlFlow<Stop>;

    /// After statement `index` succeeded.
    fn after(&mut self, index: usize, elapsed: Duration);

    /// Whether a journal is kept of a run that no transaction protects; only then is [`Self::note`]
    /// called, and statements that could stand alone are held in a transaction with their note.
    fn keeps_journal(&self) -> bool {
        false
    }

    /// Notes in the database how far the run is: in the transaction that is open, or in one of its own.
    /// `Break` stops the run there.
    fn note(
        &mut self,
        note: &Note<'_>,
        session: &mut dyn Session,
    ) -> Result<ControlFlow<Stop>, DatabaseError> {
        let _ = (note, session);
        Ok(ControlFlow::Continue(()))
    }

    /// Writes what else has to be recorded, in the transaction that holds Diesel's own row.
    fn record(&mut self, session: &mut dyn Session) -> Result<(), DatabaseError>;
}

/// How far a run is that no transaction protects.
#[derive(Clone, Copy, Debug)]
pub struct Note<'a> {
    /// How many statements, from the first, are in effect for good already.
    pub kept: usize,
    /// What is new.
    pub news: News<'a>,
}

/// What is new in a run that no transaction protects.
#[derive(Clone, Copy, Debug)]
pub enum News<'a> {
    /// So many statements, from the first, are in effect once the open transaction is committed.
    Done(usize),
    /// The same, and the next statement is one that commits by itself, and begins.
    Begins(usize),
    /// The first statements are in effect, and the next ones are about to be held in a transaction.
    Parts,
    /// The run stopped, and what was open is rolled back.
    Halts {
        /// The statement that the server refused, from 0, and what it said.
        refused: Option<(usize, &'a DatabaseError)>,
    },
}

/// Why a watch stops a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Ctrl-C, or another signal that asks to end.
    Interrupted(Signal),
    /// Another run may be at work: the lock is not ours any more.
    LockLost,
}

/// Why a batch did not finish, and what is left of it.
#[derive(Debug)]
pub struct RunError {
    /// What went wrong.
    pub cause: Cause,
    /// The statement it went wrong at, from 0; `None` outside of the statements.
    pub statement: Option<usize>,
    /// How many statements, from the first, are in effect for good.
    pub committed: usize,
}

/// What went wrong in a batch.
#[derive(Debug)]
pub enum Cause {
    /// The server refused.
    Database(DatabaseError),
    /// The watch stopped the run.
    Stopped(Stop),
    /// The script began a transaction and did not end it; it was rolled back.
    OpenTransaction,
    /// Rows point at rows that are not there any more, and did not before.
    BrokenReferences(Vec<BrokenReference>),
}

impl Cause {
    /// What an error of a watch means.
    pub(super) fn of(error: DatabaseError) -> Self {
        match error.class {
            ErrorClass::LockLost => Self::Stopped(Stop::LockLost),
            ErrorClass::Lost
            | ErrorClass::ReadOnly
            | ErrorClass::Permission
            | ErrorClass::Locked
            | ErrorClass::Deadlock
            | ErrorClass::TimedOut
            | ErrorClass::Duplicate
            | ErrorClass::NotADatabase
            | ErrorClass::Full
            | ErrorClass::Statement => Self::Database(error),
        }
    }
}

/// Rows of one table that refer to nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BrokenReference {
    /// The table that refers.
    pub table: String,
    /// The table it refers to.
    pub parent: String,
    /// How many rows, more than before.
    pub rows: usize,
}
