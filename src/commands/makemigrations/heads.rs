//! Which head a new migration follows, and the question where several come last.

use crate::commands::merge;
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::{Graph, Node, Version};
use crate::settings::Connection;
use crate::ui::{Choice, PromptError, Question};

use super::place::Extent;

/// What a migration follows in its own folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stem {
    /// Nothing.
    Root,
    /// This one.
    After(Version),
    /// One of several heads.
    Open(Vec<Version>),
}

/// The head of a folder: the only one, or else the one that no label sets apart.
pub(super) fn newest(graph: &Graph, folder: usize) -> Stem {
    let heads: Vec<_> = graph.heads().filter(|head| head.folder == folder).collect();
    let plain: Vec<_> = heads
        .iter()
        .copied()
        .filter(|head| head.branches.is_empty())
        .collect();
    stem(if plain.is_empty() { &heads } else { &plain })
}

/// The head of a branch: the only one, or else the one that has no other label.
pub(super) fn of_branch(graph: &Graph, name: &str) -> Stem {
    if let Some(folder) = graph.folders().iter().position(|folder| folder == name) {
        return newest(graph, folder);
    }
    let heads: Vec<_> = graph
        .branch(name)
        .unwrap_or_default()
        .into_iter()
        .filter(|node| graph.is_head(node))
        .collect();
    let own: Vec<_> = heads
        .iter()
        .copied()
        .filter(|head| head.branches.iter().all(|label| label == name))
        .collect();
    stem(if own.is_empty() { &heads } else { &own })
}

fn stem(heads: &[&Node]) -> Stem {
    match heads {
        [] => Stem::Root,
        [only] => Stem::After(only.version.clone()),
        several => Stem::Open(several.iter().map(|head| head.version.clone()).collect()),
    }
}

/// What was answered.
pub(super) enum Answer {
    /// They are joined now.
    Joined,
    /// Follow this one.
    Follow(Version),
}

/// Asks which of several heads the migration follows.
///
/// # Errors
/// Nobody can be asked, or the person stopped.
pub(super) fn ask(
    context: &Context,
    connection: &Connection,
    graph: &Graph,
    open: &[Version],
    extent: Extent,
) -> Result<Answer, CommandError> {
    let heads: Vec<&Node> = open
        .iter()
        .filter_map(|version| graph.find(version))
        .collect();
    let parted = parted(graph, open);
    let question = question(context, connection, graph, &heads, parted.is_some());
    let may_join = parted.filter(|_| extent == Extent::Write);
    let mut choices = Vec::new();
    if may_join.is_some() {
        let text = "join them first, by a migration that follows them all";
        choices.push(Choice::new("merge", text));
    }
    choices.extend(heads.iter().map(|head| {
        let target = target(graph, head);
        let text = if target == head.name {
            "follow this one alone".to_owned()
        } else {
            format!("follow {}", head.name)
        };
        Choice::new(target, text)
    }));
    choices.push(Choice::new("stop", "write nothing"));
    if context.ui.is_interactive() {
        let (what, _) = question
            .unattended
            .split_once(", and it")
            .unwrap_or((&question.unattended, ""));
        context.ui.context_of_question(&format!("warning: {what}"));
    }
    let chosen = context.ui.choose(&question, &choices)?;
    let Some(parted) = may_join else {
        return follow(open.get(chosen));
    };
    if chosen > 0 {
        return follow(open.get(chosen - 1));
    }
    let path = merge::join(context, connection, &parted)?;
    let path = context.shown(&path);
    context.ui.status(&format!("Wrote `{}`.", path.display()));
    Ok(Answer::Joined)
}

fn follow(chosen: Option<&Version>) -> Result<Answer, CommandError> {
    match chosen {
        Some(version) => Ok(Answer::Follow(version.clone())),
        None => Err(PromptError::Cancelled.into()),
    }
}

fn question(
    context: &Context,
    connection: &Connection,
    graph: &Graph,
    heads: &[&Node],
    is_parted: bool,
) -> Question {
    let on = context.on(&connection.name);
    let mut flags = Vec::new();
    if is_parted {
        flags.push(format!("join them first: manage merge{on}"));
        flags.push(format!("put yours after theirs: manage rebase{on}"));
    }
    let follow = if is_parted {
        "follow this one alone"
    } else {
        "follow this one"
    };
    flags.extend(
        heads
            .iter()
            .map(|head| format!("{follow}: --head {}", target(graph, head))),
    );
    let what = if is_parted {
        format!("{} branches have parted", heads.len())
    } else {
        format!("{} branches stand side by side", heads.len())
    };
    Question {
        ask: "Which one does the migration follow".to_owned(),
        unattended: format!("{what}, and it is not said which one the migration follows"),
        about: heads.iter().map(|head| head.name.clone()).collect(),
        flags,
    }
}

/// Those of the heads that nobody meant to have side by side.
fn parted(graph: &Graph, open: &[Version]) -> Option<Vec<Version>> {
    graph
        .divergences()
        .into_iter()
        .map(|divergence| divergence.heads().cloned().collect::<Vec<_>>())
        .find(|heads| heads.iter().all(|head| open.contains(head)))
}

/// What to type for a head: its branch, where that says enough; else its name.
fn target(graph: &Graph, head: &Node) -> String {
    head.branches
        .iter()
        .rev()
        .find(|label| of_branch(graph, label) == Stem::After(head.version.clone()))
        .map_or_else(|| head.name.clone(), |label| format!("{label}@head"))
}
