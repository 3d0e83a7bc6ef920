//! A table of commands and situations: what reads says the same with the right to read alone, and what
//! writes leaves nothing behind where it may not.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;

use crate::own_server::{self, OwnServer};
use crate::support::{Invocation, Output, Probe, Project, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];

/// Everything that only looks.
const READING: &[&str] = &[
    "showmigrations",
    "showmigrations --json",
    "current",
    "current --check-heads",
    "history",
    "heads",
    "branches",
    "show one",
    "sqlmigrate one",
    "check --with-database",
    "migrate --plan",
    "migrate --sql",
    "migrate --check",
    "migrate two --plan --json",
    "downgrade --plan",
    "downgrade --sql",
    "redo --plan",
    "stamp head --plan",
    "pending",
    "inspectdb",
    "drift",
    "lock status",
    "lock status --json",
    "resume --plan",
];

/// What changes something.
const WRITING: &[&str] = &[
    "migrate",
    "migrate --fake",
    "downgrade -y",
    "redo -y",
    "stamp head -y",
    "stamp base -y",
];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        &SERVERS,
        "a_role_that_may_only_select_sees_everything",
        select_only,
    );
    trials.on(
        &SERVERS,
        "a_role_that_may_only_select_sees_that_nothing_is_applied",
        no_ledger,
    );
    trials.on(
        &SERVERS,
        "a_history_that_cannot_be_read_is_as_one_that_is_not_there",
        history_unreadable,
    );
    trials.everywhere(
        "without_our_own_tables_everything_can_be_read",
        ledger_alone,
    );
    trials.on(
        &[Backend::Postgres],
        "a_database_whose_transactions_are_read_only_can_be_read",
        read_only_transactions,
    );
    trials.on(
        &[Backend::Postgres],
        "a_role_whose_transactions_are_read_only_can_read",
        read_only_role,
    );
    trials.on(
        &[Backend::Postgres],
        "what_is_read_only_is_verified_elsewhere",
        verified_elsewhere,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_file_that_may_not_be_written_can_be_read",
        file,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_file_in_wal_mode_that_may_not_be_written_can_be_read",
        wal_file,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_file_that_a_killed_program_half_wrote_can_be_read",
        half_written,
    );
    own_server::add(
        trials,
        Backend::Postgres,
        "a_hot_standby_can_be_read",
        standby,
    );
    own_server::add(
        trials,
        Backend::Mysql,
        "a_read_only_server_can_be_read",
        read_only_server,
    );
}

/// One migration that is applied and one that is not.
fn fill(project: &Project) {
    project
        .migration(
            "2026-01-01-000000_one",
            "CREATE TABLE one (id INTEGER NOT NULL PRIMARY KEY);\n",
            Some("DROP TABLE one;\n"),
        )
        .migration(
            "2026-02-01-000000_two",
            "CREATE TABLE two (id INTEGER NOT NULL PRIMARY KEY);\n",
            Some("DROP TABLE two;\n"),
        );
}

fn applied(server: &Server) -> Project {
    let project = Project::on(server);
    fill(&project);
    let _ = project.run("migrate one").ok();
    project
}

/// What each command that reads says, and how it ends.
type Said = BTreeMap<&'static str, (Option<i32>, String)>;

fn read(run: impl Fn(&str) -> Output) -> Said {
    read_but(&[], run)
}

fn read_but(without: &[&str], run: impl Fn(&str) -> Output) -> Said {
    READING
        .iter()
        .filter(|line| !without.contains(line))
        .map(|line| {
            let out = run(line);
            assert!(
                matches!(out.status, Some(0 | 3)),
                "`{line}` cannot read:\n{out}"
            );
            (*line, (out.status, out.stdout))
        })
        .collect()
}

/// Tries everything that writes: each has to fail with a hint.
fn write(run: impl Fn(&str) -> Output) {
    for line in WRITING {
        let out = run(line);
        assert_eq!(out.status, Some(1), "`{line}`:\n{out}");
        assert!(
            out.lines().any(|said| said.starts_with("hint: ")),
            "`{line}` gives no hint:\n{out}"
        );
    }
}

