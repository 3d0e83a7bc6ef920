//! What a server knows about a migration that stopped half-way, and every way to bring it to an end.

use diesel_manage::settings::Backend;

use super::wait_for;
use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    const MYSQL: &[Backend] = &[Backend::Mysql];
    const POSTGRES: &[Backend] = &[Backend::Postgres];
    trials.on(
        MYSQL,
        "killed::a_statement_that_outlives_its_run_is_waited_for",
        outlives,
    );
    trials.on(
        MYSQL,
        "killed::a_drop_that_failed_half_way_is_told_as_in_doubt",
        half_a_drop,
    );
    trials.on(
        MYSQL,
        "killed::what_an_unfinished_migration_made_is_taken_back",
        taken_back,
    );
    trials.on(
        MYSQL,
        "killed::half_an_undo_is_undone_by_the_next_one",
        undone,
    );
    trials.on(
        MYSQL,
        "killed::only_what_a_migration_made_is_taken_back_and_where_it_made_it",
        taken_back_where_it_is,
    );
    trials.on(
        MYSQL,
        "killed::what_cannot_be_taken_back_to_its_end_is_gone_on_with",
        taken_back_in_part,
    );
    trials.on(
        MYSQL,
        "killed::another_database_s_ledger_says_nothing_about_this_one",
        other_ledger,
    );
    trials.on(
        MYSQL,
        "killed::what_is_in_effect_is_told_where_the_folder_is_gone",
        folder_gone,
    );
    trials.on(
        MYSQL,
        "killed::a_role_that_may_not_write_the_journal_migrates_without",
        no_rights,
    );
    trials.on(
        MYSQL,
        "killed::tables_may_be_locked_and_other_databases_used",
        wanders,
    );
    trials.on(
        POSTGRES,
        "killed::an_index_that_was_not_built_is_built_again",
        broken_index,
    );
    trials.on(
        POSTGRES,
        "killed::what_fails_once_more_in_a_transaction_is_still_gone_on_with",
        fails_twice,
    );
    trials.on(
        POSTGRES,
        "killed::what_is_refused_outside_of_a_transaction_is_no_doubt",
        refused_alone,
    );
    trials.on(
        POSTGRES,
        "killed::a_file_that_changes_its_role_and_path_is_journalled_or_says_so",
        other_role,
    );
}

const NAME: &str = "2026-01-01-000000_one";

pub(super) fn noted(server: &Server) -> Vec<String> {
    server.lines("SELECT state, done FROM __manage_journal ORDER BY id")
}

