use insta::assert_snapshot;

use crate::history::{branched, diverged};
use crate::library::{BOOKS, LOANS, applied, empty, pending};
use crate::pretty::pretty;

#[test]
fn the_newest_is_shown_with_its_sql() {
    assert_snapshot!(pending().run("show"), @"
    2026-02-02-101500_create_loans
      version      20260202101500
      folder       migrations/2026-02-02-101500_create_loans
      follows      2026-01-12-140000_create_books
      followed by  nothing; it is a head
      transaction  yes
      state        pending

    -- migrations/2026-02-02-101500_create_loans/up.sql
    CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);

    -- migrations/2026-02-02-101500_create_loans/down.sql
    DROP TABLE loans;
    ");
}

#[test]
fn metadata_is_told() {
    let project = diverged();
    project.metadata(
        "2026-02-08-090000_pay_invoices",
        "run_in_transaction = false\n\n[manage]\ndepends_on = [\"20260206090000\"]\nlabels = [\"paid\"]\n\
         description = \"\"\"\nMoney.\nMore money.\"\"\"\n",
    );
    let folder = project.folder_of("2026-02-08-090000_pay_invoices");
    std::fs::remove_file(folder.join("down.sql")).unwrap();
    assert_snapshot!(project.run("show pay_invoices --no-database"), @"
    2026-02-08-090000_pay_invoices
      version      20260208090000
      folder       migrations/2026-02-08-090000_pay_invoices
      follows      2026-02-06-090000_create_invoices
      followed by  nothing; it is a head
      labels       paid
      branches     billing, paid
      description  Money.
                   More money.
      transaction  no, statement by statement
      state        not asked: --no-database

    -- migrations/2026-02-08-090000_pay_invoices/up.sql
    SELECT 1;

    -- migrations/2026-02-08-090000_pay_invoices/down.sql: there is none
    ");
}

#[test]
fn several_are_shown_and_a_place_may_be_where_the_database_stands() {
    let project = branched();
    let _ = project.run("migrate create_fines -q").ok();
    let names = |arguments: &str| -> Vec<String> {
        let json = project.run(arguments).ok().json();
        let all = json[0]["migrations"].as_array().unwrap();
        all.iter()
            .map(|one| {
                format!(
                    "{} {}",
                    one["version"].as_str().unwrap(),
                    one["state"].as_str().unwrap()
                )
            })
            .collect()
    };
    assert_eq!(
        names("show current head create_books --json"),
        [
            "20260205090000 applied",
            "20260301120000 pending",
            "20260112140000 applied"
        ]
    );
    assert_eq!(names("show -1 --json"), ["20260202101500 applied"]);
    assert_eq!(names("show heads --json"), ["20260301120000 pending"]);
    let json = diverged().run("show heads --json").ok().json();
    assert_eq!(json[0]["migrations"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_branch_can_be_named() {
    let out = diverged().run("show billing@first").ok();
    out.says("2026-02-06-090000_create_invoices")
        .says("  labels       billing");
}

#[test]
fn a_database_that_cannot_be_reached_hides_nothing_else() {
    let project = pending();
    project.settings("connections:\n  main: { url: 'postgres://nobody@127.0.0.1:1/none' }\n");
    let out = project.run("show").ok();
    out.says(
        "  state        not asked: the PostgreSQL server at `127.0.0.1:1` refused the connection",
    )
    .says("DROP TABLE loans;");
    let _ = project.run("show current").exits(1);
}

#[test]
fn an_edit_is_told() {
    let project = applied();
    project.migration(LOANS, "CREATE TABLE loans (id INTEGER);\n", None);
    project
        .run("show")
        .ok()
        .says("  state        applied [time] UTC by tester, [elapsed]; up.sql was edited since");
}

#[test]
fn of_a_folder_that_is_gone_the_record_is_shown() {
    let project = applied();
    project.remove(LOANS);
    assert_snapshot!(project.run("show create_loans"), @"
    2026-02-02-101500_create_loans
      version      20260202101500
      folder       missing; this is what was recorded
      transaction  yes
      state        applied [time] UTC by tester, [elapsed]
      recorded     [time] UTC on testhost, with manage 0.1.0
      schema       c78e27bc9db7

    -- up.sql, as it was recorded
    CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);

    -- down.sql, as it was recorded
    DROP TABLE loans;
    ");
    assert_snapshot!(pretty(&project.run("show create_loans --json")), @r#"
    {
      "connection": "main",
      "migrations": [
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","path":null,"folder":null,"follows":[],"followed_by":[],"labels":[],"branches":[],"head":false,"applied":true,"current":false,"description":null,"run_in_transaction":true,"state":"missing","not_asked":null,"edited":false,"run_on":"[time]","performed_by":"tester","milliseconds":"[elapsed]","recorded":{"action":"apply","at":"[time]","host":"testhost","tool":"manage 0.1.0","reason":null,"fingerprint":"01c78e27bc9db7201180b0ce091d9f45350f9b0b5c8d6837fe44e2892a78106f"},"up_sql":"CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);\n","down_sql":"DROP TABLE loans;\n"}
      ]
    }
    "#);
}

#[test]
fn json_has_everything() {
    assert_snapshot!(pretty(&pending().run("show create_books --json")), @r#"
    {
      "connection": "main",
      "migrations": [
        {"version":"20260112140000","name":"2026-01-12-140000_create_books","path":"migrations/2026-01-12-140000_create_books","folder":null,"follows":["20260105090000"],"followed_by":["20260202101500"],"labels":[],"branches":[],"head":false,"applied":false,"current":false,"description":null,"run_in_transaction":true,"state":"pending","not_asked":null,"edited":false,"run_on":null,"performed_by":null,"milliseconds":null,"recorded":null,"up_sql":"CREATE TABLE books (\n    id INTEGER PRIMARY KEY NOT NULL,\n    author_id INTEGER NOT NULL REFERENCES authors (id),\n    title TEXT NOT NULL\n);\nCREATE INDEX books_title ON books (title);\n","down_sql":"DROP INDEX books_title;\nDROP TABLE books;\n"}
      ]
    }
    "#);
}

#[test]
fn a_place_without_a_migration_is_explained() {
    assert_snapshot!(empty().run("show"), @"
    --- stderr ---
    note: there is no folder `migrations`
    error: `head` is no migration: it is where nothing is applied
    hint: name one of these: manage history
    hint: or write the first: manage makemigrations
    [exit 1]
    ");
    let _ = pending().run("show current").exits(1);
    let _ = pending().run("show nothing_like_it").exits(1);
}

#[test]
fn nobody_to_edit_is_a_question_without_a_person() {
    let project = pending();
    assert_snapshot!(project.manage("edit").env("EDITOR", "touch").run(), @"
    --- stderr ---
    error: nobody is there to edit `migrations/2026-02-02-101500_create_loans/up.sql`
    hint: run this in a terminal, or change the file another way and then: manage check
    [exit 4]
    ");
    assert_snapshot!(project.run("edit create_books --down"), @"
    --- stderr ---
    error: nobody is there to edit `migrations/2026-01-12-140000_create_books/down.sql`
    hint: run this in a terminal, or change the file another way and then: manage check
    [exit 4]
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn there_is_nothing_to_edit_where_the_folder_is_gone() {
    let project = applied();
    project.remove(BOOKS);
    assert_snapshot!(project.run("edit create_books"), @"
    --- stderr ---
    error: the folder of `2026-01-12-140000_create_books` is gone, so there is nothing to edit
    hint: see what was recorded: manage show 2026-01-12-140000_create_books
    hint: bring it back: manage migrate --on-missing restore
    [exit 1]
    ");
}
