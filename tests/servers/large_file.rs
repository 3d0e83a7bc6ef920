//! A file as it comes out of a dump: twenty megabytes of rows.

use std::fmt::Write;

use diesel_manage::settings::Backend;

use crate::support::{Project, Server};
use crate::trials::Trials;

/// What a run may hold at once, in bytes.
const MOST: u64 = 300_000_000;

pub(crate) fn add(trials: &mut Trials) {
    // A server takes its time for each statement, so there they are fewer and longer.
    let name = "a_large_file_runs_in_little_memory";
    trials.on(&[Backend::Sqlite], name, |server: &Server| {
        large(server, 270_000, 44);
    });
    trials.on(
        &[Backend::Postgres, Backend::Mysql],
        name,
        |server: &Server| large(server, 20_000, 960),
    );
}

const NAME: &str = "2026-02-01-000000_data";

fn large(server: &Server, rows: usize, width: usize) {
    let mut text = String::with_capacity(rows * (width + 40));
    let letters = "n".repeat(width);
    for row in 0..rows {
        let _ = writeln!(
            text,
            "INSERT INTO items VALUES ({row}, '{letters}{}');",
            row % 10
        );
    }
    assert!(text.len() > 19_000_000, "{} bytes", text.len());
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_items",
        "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(1000) NOT NULL);",
        Some("DROP TABLE items;"),
    );
    let last = "INSERT INTO items VALUES (0, 'again');\n";
    project.migration(NAME, &format!("{text}{last}"), Some("DELETE FROM items;"));

    let out = project.run("migrate").exits(1);
    let number = rows + 1;
    // MariaDB quotes the key, and that is found in the statement.
    let column = if server.backend() == Backend::Mysql {
        27
    } else {
        1
    };
    out.says(&format!(
        "error: migration `{NAME}` failed at migrations/{NAME}/up.sql:{number}:{column} \
         (statement {number} of {number})"
    ))
    .says("  nothing of it was committed");
    assert!(out.to_string().len() < 2_000, "too much is said:\n{out}");
    assert!(
        out.peak.is_none_or(|peak| peak < MOST),
        "{:?} bytes of memory",
        out.peak
    );
    assert_eq!(server.value("SELECT count(*) FROM items"), "0");

    project.file(format!("migrations/{NAME}/up.sql"), text);
    let out = project.run("migrate").ok();
    assert_eq!(
        out.stdout,
        format!("  applied {NAME}  ({rows} statements, [elapsed])\n")
    );
    assert!(
        out.peak.is_none_or(|peak| peak < MOST),
        "{:?} bytes of memory",
        out.peak
    );
    assert_eq!(server.value("SELECT count(*) FROM items"), rows.to_string());
}
