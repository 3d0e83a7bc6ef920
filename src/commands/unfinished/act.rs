//! Brings an unfinished migration to an end, as it was decided.

use crate::backend::{Direction, Lock};
use crate::commands::drift_guard::{DriftGuard, tell_left};
use crate::commands::hooks::{self, Around};
use crate::commands::registry::Outcome;
use crate::commands::schema_file::KeptFiles;
use crate::commands::workspace::Workspace;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{
    self, Effect, ExecuteError, Executor, Halt, Report, Resume, Retries, TakeBack, Unfinished,
};
use crate::history::{Action, Deed, JournalRun};
use crate::migration::{Plan, Stamp, Step};
use crate::ui::{self, Progress};

/// What is gone on with.
pub(super) struct Resumed<'a> {
    pub(super) plan: &'a Plan,
    pub(super) found: &'a Unfinished,
    /// At which statement, counted from 0.
    pub(super) from: usize,
    /// The command that was typed.
    pub(super) command: &'static str,
    /// What to type to go on after a failure.
    pub(super) again: &'a str,
}

/// Goes on at a statement.
pub(super) fn resume(
    context: &Context,
    workspace: &mut Workspace,
    resumed: &Resumed<'_>,
) -> Result<(Report, Outcome), CommandError> {
    let Resumed {
        plan,
        found,
        from,
        command,
        again,
    } = *resumed;
    let run = &found.run;
    let name = workspace.name().to_owned();
    hooks::check(context, &workspace.connection)?;
    let around = Around {
        command,
        direction: Some(plan.direction),
        migrations: plan
            .steps
            .iter()
            .map(|step| (&step.version, step.name.as_str()))
            .collect(),
        fake: false,
        tag: None,
        lock: workspace.lock.as_ref().and_then(Lock::token),
    };
    hooks::pre_migrate(context, &workspace.connection, &around)?;
    context.ui.status(&if from >= found.statements {
        format!(
            "{name}: all statements of `{}` are in effect; recording it",
            run.name
        )
    } else {
        format!(
            "{name}: going on with `{}` at statement {} of {}",
            run.name,
            from + 1,
            found.statements
        )
    });
    if let Halt::InDoubt(doubt) = &found.halt
        && let (Some(sweep), true) = (&doubt.sweep, from <= doubt.statement)
    {
        context.ui.status(&format!("  first: {sweep}"));
        workspace
            .database
            .batch(sweep)
            .map_err(ExecuteError::from)?;
    }
    let kept = KeptFiles::look(context, workspace)?;
    let states = workspace
        .memory
        .states(&mut *workspace.database)
        .map_err(ExecuteError::from)?;
    let identity = context.identity();
    let mut progress = Progress::new(&context.ui, 1, workspace.database.dialect());
    let outcome = Executor::new(&mut *workspace.database, &identity, &context.interrupt)
        .under(workspace.lock.as_ref())
        .telling(context.ui.speaker())
        .again(again)
        .retrying(Retries::of(&workspace.connection))
        .telling_builds(progress.builds())
        .recording_schemas(None)
        .resuming(Some(Resume {
            version: run.version.clone(),
            direction: run.direction,
            done: from,
        }))
        .run(plan, &mut progress);
    progress.finish();
    let mut report = outcome?;
    // What had drifted before it was begun is not known any more.
    let compared = DriftGuard::default().compare(workspace, &states, plan, &mut report);
    // Who finishes it by the command of that name is told more, and at the end.
    if context.ui.is_json() && command != "resume" {
        let json = ui::report_json(&name, run.direction, &report);
        context.ui.answer(&json.to_string());
    }
    compared?;
    let outcome = tell_left(context, &name, &report);
    kept.write(context, workspace);
    hooks::post_migrate(
        context,
        &workspace.connection,
        &around,
        &format!("done before it: {}", ui::done(&report)),
    )?;
    Ok((report, outcome))
}

/// Records it as it is; where that is done already, only the journal has to forget it.
pub(super) fn record(
    context: &Context,
    workspace: &mut Workspace,
    run: &JournalRun,
    step: Option<&Step>,
    is_recorded: bool,
) -> Result<(), CommandError> {
    if is_recorded {
        return forget(context, workspace, run, is_recorded);
    }
    let is_up = run.direction == Direction::Up;
    let deed = Deed {
        up: step.filter(|_| is_up).map(|step| step.script.text.as_str()),
        down: step.and_then(|step| step.down.as_deref()),
        transactional: step.is_none_or(|step| step.transactional),
        stamp: step.map_or_else(Stamp::default, |step| step.stamp),
        metadata: step.and_then(|step| step.metadata.as_deref()),
        ..Deed::new(
            &run.version,
            &run.name,
            if is_up { Action::Fake } else { Action::Unfake },
        )
    };
    executor::record(
        &mut *workspace.database,
        workspace.lock.as_ref(),
        &context.identity(),
        &deed,
    )?;
    context.ui.status(&match run.direction {
        Direction::Up => format!("Recorded `{}` as applied; nothing was run.", run.name),
        Direction::Down => format!("Recorded `{}` as reverted; nothing was run.", run.name),
    });
    Ok(())
}

/// Lets the journal forget it, and says what is recorded all the same.
pub(super) fn forget(
    context: &Context,
    workspace: &mut Workspace,
    run: &JournalRun,
    is_recorded: bool,
) -> Result<(), CommandError> {
    executor::forget_unfinished(
        &mut *workspace.database,
        workspace.lock.as_ref(),
        &run.version,
    )?;
    let name = &run.name;
    context.ui.status(&match (is_recorded, run.direction) {
        (true, _) => format!("Forgot the earlier run of `{name}`."),
        (false, Direction::Up) => {
            format!("Forgot the earlier run of `{name}`: it is not applied; nothing was run.")
        }
        (false, Direction::Down) => {
            format!("Forgot the earlier run of `{name}`: it stays applied; nothing was run.")
        }
    });
    Ok(())
}

/// Takes back what is in effect.
pub(super) fn undo(
    context: &Context,
    workspace: &mut Workspace,
    found: &Unfinished,
    step: &Step,
) -> Result<(), CommandError> {
    let Ok(undo) = &found.undo else {
        return Ok(());
    };
    for (_, sql) in undo {
        context.ui.status(&format!("  {sql}"));
    }
    let identity = context.identity();
    let take_back = TakeBack {
        run: &found.run,
        undo,
        text: &step.script.text,
        identity: &identity,
        lock: workspace.lock.as_ref(),
    };
    if let Halt::InDoubt(doubt) = &found.halt
        && let (Some(sweep), Effect::NotInEffect(_)) = (&doubt.sweep, &doubt.effect)
    {
        workspace
            .database
            .batch(sweep)
            .map_err(ExecuteError::from)?;
    }
    executor::take_back(&take_back, &mut *workspace.database)?;
    context.ui.status(&format!(
        "Took back what was in effect of `{}`.",
        found.run.name
    ));
    Ok(())
}
