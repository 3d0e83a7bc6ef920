//! A migration made of what differs.

use super::ask::{self, Asking};
use super::command::Makemigrations;
use super::compare::Compared;
use super::place::{Extent, Place};
use super::update::Updated;
use super::{proof, report, template};
use crate::commands::declared::Declared;
use crate::commands::hooks;
use crate::commands::linear;
use crate::commands::registry::Outcome;
use crate::commands::workspace::{OnAbsent, load_directory};
use crate::context::Context;
use crate::ddl;
use crate::error::CommandError;
use crate::migration::{self, Draft, generated};
use crate::proof::ProofError;
use crate::questioner::{Decided, check_names, check_used, decide, renames};
use crate::schema::change::title;
use crate::settings::Connection;

/// Compares, asks, proves and writes.
pub(super) fn generate(
    context: &Context,
    connection: &Connection,
    declared: &Declared,
    arguments: &Makemigrations,
) -> Result<Outcome, CommandError> {
    // A scratch database must not be left behind, so Ctrl-C stops what is tried on it, and not the process.
    let _held = context.interrupt.hold(|_| {});
    let updated = if arguments.update.update {
        let directory = load_directory(context, connection, OnAbsent::Make)?;
        Some(Updated::choose(context, connection, arguments, &directory)?)
    } else {
        None
    };
    let updated = updated.as_ref();
    let mut compared = Compared::of(context, connection, declared, arguments, updated)?;
    stop_if_interrupted(context)?;
    let view = report::View {
        context,
        connection,
        declared,
        arguments,
        updated,
    };
    let decided = settle(&view, &compared)?;
    if decided.difference.is_empty() {
        view.nothing(&compared);
        return Ok(Outcome::Done);
    }
    if arguments.check {
        view.findings(&compared, &decided);
        return Ok(Outcome::Findings);
    }
    let (draft, remarks) = draft(&view, &compared, &decided)?;
    if let Some(updated) = updated
        && updated.says(&draft)
    {
        view.unchanged(&compared, updated);
        return Ok(Outcome::Done);
    }
    view.changes(&compared, &decided, &remarks);
    let proved = proof::prove(context, &mut compared, &decided, &draft)?;
    drop(compared);
    stop_if_interrupted(context)?;
    if arguments.dry_run {
        view.proved(&proved);
        report::files(context, connection, &draft);
        return Ok(Outcome::Done);
    }
    proof::accept(context, arguments, &proved)?;
    let path = match updated {
        Some(updated) => migration::rewrite(updated.path(), &draft)?,
        None => migration::write(&draft)?,
    };
    linear::keep(context, connection)?;
    view.written(&path, &draft, &decided, &proved);
    hooks::post_write(context, connection, &[path])?;
    Ok(Outcome::Done)
}

fn stop_if_interrupted(context: &Context) -> Result<(), ProofError> {
    if let Some(signal) = context.interrupt.seen() {
        return Err(ProofError::Interrupted(signal));
    }
    Ok(())
}

/// Compares, and asks until nothing is open. A check asks nothing: that something differs is all it wants
/// to know.
fn settle(view: &report::View<'_>, compared: &Compared) -> Result<Decided, CommandError> {
    let mut answers = view.arguments.questions.answers()?;
    if view.arguments.check {
        answers.no_rename = true;
    }
    let mut asking = Asking::new(view.context, view.connection);
    loop {
        let check = view.arguments.check;
        let first = compared.desired(view.connection, &compared.current, &answers, check)?;
        check_names(&answers, &compared.current, &first.schema)?;
        let (renames, questions) = renames(
            compared.host.server,
            &compared.current,
            &first.schema,
            &answers,
        )?;
        if !questions.is_empty() {
            asking.ask(&questions, &mut answers)?;
            continue;
        }
        let base = renames.applied_to(&compared.current);
        let wish = compared.desired(view.connection, &base, &answers, check)?;
        let decided = decide(
            compared.host.server,
            compared.current.clone(),
            wish.schema,
            renames,
            &answers,
        );
        if check {
            view.remarks(&wish.remarks);
            return Ok(decided);
        }
        let questions = [wish.questions, decided.questions.clone()].concat();
        if questions.is_empty() {
            check_used(&answers, &decided, &wish.joins)?;
            view.remarks(&wish.remarks);
            return Ok(decided);
        }
        asking.ask(&questions, &mut answers)?;
    }
}

/// The migration, with what its reader should know.
fn draft(
    view: &report::View<'_>,
    compared: &Compared,
    decided: &Decided,
) -> Result<(Draft, Vec<String>), CommandError> {
    let arguments = view.arguments;
    let Decided {
        difference,
        decisions,
        ..
    } = decided;
    let up = ddl::write(compared.host.server, difference, decisions)?;
    let down = ddl::write(
        compared.host.server,
        &difference.reverse(),
        &decisions.reverse(),
    );
    let title = title(&difference.changes);
    let message = arguments.given_message().unwrap_or(&title);
    let mut draft = blank(view, compared, message)?;
    let headline = if arguments.given_message().is_some() {
        message.to_owned()
    } else {
        ask::sentence(message)
    };
    draft.up = generated("", &headline, &up.remarks, &up.statements);
    draft.metadata.run_in_transaction = up.transactional;
    let mut remarks = up.remarks;
    match down {
        Ok(down) => {
            draft.metadata.run_in_transaction &= down.transactional;
            draft.down = Some(generated(
                "Revert: ",
                &headline,
                &down.remarks,
                &down.statements,
            ));
        }
        // Without a way back there is no down.sql, which Diesel takes for irreversible too.
        Err(error) => remarks.push(format!("There is no way back: {error}.")),
    }
    Ok((draft, remarks))
}

/// A migration with nothing in it, in its place; the one that is written again keeps its own.
fn blank(
    view: &report::View<'_>,
    compared: &Compared,
    message: &str,
) -> Result<Draft, CommandError> {
    let arguments = view.arguments;
    if let Some(updated) = view.updated {
        return updated.blank(arguments, message);
    }
    let extent = if arguments.dry_run {
        Extent::Show
    } else {
        Extent::Write
    };
    let place = Place::choose(
        view.context,
        view.connection,
        &arguments.place,
        compared.directory.clone(),
        extent,
    )?;
    template::blank(view.context, &place, arguments, message)
}
