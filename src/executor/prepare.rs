//! From a route to a plan: every file that will be needed is read and checked before anything runs.

use std::collections::BTreeMap;

use super::naming::{known_name, name_of};
use crate::backend::{Capabilities, Database, DatabaseError, Direction};
use crate::error::Explain;
use crate::history::{Checksum, Memory, RecordedSql};
use crate::migration::{
    Check, Directory, Execution, Finding, Known, Origin, Plan, Route, Script, Severity, SqlFile,
    Step, Unusable, Version, check_sql,
};
use crate::sql::Dialect;

/// A migration that is on disk, or applied, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMigration {
    /// The directory's name; as recorded, or the version, where the directory is gone.
    pub name: String,
    /// Whether the ledger has it.
    pub applied: bool,
    /// Whether there is a directory.
    pub on_disk: bool,
}

/// All migrations of the directory and the ledger, by version.
#[must_use]
pub fn known(directory: &Directory, memory: &Memory) -> BTreeMap<Version, KnownMigration> {
    let mut known: BTreeMap<_, _> = directory
        .entries()
        .iter()
        .map(|entry| {
            let migration = KnownMigration {
                name: entry.name.clone(),
                applied: memory.ledger.contains(&entry.version),
                on_disk: true,
            };
            (entry.version.clone(), migration)
        })
        .collect();
    for applied in memory.ledger.applied() {
        known
            .entry(applied.version.clone())
            .or_insert_with(|| KnownMigration {
                name: name_of(directory, memory, &applied.version),
                applied: true,
                on_disk: false,
            });
    }
    known
}

/// The same, as targets are resolved against.
#[must_use]
pub fn landmarks(known: &BTreeMap<Version, KnownMigration>) -> Vec<Known<'_>> {
    known
        .iter()
        .map(|(version, migration)| Known {
            version,
            name: &migration.name,
            applied: migration.applied,
        })
        .collect()
}

/// Reads and checks what a route needs.
pub struct Preparation<'a> {
    /// The files.
    pub directory: &'a Directory,
    /// What the database remembers.
    pub memory: &'a Memory,
    /// How the server spells SQL.
    pub dialect: Dialect,
    /// What the server can do.
    pub capabilities: Capabilities,
    /// Whether the steps' SQL will be executed.
    pub execution: Execution,
}

/// Looks up what the database recorded of a migration.
type Recorded<'a> = dyn FnMut(&Version) -> Result<Option<RecordedSql>, DatabaseError> + 'a;

