//! What verifying a migration found.

use serde_json::{Value, json};

use super::changes::{changes, changes_json};
use crate::executor::ExecuteError;
use crate::proof::{RowsDiffer, Verified, WayBack};
use crate::ui::style::{Meaning, paint};
use crate::ui::words::count;

/// One migration: a line, and below it what is wrong with its way back.
#[must_use]
pub fn verified(verified: &Verified) -> Vec<String> {
    let is_bad = verified.flaws.iter().any(|flaw| !flaw.is_note());
    let mark = if is_bad {
        paint(Meaning::Strange, "[!]")
    } else {
        paint(Meaning::Done, "[X]")
    };
    let mut lines = vec![format!("{mark} {}", verified.name)];
    for flaw in &verified.flaws {
        lines.push(format!("    {}", headline(flaw)));
        lines.extend(details(flaw).into_iter().map(|line| format!("    {line}")));
    }
    if !verified.unfilled.is_empty() {
        let names: Vec<_> = verified.unfilled.iter().map(ToString::to_string).collect();
        lines.push(format!(
            "    {}",
            paint(
                Meaning::Faint,
                &format!("no sample row fits into {}", names.join(", "))
            )
        ));
    }
    lines
}

fn headline(flaw: &WayBack) -> String {
    match flaw {
        WayBack::None(why) => format!("there is no way back: {why}"),
        WayBack::UpFails(_) => "up.sql fails when there are rows".to_owned(),
        WayBack::Fails(_) => "down.sql fails".to_owned(),
        WayBack::Differs(_) => "down.sql does not restore what was there; still to do:".to_owned(),
        WayBack::ColumnOrder(tables) => {
            let names: Vec<_> = tables.iter().map(ToString::to_string).collect();
            format!(
                "the columns come back in another order: {}",
                names.join(", ")
            )
        }
        WayBack::Rows(_) => "the rows are not what they were".to_owned(),
        WayBack::AgainFails(_) => "up.sql fails after down.sql".to_owned(),
        WayBack::AgainDiffers(_) => {
            "up.sql leads elsewhere after down.sql; still to do:".to_owned()
        }
    }
}

fn details(flaw: &WayBack) -> Vec<String> {
    match flaw {
        WayBack::None(_) | WayBack::ColumnOrder(_) => Vec::new(),
        WayBack::Fails(error) | WayBack::UpFails(error) | WayBack::AgainFails(error) => {
            [place(error), Some(cause(error))]
                .into_iter()
                .flatten()
                .map(|line| format!("  {line}"))
                .collect()
        }
        WayBack::Differs(list) | WayBack::AgainDiffers(list) => changes(list),
        WayBack::Rows(tables) => tables
            .iter()
            .map(|one| format!("  {}", rows(one)))
            .collect(),
    }
}

/// Where in the file it happened.
pub(super) fn place(error: &ExecuteError) -> Option<String> {
    match error {
        ExecuteError::Step(failure) => Some(failure.place()),
        ExecuteError::Stale
        | ExecuteError::LockLost { .. }
        | ExecuteError::Lock(_)
        | ExecuteError::Overtaken { .. }
        | ExecuteError::Split { .. }
        | ExecuteError::Interrupted { .. }
        | ExecuteError::TakeBack { .. }
        | ExecuteError::Database(_) => None,
    }
}

/// What the server said, which is beneath what we say.
pub(super) fn cause(error: &ExecuteError) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn rows(one: &RowsDiffer) -> String {
    let (before, now) = one.count;
    if before == now {
        format!("{}: other values in {}", one.table, one.columns.join(", "))
    } else {
        format!("{}: {} before, {now} now", one.table, count(before, "row"))
    }
}

/// All of them as JSON.
#[must_use]
pub fn verified_json(connection: &str, all: &[Verified]) -> Value {
    let migrations: Vec<Value> = all
        .iter()
        .map(|one| {
            let flaws: Vec<Value> = one.flaws.iter().map(flaw_json).collect();
            json!({
                "version": one.version.as_str(),
                "name": one.name,
                "restores": !one.flaws.iter().any(|flaw| !flaw.is_note()),
                "flaws": flaws,
                "unfilled": one.unfilled,
            })
        })
        .collect();
    json!({ "connection": connection, "migrations": migrations })
}

fn flaw_json(flaw: &WayBack) -> Value {
    let mut json = json!({ "code": flaw.code() });
    match flaw {
        WayBack::None(why) => json["why"] = json!(why),
        WayBack::ColumnOrder(tables) => json["tables"] = json!(tables),
        WayBack::Fails(error) | WayBack::UpFails(error) | WayBack::AgainFails(error) => {
            json["why"] = json!(cause(error));
        }
        WayBack::Differs(list) | WayBack::AgainDiffers(list) => {
            json["lacks"] = changes_json(list);
        }
        WayBack::Rows(tables) => {
            json["tables"] = tables
                .iter()
                .map(|one| {
                    json!({
                        "table": one.table,
                        "before": one.count.0,
                        "now": one.count.1,
                        "columns": one.columns,
                    })
                })
                .collect();
        }
    }
    json
}
