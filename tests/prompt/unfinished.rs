//! The question about a migration that an earlier run left half-done.

use diesel_manage::history::statement_checksum;
use diesel_manage::sql::Dialect;
use insta::assert_snapshot;

use crate::library::{applied, ledger, probe, tables};
use crate::support::Project;
use crate::terminal::{DOWN, ENTER, ESCAPE, open};

const NAME: &str = "2026-03-01-000000_rooms";

const UP: &str = "CREATE TABLE rooms (id INTEGER);
ALTER TABLE rooms ADD COLUMN floor INTEGER;
CREATE INDEX rooms_floor ON rooms (floor);
";

/// A run ended in the middle of the second statement.
fn killed() -> Project {
    let project = applied();
    let file = format!("migrations/{NAME}/up.sql");
    project
        .migration(NAME, &UP.replace("floor INTEGER", "id INTEGER"), None)
        .metadata(NAME, "run_in_transaction = false\n");
    let _ = project.run("migrate").exits(1);
    project.file(file, UP);
    let statement = "ALTER TABLE rooms ADD COLUMN floor INTEGER";
    let checksum = statement_checksum(statement, Dialect::Sqlite);
    probe(&project).execute(&format!(
        "UPDATE __manage_journal SET state = 'started', error = NULL, \
         statement_sql = '{statement}', first = 1, checksums = '{checksum}' WHERE state = 'failed'"
    ));
    project
}

