//! A migration for a person to fill in.

use super::command::Makemigrations;
use super::place::{Extent, Place};
use super::report;
use crate::backend;
use crate::commands::hooks;
use crate::commands::linear;
use crate::commands::registry::Outcome;
use crate::commands::workspace::{OnAbsent, load_directory};
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::{
    self, Draft, Metadata, Slug, Spelling, Version, WriteError, down_template, up_template,
};
use crate::settings::Connection;
use crate::ui::Question;

/// Writes one.
pub(super) fn run(
    context: &Context,
    connection: &Connection,
    arguments: &Makemigrations,
) -> Result<Outcome, CommandError> {
    let message = message(context, arguments)?;
    let make = || -> Result<Draft, CommandError> {
        let directory = load_directory(context, connection, OnAbsent::Make)?;
        let extent = if arguments.dry_run {
            Extent::Show
        } else {
            Extent::Write
        };
        let place = Place::choose(context, connection, &arguments.place, directory, extent)?;
        let mut draft = blank(context, &place, arguments, &message)?;
        draft.up = up_template(&message, backend::dialect(connection.backend()?));
        draft.down = Some(down_template(&message));
        Ok(draft)
    };
    let mut draft = make()?;
    if arguments.dry_run {
        report::files(context, connection, &draft);
        return Ok(Outcome::Done);
    }
    let path = loop {
        match migration::write(&draft) {
            // Somebody wrote one at the same moment; theirs is there now, so ours comes after it.
            Err(WriteError::VersionTaken { .. }) if arguments.version.is_none() => {
                draft = make()?;
            }
            outcome => break outcome?,
        }
    };
    linear::keep(context, connection)?;
    let shown = context.shown(&path);
    if context.ui.is_json() {
        let json = serde_json::json!({
            "connection": connection.name,
            "version": draft.version.version().as_str(),
            "path": shown.display().to_string(),
            "depends_on": report::depends_on(&draft),
            "labels": draft.metadata.labels,
        });
        context.ui.answer(&json.to_string());
    } else {
        context.ui.answer(&shown.display().to_string());
    }
    context.ui.status(&format!(
        "Write the SQL in up.sql and down.sql, then run: manage migrate{}",
        context.on(&connection.name)
    ));
    hooks::post_write(context, connection, &[path])?;
    Ok(Outcome::Done)
}

/// A migration after all that are there, with nothing in it.
pub(super) fn blank(
    context: &Context,
    place: &Place,
    arguments: &Makemigrations,
    message: &str,
) -> Result<Draft, CommandError> {
    let slug = Slug::from_message(arguments.name.as_deref().unwrap_or(message))?;
    let existing = || place.directory.entries().iter().map(|entry| &entry.version);
    let version = match &arguments.version {
        Some(asked) => Spelling::given(asked, existing())?,
        None => Version::next(existing(), context.clock.now())?,
    };
    Ok(Draft {
        directory: place.folder.clone(),
        version,
        slug,
        up: String::new(),
        down: None,
        metadata: Metadata {
            depends_on: Some(place.depends_on.clone()),
            labels: place.labels.clone(),
            ..Metadata::absent()
        },
    })
}

fn message(context: &Context, arguments: &Makemigrations) -> Result<String, CommandError> {
    if let Some(message) = arguments.given_message() {
        return Ok(message.to_owned());
    }
    let question = Question {
        ask: "What does the migration do".to_owned(),
        about: Vec::new(),
        unattended: "a migration needs a name".to_owned(),
        flags: vec!["say what it does: manage makemigrations \"Add users\"".to_owned()],
    };
    Ok(context.ui.line(&question, None)?)
}
