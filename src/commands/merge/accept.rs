//! What to do where the branches do not go together: somebody has to say.

use super::prove::Verdict;
use super::report;
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::settings::Connection;
use crate::ui::{Choice, PromptError, Question};

/// The heads in question, and how they are called.
pub(super) struct Heads<'a> {
    /// What was typed to name them; empty if nothing was.
    pub(super) typed: &'a [String],
    /// What they are called in sentences.
    pub(super) short: &'a [String],
}

/// Lets what is not proved pass only if somebody says so.
///
/// # Errors
/// Nobody did.
pub(super) fn accept(
    context: &Context,
    connection: &Connection,
    heads: &Heads<'_>,
    verdict: &Verdict,
    unproved: bool,
) -> Result<(), CommandError> {
    if verdict.is_proved() {
        return Ok(());
    }
    let (summary, lines) = report::unproved(verdict, heads.short);
    if unproved {
        context.ui.warning(&summary);
        for line in &lines {
            context.ui.status(&format!("  {line}"));
        }
        return Ok(());
    }
    if context.ui.is_interactive() {
        context
            .ui
            .context_of_question(&format!("warning: {summary}"));
        for line in &lines {
            context.ui.context_of_question(&format!("  {line}"));
        }
    }
    let on = context.on(&connection.name);
    let again = match heads.typed {
        [] => format!("manage merge{on} --unproved"),
        typed => format!("manage merge {}{on} --unproved", typed.join(" ")),
    };
    let rebase = format!("manage rebase{on}");
    let mut flags = vec![
        format!("put yours after theirs instead, and mend it there: {rebase}"),
        format!("merge all the same: {again}"),
    ];
    if let Verdict::Untried { hints, .. } = verdict {
        flags.splice(0..0, hints.iter().cloned());
    }
    let question = Question {
        ask: "What now".to_owned(),
        unattended: format!("{summary}, and nobody can be asked what to do"),
        about: lines,
        flags,
    };
    let choices = [
        Choice::new("stop", "write nothing"),
        Choice::new("rebase", "write nothing; put yours after theirs instead"),
        Choice::new("write", "merge all the same"),
    ];
    match context.ui.choose(&question, &choices)? {
        2 => Ok(()),
        1 => Err(Rebase(rebase).into()),
        _ => Err(PromptError::Cancelled.into()),
    }
}

/// Somebody chose to rebase.
#[derive(Debug, thiserror::Error)]
#[error("nothing was merged, because yours are to come after theirs")]
struct Rebase(String);

impl Explain for Rebase {
    fn kind(&self) -> Kind {
        Kind::Cancelled
    }

    fn hints(&self) -> Vec<String> {
        vec![format!("now run: {}", self.0)]
    }
}
