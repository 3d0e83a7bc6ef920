//! What makemigrations says.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::command::Makemigrations;
use super::compare::{Compared, Wanted};
use super::proof::Outcome;
use super::update::Updated;
use crate::commands::declared::Declared;
use crate::context::Context;
use crate::migration::{Draft, Graph, Version};
use crate::questioner::Decided;
use crate::settings::Connection;
use crate::ui;

/// What is said is said about these.
pub(super) struct View<'a> {
    pub(super) context: &'a Context,
    pub(super) connection: &'a Connection,
    pub(super) declared: &'a Declared,
    pub(super) arguments: &'a Makemigrations,
    pub(super) updated: Option<&'a Updated>,
}

impl View<'_> {
    /// Nothing differs.
    pub(super) fn nothing(&self, compared: &Compared) {
        let ui = &self.context.ui;
        if ui.is_json() {
            ui.answer(&self.json(compared, &[]).to_string());
        } else {
            ui.answer("No changes detected");
        }
        ui.status(&self.compared(compared));
        if let Some(updated) = self.updated {
            let folder = self.context.shown(updated.path());
            ui.hint(&format!(
                "`{}` is not needed then; to take it back, remove its folder: rm -r {}",
                updated.name(),
                folder.display()
            ));
            return;
        }
        if !self.arguments.check && self.arguments.given_message().is_some() {
            ui.hint("for a hand-written migration: manage makemigrations --empty \"Add users\"");
        }
    }

    /// The migration that was to be written again says all of it already.
    pub(super) fn unchanged(&self, compared: &Compared, updated: &Updated) {
        let ui = &self.context.ui;
        if ui.is_json() {
            ui.answer(&self.json(compared, &[]).to_string());
        } else {
            ui.answer("No changes detected");
        }
        ui.status(&format!("`{}` says all of it already.", updated.name()));
    }

    /// What a check found.
    pub(super) fn findings(&self, compared: &Compared, decided: &Decided) {
        let ui = &self.context.ui;
        let changes = &decided.difference.changes;
        if ui.is_json() {
            ui.answer(&self.json(compared, changes).to_string());
        } else {
            for line in ui::changes(changes) {
                ui.answer(&line);
            }
        }
        ui.status(&self.compared(compared));
        ui.status(&format!(
            "{}: {} without a migration. To write one, run: manage makemigrations{}",
            self.connection.name,
            ui::count(changes.len(), "change"),
            self.context.on(&self.connection.name)
        ));
    }

    /// What looks like a difference and is none.
    pub(super) fn remarks(&self, remarks: &[String]) {
        for remark in remarks {
            self.context.ui.note(remark);
        }
    }

    /// What will be written.
    pub(super) fn changes(&self, compared: &Compared, decided: &Decided, remarks: &[String]) {
        let ui = &self.context.ui;
        ui.status(&self.compared(compared));
        for line in ui::changes_aside(&decided.difference.changes) {
            ui.status(&line);
        }
        self.remarks(remarks);
    }

    /// How the proof came out.
    pub(super) fn proved(&self, outcome: &Outcome) {
        if outcome.is_proved() {
            self.context.ui.status(&outcome.line());
        } else {
            self.context.ui.warning(&outcome.line());
        }
    }

    /// It is written.
    pub(super) fn written(&self, path: &Path, draft: &Draft, decided: &Decided, outcome: &Outcome) {
        let ui = &self.context.ui;
        let path = self.context.shown(path);
        if ui.is_json() {
            let json = json!({
                "connection": self.connection.name,
                "version": draft.version.version().as_str(),
                "path": path.display().to_string(),
                "depends_on": depends_on(draft),
                "labels": draft.metadata.labels,
                "updated": self.updated.map(Updated::name),
                "changes": ui::changes_json(&decided.difference.changes),
                "proved": outcome.is_proved(),
                "reversible": draft.down.is_some(),
            });
            ui.answer(&json.to_string());
        } else {
            ui.answer(&path.display().to_string());
        }
        self.proved(outcome);
        ui.status(&format!(
            "Read it, then run: manage migrate{}",
            self.context.on(&self.connection.name)
        ));
    }

    /// What was compared with what, and what was left out.
    fn compared(&self, compared: &Compared) -> String {
        let models = self.declared.names();
        let current = if self.arguments.from_database {
            format!("the live database of `{}`", self.connection.name)
        } else {
            format!(
                "{} replayed on a scratch database",
                ui::count(compared.directory.entries().len(), "migration")
            )
        };
        let tables = compared.current.tables.iter();
        let (taken, left): (Vec<_>, Vec<_>) =
            tables.partition(|table| compared.filter.takes(&table.name));
        let mut lines = vec![format!(
            "Compared {models} with {current} ({}).",
            ui::count(taken.len(), "table")
        )];
        if !left.is_empty() {
            lines.push(format!(
                "Left out by `tables:` of the settings, --only or --except: {}.",
                ui::count(left.len(), "table")
            ));
        }
        let unmanaged = ui::unmanaged(&compared.current.unmanaged);
        if !unmanaged.is_empty() {
            lines.push(format!("Seen and not compared: {unmanaged}."));
        }
        if self.arguments.place.head.is_some()
            && Graph::load(&compared.directory).heads().count() > 1
        {
            lines.push("All branches were replayed: they make one database.".to_owned());
        }
        if self.context.ui.is_verbose()
            && let Wanted::Tables(_) = compared.wanted
        {
            lines.push(
                "A table! file says nothing of indexes, defaults, checks, comments, views and triggers: \
                 they stay."
                    .to_owned(),
            );
        }
        lines.join("\n")
    }

    fn json(&self, compared: &Compared, changes: &[crate::schema::change::Change]) -> Value {
        json!({
            "connection": self.connection.name,
            "models": self.declared.names(),
            "compared_with": if self.arguments.from_database { "database" } else { "migrations" },
            "tables": compared.current.tables.len(),
            "changes": ui::changes_json(changes),
            "unmanaged": compared.current.unmanaged,
        })
    }
}

/// What a migration follows, for JSON.
pub(super) fn depends_on(draft: &Draft) -> Vec<&str> {
    let versions = draft.metadata.depends_on.iter().flatten();
    versions.map(Version::as_str).collect()
}

/// Prints the files instead of writing them.
pub(super) fn files(context: &Context, connection: &Connection, draft: &Draft) {
    let folder = context.shown(&draft.directory).join(draft.name());
    let metadata = draft.metadata.render();
    let down = draft.down.as_deref().map(|down| ("down.sql", down));
    let files = [
        Some(("up.sql", draft.up.as_str())),
        down,
        Some(("metadata.toml", &metadata)),
    ];
    let files: Vec<_> = files.into_iter().flatten().collect();
    if context.ui.is_json() {
        let json = serde_json::json!({
            "connection": connection.name,
            "version": draft.version.version().as_str(),
            "path": folder.display().to_string(),
            "depends_on": depends_on(draft),
            "labels": draft.metadata.labels,
            "files": files.into_iter().collect::<BTreeMap<_, _>>(),
        });
        context.ui.answer(&json.to_string());
        return;
    }
    for (index, (file, text)) in files.into_iter().enumerate() {
        if index > 0 {
            context.ui.answer("");
        }
        context
            .ui
            .answer(&format!("-- {}", folder.join(file).display()));
        context.ui.answer(text.trim_end());
    }
}
