//! The lock on a database: who is waited for, what frees it, what its loss leads to.

use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;
use libtest_mimic::{Completion, Failed};

use crate::late_answer::{self, Fate};
use crate::support::{Pooler, Probe, Project, Running, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("a_run_that_waits_says_for_whom", waits);
    trials.everywhere("a_lock_is_shown_and_nothing_is_written", shown);
    trials.everywhere("a_killed_run_holds_no_lock", killed);
    trials.everywhere("a_hook_needs_no_lock_of_its_own", hook);
    trials.everywhere("a_command_of_rows_alone_waits_too", rows_wait);
    trials.on(
        &SERVERS,
        "a_lock_that_is_taken_away_stops_the_run_before_its_next_statement",
        taken_away,
    );
    trials.on(
        &SERVERS,
        "a_lock_is_seen_by_whoever_may_only_look",
        seen_by_another,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_file_that_a_dead_process_left_is_no_lock",
        left_behind,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_database_has_one_lock_however_its_path_is_written",
        one_file,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_lock_on_a_file_is_taken_by_nobody",
        not_from_files,
    );
    trials.on(
        &[Backend::Postgres],
        "a_limit_on_idle_sessions_takes_no_lock_away",
        idle,
    );
    trials.on(
        &SERVERS,
        "what_is_accepted_without_the_lock_is_not_recorded",
        accepted_without,
    );
    trials.on(
        &SERVERS,
        "what_is_marked_without_the_lock_is_not_recorded_and_not_forgotten",
        marked_without,
    );
    trials.deciding(
        Backend::Postgres,
        "behind_a_pooler_a_lease_is_the_lock",
        |server| behind_a_pooler(server, lease),
    );
    trials.deciding(
        Backend::Postgres,
        "a_run_behind_a_pooler_and_one_without_keep_each_other_out",
        |server| behind_a_pooler(server, both_ways),
    );
    trials.deciding(
        Backend::Postgres,
        "behind_a_pooler_roles_with_schemas_of_their_own_share_a_lease",
        own_schemas,
    );
    trials.on(
        &[Backend::Mysql],
        "a_late_answer_about_a_lease_is_not_taken_for_the_next_one",
        late_answer,
    );
    trials.deciding(
        Backend::Postgres,
        "behind_a_pooler_the_daily_round_works",
        |server| behind_a_pooler(server, daily_round),
    );
}

pub(crate) fn behind_a_pooler(
    server: &Server,
    test: fn(&Server, &str),
) -> Result<Completion, Failed> {
    match Pooler::before(server) {
        Ok(pooler) => {
            test(server, &pooler.url(server));
            Ok(Completion::Completed)
        }
        Err(missing) if missing.is_failure => Err(missing.reason.into()),
        Err(missing) => Ok(Completion::ignored_with(missing.reason)),
    }
}

/// What the long statement waits for, as long as this is there. A file has no such thing.
struct Gate(Option<Probe>);

impl Gate {
    fn closed(server: &Server) -> Self {
        let close = match server.backend() {
            Backend::Sqlite => return Self(None),
            Backend::Postgres => "SELECT pg_advisory_lock(4711)",
            Backend::Mysql => "DO GET_LOCK(CONCAT('gate.', DATABASE()), 0)",
        };
        let mut probe = server.probe();
        probe.execute(close);
        Self(Some(probe))
    }

    fn open(self) {
        drop(self.0);
    }
}

/// A statement that waits for the gate, and changes nothing; on SQLite it just takes long.
fn long(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => {
            "INSERT INTO slow WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9000000) \
             SELECT max(x) FROM n;"
        }
        Backend::Postgres => "SELECT pg_advisory_xact_lock(4711);",
        Backend::Mysql => "DO GET_LOCK(CONCAT('gate.', DATABASE()), 600);",
    }
}

/// A migration that takes long in its middle.
pub(crate) fn slow(server: &Server) -> Project {
    let project = Project::on(server);
    write_slow(server, &project);
    project
}

fn write_slow(server: &Server, project: &Project) {
    project.migration(
        "2026-01-01-000000_slow",
        &format!(
            "CREATE TABLE slow (id INTEGER);\n{}\nCREATE TABLE late (id INTEGER);\n",
            long(server.backend())
        ),
        Some("DROP TABLE late;\nDROP TABLE slow;\n"),
    );
}

/// Starts a run and waits until it holds the lock.
pub(crate) fn under_way(project: &Project, command: &str) -> Running {
    let running = project.manage(command).start();
    let begun = Instant::now();
    while !is_held(project) {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
        thread::sleep(Duration::from_millis(10));
    }
    running
}

