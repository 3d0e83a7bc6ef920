//! Names and servers that mean harm: whatever a name holds it is a name, and no server reads our files.

use diesel_manage::settings::Backend;

use crate::support::{Project, Server};
use crate::trials::Trials;

/// Every quote, what queries mark places by, and what would be a statement of its own.
const NAME: &str = "a{}\"'`?$1; DROP TABLE kept; --";

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("hostile::a_name_is_a_name_whatever_it_holds", odd_name);
    trials.on(
        &[Backend::Mysql],
        "hostile::a_file_of_this_machine_is_not_sent_to_the_server",
        local_infile,
    );
}

fn odd_name(server: &Server) {
    let project = Project::on(server);
    let name = match server.backend() {
        Backend::Mysql => format!("`{}`", NAME.replace('`', "``")),
        Backend::Sqlite | Backend::Postgres => format!("\"{}\"", NAME.replace('"', "\"\"")),
    };
    project.migration(
        "2026-01-01-000000_kept",
        "CREATE TABLE kept (id INTEGER NOT NULL PRIMARY KEY);\nINSERT INTO kept VALUES (1);\n",
        Some("DROP TABLE kept;\n"),
    );
    project.migration(
        "2026-01-02-000000_odd",
        &format!(
            "CREATE TABLE {name} (id INTEGER NOT NULL PRIMARY KEY, {name} VARCHAR(20));\n\
             INSERT INTO {name} VALUES (1, 'x'), (2, NULL);\n"
        ),
        Some(&format!("DROP TABLE {name};\n")),
    );
    project.run("migrate").ok();
    let inspected = project.run("inspectdb --json").ok();
    assert!(inspected.stdout.contains("DROP TABLE kept"), "{inspected}");
    for format in ["", "--sql"] {
        let output = project.run(&format!("inspectdb {format}"));
        assert!(output.status.is_some(), "{output}");
    }
    let output = project.run("downgrade").exits(4);
    assert!(output.stderr.contains(": 2 rows"), "{output}");
    project.run("downgrade -y").ok();
    assert_eq!(server.value("SELECT count(*) FROM kept"), "1");
    project.run("migrate").ok();
    let output = project.run("dropdb").exits(4);
    assert_eq!(server.value("SELECT count(*) FROM kept"), "1", "{output}");
}

/// A server may answer any statement by asking for any file of the client's.
fn local_infile(server: &Server) {
    let project = Project::on(server);
    project.file("secret", "hunter2\n");
    let path = project.path("secret");
    project.migration(
        "2026-01-01-000000_read",
        &format!(
            "CREATE TABLE texts (line VARCHAR(100));\n\
             LOAD DATA LOCAL INFILE '{}' INTO TABLE texts;\n",
            path.display()
        ),
        Some("DROP TABLE texts;\n"),
    );
    let output = project.run("migrate").exits(1);
    output.never_says("hunter2");
    assert_eq!(server.value("SELECT count(*) FROM texts"), "0", "{output}");
}
