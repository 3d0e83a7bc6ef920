use insta::assert_snapshot;

use crate::library::{LOANS, applied, pending};
use crate::support::Project;
use crate::terminal::{ENTER, Ended, Terminal};

/// An editor that writes a text over the file, and what it was called with beside it.
fn with_editor(project: &Project, text: &str) {
    project.file(
        "editor.sh",
        format!("printf '%s\\n' \"$@\" > \"$PWD/called\"\ncat > \"$2\" <<'END'\n{text}\nEND\n"),
    );
}

const EDITOR: (&str, &str) = ("EDITOR", "sh editor.sh --wait");

fn edit(project: &Project, arguments: &str, variables: &[(&str, &str)]) -> Ended {
    Terminal::open(project, arguments, 100, variables).end()
}

#[test]
fn the_editor_gets_its_arguments_and_the_file() {
    let project = pending();
    with_editor(&project, "CREATE TABLE loans (id INTEGER);");
    assert_snapshot!(edit(&project, "edit", &[EDITOR]), @"edited migrations/2026-02-02-101500_create_loans/up.sql");
    assert_eq!(
        project.read(format!("migrations/{LOANS}/up.sql")),
        "CREATE TABLE loans (id INTEGER);\n"
    );
    assert_eq!(
        project.read("called"),
        format!("--wait\n{}/up.sql\n", project.folder_of(LOANS).display())
    );
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn what_is_wrong_with_the_file_is_told_afterwards() {
    let project = pending();
    with_editor(
        &project,
        "CREATE TABLE loans (id INTEGER);\nINSERT INTO loans VALUES ('one);",
    );
    assert_snapshot!(edit(&project, "edit create_loans", &[EDITOR]), @"
    edited migrations/2026-02-02-101500_create_loans/up.sql
    warning: migrations/2026-02-02-101500_create_loans/up.sql:2:27: a string is never closed
    hint: close the string; a quote inside it is written twice
    [exit 3]
    ");
}

#[test]
fn the_other_files_can_be_edited_too() {
    let project = applied();
    with_editor(&project, "DROP TABLE loans; ");
    assert_snapshot!(edit(&project, "edit --down", &[EDITOR]), @"edited migrations/2026-02-02-101500_create_loans/down.sql");
    with_editor(
        &project,
        "run_in_transaction = true\n[manage]\ndepends_on = [\"20270101000000\"]",
    );
    assert_snapshot!(edit(&project, "edit --metadata", &[EDITOR]), @"
    edited migrations/2026-02-02-101500_create_loans/metadata.toml
    warning: migrations/2026-02-02-101500_create_loans/metadata.toml: `2026-02-02-101500_create_loans` d
    epends on 20270101000000, and no folder has this version
    hint: bring its folder back, or name another version in `depends_on`
    [exit 3]
    ");
}

#[test]
fn an_applied_migration_is_asked_about() {
    let project = applied();
    with_editor(&project, "SELECT 1;");
    let mut terminal = Terminal::open(&project, "edit", 100, &[EDITOR]);
    assert_snapshot!(terminal.until("Edit it all the same"), @"
    warning: `2026-02-02-101500_create_loans` is applied on `main`; what is changed in it now is not run
     there
    hint: write what is to change as a migration: manage makemigrations
    ? Edit it all the same (y/n) › no
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: `2026-02-02-101500_create_loans` is applied on `main`; what is changed in it now is not run
     there
    hint: write what is to change as a migration: manage makemigrations
    ✔ Edit it all the same · no
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert!(!project.path("called").exists());

    let mut terminal = Terminal::open(&project, "edit", 100, &[EDITOR]);
    terminal.until("Edit it all the same");
    terminal.press("y").press(ENTER);
    assert_eq!(terminal.end().status, Some(0));
    assert_eq!(
        project.read(format!("migrations/{LOANS}/up.sql")),
        "SELECT 1;\n"
    );
}

#[test]
fn yes_edits_without_a_question() {
    let project = applied();
    with_editor(&project, "SELECT 1;");
    assert_snapshot!(edit(&project, "edit -y", &[EDITOR]), @"
    warning: `2026-02-02-101500_create_loans` is applied on `main`; what is changed in it now is not run
     there
    hint: write what is to change as a migration: manage makemigrations
    edited migrations/2026-02-02-101500_create_loans/up.sql
    ");
}

#[test]
fn a_database_that_cannot_be_reached_is_a_note() {
    let project = pending();
    project.settings("connections:\n  main: { url: 'postgres://nobody@127.0.0.1:1/none' }\n");
    with_editor(&project, "SELECT 1;");
    assert_snapshot!(edit(&project, "edit", &[EDITOR]), @"
    note: whether it is applied was not asked: the PostgreSQL server at `127.0.0.1:1` refused the connec
    tion
    edited migrations/2026-02-02-101500_create_loans/up.sql
    ");
}

#[test]
fn an_editor_that_leaves_the_file_alone_changes_nothing() {
    let project = pending();
    assert_snapshot!(
        edit(&project, "edit", &[("VISUAL", "true --wait")]),
        @"migrations/2026-02-02-101500_create_loans/up.sql was not changed."
    );
}

#[test]
fn an_editor_that_fails_or_is_not_there_is_named() {
    let project = pending();
    assert_snapshot!(edit(&project, "edit", &[("EDITOR", "false")]), @"
    error: the editor `false` failed: exit status: 1
    hint: what it saved is saved; look at the file, and try again
    [exit 1]
    ");
    assert_snapshot!(edit(&project, "edit", &[("EDITOR", "no-such-editor -w")]), @"
    error: the editor `no-such-editor` cannot be started
      caused by: No such file or directory (os error 2)
    hint: name one that is there: export EDITOR=nano
    [exit 1]
    ");
    assert_snapshot!(edit(&project, "edit", &[("EDITOR", "vi 'open")]), @r#"
    error: `$EDITOR` is not a command line: `vi \'open`
      caused by: missing closing quote
    hint: close its quotes: export EDITOR="code --wait"
    [exit 1]
    "#);
}

#[test]
fn who_says_no_input_is_not_given_an_editor() {
    let project = pending();
    with_editor(&project, "SELECT 1;");
    assert_snapshot!(edit(&project, "edit --no-input", &[EDITOR]), @"
    error: nobody is there to edit `migrations/2026-02-02-101500_create_loans/up.sql`
    hint: run this in a terminal, or change the file another way and then: manage check
    [exit 4]
    ");
    assert!(!project.path("called").exists());
}

#[test]
fn the_history_is_coloured_on_a_terminal_and_fits_into_it() {
    let project = pending();
    for (name, follows, label) in [
        ("2026-02-05-090000_create_fines", "20260112140000", "fines"),
        (
            "2026-02-06-090000_create_invoices",
            "20260112140000",
            "billing",
        ),
    ] {
        project.migration(name, "SELECT 1;\n", None).metadata(
            name,
            &format!("run_in_transaction = true\n\n[manage]\ndepends_on = [\"{follows}\"]\nlabels = [\"{label}\"]\n"),
        );
    }
    let mut terminal = Terminal::open(&project, "history", 50, &[]);
    assert_snapshot!(terminal.until("create_authors"), @"
    main  migrations  5 migrations, 3 heads
     ● 2026-02-06-090000_create_invoices
     │   (head; label billing)
     │ ● 2026-02-05-090000_create_fines
     ├─╯   (head; label fines)
     │ ● 2026-02-02-101500_create_loans  (head)
     ├─╯
     ● 2026-01-12-140000_create_books
     ● 2026-01-05-090000_create_authors
    ");
    assert!(terminal.is_coloured());
    assert_eq!(terminal.end().status, Some(0));
}
