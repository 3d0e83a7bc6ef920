use insta::assert_snapshot;

use crate::support::Project;
use crate::terminal::{DOWN, ENTER, ESCAPE, Terminal, open};

#[test]
fn enter_all_the_way_gives_sqlite() {
    let project = Project::new();
    let mut terminal = open(&project, "init");
    assert_snapshot!(terminal.until("MySQL or MariaDB"), @"
    ? Which database ›
    ❯ sqlite    a file, nothing to install
      postgres  PostgreSQL
      mysql     MySQL or MariaDB
    ");
    terminal.press(ENTER).until("Database file");
    terminal.press(ENTER).until("Folder of migrations");
    terminal.press(ENTER).until("Models");
    terminal.press(ENTER);
    assert_snapshot!(terminal.until("Write settings.yaml"), @"
    Which database: sqlite
    ✔ Database file · db.sqlite3
    ✔ Folder of migrations · migrations
    ✔ Models (Diesel's table! file, or desired SQL) · src/schema.rs
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: sqlite://db.sqlite3
        migrations: migrations
        models: src/schema.rs

    ? Write settings.yaml (y/n) › yes
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @r#"
    Which database: sqlite
    ✔ Database file · db.sqlite3
    ✔ Folder of migrations · migrations
    ✔ Models (Diesel's table! file, or desired SQL) · src/schema.rs
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: sqlite://db.sqlite3
        migrations: migrations
        models: src/schema.rs

    ✔ Write settings.yaml · yes
    settings.yaml
    migrations
    Next:
      manage makemigrations "Create the first table"
      manage migrate
    "#);
    assert_eq!(
        project.tree("."),
        ["migrations", "migrations/.gitkeep", "settings.yaml"]
    );
}

#[test]
fn a_server_is_asked_for_its_parts() {
    let project = Project::new();
    let mut terminal = Terminal::open(&project, "init --dbname shop --migrations db", 120, &[]);
    terminal.until("MySQL or MariaDB");
    terminal.press(DOWN).press(ENTER).until("Host");
    terminal.press("db.example.org").press(ENTER).until("Port");
    terminal.press("6432").press(ENTER).until("User");
    terminal.press("clerk").press(ENTER).until("Variable");
    terminal.press(ENTER).until("Models");
    terminal.press(ENTER);
    assert_snapshot!(terminal.until("Write settings.yaml"), @"
    Which database: postgres
    ✔ Host · db.example.org
    ✔ Port · 6432
    ✔ User · clerk
    ✔ Variable with the password · DATABASE_PASSWORD
    ✔ Models (Diesel's table! file, or desired SQL) · src/schema.rs
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        driver: postgres
        host: db.example.org
        port: 6432
        database: shop
        username: clerk
        password: ${DATABASE_PASSWORD:-}
        migrations: db
        models: src/schema.rs

    ? Write settings.yaml (y/n) › yes
    ");
    terminal.press("y");
    assert_eq!(terminal.end().status, Some(0));
    assert_snapshot!(project.read("settings.yaml"), @"
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        driver: postgres
        host: db.example.org
        port: 6432
        database: shop
        username: clerk
        password: ${DATABASE_PASSWORD:-}
        migrations: db
        models: src/schema.rs
    ");
}

#[test]
fn a_diesel_project_is_proposed_as_it_is() {
    let project = Project::new();
    project
        .file(".env", "DATABASE_URL=sqlite://shop.db\n")
        .file(
            "diesel.toml",
            "[print_schema]\nfile = \"src/db/schema.rs\"\n",
        )
        .migration("2024-01-01-000000_first", "SELECT 1;\n", None);
    let mut terminal = open(&project, "init");
    assert_snapshot!(terminal.until("URL of the database"), @"? URL of the database (${DATABASE_URL}) ›");
    terminal.press(ENTER).until("Folder of migrations");
    terminal.press(ENTER).until("Models");
    terminal.press(ENTER).until("Write settings.yaml");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    ✔ URL of the database · ${DATABASE_URL}
    ✔ Folder of migrations · migrations
    ✔ Models (Diesel's table! file, or desired SQL) · src/db/schema.rs
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: ${DATABASE_URL}
        migrations: migrations
        models: src/db/schema.rs

    ✔ Write settings.yaml · yes
    settings.yaml
    Next:
      manage showmigrations
      manage migrate
    ");
}

#[test]
fn no_writes_nothing() {
    let project = Project::new();
    let mut terminal = open(
        &project,
        "init --driver sqlite --dbname a.db --migrations m --models m.rs",
    );
    terminal.until("Write settings.yaml");
    terminal.press("n");
    assert_snapshot!(terminal.end(), @"
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: sqlite://a.db
        migrations: m
        models: m.rs

    ✔ Write settings.yaml · no
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(project.tree("."), [""; 0]);
}

#[test]
fn escape_at_the_first_question_writes_nothing() {
    let project = Project::new();
    let mut terminal = open(&project, "init");
    terminal.until("MySQL or MariaDB");
    terminal.press(ESCAPE);
    assert_snapshot!(terminal.end(), @"
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(project.tree("."), [""; 0]);
}

#[test]
fn ctrl_c_in_a_line_writes_nothing() {
    let project = Project::new();
    let mut terminal = open(&project, "init --driver sqlite");
    terminal.until("Database file");
    terminal.press("half a na");
    terminal.until("half a na");
    assert_snapshot!(terminal.interrupt(), @"
    ? Database file (db.sqlite3) › half a na
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(project.tree("."), [""; 0]);
}

#[test]
fn a_port_that_is_no_number_is_asked_for_again() {
    let project = Project::new();
    let mut terminal = open(&project, "init --driver postgres --host db");
    terminal.until("Port");
    terminal.press("many").until("many");
    terminal.press(ENTER).until("a port is a number");
    terminal.press("6543").until("6543");
    terminal.press(ENTER).until("Database");
    let ended = terminal.interrupt();
    assert!(ended.screen.contains("Port · 6543"), "{}", ended.screen);
}

#[test]
fn an_answered_line_leaves_one_line_at_80_columns() {
    let project = Project::new();
    let mut terminal = open(
        &project,
        "init --driver postgres --host db --dbname a --username b --port 1",
    );
    terminal.until("Variable");
    terminal.press(ENTER).until("Folder of migrations");
    let ended = terminal.interrupt();
    assert_eq!(
        ended.screen.matches("Variable").count(),
        1,
        "{}",
        ended.screen
    );
}
