//! Looking at a large directory: thousands of migrations with metadata.toml, in a chain with branches and
//! merges, as `history`, `heads`, `showmigrations` and a `migrate` with nothing to do see them.
//!
//! Each figure is the work between the arguments and the screen, files and database included, and a
//! median; below the sums are their parts. `~n^x` is the growth since the size before, where 1 is linear.
//! Run with `cargo bench --bench graph`; `MANAGE_BENCH_MIGRATIONS` changes how many (`1250,5000`).

#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a benchmark prints its figures and is told its size by the environment"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel_manage::backend::{self, Access, Database};
use diesel_manage::executor::{self, Conflicts, Listing, Preparation, Standing};
use diesel_manage::history::Memory;
use diesel_manage::migration::{Directory, Execution, Graph, Node, Target};
use diesel_manage::settings::{self, DatabaseUrl, Environment, Request};
use diesel_manage::ui::{self, Drawing, Letters, Order, View};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How often each is measured.
const ROUNDS: usize = 9;

fn main() -> Outcome<()> {
    let sizes = std::env::var("MANAGE_BENCH_MIGRATIONS").unwrap_or_else(|_| "1250,5000".to_owned());
    let mut last: Option<(usize, Vec<(&str, Duration)>)> = None;
    for size in sizes.split(',').filter_map(|text| text.trim().parse().ok()) {
        let figures = measure(size)?;
        println!("{size} migrations");
        for (at, (what, figure)) in figures.iter().enumerate() {
            let mut line = format!("  {what:34} {:9.2} ms", figure.as_secs_f64() * 1e3);
            if let Some((before, all)) = &last
                && let (Some(size), Some(before)) = (ratio(size), ratio(*before))
            {
                let longer = figure.as_secs_f64() / all[at].1.as_secs_f64();
                let _ = write!(line, "  ~n^{:.1}", longer.ln() / (size / before).ln());
            }
            println!("{line}");
        }
        last = Some((size, figures));
    }
    Ok(())
}

fn ratio(size: usize) -> Option<f64> {
    u32::try_from(size).ok().map(f64::from)
}

