//! `makemigrations --update` and the folders of one connection, on every server.

use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

/// 20 November 2026, a quarter past ten in the morning.
const NOW: i64 = 1_795_169_700;
const FOLDER: &str = "migrations/2026-11-20-101500_create_users";

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("a_pending_migration_is_written_again", again);
    trials.everywhere("what_was_written_by_hand_is_kept", by_hand);
    trials.everywhere("what_is_applied_is_not_written_again", applied);
    trials.everywhere("two_folders_make_one_order", folders);
}

fn models(columns: &str) -> String {
    format!("diesel::table! {{ users (id) {{ id -> Integer, {columns} }} }}\n")
}

const BEFORE: &str = "name -> Text, born -> Nullable<Timestamp>,";
const AFTER: &str = "name -> Text, born -> Nullable<Timestamp>, age -> Nullable<Integer>,";

/// A migration made from the models, not applied.
fn project(server: &Server) -> Project {
    let project = Project::on(server);
    project
        .settings("connections:\n  default:\n    url: ${DATABASE_URL}\n    models: src/schema.rs\n")
        .file("src/schema.rs", models(BEFORE));
    let _ = project.manage("makemigrations -q").at(NOW).run().ok();
    project
}

fn again(server: &Server) {
    let project = project(server);
    project.file("src/schema.rs", models(AFTER));
    project
        .run("makemigrations --update")
        .ok()
        .says(FOLDER)
        .says("proved: up reaches the models, down comes back, up works again");
    assert!(project.read(format!("{FOLDER}/up.sql")).contains("age"));
    let _ = project.run("makemigrations --check").ok();
    let _ = project.run("migrate").ok();
    assert_eq!(server.versions(), ["20261120101500"]);
}

fn by_hand(server: &Server) {
    let project = project(server);
    let up = project.read(format!("{FOLDER}/up.sql"));
    project.file(
        format!("{FOLDER}/up.sql"),
        format!("{up}INSERT INTO users (id, name) VALUES (1, 'Ada');\n"),
    );
    project.file("src/schema.rs", models(AFTER));
    project
        .run("makemigrations --update")
        .exits(4)
        .says("hint: let it go: --discard-edits");
    assert!(project.read(format!("{FOLDER}/up.sql")).contains("Ada"));
}

fn applied(server: &Server) {
    let project = project(server);
    // By whom does not matter.
    DieselRunner::new(server, &project).run(&["20261120101500"]);
    project.file("src/schema.rs", models(AFTER));
    project
        .run("makemigrations --update")
        .exits(1)
        .says("error: `2026-11-20-101500_create_users` is applied, so it stays as it is");
}

fn folders(server: &Server) {
    let project = Project::on(server);
    project.settings(
        "connections:\n  default:\n    url: ${DATABASE_URL}\n    migrations: [migrations, billing]\n",
    );
    for (folder, name, table) in [
        ("migrations", "2026-01-01-000000_one", "one"),
        ("billing", "2026-02-01-000000_two", "two"),
        ("migrations", "2026-03-01-000000_three", "three"),
    ] {
        project
            .file(
                format!("{folder}/{name}/up.sql"),
                format!("CREATE TABLE {table} (id INTEGER);\n"),
            )
            .file(
                format!("{folder}/{name}/down.sql"),
                format!("DROP TABLE {table};\n"),
            );
    }
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.versions(),
        ["20260101000000", "20260201000000", "20260301000000"]
    );
    let _ = project.run("check --with-database").ok();
    let _ = project.run("downgrade -2 --yes").ok();
    assert_eq!(server.versions(), ["20260101000000"]);
    // `diesel` sees one folder, and takes what the other made for none of its business.
    DieselRunner::new(server, &project).run(&["20260301000000"]);
    project.run("showmigrations").ok().shows(
        "
        default  $URL  3 migrations, 1 pending
         [X] 2026-01-01-000000_one  (migrations)
         [ ] 2026-02-01-000000_two  (head; billing)
         [X] 2026-03-01-000000_three  (head; migrations)",
    );
}
