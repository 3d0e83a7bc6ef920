//! Two developers add migrations on two branches of a git repository; each has a database of their own.

use crate::support::{DieselRunner, Git, Project, Server};
use crate::trials::Trials;

type Story = (&'static str, fn(&Server));

#[expect(
    clippy::disallowed_methods,
    reason = "the variable decides whether a missing git is a failure"
)]
pub(crate) fn add(trials: &mut Trials) {
    const STORIES: [Story; 4] = [
        ("two_developers_join_their_branches", branches_are_joined),
        ("two_developers_rebase_one_branch", one_is_rebased),
        ("two_developers_with_a_linear_history_merge", linear_merge),
        ("two_developers_with_a_linear_history_rebase", linear_rebase),
    ];
    for (name, story) in STORIES {
        if Git::is_there() || std::env::var_os("CI").is_some() {
            trials.everywhere(name, story);
        } else {
            trials.ignored(name, "there is no git".to_owned());
        }
    }
}

/// 2026-05-01 12:00:00 UTC.
const MAY: i64 = 1_777_636_800;
const HOUR: i64 = 3_600;

const BASE: &str = "2026-05-01-120000_create_books";
const ALICES: &str = "2026-05-01-130000_create_loans";
const BOBS: &str = "2026-05-01-140000_create_shelves";
const SAME_BOBS: &str = "2026-05-01-125500_create_shelves";

/// The databases of both, and a repository in which each has a branch with one migration that is applied
/// to the own database.
struct World<'a> {
    alice: &'a Server,
    bob: Server,
    project: Project,
    git: Git,
}

impl<'a> World<'a> {
    fn new(alice: &'a Server, more: &str, bobs: &str) -> Self {
        let bob = Server::new(alice.backend()).expect("there was one a moment ago");
        let mut project = Project::new();
        project.hide_as(alice, "_A");
        project.hide_as(&bob, "_B");
        let connection = |name: &str, server: &Server| {
            format!(
                "  {name}:\n    url: {}\n    migrations: migrations\n{more}",
                server.url()
            )
        };
        project.settings(&format!(
            "default: alice\nconnections:\n{}{}",
            connection("alice", alice),
            connection("bob", &bob)
        ));
        write(&project, BASE, MAY);
        let _ = project.run("migrate --all").ok();
        let git = Git::init(&project);
        git.ok("checkout -q -b alice");
        write(&project, ALICES, MAY + HOUR);
        let _ = project.run("migrate -d alice").ok();
        git.commit("Loans");
        git.ok("checkout -q main");
        git.ok("checkout -q -b bob");
        let time = if bobs == SAME_BOBS {
            MAY + HOUR - 300
        } else {
            MAY + 2 * HOUR
        };
        write(&project, bobs, time);
        let _ = project.run("migrate -d bob").ok();
        git.commit("Shelves");
        Self {
            alice,
            bob,
            project,
            git,
        }
    }

    /// Both databases have the same, Diesel runs the folder from nothing to the same, and nothing is left
    /// to be said.
    fn is_one_again(&self) {
        let project = &self.project;
        let _ = project.run("check --all").ok();
        assert_eq!(self.alice.versions(), self.bob.versions());
        assert_eq!(self.alice.tables(), self.bob.tables());
        for server in [self.alice, &self.bob] {
            let runner = DieselRunner::new(server, project);
            assert_eq!(runner.pending(), Vec::<String>::new());
        }
        let schema = |name: &str| project.run(&format!("inspectdb -q -d {name}")).ok().stdout;
        assert_eq!(schema("alice"), schema("bob"));
        let third = Server::new(self.alice.backend()).expect("there was one a moment ago");
        let runner = DieselRunner::new(&third, project);
        assert_eq!(runner.run_pending(), self.alice.versions());
        let own = |server: &Server| {
            let mut tables = server.tables();
            tables.retain(|table| !table.starts_with("__manage"));
            tables
        };
        assert_eq!(own(&third), own(self.alice));
        project
            .run("migrate --all")
            .ok()
            .says("alice: nothing to apply.");
    }
}

/// Writes a migration as its author does: by the command, then with SQL of their own.
fn write(project: &Project, name: &str, time: i64) {
    let (_, slug) = name.split_once('_').expect("a name has a version");
    let table = slug.trim_start_matches("create_");
    let _ = project
        .manage("makemigrations --empty")
        .arg(slug.replace('_', " "))
        .at(time)
        .run()
        .ok();
    project.migration(
        name,
        &format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY NOT NULL);\n"),
        Some(&format!("DROP TABLE {table};\n")),
    );
}

