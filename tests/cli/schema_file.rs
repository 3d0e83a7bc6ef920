use insta::assert_snapshot;

use crate::library::{AUTHORS, BOOKS, empty, pending, probe};
use crate::support::Project;

const TOML: &str = "[print_schema]\nfile = \"src/schema.rs\"\n";

fn project() -> Project {
    let project = pending();
    project.file("diesel.toml", TOML);
    project
}

#[test]
fn migrations_leave_the_schema_file_as_the_database_is() {
    let project = project();
    assert_snapshot!(project.run("migrate create_authors"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    wrote src/schema.rs
    ");
    assert_snapshot!(project.read("src/schema.rs"), @"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        authors (id) {
            id -> Integer,
            name -> Text,
        }
    }
    ");
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    wrote src/schema.rs
    ");
    assert_snapshot!(project.run("downgrade base --yes"), @"
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
    wrote src/schema.rs
    ");
    assert_snapshot!(project.read("src/schema.rs"), @"// @generated automatically by Diesel CLI.");
}

#[test]
fn a_file_that_says_the_same_is_not_written() {
    let project = project();
    let _ = project.run("migrate").ok();
    let own_layout = project.read("src/schema.rs").replace("    ", "  ");
    project.file("src/schema.rs", &own_layout).migration(
        "2026-06-01-000000_index",
        "CREATE INDEX loans_reader ON loans (reader);\n",
        None,
    );
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-06-01-000000_index  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-06-01-000000_index (head).
    ");
    assert_eq!(project.read("src/schema.rs"), own_layout);
}

#[test]
fn recording_and_looking_write_nothing() {
    let project = project();
    let _ = project.run("migrate --plan").ok();
    let _ = project.run("migrate --sql").ok();
    let _ = project.run("migrate --fake").ok();
    assert!(!project.path("src").exists());
}

#[test]
fn what_people_wrote_into_a_source_of_makemigrations_stays() {
    let project = project();
    let _ = project.run("migrate create_books").ok();
    let edited = project.read("src/schema.rs").replace(
        "name -> Text,",
        "name -> Text,\n        born -> Nullable<Date>,",
    );
    project.file("src/schema.rs", &edited);
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    note: the models have 2 changes that no migration makes; to write one: manage makemigrations
    hint: or take them from the database: manage inspectdb --output src/schema.rs
    ");
    assert_eq!(project.read("src/schema.rs"), edited);
    assert_snapshot!(project.run("inspectdb -o src/schema.rs"), @"
    --- stderr ---
    wrote src/schema.rs
    ");
    assert!(project.read("src/schema.rs").contains("loans (id)"));
}

#[test]
fn a_file_that_is_no_source_is_written_whatever_it_says() {
    let project = pending();
    project.settings(
        "connections: { main: { url: db.sqlite3, models: models.rs, schema_file: src/schema.rs } }",
    );
    project.file(
        "src/schema.rs",
        "diesel::table! { mine (id) { id -> Integer, } }\n",
    );
    assert_snapshot!(project.run("migrate -q create_authors"), @"");
    assert!(project.read("src/schema.rs").contains("authors (id)"));
}

#[test]
fn a_file_that_diesel_has_just_set_up_is_written() {
    let project = project();
    project.file(
        "src/schema.rs",
        "// @generated automatically by Diesel CLI.\n",
    );
    let _ = project.run("migrate").ok();
    assert!(project.read("src/schema.rs").contains("books (id)"));
}

#[test]
fn each_key_has_its_file() {
    let project = pending();
    project.file(
        "diesel.toml",
        "[print_schema.people]\nfile = \"src/people.rs\"\nfilter = { only_tables = [\"authors\"] }\n\
         [print_schema.things]\nfile = \"src/things.rs\"\nfilter = { except_tables = [\"authors\"] }\n",
    );
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    wrote src/people.rs
    wrote src/things.rs
    ");
    assert!(project.read("src/people.rs").contains("authors (id)"));
    assert!(project.read("src/things.rs").contains("books (id)"));
}

#[test]
fn a_file_that_cannot_be_made_is_a_warning() {
    let project = project();
    project.file("src", "in the way");
    assert_snapshot!(project.run("migrate create_authors"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    warning: the schema file is as it was: cannot read `$PROJECT/src/schema.rs`: Not a directory (os error 20)
    hint: check the path, and who may read it
    ");

    let project = self::project();
    let _ = project.run("migrate create_authors").ok();
    let before = project.read("src/schema.rs");
    project.migration(
        "2026-06-01-000000_docs",
        "CREATE TABLE docs (id INTEGER PRIMARY KEY, body JSON);\n",
        None,
    );
    assert_snapshot!(project.run("migrate"), @r#"
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      applied 2026-06-01-000000_docs  (1 statement, [elapsed])
    --- stderr ---
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-06-01-000000_docs (head).
    warning: the schema file is as it was: `docs` cannot be printed: Diesel has no type for `JSON` of `docs.body`
    hint: leave the table out in diesel.toml: print_schema.filter = { except_tables = ["^name$"] }
    note: the models have 2 changes that no migration makes; to write one: manage makemigrations
    hint: or take them from the database: manage inspectdb --output src/schema.rs
    "#);
    assert_eq!(project.read("src/schema.rs"), before);
}

#[test]
fn a_run_that_fails_writes_nothing() {
    let project = empty();
    project
        .file("diesel.toml", TOML)
        .migration(
            AUTHORS,
            "CREATE TABLE authors (id INTEGER PRIMARY KEY);\n",
            None,
        )
        .migration(BOOKS, "CREATE TABLE;\n", None);
    let _ = project.run("migrate");
    assert_eq!(
        probe(&project).lines("SELECT name FROM sqlite_schema WHERE name = 'authors'"),
        ["authors"]
    );
    assert!(!project.path("src").exists());
}

#[test]
fn a_schema_file_may_be_left_alone() {
    let project = project();
    let _ = project.run("migrate create_authors -q").ok();
    let before = project.read("src/schema.rs");
    let _ = project.run("migrate -q --no-schema").ok();
    assert_eq!(project.read("src/schema.rs"), before);
}

#[test]
fn a_locked_schema_file_that_differs_is_a_finding() {
    let project = project();
    let _ = project.run("migrate create_authors -q").ok();
    let before = project.read("src/schema.rs");
    assert_snapshot!(project.run("migrate --locked-schema"), @"
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    warning: `src/schema.rs` is not what the database is now, and is locked
    hint: to write it anew: manage inspectdb --output src/schema.rs
    note: the models have 2 changes that no migration makes; to write one: manage makemigrations
    hint: or take them from the database: manage inspectdb --output src/schema.rs
    [exit 3]
    ");
    assert_eq!(project.read("src/schema.rs"), before);
    let _ = project
        .run("downgrade create_authors -y --locked-schema")
        .ok();
}
