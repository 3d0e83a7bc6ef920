//! The questions that models leave open, as a person at a terminal answers them.

use insta::assert_snapshot;

use crate::library::{NOW, empty, probe};
use crate::support::Project;
use crate::terminal::{DOWN, ENTER, ESCAPE, Terminal};

const USERS: &str = "2026-01-05-090000_users";

const USERS_SQL: &str =
    "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, note TEXT);\n";

/// A migration that is applied, and models that want something else than it made.
fn grown(sql: &str, models: &str) -> Project {
    let project = empty();
    project.migration(USERS, sql, Some("DROP TABLE users;\n"));
    let _ = project.run("migrate -q").ok();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n",
    );
    project.file("src/schema.rs", models);
    project
}

/// A table of users with such columns.
fn users(columns: &str) -> String {
    format!("diesel::table! {{ users (id) {{ id -> Integer, {columns} }} }}\n")
}

fn open_wide(project: &Project, columns: u16) -> Terminal {
    Terminal::open(
        project,
        "makemigrations",
        columns,
        &[("SOURCE_DATE_EPOCH", &NOW.to_string())],
    )
}

fn open(project: &Project) -> Terminal {
    open_wide(project, 80)
}

/// The folders of the migrations.
fn folders(project: &Project) -> Vec<String> {
    let mut folders = project.tree("migrations");
    folders.retain(|path| !path.contains('/'));
    folders
}

