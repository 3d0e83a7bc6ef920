//! Consent to a rollback, with what it would take shown first.

use super::workspace::Workspace;
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::executor;
use crate::migration::Plan;
use crate::ui::{self, Choice, PromptError, Question};

/// The flags that give consent.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct Consent {
    /// Consent for a protected connection: its name
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
}

/// Shows the plan and what it would take, and asks.
///
/// # Errors
/// Nobody consented.
pub(super) fn rollback(
    context: &Context,
    workspace: &mut Workspace,
    plan: &Plan,
    consent: &Consent,
) -> Result<(), CommandError> {
    let losses = executor::measure(plan, &mut *workspace.database);
    let preview = ui::preview(workspace.name(), plan, &losses);
    if context.yes || consent.confirm.is_some() {
        context.ui.status(&preview);
    } else {
        context.ui.context_of_question(&preview);
    }
    if workspace.connection.protected || consent.confirm.is_some() {
        return protected(context, workspace.name(), plan, consent);
    }
    if context.yes {
        return Ok(());
    }
    let revert = format!("revert {}", ui::count(plan.steps.len(), "migration"));
    let choices = [
        Choice::new("no", "stop here, change nothing"),
        Choice::new("yes", revert),
        Choice::new("show", "show the SQL first"),
    ];
    let question = Question {
        ask: "Revert".to_owned(),
        about: Vec::new(),
        unattended: format!(
            "{} would be reverted, and nobody can be asked",
            ui::count(plan.steps.len(), "migration")
        ),
        flags: vec!["revert without asking: --yes".to_owned()],
    };
    loop {
        match context.ui.choose(&question, &choices)? {
            1 => return Ok(()),
            2 => show(context, plan),
            _ => return Err(PromptError::Cancelled.into()),
        }
    }
}

/// On a protected connection, shows what a plan forwards would take, if anything, and asks.
///
/// # Errors
/// Nobody consented.
pub(super) fn forwards(
    context: &Context,
    workspace: &mut Workspace,
    plan: &Plan,
    consent: &Consent,
) -> Result<(), CommandError> {
    if !workspace.connection.protected {
        return Ok(());
    }
    let losses = executor::measure(plan, &mut *workspace.database);
    if losses.iter().all(executor::Measured::is_empty) {
        return Ok(());
    }
    context
        .ui
        .context_of_question(&ui::preview(workspace.name(), plan, &losses));
    protected(context, workspace.name(), plan, consent)
}

fn protected(
    context: &Context,
    name: &str,
    plan: &Plan,
    consent: &Consent,
) -> Result<(), CommandError> {
    if let Some(given) = &consent.confirm {
        if given == name {
            return Ok(());
        }
        return Err(WrongName {
            given: given.clone(),
            name: name.to_owned(),
        }
        .into());
    }
    if context.ui.is_interactive()
        && context
            .ui
            .confirm(&Question::optional("Show the SQL first"))?
    {
        show(context, plan);
    }
    let question = Question {
        ask: format!("`{name}` is protected; type its name to go on"),
        about: Vec::new(),
        unattended: format!("`{name}` is protected, and nobody can be asked"),
        flags: vec![format!(
            "consent for a protected connection: --confirm {name}"
        )],
    };
    let typed = context.ui.line(&question, None)?;
    if typed == name {
        Ok(())
    } else {
        Err(WrongName {
            given: typed,
            name: name.to_owned(),
        }
        .into())
    }
}

fn show(context: &Context, plan: &Plan) {
    for step in &plan.steps {
        context.ui.context_of_question(&format!("-- {}", step.name));
        context.ui.context_of_question(step.script.text.trim());
    }
}

/// The name typed is not the connection's.
#[derive(Debug, thiserror::Error)]
#[error("`{given}` is not the name of the connection")]
struct WrongName {
    given: String,
    name: String,
}

impl Explain for WrongName {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn details(&self) -> Vec<String> {
        vec!["nothing was run".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec![format!("type it: --confirm {}", self.name)]
    }
}
