//! A database that is emptied and used again, with the connection of the crate under test.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use diesel_manage::backend::{
    self, Access, Batch, Cause, Database, DatabaseError, Direction, Mode, Query, Session, Watch,
};
use diesel_manage::ddl::Script;
use diesel_manage::schema::Schema;
use diesel_manage::settings::{self, Backend, DatabaseUrl, Environment, Request};
use diesel_manage::sql::{self, Dialect};

use crate::support::{Server, Unavailable};

/// Who runs a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    /// The executor's way: statement by statement, on SQLite without foreign keys and with a check.
    Manage,
    /// The way of Diesel's own harness: as one text, with whatever the connection has.
    Diesel,
}

/// One database.
pub(crate) struct Ground {
    server: Server,
    database: Option<Box<dyn Database>>,
    version: usize,
    address: String,
}

impl Ground {
    /// An empty database.
    ///
    /// # Errors
    /// The server is not there.
    pub(crate) fn new(backend: Backend) -> Result<Self, Unavailable> {
        let server = Server::new(backend)?;
        let address = match backend {
            Backend::Sqlite => "sqlite://:memory:".to_owned(),
            Backend::Postgres | Backend::Mysql => server.url().to_owned(),
        };
        Ok(Self::at(server, address))
    }

    /// The same, where others can look into it as well.
    ///
    /// # Errors
    /// The server is not there.
    pub(crate) fn in_file(backend: Backend) -> Result<Self, Unavailable> {
        let server = Server::new(backend)?;
        let address = match backend {
            Backend::Sqlite => format!("sqlite://{}", server.url()),
            Backend::Postgres | Backend::Mysql => server.url().to_owned(),
        };
        Ok(Self::at(server, address))
    }

    fn at(server: Server, address: String) -> Self {
        let mut ground = Self {
            server,
            database: None,
            version: 0,
            address,
        };
        ground.open();
        ground
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        self.server.url()
    }

    fn open(&mut self) {
        let mut database = backend::open(
            &parsed(&self.address),
            Access::Write,
            &Environment::default(),
        )
        .unwrap_or_else(|error| panic!("the test's own database: {error}"));
        let settings = match self.server.backend() {
            // Nobody minds if rows are gone after a crash.
            Backend::Postgres => "SET synchronous_commit = off; SET client_min_messages = warning",
            Backend::Sqlite | Backend::Mysql => "SELECT 1",
        };
        database.batch(settings).expect("the session is set up");
        database.create_ledger().expect("the ledger is made");
        self.database = Some(database);
    }

    /// The connection.
    pub(crate) fn database(&mut self) -> &mut dyn Database {
        &mut **self.database.as_mut().expect("it is open")
    }

    /// Which server it is.
    pub(crate) fn product(&mut self) -> sql::Server {
        self.database()
            .server()
            .expect("the server says what it is")
    }

    /// Takes everything away.
    pub(crate) fn empty(&mut self) {
        let name = self.server.name().to_owned();
        match self.server.backend() {
            Backend::Sqlite => return self.open(),
            Backend::Postgres => self.batch(
                "DO $$ DECLARE one text; BEGIN
                   FOR one IN SELECT nspname FROM pg_namespace
                     WHERE nspname NOT LIKE 'pg~_%' ESCAPE '~' AND nspname <> 'information_schema'
                   LOOP EXECUTE format('DROP SCHEMA %I CASCADE', one); END LOOP;
                 END $$; CREATE SCHEMA public",
            ),
            Backend::Mysql => self.batch(&format!(
                "SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE {name}; CREATE DATABASE {name}; USE {name}; \
                 SET FOREIGN_KEY_CHECKS = 1"
            )),
        }
        self.database().create_ledger().expect("the ledger is made");
    }

    /// Executes SQL of the test's own.
    #[track_caller]
    pub(crate) fn batch(&mut self, sql: &str) {
        // Not every server takes nothing for a statement.
        if sql.trim().is_empty() {
            return;
        }
        if let Err(error) = self.database().batch(sql) {
            panic!("{error}: {sql}");
        }
    }

    /// The same, where it may fail.
    pub(crate) fn try_batch(&mut self, sql: &str) -> Result<(), String> {
        self.database()
            .batch(sql)
            .map_err(|error| error.to_string())
    }

