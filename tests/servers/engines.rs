//! What one database has and the others have not.

use diesel_manage::settings::Backend;

use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

const SQLITE: &[Backend] = &[Backend::Sqlite];
const POSTGRES: &[Backend] = &[Backend::Postgres];
const MYSQL: &[Backend] = &[Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        SQLITE,
        "a_table_rebuild_keeps_the_rows_that_refer_to_it",
        rebuild_keeps_children,
    );
    trials.on(
        SQLITE,
        "a_migration_that_orphans_rows_is_refused",
        orphans_are_refused,
    );
    trials.on(
        SQLITE,
        "a_rebuild_in_its_own_transaction_is_all_or_nothing",
        rebuild_in_own_transaction,
    );
    trials.on(
        SQLITE,
        "a_transaction_that_the_file_leaves_open_is_rolled_back_and_said_so",
        left_open,
    );
    trials.on(
        SQLITE,
        "rows_that_were_orphans_before_are_no_obstacle",
        orphans_before,
    );
    trials.on(
        SQLITE,
        "diesels_own_sql_function_is_there",
        updated_at_function,
    );
    trials.on(
        POSTGRES,
        "several_indexes_are_made_concurrently_in_one_file",
        concurrently,
    );
    trials.on(
        POSTGRES,
        "a_concurrent_index_that_fails_says_what_is_done",
        concurrently_fails,
    );
    trials.on(
        POSTGRES,
        "one_statement_outside_of_a_transaction_that_could_be_in_one",
        no_need,
    );
    trials.on(
        POSTGRES,
        "a_file_that_empties_search_path_is_recorded",
        search_path,
    );
    trials.on(
        POSTGRES,
        "the_sql_that_is_printed_puts_search_path_back",
        printed_search_path,
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
    trials.on(
        MYSQL,
        "bodies_with_semicolons_are_one_statement",
        compound_bodies,
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

/// Parents, and children that go when their parent does.
fn family(server: &Server) -> Project {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_family",
        "CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE children (
             id INTEGER PRIMARY KEY,
             parent INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE
         );
         INSERT INTO parents VALUES (1, 'Ada'), (2, 'Bo');
         INSERT INTO children VALUES (1, 1), (2, 1), (3, 2);",
        Some("DROP TABLE children; DROP TABLE parents;"),
    );
    let _ = project.run("migrate").ok();
    project
}

fn rebuild_keeps_children(server: &Server) {
    let project = family(server);
    project.migration(
        "2026-02-01-000000_rebuild",
        "CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         INSERT INTO new_parents SELECT id, name FROM parents;
         DROP TABLE parents;
         ALTER TABLE new_parents RENAME TO parents;",
        Some(
            "CREATE TABLE old_parents (id INTEGER PRIMARY KEY, name TEXT);
             INSERT INTO old_parents SELECT id, name FROM parents;
             DROP TABLE parents;
             ALTER TABLE old_parents RENAME TO parents;",
        ),
    );
    let children = || server.lines("SELECT id, parent FROM children ORDER BY id");
    let _ = project.run("migrate").ok();
    assert_eq!(children(), ["1|1", "2|1", "3|2"]);
    let _ = project.run("downgrade -y").ok();
    assert_eq!(children(), ["1|1", "2|1", "3|2"]);
    assert_eq!(
        server.lines("SELECT * FROM pragma_foreign_key_check"),
        [""; 0]
    );
    assert_eq!(
        server.lines("SELECT sql FROM sqlite_schema WHERE name = 'parents'"),
        ["CREATE TABLE \"parents\" (id INTEGER PRIMARY KEY, name TEXT)"]
    );
}

fn orphans_are_refused(server: &Server) {
    let project = family(server);
    project.migration(
        "2026-02-01-000000_tidy",
        "CREATE TABLE extra (id INTEGER);\nDELETE FROM parents WHERE id = 1;\n",
        Some("SELECT 1;"),
    );
    let out = project.run("migrate").exits(1);
    out.says("  caused by: 2 rows of `children` would refer to missing rows of `parents`")
        .says("  nothing of it was committed")
        .says("hint: delete or mend those rows in the same file, then run: manage migrate");
    assert_eq!(
        server.lines("SELECT id FROM parents ORDER BY id"),
        ["1", "2"]
    );
    assert_eq!(server.versions(), ["20260101000000"]);
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "children",
            "parents"
        ]
    );
    project.file(
        "migrations/2026-02-01-000000_tidy/up.sql",
        "DELETE FROM children WHERE parent = 1;\nDELETE FROM parents WHERE id = 1;\n",
    );
    let _ = project.run("migrate").ok();
    assert_eq!(server.lines("SELECT id FROM children"), ["3"]);
}

