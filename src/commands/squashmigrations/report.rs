//! What is told about a squash.

use std::collections::BTreeMap;

use super::command::Files;
use super::proof::Proved;
use super::successor::Plan;
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::Squashed;
use crate::settings::Connection;
use crate::ui::{self, Question};

pub(super) struct View<'a> {
    pub(super) context: &'a Context,
    pub(super) connection: &'a Connection,
    pub(super) files: &'a Files<'a>,
    pub(super) plan: &'a Plan,
    pub(super) proved: &'a Proved,
}

impl View<'_> {
    /// What would be written, file by file.
    pub(super) fn files(&self) {
        let successor = &self.plan.successor;
        let folder = self
            .context
            .shown(&successor.directory)
            .join(&successor.name);
        let metadata = successor.metadata.render();
        let down = successor.down.as_deref().map(|down| ("down.sql", down));
        let files = [
            Some(("up.sql", successor.up.as_str())),
            down,
            Some(("metadata.toml", metadata.as_str())),
        ];
        let files: Vec<_> = files.into_iter().flatten().collect();
        self.remarks(true);
        let ui = &self.context.ui;
        if ui.is_json() {
            let mut json = self.json(&folder);
            json["files"] = serde_json::json!(files.into_iter().collect::<BTreeMap<_, _>>());
            ui.answer(&json.to_string());
            return;
        }
        for (index, (file, text)) in files.into_iter().enumerate() {
            if index > 0 {
                ui.answer("");
            }
            ui.answer(&format!("-- {}", folder.join(file).display()));
            ui.answer(text.trim_end());
        }
    }

    /// What is going to happen.
    pub(super) fn summary(&self) {
        let ui = &self.context.ui;
        ui.status(&format!(
            "{} become {}:",
            ui::count(self.plan.names.len(), "migration"),
            self.plan.successor.name
        ));
        for name in &self.plan.names {
            ui.status(&format!("  {name}"));
        }
        self.remarks(false);
    }

    /// What a reader should know; `is_final` where nothing is decided by it any more.
    fn remarks(&self, is_final: bool) {
        for remark in &self.plan.remarks {
            self.context.ui.note(remark.trim_end_matches('.'));
        }
        let line = self.proved.line();
        match self.proved {
            Proved::Yes | Proved::UpOnly => self.context.ui.status(&format!("{line}.")),
            // Told as an error where it is one.
            Proved::Not { .. } if !is_final => {}
            Proved::Not { details, .. } => {
                self.context.ui.warning(&line);
                for detail in details {
                    self.context.ui.status(&format!("  {detail}"));
                }
            }
        }
    }

    /// Asks for consent.
    pub(super) fn ask(&self) -> Result<(), CommandError> {
        if self.context.yes {
            return Ok(());
        }
        let question = Question {
            ask: "Squash them".to_owned(),
            unattended: format!(
                "{} would be squashed, and nobody can be asked",
                ui::count(self.plan.names.len(), "migration")
            ),
            about: self.plan.names.clone(),
            flags: vec![
                "squash without asking: --yes".to_owned(),
                "look at the files first: --dry-run".to_owned(),
            ],
        };
        if self.context.ui.confirm(&question)? {
            Ok(())
        } else {
            Err(ui::PromptError::Cancelled.into())
        }
    }

    /// What has happened.
    pub(super) fn written(&self, squashed: &Squashed) {
        let Self { context, .. } = self;
        let path = context.shown(&squashed.path);
        let archive = context.shown(&squashed.archive);
        if context.ui.is_json() {
            let mut json = self.json(&path);
            json["archive"] = serde_json::json!(archive.display().to_string());
            context.ui.answer(&json.to_string());
        } else {
            context.ui.answer(&path.display().to_string());
        }
        for mended in &squashed.mended {
            context
                .ui
                .status(&format!("Mended `{}`.", context.shown(mended).display()));
        }
        context.ui.status(&format!(
            "The originals are in {}; commit both.",
            archive.display()
        ));
        context.ui.status(&format!(
            "Databases that have them all run nothing. Their rows stay, for a release before the squash; \
             when none runs any more, forget them: manage migrate{} --prune",
            context.on(&self.connection.name)
        ));
    }

    fn json(&self, path: &std::path::Path) -> serde_json::Value {
        let successor = &self.plan.successor;
        let texts = |versions: &[crate::migration::Version]| {
            versions
                .iter()
                .map(|version| version.as_str().to_owned())
                .collect::<Vec<_>>()
        };
        let mended: Vec<String> = self
            .plan
            .mended
            .iter()
            .map(|one| self.context.shown(&one.path).display().to_string())
            .collect();
        serde_json::json!({
            "connection": self.connection.name,
            "version": self.files.squash.members.last().map(crate::migration::Version::as_str),
            "path": path.display().to_string(),
            "squashed": self.plan.names,
            "replaces": texts(&successor.metadata.replaces),
            "depends_on": texts(&self.files.squash.depends_on),
            "mended": mended,
            "transactional": successor.metadata.run_in_transaction,
            "reversible": successor.down.is_some(),
            "proved": self.proved.is_proved(),
            "remarks": self.plan.remarks,
        })
    }
}
