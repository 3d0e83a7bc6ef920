//! The commands that show the graph and where a database stands, on every server.

use diesel_manage::settings::Backend;

use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];

/// Everything that asks the database.
const LOOKS: [&str; 7] = [
    "current",
    "current -v --check-heads",
    "current --json",
    "history -i",
    "history current:",
    "show heads",
    "show one",
];

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("current_and_history_tell_where_it_stands", tells);
    trials.everywhere("what_diesel_applied_is_shown_too", beside_diesel);
    trials.everywhere("looking_at_the_graph_makes_no_table", makes_nothing);
    trials.everywhere("waiting_sees_what_another_run_applies", waits);
    trials.on(
        &SERVERS,
        "a_role_that_may_only_select_can_look_at_the_graph",
        read_only,
    );
}

/// After `one`, `two` and `three` part; `four` joins them.
fn project(server: &Server) -> Project {
    let project = Project::on(server);
    for (name, follows) in [
        ("2026-01-01-000000_one", "[]"),
        ("2026-02-01-000000_two", "[\"20260101000000\"]"),
        ("2026-03-01-000000_three", "[\"20260101000000\"]"),
        (
            "2026-04-01-000000_four",
            "[\"20260201000000\", \"20260301000000\"]",
        ),
    ] {
        let table = name.rsplit('_').next().unwrap_or_default();
        project
            .migration(
                name,
                &format!("CREATE TABLE {table} (id INTEGER);\n"),
                Some(&format!("DROP TABLE {table};\n")),
            )
            .metadata(
                name,
                &format!("run_in_transaction = true\n\n[manage]\ndepends_on = {follows}\n"),
            );
    }
    project
}

fn tells(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate three").ok();
    project.run("current").ok().shows(
        "
        default  3 of 4 migrations applied
         2026-02-01-000000_two  (1 behind)
         2026-03-01-000000_three  (1 behind)",
    );
    project
        .run("current -v")
        .ok()
        .says("default  $URL  3 of 4 migrations applied");
    project.run("history -i").ok().shows(
        "
        default  migrations  4 migrations
         ● [ ] 2026-04-01-000000_four  (head)
         ├─╮
         ● │ [X] 2026-03-01-000000_three  (current)
         │ ● [X] 2026-02-01-000000_two  (current)
         ├─╯
         ● [X] 2026-01-01-000000_one",
    );
    project
        .run("show two")
        .ok()
        .says("  state        applied [time] UTC by tester, [elapsed]");
    let _ = project.run("current -c").exits(3);
    let _ = project.run("migrate").ok();
    project.run("current -c").ok().shows(
        "
        default  all 4 migrations applied
         2026-04-01-000000_four  (head)",
    );
}

fn beside_diesel(server: &Server) {
    let project = project(server);
    DieselRunner::new(server, &project).run(&["20260101000000", "20260201000000"]);
    project.run("current").ok().shows(
        "
        default  2 of 4 migrations applied
         2026-02-01-000000_two  (1 behind)",
    );
    project
        .run("show current")
        .ok()
        .says("  state        applied [time] UTC, not recorded by manage");
}

fn makes_nothing(server: &Server) {
    let project = project(server);
    for line in LOOKS.iter().chain(&["current --wait 0"]) {
        let out = project.run(line);
        assert!(matches!(out.status, Some(0 | 3)), "{line}: {out}");
        assert_eq!(server.tables(), [""; 0], "{line}");
    }
}

fn waits(server: &Server) {
    let project = project(server);
    let waiting = project.manage("current --wait 100").start();
    let _ = project.run("migrate").ok();
    waiting
        .wait()
        .ok()
        .says("default  all 4 migrations applied");
}

fn read_only(server: &Server) {
    let mut project = project(server);
    let _ = project.run("migrate two").ok();
    let user = server.user("looker", "lk-secret-1");
    let name = server.name();
    server.execute(&match server.backend() {
        Backend::Sqlite => panic!("a file has no users"),
        Backend::Postgres => format!(
            "GRANT SELECT ON __diesel_schema_migrations TO {user}; \
             REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        ),
        Backend::Mysql => format!(
            "GRANT SELECT ON {name}.__diesel_schema_migrations TO '{user}'@'%'; \
             GRANT SELECT ON {name}.__diesel_schema_migrations TO '{user}'@'localhost'"
        ),
    });
    let tables = server.tables();
    project.filter(&server.url_as(&user, Some("***")), "$URL");
    let project = project.url(&server.url_as(&user, Some("lk-secret-1")));
    project
        .run("current")
        .ok()
        .says(" 2026-02-01-000000_two  (1 behind)");
    for line in LOOKS {
        project
            .run(line)
            .never_says("lk-secret-1")
            .never_says("error:");
    }
    assert_eq!(server.tables(), tables);
}