pub(crate) fn is_held(project: &Project) -> bool {
    let out = project.run("lock status --json").ok();
    out.json()[0]["held"] == true
}

/// The one who holds it, as others see it here.
pub(crate) fn holder(server: &Server, project: &Project) -> String {
    let out = project.run("lock status --json").ok();
    let holder = &out.json()[0]["holder"];
    let pid = holder["pid"].as_i64().expect("the holder has a number");
    match server.backend() {
        Backend::Mysql => {
            let (user, host) = (&holder["user"], &holder["host"]);
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            format!("by {} on {} (pid {pid})", text(user), text(host))
        }
        Backend::Sqlite | Backend::Postgres => {
            format!("manage migrate by tester on testhost (pid {pid}) since [time] UTC")
        }
    }
}

fn waits(server: &Server) {
    let project = slow(server);
    let gate = Gate::closed(server);
    let running = under_way(&project, "migrate");
    let by = holder(server, &project);
    project
        .run("migrate --lock-timeout 0")
        .exits(1)
        .shows(&format!(
            "
            --- stderr ---
            error: another run is changing this database: {by}
              nothing was run
            hint: wait longer: --lock-timeout 10m
            hint: see who it is: manage lock status
            [exit 1]
            "
        ));
    // Long enough to see who has it, and not as long as that takes.
    let (limit, told) = match server.backend() {
        Backend::Sqlite => ("100ms", "[elapsed]"),
        Backend::Postgres | Backend::Mysql => ("3s", "3 seconds"),
    };
    let out = project
        .run(&format!("migrate --lock-timeout {limit}"))
        .exits(1);
    out.says(&format!(
        "default: waiting for another run, up to {told}: {by}"
    ))
    .says(&format!(
        "error: another run is changing this database: {by}"
    ));
    let mut waiting = project.manage("migrate --lock-timeout 60s").start();
    waiting.until("waiting for another run");
    gate.open();
    waiting
        .wait()
        .ok()
        .says(&format!(
            "default: waiting for another run, up to 60 seconds: {by}"
        ))
        .says("default: nothing to apply.");
    let _ = running.wait().ok();
}

fn shown(server: &Server) {
    let project = slow(server);
    project.run("lock status").ok().shows(
        "
        default: nobody holds the lock
        ",
    );
    assert_eq!(server.tables(), Vec::<String>::new());
    let gate = Gate::closed(server);
    let running = under_way(&project, "migrate");
    let by = holder(server, &project);
    project.run("lock status").ok().shows(&format!(
        "
        default: held by {by}
        --- stderr ---
        hint: if nobody is at work there any more: manage lock release
        "
    ));
    gate.open();
    let _ = running.wait().ok();
    project.run("lock release").ok().shows(
        "
        --- stderr ---
        default: nobody holds the lock.
        ",
    );
}

