//! The project of most transcripts: a lending library.

use std::path::Path;

use diesel_manage::settings::Backend;

use crate::support::{Probe, Project};

pub(crate) const AUTHORS: &str = "2026-01-05-090000_create_authors";
pub(crate) const BOOKS: &str = "2026-01-12-140000_create_books";
pub(crate) const LOANS: &str = "2026-02-02-101500_create_loans";

/// 20 November 2026, a quarter past ten in the morning.
pub(crate) const NOW: i64 = 1_795_169_700;

/// Settings with one connection, and nothing else.
pub(crate) fn empty() -> Project {
    let project = Project::new();
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n");
    project
}

/// Three migrations that are pending.
pub(crate) fn pending() -> Project {
    let project = empty();
    project
        .migration(
            AUTHORS,
            "CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);\n",
            Some("DROP TABLE authors;\n"),
        )
        .migration(
            BOOKS,
            "CREATE TABLE books (\n    \
             id INTEGER PRIMARY KEY NOT NULL,\n    \
             author_id INTEGER NOT NULL REFERENCES authors (id),\n    \
             title TEXT NOT NULL\n);\n\
             CREATE INDEX books_title ON books (title);\n",
            Some("DROP INDEX books_title;\nDROP TABLE books;\n"),
        )
        .migration(
            LOANS,
            "CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);\n",
            Some("DROP TABLE loans;\n"),
        );
    project
}

/// The same three, applied.
pub(crate) fn applied() -> Project {
    let project = pending();
    let _ = project.run("migrate -q").ok();
    project
}

/// The same three, applied, with an author and two books.
pub(crate) fn stocked() -> Project {
    let project = applied();
    probe(&project).execute(
        "INSERT INTO authors (id, name) VALUES (1, 'Ada');
         INSERT INTO books (author_id, title) VALUES (1, 'Engines'), (1, 'Notes');",
    );
    project
}

/// A look into the database of the project.
pub(crate) fn probe(project: &Project) -> Probe {
    probe_of(&project.path("db.sqlite3"))
}

/// A look into some file.
pub(crate) fn probe_of(file: &Path) -> Probe {
    let url = file.display().to_string();
    Probe::open(Backend::Sqlite, &url).expect("the file can be opened")
}

/// The versions that Diesel's table has, sorted.
pub(crate) fn ledger(project: &Project) -> Vec<String> {
    probe(project).lines("SELECT version FROM __diesel_schema_migrations ORDER BY version")
}

/// The tables of the project's own, sorted.
pub(crate) fn tables(project: &Project) -> Vec<String> {
    probe(project).lines(
        "SELECT name FROM sqlite_schema
         WHERE type = 'table' AND name NOT GLOB '__*' AND name NOT GLOB 'sqlite_*' ORDER BY name",
    )
}

/// What was done to which migration, oldest first.
pub(crate) fn history(project: &Project) -> Vec<String> {
    probe(project).lines("SELECT action, version FROM __manage_history ORDER BY id")
}
