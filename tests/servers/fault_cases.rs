//! Cases kept as data beside the project: branches, odd files, connections, failures.
//!
//! Each has a set-up for a shell, commands, an exit code in words, and queries about what is left.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use diesel_manage::settings::Backend;
use libtest_mimic::{Completion, Failed};
use serde::Deserialize;

use crate::support::{Output, Probe, Project, Running, Server, word};
use crate::trials::Trials;

/// The variable that makes this program execute SQL for the shell instead of running trials.
pub(crate) const SQL: &str = "MANAGE_TEST_SQL";

/// The cases that take more than commands one after the other, and the trials that are theirs: a name, or
/// how several of them begin.
const ELSEWHERE: &[(&str, &str)] = &[
    ("killed-in-the-middle-pg", "killed::killed_in_the_middle_pg"),
    (
        "killed-in-the-middle-mariadb",
        "killed::killed_in_the_middle_mariadb",
    ),
    (
        "partial-failure-mariadb-statement-2-of-3",
        "killed::partial_failure_mariadb",
    ),
];

/// What a run may hold at once, in bytes, where a case speaks of bounded memory.
const MOST_MEMORY: u64 = 300_000_000;

/// What is found before anything runs leaves the migrations before it pending, too.
const FOUND_EARLY: [&str; 2] = [
    "concurrently-without-metadata",
    "junk-in-migrations-directory",
];

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    backends: Vec<String>,
    setup: String,
    command: String,
    expect: Vec<String>,
    #[serde(default)]
    state: Vec<State>,
}

#[derive(Clone, Deserialize)]
struct State {
    select: String,
    rows: Vec<String>,
}

/// How the last command has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Well,
    Badly,
    Either,
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/fault/cases.yaml")
}

/// All of them, for those that need a test of their own; none where the file is not there.
pub(crate) fn all() -> Vec<Case> {
    let text = fs::read_to_string(path()).unwrap_or_default();
    serde_yaml::from_str(&text).map_or_else(|_| Vec::new(), |cases: Cases| cases.cases)
}

pub(crate) fn add(trials: &mut Trials) {
    let text = match fs::read_to_string(path()) {
        Ok(text) => text,
        Err(error) => {
            return trials.ignored("fault_cases", format!("{}: {error}", path().display()));
        }
    };
    let cases: Cases = match serde_yaml::from_str(&text) {
        Ok(cases) => cases,
        Err(error) => panic!("{}: {error}", path().display()),
    };
    for (case, trial) in ELSEWHERE {
        let is_known = cases.cases.iter().any(|known| known.id == *case);
        assert!(is_known, "there is no case `{case}`");
        assert!(trials.has(trial), "no trial is called `{trial}`");
    }
    for case in cases.cases.into_iter().filter(Case::is_run_here) {
        for backend in [Backend::Sqlite, Backend::Postgres, Backend::Mysql] {
            if case.backends.iter().any(|name| name == word(backend)) {
                let name = format!("fault_cases::{}", case.id.replace('-', "_"));
                let case = case.clone();
                trials.deciding(backend, &name, move |server: &Server| case.run(server));
            }
        }
    }
}

impl Case {
    /// The project, set up.
    pub(crate) fn project(&self, server: &Server) -> Project {
        let mut project = Project::new();
        project.hide(server);
        match self.set_up(server, &project) {
            Ok(Some(url)) => project.url(&url),
            Ok(None) | Err(_) => panic!("the set-up of {} failed", self.id),
        }
    }

    /// Stops the test unless the state is as the case wants it.
    #[track_caller]
    pub(crate) fn holds(&self, server: &Server, out: &Output) {
        for state in &self.state {
            assert_eq!(
                rows(server, &state.select),
                state.rows,
                "{}\n{out}",
                state.select
            );
        }
    }

    /// Every case that is not named elsewhere is run here.
    fn is_run_here(&self) -> bool {
        !ELSEWHERE.iter().any(|(case, _)| *case == self.id)
    }

    fn expects(&self, words: &str) -> bool {
        self.expect.iter().any(|line| line.contains(words))
    }

    fn ending(&self) -> Ending {
        match (self.expects("exit 0"), self.expects("non-zero")) {
            (true, false) => Ending::Well,
            (false, true) => Ending::Badly,
            (true, true) | (false, false) => Ending::Either,
        }
    }

