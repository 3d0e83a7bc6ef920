//! `show`: all about one migration.

use serde_json::{Value, json};

use super::graph::{View, shown as harmless};
use crate::backend::Direction;
use crate::history::{Action, Recorded};
use crate::migration::{Metadata, Node, Version};
use crate::schema::manifest::Fingerprint;
use crate::ui::style::{Meaning, paint};
use crate::ui::words;

/// One migration, with everything that files and database say about it.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The version.
    pub version: Version,
    /// The directory's name, or the one that was recorded.
    pub name: String,
    /// Its place in the graph, if it has a folder.
    pub node: Option<&'a Node>,
    /// What its metadata.toml says.
    pub metadata: Metadata,
    /// Whether it is applied.
    pub state: Whether,
    /// Whether up.sql was edited since.
    pub edited: bool,
    /// What else is recorded of it.
    pub recorded: Option<Recorded>,
    /// The text of up.sql, or the one that was recorded.
    pub up: Option<String>,
    /// The text of down.sql, or the one that was recorded.
    pub down: Option<String>,
}

/// Whether a migration is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whether {
    /// The database could not be asked: why.
    NotAsked(String),
    /// It is not.
    Pending,
    /// A run began it and did not finish it.
    Unfinished {
        /// Which way.
        direction: Direction,
        /// How many statements are in effect.
        done: usize,
        /// Of how many.
        statements: usize,
    },
    /// It is.
    Applied {
        /// When, in UTC.
        run_on: String,
        /// By whom, if recorded.
        by: Option<String>,
        /// How long it took in milliseconds, if recorded.
        milliseconds: Option<i64>,
    },
}

/// The migration as a page of text.
#[must_use]
pub fn shown(view: &View<'_>, one: &Shown<'_>) -> String {
    let mut lines = vec![paint(Meaning::Name, &one.name)];
    for (key, value) in facts(view, one) {
        let key = format!("{key:12}");
        lines.push(format!("  {} {value}", paint(Meaning::Faint, &key)));
    }
    for (file, text) in [("up.sql", &one.up), ("down.sql", &one.down)] {
        let place = match one.node {
            Some(node) => node.path.join(file).display().to_string(),
            None => format!("{file}, as it was recorded"),
        };
        lines.push(String::new());
        match text {
            Some(text) => {
                lines.push(paint(Meaning::Faint, &format!("-- {place}")));
                lines.push(text.trim_end().to_owned());
            }
            None => lines.push(paint(Meaning::Faint, &format!("-- {place}: there is none"))),
        }
    }
    lines.join("\n")
}

fn facts(view: &View<'_>, one: &Shown<'_>) -> Vec<(&'static str, String)> {
    let mut facts = vec![("version", one.version.to_string())];
    if let Some(node) = one.node {
        facts.push(("folder", node.path.display().to_string()));
        facts.push(("follows", view.follows(node)));
        let children: Vec<&str> = view
            .graph
            .children(node)
            .map(|child| child.name.as_str())
            .collect();
        facts.push((
            "followed by",
            if children.is_empty() {
                "nothing; it is a head".to_owned()
            } else {
                children.join(", ")
            },
        ));
        if !node.labels.is_empty() {
            facts.push(("labels", node.labels.join(", ")));
        }
        if node.branches.len() > node.labels.len() {
            facts.push(("branches", node.branches.join(", ")));
        }
    } else {
        facts.push(("folder", "missing; this is what was recorded".to_owned()));
    }
    if let Some(description) = &one.metadata.description {
        let lines: Vec<String> = description.trim().lines().map(harmless).collect();
        facts.push(("description", lines.join("\n               ")));
    }
    let transaction = if one.metadata.run_in_transaction {
        "yes"
    } else {
        "no, statement by statement"
    };
    facts.push(("transaction", transaction.to_owned()));
    facts.push(("state", state(one)));
    if let Some(recorded) = &one.recorded {
        facts.push((
            "recorded",
            format!(
                "{} UTC on {}, with {}",
                recorded.at,
                harmless(&recorded.host),
                harmless(&recorded.tool)
            ),
        ));
        if let Some(fingerprint) = &recorded.fingerprint {
            facts.push(("schema", fingerprint.short().to_owned()));
        }
        if let Some(reason) = &recorded.reason {
            let verb = match recorded.action {
                Action::Accept => "accepted",
                Action::Apply | Action::Revert | Action::Fake | Action::Unfake | Action::Prune => {
                    "because"
                }
            };
            let lines: Vec<String> = reason.trim().lines().map(harmless).collect();
            facts.push((verb, lines.join(" ")));
        }
    }
    facts
}

fn state(one: &Shown<'_>) -> String {
    match &one.state {
        Whether::NotAsked(why) => format!("not asked: {why}"),
        Whether::Pending => "pending".to_owned(),
        Whether::Unfinished {
            direction,
            done,
            statements,
        } => {
            let verb = match direction {
                Direction::Up => "applied",
                Direction::Down => "reverted",
            };
            let statements = words::count(*statements, "statement");
            format!("unfinished: {verb} in part, {done} of {statements} in effect")
        }
        Whether::Applied {
            run_on,
            by,
            milliseconds,
        } => {
            let mut text = match (by, milliseconds) {
                (Some(by), Some(milliseconds)) => {
                    format!("applied {run_on} UTC by {by}, {milliseconds} ms")
                }
                (Some(_) | None, _) => format!("applied {run_on} UTC, not recorded by manage"),
            };
            if one.edited {
                text.push_str("; up.sql was edited since");
            }
            text
        }
    }
}

/// The same as JSON.
#[must_use]
pub fn shown_json(view: &View<'_>, one: &Shown<'_>) -> Value {
    let mut json = match one.node {
        Some(node) => view.json(node),
        None => json!({
            "version": one.version.as_str(),
            "name": one.name,
            "path": null,
            "folder": null,
            "follows": [],
            "followed_by": [],
            "labels": [],
            "branches": [],
            "head": false,
            "applied": true,
            "current": false,
        }),
    };
    let (state, run_on, by, milliseconds) = match &one.state {
        Whether::NotAsked(_) => ("unknown", None, None, None),
        Whether::Pending => ("pending", None, None, None),
        Whether::Unfinished { .. } => ("unfinished", None, None, None),
        Whether::Applied {
            run_on,
            by,
            milliseconds,
        } => (
            if one.node.is_some() {
                "applied"
            } else {
                "missing"
            },
            Some(run_on),
            by.as_ref(),
            milliseconds.as_ref(),
        ),
    };
    let not_asked = match &one.state {
        Whether::NotAsked(why) => Some(why),
        Whether::Pending | Whether::Unfinished { .. } | Whether::Applied { .. } => None,
    };
    json["description"] = json!(one.metadata.description);
    json["run_in_transaction"] = json!(one.metadata.run_in_transaction);
    json["state"] = json!(state);
    json["not_asked"] = json!(not_asked);
    json["edited"] = json!(one.edited);
    json["run_on"] = json!(run_on);
    json["performed_by"] = json!(by);
    json["milliseconds"] = json!(milliseconds);
    let recorded = one.recorded.as_ref();
    json["recorded"] = json!(recorded.map(|recorded| json!({
        "action": recorded.action.name(),
        "at": recorded.at,
        "host": recorded.host,
        "tool": recorded.tool,
        "reason": recorded.reason,
        "fingerprint": recorded.fingerprint.as_ref().map(Fingerprint::as_str),
    })));
    json["up_sql"] = json!(one.up);
    json["down_sql"] = json!(one.down);
    json
}
