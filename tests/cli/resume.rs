//! A migration that no transaction protects and that stopped half-way: what is said about it, and every way to
//! bring it to an end.

use diesel_manage::history::statement_checksum;
use diesel_manage::sql::Dialect;
use insta::assert_snapshot;

use crate::library::{applied, history, ledger, probe, tables};
use crate::pretty::pretty;
use crate::support::Project;

const NAME: &str = "2026-03-01-000000_rooms";

const UP: &str = "CREATE TABLE shelves (id INTEGER);
CREATE TABLE rooms (id INTEGER);
INSERT INTO rooms VALUES (1);
ALTER TABLE shelves ADD COLUMN room INTEGER;
CREATE INDEX shelves_room ON shelves (room);
";

/// Half-done: the fourth statement fails.
fn failed() -> Project {
    let project = applied();
    project
        .migration(
            NAME,
            &UP.replace("ADD COLUMN room INTEGER", "ADD COLUMN id INTEGER"),
            Some("DROP TABLE shelves;\nDROP TABLE rooms;\n"),
        )
        .metadata(NAME, "run_in_transaction = false\n");
    let _ = project.run("migrate").exits(1);
    project
}

fn mend(project: &Project) {
    project.file(format!("migrations/{NAME}/up.sql"), UP);
}

/// Half-done, and the run ended in the middle of the fourth statement.
fn killed() -> Project {
    let project = failed();
    mend(&project);
    let statement = "ALTER TABLE shelves ADD COLUMN room INTEGER";
    let checksum = statement_checksum(statement, Dialect::Sqlite);
    probe(&project).execute(&format!(
        "UPDATE __manage_journal SET state = 'started', error = NULL, \
         statement_sql = '{statement}', first = 3, checksums = '{checksum}' WHERE state = 'failed'"
    ));
    project
}

fn noted(project: &Project) -> Vec<String> {
    probe(project).lines("SELECT state || ' ' || done FROM __manage_journal ORDER BY id")
}

#[test]
fn each_statement_is_noted_and_what_failed_too() {
    let project = failed();
    assert_eq!(noted(&project), ["done 1", "done 2", "done 3", "failed 3"]);
}

