//! What was changed in the database by hand.

use insta::assert_snapshot;

use crate::library::{AUTHORS, LOANS, applied, empty, pending, probe};
use crate::support::Project;

/// Somebody was at work in the database.
fn by_hand(project: &Project) {
    probe(project).execute(
        "ALTER TABLE authors ADD COLUMN hotfix TEXT; \
         DROP INDEX books_title; \
         CREATE TABLE audit (id INTEGER PRIMARY KEY, at TEXT); \
         CREATE INDEX audit_at ON audit (at); \
         CREATE VIEW names AS SELECT name FROM authors;",
    );
}

#[test]
fn a_schema_as_it_was_left_is_no_drift() {
    assert_snapshot!(applied().run("drift"), @"main  no drift: the schema is what was recorded on [time] UTC");
}

#[test]
fn what_was_changed_by_hand_is_named() {
    let project = applied();
    by_hand(&project);
    assert_snapshot!(project.run("drift"), @"
    main  4 differences from what was recorded on [time] UTC
      + table audit
      + column authors.hotfix: TEXT
      + view names: SELECT name FROM authors
      - index books_title on books: (title)
    [exit 3]
    ");
    assert_snapshot!(project.run("drift --json"), @r#"
    {"connection":"main","drift":true,"compared_with":"record","recorded_at":"[time]","differences":[{"change":"added","kind":"table","of":null,"name":"audit","before":null,"now":"","what":"table audit"},{"change":"added","kind":"column","of":"authors","name":"hotfix","before":null,"now":"TEXT","what":"column authors.hotfix: TEXT"},{"change":"added","kind":"view","of":null,"name":"names","before":null,"now":"SELECT name FROM authors","what":"view names: SELECT name FROM authors"},{"change":"gone","kind":"index","of":"books","name":"books_title","before":"(title)","now":null,"what":"index books_title on books: (title)"}]}
    [exit 3]
    "#);
    // The next migration makes it what is recorded.
    let _ = project
        .migration(
            "2026-03-01-000000_next",
            "CREATE TABLE shelves (id INTEGER);\n",
            None,
        )
        .run("migrate -q --on-drift ignore");
    assert_snapshot!(project.run("drift"), @"main  no drift: the schema is what was recorded on [time] UTC");
}

#[test]
fn without_what_was_recorded_the_migrations_are_replayed() {
    let project = applied();
    probe(&project).execute("DROP TABLE __manage_history; DROP TABLE __manage_schema;");
    assert_snapshot!(project.run("drift"), @"
    main  no drift: the schema is what the 3 applied migrations make of a scratch database
    --- stderr ---
    note: manage has recorded nothing here, so the applied migrations are replayed on a scratch database
    ");
    by_hand(&project);
    assert_snapshot!(project.run("drift"), @"
    main  4 differences from what the 3 applied migrations make of a scratch database
      + table audit
      + column authors.hotfix: TEXT
      + view names: SELECT name FROM authors
      - index books_title on books: (title)
    --- stderr ---
    note: manage has recorded nothing here, so the applied migrations are replayed on a scratch database
    [exit 3]
    ");
    assert_snapshot!(project.run("drift --replay"), @"
    main  4 differences from what the 3 applied migrations make of a scratch database
      + table audit
      + column authors.hotfix: TEXT
      + view names: SELECT name FROM authors
      - index books_title on books: (title)
    [exit 3]
    ");
    assert_snapshot!(project.run("drift --json"), @r#"
    {"connection":"main","drift":true,"compared_with":"replay","recorded_at":null,"differences":[{"change":"added","kind":"table","of":null,"name":"audit","before":null,"now":"","what":"table audit"},{"change":"added","kind":"column","of":"authors","name":"hotfix","before":null,"now":"TEXT","what":"column authors.hotfix: TEXT"},{"change":"added","kind":"view","of":null,"name":"names","before":null,"now":"SELECT name FROM authors","what":"view names: SELECT name FROM authors"},{"change":"gone","kind":"index","of":"books","name":"books_title","before":"(title)","now":null,"what":"index books_title on books: (title)"}]}
    --- stderr ---
    note: manage has recorded nothing here, so the applied migrations are replayed on a scratch database
    [exit 3]
    "#);
}

#[test]
fn without_what_the_schema_was_only_that_it_differs_is_known() {
    let project = applied();
    by_hand(&project);
    probe(&project).execute("DROP TABLE __manage_schema");
    assert_snapshot!(project.run("drift"), @"
    main  the schema differs from what was recorded on [time] UTC
      what it was is not kept, so it cannot be said where
    --- stderr ---
    hint: compare with what the migrations make: manage drift --replay
    [exit 3]
    ");
    assert_snapshot!(project.run("drift --json"), @r#"
    {"connection":"main","drift":true,"compared_with":"record","recorded_at":"[time]","differences":null}
    [exit 3]
    "#);
}

#[test]
fn what_another_tool_applied_is_said_and_replayed() {
    let project = pending();
    let _ = project.run("migrate -q 20260112").ok();
    let mut probe = probe(&project);
    probe.execute(
        "CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL); \
         INSERT INTO __diesel_schema_migrations (version, run_on) \
         VALUES ('20260202101500', '2099-01-01 00:00:00');",
    );
    assert_snapshot!(project.run("drift"), @"
    main  no drift: the schema is what the 3 applied migrations make of a scratch database
    --- stderr ---
    note: something else than manage changed what is applied at `20260202101500` ([time] UTC), so the applied migrations are replayed on a scratch database
    ");
}

#[test]
fn what_can_neither_be_looked_up_nor_replayed_is_an_error() {
    let project = applied();
    probe(&project).execute("UPDATE __manage_history SET fingerprint = NULL");
    project.remove(AUTHORS).remove(LOANS);
    assert_snapshot!(project.run("drift"), @"
    --- stderr ---
    note: the schema was not recorded at `2026-02-02-101500_create_loans` ([time] UTC), so the applied migrations are replayed on a scratch database
    error: the applied migrations cannot be replayed: the folders of 2 are gone
      2026-01-05-090000_create_authors
      2026-02-02-101500_create_loans
      what the schema should be is not recorded either
    hint: write them again from what is recorded: manage restore 2026-01-05-090000_create_authors 2026-02-02-101500_create_loans
    hint: the next migration that manage applies records it: manage migrate
    [exit 1]
    ");
    assert_snapshot!(project.run("drift --replay"), @"
    --- stderr ---
    error: the applied migrations cannot be replayed: the folders of 2 are gone
      2026-01-05-090000_create_authors
      2026-02-02-101500_create_loans
    hint: write them again from what is recorded: manage restore 2026-01-05-090000_create_authors 2026-02-02-101500_create_loans
    [exit 1]
    ");
}

#[test]
fn where_nothing_is_applied_nothing_differs() {
    assert_snapshot!(pending().run("drift"), @"main  nothing is applied, so there is nothing to compare with");
    assert_snapshot!(empty().run("drift --json"), @r#"
    {"connection":"main","drift":false,"compared_with":null,"recorded_at":null,"differences":[]}
    --- stderr ---
    note: there is no folder `migrations`
    "#);
}

#[test]
fn what_a_rollback_of_everything_left_is_compared_too() {
    let project = applied();
    project.run("downgrade base -y").ok();
    probe(&project).execute("CREATE TABLE left_over (id INTEGER)");
    assert_snapshot!(project.run("drift"), @"
    main  1 difference from what was recorded on [time] UTC
      + table left_over
    [exit 3]
    ");
}

#[test]
fn what_is_compared_by_its_name_alone_is_said() {
    let project = applied();
    let virtual_table = "CREATE VIRTUAL TABLE words USING fts5 (word)";
    project
        .migration(
            "2026-03-01-000000_words",
            virtual_table,
            Some("DROP TABLE words"),
        )
        .run("migrate")
        .ok();
    assert_snapshot!(project.run("drift"), @"
    main  no drift: the schema is what was recorded on [time] UTC
    --- stderr ---
    note: compared by their names alone: shadow tables and virtual tables
    ");
}

#[test]
fn a_fingerprint_that_another_version_made_says_nothing() {
    let project = applied();
    probe(&project)
        .execute("UPDATE __manage_history SET fingerprint = '02' || substr(fingerprint, 3)");
    assert_snapshot!(project.run("drift"), @"
    main  no drift: the schema is what the 3 applied migrations make of a scratch database
    --- stderr ---
    note: the schema was not recorded at `2026-02-02-101500_create_loans` ([time] UTC), so the applied migrations are replayed on a scratch database
    ");
}

#[test]
fn after_a_long_run_only_its_end_is_recorded() {
    let project = empty();
    for number in 1..=17 {
        project.migration(
            &format!("2026-01-{number:02}-000000_table_{number}"),
            &format!("CREATE TABLE t{number} (id INTEGER);\n"),
            Some(&format!("DROP TABLE t{number};\n")),
        );
    }
    let recorded = || {
        probe(&project)
            .lines("SELECT count(fingerprint), count(DISTINCT fingerprint) FROM __manage_history")
    };
    let _ = project.run("migrate -q").ok();
    assert_eq!(recorded(), ["1|1"]);
    let _ = project.run("downgrade -q --yes -16").ok();
    assert_eq!(recorded(), ["17|17"]);
    let _ = project.run("drift").ok();
}

#[test]
fn the_newest_thirty_manifests_are_kept() {
    let project = empty();
    for number in 1..=40 {
        project.migration(
            &format!(
                "2026-{:02}-{:02}-000000_table",
                1 + number / 20,
                1 + number % 20
            ),
            &format!("CREATE TABLE t{number} (id INTEGER);\n"),
            None,
        );
    }
    for _ in 0..4 {
        let _ = project.run("migrate -q +10").ok();
    }
    let mut probe = probe(&project);
    assert_eq!(probe.value("SELECT count(*) FROM __manage_schema"), "30");
    let kept = "SELECT count(*) FROM __manage_history h JOIN __manage_schema s \
                ON s.fingerprint = h.fingerprint WHERE h.id > 10";
    assert_eq!(probe.value(kept), "30");
}
