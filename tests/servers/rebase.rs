//! Moving a branch after another, on every server: its files, its ledger's rows, and what Diesel's own
//! runner makes of the folder.

use crate::numbered::{MAY, ONE, THREE, TWO, state, texts, with};
use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("rebase_is_run_by_diesel_in_the_new_order", diesel_runs_it);
    trials.everywhere("rebase_moves_the_row_of_what_is_applied", row_moves);
    trials.everywhere(
        "rebase_takes_a_row_back_that_has_no_folder",
        row_is_taken_back,
    );
}

/// Two and three both follow one.
fn parted(server: &Server) -> Project {
    let project = with(server, &[ONE, TWO, THREE]);
    for name in [TWO, THREE] {
        project.metadata(
            name,
            "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260101000000\"]\n",
        );
    }
    project
}

fn rebase(project: &Project, arguments: &str) -> crate::support::Output {
    project.manage(&format!("rebase {arguments}")).at(MAY).run()
}

fn diesel_runs_it(server: &Server) {
    let project = parted(server);
    let runner = DieselRunner::new(server, &project);
    assert_eq!(runner.run(&["20260101000000", "20260301000000"]).len(), 2);
    // The database has the other side, so nobody has to say which one moves.
    let out = rebase(&project, "").ok();
    assert_eq!(
        out.stdout,
        "2026-02-01-000000_two -> 2026-05-01-120000_two\n  \
           follows 2026-03-01-000000_three  (before: 2026-01-01-000000_one)\n"
    );
    assert_eq!(runner.pending(), ["20260501120000"]);
    assert_eq!(runner.run_pending(), ["20260501120000"]);
    assert_eq!(runner.revert_last(), "20260501120000");
    let _ = project.run("migrate").ok();
    assert_eq!(
        state(server),
        (
            texts(&["20260101000000", "20260301000000", "20260501120000"]),
            texts(&["one", "three", "two"])
        )
    );
}

fn row_moves(server: &Server) {
    let project = parted(server);
    let _ = project.run("migrate two --on-diverged apply").ok();
    let before = state(server);
    let out = rebase(&project, "two").exits(1);
    out.says("error: `2026-02-01-000000_two` is applied on `default`, so it is not moved")
        .says("hint: move its row in the ledger too: manage rebase 2026-02-01-000000_two --move-applied");
    let _ = rebase(&project, "two --move-applied").exits(4);
    assert_eq!(state(server), before);
    assert!(project.folder_of(TWO).exists());

    rebase(&project, "two --move-applied --yes")
        .ok()
        .says("default: 1 row moved in the ledger.");
    assert_eq!(
        state(server),
        (
            texts(&["20260101000000", "20260501120000"]),
            texts(&["one", "two"])
        )
    );
    assert_eq!(
        server.lines("SELECT action, version, reason FROM __manage_history ORDER BY id"),
        [
            "apply|20260101000000|NULL",
            "apply|20260201000000|NULL",
            "apply|20260501120000|rebased from 2026-02-01-000000_two",
            "unfake|20260201000000|rebased to 2026-05-01-120000_two",
        ]
    );
    // Diesel has the same for applied, and the recorded text takes it back.
    let runner = DieselRunner::new(server, &project);
    assert_eq!(runner.pending(), ["20260301000000"]);
    let _ = project.run("migrate --on-out-of-order apply").ok();
    let _ = project.run("downgrade -y").ok();
    assert_eq!(
        state(server),
        (
            texts(&["20260101000000", "20260301000000"]),
            texts(&["one", "three"])
        )
    );
}

/// The new row is there before the folder is renamed; if that fails it goes again.
fn row_is_taken_back(server: &Server) {
    let project = parted(server);
    let _ = project.run("migrate two --on-diverged apply").ok();
    let before = state(server);
    // A plain file has the name that the folder is to get.
    project.file("migrations/2026-05-01-120000_two", "");
    let out = rebase(&project, "two --move-applied --yes").exits(1);
    out.says("error: `migrations/2026-05-01-120000_two` is in the way");
    assert_eq!(state(server), before);
    assert_eq!(
        project.read(format!("migrations/{TWO}/metadata.toml")),
        "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260101000000\"]\n"
    );
    project.run("showmigrations").ok().never_says("missing");
}
