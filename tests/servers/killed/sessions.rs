//! What only a session knows: a script finds it as it left it, and a run that goes on in another session
//! makes it again, or says that it cannot.

use diesel_manage::settings::Backend;

use super::resumed::noted;
use crate::support::{BACKENDS, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    const MYSQL: &[Backend] = &[Backend::Mysql];
    trials.on(
        &BACKENDS,
        "killed::the_journal_leaves_the_number_of_the_newest_row_alone",
        numbers,
    );
    trials.on(
        MYSQL,
        "killed::a_session_that_goes_on_is_told_what_the_rest_needs",
        told_again,
    );
    trials.on(
        MYSQL,
        "killed::what_a_session_computed_is_computed_again_if_nothing_changed_since",
        computed_again,
    );
    trials.on(
        MYSQL,
        "killed::what_cannot_be_had_again_is_told_and_the_file_can_make_it",
        lost,
    );
    trials.on(
        MYSQL,
        "killed::a_temporary_table_that_is_gone_is_not_mixed_up_with_one_that_stays",
        temporary,
    );
    trials.on(
        MYSQL,
        "killed::what_fails_under_locked_tables_is_gone_on_with_under_them",
        locked_tables,
    );
    trials.on(
        MYSQL,
        "killed::a_session_that_may_hardly_write_is_recorded",
        narrow,
    );
    trials.on(
        MYSQL,
        "killed::a_file_that_begins_elsewhere_is_recorded_here",
        elsewhere,
    );
    trials.on(
        MYSQL,
        "killed::a_statement_that_is_tried_again_has_its_session_as_it_was",
        tried_again,
    );
}

const NAME: &str = "2026-01-01-000000_one";

/// Each note in the journal is a row too.
fn numbers(server: &Server) {
    let project = Project::on(server);
    let (id, newest) = match server.backend() {
        Backend::Sqlite => ("INTEGER PRIMARY KEY", "last_insert_rowid()"),
        Backend::Postgres => ("BIGINT GENERATED ALWAYS AS IDENTITY", "lastval()"),
        Backend::Mysql => ("BIGINT AUTO_INCREMENT PRIMARY KEY", "LAST_INSERT_ID()"),
    };
    // Outside of one transaction PostgreSQL notes each statement only where one cannot be in any.
    let alone = match server.backend() {
        Backend::Postgres => "VACUUM parents;\n",
        Backend::Sqlite | Backend::Mysql => "",
    };
    project
        .migration(
            NAME,
            &format!(
                "CREATE TABLE parents (id {id}, name TEXT);\n\
                 CREATE TABLE children (parent BIGINT NOT NULL, name TEXT);\n{alone}\
                 INSERT INTO parents (name) VALUES ('one');\n\
                 UPDATE parents SET name = 'won';\n\
                 INSERT INTO children SELECT {newest}, 'a';\n"
            ),
            None,
        )
        .metadata(NAME, "run_in_transaction = false\n");
    let _ = project.run("migrate").ok();
    assert_eq!(server.lines("SELECT parent, name FROM children"), ["1|a"]);
    if server.backend() == Backend::Mysql {
        let name = "2026-02-01-000000_two";
        project.migration(
            name,
            "INSERT INTO parents (name) VALUES ('two');\n\
             ALTER TABLE parents ADD COLUMN age INT;\n\
             INSERT INTO children VALUES (LAST_INSERT_ID(), 'b');\n",
            None,
        );
        let _ = project.run("migrate").ok();
        let of_two = server.lines("SELECT parent, name FROM children WHERE name = 'b'");
        assert_eq!(of_two, ["2|b"]);
    }
}

fn told_again(server: &Server) {
    let project = Project::on(server);
    // Its rows refer to a table that is not there, which only the session permits.
    let up = "SET @mode = @@sql_mode, sql_mode = 'ANSI_QUOTES', @name = 'kept';\n\
         SET FOREIGN_KEY_CHECKS = 0;\n\
         SET @sql = CONCAT('INSERT INTO \"one\" VALUES (1, ''', @name, ''', 9)');\n\
         CREATE TABLE \"one\" (id INT, name TEXT, two_id INT, FOREIGN KEY (two_id) REFERENCES two (id));\n\
         ALTER TABLE \"one\" ADD COLUMN age INTEGR;\n\
         ALTER TABLE \"one\" DROP COLUMN age;\n\
         PREPARE it FROM @sql;\nEXECUTE it;\nDEALLOCATE PREPARE it;\n\
         SET sql_mode = @mode, FOREIGN_KEY_CHECKS = 1;\n\
         INSERT INTO one SELECT 2, IF(@@sql_mode = @@GLOBAL.sql_mode, \"as before\", @@sql_mode), NULL;\n";
    project.migration(NAME, up, None);
    let _ = project.run("migrate").exits(1);
    project.migration(NAME, &up.replace("INTEGR", "INT"), None);
    let out = project.run("migrate").ok();
    out.says("default: going on with `2026-01-01-000000_one` at statement 5 of 11");
    assert_eq!(
        server.lines("SELECT id, name, two_id FROM one ORDER BY id"),
        ["1|kept|9", "2|as before|NULL"]
    );
}

