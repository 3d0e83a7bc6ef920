//! Where files and database disagree, and the flags that decide.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::daily_round::states;
use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("out_of_order_is_a_question", out_of_order_question);
    trials.everywhere("out_of_order_apply_runs_it_now", out_of_order_apply);
    trials.everywhere(
        "out_of_order_rebase_gives_a_new_version",
        out_of_order_rebase,
    );
    trials.everywhere(
        "out_of_order_can_be_answered_in_the_settings",
        out_of_order_settings,
    );
    trials.everywhere("line_ends_and_comments_are_no_edit", no_edit);
    trials.everywhere("edited_is_a_question", edited_question);
    trials.everywhere("edited_accept_records_the_new_text", edited_accept);
    trials.everywhere("missing_is_a_question", missing_question);
    trials.everywhere("missing_restore_writes_the_files_again", missing_restore);
    trials.everywhere("missing_ignore_reverts_from_the_record", missing_ignore);
    trials.everywhere("missing_prune_forgets_the_row", missing_prune);
    trials.everywhere(
        "missing_and_never_recorded_has_nothing_to_restore_from",
        missing_unrecorded,
    );
    trials.everywhere("duplicate_is_a_question", duplicate_question);
    trials.everywhere("duplicate_renumber_runs_both", duplicate_renumber);
    trials.everywhere(
        "duplicate_renumber_leaves_the_applied_one",
        duplicate_applied,
    );
}

/// 2026-05-01 12:00:00 UTC.
const MAY: i64 = 1_777_636_800;

const ONE: &str = "2026-01-01-000000_one";
const TWO: &str = "2026-02-01-000000_two";
const THREE: &str = "2026-03-01-000000_three";

fn write(project: &Project, name: &str) {
    let table = name.split_once('_').map_or(name, |(_, table)| table);
    project.migration(
        name,
        &format!("CREATE TABLE {table} (id INTEGER);\nINSERT INTO {table} VALUES (1);\n"),
        Some(&format!("DROP TABLE {table};\n")),
    );
}

fn with(server: &Server, names: &[&str]) -> Project {
    let project = Project::on(server);
    for name in names {
        write(&project, name);
    }
    project
}

/// The versions and the tables of the migrations.
fn state(server: &Server) -> (Vec<String>, Vec<String>) {
    let tables = server.tables();
    let own = tables
        .into_iter()
        .filter(|table| !table.starts_with("__"))
        .collect();
    (server.versions(), own)
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

/// One and three are applied, two came later.
fn late(server: &Server) -> Project {
    let project = with(server, &[ONE, THREE]);
    let _ = project.run("migrate").ok();
    write(&project, TWO);
    project
}

fn out_of_order_question(server: &Server) {
    let project = late(server);
    let before = state(server);
    let listing = project.run("showmigrations").ok();
    assert_eq!(
        listing.stdout,
        "default  $URL  3 migrations, 1 pending\n \
         [X] 2026-01-01-000000_one\n \
         [!] 2026-02-01-000000_two  (pending, out of order)\n \
         [X] 2026-03-01-000000_three  (head)\n"
    );
    let warning = "warning: 1 migration is pending, but older than `2026-03-01-000000_three`, which is applied";
    listing.says(warning);
    project
        .run("migrate --plan")
        .ok()
        .says(warning)
        .says("  + 2026-02-01-000000_two");

    let out = project.run("migrate").exits(4);
    out.says("hint: --on-out-of-order apply  (apply now, in version order, as `diesel` would)")
        .says("hint: --on-out-of-order rebase  (give new versions, after the newest, then apply)")
        .says("hint: --on-out-of-order stop  (change nothing)");
    assert_eq!(out.stdout, "");
    let out = project.run("migrate --on-out-of-order stop").exits(1);
    out.says("  nothing was run");
    assert_eq!(out.stdout, "");
    let out = project.run("migrate --on-out-of-order perhaps").exits(2);
    assert_eq!(out.stdout, "");
    assert_eq!(state(server), before);
    // The way back is no matter of order.
    let _ = project.run("downgrade -y").ok();
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn out_of_order_apply(server: &Server) {
    let project = late(server);
    let out = project.run("migrate --on-out-of-order apply").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-02-01-000000_two  (2 statements, [elapsed])\n"
    );
    assert_eq!(
        state(server),
        (
            texts(&["20260101000000", "20260201000000", "20260301000000"]),
            texts(&["one", "three", "two"])
        )
    );
    // Highest version first, as Diesel does it.
    let out = project.run("downgrade -y").ok();
    assert_eq!(
        out.stdout,
        "  reverted 2026-03-01-000000_three  (1 statement, [elapsed])\n"
    );
}

fn out_of_order_rebase(server: &Server) {
    let project = late(server);
    let four = "2026-04-01-000000_four";
    write(&project, four);
    project.metadata(
        four,
        "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260201000000\"]  # two\n",
    );
    let out = project
        .manage("migrate --on-out-of-order rebase")
        .at(MAY)
        .run()
        .ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-04-01-000000_four  (2 statements, [elapsed])\n  \
           applied 2026-05-01-120000_two  (2 statements, [elapsed])\n"
    );
    assert_eq!(
        state(server),
        (
            texts(&[
                "20260101000000",
                "20260301000000",
                "20260401000000",
                "20260501120000"
            ]),
            texts(&["four", "one", "three", "two"])
        )
    );
    assert!(!project.folder_of(TWO).exists());
    assert_eq!(
        project.read("migrations/2026-05-01-120000_two/up.sql"),
        "CREATE TABLE two (id INTEGER);\nINSERT INTO two VALUES (1);\n"
    );
    assert_eq!(
        project.read(format!("migrations/{four}/metadata.toml")),
        "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260501120000\"]  # two\n"
    );
}

