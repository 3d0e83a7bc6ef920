//! `current` on the screen and as JSON.

use serde_json::{Value, json};

use crate::executor::{Reached, Standing};
use crate::ui::render::unfinished::journal_run_json;
use crate::ui::style::{Meaning, paint};

/// One line for the connection, then one for every place where the database stands; `url` is shown
/// where it is given, and then also when and by whom.
#[must_use]
pub fn standing(connection: &str, url: Option<&str>, standing: &Standing) -> String {
    let total = standing.applied + standing.pending;
    let sum = match (total, standing.pending) {
        (0, _) => "no migrations".to_owned(),
        (1, 0) => "the only migration is applied".to_owned(),
        (_, 0) => format!("all {total} migrations applied"),
        (_, _) => format!("{} of {total} migrations applied", standing.applied),
    };
    let about = match url {
        Some(url) => format!("{url}  {sum}"),
        None => sum,
    };
    let mut lines = vec![format!(
        "{}  {}",
        paint(Meaning::Name, connection),
        paint(Meaning::Faint, &about)
    )];
    for one in &standing.reached {
        lines.push(line(&one.name, &remarks(one)));
        if url.is_some() {
            lines.push(format!("   {}", paint(Meaning::Faint, &when(one))));
        }
    }
    for one in standing.ahead() {
        lines.push(line(&one.name, "folder missing"));
        if url.is_some() {
            let when = format!("{} UTC", one.run_on);
            lines.push(format!("   {}", paint(Meaning::Faint, &when)));
        }
    }
    if lines.len() == 1 {
        let behind = match standing.pending {
            0 => "nothing is applied".to_owned(),
            pending => format!("nothing is applied, {pending} behind"),
        };
        lines.push(line("base", &behind));
    }
    lines.join("\n")
}

fn line(name: &str, remarks: &str) -> String {
    let remarks = format!("({remarks})");
    format!(" {name}  {}", paint(Meaning::Faint, &remarks))
}

fn remarks(one: &Reached) -> String {
    let mut remarks = Vec::new();
    if one.is_head {
        remarks.push("head".to_owned());
    }
    if one.behind > 0 {
        remarks.push(format!("{} behind", one.behind));
    }
    match one.branches.as_slice() {
        [] => {}
        [label] => remarks.push(format!("label {label}")),
        labels => remarks.push(format!("labels {}", labels.join(", "))),
    }
    remarks.extend(one.folder.as_ref().map(|folder| format!("folder {folder}")));
    remarks.join("; ")
}

fn when(one: &Reached) -> String {
    match (&one.by, one.milliseconds) {
        (Some(by), Some(milliseconds)) => {
            format!("{} UTC by {by}, {milliseconds} ms", one.run_on)
        }
        (Some(_) | None, _) => format!("{} UTC, not recorded by manage", one.run_on),
    }
}

/// The same as one JSON object.
#[must_use]
pub fn standing_json(connection: &str, url: &str, standing: &Standing) -> Value {
    let current: Vec<Value> = standing
        .reached
        .iter()
        .map(|one| {
            json!({
                "version": one.version.as_str(),
                "name": one.name,
                "folder": one.folder,
                "branches": one.branches,
                "head": one.is_head,
                "behind": one.behind,
                "run_on": one.run_on,
                "recorded": one.by.is_some(),
                "performed_by": one.by,
                "milliseconds": one.milliseconds,
            })
        })
        .collect();
    let missing: Vec<Value> = standing
        .missing
        .iter()
        .map(|one| json!({ "version": one.version.as_str(), "name": one.name, "run_on": one.run_on }))
        .collect();
    let unfinished: Vec<Value> = standing.unfinished.iter().map(journal_run_json).collect();
    json!({
        "connection": connection,
        "url": url,
        "at_heads": standing.is_at_heads(),
        "applied": standing.applied,
        "pending": standing.pending,
        "current": current,
        "missing": missing,
        "unfinished": unfinished,
    })
}