/// The tables with what Diesel and we keep in them.
fn state(server: &Server) -> Vec<String> {
    let tables = server.tables();
    let mut state = tables.clone();
    for table in tables.iter().filter(|table| table.starts_with("__")) {
        state.push(server.value(&format!("SELECT count(*) FROM {table}")));
    }
    state
}

/// The same project as a role of the server's that may select from some tables, and nothing else.
fn reader(server: &Server, tables: &[&str]) -> Project {
    let user = server.user("reader", "rd-secret-1");
    let name = server.name();
    for table in tables {
        server.execute(&match server.backend() {
            Backend::Sqlite => panic!("a file has no users"),
            Backend::Postgres => format!("GRANT SELECT ON {table} TO {user}"),
            Backend::Mysql => format!(
                "GRANT SELECT ON {name}.{table} TO '{user}'@'%'; \
                 GRANT SELECT ON {name}.{table} TO '{user}'@'localhost'"
            ),
        });
    }
    let mut project = Project::new().url(&server.url_as(&user, Some("rd-secret-1")));
    project.filter(&server.url_as(&user, Some("***")), "$URL");
    project.hide(server);
    fill(&project);
    if tables.is_empty() && server.backend() == Backend::Mysql {
        // Without any right the database itself is out of reach.
        server.execute(&format!(
            "CREATE TABLE any_table (id INTEGER); \
             GRANT SELECT ON {name}.any_table TO '{user}'@'%'; \
             GRANT SELECT ON {name}.any_table TO '{user}'@'localhost'"
        ));
    }
    project
}

fn select_only(server: &Server) {
    let owner = applied(server);
    let expected = read(|line| owner.run(line));
    let tables = server.tables();
    let tables: Vec<_> = tables.iter().map(String::as_str).collect();
    let project = reader(server, &tables);
    let before = state(server);
    assert_eq!(read(|line| project.run(line)), expected);
    write(|line| project.run(line));
    assert_eq!(state(server), before);
}

fn no_ledger(server: &Server) {
    let project = reader(server, &[]);
    let before = state(server);
    let said = read(|line| project.run(line));
    assert_eq!(
        said["showmigrations"].1,
        "default  $URL  2 migrations, 2 pending\n [ ] 2026-01-01-000000_one\n [ ] 2026-02-01-000000_two  (head)\n"
    );
    for line in ["migrate", "migrate --fake", "stamp head -y"] {
        let out = project.run(line).exits(1);
        assert!(
            out.lines().any(|said| said.starts_with("hint: ")),
            "`{line}` gives no hint:\n{out}"
        );
    }
    assert_eq!(state(server), before);
}

/// Drops what Diesel knows nothing of.
fn forget_ours(server: &Server) {
    for table in server.tables() {
        if table.starts_with("__manage") {
            server.execute(&format!("DROP TABLE {table}"));
        }
    }
}

fn history_unreadable(server: &Server) {
    let owner = applied(server);
    let project = reader(server, &["__diesel_schema_migrations", "one"]);
    let before = state(server);
    // What the schema should be is recorded where it cannot be read.
    let said = read_but(&["drift"], |line| project.run(line));
    write(|line| project.run(line));
    assert_eq!(state(server), before);
    forget_ours(server);
    let without = read(|line| owner.run(line));
    for (line, ended) in said {
        assert_eq!(ended, without[line], "`{line}`");
    }
}

fn ledger_alone(server: &Server) {
    let project = applied(server);
    forget_ours(server);
    let before = state(server);
    let said = read(|line| project.run(line));
    assert_eq!(
        said["showmigrations"].1,
        "default  $URL  2 migrations, 1 pending\n [X] 2026-01-01-000000_one\n [ ] 2026-02-01-000000_two  (head)\n"
    );
    assert_eq!(state(server), before);
}

