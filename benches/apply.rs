//! Applying many small migrations with everything on (lock, journal, history, fingerprint), and the run
//! after it that finds nothing to do, against Diesel's own harness and program.
//!
//! Ours is the whole program, as a process; Diesel's is its harness alone, in this process, and where
//! `diesel` is on the path also its own program. Figures are medians of rounds measured in turn, as ratios:
//! ours / Diesel's. Run with `cargo bench --bench apply`; `MANAGE_BENCH_MIGRATIONS` changes how many (1000),
//! `MANAGE_TEST_POSTGRES_URL` and `MANAGE_TEST_MYSQL_URL` name the servers (the local ones, as `postgres` and
//! as `root`).

#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a benchmark prints its figures and is told its size by the environment"
)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use diesel::{Connection, SqliteConnection};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection};
use diesel_manage::backend::{self, Access, Query};
use diesel_manage::settings::{self, DatabaseUrl, Environment, Request};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let number = std::env::var("MANAGE_BENCH_MIGRATIONS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000);
    let folder = tempfile::tempdir()?;
    let migrations = folder.path().join("migrations");
    write_migrations(&migrations, number)?;
    println!("{number} migrations; milliseconds are medians, ratios are medians of pairs");
    compare(
        "SQLite",
        &mut Sqlite {
            folder: folder.path().to_owned(),
            migrations: migrations.clone(),
        },
        5,
    )?;
    let named =
        |variable, local: &str| std::env::var(variable).unwrap_or_else(|_| local.to_owned());
    let mut postgres = OnServer {
        url: named(
            "MANAGE_TEST_POSTGRES_URL",
            "postgres://postgres@127.0.0.1:5432/postgres",
        ),
        migrations: migrations.clone(),
        kind: Kind::Postgres,
    };
    match postgres.fresh() {
        Ok(_) => compare("PostgreSQL", &mut postgres, 5)?,
        Err(error) => println!("PostgreSQL  not measured: {error}"),
    }
    let mut mysql = OnServer {
        url: named("MANAGE_TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/mysql"),
        migrations,
        kind: Kind::Mysql,
    };
    match mysql.fresh() {
        Ok(_) => compare("MariaDB", &mut mysql, 5)?,
        Err(error) => println!("MariaDB     not measured: {error}"),
    }
    Ok(())
}

fn write_migrations(folder: &Path, number: usize) -> Outcome<()> {
    for index in 0..number {
        let name = format!("2026-{:02}-{:02}-{:06}_step", 1 + index / 100_000, 1, index);
        let path = folder.join(name);
        fs::create_dir_all(&path)?;
        fs::write(
            path.join("up.sql"),
            format!(
                "CREATE TABLE t{index} (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(50) NOT NULL);\n"
            ),
        )?;
        fs::write(path.join("down.sql"), format!("DROP TABLE t{index};\n"))?;
    }
    Ok(())
}

/// A place where both tools can be let loose.
trait Ground {
    /// An empty database.
    fn fresh(&mut self) -> Outcome<String>;
    /// What Diesel does: list, compare, apply what is pending.
    fn diesel(&self, url: &str) -> Outcome<()>;
    /// The folder of migrations.
    fn migrations(&self) -> &Path;
    /// Takes the database away.
    fn remove(&mut self, url: &str) -> Outcome<()>;
}

/// What a round of one tool took: to apply everything, and to find nothing to do.
#[derive(Clone, Copy)]
struct Round {
    apply: Duration,
    noop: Duration,
}

fn compare(name: &str, ground: &mut dyn Ground, rounds: usize) -> Outcome<()> {
    let has_program = Command::new("diesel")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    let (mut harness, mut program, mut ours) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        harness.push(round(ground, &|ground, url| ground.diesel(url))?);
        if has_program {
            program.push(round(ground, &|ground, url| {
                run_diesel(url, ground.migrations())
            })?);
        }
        ours.push(round(ground, &|ground, url| {
            migrate(url, ground.migrations())
        })?);
    }
    for (whose, theirs) in [("harness", &harness), ("program", &program)] {
        if !theirs.is_empty() {
            print(name, "apply", whose, &ours, theirs, |round| round.apply);
            print(name, "no-op", whose, &ours, theirs, |round| round.noop);
        }
    }
    Ok(())
}

fn round(
    ground: &mut dyn Ground,
    run: &dyn Fn(&dyn Ground, &str) -> Outcome<()>,
) -> Outcome<Round> {
    let url = ground.fresh()?;
    let apply = time(|| run(ground, &url))?;
    let noop = best(9, || run(ground, &url))?;
    ground.remove(&url)?;
    Ok(Round { apply, noop })
}

fn time(work: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed())
}

fn best(times: usize, mut work: impl FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let mut all = Vec::new();
    for _ in 0..times {
        all.push(time(&mut work)?);
    }
    all.sort();
    Ok(all[times / 2])
}

