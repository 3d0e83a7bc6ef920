//! Reading a schema, comparing it and writing it as SQL: how long it takes, and how that grows.
//!
//! Tables have 12 columns, 2 indexes and foreign keys. Figures are medians; `~n^x` is the growth since
//! the line above, where 1 is linear. Run with `cargo bench --bench introspect`; `MANAGE_BENCH_TABLES`
//! changes how many tables (`50,500,2000`), `MANAGE_TEST_POSTGRES_URL` and `MANAGE_TEST_MYSQL_URL` name the
//! servers (the local ones, as `postgres` and `root`).

#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a benchmark prints its figures and is told its size by the environment"
)]

use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use diesel_manage::backend::{self, Access, Database};
use diesel_manage::ddl;
use diesel_manage::schema::Schema;
use diesel_manage::schema::change::{Decisions, Difference, Renames};
use diesel_manage::settings::{self, Backend, DatabaseUrl, Environment, Request};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How often each is measured.
const ROUNDS: usize = 5;

fn main() -> Outcome<()> {
    let variable = |name: &str, usual: &str| std::env::var(name).unwrap_or_else(|_| usual.into());
    let sizes: Vec<usize> = variable("MANAGE_BENCH_TABLES", "50,500,2000")
        .split(',')
        .filter_map(|text| text.trim().parse().ok())
        .collect();
    let folder = tempfile::tempdir()?;
    let file = format!("sqlite://{}/bench.db", folder.path().display());
    let postgres = variable(
        "MANAGE_TEST_POSTGRES_URL",
        "postgres://postgres@127.0.0.1:5432/postgres",
    );
    let mysql = variable("MANAGE_TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/mysql");
    println!(
        "{:11} {:>6}  {:>16}  {:>16}  {:>16}  {:>16}  {:>16}",
        "", "tables", "introspect", "no difference", "each differs", "write new", "write changes"
    );
    for (name, url) in [("SQLite", file), ("PostgreSQL", postgres), ("MySQL", mysql)] {
        if let Err(error) = measure(name, &url, &sizes) {
            println!("{name:11} not measured: {error}");
        }
    }
    Ok(())
}

fn measure(name: &str, url: &str, sizes: &[usize]) -> Outcome<()> {
    let mut last: Option<(usize, Vec<Duration>)> = None;
    for &size in sizes {
        let ground = Ground::new(url)?;
        let mut database = ground.open()?;
        fill(&mut *database, size)?;
        // As after a while, when the server knows how large its catalogue is.
        drop(database);
        let mut database = ground.open()?;
        let figures = figures(&mut *database)?;
        print(name, size, &figures, last.as_ref());
        last = Some((size, figures));
    }
    Ok(())
}

fn print(name: &str, size: usize, figures: &[Duration], last: Option<&(usize, Vec<Duration>)>) {
    let mut line = format!("{name:11} {size:6}");
    for (at, figure) in figures.iter().enumerate() {
        let growth = last.and_then(|(before, all)| {
            let times = ratio(size)? / ratio(*before)?;
            let longer = figure.as_secs_f64() / all.get(at)?.as_secs_f64();
            Some(format!("~n^{:.1}", longer.ln() / times.ln()))
        });
        let milliseconds = format!("{:.1} ms", figure.as_secs_f64() * 1e3);
        let _ = write!(
            line,
            "  {milliseconds:>9} {:>6}",
            growth.unwrap_or_default()
        );
    }
    println!("{line}");
}

fn ratio(size: usize) -> Option<f64> {
    u32::try_from(size).ok().map(f64::from)
}

