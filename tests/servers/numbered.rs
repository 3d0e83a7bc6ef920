//! Migrations one, two and three, each with a table of its name.

use crate::support::{Project, Server};

/// 2026-05-01 12:00:00 UTC.
pub(crate) const MAY: i64 = 1_777_636_800;

pub(crate) const ONE: &str = "2026-01-01-000000_one";
pub(crate) const TWO: &str = "2026-02-01-000000_two";
pub(crate) const THREE: &str = "2026-03-01-000000_three";

pub(crate) fn write(project: &Project, name: &str) {
    let table = name.split_once('_').map_or(name, |(_, table)| table);
    project.migration(
        name,
        &format!("CREATE TABLE {table} (id INTEGER);\nINSERT INTO {table} VALUES (1);\n"),
        Some(&format!("DROP TABLE {table};\n")),
    );
}

pub(crate) fn with(server: &Server, names: &[&str]) -> Project {
    let project = Project::on(server);
    for name in names {
        write(&project, name);
    }
    project
}

/// The versions and the tables of the migrations.
pub(crate) fn state(server: &Server) -> (Vec<String>, Vec<String>) {
    let tables = server.tables();
    let own = tables
        .into_iter()
        .filter(|table| !table.starts_with("__"))
        .collect();
    (server.versions(), own)
}

pub(crate) fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}