/// A migration that joins both branches is proved and written; each database takes what it lacks.
fn branches_are_joined(server: &Server) {
    let world = World::new(server, "", BOBS);
    let project = &world.project;
    world.git.ok("checkout -q main");
    world.git.ok("merge -q alice");
    world.git.ok("merge -q --no-edit bob");
    let out = project.run("check").exits(3);
    out.says("  hint: manage merge")
        .says("  hint: manage rebase");
    let out = project.run("check --format github").exits(3);
    assert!(out.stdout.starts_with("::error "), "{}", out.stdout);
    let _ = project.run("migrate -d alice").exits(4);

    let before = (world.alice.versions(), world.bob.versions());
    let _ = project.manage("merge").at(MAY + 3 * HOUR).run().ok();
    assert_eq!((world.alice.versions(), world.bob.versions()), before);
    world.git.commit("Join");
    // Neither side comes before the other, so neither database has anything out of order.
    let _ = project.run("migrate --all").ok();
    assert_eq!(
        world.bob.versions(),
        [
            "20260501120000",
            "20260501130000",
            "20260501140000",
            "20260501150000"
        ]
    );
    world.is_one_again();
}

/// Bob's goes after Alice's, though his database has it: its row moves.
fn one_is_rebased(server: &Server) {
    let world = World::new(server, "", SAME_BOBS);
    let project = &world.project;
    world.git.ok("checkout -q main");
    world.git.ok("merge -q alice");
    world.git.ok("merge -q --no-edit bob");
    let _ = project.run("check").exits(3);

    // Each database has a side, and the work is on a branch that belongs to both.
    let out = project.run("rebase").exits(4);
    out.says(&format!("hint: move this one: manage rebase {ALICES}"))
        .says(&format!("hint: move this one: manage rebase {SAME_BOBS}"));
    let out = project.run("rebase create_shelves").exits(1);
    out.says(&format!(
        "error: `{SAME_BOBS}` is applied on `bob`, so it is not moved"
    ));
    let alices = world.alice.versions();
    let _ = project
        .manage("rebase create_shelves --move-applied --yes")
        .at(MAY + 3 * HOUR)
        .run()
        .ok();
    assert_eq!(world.alice.versions(), alices);
    assert_eq!(world.bob.versions(), ["20260501120000", "20260501150000"]);
    let _ = project.run("check").ok();

    let _ = project.run("migrate -d alice").ok();
    // His database has them the other way round, which is a decision.
    let _ = project.run("migrate -d bob").exits(4);
    let _ = project.run("migrate -d bob --on-out-of-order apply").ok();
    assert_eq!(
        world.bob.versions(),
        ["20260501120000", "20260501130000", "20260501150000"]
    );
    world.is_one_again();
    world.git.commit("Rebase");
}

const LINEAR: &str = "    linear_history: true\n";

/// Git itself stops, and Bob, whose database has nothing yet, puts his after hers.
fn linear_merge(server: &Server) {
    let world = World::new(server, LINEAR, BOBS);
    let project = &world.project;
    let _ = project.run("downgrade -y -d bob").ok();
    assert_eq!(
        world.git.conflicts("merge -q alice"),
        ["migrations/latest.txt"]
    );
    let _ = project.run("check").exits(3);
    let out = project
        .manage("rebase -d bob")
        .at(MAY + 3 * HOUR)
        .run()
        .ok();
    // It sorts last already, so only what it follows changes.
    assert_eq!(
        out.stdout,
        format!("{BOBS}\n  follows {ALICES}  (before: {BASE})\n")
    );
    assert_eq!(project.read("migrations/latest.txt"), format!("{BOBS}\n"));
    world.git.commit("Merge");
    assert_eq!(world.git.ok("status --porcelain"), "");
    let _ = project.run("migrate --all").ok();
    world.is_one_again();
}

/// The same while git rebases: there, what git calls ours is the other branch.
fn linear_rebase(server: &Server) {
    let world = World::new(server, LINEAR, SAME_BOBS);
    let project = &world.project;
    // Nobody's database has either, and in Bob's folder hers is not to be found.
    for name in ["alice", "bob"] {
        let back = format!("downgrade -y -d {name} {BASE} --on-missing ignore");
        let _ = project.run(&back).ok();
    }
    assert_eq!(
        world.git.conflicts("rebase -q alice"),
        ["migrations/latest.txt"]
    );
    let out = project.manage("rebase").at(MAY + 3 * HOUR).run().ok();
    out.says("alice: moving 1 migration after all others; git is rebasing it");
    assert_eq!(
        out.stdout,
        format!(
            "{SAME_BOBS} -> 2026-05-01-150000_create_shelves\n  follows {ALICES}  (before: {BASE})\n"
        )
    );
    assert_eq!(
        project.read("migrations/latest.txt"),
        "2026-05-01-150000_create_shelves\n"
    );
    world.git.ok("add -A");
    world.git.ok("rebase --continue");
    assert_eq!(world.git.ok("status --porcelain"), "");
    let _ = project.run("migrate --all").ok();
    world.is_one_again();
}
