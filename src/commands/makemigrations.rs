//! `manage makemigrations`: write a new migration.

use std::collections::BTreeMap;

use super::registry::{Command, Outcome};
use super::workspace::{OnAbsent, load_directory};
use crate::backend;
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::{
    self, Draft, Metadata, Slug, Spelling, Version, WriteError, down_template, up_template,
};
use crate::settings::Connection;
use crate::ui::Question;

/// Write a new migration for you to fill in
///
/// The folder's path is printed. Its version is greater than every other one's, whatever the clock
/// says, and its SQL runs as it is, also under plain `diesel`.
#[derive(clap::Args, Debug)]
pub(crate) struct Makemigrations {
    /// What it does, in a few words: "Add users"
    #[arg(conflicts_with = "message_flag")]
    message: Option<String>,

    /// The same, as a flag
    #[arg(short = 'm', long = "message", value_name = "MESSAGE")]
    message_flag: Option<String>,

    /// The folder's name after the version [default: made from the message]
    #[arg(short, long, value_name = "NAME")]
    name: Option<String>,

    /// The version [default: the time in UTC]
    #[arg(long = "version", visible_alias = "rev-id", value_name = "VERSION")]
    version: Option<String>,

    /// Write templates, whatever the models say
    #[arg(long)]
    empty: bool,

    /// Print what would be written, and stop
    #[arg(long)]
    dry_run: bool,
}

impl Command for Makemigrations {
    const NAME: &'static str = "makemigrations";
    const ALIASES: &'static [&'static str] = &["make-migrations", "revision"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        let connection = context.connection()?;
        let message = self.message(context)?;
        let mut draft = self.draft(context, &connection, &message)?;
        if self.dry_run {
            show(context, &connection, &draft);
            return Ok(Outcome::Done);
        }
        let path = loop {
            match migration::write(&draft) {
                // Somebody wrote one at the same moment; theirs is there now, so ours comes after it.
                Err(WriteError::VersionTaken { .. }) if self.version.is_none() => {
                    draft = self.draft(context, &connection, &message)?;
                }
                outcome => break outcome?,
            }
        };
        let shown = context.shown(&path);
        if context.ui.is_json() {
            let json = serde_json::json!({
                "connection": connection.name,
                "version": draft.version.version().as_str(),
                "path": shown.display().to_string(),
            });
            context.ui.answer(&json.to_string());
        } else {
            context.ui.answer(&shown.display().to_string());
        }
        let on = if context.is_default() {
            String::new()
        } else {
            format!(" -d {}", connection.name)
        };
        context.ui.status(&format!(
            "Write the SQL in up.sql and down.sql, then run: manage migrate{on}"
        ));
        Ok(Outcome::Done)
    }
}

impl Makemigrations {
    fn draft(
        &self,
        context: &Context,
        connection: &Connection,
        message: &str,
    ) -> Result<Draft, CommandError> {
        let directory = load_directory(context, connection, OnAbsent::Make)?;
        let slug = Slug::from_message(self.name.as_deref().unwrap_or(message))?;
        let existing = || directory.entries().iter().map(|entry| &entry.version);
        let version = match &self.version {
            Some(asked) => Spelling::given(asked, existing())?,
            None => Version::next(existing(), context.clock.now())?,
        };
        let folder = directory.folders().first().cloned().unwrap_or_default();
        Ok(Draft {
            directory: folder,
            version,
            slug,
            up: up_template(message, backend::dialect(connection.backend()?)),
            down: Some(down_template(message)),
            metadata: Metadata {
                depends_on: Some(existing().max().into_iter().cloned().collect()),
                ..Metadata::absent()
            },
        })
    }

    fn message(&self, context: &Context) -> Result<String, CommandError> {
        let given = self
            .message
            .as_ref()
            .or(self.message_flag.as_ref())
            .or(self.name.as_ref());
        if let Some(message) = given {
            return Ok(message.clone());
        }
        let question = Question {
            ask: "What does the migration do".to_owned(),
            about: Vec::new(),
            unattended: "a migration needs a name".to_owned(),
            flags: vec!["say what it does: manage makemigrations \"Add users\"".to_owned()],
        };
        Ok(context.ui.line(&question, None)?)
    }
}

fn show(context: &Context, connection: &Connection, draft: &Draft) {
    let folder = context.shown(&draft.directory).join(draft.name());
    let metadata = draft.metadata.render();
    let down = draft.down.as_deref().map(|down| ("down.sql", down));
    let files = [
        Some(("up.sql", draft.up.as_str())),
        down,
        Some(("metadata.toml", &metadata)),
    ];
    let files: Vec<_> = files.into_iter().flatten().collect();
    if context.ui.is_json() {
        let json = serde_json::json!({
            "connection": connection.name,
            "version": draft.version.version().as_str(),
            "path": folder.display().to_string(),
            "files": files.into_iter().collect::<BTreeMap<_, _>>(),
        });
        context.ui.answer(&json.to_string());
        return;
    }
    for (file, text) in files {
        context
            .ui
            .answer(&format!("-- {}", folder.join(file).display()));
        context.ui.answer(text.trim_end());
        context.ui.answer("");
    }
}