    /// What has to be named: the first words after `names` or `naming` that are names of folders, or
    /// versions.
    fn named(&self, project: &Project) -> Vec<String> {
        let folders: Vec<String> = fs::read_dir(project.path("migrations"))
            .into_iter()
            .flatten()
            .flatten()
            .map(|item| item.file_name().to_string_lossy().into_owned())
            .collect();
        let mut named = Vec::new();
        for line in &self.expect {
            let column = line.split_once("column ").map(|(_, after)| after);
            named.extend(
                column
                    .and_then(|after| after.split_whitespace().next())
                    .filter(|word| word.contains('.'))
                    .map(str::to_owned),
            );
            let Some((_, after)) = line
                .split_once("names ")
                .or_else(|| line.split_once("naming "))
            else {
                continue;
            };
            let after = after.split([',', ';']).next().unwrap_or_default();
            for word in after
                .split(" and ")
                .next()
                .unwrap_or_default()
                .split_whitespace()
            {
                if word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_digit()) {
                    named.push(word.to_owned());
                }
                named.extend(
                    folders
                        .iter()
                        .filter(|folder| {
                            *folder == word
                                || folder.split_once('_').is_some_and(|(_, name)| name == word)
                        })
                        .cloned(),
                );
            }
        }
        named
    }

    fn run(&self, server: &Server) -> Result<Completion, Failed> {
        let mut project = Project::new();
        project.hide(server);
        let Some(url) = self.set_up(server, &project)? else {
            return Ok(Completion::ignored_with("this server asks for no password"));
        };
        let project = project.url(&url);
        let before = file_of(server);
        let out = self.commands(&project);
        match self.ending() {
            Ending::Well => assert!(out.status == Some(0), "not done:\n{out}"),
            Ending::Badly => {
                assert!(matches!(out.status, Some(1 | 3 | 4)), "not refused:\n{out}");
            }
            Ending::Either => assert!(matches!(out.status, Some(0 | 1 | 4)), "neither:\n{out}"),
        }
        if let Ok(url) = url::Url::parse(&url)
            && let Some(password) = url.password()
            && password != "accept"
        {
            out.never_says(password);
        }
        for name in self.named(&project) {
            let said = out.to_string();
            assert!(
                said.contains(&name) || said.replace('-', "").contains(&name),
                "`{name}` is not named:\n{out}"
            );
        }
        if self.expects("byte for byte") {
            assert!(before == file_of(server), "the file changed");
        }
        if self.expects("bounded memory") {
            let is_little = |peak| peak < MOST_MEMORY;
            assert!(out.peak.is_none_or(is_little), "{:?} bytes", out.peak);
        }
        if self.expects("without a database") {
            project.run("check").exits(3);
        }
        if self.expects("same as an empty file") {
            same_as_empty(&project, &out);
        }
        if !FOUND_EARLY.contains(&self.id.as_str()) {
            self.holds(server, &out);
        }
        Ok(Completion::Completed)
    }

    /// Runs the set-up and returns the URL for the commands; none if the server lets in anybody.
    fn set_up(&self, server: &Server, project: &Project) -> Result<Option<String>, Failed> {
        let mut setup = self.setup.clone();
        let mut url = server.url().to_owned();
        if setup.contains("accept:") {
            let user = server.user("accept", "accept");
            url = server.url_as(&user, Some("accept"));
            let wrong = server.url_as(&user, Some("wrong"));
            if setup.contains("wrong@") && Probe::open(server.backend(), &wrong).is_ok() {
                return Ok(None);
            }
            let limited = format!("{}_limited", server.name());
            setup = setup
                .replace("accept:accept@", &format!("{user}:accept@"))
                .replace("accept:wrong@", &format!("{user}:wrong@"))
                .replace("acc_limited", &limited);
            server.adopt_user(&limited);
        }
        let script = format!("{PRELUDE}\n{setup}\nprintf '%s' \"$DB_URL\" > \"$W/url\"\n");
        let me = std::env::current_exe()?;
        let mut shell = Command::new("bash");
        shell
            .args(["-c", &script])
            .current_dir(project.root())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("MANAGE", env!("CARGO_BIN_EXE_manage"))
            .env("PROGRAM", me)
            .env("W", project.root())
            .env("MIG", project.path("migrations"))
            .env("BACKEND", word(server.backend()))
            .env("ADMIN_URL", server.url())
            .env("DATABASE_URL", server.url())
            .env("DB_URL", url)
            .env("DBFILE", server.url())
            .env("DBNAME", server.name());
        let done = shell.output()?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            return Err(format!("the set-up failed: {said}").into());
        }
        Ok(Some(project.read("url")))
    }

    /// Runs the commands; a question is answered where going on is among the right endings.
    fn commands(&self, project: &Project) -> Output {
        if let Some(commands) = self.command.strip_suffix("& wait") {
            return at_once(project, commands);
        }
        let mut last = None;
        for command in self.command.split(';') {
            let arguments = command.trim().strip_prefix("manage ").unwrap_or_default();
            let arguments = &arguments.replace("check", "check --with-database");
            let mut out = project.run(&format!("{arguments} --no-input"));
            if out.status == Some(4) && self.ending() != Ending::Badly {
                let asked = out;
                out = project.run(&format!(
                    "{arguments} --no-input --on-out-of-order apply --on-missing ignore"
                ));
                out.stderr.insert_str(0, &asked.stderr);
            }
            last = Some(out);
        }
        last.expect("a case has a command")
    }
}