fn read_only_transactions(server: &Server) {
    let project = applied(server);
    let expected = read(|line| project.run(line));
    server.execute(&format!(
        "ALTER DATABASE {} SET default_transaction_read_only = on",
        server.name()
    ));
    let before = state(server);
    assert_eq!(read(|line| project.run(line)), expected);
    write(|line| project.run(line));
    project
        .run("migrate")
        .exits(1)
        .says("hint: this is a read-only server, role or file; point the connection's `url` at the one that can be written");
    assert_eq!(state(server), before);
}

fn read_only_role(server: &Server) {
    let user = server.user("owner", "rd-secret-1");
    server.execute(&format!(
        "ALTER DATABASE {} OWNER TO {user}; ALTER SCHEMA public OWNER TO {user}",
        server.name()
    ));
    let mut project = Project::new().url(&server.url_as(&user, Some("rd-secret-1")));
    project.filter(&server.url_as(&user, Some("***")), "$URL");
    project.hide(server);
    fill(&project);
    let _ = project.run("migrate one").ok();
    let expected = read(|line| project.run(line));
    server.execute(&format!(
        "ALTER ROLE {user} SET default_transaction_read_only = on"
    ));
    let before = state(server);
    assert_eq!(read(|line| project.run(line)), expected);
    write(|line| project.run(line));
    project
        .run("migrate")
        .exits(1)
        .says("hint: this is a read-only server, role or file; point the connection's `url` at the one that can be written");
    assert_eq!(state(server), before);
    server.execute(&format!(
        "ALTER ROLE {user} RESET default_transaction_read_only"
    ));
    let _ = project.run("migrate").ok();
    assert_eq!(server.versions(), ["20260101000000", "20260201000000"]);
}

fn verified_elsewhere(server: &Server) {
    let project = applied(server);
    let scratch =
        Server::new(server.backend()).unwrap_or_else(|missing| panic!("{}", missing.reason));
    project.settings(&format!(
        "connections: {{ default: {{ url: \"${{DATABASE_URL}}\", scratch_url: \"{}\" }} }}\n",
        scratch.url()
    ));
    server.execute(&format!(
        "ALTER DATABASE {} SET default_transaction_read_only = on",
        server.name()
    ));
    let before = state(server);
    let _ = project.run("verify").ok();
    assert_eq!(state(server), before);
}

/// Takes the rights away for as long as the value lives.
struct Sealed<'a>(&'a Path);

impl<'a> Sealed<'a> {
    fn new(file: &'a Path) -> Self {
        set_mode(file, 0o444);
        set_mode(folder(file), 0o555);
        Self(file)
    }
}

impl Drop for Sealed<'_> {
    fn drop(&mut self) {
        set_mode(folder(self.0), 0o755);
        set_mode(self.0, 0o644);
    }
}

