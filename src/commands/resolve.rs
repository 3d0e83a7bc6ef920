//! Conflicts between files and database: shown, decided by a flag or a person, and resolved.

use super::answers::ConflictFlags;
use super::workspace::Workspace;
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::executor::{self, Conflict, OutOfOrder};
use crate::migration::{self, Dependents, Directory, Metadata, Version};
use crate::settings::{Answers, Duplicate, Edited, Missing, Order, OutOfOrder as OutOfOrderAnswer};
use crate::ui::{self, Choice, Question};

/// What a command needs to decide.
pub(super) struct Resolver<'a> {
    pub(super) context: &'a Context,
    pub(super) flags: &'a ConflictFlags,
    pub(super) answers: Answers,
}

impl Resolver<'_> {
    /// Resolves versions that two folders share; these need no database, and come first.
    pub(super) fn duplicates(&self, workspace: &mut Workspace) -> Result<(), CommandError> {
        let duplicates = workspace.directory.duplicates();
        if duplicates.is_empty() {
            return Ok(());
        }
        let conflict = Conflict::Duplicate(duplicates.clone());
        let answer = self.decide(
            &conflict,
            self.answers.duplicate,
            "--on-duplicate",
            &[
                (
                    Duplicate::Renumber,
                    "renumber",
                    "give one of them a new version, after all others",
                ),
                (Duplicate::Stop, "stop", "change nothing"),
            ],
        )?;
        match answer {
            Duplicate::Stop => Err(Stopped::new(&conflict).into()),
            Duplicate::Renumber => {
                for duplicate in &duplicates {
                    // The folder that was applied keeps its version; where nobody knows, the first does.
                    let recorded = workspace.memory.record.find(&duplicate.version);
                    let keeps = duplicate
                        .entries
                        .iter()
                        .position(|entry| {
                            recorded.is_some_and(|recorded| recorded.name == entry.name)
                        })
                        .unwrap_or_default();
                    if recorded.is_none() && workspace.memory.ledger.contains(&duplicate.version) {
                        self.context.ui.warning(&format!(
                            "version {} is applied, and it is not recorded from which folder; `{}` keeps it",
                            duplicate.version, duplicate.entries[keeps].name
                        ));
                    }
                    for (index, entry) in duplicate.entries.iter().enumerate() {
                        if index != keeps {
                            self.renumber(
                                &mut workspace.directory,
                                &entry.name,
                                Dependents::Leave,
                            )?;
                            workspace.reload(self.context)?;
                        }
                    }
                }
                Ok(())
            }
        }
    }

    /// Resolves applied migrations whose folder is gone.
    pub(super) fn missing(&self, workspace: &mut Workspace) -> Result<(), CommandError> {
        let missing = workspace.conflicts().missing;
        if missing.is_empty() {
            return Ok(());
        }
        let mut choices = Vec::new();
        if missing.iter().any(|one| one.recorded) {
            choices.push((
                Missing::Restore,
                "restore",
                "write the folder again, from what the database recorded",
            ));
        }
        choices.extend([
            (
                Missing::Ignore,
                "ignore",
                "go on without it; a rollback uses the recorded SQL",
            ),
            (
                Missing::Prune,
                "prune",
                "forget that it was applied; the schema stays as it is",
            ),
            (Missing::Stop, "stop", "change nothing"),
        ]);
        let conflict = Conflict::Missing(missing.clone());
        match self.decide(&conflict, self.answers.missing, "--on-missing", &choices)? {
            Missing::Stop => return Err(Stopped::new(&conflict).into()),
            Missing::Ignore => return Ok(()),
            Missing::Restore => {
                for one in &missing {
                    self.restore(workspace, &one.version, &one.name)?;
                }
            }
            Missing::Prune => {
                let identity = self.context.identity();
                for one in &missing {
                    executor::prune(&mut *workspace.database, &identity, &one.version, &one.name)
                        .map_err(executor::ExecuteError::from)?;
                    self.context
                        .ui
                        .status(&format!("Forgot that `{}` was applied.", one.name));
                }
            }
        }
        workspace.reload(self.context)
    }

    /// Resolves applied migrations whose `up.sql` was edited.
    pub(super) fn edited(&self, workspace: &mut Workspace) -> Result<(), CommandError> {
        let edited = workspace.conflicts().edited;
        if edited.is_empty() {
            return Ok(());
        }
        for one in &edited {
            let recorded = workspace
                .memory
                .sql(&mut *workspace.database, &one.entry.version)
                .map_err(executor::ExecuteError::from)?;
            if let (Some(before), Ok(now)) = (
                recorded.and_then(|recorded| recorded.up),
                one.entry.sql(crate::backend::Direction::Up),
            ) {
                self.context
                    .ui
                    .status(&format!("--- {} as applied", one.entry.name));
                self.context
                    .ui
                    .status(&format!("+++ {}", self.context.shown(&now.path).display()));
                for line in ui::difference(&before, &now.text) {
                    self.context.ui.status(&line);
                }
            }
        }
        let conflict = Conflict::Edited(edited.clone());
        let answer = self.decide(
            &conflict,
            self.answers.edited,
            "--on-edited",
            &[
                (
                    Edited::Stop,
                    "stop",
                    "change nothing; bring the file back as it was, or write a new migration",
                ),
                (
                    Edited::Accept,
                    "accept",
                    "the database is right as it is: record the new text",
                ),
            ],
        )?;
        match answer {
            Edited::Stop => Err(Stopped::new(&conflict).into()),
            Edited::Accept => {
                let reason = match self.flags.reason() {
                    Some(reason) => reason.to_owned(),
                    None => self.context.ui.line(
                        &Question {
                            ask: "Why is the edit right".to_owned(),
                            about: Vec::new(),
                            unattended: "accepting an edit needs a reason".to_owned(),
                            flags: vec!["say why: --reason TEXT".to_owned()],
                        },
                        None,
                    )?,
                };
                let identity = self.context.identity();
                for one in &edited {
                    executor::accept(&mut *workspace.database, &identity, &one.entry, &reason)
                        .map_err(executor::ExecuteError::from)?;
                    self.context
                        .ui
                        .status(&format!("Recorded the new text of `{}`.", one.entry.name));
                }
                workspace.reload(self.context)
            }
        }
    }

    /// Resolves pending migrations that are older than the newest applied one.
    pub(super) fn out_of_order(
        &self,
        workspace: &mut Workspace,
        late: OutOfOrder,
    ) -> Result<(), CommandError> {
        if workspace.connection.order == Order::Any && self.answers.out_of_order.is_none() {
            return Ok(());
        }
        let pending = late.pending.clone();
        let conflict = Conflict::OutOfOrder(late);
        let answer = self.decide(
            &conflict,
            self.answers.out_of_order,
            "--on-out-of-order",
            &[
                (
                    OutOfOrderAnswer::Apply,
                    "apply",
                    "apply now, in version order, as `diesel` would",
                ),
                (
                    OutOfOrderAnswer::Rebase,
                    "rebase",
                    "give new versions, after the newest, then apply",
                ),
                (OutOfOrderAnswer::Stop, "stop", "change nothing"),
            ],
        )?;
        match answer {
            OutOfOrderAnswer::Stop => Err(Stopped::new(&conflict).into()),
            OutOfOrderAnswer::Apply => Ok(()),
            OutOfOrderAnswer::Rebase => {
                for entry in &pending {
                    self.renumber(&mut workspace.directory, &entry.name, Dependents::Mend)?;
                    workspace.reload(self.context)?;
                }
                Ok(())
            }
        }
    }

    fn decide<T: Copy + PartialEq>(
        &self,
        conflict: &Conflict,
        given: Option<T>,
        flag: &str,
        choices: &[(T, &'static str, &'static str)],
    ) -> Result<T, CommandError> {
        let (summary, lines) = ui::conflict(conflict);
        if given.is_some() || self.context.ui.is_interactive() {
            self.context.ui.warning(&summary);
            for line in &lines {
                self.context.ui.status(&format!("  {line}"));
            }
        }
        if let Some(given) = given {
            return Ok(given);
        }
        let shown: Vec<_> = choices
            .iter()
            .map(|(_, value, text)| Choice::new(value, *text))
            .collect();
        let question = Question {
            ask: "What now".to_owned(),
            unattended: format!("{summary}, and nobody can be asked what to do"),
            about: lines,
            flags: choices
                .iter()
                .filter(|(_, value, _)| *value != "stop")
                .map(|(_, value, text)| format!("{flag} {value}  ({text})"))
                .collect(),
        };
        let index = self.context.ui.choose(&question, &shown)?;
        choices
            .get(index)
            .map(|(answer, ..)| *answer)
            .ok_or_else(|| Stopped::new(conflict).into())
    }

    fn renumber(
        &self,
        directory: &mut Directory,
        name: &str,
        dependents: Dependents,
    ) -> Result<(), CommandError> {
        let versions: Vec<&Version> = directory
            .entries()
            .iter()
            .map(|entry| &entry.version)
            .collect();
        let spelling = Version::next(versions, self.context.clock.now())?;
        let Some(folder) = directory
            .entries()
            .iter()
            .find(|entry| entry.name == name)
            .and_then(|entry| entry.path.parent())
        else {
            return Ok(());
        };
        let renumbered = migration::renumber(folder, name, &spelling, dependents)?;
        self.context.ui.status(&format!(
            "Renamed `{name}` to `{}`.",
            self.context.shown(&renumbered.path).display()
        ));
        for path in &renumbered.mended {
            self.context
                .ui
                .status(&format!("Mended `{}`.", self.context.shown(path).display()));
        }
        Ok(())
    }

    fn restore(
        &self,
        workspace: &mut Workspace,
        version: &Version,
        name: &str,
    ) -> Result<(), CommandError> {
        let recorded = workspace
            .memory
            .sql(&mut *workspace.database, version)
            .map_err(executor::ExecuteError::from)?;
        let (Some(recorded), Some(folder)) = (recorded, workspace.directory.folders().first())
        else {
            return Err(NotRecorded(name.to_owned()).into());
        };
        let Some(up) = recorded.up else {
            return Err(NotRecorded(name.to_owned()).into());
        };
        let metadata = Metadata {
            run_in_transaction: recorded.transactional,
            ..Metadata::absent()
        };
        let path = migration::restore(folder, name, &up, recorded.down.as_deref(), &metadata)?;
        self.context.ui.status(&format!(
            "Restored `{}`.",
            self.context.shown(&path).display()
        ));
        Ok(())
    }
}

/// A conflict that was left as it is.
#[derive(Debug, thiserror::Error)]
#[error("stopped: {0}")]
struct Stopped(String);

impl Stopped {
    fn new(conflict: &Conflict) -> Self {
        Self(ui::conflict(conflict).0)
    }
}

impl Explain for Stopped {
    fn details(&self) -> Vec<String> {
        vec!["nothing was run".to_owned()]
    }
}

/// There is nothing to restore from.
#[derive(Debug, thiserror::Error)]
#[error("the SQL of `{0}` is not recorded, so its folder cannot be restored")]
struct NotRecorded(String);

impl Explain for NotRecorded {
    fn hints(&self) -> Vec<String> {
        vec![
            "bring the folder back, from the branch or release that has it".to_owned(),
            "go on without it: --on-missing ignore".to_owned(),
        ]
    }
}
