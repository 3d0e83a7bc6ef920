//! What to do about each conflict: a flag says it, or the settings, or a person.

use super::diverged::{advise, retain_running};
use super::error::{Needed, Stopped};
use super::warn::warn;
use crate::commands::answers::ConflictFlags;
use crate::commands::workspace::Workspace;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, Conflict, Conflicts, Edited as EditedFile, OutOfOrder as Late};
use crate::migration::Version;
use crate::settings::{Answers, Duplicate, Edited, Missing, Order, OutOfOrder};
use crate::ui::{self, Choice, Question};

/// What a command needs to decide.
pub(in crate::commands) struct Resolver<'a> {
    pub(in crate::commands) context: &'a Context,
    pub(in crate::commands) flags: &'a ConflictFlags,
    pub(in crate::commands) answers: Answers,
}

/// What was decided; `None` where there is no such conflict.
#[derive(Default)]
pub(super) struct Decisions {
    pub(super) duplicate: Option<Duplicate>,
    pub(super) missing: Option<Missing>,
    /// The reason, if edits are accepted.
    pub(super) accepted: Option<String>,
    pub(super) out_of_order: Option<OutOfOrder>,
}

impl Decisions {
    /// Whether migrations come, or get other versions.
    fn change_files(&self) -> bool {
        self.duplicate.is_some()
            || self.missing == Some(Missing::Restore)
            || self.out_of_order == Some(OutOfOrder::Rebase)
    }
}

/// What is asked about.
pub(super) struct Asking<'a> {
    pub(super) conflict: &'a Conflict,
    pub(super) summary: String,
    /// The migrations concerned.
    pub(super) lines: Vec<String>,
    /// What could be typed instead of a flag.
    pub(super) more: Vec<String>,
}

