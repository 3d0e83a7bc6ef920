//! Pending migrations that are older than what is applied.

use crate::numbered::{MAY, ONE, THREE, TWO, state, texts, with, write};
use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("out_of_order_is_a_question", out_of_order_question);
    trials.everywhere("out_of_order_apply_runs_it_now", out_of_order_apply);
    trials.everywhere(
        "out_of_order_rebase_gives_a_new_version",
        out_of_order_rebase,
    );
    trials.everywhere(
        "out_of_order_can_be_answered_in_the_settings",
        out_of_order_settings,
    );
}

/// One and three are applied, two came later.
fn late(server: &Server) -> Project {
    let project = with(server, &[ONE, THREE]);
    let _ = project.run("migrate").ok();
    write(&project, TWO);
    project
}

fn out_of_order_question(server: &Server) {
    let project = late(server);
    let before = state(server);
    let listing = project.run("showmigrations").ok();
    assert_eq!(
        listing.stdout,
        "default  $URL  3 migrations, 1 pending\n \
         [X] 2026-01-01-000000_one\n \
         [!] 2026-02-01-000000_two  (pending, out of order)\n \
         [X] 2026-03-01-000000_three  (head)\n"
    );
    let warning = "warning: 1 migration is pending, but older than `2026-03-01-000000_three`, which is applied";
    listing.says(warning);
    project
        .run("migrate --plan")
        .ok()
        .says(warning)
        .says("  + 2026-02-01-000000_two");

    let out = project.run("migrate").exits(4);
    out.says("hint: --on-out-of-order apply  (apply now, in version order, as `diesel` would)")
        .says("hint: --on-out-of-order rebase  (give new versions, after the newest, then apply)");
    assert_eq!(out.stdout, "");
    let out = project.run("migrate --on-out-of-order stop").exits(1);
    out.says("  nothing was changed");
    assert_eq!(out.stdout, "");
    let out = project.run("migrate --on-out-of-order perhaps").exits(2);
    assert_eq!(out.stdout, "");
    assert_eq!(state(server), before);
    // The way back is no matter of order.
    let _ = project.run("downgrade -y").ok();
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn out_of_order_apply(server: &Server) {
    let project = late(server);
    let out = project.run("migrate --on-out-of-order apply").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-02-01-000000_two  (2 statements, [elapsed])\n"
    );
    assert_eq!(
        state(server),
        (
            texts(&["20260101000000", "20260201000000", "20260301000000"]),
            texts(&["one", "three", "two"])
        )
    );
    // Highest version first, as Diesel does it.
    let out = project.run("downgrade -y").ok();
    assert_eq!(
        out.stdout,
        "  reverted 2026-03-01-000000_three  (1 statement, [elapsed])\n"
    );
}

fn out_of_order_rebase(server: &Server) {
    let project = late(server);
    let four = "2026-04-01-000000_four";
    write(&project, four);
    project.metadata(
        four,
        "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260201000000\", \"20260301000000\"]  # both\n",
    );
    let out = project
        .manage("migrate --on-out-of-order rebase")
        .at(MAY)
        .run()
        .ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-05-01-120000_two  (2 statements, [elapsed])\n  \
           applied 2026-05-01-120001_four  (2 statements, [elapsed])\n"
    );
    assert_eq!(
        state(server),
        (
            texts(&[
                "20260101000000",
                "20260301000000",
                "20260501120000",
                "20260501120001"
            ]),
            texts(&["four", "one", "three", "two"])
        )
    );
    assert!(!project.folder_of(TWO).exists());
    assert_eq!(
        project.read("migrations/2026-05-01-120000_two/up.sql"),
        "CREATE TABLE two (id INTEGER);\nINSERT INTO two VALUES (1);\n"
    );
    assert_eq!(
        project.read("migrations/2026-05-01-120001_four/metadata.toml"),
        "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260501120000\", \"20260301000000\"]  # both\n"
    );
}

fn out_of_order_settings(server: &Server) {
    let project = late(server);
    let settings = |line: &str| {
        format!(
            "connections:\n  default:\n    url: {}\n    migrations: migrations\n{line}",
            server.url()
        )
    };
    project.settings(&settings("    on:\n      out_of_order: stop\n"));
    let _ = project.run("migrate").exits(1);
    project.settings(&settings("    order: any\n"));
    let out = project.run("migrate").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-02-01-000000_two  (2 statements, [elapsed])\n"
    );

    let late = "2026-01-15-000000_later_still";
    write(&project, late);
    project.settings(&settings("on:\n  out_of_order: stop\n"));
    let _ = project.run("migrate").exits(1);
    // A flag goes before the settings.
    let _ = project.run("migrate --on-out-of-order apply").ok();
    assert_eq!(server.versions().len(), 4);
}