/// Starts several and waits for all: the first that did not end well, or else the last.
fn at_once(project: &Project, commands: &str) -> Output {
    let running: Vec<_> = commands
        .split(" & ")
        .filter_map(|command| command.trim().strip_prefix("manage "))
        .map(|arguments| project.manage(&format!("{arguments} --no-input")).start())
        .collect();
    let mut outs: Vec<_> = running.into_iter().map(Running::wait).collect();
    outs.sort_by_key(|out| out.status != Some(0));
    outs.pop().expect("there are commands")
}

/// What a downgrade says of an empty down.sql differs only in that word, on every backend.
fn same_as_empty(project: &Project, commented: &Output) {
    for entry in fs::read_dir(project.path("migrations")).expect("it is there") {
        let down = entry.expect("it is there").path().join("down.sql");
        if fs::read_to_string(&down).is_ok_and(|text| text.starts_with("--")) {
            fs::write(down, "").expect("a file can be written");
        }
    }
    let empty = project.run("downgrade --no-input");
    assert_eq!(empty.status, commented.status, "{empty}");
    assert_eq!(
        empty.stderr.replace("`down.sql` is empty", "-"),
        commented
            .stderr
            .replace("`down.sql` holds no statement", "-"),
    );
}

/// What the set-up is written in.
const PRELUDE: &str = r#"
set -eu
mkdir -p "$MIG"
mig() { mkdir -p "$MIG/$1"; printf '%s\n' "$2" > "$MIG/$1/up.sql"; printf '%s\n' "$3" > "$MIG/$1/down.sql"; }
apply() { "$MANAGE" migrate --no-input; }
sql() { MANAGE_TEST_SQL="$1" "$PROGRAM"; }
"#;

/// Executes what the set-up's `sql` is given; true if that is what this process is for.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment of the tests, not of the command"
)]
pub(crate) fn executed_sql() -> bool {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let sql = variable(SQL);
    if sql.is_empty() {
        return false;
    }
    let backend = match variable("BACKEND").as_str() {
        "postgres" => Backend::Postgres,
        "mysql" => Backend::Mysql,
        _ => Backend::Sqlite,
    };
    match Probe::open(backend, &variable("ADMIN_URL")) {
        Ok(mut probe) => probe.execute(&sql),
        Err(error) => panic!("{error}"),
    }
    true
}

/// The bytes of a SQLite file.
fn file_of(server: &Server) -> Option<Vec<u8>> {
    match server.backend() {
        Backend::Sqlite => fs::read(server.url()).ok(),
        Backend::Postgres | Backend::Mysql => None,
    }
}

/// A query's answer; a table of applied versions that is not there has no rows.
fn rows(server: &Server, query: &str) -> Vec<String> {
    if query == "SELECT count(*) FROM __diesel_schema_migrations" {
        return vec![server.versions().len().to_string()];
    }
    server.lines(query)
}
