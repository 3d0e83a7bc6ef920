//! A rebase, for the screen and for programs.

use serde_json::{Value, json};

use super::standing::Standing;
use crate::migration::Rebase;
use crate::ui;

/// A line for each migration and what it gets, and what it then follows.
pub(super) fn lines(rebase: &Rebase) -> Vec<String> {
    let mut lines = Vec::new();
    for one in rebase.changes() {
        lines.push(if one.is_renamed() {
            format!("{} -> {}", one.name, one.new_name)
        } else {
            one.name.clone()
        });
        if one.depends_on.is_some() && one.followed != one.follows {
            let follows = match one.follows.as_slice() {
                [] => "nothing".to_owned(),
                names => ui::list(names, names.len()),
            };
            lines.push(match one.followed.as_slice() {
                [] => format!("  follows {follows}"),
                names => format!(
                    "  follows {follows}  (before: {})",
                    ui::list(names, names.len())
                ),
            });
        }
    }
    lines
}

/// One object for a connection.
pub(super) fn json(
    connection: &str,
    rebase: &Rebase,
    because: &[String],
    standing: &Standing,
    is_written: bool,
) -> Value {
    let moves: Vec<Value> = rebase
        .changes()
        .map(|one| {
            json!({
                "name": one.name,
                "version": one.version.as_str(),
                "new_name": one.new_name,
                "new_version": one.new_version.as_str(),
                "followed": one.followed,
                "follows": one.follows,
                "applied_on": standing.applied_on(&one.version),
            })
        })
        .collect();
    let unseen: Vec<&str> = standing
        .unseen
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    json!({
        "connection": connection,
        "because": because,
        "moves": moves,
        "not_asked": unseen,
        "written": is_written,
    })
}