    /// Answers a query whose columns are texts, a line for each row.
    pub(crate) fn rows(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, String> {
        // Another text each time: what a server has prepared does not outlive a change of types.
        self.version += 1;
        let sql = format!("{sql} /* {} */", self.version);
        let rows = self.database().rows(&Query::new(&sql));
        let rows = rows.map_err(|error| format!("{error}: {sql}"))?;
        let columns = |row: &backend::Row| {
            (0..64)
                .map(|column| row.optional(column).map(str::to_owned))
                .collect()
        };
        Ok(rows.iter().map(columns).collect())
    }

    /// Reads the schema.
    pub(crate) fn introspect(&mut self) -> Result<Schema, String> {
        self.database()
            .introspect()
            .map_err(|error| error.to_string())
    }

    /// Runs a script as a migration is run.
    pub(crate) fn run(&mut self, script: &Script, runner: Runner) -> Result<(), String> {
        let text = text(script);
        let dialect = self.database().dialect();
        let cut = sql::split(&text, dialect).map_err(|error| format!("{error}\n{text}"))?;
        let statements: Vec<&str> = cut.statements.iter().map(|one| one.text).collect();
        let written: Vec<&str> = script.statements.iter().map(|one| one.trim_end()).collect();
        if statements != written {
            return Err(format!(
                "is cut otherwise than it was put together:\n{text}"
            ));
        }
        if statements.is_empty() {
            return Ok(());
        }
        match runner {
            Runner::Manage => self.run_as_manage(&cut.statements, script.transactional),
            Runner::Diesel => self.run_as_diesel(&text, script.transactional),
        }
        .map_err(|error| {
            format!(
                "{error}\n-- transactional: {}\n{text}",
                script.transactional
            )
        })
    }

    fn run_as_manage(
        &mut self,
        statements: &[sql::Statement<'_>],
        transactional: bool,
    ) -> Result<(), String> {
        self.version += 1;
        let version = format!("{:014}", self.version);
        let name = format!("{version}_laws");
        let batch = Batch {
            name: &name,
            version: &version,
            direction: Direction::Up,
            mode: self.mode(statements, transactional),
            statements,
        };
        self.database().run(&batch, &mut Blind).map_err(|error| {
            let cause = match &error.cause {
                Cause::Database(error) => error.to_string(),
                Cause::BrokenReferences(rows) => format!("broken references: {rows:?}"),
                Cause::Stopped(stop) => format!("{stop:?}"),
                Cause::OpenTransaction => "a transaction is left open".to_owned(),
            };
            let at = error.statement.and_then(|index| statements.get(index));
            let at = at.map(|statement| statement.text).unwrap_or_default();
            format!("{cause}\n  at: {at}\n-- all of it:")
        })
    }

    /// As the executor chooses it.
    fn mode(&mut self, statements: &[sql::Statement<'_>], transactional: bool) -> Mode {
        if transactional {
            return Mode::Transaction;
        }
        let alone = statements.iter().any(|statement| {
            sql::needs_no_transaction(statement.text, Dialect::Postgres).is_some()
                || sql::transaction_control(statement.text, Dialect::Postgres).is_some()
        });
        match self.server.backend() {
            Backend::Postgres if !alone => Mode::Transaction,
            Backend::Sqlite | Backend::Postgres | Backend::Mysql => Mode::Statements,
        }
    }

    fn run_as_diesel(&mut self, text: &str, transactional: bool) -> Result<(), String> {
        if transactional {
            self.try_batch("BEGIN")?;
        }
        let done = self.try_batch(text);
        if transactional {
            let ended = self.try_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" });
            return done.and(ended);
        }
        done
    }
}

/// As a file that a migration's statements are written to.
pub(crate) fn text(script: &Script) -> String {
    let mut text = String::new();
    for statement in &script.statements {
        text.push_str(statement);
        text.push_str(";\n");
    }
    text
}

/// Looks on and sees nothing.
struct Blind;

impl Watch for Blind {
    fn before(&mut self, _: usize) -> ControlFlow<diesel_manage::backend::Stop> {
        ControlFlow::Continue(())
    }

    fn after(&mut self, _: usize, _: Duration) {}

    fn record(&mut self, _: &mut dyn Session) -> Result<(), DatabaseError> {
        Ok(())
    }
}

fn parsed(url: &str) -> DatabaseUrl {
    let request = Request {
        database_url: Some(url.to_owned()),
        ..Request::default()
    };
    let environment = Environment {
        directory: PathBuf::from("/"),
        ..Environment::default()
    };
    let settings = settings::load(&request, &environment).expect("a URL is all it takes");
    let connection = settings.connection(None).expect("there is one");
    connection.url().expect("it has a URL").clone()
}
