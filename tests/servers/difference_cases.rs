//! Cases kept as data beside the project: two schemas as SQL, rows, and what has to become of them.
//!
//! Both are made real and read; the SQL of their difference leads from one to the other and back. On
//! SQLite it does so as the executor runs it, and as Diesel's own harness does.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use diesel_manage::ddl;
use diesel_manage::schema::change::{Change, Decisions, Difference, RenamedColumn, Renames, diff};
use diesel_manage::schema::{Name, Schema};
use diesel_manage::settings::Backend;
use libtest_mimic::{Completion, Failed};
use serde::Deserialize;

use crate::laws::ground::{Ground, Runner, text};
use crate::support::{BACKENDS, Probe, Server, word};
use crate::trials::Trials;

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Case {
    id: String,
    backends: Vec<String>,
    current_sql: Text,
    #[serde(default)]
    seed_sql: Text,
    desired_sql: Text,
    expect: Vec<String>,
    #[serde(default)]
    ask: Vec<String>,
    must_fail: Option<MustFail>,
    #[serde(default)]
    reference_up: Text,
    #[serde(default)]
    survive: Vec<Survive>,
}

/// One text for all backends, or one for each.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Text {
    Same(String),
    Each(BTreeMap<String, String>),
}

impl Default for Text {
    fn default() -> Self {
        Self::Same(String::new())
    }
}

