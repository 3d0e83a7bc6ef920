//! Two developers, two branches, one repository: what each of them sees.

use insta::assert_snapshot;

use crate::library::NOW;
use crate::support::{Git, Project};

/// A test that needs git; without it there is nothing to test, except where everything has to be there.
#[expect(
    clippy::disallowed_methods,
    reason = "the variable decides whether a missing git is a failure"
)]
fn is_without_git() -> bool {
    let is_there = Git::is_there();
    assert!(
        is_there || std::env::var_os("CI").is_none(),
        "there is no git"
    );
    !is_there
}

fn write(project: &Project, message: &str, time: i64) {
    let out = project
        .manage("makemigrations --empty")
        .arg(message)
        .at(time)
        .run()
        .ok();
    let folder = out.stdout.trim().to_owned();
    let table = message.to_lowercase();
    project
        .file(
            format!("{folder}/up.sql"),
            format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY NOT NULL);\n"),
        )
        .file(
            format!("{folder}/down.sql"),
            format!("DROP TABLE {table};\n"),
        );
}

/// Alice wrote two migrations on a branch, Bob one on his, which is checked out.
fn two_branches(more: &str) -> (Project, Git) {
    let project = Project::new();
    project.settings(&format!(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n{more}"
    ));
    write(&project, "Books", NOW);
    let git = Git::init(&project);
    git.ok("checkout -q -b alice");
    write(&project, "Loans", NOW + 200);
    write(&project, "Fines", NOW + 300);
    git.commit("Loans");
    git.ok("checkout -q main");
    git.ok("checkout -q -b bob");
    write(&project, "Shelves", NOW + 100);
    git.commit("Shelves");
    (project, git)
}

