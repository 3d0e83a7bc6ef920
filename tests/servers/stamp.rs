//! Rows of the ledger that are written and deleted without running anything, and migrations that are
//! reverted and applied again.

use crate::numbered::{ONE, THREE, TWO, state, texts, with};
use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("stamp_records_and_forgets_and_diesel_agrees", stamp);
    trials.everywhere("stamp_keeps_the_texts_for_a_rollback", stamp_texts);
    trials.everywhere("stamp_leaves_what_diesel_wrote_where_it_is", stamp_diesel);
    trials.everywhere("stamp_purge_erases_every_row", stamp_purge);
    trials.everywhere("stamp_prints_a_script_that_does_the_same", stamp_script);
    trials.everywhere("stamp_of_branches", stamp_branches);
    trials.everywhere("redo_reverts_and_applies_again", redo);
    trials.everywhere(
        "redo_says_what_is_left_when_its_second_half_fails",
        redo_fails,
    );
    trials.everywhere("prune_forgets_what_has_no_folder", prune);
    trials.everywhere("fake_initial_records_what_is_there", fake_initial_there);
    trials.everywhere(
        "fake_initial_runs_what_is_not_there",
        fake_initial_not_there,
    );
    trials.everywhere(
        "fake_initial_stops_at_what_is_there_in_part",
        fake_initial_partly,
    );
    trials.everywhere("fake_initial_warns_of_other_types", fake_initial_types);
    trials.everywhere(
        "fake_initial_looks_past_what_makes_no_table",
        fake_initial_setup,
    );
    trials.everywhere("fake_initial_of_several_beginnings", fake_initial_branches);
    trials.everywhere("hooks_find_the_database", hooks);
}

const VERSIONS: [&str; 3] = ["20260101000000", "20260201000000", "20260301000000"];

fn stamp(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    let diesel = DieselRunner::new(server, &project);
    let out = project.run("stamp two").ok();
    assert_eq!(
        out.stdout,
        "  recorded 2026-01-01-000000_one  (not run)\n  \
           recorded 2026-02-01-000000_two  (not run)\n"
    );
    out.says("default is at 2026-02-01-000000_two.");
    assert_eq!(state(server), (texts(&VERSIONS[..2]), texts(&[])));
    assert_eq!(diesel.applied(), VERSIONS[..2]);
    assert_eq!(diesel.pending(), VERSIONS[2..]);

    let _ = project.run("stamp head").ok();
    assert_eq!(diesel.applied(), VERSIONS);
    let out = project.run("stamp one").ok();
    assert_eq!(
        out.stdout,
        "  forgotten 2026-03-01-000000_three  (not run)\n  \
           forgotten 2026-02-01-000000_two  (not run)\n"
    );
    assert_eq!(diesel.applied(), VERSIONS[..1]);
    assert_eq!(diesel.run_pending(), VERSIONS[1..]);
    let _ = project.run("stamp base").ok();
    assert_eq!(diesel.applied(), [""; 0]);
    assert_eq!(state(server).1, texts(&["three", "two"]));
    assert_eq!(
        server.lines("SELECT version, action FROM __manage_history ORDER BY id"),
        [
            "20260101000000|fake",
            "20260201000000|fake",
            "20260301000000|fake",
            "20260301000000|unfake",
            "20260201000000|unfake",
            "20260301000000|unfake",
            "20260201000000|unfake",
            "20260101000000|unfake",
        ]
    );
}

fn stamp_texts(server: &Server) {
    let project = with(server, &[ONE, TWO]);
    server.execute("CREATE TABLE two (id INTEGER)");
    let _ = project.run("stamp head").ok();
    project.remove(TWO);
    let _ = project.run("downgrade -y --on-missing ignore").ok();
    assert_eq!(state(server), (texts(&VERSIONS[..1]), texts(&[])));
}

/// What Diesel applied and the targets keep is not touched: its row is the same one.
fn stamp_diesel(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    let diesel = DieselRunner::new(server, &project);
    diesel.run(&VERSIONS[..1]);
    let before = server.lines("SELECT run_on FROM __diesel_schema_migrations");
    let _ = project.run("stamp three").ok();
    assert_eq!(diesel.applied(), VERSIONS);
    let after = server
        .lines("SELECT run_on FROM __diesel_schema_migrations WHERE version = '20260101000000'");
    assert_eq!(before, after);
    // Diesel takes back what was only recorded, if there is something to take back.
    server.execute("CREATE TABLE three (id INTEGER)");
    assert_eq!(diesel.revert_last(), VERSIONS[2]);
}

