//! Whatever two schemas are on SQLite: the written SQL leads from one to the other and back, rows stay.

use diesel_manage::backend::{Access, Database, Query, open};
use diesel_manage::ddl::{self, Script};
use diesel_manage::schema::Schema;
use diesel_manage::schema::change::{Decisions, Difference, Renames, diff};
use diesel_manage::settings::{DatabaseUrl, Environment, SqliteUrl};
use proptest::prelude::{any, prop};
use proptest::proptest;
use proptest::test_runner::Config as ProptestConfig;

mod world;

use world::World;

/// Who runs a script.
#[derive(Clone, Copy, Debug)]
enum Runner {
    /// Foreign keys are on, as the bundled library has them; the file is sent as a whole.
    Diesel,
    /// Foreign keys are off, statements are sent one by one.
    Manage,
}

fn database(sql: &[String]) -> Box<dyn Database> {
    let url = DatabaseUrl::Sqlite(SqliteUrl::memory());
    let mut database = open(&url, Access::Write, &Environment::default()).expect("memory is there");
    database
        .batch("PRAGMA foreign_keys = OFF")
        .expect("a pragma");
    for statement in sql {
        if let Err(error) = database.batch(statement) {
            panic!("{error}: {statement}");
        }
    }
    database
}

fn broken(database: &mut dyn Database) -> i64 {
    let query = Query::new("SELECT count(*) FROM pragma_foreign_key_check");
    database
        .rows(&query)
        .ok()
        .and_then(|rows| rows.first()?.integer(0))
        .unwrap_or_default()
}

fn run(database: &mut dyn Database, script: &Script, runner: Runner) -> Result<(), String> {
    let (keys, pieces) = match runner {
        Runner::Diesel => ("ON", vec![script.statements.join(";\n")]),
        Runner::Manage => ("OFF", script.statements.clone()),
    };
    let mut send = |sql: &str| {
        database
            .batch(sql)
            .map_err(|error| format!("{error}: {sql}"))
    };
    send(&format!("PRAGMA foreign_keys = {keys}"))?;
    if script.transactional {
        send("BEGIN IMMEDIATE")?;
    }
    let mut outcome = pieces.iter().try_for_each(|piece| send(piece));
    if outcome.is_ok() && script.transactional {
        outcome = send("COMMIT");
    }
    if outcome.is_err() {
        // The script may not have come to its transaction.
        let _ = send("ROLLBACK");
    }
    outcome
}

fn difference(from: &Schema, to: &Schema, renames: &Renames) -> Difference {
    Difference::between(from.clone(), to.clone(), renames.clone())
}

fn assert_same(found: &Schema, wanted: &Schema, when: &str, script: &Script) {
    let changes: Vec<_> = diff(found, wanted)
        .iter()
        .map(|change| format!("{change:#?}"))
        .collect();
    assert!(
        changes.is_empty(),
        "{when}: {}\n{}",
        changes.join("\n"),
        script.statements.join(";\n")
    );
}

/// Tables without rows: there is nothing that could be refused.
fn there_and_back(before: &World, after: &World, runner: Runner) {
    let renames = before.renames(after);
    let mut database = database(&before.statements());
    let from = database.introspect().expect("it can be read");
    let to = self::database(&after.statements())
        .introspect()
        .expect("it can be read");
    let server = database.server().expect("it has a version");
    let there = difference(&from, &to, &renames);
    for (way, wanted) in [(there.clone(), &to), (there.reverse(), &from)] {
        let script = ddl::write(server, &way, &Decisions::default()).expect("there is a way");
        if let Err(error) = run(&mut *database, &script, runner) {
            panic!("{runner:?}: {error}\n\n{}", script.statements.join(";\n"));
        }
        let found = database.introspect().expect("it can be read");
        assert_same(&found, wanted, "afterwards", &script);
    }
}

/// Tables with rows: all of them are there afterwards, or nothing has happened.
fn with_rows(before: &World, after: &World, runner: Runner) {
    let mut database = database(&before.statements());
    for row in before.rows() {
        // What a condition refuses is not needed.
        let _ = database.batch(&row);
    }
    let from = database.introspect().expect("it can be read");
    let to = self::database(&after.statements())
        .introspect()
        .expect("it can be read");
    let server = database.server().expect("it has a version");
    let renames = before.renames(after);
    let way = difference(&from, &to, &renames);
    let script = ddl::write(server, &way, &Decisions::default()).expect("there is a way");
    let kept = before.kept(after);
    let read = |database: &mut dyn Database, queries: &[String]| -> Vec<Vec<String>> {
        let read = |query: &String| match database.rows(&Query::new(query.as_str())) {
            Ok(rows) => rows.iter().map(|row| row.text(0).to_owned()).collect(),
            Err(error) => panic!("{error}: {query}"),
        };
        queries.iter().map(read).collect()
    };
    let old: Vec<String> = kept.iter().map(|(old, _)| old.clone()).collect();
    let new: Vec<String> = kept.iter().map(|(_, new)| new.clone()).collect();
    let rows = read(&mut *database, &old);
    let orphans = broken(&mut *database);
    match run(&mut *database, &script, runner) {
        Ok(()) => {
            let found = database.introspect().expect("it can be read");
            assert_same(&found, &to, "with rows", &script);
            let now = read(&mut *database, &new);
            let all = script.statements.join(";\n");
            assert_eq!(now, rows, "{runner:?}\n{new:?}\n{all}");
            if !script.transactional {
                assert!(broken(&mut *database) <= orphans);
            }
        }
        Err(error) => {
            let refused = [
                "constraint failed",
                "datatype mismatch",
                "cannot store",
                "every ",
            ];
            assert!(
                refused.iter().any(|reason| error.contains(reason)),
                "{runner:?}: {error}\n\n{}",
                script.statements.join(";\n")
            );
            let found = database.introspect().expect("it can be read");
            assert_same(&found, &from, "after a failure", &script);
            assert_eq!(read(&mut *database, &old), rows);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn sql_leads_there_and_back(choices in prop::collection::vec(any::<u8>(), 0..300)) {
        let (before, after) = World::pair(&choices);
        there_and_back(&before, &after, Runner::Diesel);
        there_and_back(&before, &after, Runner::Manage);
    }

    #[test]
    fn rows_stay_or_nothing_happens(choices in prop::collection::vec(any::<u8>(), 0..300)) {
        let (before, after) = World::pair(&choices);
        with_rows(&before, &after, Runner::Diesel);
        with_rows(&before, &after, Runner::Manage);
    }
}
