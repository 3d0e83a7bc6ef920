//! Models and migrations that are not as they should be, choices of the settings, several connections.

use insta::assert_snapshot;

use crate::library::NOW;
use crate::support::{Output, Project};

const USERS: &str = "2026-01-05-090000_users";

const USERS_SQL: &str =
    "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL);\n";

const USERS_RS: &str = "diesel::table! { users (id) { id -> Integer, name -> Text } }\n";

/// A connection with settings of its own, and its models.
fn project(more: &str, models: &str) -> Project {
    let project = Project::new();
    project.settings(&format!(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n{more}"
    ));
    project.file("src/schema.rs", models);
    project
}

fn modelled(models: &str) -> Project {
    project("", models)
}

/// A connection whose models are SQL.
fn in_sql(models: &str) -> Project {
    let project = Project::new();
    project
        .settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: schema.sql\n");
    project.file("schema.sql", models);
    project
}

fn make(project: &Project, arguments: &str) -> Output {
    project
        .manage(&format!("makemigrations {arguments}"))
        .at(NOW)
        .run()
}

/// The folders of the migrations.
fn folders(project: &Project) -> Vec<String> {
    let mut folders = project.tree("migrations");
    folders.retain(|path| !path.contains('/'));
    folders
}

#[test]
fn a_migration_that_cannot_be_replayed() {
    let project = modelled(USERS_RS);
    project.migration(
        USERS,
        "-- Users.\nCREATE TABLE users (id INTEGER);\nINSERT INTO nowhere VALUES (1);\n",
        None,
    );
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: migration `2026-01-05-090000_users` failed at migrations/2026-01-05-090000_users/up.sql:3:13 (statement 2 of 2)
      caused by: no such table: nowhere
      3 | INSERT INTO nowhere VALUES (1);
        |             ^
      nothing of it was committed
      this was on a scratch database; no other one was touched
    hint: fix the file, then run: manage makemigrations
    [exit 1]
    ");
    assert_snapshot!(make(&project, "--check"), @"
    --- stderr ---
    error: migration `2026-01-05-090000_users` failed at migrations/2026-01-05-090000_users/up.sql:3:13 (statement 2 of 2)
      caused by: no such table: nowhere
      3 | INSERT INTO nowhere VALUES (1);
        |             ^
      nothing of it was committed
      this was on a scratch database; no other one was touched
    hint: fix the file, then run: manage makemigrations
    [exit 1]
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn a_migration_that_cannot_be_read() {
    let project = modelled(USERS_RS);
    project.migration(USERS, "CREATE TABLE users (name TEXT DEFAULT 'x);\n", None);
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: migrations/2026-01-05-090000_users/up.sql:1:39: a string is never closed
      nothing was run
      this was on a scratch database; no other one was touched
    hint: close the string; a quote inside it is written twice
    [exit 1]
    ");
}

#[test]
fn table_models_that_cannot_be_read() {
    let project = modelled("diesel::table! {\n    users (id) {\n        id -> ,\n    }\n}\n");
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: the type of a column is wrong: not a type at src/schema.rs:3:15
      3 |         id -> ,
        |               ^
    hint: write it as `diesel print-schema` does: table! { users (id) { id -> Integer, name -> Nullable<Text>, } }
    [exit 1]
    ");
    let project = modelled("fn main() {\n");
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: the file is not Rust: cannot parse string into token stream at src/schema.rs:1:11
      1 | fn main() {
        |           ^
    hint: mend the file, or leave it out of `models:` in the settings
    [exit 1]
    ");
    let project =
        modelled("diesel::table! {\n    users (uid) {\n        id -> Integer,\n    }\n}\n");
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: table `users` has no column `uid`, which is to be its primary key at src/schema.rs:2:12
      2 |     users (uid) {
        |            ^
    hint: name the columns of its primary key: users (first_column, second_column) { ... }
    [exit 1]
    ");
    let project = modelled(&USERS_RS.repeat(2));
    assert_snapshot!(make(&project, ""), @"
    migrations/2026-11-20-101500_create_users
    --- stderr ---
    Compared src/schema.rs with 0 migrations replayed on a scratch database (0 tables).
      + table users
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
}

#[test]
fn models_without_a_table() {
    let project = modelled("// Nothing yet.\n");
    assert_snapshot!(make(&project, ""), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 0 migrations replayed on a scratch database (0 tables).
    ");
    let project = modelled("");
    project.migration(USERS, USERS_SQL, None);
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: is table `users` with all its rows meant to go?
      nothing was changed
    hint: --allow-drop users
    [exit 4]
    ");
    assert_snapshot!(make(&project, "--check"), @"
      - table users
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    main: 1 change without a migration. To write one, run: manage makemigrations
    [exit 3]
    ");
}

#[test]
fn sql_models_that_fail() {
    let project = in_sql(
        "CREATE TABLE users (\n    id INTEGER\n);\nCREATE INDEX users_name\n    ON users (name);\n",
    );
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: the models failed at schema.sql:4:1
      caused by: no such column: name
      4 | CREATE INDEX users_name
        | ^
      this was on a scratch database; no other one was touched
    hint: mend the models, then run: manage makemigrations
    [exit 1]
    ");
    let project = in_sql("CREATE TABLE users (name TEXT DEFAULT 'x);\n");
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: schema.sql:1:39: a string is never closed
    hint: close the string; a quote inside it is written twice
    [exit 1]
    ");
    let project = in_sql("");
    assert_snapshot!(make(&project, ""), @"
    No changes detected
    --- stderr ---
    Compared schema.sql with 0 migrations replayed on a scratch database (0 tables).
    ");
}

#[test]
fn sql_models_that_hold_a_transaction() {
    let project = in_sql(
        "PRAGMA foreign_keys = off;\nBEGIN TRANSACTION;\nCREATE TABLE users (id INTEGER);\nINSERT INTO users VALUES (1);\nCOMMIT;\n",
    );
    assert_snapshot!(make(&project, ""), @"
    migrations/2026-11-20-101500_create_users
    --- stderr ---
    Compared schema.sql with 0 migrations replayed on a scratch database (0 tables).
      + table users
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    let project = in_sql("BEGIN;\nCREATE TABLE users (id INTEGER);\n");
    assert_snapshot!(make(&project, ""), @"
    migrations/2026-11-20-101500_create_users
    --- stderr ---
    Compared schema.sql with 0 migrations replayed on a scratch database (0 tables).
      + table users
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
}

#[test]
fn models_that_are_not_there() {
    let project = modelled("");
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/tables.rs\n",
    );
    assert_snapshot!(make(&project, ""), @r#"
    --- stderr ---
    error: there are no models at `src/tables.rs`
    hint: write them there, or correct `models:` in the settings
    hint: for a hand-written migration: manage makemigrations --empty "Add users"
    [exit 1]
    "#);
    assert_snapshot!(make(&project, "--check"), @r#"
    --- stderr ---
    error: there are no models at `src/tables.rs`
    hint: write them there, or correct `models:` in the settings
    hint: for a hand-written migration: manage makemigrations --empty "Add users"
    [exit 1]
    "#);
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: \"src/*.sql\"\n",
    );
    assert_snapshot!(make(&project, ""), @r#"
    --- stderr ---
    error: there are no models at `src/*.sql`
    hint: write them there, or correct `models:` in the settings
    hint: for a hand-written migration: manage makemigrations --empty "Add users"
    [exit 1]
    "#);
}

#[test]
fn without_models_there_is_nothing_to_check() {
    let project = Project::new();
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n");
    assert_snapshot!(make(&project, "--check"), @"
    --- stderr ---
    error: connection `main` has no models to compare with
    hint: name them in the settings: connections: main: models: src/schema.rs
    [exit 1]
    ");
    assert_snapshot!(make(&project, "--from-database"), @"
    --- stderr ---
    error: connection `main` has no models to compare with
    hint: name them in the settings: connections: main: models: src/schema.rs
    [exit 1]
    ");
}

#[test]
fn models_of_both_kinds() {
    let project = modelled(USERS_RS);
    project.file("src/more.sql", USERS_SQL);
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src\n");
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: `$PROJECT/src/more.sql` and `$PROJECT/src/schema.rs` cannot both be models
    hint: let `models:` name either .rs files of table! or .sql files of the desired state
    [exit 1]
    ");
}

#[test]
fn a_type_that_nobody_explains() {
    let models = "diesel::table! {\n    users (id) {\n        id -> Integer,\n        mood -> crate::sql::Mood,\n    }\n}\n";
    let project = modelled(models);
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: nothing says which SQL type `Mood` is on SQLite at src/schema.rs:4:17
    hint: write it under `types:` in the settings: Mood: <its SQL type>
    [exit 1]
    ");
    let project = self::project("    types:\n      Mood: TEXT\n", models);
    assert_snapshot!(make(&project, "-q"), @"migrations/2026-11-20-101500_create_users");
    let up = project.read("migrations/2026-11-20-101500_create_users/up.sql");
    assert_snapshot!(up, @r#"
    -- Create users

    CREATE TABLE "users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "mood" TEXT NOT NULL
    );
    "#);
}

#[test]
fn tables_that_are_not_this_connections_business() {
    let models = format!("{USERS_RS}diesel::table! {{ audit_log (id) {{ id -> Integer }} }}\n");
    let project = self::project("    tables:\n      exclude: ^audit_\n", &models);
    project.migration(USERS, "CREATE TABLE audit_old (id INTEGER);\n", None);
    assert_snapshot!(make(&project, "--check"), @"
      + table users
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (0 tables).
    Left out by `tables:` of the settings, --only or --except: 1 table.
    main: 1 change without a migration. To write one, run: manage makemigrations
    [exit 3]
    ");
    let project = self::project("    tables:\n      include: ^audit_\n", &models);
    project.migration(USERS, "CREATE TABLE audit_old (id INTEGER);\n", None);
    assert_snapshot!(make(&project, "--check"), @"
      - table audit_old
      + table audit_log
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    main: 2 changes without a migration. To write one, run: manage makemigrations
    [exit 3]
    ");
    let project = self::project("    tables:\n      include: 'audit_('\n", &models);
    assert_snapshot!(make(&project, "--check"), @"
    --- stderr ---
    error: a pattern of tables cannot be read
      caused by: regex parse error:
            audit_(
                  ^
        error: unclosed group
    hint: write regular expressions under `tables: include:` and `exclude:`, and behind --only and --except
    [exit 1]
    ");
}

#[test]
fn a_flag_says_which_tables_it_is_about() {
    let models = format!("{USERS_RS}diesel::table! {{ audit_log (id) {{ id -> Integer }} }}\n");
    let project = self::project("", &models);
    let changes = |flags: &str| {
        let output = make(&project, &format!("--check -q {flags}")).exits(3);
        output.stdout
    };
    assert_eq!(changes(""), "  + table audit_log\n  + table users\n");
    assert_eq!(changes("--only ^audit_"), "  + table audit_log\n");
    assert_eq!(changes("--except ^audit_"), "  + table users\n");
    assert_eq!(
        changes("--only-tables users -o audit --except-tables ^users$"),
        "  + table audit_log\n"
    );
    assert_snapshot!(make(&project, "--only ^nothing$"), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 0 migrations replayed on a scratch database (0 tables).
    ");
}

#[test]
fn the_live_database_may_be_compared() {
    let project = modelled(USERS_RS);
    assert_snapshot!(make(&project, "--from-database"), @"
    migrations/2026-11-20-101500_create_users
    --- stderr ---
    Compared src/schema.rs with the live database of `main` (0 tables).
      + table users
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    let project = modelled(USERS_RS);
    crate::library::probe(&project)
        .execute("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, old TEXT)");
    assert_snapshot!(make(&project, "--from-database --check"), @"
      - column users.old TEXT
      + column users.name TEXT not null
    --- stderr ---
    Compared src/schema.rs with the live database of `main` (1 table).
    main: 2 changes without a migration. To write one, run: manage makemigrations
    [exit 3]
    ");
    assert_snapshot!(make(&project, "--from-database --allow-drop --no-rename --nullable users.name"), @"
    migrations/2026-11-20-101500_drop_users_old_and_add_users_name
    --- stderr ---
    Compared src/schema.rs with the live database of `main` (1 table).
      - column users.old TEXT
      + column users.name TEXT
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    let up = project.read("migrations/2026-11-20-101500_drop_users_old_and_add_users_name/up.sql");
    assert_snapshot!(up, @r#"
    -- Drop users old and add users name

    ALTER TABLE "users" ADD COLUMN "name" TEXT;
    ALTER TABLE "users" DROP COLUMN "old";
    "#);
}

#[test]
fn connections_are_checked_one_after_another() {
    let project = Project::new();
    project.settings("default: shop\nconnections:\n  shop:\n    url: sqlite://shop.db\n    models: shop.rs\n  audit:\n    url: sqlite://audit.db\n    models: audit.sql\n");
    project
        .file("shop.rs", USERS_RS)
        .file("audit.sql", "CREATE TABLE log (id INTEGER);\n");
    project.file(format!("migrations/shop/{USERS}/up.sql"), USERS_SQL);
    assert_snapshot!(make(&project, "--check --all"), @"
    No changes detected
      + table log
    --- stderr ---
    Compared shop.rs with 1 migration replayed on a scratch database (1 table).
    Compared audit.sql with 0 migrations replayed on a scratch database (0 tables).
    audit: 1 change without a migration. To write one, run: manage makemigrations -d audit
    [exit 3]
    ");
    assert_snapshot!(make(&project, "--check --all --json"), @r#"
    {"connection":"shop","models":"shop.rs","compared_with":"migrations","tables":1,"changes":[],"unmanaged":[]}
    {"connection":"audit","models":"audit.sql","compared_with":"migrations","tables":0,"changes":[{"change":"add","what":"table log"}],"unmanaged":[]}
    --- stderr ---
    Compared shop.rs with 1 migration replayed on a scratch database (1 table).
    Compared audit.sql with 0 migrations replayed on a scratch database (0 tables).
    audit: 1 change without a migration. To write one, run: manage makemigrations -d audit
    [exit 3]
    "#);
    assert_snapshot!(make(&project, "-d audit"), @"
    migrations/audit/2026-11-20-101500_create_log
    --- stderr ---
    Compared audit.sql with 0 migrations replayed on a scratch database (0 tables).
      + table log
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate -d audit
    ");
    assert_snapshot!(make(&project, "--check --all"), @"
    No changes detected
    No changes detected
    --- stderr ---
    Compared shop.rs with 1 migration replayed on a scratch database (1 table).
    Compared audit.sql with 1 migration replayed on a scratch database (1 table).
    ");
}

#[test]
fn a_connection_without_models_among_those_that_have_some() {
    let project = Project::new();
    project.settings("default: shop\nconnections:\n  shop:\n    url: sqlite://shop.db\n    models: shop.rs\n  audit:\n    url: sqlite://audit.db\n");
    project.file("shop.rs", USERS_RS);
    assert_snapshot!(make(&project, "--check --all"), @"
      + table users
    --- stderr ---
    Compared shop.rs with 0 migrations replayed on a scratch database (0 tables).
    shop: 1 change without a migration. To write one, run: manage makemigrations -d shop
    note: connection `audit` has no models to compare with
    [exit 3]
    ");
    assert_snapshot!(make(&project, "-d audit"), @r#"
    --- stderr ---
    error: a migration needs a name
      nothing was changed
    hint: say what it does: manage makemigrations "Add users"
    [exit 4]
    "#);
}

#[test]
fn an_unproved_migration_is_written_where_that_is_asked_for() {
    let project =
        modelled("diesel::table! { users (id) { id -> Integer, name -> Text, age -> Integer } }\n");
    project.migration(USERS, USERS_SQL, Some("DROP TABLE users;\n"));
    assert_snapshot!(make(&project, "--fill users.age=nobody -q"), @r#"
    --- stderr ---
    error: the migration is not proved: up.sql fails
      migration `2026-11-20-101500_add_users_age` failed at migrations/2026-11-20-101500_add_users_age/up.sql:16:26 (statement 3 of 7)
      caused by: no such column: nobody
      16 |     SELECT "id", "name", nobody
         |                          ^
      nothing of it was committed
      nothing was written
    hint: to see its SQL, add: --dry-run
    hint: to write it all the same and mend it by hand, add: --unproved
    [exit 1]
    "#);
    assert_eq!(folders(&project), [USERS]);
    assert_snapshot!(make(&project, "--fill users.age=nobody --unproved"), @r#"
    migrations/2026-11-20-101500_add_users_age
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      + column users.age INTEGER not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then the name, and `__manage_guard` makes the script fail if a row were lost.
      migration `2026-11-20-101500_add_users_age` failed at migrations/2026-11-20-101500_add_users_age/up.sql:16:26 (statement 3 of 7)
      caused by: no such column: nobody
      16 |     SELECT "id", "name", nobody
         |                          ^
      nothing of it was committed
    warning: not proved: up.sql fails
    Read it, then run: manage migrate
    "#);
    assert_eq!(folders(&project).len(), 2);
}

#[test]
fn a_migration_that_attaches_another_database_is_not_replayed() {
    let project = modelled(USERS_RS);
    project.migration(USERS, "SELECT 1;\nATTACH 'other.db' AS other;\n", None);
    assert_snapshot!(make(&project, "--check"), @"
    --- stderr ---
    error: `ATTACH` at migrations/2026-01-05-090000_users/up.sql:2:1 leads out of the scratch database
      it was not run
      this was on a scratch database; no other one was touched
    hint: write the names without a database, and leave databases and roles to a script of their own
    [exit 1]
    ");
    assert_snapshot!(project.run("verify"), @"
    --- stderr ---
    error: `ATTACH` at migrations/2026-01-05-090000_users/up.sql:2:1 leads out of the scratch database
      it was not run
      this was on a scratch database; no other one was touched
    hint: write the names without a database, and leave databases and roles to a script of their own
    [exit 1]
    ");
    assert!(!project.path("other.db").exists());
}
