use insta::assert_snapshot;

use crate::library::{
    BOOKS, LOANS, applied, empty, history, ledger, pending, probe, stocked, tables,
};
use crate::pretty::pretty;
use crate::support::Project;

#[test]
fn everything_pending_is_applied_in_order() {
    let project = pending();
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
    assert_eq!(
        ledger(&project),
        ["20260105090000", "20260112140000", "20260202101500"]
    );
}

#[test]
fn a_second_run_has_nothing_to_do() {
    let project = applied();
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn a_folder_without_migrations_has_nothing_to_do() {
    let project = empty();
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    note: there is no folder `migrations`
    main: nothing to apply.
    main is at base: nothing is applied.
    ");
}

#[test]
fn a_target_is_where_it_stops() {
    let project = pending();
    assert_snapshot!(project.run("migrate create_books"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
    --- stderr ---
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(tables(&project), ["authors", "books"]);
}

#[test]
fn a_number_of_steps_has_a_sign() {
    let project = pending();
    assert_snapshot!(project.run("migrate +1"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
    assert_snapshot!(project.run("migrate 1"), @"
    --- stderr ---
    error: no migration matches `1`
    hint: for a number of steps, write its sign: +1 or -1
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("migrate +3"), @"
    --- stderr ---
    error: `+3` goes too far: 2 migrations are pending
    hint: to apply them all: manage migrate head
    [exit 1]
    ");
    assert_eq!(tables(&project), ["authors"]);
}

#[test]
fn all_spellings_of_a_target_mean_the_same() {
    let project = pending();
    let plan = |target: &str| project.run(&format!("migrate --plan {target}")).ok().stdout;
    let books = plan(BOOKS);
    for target in [
        "20260112140000",
        "2026-01-12-140000",
        "create_books",
        "create_b",
        "20260112",
        "head~1",
        "create_loans~1",
        "create_authors+1",
        "+2",
    ] {
        assert_eq!(plan(target), books, "{target}");
    }
    assert_eq!(plan("head"), plan(""));
    assert_eq!(plan("HEADS"), plan(LOANS));
}

#[test]
fn an_unknown_target_comes_with_the_nearest() {
    let project = pending();
    assert_snapshot!(project.run("migrate create_bokos"), @"
    --- stderr ---
    error: no migration matches `create_bokos`
    hint: did you mean `2026-01-12-140000_create_books`?
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("migrate create_"), @"
    --- stderr ---
    error: `create_` matches 3 migrations
      2026-01-05-090000_create_authors
      2026-01-12-140000_create_books
      2026-02-02-101500_create_loans
    hint: type more of it, or the whole name of the directory
    [exit 1]
    ");
    assert_snapshot!(project.run("migrate zz"), @"
    --- stderr ---
    error: no migration matches `zz`
    hint: type three characters of its name or more
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn the_place_where_it_stands_is_no_work() {
    let project = pending();
    let _ = project.run("migrate create_books -q").ok();
    assert_snapshot!(project.run("migrate current"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-01-12-140000_create_books.
    ");
    assert_snapshot!(project.run("migrate create_books"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-01-12-140000_create_books.
    ");
}

#[test]
fn an_applied_target_is_a_way_back_that_needs_consent() {
    let project = stocked();
    assert_snapshot!(project.run("migrate create_authors"), @"
    --- stderr ---
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    error: 2 migrations would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
    assert_snapshot!(project.run("migrate create_authors -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_books  (2 statements, [elapsed])
    --- stderr ---
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    main: 2 migrations reverted in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
    assert_eq!(tables(&project), ["authors"]);
}

#[test]
fn zero_takes_everything_back() {
    let project = applied();
    assert_snapshot!(project.run("migrate zero --no-prompt"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_books  (2 statements, [elapsed])
      reverted 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    main: 3 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: empty
      - 2026-01-05-090000_create_authors
          drops table `authors`: empty
    main: 3 migrations reverted in [elapsed].
    main is at base: nothing is applied.
    ");
    assert_eq!(ledger(&project), [""; 0]);
}

#[test]
fn a_step_back_needs_no_two_dashes() {
    let project = applied();
    assert_snapshot!(project.run("migrate -1 -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(tables(&project), ["authors", "books"]);
}

#[test]
fn a_plan_is_shown_and_nothing_is_created() {
    let project = pending();
    assert_snapshot!(project.run("migrate --plan"), @"
    main  3 migrations would be applied
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
      + 2026-02-02-101500_create_loans
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn a_plan_of_the_way_back_asks_nothing() {
    let project = applied();
    assert_snapshot!(project.run("migrate --plan create_authors"), @"
    main  2 migrations would be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: empty
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn a_plan_says_what_is_unusual_about_a_step() {
    let project = pending();
    project
        .migration("2026-03-01-000000_no_way_back", "SELECT 1;\n", None)
        .migration("2026-03-02-000000_alone", "VACUUM;\n", Some("SELECT 1;\n"))
        .metadata("2026-03-02-000000_alone", "run_in_transaction = false\n");
    assert_snapshot!(project.run("migrate --plan"), @"
    main  5 migrations would be applied
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
      + 2026-02-02-101500_create_loans
      + 2026-03-01-000000_no_way_back  (irreversible: no down.sql)
      + 2026-03-02-000000_alone  (not in a transaction)
    ");
    assert_snapshot!(project.run("migrate --plan --fake create_books"), @"
    main  2 migrations would be applied
      + 2026-01-05-090000_create_authors  (recorded only)
      + 2026-01-12-140000_create_books  (recorded only)
    ");
}

#[test]
fn a_plan_of_nothing_says_so() {
    assert_snapshot!(applied().run("migrate --plan"), @"main  nothing to do");
}

#[test]
fn a_plan_in_json_holds_the_same_steps() {
    let project = pending();
    assert_snapshot!(pretty(&project.run("migrate --plan --json create_books")), @r#"
    {
      "connection": "main",
      "direction": "up",
      "steps": [
        {"version":"20260105090000","name":"2026-01-05-090000_create_authors","fake":false,"losses":[],"transactional":true,"reversible":true,"file":"migrations/2026-01-05-090000_create_authors/up.sql"},
        {"version":"20260112140000","name":"2026-01-12-140000_create_books","fake":false,"losses":[],"transactional":true,"reversible":true,"file":"migrations/2026-01-12-140000_create_books/up.sql"}
      ]
    }
    "#);
}

#[test]
fn the_sql_is_what_would_run_with_what_would_be_recorded() {
    let project = pending();
    assert_snapshot!(project.run("migrate --sql create_books"), @"
    -- Applies 2 migrations of connection `main`: base to 2026-01-12-140000_create_books.
    -- Run it with: sqlite3 -bail FILE < SCRIPT
    -- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.
    PRAGMA foreign_keys = OFF;

    CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
           version VARCHAR(50) PRIMARY KEY NOT NULL,
           run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
    );

    -- apply 2026-01-05-090000_create_authors
    BEGIN IMMEDIATE;
    CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20260105090000');
    COMMIT;

    -- apply 2026-01-12-140000_create_books
    BEGIN IMMEDIATE;
    CREATE TABLE books (
        id INTEGER PRIMARY KEY NOT NULL,
        author_id INTEGER NOT NULL REFERENCES authors (id),
        title TEXT NOT NULL
    );
    CREATE INDEX books_title ON books (title);
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20260112140000');
    COMMIT;
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn the_sql_can_be_run_by_any_other_program() {
    let project = pending();
    let sql = project.run("migrate --sql").ok().stdout;
    probe(&project).execute(&sql);
    assert_eq!(ledger(&project).len(), 3);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn the_sql_of_a_way_back_deletes_the_records() {
    let project = applied();
    assert_snapshot!(project.run("migrate --sql create_authors"), @r#"
    -- Reverts 2 migrations of connection `main`: 2026-02-02-101500_create_loans back to 2026-01-05-090000_create_authors.
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

    -- revert 2026-02-02-101500_create_loans
    BEGIN IMMEDIATE;
    DROP TABLE loans;
    INSERT INTO temp.__manage_check DEFAULT VALUES;
    DELETE FROM __diesel_schema_migrations WHERE version = '20260202101500';
    COMMIT;

    -- revert 2026-01-12-140000_create_books
    BEGIN IMMEDIATE;
    DROP INDEX books_title;
    DROP TABLE books;
    INSERT INTO temp.__manage_check DEFAULT VALUES;
    DELETE FROM __diesel_schema_migrations WHERE version = '20260112140000';
    COMMIT;
    "#);
}

#[test]
fn the_sql_of_nothing_is_nothing() {
    assert_snapshot!(applied().run("migrate --sql"), @"");
}

#[test]
fn the_sql_ends_a_statement_that_its_file_leaves_open() {
    let project = empty();
    project.migration("1_a", "CREATE TABLE a (id INTEGER) -- the last word", None);
    assert_snapshot!(project.run("migrate --sql"), @"
    -- Applies 1 migration of connection `main`: base to 1_a.
    -- Run it with: sqlite3 -bail FILE < SCRIPT
    -- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.
    PRAGMA foreign_keys = OFF;

    CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
           version VARCHAR(50) PRIMARY KEY NOT NULL,
           run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
    );

    -- apply 1_a
    BEGIN IMMEDIATE;
    CREATE TABLE a (id INTEGER); -- the last word
    INSERT INTO __diesel_schema_migrations (version) VALUES ('1');
    COMMIT;
    ");
}

#[test]
fn a_check_tells_by_its_exit_code_whether_something_is_pending() {
    let project = pending();
    assert_snapshot!(project.run("migrate --check"), @"
    main  3 migrations would be applied
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
      + 2026-02-02-101500_create_loans
    [exit 3]
    ");
    assert!(!project.path("db.sqlite3").exists());
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("migrate --check"), @"main  nothing to do");
}

#[test]
fn a_check_in_json_is_the_plan() {
    let project = applied();
    assert_snapshot!(pretty(&project.run("migrate --check --json")), @r#"
    {
      "connection": "main",
      "direction": "up",
      "steps": []
    }
    "#);
}

#[test]
fn plan_sql_and_check_exclude_each_other() {
    let project = pending();
    assert_snapshot!(project.run("migrate --plan --sql"), @"
    --- stderr ---
    error: the argument '--plan' cannot be used with '--sql'

    Usage: manage migrate --plan [TARGET]

    For more information, try '--help'.
    [exit 2]
    ");
    assert_snapshot!(project.run("migrate --sql --check"), @"
    --- stderr ---
    error: the argument '--sql' cannot be used with '--check'

    Usage: manage migrate --sql [TARGET]

    For more information, try '--help'.
    [exit 2]
    ");
    assert_snapshot!(project.run("migrate --check --plan"), @"
    --- stderr ---
    error: the argument '--check' cannot be used with '--plan'

    Usage: manage migrate --check [TARGET]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn fake_records_and_runs_nothing() {
    let project = pending();
    assert_snapshot!(project.run("migrate --fake create_books"), @"
      recorded 2026-01-05-090000_create_authors  (not run)
      recorded 2026-01-12-140000_create_books  (not run)
    --- stderr ---
    main: recording 2 migrations to sqlite://db.sqlite3
    main: 2 migrations recorded in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(tables(&project), [""; 0]);
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
    assert_eq!(
        history(&project),
        ["fake|20260105090000", "fake|20260112140000"]
    );
}

#[test]
fn fake_on_the_way_back_forgets_and_runs_nothing() {
    let project = applied();
    assert_snapshot!(project.run("migrate --fake create_authors -y"), @"
      forgotten 2026-02-02-101500_create_loans  (not run)
      forgotten 2026-01-12-140000_create_books  (not run)
    --- stderr ---
    main: 2 migrations will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
    main: 2 migrations forgotten in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
    assert_eq!(ledger(&project), ["20260105090000"]);
}

#[test]
fn json_reports_the_steps_that_were_done() {
    let project = pending();
    assert_snapshot!(pretty(&project.run("migrate --json create_books")), @r#"
    {
      "connection": "main",
      "direction": "up",
      "steps": [
        {"version":"20260105090000","name":"2026-01-05-090000_create_authors","fake":false,"statements":1,"milliseconds":"[elapsed]"},
        {"version":"20260112140000","name":"2026-01-12-140000_create_books","fake":false,"statements":2,"milliseconds":"[elapsed]"}
      ],
      "milliseconds": "[elapsed]"
    }
    --- stderr ---
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-01-12-140000_create_books.
    "#);
    assert_snapshot!(pretty(&project.run("migrate --json create_books")), @r#"
    {
      "connection": "main",
      "direction": "up",
      "steps": [],
      "milliseconds": "[elapsed]"
    }
    --- stderr ---
    main: nothing to apply.
    main is at 2026-01-12-140000_create_books.
    "#);
}

#[test]
fn quiet_leaves_the_answer_alone() {
    assert_snapshot!(pending().run("migrate -q"), @"");
    assert_snapshot!(pending().run("migrate -q --json create_authors").stderr, @"");
    assert_snapshot!(applied().run("migrate -q"), @"");
}

#[test]
fn verbose_shows_every_statement() {
    let project = pending();
    assert_snapshot!(project.run("migrate -v create_books"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    main: applying 2 migrations to sqlite://db.sqlite3
        1/1 CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name…  [elapsed]
        1/2 CREATE TABLE books ( id INTEGER PRIMARY KEY NOT NULL, autho…  [elapsed]
        2/2 CREATE INDEX books_title ON books (title)  [elapsed]
    main: 2 migrations applied in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
}

#[test]
fn diesels_rows_count_and_are_not_run_again() {
    let project = pending();
    probe(&project).execute(
        "CREATE TABLE __diesel_schema_migrations (
             version VARCHAR(50) PRIMARY KEY NOT NULL,
             run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
         );
         INSERT INTO __diesel_schema_migrations (version) VALUES ('20260105090000');",
    );
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(
        history(&project),
        ["apply|20260112140000", "apply|20260202101500"]
    );
}

#[test]
fn the_other_tools_word_is_understood() {
    assert_snapshot!(pending().run("upgrade head -q"), @"");
}

#[test]
fn a_migration_without_metadata_may_say_that_it_needs_none() {
    let project = empty();
    project
        .migration("2026-01-01-000000_a", "SELECT 1;\n", None)
        .metadata("2026-01-01-000000_a", "");
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-01-000000_a  (1 statement, [elapsed])
    --- stderr ---
    warning: migrations/2026-01-01-000000_a/metadata.toml: `run_in_transaction` is missing; Diesel runs the migration without a transaction
    hint: write `run_in_transaction = true` (or `false`) as the first line
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-01-01-000000_a (head).
    ");
}

#[test]
fn a_hidden_folder_and_a_file_are_no_migrations() {
    let project = applied();
    project
        .file("migrations/.drafts/up.sql", "SELECT 1;")
        .file("migrations/README.md", "");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn every_folder_of_several_is_applied_in_one_order() {
    let project = pending();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    migrations: [migrations, more]\n",
    );
    project.file(
        "more/2026-01-20-000000_create_shelves/up.sql",
        "CREATE TABLE shelves (id INTEGER);\n",
    );
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-01-20-000000_create_shelves  (1 statement, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 4 migrations to sqlite://db.sqlite3
    main: 4 migrations applied in [elapsed].
    main is at 2026-01-20-000000_create_shelves (head) and 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn an_irreversible_migration_on_the_way_back_stops_before_anything_runs() {
    let project = pending();
    std::fs::remove_file(project.folder_of(BOOKS).join("down.sql")).unwrap();
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("migrate zero -y"), @"
    --- stderr ---
    error: migration `2026-01-12-140000_create_books` cannot be reverted: it has no down.sql
      nothing was run
    hint: write migrations/2026-01-12-140000_create_books/down.sql
    hint: stop above it: manage downgrade 2026-01-12-140000_create_books
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

/// The first migration of the library, and the tables that somebody made before there were migrations.
fn legacy(tables: &str) -> Project {
    let project = pending();
    probe(&project).execute(tables);
    project
}

#[test]
fn an_initial_migration_whose_tables_are_there_is_recorded() {
    let project =
        legacy("CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL)");
    assert_snapshot!(project.run("migrate --fake-initial --plan"), @"
    main  3 migrations would be applied
      + 2026-01-05-090000_create_authors  (recorded only)
      + 2026-01-12-140000_create_books
      + 2026-02-02-101500_create_loans
    --- stderr ---
    `2026-01-05-090000_create_authors` makes 1 table that is there already, with the same columns: it is recorded, not run.
    ");
    assert_eq!(tables(&project), ["authors"]);
    assert_snapshot!(project.run("migrate --fake-initial"), @"
      recorded 2026-01-05-090000_create_authors  (not run)
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    `2026-01-05-090000_create_authors` makes 1 table that is there already, with the same columns: it is recorded, not run.
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 2 migrations applied, 1 recorded in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(
        history(&project),
        [
            "fake|20260105090000",
            "apply|20260112140000",
            "apply|20260202101500"
        ]
    );
}

#[test]
fn an_initial_migration_whose_tables_are_not_there_is_run() {
    assert_snapshot!(pending().run("migrate create_authors --fake-initial"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
}

#[test]
fn an_initial_migration_whose_tables_are_there_in_part_stops_the_run() {
    let project = legacy("CREATE TABLE authors (id INTEGER PRIMARY KEY, full_name TEXT)");
    assert_snapshot!(project.run("migrate --fake-initial"), @"
    --- stderr ---
    error: what `2026-01-05-090000_create_authors` makes is there in part, or with other columns
      column `authors.name` is not there
      column `authors.full_name` is there, and the migration does not make it
      nothing was run
    hint: bring the tables to what the migration makes, or take them away
    hint: record it as it is: manage migrate --fake 2026-01-05-090000_create_authors
    [exit 1]
    ");
    assert_snapshot!(project.run("migrate --fake-initial --fake"), @"
    --- stderr ---
    error: the argument '--fake-initial' cannot be used with '--fake'

    Usage: manage migrate --fake-initial [TARGET]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn an_initial_migration_may_find_other_types() {
    let project = legacy("CREATE TABLE Authors (id INTEGER PRIMARY KEY NOT NULL, NAME BLOB)");
    assert_snapshot!(project.run("migrate create_authors --fake-initial"), @"
      recorded 2026-01-05-090000_create_authors  (not run)
    --- stderr ---
    `2026-01-05-090000_create_authors` makes 1 table that is there already, with the same columns: it is recorded, not run.
    warning: column `authors.name` is BLOB there, and TEXT where the migration makes it
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration recorded in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
}

#[test]
fn only_an_initial_migration_is_recorded_for_its_tables() {
    let project = applied();
    let _ = project.run("downgrade create_authors --fake -y -q").ok();
    let out = project.run("migrate --fake-initial").exits(1);
    out.says("error: migration `2026-01-12-140000_create_books` failed at migrations/2026-01-12-140000_create_books/up.sql:1:14 (statement 1 of 2)");
}

#[test]
fn rows_without_a_folder_are_pruned_and_nothing_else_is_done() {
    let project = applied();
    project.remove(LOANS);
    project.migration("2026-03-01-000000_later", "SELECT 1;\n", None);
    assert_snapshot!(project.run("migrate --prune --plan"), @"
    main: 1 migration without a folder would be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans  (applied [time] UTC)
    ");
    assert_snapshot!(project.run("migrate --prune --check --json").exits(3), @r#"
    {"connection":"main","forget":[{"version":"20260202101500","name":"2026-02-02-101500_create_loans"}],"done":false}
    [exit 3]
    "#);
    assert_snapshot!(project.run("migrate --prune"), @"
    --- stderr ---
    main: 1 migration without a folder will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans  (applied [time] UTC)
    error: 1 row would be deleted, and nobody can be asked
      nothing was changed
    hint: delete without asking: --yes
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_snapshot!(project.run("migrate --prune -y"), @"
    --- stderr ---
    main: 1 migration without a folder will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans  (applied [time] UTC)
    Forgot that `2026-02-02-101500_create_loans` was applied.
    main: 1 migration forgotten; nothing was run.
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
    assert_snapshot!(project.run("migrate --prune -y"), @"
    --- stderr ---
    main: every applied migration has its folder; nothing to forget.
    ");
    assert_snapshot!(project.run("migrate head --prune"), @"
    --- stderr ---
    error: the argument '[TARGET]' cannot be used with '--prune'

    Usage: manage migrate <TARGET>

    For more information, try '--help'.
    [exit 2]
    ");
}
