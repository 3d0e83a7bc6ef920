//! Many runs at the same moment: one does the work, the others say so.

use diesel_manage::settings::Backend;
use libtest_mimic::{Completion, Failed};

use crate::numbered::{ONE, THREE, TWO, state, texts, with};
use crate::support::{Output, Pooler, Project, Server};
use crate::trials::Trials;

/// How many run at the same moment.
const RUNS: usize = 8;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("eight_runs_at_once_apply_everything_once", directly);
    trials.deciding(
        Backend::Postgres,
        "eight_runs_at_once_behind_a_pooler_apply_everything_once",
        behind_a_pooler,
    );
    trials.everywhere("eight_runs_back_at_once_revert_everything_once", back);
    trials.everywhere("half_of_it_done_by_another_run_is_no_error", partly);
}

/// As often as it takes to meet in every way.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment of the tests, not of the command"
)]
fn rounds() -> usize {
    let told = std::env::var("MANAGE_TEST_RACES").ok();
    told.and_then(|number| number.parse().ok()).unwrap_or(50)
}

fn directly(server: &Server) {
    race(server, &with(server, &[ONE, TWO, THREE]));
}

fn behind_a_pooler(server: &Server) -> Result<Completion, Failed> {
    let pooler = match Pooler::before(server) {
        Ok(pooler) => pooler,
        Err(missing) if missing.is_failure => return Err(missing.reason.into()),
        Err(missing) => return Ok(Completion::ignored_with(missing.reason)),
    };
    let project = with(server, &[ONE, TWO, THREE]).url(&pooler.url(server));
    race(server, &project);
    Ok(Completion::Completed)
}

fn race(server: &Server, project: &Project) {
    for round in 0..rounds() {
        empty(server);
        let outs = at_once(project, "migrate");
        let (mut applied, mut polite) = (0, 0);
        for out in &outs {
            assert_eq!(out.status, Some(0), "round {round}:\n{out}");
            applied += out.stdout.matches("  applied ").count();
            polite += usize::from(out.stderr.contains("nothing to apply."));
        }
        let whole = outs.iter().map(ToString::to_string).collect::<String>();
        assert_eq!((applied, polite), (3, RUNS - 1), "round {round}:\n{whole}");
        let rows = "SELECT count(*) FROM __manage_history";
        assert_eq!(server.value(rows), "3", "round {round}");
        assert_eq!(
            state(server),
            (
                texts(&["20260101000000", "20260201000000", "20260301000000"]),
                texts(&["one", "three", "two"])
            )
        );
    }
}

fn back(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    for round in 0..rounds().min(5) {
        let _ = project.run("migrate").ok();
        let outs = at_once(&project, "downgrade base -y");
        let mut reverted = 0;
        for out in &outs {
            assert_eq!(out.status, Some(0), "round {round}:\n{out}");
            reverted += out.stdout.matches("  reverted ").count();
        }
        assert_eq!(reverted, 3, "round {round}");
        assert_eq!(state(server), (Vec::new(), Vec::new()));
    }
}

/// Two runs with different targets: the one that goes further finds what the other has done.
fn partly(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE]);
    for round in 0..rounds().min(5) {
        let outs: Vec<Output> = ["migrate one", "migrate", "migrate two", "migrate"]
            .map(|command| project.manage(command).start())
            .into_iter()
            .map(|running| running.wait())
            .collect();
        let mut applied = 0;
        for out in &outs {
            // Where a run that goes further was first, an earlier target means going back, which asks.
            assert!(
                matches!(out.status, Some(0 | 1 | 4)),
                "round {round}:\n{out}"
            );
            applied += out.stdout.matches("  applied ").count();
        }
        assert_eq!(applied, 3, "round {round}");
        let _ = project.run("downgrade base -y").ok();
    }
}

fn at_once(project: &Project, command: &str) -> Vec<Output> {
    let running: Vec<_> = (0..RUNS).map(|_| project.manage(command).start()).collect();
    running.into_iter().map(|running| running.wait()).collect()
}

/// As if nothing had ever been there.
fn empty(server: &Server) {
    let mut probe = server.probe();
    for table in server.tables() {
        probe.execute(&format!("DROP TABLE {table}"));
    }
}
