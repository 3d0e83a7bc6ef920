//! What PostgreSQL has and the others have not: statements outside of a transaction, notices, dollars.

use diesel_manage::settings::Backend;

use crate::support::{Project, Server};
use crate::trials::Trials;

const POSTGRES: &[Backend] = &[Backend::Postgres];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        POSTGRES,
        "several_indexes_are_made_concurrently_in_one_file",
        concurrently,
    );
    trials.on(
        POSTGRES,
        "a_file_that_forgets_prepared_statements_is_recorded",
        forgets_prepared,
    );
    trials.on(
        POSTGRES,
        "a_concurrent_index_that_fails_says_what_is_done",
        concurrently_fails,
    );
    trials.on(
        POSTGRES,
        "what_is_refused_outside_of_a_transaction_is_gone_on_with",
        refused_alone,
    );
    trials.on(
        POSTGRES,
        "a_role_that_may_not_write_the_journal_migrates_all_the_same",
        without_journal,
    );
    trials.on(
        POSTGRES,
        "one_statement_outside_of_a_transaction_that_could_be_in_one",
        no_need,
    );
    trials.on(
        POSTGRES,
        "what_the_server_says_on_the_side_is_shown",
        notices,
    );
    trials.on(
        POSTGRES,
        "bodies_in_dollar_quotes_are_one_statement",
        dollar_quotes,
    );
    trials.on(
        POSTGRES,
        "a_deferred_constraint_that_fails_at_commit_leaves_nothing",
        deferred,
    );
}

/// The server has said that it failed, so nobody has to be asked.
fn refused_alone(server: &Server) {
    let project = Project::on(server);
    let name = "2026-01-01-000000_tidy";
    project
        .migration(
            name,
            "CREATE TABLE one (id INTEGER);\nVACUUM nowhere;\n",
            None,
        )
        .metadata(name, "run_in_transaction = false\n");
    let out = project.run("migrate").exits(1);
    out.says("  caused by: relation \"nowhere\" does not exist");
    project.migration(name, "CREATE TABLE one (id INTEGER);\nVACUUM one;\n", None);
    project.run("migrate").ok().shows(
        "
          applied 2026-01-01-000000_tidy  (2 statements, [elapsed])
        --- stderr ---
        default: going on with `2026-01-01-000000_tidy` at statement 2 of 2
        default: nothing to apply.
        default is at 2026-01-01-000000_tidy (head).
        ",
    );
}

/// Somebody else's run has made the table; what a transaction protects needs none.
fn without_journal(server: &Server) {
    let mut project = Project::on(server);
    project
        .migration(
            "2026-01-01-000000_one",
            "CREATE TABLE one (id INTEGER);\nVACUUM one;\n",
            None,
        )
        .metadata("2026-01-01-000000_one", "run_in_transaction = false\n");
    let _ = project.run("migrate").ok();
    let user = server.user("r", "pw");
    server.execute(&format!(
        "GRANT ALL ON __diesel_schema_migrations TO {user}; GRANT CREATE ON SCHEMA public TO {user};"
    ));
    project = project.url(&server.url_as(&user, Some("pw")));
    project
        .migration(
            "2026-01-02-000000_two",
            "CREATE TABLE two (id INTEGER);",
            None,
        )
        .migration(
            "2026-01-03-000000_three",
            "CREATE TABLE three (id INTEGER);\nVACUUM three;\n",
            None,
        )
        .metadata("2026-01-03-000000_three", "run_in_transaction = false\n");
    let out = project.run("migrate").ok();
    out.says("warning: this role may not write `__manage_journal`, so if a migration stops half-way, nobody will know where");
    assert_eq!(
        server.versions(),
        ["20260101000000", "20260102000000", "20260103000000"]
    );
}

const INDEXES: &str = "SELECT c.relname, i.indisvalid FROM pg_index i \
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid \
    WHERE t.relname = 'books' ORDER BY 1";

fn books(server: &Server) -> Project {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_books",
        "CREATE TABLE books (title TEXT, year INTEGER);\nINSERT INTO books VALUES ('A', 1), ('A', 2);",
        Some("DROP TABLE books;"),
    );
    project
}

fn forgets_prepared(server: &Server) {
    let project = books(server);
    project.migration(
        "2026-02-01-000000_forgets",
        "DEALLOCATE ALL;\nSELECT 1;",
        None,
    );
    project.migration(
        "2026-03-01-000000_after",
        "CREATE TABLE after (id INTEGER);",
        None,
    );
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.versions(),
        ["20260101000000", "20260201000000", "20260301000000"]
    );
}

