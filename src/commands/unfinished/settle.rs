//! Before anything else runs, what an earlier run left half-done is brought to an end.

use std::iter;

use super::act;
use super::decide::{self, Asked, Way};
use super::error::{self, CannotResume, Interrupted, StillAtWork};
use crate::backend::Direction;
use crate::commands::answers::UnfinishedFlags;
use crate::commands::confirm::{self, Consent};
use crate::commands::registry::Outcome;
use crate::commands::workspace::Workspace;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, ExecuteError, Orphan, Preparation, Report, Unfinished};
use crate::history::JournalRun;
use crate::migration::{Execution, Plan, Route, Target};
use crate::settings::Unfinished as Answer;
use crate::ui;

/// How a command settles what it finds unfinished.
pub(in crate::commands) struct Settling<'a> {
    pub(in crate::commands) flags: UnfinishedFlags,
    /// What a protected connection wants before something is taken back.
    pub(in crate::commands) consent: &'a Consent,
    /// The command that was typed.
    pub(in crate::commands) command: &'static str,
    /// Which way it goes on without asking, where nothing is in doubt.
    pub(in crate::commands) goes_on: &'a dyn Fn(&JournalRun) -> bool,
    /// What to type to go on, where it does.
    pub(in crate::commands) again: String,
    /// The flag for each answer.
    pub(in crate::commands) flag: fn(Answer) -> &'static str,
}

impl<'a> Settling<'a> {
    /// For a command that goes one way, and answers by `--on-unfinished`.
    pub(in crate::commands) fn new(
        command: &'static str,
        flags: UnfinishedFlags,
        consent: &'a Consent,
        goes_on: &'a dyn Fn(&JournalRun) -> bool,
    ) -> Self {
        Self {
            again: format!("manage {command}"),
            flags,
            consent,
            command,
            goes_on,
            flag: |answer| match answer {
                Answer::Resume => "--on-unfinished resume",
                Answer::Done => "--on-unfinished done",
                Answer::Undo => "--on-unfinished undo",
                Answer::Undone => "--on-unfinished undone",
                Answer::Stop => "--on-unfinished stop",
            },
        }
    }
}

/// A migration that was unfinished.
pub(in crate::commands) struct Settled {
    pub(in crate::commands) found: Option<Unfinished>,
    pub(in crate::commands) run: JournalRun,
    pub(in crate::commands) answer: Answer,
    pub(in crate::commands) report: Report,
    /// Whether a way back left what it should not have.
    pub(in crate::commands) outcome: Outcome,
}

impl Settled {
    /// Whether a migration that was applied in whole or in part is not any more.
    fn is_step_back(&self) -> bool {
        match (self.run.direction, self.answer) {
            (Direction::Down, Answer::Resume | Answer::Done)
            | (Direction::Up, Answer::Undo | Answer::Undone) => true,
            (Direction::Up, Answer::Resume | Answer::Done)
            | (Direction::Down, Answer::Undo | Answer::Undone)
            | (_, Answer::Stop) => false,
        }
    }
}

/// What all of it came to.
pub(in crate::commands) fn outcome(settled: &[Settled]) -> Outcome {
    settled
        .iter()
        .fold(Outcome::Done, |all, one| all.and(one.outcome))
}

/// How many steps of a way back were done by settling.
pub(in crate::commands) fn steps_back(settled: &[Settled]) -> usize {
    settled.iter().filter(|one| one.is_step_back()).count()
}

/// Whether something that was begun forwards was taken back: whoever wants that wants no more of it now.
pub(in crate::commands) fn was_taken_back(settled: &[Settled]) -> bool {
    settled.iter().any(|one| {
        one.run.direction == Direction::Up && matches!(one.answer, Answer::Undo | Answer::Undone)
    })
}

/// Settles everything that is unfinished. What is under way is waited for: whoever holds the lock is at
/// work, and only what is left when we hold it was left behind.
///
/// # Errors
/// Nobody decided, somebody decided to stop, or what was decided failed.
pub(in crate::commands) fn settle(
    context: &Context,
    workspace: &mut Workspace,
    settling: &Settling<'_>,
) -> Result<Vec<Settled>, CommandError> {
    if workspace.memory.journal.is_empty() {
        return Ok(Vec::new());
    }
    workspace.lock(context, &format!("manage {}", settling.command))?;
    let runs = workspace.memory.journal.runs().to_vec();
    let mut settled = Vec::new();
    for run in runs {
        settled.push(one(context, workspace, &run, settling)?);
        workspace.reload(context)?;
    }
    workspace.unlock(context)?;
    Ok(settled)
}

fn one(
    context: &Context,
    workspace: &mut Workspace,
    run: &JournalRun,
    settling: &Settling<'_>,
) -> Result<Settled, CommandError> {
    outlive(context, workspace, run)?;
    let answer = settling.flags.answer(workspace.connection.on);
    let on = context.on(workspace.name());
    let plan = match plan(workspace, run, &on) {
        Ok(plan) => plan,
        Err(error) => return without_files(context, workspace, run, settling, error),
    };
    let Some(step) = plan.steps.first() else {
        return Err(ExecuteError::Stale.into());
    };
    let found = Unfinished::find(
        run,
        step,
        &workspace.memory.ledger,
        &mut *workspace.database,
    )?;
    let goes_on = (settling.goes_on)(run);
    let way = Asked {
        context,
        found: &found,
        answer,
        in_doubt: settling.flags.in_doubt(),
        goes_on,
        on,
        flags: settling.flag,
    }
    .decide()?;
    let mut report = Report::default();
    let mut outcome = Outcome::Done;
    let answer = match way {
        Way::Resume(from) => {
            let resumed = act::Resumed {
                plan: &plan,
                found: &found,
                from,
                command: settling.command,
                // Who would be asked again types what asks nothing.
                again: if goes_on {
                    &settling.again
                } else {
                    "manage resume"
                },
            };
            (report, outcome) = act::resume(context, workspace, &resumed)?;
            Answer::Resume
        }
        Way::Record => {
            act::record(context, workspace, run, Some(step), found.is_recorded)?;
            Answer::Done
        }
        Way::Forget => {
            act::forget(context, workspace, run, found.is_recorded)?;
            Answer::Undone
        }
        Way::TakeBack => {
            if workspace.connection.protected {
                confirm::typed(context, workspace.name(), settling.consent)?;
            }
            act::undo(context, workspace, &found, step)?;
            Answer::Undo
        }
    };
    Ok(Settled {
        found: Some(found),
        run: run.clone(),
        answer,
        report,
        outcome,
    })
}

