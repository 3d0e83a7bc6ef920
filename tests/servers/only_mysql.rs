//! What MySQL has and the others have not: tables that are committed at once, bodies with semicolons.

use diesel_manage::settings::Backend;

use crate::own_server::{self, OwnServer};
use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

const MYSQL: &[Backend] = &[Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        MYSQL,
        "bodies_with_semicolons_are_one_statement",
        compound_bodies,
    );
    trials.on(
        MYSQL,
        "another_database_that_a_file_uses_is_left_again",
        uses_another,
    );
    own_server::add(
        trials,
        Backend::Mysql,
        "a_server_without_autocommit_commits_what_is_recorded",
        without_autocommit,
    );
    trials.on(
        MYSQL,
        "rows_and_tables_in_one_file_say_exactly_what_stays",
        what_stays,
    );
    trials.on(MYSQL, "a_file_of_rows_alone_is_all_or_nothing", rows_alone);
    trials.on(
        MYSQL,
        "a_transaction_of_the_files_own_says_exactly_what_stays",
        own_transaction,
    );
    trials.on(
        MYSQL,
        "a_table_in_a_transaction_of_the_files_own_says_exactly_what_stays",
        own_transaction_cut,
    );
    trials.on(
        MYSQL,
        "a_procedure_that_makes_a_table_is_not_said_to_be_undone",
        procedure_commits,
    );
}

/// A server can be set up so that nothing is committed unless that is said.
fn without_autocommit(server: &mut OwnServer) {
    server
        .probe(server.first())
        .execute("SET GLOBAL autocommit = 0");
    let name = "app";
    server.create(name);
    let project = Project::new().url(&server.url(name));
    project
        .migration(
            "2026-01-01-000000_one",
            "CREATE TABLE one (id INTEGER);",
            None,
        )
        .migration("2026-01-02-000000_two", "INSERT INTO one VALUES (1);", None);
    let first = project.manage("migrate").start();
    let second = project.run("migrate").ok();
    let first = first.wait().ok();
    let applied = [&first, &second].map(|out| out.stdout.matches("applied").count());
    assert_eq!(applied.iter().sum::<usize>(), 2, "{first}\n{second}");
    project.migration("2026-01-02-000000_two", "INSERT INTO one VALUES (2);", None);
    let _ = project.run("accept two --reason mended").ok();
    assert_eq!(
        server
            .probe(name)
            .lines("SELECT action, version FROM __manage_history ORDER BY id"),
        [
            "apply|20260101000000",
            "apply|20260102000000",
            "accept|20260102000000"
        ]
    );
}

/// However the file says that it goes on elsewhere.
fn uses_another(server: &Server) {
    let other = Server::new(Backend::Mysql).unwrap_or_else(|missing| panic!("{}", missing.reason));
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_elsewhere",
        &format!(
            "-- elsewhere\n/*!40000 USE {0} */;\nSET autocommit = 0;\nCREATE TABLE one (id INTEGER);\n",
            other.name()
        ),
        None,
    );
    project.migration(
        "2026-01-02-000000_here",
        "CREATE TABLE two (id INTEGER);",
        None,
    );
    let _ = project.run("migrate").ok();
    assert_eq!(server.versions(), ["20260101000000", "20260102000000"]);
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema",
            "two"
        ]
    );
    assert_eq!(other.tables(), ["one"]);
}

fn compound_bodies(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_bodies",
        "CREATE TABLE counted (n INTEGER NOT NULL, note VARCHAR(40));\n\
         CREATE PROCEDURE count_to(IN last INTEGER)\nBEGIN\n  DECLARE n INTEGER DEFAULT 0;\n  \
           -- It's a loop; with a body.\n  WHILE n < last DO\n    SET n = n + 1;\n    \
             IF n % 2 = 0 THEN INSERT INTO counted VALUES (n, 'even; \\'yes\\''); \
             ELSE INSERT INTO counted VALUES (n, 'odd'); END IF;\n  END WHILE;\nEND;\n\
         CREATE TRIGGER counted_before BEFORE INSERT ON counted FOR EACH ROW\nBEGIN\n  \
           SET NEW.n = CASE WHEN NEW.n > 100 THEN 100 ELSE NEW.n END;\nEND;\n\
         CREATE FUNCTION half(n INTEGER) RETURNS INTEGER DETERMINISTIC\nBEGIN RETURN n / 2; END;\n\
         CALL count_to(3);\n\
         INSERT INTO counted VALUES (400 + half(6), NULL);\n",
        Some("DROP FUNCTION half;\nDROP PROCEDURE count_to;\nDROP TABLE counted;\n"),
    );
    let out = project.run("migrate").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-01-01-000000_bodies  (6 statements, [elapsed])\n"
    );
    assert_eq!(
        server.lines("SELECT n, note FROM counted ORDER BY n"),
        ["1|odd", "2|even; 'yes'", "3|odd", "100|NULL"]
    );
    let _ = project.run("downgrade -y").ok();
    assert_eq!(
        server.value(
            "SELECT count(*) FROM information_schema.routines WHERE routine_schema = database()"
        ),
        "0"
    );
}