/// What the newest migration does, without its comments and its guards.
fn last_line(project: &Project) -> String {
    let newest = folders(project).pop().unwrap_or_default();
    let up = project.read(format!("migrations/{newest}/up.sql"));
    up.trim_end().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_column_is_picked_as_renamed() {
    let project = grown(
        USERS_SQL,
        &users("full_name -> Text, note -> Nullable<Text>"),
    );
    let mut terminal = open(&project);
    assert_snapshot!(terminal.until("a new column"), @"
    ? Column `users.full_name` is ›
    ❯ name  TEXT under another name
      new   TEXT, a new column
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    Column `users.full_name` is: name
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
      ~ column users.name is now full_name
    migrations/2026-11-20-101500_rename_users_name_to_full_name
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(last_line(&project), @r#"ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";"#);
}

#[test]
fn a_column_is_picked_as_new() {
    let project = grown(
        USERS_SQL,
        &users("full_name -> Text, note -> Nullable<Text>"),
    );
    let mut terminal = open(&project);
    terminal.until("a new column");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.until("(y/n)"), @"
    Column `users.full_name` is: new
      column `users.name` goes with all its values (0 values in `main` now)
    ? Drop column `users.name` (y/n) › no
    ");
    terminal.press("y").press(ENTER);
    assert_snapshot!(terminal.until("change the models"), @"
    Column `users.full_name` is: new
      column `users.name` goes with all its values (0 values in `main` now)
    ✔ Drop column `users.name` · yes
      `users.full_name` TEXT is new and not null (0 rows in `main` now)
    ? Existing rows get ›
    ❯ value     the value of an SQL expression
      nullable  NULL: let it be NULL, and change the models
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.until("in SQL"), @"
    Column `users.full_name` is: new
      column `users.name` goes with all its values (0 values in `main` now)
    ✔ Drop column `users.name` · yes
      `users.full_name` TEXT is new and not null (0 rows in `main` now)
    Existing rows get: value
    ? Value of `users.full_name`, in SQL ›
    ");
    terminal.press("'?'").press(ENTER);
    assert_snapshot!(terminal.end(), @"
    Column `users.full_name` is: new
      column `users.name` goes with all its values (0 values in `main` now)
    ✔ Drop column `users.name` · yes
      `users.full_name` TEXT is new and not null (0 rows in `main` now)
    Existing rows get: value
    ✔ Value of `users.full_name`, in SQL · '?'
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
      - column users.name TEXT not null
      + column users.full_name TEXT not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then
    the name, and `__manage_guard` makes the script fail if a row were lost.
    migrations/2026-11-20-101500_drop_users_name_and_add_users_full_name
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
}

#[test]
fn a_table_is_picked_as_renamed() {
    let project = grown(
        USERS_SQL,
        "diesel::table! { people (id) { id -> Integer, name -> Text, note -> Nullable<Text> } }",
    );
    let mut terminal = open(&project);
    assert_snapshot!(terminal.until("a new table"), @"
    ? Table `people` is ›
    ❯ users  under another name
      new    a new table
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    Table `people` is: users
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
      ~ table users is now people
    migrations/2026-11-20-101500_rename_users_to_people
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(last_line(&project), @r#"ALTER TABLE "users" RENAME TO "people";"#);
}

#[test]
fn a_new_column_gets_a_value() {
    let project = grown(
        USERS_SQL,
        &users("name -> Text, note -> Nullable<Text>, age -> Integer"),
    );
    probe(&project).execute("INSERT INTO users VALUES (1, 'Ada', NULL), (2, 'Bob', NULL)");
    let mut terminal = open(&project);
    assert_snapshot!(terminal.until("change the models"), @"
      `users.age` INTEGER is new and not null (2 rows in `main` now)
    ? Existing rows get ›
    ❯ value     the value of an SQL expression
      nullable  NULL: let it be NULL, and change the models
    ");
    terminal.press(ENTER);
    terminal.until("in SQL");
    // Nothing is no value.
    terminal.press(ENTER).press("0").press(ENTER);
    assert_snapshot!(terminal.end(), @"
      `users.age` INTEGER is new and not null (2 rows in `main` now)
    Existing rows get: value
    ✔ Value of `users.age`, in SQL · 0
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
      + column users.age INTEGER not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then
    the name, and `__manage_guard` makes the script fail if a row were lost.
    migrations/2026-11-20-101500_add_users_age
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
}

#[test]
fn a_new_column_may_be_null() {
    let project = grown(
        USERS_SQL,
        &users("name -> Text, note -> Nullable<Text>, age -> Integer"),
    );
    let mut terminal = open(&project);
    terminal.until("change the models");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
      `users.age` INTEGER is new and not null (0 rows in `main` now)
    Existing rows get: nullable
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
      + column users.age INTEGER
    migrations/2026-11-20-101500_add_users_age
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(last_line(&project), @r#"ALTER TABLE "users" ADD COLUMN "age" INTEGER;"#);
}

#[test]
fn a_drop_is_meant() {
    let project = grown(USERS_SQL, &users("name -> Text"));
    probe(&project).execute("INSERT INTO users VALUES (1, 'Ada', 'x'), (2, 'Bob', NULL)");
    let mut terminal = open(&project);
    assert_snapshot!(terminal.until("(y/n)"), @"
      column `users.note` goes with all its values (1 value in `main` now)
    ? Drop column `users.note` (y/n) › no
    ");
    terminal.press("y").press(ENTER);
    assert_snapshot!(terminal.end(), @"
      column `users.note` goes with all its values (1 value in `main` now)
    ✔ Drop column `users.note` · yes
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
      - column users.note TEXT
    migrations/2026-11-20-101500_drop_users_note
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(last_line(&project), @r#"ALTER TABLE "users" DROP COLUMN "note";"#);
}

#[test]
fn a_drop_is_not_meant() {
    let logs = "CREATE TABLE logs (id INTEGER NOT NULL PRIMARY KEY);\n";
    let project = grown(
        &format!("{USERS_SQL}{logs}"),
        &users("name -> Text, note -> Nullable<Text>"),
    );
    let mut terminal = open(&project);
    assert_snapshot!(terminal.until("(y/n)"), @"
      table `logs` goes with all its rows (0 rows in `main` now)
    ? Drop table `logs` (y/n) › no
    ");
    terminal.press("n").press(ENTER);
    assert_snapshot!(terminal.end(), @"
      table `logs` goes with all its rows (0 rows in `main` now)
    ✔ Drop table `logs` · no
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(folders(&project), [USERS]);
}

#[test]
fn rows_that_hold_null_get_a_value() {
    let project = grown(USERS_SQL, &users("name -> Text, note -> Text"));
    probe(&project).execute("INSERT INTO users VALUES (1, 'Ada', 'x'), (2, 'Bob', NULL)");
    let mut terminal = open(&project);
    assert_snapshot!(terminal.until("change the models"), @"
      `users.note` TEXT becomes not null (NULL in 1 row in `main` now)
    ? Rows that hold NULL get ›
    ❯ value     the value of an SQL expression
      none      nothing: there are none; if there is one, it fails
      nullable  NULL: let it be NULL, and change the models
    ");
    terminal.press(ENTER);
    terminal.until("in SQL");
    terminal.press("name || '!'").press(ENTER);
    assert_snapshot!(terminal.end(), @"
      `users.note` TEXT becomes not null (NULL in 1 row in `main` now)
    Rows that hold NULL get: value
    ✔ Value of `users.note`, in SQL · name || '!'
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
      ~ column users.note: null becomes not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then
    the name, and `__manage_guard` makes the script fail if a row were lost.
    migrations/2026-11-20-101500_alter_users_note
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
}

#[test]
fn no_row_holds_null() {
    let project = grown(USERS_SQL, &users("name -> Text, note -> Text"));
    let mut terminal = open(&project);
    terminal.until("change the models");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
      `users.note` TEXT becomes not null (NULL in 0 rows in `main` now)
    Rows that hold NULL get: none
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
      ~ column users.note: null becomes not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then
    the name, and `__manage_guard` makes the script fail if a row were lost.
    migrations/2026-11-20-101500_alter_users_note
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
}

#[test]
fn a_null_may_stay() {
    let project = grown(USERS_SQL, &users("name -> Text, note -> Text"));
    let mut terminal = open(&project);
    terminal.until("change the models");
    terminal.press(DOWN).press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
      `users.note` TEXT becomes not null (NULL in 0 rows in `main` now)
    Rows that hold NULL get: nullable
    No changes detected
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
    ");
    assert_eq!(folders(&project), [USERS]);
}

#[test]
fn what_is_not_proved_may_be_written_all_the_same() {
    let project = grown(
        USERS_SQL,
        &users("name -> Text, note -> Nullable<Text>, age -> Integer"),
    );
    let unproved = || {
        let mut terminal = open(&project);
        terminal.until("change the models");
        terminal.press(ENTER);
        terminal.until("in SQL");
        terminal.press("nobody").press(ENTER);
        terminal
    };
    let mut terminal = unproved();
    assert_snapshot!(terminal.until("(y/n)"), @r#"
      `users.age` INTEGER is new and not null (0 rows in `main` now)
    Existing rows get: value
    ✔ Value of `users.age`, in SQL · nobody
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
      + column users.age INTEGER not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then
    the name, and `__manage_guard` makes the script fail if a row were lost.
    warning: the migration is not proved: up.sql fails
      migration `2026-11-20-101500_add_users_age` failed at migrations/2026-11-20-10
    1500_add_users_age/up.sql:17:34 (statement 3 of 7)
      caused by: no such column: nobody
      17 |     SELECT "id", "name", "note", nobody
         |                                  ^
      nothing of it was committed
    ? Write it all the same (y/n) › no
    "#);
    terminal.press("n").press(ENTER);
    assert_eq!(terminal.end().status, Some(130));
    assert_eq!(folders(&project), [USERS]);
    let mut terminal = unproved();
    terminal.until("(y/n)");
    terminal.press("y").press(ENTER);
    assert_snapshot!(terminal.end(), @r#"
      `users.age` INTEGER is new and not null (0 rows in `main` now)
    Existing rows get: value
    ✔ Value of `users.age`, in SQL · nobody
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table)
    .
      + column users.age INTEGER not null
    note: SQLite cannot change `users` in place: a new table gets the rows and then
    the name, and `__manage_guard` makes the script fail if a row were lost.
    warning: the migration is not proved: up.sql fails
      migration `2026-11-20-101500_add_users_age` failed at migrations/2026-11-20-10
    1500_add_users_age/up.sql:17:34 (statement 3 of 7)
      caused by: no such column: nobody
      17 |     SELECT "id", "name", "note", nobody
         |                                  ^
      nothing of it was committed
    ✔ Write it all the same · yes
    migrations/2026-11-20-101500_add_users_age
    warning: not proved: up.sql fails
    Read it, then run: manage migrate
    "#);
    assert_eq!(folders(&project).len(), 2);
}

#[test]
fn escape_and_ctrl_c_write_nothing() {
    let project = grown(
        USERS_SQL,
        &users("full_name -> Text, note -> Nullable<Text>"),
    );
    let mut terminal = open(&project);
    terminal.until("a new column");
    terminal.press(ESCAPE);
    assert_snapshot!(terminal.end(), @"
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    let mut terminal = open(&project);
    terminal.until("a new column");
    assert_snapshot!(terminal.interrupt(), @"
    ? Column `users.full_name` is ›
    ❯ name  TEXT under another name
      new   TEXT, a new column

    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    // At a line that is being written, too.
    let project = grown(
        USERS_SQL,
        &users("name -> Text, note -> Nullable<Text>, age -> Integer"),
    );
    let mut terminal = open(&project);
    terminal.until("change the models");
    terminal.press(ENTER);
    terminal.until("in SQL");
    terminal.press("12");
    terminal.until("› 12");
    assert_snapshot!(terminal.interrupt(), @"
      `users.age` INTEGER is new and not null (0 rows in `main` now)
    Existing rows get: value
    ? Value of `users.age`, in SQL › 12
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(folders(&project), [USERS]);
}

#[test]
fn a_narrow_screen_shows_the_choices() {
    let project = grown(
        USERS_SQL,
        &users("full_name -> Text, note -> Nullable<Text>"),
    );
    let mut terminal = open_wide(&project, 40);
    assert_snapshot!(terminal.until("new "), @"
    ? Column `users.full_name` is ›
    ❯ name  TEXT under another name
      new   TEXT, a new column
    ");
    terminal.press(DOWN);
    assert_snapshot!(terminal.until("❯ new"), @"
    ? Column `users.full_name` is ›
      name  TEXT under another name
    ❯ new   TEXT, a new column
    ");
    terminal.press(ENTER);
    terminal.until("(y/n)");
    terminal.press("n").press(ENTER);
    assert_snapshot!(terminal.end(), @"
    Column `users.full_name` is: new
      column `users.name` goes with all its
    values (0 values in `main` now)
    ✔ Drop column `users.name` · no
    cancelled: stopped at the question; noth
    ing was run
    [exit 130]
    ");
}