/// Without its files it can be recorded or forgotten, and nothing else.
fn without_files(
    context: &Context,
    workspace: &mut Workspace,
    run: &JournalRun,
    settling: &Settling<'_>,
    error: CommandError,
) -> Result<Settled, CommandError> {
    let is_recorded =
        workspace.memory.ledger.contains(&run.version) == (run.direction == Direction::Up);
    let answer = match settling.flags.answer(workspace.connection.on) {
        Some(answer @ (Answer::Done | Answer::Undone)) => {
            let (summary, lines) = decide::about(&error);
            context.ui.warning(&summary);
            for line in &lines {
                context.ui.status(&format!("  {line}"));
            }
            answer
        }
        None if context.ui.is_interactive() => {
            decide::without_files(context, run, &error, settling.flag)?
        }
        Some(Answer::Resume | Answer::Undo | Answer::Stop) | None => return Err(error),
    };
    if answer == Answer::Undone {
        act::forget(context, workspace, run, is_recorded)?;
    } else {
        act::record(context, workspace, run, None, is_recorded)?;
    }
    Ok(Settled {
        found: None,
        run: run.clone(),
        answer,
        report: Report::default(),
        outcome: Outcome::Done,
    })
}

/// What is unfinished, for whoever only looks; nothing where its files say nothing about it.
///
/// # Errors
/// What the server says, or files that cannot be used.
pub(in crate::commands) fn look(
    context: &Context,
    workspace: &mut Workspace,
) -> Result<Vec<Unfinished>, CommandError> {
    let on = context.on(workspace.name());
    let runs = workspace.memory.journal.runs().to_vec();
    runs.iter()
        .map(|run| {
            let plan = plan(workspace, run, &on)?;
            let step = plan.steps.first().ok_or(ExecuteError::Stale)?;
            Ok(Unfinished::find(
                run,
                step,
                &workspace.memory.ledger,
                &mut *workspace.database,
            )?)
        })
        .collect()
}

/// The step that was not finished, as its files say it now.
fn plan(workspace: &mut Workspace, run: &JournalRun, on: &str) -> Result<Plan, CommandError> {
    let dialect = workspace.dialect();
    let is_gone = workspace.directory.find(&run.version).is_none();
    if is_gone && run.direction == Direction::Up {
        return Err(CannotResume {
            name: run.name.clone(),
            why: iter::once("its folder is gone".to_owned())
                .chain(ui::journal_run(run, dialect))
                .collect(),
            hint: "bring the folder back, from the branch or release that has it".to_owned(),
            direction: run.direction,
            on: on.to_owned(),
        }
        .into());
    }
    let route = Route {
        direction: run.direction,
        versions: vec![run.version.clone()],
    };
    let (plan, _) = Preparation {
        directory: &workspace.directory,
        memory: &workspace.memory,
        dialect: workspace.database.dialect(),
        capabilities: workspace.database.capabilities(),
        execution: Execution::Run,
    }
    .plan(&route, &mut *workspace.database)
    .map_err(|error| {
        let error = ui::journal_run(run, dialect)
            .into_iter()
            .fold(CommandError::from(error), CommandError::detail);
        error::by_hand(run.direction, on)
            .into_iter()
            .fold(error, CommandError::hint)
    })?;
    Ok(plan)
}

/// Waits until the server has ended what a killed run began.
fn outlive(
    context: &Context,
    workspace: &mut Workspace,
    run: &JournalRun,
) -> Result<(), CommandError> {
    let name = workspace.name().to_owned();
    let longest = workspace.connection.lock_timeout;
    let orphan = executor::wait_for_orphan(
        run,
        &mut *workspace.database,
        &context.interrupt,
        longest,
        &mut |session| {
            context.ui.status(&format!(
                "{name}: waiting for session {session}, which goes on with what a killed run began"
            ));
        },
    )
    .map_err(ExecuteError::from)?;
    match orphan {
        Orphan::Gone => Ok(()),
        Orphan::AtWork(session) => Err(StillAtWork {
            name: run.name.clone(),
            session,
        }
        .into()),
        Orphan::Interrupted => Err(Interrupted.into()),
    }
}

/// What is left of a way back after some steps of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Left {
    /// Its target is a place, and counts no steps.
    Place,
    /// So many steps.
    Steps(u32),
    /// Nothing.
    Nothing,
}

impl Left {
    /// Of a way to a target, one step back where none is named.
    pub(in crate::commands) fn of(target: Option<&Target>, done: usize) -> Self {
        let steps = match target {
            None => Some(1),
            Some(target) => target
                .as_str()
                .strip_prefix('-')
                .and_then(|steps| steps.parse::<u32>().ok()),
        };
        let done = u32::try_from(done).unwrap_or(u32::MAX);
        match steps {
            None => Self::Place,
            Some(steps) if steps <= done => Self::Nothing,
            Some(steps) => Self::Steps(steps - done),
        }
    }
}
