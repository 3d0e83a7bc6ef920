//! Diesel's own runner, as an application or the `diesel` command drives it.

use std::path::PathBuf;

use diesel::backend::Backend as DieselBackend;
use diesel::migration::{Migration, MigrationSource};
use diesel::{Connection, SqliteConnection};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection};
use diesel_manage::settings::Backend;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

use super::project::Project;
use super::server::Server;

/// Diesel's harness over the migrations of a project and a server's database.
pub(crate) struct DieselRunner<'a> {
    server: &'a Server,
    folder: PathBuf,
}

enum Work<'a> {
    Pending,
    Run(&'a [&'a str]),
    RevertLast,
    Applied,
    Unapplied,
}

impl<'a> DieselRunner<'a> {
    /// Nothing is done yet.
    pub(crate) fn new(server: &'a Server, project: &Project) -> Self {
        Self {
            server,
            folder: project.path("migrations"),
        }
    }

    /// Applies what is pending and returns the versions.
    #[track_caller]
    pub(crate) fn run_pending(&self) -> Vec<String> {
        self.work(&Work::Pending)
    }

    /// Applies the migrations of these versions, in this order.
    #[track_caller]
    pub(crate) fn run(&self, versions: &[&str]) -> Vec<String> {
        self.work(&Work::Run(versions))
    }

    /// Takes the newest one back and returns its version.
    #[track_caller]
    pub(crate) fn revert_last(&self) -> String {
        self.work(&Work::RevertLast).remove(0)
    }

    /// What it takes for applied, sorted.
    #[track_caller]
    pub(crate) fn applied(&self) -> Vec<String> {
        self.work(&Work::Applied)
    }

    /// What it would apply, sorted.
    #[track_caller]
    pub(crate) fn pending(&self) -> Vec<String> {
        self.work(&Work::Unapplied)
    }

    #[track_caller]
    fn work(&self, work: &Work<'_>) -> Vec<String> {
        let source = FileBasedMigrations::from_path(&self.folder);
        let source = source.expect("Diesel can read the migrations");
        let url = self.server.url();
        let done = match self.server.backend() {
            Backend::Sqlite => {
                let connection = &mut SqliteConnection::establish(url).expect("the file opens");
                carry_out(connection, source, work)
            }
            Backend::Postgres => {
                let connection = &mut AsyncConnectionWrapper::<AsyncPgConnection>::establish(url)
                    .expect("the server answers");
                carry_out(connection, source, work)
            }
            Backend::Mysql => {
                // Over the network as the command is, for the server tells users apart by that.
                let url = format!("{url}?prefer_socket=false");
                let connection =
                    &mut AsyncConnectionWrapper::<AsyncMysqlConnection>::establish(&url)
                        .expect("the server answers");
                carry_out(connection, source, work)
            }
        };
        match done {
            Ok(versions) => versions,
            Err(error) => panic!("Diesel's own runner failed: {error}"),
        }
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn carry_out<C, DB>(
    connection: &mut C,
    source: FileBasedMigrations,
    work: &Work<'_>,
) -> Result<Vec<String>, Failure>
where
    C: MigrationHarness<DB>,
    DB: DieselBackend,
{
    let texts = |versions: Vec<diesel::migration::MigrationVersion<'_>>| {
        versions.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let mut versions = match work {
        Work::Pending => texts(connection.run_pending_migrations(source)?),
        Work::Run(versions) => {
            // This makes Diesel's table; the harness takes for granted that it was asked first.
            connection.applied_migrations()?;
            let all = MigrationSource::<DB>::migrations(&source)?;
            for wanted in *versions {
                let migration = all
                    .iter()
                    .find(|migration| migration.name().version().to_string() == *wanted)
                    .ok_or_else(|| format!("no migration {wanted}"))?;
                connection.run_migration(&**migration)?;
            }
            return Ok(versions.iter().map(ToString::to_string).collect());
        }
        Work::RevertLast => vec![connection.revert_last_migration(source)?.to_string()],
        Work::Applied => texts(connection.applied_migrations()?),
        Work::Unapplied => {
            let pending: Vec<Box<dyn Migration<DB>>> = connection.pending_migrations(source)?;
            pending
                .iter()
                .map(|migration| migration.name().version().to_string())
                .collect()
        }
    };
    versions.sort();
    Ok(versions)
}
