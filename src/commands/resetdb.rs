//! `manage resetdb`: the database of a connection made anew.

use super::createdb::create;
use super::dropping::{DropFlags, named};
use super::each::each;
use super::migrate::Migrate;
use super::registry::{Command, Outcome};
use super::workspace::{OnAbsent, load_directory};
use crate::backend;
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::executor::PrepareError;
use crate::migration::{Finding, Graph, Severity, check_directory};
use crate::settings::Connection;

/// Drop the database, create it and apply everything
///
/// The migrations are looked at first: what keeps them from being applied keeps the database from being
/// dropped. It is asked about as `dropdb` does.
#[derive(clap::Args, Debug)]
pub(crate) struct Resetdb {
    #[command(flatten)]
    flags: DropFlags,
}

impl Command for Resetdb {
    const NAME: &'static str = "resetdb";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        named(context)?;
        each(context, |connection| self.one(context, connection))
    }
}

impl Resetdb {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        applicable(context, &connection)?;
        let (whole, is_there) = self.flags.consent(context, &connection)?;
        if is_there {
            self.flags.drop(context, &connection, &whole)?;
        }
        create(context, &connection)?;
        Migrate::default().one(context, self.flags.lock.over(connection))
    }
}

/// Whether everything could be applied to an empty database without a question.
fn applicable(context: &Context, connection: &Connection) -> Result<(), CommandError> {
    let directory = load_directory(context, connection, OnAbsent::Refuse)?;
    let errors: Vec<Finding> = check_directory(&directory, backend::dialect(connection.backend()?))
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    if !errors.is_empty() {
        let error = CommandError::from(PrepareError::Findings(errors));
        return Err(error.detail("nothing was dropped"));
    }
    let open = (connection.on.duplicate.is_none() && !directory.duplicates().is_empty())
        || (connection.on.diverged.is_none() && !Graph::load(&directory).divergences().is_empty());
    if open && !context.ui.is_interactive() {
        return Err(InConflict(context.on(&connection.name)).into());
    }
    Ok(())
}

/// The files would raise a question when the database is gone already.
#[derive(Debug, thiserror::Error)]
#[error("the migrations are in conflict, and nobody can be asked what to do")]
struct InConflict(String);

impl Explain for InConflict {
    fn kind(&self) -> Kind {
        Kind::Question
    }

    fn details(&self) -> Vec<String> {
        vec!["nothing was dropped".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec![format!("see which, and mend them: manage check{}", self.0)]
    }
}
