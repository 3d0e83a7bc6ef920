//! Two heads that nothing joins, and dependencies that lead nowhere.

use insta::assert_snapshot;

use crate::library::{AUTHORS, BOOKS, LOANS, NOW, applied, ledger, pending, tables};
use crate::support::Project;

const SHELVES: &str = "2026-02-03-090000_create_shelves";
const PAGES: &str = "2026-02-04-110000_count_pages";

/// What a migration says it follows.
fn follows(project: &Project, name: &str, versions: &[&str]) {
    let versions: Vec<_> = versions.iter().map(|one| format!("\"{one}\"")).collect();
    project.metadata(
        name,
        &format!(
            "run_in_transaction = true\n\n[manage]\ndepends_on = [{}]\n",
            versions.join(", ")
        ),
    );
}

/// Somebody else wrote shelves and pages after the books, while the loans were written here.
fn part(project: &Project) {
    project
        .migration(
            SHELVES,
            "CREATE TABLE shelves (id INTEGER PRIMARY KEY NOT NULL);\n",
            Some("DROP TABLE shelves;\n"),
        )
        .migration(
            PAGES,
            "ALTER TABLE books ADD COLUMN pages INTEGER;\n",
            Some("ALTER TABLE books DROP COLUMN pages;\n"),
        );
    follows(project, SHELVES, &["20260112140000"]);
    follows(project, PAGES, &["20260203090000"]);
}

/// The loans are applied, the other side is not.
fn diverged() -> Project {
    let project = applied();
    part(&project);
    project
}

/// Nothing is applied at all.
fn fresh() -> Project {
    let project = pending();
    part(&project);
    project
}

fn folders(project: &Project) -> Vec<String> {
    let mut folders = project.tree("migrations");
    folders.retain(|path| !path.contains('/'));
    folders
}

#[test]
fn diverged_heads_need_a_decision() {
    let project = diverged();
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: the migrations have diverged: 2 heads that nothing joins, and nobody can be asked what to do
      [X] 2026-01-12-140000_create_books
      ├─ [X] 2026-02-02-101500_create_loans    loans
      └─ [ ] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books
      nothing was changed
    hint: --on-diverged merge  (write a migration that joins them, once it is proved that they go together)
    hint: --on-diverged rebase  (put my side after the other, then apply)
    hint: --on-diverged apply  (apply in version order, as `diesel` would; the heads stay)
    hint: join them without running anything: manage merge
    hint: put one after the other without running anything: manage rebase
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn apply_goes_on_in_version_order() {
    let project = diverged();
    assert_snapshot!(project.run("migrate --on-diverged apply"), @"
      applied 2026-02-03-090000_create_shelves  (1 statement, [elapsed])
      applied 2026-02-04-110000_count_pages  (1 statement, [elapsed])
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head) and 2026-02-04-110000_count_pages (head).
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans", "shelves"]);
    // With nothing left to run it is only told.
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    hint: join them: manage merge
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head) and 2026-02-04-110000_count_pages (head).
    ");
}

