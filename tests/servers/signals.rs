//! Signals to a run that waits: for another run, before another try, for a hook.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;

use crate::locks::{behind_a_pooler, is_held};
use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere(
        "signals::a_run_that_waits_for_another_one_ends_and_leaves_nothing",
        queueing,
    );
    trials.deciding(
        Backend::Postgres,
        "signals::a_run_that_waits_behind_a_pooler_leaves_no_lease",
        |server| behind_a_pooler(server, queueing_for_a_lease),
    );
    trials.everywhere("signals::a_hook_is_ended_with_all_that_it_started", hook);
}

const SIGNALS: [(&str, i32); 2] = [("INT", 130), ("TERM", 143)];

/// A project whose runs keep the lock until [`let_go`], with a hook.
fn kept(server: &Server) -> Project {
    let project = Project::on(server);
    project.settings(
        "connections: { default: { url: \"${DATABASE_URL}\" } }\n\
         hooks: { pre_migrate: [[sh, -c, \"while [ -e settings.yaml ] && [ ! -e go ]; do sleep 0.05; done\"]] }\n",
    );
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);\n",
        Some("DROP TABLE one;\n"),
    );
    project.variable("PATH", "/usr/bin:/bin")
}

fn let_go(project: &Project) {
    project.file("go", "");
}

/// The sessions of the database but for the test's own, or the files beside a file.
fn others(server: &Server) -> Vec<String> {
    match server.backend() {
        Backend::Sqlite => {
            let file = std::path::Path::new(server.url());
            let folder = file.parent().expect("it is in a folder");
            let mut names: Vec<_> = std::fs::read_dir(folder)
                .expect("the folder is there")
                .map(|item| {
                    let item = item.expect("the folder can be listed");
                    item.file_name().to_string_lossy().into_owned()
                })
                .collect();
            names.sort();
            names
        }
        Backend::Postgres => server.lines(
            "SELECT CAST(pid AS text) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY pid",
        ),
        Backend::Mysql => server.lines(
            "SELECT CAST(id AS CHAR) FROM information_schema.processlist \
             WHERE db = database() AND id <> connection_id() ORDER BY id",
        ),
    }
}

/// Sessions end a moment after their process.
fn settles(server: &Server, expected: &[String]) {
    let begun = Instant::now();
    loop {
        let now = others(server);
        if now == expected {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "left behind: {now:?}, and not {expected:?}"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

/// What a run has that holds the lock: on a server the session that works and the one that keeps the lock.
fn holders(server: &Server) -> Vec<String> {
    let begun = Instant::now();
    loop {
        let now = others(server);
        if server.backend() == Backend::Sqlite || now.len() == 2 {
            return now;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{now:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn queueing(server: &Server) {
    let project = kept(server);
    let mut holding = project.manage("migrate").start();
    holding.until("Running hooks.pre_migrate");
    // Nobody looks at the same moment.
    assert!(is_held(&project));
    let before = holders(server);
    for (signal, code) in SIGNALS {
        let mut waiting = project.manage("migrate --lock-timeout 10m").start();
        waiting.until("waiting for another run");
        waiting.signal(signal);
        let out = waiting.wait().exits(code);
        out.says("cancelled: stopped while waiting for another run")
            .says("  nothing was run");
        assert!(is_held(&project));
        settles(server, &before);
    }
    let_go(&project);
    let _ = holding.wait().ok();
    assert_eq!(server.versions(), ["20260101000000"]);
    assert!(!is_held(&project));
}

fn queueing_for_a_lease(server: &Server, url: &str) {
    let project = kept(server).url(url);
    let mut holding = project.manage("migrate").start();
    holding.until("Running hooks.pre_migrate");
    let lease = "SELECT holder FROM __manage_lock";
    let before = server.lines(lease);
    assert_eq!(before.len(), 1);
    for (signal, code) in SIGNALS {
        let mut waiting = project.manage("migrate --lock-timeout 10m").start();
        waiting.until("waiting for another run");
        waiting.signal(signal);
        let _ = waiting.wait().exits(code);
        assert_eq!(server.lines(lease), before);
    }
    let_go(&project);
    let _ = holding.wait().ok();
    assert_eq!(server.lines(lease), [""; 0]);
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn is_alive(process: &str) -> bool {
    let listed = Command::new("ps")
        .args(["-o", "stat=", "-p", process])
        .output()
        .expect("there is a `ps`");
    // One that has ended and was not waited for yet is a `Z`.
    let state = String::from_utf8_lossy(&listed.stdout);
    !state.trim().is_empty() && !state.contains('Z')
}

fn hook(server: &Server) {
    let project = Project::on(server).variable("PATH", "/usr/bin:/bin");
    project.settings(
        "connections: { default: { url: \"${DATABASE_URL}\" } }\n\
         hooks: { pre_migrate: [[sh, -c, \"sh -c 'echo $$ > begun; mv begun started; exec sleep 1000'; true\"]] }\n",
    );
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);\n",
        None,
    );
    for (signal, code) in SIGNALS {
        let running = project.manage("migrate").without_terminal().start();
        let started = project.path("started");
        let begun = Instant::now();
        while !started.exists() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
            thread::sleep(Duration::from_millis(5));
        }
        let process = project.read("started").trim().to_owned();
        std::fs::remove_file(&started).expect("it is there");
        assert!(is_alive(&process));
        running.signal(signal);
        let out = running.wait().exits(code);
        out.says("  nothing was run");
        while is_alive(&process) {
            assert!(begun.elapsed() < Duration::from_secs(60), "it lives on");
            thread::sleep(Duration::from_millis(5));
        }
        assert!(!is_held(&project));
    }
    assert_eq!(server.versions(), [""; 0]);
}
