//! What `check` says of the file that names the newest migration.

use insta::assert_snapshot;

use crate::library::{NOW, pending};

#[test]
fn the_file_is_looked_at_where_it_is_kept() {
    let project = pending();
    project.settings("connections: { main: { url: sqlite://db.sqlite3, linear_history: true } }\n");
    assert_snapshot!(project.run("check"), @"
    warning: migrations/latest.txt: there is no file that names the newest migration
      hint: write it: manage rebase
    --- stderr ---
    main: 1 finding in 3 migrations.
    [exit 3]
    ");
    let _ = project
        .manage("makemigrations shelves -q")
        .at(NOW)
        .run()
        .ok();
    project.file("migrations/2026-11-20-101500_shelves/up.sql", "SELECT 1;\n");
    project.file(
        "migrations/2026-11-20-101500_shelves/down.sql",
        "SELECT 1;\n",
    );
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 4 migrations.
    ");
    project.file(
        "migrations/latest.txt",
        "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> theirs\n",
    );
    assert_snapshot!(project.run("check --format github"), @"
    ::error file=migrations/latest.txt,line=1,col=1,title=pointer-conflict::git could not merge it: two branches added migrations%0Ahint: put one after the other: manage rebase; or join them: manage merge
    --- stderr ---
    main: 1 finding in 4 migrations.
    [exit 3]
    ");
}