impl Resolver<'_> {
    /// Resolves the conflicts that concern these versions.
    ///
    /// Every question is answered before the first answer is carried out, so that stopping at the last
    /// one leaves everything as it was.
    pub(in crate::commands) fn resolve(
        &self,
        workspace: &mut Workspace,
        concerned: impl Fn(&Version) -> bool,
    ) -> Result<(), CommandError> {
        self.resolve_running(workspace, &|_| Ok(Vec::new()), concerned)
    }

    /// The same for a run forwards, which may meet lines that have parted; `running` tells what it would
    /// run.
    pub(in crate::commands) fn resolve_running(
        &self,
        workspace: &mut Workspace,
        running: &dyn Fn(&Workspace) -> Result<Vec<Version>, CommandError>,
        concerned: impl Fn(&Version) -> bool,
    ) -> Result<(), CommandError> {
        let mut conflicts = workspace.conflicts();
        let parted = conflicts.diverged.clone();
        retain_running(&mut conflicts.diverged, &running(workspace)?);
        if conflicts.diverged.is_empty() && !parted.is_empty() {
            warn(self.context, &[Conflict::Diverged(parted.clone())]);
            advise(self.context, workspace.name(), &parted);
        }
        conflicts.duplicates.retain(|one| concerned(&one.version));
        conflicts.missing.retain(|one| concerned(&one.version));
        conflicts.edited.retain(|one| concerned(&one.entry.version));
        let of_concern = |late: Option<Late>| {
            let mut late = late?;
            late.pending.retain(|entry| concerned(&entry.version));
            (!late.pending.is_empty()).then_some(late)
        };
        conflicts.out_of_order = of_concern(conflicts.out_of_order);
        if conflicts.is_empty() {
            return Ok(());
        }
        let duplicate = self.duplicate(&conflicts)?;
        let missing = self.missing(&conflicts)?;
        if missing == Some(Missing::Prune) {
            // What is forgotten makes nothing late.
            let left = workspace.conflicts_without(&conflicts.missing);
            conflicts.out_of_order = of_concern(left.out_of_order);
        }
        let decisions = Decisions {
            duplicate,
            missing,
            accepted: self.edited(workspace, &conflicts)?,
            out_of_order: self.out_of_order(workspace, &conflicts)?,
        };
        // What gets another version may be parted otherwise then, or not at all.
        let way = if decisions.change_files() {
            self.act(workspace, &conflicts, &decisions)?;
            conflicts.diverged = workspace.graph.divergences();
            retain_running(&mut conflicts.diverged, &running(workspace)?);
            self.diverged(workspace, &conflicts)?
        } else {
            let way = self.diverged(workspace, &conflicts)?;
            self.act(workspace, &conflicts, &decisions)?;
            way
        };
        way.map_or(Ok(()), |way| self.rejoin(workspace, way, running))
    }

    fn duplicate(&self, conflicts: &Conflicts) -> Result<Option<Duplicate>, CommandError> {
        if conflicts.duplicates.is_empty() {
            return Ok(None);
        }
        let conflict = Conflict::Duplicate(conflicts.duplicates.clone());
        let choices = [
            (
                Duplicate::Renumber,
                "give one of them a new version, after all others",
            ),
            (Duplicate::Stop, "change nothing"),
        ];
        let answer = self.decide(
            &conflict,
            self.answers.duplicate,
            "--on-duplicate",
            &choices,
        )?;
        match answer {
            Duplicate::Stop => Err(Stopped::at(&conflict).into()),
            Duplicate::Renumber => Ok(Some(answer)),
        }
    }

    fn missing(&self, conflicts: &Conflicts) -> Result<Option<Missing>, CommandError> {
        if conflicts.missing.is_empty() {
            return Ok(None);
        }
        let conflict = Conflict::Missing(conflicts.missing.clone());
        let mut choices = Vec::new();
        if conflicts.missing.iter().any(|one| one.recorded) {
            choices.push((
                Missing::Restore,
                "write the folder again, from what the database recorded",
            ));
        }
        choices.extend([
            (
                Missing::Ignore,
                "go on without it; a rollback uses the recorded SQL",
            ),
            (
                Missing::Prune,
                "forget that it was applied; the schema stays as it is",
            ),
            (Missing::Stop, "change nothing"),
        ]);
        let answer = self.decide(&conflict, self.answers.missing, "--on-missing", &choices)?;
        match answer {
            Missing::Stop => Err(Stopped::at(&conflict).into()),
            Missing::Restore | Missing::Ignore | Missing::Prune => Ok(Some(answer)),
        }
    }

    fn edited(
        &self,
        workspace: &mut Workspace,
        conflicts: &Conflicts,
    ) -> Result<Option<String>, CommandError> {
        if conflicts.edited.is_empty() {
            return Ok(None);
        }
        for one in &conflicts.edited {
            self.show_edit(workspace, one)?;
        }
        let conflict = Conflict::Edited(conflicts.edited.clone());
        let choices = [
            (
                Edited::Stop,
                "change nothing; bring the file back, or write a new migration",
            ),
            (
                Edited::Accept,
                "the database is right as it is: record the new text",
            ),
        ];
        let answer = self.decide(&conflict, self.answers.edited, "--on-edited", &choices)?;
        match answer {
            Edited::Stop => Err(Stopped::at(&conflict).into()),
            Edited::Accept => self.reason().map(Some),
        }
    }

    fn reason(&self) -> Result<String, CommandError> {
        if let Some(reason) = self.flags.reason() {
            return Ok(reason.to_owned());
        }
        let question = Question {
            ask: "Why is the edit right".to_owned(),
            about: Vec::new(),
            unattended: "accepting an edit needs a reason".to_owned(),
            flags: vec!["say why: --reason TEXT".to_owned()],
        };
        Ok(self.context.ui.line(&question, None)?)
    }

    fn show_edit(&self, workspace: &mut Workspace, one: &EditedFile) -> Result<(), CommandError> {
        let recorded = workspace
            .memory
            .sql(&mut *workspace.database, &one.entry.version)
            .map_err(executor::ExecuteError::from)?;
        let now = one.entry.sql(crate::backend::Direction::Up);
        if let (Some(before), Ok(now)) = (recorded.and_then(|recorded| recorded.up), now) {
            let ui = &self.context.ui;
            ui.context_of_question(&format!("--- {} as applied", one.entry.name));
            ui.context_of_question(&format!("+++ {}", self.context.shown(&now.path).display()));
            for line in ui::difference(&before, &now.text) {
                ui.context_of_question(&line);
            }
        }
        Ok(())
    }

    fn out_of_order(
        &self,
        workspace: &Workspace,
        conflicts: &Conflicts,
    ) -> Result<Option<OutOfOrder>, CommandError> {
        let Some(late) = &conflicts.out_of_order else {
            return Ok(None);
        };
        if workspace.connection.order == Order::Any && self.answers.out_of_order.is_none() {
            return Ok(None);
        }
        let conflict = Conflict::OutOfOrder(late.clone());
        let mut choices = vec![(
            OutOfOrder::Apply,
            "apply now, in version order, as `diesel` would",
        )];
        if late.needed_by.is_empty() {
            choices.push((
                OutOfOrder::Rebase,
                "give new versions, after the newest, then apply",
            ));
        }
        choices.push((OutOfOrder::Stop, "change nothing"));
        let given = self.answers.out_of_order;
        let answer = self.decide(&conflict, given, "--on-out-of-order", &choices)?;
        match answer {
            OutOfOrder::Stop => Err(Stopped::at(&conflict).into()),
            OutOfOrder::Apply => Ok(Some(answer)),
            OutOfOrder::Rebase => {
                let needed = late
                    .pending
                    .iter()
                    .find_map(|entry| Some((entry, late.needed_by.get(&entry.version)?)));
                match needed {
                    Some((entry, by)) => Err(Needed {
                        pending: entry.name.clone(),
                        by: by.clone(),
                    }
                    .into()),
                    None => Ok(Some(answer)),
                }
            }
        }
    }

    fn decide<T: Copy + ToString>(
        &self,
        conflict: &Conflict,
        given: Option<T>,
        flag: &str,
        choices: &[(T, &'static str)],
    ) -> Result<T, CommandError> {
        let (summary, lines) = ui::conflict(conflict);
        let asking = Asking {
            conflict,
            summary,
            lines,
            more: Vec::new(),
        };
        self.ask(asking, given, flag, choices)
    }

    pub(super) fn ask<T: Copy + ToString>(
        &self,
        asking: Asking<'_>,
        given: Option<T>,
        flag: &str,
        choices: &[(T, &'static str)],
    ) -> Result<T, CommandError> {
        let Asking {
            conflict,
            summary,
            lines,
            more,
        } = asking;
        if let Some(given) = given {
            warn(self.context, std::slice::from_ref(conflict));
            return Ok(given);
        }
        if self.context.ui.is_interactive() {
            let ui = &self.context.ui;
            ui.context_of_question(&format!("warning: {summary}"));
            for line in &lines {
                ui.context_of_question(&format!("  {line}"));
            }
        }
        let shown: Vec<_> = choices
            .iter()
            .map(|(answer, text)| Choice::new(answer.to_string(), *text))
            .collect();
        let question = Question {
            ask: "What now".to_owned(),
            unattended: format!("{summary}, and nobody can be asked what to do"),
            about: lines,
            flags: shown
                .iter()
                .filter(|choice| choice.value != "stop")
                .map(|choice| format!("{flag} {}  ({})", choice.value, choice.text))
                .chain(more)
                .collect(),
        };
        let index = self.context.ui.choose(&question, &shown)?;
        choices
            .get(index)
            .map(|(answer, _)| *answer)
            .ok_or_else(|| Stopped::at(conflict).into())
    }
}
