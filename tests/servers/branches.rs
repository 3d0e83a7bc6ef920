//! Branches by label and by folder, on every server.

use crate::numbered::{ONE, THREE, TWO, state, texts, with, write};
use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("a_labelled_branch_goes_its_own_way", labelled);
    trials.everywhere("folders_of_one_connection_are_branches", folders);
}

const FOUR: &str = "2026-04-01-000000_four";

/// One and three are the trunk; two and four a branch.
fn labelled(server: &Server) {
    let project = with(server, &[ONE, TWO, THREE, FOUR]);
    for (name, lines) in [
        (
            TWO,
            "depends_on = [\"20260101000000\"]\nlabels = [\"billing\"]\n",
        ),
        (THREE, "depends_on = [\"20260101000000\"]\n"),
        (FOUR, "depends_on = [\"20260201000000\"]\n"),
    ] {
        project.metadata(
            name,
            &format!("run_in_transaction = true\n\n[manage]\n{lines}"),
        );
    }
    let out = project.run("migrate billing@head").ok();
    out.says("default is at 2026-04-01-000000_four (head).");
    assert_eq!(
        state(server),
        (
            texts(&["20260101000000", "20260201000000", "20260401000000"]),
            texts(&["four", "one", "two"])
        )
    );
    // Three is older than four, and on another branch: no question.
    let out = project.run("migrate").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-03-01-000000_three  (2 statements, [elapsed])\n"
    );
    out.says("default is at 2026-03-01-000000_three (head) and 2026-04-01-000000_four (head).");
    let out = project.run("downgrade billing@-1 -y").ok();
    assert_eq!(
        out.stdout,
        "  reverted 2026-04-01-000000_four  (1 statement, [elapsed])\n"
    );
    let _ = project.run("downgrade billing@base -y").ok();
    assert_eq!(server.versions(), ["20260101000000", "20260301000000"]);
}

fn folders(server: &Server) {
    let project = Project::on(server);
    project.settings(&format!(
        "connections:\n  default:\n    url: {}\n    migrations: [core, billing]\n",
        server.url()
    ));
    for (folder, name) in [("core", ONE), ("billing", TWO), ("core", THREE)] {
        write(&project, name);
        let from = project.folder_of(name);
        let to = project.path(folder);
        std::fs::create_dir_all(&to).expect("a folder can be made");
        std::fs::rename(from, to.join(name)).expect("a folder can be moved");
    }
    project.file(
        format!("billing/{TWO}/metadata.toml"),
        "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260101000000\"]\n",
    );
    let _ = project.run("migrate billing@head").ok();
    assert_eq!(server.versions(), ["20260101000000", "20260201000000"]);
    let _ = project.run("migrate").ok();
    assert_eq!(server.versions().len(), 3);
    // What follows the first of the core lies in the other folder.
    let out = project.run("downgrade core@base -y").ok();
    assert_eq!(
        out.stdout,
        "  reverted 2026-03-01-000000_three  (1 statement, [elapsed])\n  \
           reverted 2026-02-01-000000_two  (1 statement, [elapsed])\n  \
           reverted 2026-01-01-000000_one  (1 statement, [elapsed])\n"
    );
    assert_eq!(server.versions(), Vec::<String>::new());
}
