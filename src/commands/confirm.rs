//! Consent to a rollback, with what it would take shown first.

use super::workspace::Workspace;
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::executor;
use crate::migration::Plan;
use crate::settings::Connection;
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
        return protected(context, workspace.name(), Some(plan), consent);
    }
    let migrations = ui::count(plan.steps.len(), "migration");
    let wording = Wording {
        ask: "Revert",
        yes: format!("revert {migrations}"),
        unattended: format!("{migrations} would be reverted, and nobody can be asked"),
        flag: "revert without asking: --yes",
    };
    ask(context, Some(plan), &wording)
}

/// The same for what is applied again afterwards: the schema comes back, and the rows do not.
///
/// # Errors
/// Nobody consented.
pub(super) fn redo(
    context: &Context,
    workspace: &mut Workspace,
    plan: &Plan,
    consent: &Consent,
) -> Result<(), CommandError> {
    let losses = executor::measure(plan, &mut *workspace.database);
    let preview = format!(
        "{}\n  Then {} applied again.",
        ui::preview(workspace.name(), plan, &losses),
        if plan.steps.len() == 1 {
            "it is"
        } else {
            "they are"
        }
    );
    if context.yes || consent.confirm.is_some() {
        context.ui.status(&preview);
    } else {
        context.ui.context_of_question(&preview);
    }
    if workspace.connection.protected || consent.confirm.is_some() {
        return protected(context, workspace.name(), Some(plan), consent);
    }
    let migrations = ui::count(plan.steps.len(), "migration");
    let wording = Wording {
        ask: "Revert and apply again",
        yes: format!("revert and apply {migrations}"),
        unattended: format!(
            "{migrations} would be reverted and applied again, and nobody can be asked"
        ),
        flag: "redo without asking: --yes",
    };
    ask(context, Some(plan), &wording)
}

/// How a deed is asked about.
pub(super) struct Wording {
    /// The question.
    pub(super) ask: &'static str,
    /// What consent means.
    pub(super) yes: String,
    /// The error where nobody can be asked.
    pub(super) unattended: String,
    /// The flag that consents.
    pub(super) flag: &'static str,
}

/// Shows what would be done to the ledger alone, and asks.
///
/// # Errors
/// Nobody consented.
pub(super) fn rows(
    context: &Context,
    workspace: &Workspace,
    preview: &str,
    wording: &Wording,
    consent: &Consent,
) -> Result<(), CommandError> {
    if context.yes || consent.confirm.is_some() {
        context.ui.status(preview);
    } else {
        context.ui.context_of_question(preview);
    }
    if workspace.connection.protected || consent.confirm.is_some() {
        return protected(context, workspace.name(), None, consent);
    }
    ask(context, None, wording)
}

fn ask(context: &Context, plan: Option<&Plan>, wording: &Wording) -> Result<(), CommandError> {
    if context.yes {
        return Ok(());
    }
    let mut choices = vec![
        Choice::new("no", "stop here, change nothing"),
        Choice::new("yes", wording.yes.as_str()),
    ];
    if plan.is_some() {
        choices.push(Choice::new("show", "show the SQL first"));
    }
    let question = Question {
        ask: wording.ask.to_owned(),
        about: Vec::new(),
        unattended: wording.unattended.clone(),
        flags: vec![wording.flag.to_owned()],
    };
    loop {
        match (context.ui.choose(&question, &choices)?, plan) {
            (1, _) => return Ok(()),
            (2, Some(plan)) => show(context, plan),
            (_, _) => return Err(PromptError::Cancelled.into()),
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
    protected(context, workspace.name(), Some(plan), consent)
}

/// Asks before something is changed that no plan shows: `what`, in words. On a protected connection its
/// name is asked for.
///
/// # Errors
/// Nobody consented.
pub(super) fn change(
    context: &Context,
    connection: &Connection,
    what: &str,
    consent: &Consent,
) -> Result<(), CommandError> {
    let is_meant = consent.confirm.as_ref() == Some(&connection.name);
    if is_meant || (context.yes && !connection.protected) {
        return Ok(());
    }
    if connection.protected {
        context
            .ui
            .context_of_question(&format!("This would {what}."));
        return typed(context, &connection.name, consent);
    }
    let question = Question {
        ask: "Go on".to_owned(),
        about: Vec::new(),
        unattended: format!("this would {what}, and nobody can be asked"),
        flags: vec!["do it without asking: --yes".to_owned()],
    };
    let choices = [
        Choice::new("no", "stop here, change nothing"),
        Choice::new("yes", what),
    ];
    match context.ui.choose(&question, &choices)? {
        1 => Ok(()),
        _ => Err(PromptError::Cancelled.into()),
    }
}

fn protected(
    context: &Context,
    name: &str,
    plan: Option<&Plan>,
    consent: &Consent,
) -> Result<(), CommandError> {
    if consent.confirm.is_some() {
        return typed(context, name, consent);
    }
    if let Some(plan) = plan
        && context.ui.is_interactive()
        && context
            .ui
            .confirm(&Question::optional("Show the SQL first"))?
    {
        show(context, plan);
    }
    typed(context, name, consent)
}

/// The name of a protected connection, from the flag or from a person.
///
/// # Errors
/// Nobody gave it.
pub(super) fn typed(context: &Context, name: &str, consent: &Consent) -> Result<(), CommandError> {
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