fn stamp_purge(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    let _ = project.run("migrate").ok();
    project.remove(TWO);
    let out = project.run("stamp three").ok();
    out.says("warning: 1 row has no folder and will stay: 2026-02-01-000000_two");
    assert_eq!(server.versions(), VERSIONS);
    let _ = project.run("stamp one --purge").exits(4);
    assert_eq!(server.versions(), VERSIONS);
    let out = project.run("stamp one --purge -y").ok();
    assert_eq!(
        out.stdout,
        "  forgotten 2026-03-01-000000_three  (not run)\n  \
           forgotten 2026-02-01-000000_two  (not run)\n  \
           forgotten 2026-01-01-000000_one  (not run)\n  \
           recorded 2026-01-01-000000_one  (not run)\n"
    );
    assert_eq!(
        state(server),
        (texts(&VERSIONS[..1]), texts(&["one", "three", "two"]))
    );
}

fn stamp_script(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    let script = project.run("stamp two --sql").ok().answer;
    assert_eq!(server.tables(), [""; 0]);
    server.execute(&script);
    assert_eq!(server.versions(), VERSIONS[..2]);
    let script = project.run("stamp base --sql").ok().answer;
    server.execute(&script);
    assert_eq!(server.versions(), [""; 0]);
}

/// Two and three both follow one, each with a label.
fn branches(server: &Server) -> Project {
    let project = with(server, &[ONE, TWO, THREE]);
    for (name, label) in [(TWO, "left"), (THREE, "right")] {
        project.metadata(
            name,
            &format!(
                "run_in_transaction = true\n[manage]\ndepends_on = [\"{}\"]\nlabels = [\"{label}\"]\n",
                VERSIONS[0]
            ),
        );
    }
    project
}

fn stamp_branches(server: &Server) {
    let project = branches(server);
    let diesel = DieselRunner::new(server, &project);
    let _ = project.run("stamp right@head").ok();
    assert_eq!(diesel.applied(), [VERSIONS[0], VERSIONS[2]]);
    let _ = project.run("stamp left@head").ok();
    assert_eq!(diesel.applied(), VERSIONS);
    let _ = project.run("stamp right@base").ok();
    assert_eq!(diesel.applied(), VERSIONS[..2]);
    let out = project.run("stamp three").ok();
    assert_eq!(
        out.stdout,
        "  forgotten 2026-02-01-000000_two  (not run)\n  \
           recorded 2026-03-01-000000_three  (not run)\n"
    );
    assert_eq!(diesel.applied(), [VERSIONS[0], VERSIONS[2]]);
    let _ = project.run("migrate left@head --fake").ok();
    assert_eq!(diesel.applied(), VERSIONS);
    let _ = project.run("downgrade left@base --fake -y").ok();
    assert_eq!(diesel.applied(), [VERSIONS[0], VERSIONS[2]]);
}

fn redo(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    let _ = project.run("migrate").ok();
    server.execute("INSERT INTO three VALUES (2), (3)");
    let out = project.run("redo").exits(4);
    out.says("      drops table `three`: 3 rows")
        .says("hint: redo without asking: --yes");
    project.migration(
        TWO,
        "CREATE TABLE two (id INTEGER, note INTEGER);\nINSERT INTO two VALUES (1, 2);\n",
        Some("DROP TABLE two;\n"),
    );
    let out = project.run("redo -2 -y").ok();
    assert_eq!(
        out.stdout,
        "  reverted 2026-03-01-000000_three  (1 statement, [elapsed])\n  \
           reverted 2026-02-01-000000_two  (1 statement, [elapsed])\n  \
           applied 2026-02-01-000000_two  (2 statements, [elapsed])\n  \
           applied 2026-03-01-000000_three  (2 statements, [elapsed])\n"
    );
    assert_eq!(server.lines("SELECT id, note FROM two"), ["1|2"]);
    assert_eq!(server.lines("SELECT id FROM three"), ["1"]);
    let diesel = DieselRunner::new(server, &project);
    assert_eq!(diesel.applied(), VERSIONS);
    assert_eq!(diesel.revert_last(), VERSIONS[2]);
}

