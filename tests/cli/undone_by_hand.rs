//! An unfinished migration whose statements a person has undone by hand: nothing is left to finish.

use insta::assert_snapshot;

use crate::library::{applied, history, ledger, probe};
use crate::support::Project;

const NAME: &str = "2026-03-01-000000_rooms";

const UPDATE: &str = "UPDATE authors SET name = upper(name);\n";

/// Rows are changed, which no statement tells how to take back.
fn failed() -> Project {
    let project = applied();
    project
        .migration(NAME, &format!("{UPDATE}SELECT nothing;\n"), None)
        .metadata(NAME, "run_in_transaction = false\n");
    let _ = project.run("migrate").exits(1);
    project
}

/// A way back that fails after its first statement.
fn failed_back() -> Project {
    let project = applied();
    project
        .migration(
            NAME,
            "CREATE TABLE rooms (id INTEGER);\nINSERT INTO rooms VALUES (1);\n",
            Some("DELETE FROM rooms;\nDROP TABLE nowhere;\n"),
        )
        .metadata(NAME, "run_in_transaction = false\n");
    let _ = project.run("migrate").ok();
    let _ = project.run("downgrade -y").exits(1);
    project
}

fn noted(project: &Project) -> Vec<String> {
    probe(project).lines("SELECT state || ' ' || done FROM __manage_journal ORDER BY id")
}