impl Text {
    fn of(&self, backend: Backend) -> &str {
        match self {
            Self::Same(text) => text,
            Self::Each(texts) => texts.get(word(backend)).map_or("", String::as_str),
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum MustFail {
    Always(bool),
    How(String),
}

#[derive(Clone, Deserialize)]
struct Survive {
    select: String,
    rows: Rows,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Rows {
    Same(Vec<String>),
    Each(BTreeMap<String, Vec<String>>),
}

impl Rows {
    fn of(&self, backend: Backend) -> Vec<String> {
        match self {
            Self::Same(rows) => rows.clone(),
            Self::Each(rows) => rows.get(word(backend)).cloned().unwrap_or_default(),
        }
    }
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/diff/cases.yaml")
}

pub(crate) fn add(trials: &mut Trials) {
    let text = match fs::read_to_string(path()) {
        Ok(text) => text,
        Err(error) => {
            return trials.ignored("difference_cases", format!("{}: {error}", path().display()));
        }
    };
    let cases: Cases = match serde_yaml::from_str(&text) {
        Ok(cases) => cases,
        Err(error) => panic!("{}: {error}", path().display()),
    };
    for case in cases.cases {
        for backend in BACKENDS {
            if !case.backends.iter().any(|name| name == word(backend)) {
                continue;
            }
            for runner in runners(backend) {
                let id = case.id.replace('-', "_");
                let name = match runner {
                    Runner::Manage => format!("difference_cases::{id}"),
                    Runner::Diesel => format!("difference_cases::under_diesel::{id}"),
                };
                let case = case.clone();
                trials.deciding(backend, &name, move |server: &Server| {
                    case.run(server.backend(), *runner)
                });
            }
        }
    }
}

/// Who runs it: where it makes a difference, both.
fn runners(backend: Backend) -> &'static [Runner] {
    match backend {
        Backend::Sqlite => &[Runner::Manage, Runner::Diesel],
        Backend::Postgres | Backend::Mysql => &[Runner::Manage],
    }
}

impl Case {
    /// A case of two schemas and the names that change.
    pub(crate) fn new(from: &str, to: &str, expect: &[&str]) -> Self {
        Self {
            id: String::new(),
            backends: Vec::new(),
            current_sql: Text::Same(from.to_owned()),
            seed_sql: Text::default(),
            desired_sql: Text::Same(to.to_owned()),
            expect: expect.iter().map(|line| (*line).to_owned()).collect(),
            ask: Vec::new(),
            must_fail: None,
            reference_up: Text::default(),
            survive: Vec::new(),
        }
    }

    /// Leads from one schema to the other and back.
    pub(crate) fn run(&self, backend: Backend, runner: Runner) -> Result<Completion, Failed> {
        let ground = || Ground::in_file(backend).map_err(|missing| Failed::from(missing.reason));
        let (mut current, mut desired) = (ground()?, ground()?);
        current.batch(self.current_sql.of(backend));
        desired.batch(self.desired_sql.of(backend));
        let from = current.introspect()?;
        let to = desired.introspect()?;
        current.batch(self.seed_sql.of(backend));

        let server = current.product();
        let difference = Difference::between(from.clone(), to.clone(), self.renames());
        if self.expect.iter().any(|line| line == "no_change") {
            let changes: Vec<_> = difference.changes.iter().map(Change::describe).collect();
            assert!(changes.is_empty(), "a change: {changes:#?}");
            self.survived(backend, &current)?;
            return Ok(Completion::Completed);
        }
        assert!(!difference.is_empty(), "no change");
        let decisions = self.decisions(backend, &to);
        let up = match ddl::write(server, &difference, &decisions) {
            Ok(up) => up,
            Err(error) if self.must_fail() => {
                self.survived(backend, &current)?;
                drop(error);
                return Ok(Completion::Completed);
            }
            Err(error) => return Err(format!("{error}").into()),
        };
        let done = current.run(&up, runner);
        if self.must_fail() {
            assert!(done.is_err(), "it did not fail:\n{}", text(&up));
            assert_same(
                &current.introspect()?,
                &from,
                "the failed way up",
                &text(&up),
            );
            self.survived(backend, &current)?;
            return Ok(Completion::Completed);
        }
        done?;
        assert_same(&current.introspect()?, &to, "the way up", &text(&up));
        self.survived(backend, &current)
            .map_err(|error| format!("{error}\n{}", text(&up)))?;

        let back = difference.reverse();
        let down = ddl::write(server, &back, &decisions.reverse());
        let down = down.map_err(|error| format!("the way down: {error}"))?;
        current
            .run(&down, runner)
            .map_err(|error| format!("the way down: {error}"))?;
        assert_same(&current.introspect()?, &from, "the way down", &text(&down));
        Ok(Completion::Completed)
    }

    /// A failure half way through is one of a wrong migration, which is not ours.
    fn must_fail(&self) -> bool {
        match &self.must_fail {
            None => false,
            Some(MustFail::Always(must)) => *must,
            Some(MustFail::How(how)) => how != "partial",
        }
    }

    fn survived(&self, backend: Backend, ground: &Ground) -> Result<(), String> {
        let mut probe = Probe::open(backend, ground.url()).map_err(|error| error.to_string())?;
        for one in &self.survive {
            // What stands before the query is done first.
            let (first, query) = one.select.rsplit_once("; ").unwrap_or(("", &one.select));
            if !first.is_empty() {
                probe.execute(first);
            }
            let (wanted, found) = (one.rows.of(backend), probe.lines(query));
            if wanted != found {
                return Err(format!("{}: {found:?} and not {wanted:?}", one.select));
            }
        }
        Ok(())
    }

    /// The names that change: `rename_column users.name->full_name`, `rename_table users->people`.
    fn renames(&self) -> Renames {
        let mut renames = Renames::default();
        for line in &self.expect {
            if let Some((from, to)) = after(line, "rename_table ").and_then(arrow) {
                renames.tables.push((Name::parse(from), Name::parse(to)));
            }
            if let Some((place, to)) = after(line, "rename_column ").and_then(arrow)
                && let Some((table, from)) = place.rsplit_once('.')
            {
                renames.columns.push(RenamedColumn {
                    table: Name::parse(table),
                    from: from.to_owned(),
                    to: to.to_owned(),
                });
            }
        }
        renames
    }

    /// What the questions are answered with; the values are those of the reference.
    fn decisions(&self, backend: Backend, to: &Schema) -> Decisions {
        let mut decisions = Decisions::default();
        let reference = self.reference_up.of(backend);
        for line in &self.expect {
            if let Some((place, new)) = after(line, "rename_enum_value ").and_then(arrow)
                && let Some((owner, old)) = place.rsplit_once('.')
            {
                let key = (Name::parse(owner), old.to_owned());
                decisions.enum_values.insert(key, new.to_owned());
            }
            if let Some(place) = after(line, "alter_type ").and_then(|rest| rest.split(' ').next())
                && let Some((table, column)) = place.rsplit_once('.')
                && let Some(cast) = reference
                    .split_once(" USING ")
                    .and_then(|(_, rest)| rest.split(';').next())
            {
                let key = (Name::parse(table), column.to_owned());
                decisions.casts.insert(key, cast.to_owned());
            }
        }
        for line in &self.ask {
            if let Some(place) =
                after(line, "one_off_default ").and_then(|rest| rest.split(' ').next())
                && let Some((table, column)) = place.rsplit_once('.')
            {
                let table = Name::parse(table);
                let known = to.table(&table).and_then(|table| table.column(column));
                assert!(known.is_some(), "{line}");
                decisions
                    .fills
                    .insert((table, column.to_owned()), "0".to_owned());
            }
        }
        decisions
    }
}

fn after<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix(word)
}

fn arrow(text: &str) -> Option<(&str, &str)> {
    text.split_once("->")
}

#[track_caller]
fn assert_same(read: &Schema, wanted: &Schema, what: &str, script: &str) {
    let changes = diff(read, wanted);
    let lines: Vec<_> = changes
        .iter()
        .map(|change| format!("{} {}\n    {change:?}", change.mark(), change.describe()))
        .collect();
    assert!(
        changes.is_empty(),
        "{what} leaves this to be done:\n{}\n{script}",
        lines.join("\n")
    );
}