/// The usual way to have a definition on a condition.
fn computed_again(server: &Server) {
    let project = Project::on(server);
    let conditional = |column: &str, kind: &str| {
        format!(
            "SET @sql = IF((SELECT COUNT(*) FROM information_schema.columns WHERE \
             table_schema = DATABASE() AND table_name = 'one' AND column_name = '{column}') = 0, \
             'ALTER TABLE one ADD COLUMN {column} {kind}', 'DO 1');\n\
             PREPARE it FROM @sql;\nEXECUTE it;\nDEALLOCATE PREPARE it;\n"
        )
    };
    let up = format!(
        "CREATE TABLE one (id INT);\n{}{}",
        conditional("a", "INT"),
        conditional("b", "INTEGR")
    );
    project.migration(NAME, &up, None);
    let _ = project.run("migrate").exits(1);
    project.migration(NAME, &up.replace("INTEGR", "INT"), None);
    let out = project.run("migrate").ok();
    out.says("default: going on with `2026-01-01-000000_one` at statement 5 of 9");
    assert_eq!(
        server.lines(
            "SELECT column_name FROM information_schema.columns \
             WHERE table_schema = database() AND table_name = 'one' ORDER BY ordinal_position"
        ),
        ["id", "a", "b"]
    );
}

fn lost(server: &Server) {
    let project = Project::on(server);
    server.execute("CREATE TABLE old (id INT)");
    server.execute("INSERT INTO old VALUES (7)");
    let up = "SET @n = (SELECT id FROM old);\nCREATE TABLE one (n INT);\n\
         DROP TABLE old;\nALTER TABLE one ADD COLUMN a INTEGR;\nINSERT INTO one (n) VALUES (@n);\n";
    project.migration(NAME, up, None);
    let _ = project.run("migrate").exits(1);
    let up = up.replace("INTEGR", "INT");
    project.migration(NAME, &up, None);
    let out = project.run("migrate").exits(4);
    out.says("  statement 1 made the variable `@n`, which is gone with its session and is needed later")
        .says("hint: let up.sql make it again at statement 4, then run the same command again (what stands before is not run twice)");
    let out = project.run("resume --yes").exits(1);
    out.says("error: `2026-01-01-000000_one` cannot be resumed")
        .says("hint: let up.sql make it again at statement 4, then run the same command again (what stands before is not run twice)");
    project.migration(NAME, &up.replace("INSERT", "SET @n = 8;\nINSERT"), None);
    let _ = project.run("migrate").ok();
    assert_eq!(server.lines("SELECT n FROM one"), ["8"]);
    // It is not asked for what it was computed from, which is gone.
    let name = "2026-02-01-000000_two";
    let up = "SET @m = (SELECT n FROM one);\nCREATE TABLE two (m INT);\nINSERT INTO two VALUES (@m);\n\
         DROP TABLE one;\nALTER TABLE two ADD COLUMN a INTEGR;\n";
    project.migration(name, up, None);
    let _ = project.run("migrate").exits(1);
    project.migration(name, &up.replace("INTEGR", "INT"), None);
    let _ = project.run("migrate").ok();
    // Nor is the number of a row another one in silence.
    let name = "2026-03-01-000000_three";
    let up = "CREATE TABLE three (id INT AUTO_INCREMENT PRIMARY KEY);\nINSERT INTO three VALUES (NULL);\n\
         ALTER TABLE three ADD COLUMN a INTEGR;\nINSERT INTO two (m) VALUES (LAST_INSERT_ID());\n";
    project.migration(name, up, None);
    let _ = project.run("migrate").exits(1);
    project.migration(name, &up.replace("INTEGR", "INT"), None);
    let out = project.run("migrate").exits(4);
    out.says("  statement 2 made the number of the newest row, which is gone with its session and is needed later");
}

