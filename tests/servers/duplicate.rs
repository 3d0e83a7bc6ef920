//! Two folders with one version.

use crate::numbered::{MAY, ONE, THREE, TWO, state, with, write};
use crate::support::{DieselRunner, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("duplicate_is_a_question", duplicate_question);
    trials.everywhere("duplicate_renumber_runs_both", duplicate_renumber);
    trials.everywhere(
        "duplicate_renumber_leaves_the_applied_one",
        duplicate_applied,
    );
}

const TWIN: &str = "20260201000000_twin";

fn duplicate_question(server: &Server) {
    let project = with(server, &[ONE, TWO, TWIN]);
    let listing = project.run("showmigrations").ok();
    assert_eq!(
        listing.stdout,
        "default  $URL  3 migrations, 1 pending\n \
         [ ] 2026-01-01-000000_one\n \
         [2] 2026-02-01-000000_two  (two folders have this version)\n \
         [2] 20260201000000_twin  (two folders have this version)\n"
    );
    let out = project.run("migrate").exits(4);
    out.says("  20260201000000: 2026-02-01-000000_two and 20260201000000_twin")
        .says("hint: --on-duplicate renumber  (give one of them a new version, after all others)");
    let _ = project.run("migrate --on-duplicate stop").exits(1);
    assert_eq!(state(server), (vec![], vec![]));
    assert_eq!(server.tables(), [""; 0]);
}

fn duplicate_renumber(server: &Server) {
    let project = with(server, &[ONE, TWO, TWIN, THREE]);
    let out = project
        .manage("migrate --on-duplicate renumber")
        .at(MAY)
        .run()
        .ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-01-01-000000_one  (2 statements, [elapsed])\n  \
           applied 2026-02-01-000000_two  (2 statements, [elapsed])\n  \
           applied 2026-03-01-000000_three  (2 statements, [elapsed])\n  \
           applied 2026-05-01-120000_twin  (2 statements, [elapsed])\n"
    );
    assert!(!project.folder_of(TWIN).exists());
    assert_eq!(state(server).1, ["one", "three", "twin", "two"]);
    assert_eq!(DieselRunner::new(server, &project).pending(), [""; 0]);
}

fn duplicate_applied(server: &Server) {
    // The one that was applied comes second by name.
    let project = with(server, &[ONE, TWIN]);
    let _ = project.run("migrate").ok();
    write(&project, TWO);
    let out = project
        .manage("migrate --on-duplicate renumber")
        .at(MAY)
        .run()
        .ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-05-01-120000_two  (2 statements, [elapsed])\n"
    );
    assert!(project.folder_of(TWIN).exists());
    assert_eq!(
        server.versions(),
        ["20260101000000", "20260201000000", "20260501120000"]
    );
    assert_eq!(server.lines("SELECT id FROM twin"), ["1"]);
}
