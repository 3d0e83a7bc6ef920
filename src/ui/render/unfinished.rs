//! An unfinished migration, for the person who decides about it, and as JSON.

use serde_json::{Value, json};

use super::plan::direction_name;
use crate::backend::Direction;
use crate::executor::{Effect, Halt, Unfinished};
use crate::history::{JournalRun, JournalState};
use crate::sql::{self, Dialect};
use crate::ui::words;

/// What is wrong in one sentence, then what is known about it, a line each.
#[must_use]
pub fn unfinished(found: &Unfinished) -> (String, Vec<String>) {
    let run = &found.run;
    let verb = match run.direction {
        Direction::Up => "applying",
        Direction::Down => "reverting",
    };
    let summary = format!(
        "`{}` is unfinished: an earlier run stopped while {verb} it",
        run.name
    );
    let mut lines = vec![last_seen(run)];
    if found.is_recorded {
        lines.push(match run.direction {
            Direction::Up => "but it is recorded as applied meanwhile".to_owned(),
            Direction::Down => "but it is not recorded as applied any more".to_owned(),
        });
        return (summary, lines);
    }
    match &found.halt {
        Halt::Between => {}
        Halt::Refused { statement, error } => {
            let why = error
                .as_ref()
                .map_or_else(String::new, |error| format!(": {error}"));
            lines.push(format!("statement {} was refused{why}", statement + 1));
        }
        Halt::InDoubt(doubt) => {
            let which = if doubt.through > doubt.statement {
                format!(
                    "statements {} to {} are in doubt",
                    doubt.statement + 1,
                    doubt.through + 1
                )
            } else {
                format!("statement {} is in doubt", doubt.statement + 1)
            };
            lines.push(format!("{which}: {}", doubt.summary));
            lines.extend(
                doubt
                    .error
                    .as_ref()
                    .map(|error| format!("the server refused it: {error}")),
            );
            lines.push(match &doubt.effect {
                Effect::InEffect(fact) => format!("{fact}, so it is in effect"),
                Effect::NotInEffect(fact) => format!("{fact}, so it is not in effect"),
                Effect::Repeatable => "it may be run again: that changes nothing".to_owned(),
                Effect::Unknown(why) => {
                    format!("the database does not tell whether it is in effect: {why}")
                }
            });
        }
    }
    if let Some(changed) = &found.changed {
        lines.push(format!(
            "statement {} is in effect, and its text is another one now:",
            changed.statement + 1
        ));
        lines.extend(changed.before.as_ref().map(|text| format!("  - {text}")));
        lines.push(match &changed.now {
            Some(text) => format!("  + {text}"),
            None => "  + (the file ends before it)".to_owned(),
        });
    }
    lines.extend(found.lost.clone());
    (summary, lines)
}

fn last_seen(run: &JournalRun) -> String {
    format!(
        "{} of {} in effect; last seen {} UTC, run by {} on {}",
        run.done,
        words::count(run.statements, "statement"),
        run.at,
        run.by,
        run.host
    )
}

/// What it means to say that it was undone by hand; nothing where another answer does the same.
#[must_use]
pub fn undone_by_hand(found: &Unfinished) -> Option<String> {
    let is_empty = found.undo.as_ref().is_ok_and(Vec::is_empty);
    (!found.is_recorded && !is_empty)
        .then(|| by_hand(&found.run, found.in_effect(), found.next().is_none()))
}

/// The same by what the journal alone tells.
#[must_use]
pub fn undone_by_hand_of(run: &JournalRun) -> String {
    let is_in_doubt = match run.state {
        JournalState::Started | JournalState::Broken => true,
        JournalState::Done | JournalState::Failed | JournalState::Stopped => false,
    };
    by_hand(run, run.done, is_in_doubt)
}

fn by_hand(run: &JournalRun, in_effect: usize, is_in_doubt: bool) -> String {
    let statements = words::count(in_effect, "statement");
    let what = match (in_effect, is_in_doubt) {
        (0, false) => return nothing_in_effect(run),
        (0, true) => "the statement in doubt was".to_owned(),
        (1, false) => format!("its {statements} in effect was"),
        (_, false) => format!("its {statements} in effect were"),
        (_, true) => format!("its {statements} in effect and the one in doubt were"),
    };
    match run.direction {
        Direction::Up => format!("forget it, where {what} undone by hand"),
        Direction::Down => format!("leave it applied, where {what} undone by hand"),
    }
}

fn nothing_in_effect(run: &JournalRun) -> String {
    match run.direction {
        Direction::Up => "forget it; nothing of it is in effect".to_owned(),
        Direction::Down => "leave it applied; nothing of its way back is in effect".to_owned(),
    }
}

/// Characters of a statement that are worth reading in a line.
const WIDTH: usize = 70;

/// What the journal alone tells, a line each, where there is no file to look into: the statements that
/// committed by themselves are in it.
#[must_use]
pub fn journal_run(run: &JournalRun, dialect: Dialect) -> Vec<String> {
    let mut lines = vec![last_seen(run)];
    for (number, text) in &run.texts {
        let state = match run.state {
            JournalState::Failed if Some(*number) == run.statement => "refused",
            _ if *number < run.done => "in effect",
            JournalState::Started
            | JournalState::Broken
            | JournalState::Failed
            | JournalState::Done
            | JournalState::Stopped => "begun, and perhaps in effect",
        };
        let text = sql::summary(text, dialect, WIDTH);
        lines.push(format!("  {}: {text}  ({state})", number + 1));
    }
    lines
}

/// What the journal alone tells.
#[must_use]
pub fn journal_run_json(run: &JournalRun) -> Value {
    json!({
        "version": run.version.as_str(),
        "name": run.name,
        "direction": direction_name(run.direction),
        "done": run.done,
        "statements": run.statements,
        "error": run.error,
        "at": run.at,
        "by": run.by,
        "host": run.host,
    })
}

/// The same with what the file and the catalogue tell.
#[must_use]
pub fn unfinished_json(found: &Unfinished) -> Value {
    let mut value = journal_run_json(&found.run);
    value["recorded"] = json!(found.is_recorded);
    value["next"] = json!(found.next().map(|next| next + 1));
    value["in_doubt"] = match &found.halt {
        Halt::Between | Halt::Refused { .. } => Value::Null,
        Halt::InDoubt(doubt) => {
            let (effect, fact) = match &doubt.effect {
                Effect::InEffect(fact) => ("in-effect", Some(fact)),
                Effect::NotInEffect(fact) => ("not-in-effect", Some(fact)),
                Effect::Repeatable => ("repeatable", None),
                Effect::Unknown(why) => ("unknown", Some(why)),
            };
            json!({
                "statement": doubt.statement + 1,
                "through": doubt.through + 1,
                "sql": doubt.summary,
                "effect": effect,
                "fact": fact,
            })
        }
    };
    value["changed"] = json!(found.changed.as_ref().map(|changed| changed.statement + 1));
    value["undo"] = match &found.undo {
        Ok(undo) => json!(undo.iter().map(|(_, sql)| sql).collect::<Vec<_>>()),
        Err(_) => Value::Null,
    };
    value
}