/// The server goes on with a statement when its client is gone.
fn outlives(server: &Server) {
    let project = Project::on(server);
    project.migration(
        NAME,
        "CREATE TABLE one (id INT);\nINSERT INTO one VALUES (1);\n\
         CREATE TABLE slow AS SELECT BENCHMARK(40000000, SHA2('a', 512)) AS a;\n\
         CREATE TABLE two (id INT);\n",
        None,
    );
    let running = project.manage("migrate").start();
    wait_for(server, "BENCHMARK");
    running.signal("KILL");
    let _ = running.wait();
    assert_eq!(noted(server), ["started|0", "done|1", "started|2"]);
    let out = project
        .run("migrate --on-unfinished resume --no-input")
        .ok();
    assert!(
        out.stderr
            .contains("which goes on with what a killed run began"),
        "{out}"
    );
    out.says("  table `slow` is there, so it is in effect")
        .says("default: going on with `2026-01-01-000000_one` at statement 4 of 4");
    assert_eq!(noted(server), [""; 0]);
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn half_a_drop(server: &Server) {
    let project = Project::on(server);
    server.execute("CREATE TABLE a (id INT)");
    server.execute("CREATE TABLE b (id INT)");
    project.migration(
        NAME,
        "CREATE TABLE c (id INT);\nDROP TABLE a, nowhere, b;\n",
        None,
    );
    let _ = project.run("migrate").exits(1);
    assert_eq!(noted(server), ["started|0", "started|1", "broken|1"]);
    let out = project.run("migrate").exits(4);
    out.says("  statement 2 is in doubt: DROP TABLE a, nowhere, b")
        .says("  table `a` is not there, table `nowhere` is not there, table `b` is not there, so it is in effect");
    let _ = project.run("migrate --on-unfinished resume").ok();
    assert_eq!(server.versions(), ["20260101000000"]);
}

/// Taking back is killed while one of its statements waits for another session.
fn undone(server: &Server) {
    let project = half_done(server);
    let tables = "SELECT table_name, column_name FROM information_schema.columns \
                  WHERE table_schema = database() AND table_name NOT LIKE '\\_\\_%' ORDER BY 1, 2";
    for (table, waiting) in [
        ("one", "ALTER TABLE `one` DROP COLUMN `b`"),
        ("old", "ALTER TABLE `old` DROP INDEX"),
    ] {
        let _ = project.run("migrate").exits(1);
        let mut other = server.probe();
        other.execute(&format!("BEGIN; SELECT * FROM {table}"));
        let before = noted(server).len();
        let running = project.manage("resume --undo").start();
        wait_for(server, waiting);
        running.signal("KILL");
        let _ = running.wait();
        assert!(
            noted(server).len() > before,
            "it is noted what is taken back"
        );
        project
            .run("showmigrations")
            .ok()
            .says(" [~] 2026-01-01-000000_one  (unfinished: applied in part; head)");
        other.execute("COMMIT");
        let out = project.run("resume --undo --no-input").ok();
        out.says("Took back what was in effect of `2026-01-01-000000_one`.");
        assert_eq!(server.lines(tables), ["old|id"], "{out}");
        assert_eq!(noted(server), [""; 0]);
    }
}

/// A migration whose last statement fails.
fn half_done(server: &Server) -> Project {
    let project = Project::on(server);
    server.execute("CREATE TABLE old (id INT PRIMARY KEY)");
    project.migration(
        NAME,
        "CREATE TABLE one (id INT PRIMARY KEY);\nINSERT INTO one VALUES (1);\n\
         ALTER TABLE old ADD COLUMN a INT, ADD INDEX old_a (a);\n\
         CREATE VIEW seen AS SELECT id FROM one;\n\
         ALTER TABLE one ADD COLUMN b INT;\nALTER TABLE one ADD COLUMN b INT;\n",
        None,
    );
    project
}

fn taken_back(server: &Server) {
    let project = half_done(server);
    let _ = project.run("migrate").exits(1);
    let out = project.run("resume --undo").ok();
    out.says("  ALTER TABLE `one` DROP COLUMN `b`")
        .says("  DROP VIEW `seen`")
        .says("  ALTER TABLE `old` DROP INDEX `old_a`, DROP COLUMN `a`")
        .says("  DROP TABLE `one`");
    assert_eq!(noted(server), [""; 0]);
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema",
            "old"
        ]
    );
    assert_eq!(
        server.lines(
            "SELECT column_name FROM information_schema.columns \
             WHERE table_schema = database() AND table_name = 'old'"
        ),
        ["id"]
    );
}

/// The same names are elsewhere, in what the file only mentions, and in this session.
fn taken_back_where_it_is(server: &Server) {
    let project = Project::on(server);
    let other = Server::new(Backend::Mysql).expect("the server is there");
    for table in ["one", "logs", "ids"] {
        server.execute(&format!("CREATE TABLE {table} (id INT)"));
    }
    project.migration(
        NAME,
        &format!(
            "CREATE TEMPORARY TABLE ids (id INT);\nINSERT INTO ids VALUES (1);\n\
             CREATE TABLE passing (id INT);\nALTER TABLE passing ADD INDEX by_id (id);\n\
             DROP TABLE passing;\nUSE {};\nCREATE TABLE one (id INT);\nCREATE TABLE one (id INT);\n",
            other.name()
        ),
        None,
    );
    let _ = project.run("migrate").exits(1);
    let out = project.run("resume --undo").ok();
    out.says(&format!("  DROP TABLE `{}`.`one`", other.name()));
    assert_eq!(other.tables(), [""; 0]);
    let name = "2026-02-01-000000_two";
    project.remove(NAME).migration(
        name,
        "CREATE TABLE two (id INT);\n\
         CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO TRUNCATE TABLE logs;\n\
         CREATE TABLE two (id INT);\n",
        None,
    );
    let _ = project.run("migrate").exits(1);
    let out = project.run("resume --undo").exits(1);
    out.says("error: `2026-02-01-000000_two` cannot be taken back: statement 2 cannot be taken back: CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO TRUNCATE TABLE logs")
        .says("  nothing was changed");
    let theirs: Vec<_> = server
        .tables()
        .into_iter()
        .filter(|table| !table.starts_with("__"))
        .collect();
    assert_eq!(theirs, ["ids", "logs", "one", "two"]);
}

