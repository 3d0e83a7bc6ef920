//! Several migrations become one: `manage squashmigrations`, on SQLite.

use insta::assert_snapshot;

use crate::library::{applied, empty, pending};
use crate::pretty::pretty;
use crate::support::Project;

#[test]
fn a_range_becomes_one_and_the_originals_stay_aside() {
    let project = pending();
    assert_snapshot!(project.run("squashmigrations create_authors create_books -y"), @"
    migrations/2026-01-12-140000_squashed_create_authors_to_create_books
    --- stderr ---
    2 migrations become 2026-01-12-140000_squashed_create_authors_to_create_books:
      2026-01-05-090000_create_authors
      2026-01-12-140000_create_books
    proved: up reaches what the originals reach, down comes back, up works again.
    The originals are in migrations/.squashed/2026-01-12-140000_squashed_create_authors_to_create_books; commit both.
    Databases that have them all run nothing. Their rows stay, for a release before the squash; when none runs any more, forget them: manage migrate --prune
    ");
    assert_snapshot!(project.tree("migrations").join("\n"), @"
    .squashed
    .squashed/2026-01-12-140000_squashed_create_authors_to_create_books
    .squashed/2026-01-12-140000_squashed_create_authors_to_create_books/2026-01-05-090000_create_authors
    .squashed/2026-01-12-140000_squashed_create_authors_to_create_books/2026-01-05-090000_create_authors/down.sql
    .squashed/2026-01-12-140000_squashed_create_authors_to_create_books/2026-01-05-090000_create_authors/up.sql
    .squashed/2026-01-12-140000_squashed_create_authors_to_create_books/2026-01-12-140000_create_books
    .squashed/2026-01-12-140000_squashed_create_authors_to_create_books/2026-01-12-140000_create_books/down.sql
    .squashed/2026-01-12-140000_squashed_create_authors_to_create_books/2026-01-12-140000_create_books/up.sql
    2026-01-12-140000_squashed_create_authors_to_create_books
    2026-01-12-140000_squashed_create_authors_to_create_books/down.sql
    2026-01-12-140000_squashed_create_authors_to_create_books/metadata.toml
    2026-01-12-140000_squashed_create_authors_to_create_books/up.sql
    2026-02-02-101500_create_loans
    2026-02-02-101500_create_loans/down.sql
    2026-02-02-101500_create_loans/up.sql
    ");
    let folder = "migrations/2026-01-12-140000_squashed_create_authors_to_create_books";
    assert_snapshot!(project.read(format!("{folder}/up.sql")), @"
    -- 2 migrations squashed into one: 2026-01-05-090000_create_authors to 2026-01-12-140000_create_books.

    -- 2026-01-05-090000_create_authors
    CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);

    -- 2026-01-12-140000_create_books
    CREATE TABLE books (
        id INTEGER PRIMARY KEY NOT NULL,
        author_id INTEGER NOT NULL REFERENCES authors (id),
        title TEXT NOT NULL
    );
    CREATE INDEX books_title ON books (title);
    ");
    assert_snapshot!(project.read(format!("{folder}/down.sql")), @"
    -- Revert: the same, newest first.

    -- 2026-01-12-140000_create_books
    DROP INDEX books_title;
    DROP TABLE books;

    -- 2026-01-05-090000_create_authors
    DROP TABLE authors;
    ");
    assert_snapshot!(project.read(format!("{folder}/metadata.toml")), @r#"
    run_in_transaction = true

    [manage]
    depends_on = []
    replaces = ["20260105090000"]
    "#);
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 2 migrations.
    ");
}

#[test]
fn without_a_person_it_takes_a_flag() {
    let project = pending();
    assert_snapshot!(project.run("squash create_books"), @"
    --- stderr ---
    2 migrations become 2026-01-12-140000_squashed_create_authors_to_create_books:
      2026-01-05-090000_create_authors
      2026-01-12-140000_create_books
    proved: up reaches what the originals reach, down comes back, up works again.
    error: 2 migrations would be squashed, and nobody can be asked
      2026-01-05-090000_create_authors
      2026-01-12-140000_create_books
      nothing was changed
    hint: squash without asking: --yes
    hint: look at the files first: --dry-run
    [exit 4]
    ");
    assert!(
        project
            .folder_of("2026-01-05-090000_create_authors")
            .exists()
    );
}

#[test]
fn a_dry_run_prints_the_files_and_writes_nothing() {
    let project = pending();
    let before = project.tree("migrations");
    assert_snapshot!(project.run("squash create_books --dry-run --no-header -n two_at_once"), @r#"
    -- migrations/2026-01-12-140000_two_at_once/up.sql
    CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);

    CREATE TABLE books (
        id INTEGER PRIMARY KEY NOT NULL,
        author_id INTEGER NOT NULL REFERENCES authors (id),
        title TEXT NOT NULL
    );
    CREATE INDEX books_title ON books (title);

    -- migrations/2026-01-12-140000_two_at_once/down.sql
    DROP INDEX books_title;
    DROP TABLE books;

    DROP TABLE authors;

    -- migrations/2026-01-12-140000_two_at_once/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = []
    replaces = ["20260105090000"]
    --- stderr ---
    proved: up reaches what the originals reach, down comes back, up works again.
    "#);
    assert_snapshot!(pretty(&project.run("squash base:create_books --dry-run --json")), @r#"
    {
      "connection": "main",
      "version": "20260112140000",
      "path": "migrations/2026-01-12-140000_squashed_create_authors_to_create_books",
      "squashed": [
        "2026-01-05-090000_create_authors",
        "2026-01-12-140000_create_books"
      ],
      "replaces": [
        "20260105090000"
      ],
      "depends_on": [],
      "mended": [],
      "transactional": true,
      "reversible": true,
      "proved": true,
      "remarks": [],
      "files": {"down.sql":"-- Revert: the same, newest first.\n\n-- 2026-01-12-140000_create_books\nDROP INDEX books_title;\nDROP TABLE books;\n\n-- 2026-01-05-090000_create_authors\nDROP TABLE authors;\n","metadata.toml":"run_in_transaction = true\n\n[manage]\ndepends_on = []\nreplaces = [\"20260105090000\"]\n","up.sql":"-- 2 migrations squashed into one: 2026-01-05-090000_create_authors to 2026-01-12-140000_create_books.\n\n-- 2026-01-05-090000_create_authors\nCREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);\n\n-- 2026-01-12-140000_create_books\nCREATE TABLE books (\n    id INTEGER PRIMARY KEY NOT NULL,\n    author_id INTEGER NOT NULL REFERENCES authors (id),\n    title TEXT NOT NULL\n);\nCREATE INDEX books_title ON books (title);\n"}
    }
    --- stderr ---
    proved: up reaches what the originals reach, down comes back, up works again.
    "#);
    assert_eq!(project.tree("migrations"), before);
}

#[test]
fn the_schema_alone_may_be_written() {
    let project = pending();
    project.migration(
        "2026-02-03-000000_born",
        "ALTER TABLE authors ADD COLUMN born TEXT;",
        Some("ALTER TABLE authors DROP COLUMN born;"),
    );
    assert_snapshot!(project.run("squash born --from-schema --dry-run"), @r#"
    -- migrations/2026-02-03-000000_squashed_create_authors_to_born/up.sql
    -- 4 migrations squashed into one: 2026-01-05-090000_create_authors to 2026-02-03-000000_born.

    CREATE TABLE "authors" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL,
        "born" TEXT
    );

    CREATE TABLE "books" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "author_id" INTEGER NOT NULL,
        "title" TEXT NOT NULL,
        FOREIGN KEY ("author_id") REFERENCES "authors" ("id")
    );

    CREATE TABLE "loans" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "reader" TEXT NOT NULL
    );

    CREATE INDEX "books_title" ON "books" ("title");

    -- migrations/2026-02-03-000000_squashed_create_authors_to_born/down.sql
    DROP TABLE "books";
    DROP TABLE "authors";
    DROP TABLE "loans";

    -- migrations/2026-02-03-000000_squashed_create_authors_to_born/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = []
    replaces = ["20260105090000", "20260112140000", "20260202101500"]
    --- stderr ---
    note: Only the schema is written: what it needs in the end
    proved: up reaches what the originals reach, down comes back, up works again.
    "#);
}

#[test]
fn rows_are_left_out_of_the_schema_only_if_that_is_said() {
    let project = pending();
    project.migration(
        "2026-02-03-000000_ada",
        "INSERT INTO authors VALUES (1, 'Ada');",
        Some("DELETE FROM authors;"),
    );
    assert_snapshot!(project.run("squash ada --from-schema -y"), @"
    --- stderr ---
    error: the originals write rows, and the schema alone does not
      `authors`: 1 row with the originals, 0 with the one
      left out: 2026-02-03-000000_ada: INSERT INTO authors VALUES (1, 'Ada')
      nothing was changed
    hint: leave them out: --without-rows
    hint: or keep what the originals did: without --from-schema
    [exit 4]
    ");
    assert_snapshot!(project.run("squash ada --from-schema --without-rows -y"), @"
    migrations/2026-02-03-000000_squashed_create_authors_to_ada
    --- stderr ---
    4 migrations become 2026-02-03-000000_squashed_create_authors_to_ada:
      2026-01-05-090000_create_authors
      2026-01-12-140000_create_books
      2026-02-02-101500_create_loans
      2026-02-03-000000_ada
    note: Only the schema is written: what it needs in the end
    note: Rows are left out: `authors`: 1 row with the originals, 0 with the one
    proved: up reaches what the originals reach, down comes back, up works again.
    The originals are in migrations/.squashed/2026-02-03-000000_squashed_create_authors_to_ada; commit both.
    Databases that have them all run nothing. Their rows stay, for a release before the squash; when none runs any more, forget them: manage migrate --prune
    ");
}

#[test]
fn what_follows_one_of_them_follows_the_one() {
    let project = pending();
    project
        .migration("2026-03-01-000000_bill", "SELECT 1;", Some("SELECT 1;"))
        .metadata(
            "2026-03-01-000000_bill",
            "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260105090000\", \"20260202101500\"] # both\n",
        );
    let _ = project.run("squash create_authors create_books -y").ok();
    assert_snapshot!(project.read("migrations/2026-03-01-000000_bill/metadata.toml"), @r#"
    run_in_transaction = true

    [manage]
    depends_on = ["20260112140000", "20260202101500"] # both
    "#);
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 3 migrations.
    ");
}

#[test]
fn somebody_elses_branch_still_finds_what_it_follows() {
    let project = pending();
    let _ = project.run("squash create_authors create_books -y").ok();
    project
        .migration("2026-03-01-000000_bill", "SELECT 1;", Some("SELECT 1;"))
        .metadata(
            "2026-03-01-000000_bill",
            "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260105090000\", \"20260202101500\"]\n",
        );
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-12-140000_squashed_create_authors_to_create_books  (3 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      applied 2026-03-01-000000_bill  (1 statement, [elapsed])
    --- stderr ---
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-03-01-000000_bill (head).
    ");
}

#[test]
fn a_squash_can_be_squashed() {
    let project = applied();
    let _ = project.run("squash create_authors create_books -y").ok();
    let _ = project.run("squash create_loans -y -n all").ok();
    assert_snapshot!(project.read("migrations/2026-02-02-101500_all/metadata.toml"), @r#"
    run_in_transaction = true

    [manage]
    depends_on = []
    replaces = ["20260105090000", "20260112140000"]
    "#);
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  1 migration, nothing pending
     [X] 2026-02-02-101500_all  (head)
    ");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-02-02-101500_all (head).
    ");
    assert_snapshot!(project.run("downgrade base -y"), @"
      reverted 2026-02-02-101500_all  (4 statements, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_all
          drops table `loans`: empty
          drops table `books`: empty
          drops table `authors`: empty
    main: forgot 2 rows that went into 2026-02-02-101500_all.
    main: 1 migration reverted in [elapsed].
    main is at base: nothing is applied.
    ");
}

#[test]
fn nothing_comes_to_run_before_what_it_follows() {
    let project = pending();
    project
        .migration("2026-01-20-000000_between", "SELECT 1;", Some("SELECT 1;"))
        .metadata(
            "2026-01-20-000000_between",
            "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260105090000\"]\n",
        )
        .metadata(
            "2026-02-02-101500_create_loans",
            "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260112140000\"]\n",
        );
    assert_snapshot!(project.run("squash create_authors create_loans -y"), @"
    --- stderr ---
    error: `2026-01-20-000000_between` follows `2026-01-05-090000_create_authors` and comes before `2026-02-02-101500_create_loans`, so it would run too early
      nothing was written
    hint: squash up to it: 2026-01-05-090000_create_authors
    [exit 1]
    ");
}

#[test]
fn one_migration_is_one_already() {
    let project = pending();
    assert_snapshot!(project.run("squash create_authors -y"), @"
    --- stderr ---
    error: there is nothing to squash: `2026-01-05-090000_create_authors` would be the only one
      nothing was written
    hint: name two that follow each other: manage squashmigrations START END
    [exit 2]
    ");
    assert_snapshot!(project.run("squash create_loans create_books -y"), @"
    --- stderr ---
    error: `2026-01-12-140000_create_books` does not follow `2026-02-02-101500_create_loans`, so they cannot become one
      nothing was written
    hint: see what follows what: manage branches
    [exit 2]
    ");
    assert_snapshot!(project.run("squash create_authors create_books create_loans"), @"
    --- stderr ---
    error: unexpected value 'create_loans' for '<[START] END>...' found; no more were expected

    Usage: manage squashmigrations [OPTIONS] <[START] END>...

    For more information, try '--help'.
    [exit 2]
    ");
    assert_snapshot!(project.run("squash base -y"), @"
    --- stderr ---
    error: `base` names no migration
    hint: name the first and the last: manage squashmigrations START END
    [exit 2]
    ");
}

#[test]
fn a_database_inside_the_range_stops_it() {
    let project = pending();
    let _ = project.run("migrate create_authors").ok();
    assert_snapshot!(project.run("squash create_loans -y"), @"
    --- stderr ---
    error: the database of `main` stands inside the range: 1 of 3 are applied
      the newest of them is `2026-01-05-090000_create_authors`
      nothing was written
    hint: bring it to the end of the range: manage migrate -d main 2026-02-02-101500_create_loans
    hint: or squash no further than 2026-01-05-090000_create_authors
    [exit 1]
    ");
    let _ = project.run("squash create_loans -y --offline").ok();
    assert_snapshot!(project.run("migrate --on-missing ignore"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-01-05-090000_create_authors  (applied [time] UTC)
    error: `2026-02-02-101500_squashed_create_authors_to_create_loans` was squashed from migrations of which 1 is applied here and its last is not
      applied: 2026-01-05-090000_create_authors
      nothing was run
    hint: apply the rest with the release before the squash, which has the originals
    hint: the originals are in migrations/.squashed/2026-02-02-101500_squashed_create_authors_to_create_loans
    hint: if nothing of them is in the database, forget them: manage migrate --on-missing prune
    [exit 1]
    ");
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  2 migrations, 1 pending
     [?] 2026-01-05-090000_create_authors  (applied, folder missing)
     [ ] 2026-02-02-101500_squashed_create_authors_to_create_loans  (head)
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-01-05-090000_create_authors  (applied [time] UTC)
    ");
}

fn one_way() -> Project {
    let project = empty();
    project
        .migration("1_a", "CREATE TABLE a (id INTEGER);", Some("DROP TABLE a;"))
        .migration("2_b", "CREATE TABLE b (id INTEGER);", None);
    project
}

#[test]
fn without_every_way_back_there_is_none() {
    assert_snapshot!(one_way().run("squash b --dry-run"), @r#"
    -- migrations/2_squashed_a_to_b/up.sql
    -- 2 migrations squashed into one: 1_a to 2_b.

    -- 1_a
    CREATE TABLE a (id INTEGER);

    -- 2_b
    CREATE TABLE b (id INTEGER);

    -- migrations/2_squashed_a_to_b/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = []
    replaces = ["1"]
    --- stderr ---
    note: There is no way back, for 2_b has none
    proved: up reaches what the originals reach; there is no way back.
    "#);
}

#[test]
fn one_that_does_not_come_back_is_written_only_if_that_is_said() {
    let project = one_way();
    project.file("migrations/2_b/down.sql", "SELECT 2;");
    assert_snapshot!(project.run("squash b -y"), @"
    --- stderr ---
    2 migrations become 2_squashed_a_to_b:
      1_a
      2_b
    error: the squashed migration is not proved: down.sql leads elsewhere
        - table b
      nothing was written
    hint: to see its SQL, add: --dry-run
    hint: to write it all the same and mend it by hand, add: --unproved
    [exit 1]
    ");
    assert_snapshot!(project.run("squash b --dry-run"), @r#"
    -- migrations/2_squashed_a_to_b/up.sql
    -- 2 migrations squashed into one: 1_a to 2_b.

    -- 1_a
    CREATE TABLE a (id INTEGER);

    -- 2_b
    CREATE TABLE b (id INTEGER);

    -- migrations/2_squashed_a_to_b/down.sql
    -- Revert: the same, newest first.

    -- 2_b
    SELECT 2;

    -- 1_a
    DROP TABLE a;

    -- migrations/2_squashed_a_to_b/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = []
    replaces = ["1"]
    --- stderr ---
    warning: not proved: down.sql leads elsewhere
        - table b
    "#);
    let _ = project.run("squash b -y --unproved").ok();
}

#[test]
fn an_unknown_key_comes_with_replaces() {
    let project = one_way();
    project.metadata(
        "2_b",
        "run_in_transaction = true\n\n[manage]\nreplace = [\"1\"]\n",
    );
    assert_snapshot!(project.run("check"), @"
    warning: migrations/2_b/metadata.toml:4:1: `manage.replace` is not a known key
      hint: did you mean `replaces`? rename `replace`
    --- stderr ---
    main: 1 finding in 2 migrations.
    [exit 3]
    ");
}

#[test]
fn what_a_killed_squash_had_begun_is_told_and_taken_back() {
    let project = applied();
    let before = project.tree("migrations");
    // As it is left when the second of three moves is not made any more.
    let folder = "migrations";
    let name = "2026-02-02-101500_squashed_create_authors_to_create_loans";
    project.file(
        format!("{folder}/.manage-undo.tmp-1-0/steps"),
        format!(
            r#"[{{"archive": {{"members": ["2026-01-05-090000_create_authors", "2026-01-12-140000_create_books",
            "2026-02-02-101500_create_loans"], "archive": "{name}", "name": "{name}"}}}}]"#
        ),
    );
    project.file(
        format!("{folder}/.manage-{name}.tmp-1-0/up.sql"),
        "SELECT 1;",
    );
    for file in ["up.sql", "down.sql"] {
        let moved = "2026-01-05-090000_create_authors";
        let text = project.read(format!("{folder}/{moved}/{file}"));
        project.file(format!("{folder}/.squashed/{name}/{moved}/{file}"), &text);
    }
    project.remove("2026-01-05-090000_create_authors");
    assert_snapshot!(project.run("check"), @"
    error: migrations: a command was killed in the middle of renaming or moving migrations here
      hint: take back what it had begun: manage migrate --plan
    --- stderr ---
    main: 1 finding in 2 migrations.
    [exit 3]
    ");
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  3 migrations, nothing pending
     [?] 2026-01-05-090000_create_authors  (applied, folder missing)
     [X] 2026-01-12-140000_create_books
     [X] 2026-02-02-101500_create_loans  (head)
    --- stderr ---
    warning: migrations: a command was killed in the middle of renaming or moving migrations here
    hint: take back what it had begun: manage migrate --plan
    warning: 1 migration is applied, but the folder is gone
      2026-01-05-090000_create_authors  (applied [time] UTC)
    ");
    assert_snapshot!(project.run("migrate --plan"), @"
    main  nothing to do
    --- stderr ---
    note: took back in `migrations` what a killed command had begun; run that command again
    ");
    let after: Vec<String> = project.tree("migrations");
    assert_eq!(after, [vec![".squashed".to_owned()], before].concat());
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 3 migrations.
    ");
}
