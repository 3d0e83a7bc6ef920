//! Whether the migration does what it should, tried on the scratch database.

use super::command::Makemigrations;
use super::compare::Compared;
use crate::backend::Direction;
use crate::context::Context;
use crate::ddl;
use crate::error::{CommandError, Explain, Kind};
use crate::migration::{Draft, Execution, Origin, Script, Stamp, Step};
use crate::proof::{Flaw, Trial, Workbench};
use crate::questioner::Decided;
use crate::schema::Schema;
use crate::schema::change::{Decisions, Difference, Renames, diff};
use crate::ui::{self, Question};

/// What came of it.
pub(super) enum Outcome {
    /// Up reaches the models, down comes back, up works again.
    Proved,
    /// The same, but there is no way back to prove.
    UpOnly,
    /// It could not be tried, and why.
    Untried(String),
    /// It is wrong.
    Flawed(Flaw),
}

impl Outcome {
    /// In a line.
    pub(super) fn line(&self) -> String {
        match self {
            Self::Proved => {
                "proved: up reaches the models, down comes back, up works again".to_owned()
            }
            Self::UpOnly => "proved: up reaches the models; there is no way back".to_owned(),
            Self::Untried(why) => format!("not proved: {why}"),
            Self::Flawed(flaw) => format!("not proved: {}", ui::flaw(flaw)),
        }
    }

    pub(super) fn is_proved(&self) -> bool {
        match self {
            Self::Proved | Self::UpOnly => true,
            Self::Untried(_) | Self::Flawed(_) => false,
        }
    }
}

/// Tries it: up, down, up.
pub(super) fn prove(
    context: &Context,
    compared: &mut Compared,
    decided: &Decided,
    draft: &Draft,
) -> Result<Outcome, CommandError> {
    let server = compared.host.server;
    let from = compared.current.clone();
    let Some(scratch) = &mut compared.scratch else {
        return Ok(Outcome::Untried(
            "there is no scratch database to try it on".to_owned(),
        ));
    };
    let identity = context.identity();
    let mut workbench = Workbench {
        database: scratch.database(),
        identity: &identity,
        interrupt: &context.interrupt,
        again: "manage makemigrations",
        // What is proved was generated, and names no database.
        own: None,
    };
    if let Some(why) = at(&mut workbench, server, &from)? {
        return Ok(Outcome::Untried(why));
    }
    let folder = context.shown(&draft.directory).join(draft.name());
    let step = Step {
        version: draft.version.version().clone(),
        name: draft.name(),
        direction: Direction::Up,
        execution: Execution::Run,
        transactional: draft.metadata.run_in_transaction,
        script: Script {
            text: draft.up.clone(),
            origin: Origin::File(folder.join("up.sql")),
        },
        down: draft.down.clone(),
        stamp: Stamp::default(),
        metadata: None,
    };
    let trial = Trial {
        step: &step,
        from: &from,
        to: &decided.difference.to,
    };
    Ok(match crate::proof::prove(&trial, &mut workbench)? {
        Some(flaw) => Outcome::Flawed(flaw),
        None if draft.down.is_none() => Outcome::UpOnly,
        None => Outcome::Proved,
    })
}

/// Brings the scratch database to a schema, if it is not there; or says why that cannot be done.
fn at(
    workbench: &mut Workbench<'_>,
    server: crate::sql::Server,
    schema: &Schema,
) -> Result<Option<String>, CommandError> {
    let found = workbench
        .database
        .introspect()
        .map_err(crate::proof::ProofError::from)?;
    if diff(&found, schema).is_empty() {
        return Ok(None);
    }
    let difference = Difference::between(found, schema.clone(), Renames::default());
    let why = |error: &dyn std::fmt::Display| {
        Ok(Some(format!(
            "the live database cannot be made again on the scratch database: {error}"
        )))
    };
    let script = match ddl::write(server, &difference, &Decisions::default()) {
        Ok(script) => script,
        Err(error) => return why(&error),
    };
    for statement in &script.statements {
        if let Err(error) = workbench.database.batch(statement) {
            return why(&error);
        }
    }
    let found = workbench
        .database
        .introspect()
        .map_err(crate::proof::ProofError::from)?;
    match diff(&found, schema).first() {
        None => Ok(None),
        Some(change) => why(&change.describe()),
    }
}

/// Lets an unproved migration pass only if that was asked for.
pub(super) fn accept(
    context: &Context,
    arguments: &Makemigrations,
    outcome: &Outcome,
) -> Result<(), CommandError> {
    if outcome.is_proved() {
        return Ok(());
    }
    let error = Unproved(outcome.line());
    let mut details = Vec::new();
    if let Outcome::Flawed(flaw) = outcome {
        details = ui::flaw_explained(flaw);
    }
    if arguments.unproved {
        for line in &details {
            context.ui.status(&format!("  {line}"));
        }
        return Ok(());
    }
    if context.ui.is_interactive() {
        context.ui.warning(&error.to_string());
        for line in &details {
            context.ui.context_of_question(&format!("  {line}"));
        }
        if context
            .ui
            .confirm(&Question::optional("Write it all the same"))?
        {
            return Ok(());
        }
        return Err(ui::PromptError::Cancelled.into());
    }
    let mut error = CommandError::from(error);
    for line in details {
        error = error.detail(line);
    }
    Err(error.detail("nothing was written"))
}

/// The migration could not be proved.
#[derive(Debug, thiserror::Error)]
#[error("the migration is {0}")]
struct Unproved(String);

impl Explain for Unproved {
    fn kind(&self) -> Kind {
        Kind::Failure
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "to see its SQL, add: --dry-run".to_owned(),
            "to write it all the same and mend it by hand, add: --unproved".to_owned(),
        ]
    }
}