fn out_of_order_settings(server: &Server) {
    let project = late(server);
    let settings = |line: &str| {
        format!(
            "connections:\n  default:\n    url: {}\n    migrations: migrations\n{line}",
            server.url()
        )
    };
    project.settings(&settings("    on:\n      out_of_order: stop\n"));
    let _ = project.run("migrate").exits(1);
    project.settings(&settings("    order: any\n"));
    let out = project.run("migrate").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-02-01-000000_two  (2 statements, [elapsed])\n"
    );

    let late = "2026-01-15-000000_later_still";
    write(&project, late);
    project.settings(&settings("on:\n  out_of_order: stop\n"));
    let _ = project.run("migrate").exits(1);
    // A flag goes before the settings.
    let _ = project.run("migrate --on-out-of-order apply").ok();
    assert_eq!(server.versions().len(), 4);
}

/// Writes a file anew and makes it look older, so that it is certainly opened again.
fn rewrite(project: &Project, name: &str, text: &str) {
    let path = project.folder_of(name).join("up.sql");
    fs::write(&path, text).expect("a file can be written");
    let file = fs::File::options()
        .write(true)
        .open(&path)
        .expect("the file is there");
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    file.set_modified(long_ago).expect("the time can be set");
}

fn no_edit(server: &Server) {
    let project = with(server, &[ONE]);
    let _ = project.run("migrate").ok();
    for text in [
        "CREATE TABLE one (id INTEGER);\r\nINSERT INTO one VALUES (1);\r\n",
        "-- What it is for.\nCREATE TABLE one (id INTEGER);\n\n  INSERT INTO one\n  VALUES (1);",
        "CREATE TABLE one (id /* a number */ INTEGER);\nINSERT INTO one VALUES (1);\n",
    ] {
        rewrite(&project, ONE, text);
        project.run("showmigrations").ok().shows(
            "
            default  $URL  1 migration, nothing pending
             [X] 2026-01-01-000000_one  (head)",
        );
        let _ = project.run("migrate").ok();
    }
}

/// One is applied and says something else now; two is pending.
fn edited(server: &Server) -> Project {
    let project = with(server, &[ONE]);
    let _ = project.run("migrate").ok();
    rewrite(
        &project,
        ONE,
        "CREATE TABLE one (id INTEGER);\nINSERT INTO one VALUES (2);\n",
    );
    write(&project, TWO);
    project
}

fn edited_question(server: &Server) {
    let project = edited(server);
    let before = state(server);
    let listing = project.run("showmigrations").ok();
    assert_eq!(
        listing.stdout,
        "default  $URL  2 migrations, 1 pending\n \
         [X] 2026-01-01-000000_one  (edited since)\n \
         [ ] 2026-02-01-000000_two  (head)\n"
    );
    listing
        .says("warning: 1 migration was edited after being applied")
        .says("  migrations/2026-01-01-000000_one/up.sql  (applied [time] UTC by tester)");
    for line in ["migrate", "downgrade -y"] {
        let out = project.run(line).exits(4);
        out.says("- INSERT INTO one VALUES (1);")
            .says("+ INSERT INTO one VALUES (2);");
        assert_eq!(out.stdout, "");
        let _ = project.run(&format!("{line} --on-edited stop")).exits(1);
        // What is accepted has a reason.
        let out = project.run(&format!("{line} --on-edited accept")).exits(4);
        out.says("hint: say why: --reason TEXT");
    }
    assert_eq!(state(server), before);
}