fn measure(size: usize) -> Outcome<Vec<(&'static str, Duration)>> {
    let folder = tempfile::tempdir()?;
    let migrations = folder.path().join("migrations");
    write_migrations(&migrations, size)?;
    let folders = [migrations];
    let url = parse(&format!("sqlite:///{}/bench.db", folder.path().display()))?;
    record_all(&url, &folders)?;

    let directory = Directory::load(&folders)?;
    let graph = Graph::load(&directory);
    let mut database = open(&url, Access::Read)?;
    let memory = Memory::read(&mut *database)?;
    let known = executor::known(&directory, &memory);
    let dialect = database.dialect();
    let conflicts = Conflicts::find(&directory, &graph, &memory, dialect);
    assert!(conflicts.is_empty(), "nothing is in conflict here");

    Ok(vec![
        ("history", median(|| history(&folders))?),
        ("heads", median(|| heads(&folders))?),
        ("current", median(|| current(&url, &folders))?),
        ("showmigrations", median(|| showmigrations(&url, &folders))?),
        (
            "migrate with nothing to do",
            median(|| migrate(&url, &folders))?,
        ),
        (
            "- directory",
            median(|| {
                black_box(Directory::load(&folders)?);
                Ok(())
            })?,
        ),
        (
            "- graph, with every metadata.toml",
            median(|| {
                black_box(Graph::load(&directory));
                Ok(())
            })?,
        ),
        (
            "- database opened, ledger, history",
            median(|| {
                black_box(Memory::read(&mut *open(&url, Access::Read)?)?);
                Ok(())
            })?,
        ),
        (
            "- conflicts",
            median(|| {
                black_box(Conflicts::find(&directory, &graph, &memory, dialect));
                Ok(())
            })?,
        ),
        (
            "- listing",
            median(|| {
                black_box(Listing::new(
                    &directory,
                    &graph,
                    &memory,
                    &known,
                    conflicts.clone(),
                ));
                Ok(())
            })?,
        ),
        (
            "- known, target, route",
            median(|| {
                let known = executor::known(&directory, &memory);
                black_box(executor::route(&Target::head(), &known, &graph)?);
                Ok(())
            })?,
        ),
        (
            "- drawing, in letters",
            median(|| {
                black_box(drawn(&graph));
                Ok(())
            })?,
        ),
    ])
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

fn history(folders: &[PathBuf]) -> Outcome<()> {
    let directory = Directory::load(folders)?;
    black_box(drawn(&Graph::load(&directory)));
    Ok(())
}

fn drawn(graph: &Graph) -> Vec<String> {
    let nodes: Vec<&Node> = graph.nodes().iter().rev().collect();
    let view = View {
        graph,
        applied: None,
        current: &BTreeSet::new(),
        descriptions: &BTreeMap::new(),
        verbose: false,
    };
    let drawing = Drawing::of(&ui::next_rows(graph, &nodes, Order::NewestFirst));
    ui::history(&view, &nodes, &drawing, Letters::Boxes, Some(80))
}

fn heads(folders: &[PathBuf]) -> Outcome<()> {
    let directory = Directory::load(folders)?;
    let graph = Graph::load(&directory);
    black_box((graph.heads().count(), graph.divergences()));
    Ok(())
}

fn current(url: &DatabaseUrl, folders: &[PathBuf]) -> Outcome<()> {
    let directory = Directory::load(folders)?;
    let graph = Graph::load(&directory);
    let memory = Memory::read(&mut *open(url, Access::Read)?)?;
    let standing = Standing::of(&directory, &graph, &memory);
    black_box(ui::standing("main", None, &standing));
    Ok(())
}

fn showmigrations(url: &DatabaseUrl, folders: &[PathBuf]) -> Outcome<()> {
    let directory = Directory::load(folders)?;
    let graph = Graph::load(&directory);
    let mut database = open(url, Access::Read)?;
    let memory = Memory::read(&mut *database)?;
    let conflicts = Conflicts::find(&directory, &graph, &memory, database.dialect());
    let known = executor::known(&directory, &memory);
    let listing = Listing::new(&directory, &graph, &memory, &known, conflicts);
    black_box(ui::showmigrations("main", "url", &listing, false));
    Ok(())
}

fn migrate(url: &DatabaseUrl, folders: &[PathBuf]) -> Outcome<()> {
    let directory = Directory::load(folders)?;
    let graph = Graph::load(&directory);
    let mut database = open(url, Access::Write)?;
    let memory = Memory::read(&mut *database)?;
    let conflicts = Conflicts::find(&directory, &graph, &memory, database.dialect());
    assert!(conflicts.is_empty(), "nothing is in conflict here");
    let known = executor::known(&directory, &memory);
    let route = executor::route(&Target::head(), &known, &graph)?;
    assert!(route.is_empty(), "nothing is pending here");
    let (plan, _) = Preparation {
        directory: &directory,
        memory: &memory,
        dialect: database.dialect(),
        capabilities: database.capabilities(),
        execution: Execution::Run,
    }
    .plan(&route, &mut *database)?;
    black_box(plan);
    Ok(())
}

/// A chain in which every tenth migration begins a branch of three, that is joined after that.
fn write_migrations(folder: &Path, size: usize) -> Outcome<()> {
    let version = |index: usize| format!("20260101{index:06}");
    for index in 0..size {
        let parents: Vec<usize> = match index % 10 {
            _ if index == 0 => Vec::new(),
            // Two lines side by side: 3, 5, 7 and 4, 6, 8.
            4..=8 => vec![index - 2],
            9 => vec![index - 2, index - 1],
            _ => vec![index - 1],
        };
        let parents: Vec<String> = parents
            .iter()
            .map(|parent| format!("\"{}\"", version(*parent)))
            .collect();
        let path = folder.join(format!("2026-01-01-{index:06}_step_{index}"));
        fs::create_dir_all(&path)?;
        fs::write(
            path.join("up.sql"),
            format!("CREATE TABLE t{index} (id INTEGER);\n"),
        )?;
        fs::write(path.join("down.sql"), format!("DROP TABLE t{index};\n"))?;
        fs::write(
            path.join("metadata.toml"),
            format!(
                "run_in_transaction = true\n\n[manage]\ndepends_on = [{}]\n",
                parents.join(", ")
            ),
        )?;
    }
    Ok(())
}

/// Makes everything applied and recorded, as if it had been run.
fn record_all(url: &DatabaseUrl, folders: &[PathBuf]) -> Outcome<()> {
    let directory = Directory::load(folders)?;
    let mut database = open(url, Access::Write)?;
    diesel_manage::history::prepare(&mut *database)?;
    let mut sql = String::from("BEGIN;\n");
    for entry in directory.entries() {
        let (version, name) = (&entry.version, &entry.name);
        let (size, modified) = (entry.stamp.size, entry.stamp.modified);
        writeln!(
            sql,
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}');\n\
             INSERT INTO __manage_history (version, name, action, raw_checksum, normalized_checksum, \
             run_in_transaction, up_size, up_modified, milliseconds, performed_by, host, tool) \
             VALUES ('{version}', '{name}', 'apply', '{0}', '{0}', 1, {size}, {modified}, 1, 'bench', 'bench', 'bench');",
            "0".repeat(64)
        )?;
    }
    sql.push_str("COMMIT;\n");
    database.batch(&sql)?;
    Ok(())
}

fn open(url: &DatabaseUrl, access: Access) -> Outcome<Box<dyn Database>> {
    Ok(backend::open(url, access, &Environment::default())?)
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