/// The form that is safe under plain Diesel too: the pragma works only outside of a transaction.
fn rebuild_in_own_transaction(server: &Server) {
    let project = family(server);
    let name = "2026-02-01-000000_rebuild";
    let rebuild = |column: &str| {
        format!(
            "PRAGMA foreign_keys = OFF;\n\
             BEGIN;\n\
             CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n\
             INSERT INTO new_parents SELECT id, {column} FROM parents;\n\
             DROP TABLE parents;\n\
             ALTER TABLE new_parents RENAME TO parents;\n\
             COMMIT;\n\
             PRAGMA foreign_keys = ON;\n"
        )
    };
    project.migration(name, &rebuild("nmae"), Some("SELECT 1;"));
    project.metadata(name, "run_in_transaction = false\n");
    let before = server.lines("SELECT name, sql FROM sqlite_schema ORDER BY name");
    let out = project.run("migrate").exits(1);
    out.says(&format!(
        "error: migration `{name}` failed at migrations/{name}/up.sql:4:36 (statement 4 of 8)"
    ));
    assert_eq!(
        server.lines("SELECT name, sql FROM sqlite_schema ORDER BY name"),
        before
    );
    assert_eq!(server.versions(), ["20260101000000"]);
    // The pragma is the session's and not the database's.
    out.says("  nothing of it was committed");

    project.file(format!("migrations/{name}/up.sql"), rebuild("name"));
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.lines("SELECT id, parent FROM children ORDER BY id"),
        ["1|1", "2|1", "3|2"]
    );
    assert_eq!(
        server.lines("SELECT id, name FROM parents ORDER BY id"),
        ["1|Ada", "2|Bo"]
    );
}

fn left_open(server: &Server) {
    let project = family(server);
    let name = "2026-02-01-000000_open";
    project.metadata(name, "run_in_transaction = false\n");
    for up in [
        "BEGIN;\nINSERT INTO parents VALUES (3, 'Cy');\n",
        "SAVEPOINT here;\nINSERT INTO parents VALUES (3, 'Cy');\nINSERT INTO nowhere VALUES (1);\n",
    ] {
        project.migration(name, up, Some("SELECT 1;"));
        let out = project.run("migrate").exits(1);
        assert_eq!(server.value("SELECT count(*) FROM parents"), "2");
        assert_eq!(server.versions(), ["20260101000000"]);
        out.never_says(" in effect");
    }
}

fn orphans_before(server: &Server) {
    let project = family(server);
    server.execute("PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (9, 99)");
    project.migration(
        "2026-02-01-000000_more",
        "INSERT INTO children VALUES (4, 2);\nDELETE FROM children WHERE id = 1;\n",
        Some("DELETE FROM children WHERE id = 4;\n"),
    );
    let _ = project.run("migrate").ok();
    let _ = project.run("downgrade -y").ok();
    assert_eq!(
        server.lines("SELECT id FROM children ORDER BY id"),
        ["2", "3", "9"]
    );
}

fn updated_at_function(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_notes",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, updated_at TIMESTAMP);
         SELECT diesel_manage_updated_at('notes');",
        Some("DROP TABLE notes;"),
    );
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.value("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"),
        "1"
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

fn search_path(server: &Server) {
    let project = Project::on(server);
    project
        .migration(
            "2026-01-01-000000_dump",
            "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.dumped (id integer);\n",
            Some("SET search_path TO pg_temp;\nDROP TABLE public.dumped;\n"),
        )
        .migration(
            "2026-02-01-000000_elsewhere",
            "CREATE SCHEMA shop;\nSET search_path = shop;\nCREATE TABLE tills (id INTEGER);\n",
            Some("DROP SCHEMA shop CASCADE;"),
        )
        .migration("2026-03-01-000000_usual", "CREATE TABLE usual (id INTEGER);", Some("DROP TABLE usual;"));
    let _ = project.run("migrate").ok();
    let places = || {
        server.lines(
            "SELECT table_schema, table_name FROM information_schema.tables \
             WHERE table_schema IN ('public', 'shop') ORDER BY 1, 2",
        )
    };
    assert_eq!(
        places(),
        [
            "public|__diesel_schema_migrations",
            "public|__manage_history",
            "public|dumped",
            "public|usual",
            "shop|tills",
        ]
    );
    assert_eq!(
        server.versions(),
        ["20260101000000", "20260201000000", "20260301000000"]
    );
    let _ = project.run("downgrade base -y").ok();
    assert_eq!(
        places(),
        [
            "public|__diesel_schema_migrations",
            "public|__manage_history"
        ]
    );
    assert_eq!(server.versions(), [""; 0]);
}

/// As the command itself does, or the row would go nowhere.
fn printed_search_path(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_dump",
        "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.dumped (id integer);\n",
        Some("DROP TABLE public.dumped;\n"),
    );
    let sql = project.run("migrate --sql").ok().answer;
    server.execute(&sql);
    assert_eq!(server.versions(), ["20260101000000"]);
    assert_eq!(server.tables(), ["__diesel_schema_migrations", "dumped"]);
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
        ["__diesel_schema_migrations", "__manage_history"]
    );
    assert_eq!(server.value("SELECT count(*) FROM __manage_history"), "0");
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