/// Somebody has begun to use what was made.
fn taken_back_in_part(server: &Server) {
    let project = Project::on(server);
    project.migration(
        NAME,
        "CREATE TABLE one (id INT PRIMARY KEY);\nCREATE TABLE two (id INT);\nCREATE TABLE two (id INT);\n",
        None,
    );
    let _ = project.run("migrate").exits(1);
    server.execute("CREATE TABLE theirs (id INT, FOREIGN KEY (id) REFERENCES one (id))");
    let out = project.run("resume --undo").exits(1);
    out.says("error: `2026-01-01-000000_one` could not be taken back: DROP TABLE `one`")
        .says("  what stood above it is taken back; the rest is still in effect")
        .says("hint: see to what the server says, then run the same command again: it goes on from there");
    server.execute("DROP TABLE theirs");
    let _ = project.run("resume --undo").ok();
    assert_eq!(noted(server), [""; 0]);
    assert!(!server.tables().iter().any(|table| table == "one"));
}

/// The file has led the session there when it fails.
fn other_ledger(server: &Server) {
    let project = Project::on(server);
    let other = Server::new(Backend::Mysql).expect("the server is there");
    let theirs = Project::on(&other);
    theirs.migration("2025-01-01-000000_theirs", "SELECT 1;", None);
    let _ = theirs.run("migrate").ok();
    project.migration(
        NAME,
        "CREATE TABLE one (id INT);",
        Some(&format!("USE {};\nDROP TABLE nowhere;\n", other.name())),
    );
    let _ = project.run("migrate").ok();
    let out = project.run("downgrade -y").exits(1);
    out.says(&format!(
        "  caused by: Unknown table '{}.nowhere'",
        other.name()
    ));
}

/// Without the file the journal is all there is to read.
fn folder_gone(server: &Server) {
    let project = Project::on(server);
    project.migration(
        NAME,
        "CREATE TABLE one (id INT);\nINSERT INTO one VALUES (1);\nALTER TABLE one ADD COLUMN a INTEGR;\n",
        None,
    );
    let _ = project.run("migrate").exits(1);
    project.remove(NAME);
    let out = project.run("migrate").exits(1);
    out.says("error: `2026-01-01-000000_one` cannot be resumed")
        .says("  its folder is gone")
        .says("    1: CREATE TABLE one (id INT)  (in effect)")
        .says("    3: ALTER TABLE one ADD COLUMN a INTEGR  (refused)")
        .says("  nothing was changed");
    let summary = "  2 of 3 statements in effect; last seen ";
    assert!(out.stderr.contains(summary), "{out}");
}

fn no_rights(server: &Server) {
    let project = Project::on(server);
    project.migration(NAME, "CREATE TABLE one (id INT);", None);
    let _ = project.run("migrate").ok();
    let user = server.user("limited", "limited");
    let name = server.name();
    server.execute(&format!(
        "GRANT SELECT, CREATE, ALTER, INSERT, DELETE ON {name}.one TO '{user}'@'%', '{user}'@'localhost'"
    ));
    for table in ["__diesel_schema_migrations", "__manage_history"] {
        server.execute(&format!(
            "GRANT SELECT, INSERT, DELETE ON {name}.{table} TO '{user}'@'%', '{user}'@'localhost'"
        ));
    }
    server.execute(&format!(
        "GRANT SELECT ON {name}.__manage_journal TO '{user}'@'%', '{user}'@'localhost'"
    ));
    project.migration(
        "2026-02-01-000000_two",
        "ALTER TABLE one ADD COLUMN a INT;\nALTER TABLE one ADD COLUMN a INT;\n",
        None,
    );
    let project = project.url(&server.url_as(&user, Some("limited")));
    let out = project.run("migrate").exits(1);
    out.says(
        "warning: this role may not write `__manage_journal`, so if a migration stops half-way, nobody will know where",
    )
    .says("hint: undo by hand what is in effect (or take those statements out of the file), then run: manage migrate");
    assert_eq!(noted(server), [""; 0]);
    // What somebody else has noted is not gone on with in silence.
    server.execute("ALTER TABLE one DROP COLUMN a");
    let project = project.url(server.url());
    let _ = project.run("migrate").exits(1);
    let before = noted(server);
    let project = project.url(&server.url_as(&user, Some("limited")));
    let out = project.run("migrate").exits(1);
    out.says("  caused by: this role may not write `__manage_journal`, which says how far an earlier run was")
        .says("hint: connect as the owner of the tables, or have the right granted to this role");
    assert_eq!(noted(server), before);
}