impl Preparation<'_> {
    /// Makes the plan, and lists what is odd about its files but will not stop it.
    ///
    /// # Errors
    /// Everything that would fail later, all of it at once.
    pub fn plan(
        &self,
        route: &Route,
        database: &mut dyn Database,
    ) -> Result<(Plan, Vec<Finding>), PrepareError> {
        self.plan_with(route, &mut |version| self.memory.sql(database, version))
    }

    /// The same from the files alone: what has no file has no plan.
    ///
    /// # Errors
    /// As for [`Self::plan`].
    pub fn plan_offline(&self, route: &Route) -> Result<(Plan, Vec<Finding>), PrepareError> {
        self.plan_with(route, &mut |_| Ok(None))
    }

    fn plan_with(
        &self,
        route: &Route,
        recorded: &mut Recorded<'_>,
    ) -> Result<(Plan, Vec<Finding>), PrepareError> {
        let mut steps = Vec::with_capacity(route.versions.len());
        let mut findings = Vec::new();
        let mut irreversible = Vec::new();
        for version in &route.versions {
            let step = match route.direction {
                Direction::Up => self.up(version, &mut findings),
                Direction::Down => self.down(version, recorded, &mut findings)?,
            };
            match step {
                Ok(step) => steps.push(step),
                Err(problem) => irreversible.push(problem),
            }
        }
        if !irreversible.is_empty() {
            // Stopping above the very first one would be no rollback at all.
            let newest = route.versions.first();
            let newest =
                newest.and_then(|version| known_name(self.directory, self.memory, version));
            let stop = irreversible
                .first()
                .map(|problem| problem.name.clone())
                .filter(|name| newest.as_ref() != Some(name));
            return Err(PrepareError::Irreversible(irreversible, stop));
        }
        let (errors, odd): (Vec<_>, Vec<_>) = findings
            .into_iter()
            .partition(|finding| finding.severity == Severity::Error);
        if !errors.is_empty() {
            return Err(PrepareError::Findings(errors));
        }
        let plan = Plan {
            direction: route.direction,
            base: self.memory.ledger.versions(),
            steps,
        };
        Ok((plan, odd))
    }

    fn up(&self, version: &Version, findings: &mut Vec<Finding>) -> Result<Step, Irreversible> {
        let Some(entry) = self.directory.find(version) else {
            return Err(Irreversible::unknown(version.as_str()));
        };
        if let Some(limit) = self.capabilities.version_limit
            && version.as_str().chars().count() > limit
        {
            findings.push(Finding::new(
                Severity::Error,
                "long-version",
                &entry.path,
                format!("the version `{version}` is longer than the {limit} characters that Diesel's table can hold"),
                "give the folder a shorter version: everything before the first `_`",
            ));
        }
        let transactional = entry.transactional(findings);
        let text = match entry.sql(Direction::Up) {
            Ok(file) => {
                if self.execution == Execution::Run {
                    findings.extend(check_sql(&file, &self.check(Direction::Up, transactional)));
                }
                file.text
            }
            Err(Unusable::Found(finding)) => {
                findings.push(finding);
                String::new()
            }
            Err(Unusable::Absent) => {
                findings.push(Finding::new(
                    Severity::Error,
                    "missing-up-sql",
                    &entry.path,
                    "the folder has no `up.sql`",
                    "write it",
                ));
                String::new()
            }
        };
        // What is wrong with a down.sql matters on the day it is needed, not today.
        let down = entry.sql(Direction::Down).ok().map(|file| file.text);
        Ok(Step {
            version: version.clone(),
            name: entry.name.clone(),
            direction: Direction::Up,
            execution: self.execution,
            transactional,
            script: Script {
                text,
                origin: Origin::File(entry.path.join("up.sql")),
            },
            down,
            stamp: entry.stamp,
            metadata: entry.metadata(),
        })
    }

    fn down(
        &self,
        version: &Version,
        recorded: &mut Recorded<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<Result<Step, Irreversible>, PrepareError> {
        let entry = self.directory.find(version);
        let name = name_of(self.directory, self.memory, version);
        let step = |script, transactional| Step {
            version: version.clone(),
            name: name.clone(),
            direction: Direction::Down,
            execution: self.execution,
            transactional,
            script,
            down: None,
            stamp: entry.map(|entry| entry.stamp).unwrap_or_default(),
            metadata: None,
        };
        let absent = match entry.map(|entry| (entry, entry.sql(Direction::Down))) {
            Some((entry, Ok(file))) => {
                let transactional = entry.transactional(findings);
                if self.execution == Execution::Run {
                    let check = self.check(Direction::Down, transactional);
                    for finding in check_sql(&file, &check) {
                        if matches!(finding.code, "empty-file" | "no-statement") {
                            return Ok(Err(Irreversible::found(&name, &finding)));
                        }
                        findings.push(finding);
                    }
                }
                if self.execution == Execution::Run {
                    findings.extend(self.other_way_back(version, &file, recorded)?);
                }
                let script = Script {
                    text: file.text,
                    origin: Origin::File(file.path),
                };
                return Ok(Ok(step(script, transactional)));
            }
            Some((_, Err(Unusable::Found(finding)))) => {
                let found = Irreversible::found(&name, &finding);
                // To forget it, nothing of the file is needed.
                if self.execution == Execution::Run {
                    return Ok(Err(found));
                }
                found
            }
            Some((entry, Err(Unusable::Absent))) => Irreversible {
                name: name.clone(),
                reason: "it has no down.sql".to_owned(),
                hint: format!("write {}", entry.path.join("down.sql").display()),
            },
            None => Irreversible {
                name: name.clone(),
                reason: format!(
                    "its folder is gone; its down.sql was expected in {}",
                    self.expected(&name)
                ),
                hint: "bring the folder back, from the branch or release that has it".to_owned(),
            },
        };
        if self.execution == Execution::Fake {
            let script = Script {
                text: String::new(),
                origin: Origin::Nowhere,
            };
            return Ok(Ok(step(script, true)));
        }
        Ok(match recorded(version)? {
            Some(RecordedSql {
                down: Some(text),
                transactional,
                ..
            }) => Ok(step(
                Script {
                    text,
                    origin: Origin::History,
                },
                transactional,
            )),
            Some(RecordedSql { down: None, .. }) | None => Err(absent),
        })
    }

    /// That the file says something else than when the migration was applied: it is what will be run.
    fn other_way_back(
        &self,
        version: &Version,
        file: &SqlFile,
        recorded: &mut Recorded<'_>,
    ) -> Result<Option<Finding>, DatabaseError> {
        // What was squashed was recorded under another name, and is meant to be another text.
        let name = self.memory.record.find(version).map(|one| &one.name);
        if name != self.directory.find(version).map(|entry| &entry.name) {
            return Ok(None);
        }
        let Some(RecordedSql {
            down: Some(before), ..
        }) = recorded(version)?
        else {
            return Ok(None);
        };
        let normalized = |text: &str| Checksum::of(text, self.dialect).normalized;
        let differs = before != file.text && normalized(&before) != normalized(&file.text);
        Ok(differs.then(|| {
            Finding::new(
                Severity::Warning,
                "edited-down-sql",
                &file.path,
                "it differs from what was recorded when the migration was applied; the file is what is run",
                "see the difference, and record it: manage accept",
            )
        }))
    }

    fn expected(&self, name: &str) -> String {
        match self.directory.folders().first() {
            Some(folder) => folder.join(name).display().to_string(),
            None => name.to_owned(),
        }
    }

    fn check(&self, direction: Direction, transactional: bool) -> Check {
        Check {
            dialect: self.dialect,
            refuses_empty: self.capabilities.refuses_empty_statements,
            transactional,
            direction,
        }
    }
}

