//! One migration through Diesel's harness, statement by statement, whatever the server.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::ops::ControlFlow;
use std::time::Instant;

use diesel::QueryResult;
use diesel::connection::BoxableConnection;
use diesel::migration::{
    Migration, MigrationConnection, MigrationMetadata, MigrationName, MigrationVersion,
    Result as MigrationResult,
};
use diesel_migrations::MigrationHarness;

use super::database::{Batch, Cause, Direction, Mode, News, Note, RunError, Session, Watch};
use super::error::{DatabaseError, ErrorClass};
use super::query::{Ask, Query, Row};
use super::standing::Standing;
use crate::schema::Schema;
use crate::sql::Dialect;

/// A connection that can begin the kind of transaction a migration needs.
pub(super) trait Link: Ask + MigrationConnection + Sized + 'static {
    /// How this server spells SQL.
    const DIALECT: Dialect;

    /// Runs `work` in a transaction.
    fn in_transaction<T, E>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E>
    where
        E: From<diesel::result::Error>,
    {
        self.transaction(work)
    }

    /// Does what takes several messages to the server, such as to prepare and to execute: outside of a
    /// transaction a pooler may have each answered by another process.
    fn together<T>(&mut self, work: impl FnOnce(&mut Self) -> QueryResult<T>) -> QueryResult<T> {
        work(self)
    }

    /// Reads what the database consists of.
    fn schema(&mut self) -> Result<Schema, DatabaseError>;
    /// What begins such a transaction.
    const BEGIN: &'static str = "START TRANSACTION";

    /// Whether a transaction is open, where the server can be asked.
    fn is_in_transaction(&mut self) -> Option<bool> {
        None
    }
}

/// A [`Session`] over any [`Link`].
pub(super) struct LinkSession<'a, C>(pub(super) &'a mut C);

impl<C: Link> Session for LinkSession<'_, C> {
    fn rows(&mut self, query: &Query) -> Result<Vec<Row>, DatabaseError> {
        Ok(self.0.together(|connection| connection.ask(query))?)
    }

    fn execute(&mut self, query: &Query) -> Result<usize, DatabaseError> {
        Ok(self.0.together(|connection| connection.tell(query))?)
    }

    fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        Ok(self.0.batch_execute(sql)?)
    }

    fn introspect(&mut self) -> Result<Schema, DatabaseError> {
        self.0.schema()
    }

    fn dialect(&self) -> Dialect {
        C::DIALECT
    }
}

/// What a backend does after the last statement and before anything is recorded, such as a check
/// that can still fail the migration.
pub(super) type Finish<'a, C> = &'a mut dyn FnMut(&mut C) -> Result<(), Cause>;

/// Runs a batch and records it; see [`super::database::Database::run`].
pub(super) fn run<C>(
    connection: &mut C,
    batch: &Batch<'_>,
    watch: &mut dyn Watch,
    finish: Finish<'_, C>,
) -> Result<(), RunError>
where
    C: Link + MigrationHarness<C::Backend>,
    C::Backend: 'static,
{
    let script = Script {
        batch: *batch,
        part: RefCell::new(Part {
            watch,
            finish,
            failure: None,
            is_open: false,
            is_locked: false,
        }),
    };
    let outcome = match batch.mode {
        Mode::Transaction => connection.in_transaction(|connection| {
            script.pass(connection)?;
            script.record(connection)
        }),
        Mode::RecordOnly => connection.in_transaction(|connection| {
            script.pass_nothing(connection)?;
            script.record(connection)
        }),
        // Diesel's harness records right after `run`, so `run` comes first on its own and the harness
        // then gets an empty migration, in a transaction with what else is recorded.
        Mode::Statements | Mode::Segments => script.run_alone(connection).and_then(|()| {
            let recorded = connection.in_transaction(|connection| {
                script.pass_nothing(connection)?;
                script.record(connection)
            });
            if recorded.is_err() {
                script.note_halt(connection);
            }
            recorded
        }),
    };
    let failure = script.part.into_inner().failure;
    match (outcome, failure) {
        (Ok(()), _) => Ok(()),
        // A failed rollback must not hide what failed before it.
        (Err(_), Some(failure)) => Err(failure),
        (Err(error), None) => Err(RunError {
            cause: Cause::Database(database_error(error)),
            statement: None,
            committed: match batch.mode {
                Mode::Transaction | Mode::RecordOnly => 0,
                Mode::Statements | Mode::Segments => batch.statements.len(),
            },
        }),
    }
}