#[test]
fn resume() {
    let project = killed();
    let mut terminal = open(&project, "migrate");
    assert_snapshot!(terminal.until("change nothing"), @r#"
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while a
    pplying it
      1 of 3 statements in effect; last seen [time] UTC, run by tester
    on testhost
      statement 2 is in doubt: ALTER TABLE rooms ADD COLUMN floor INTEGER
      column `floor` of `rooms` is not there, so it is not in effect
      to take back what is in effect:
        DROP TABLE "rooms"
    ? What now ›
    ❯ resume  go on at statement 2
      undo    take back what is in effect
      done    record it as it is, and run nothing more of it
      undone  forget it, where its 1 statement in effect was undone by hand
      stop    change nothing
    "#);
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @r#"
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while a
    pplying it
      1 of 3 statements in effect; last seen [time] UTC, run by tester
    on testhost
      statement 2 is in doubt: ALTER TABLE rooms ADD COLUMN floor INTEGER
      column `floor` of `rooms` is not there, so it is not in effect
      to take back what is in effect:
        DROP TABLE "rooms"
    What now: resume
    main: going on with `2026-03-01-000000_rooms` at statement 2 of 3
      applied 2026-03-01-000000_rooms  (3 statements, [elapsed])
    main: nothing to apply.
    main is at 2026-03-01-000000_rooms (head).
    "#);
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn undo() {
    let project = killed();
    let mut terminal = open(&project, "resume");
    terminal.until("change nothing");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @r#"
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while a
    pplying it
      1 of 3 statements in effect; last seen [time] UTC, run by tester
    on testhost
      statement 2 is in doubt: ALTER TABLE rooms ADD COLUMN floor INTEGER
      column `floor` of `rooms` is not there, so it is not in effect
      to take back what is in effect:
        DROP TABLE "rooms"
    What now: undo
      DROP TABLE "rooms"
    Took back what was in effect of `2026-03-01-000000_rooms`.
    "#);
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn done() {
    let project = killed();
    let mut terminal = open(&project, "resume");
    terminal.until("change nothing");
    terminal.press(DOWN).press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @r#"
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while a
    pplying it
      1 of 3 statements in effect; last seen [time] UTC, run by tester
    on testhost
      statement 2 is in doubt: ALTER TABLE rooms ADD COLUMN floor INTEGER
      column `floor` of `rooms` is not there, so it is not in effect
      to take back what is in effect:
        DROP TABLE "rooms"
    What now: done
    Recorded `2026-03-01-000000_rooms` as applied; nothing was run.
    "#);
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn stop() {
    let project = killed();
    let mut terminal = open(&project, "migrate");
    terminal.until("change nothing");
    terminal
        .press(DOWN)
        .press(DOWN)
        .press(DOWN)
        .press(DOWN)
        .press(ENTER);
    assert_snapshot!(terminal.end(), @r#"
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while a
    pplying it
      1 of 3 statements in effect; last seen [time] UTC, run by tester
    on testhost
      statement 2 is in doubt: ALTER TABLE rooms ADD COLUMN floor INTEGER
      column `floor` of `rooms` is not there, so it is not in effect
      to take back what is in effect:
        DROP TABLE "rooms"
    What now: stop
    error: stopped, because `2026-03-01-000000_rooms` is unfinished: an earlier run
    stopped while applying it
      nothing was changed
    [exit 1]
    "#);
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn escape_changes_nothing() {
    let project = killed();
    let mut terminal = open(&project, "migrate");
    terminal.until("change nothing");
    terminal.press(ESCAPE);
    assert_snapshot!(terminal.end(), @r#"
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while a
    pplying it
      1 of 3 statements in effect; last seen [time] UTC, run by tester
    on testhost
      statement 2 is in doubt: ALTER TABLE rooms ADD COLUMN floor INTEGER
      column `floor` of `rooms` is not there, so it is not in effect
      to take back what is in effect:
        DROP TABLE "rooms"
    cancelled: stopped at the question; nothing was run
    [exit 130]
    "#);
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn what_the_database_does_not_tell_a_person_does() {
    let project = killed();
    probe(&project).execute(
        "UPDATE __manage_journal SET statement_sql = NULL, checksums = 'x' WHERE state = 'started'",
    );
    let mut terminal = open(&project, "resume");
    terminal.until("change nothing");
    terminal.press(ENTER);
    assert_snapshot!(terminal.until("go on after it"), @"
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while a
    pplying it
      1 of 3 statements in effect; last seen [time] UTC, run by tester
    on testhost
      statement 2 is in doubt: (its text is not known)
      the database does not tell whether it is in effect: its text is not known any
    more
      it cannot be taken back: it is not known whether a statement is in effect
    What now: resume
    ? What about statement 2 ›
    ❯ retry  it is not in effect: run it again
      done   it is in effect: go on after it
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while a
    pplying it
      1 of 3 statements in effect; last seen [time] UTC, run by tester
    on testhost
      statement 2 is in doubt: (its text is not known)
      the database does not tell whether it is in effect: its text is not known any
    more
      it cannot be taken back: it is not known whether a statement is in effect
    What now: resume
    What about statement 2: retry
    main: going on with `2026-03-01-000000_rooms` at statement 2 of 3
      applied 2026-03-01-000000_rooms  (3 statements, [elapsed])
    ");
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn undone() {
    let project = killed();
    let mut terminal = open(&project, "resume");
    terminal.until("change nothing");
    terminal.press(DOWN).press(DOWN).press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @r#"
    warning: `2026-03-01-000000_rooms` is unfinished: an earlier run stopped while a
    pplying it
      1 of 3 statements in effect; last seen [time] UTC, run by tester
    on testhost
      statement 2 is in doubt: ALTER TABLE rooms ADD COLUMN floor INTEGER
      column `floor` of `rooms` is not there, so it is not in effect
      to take back what is in effect:
        DROP TABLE "rooms"
    What now: undone
    Forgot the earlier run of `2026-03-01-000000_rooms`: it is not applied; nothing
    was run.
    "#);
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(
        probe(&project).lines("SELECT state FROM __manage_journal"),
        [""; 0]
    );
}

#[test]
fn without_its_folder_it_is_recorded_or_forgotten() {
    let project = killed();
    project.remove(NAME);
    let mut terminal = open(&project, "migrate");
    terminal.until("change nothing");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: `2026-03-01-000000_rooms` cannot be resumed
      its folder is gone
      1 of 3 statements in effect; last seen [time] UTC, run by tester
    on testhost
        2: ALTER TABLE rooms ADD COLUMN floor INTEGER  (begun, and perhaps in effect
    )
    What now: undone
    Forgot the earlier run of `2026-03-01-000000_rooms`: it is not applied; nothing
    was run.
    main: nothing more is run.
    hint: to apply the rest: manage migrate
    ");
    assert_eq!(ledger(&project).len(), 3);
}