/// Introspection, two comparisons, and the SQL of two differences.
fn figures(database: &mut dyn Database) -> Outcome<Vec<Duration>> {
    let server = database.server()?;
    let mut schema = Schema::default();
    let introspect = median(|| {
        schema = database.introspect()?;
        Ok(())
    })?;
    let mut changed = schema.clone();
    for table in &mut changed.tables {
        table.columns[4].nullable = !table.columns[4].nullable;
        table.indexes.truncate(1);
    }
    let same = median(|| {
        let difference = between(&schema, &schema);
        assert!(difference.is_empty(), "one schema differs from itself");
        Ok(())
    })?;
    let mut difference = between(&schema, &changed);
    let differs = median(|| {
        difference = between(&schema, &changed);
        assert!(!difference.is_empty(), "each table differs");
        Ok(())
    })?;
    let new = between(&Schema::default(), &schema);
    let decisions = Decisions::default();
    let write_new = median(|| {
        ddl::write(server, &new, &decisions)?;
        Ok(())
    })?;
    let write_changes = median(|| {
        ddl::write(server, &difference, &decisions)?;
        Ok(())
    })?;
    Ok(vec![introspect, same, differs, write_new, write_changes])
}

fn between(from: &Schema, to: &Schema) -> Difference {
    Difference::between(from.clone(), to.clone(), Renames::default())
}

fn median(mut work: impl FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        work()?;
        all.push(started.elapsed());
    }
    all.sort();
    Ok(all[ROUNDS / 2])
}

/// Tables that refer to those before them.
fn fill(database: &mut dyn Database, size: usize) -> Outcome<()> {
    let text = match database.backend() {
        Backend::Mysql => "varchar(100)",
        Backend::Sqlite | Backend::Postgres => "text",
    };
    let mut sql = String::new();
    for at in 0..size {
        // A transaction holds a lock on everything it makes, and locks are limited.
        if at % 100 == 0 {
            sql.push_str("COMMIT;\nBEGIN;\n");
        }
        write!(
            sql,
            "CREATE TABLE t{at} (id integer NOT NULL PRIMARY KEY, parent_id integer NOT NULL, \
             owner_id integer, name {text} NOT NULL, note {text}, a integer NOT NULL DEFAULT 0, \
             b integer, c numeric(10,2), d date, e timestamp NULL, f {text} DEFAULT 'x', g integer, \
             CONSTRAINT t{at}_parent FOREIGN KEY (parent_id) REFERENCES t{} (id), \
             CONSTRAINT t{at}_owner FOREIGN KEY (owner_id) REFERENCES t{} (id) ON DELETE SET NULL);\n\
             CREATE INDEX t{at}_a ON t{at} (a, b);\n\
             CREATE UNIQUE INDEX t{at}_name ON t{at} (name);\n",
            at.saturating_sub(1),
            at / 2
        )?;
    }
    sql.push_str("COMMIT;\n");
    // In pieces, for servers limit how long a text may be.
    for piece in sql.split_inclusive(";\n").skip(1) {
        database.batch(piece)?;
    }
    Ok(())
}

/// A database of its own, which goes with the value.
struct Ground {
    server: String,
    url: String,
    name: String,
}

impl Ground {
    fn new(server: &str) -> Outcome<Self> {
        let mut ground = Self {
            server: server.to_owned(),
            url: server.to_owned(),
            name: String::new(),
        };
        if let Some(path) = server.strip_prefix("sqlite://") {
            let _ = std::fs::remove_file(path);
        } else if let Some((start, _)) = server.rsplit_once('/') {
            ground.name = format!("manage_bench_{}", std::process::id());
            ground.url = format!("{start}/{}", ground.name);
            ground.administer(&format!("DROP DATABASE IF EXISTS {}", ground.name))?;
            ground.administer(&format!("CREATE DATABASE {}", ground.name))?;
        }
        Ok(ground)
    }

    fn open(&self) -> Outcome<Box<dyn Database>> {
        Ok(backend::open(
            &parse(&self.url)?,
            Access::Write,
            &Environment::default(),
        )?)
    }

    fn administer(&self, sql: &str) -> Outcome<()> {
        let mut database = backend::open(
            &parse(&self.server)?,
            Access::Write,
            &Environment::default(),
        )?;
        Ok(database.batch(sql)?)
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            // What is left over does no harm to the figures.
            let _ = self.administer(&format!("DROP DATABASE IF EXISTS {}", self.name));
        }
    }
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