/// A migration that cannot be reverted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Irreversible {
    /// The directory's name.
    pub name: String,
    /// Why: the end of a sentence about it.
    pub reason: String,
    /// What would help.
    pub hint: String,
}

impl Irreversible {
    fn found(name: &str, finding: &Finding) -> Self {
        Self {
            name: name.to_owned(),
            reason: format!("{} ({})", finding.message, finding.place()),
            hint: finding.hint.clone(),
        }
    }

    fn unknown(version: &str) -> Self {
        Self {
            name: version.to_owned(),
            reason: "its folder is gone".to_owned(),
            hint: "bring the folder back".to_owned(),
        }
    }
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// Files that cannot run.
    #[error("{}", found(.0))]
    Findings(Vec<Finding>),
    /// Migrations on the way that cannot be reverted, and the one to stop at instead, if there is one.
    #[error("{}", stuck(.0))]
    Irreversible(Vec<Irreversible>, Option<String>),
    /// What is recorded could not be read.
    #[error("cannot read what is recorded about migrations")]
    Database(#[from] DatabaseError),
}

fn found(findings: &[Finding]) -> String {
    match findings {
        [one] => format!("{}: {}", one.place(), one.message),
        many => format!("{} problems in the migrations' files", many.len()),
    }
}

fn stuck(irreversible: &[Irreversible]) -> String {
    match irreversible {
        [one] => format!(
            "migration `{}` cannot be reverted: {}",
            one.name, one.reason
        ),
        many => format!("{} migrations on the way cannot be reverted", many.len()),
    }
}

impl Explain for PrepareError {
    fn details(&self) -> Vec<String> {
        let mut details = match self {
            Self::Findings(findings) if findings.len() > 1 => findings
                .iter()
                .map(|finding| format!("{}: {}", finding.place(), finding.message))
                .collect(),
            Self::Irreversible(list, _) if list.len() > 1 => list
                .iter()
                .map(|one| format!("`{}`: {}", one.name, one.reason))
                .collect(),
            Self::Findings(_) | Self::Irreversible(..) => Vec::new(),
            Self::Database(error) => error.details(),
        };
        details.push("nothing was run".to_owned());
        details
    }

    fn hints(&self) -> Vec<String> {
        let mut hints: Vec<String> = match self {
            Self::Findings(findings) => findings
                .iter()
                .map(|finding| finding.hint.clone())
                .collect(),
            Self::Irreversible(list, stop) => {
                let stop = stop
                    .iter()
                    .map(|name| format!("stop above it: manage downgrade {name}"));
                list.iter()
                    .map(|one| one.hint.clone())
                    .chain(stop)
                    .collect()
            }
            Self::Database(error) => error.hints(),
        };
        let mut seen = std::collections::BTreeSet::new();
        hints.retain(|hint| seen.insert(hint.clone()));
        hints
    }
}