fn edited_accept(server: &Server) {
    let project = edited(server);
    let out = project
        .manage("migrate --on-edited accept --reason")
        .arg("it's a typo")
        .run()
        .ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-02-01-000000_two  (2 statements, [elapsed])\n"
    );
    // Nothing of it was run again.
    assert_eq!(server.lines("SELECT id FROM one"), ["1"]);
    assert_eq!(
        server.lines("SELECT action, reason FROM __manage_history ORDER BY id"),
        ["apply|NULL", "accept|it's a typo", "apply|NULL"]
    );
    project.run("showmigrations").ok().shows(
        "
        default  $URL  2 migrations, nothing pending
         [X] 2026-01-01-000000_one
         [X] 2026-02-01-000000_two  (head)",
    );
    let _ = project.run("downgrade base -y").ok();
    assert_eq!(state(server), (vec![], vec![]));
}

/// One and two are applied; the folder of two is gone, and three is pending.
fn missing(server: &Server) -> Project {
    let project = with(server, &[ONE, TWO]);
    let _ = project.run("migrate").ok();
    project.remove(TWO);
    write(&project, THREE);
    project
}

fn missing_question(server: &Server) {
    let project = missing(server);
    let before = state(server);
    let listing = project.run("showmigrations").ok();
    assert_eq!(
        listing.stdout,
        "default  $URL  3 migrations, 1 pending\n \
         [X] 2026-01-01-000000_one\n \
         [?] 2026-02-01-000000_two  (applied, folder missing)\n \
         [ ] 2026-03-01-000000_three  (head)\n"
    );
    listing
        .says("warning: 1 migration is applied, but the folder is gone")
        .says("  2026-02-01-000000_two  (applied [time] UTC)");
    for line in ["migrate", "downgrade -y"] {
        let out = project.run(line).exits(4);
        out.says(
            "hint: --on-missing restore  (write the folder again, from what the database recorded)",
        )
        .says("hint: --on-missing ignore  (go on without it; a rollback uses the recorded SQL)")
        .says("hint: --on-missing prune  (forget that it was applied; the schema stays as it is)")
        .says("hint: --on-missing stop  (change nothing)");
        assert_eq!(out.stdout, "");
        let _ = project.run(&format!("{line} --on-missing stop")).exits(1);
    }
    assert_eq!(state(server), before);
}

fn missing_restore(server: &Server) {
    let project = with(server, &[ONE]);
    let up =
        "-- „Zwei“; zażółć 🪑\r\nCREATE TABLE two (id INTEGER);\r\n\r\nINSERT INTO two VALUES (2);";
    let down = "DROP TABLE two; -- back\n\n";
    project
        .migration(TWO, up, Some(down))
        .metadata(TWO, "run_in_transaction = false\n");
    project.migration(THREE, "SELECT 1;", None);
    let _ = project.run("migrate").ok();
    project.remove(TWO).remove(THREE);
    let _ = project.run("migrate --on-missing restore").ok();
    assert_eq!(project.read(format!("migrations/{TWO}/up.sql")), up);
    assert_eq!(project.read(format!("migrations/{TWO}/down.sql")), down);
    let metadata = project.read(format!("migrations/{TWO}/metadata.toml"));
    assert_eq!(metadata.lines().next(), Some("run_in_transaction = false"));
    assert_eq!(
        project.read(format!("migrations/{THREE}/up.sql")),
        "SELECT 1;"
    );
    assert!(!project.folder_of(THREE).join("down.sql").exists());
    let listing = project.run("showmigrations --json").ok().json();
    assert_eq!(
        states(&listing),
        [(ONE, "applied"), (TWO, "applied"), (THREE, "applied")]
    );
    assert_eq!(server.lines("SELECT id FROM two"), ["2"]);
    assert_eq!(DieselRunner::new(server, &project).pending(), [""; 0]);
}

fn missing_ignore(server: &Server) {
    let project = missing(server);
    let out = project.run("migrate --on-missing ignore").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-03-01-000000_three  (2 statements, [elapsed])\n"
    );
    let out = project.run("downgrade one -y --on-missing ignore").ok();
    out.says("  - 2026-02-01-000000_two  (folder missing; from the recorded SQL)");
    assert_eq!(
        out.stdout,
        "  reverted 2026-03-01-000000_three  (1 statement, [elapsed])\n  \
           reverted 2026-02-01-000000_two  (1 statement, [elapsed])\n"
    );
    assert_eq!(state(server), (texts(&["20260101000000"]), texts(&["one"])));
    assert!(!project.folder_of(TWO).exists());
}