fn redo_fails(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    let _ = project.run("migrate").ok();
    project.migration(
        TWO,
        "CREATE TABLE two (id INTEGER);\nINSERT INTO nowhere VALUES (1);\n",
        Some("DROP TABLE two;\n"),
    );
    let out = project.run("redo -2 -y").exits(1);
    out.says(
        "  reverted and not applied again: `2026-02-01-000000_two`, `2026-03-01-000000_three`",
    );
    assert_eq!(server.versions(), VERSIONS[..1]);
    // It says what to type, and that works.
    let typed = "manage migrate 2026-03-01-000000_three";
    assert!(
        out.stderr
            .lines()
            .any(|line| line.starts_with("hint: ") && line.contains(typed)),
        "{out}"
    );
    // Where DDL cannot be rolled back, half of it is there, and is gone on with.
    project.file(
        format!("migrations/{TWO}/up.sql"),
        "CREATE TABLE two (id INTEGER);\nINSERT INTO two VALUES (1);\n",
    );
    let _ = project.run("migrate 2026-03-01-000000_three").ok();
    assert_eq!(
        state(server),
        (texts(&VERSIONS), texts(&["one", "three", "two"]))
    );
}

fn prune(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    let _ = project.run("migrate two").ok();
    project.remove(TWO);
    let plan = project.run("migrate --prune --plan").ok();
    assert_eq!(
        plan.stdout,
        "default: 1 migration without a folder would be forgotten; nothing is run and the schema stays\n  \
           - 2026-02-01-000000_two  (applied [time] UTC)\n"
    );
    let _ = project.run("migrate --prune --check").exits(3);
    let _ = project.run("migrate --prune").exits(4);
    assert_eq!(server.versions(), VERSIONS[..2]);
    let out = project.run("migrate --prune -y").ok();
    out.says("Forgot that `2026-02-01-000000_two` was applied.");
    // It stops there: three is still pending.
    assert_eq!(
        state(server),
        (texts(&VERSIONS[..1]), texts(&["one", "two"]))
    );
    let _ = project.run("migrate --prune --check").ok();
    let _ = project.run("migrate --prune").ok();
    assert_eq!(
        server.lines("SELECT version, action FROM __manage_history ORDER BY id")[2..],
        ["20260201000000|prune"]
    );
}

const BEGIN: &str = "2026-01-01-000000_begin";

/// A first migration with two tables and a view, and one that follows it.
fn initial(server: &Server) -> Project {
    let project = Project::on(server);
    project
        .migration(
            BEGIN,
            &made("INTEGER"),
            Some("DROP VIEW names;\nDROP TABLE posts;\nDROP TABLE users;\n"),
        )
        .migration(
            TWO,
            "ALTER TABLE users ADD COLUMN age INTEGER;\n",
            Some("ALTER TABLE users DROP COLUMN age;\n"),
        );
    project
}

fn made(number: &str) -> String {
    format!(
        "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(40));\n\
         CREATE TABLE posts (id INTEGER PRIMARY KEY NOT NULL, likes {number});\n\
         CREATE VIEW names AS SELECT name FROM users;\n"
    )
}

fn fake_initial_there(server: &Server) {
    let project = initial(server);
    server.execute(&made("INTEGER"));
    let plan = project.run("migrate --fake-initial --plan").ok();
    assert_eq!(
        plan.stdout,
        "default  2 migrations would be applied\n  \
           + 2026-01-01-000000_begin  (recorded only)\n  \
           + 2026-02-01-000000_two\n"
    );
    assert_eq!(server.tables(), ["posts", "users"]);
    let out = project.run("migrate --fake-initial").ok();
    out.says("`2026-01-01-000000_begin` makes 2 tables that are there already, with the same columns: it is recorded, not run.")
        .says("default: 1 migration applied, 1 recorded in [elapsed].");
    assert_eq!(
        out.stdout,
        "  recorded 2026-01-01-000000_begin  (not run)\n  \
           applied 2026-02-01-000000_two  (1 statement, [elapsed])\n"
    );
    let diesel = DieselRunner::new(server, &project);
    assert_eq!(diesel.applied(), VERSIONS[..2]);
    assert_eq!(diesel.revert_last(), VERSIONS[1]);
    assert_eq!(diesel.revert_last(), VERSIONS[0]);
}

