//! Whether a database stands inside the range: it would have a part of the one, and miss the rest.

use std::path::{Path, PathBuf};

use super::command::Files;
use crate::backend::{self, Access};
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::history::Memory;
use crate::settings::Connection;
use crate::ui::{self, Question};

/// Asks every database of the settings whose migrations these are.
///
/// # Errors
/// One stands inside the range; or one cannot be asked, and nobody said that this does not matter.
pub(super) fn look(
    context: &Context,
    connection: &Connection,
    files: &Files<'_>,
) -> Result<(), CommandError> {
    let Some(folder) = files
        .squash
        .members
        .last()
        .and_then(|version| files.directory.find(version))
        .and_then(|entry| entry.path.parent())
    else {
        return Ok(());
    };
    let folder = real(&context.environment.directory.join(folder));
    let mut silent = Vec::new();
    for other in sharing(context, connection, &folder)? {
        let other = match other {
            Ok(other) => other,
            Err(silence) => {
                silent.push(silence);
                continue;
            }
        };
        match memory(context, &other) {
            Ok(memory) => {
                let applied: Vec<_> = files
                    .squash
                    .members
                    .iter()
                    .filter(|version| memory.ledger.contains(version))
                    .collect();
                if let Some(newest) = applied.last()
                    && applied.len() < files.squash.members.len()
                {
                    return Err(Inside {
                        connection: other.name.clone(),
                        applied: applied.len(),
                        all: files.squash.members.len(),
                        newest: files.name(newest),
                        end: files.squash.members.last().map(|end| files.name(end)),
                    }
                    .into());
                }
            }
            Err(error) => silent.push((other.name, error.messages().join(": "))),
        }
    }
    if silent.is_empty() {
        return Ok(());
    }
    let question = Question {
        ask: "Squash without having looked there".to_owned(),
        unattended: format!(
            "{} cannot be asked whether it stands inside the range",
            match silent.as_slice() {
                [(name, _)] => format!("the database of `{name}`"),
                several => ui::count(several.len(), "database"),
            }
        ),
        about: silent
            .iter()
            .map(|(name, why)| format!("{name}: {why}"))
            .collect(),
        flags: vec!["if it has all of the range or none of it: --offline".to_owned()],
    };
    for line in &question.about {
        context.ui.detail(line);
    }
    if context.ui.confirm(&question)? {
        Ok(())
    } else {
        Err(ui::PromptError::Cancelled.into())
    }
}

/// A connection's name, and why its database cannot be asked.
type Silence = (String, String);

/// The connections whose migrations are in a folder, this one first.
fn sharing(
    context: &Context,
    connection: &Connection,
    folder: &Path,
) -> Result<Vec<Result<Connection, Silence>>, CommandError> {
    let settings = context.settings()?;
    let mut sharing = vec![Ok(connection.clone())];
    for name in settings.names().filter(|name| *name != connection.name) {
        match settings.connection(Some(name)) {
            Ok(other) => {
                if other.migrations.iter().any(|path| real(path) == folder) {
                    sharing.push(Ok(other));
                }
            }
            Err(error) => sharing.push(Err((name.to_owned(), error.to_string()))),
        }
    }
    Ok(sharing)
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn memory(context: &Context, connection: &Connection) -> Result<Memory, CommandError> {
    let url = connection.url()?;
    let mut database = backend::open(url, Access::Read, &context.settings()?.environment())?;
    Ok(Memory::read(&mut *database).map_err(crate::executor::ExecuteError::from)?)
}

/// A database has a part of the range.
#[derive(Debug, thiserror::Error)]
#[error("the database of `{connection}` stands inside the range: {applied} of {all} are applied")]
struct Inside {
    connection: String,
    applied: usize,
    all: usize,
    newest: String,
    end: Option<String>,
}

impl Explain for Inside {
    fn kind(&self) -> Kind {
        Kind::Failure
    }

    fn details(&self) -> Vec<String> {
        vec![
            format!("the newest of them is `{}`", self.newest),
            "nothing was written".to_owned(),
        ]
    }

    fn hints(&self) -> Vec<String> {
        let mut hints = Vec::new();
        if let Some(end) = &self.end {
            hints.push(format!(
                "bring it to the end of the range: manage migrate -d {} {end}",
                self.connection
            ));
        }
        hints.push(format!("or squash no further than {}", self.newest));
        hints
    }
}
