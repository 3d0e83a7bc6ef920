//! A database of its own for every test.

use std::cell::RefCell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel_manage::settings::Backend;
use tempfile::TempDir;
use url::Url;

use super::probe::{Probe, ProbeError};

/// The kinds of servers, in the order of the trials.
pub(crate) const BACKENDS: [Backend; 3] = [Backend::Sqlite, Backend::Postgres, Backend::Mysql];

/// A backend as part of a test's name.
pub(crate) fn word(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
        Backend::Mysql => "mysql",
    }
}

/// Why there is no database of a kind.
#[derive(Clone, Debug)]
pub(crate) struct Unavailable {
    /// What the attempt to connect said.
    pub(crate) reason: String,
    /// Whether that is a failure: in continuous integration, or where servers are required.
    pub(crate) is_failure: bool,
}

/// A database that exists as long as the value does, whatever ends the test.
pub(crate) struct Server {
    backend: Backend,
    name: String,
    url: String,
    // Where the file of a SQLite database is.
    _folder: Option<TempDir>,
    users: RefCell<Vec<String>>,
}

impl Server {
    /// Creates an empty database.
    ///
    /// # Errors
    /// The server is not there.
    pub(crate) fn new(backend: Backend) -> Result<Self, Unavailable> {
        static NUMBER: AtomicUsize = AtomicUsize::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("manage_test_{:06x}_{number}", random());
        let mut folder = None;
        let url = match backend {
            Backend::Sqlite => {
                let made = tempfile::Builder::new().prefix("manage-").tempdir();
                let made = made.expect("a temporary folder can be made");
                let root = made.path().canonicalize().expect("the folder is there");
                folder = Some(made);
                format!("{}/{name}.db", root.display())
            }
            Backend::Postgres | Backend::Mysql => {
                available(backend)?;
                let mut url = parsed(backend);
                url.set_path(&format!("/{name}"));
                let template = match backend {
                    // Nobody can be connected to this one, which would be in the way.
                    Backend::Postgres => " TEMPLATE template0",
                    Backend::Sqlite | Backend::Mysql => "",
                };
                Self::administer(backend, |probe| {
                    probe.try_execute(&format!("CREATE DATABASE {name}{template}"))
                })
                .map_err(|error| unavailable(backend, &error))?;
                url.to_string()
            }
        };
        Ok(Self {
            backend,
            name,
            url,
            _folder: folder,
            users: RefCell::default(),
        })
    }

    /// The kind of server.
    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    /// What `DATABASE_URL` has to be.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The database's name, which no other test has.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The URL as it is, and as the command shows it.
    pub(super) fn shown(&self) -> Vec<String> {
        let mut shown = vec![self.url.clone()];
        match Url::parse(&self.url) {
            Err(_) => shown.push(format!("sqlite://{}", self.url)),
            Ok(mut url) if url.password().is_some() => {
                // It can be set, for it was.
                let _ = url.set_password(Some("***"));
                shown.push(url.to_string());
            }
            Ok(_) => {}
        }
        shown
    }

    /// The URL taken apart; not for SQLite.
    pub(crate) fn parts(&self) -> Url {
        Url::parse(&self.url).expect("a server's URL")
    }

    /// The URL of the same database as somebody else; not for SQLite.
    pub(crate) fn url_as(&self, user: &str, password: Option<&str>) -> String {
        let mut url = self.parts();
        url.set_username(user).expect("a server's URL has a user");
        url.set_password(password)
            .expect("a server's URL has a user");
        url.to_string()
    }

    /// Creates a role that may log in and has no rights; it goes with the database.
    pub(crate) fn user(&self, suffix: &str, password: &str) -> String {
        let user = format!("{}_{suffix}", self.name);
        let create = match self.backend {
            Backend::Sqlite => panic!("a file has no users"),
            Backend::Postgres => format!("CREATE ROLE {user} LOGIN PASSWORD '{password}'"),
            Backend::Mysql => format!(
                "CREATE USER '{user}'@'%' IDENTIFIED BY '{password}', \
                 '{user}'@'localhost' IDENTIFIED BY '{password}'"
            ),
        };
        self.users.borrow_mut().push(user.clone());
        self.execute(&create);
        user
    }

    /// Takes over a role that the test made by itself: it goes with the database.
    pub(crate) fn adopt_user(&self, user: &str) {
        self.users.borrow_mut().push(user.to_owned());
    }

    /// A connection of the test's own.
    #[track_caller]
    pub(crate) fn probe(&self) -> Probe {
        match Probe::open(self.backend, &self.url) {
            Ok(probe) => probe,
            Err(error) => panic!("cannot connect to the test's own database: {error}"),
        }
    }

    /// Executes statements over a connection of the test's own.
    #[track_caller]
    pub(crate) fn execute(&self, sql: &str) {
        self.probe().execute(sql);
    }

