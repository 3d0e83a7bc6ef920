//! `manage resume`: finish what an earlier run left half-done.

use serde_json::{Value, json};

use super::answers::UnfinishedFlags;
use super::confirm::Consent;
use super::each::each;
use super::locked::LockFlag;
use super::registry::{Command, Outcome};
use super::unfinished::{Settled, Settling, look, outcome, settle, tell_under_way};
use super::workspace::Workspace;
use crate::backend::Access;
use crate::context::Context;
use crate::error::CommandError;
use crate::settings::{Connection, InDoubt, Unfinished};
use crate::ui;

/// Finish a migration that an earlier run left half-done
///
/// Where no transaction protects a migration, each statement is noted before it is run. If the run is
/// killed, or a statement fails, what was done stays; this goes on after it. What is in doubt is looked
/// for in the database, shown, and asked about. Nothing is done where nothing is unfinished.
#[derive(clap::Args, Debug)]
pub(crate) struct Resume {
    /// Show what is unfinished, and stop
    #[arg(long)]
    plan: bool,

    /// Record it as it is, and run nothing: the rest was done by hand
    #[arg(long, conflicts_with_all = ["plan", "undo"])]
    mark_done: bool,

    /// Forget it, and run nothing: what is in effect was undone by hand
    ///
    /// Of a way back: what was reverted is there again, and the migration stays applied.
    #[arg(long, conflicts_with_all = ["plan", "undo", "mark_done"])]
    mark_undone: bool,

    /// Take back what is in effect, where its statements tell how
    #[arg(long, conflicts_with = "plan")]
    undo: bool,

    /// A statement it stopped in, where the database does not tell if that is in effect
    #[arg(long, value_name = "ANSWER", value_parser = UnfinishedFlags::in_doubt_words())]
    in_doubt: Option<InDoubt>,

    #[command(flatten)]
    consent: Consent,

    #[command(flatten)]
    lock: LockFlag,
}

impl Command for Resume {
    const NAME: &'static str = "resume";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| {
            self.one(context, self.lock.over(connection))
        })
    }
}

impl Resume {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        if self.plan {
            return show(context, connection);
        }
        let mut workspace = Workspace::open(context, connection, Access::Write)?;
        let answer = if self.mark_done {
            Some(Unfinished::Done)
        } else if self.mark_undone {
            Some(Unfinished::Undone)
        } else if self.undo {
            Some(Unfinished::Undo)
        } else if context.yes || self.in_doubt.is_some() {
            Some(Unfinished::Resume)
        } else {
            None
        };
        let settling = Settling {
            flag: |answer| match answer {
                Unfinished::Resume => "manage resume --yes",
                Unfinished::Done => "manage resume --mark-done",
                Unfinished::Undo => "manage resume --undo",
                Unfinished::Undone => "manage resume --mark-undone",
                Unfinished::Stop => "manage resume --plan",
            },
            ..Settling::new(
                Self::NAME,
                UnfinishedFlags::of(answer, self.in_doubt),
                &self.consent,
                &|_| true,
            )
        };
        let settled = settle(context, &mut workspace, &settling)?;
        if context.ui.is_json() {
            let json = json!({
                "connection": workspace.name(),
                "unfinished": settled.iter().map(settled_json).collect::<Vec<_>>(),
            });
            context.ui.answer(&json.to_string());
        }
        if settled.is_empty() {
            nothing(context, &workspace);
        }
        Ok(outcome(&settled))
    }
}

fn nothing(context: &Context, workspace: &Workspace) {
    context
        .ui
        .status(&format!("{}: nothing is unfinished.", workspace.name()));
}

fn settled_json(settled: &Settled) -> Value {
    let mut value = match &settled.found {
        Some(found) => ui::unfinished_json(found),
        None => ui::journal_run_json(&settled.run),
    };
    value["answer"] = json!(settled.answer.to_string());
    let report = ui::report_json("", settled.run.direction, &settled.report);
    value["steps"] = report["steps"].clone();
    value
}

fn show(context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
    let mut workspace = Workspace::look(context, connection)?;
    tell_under_way(
        context,
        &workspace.url,
        &mut *workspace.database,
        &mut workspace.memory,
    );
    let found = look(context, &mut workspace)?;
    if context.ui.is_json() {
        let json = json!({
            "connection": workspace.name(),
            "unfinished": found.iter().map(ui::unfinished_json).collect::<Vec<_>>(),
        });
        context.ui.answer(&json.to_string());
        return Ok(Outcome::Done);
    }
    for one in &found {
        let (summary, lines) = ui::unfinished(one);
        context.ui.answer(&summary);
        for line in lines {
            context.ui.answer(&format!("  {line}"));
        }
        match &one.undo {
            Ok(undo) => {
                for (_, sql) in undo {
                    context.ui.answer(&format!("  --undo would run: {sql}"));
                }
            }
            Err(why) => context
                .ui
                .answer(&format!("  it cannot be taken back: {why}")),
        }
        if let Some(text) = ui::undone_by_hand(one) {
            context.ui.answer(&format!("  --mark-undone would {text}"));
        }
    }
    if found.is_empty() {
        nothing(context, &workspace);
    }
    Ok(Outcome::Done)
}