fn print(
    name: &str,
    what: &str,
    whose: &str,
    ours: &[Round],
    theirs: &[Round],
    part: fn(&Round) -> Duration,
) {
    let milliseconds =
        |rounds: &[Round]| median(rounds.iter().map(|round| part(round).as_secs_f64() * 1e3));
    let ratio = median(
        ours.iter()
            .zip(theirs)
            .map(|(ours, theirs)| part(ours).as_secs_f64() / part(theirs).as_secs_f64()),
    );
    println!(
        "{name:10}  {what}  manage {:8.1} ms   diesel's {whose} {:8.1} ms   ratio {ratio:.2}",
        milliseconds(ours),
        milliseconds(theirs),
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn parse(url: &str) -> Outcome<DatabaseUrl> {
    let request = Request {
        database_url: Some(url.to_owned()),
        ..Request::default()
    };
    let environment = Environment {
        directory: PathBuf::from("/"),
        ..Environment::default()
    };
    Ok(settings::load(&request, &environment)?
        .connection(None)?
        .url()?
        .clone())
}

/// The program itself.
fn migrate(url: &str, folder: &Path) -> Outcome<()> {
    let status = Command::new(env!("CARGO_BIN_EXE_manage"))
        .args(["migrate", "--quiet", "--no-input", "--no-schema"])
        .args(["--database-url", url])
        .arg("--migration-dir")
        .arg(folder)
        .current_dir(folder.parent().unwrap_or(folder))
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("manage ended with {status}").into())
    }
}

/// Diesel's own program.
fn run_diesel(url: &str, folder: &Path) -> Outcome<()> {
    let output = Command::new("diesel")
        .args(["migration", "run"])
        .args(["--database-url", url.trim_start_matches("sqlite://")])
        .arg("--migration-dir")
        .arg(folder)
        .current_dir(folder.parent().unwrap_or(folder))
        .output()?;
    if output.status.success() {
        Ok(())
    } else {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(format!("diesel ended with {}: {said}", output.status).into())
    }
}

struct Sqlite {
    folder: PathBuf,
    migrations: PathBuf,
}

impl Ground for Sqlite {
    fn fresh(&mut self) -> Outcome<String> {
        let path = self.folder.join("bench.sqlite3");
        let _ = fs::remove_file(&path);
        Ok(format!("sqlite:///{}", path.display()))
    }

    fn diesel(&self, _: &str) -> Outcome<()> {
        let path = self.folder.join("bench.sqlite3");
        let mut connection = SqliteConnection::establish(&path.display().to_string())?;
        connection.run_pending_migrations(FileBasedMigrations::from_path(&self.migrations)?)?;
        Ok(())
    }

    fn migrations(&self) -> &Path {
        &self.migrations
    }

    fn remove(&mut self, _: &str) -> Outcome<()> {
        Ok(fs::remove_file(self.folder.join("bench.sqlite3"))?)
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Postgres,
    Mysql,
}

struct OnServer {
    url: String,
    migrations: PathBuf,
    kind: Kind,
}

impl OnServer {
    const NAME: &'static str = "manage_bench";

    fn address(&self) -> String {
        match self.url.rsplit_once('/') {
            Some((server, _)) => format!("{server}/{}", Self::NAME),
            None => self.url.clone(),
        }
    }

    fn administer(&self, sql: &str) -> Outcome<()> {
        let url = parse(&self.url)?;
        let mut database = backend::open(&url, Access::Write, &Environment::default())?;
        database.execute(&Query::new(sql))?;
        Ok(())
    }

    fn drop(&self) -> Outcome<()> {
        let force = match self.kind {
            Kind::Postgres => " WITH (FORCE)",
            Kind::Mysql => "",
        };
        self.administer(&format!("DROP DATABASE IF EXISTS {}{force}", Self::NAME))
    }
}

impl Ground for OnServer {
    fn fresh(&mut self) -> Outcome<String> {
        self.drop()?;
        self.administer(&format!("CREATE DATABASE {}", Self::NAME))?;
        Ok(self.address())
    }

    fn diesel(&self, url: &str) -> Outcome<()> {
        let pending = FileBasedMigrations::from_path(&self.migrations)?;
        match self.kind {
            Kind::Postgres => {
                let mut connection = AsyncConnectionWrapper::<AsyncPgConnection>::establish(url)?;
                connection.run_pending_migrations(pending)?;
            }
            Kind::Mysql => {
                let mut connection =
                    AsyncConnectionWrapper::<AsyncMysqlConnection>::establish(url)?;
                connection.run_pending_migrations(pending)?;
            }
        }
        Ok(())
    }

    fn migrations(&self) -> &Path {
        &self.migrations
    }

    fn remove(&mut self, _: &str) -> Outcome<()> {
        self.drop()
    }
}
