//! Migrations made from the models, on SQLite: from the first one to the questions.

use insta::assert_snapshot;

use crate::library::NOW;
use crate::pretty::pretty;
use crate::support::{Output, Project};

const USERS: &str = "2026-01-05-090000_users";

/// A connection whose models are in `src/schema.rs`.
fn modelled(models: &str) -> Project {
    let project = Project::new();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n",
    );
    project.file("src/schema.rs", models);
    project
}

/// The same, with a migration that is there already.
fn grown(up: &str, models: &str) -> Project {
    let project = modelled(models);
    project.migration(USERS, up, Some("SELECT 1;\n"));
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

fn up(project: &Project, folder: &str) -> String {
    project.read(format!("migrations/{folder}/up.sql"))
}

fn down(project: &Project, folder: &str) -> String {
    project.read(format!("migrations/{folder}/down.sql"))
}

const LIBRARY: &str = "diesel::table! {
    posts (id) {
        id -> Integer,
        user_id -> Integer,
        title -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::joinable!(posts -> users (user_id));
";

/// A table of users with such columns, as `table!` says it.
fn users(columns: &str) -> String {
    format!("diesel::table! {{\n    users (id) {{\n        id -> Integer,\n{columns}    }}\n}}\n")
}

const USERS_SQL: &str =
    "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL);\n";

fn unchanged() -> Project {
    grown(USERS_SQL, &users("        name -> Text,\n"))
}

#[test]
fn the_first_migration_makes_what_the_models_say() {
    let project = modelled(LIBRARY);
    assert_snapshot!(make(&project, ""), @"
    migrations/2026-11-20-101500_create_posts_and_users
    --- stderr ---
    Compared src/schema.rs with 0 migrations replayed on a scratch database (0 tables).
      + table posts
      + table users
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    let made = "2026-11-20-101500_create_posts_and_users";
    assert_eq!(folders(&project), [made]);
    assert_snapshot!(up(&project, made), @r#"
    -- Create posts and users

    CREATE TABLE "users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL
    );

    CREATE TABLE "posts" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "user_id" INTEGER NOT NULL,
        "title" TEXT NOT NULL,
        FOREIGN KEY ("user_id") REFERENCES "users" ("id")
    );
    "#);
    assert_snapshot!(down(&project, made), @r#"
    -- Revert: Create posts and users

    DROP TABLE "posts";
    DROP TABLE "users";
    "#);
    assert_snapshot!(project.read(format!("migrations/{made}/metadata.toml")), @"
    run_in_transaction = true

    [manage]
    depends_on = []
    ");
    // It is what it says it is.
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(make(&project, "--check"), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (2 tables).
    ");
    assert_snapshot!(make(&project, "--check --from-database"), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with the live database of `main` (2 tables).
    ");
}

#[test]
fn sql_models_are_run_to_see_what_they_mean() {
    let project = Project::new();
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: [tables.sql, views.sql]\n");
    project.file("tables.sql", "-- The tables.\nCREATE TABLE books (\n    id INTEGER PRIMARY KEY,\n    title VARCHAR(80) NOT NULL DEFAULT '?',\n    price NUMERIC CHECK (price >= 0)\n);\nCREATE UNIQUE INDEX books_title ON books (title);\n");
    project.file(
        "views.sql",
        "CREATE VIEW cheap AS SELECT * FROM books WHERE price < 10;\n",
    );
    assert_snapshot!(make(&project, ""), @"
    migrations/2026-11-20-101500_create_books_and_cheap
    --- stderr ---
    Compared tables.sql and 1 more with 0 migrations replayed on a scratch database (0 tables).
      + table books
      + view cheap
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    let made = folders(&project).remove(0);
    assert_snapshot!(up(&project, &made), @r#"
    -- Create books and cheap

    CREATE TABLE "books" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "title" VARCHAR(80) NOT NULL DEFAULT '?',
        "price" NUMERIC,
        CHECK (price >= 0)
    );

    CREATE UNIQUE INDEX "books_title" ON "books" ("title");
    CREATE VIEW "cheap" AS SELECT * FROM books WHERE price < 10;
    "#);
    assert_snapshot!(down(&project, &made), @r#"
    -- Revert: Create books and cheap

    DROP VIEW "cheap";
    DROP TABLE "books";
    "#);
    assert_snapshot!(make(&project, ""), @"
    No changes detected
    --- stderr ---
    Compared tables.sql and 1 more with 1 migration replayed on a scratch database (1 table).
    ");
}

#[test]
fn nothing_changed() {
    let project = unchanged();
    assert_snapshot!(make(&project, ""), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    ");
    assert_snapshot!(make(&project, "--check"), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    ");
    assert_snapshot!(make(&project, "--dry-run"), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    ");
    assert_snapshot!(pretty(&make(&project, "--json")), @r#"
    {
      "connection": "main",
      "models": "src/schema.rs",
      "compared_with": "migrations",
      "tables": 1,
      "changes": [],
      "unmanaged": []
    }
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    "#);
    assert_snapshot!(make(&project, "-v"), @"
    No changes detected
    --- stderr ---
    settings: settings.yaml
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    A table! file says nothing of indexes, defaults, checks, comments, views and triggers: they stay.
    ");
    assert_eq!(folders(&project), [USERS]);
}

#[test]
fn nothing_changed_and_a_message_was_given() {
    let project = unchanged();
    assert_snapshot!(make(&project, "shelves"), @r#"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    hint: for a hand-written migration: manage makemigrations --empty "Add users"
    "#);
    assert_eq!(folders(&project), [USERS]);
}

#[test]
fn with_empty_the_models_do_not_matter() {
    let project = unchanged();
    assert_snapshot!(make(&project, "--empty shelves"), @"
    migrations/2026-11-20-101500_shelves
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
}

#[test]
fn a_check_says_what_differs() {
    let project = grown(USERS_SQL, LIBRARY);
    assert_snapshot!(make(&project, "--check"), @"
      + table posts
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    main: 1 change without a migration. To write one, run: manage makemigrations
    [exit 3]
    ");
    assert_snapshot!(pretty(&make(&project, "--check --json")), @r#"
    {
      "connection": "main",
      "models": "src/schema.rs",
      "compared_with": "migrations",
      "tables": 1,
      "changes": [
        {"change":"add","what":"table posts"}
      ],
      "unmanaged": []
    }
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    main: 1 change without a migration. To write one, run: manage makemigrations
    [exit 3]
    "#);
    assert_snapshot!(make(&project, "--check -q"), @"
      + table posts
    [exit 3]
    ");
    assert_eq!(folders(&project), [USERS]);
}

#[test]
fn a_dry_run_prints_the_files() {
    let project = grown(
        USERS_SQL,
        &users("        name -> Text,\n        age -> Nullable<Integer>,\n"),
    );
    assert_snapshot!(make(&project, "--dry-run"), @r#"
    -- migrations/2026-11-20-101500_add_users_age/up.sql
    -- Add users age

    ALTER TABLE "users" ADD COLUMN "age" INTEGER;

    -- migrations/2026-11-20-101500_add_users_age/down.sql
    -- Revert: Add users age

    ALTER TABLE "users" DROP COLUMN "age";

    -- migrations/2026-11-20-101500_add_users_age/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = ["20260105090000"]
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      + column users.age INTEGER
    proved: up reaches the models, down comes back, up works again
    "#);
    assert_snapshot!(pretty(&make(&project, "--dry-run --json")), @r#"
    {
      "connection": "main",
      "version": "20261120101500",
      "path": "migrations/2026-11-20-101500_add_users_age",
      "depends_on": [
        "20260105090000"
      ],
      "labels": [],
      "files": {"down.sql":"-- Revert: Add users age\n\nALTER TABLE \"users\" DROP COLUMN \"age\";\n","metadata.toml":"run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260105090000\"]\n","up.sql":"-- Add users age\n\nALTER TABLE \"users\" ADD COLUMN \"age\" INTEGER;\n"}
    }
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      + column users.age INTEGER
    proved: up reaches the models, down comes back, up works again
    "#);
    assert_eq!(folders(&project), [USERS]);
}

#[test]
fn the_name_is_made_from_the_changes() {
    let project = grown(
        USERS_SQL,
        &users("        name -> Text,\n        age -> Nullable<Integer>,\n"),
    );
    assert_snapshot!(pretty(&make(&project, "--json")), @r#"
    {
      "connection": "main",
      "version": "20261120101500",
      "path": "migrations/2026-11-20-101500_add_users_age",
      "depends_on": [
        "20260105090000"
      ],
      "labels": [],
      "updated": null,
      "changes": [
        {"change":"add","what":"column users.age INTEGER"}
      ],
      "proved": true,
      "reversible": true
    }
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      + column users.age INTEGER
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    "#);
    let project = modelled(&format!(
        "{LIBRARY}diesel::table! {{ tags (id) {{ id -> Integer }} }}\n"
    ));
    assert_snapshot!(make(&project, "-q"), @"migrations/2026-11-20-101500_create_posts_and_2_more");
}

#[test]
fn the_message_is_the_headline_and_the_name() {
    let project = modelled(LIBRARY);
    let output = project
        .manage("makemigrations")
        .arg("Lend books, again")
        .at(NOW)
        .run();
    assert_snapshot!(output, @"
    migrations/2026-11-20-101500_lend_books_again
    --- stderr ---
    Compared src/schema.rs with 0 migrations replayed on a scratch database (0 tables).
      + table posts
      + table users
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    let made = folders(&project).remove(0);
    assert_snapshot!(up(&project, &made).lines().next().unwrap(), @"-- Lend books, again");
    assert_snapshot!(down(&project, &made).lines().next().unwrap(), @"-- Revert: Lend books, again");
}

#[test]
fn the_version_may_be_given() {
    let project = modelled(LIBRARY);
    assert_snapshot!(make(&project, "--rev-id 0007 -n lend"), @"
    migrations/0007_lend
    --- stderr ---
    Compared src/schema.rs with 0 migrations replayed on a scratch database (0 tables).
      + table posts
      + table users
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
}

#[test]
fn a_column_that_may_be_renamed() {
    let project = grown(USERS_SQL, &users("        full_name -> Text,\n"));
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: is column `users.full_name` new, or `name` renamed?
      nothing was changed
    hint: --rename users.name:full_name  or  --no-rename users.full_name
    [exit 4]
    ");
    assert_snapshot!(make(&project, "--check"), @"
      - column users.name TEXT not null
      + column users.full_name TEXT not null
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    main: 2 changes without a migration. To write one, run: manage makemigrations
    [exit 3]
    ");
    assert_eq!(folders(&project), [USERS]);
    assert_snapshot!(make(&project, "--rename users.name:full_name"), @"
    migrations/2026-11-20-101500_rename_users_name_to_full_name
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      ~ column users.name is now full_name
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(up(&project, &folders(&project)[1]), @r#"
    -- Rename users name to full name

    ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";
    "#);
    assert_snapshot!(down(&project, &folders(&project)[1]), @r#"
    -- Revert: Rename users name to full name

    ALTER TABLE "users" RENAME COLUMN "full_name" TO "name";
    "#);
}

#[test]
fn a_column_that_is_new() {
    let project = grown(USERS_SQL, &users("        full_name -> Text,\n"));
    assert_snapshot!(make(&project, "--no-rename users.full_name"), @"
    --- stderr ---
    error: 2 questions, and nobody can be asked
      is column `users.name` with all its values meant to go?
      what do existing rows get in `users.full_name` (TEXT, not null)?
      nothing was changed
    hint: --allow-drop users.name
    hint: --fill users.full_name=VALUE  or  --nullable users.full_name
    [exit 4]
    ");
    assert_snapshot!(make(&project, "--no-rename --allow-drop users.name --fill users.full_name='?'"), @"
    migrations/2026-11-20-101500_drop_users_name_and_add_users_full_name
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      - column users.name TEXT not null
      + column users.full_name TEXT not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then the name, and `__manage_guard` makes the script fail if a row were lost.
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(up(&project, &folders(&project)[1]), @r#"
    -- Drop users name and add users full name
    -- SQLite cannot change `users` in place: a new table gets the rows and then the name, and
    -- `__manage_guard` makes the script fail if a row were lost.

    CREATE TEMPORARY TABLE "__manage_guard" (
        "lost" INTEGER CONSTRAINT "every row is copied" CHECK ("lost" = 0)
    );

    CREATE TABLE "new_users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "full_name" TEXT NOT NULL
    );

    INSERT INTO "new_users" ("id", "full_name")
        SELECT "id", '?'
        FROM "users";

    INSERT INTO "__manage_guard" ("lost")
        SELECT (SELECT count(*) FROM "users") - (SELECT count(*) FROM "new_users");

    DROP TABLE "users";
    ALTER TABLE "new_users" RENAME TO "users";
    DROP TABLE temp."__manage_guard";
    "#);
}

#[test]
fn a_table_that_may_be_renamed() {
    let project = grown(
        USERS_SQL,
        "diesel::table! { people (id) { id -> Integer, name -> Text } }",
    );
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: is table `people` new, or `users` renamed?
      nothing was changed
    hint: --rename-table users:people  or  --no-rename people
    [exit 4]
    ");
    assert_snapshot!(make(&project, "--no-rename people"), @"
    --- stderr ---
    error: is table `users` with all its rows meant to go?
      nothing was changed
    hint: --allow-drop users
    [exit 4]
    ");
    assert_eq!(folders(&project), [USERS]);
    assert_snapshot!(make(&project, "--rename-table users:people"), @"
    migrations/2026-11-20-101500_rename_users_to_people
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      ~ table users is now people
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(up(&project, &folders(&project)[1]), @r#"
    -- Rename users to people

    ALTER TABLE "users" RENAME TO "people";
    "#);
}

#[test]
fn a_rename_of_what_is_not_there() {
    let project = grown(USERS_SQL, &users("        full_name -> Text,\n"));
    assert_snapshot!(make(&project, "--rename users.nmae:full_name"), @"
    --- stderr ---
    error: there is no column `users.nmae` to rename
    hint: see what differs: manage makemigrations --check
    [exit 2]
    ");
    assert_snapshot!(make(&project, "--rename users.name:fullname"), @"
    --- stderr ---
    error: `users.fullname` is nothing new in the models
    hint: see what differs: manage makemigrations --check
    [exit 2]
    ");
    assert_snapshot!(make(&project, "--rename-table user:people"), @"
    --- stderr ---
    error: there is no table `user` to rename
    hint: see what differs: manage makemigrations --check
    [exit 2]
    ");
    assert_snapshot!(make(&project, "--rename full_name"), @"
    --- stderr ---
    error: `--rename full_name` cannot be read
    hint: write it like this: --rename table.column:new_name
    [exit 2]
    ");
}

#[test]
fn a_required_column_needs_a_value_for_the_rows() {
    let project = grown(
        USERS_SQL,
        &users("        name -> Text,\n        age -> Integer,\n"),
    );
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: what do existing rows get in `users.age` (INTEGER, not null)?
      nothing was changed
    hint: --fill users.age=VALUE  or  --nullable users.age
    [exit 4]
    ");
    assert_snapshot!(make(&project, "--fill users.age=0 --dry-run"), @r#"
    -- migrations/2026-11-20-101500_add_users_age/up.sql
    -- Add users age
    -- SQLite cannot change `users` in place: a new table gets the rows and then the name, and
    -- `__manage_guard` makes the script fail if a row were lost.

    CREATE TEMPORARY TABLE "__manage_guard" (
        "lost" INTEGER CONSTRAINT "every row is copied" CHECK ("lost" = 0)
    );

    CREATE TABLE "new_users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL,
        "age" INTEGER NOT NULL
    );

    INSERT INTO "new_users" ("id", "name", "age")
        SELECT "id", "name", 0
        FROM "users";

    INSERT INTO "__manage_guard" ("lost")
        SELECT (SELECT count(*) FROM "users") - (SELECT count(*) FROM "new_users");

    DROP TABLE "users";
    ALTER TABLE "new_users" RENAME TO "users";
    DROP TABLE temp."__manage_guard";

    -- migrations/2026-11-20-101500_add_users_age/down.sql
    -- Revert: Add users age

    ALTER TABLE "users" DROP COLUMN "age";

    -- migrations/2026-11-20-101500_add_users_age/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = ["20260105090000"]
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      + column users.age INTEGER not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then the name, and `__manage_guard` makes the script fail if a row were lost.
    proved: up reaches the models, down comes back, up works again
    "#);
    assert_snapshot!(make(&project, "--nullable users.age"), @"
    migrations/2026-11-20-101500_add_users_age
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      + column users.age INTEGER
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(make(&project, "--check"), @"
      ~ column users.age: null becomes not null
    --- stderr ---
    Compared src/schema.rs with 2 migrations replayed on a scratch database (1 table).
    main: 1 change without a migration. To write one, run: manage makemigrations
    [exit 3]
    ");
    assert_eq!(folders(&project).len(), 2);
}

#[test]
fn a_value_with_blanks_is_an_expression() {
    let project = grown(
        USERS_SQL,
        &users("        name -> Text,\n        mail -> Text,\n"),
    );
    let output = project
        .manage("makemigrations --fill")
        .arg("users.mail=name || '@example.org'")
        .at(NOW)
        .run();
    assert_snapshot!(output, @"
    migrations/2026-11-20-101500_add_users_mail
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      + column users.mail TEXT not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then the name, and `__manage_guard` makes the script fail if a row were lost.
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(up(&project, &folders(&project)[1]), @r#"
    -- Add users mail
    -- SQLite cannot change `users` in place: a new table gets the rows and then the name, and
    -- `__manage_guard` makes the script fail if a row were lost.

    CREATE TEMPORARY TABLE "__manage_guard" (
        "lost" INTEGER CONSTRAINT "every row is copied" CHECK ("lost" = 0)
    );

    CREATE TABLE "new_users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL,
        "mail" TEXT NOT NULL
    );

    INSERT INTO "new_users" ("id", "name", "mail")
        SELECT "id", "name", name || '@example.org'
        FROM "users";

    INSERT INTO "__manage_guard" ("lost")
        SELECT (SELECT count(*) FROM "users") - (SELECT count(*) FROM "new_users");

    DROP TABLE "users";
    ALTER TABLE "new_users" RENAME TO "users";
    DROP TABLE temp."__manage_guard";
    "#);
}

#[test]
fn a_value_that_is_no_expression() {
    let project = grown(
        USERS_SQL,
        &users("        name -> Text,\n        age -> Integer,\n"),
    );
    assert_snapshot!(make(&project, "--fill users.age=nul("), @r#"
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      + column users.age INTEGER not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then the name, and `__manage_guard` makes the script fail if a row were lost.
    error: the migration is not proved: up.sql fails
      migration `2026-11-20-101500_add_users_age` failed at migrations/2026-11-20-101500_add_users_age/up.sql:17:5 (statement 3 of 7)
      caused by: near "FROM": syntax error
      17 |     FROM "users";
         |     ^
      nothing of it was committed
      nothing was written
    hint: to see its SQL, add: --dry-run
    hint: to write it all the same and mend it by hand, add: --unproved
    [exit 1]
    "#);
    assert_snapshot!(make(&project, "--fill users.age=nothing"), @r#"
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      + column users.age INTEGER not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then the name, and `__manage_guard` makes the script fail if a row were lost.
    error: the migration is not proved: up.sql fails
      migration `2026-11-20-101500_add_users_age` failed at migrations/2026-11-20-101500_add_users_age/up.sql:16:26 (statement 3 of 7)
      caused by: near "nothing": syntax error
      16 |     SELECT "id", "name", nothing
         |                          ^
      nothing of it was committed
      nothing was written
    hint: to see its SQL, add: --dry-run
    hint: to write it all the same and mend it by hand, add: --unproved
    [exit 1]
    "#);
    assert_snapshot!(make(&project, "--fill users.age="), @"
    --- stderr ---
    error: `--fill users.age=` cannot be read
    hint: write it like this: --fill table.column=expression
    [exit 2]
    ");
    assert_eq!(folders(&project), [USERS]);
}

#[test]
fn a_column_that_becomes_required_and_never_holds_null() {
    let project = grown(
        "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name TEXT);\n",
        &users("        name -> Text,\n"),
    );
    assert_snapshot!(make(&project, "--no-fill users.name --dry-run"), @r#"
    -- migrations/2026-11-20-101500_alter_users_name/up.sql
    -- Alter users name
    -- SQLite cannot change `users` in place: a new table gets the rows and then the name, and
    -- `__manage_guard` makes the script fail if a row were lost.

    CREATE TEMPORARY TABLE "__manage_guard" (
        "lost" INTEGER CONSTRAINT "every row is copied" CHECK ("lost" = 0)
    );

    CREATE TABLE "new_users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL
    );

    INSERT INTO "new_users" ("id", "name")
        SELECT "id", "name"
        FROM "users";

    INSERT INTO "__manage_guard" ("lost")
        SELECT (SELECT count(*) FROM "users") - (SELECT count(*) FROM "new_users");

    DROP TABLE "users";
    ALTER TABLE "new_users" RENAME TO "users";
    DROP TABLE temp."__manage_guard";

    -- migrations/2026-11-20-101500_alter_users_name/down.sql
    -- Revert: Alter users name
    -- SQLite cannot change `users` in place: a new table gets the rows and then the name, and
    -- `__manage_guard` makes the script fail if a row were lost.

    CREATE TEMPORARY TABLE "__manage_guard" (
        "lost" INTEGER CONSTRAINT "every row is copied" CHECK ("lost" = 0)
    );

    CREATE TABLE "new_users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT
    );

    INSERT INTO "new_users" ("id", "name")
        SELECT "id", "name"
        FROM "users";

    INSERT INTO "__manage_guard" ("lost")
        SELECT (SELECT count(*) FROM "users") - (SELECT count(*) FROM "new_users");

    DROP TABLE "users";
    ALTER TABLE "new_users" RENAME TO "users";
    DROP TABLE temp."__manage_guard";

    -- migrations/2026-11-20-101500_alter_users_name/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = ["20260105090000"]
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      ~ column users.name: null becomes not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then the name, and `__manage_guard` makes the script fail if a row were lost.
    proved: up reaches the models, down comes back, up works again
    "#);
}

#[test]
fn a_column_that_becomes_required() {
    let project = grown(
        "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name TEXT);\n",
        &users("        name -> Text,\n"),
    );
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: what do rows get that hold NULL in `users.name` (TEXT)?
      nothing was changed
    hint: --fill users.name=VALUE  or  --no-fill users.name  or  --nullable users.name
    [exit 4]
    ");
    assert_snapshot!(make(&project, "--nullable users.name"), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    ");
    assert_eq!(folders(&project), [USERS]);
    let output = project
        .manage("makemigrations --fill")
        .arg("users.name='?'")
        .at(NOW)
        .run();
    assert_snapshot!(output, @"
    migrations/2026-11-20-101500_alter_users_name
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      ~ column users.name: null becomes not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then the name, and `__manage_guard` makes the script fail if a row were lost.
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(up(&project, &folders(&project)[1]), @r#"
    -- Alter users name
    -- SQLite cannot change `users` in place: a new table gets the rows and then the name, and
    -- `__manage_guard` makes the script fail if a row were lost.

    CREATE TEMPORARY TABLE "__manage_guard" (
        "lost" INTEGER CONSTRAINT "every row is copied" CHECK ("lost" = 0)
    );

    CREATE TABLE "new_users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL
    );

    INSERT INTO "new_users" ("id", "name")
        SELECT "id", COALESCE("name", '?')
        FROM "users";

    INSERT INTO "__manage_guard" ("lost")
        SELECT (SELECT count(*) FROM "users") - (SELECT count(*) FROM "new_users");

    DROP TABLE "users";
    ALTER TABLE "new_users" RENAME TO "users";
    DROP TABLE temp."__manage_guard";
    "#);
    assert_snapshot!(down(&project, &folders(&project)[1]), @r#"
    -- Revert: Alter users name
    -- SQLite cannot change `users` in place: a new table gets the rows and then the name, and
    -- `__manage_guard` makes the script fail if a row were lost.

    CREATE TEMPORARY TABLE "__manage_guard" (
        "lost" INTEGER CONSTRAINT "every row is copied" CHECK ("lost" = 0)
    );

    CREATE TABLE "new_users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT
    );

    INSERT INTO "new_users" ("id", "name")
        SELECT "id", "name"
        FROM "users";

    INSERT INTO "__manage_guard" ("lost")
        SELECT (SELECT count(*) FROM "users") - (SELECT count(*) FROM "new_users");

    DROP TABLE "users";
    ALTER TABLE "new_users" RENAME TO "users";
    DROP TABLE temp."__manage_guard";
    "#);
}

#[test]
fn what_goes_must_be_meant_to_go() {
    let project = grown(
        &format!("{USERS_SQL}CREATE TABLE logs (id INTEGER NOT NULL PRIMARY KEY);\n"),
        &users(""),
    );
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: 2 questions, and nobody can be asked
      is table `logs` with all its rows meant to go?
      is column `users.name` with all its values meant to go?
      nothing was changed
    hint: --allow-drop logs
    hint: --allow-drop users.name
    [exit 4]
    ");
    assert_snapshot!(make(&project, "--allow-drop logs"), @"
    --- stderr ---
    error: is column `users.name` with all its values meant to go?
      nothing was changed
    hint: --allow-drop users.name
    [exit 4]
    ");
    assert_eq!(folders(&project), [USERS]);
    assert_snapshot!(make(&project, "--allow-drop logs --allow-drop users.name"), @"
    migrations/2026-11-20-101500_drop_logs_and_users_name
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (2 tables).
      - table logs
      - column users.name TEXT not null
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(up(&project, &folders(&project)[1]), @r#"
    -- Drop logs and users name

    DROP TABLE "logs";
    ALTER TABLE "users" DROP COLUMN "name";
    "#);
}

#[test]
fn every_drop_may_be_meant() {
    let project = grown(
        &format!("{USERS_SQL}CREATE TABLE logs (id INTEGER NOT NULL PRIMARY KEY);\n"),
        &users(""),
    );
    assert_snapshot!(make(&project, "--allow-drop"), @"
    migrations/2026-11-20-101500_drop_logs_and_users_name
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (2 tables).
      - table logs
      - column users.name TEXT not null
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
}

#[test]
fn a_message_after_a_flag_that_takes_a_name() {
    let project = grown(USERS_SQL, &users(""));
    let output = project
        .manage("makemigrations --allow-drop")
        .arg("Forget names")
        .at(NOW)
        .run();
    assert_snapshot!(output, @r#"
    --- stderr ---
    error: `--allow-drop Forget names` is about nothing that differs
    hint: see what differs: manage makemigrations --check
    hint: if it is the message, write it first: manage makemigrations "Forget names" --allow-drop
    [exit 2]
    "#);
    let project = grown(USERS_SQL, &users("        full_name -> Text,\n"));
    let output = project
        .manage("makemigrations --no-rename")
        .arg("Forget names")
        .at(NOW)
        .run();
    assert_snapshot!(output, @r#"
    --- stderr ---
    error: `--no-rename Forget names` is about nothing that differs
    hint: see what differs: manage makemigrations --check
    hint: if it is the message, write it first: manage makemigrations "Forget names" --no-rename
    [exit 2]
    "#);
}

#[test]
fn an_answer_about_nothing() {
    let project = unchanged();
    assert_snapshot!(make(&project, "--allow-drop users"), @"
    --- stderr ---
    error: `--allow-drop users` is about nothing that differs
    hint: see what differs: manage makemigrations --check
    [exit 2]
    ");
    assert_snapshot!(make(&project, "--fill users.name=0"), @"
    --- stderr ---
    error: `--fill users.name` is about nothing that differs
    hint: see what differs: manage makemigrations --check
    [exit 2]
    ");
    assert_snapshot!(make(&project, "--nullable users.name"), @"
    --- stderr ---
    error: `--nullable users.name` is about nothing that differs
    hint: see what differs: manage makemigrations --check
    [exit 2]
    ");
    assert_snapshot!(make(&project, "--foreign-key users.name"), @"
    --- stderr ---
    error: `--foreign-key users.name` is about nothing that differs
    hint: see what differs: manage makemigrations --check
    [exit 2]
    ");
    assert_snapshot!(make(&project, "--rename users.name:name"), @"
    --- stderr ---
    error: `users.name` is nothing new in the models
    hint: see what differs: manage makemigrations --check
    [exit 2]
    ");
    assert_snapshot!(make(&project, "--cast users.name=1"), @"
    --- stderr ---
    error: `--cast users.name` is about nothing that differs
    hint: see what differs: manage makemigrations --check
    [exit 2]
    ");
    assert_snapshot!(make(&project, "--no-rename users.name"), @"
    --- stderr ---
    error: `--no-rename users.name` is about nothing that differs
    hint: see what differs: manage makemigrations --check
    [exit 2]
    ");
}

#[test]
fn a_join_may_mean_a_foreign_key() {
    let project = grown(
        "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL);\nCREATE TABLE posts (id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL, title TEXT NOT NULL);\n",
        LIBRARY,
    );
    assert_snapshot!(make(&project, ""), @"
    --- stderr ---
    error: is `posts.user_id`, which the models join to `users`, a foreign key?
      nothing was changed
    hint: --foreign-key posts.user_id  or  --no-foreign-key posts.user_id
    [exit 4]
    ");
    assert_snapshot!(make(&project, "--check"), @"
      + foreign key posts (user_id) to users (id)
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (2 tables).
    main: 1 change without a migration. To write one, run: manage makemigrations
    [exit 3]
    ");
    assert_snapshot!(make(&project, "--no-foreign-key posts.user_id"), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (2 tables).
    ");
    assert_snapshot!(make(&project, "--foreign-key posts.user_id --dry-run"), @r#"
    -- migrations/2026-11-20-101500_add_posts_user_id_key/up.sql
    -- Add posts user id key
    -- SQLite cannot change `posts` in place: a new table gets the rows and then the name, and
    -- `__manage_guard` makes the script fail if a row were lost.

    CREATE TEMPORARY TABLE "__manage_guard" (
        "lost" INTEGER CONSTRAINT "every row is copied" CHECK ("lost" = 0),
        "broken" INTEGER,
        "broken_now" INTEGER CONSTRAINT "every reference still leads somewhere" CHECK ("broken_now" <= "broken")
    );

    INSERT INTO "__manage_guard" ("broken") SELECT count(*) FROM pragma_foreign_key_check;

    CREATE TABLE "new_posts" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "user_id" INTEGER NOT NULL,
        "title" TEXT NOT NULL,
        FOREIGN KEY ("user_id") REFERENCES "users" ("id")
    );

    INSERT INTO "new_posts" ("id", "user_id", "title")
        SELECT "id", "user_id", "title"
        FROM "posts";

    INSERT INTO "__manage_guard" ("lost")
        SELECT (SELECT count(*) FROM "posts") - (SELECT count(*) FROM "new_posts");

    DROP TABLE "posts";
    ALTER TABLE "new_posts" RENAME TO "posts";

    UPDATE "__manage_guard" SET "broken_now" = (SELECT count(*) FROM pragma_foreign_key_check)
        WHERE "broken" IS NOT NULL;

    DROP TABLE temp."__manage_guard";

    -- migrations/2026-11-20-101500_add_posts_user_id_key/down.sql
    -- Revert: Add posts user id key
    -- SQLite cannot change `posts` in place: a new table gets the rows and then the name, and
    -- `__manage_guard` makes the script fail if a row were lost.

    CREATE TEMPORARY TABLE "__manage_guard" (
        "lost" INTEGER CONSTRAINT "every row is copied" CHECK ("lost" = 0)
    );

    CREATE TABLE "new_posts" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "user_id" INTEGER NOT NULL,
        "title" TEXT NOT NULL
    );

    INSERT INTO "new_posts" ("id", "user_id", "title")
        SELECT "id", "user_id", "title"
        FROM "posts";

    INSERT INTO "__manage_guard" ("lost")
        SELECT (SELECT count(*) FROM "posts") - (SELECT count(*) FROM "new_posts");

    DROP TABLE "posts";
    ALTER TABLE "new_posts" RENAME TO "posts";
    DROP TABLE temp."__manage_guard";

    -- migrations/2026-11-20-101500_add_posts_user_id_key/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = ["20260105090000"]
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (2 tables).
      + foreign key posts (user_id) to users (id)
    note: SQLite cannot change `posts` in place: a new table gets the rows and then the name, and `__manage_guard` makes the script fail if a row were lost.
    proved: up reaches the models, down comes back, up works again
    "#);
}

#[test]
fn joins_may_be_for_queries_alone() {
    let project = grown(
        "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL);\nCREATE TABLE posts (id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL, title TEXT NOT NULL);\n",
        LIBRARY,
    );
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n    joinable: queries\n");
    assert_snapshot!(make(&project, ""), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (2 tables).
    ");
}
