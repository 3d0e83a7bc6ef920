//! Instead of what the originals did on the way, what the schema needs in the end.

use super::command::{Files, Squashmigrations};
use super::proof::Ends;
use super::successor::{Plan, headline};
use crate::context::Context;
use crate::ddl;
use crate::error::{CommandError, Explain, Kind};
use crate::migration::generated;
use crate::schema::Unmanaged;
use crate::schema::change::{Decisions, Difference, Renames};
use crate::sql::Server;
use crate::ui::Question;

/// Writes the difference between where the range begins and where it ends.
pub(super) fn write(
    context: &Context,
    files: &Files<'_>,
    arguments: &Squashmigrations,
    ends: &Ends,
    server: Server,
    plan: &mut Plan,
) -> Result<(), CommandError> {
    let unseen = unseen(&ends.from.unmanaged, &ends.to.unmanaged);
    if !unseen.is_empty() {
        return Err(Unseen(unseen).into());
    }
    let difference = Difference::between(ends.from.clone(), ends.to.clone(), Renames::default());
    let up = ddl::write(server, &difference, &Decisions::default())?;
    let entry = |version| files.directory.find(version);
    let top = match (
        files.squash.members.first().and_then(entry),
        files.squash.members.last().and_then(entry),
    ) {
        (Some(first), Some(last)) if !arguments.no_header => {
            headline(files.squash.members.len(), first, last)
        }
        _ => String::new(),
    };
    plan.successor.up = format!("{top}{}", generated("", "", &up.remarks, &up.statements));
    plan.successor.metadata.run_in_transaction = up.transactional;
    plan.remarks.retain(|remark| !remark.contains("way back"));
    plan.remarks
        .push("Only the schema is written: what it needs in the end.".to_owned());
    plan.remarks.extend(up.remarks);
    match ddl::write(server, &difference.reverse(), &Decisions::default()) {
        Ok(down) => {
            plan.successor.metadata.run_in_transaction &= down.transactional;
            plan.successor.down = Some(generated("", "", &down.remarks, &down.statements));
        }
        Err(error) => {
            plan.successor.down = None;
            plan.remarks.push(format!("There is no way back: {error}."));
        }
    }
    // What asks for rows is asked here too: a table that was filled and emptied again leaves no trace.
    context.ui.detail(&format!(
        "{} statements of the originals change rows",
        plan.changes_of_rows.len()
    ));
    Ok(())
}

/// What is there afterwards, and is of a kind that is not written.
fn unseen(from: &[Unmanaged], to: &[Unmanaged]) -> Vec<String> {
    to.iter()
        .flat_map(|there| {
            let before = from.iter().find(|other| other.kind == there.kind);
            there
                .names
                .iter()
                .filter(move |name| before.is_none_or(|before| !before.names.contains(name)))
                .map(|name| format!("{}: {name}", there.kind))
        })
        .collect()
}

/// Asks whether the rows that the originals write may be left out.
pub(super) fn accept_loss(
    context: &Context,
    arguments: &Squashmigrations,
    plan: &mut Plan,
    lost: &[String],
) -> Result<(), CommandError> {
    let mut about = lost.to_vec();
    about.extend(
        plan.changes_of_rows
            .iter()
            .map(|statement| format!("left out: {statement}")),
    );
    if !arguments.without_rows {
        let question = Question {
            ask: "Leave these rows out".to_owned(),
            unattended: "the originals write rows, and the schema alone does not".to_owned(),
            about: about.clone(),
            flags: vec![
                "leave them out: --without-rows".to_owned(),
                "or keep what the originals did: without --from-schema".to_owned(),
            ],
        };
        if context.ui.is_interactive() {
            for line in &about {
                context.ui.context_of_question(&format!("  {line}"));
            }
        }
        if !context.ui.confirm(&question)? {
            return Err(crate::ui::PromptError::Cancelled.into());
        }
    }
    plan.remarks.extend(
        lost.iter()
            .map(|line| format!("Rows are left out: {line}.")),
    );
    Ok(())
}

/// Something would be lost without a word.
#[derive(Debug, thiserror::Error)]
#[error("the originals make what is not read from a schema, so it would be lost")]
struct Unseen(Vec<String>);

impl Explain for Unseen {
    fn kind(&self) -> Kind {
        Kind::Failure
    }

    fn details(&self) -> Vec<String> {
        let mut details = self.0.clone();
        details.push("nothing was written".to_owned());
        details
    }

    fn hints(&self) -> Vec<String> {
        vec!["keep what the originals did: without --from-schema".to_owned()]
    }
}