fn fake_initial_not_there(server: &Server) {
    let project = initial(server);
    let out = project.run("migrate --fake-initial").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-01-01-000000_begin  (3 statements, [elapsed])\n  \
           applied 2026-02-01-000000_two  (1 statement, [elapsed])\n"
    );
    // With everything applied there is nothing to look for.
    let _ = project.run("migrate --fake-initial").ok();
}

fn fake_initial_partly(server: &Server) {
    let project = initial(server);
    server.execute(
        "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL, email VARCHAR(40));\n\
         CREATE VIEW names AS SELECT email FROM users;",
    );
    for line in ["migrate --fake-initial", "migrate --fake-initial --plan"] {
        let out = project.run(line).exits(1);
        assert_eq!(out.stdout, "");
        out.says(
            "error: what `2026-01-01-000000_begin` makes is there in part, or with other columns",
        )
        .says("  table `posts` is not there")
        .says("  column `users.name` is not there")
        .says("  column `users.email` is there, and the migration does not make it")
        .says("  nothing was run")
        .says("hint: record it as it is: manage migrate --fake 2026-01-01-000000_begin");
    }
    assert_eq!(server.tables(), ["users"]);
    let _ = project.run("migrate --fake 2026-01-01-000000_begin").ok();
    assert_eq!(server.versions(), VERSIONS[..1]);
    server.execute("DROP VIEW names; CREATE TABLE posts (id INTEGER, likes INTEGER);");
    server.execute("DELETE FROM __diesel_schema_migrations; DROP TABLE users; CREATE TABLE users (id INTEGER, name VARCHAR(40));");
    let out = project.run("migrate --fake-initial").exits(1);
    out.says("  view `names` is not there");
}

fn fake_initial_types(server: &Server) {
    let project = initial(server);
    server.execute(&made("VARCHAR(9)"));
    let out = project.run("migrate begin --fake-initial").ok();
    assert_eq!(
        out.stdout,
        "  recorded 2026-01-01-000000_begin  (not run)\n"
    );
    assert!(
        out.stderr
            .lines()
            .any(|line| line.starts_with("warning: column `posts.likes` is ")),
        "{out}"
    );
}

/// What `diesel setup` writes on PostgreSQL makes functions; the first tables come after it.
fn fake_initial_setup(server: &Server) {
    let project = initial(server);
    project.migration(
        "00000000000000_diesel_initial_setup",
        "SELECT 1;\n",
        Some("SELECT 1;\n"),
    );
    server.execute(&made("INTEGER"));
    let out = project.run("migrate --fake-initial").ok();
    assert_eq!(
        out.stdout,
        "  applied 00000000000000_diesel_initial_setup  (1 statement, [elapsed])\n  \
           recorded 2026-01-01-000000_begin  (not run)\n  \
           applied 2026-02-01-000000_two  (1 statement, [elapsed])\n"
    );
}

/// Two lines of migrations begin on their own, and the tables of one are there.
fn fake_initial_branches(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    for (name, label) in [(ONE, "left"), (TWO, "right")] {
        project.metadata(
            name,
            &format!(
                "run_in_transaction = true\n[manage]\ndepends_on = []\nlabels = [\"{label}\"]\n"
            ),
        );
    }
    server.execute("CREATE TABLE two (id INTEGER)");
    let out = project.run("migrate --fake-initial").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-01-01-000000_one  (2 statements, [elapsed])\n  \
           recorded 2026-02-01-000000_two  (not run)\n  \
           applied 2026-03-01-000000_three  (2 statements, [elapsed])\n"
    );
}

/// A hook reaches the database that is migrated, and nothing shows the password.
fn hooks(server: &Server) {
    let project = with(server, &[ONE]).variable("PATH", "/usr/bin:/bin");
    project.settings(
        "connections:\n  default: { url: '${DATABASE_URL}' }\n\
         hooks:\n  pre_migrate: [[sh, -c, 'printf %s \"$MANAGE_DATABASE_URL\" > url; printf %s \"$MANAGE_DATABASE_NAME\" > name']]\n",
    );
    let _ = project.run("migrate").ok();
    let url = project.read("url");
    let name = project.read("name");
    let file = name.rsplit('/').next().unwrap_or_default();
    assert_eq!(file.trim_end_matches(".db"), server.name());
    // What it was told leads to the same database.
    let listing = project
        .manage("showmigrations --json")
        .arg("--database-url")
        .arg(&url)
        .run()
        .ok();
    assert_eq!(listing.json()[0]["migrations"][0]["applied"], true);
}