fn database_error(error: Box<dyn Error + Send + Sync>) -> DatabaseError {
    match error.downcast::<diesel::result::Error>() {
        Ok(error) => DatabaseError::from(*error),
        Err(error) => DatabaseError::new(ErrorClass::Statement, error.to_string()),
    }
}

/// Our own [`Migration`]: the statements of a batch, one after the other.
struct Script<'a, 'w, C> {
    batch: Batch<'a>,
    part: RefCell<Part<'w, C>>,
}

/// What changes while a script runs; `Migration` lends itself out shared, hence the cell around it.
struct Part<'w, C> {
    watch: &'w mut dyn Watch,
    finish: Finish<'w, C>,
    failure: Option<RunError>,
    /// A transaction of the script's own is open.
    is_open: bool,
    /// It holds `LOCK TABLES`.
    is_locked: bool,
}

/// The reason is in [`Part::failure`]; this only makes the transaction roll back.
#[derive(Debug)]
struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the migration stopped")
    }
}

impl Error for Stopped {}

impl<C> Script<'_, '_, C>
where
    C: Link + MigrationHarness<C::Backend>,
    C::Backend: 'static,
{
    fn pass(&self, connection: &mut C) -> MigrationResult<()> {
        let owned: &dyn Migration<C::Backend> = self;
        match self.batch.direction {
            Direction::Up => connection.run_migration(owned)?,
            Direction::Down => connection.revert_migration(owned)?,
        };
        Ok(())
    }

    fn pass_nothing(&self, connection: &mut C) -> MigrationResult<()> {
        let nothing = Nothing(self.batch);
        match self.batch.direction {
            Direction::Up => connection.run_migration(&nothing)?,
            Direction::Down => connection.revert_migration(&nothing)?,
        };
        Ok(())
    }

    fn run_alone(&self, connection: &mut C) -> MigrationResult<()> {
        let outcome = self.statements(connection);
        // The file may have begun a transaction of its own. Where it did not, this does nothing, which
        // PostgreSQL tells as a warning.
        let is_open = self.part.borrow().is_open || C::DIALECT != Dialect::Postgres;
        if outcome.is_err() {
            if is_open {
                let _ = connection.batch_execute("ROLLBACK");
                // Under these no other table can be written, the journal among them.
                if self.part.borrow().is_locked {
                    let _ = connection.batch_execute("UNLOCK TABLES");
                }
            }
            self.note_halt(connection);
        }
        outcome
    }

    /// Best effort: the failure that is being reported matters more, and the journal without this says
    /// less and nothing wrong.
    fn note_halt(&self, connection: &mut C) {
        let mut part = self.part.borrow_mut();
        let Part { watch, failure, .. } = &mut *part;
        let Some(failure) = failure.as_ref().filter(|_| watch.keeps_journal()) else {
            return;
        };
        let refused = match (&failure.cause, failure.statement) {
            (Cause::Database(error), _) if error.class == ErrorClass::Lost => return,
            (Cause::Database(error), Some(index)) => Some((index, error)),
            (
                Cause::Database(_)
                | Cause::Stopped(_)
                | Cause::OpenTransaction
                | Cause::BrokenReferences(_),
                _,
            ) => None,
        };
        let note = Note {
            kept: failure.committed,
            news: News::Halts { refused },
        };
        let _ = watch.note(&note, &mut LinkSession(connection));
    }

    fn record(&self, connection: &mut C) -> MigrationResult<()> {
        let mut part = self.part.borrow_mut();
        part.watch
            .record(&mut LinkSession(connection))
            .map_err(|error| {
                part.failure = Some(RunError {
                    cause: Cause::of(error),
                    statement: None,
                    committed: match self.batch.mode {
                        Mode::Transaction | Mode::RecordOnly => 0,
                        Mode::Statements | Mode::Segments => self.batch.statements.len(),
                    },
                });
                Stopped.into()
            })
    }

    fn statements(&self, connection: &mut C) -> MigrationResult<()> {
        let mut part = self.part.borrow_mut();
        let part = &mut *part;
        let mut standing = Standing::default();
        let failed = self
            .execute_all(connection, part, &mut standing)
            .and_then(|()| (part.finish)(connection).map_err(|cause| (None, cause)));
        if let Err((statement, cause)) = failed {
            part.is_open = standing.is_open();
            part.is_locked = standing.is_locked();
            part.failure = Some(RunError {
                cause,
                statement,
                committed: match self.batch.mode {
                    Mode::Transaction | Mode::RecordOnly => 0,
                    Mode::Statements | Mode::Segments => standing.committed,
                },
            });
            return Err(Stopped.into());
        }
        Ok(())
    }

    fn execute_all(
        &self,
        connection: &mut C,
        part: &mut Part<'_, C>,
        standing: &mut Standing,
    ) -> Result<(), (Option<usize>, Cause)> {
        let mode = self.batch.mode;
        for (index, statement) in self.batch.statements.iter().enumerate() {
            if let ControlFlow::Break(stop) = part.watch.before(index) {
                return Err((Some(index), Cause::Stopped(stop)));
            }
            let failed = |cause| (Some(index), cause);
            standing
                .enter(connection, statement.text, index, mode, part.watch)
                .map_err(failed)?;
            let started = Instant::now();
            connection
                .batch_execute(statement.text)
                .map_err(|error| failed(Cause::Database(DatabaseError::from(error))))?;
            let elapsed = started.elapsed();
            standing
                .leave(connection, index, part.watch)
                .map_err(failed)?;
            part.watch.after(index, elapsed);
        }
        match standing.finish(connection, self.batch.statements.len(), part.watch) {
            Ok(true) => Ok(()),
            Ok(false) => Err((None, Cause::OpenTransaction)),
            Err(cause) => Err((None, cause)),
        }
    }
}