#[test]
fn it_is_forgotten_and_nothing_is_recorded() {
    let project = failed();
    let before = history(&project);
    assert_snapshot!(project.run("resume --plan"), @r#"
    `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: near "nothing": syntax error
      it cannot be taken back: statement 1 cannot be taken back: UPDATE authors SET name = upper(name)
      --mark-undone would forget it, where its 1 statement in effect was undone by hand
    "#);
    assert_eq!(noted(&project), ["done 1", "failed 1"]);
    assert_snapshot!(project.run("resume --mark-undone"), @r#"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: near "nothing": syntax error
    Forgot the earlier run of `2026-03-01-000000_rooms`: it is not applied; nothing was run.
    "#);
    assert_eq!(noted(&project), [""; 0]);
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(history(&project), before);
    // The files are like those of any other pending migration.
    project.migration(NAME, "CREATE TABLE rooms (id INTEGER);\n", None);
    let _ = project.run("migrate").ok();
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn nobody_can_be_asked_and_it_is_one_of_the_answers() {
    let project = failed();
    project.file(
        format!("migrations/{NAME}/up.sql"),
        "UPDATE authors SET name = lower(name);\n",
    );
    assert_snapshot!(project.run("migrate"), @r#"
    --- stderr ---
    error: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it, and nobody can be asked what to do
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: near "nothing": syntax error
      statement 1 is in effect, and its text is another one now:
        + UPDATE authors SET name = lower(name)
      it cannot be taken back: its file says something else now
      nothing was changed
    hint: bring statement 1 of up.sql back as it was, then run the same command again
    hint: --on-unfinished done  (record it as it is, and run nothing more of it)
    hint: --on-unfinished undone  (forget it, where its 1 statement in effect was undone by hand)
    [exit 4]
    "#);
    assert_snapshot!(project.run("resume --undo"), @r#"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: near "nothing": syntax error
      statement 1 is in effect, and its text is another one now:
        + UPDATE authors SET name = lower(name)
    error: `2026-03-01-000000_rooms` cannot be taken back: its file says something else now
      nothing was changed
    hint: go on with it: manage resume
    hint: or forget it, when what is in effect was undone by hand: manage resume --mark-undone
    [exit 1]
    "#);
    assert_snapshot!(project.run("resume --yes"), @r#"
    --- stderr ---
    error: `2026-03-01-000000_rooms` cannot be resumed
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: near "nothing": syntax error
      statement 1 is in effect, and its text is another one now:
        + UPDATE authors SET name = lower(name)
      nothing was changed
    hint: bring statement 1 of up.sql back as it was, then run the same command again
    hint: or record it as it is, when the rest was done by hand: manage resume --mark-done
    hint: or forget it, when what is in effect was undone by hand: manage resume --mark-undone
    [exit 1]
    "#);
}

#[test]
fn a_run_that_forgets_it_runs_no_more() {
    let project = failed();
    project.file(format!("migrations/{NAME}/up.sql"), UPDATE);
    assert_snapshot!(project.run("migrate --on-unfinished undone"), @r#"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: near "nothing": syntax error
    Forgot the earlier run of `2026-03-01-000000_rooms`: it is not applied; nothing was run.
    main: nothing more is run.
    hint: to apply it again: manage migrate
    "#);
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(noted(&project), [""; 0]);
}

#[test]
fn it_is_the_step_back_that_was_asked_for() {
    let project = failed();
    let _ = project.run("downgrade -y --on-unfinished undone").ok();
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(noted(&project), [""; 0]);
}

#[test]
fn of_a_way_back_the_migration_stays_applied() {
    let project = failed_back();
    probe(&project).execute("INSERT INTO rooms VALUES (1)");
    let before = history(&project);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while reverting it, and nobody can be asked what to do
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: no such table: nowhere
      it cannot be taken back: what it reverts is gone
      nothing was changed
    hint: --on-unfinished resume  (go on at statement 2)
    hint: --on-unfinished done  (record it as it is, and run nothing more of it)
    hint: --on-unfinished undone  (leave it applied, where its 1 statement in effect was undone by hand)
    [exit 4]
    ");
    assert_snapshot!(project.run("resume --plan"), @"
    `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while reverting it
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: no such table: nowhere
      it cannot be taken back: what it reverts is gone
      --mark-undone would leave it applied, where its 1 statement in effect was undone by hand
    ");
    assert_snapshot!(project.run("resume --mark-undone"), @"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while reverting it
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: no such table: nowhere
    Forgot the earlier run of `2026-03-01-000000_rooms`: it stays applied; nothing was run.
    ");
    assert_eq!(noted(&project), [""; 0]);
    assert_eq!(ledger(&project).len(), 4);
    assert_eq!(history(&project), before);
}

#[test]
fn who_wants_to_go_back_begins_at_the_first_statement_again() {
    let project = failed_back();
    probe(&project).execute("INSERT INTO rooms VALUES (1)");
    project.file(
        format!("migrations/{NAME}/down.sql"),
        "DELETE FROM rooms;\nDROP TABLE rooms;\n",
    );
    assert_snapshot!(project.run("downgrade -y --on-unfinished undone"), @"
      reverted 2026-03-01-000000_rooms  (2 statements, [elapsed])
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while reverting it
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: no such table: nowhere
    Forgot the earlier run of `2026-03-01-000000_rooms`: it stays applied; nothing was run.
    warning: migrations/2026-03-01-000000_rooms/down.sql: it differs from what was recorded when the migration was applied; the file is what is run
    hint: see the difference, and record it: manage accept
    main: 1 migration will be reverted
      - 2026-03-01-000000_rooms
          deletes all of `rooms`: 1 row
          drops table `rooms`: 1 row
    main: 1 migration reverted in [elapsed].
    main is at 2026-02-02-101500_create_loans.
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn without_its_folder_it_can_be_forgotten_too() {
    let project = failed();
    project.remove(NAME);
    assert_snapshot!(project.run("resume --plan"), @"
    --- stderr ---
    error: `2026-03-01-000000_rooms` cannot be resumed
      its folder is gone
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
        2: SELECT nothing  (refused)
      nothing was changed
    hint: bring the folder back, from the branch or release that has it
    hint: or record it as it is, when the rest was done by hand: manage resume --mark-done
    hint: or forget it, when what is in effect was undone by hand: manage resume --mark-undone
    [exit 1]
    ");
    assert_snapshot!(project.run("resume --mark-undone"), @"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` cannot be resumed
      its folder is gone
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
        2: SELECT nothing  (refused)
    Forgot the earlier run of `2026-03-01-000000_rooms`: it is not applied; nothing was run.
    ");
    assert_eq!(noted(&project), [""; 0]);
    assert_eq!(ledger(&project).len(), 3);
    let _ = project.run("migrate").ok();
}

#[test]
fn with_another_version_it_is_a_pending_migration_then() {
    let project = failed();
    project.remove(NAME);
    project.migration("2026-03-02-000000_rooms", UPDATE, None);
    let _ = project.run("migrate --on-unfinished undone").ok();
    assert_eq!(ledger(&project).len(), 3);
    let _ = project.run("migrate").ok();
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn a_way_back_whose_file_is_gone_can_be_left() {
    let project = failed_back();
    project.file(format!("migrations/{NAME}/down.sql"), "SELECT 'open;\n");
    assert_snapshot!(project.run("resume --yes"), @"
    --- stderr ---
    error: migrations/2026-03-01-000000_rooms/down.sql:1:8: a string is never closed
      nothing was run
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
        2: DROP TABLE nowhere  (refused)
    hint: close the string; a quote inside it is written twice
    hint: or record it as it is, when the rest was done by hand: manage resume --mark-done
    hint: or leave it applied, when what was reverted is there again: manage resume --mark-undone
    [exit 1]
    ");
    assert_snapshot!(project.run("resume --mark-undone --json"), @r#"
    {"connection":"main","unfinished":[{"version":"20260301000000","name":"2026-03-01-000000_rooms","direction":"down","done":1,"statements":2,"error":"no such table: nowhere","at":"[time]","by":"tester","host":"testhost","answer":"undone","steps":[]}]}
    --- stderr ---
    warning: migrations/2026-03-01-000000_rooms/down.sql:1:8: a string is never closed
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
        2: DROP TABLE nowhere  (refused)
    Forgot the earlier run of `2026-03-01-000000_rooms`: it stays applied; nothing was run.
    "#);
    assert_eq!(noted(&project), [""; 0]);
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn one_that_somebody_has_recorded_is_forgotten_and_stays_recorded() {
    let project = failed();
    probe(&project)
        .execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20260301000000')");
    assert_snapshot!(project.run("resume --mark-undone"), @"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      but it is recorded as applied meanwhile
    Forgot the earlier run of `2026-03-01-000000_rooms`.
    ");
    assert_eq!(ledger(&project).len(), 4);
}