fn concurrently(server: &Server) {
    let project = books(server);
    project.migration(
        "2026-02-01-000000_indexes",
        "-- Two at once; each on its own.\n\
         CREATE INDEX CONCURRENTLY books_title ON books (title);\n\
         CREATE INDEX CONCURRENTLY books_year ON books (year);\n\
         REINDEX TABLE CONCURRENTLY books;\n",
        Some("DROP INDEX CONCURRENTLY books_year;\nDROP INDEX CONCURRENTLY books_title;\n"),
    );
    // Without the metadata it cannot run, and that is known before anything does.
    let out = project.run("migrate").exits(1);
    out.says("  nothing was run")
        .says("hint: write `run_in_transaction = false` into the migration's metadata.toml");
    assert_eq!(server.tables(), [""; 0]);

    project.metadata("2026-02-01-000000_indexes", "run_in_transaction = false\n");
    let out = project.run("migrate").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-01-01-000000_books  (2 statements, [elapsed])\n  \
           applied 2026-02-01-000000_indexes  (3 statements, [elapsed])\n"
    );
    assert_eq!(server.lines(INDEXES), ["books_title|t", "books_year|t"]);
    assert_eq!(server.versions(), ["20260101000000", "20260201000000"]);
    let _ = project.run("downgrade -y").ok();
    assert_eq!(server.lines(INDEXES), [""; 0]);
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn concurrently_fails(server: &Server) {
    let project = books(server);
    project
        .migration(
            "2026-02-01-000000_indexes",
            "CREATE INDEX CONCURRENTLY books_year ON books (year);\n\
             CREATE UNIQUE INDEX CONCURRENTLY books_title ON books (title);\n",
            Some("SELECT 1;"),
        )
        .metadata("2026-02-01-000000_indexes", "run_in_transaction = false\n");
    let out = project.run("migrate").exits(1);
    out.says(
        "error: migration `2026-02-01-000000_indexes` failed at \
         migrations/2026-02-01-000000_indexes/up.sql:2:1 (statement 2 of 2)",
    )
    .says("  caused by: could not create unique index \"books_title\"")
    .says("  the server adds: Key (title)=(A) is duplicated.")
    .says(
        "  statement 1 of 2 is in effect and cannot be rolled back; it is not recorded as applied",
    );
    assert_eq!(server.versions(), ["20260101000000"]);
    assert!(server.lines(INDEXES).contains(&"books_year|t".to_owned()));
}

/// Diesel sends such a file as one text, which the server runs as one transaction.
fn no_need(server: &Server) {
    let project = books(server);
    project
        .migration(
            "2026-02-01-000000_rows",
            "INSERT INTO books VALUES ('B', 3);\nINSERT INTO nowhere VALUES (1);\n",
            Some("SELECT 1;"),
        )
        .metadata("2026-02-01-000000_rows", "run_in_transaction = false\n");
    let out = project.run("migrate").exits(1);
    out.says("  nothing of it was committed");
    assert_eq!(server.value("SELECT count(*) FROM books"), "2");
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn notices(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_talk",
        "DROP TABLE IF EXISTS nothing;\n\
         DO $$ BEGIN RAISE NOTICE 'half way; % of %', 1, 2; RAISE WARNING 'mind the gap'; END $$;\n",
        Some("DO $$ BEGIN RAISE NOTICE 'and back'; END $$;"),
    );
    let out = project.run("migrate").ok();
    let said: Vec<_> = out
        .stderr
        .lines()
        .filter(|line| line.contains("the server says"))
        .collect();
    assert_eq!(
        said,
        [
            "note: the server says: table \"nothing\" does not exist, skipping",
            "note: the server says: half way; 1 of 2",
            "note: the server says: mind the gap",
        ]
    );
    let out = project.run("downgrade -y").ok();
    out.says("note: the server says: and back");
    let out = project.run("migrate --json").ok();
    assert_eq!(out.json().len(), 1);
}

fn dollar_quotes(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_functions",
        "CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE plpgsql AS $fn$\n\
         BEGIN\n  -- It's $$ in here; and it isn't the end.\n  EXECUTE $$SELECT 1; SELECT 2$$;\n  RETURN n * 2;\nEND;\n$fn$;\n\
         DO $$\nBEGIN\n  CREATE TABLE made (n integer);\n  INSERT INTO made VALUES (twice(21));\nEND $$;\n\
         CREATE FUNCTION thrice(n integer) RETURNS integer LANGUAGE sql\n\
         BEGIN ATOMIC\n  SELECT n;\n  SELECT n * 3;\nEND;\n\
         INSERT INTO made VALUES (thrice(5));\n",
        Some("DROP TABLE made;\nDROP FUNCTION thrice(integer);\nDROP FUNCTION twice;\n"),
    );
    let out = project.run("migrate").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-01-01-000000_functions  (4 statements, [elapsed])\n"
    );
    assert_eq!(server.lines("SELECT n FROM made ORDER BY n"), ["15", "42"]);
    let _ = project.run("downgrade -y").ok();
    assert_eq!(
        server.value("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"),
        "0"
    );
}

fn deferred(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_late",
        "CREATE TABLE a (id INTEGER PRIMARY KEY);\n\
         CREATE TABLE b (a INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED);\n\
         INSERT INTO b VALUES (7);\n",
        Some("DROP TABLE b; DROP TABLE a;"),
    );
    let out = project.run("migrate").exits(1);
    out.says("  nothing of it was committed");
    assert_eq!(out.stdout, "");
    assert_eq!(server.versions(), [""; 0]);
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema"
        ]
    );
    assert_eq!(server.value("SELECT count(*) FROM __manage_history"), "0");
}
