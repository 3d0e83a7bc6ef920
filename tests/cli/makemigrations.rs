use insta::assert_snapshot;

use crate::library::{AUTHORS, NOW, empty, pending};
use crate::pretty::pretty;
use crate::support::Project;

fn files(project: &Project) -> Vec<String> {
    let mut files = project.tree("migrations");
    files.retain(|file| file.contains('/'));
    files
}

#[test]
fn a_new_migration_has_two_templates_to_fill_in() {
    let project = empty();
    assert_snapshot!(project.manage("makemigrations").arg("Add users").at(NOW).run(), @"
    migrations/2026-11-20-101500_add_users
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    assert_eq!(
        files(&project),
        [
            "2026-11-20-101500_add_users/down.sql",
            "2026-11-20-101500_add_users/metadata.toml",
            "2026-11-20-101500_add_users/up.sql"
        ]
    );
    let read = |file| project.read(format!("migrations/2026-11-20-101500_add_users/{file}"));
    assert_snapshot!(read("up.sql"), @"
    -- Add users
    -- Your SQL goes here; replace the SELECT below.
    -- SQLite: ALTER TABLE cannot change a column or a constraint; that takes a new table
    -- with the rows copied, under the old name in the end.

    SELECT 1;
    ");
    assert_snapshot!(read("down.sql"), @"
    -- Revert: Add users
    -- Undo here what up.sql does; replace the SELECT below.
    -- If that cannot be done, delete this file: the migration is then irreversible.

    SELECT 1;
    ");
}

#[test]
fn metadata_says_which_migration_comes_before() {
    let project = pending();
    let _ = project.manage("makemigrations shelves").at(NOW).run().ok();
    assert_snapshot!(project.read("migrations/2026-11-20-101500_shelves/metadata.toml"), @r#"
    run_in_transaction = true

    [manage]
    depends_on = ["20260202101500"]
    "#);
}

#[test]
fn the_message_may_be_a_flag() {
    let project = empty();
    assert_snapshot!(project.manage("makemigrations -m shelves").at(NOW).run(), @"
    migrations/2026-11-20-101500_shelves
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    assert_snapshot!(project.manage("makemigrations --message chairs").at(NOW).run(), @"
    migrations/2026-11-20-101501_chairs
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
}

#[test]
fn the_message_is_not_said_twice() {
    assert_snapshot!(empty().run("makemigrations shelves -m chairs"), @"
    --- stderr ---
    error: the argument '[MESSAGE]' cannot be used with '--message <MESSAGE>'

    Usage: manage makemigrations <MESSAGE>

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn the_name_may_differ_from_the_message() {
    let project = empty();
    let output = project
        .manage("makemigrations -n shelves")
        .arg("Put up the shelves!")
        .at(NOW);
    assert_snapshot!(output.run(), @"
    migrations/2026-11-20-101500_shelves
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    let up = project.read("migrations/2026-11-20-101500_shelves/up.sql");
    assert_snapshot!(up.lines().next().unwrap(), @"-- Put up the shelves!");
}

#[test]
fn a_name_alone_is_message_enough() {
    assert_snapshot!(empty().manage("makemigrations --name shelves").at(NOW).run(), @"
    migrations/2026-11-20-101500_shelves
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
}

#[test]
fn a_message_becomes_a_name_that_every_file_system_takes() {
    let project = empty();
    let name = |message: &str| {
        let output = project
            .manage("makemigrations -q")
            .arg(message)
            .at(NOW)
            .run();
        assert_eq!(output.stderr, "");
        output.stdout.trim().to_owned()
    };
    assert_snapshot!(name("Größe: 3 × 4 / Zoll?"), @"migrations/2026-11-20-101500_grosse_3_4_zoll");
    assert_snapshot!(name("../../etc/passwd"), @"migrations/2026-11-20-101501_etc_passwd");
    assert_snapshot!(name("drop \"users\"; --"), @"migrations/2026-11-20-101502_drop_users");
    assert_snapshot!(name(&"long ".repeat(60)), @"migrations/2026-11-20-101503_long_long_long_long_long_long_long_long_long_long");
}

#[test]
fn a_message_without_a_letter_is_refused() {
    assert_snapshot!(empty().manage("makemigrations").arg("!!!").run(), @"
    --- stderr ---
    error: message `!!!` holds no letter or digit to name the migration by
    hint: name it in ASCII letters: -n add_users
    [exit 2]
    ");
    assert_snapshot!(empty().manage("makemigrations").arg("").run(), @"
    --- stderr ---
    error: message `` holds no letter or digit to name the migration by
    hint: name it in ASCII letters: -n add_users
    [exit 2]
    ");
}

#[test]
fn without_a_message_somebody_has_to_be_asked() {
    let project = empty();
    assert_snapshot!(project.run("makemigrations"), @r#"
    --- stderr ---
    error: a migration needs a name
      nothing was changed
    hint: say what it does: manage makemigrations "Add users"
    [exit 4]
    "#);
    assert_eq!(project.tree("."), ["settings.yaml"]);
}

#[test]
fn two_migrations_in_one_second_are_a_second_apart() {
    let project = empty();
    let made = |name: &str| {
        project
            .manage(&format!("makemigrations {name} -q"))
            .at(NOW)
            .run()
    };
    assert_snapshot!(made("first"), @"migrations/2026-11-20-101500_first");
    assert_snapshot!(made("second"), @"migrations/2026-11-20-101501_second");
    assert_snapshot!(made("third"), @"migrations/2026-11-20-101502_third");
}

#[test]
fn a_clock_that_was_turned_back_does_not_matter() {
    let project = pending();
    assert_snapshot!(project.manage("makemigrations late -q").at(NOW - 400 * 24 * 3600).run(), @"migrations/2026-02-02-101501_late");
}

#[test]
fn a_version_may_be_chosen() {
    let project = empty();
    assert_snapshot!(project.run("makemigrations shelves --version 2027-01-01-000000"), @"
    migrations/2027-01-01-000000_shelves
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    assert_snapshot!(project.run("makemigrations chairs --rev-id 20270102000000"), @"
    migrations/20270102000000_chairs
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
}

#[test]
fn a_version_that_is_taken_is_refused() {
    let project = pending();
    let output = project.run("makemigrations again --version 20260202101500");
    assert_snapshot!(output, @"
    --- stderr ---
    error: version `20260202101500` is taken by `20260202101500`
    hint: leave out --version to take the next one
    [exit 2]
    ");
}

#[test]
fn a_version_before_the_newest_is_refused() {
    let project = pending();
    assert_snapshot!(project.run("makemigrations again --version 2026-01-06-000000"), @"
    --- stderr ---
    error: version `2026-01-06-000000` sorts before `20260202101500`, the newest
    hint: leave out --version to take the next one
    hint: choose a version that sorts after 20260202101500, as text
    [exit 2]
    ");
}

#[test]
fn a_version_that_would_end_early_or_leave_the_folder_is_refused() {
    let project = empty();
    assert_snapshot!(project.run("makemigrations a --version 2027_01"), @"
    --- stderr ---
    error: version `2027_01` cannot hold `_` there
    hint: use letters, digits, and dashes between them: --version 2026-11-20-101500
    hint: leave out --version to take the next one
    [exit 2]
    ");
    assert_snapshot!(project.run("makemigrations a --version ../2027"), @"
    --- stderr ---
    error: version `../2027` cannot hold `.` there
    hint: use letters, digits, and dashes between them: --version 2026-11-20-101500
    hint: leave out --version to take the next one
    [exit 2]
    ");
    assert_snapshot!(project.run("makemigrations a --version=-1"), @"
    --- stderr ---
    error: version `-1` cannot hold `-` there
    hint: use letters, digits, and dashes between them: --version 2026-11-20-101500
    hint: leave out --version to take the next one
    [exit 2]
    ");
    assert_snapshot!(project.manage("makemigrations a --version").arg("2".repeat(51)).run(), @"
    --- stderr ---
    error: a version may have 50 characters, this one has 51
    hint: write a date and a time: --version 2026-11-20-101500
    hint: leave out --version to take the next one
    [exit 2]
    ");
    assert_snapshot!(project.manage("makemigrations a --version").arg("").run(), @"
    --- stderr ---
    error: the version is empty
    hint: leave out --version to take the next one
    [exit 2]
    ");
    assert_eq!(project.tree("."), ["settings.yaml"]);
}

#[test]
fn a_dry_run_prints_the_files_and_writes_none() {
    let project = pending();
    let before = project.tree(".");
    assert_snapshot!(project.manage("makemigrations shelves --dry-run").at(NOW).run(), @r#"
    -- migrations/2026-11-20-101500_shelves/up.sql
    -- shelves
    -- Your SQL goes here; replace the SELECT below.
    -- SQLite: ALTER TABLE cannot change a column or a constraint; that takes a new table
    -- with the rows copied, under the old name in the end.

    SELECT 1;

    -- migrations/2026-11-20-101500_shelves/down.sql
    -- Revert: shelves
    -- Undo here what up.sql does; replace the SELECT below.
    -- If that cannot be done, delete this file: the migration is then irreversible.

    SELECT 1;

    -- migrations/2026-11-20-101500_shelves/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = ["20260202101500"]
    "#);
    assert_eq!(project.tree("."), before);
}

#[test]
fn a_dry_run_in_json_is_json() {
    let project = empty();
    let output = project
        .manage("makemigrations shelves --dry-run --json")
        .at(NOW)
        .run();
    assert!(!output.json().is_empty());
}

#[test]
fn an_empty_migration_is_the_same_template() {
    let project = empty();
    assert_snapshot!(project.manage("makemigrations shelves --empty").at(NOW).run(), @"
    migrations/2026-11-20-101500_shelves
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    let up = project.read("migrations/2026-11-20-101500_shelves/up.sql");
    assert_snapshot!(up.lines().last().unwrap(), @"SELECT 1;");
}

#[test]
fn json_tells_the_version_and_the_path() {
    let output = empty()
        .manage("makemigrations shelves --json")
        .at(NOW)
        .run();
    assert_snapshot!(pretty(&output), @r#"
    {
      "connection": "main",
      "version": "20261120101500",
      "path": "migrations/2026-11-20-101500_shelves",
      "depends_on": [],
      "labels": []
    }
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    "#);
}

#[test]
fn the_other_tools_words_are_understood() {
    let project = empty();
    assert_snapshot!(project.manage("make-migrations a -q").at(NOW).run(), @"migrations/2026-11-20-101500_a");
    assert_snapshot!(project.manage("revision -m b -q").at(NOW).run(), @"migrations/2026-11-20-101501_b");
}

#[test]
fn the_advice_is_that_of_the_connection() {
    let project = Project::new();
    project.settings("connections: { main: { url: postgres://localhost/shop } }\n");
    let output = project
        .manage("makemigrations shelves --dry-run")
        .at(NOW)
        .run();
    assert_snapshot!(output.stdout.split("\n\n").next().unwrap(), @"
    -- migrations/2026-11-20-101500_shelves/up.sql
    -- shelves
    -- Your SQL goes here; replace the SELECT below.
    -- PostgreSQL: CREATE INDEX CONCURRENTLY needs a migration of its own, with
    -- run_in_transaction = false in its metadata.toml.
    ");
}

#[test]
fn no_database_is_needed() {
    let project = empty();
    let _ = project.run("makemigrations shelves").ok();
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn a_folder_may_be_named_for_once() {
    let project = empty();
    let output = project
        .manage("makemigrations shelves --migration-dir other/place")
        .at(NOW)
        .run();
    assert_snapshot!(output, @"
    other/place/2026-11-20-101500_shelves
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
}

#[test]
fn a_file_in_the_place_of_the_folder_is_named() {
    let project = empty();
    project.file("migrations", "");
    assert_snapshot!(project.run("makemigrations shelves"), @"
    --- stderr ---
    error: cannot read the migrations folder `migrations`
      caused by: Not a directory (os error 20)
    hint: check the rights of `migrations`, or name another folder under `migrations:`
    [exit 1]
    ");
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_told_with_what_helps() {
    use std::fs::{Permissions, set_permissions, write};
    use std::os::unix::fs::PermissionsExt;

    let project = pending();
    let folder = project.path("migrations");
    set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    // The system's own user may write everywhere.
    let is_refused = write(folder.join("probe"), "").is_err();
    let output = project.run("makemigrations shelves");
    set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    if is_refused {
        let told: Vec<&str> = output.stderr.lines().skip(1).collect();
        assert_eq!((output.status, output.stdout.as_str()), (Some(1), ""));
        assert_eq!(
            told,
            [
                "  caused by: Permission denied (os error 13)",
                "hint: allow yourself to write there: chmod u+rwx migrations",
            ]
        );
        assert_eq!(project.tree("migrations").len(), 9);
    }
}

#[test]
fn a_folder_that_diesel_would_stumble_over_is_told_first() {
    let project = pending();
    std::fs::remove_file(project.folder_of(AUTHORS).join("up.sql")).unwrap();
    assert_snapshot!(project.run("makemigrations shelves"), @"
    --- stderr ---
    error: migrations/2026-01-05-090000_create_authors: the folder has no `up.sql`; `diesel` stops at it
      nothing was run
    hint: remove the folder, write its up.sql, or begin its name with a dot
    [exit 1]
    ");
}

#[test]
fn several_connections_need_a_choice() {
    let project = Project::new();
    project.settings("connections:\n  shop: { url: shop.db }\n  audit: { url: audit.db }\n");
    assert_snapshot!(project.run("makemigrations shelves"), @"
    --- stderr ---
    error: there are several connections and none of them is the default
    hint: choose one: -d shop, or -d audit
    hint: or name one in the settings: default: NAME
    [exit 1]
    ");
    assert_snapshot!(project.run("makemigrations shelves --all"), @"
    --- stderr ---
    error: this is for one connection, and 2 were named
    hint: name one: -d NAME
    [exit 2]
    ");
    assert_snapshot!(project.manage("makemigrations shelves -d audit").at(NOW).run(), @"
    migrations/audit/2026-11-20-101500_shelves
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate -d audit
    ");
}