impl<C> Migration<C::Backend> for Script<'_, '_, C>
where
    C: Link + MigrationHarness<C::Backend>,
    C::Backend: 'static,
{
    fn run(&self, connection: &mut dyn BoxableConnection<C::Backend>) -> MigrationResult<()> {
        let connection: &mut C = connection.downcast_mut().ok_or(Stopped)?;
        self.statements(connection)
    }

    fn revert(&self, connection: &mut dyn BoxableConnection<C::Backend>) -> MigrationResult<()> {
        self.run(connection)
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        &OwnTransaction
    }

    fn name(&self) -> &dyn MigrationName {
        &self.batch
    }
}

/// A migration without statements: Diesel's harness then only writes or deletes its row.
struct Nothing<'a>(Batch<'a>);

impl<DB: diesel::backend::Backend> Migration<DB> for Nothing<'_> {
    fn run(&self, _: &mut dyn BoxableConnection<DB>) -> MigrationResult<()> {
        Ok(())
    }

    fn revert(&self, _: &mut dyn BoxableConnection<DB>) -> MigrationResult<()> {
        Ok(())
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        &OwnTransaction
    }

    fn name(&self) -> &dyn MigrationName {
        &self.0
    }
}

impl fmt::Display for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl MigrationName for Batch<'_> {
    fn version(&self) -> MigrationVersion<'_> {
        MigrationVersion::from(self.version)
    }
}

/// Tells Diesel's harness that the transaction is ours.
struct OwnTransaction;

impl MigrationMetadata for OwnTransaction {
    fn run_in_transaction(&self) -> bool {
        false
    }
}