fn temporary(server: &Server) {
    let project = Project::on(server);
    server.execute("CREATE TABLE ids (id INT)");
    let up = "CREATE TEMPORARY TABLE ids (id INT);\nINSERT INTO ids VALUES (1);\n\
         CREATE TABLE one AS SELECT * FROM ids;\nALTER TABLE one ADD COLUMN a INTEGR;\n\
         DROP TABLE ids;\n";
    project.migration(NAME, up, None);
    let _ = project.run("migrate").exits(1);
    project.migration(NAME, &up.replace("INTEGR", "INT"), None);
    let _ = project.run("migrate").ok();
    assert_eq!(server.value("SELECT COUNT(*) FROM ids"), "0");
    assert_eq!(server.lines("SELECT * FROM one"), ["1|NULL"]);
}

fn locked_tables(server: &Server) {
    let project = Project::on(server);
    let up = "CREATE TABLE one (id INT, locked INT);\nLOCK TABLES one WRITE;\n\
         INSERT INTO one VALUES (1, 1);\nINSERT INTO one VALUES (2, 2, 2);\n\
         INSERT INTO one VALUES (3, 3);\nUNLOCK TABLES;\nCREATE TABLE two (id INT);\n";
    project.migration(NAME, up, None);
    let out = project.run("migrate").exits(1);
    out.says("  statements 1 to 3 of 7 are in effect and cannot be rolled back; it is not recorded as applied")
        .says("hint: fix the file, then run: manage migrate  (it goes on at statement 4)");
    project.migration(NAME, &up.replace("(2, 2, 2)", "(2, 2)"), None);
    let out = project.run("migrate -v").ok();
    out.says("default: going on with `2026-01-01-000000_one` at statement 4 of 7");
    assert!(out.stderr.contains("LOCK TABLES one WRITE"), "{out}");
    assert_eq!(
        server.lines("SELECT id FROM one ORDER BY id"),
        ["1", "2", "3"]
    );
    assert_eq!(noted(server), [""; 0]);
}

/// These settings are for the file, and not for what is written about it.
fn narrow(server: &Server) {
    let project = Project::on(server);
    project
        .migration(
            NAME,
            "SET sql_safe_updates = 1, sql_select_limit = 1, autocommit = 0;\n\
             CREATE TABLE one (id INT);\nINSERT INTO one VALUES (1), (2);\n",
            None,
        )
        .migration(
            "2026-02-01-000000_two",
            "CREATE TABLE two (id INT);\nSET SESSION TRANSACTION READ ONLY;\nSELECT 1;\n",
            None,
        )
        .migration(
            "2026-03-01-000000_three",
            "INSERT INTO two VALUES (3);\n",
            None,
        );
    let _ = project.run("migrate").ok();
    assert_eq!(server.lines("SELECT id FROM one ORDER BY id"), ["1", "2"]);
    assert_eq!(server.lines("SELECT id FROM two"), ["3"]);
    assert_eq!(
        server.versions(),
        ["20260101000000", "20260201000000", "20260301000000"]
    );
}

fn elsewhere(server: &Server) {
    let project = Project::on(server);
    let other = Server::new(Backend::Mysql).expect("the server is there");
    let up = format!(
        "/*!32312 USE {}*/;\nCREATE TABLE one (id INT);\n",
        other.name()
    );
    project.migration(NAME, &up, None);
    let _ = project.run("migrate").ok();
    assert_eq!(other.tables(), ["one"]);
    assert_eq!(server.versions(), ["20260101000000"]);
}

/// A lock is not to be had in the middle, and the same session goes on.
fn tried_again(server: &Server) {
    let project = Project::on(server);
    server.execute("CREATE TABLE held (id INT)");
    project
        .migration(
            NAME,
            "SET @n = 0;\nSET @n = @n + 1;\nCREATE TABLE one (n INT);\n\
             ALTER TABLE held ADD COLUMN a INT;\nINSERT INTO one VALUES (@n);\n",
            None,
        )
        .settings(
            "connections:\n  main:\n    url: ${DATABASE_URL}\n    ddl_lock_timeout: 1s\n    lock_retries: 50\n",
        );
    let mut holder = server.probe();
    holder.execute("BEGIN");
    holder.execute("SELECT * FROM held");
    let mut running = project.manage("migrate").start();
    running.until("(1 of 50)");
    holder.execute("COMMIT");
    let _ = running.wait().ok();
    assert_eq!(server.lines("SELECT n FROM one"), ["1"]);
    assert_eq!(noted(server), [""; 0]);
}
