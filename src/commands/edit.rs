//! `manage edit`: a migration's file in the person's own editor, and a look at it afterwards.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::editor::Editor;
use super::files::Files;
use super::migrate::target;
use super::registry::{Command, Outcome, TARGETS};
use crate::backend::{self, Direction};
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::executor::name_of;
use crate::history::Memory;
use crate::migration::{
    Check, Directory, Entry, Fault, Finding, Graph, Severity, Target, Unusable, check_sql,
    file_name, read_metadata, refuse_outside,
};
use crate::sql::Dialect;
use crate::ui::{self, PromptError, Question};

/// Open a migration's file in your editor
///
/// The editor is what $VISUAL or $EDITOR names. That the migration is applied is asked about first, for
/// nothing runs it again; what is wrong with the file is told afterwards, and then it exits with 3.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Edit {
    /// Which [default: head]
    #[arg(value_parser = target, allow_hyphen_values = true)]
    target: Option<Target>,

    /// Its down.sql instead of its up.sql
    #[arg(long)]
    down: bool,

    /// Its metadata.toml
    #[arg(long, conflicts_with = "down")]
    metadata: bool,
}

impl Command for Edit {
    const NAME: &'static str = "edit";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        let connection = context.connection()?;
        let files = Files::look(context, connection)?;
        let target = self.target.clone().unwrap_or_else(Target::head);
        let memory = self.memory(context, &files, &target)?;
        let version = files.find(&target, memory.as_ref())?;
        let Some(entry) = files.directory.find(&version) else {
            let name = match &memory {
                Some(memory) => name_of(&files.directory, memory, &version),
                None => version.to_string(),
            };
            return Err(NoFolder(name).into());
        };
        let file = entry.path.join(self.file_name());
        refuse_outside(&file)?;
        if !context.ui.is_interactive() {
            return Err(Nobody(file).into());
        }
        let editor = Editor::find(&context.environment)?;
        self.consent(context, &files, entry, memory.as_ref())?;
        let path = context.environment.directory.join(&file);
        let before = fs::read(&path).ok();
        {
            // The editor has the terminal, and Ctrl-C is a key of it.
            let _left = context.interrupt.leave();
            editor.open(&path)?;
        }
        let changed = fs::read(&path).ok() != before;
        let findings = self.findings(&files, entry)?;
        Ok(tell(context, &files, &file, changed, &findings))
    }
}

impl Edit {
    fn file_name(&self) -> &'static str {
        if self.metadata {
            "metadata.toml"
        } else {
            file_name(self.direction())
        }
    }

    fn direction(&self) -> Direction {
        if self.down {
            Direction::Down
        } else {
            Direction::Up
        }
    }

    /// What the database remembers, where that matters; that it cannot be asked is told.
    fn memory(
        &self,
        context: &Context,
        files: &Files,
        target: &Target,
    ) -> Result<Option<Memory>, CommandError> {
        if target.depends_on_database() {
            return Ok(Some(files.ask(context)?.1));
        }
        // Only the text of up.sql was run, and is compared.
        if self.down || self.metadata {
            return Ok(None);
        }
        Ok(match files.ask(context) {
            Ok((_, memory)) => Some(memory),
            Err(error) => {
                let why = error.messages().join(": ");
                context
                    .ui
                    .note(&format!("whether it is applied was not asked: {why}"));
                None
            }
        })
    }

    /// Asks, where an edit would not be run.
    fn consent(
        &self,
        context: &Context,
        files: &Files,
        entry: &Entry,
        memory: Option<&Memory>,
    ) -> Result<(), CommandError> {
        let is_applied = memory.is_some_and(|memory| memory.ledger.contains(&entry.version));
        if self.down || self.metadata || !is_applied {
            return Ok(());
        }
        let (name, connection) = (&entry.name, &files.connection.name);
        context.ui.warning(&format!(
            "`{name}` is applied on `{connection}`; what is changed in it now is not run there"
        ));
        context
            .ui
            .hint("write what is to change as a migration: manage makemigrations");
        if context.yes {
            return Ok(());
        }
        let question = Question {
            ask: "Edit it all the same".to_owned(),
            about: Vec::new(),
            unattended: format!("`{name}` is applied, and nobody can be asked"),
            flags: vec!["edit it without being asked: --yes".to_owned()],
        };
        if context.ui.confirm(&question)? {
            Ok(())
        } else {
            Err(PromptError::Cancelled.into())
        }
    }

    /// What is wrong with the file now.
    fn findings(&self, files: &Files, entry: &Entry) -> Result<Vec<Finding>, CommandError> {
        if self.metadata {
            return metadata_findings(files, entry);
        }
        let mut findings = Vec::new();
        let transactional = entry.transactional(&mut findings);
        let dialect = backend::dialect(files.connection.backend()?);
        let check = Check {
            dialect,
            refuses_empty: dialect == Dialect::Postgres,
            transactional,
            direction: self.direction(),
        };
        match entry.sql(self.direction()) {
            Ok(file) => findings.extend(check_sql(&file, &check)),
            Err(Unusable::Found(finding)) => findings.push(finding),
            Err(Unusable::Absent) => {}
        }
        Ok(findings)
    }
}

/// Also what the migration now depends on, and cannot.
fn metadata_findings(files: &Files, entry: &Entry) -> Result<Vec<Finding>, CommandError> {
    let mut findings = match read_metadata(&entry.path) {
        Ok((_, findings)) => findings,
        Err(finding) => vec![finding],
    };
    let graph = Graph::load(&Directory::load(files.directory.folders())?);
    let about = graph.faults().iter().map(Fault::finding);
    findings.extend(about.filter(|finding| finding.path.starts_with(&entry.path)));
    Ok(findings)
}

/// Says what became of the file.
fn tell(
    context: &Context,
    files: &Files,
    file: &Path,
    changed: bool,
    findings: &[Finding],
) -> Outcome {
    let shown = file.display();
    if context.ui.is_json() {
        let found: Vec<ui::Found> = findings.iter().cloned().map(Into::into).collect();
        let mut json = ui::found_json(&files.connection.name, &found);
        json["file"] = json!(shown.to_string());
        json["changed"] = json!(changed);
        context.ui.answer(&json.to_string());
    } else if changed {
        context.ui.status(&format!("edited {shown}"));
    } else {
        context.ui.status(&format!("{shown} was not changed."));
    }
    for finding in findings {
        ui::finding(&context.ui, finding);
    }
    let is_bad = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    if is_bad {
        Outcome::Findings
    } else {
        Outcome::Done
    }
}

/// There is no person whose editor it could be.
#[derive(Debug, thiserror::Error)]
#[error("nobody is there to edit `{}`", .0.display())]
struct Nobody(PathBuf);

impl Explain for Nobody {
    fn kind(&self) -> Kind {
        Kind::Question
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "run this in a terminal, or change the file another way and then: manage check"
                .to_owned(),
        ]
    }
}

/// The migration has no files.
#[derive(Debug, thiserror::Error)]
#[error("the folder of `{0}` is gone, so there is nothing to edit")]
struct NoFolder(String);

impl Explain for NoFolder {
    fn hints(&self) -> Vec<String> {
        vec![
            format!("see what was recorded: manage show {}", self.0),
            "bring it back: manage migrate --on-missing restore".to_owned(),
        ]
    }
}
