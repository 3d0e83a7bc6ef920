//! `manage restore`: write the folders of applied migrations again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::each::each;
use super::migrate::target;
use super::registry::{Command, Outcome, TARGETS};
use super::restoring::Texts;
use super::workspace::Workspace;
use crate::backend::Access;
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::executor;
use crate::migration::{Position, Target, Version};
use crate::settings::Connection;
use crate::ui;

/// Write the folder of an applied migration again, from what was recorded
///
/// For a folder that is gone: with an older release, or on another branch. The files are what they were
/// when the migration was applied. A folder that is there and says something else is left alone.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Restore {
    /// Which; may be several
    #[arg(
        value_name = "TARGET",
        required = true,
        value_parser = target,
        allow_negative_numbers = true
    )]
    targets: Vec<Target>,

    /// Write into this folder [default: the one of the migrations that it came from]
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

impl Command for Restore {
    const NAME: &'static str = "restore";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| self.one(context, connection))
    }
}

/// One folder that is to be written.
struct Lost {
    version: Version,
    name: String,
    into: PathBuf,
    texts: Texts,
}

impl Restore {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let mut workspace = Workspace::open(context, connection, Access::Read)?;
        // Whatever cannot be restored is said before anything is.
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for target in &self.targets {
            let version = version(&workspace, target)?;
            if seen.insert(version.clone()) {
                all.push(self.lost(context, &mut workspace, version)?);
            }
        }
        let mut done = Vec::new();
        for lost in &all {
            let path = lost.into.join(&lost.name);
            let (path, is_written) = if path.exists() {
                let shown = context.shown(&path);
                context.ui.status(&format!(
                    "`{}` is there, as it was recorded.",
                    shown.display()
                ));
                (path, false)
            } else {
                (lost.texts.write(context, &lost.into, &lost.name)?, true)
            };
            done.push(json!({
                "version": lost.version.as_str(),
                "name": lost.name,
                "path": context.shown(&path),
                "written": is_written,
            }));
        }
        if context.ui.is_json() {
            let json = json!({ "connection": workspace.name(), "restored": done });
            context.ui.answer(&json.to_string());
        }
        Ok(Outcome::Done)
    }

    fn lost(
        &self,
        context: &Context,
        workspace: &mut Workspace,
        version: Version,
    ) -> Result<Lost, CommandError> {
        let there = workspace.directory.find(&version).cloned();
        let name = workspace.memory.record.find(&version).map_or_else(
            || executor::name_of(&workspace.directory, &workspace.memory, &version),
            |recorded| recorded.name.clone(),
        );
        let texts = Texts::find(workspace, &version, &name)?;
        let into = match (&self.to, &there) {
            (Some(folder), _) => context.environment.directory.join(folder),
            (None, Some(entry)) => entry.path.parent().map(Path::to_owned).unwrap_or_default(),
            (None, None) => texts
                .home(&workspace.directory)
                .cloned()
                .unwrap_or_default(),
        };
        let in_the_way = match &there {
            Some(entry) if self.to.is_none() => Some(entry.path.clone()),
            Some(_) | None => Some(into.join(&name)).filter(|path| path.exists()),
        };
        if let Some(path) = in_the_way {
            refuse_other(context, &path, &into.join(&name), &texts)?;
        }
        Ok(Lost {
            version,
            name,
            into,
            texts,
        })
    }
}

fn version(workspace: &Workspace, target: &Target) -> Result<Version, CommandError> {
    let known = workspace.known();
    match executor::position(target, &known, &workspace.graph)? {
        Position::Migration(version) if workspace.memory.ledger.contains(&version) => Ok(version),
        Position::Migration(version) => Err(NotRestored::NotApplied(executor::name_of(
            &workspace.directory,
            &workspace.memory,
            &version,
        ))
        .into()),
        Position::Base => Err(NotRestored::Base(target.to_string()).into()),
    }
}

/// A folder that is there is either the same or stays; what differs is shown.
fn refuse_other(
    context: &Context,
    there: &Path,
    wanted: &Path,
    texts: &Texts,
) -> Result<(), CommandError> {
    let shown = context.shown(there).display().to_string();
    if there != wanted {
        return Err(NotRestored::OtherName(shown).into());
    }
    let files = [
        ("up.sql", Some(&texts.up)),
        ("down.sql", texts.down.as_ref()),
        ("metadata.toml", texts.metadata.as_ref()),
    ];
    let mut differs = false;
    for (file, recorded) in files {
        let path = there.join(file);
        let now = fs::read_to_string(&path).ok();
        if now.as_ref() == recorded {
            continue;
        }
        differs = true;
        let ui = &context.ui;
        ui.context_of_question(&format!("--- {file} as recorded"));
        ui.context_of_question(&format!("+++ {}", context.shown(&path).display()));
        let text = |text: Option<&String>| text.cloned().unwrap_or_default();
        for line in ui::difference(&text(recorded), &text(now.as_ref())) {
            ui.context_of_question(&line);
        }
    }
    if differs {
        return Err(NotRestored::Differs(shown).into());
    }
    Ok(())
}

/// Why a folder is not written.
#[derive(Debug, thiserror::Error)]
enum NotRestored {
    #[error("`{0}` is the place before all migrations, which has no folder")]
    Base(String),
    #[error("`{0}` is not applied, so its text is not kept")]
    NotApplied(String),
    #[error("`{0}` is there and says something else than was recorded; it is left as it is")]
    Differs(String),
    #[error("its version is in use: by `{0}`, under another name than was recorded")]
    OtherName(String),
}

impl Explain for NotRestored {
    fn details(&self) -> Vec<String> {
        vec!["nothing was written".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Base(_) | Self::NotApplied(_) => {
                vec!["see what is applied: manage showmigrations".to_owned()]
            }
            Self::Differs(path) => vec![
                format!("write it beside, to compare: --to {}.recorded", place(path)),
                "record the text that is there: manage accept".to_owned(),
            ],
            Self::OtherName(path) => vec![format!(
                "write it beside, to compare: --to {}.recorded",
                place(path)
            )],
        }
    }
}

/// The folder that a migration's own is in.
fn place(path: &str) -> String {
    Path::new(path)
        .parent()
        .map(|folder| folder.display().to_string())
        .unwrap_or_default()
}