fn folder(file: &Path) -> &Path {
    file.parent().expect("it is in a folder")
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

fn sealed(server: &Server) {
    let project = applied(server);
    let expected = read(|line| project.run(line));
    let file = Path::new(server.url());
    let before = (fs::read(file).expect("it is there"), files(file));
    let seal = Sealed::new(file);
    let run = |line: &str| Invocation::obeying_permissions(project.manage(line)).run();
    assert_eq!(read(run), expected);
    write(run);
    drop(seal);
    let after = (fs::read(file).expect("it is there"), files(file));
    assert!(before == after, "something was left behind: {:?}", after.1);
}

/// What stands in the folder of a file.
fn files(file: &Path) -> Vec<String> {
    let items = fs::read_dir(folder(file)).expect("the folder is there");
    let mut names: Vec<_> = items
        .map(|item| {
            let item = item.expect("the folder can be listed");
            item.file_name().to_string_lossy().into_owned()
        })
        .collect();
    names.sort();
    names
}

fn file(server: &Server) {
    sealed(server);
}

fn wal_file(server: &Server) {
    server.execute("PRAGMA journal_mode = WAL");
    sealed(server);
}

/// Leaves file and journal as they are when a program is killed in a transaction that has begun to write into
/// the file.
fn half_write(server: &Server) {
    let file = Path::new(server.url());
    let journal = PathBuf::from(format!("{}-journal", server.url()));
    let mut writer = Probe::open(Backend::Sqlite, server.url()).expect("it is there");
    writer.execute(
        "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; CREATE TABLE half (id INTEGER); \
         INSERT INTO filler WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000) \
         SELECT printf('%0500d', x) FROM n",
    );
    let written = [file, &journal].map(|path| fs::read(path).expect("it is there"));
    writer.execute("ROLLBACK");
    drop(writer);
    for (path, bytes) in [file, &journal].into_iter().zip(written) {
        fs::write(path, bytes).expect("it is ours");
    }
}

fn half_written(server: &Server) {
    let project = applied(server);
    server.execute("CREATE TABLE filler (text TEXT)");
    let expected = read(|line| project.run(line));
    let file = Path::new(server.url());
    for line in READING {
        half_write(server);
        let out = project.run(line);
        assert_eq!(
            (out.status, &out.stdout),
            (expected[line].0, &expected[line].1),
            "`{line}`:\n{out}"
        );
    }
    half_write(server);
    let seal = Sealed::new(file);
    let run = |line: &str| Invocation::obeying_permissions(project.manage(line)).run();
    run("showmigrations").exits(1).shows(
        "
        --- stderr ---
        error: a program was killed while it wrote `$URL`, and what it left has to be rolled back first
          caused by: attempt to write a readonly database
        hint: SQLite does that by itself where the file and its folder may be written; as their owner: sqlite3 '$URL' .tables
        [exit 1]
        ",
    );
    drop(seal);
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema",
            "filler",
            "one",
            "two"
        ]
    );
}

fn standby(server: &mut OwnServer) {
    server.create("shop");
    let mut owner = Project::new().url(&server.url("shop"));
    owner.filter(&server.url("shop"), "$URL");
    fill(&owner);
    let _ = owner.run("migrate one").ok();
    let expected = read(|line| owner.run(line));
    let copy = server.standby();
    let mut project = Project::new().url(&copy.url("shop"));
    project.filter(&copy.url("shop"), "$URL");
    fill(&project);
    assert_eq!(copy.probe("shop").value("SELECT pg_is_in_recovery()"), "t");
    assert_eq!(read(|line| project.run(line)), expected);
    write(|line| project.run(line));
    project
        .run("migrate")
        .exits(1)
        .says("hint: this is a read-only server, role or file; point the connection's `url` at the one that can be written");
    // What is done on the first one is seen on the other.
    let _ = owner.run("migrate").ok();
    let mut probe = copy.probe("shop");
    await_value(
        &mut probe,
        "SELECT count(*) FROM __diesel_schema_migrations",
        "2",
    );
    let _ = project.run("migrate --check").ok();
}

fn await_value(probe: &mut Probe, query: &str, value: &str) {
    let begun = Instant::now();
    while probe.value(query) != value {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never came");
        thread::sleep(Duration::from_millis(20));
    }
}

fn read_only_server(server: &mut OwnServer) {
    server.create("shop");
    let mut root = server.probe("mysql");
    root.execute("CREATE USER app@'%' IDENTIFIED BY 'rd-secret-1'; GRANT ALL ON shop.* TO app@'%'");
    let url = server.url("shop").replace("root@", "app:rd-secret-1@");
    let mut project = Project::new().url(&url);
    project.filter(&url.replace("rd-secret-1", "***"), "$URL");
    fill(&project);
    let _ = project.run("migrate one").ok();
    let expected = read(|line| project.run(line));
    root.execute("SET GLOBAL read_only = 1");
    assert_eq!(read(|line| project.run(line)), expected);
    write(|line| project.run(line));
    project
        .run("migrate")
        .exits(1)
        .says("hint: this is a read-only server, role or file; point the connection's `url` at the one that can be written");
    root.execute("SET GLOBAL read_only = 0");
    assert_eq!(read(|line| project.run(line)), expected);
}
