//! `manage heads`: the migrations that nothing follows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::each::each;
use super::files::Files;
use super::registry::{Command, Outcome};
use super::resolve::warn;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::Conflict;
use crate::migration::{Divergence, Node, Version};
use crate::settings::Connection;
use crate::ui::{self, View};

/// Show the migrations that nothing follows
///
/// No database is needed. Heads of different folders, or with different labels, are meant to be side
/// by side; others have diverged, which is told.
#[derive(clap::Args, Debug)]
pub(crate) struct Heads {
    /// Exit with 3 if lines of migrations have diverged
    #[arg(long)]
    check: bool,

    /// Leave out heads that a migration of another folder depends on
    #[arg(long)]
    resolve_dependencies: bool,
}

impl Command for Heads {
    const NAME: &'static str = "heads";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| self.one(context, connection))
    }
}

impl Heads {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let files = Files::look(context, connection)?;
        let graph = &files.graph;
        let heads: Vec<&Node> = if self.resolve_dependencies {
            graph.last().rev().collect()
        } else {
            graph.heads().rev().collect()
        };
        let diverged = graph.divergences();
        let verbose = context.ui.is_verbose();
        let descriptions = if verbose || context.ui.is_json() {
            Files::descriptions(heads.iter().copied())
        } else {
            BTreeMap::new()
        };
        let nothing = BTreeSet::new();
        let view = View {
            graph,
            applied: None,
            current: &nothing,
            descriptions: &descriptions,
            verbose,
        };
        let name = &files.connection.name;
        if context.ui.is_json() {
            let all: Vec<_> = heads.iter().map(|node| view.json(node)).collect();
            let json = json!({
                "connection": name,
                "heads": all,
                "diverged": diverged.iter().map(divergence_json).collect::<Vec<_>>(),
            });
            context.ui.answer(&json.to_string());
        } else {
            let sum = ui::count(heads.len(), "head");
            context
                .ui
                .answer(&ui::nodes(name, &files.place(), &sum, &view, &heads));
        }
        let has_diverged = !diverged.is_empty();
        if has_diverged {
            warn(context, &[Conflict::Diverged(diverged)]);
            let on = context.on(name);
            context.ui.hint(&format!("join them: manage merge{on}"));
            context
                .ui
                .hint(&format!("or put yours after theirs: manage rebase{on}"));
        }
        Ok(if self.check && has_diverged {
            Outcome::Findings
        } else {
            Outcome::Done
        })
    }
}

fn divergence_json(divergence: &Divergence) -> serde_json::Value {
    let heads: Vec<&str> = divergence.heads().map(Version::as_str).collect();
    json!({
        "fork": divergence.fork.as_ref().map(Version::as_str),
        "heads": heads,
    })
}