#[test]
fn what_is_unfinished_is_shown_and_left_alone() {
    let project = failed();
    let before = noted(&project);
    assert_snapshot!(project.run("resume --plan"), @r#"
    `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 was refused: duplicate column name: id
      --undo would run: DROP TABLE "rooms"
      --undo would run: DROP TABLE "shelves"
      --mark-undone would forget it, where its 3 statements in effect were undone by hand
    "#);
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  4 migrations, 1 pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [X] 2026-02-02-101500_create_loans
     [~] 2026-03-01-000000_rooms  (unfinished: applied in part; head)
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      2026-03-01-000000_rooms  (3 of 5 statements in effect; [time] UTC by tester on testhost)
    ");
    assert_snapshot!(project.run("current -c"), @"
    main  3 of 4 migrations applied
     2026-02-02-101500_create_loans  (1 behind)
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      2026-03-01-000000_rooms  (3 of 5 statements in effect; [time] UTC by tester on testhost)
    [exit 3]
    ");
    assert_snapshot!(project.run("check --with-database"), @"
    error: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      2026-03-01-000000_rooms  (3 of 5 statements in effect; [time] UTC by tester on testhost)
      hint: manage resume
    --- stderr ---
    main: 1 finding in 4 migrations and the database.
    [exit 3]
    ");
    assert_snapshot!(pretty(&project.run("resume --plan --json")), @r#"
    {
      "connection": "main",
      "unfinished": [
        {"version":"20260301000000","name":"2026-03-01-000000_rooms","direction":"up","done":3,"statements":5,"error":"duplicate column name: id","at":"[time]","by":"tester","host":"testhost","recorded":false,"next":4,"in_doubt":null,"changed":null,"undo":["DROP TABLE \"rooms\"","DROP TABLE \"shelves\""]}
      ]
    }
    "#);
    assert_eq!(noted(&project), before);
}

#[test]
fn a_statement_that_failed_is_mended_and_the_same_command_goes_on() {
    let project = failed();
    mend(&project);
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-03-01-000000_rooms  (5 statements, [elapsed])
    --- stderr ---
    main: going on with `2026-03-01-000000_rooms` at statement 4 of 5
    main: nothing to apply.
    main is at 2026-03-01-000000_rooms (head).
    ");
    assert_eq!(noted(&project), [""; 0]);
    assert_eq!(ledger(&project).len(), 4);
    assert_snapshot!(history(&project).last().unwrap(), @"apply|20260301000000");
    assert_eq!(probe(&project).lines("SELECT id FROM rooms"), ["1"]);
}

#[test]
fn one_that_is_not_mended_fails_again_at_the_same_place() {
    let project = failed();
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: going on with `2026-03-01-000000_rooms` at statement 4 of 5
    error: migration `2026-03-01-000000_rooms` failed at migrations/2026-03-01-000000_rooms/up.sql:4:32 (statement 4 of 5)
      caused by: duplicate column name: id
      4 | ALTER TABLE shelves ADD COLUMN id INTEGER;
        |                                ^
      statements 1 to 3 of 5 are in effect and cannot be rolled back; it is not recorded as applied
    hint: fix the file, then run: manage migrate  (it goes on at statement 4)
    [exit 1]
    ");
    assert_eq!(probe(&project).lines("SELECT id FROM rooms"), ["1"]);
}

#[test]
fn what_is_in_effect_has_to_stay_as_it_was() {
    let project = failed();
    project.file(
        format!("migrations/{NAME}/up.sql"),
        UP.replace("VALUES (1)", "VALUES (2)"),
    );
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it, and nobody can be asked what to do
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 was refused: duplicate column name: id
      statement 3 is in effect, and its text is another one now:
        + INSERT INTO rooms VALUES (2)
      it cannot be taken back: its file says something else now
      nothing was changed
    hint: bring statement 3 of up.sql back as it was, then run the same command again
    hint: --on-unfinished done  (record it as it is, and run nothing more of it)
    hint: --on-unfinished undone  (forget it, where its 3 statements in effect were undone by hand)
    [exit 4]
    ");
    assert_snapshot!(project.run("resume --yes"), @"
    --- stderr ---
    error: `2026-03-01-000000_rooms` cannot be resumed
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 was refused: duplicate column name: id
      statement 3 is in effect, and its text is another one now:
        + INSERT INTO rooms VALUES (2)
      nothing was changed
    hint: bring statement 3 of up.sql back as it was, then run the same command again
    hint: or record it as it is, when the rest was done by hand: manage resume --mark-done
    hint: or forget it, when what is in effect was undone by hand: manage resume --mark-undone
    [exit 1]
    ");
    // A comment is no change.
    project.file(
        format!("migrations/{NAME}/up.sql"),
        format!("-- rooms\n{}", UP.replace("rooms VALUES", "rooms  VALUES")),
    );
    let _ = project.run("migrate").ok();
}

#[test]
fn in_the_middle_of_a_statement_somebody_has_to_decide() {
    let project = killed();
    assert_snapshot!(project.run("migrate"), @r#"
    --- stderr ---
    error: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it, and nobody can be asked what to do
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 is in doubt: ALTER TABLE shelves ADD COLUMN room INTEGER
      column `room` of `shelves` is not there, so it is not in effect
      to take back what is in effect:
        DROP TABLE "rooms"
        DROP TABLE "shelves"
      nothing was changed
    hint: --on-unfinished resume  (go on at statement 4)
    hint: --on-unfinished undo  (take back what is in effect)
    hint: --on-unfinished done  (record it as it is, and run nothing more of it)
    hint: --on-unfinished undone  (forget it, where its 3 statements in effect were undone by hand)
    [exit 4]
    "#);
    assert_snapshot!(project.run("downgrade -y"), @r#"
    --- stderr ---
    error: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it, and nobody can be asked what to do
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 is in doubt: ALTER TABLE shelves ADD COLUMN room INTEGER
      column `room` of `shelves` is not there, so it is not in effect
      to take back what is in effect:
        DROP TABLE "rooms"
        DROP TABLE "shelves"
      nothing was changed
    hint: --on-unfinished resume  (go on at statement 4)
    hint: --on-unfinished undo  (take back what is in effect)
    hint: --on-unfinished done  (record it as it is, and run nothing more of it)
    hint: --on-unfinished undone  (forget it, where its 3 statements in effect were undone by hand)
    [exit 4]
    "#);
    assert_snapshot!(project.run("migrate --on-unfinished resume"), @"
      applied 2026-03-01-000000_rooms  (5 statements, [elapsed])
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 is in doubt: ALTER TABLE shelves ADD COLUMN room INTEGER
      column `room` of `shelves` is not there, so it is not in effect
    main: going on with `2026-03-01-000000_rooms` at statement 4 of 5
    main: nothing to apply.
    main is at 2026-03-01-000000_rooms (head).
    ");
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn a_statement_whose_effect_is_there_is_not_run_again() {
    let project = killed();
    probe(&project).execute("ALTER TABLE shelves ADD COLUMN room INTEGER");
    assert_snapshot!(project.run("resume -y"), @"
      applied 2026-03-01-000000_rooms  (5 statements, [elapsed])
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 is in doubt: ALTER TABLE shelves ADD COLUMN room INTEGER
      column `room` of `shelves` is there, so it is in effect
    main: going on with `2026-03-01-000000_rooms` at statement 5 of 5
    ");
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn where_the_database_does_not_tell_a_flag_does() {
    let project = killed();
    probe(&project).execute(
        "UPDATE __manage_journal SET statement_sql = NULL, checksums = 'x' WHERE state = 'started'",
    );
    assert_snapshot!(project.run("migrate --on-unfinished resume"), @"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 is in doubt: (its text is not known)
      the database does not tell whether it is in effect: its text is not known any more
    error: the database does not tell whether statement 4 is in effect, and nobody can be asked
      (its text is not known)
      nothing was changed
    hint: --in-doubt retry  (it is not in effect: run it again)
    hint: --in-doubt done  (it is in effect: go on after it)
    [exit 4]
    ");
    assert_snapshot!(project.run("resume --in-doubt retry"), @"
      applied 2026-03-01-000000_rooms  (5 statements, [elapsed])
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 is in doubt: (its text is not known)
      the database does not tell whether it is in effect: its text is not known any more
    main: going on with `2026-03-01-000000_rooms` at statement 4 of 5
    ");
    assert_eq!(noted(&project), [""; 0]);
}

#[test]
fn it_can_be_recorded_as_it_is() {
    let project = killed();
    assert_snapshot!(project.run("resume --mark-done"), @"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 is in doubt: ALTER TABLE shelves ADD COLUMN room INTEGER
      column `room` of `shelves` is not there, so it is not in effect
    Recorded `2026-03-01-000000_rooms` as applied; nothing was run.
    ");
    assert_eq!(noted(&project), [""; 0]);
    assert_eq!(ledger(&project).len(), 4);
    assert_eq!(
        tables(&project),
        ["authors", "books", "loans", "rooms", "shelves"]
    );
}

#[test]
fn it_can_be_taken_back() {
    let project = failed();
    assert_snapshot!(project.run("resume --undo"), @r#"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 was refused: duplicate column name: id
      DROP TABLE "rooms"
      DROP TABLE "shelves"
    Took back what was in effect of `2026-03-01-000000_rooms`.
    "#);
    assert_eq!(noted(&project), [""; 0]);
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn a_run_that_takes_it_back_runs_no_more() {
    let project = failed();
    assert_snapshot!(project.run("migrate --on-unfinished undo"), @r#"
--- stderr ---
warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
  3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
  statement 4 was refused: duplicate column name: id
  DROP TABLE "rooms"
  DROP TABLE "shelves"
Took back what was in effect of `2026-03-01-000000_rooms`.
main: nothing more is run.
hint: to apply it again: manage migrate
"#);
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn on_a_protected_connection_its_name_has_to_be_given_to_take_it_back() {
    let project = failed();
    let settings = project.read("settings.yaml");
    project.file(
        "settings.yaml",
        settings.replace("    url:", "    protected: true\n    url:"),
    );
    assert_snapshot!(project.run("resume --undo"), @"
--- stderr ---
warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
  3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
  statement 4 was refused: duplicate column name: id
error: `main` is protected, and nobody can be asked
  nothing was changed
hint: consent for a protected connection: --confirm main
[exit 4]
");
    assert_eq!(
        tables(&project),
        ["authors", "books", "loans", "rooms", "shelves"]
    );
    let _ = project.run("resume --undo --confirm main").ok();
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn rows_that_were_changed_cannot_be_taken_back() {
    let project = applied();
    project
        .migration(
            NAME,
            "UPDATE authors SET name = upper(name);\nSELECT nothing;\n",
            None,
        )
        .metadata(NAME, "run_in_transaction = false\n");
    let _ = project.run("migrate").exits(1);
    assert_snapshot!(project.run("resume --undo"), @r#"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      1 of 2 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 2 was refused: near "nothing": syntax error
    error: `2026-03-01-000000_rooms` cannot be taken back: statement 1 cannot be taken back: UPDATE authors SET name = upper(name)
      nothing was changed
    hint: go on with it: manage resume
    hint: or forget it, when what is in effect was undone by hand: manage resume --mark-undone
    [exit 1]
    "#);
}

#[test]
fn a_temporary_table_that_is_needed_later_is_gone_with_its_session() {
    let project = applied();
    project
        .migration(
            NAME,
            "CREATE TEMP TABLE ids (id INTEGER);\nINSERT INTO authors SELECT id, nothing FROM ids;\n",
            None,
        )
        .metadata(NAME, "run_in_transaction = false\n");
    let _ = project.run("migrate").exits(1);
    assert_snapshot!(project.run("migrate --on-unfinished resume"), @"
    --- stderr ---
    error: `2026-03-01-000000_rooms` cannot be resumed
      statement 1 made the temporary table `ids`, which is gone with its session and is needed later
      nothing was changed
    hint: let up.sql make it again at statement 2, then run the same command again (what stands before is not run twice)
    hint: or record it as it is, when the rest was done by hand: manage resume --mark-done
    hint: or forget it, when what is in effect was undone by hand: manage resume --mark-undone
    [exit 1]
    ");
}

#[test]
fn what_somebody_else_has_recorded_is_forgotten_on_request() {
    let project = failed();
    probe(&project)
        .execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20260301000000')");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it, and nobody can be asked what to do
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      but it is recorded as applied meanwhile
      nothing was changed
    hint: --on-unfinished done  (forget the earlier run)
    [exit 4]
    ");
    assert_snapshot!(project.run("migrate --on-unfinished done"), @"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      but it is recorded as applied meanwhile
    Forgot the earlier run of `2026-03-01-000000_rooms`.
    main: nothing to apply.
    main is at 2026-03-01-000000_rooms (head).
    ");
    assert_eq!(noted(&project), [""; 0]);
}

#[test]
fn a_way_back_is_finished_and_counts_as_a_step() {
    let project = applied();
    project
        .migration(
            NAME,
            "CREATE TABLE rooms (id INTEGER);\nINSERT INTO rooms VALUES (1);\n",
            Some("DELETE FROM rooms;\nDROP TABLE nowhere;\n"),
        )
        .metadata(NAME, "run_in_transaction = false\n");
    let _ = project.run("migrate").ok();
    assert_snapshot!(project.run("downgrade -y"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-03-01-000000_rooms
          deletes all of `rooms`: 1 row
    error: migration `2026-03-01-000000_rooms` could not be reverted at migrations/2026-03-01-000000_rooms/down.sql:2:12 (statement 2 of 2)
      caused by: no such table: nowhere
      2 | DROP TABLE nowhere;
        |            ^
      statement 1 of 2 is in effect and cannot be rolled back; it is still recorded as applied
    hint: fix the file, then run: manage downgrade  (it goes on at statement 2)
    [exit 1]
    ");
    project.file(
        format!("migrations/{NAME}/down.sql"),
        "DELETE FROM rooms;\nDROP TABLE rooms;\n",
    );
    assert_snapshot!(project.run("downgrade -y"), @"
      reverted 2026-03-01-000000_rooms  (2 statements, [elapsed])
    --- stderr ---
    main: going on with `2026-03-01-000000_rooms` at statement 2 of 2
    main is at 2026-02-02-101500_create_loans.
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn nothing_unfinished_is_an_answer_too() {
    let project = applied();
    assert_snapshot!(project.run("resume"), @"
    --- stderr ---
    main: nothing is unfinished.
    ");
    assert_snapshot!(project.run("resume --plan"), @"
    --- stderr ---
    main: nothing is unfinished.
    ");
    assert_snapshot!(project.run("resume --json"), @r#"
    {"connection":"main","unfinished":[]}
    --- stderr ---
    main: nothing is unfinished.
    "#);
}

#[test]
fn who_wants_rows_alone_runs_no_statement() {
    let project = failed();
    mend(&project);
    project
        .run("migrate --fake")
        .exits(4)
        .says("hint: --on-unfinished done  (record it as it is, and run nothing more of it)");
    assert_eq!(noted(&project), ["done 1", "done 2", "done 3", "failed 3"]);
    let _ = project.run("migrate --fake --on-unfinished done").ok();
    assert_snapshot!(history(&project).last().unwrap(), @"fake|20260301000000");
    assert_eq!(probe(&project).lines("SELECT id FROM rooms"), ["1"]);
}

#[test]
fn who_goes_elsewhere_is_asked_first() {
    let project = failed();
    mend(&project);
    let _ = project.run("migrate create_loans").exits(4);
    let _ = project.run("migrate -1").exits(4);
    assert_eq!(noted(&project), ["done 1", "done 2", "done 3", "failed 3"]);
}

/// A way back that fails after its first statement, of the newest of two more migrations.
fn failed_back() -> Project {
    let project = applied();
    project
        .migration(
            NAME,
            "CREATE TABLE rooms (id INTEGER);\n",
            Some("DROP TABLE rooms;\n"),
        )
        .migration(
            LATER,
            "CREATE TABLE halls (id INTEGER);\n",
            Some("DROP TABLE halls;\nDROP TABLE nowhere;\n"),
        )
        .metadata(LATER, "run_in_transaction = false\n");
    let _ = project.run("migrate").ok();
    project
}

const LATER: &str = "2026-03-02-000000_halls";

#[test]
fn rows_alone_are_forgotten_without_a_statement_too() {
    let project = failed_back();
    let _ = project.run("downgrade -y").exits(1);
    let _ = project.run("downgrade -y --fake").exits(4);
    // It is no step of the way to where that one stays.
    let _ = project.run(&format!("downgrade {LATER} -y")).exits(4);
    assert_eq!(noted(&project), ["done 1", "failed 1"]);
}

#[test]
fn steps_are_counted_from_where_the_run_began() {
    let project = failed();
    project.migration(LATER, "CREATE TABLE halls (id INTEGER);\n", None);
    project.run("migrate +2").exits(1).says(&format!(
        "hint: fix the file, then run: manage migrate {LATER}  (it goes on at statement 4)"
    ));
    project.run("migrate +1").exits(1).says(&format!(
        "hint: fix the file, then run: manage migrate {NAME}  (it goes on at statement 4)"
    ));
    mend(&project);
    let _ = project.run("migrate +1").ok();
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn what_is_left_of_a_way_back_is_counted() {
    let project = failed_back();
    project
        .run("downgrade -2 -y")
        .exits(1)
        .says("hint: fix the file, then run: manage downgrade -2  (it goes on at statement 2)");
    project.file(
        format!("migrations/{LATER}/down.sql"),
        "DROP TABLE halls;\nSELECT 1;\n",
    );
    let _ = project.run("downgrade -2 -y").ok();
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn a_way_back_by_steps_of_migrate_stays_one() {
    let project = failed_back();
    project.file(
        format!("migrations/{LATER}/down.sql"),
        "DROP TABLE nowhere;\n",
    );
    project
        .run("migrate -2 -y")
        .exits(1)
        .says("hint: fix the file, then run: manage downgrade -2");
}

#[test]
fn a_redo_that_stopped_half_way_is_finished_first() {
    let project = failed_back();
    project
        .run("redo -y")
        .exits(1)
        .says("hint: fix the file, then run: manage resume  (it goes on at statement 2)")
        .says(&format!(
            "hint: and then, to apply again: manage migrate {LATER}"
        ));
    project.file(
        format!("migrations/{LATER}/down.sql"),
        "DROP TABLE halls;\nSELECT 1;\n",
    );
    let _ = project.run("resume").ok();
    let _ = project.run(&format!("migrate {LATER}")).ok();
    assert_eq!(ledger(&project).len(), 5);
}

#[test]
fn a_row_that_nobody_can_have_written_stops_nothing() {
    let project = failed();
    probe(&project).execute(
        "UPDATE __manage_journal SET first = 4611686018427387904, statement = 4611686018427387904 \
         WHERE state = 'failed'",
    );
    let _ = project.run("showmigrations").ok();
    let _ = project.run("resume --plan").ok();
}

#[test]
fn a_script_is_of_what_is_not_in_effect_yet() {
    let project = failed();
    mend(&project);
    assert_snapshot!(project.run("migrate --sql"), @r#"
    -- Applies 1 migration of connection `main`: 2026-02-02-101500_create_loans to 2026-03-01-000000_rooms.
    -- Run it with: sqlite3 -bail FILE < SCRIPT
    -- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.
    PRAGMA foreign_keys = OFF;
    CREATE TEMP TABLE __manage_broken AS
      SELECT "table", parent, count(*) AS number FROM pragma_foreign_key_check GROUP BY 1, 2;
    CREATE TEMP TABLE __manage_check (at TEXT DEFAULT CURRENT_TIMESTAMP);
    CREATE TEMP TRIGGER __manage_compare BEFORE INSERT ON __manage_check
    WHEN EXISTS (
      SELECT 1
      FROM (SELECT "table", parent, count(*) AS number FROM pragma_foreign_key_check GROUP BY 1, 2) AS now
      LEFT JOIN __manage_broken AS was ON was."table" = now."table" AND was.parent = now.parent
      WHERE now.number > coalesce(was.number, 0)
    )
    BEGIN
      SELECT RAISE(ABORT, 'rows refer to rows that are not there; see PRAGMA foreign_key_check');
    END;
    CREATE TEMP TRIGGER __manage_count AFTER INSERT ON __manage_check
    BEGIN
      DELETE FROM __manage_broken;
      INSERT INTO __manage_broken
        SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2;
    END;

    -- apply 2026-03-01-000000_rooms; statements 1 to 3 are in effect already, and left out
    ALTER TABLE shelves ADD COLUMN room INTEGER;
    CREATE INDEX shelves_room ON shelves (room);
    INSERT INTO temp.__manage_check DEFAULT VALUES;
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20260301000000');
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      2026-03-01-000000_rooms  (3 of 5 statements in effect; [time] UTC by tester on testhost)
    "#);
    let script = project.run("migrate --sql -q").ok().stdout;
    probe(&project).execute(&script);
    assert_eq!(ledger(&project).len(), 4);
    assert_eq!(probe(&project).lines("SELECT id FROM rooms"), ["1"]);
}

#[test]
fn a_script_that_would_be_a_guess_is_not_printed() {
    let project = killed();
    probe(&project).execute(
        "UPDATE __manage_journal SET statement_sql = NULL, checksums = 'x' WHERE state = 'started'",
    );
    assert_snapshot!(project.run("migrate --sql"), @"
    --- stderr ---
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while applying it
      2026-03-01-000000_rooms  (3 of 5 statements in effect; [time] UTC by tester on testhost)
    error: `2026-03-01-000000_rooms` is unfinished, and what is left of it to be printed is not known
      3 of 5 statements in effect; last seen [time] UTC, run by tester on testhost
      statement 4 is in doubt: (its text is not known)
      the database does not tell whether it is in effect: its text is not known any more
    hint: bring it to an end first: manage resume
    [exit 1]
    ");
}

#[test]
fn it_is_shown_as_unfinished() {
    let project = failed();
    project
        .run("show")
        .ok()
        .says("  state        unfinished: applied in part, 3 of 5 statements in effect");
    let json = project.run("show --json").ok().json();
    assert_eq!(json[0]["migrations"][0]["state"], "unfinished");
    let project = failed_back();
    let _ = project.run("downgrade -y").exits(1);
    project
        .run("show")
        .ok()
        .says("  state        unfinished: reverted in part, 1 of 2 statements in effect");
}

#[test]
fn an_edit_of_what_is_in_effect_is_not_called_free() {
    let project = failed();
    assert_snapshot!(project.run("accept rooms --reason mended"), @"
    --- stderr ---
    error: `2026-03-01-000000_rooms` is begun and not recorded as applied, so only what is not in effect of it may be edited
      nothing was recorded
    hint: see what of it is in effect: manage resume --plan
    [exit 1]
    ");
}
