//! An open SQLite file.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationConnection;
use diesel::{Connection, SqliteConnection};

use super::presence::presence;
use super::{declared, introspect, references};
use crate::backend::database::{
    Batch, Capabilities, Cause, Database, Direction, Mode, RunError, Session, Watch,
};
use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::harness::{self, Link, LinkSession};
use crate::backend::open::{Access, OpenError};
use crate::backend::presence::Presence;
use crate::backend::query::{Query, Row};
use crate::schema::{Name, Schema};
use crate::settings::{Backend, SqliteLocation, SqliteUrl};
use crate::sql::{self, Dialect, Object, Product, Server};

/// The mode in which a file is read: it is not created, and SQLite opens it for reading alone where it may not
/// be written. Where it may, a reader can roll back what a killed writer left half written, and take away the
/// log that it made; opened read-only it can do neither, and does not read such a file at all.
const READ: &str = "rw";

/// How long to wait for another program's write before giving up, in milliseconds.
const BUSY_TIMEOUT: u32 = 5_000;

struct SqliteDatabase {
    connection: SqliteConnection,
    /// The file, if it was not there before.
    made: Option<PathBuf>,
}

/// A run that had nothing to write leaves no empty file behind.
impl Drop for SqliteDatabase {
    fn drop(&mut self) {
        if let Some(path) = &self.made
            && fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0)
        {
            let _ = fs::remove_file(path);
        }
    }
}

/// Opens a file; with [`Access::Read`] neither the file nor anything in it is created or changed.
///
/// A file that is not there reads as an empty database.
pub(in crate::backend) fn open(
    url: &SqliteUrl,
    access: Access,
) -> Result<Box<dyn Database>, OpenError> {
    let address = match &url.location {
        SqliteLocation::Memory => ":memory:".to_owned(),
        SqliteLocation::File(path) if access == Access::Read && !path.exists() => {
            ":memory:".to_owned()
        }
        SqliteLocation::File(path) => {
            check_folder(path)?;
            file_uri(path, &url.parameters, access)
        }
    };
    let made = match &url.location {
        SqliteLocation::File(path) if access == Access::Write && !path.exists() => {
            Some(path.clone())
        }
        SqliteLocation::File(_) | SqliteLocation::Memory => None,
    };
    let mut connection = match (connect(&address, &url.location), &url.location) {
        (Ok(connection), _) => connection,
        (Err(_), SqliteLocation::File(path)) if access == Access::Read && is_at_rest(path) => {
            let separator = if address.contains('?') { '&' } else { '?' };
            connect(&format!("{address}{separator}immutable=1"), &url.location)?
        }
        (Err(error), SqliteLocation::File(path)) if access == Access::Read => {
            return Err(half_written(path, error));
        }
        (Err(error), _) => return Err(error),
    };
    if access == Access::Read {
        connection
            .batch_execute("PRAGMA query_only = ON")
            .map_err(|error| OpenError::Database(DatabaseError::from(error)))?;
    }
    Ok(Box::new(SqliteDatabase { connection, made }))
}

/// The first read finds out whether this is a database at all, before anything is changed.
fn connect(address: &str, location: &SqliteLocation) -> Result<SqliteConnection, OpenError> {
    let mut connection = SqliteConnection::establish(address)
        .map_err(|error| OpenError::sqlite(location, error.to_string()))?;
    connection
        .batch_execute(&format!(
            "PRAGMA busy_timeout = {BUSY_TIMEOUT}; SELECT count(*) FROM sqlite_schema"
        ))
        .map_err(|error| OpenError::Database(DatabaseError::from(error)))?;
    Ok(connection)
}

/// Whether a file in WAL mode has no log beside it, so that nobody is writing and all of it is in the file.
///
/// Such a file cannot be read where the folder cannot be written: SQLite wants to make the log, unless it is
/// told that nothing will change.
fn is_at_rest(path: &Path) -> bool {
    keeps_log(path) && !beside(path, "-wal").exists()
}

/// Says why a file cannot be read beside which a killed writer has left its journal, if that is why.
fn half_written(path: &Path, error: OpenError) -> OpenError {
    match error {
        OpenError::Database(error)
            if error.class == ErrorClass::ReadOnly && beside(path, "-journal").exists() =>
        {
            OpenError::HalfWritten {
                path: path.to_owned(),
                error,
            }
        }
        error => error,
    }
}

/// A file that SQLite keeps beside a database.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn check_folder(path: &Path) -> Result<(), OpenError> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            Err(OpenError::NoFolder(folder.to_owned()))
        }
        Some(_) | None => Ok(()),
    }
}

/// The path as a `file:` URI, the only spelling that can carry a mode.
fn file_uri(path: &Path, parameters: &[(String, String)], access: Access) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'?').add(b'#');
    let mut uri = format!(
        "file:{}",
        utf8_percent_encode(&path.to_string_lossy(), PATH)
    );
    let mut separator = '?';
    let mut add = |key: &str, value: &str| {
        uri.push(separator);
        uri.push_str(key);
        uri.push('=');
        uri.extend(utf8_percent_encode(value, PATH));
        separator = '&';
    };
    let mut has_mode = false;
    for (key, value) in parameters {
        has_mode |= key == "mode";
        add(key, value);
    }
    if access == Access::Read && !has_mode {
        add("mode", READ);
    }
    uri
}

