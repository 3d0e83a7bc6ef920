//! Applied migrations whose folder is gone.

use crate::daily_round::states;
use crate::numbered::{ONE, THREE, TWO, state, texts, with, write};
use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("missing_is_a_question", missing_question);
    trials.everywhere("missing_restore_writes_the_files_again", missing_restore);
    trials.everywhere("missing_ignore_reverts_from_the_record", missing_ignore);
    trials.everywhere("missing_prune_forgets_the_row", missing_prune);
    trials.everywhere(
        "missing_and_never_recorded_has_nothing_to_restore_from",
        missing_unrecorded,
    );
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
    let out = project.run("migrate").exits(4);
    out.says(
        "hint: --on-missing restore  (write the folder again, from what the database recorded)",
    )
    .says("hint: --on-missing ignore  (go on without it; a rollback uses the recorded SQL)")
    .says("hint: --on-missing prune  (forget that it was applied; the schema stays as it is)");
    assert_eq!(out.stdout, "");
    // A rollback has what it needs, and somebody has to consent to it.
    let out = project.run("downgrade").exits(4);
    out.says("  - 2026-02-01-000000_two  (folder missing; from the recorded SQL)")
        .says("hint: revert without asking: --yes");
    for line in ["migrate", "downgrade -y"] {
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
    let out = project.run("downgrade one -y").ok();
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
    out.never_says("--on-missing restore");
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