/// A journal that is written under `LOCK TABLES`, or without its database's name, would be an error.
fn wanders(server: &Server) {
    let project = Project::on(server);
    project.migration(
        NAME,
        "SET sql_mode = 'ANSI_QUOTES';\nCREATE TABLE one (id INT PRIMARY KEY);\n\
         LOCK TABLES one WRITE;\nINSERT INTO one VALUES (1);\nALTER TABLE one ADD COLUMN a INT;\n\
         INSERT INTO one VALUES (2, 2);\nUNLOCK TABLES;\nUSE information_schema;\n\
         SET NAMES latin1;\nDO 1;\n",
        None,
    );
    let _ = project.run("migrate").ok();
    assert_eq!(server.lines("SELECT * FROM one"), ["1|NULL", "2|2"]);
    assert_eq!(noted(server), [""; 0]);
}

fn broken_index(server: &Server) {
    let project = Project::on(server);
    server.execute("CREATE TABLE one (id INT)");
    server.execute("INSERT INTO one VALUES (1), (1)");
    project
        .migration(
            NAME,
            "CREATE TABLE two (id INT);\nCREATE UNIQUE INDEX CONCURRENTLY one_id ON one (id);\n",
            None,
        )
        .metadata(NAME, "run_in_transaction = false\n");
    let _ = project.run("migrate").exits(1);
    server.execute("DELETE FROM one");
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_id'::regclass"),
        "t"
    );
    assert_eq!(noted(server), [""; 0]);
}

/// The server said no, and nothing of it is there: the same command goes on.
fn refused_alone(server: &Server) {
    let project = Project::on(server);
    server.execute("CREATE TABLE one (id INT)");
    server.execute("INSERT INTO one VALUES (1), (1)");
    for (refused, mended) in [
        ("VACUUM nowhere;\n", "VACUUM one;\n"),
        ("ALTER SYSTEM SET nothing = 1;\n", "VACUUM one;\n"),
        (
            "CREATE UNIQUE INDEX CONCURRENTLY one_id ON one (id);\n",
            "CREATE INDEX CONCURRENTLY one_id ON one (id);\n",
        ),
    ] {
        // First of all, and after another one.
        for before in ["", "CREATE TABLE two (id INT);\n"] {
            let file = |last: &str| {
                project
                    .migration(NAME, &format!("{before}{last}"), None)
                    .metadata(NAME, "run_in_transaction = false\n");
            };
            file(refused);
            let _ = project.run("migrate").exits(1);
            file(mended);
            let _ = project.run("migrate").ok();
            assert_eq!(noted(server), [""; 0]);
            server.execute("DROP TABLE IF EXISTS two");
            server.execute("DROP INDEX IF EXISTS one_id");
            server.execute("DELETE FROM __diesel_schema_migrations");
        }
    }
}

/// What is left of the file could run in a transaction, and then keeps no journal of its own.
fn fails_twice(server: &Server) {
    let project = Project::on(server);
    server.execute("CREATE TABLE one (id INT PRIMARY KEY)");
    server.execute("INSERT INTO one VALUES (1)");
    project
        .migration(
            NAME,
            "CREATE INDEX CONCURRENTLY one_id ON one (id);\nINSERT INTO one VALUES (1);\n",
            None,
        )
        .metadata(NAME, "run_in_transaction = false\n");
    for _ in 0..2 {
        project
            .run("migrate")
            .exits(1)
            .says("hint: fix the file, then run: manage migrate  (it goes on at statement 2)");
    }
    server.execute("DELETE FROM one");
    let _ = project.run("migrate").ok();
    assert_eq!(noted(server), [""; 0]);
}

fn other_role(server: &Server) {
    let project = Project::on(server);
    server.execute("CREATE SCHEMA app");
    project
        .migration(
            NAME,
            "SET search_path = app;\nCREATE TABLE one (id INT);\n\
             CREATE INDEX CONCURRENTLY one_id ON one (id);\nSELECT nothing;\n",
            None,
        )
        .metadata(NAME, "run_in_transaction = false\n");
    let _ = project.run("migrate").exits(1);
    project.file(
        format!("migrations/{NAME}/up.sql"),
        "SET search_path = app;\nCREATE TABLE one (id INT);\n\
         CREATE INDEX CONCURRENTLY one_id ON one (id);\nCREATE INDEX one_more ON one (id);\n",
    );
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.lines("SELECT indexname FROM pg_indexes WHERE schemaname = 'app' ORDER BY 1"),
        ["one_id", "one_more"]
    );
    project
        .migration(
            "2026-02-01-000000_two",
            "SET ROLE pg_read_all_data;\nRESET ROLE;\nVACUUM app.one;\n",
            None,
        )
        .metadata("2026-02-01-000000_two", "run_in_transaction = false\n");
    let out = project.run("migrate").ok();
    out.says(
        "warning: the file goes on as another role, so no journal is kept of it; if it stops half-way, nobody will know where",
    );
}