/// Applies a migration that fails on a database with one table, and says what was said.
fn fails(server: &Server, up: &str, says: &str) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        Some("DROP TABLE one;"),
    );
    project.migration("2026-02-01-000000_mixed", up, Some("SELECT 1;"));
    let out = project.run("migrate").exits(1);
    out.says(says);
    assert_eq!(server.versions(), ["20260101000000"]);
    assert_eq!(server.value("SELECT count(*) FROM __manage_history"), "1");
    // Both tools still agree about it.
    assert_eq!(
        DieselRunner::new(server, &project).pending(),
        ["20260201000000"]
    );
}

fn what_stays(server: &Server) {
    fails(
        server,
        "INSERT INTO one VALUES (1);\n\
         INSERT INTO one VALUES (2);\n\
         CREATE TABLE two (id INTEGER);\n\
         INSERT INTO two VALUES (3);\n\
         INSERT INTO nowhere VALUES (4);\n",
        "  statements 1 to 3 of 5 are in effect and cannot be rolled back; it is not recorded as applied",
    );
    assert_eq!(server.lines("SELECT id FROM one ORDER BY id"), ["1", "2"]);
    assert_eq!(server.lines("SELECT id FROM two"), [""; 0]);
}

fn rows_alone(server: &Server) {
    fails(
        server,
        "INSERT INTO one VALUES (1);\nUPDATE one SET id = 2;\nINSERT INTO nowhere VALUES (3);\n",
        "  nothing of it was committed",
    );
    assert_eq!(server.lines("SELECT id FROM one"), [""; 0]);
}

fn own_transaction(server: &Server) {
    fails(
        server,
        "INSERT INTO one VALUES (1);\n\
         BEGIN;\n\
         INSERT INTO one VALUES (2);\n\
         COMMIT;\n\
         INSERT INTO one VALUES (3);\n\
         INSERT INTO nowhere VALUES (4);\n",
        "  statements 1 to 4 of 6 are in effect and cannot be rolled back; it is not recorded as applied",
    );
    assert_eq!(server.lines("SELECT id FROM one ORDER BY id"), ["1", "2"]);
}

/// Outside of a transaction, and with one of the file's own that a table cuts short.
fn own_transaction_cut(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        Some("DROP TABLE one;"),
    );
    let name = "2026-02-01-000000_cut";
    project.migration(
        name,
        "BEGIN;\n\
         INSERT INTO one VALUES (1);\n\
         CREATE TABLE two (id INTEGER);\n\
         INSERT INTO one VALUES (2);\n\
         INSERT INTO nowhere VALUES (3);\n",
        Some("SELECT 1;"),
    );
    project.metadata(name, "run_in_transaction = false\n");
    let out = project.run("migrate").exits(1);
    assert_eq!(server.lines("SELECT id FROM one ORDER BY id"), ["1", "2"]);
    out.says(
        "  statements 1 to 4 of 5 are in effect and cannot be rolled back; it is not recorded as applied",
    );
}

/// What a procedure does cannot be read in the file, but the server knows that no transaction is
/// left.
fn procedure_commits(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);\n\
         CREATE PROCEDURE make_two() BEGIN CREATE TABLE two (id INTEGER); END;\n",
        Some("DROP TABLE one;"),
    );
    project.migration(
        "2026-02-01-000000_call",
        "INSERT INTO one VALUES (1);\nCALL make_two();\nINSERT INTO nowhere VALUES (2);\n",
        Some("SELECT 1;"),
    );
    let out = project.run("migrate").exits(1);
    assert_eq!(server.lines("SELECT id FROM one"), ["1"]);
    out.never_says("nothing of it was committed");
}