fn killed(server: &Server) {
    let project = slow(server);
    let _gate = Gate::closed(server);
    let running = under_way(&project, "migrate");
    running.signal("KILL");
    drop(running);
    let begun = Instant::now();
    while is_held(&project) {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it is still held"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

fn hook(server: &Server) {
    let project = Project::on(server);
    let manage = env!("CARGO_BIN_EXE_manage");
    project.settings(&format!(
        "connections:\n  main:\n    url: {}\nhooks:\n  pre_migrate:\n    - [{manage}, ensure-version, --lock-timeout, '0']\n",
        server.url()
    ));
    project.migration(
        "2025-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        None,
    );
    let out = project
        .manage("migrate")
        .env("PATH", "/usr/bin:/bin")
        .run()
        .ok();
    out.says("main: table `__diesel_schema_migrations` created.");
    // The token of a lock that is gone opens nothing.
    write_slow(server, &project);
    let gate = Gate::closed(server);
    let running = under_way(&project, "migrate");
    let out = project
        .manage("stamp base --lock-timeout 0")
        .env("MANAGE_LOCK", "file:0000")
        .run();
    let _ = out.exits(1);
    gate.open();
    let _ = running.wait().ok();
}

fn rows_wait(server: &Server) {
    let project = slow(server);
    let gate = Gate::closed(server);
    let running = under_way(&project, "migrate");
    for command in [
        "stamp head --lock-timeout 0",
        "downgrade base -y --lock-timeout 0",
        "dropdb --confirm nothing --lock-timeout 0",
    ] {
        let out = project.run(command);
        assert!(matches!(out.status, Some(0..=2)), "{command}:\n{out}");
    }
    project
        .run("stamp head --lock-timeout 0")
        .exits(1)
        .says(&format!(
            "error: another run is changing this database: {}",
            holder(server, &project)
        ));
    gate.open();
    let _ = running.wait().ok();
}

fn taken_away(server: &Server) {
    let project = slow(server);
    let gate = Gate::closed(server);
    let running = under_way(&project, "migrate");
    let by = holder(server, &project);
    project.run("lock release").exits(4).shows(&format!(
        "
        --- stderr ---
        error: this would take the lock from {by}, and nobody can be asked
          nothing was changed
        hint: do it without asking: --yes
        [exit 4]
        "
    ));
    project.run("lock release --yes").ok().shows(&format!(
        "
        --- stderr ---
        default: the lock was taken from {by}.
        "
    ));
    gate.open();
    let out = running.wait().exits(1);
    let said = out.stderr.clone();
    assert!(
        said.contains("the lock on the database was lost, so another run may be at work"),
        "{out}"
    );
    assert!(!server.tables().contains(&"late".to_owned()), "{out}");
    assert_eq!(server.versions(), Vec::<String>::new());
}

/// Whoever may only look learns that it is held, and cannot end that.
fn seen_by_another(server: &Server) {
    let owner = slow(server);
    let user = server.user("reader", "rd-secret-1");
    if server.backend() == Backend::Mysql {
        let name = server.name();
        server.execute(&format!(
            "CREATE TABLE any_table (id INTEGER); \
             GRANT SELECT ON {name}.any_table TO '{user}'@'%', '{user}'@'localhost'"
        ));
    }
    let mut reader = Project::new().url(&server.url_as(&user, Some("rd-secret-1")));
    reader.hide(server);
    reader.file("migrations/.gitkeep", "");
    let gate = Gate::closed(server);
    let running = under_way(&owner, "migrate");
    let out = reader.run("lock status --json").ok();
    assert_eq!(out.json()[0]["held"], true);
    let pid = &out.json()[0]["holder"]["pid"];
    let (by, refusal) = match server.backend() {
        Backend::Mysql => (
            format!("(pid {pid})"),
            format!("You are not owner of thread {pid}"),
        ),
        Backend::Sqlite | Backend::Postgres => (
            format!("manage migrate by tester on testhost (pid {pid})"),
            // More around it in each version.
            "terminate".to_owned(),
        ),
    };
    let out = reader.run("lock release -y").exits(1);
    out.says(&format!("error: cannot take the lock from {by}"))
        .says("  nothing was changed")
        .says(
            "hint: connect as the user who holds it, or as one who may end the sessions of others",
        );
    assert!(out.stderr.contains(&refusal), "{out}");
    gate.open();
    let _ = running.wait().ok();
}

/// Its session says nothing for as long as a statement takes.
fn idle(server: &Server) {
    server.execute(&format!(
        "ALTER DATABASE {} SET idle_session_timeout = '1s'",
        server.name()
    ));
    let project = Project::on(server);
    project.migration("2026-01-01-000000_long", "SELECT pg_sleep(3);", None);
    let _ = project.run("migrate").ok();
}

fn accepted_without(server: &Server) {
    let project = Project::on(server);
    let name = "2026-01-01-000000_one";
    project.migration(name, "CREATE TABLE one (id INTEGER);", None);
    let _ = project.run("migrate").ok();
    project.migration(name, "CREATE TABLE one (id BIGINT);", None);
    take_while_waiting(
        server,
        &project,
        "__manage_history",
        "accept one --reason mended",
    );
    assert_eq!(
        server.lines("SELECT action FROM __manage_history"),
        ["apply"]
    );
}

fn marked_without(server: &Server) {
    let project = Project::on(server);
    let name = "2026-01-01-000000_one";
    project
        .migration(
            name,
            match server.backend() {
                Backend::Mysql => "CREATE TABLE one (id INTEGER);\nDROP TABLE nowhere;\n",
                // What cannot be in a transaction, so that none protects it.
                Backend::Postgres | Backend::Sqlite => {
                    "CREATE TABLE one (id INTEGER);\nVACUUM nowhere;\n"
                }
            },
            None,
        )
        .metadata(name, "run_in_transaction = false\n");
    let _ = project.run("migrate").exits(1);
    for (table, command) in [
        ("__manage_history", "resume --mark-done"),
        ("__manage_journal", "resume --mark-undone"),
    ] {
        take_while_waiting(server, &project, table, command);
        assert_eq!(server.versions(), [""; 0]);
        assert_eq!(
            server.value("SELECT count(*) > 0 FROM __manage_journal"),
            server.value("SELECT 1 = 1"),
            "{command}"
        );
    }
}

/// Takes the lock away while a table of ours keeps a run waiting, and lets it go on.
fn take_while_waiting(server: &Server, project: &Project, table: &str, command: &str) {
    let mut probe = server.probe();
    probe.execute(&match server.backend() {
        Backend::Mysql => format!("LOCK TABLES {table} READ"),
        Backend::Postgres => format!("BEGIN; LOCK TABLE {table} IN SHARE MODE"),
        Backend::Sqlite => panic!("there the lock is the file's"),
    });
    let running = project.manage(command).start();
    let waits = match server.backend() {
        Backend::Mysql => {
            "SELECT COUNT(*) > 0 FROM information_schema.processlist \
             WHERE db = database() AND state LIKE 'Waiting for table metadata lock%'"
        }
        Backend::Postgres | Backend::Sqlite => {
            "SELECT CASE WHEN count(*) > 0 THEN 1 ELSE 0 END FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'"
        }
    };
    let begun = Instant::now();
    while server.value(waits) != "1" {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never waited");
        thread::sleep(Duration::from_millis(10));
    }
    let _ = project.run("lock release --yes").ok();
    probe.execute(match server.backend() {
        Backend::Mysql => "UNLOCK TABLES",
        Backend::Postgres | Backend::Sqlite => "ROLLBACK",
    });
    running
        .wait()
        .exits(1)
        .says("error: the lock on the database was lost, so another run may be at work");
}

fn left_behind(server: &Server) {
    let project = slow(server);
    let running = under_way(&project, "migrate");
    running.signal("KILL");
    let _ = running.wait();
    let file = format!("{}.manage-lock", server.url());
    assert!(std::fs::read_to_string(&file).is_ok_and(|text| text.contains("user: tester")));
    project.run("lock status").ok().shows(
        "
        default: nobody holds the lock
        ",
    );
    let _ = project.run("migrate --lock-timeout 0").ok();
    assert!(!std::path::Path::new(&file).exists(), "it is taken away");
}

fn one_file(server: &Server) {
    let project = slow(server);
    std::fs::write(server.url(), "").expect("the file can be made");
    let link = project.path("link.db");
    std::os::unix::fs::symlink(server.url(), &link).expect("links can be made");
    let running = under_way(&project, "migrate");
    let out = project
        .manage("migrate --lock-timeout 0 --database-url")
        .arg(format!("sqlite://{}", link.display()))
        .run();
    let _ = out.exits(1);
    let _ = running.wait().ok();
}

fn not_from_files(server: &Server) {
    let project = slow(server);
    let running = under_way(&project, "migrate");
    let pid = running.id();
    let by = holder(server, &project);
    project.run("lock release --yes").exits(1).shows(&format!(
        "
        --- stderr ---
        error: the lock is held by {by}, and ends only with that process
          nothing was changed
        hint: end it, on testhost: kill {pid}
        hint: what it was doing is rolled back, and the next run goes on from there
        [exit 1]
        "
    ));
    let _ = running.wait().ok();
}

fn lease(server: &Server, url: &str) {
    let project = slow(server).url(url);
    let gate = Gate::closed(server);
    let running = under_way(&project, "migrate");
    let by = holder(server, &project);
    assert_eq!(server.value("SELECT count(*) FROM __manage_lock"), "1");
    project
        .run("migrate --lock-timeout 0")
        .exits(1)
        .says(&format!(
            "error: another run is changing this database: {by}"
        ));
    running.signal("KILL");
    let _ = running.wait();
    gate.open();
    // Nobody takes it back, so it has to end by itself; the test need not wait for that.
    let _ = project.run("migrate --lock-timeout 0").exits(1);
    server.execute("UPDATE __manage_lock SET expires_at = now() - interval '1 second'");
    let _ = project.run("migrate").ok();
    assert_eq!(server.value("SELECT count(*) FROM __manage_lock"), "0");
    assert_eq!(server.versions(), ["20260101000000"]);

    let _ = project.run("downgrade base -y").ok();
    let gate = Gate::closed(server);
    let running = under_way(&project, "migrate");
    let _ = project.run("lock release --yes").ok();
    gate.open();
    let out = running.wait().exits(1);
    assert!(
        out.stderr.contains("the lock on the database was lost"),
        "{out}"
    );
    assert_eq!(server.versions(), Vec::<String>::new());
}

fn both_ways(server: &Server, url: &str) {
    let direct = slow(server);
    let pooled = slow(server).url(url);
    for (first, second) in [(&direct, &pooled), (&pooled, &direct)] {
        let gate = Gate::closed(server);
        let running = under_way(first, "migrate");
        assert!(is_held(second));
        let _ = second.run("migrate --lock-timeout 0").exits(1);
        let mut waiting = second.manage("migrate --lock-timeout 60s").start();
        waiting.until("waiting for another run");
        gate.open();
        let _ = waiting.wait().ok();
        let _ = running.wait().ok();
        let _ = first.run("downgrade base -y").ok();
    }
}

/// Of two roles one has a schema of its own name, so tables of theirs would be in different ones. The
/// ledger is one, so the lease is one.
fn own_schemas(server: &Server) -> Result<Completion, Failed> {
    const PASSWORD: &str = "rl-secret-1";
    let (plain, owner) = (
        server.user("plain", PASSWORD),
        server.user("owner", PASSWORD),
    );
    server.execute(&format!(
        "GRANT ALL ON SCHEMA public TO {plain}, {owner}; CREATE SCHEMA {owner} AUTHORIZATION {owner}"
    ));
    let poolers = [&plain, &owner].map(|role| Pooler::of_role(server, role, PASSWORD));
    let poolers = match poolers {
        [Ok(plain), Ok(owner)] => [plain, owner],
        [Err(missing), _] | [_, Err(missing)] if missing.is_failure => {
            return Err(missing.reason.into());
        }
        [Err(missing), _] | [_, Err(missing)] => {
            return Ok(Completion::ignored_with(missing.reason));
        }
    };
    let directly = server.url_as(&owner, Some(PASSWORD));
    let urls = [poolers[0].url(server), poolers[1].url(server), directly];
    let [plainly, owning, direct] = urls.map(|url| {
        let project = slow(server).url(&url);
        project.migration("2025-01-01-000000_start", "SELECT 1;", Some("SELECT 1;"));
        project
    });
    let _ = plainly.run("migrate start").ok();
    server.execute(&format!(
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO {owner}; \
         GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {owner}"
    ));
    for (first, others) in [
        (&plainly, [&owning, &direct]),
        (&owning, [&plainly, &direct]),
    ] {
        let gate = Gate::closed(server);
        let running = under_way(first, "migrate");
        let by = holder(server, first);
        for other in others {
            other
                .run("migrate --lock-timeout 0")
                .exits(1)
                .says(&format!(
                    "error: another run is changing this database: {by}"
                ));
        }
        gate.open();
        let _ = running.wait().ok();
        let _ = first.run("downgrade start -y").ok();
    }
    let place = "SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace \
                 WHERE relname = '__manage_lock'";
    assert_eq!(server.lines(place), ["public"]);
    // Whoever may end a lease ends that one.
    let gate = Gate::closed(server);
    let running = under_way(&plainly, "migrate");
    let _ = owning.run("lock release --yes").ok();
    assert!(!is_held(&plainly));
    gate.open();
    let _ = running.wait().exits(1);
    Ok(Completion::Completed)
}

/// The keeper's session does not answer in time, and answers then.
fn late_answer(server: &Server) {
    let (url, told) = late_answer::before(server);
    let project = slow(server).url(&url);
    let gate = Gate::closed(server);
    let running = under_way(&project, "migrate");
    assert_eq!(server.value("SELECT count(*) FROM __manage_lock"), "1");
    let fate = told.recv_timeout(Duration::from_secs(60));
    assert_eq!(fate, Ok(Fate::LetGo));
    gate.open();
    let _ = running.wait().ok();
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn daily_round(server: &Server, url: &str) {
    let project = Project::on(server);
    project.settings(&format!(
        "connections:\n  main:\n    url: {url}\n    statement_timeout: 60s\n    ddl_lock_timeout: 10s\n"
    ));
    project.migration(
        "2026-01-01-000000_one",
        "SET search_path TO '';\nCREATE TABLE public.one (id INTEGER);\n\
         INSERT INTO public.one SELECT (current_setting('statement_timeout') = '1min')::int;\n",
        Some("DROP TABLE one;"),
    );
    project.migration(
        "2026-02-01-000000_index",
        "CREATE INDEX CONCURRENTLY one_id ON one (id);\nCREATE INDEX CONCURRENTLY one_id_2 ON one (id, id);",
        Some("DROP INDEX one_id_2;\nDROP INDEX one_id;"),
    );
    project.metadata("2026-02-01-000000_index", "run_in_transaction = false\n");
    for _ in 0..10 {
        let _ = project.run("migrate").ok();
        assert_eq!(server.value("SELECT id FROM one"), "1");
        for command in [
            "showmigrations",
            "history",
            "current",
            "redo -2 -y",
            "lock status",
        ] {
            let _ = project.run(command).ok();
        }
        let _ = project.run("downgrade base -y").ok();
    }
}