/// Whether the file is in WAL mode.
fn keeps_log(path: &Path) -> bool {
    const HEADER: usize = 20;
    const WAL: u8 = 2;
    let mut header = [0; HEADER];
    fs::File::open(path)
        .and_then(|mut file| file.read_exact(&mut header))
        .is_ok_and(|()| header.get(18) == Some(&WAL))
}

impl Link for SqliteConnection {
    const DIALECT: Dialect = Dialect::Sqlite;
    const BEGIN: &'static str = "BEGIN IMMEDIATE";

    fn schema(&mut self) -> Result<Schema, DatabaseError> {
        introspect::schema(self)
    }

    /// Takes the write lock at once: a transaction that begins by reading can fail at its first write.
    fn in_transaction<T, E>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E>
    where
        E: From<diesel::result::Error>,
    {
        self.immediate_transaction(work)
    }
}

impl Session for SqliteDatabase {
    fn rows(&mut self, query: &Query) -> Result<Vec<Row>, DatabaseError> {
        LinkSession(&mut self.connection).rows(query)
    }

    fn execute(&mut self, query: &Query) -> Result<usize, DatabaseError> {
        LinkSession(&mut self.connection).execute(query)
    }

    fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        LinkSession(&mut self.connection).batch(sql)
    }

    fn introspect(&mut self) -> Result<Schema, DatabaseError> {
        LinkSession(&mut self.connection).introspect()
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }
}

impl Database for SqliteDatabase {
    fn backend(&self) -> Backend {
        Backend::Sqlite
    }

    fn server(&mut self) -> Result<Server, DatabaseError> {
        let rows = self.rows(&Query::new("SELECT sqlite_version()"))?;
        Ok(Server {
            product: Product::Sqlite,
            version: Server::version_of(rows.first().map(|row| row.text(0)).unwrap_or_default()),
        })
    }

    fn nullable_by_declaration(&mut self) -> Result<Vec<(Name, String)>, DatabaseError> {
        declared::nullable_row_numbers(self)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(self.backend())
    }

    fn tables_exist(&mut self, names: &[&str]) -> Result<Vec<bool>, DatabaseError> {
        let rows = self.rows(&Query::new(
            "SELECT name FROM sqlite_schema WHERE type = 'table'",
        ))?;
        Ok(names
            .iter()
            .map(|name| {
                rows.iter()
                    .any(|row| row.text(0).eq_ignore_ascii_case(name))
            })
            .collect())
    }

    fn presence(&mut self, object: &Object, _: Option<&str>) -> Result<Presence, DatabaseError> {
        presence(self, object)
    }

    /// A statement cannot be stopped from outside here, so only the wait for the write lock is limited.
    fn limit(&mut self, _: Option<Duration>, lock: Option<Duration>) -> Result<(), DatabaseError> {
        match lock {
            Some(lock) => self.batch(&format!("PRAGMA busy_timeout = {}", lock.as_millis())),
            None => Ok(()),
        }
    }

    fn create_ledger(&mut self) -> Result<(), DatabaseError> {
        self.connection.setup()?;
        Ok(())
    }

    /// Keeps foreign keys off while the migration runs and compares what refers to nothing before
    /// and after.
    ///
    /// The bundled library has foreign keys on, and then the `DROP TABLE` of a table rebuild deletes
    /// the rows of every table that refers to it with `ON DELETE CASCADE`. Inside a transaction the
    /// pragma does nothing, so it stands before.
    fn run(&mut self, batch: &Batch<'_>, watch: &mut dyn Watch) -> Result<(), RunError> {
        let not_begun = |error: diesel::result::Error| RunError {
            cause: Cause::Database(DatabaseError::from(error)),
            statement: None,
            committed: 0,
        };
        if batch.mode == Mode::RecordOnly {
            return harness::run(&mut self.connection, batch, watch, &mut |_| Ok(()));
        }
        self.connection
            .batch_execute("PRAGMA foreign_keys = OFF")
            .map_err(not_begun)?;
        let check = batch.direction == Direction::Down
            || batch
                .statements
                .iter()
                .any(|statement| sql::may_break_references(statement.text));
        let before = if check {
            references::broken(&mut self.connection).map_err(not_begun)?
        } else {
            references::Broken::default()
        };
        let outcome = harness::run(&mut self.connection, batch, watch, &mut |connection| {
            if !check {
                return Ok(());
            }
            let after = references::broken(connection)
                .map_err(|error| Cause::Database(DatabaseError::from(error)))?;
            match after.more_than(&before) {
                more if more.is_empty() => Ok(()),
                more => Err(Cause::BrokenReferences(more)),
            }
        });
        let restored = self.connection.batch_execute("PRAGMA foreign_keys = ON");
        outcome?;
        restored.map_err(|error| RunError {
            cause: Cause::Database(DatabaseError::from(error)),
            statement: None,
            committed: batch.statements.len(),
        })
    }
}

impl OpenError {
    fn sqlite(location: &SqliteLocation, message: String) -> Self {
        let path = match location {
            SqliteLocation::Memory => Path::new(":memory:").to_owned(),
            SqliteLocation::File(path) => path.clone(),
        };
        let error = DatabaseError::new(ErrorClass::Statement, message);
        Self::File { path, error }
    }
}
