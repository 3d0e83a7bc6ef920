//! Whole Diesel projects, migrated by `manage` and by Diesel's own runner: the same must be left.

use std::path::{Path, PathBuf};

use diesel_manage::settings::Backend;
use toml_edit::DocumentMut;

use crate::dump::dump;
use crate::support::{Client, DieselRunner, Project, Server, difference, word};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere(
        "a_diesel_project_migrates_as_with_diesel",
        migrates_as_with_diesel,
    );
}

/// What is true of a set of migrations.
struct Expected {
    migrations: usize,
    revertible: usize,
}

fn folder(backend: Backend) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/projects")
        .join(word(backend))
}

fn expected(backend: Backend) -> Expected {
    let path = folder(backend).join("EXPECTED.toml");
    let text = std::fs::read_to_string(path).expect("the project says what to expect");
    let document: DocumentMut = text.parse().expect("EXPECTED.toml is TOML");
    let number = |key: &str| {
        let number = document[key]
            .as_integer()
            .and_then(|number| usize::try_from(number).ok());
        number.expect("EXPECTED.toml has the number")
    };
    Expected {
        migrations: number("migrations"),
        revertible: number("revertible"),
    }
}

#[track_caller]
fn same(what: &str, diesel: &str, manage: &str) {
    assert!(
        diesel == manage,
        "{what}, - Diesel, + manage:\n{}",
        changed(diesel, manage)
    );
}

/// The lines that differ.
fn changed(before: &str, after: &str) -> String {
    let lines: Vec<_> = difference(before, after)
        .lines()
        .filter(|line| !line.starts_with("  "))
        .map(str::to_owned)
        .collect();
    lines.join("\n")
}

fn migrates_as_with_diesel(server: &Server) {
    let backend = server.backend();
    let Ok(theirs) = Server::new(backend) else {
        panic!("the server is there");
    };
    let expected = expected(backend);
    let project = Project::on(server);
    project.migrations_from(&folder(backend).join("migrations"));
    let diesel = DieselRunner::new(&theirs, &project);

    let printed = project.run("migrate --sql").ok().answer;
    let listing = project.run("showmigrations --json").ok().json();
    assert_eq!(
        listing[0]["pending"],
        serde_json::json!(expected.migrations)
    );

    project.run("migrate").ok();
    let versions = diesel.run_pending();
    assert_eq!(server.versions(), versions);
    assert_eq!(versions.len(), expected.migrations);
    let full = dump(server);
    same("after all of them", &dump(&theirs), &full);
    let out = project.run("migrate").ok();
    assert_eq!(out.stdout, "");

    // All the way back, to the last that can't be taken back.
    let stop = &versions[versions.len() - expected.revertible - 1];
    project.run(&format!("downgrade {stop} -y")).ok();
    for _ in 0..expected.revertible {
        diesel.revert_last();
    }
    assert_eq!(
        server.versions(),
        versions[..versions.len() - expected.revertible]
    );
    same("after going back", &dump(&theirs), &dump(server));

    let before = dump(server);
    project.run("downgrade base -y").exits(1);
    same("after what can't be taken back", &before, &dump(server));

    project.run("migrate").ok();
    diesel.run_pending();
    assert_eq!(server.versions(), versions);
    same("after going forwards again", &dump(&theirs), &dump(server));

    let Ok(third) = Server::new(backend) else {
        panic!("the server is there");
    };
    match Client::find(backend) {
        // This one lacks what Diesel adds to SQLite.
        Ok(client) if backend != Backend::Sqlite => client.run(&third, &printed),
        // What a client has to be told, a server does not take.
        Err(_) if backend == Backend::Mysql => return,
        Ok(_) | Err(_) => execute(&third, &printed),
    }
    same("after the printed SQL", &full, &dump(&third));
}

/// Executes the printed SQL of a plan, migration by migration.
fn execute(server: &Server, printed: &str) {
    let mut probe = server.probe();
    if server.backend() == Backend::Sqlite {
        // As its own client has it.
        probe.execute("PRAGMA foreign_keys = OFF");
    }
    for block in printed.split("-- apply ") {
        let ledger = "INSERT INTO __diesel_schema_migrations";
        match block.rsplit_once(ledger) {
            // Several statements sent at once are one transaction to PostgreSQL.
            Some((text, row)) if !block.contains("\nBEGIN") => {
                let (_, text) = text
                    .split_once('\n')
                    .expect("the name has a line of its own");
                probe.execute(text);
                probe.execute(&format!("{ledger}{row}"));
            }
            Some(_) => probe.execute(&format!("-- {block}")),
            None => probe.execute(block),
        }
    }
}