fn missing_prune(server: &Server) {
    let project = missing(server);
    let _ = project.run("migrate --on-missing prune").ok();
    assert_eq!(
        state(server),
        (
            texts(&["20260101000000", "20260301000000"]),
            texts(&["one", "three", "two"])
        )
    );
    assert_eq!(
        server.lines("SELECT version, action FROM __manage_history ORDER BY id"),
        [
            "20260101000000|apply",
            "20260201000000|apply",
            "20260201000000|prune",
            "20260301000000|apply"
        ]
    );
    let listing = project.run("showmigrations --json").ok().json();
    assert_eq!(states(&listing), [(ONE, "applied"), (THREE, "applied")]);
}

fn missing_unrecorded(server: &Server) {
    let project = with(server, &[ONE, TWO]);
    DieselRunner::new(server, &project).run_pending();
    project.remove(TWO);
    let before = state(server);
    let listing = project.run("showmigrations").ok();
    listing.says(" [?] 20260201000000  (applied, folder missing)");
    let out = project.run("migrate").exits(4);
    out.never_says("--on-missing restore")
        .says("hint: --on-missing stop  (change nothing)");
    let out = project.run("migrate --on-missing restore").exits(1);
    out.says(
        "error: the SQL of `20260201000000` is not recorded, so its folder cannot be restored",
    );
    let out = project.run("downgrade -y --on-missing ignore").exits(1);
    out.says(
        "error: migration `20260201000000` cannot be reverted: its folder is gone; \
         its down.sql was expected in migrations/20260201000000",
    )
    .says("  nothing was run");
    assert_eq!(state(server), before);
    let _ = project.run("downgrade -y --fake --on-missing ignore").ok();
    assert_eq!(
        state(server),
        (texts(&["20260101000000"]), texts(&["one", "two"]))
    );
}

const TWIN: &str = "20260201000000_twin";

fn duplicate_question(server: &Server) {
    let project = with(server, &[ONE, TWO, TWIN]);
    let listing = project.run("showmigrations").ok();
    assert_eq!(
        listing.stdout,
        "default  $URL  3 migrations, 1 pending\n \
         [ ] 2026-01-01-000000_one\n \
         [2] 2026-02-01-000000_two  (two folders have this version; head)\n \
         [2] 20260201000000_twin  (two folders have this version; head)\n"
    );
    let out = project.run("migrate").exits(4);
    out.says("  20260201000000: 2026-02-01-000000_two and 20260201000000_twin")
        .says("hint: --on-duplicate renumber  (give one of them a new version, after all others)")
        .says("hint: --on-duplicate stop  (change nothing)");
    let _ = project.run("migrate --on-duplicate stop").exits(1);
    assert_eq!(state(server), (vec![], vec![]));
    assert_eq!(server.tables(), [""; 0]);
}

fn duplicate_renumber(server: &Server) {
    let project = with(server, &[ONE, TWO, TWIN, THREE]);
    let out = project
        .manage("migrate --on-duplicate renumber")
        .at(MAY)
        .run()
        .ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-01-01-000000_one  (2 statements, [elapsed])\n  \
           applied 2026-02-01-000000_two  (2 statements, [elapsed])\n  \
           applied 2026-03-01-000000_three  (2 statements, [elapsed])\n  \
           applied 2026-05-01-120000_twin  (2 statements, [elapsed])\n"
    );
    assert!(!project.folder_of(TWIN).exists());
    assert_eq!(state(server).1, ["one", "three", "twin", "two"]);
    assert_eq!(DieselRunner::new(server, &project).pending(), [""; 0]);
}

fn duplicate_applied(server: &Server) {
    // The one that was applied comes second by name.
    let project = with(server, &[ONE, TWIN]);
    let _ = project.run("migrate").ok();
    write(&project, TWO);
    let out = project
        .manage("migrate --on-duplicate renumber")
        .at(MAY)
        .run()
        .ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-05-01-120000_two  (2 statements, [elapsed])\n"
    );
    assert!(project.folder_of(TWIN).exists());
    assert_eq!(
        server.versions(),
        ["20260101000000", "20260201000000", "20260501120000"]
    );
    assert_eq!(server.lines("SELECT id FROM twin"), ["1"]);
}
