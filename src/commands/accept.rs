//! `manage accept`: record the edited text of applied migrations as the one that was applied.

use serde_json::json;

use super::each::each;
use super::locked::LockFlag;
use super::migrate::target;
use super::registry::{Command, Outcome, TARGETS};
use super::workspace::Workspace;
use crate::backend::{Access, Direction};
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::executor::{self, ExecuteError};
use crate::history::{Checksum, JournalRun, RecordedSql};
use crate::migration::{Entry, Position, Target};
use crate::settings::Connection;
use crate::ui::{self, Question};

/// Record that the edited files of an applied migration are right
///
/// The difference between the recorded text and the present one is shown, and the present one is recorded
/// with the reason. Nothing is run: the database has to be as the new text says already.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Accept {
    /// Which; may be several
    #[arg(
        value_name = "TARGET",
        required = true,
        value_parser = target,
        allow_negative_numbers = true
    )]
    targets: Vec<Target>,

    /// Why the edit is right; recorded
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    #[command(flatten)]
    lock: LockFlag,
}

impl Command for Accept {
    const NAME: &'static str = "accept";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| self.one(context, connection))
    }
}

impl Accept {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let mut workspace = Workspace::open(context, self.lock.over(connection), Access::Write)?;
        // Whatever cannot be accepted is said before anything is.
        let mut edited: Vec<Entry> = Vec::new();
        for target in &self.targets {
            let entry = entry(&workspace, target)?;
            if edited.contains(&entry) {
                continue;
            }
            let edits = edits(&mut workspace, &entry)?;
            if edits.is_empty() {
                return Err(NotAccepted::NotEdited(entry.name).into());
            }
            for edit in edits {
                edit.show(context, &entry);
            }
            edited.push(entry);
        }
        let reason = self.reason(context)?;
        workspace.lock(context, "manage accept")?;
        let identity = context.identity();
        for entry in &edited {
            if !workspace.memory.ledger.contains(&entry.version) {
                return Err(ExecuteError::Stale.into());
            }
            executor::accept(
                &mut *workspace.database,
                workspace.lock.as_ref(),
                &identity,
                entry,
                &reason,
            )?;
            context
                .ui
                .status(&format!("Recorded the new text of `{}`.", entry.name));
        }
        workspace.unlock(context)?;
        if context.ui.is_json() {
            let accepted: Vec<_> = edited
                .iter()
                .map(|entry| json!({ "version": entry.version.as_str(), "name": entry.name }))
                .collect();
            let json = json!({
                "connection": workspace.name(),
                "accepted": accepted,
                "reason": reason,
            });
            context.ui.answer(&json.to_string());
        }
        Ok(Outcome::Done)
    }

    fn reason(&self, context: &Context) -> Result<String, CommandError> {
        if let Some(reason) = self.reason.as_ref().map(|reason| reason.trim())
            && !reason.is_empty()
        {
            return Ok(reason.to_owned());
        }
        let question = Question {
            ask: "Why is the edit right".to_owned(),
            about: Vec::new(),
            unattended: "accepting an edit needs a reason".to_owned(),
            flags: vec!["say why: --reason TEXT".to_owned()],
        };
        Ok(context.ui.line(&question, None)?)
    }
}

/// The folder of an applied migration.
fn entry(workspace: &Workspace, target: &Target) -> Result<Entry, CommandError> {
    let known = workspace.known();
    let version = match executor::position(target, &known, &workspace.graph)? {
        Position::Migration(version) => version,
        Position::Base => return Err(NotAccepted::Base(target.to_string()).into()),
    };
    let name = executor::name_of(&workspace.directory, &workspace.memory, &version);
    let is_begun = |run: &JournalRun| run.version == version && run.direction == Direction::Up;
    if !workspace.memory.ledger.contains(&version) {
        // Whether it is under way or was left behind, what is in effect has to stay as it is.
        if workspace.memory.journal.runs().iter().any(is_begun) {
            return Err(NotAccepted::Unfinished(name).into());
        }
        return Err(NotAccepted::NotApplied(name).into());
    }
    match workspace.directory.find(&version) {
        Some(entry) => Ok(entry.clone()),
        None => Err(NotAccepted::NoFolder(name).into()),
    }
}

/// A file that says something else than was recorded.
struct Edit {
    file: &'static str,
    before: String,
    now: String,
}

impl Edit {
    fn show(&self, context: &Context, entry: &Entry) {
        let ui = &context.ui;
        let path = context.shown(&entry.path.join(self.file));
        ui.context_of_question(&format!("--- {} as recorded", entry.name));
        ui.context_of_question(&format!("+++ {}", path.display()));
        for line in ui::difference(&self.before, &self.now) {
            ui.context_of_question(&line);
        }
    }
}

/// Both files, as far as they were edited. Comments, white space and line endings are no edit.
fn edits(workspace: &mut Workspace, entry: &Entry) -> Result<Vec<Edit>, CommandError> {
    let recorded = workspace
        .memory
        .sql(&mut *workspace.database, &entry.version)
        .map_err(ExecuteError::from)?;
    let checksum = workspace
        .memory
        .record
        .find(&entry.version)
        .and_then(|recorded| recorded.checksum.clone());
    let dialect = workspace.dialect();
    let RecordedSql { up, down, .. } = recorded.unwrap_or_default();
    let mut edits = Vec::new();
    for (direction, file, before, before_checksum) in [
        (Direction::Up, "up.sql", up, checksum),
        (Direction::Down, "down.sql", down, None),
    ] {
        let now = entry.sql(direction).ok().map(|file| file.text);
        let now = now.unwrap_or_default();
        let before_checksum = before_checksum
            .or_else(|| before.as_deref().map(|text| Checksum::of(text, dialect)))
            .unwrap_or_else(|| Checksum::of("", dialect));
        if Checksum::of(&now, dialect).normalized != before_checksum.normalized {
            edits.push(Edit {
                file,
                before: before.unwrap_or_default(),
                now,
            });
        }
    }
    Ok(edits)
}

/// Why there is nothing to accept.
#[derive(Debug, thiserror::Error)]
enum NotAccepted {
    #[error("`{0}` is the place before all migrations, which has no files")]
    Base(String),
    #[error("`{0}` is not applied, so its files may be edited freely")]
    NotApplied(String),
    #[error(
        "`{0}` is begun and not recorded as applied, so only what is not in effect of it may be edited"
    )]
    Unfinished(String),
    #[error("the folder of `{0}` is gone, so it has no text to accept")]
    NoFolder(String),
    #[error("the files of `{0}` say what was recorded, so there is no edit to accept")]
    NotEdited(String),
}

impl Explain for NotAccepted {
    fn details(&self) -> Vec<String> {
        vec!["nothing was recorded".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Base(_) => vec!["name a migration: manage showmigrations".to_owned()],
            Self::NotApplied(name) => vec![format!("apply it: manage migrate {name}")],
            Self::Unfinished(_) => {
                vec!["see what of it is in effect: manage resume --plan".to_owned()]
            }
            Self::NoFolder(name) => vec![format!("write it again: manage restore {name}")],
            Self::NotEdited(_) => {
                vec!["see which ones are edited: manage showmigrations".to_owned()]
            }
        }
    }
}
