//! What merge says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::join::Joined;
use super::prove::Verdict;
use crate::context::Context;
use crate::migration::{Divergence, Graph, Node};
use crate::proof::is_every_order;
use crate::settings::Connection;
use crate::ui;

/// Nothing has parted.
pub(super) fn nothing(context: &Context, connection: &Connection, graph: &Graph) {
    if context.ui.is_json() {
        let json = json!({ "connection": connection.name, "merges": [] });
        context.ui.answer(&json.to_string());
    } else {
        context
            .ui
            .answer(&format!("{}: nothing to merge", connection.name));
    }
    let heads: Vec<&Node> = graph.heads().collect();
    if heads.len() > 1 {
        let names: Vec<_> = heads
            .iter()
            .map(|head| format!("`{}`", head.name))
            .collect();
        context.ui.note(&format!(
            "{} are meant to be side by side; to join some of one folder, name them",
            ui::list(&names, 5)
        ));
    }
}

/// What is going to be joined.
pub(super) fn branches(context: &Context, graph: &Graph, divergence: &Divergence) {
    let name = |version| graph.find(version).map_or("", |node| node.name.as_str());
    let from = match &divergence.fork {
        Some(fork) => format!("that parted after `{}`", name(fork)),
        None => "that have no beginning in common".to_owned(),
    };
    let branches = &divergence.branches;
    context.ui.status(&format!(
        "Joining {} {from}:",
        count_of_branches(branches.len())
    ));
    for branch in branches {
        let more = match branch.versions.len() {
            0 | 1 => String::new(),
            several => format!("  ({})", ui::count(several, "migration")),
        };
        context
            .ui
            .status(&format!("  {}{more}", name(&branch.head)));
    }
}

fn count_of_branches(number: usize) -> String {
    ui::count_of(number, "branches")
}

/// Why it is not proved, in a line, and what differs.
pub(super) fn unproved(verdict: &Verdict, names: &[String]) -> (String, Vec<String>) {
    match verdict {
        Verdict::Tried(commuted) => {
            let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            let quoted = ui::list(&quoted, 5);
            let summary = if commuted.is_hopeless() {
                format!("{quoted} do not go together")
            } else {
                format!("what comes of {quoted} depends on the order")
            };
            (summary, ui::clashes(commuted, names))
        }
        Verdict::Untried { why, .. } => (
            "whether the branches go together could not be tried".to_owned(),
            why.clone(),
        ),
    }
}

/// What was proved, and what is worth knowing.
pub(super) fn verdict(context: &Context, verdict: &Verdict, names: &[String]) {
    let Verdict::Tried(commuted) = verdict else {
        return;
    };
    if verdict.is_proved() {
        context.ui.status(&ui::commuted(commuted));
        if !is_every_order(names.len()) {
            context.ui.note(
                "of so many branches not every order was tried: each came first, and every two in both orders",
            );
        }
    }
    for remark in ui::commuted_remarks(commuted) {
        context.ui.note(&remark);
    }
    if let Some((headline, lines)) = ui::way_back(commuted, names) {
        context.ui.warning(&headline);
        for line in lines {
            context.ui.status(&line);
        }
    }
}

/// The answer.
pub(super) fn done(context: &Context, connection: &Connection, joined: &[Joined]) {
    let ui = &context.ui;
    if ui.is_json() {
        let merges: Vec<Value> = joined.iter().map(json).collect();
        let json = json!({ "connection": connection.name, "merges": merges });
        ui.answer(&json.to_string());
    } else {
        for (index, one) in joined.iter().enumerate() {
            if one.is_written {
                ui.answer(&one.path.display().to_string());
                continue;
            }
            if index > 0 {
                ui.answer("");
            }
            for (at, (file, text)) in files(one).into_iter().enumerate() {
                if at > 0 {
                    ui.answer("");
                }
                ui.answer(&format!("-- {}", one.path.join(file).display()));
                ui.answer(text.trim_end());
            }
        }
    }
    if joined.iter().any(|one| one.is_written) {
        ui.status(&format!(
            "Commit it, then run: manage migrate{}",
            context.on(&connection.name)
        ));
    }
}

fn files(one: &Joined) -> Vec<(&'static str, String)> {
    let draft = &one.draft;
    let mut files = vec![("up.sql", draft.up.clone())];
    files.extend(draft.down.clone().map(|down| ("down.sql", down)));
    files.push(("metadata.toml", draft.metadata.render()));
    files
}

fn json(one: &Joined) -> Value {
    let mut json = json!({
        "version": one.draft.version.version().as_str(),
        "path": one.path.display().to_string(),
        "heads": one.heads,
        "proved": one.verdict.is_proved(),
    });
    match &one.verdict {
        Verdict::Tried(commuted) => json["proof"] = ui::commuted_json(commuted),
        Verdict::Untried { why, .. } => json["untried"] = json!(why),
    }
    if !one.is_written {
        let files: BTreeMap<_, _> = files(one).into_iter().collect();
        json["files"] = json!(files);
    }
    json
}
