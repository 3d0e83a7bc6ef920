//! Heads that nothing joins, on every server.

use crate::numbered::{MAY, ONE, THREE, TWO, state, texts, with, write};
use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("diverged_heads_are_a_question", diverged_question);
    trials.everywhere(
        "diverged_heads_are_applied_in_version_order",
        diverged_apply,
    );
    trials.everywhere("diverged_heads_are_joined", diverged_merge);
    trials.everywhere("diverged_heads_are_put_in_a_row", diverged_rebase);
    trials.everywhere("a_merge_brings_the_other_branch", merged_elsewhere);
    trials.everywhere("a_faulty_dependency_stops_before_anything_runs", faulty);
}

/// Two and three both follow one; one and two are applied.
fn parted(server: &Server) -> Project {
    let project = with(server, &[ONE, TWO]);
    let _ = project.run("migrate").ok();
    write(&project, THREE);
    follows(&project, THREE, &["20260101000000"]);
    project
}

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

fn diverged_question(server: &Server) {
    let project = parted(server);
    let before = state(server);
    let out = project.run("migrate").exits(4);
    assert_eq!(out.stdout, "");
    out.says("error: the migrations have diverged: 2 heads that nothing joins, and nobody can be asked what to do")
        .says("  [X] 2026-01-01-000000_one")
        .says("  ├─ [X] 2026-02-01-000000_two    two")
        .says("  └─ [ ] 2026-03-01-000000_three  three")
        .says("hint: --on-diverged rebase  (put my side after the other, then apply)");
    let out = project.run("migrate --on-diverged stop").exits(1);
    out.says("  nothing was changed");
    let _ = project.run("migrate --check").exits(3);
    assert_eq!(state(server), before);
    // Both heads are heads.
    let listing = project.run("showmigrations").ok();
    assert_eq!(
        listing.stdout,
        "default  $URL  3 migrations, 1 pending\n \
         [X] 2026-01-01-000000_one\n \
         [X] 2026-02-01-000000_two  (head)\n \
         [ ] 2026-03-01-000000_three  (head)\n"
    );
}

fn diverged_apply(server: &Server) {
    let project = parted(server);
    let out = project.run("migrate --on-diverged apply").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-03-01-000000_three  (2 statements, [elapsed])\n"
    );
    out.says("default is at 2026-02-01-000000_two (head) and 2026-03-01-000000_three (head).");
    // Nothing is left to decide about.
    let out = project.run("migrate").ok();
    out.says("hint: join them: manage merge");
}

fn diverged_merge(server: &Server) {
    let project = parted(server);
    let out = project
        .manage("migrate --on-diverged merge")
        .at(MAY)
        .run()
        .ok();
    let (versions, tables) = state(server);
    assert_eq!(
        versions,
        [
            "20260101000000",
            "20260201000000",
            "20260301000000",
            "20260501120000"
        ]
    );
    assert_eq!(tables, ["one", "three", "two"]);
    assert_eq!(out.stdout.lines().count(), 2, "{}", out.stdout);
    let out = project.run("migrate").ok();
    assert_eq!(out.stdout, "");
}

fn diverged_rebase(server: &Server) {
    let project = with(server, &[ONE, TWO]);
    let _ = project.run("migrate").ok();
    follows(&project, TWO, &["20260101000000"]);
    // Mine is older than theirs, which is applied.
    let mine = "2026-01-15-000000_mine";
    write(&project, mine);
    follows(&project, mine, &["20260101000000"]);
    let out = project
        .manage("migrate --on-diverged rebase")
        .at(MAY)
        .run()
        .ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-05-01-120000_mine  (2 statements, [elapsed])\n"
    );
    assert_eq!(
        state(server),
        (
            texts(&["20260101000000", "20260201000000", "20260501120000"]),
            texts(&["mine", "one", "two"])
        )
    );
    let out = project.run("migrate").ok();
    out.says("default is at 2026-05-01-120000_mine (head).");
}

/// The branch that was applied first here is the later one.
fn merged_elsewhere(server: &Server) {
    let project = with(server, &[ONE, THREE]);
    let _ = project.run("migrate").ok();
    write(&project, TWO);
    follows(&project, THREE, &["20260101000000"]);
    let merge = "2026-04-01-000000_merge";
    project.migration(merge, "SELECT 1;\n", Some("SELECT 1;\n"));
    follows(&project, merge, &["20260201000000", "20260301000000"]);
    let out = project.run("migrate").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-02-01-000000_two  (2 statements, [elapsed])\n  \
           applied 2026-04-01-000000_merge  (1 statement, [elapsed])\n"
    );
    out.says("default is at 2026-04-01-000000_merge (head).");
}

fn faulty(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    follows(&project, TWO, &["20260301000000"]);
    follows(&project, THREE, &["20260101000000"]);
    let before = state(server);
    for command in [
        "migrate",
        "migrate --plan",
        "migrate --sql",
        "downgrade base",
    ] {
        let out = project.run(command).exits(1);
        assert_eq!(out.stdout, "");
        out.says("hint: give it a version after that one: manage rebase 2026-02-01-000000_two");
    }
    assert_eq!(state(server), before);
    let _ = project.run("showmigrations").ok();
}
