//! Whole databases: made, set up, reset, dropped, and looked into with their own client.

use std::fs;

use insta::assert_snapshot;

use crate::commands::{program, with_programs};
use crate::library::{applied, empty, ledger, pending, probe, stocked, tables};
use crate::pretty::pretty;
use crate::support::Project;

#[test]
fn createdb_makes_a_file_and_the_folders_above_it() {
    let project = Project::new();
    project.settings("connections: { main: { url: 'sqlite://var/data/shop.db' } }\n");
    assert_snapshot!(project.run("createdb"), @"
    --- stderr ---
    main: database `shop.db` created.
    ");
    assert_eq!(fs::read(project.path("var/data/shop.db")).unwrap(), b"");
    assert_snapshot!(project.run("createdb --json"), @r#"
    {"connection":"main","database":"shop.db","created":false}
    --- stderr ---
    main: database `shop.db` is there already.
    "#);
}

#[test]
fn createdb_leaves_a_file_that_is_no_database_alone() {
    let project = empty();
    project.file("db.sqlite3", "a letter to a friend\n");
    assert_snapshot!(project.run("createdb"), @"
    --- stderr ---
    error: `$PROJECT/db.sqlite3` is no SQLite database
    hint: the file is left as it was; check the connection's `url`
    [exit 1]
    ");
    assert_snapshot!(project.run("dropdb -y"), @"
    --- stderr ---
    error: cannot use the database
      caused by: file is not a database
    hint: the file is left as it was; check the connection's `url`
    [exit 1]
    ");
    assert_eq!(project.read("db.sqlite3"), "a letter to a friend\n");
}

#[test]
fn a_database_in_memory_is_neither_made_nor_dropped() {
    let project = Project::new();
    project
        .settings("connections: { main: { url: 'sqlite://:memory:' } }\n")
        .file("migrations/.gitkeep", "");
    insta::allow_duplicates! {
    for command in ["createdb", "dropdb -y", "resetdb -y"] {
        assert_snapshot!(project.run(command), @"
        --- stderr ---
        error: a database in memory is made by opening it, and gone afterwards
        hint: name a file in the connection's `url`: sqlite://db.sqlite3
        [exit 1]
        ");
    }
    }
}

#[test]
fn setup_takes_a_new_machine_all_the_way() {
    let project = pending();
    assert_snapshot!(project.run("setup"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: database `db.sqlite3` created.
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_snapshot!(project.run("setup"), @"
    --- stderr ---
    main: database `db.sqlite3` is there already.
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn dropdb_says_what_is_lost_and_wants_consent() {
    let project = stocked();
    assert_snapshot!(project.run("dropdb"), @"
    --- stderr ---
    main: database `db.sqlite3` will be dropped: sqlite://db.sqlite3
      it holds 3 tables, 2 of them with rows
    error: the database `db.sqlite3` would be dropped, and nobody can be asked
      nothing was changed
    hint: consent to that: --confirm db.sqlite3
    hint: or to whatever is asked: --yes
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_snapshot!(project.run("dropdb --confirm shop"), @"
    --- stderr ---
    main: database `db.sqlite3` will be dropped: sqlite://db.sqlite3
      it holds 3 tables, 2 of them with rows
    error: `shop` is not the name of the database
      nothing was dropped
    hint: type it: --confirm db.sqlite3
    [exit 2]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_snapshot!(project.run("dropdb --confirm db.sqlite3"), @"
    --- stderr ---
    main: database `db.sqlite3` will be dropped: sqlite://db.sqlite3
      it holds 3 tables, 2 of them with rows
    main: database `db.sqlite3` dropped.
    ");
    assert!(!project.path("db.sqlite3").exists());
    assert_snapshot!(project.run("dropdb --yes --json"), @r#"
    {"connection":"main","database":"db.sqlite3","dropped":false}
    --- stderr ---
    main: there is no database `db.sqlite3`.
    "#);
}

#[test]
fn yes_does_not_drop_what_is_protected() {
    let project = stocked();
    project.settings("connections: { live: { url: 'sqlite://db.sqlite3', protected: true } }\n");
    insta::allow_duplicates! {
    for command in ["dropdb", "resetdb"] {
        let output = project.run(&format!("{command} --yes")).exits(4);
        assert_snapshot!(output, @"
        --- stderr ---
        live: database `db.sqlite3` will be dropped: sqlite://db.sqlite3
          it holds 3 tables, 2 of them with rows
        error: `live` is protected; the database `db.sqlite3` would be dropped, and nobody can be asked
          nothing was changed
        hint: consent to that: --confirm db.sqlite3
        [exit 4]
        ");
    }
    }
    // The connection's name is no consent to the loss of the database.
    let _ = project.run("dropdb --confirm live").exits(2);
    assert_eq!(ledger(&project).len(), 3);
    let _ = project.run("dropdb --confirm db.sqlite3").ok();
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn all_is_nothing_to_drop_by() {
    insta::allow_duplicates! {
    for command in ["dropdb", "resetdb"] {
        assert_snapshot!(applied().run(&format!("{command} --all -y")), @"
        --- stderr ---
        error: databases are not dropped by --all
        hint: name each connection: -d NAME
        [exit 2]
        ");
    }
    }
}

#[test]
fn each_of_several_is_consented_to() {
    let project = Project::new();
    project.settings(
        "connections:\n  main: { url: 'sqlite://a.db' }\n  other: { url: 'sqlite://b.db' }\n  third: { url: 'sqlite://c.db' }\n",
    );
    let _ = project.run("createdb --all").ok();
    assert_snapshot!(project.run("dropdb -d main -d other --confirm a.db"), @"
    --- stderr ---
    main: database `a.db` will be dropped: sqlite://a.db
      it holds no table
    main: database `a.db` dropped.
    other: database `b.db` will be dropped: sqlite://b.db
      it holds no table
    error: `a.db` is not the name of the database
      nothing was dropped
      on connection `other`; done before it: `main`
    hint: type it: --confirm b.db
    [exit 2]
    ");
    let _ = project
        .run("dropdb -d other -d third --confirm b.db --confirm c.db")
        .ok();
    assert_eq!(project.tree("."), ["settings.yaml"]);
}

#[test]
fn what_sqlite_keeps_beside_the_file_goes_with_it() {
    let project = applied();
    probe(&project).execute("PRAGMA journal_mode = WAL; INSERT INTO authors VALUES (1, 'Ada')");
    project.file("db.sqlite3-journal", "");
    let _ = project.run("dropdb -y").ok();
    let left: Vec<_> = project
        .tree(".")
        .into_iter()
        .filter(|path| path.starts_with("db.sqlite3"))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_file_that_somebody_writes_to_is_not_removed() {
    let project = applied();
    let mut other = probe(&project);
    other.execute("BEGIN IMMEDIATE");
    assert_snapshot!(project.run("dropdb -y"), @"
    --- stderr ---
    main: database `db.sqlite3` will be dropped: sqlite://db.sqlite3
      it holds 3 tables, and no row
    error: cannot drop the database `db.sqlite3`
      caused by: database is locked
    hint: stop the programs that use it, or disconnect them: --force
    [exit 1]
    ");
    assert!(project.path("db.sqlite3").exists());
    let _ = project.run("dropdb -y --force").ok();
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn resetdb_makes_it_anew() {
    let project = stocked();
    assert_snapshot!(project.run("resetdb -y"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: database `db.sqlite3` will be dropped: sqlite://db.sqlite3
      it holds 3 tables, 2 of them with rows
    main: database `db.sqlite3` dropped.
    main: database `db.sqlite3` created.
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(probe(&project).value("SELECT count(*) FROM authors"), "0");
    assert_snapshot!(pretty(&project.run("resetdb -y -q --json")), @r#"
    {
      "connection": "main",
      "direction": "up",
      "steps": [
        {"version":"20260105090000","name":"2026-01-05-090000_create_authors","fake":false,"statements":1,"milliseconds":"[elapsed]"},
        {"version":"20260112140000","name":"2026-01-12-140000_create_books","fake":false,"statements":2,"milliseconds":"[elapsed]"},
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","fake":false,"statements":1,"milliseconds":"[elapsed]"}
      ],
      "milliseconds": "[elapsed]"
    }
    "#);
}

#[test]
fn resetdb_of_nothing_is_setup() {
    let project = pending();
    let _ = project.run("resetdb").ok();
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn resetdb_drops_nothing_where_the_migrations_could_not_be_applied() {
    let project = stocked();
    project.file(
        "migrations/2026-02-02-101500_create_loans/metadata.toml",
        "not toml",
    );
    let output = project.run("resetdb -y");
    assert_eq!(output.status, Some(1), "{output}");
    output.says("  nothing was dropped");
    assert_eq!(ledger(&project).len(), 3);

    let project = stocked();
    project.migration("20260112140000_shelves", "SELECT 1;\n", None);
    assert_snapshot!(project.run("resetdb -y"), @"
    --- stderr ---
    error: the migrations are in conflict, and nobody can be asked what to do
      nothing was dropped
    hint: see which, and mend them: manage check
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

/// A client that says how it was called.
const CLIENT: &str = r#"case "$1" in
    --version | -version) echo "${VERSION:-a client}" && exit 0 ;;
esac
echo "arguments: $*"
for name in PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSSLMODE PGSSLROOTCERT PGOPTIONS PGSERVICE MYSQL_PWD; do
    eval "value=\$$name"
    [ -z "$value" ] || echo "$name=$value"
done
case "$1" in
    --defaults-file=*) file=${1#--defaults-file=} && stat -c %a "$file" && cat "$file" ;;
esac
exit 5
"#;

fn client(url: &str, program_name: &str) -> Project {
    let project = with_programs(Project::new());
    project.settings(&format!("connections: {{ main: {{ url: '{url}' }} }}\n"));
    program(&project, program_name, CLIENT);
    project
}

#[test]
fn psql_is_told_by_variables() {
    let project = client(
        "postgres://clerk:hunter2@db.example.org:6432/shop?sslmode=verify-full&sslrootcert=ca.crt",
        "psql",
    )
    .variable("PGSERVICE", "elsewhere");
    assert_snapshot!(project.run("dbshell -- -c").exits(5), @"
    arguments: -c
    PGHOST=db.example.org
    PGPORT=6432
    PGUSER=clerk
    PGPASSWORD=hunter2
    PGDATABASE=shop
    PGSSLMODE=verify-full
    PGSSLROOTCERT=$PROJECT/ca.crt
    [exit 5]
    ");
}

#[test]
fn mysql_is_told_by_a_file_that_is_gone_afterwards() {
    let mut project = client(
        "mysql://clerk:hunter%222%23@db.example.org:3307/shop?ssl-mode=REQUIRED",
        "mysql",
    )
    .variable("MYSQL_PWD", "elsewhere");
    project.file("tmp/.keep", "");
    let folder = project.path("tmp").display().to_string();
    project = project.variable("TMPDIR", &folder);
    let output = project.run("dbshell -- -e x").exits(5);
    let (first, rest) = output.stdout.split_once('\n').expect("it says more");
    assert!(
        first.starts_with("arguments: --defaults-file=$PROJECT/tmp/manage-"),
        "{first}"
    );
    assert!(first.ends_with(".cnf -e x"), "{first}");
    assert_snapshot!(rest, @r#"
    600
    [client]
    user="clerk"
    password="hunter\"2#"
    protocol="tcp"
    host="db.example.org"
    port="3307"
    ssl-mode="REQUIRED"
    [mysql]
    database="shop"
    "#);
    assert_eq!(project.tree("tmp"), [".keep"]);
}

#[test]
fn mariadb_s_client_has_other_words_for_tls() {
    let project = client("mysql://clerk@db.example.org/shop", "mysql")
        .variable("VERSION", "mysql  Ver 15.1 Distrib 10.11.19-MariaDB");
    project.file(".my.cnf", "[mysql]\nprompt=mine\n");
    let output = project.run("dbshell").exits(5);
    let (_, rest) = output.stdout.split_once('\n').expect("it says more");
    assert_snapshot!(rest, @r#"
    600
    !include $PROJECT/.my.cnf
    [client]
    user="clerk"
    protocol="tcp"
    host="db.example.org"
    port="3306"
    ssl-verify-server-cert="0"
    [mysql]
    database="shop"
    "#);
}

#[test]
fn where_there_is_no_mysql_mariadb_is_taken() {
    let project = client("mysql://clerk@db.example.org/shop", "mariadb");
    let path = project.path("bin").display().to_string();
    // Of the system only what the client itself needs.
    for tool in ["stat", "cat"] {
        std::os::unix::fs::symlink(
            format!("/usr/bin/{tool}"),
            project.path(format!("bin/{tool}")),
        )
        .unwrap();
    }
    let output = project.variable("PATH", &path).run("dbshell").exits(5);
    assert!(output.stdout.contains("user=\"clerk\""), "{output}");
}

#[test]
fn sqlite3_is_given_the_file() {
    let project = client("sqlite://db.sqlite3?mode=ro", "sqlite3");
    assert_snapshot!(project.run("dbshell -- -json .tables"), @"
    arguments: -readonly $PROJECT/db.sqlite3 -json .tables
    [exit 5]
    ");
}

#[test]
fn a_client_that_is_missing_is_named_with_its_package() {
    let shell = |url: &str| {
        let project = Project::new();
        project.settings(&format!("connections: {{ main: {{ url: '{url}' }} }}\n"));
        let path = project.path("bin").display().to_string();
        project.variable("PATH", &path).run("dbshell")
    };
    assert_snapshot!(shell("sqlite://db.sqlite3"), @"
    --- stderr ---
    error: there is no program `sqlite3` on the path
    hint: install it: sqlite3 of Debian and Ubuntu, sqlite of Fedora and Homebrew
    [exit 1]
    ");
    assert_snapshot!(shell("postgres://clerk@localhost/shop"), @"
    --- stderr ---
    error: there is no program `psql` on the path
    hint: install it: postgresql-client of Debian and Ubuntu, postgresql of Fedora, libpq of Homebrew
    [exit 1]
    ");
    assert_snapshot!(shell("mysql://clerk@localhost/shop"), @"
    --- stderr ---
    error: there is no program `mysql` on the path
    hint: install it: mariadb-client or mysql-client of Debian and Ubuntu, mariadb of Fedora, mysql-client of Homebrew
    [exit 1]
    ");
}

#[test]
fn a_shell_is_for_one_connection() {
    let project = Project::new();
    project.settings(
        "connections:\n  default: { url: 'sqlite://a.db' }\n  other: { url: 'sqlite://b.db' }\n",
    );
    assert_snapshot!(project.run("dbshell --all"), @"
    --- stderr ---
    error: this is for one connection, and 2 were named
    hint: name one: -d NAME
    [exit 2]
    ");
}

#[test]
fn a_database_in_memory_has_no_shell() {
    let project = Project::new();
    project.settings("connections: { main: { url: 'sqlite://:memory:' } }\n");
    assert_snapshot!(project.run("dbshell"), @"
    --- stderr ---
    error: a database in memory cannot be looked into by another program
    hint: name a file in the connection's `url`: sqlite://db.sqlite3
    [exit 1]
    ");
}
