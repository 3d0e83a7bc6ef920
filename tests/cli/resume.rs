//! A migration that no transaction protects and that stopped half-way: what is said about it, and every way to
//! bring it to an end.

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
    probe(&project).execute(
        "UPDATE __manage_journal SET state = 'started', error = NULL, \
         statement_sql = 'ALTER TABLE shelves ADD COLUMN room INTEGER' WHERE state = 'failed'",
    );
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
    assert_snapshot!(project.run("resume --plan"), @"");
    assert_snapshot!(project.run("showmigrations"), @"");
    assert_snapshot!(project.run("current -c"), @"");
    assert_snapshot!(project.run("check --with-database"), @"");
    assert_snapshot!(pretty(&project.run("resume --plan --json")), @"");
    assert_eq!(noted(&project), before);
}

#[test]
fn a_statement_that_failed_is_mended_and_the_same_command_goes_on() {
    let project = failed();
    mend(&project);
    assert_snapshot!(project.run("migrate"), @"");
    assert_eq!(noted(&project), [""; 0]);
    assert_eq!(ledger(&project).len(), 4);
    assert_snapshot!(history(&project).last().unwrap(), @"");
    assert_eq!(probe(&project).lines("SELECT id FROM rooms"), ["1"]);
}

#[test]
fn one_that_is_not_mended_fails_again_at_the_same_place() {
    let project = failed();
    assert_snapshot!(project.run("migrate"), @"");
    assert_eq!(probe(&project).lines("SELECT id FROM rooms"), ["1"]);
}

#[test]
fn what_is_in_effect_has_to_stay_as_it_was() {
    let project = failed();
    project.file(
        format!("migrations/{NAME}/up.sql"),
        UP.replace("VALUES (1)", "VALUES (2)"),
    );
    assert_snapshot!(project.run("migrate"), @"");
    assert_snapshot!(project.run("resume --yes"), @"");
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
    assert_snapshot!(project.run("migrate"), @"");
    assert_snapshot!(project.run("downgrade -y"), @"");
    assert_snapshot!(project.run("migrate --on-unfinished resume"), @"");
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn a_statement_whose_effect_is_there_is_not_run_again() {
    let project = killed();
    probe(&project).execute("ALTER TABLE shelves ADD COLUMN room INTEGER");
    assert_snapshot!(project.run("resume -y"), @"");
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn where_the_database_does_not_tell_a_flag_does() {
    let project = killed();
    probe(&project).execute(
        "UPDATE __manage_journal SET statement_sql = NULL, checksums = 'x' WHERE state = 'started'",
    );
    assert_snapshot!(project.run("migrate --on-unfinished resume"), @"");
    assert_snapshot!(project.run("resume --in-doubt retry"), @"");
    assert_eq!(noted(&project), [""; 0]);
}

#[test]
fn it_can_be_recorded_as_it_is() {
    let project = killed();
    assert_snapshot!(project.run("resume --mark-done"), @"");
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
    assert_snapshot!(project.run("resume --undo"), @"");
    assert_eq!(noted(&project), [""; 0]);
    assert_eq!(ledger(&project).len(), 3);
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
    assert_snapshot!(project.run("resume --undo"), @"");
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
    assert_snapshot!(project.run("migrate --on-unfinished resume"), @"");
}

#[test]
fn what_somebody_else_has_recorded_is_forgotten_on_request() {
    let project = failed();
    probe(&project)
        .execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20260301000000')");
    assert_snapshot!(project.run("migrate"), @"");
    assert_snapshot!(project.run("migrate --on-unfinished done"), @"");
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
    assert_snapshot!(project.run("downgrade -y"), @"");
    project.file(
        format!("migrations/{NAME}/down.sql"),
        "DELETE FROM rooms;\nDROP TABLE rooms;\n",
    );
    assert_snapshot!(project.run("downgrade -y"), @"");
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn nothing_unfinished_is_an_answer_too() {
    let project = applied();
    assert_snapshot!(project.run("resume"), @"");
    assert_snapshot!(project.run("resume --plan"), @"");
    assert_snapshot!(project.run("resume --json"), @"");
}