#[test]
fn stop_changes_nothing() {
    let project = diverged();
    assert_snapshot!(project.run("migrate --on-diverged stop"), @"
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    error: stopped, because the migrations have diverged: 2 heads that nothing joins
      nothing was changed
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn merge_joins_the_heads_and_goes_on() {
    let project = diverged();
    let output = project.manage("migrate --on-diverged merge").at(NOW).run();
    assert_snapshot!(output, @"
      applied 2026-02-03-090000_create_shelves  (1 statement, [elapsed])
      applied 2026-02-04-110000_count_pages  (1 statement, [elapsed])
      applied 2026-11-20-101500_merge_create_loans_and_count_pages  (1 statement, [elapsed])
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    Joining 2 branches that parted after `2026-01-12-140000_create_books`:
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages  (2 migrations)
    proved: the same schema in 2 orders, and the way back leads back
    Wrote `migrations/2026-11-20-101500_merge_create_loans_and_count_pages`.
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-11-20-101500_merge_create_loans_and_count_pages (head).
    ");
    let heads = project.run("showmigrations").ok();
    assert_eq!(heads.stdout.matches("head").count(), 1);
}

#[test]
fn rebase_moves_the_side_of_which_nothing_is_applied() {
    let project = diverged();
    let output = project.manage("migrate --on-diverged rebase").at(NOW).run();
    assert_snapshot!(output, @"
      applied 2026-02-03-090000_create_shelves  (1 statement, [elapsed])
      applied 2026-02-04-110000_count_pages  (1 statement, [elapsed])
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    Mended `migrations/2026-02-03-090000_create_shelves/metadata.toml`.
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-02-04-110000_count_pages (head).
    ");
    assert_eq!(folders(&project), [AUTHORS, BOOKS, LOANS, SHELVES, PAGES]);
    let heads = project.run("showmigrations").ok();
    assert_eq!(heads.stdout.matches("head").count(), 1);
}

#[test]
fn rebase_gives_new_versions_to_a_side_that_sorts_before_the_other() {
    let project = fresh();
    project.remove(LOANS);
    let _ = project.run("migrate -q").ok();
    project.migration(
        LOANS,
        "CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);\n",
        Some("DROP TABLE loans;\n"),
    );
    let output = project.manage("migrate --on-diverged rebase").at(NOW).run();
    assert_snapshot!(output, @"
      applied 2026-11-20-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    Renamed `2026-02-02-101500_create_loans` to `2026-11-20-101500_create_loans`.
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-11-20-101500_create_loans (head).
    ");
    assert_eq!(
        folders(&project),
        [
            AUTHORS,
            BOOKS,
            SHELVES,
            PAGES,
            "2026-11-20-101500_create_loans"
        ]
    );
}

#[test]
fn rebase_needs_to_know_which_side_is_to_move() {
    let project = fresh();
    assert_snapshot!(project.run("migrate --on-diverged rebase"), @"
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    error: nothing of either side is applied here, so nobody knows which one is to move
      [ ] 2026-01-12-140000_create_books
      ├─ [ ] 2026-02-02-101500_create_loans    loans
      └─ [ ] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books
      nothing was changed
    hint: name it: manage rebase 2026-02-02-101500_create_loans
    hint: name it: manage rebase 2026-02-04-110000_count_pages
    [exit 4]
    ");
    // Something of each side is applied, so none can move.
    let _ = project
        .run("migrate create_shelves --on-diverged apply -q")
        .ok();
    assert_snapshot!(project.run("migrate --on-diverged rebase"), @"
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    error: something of every side is applied here, so none of them can be given new versions
      nothing was changed
    hint: join them: --on-diverged merge
    hint: go on in version order: --on-diverged apply
    [exit 1]
    ");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: the migrations have diverged: 2 heads that nothing joins, and nobody can be asked what to do
      [X] 2026-01-12-140000_create_books
      ├─ [X] 2026-02-02-101500_create_loans    loans
      └─ [X] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books
      nothing was changed
    hint: --on-diverged merge  (write a migration that joins them, once it is proved that they go together)
    hint: --on-diverged apply  (apply in version order, as `diesel` would; the heads stay)
    hint: join them without running anything: manage merge
    hint: put one after the other without running anything: manage rebase
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn the_settings_can_answer() {
    let project = diverged();
    project.settings("on: { diverged: apply }\nconnections: { main: { url: db.sqlite3 } }\n");
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-02-03-090000_create_shelves  (1 statement, [elapsed])
      applied 2026-02-04-110000_count_pages  (1 statement, [elapsed])
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head) and 2026-02-04-110000_count_pages (head).
    ");
    // A flag goes before them.
    let project = diverged();
    project.settings("on: { diverged: apply }\nconnections: { main: { url: db.sqlite3 } }\n");
    let _ = project.run("migrate --on-diverged stop").exits(1);
}

#[test]
fn any_order_is_an_answer_too() {
    let project = diverged();
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n    order: any\n");
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-02-03-090000_create_shelves  (1 statement, [elapsed])
      applied 2026-02-04-110000_count_pages  (1 statement, [elapsed])
    --- stderr ---
    note: the migrations have diverged: 2 heads that nothing joins; they are applied in version order, as `order: any` says
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head) and 2026-02-04-110000_count_pages (head).
    ");
}

#[test]
fn what_only_looks_warns() {
    let project = diverged();
    assert_snapshot!(project.run("migrate --plan"), @"
    main  2 migrations would be applied
      + 2026-02-03-090000_create_shelves
      + 2026-02-04-110000_count_pages
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    hint: join them: manage merge
    ");
    assert_snapshot!(project.run("migrate --check"), @"
    main  2 migrations would be applied
      + 2026-02-03-090000_create_shelves
      + 2026-02-04-110000_count_pages
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    hint: join them: manage merge
    [exit 3]
    ");
    project
        .run("migrate --sql")
        .ok()
        .says("warning: the migrations have diverged: 2 heads that nothing joins")
        .says("hint: join them: manage merge");
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  5 migrations, 2 pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [X] 2026-02-02-101500_create_loans  (head)
     [ ] 2026-02-03-090000_create_shelves
     [ ] 2026-02-04-110000_count_pages  (head)
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    hint: join them: manage merge
    ");
    assert_snapshot!(project.run("downgrade --plan"), @"
    main  1 migration would be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    hint: join them: manage merge
    ");
    // Going back asks nothing about it.
    assert_snapshot!(project.run("downgrade -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    hint: join them: manage merge
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
}

#[test]
fn a_check_finds_heads_even_with_nothing_to_apply() {
    let project = diverged();
    let _ = project.run("migrate --on-diverged apply -q").ok();
    assert_snapshot!(project.run("migrate --check"), @"
    main  nothing to do
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    hint: join them: manage merge
    [exit 3]
    ");
}

#[test]
fn a_target_before_the_fork_is_not_concerned() {
    let project = fresh();
    assert_snapshot!(project.run("migrate create_books"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages
    hint: join them: manage merge
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
}

#[test]
fn a_named_connection_stands_in_the_commands_to_type() {
    let project = fresh();
    let output = project.run("migrate -d main").exits(4);
    output
        .says("hint: join them without running anything: manage merge -d main")
        .says("hint: put one after the other without running anything: manage rebase -d main");
}

#[test]
fn the_other_branch_of_a_merge_is_applied_without_a_question() {
    let project = pending();
    part(&project);
    // This database had the shelves and pages before the loans were known.
    project.remove(LOANS);
    let _ = project.run("migrate -q").ok();
    project.migration(
        LOANS,
        "CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);\n",
        Some("DROP TABLE loans;\n"),
    );
    let merge = "2026-03-01-120000_merge";
    project.migration(merge, "SELECT 1;\n", Some("SELECT 1;\n"));
    follows(&project, merge, &["20260202101500", "20260204110000"]);
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  6 migrations, 2 pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans
     [X] 2026-02-03-090000_create_shelves
     [X] 2026-02-04-110000_count_pages
     [ ] 2026-03-01-120000_merge  (head)
    ");
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      applied 2026-03-01-120000_merge  (1 statement, [elapsed])
    --- stderr ---
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-03-01-120000_merge (head).
    ");
}

#[test]
fn a_dependency_that_is_not_applied_is_told_with_who_needs_it() {
    let project = applied();
    follows(&project, LOANS, &["20260120000000"]);
    let late = "2026-01-20-000000_create_shelves";
    project.migration(
        late,
        "CREATE TABLE shelves (id INTEGER PRIMARY KEY NOT NULL);\n",
        Some("DROP TABLE shelves;\n"),
    );
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied, and nobody can be asked what to do
      2026-01-20-000000_create_shelves  (`2026-02-02-101500_create_loans` depends on it and is applied)
      nothing was changed
    hint: --on-out-of-order apply  (apply now, in version order, as `diesel` would)
    [exit 4]
    ");
    assert_snapshot!(project.run("migrate --on-out-of-order rebase"), @"
    --- stderr ---
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_create_shelves  (`2026-02-02-101500_create_loans` depends on it and is applied)
    error: `2026-01-20-000000_create_shelves` cannot be given a new version, for `2026-02-02-101500_create_loans` depends on it and is applied
      nothing was changed
    hint: apply it where it is: --on-out-of-order apply
    [exit 1]
    ");
    assert_snapshot!(project.run("migrate --on-out-of-order apply"), @"
      applied 2026-01-20-000000_create_shelves  (1 statement, [elapsed])
    --- stderr ---
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_create_shelves  (`2026-02-02-101500_create_loans` depends on it and is applied)
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn a_dependency_that_sorts_later_is_refused() {
    let project = pending();
    follows(&project, BOOKS, &["20260202101500"]);
    follows(&project, LOANS, &["20260105090000"]);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: migrations/2026-01-12-140000_create_books/metadata.toml: `2026-01-12-140000_create_books` depends on `2026-02-02-101500_create_loans`, which sorts after it; `diesel` would run it first
      nothing was run
    hint: give it a version after that one: manage rebase 2026-01-12-140000_create_books
    [exit 1]
    ");
    assert_snapshot!(project.run("downgrade base"), @"
    --- stderr ---
    error: migrations/2026-01-12-140000_create_books/metadata.toml: `2026-01-12-140000_create_books` depends on `2026-02-02-101500_create_loans`, which sorts after it; `diesel` would run it first
      nothing was run
    hint: give it a version after that one: manage rebase 2026-01-12-140000_create_books
    [exit 1]
    ");
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  3 migrations, 3 pending
     [ ] 2026-01-05-090000_create_authors
     [ ] 2026-01-12-140000_create_books  (head)
     [ ] 2026-02-02-101500_create_loans  (head)
    --- stderr ---
    warning: migrations/2026-01-12-140000_create_books/metadata.toml: `2026-01-12-140000_create_books` depends on `2026-02-02-101500_create_loans`, which sorts after it; `diesel` would run it first
    hint: give it a version after that one: manage rebase 2026-01-12-140000_create_books
    ");
    assert_snapshot!(project.run("migrate --check"), @"
    --- stderr ---
    error: migrations/2026-01-12-140000_create_books/metadata.toml: `2026-01-12-140000_create_books` depends on `2026-02-02-101500_create_loans`, which sorts after it; `diesel` would run it first
      nothing was run
    hint: give it a version after that one: manage rebase 2026-01-12-140000_create_books
    [exit 1]
    ");
}

#[test]
fn a_circle_is_refused() {
    let project = pending();
    follows(&project, BOOKS, &["20260202101500"]);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: migrations/2026-01-12-140000_create_books/metadata.toml: `2026-01-12-140000_create_books`, `2026-02-02-101500_create_loans` depend on each other in a circle
      nothing was run
    hint: take one of them out of `depends_on`
    [exit 1]
    ");
    follows(&project, BOOKS, &["20260112140000"]);
    assert_snapshot!(project.run("migrate --plan"), @"
    --- stderr ---
    error: migrations/2026-01-12-140000_create_books/metadata.toml: `2026-01-12-140000_create_books` depends on itself
      nothing was run
    hint: take one of them out of `depends_on`
    [exit 1]
    ");
}

#[test]
fn a_dependency_that_nobody_knows_is_refused() {
    let project = pending();
    follows(&project, LOANS, &["20260112140000", "20260130000000"]);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: migrations/2026-02-02-101500_create_loans/metadata.toml: `2026-02-02-101500_create_loans` depends on 20260130000000, and no folder has this version
      nothing was run
    hint: bring its folder back, or name another version in `depends_on`
    [exit 1]
    ");
    follows(&project, BOOKS, &["2026"]);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: 2 problems in the migrations' files
      migrations/2026-01-12-140000_create_books/metadata.toml: `2026-01-12-140000_create_books` depends on 2026, and no folder has this version
      migrations/2026-02-02-101500_create_loans/metadata.toml: `2026-02-02-101500_create_loans` depends on 20260130000000, and no folder has this version
      nothing was run
    hint: bring its folder back, or name another version in `depends_on`
    [exit 1]
    ");
}

#[test]
fn a_dependency_whose_folder_is_gone_is_the_matter_of_what_is_missing() {
    let project = applied();
    follows(&project, LOANS, &["20260112140000"]);
    project.remove(BOOKS);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: 1 migration is applied, but the folder is gone, and nobody can be asked what to do
      2026-01-12-140000_create_books  (applied [time] UTC)
      nothing was changed
    hint: --on-missing restore  (write the folder again, from what the database recorded)
    hint: --on-missing ignore  (go on without it; a rollback uses the recorded SQL)
    hint: --on-missing prune  (forget that it was applied; the schema stays as it is)
    [exit 4]
    ");
    assert_snapshot!(project.run("migrate --on-missing ignore"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-01-12-140000_create_books  (applied [time] UTC)
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
}
