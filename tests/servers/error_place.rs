//! Where in the file an error is, whatever stands before it.

use diesel_manage::settings::Backend;

use crate::failures::one_migration;
use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("a_syntax_error_is_placed_in_the_file", syntax_error);
    trials.everywhere("an_unknown_column_is_placed_in_the_file", unknown_column);
}

/// A text without its `¶`, and the line and column where that stood.
fn marked(text: &str) -> (String, usize, usize) {
    let (before, _) = text.split_once('¶').expect("a place is marked");
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (text.replace('¶', ""), line, column)
}

/// Six statements and the beginning of a seventh, with all that makes counting hard before it.
const SIX_BEFORE: &str = "-- Grüße; drei „Tische“ 🪑\r\n\
    CREATE TABLE f1 (\r\n  id INTEGER NOT NULL, -- ; no end\r\n  name VARCHAR(40)\r\n);\r\n\
    CREATE TABLE f2 (id INTEGER); CREATE TABLE f3 (id INTEGER); /* ż; ć */\r\n\
    \r\n\
    ALTER TABLE f2\r\n    ADD COLUMN name VARCHAR(40) DEFAULT 'zażółć; gęślą';\r\n\
    CREATE TABLE f4 (id INTEGER);\r\n\
    CREATE INDEX f4_id ON f4 (id);\r\n\
    /* 日本語 */ ";

fn failing_project(server: &Server, seventh: &str) -> (Project, usize, usize) {
    let (text, line, column) = marked(&format!(
        "{SIX_BEFORE}{seventh};\r\nCREATE TABLE f5 (id INTEGER);\r\n"
    ));
    let project = Project::on(server);
    one_migration(&project);
    project.migration("2026-02-01-000000_seven", &text, Some("SELECT 1;"));
    (project, line, column)
}

#[track_caller]
fn fails_at(server: &Server, project: &Project, line: usize, column: usize) {
    let out = project.run("migrate").exits(1);
    out.says(&format!(
        "error: migration `2026-02-01-000000_seven` failed at \
         migrations/2026-02-01-000000_seven/up.sql:{line}:{column} (statement 7 of 8)"
    ));
    assert_eq!(server.versions(), ["20260101000000"]);
    let mut kept = vec![
        "__diesel_schema_migrations",
        "__manage_history",
        "__manage_schema",
        "one",
    ];
    match server.backend() {
        Backend::Sqlite | Backend::Postgres => {
            out.says("  nothing of it was committed");
        }
        Backend::Mysql => {
            out.says(
                "  statements 1 to 6 of 8 are in effect and cannot be rolled back; it is not recorded as applied",
            );
            kept.splice(3..3, ["f1", "f2", "f3", "f4"]);
        }
    }
    out.says("  the migration before it is committed");
    assert_eq!(server.tables(), kept);
    assert_eq!(server.value("SELECT count(*) FROM __manage_history"), "1");
}

fn syntax_error(server: &Server) {
    let (project, line, column) =
        failing_project(server, "INSERT INTO f1 (id,\r\n   name) ¶VALEUS (7, 'ł')");
    assert_eq!((line, column), (13, 10));
    fails_at(server, &project, line, column);
}

fn unknown_column(server: &Server) {
    let (project, line, column) = failing_project(
        server,
        "SELECT 'nmae; ''' AS \"ü\", id\r\n  FROM f1\r\n WHERE ¶nmae = 'ł'",
    );
    fails_at(server, &project, line, column);
}
