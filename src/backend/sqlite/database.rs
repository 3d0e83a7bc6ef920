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

/// The same for one who waits without end; SQLite counts in 31 bits.
const LONGEST_TIMEOUT: u128 = 0x7fff_ffff;

struct SqliteDatabase {
    connection: SqliteConnection,
    /// The file that is opened when it is there, or when something is written; until then the connection
    /// is to an empty database. So a run that had nothing to write leaves no file behind, and never has
    /// to take one away that somebody else may be writing to.
    awaited: Option<Awaited>,
}

/// A file that is not there yet.
struct Awaited {
    path: PathBuf,
    address: String,
    /// How long to wait for the write lock, in milliseconds, where that was said.
    busy_timeout: Option<u128>,
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
    if let SqliteLocation::File(path) = &url.location
        && access == Access::Write
        && !path.exists()
        && may_be_made(path, &url.parameters)
    {
        return Ok(Box::new(SqliteDatabase {
            connection: connect(":memory:", &SqliteLocation::Memory)?,
            awaited: Some(Awaited {
                path: path.clone(),
                address,
                busy_timeout: None,
            }),
        }));
    }
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
    Ok(Box::new(SqliteDatabase {
        connection,
        awaited: None,
    }))
}

/// Whether SQLite could make the file when it comes to that. Whatever is in its way is best said by SQLite,
/// and at once.
fn may_be_made(path: &Path, parameters: &[(String, String)]) -> bool {
    let is_plain = parameters
        .iter()
        .all(|(name, value)| name != "mode" || value == "rwc");
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    // A link that leads nowhere is not there either.
    is_plain && !path.is_symlink() && make_and_remove_in(folder).is_ok()
}

/// Makes a file and takes it away again.
fn make_and_remove_in(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".manage-{}", std::process::id()));
    fs::File::create_new(&path)?;
    fs::remove_file(&path)
}

impl SqliteDatabase {
    /// The connection; to the file, if that is there by now.
    fn reading(&mut self) -> Result<&mut SqliteConnection, DatabaseError> {
        if self.awaited.as_ref().is_some_and(|file| file.path.exists()) {
            return self.writing();
        }
        Ok(&mut self.connection)
    }

    /// The connection to the file, which is made if it is not there.
    fn writing(&mut self) -> Result<&mut SqliteConnection, DatabaseError> {
        if let Some(file) = self.awaited.take() {
            let location = SqliteLocation::File(file.path.clone());
            match connect(&file.address, &location) {
                Ok(connection) => self.connection = connection,
                Err(error) => {
                    self.awaited = Some(file);
                    return Err(error.into_database_error());
                }
            }
            if let Some(milliseconds) = file.busy_timeout {
                self.wait_for(milliseconds)?;
            }
        }
        Ok(&mut self.connection)
    }

    fn wait_for(&mut self, milliseconds: u128) -> Result<(), DatabaseError> {
        if let Some(file) = &mut self.awaited {
            file.busy_timeout = Some(milliseconds);
            return Ok(());
        }
        let pragma = format!("PRAGMA busy_timeout = {milliseconds}");
        Ok(self.connection.batch_execute(&pragma)?)
    }
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
        OpenError::NoFolder(_)
        | OpenError::File { .. }
        | OpenError::HalfWritten { .. }
        | OpenError::Database(_)
        | OpenError::Connect(_) => error,
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
        LinkSession(self.reading()?).rows(query)
    }

    fn execute(&mut self, query: &Query) -> Result<usize, DatabaseError> {
        LinkSession(self.writing()?).execute(query)
    }

    fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        LinkSession(self.writing()?).batch(sql)
    }

    fn introspect(&mut self) -> Result<Schema, DatabaseError> {
        LinkSession(self.reading()?).introspect()
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
        match lock.map(|lock| lock.as_millis()) {
            // Here zero would be not to wait at all.
            Some(0) => self.wait_for(LONGEST_TIMEOUT),
            Some(milliseconds) => self.wait_for(milliseconds.min(LONGEST_TIMEOUT)),
            None => Ok(()),
        }
    }

    fn create_ledger(&mut self) -> Result<(), DatabaseError> {
        self.writing()?.setup()?;
        Ok(())
    }

    /// Keeps foreign keys off while the migration runs and compares what refers to nothing before
    /// and after.
    ///
    /// The bundled library has foreign keys on, and then the `DROP TABLE` of a table rebuild deletes
    /// the rows of every table that refers to it with `ON DELETE CASCADE`. Inside a transaction the
    /// pragma does nothing, so it stands before.
    fn run(&mut self, batch: &Batch<'_>, watch: &mut dyn Watch) -> Result<(), RunError> {
        let refused = |error: DatabaseError| RunError {
            cause: Cause::Database(error),
            statement: None,
            committed: 0,
        };
        let not_begun = |error| refused(DatabaseError::from(error));
        self.writing().map_err(refused)?;
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
    /// The same from a connection that was open already, as far as anybody could tell.
    fn into_database_error(self) -> DatabaseError {
        match self {
            Self::File { error, .. } | Self::HalfWritten { error, .. } | Self::Database(error) => {
                error
            }
            Self::NoFolder(_) | Self::Connect(_) => {
                DatabaseError::new(ErrorClass::Statement, self.to_string())
            }
        }
    }

    fn sqlite(location: &SqliteLocation, message: String) -> Self {
        let path = match location {
            SqliteLocation::Memory => Path::new(":memory:").to_owned(),
            SqliteLocation::File(path) => path.clone(),
        };
        let error = DatabaseError::new(ErrorClass::Statement, message);
        Self::File { path, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &Path) -> SqliteUrl {
        SqliteUrl {
            location: SqliteLocation::File(path.to_owned()),
            parameters: Vec::new(),
        }
    }

    #[test]
    fn no_limit_for_a_lock_is_the_longest_wait() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.db");
        let query = Query::new("SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout");
        // Once with the file to come, and once with it there.
        for expected in [0, 7_000] {
            let mut database = open(&url(&path), Access::Write).unwrap();
            database
                .limit(None, Some(Duration::from_millis(expected)))
                .unwrap();
            database.batch("CREATE TABLE IF NOT EXISTS a (b)").unwrap();
            let expected = if expected == 0 { 2_147_483_647 } else { 7_000 };
            assert_eq!(database.rows(&query).unwrap()[0].integer(0), Some(expected));
        }
    }

    #[test]
    fn a_file_is_made_when_something_is_written_and_found_when_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.db");
        let mut first = open(&url(&path), Access::Write).unwrap();
        let mut second = open(&url(&path), Access::Write).unwrap();
        assert_eq!(second.tables_exist(&["a"]).unwrap(), [false]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        first.batch("CREATE TABLE a (b)").unwrap();
        assert_eq!(second.tables_exist(&["a"]).unwrap(), [true]);
        drop((first, second));
        assert!(path.exists());
    }
}