    /// Answers a query over a connection of the test's own, a line for each row.
    #[track_caller]
    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        self.probe().lines(sql)
    }

    /// Answers a query that has one value.
    #[track_caller]
    pub(crate) fn value(&self, sql: &str) -> String {
        self.probe().value(sql)
    }

    /// The names of all tables, sorted, without what a backend keeps for itself, and without the journal,
    /// which is there where a migration needed one.
    pub(crate) fn tables(&self) -> Vec<String> {
        // A connection creates the file.
        if self.backend == Backend::Sqlite && !std::path::Path::new(&self.url).exists() {
            return Vec::new();
        }
        let mut tables = self.lines(match self.backend {
            Backend::Sqlite => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
            }
            Backend::Postgres => {
                "SELECT table_name FROM information_schema.tables \
                 WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'"
            }
            Backend::Mysql => {
                "SELECT table_name FROM information_schema.tables \
                 WHERE table_schema = database() AND table_type = 'BASE TABLE'"
            }
        });
        tables.retain(|table| table != "__manage_journal");
        tables.sort();
        tables
    }

    /// The versions that Diesel's table holds, sorted; none if there is no such table.
    pub(crate) fn versions(&self) -> Vec<String> {
        const LEDGER: &str = "__diesel_schema_migrations";
        if !self.tables().iter().any(|table| table == LEDGER) {
            return Vec::new();
        }
        let mut versions = self.lines(&format!("SELECT version FROM {LEDGER}"));
        versions.sort();
        versions
    }

    fn administer<T>(
        backend: Backend,
        work: impl FnOnce(&mut Probe) -> Result<T, ProbeError>,
    ) -> Result<T, ProbeError> {
        work(&mut Probe::open(backend, address(backend))?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let name = &self.name;
        let drop_database = match self.backend {
            Backend::Sqlite => return,
            Backend::Postgres => format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            Backend::Mysql => format!("DROP DATABASE IF EXISTS {name}"),
        };
        let users = self.users.borrow();
        let drop_users = users.iter().map(|user| match self.backend {
            Backend::Sqlite | Backend::Postgres => format!("DROP ROLE IF EXISTS {user}"),
            Backend::Mysql => format!("DROP USER IF EXISTS '{user}'@'%', '{user}'@'localhost'"),
        });
        // Whatever goes wrong here must not hide how the test ended.
        let _ = Self::administer(self.backend, |probe| {
            std::iter::once(drop_database)
                .chain(drop_users)
                .try_for_each(|sql| probe.try_execute(&sql))
        });
    }
}

/// A number that no other run of the tests has: they may share a server, and a killed one leaves
/// its databases behind.
fn random() -> u64 {
    static NUMBER: OnceLock<u64> = OnceLock::new();
    *NUMBER.get_or_init(|| RandomState::new().build_hasher().finish() & 0x00ff_ffff)
}

/// The server's address: of the environment, else where it usually is.
fn address(backend: Backend) -> &'static str {
    static POSTGRES: OnceLock<String> = OnceLock::new();
    static MYSQL: OnceLock<String> = OnceLock::new();
    match backend {
        Backend::Sqlite => ":memory:",
        Backend::Postgres => POSTGRES.get_or_init(|| {
            variable("MANAGE_TEST_POSTGRES_URL")
                .unwrap_or_else(|| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
        }),
        Backend::Mysql => MYSQL.get_or_init(|| {
            variable("MANAGE_TEST_MYSQL_URL")
                .unwrap_or_else(|| "mysql://root@127.0.0.1:3306/mysql".to_owned())
        }),
    }
}

fn parsed(backend: Backend) -> Url {
    Url::parse(address(backend)).expect("the server's address is a URL")
}

/// Whether a server answers; asked once.
fn available(backend: Backend) -> Result<(), Unavailable> {
    static POSTGRES: OnceLock<Result<(), Unavailable>> = OnceLock::new();
    static MYSQL: OnceLock<Result<(), Unavailable>> = OnceLock::new();
    let once = match backend {
        Backend::Sqlite => return Ok(()),
        Backend::Postgres => &POSTGRES,
        Backend::Mysql => &MYSQL,
    };
    once.get_or_init(|| {
        Server::administer(backend, |probe| probe.try_execute("SELECT 1"))
            .map_err(|error| unavailable(backend, &error))
    })
    .clone()
}

fn unavailable(backend: Backend, error: &ProbeError) -> Unavailable {
    let url = parsed(backend);
    Unavailable {
        reason: format!(
            "no server at {}:{}: {error}",
            url.host_str().unwrap_or_default(),
            url.port().unwrap_or_default()
        ),
        is_failure: is_required(),
    }
}

/// Whether what is missing is a failure.
pub(crate) fn is_required() -> bool {
    variable("CI").is_some() || variable("MANAGE_TEST_REQUIRE_SERVERS").is_some()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the environment of the tests, not of the command"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