#[test]
fn bob_merges_and_rebases() {
    if is_without_git() {
        return;
    }
    let (project, git) = two_branches("");
    git.ok("merge -q --no-edit alice");
    let _ = project.run("check").exits(3);
    let rebase = project.manage("rebase").at(NOW + 1000).run();
    assert_snapshot!(rebase, @"
    2026-11-20-101640_shelves -> 2026-11-20-103140_shelves
      follows 2026-11-20-102000_fines  (before: 2026-11-20-101500_books)
    --- stderr ---
    main: moving 1 migration after all others; it is the own work of `bob`, into which the other was merged
    main: 1 folder renamed, `depends_on` of 1 migration written.
    hint: prove that they work in this order: manage verify 2026-11-20-102000_fines:head
    ");
    assert_snapshot!(project.run("verify 2026-11-20-102000_fines:head"), @"
    [X] 2026-11-20-103140_shelves
    --- stderr ---
    main: 1 migration verified, and its down.sql restores what was there.
    ");
    let _ = project.run("check").ok();
    // Git sees a rename.
    git.ok("add -A");
    assert_snapshot!(git.ok("diff --cached --name-status -M -- *.sql"), @"
    R100	migrations/2026-11-20-101640_shelves/down.sql	migrations/2026-11-20-103140_shelves/down.sql
    R100	migrations/2026-11-20-101640_shelves/up.sql	migrations/2026-11-20-103140_shelves/up.sql
    ");
}

#[test]
fn what_git_does_not_have_yet_is_mine() {
    if is_without_git() {
        return;
    }
    let (project, git) = two_branches("");
    git.ok("checkout -q main");
    git.ok("merge -q alice");
    // Bob's is still in his work tree only.
    git.ok("restore --source bob -W migrations");
    let out = project.manage("rebase --plan").at(NOW + 1000).run();
    // The restore took hers away, so there is one line; bring both back.
    let _ = out.ok();
    git.ok("restore -W migrations");
    let out = project.manage("rebase --plan").at(NOW + 1000).run().ok();
    out.says("main: moving 1 migration after all others; git does not have it yet");
}

#[test]
fn what_is_not_published_is_mine() {
    if is_without_git() {
        return;
    }
    let (project, git) = two_branches("");
    // Alice's work is on the shared main branch; Bob pulls it into his own.
    git.ok("update-ref refs/remotes/origin/main alice");
    git.ok("symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main");
    git.ok("checkout -q main");
    git.ok("merge -q bob");
    git.ok("merge -q --no-edit alice");
    let out = project.manage("rebase --plan").at(NOW + 1000).run().ok();
    out.says("main: moving 1 migration after all others; it is not on `origin/main` yet");
    assert!(out.stdout.starts_with("2026-11-20-101640_shelves -> "));
}

#[test]
fn with_a_linear_history_git_itself_stops() {
    if is_without_git() {
        return;
    }
    let (project, git) = two_branches("    linear_history: true\n");
    assert_eq!(git.conflicts("merge -q alice"), ["migrations/latest.txt"]);
    assert_snapshot!(project.read("migrations/latest.txt"), @"
    <<<<<<< HEAD
    2026-11-20-101640_shelves
    =======
    2026-11-20-102000_fines
    >>>>>>> alice
    ");
    project
        .run("migrate")
        .exits(4)
        .says("hint: put one after the other without running anything: manage rebase");
    let _ = project.manage("rebase").at(NOW + 1000).run().ok();
    assert_eq!(
        project.read("migrations/latest.txt"),
        "2026-11-20-103140_shelves\n"
    );
    git.commit("Merge");
    assert_eq!(git.ok("status --porcelain"), "");
}

#[test]
fn in_a_rebase_of_git_ours_is_theirs() {
    if is_without_git() {
        return;
    }
    let (project, git) = two_branches("    linear_history: true\n");
    assert_eq!(git.conflicts("rebase -q alice"), ["migrations/latest.txt"]);
    let out = project.manage("rebase").at(NOW + 1000).run();
    assert_snapshot!(out, @"
    2026-11-20-101640_shelves -> 2026-11-20-103140_shelves
      follows 2026-11-20-102000_fines  (before: 2026-11-20-101500_books)
    --- stderr ---
    main: moving 1 migration after all others; git is rebasing it
    main: 1 folder renamed, `depends_on` of 1 migration written.
    hint: prove that they work in this order: manage verify 2026-11-20-102000_fines:head
    ");
    git.ok("add -A");
    git.ok("rebase --continue");
    assert_eq!(git.ok("status --porcelain"), "");
    let _ = project.run("check").ok();
}

#[test]
fn heads_that_are_meant_to_be_side_by_side_do_not_conflict() {
    if is_without_git() {
        return;
    }
    let project = Project::new();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    linear_history: true\n",
    );
    let migration = |name: &str, manage: &str| {
        project.migration(name, "SELECT 1;\n", None).metadata(
            name,
            &format!("run_in_transaction = true\n\n[manage]\n{manage}\n"),
        );
    };
    migration("1_base", "depends_on = []");
    migration("2_shop", "depends_on = ['1']\nlabels = ['shop']");
    migration("3_billing", "depends_on = ['1']\nlabels = ['billing']");
    let _ = project.run("rebase").ok();
    assert_snapshot!(project.read("migrations/latest.txt"), @"
    # billing
    3_billing
    # shop
    2_shop
    ");
    let git = Git::init(&project);
    git.ok("checkout -q -b shop");
    migration("4_shop", "depends_on = ['2']");
    let _ = project.run("rebase").ok();
    git.commit("Shop");
    git.ok("checkout -q main");
    git.ok("checkout -q -b billing");
    migration("5_billing", "depends_on = ['3']");
    let _ = project.run("rebase").ok();
    git.commit("Billing");
    git.ok("merge -q --no-edit shop");
    let _ = project.run("check").ok();
    let before = project.read("migrations/latest.txt");
    let _ = project.run("rebase").ok();
    assert_eq!(project.read("migrations/latest.txt"), before);
}
