//! Carries out what was decided: renames and writes folders, records and forgets.

use std::collections::BTreeSet;

use super::decide::{Decisions, Resolver};
use super::prune::prune;
use crate::commands::rebase;
use crate::commands::restoring::{NoTexts, Texts};
use crate::commands::workspace::Workspace;
use crate::error::CommandError;
use crate::executor::{self, Conflicts};
use crate::migration::Version;
use crate::settings::{Missing, OutOfOrder};

impl Resolver<'_> {
    pub(super) fn act(
        &self,
        workspace: &mut Workspace,
        conflicts: &Conflicts,
        decisions: &Decisions,
    ) -> Result<(), CommandError> {
        // Whatever can fail for want of something fails before anything is written.
        if decisions.missing == Some(Missing::Restore)
            && let Some(lost) = conflicts.missing.iter().find(|one| !one.recorded)
        {
            return Err(NoTexts::NotRecorded(lost.name.clone()).into());
        }
        if decisions.duplicate.is_some() {
            self.renumber_duplicates(workspace, conflicts)?;
        }
        let writes = decisions.missing == Some(Missing::Prune) || decisions.accepted.is_some();
        if writes {
            workspace.lock_unchanged(self.context, "manage, resolving a conflict")?;
        }
        match decisions.missing {
            Some(Missing::Restore) => {
                for one in &conflicts.missing {
                    self.restore(workspace, &one.version, &one.name)?;
                }
            }
            Some(Missing::Prune) => prune(self.context, workspace, &conflicts.missing)?,
            Some(Missing::Ignore | Missing::Stop) | None => {}
        }
        if let Some(reason) = &decisions.accepted {
            self.accept(workspace, conflicts, reason)?;
        }
        workspace.unlock(self.context)?;
        workspace.reload(self.context)?;
        if decisions.out_of_order == Some(OutOfOrder::Rebase)
            && let Some(late) = &conflicts.out_of_order
        {
            let versions: Vec<Version> = late
                .pending
                .iter()
                .map(|entry| entry.version.clone())
                .collect();
            rebase::move_after(self.context, workspace, &versions)?;
        }
        Ok(())
    }

    /// The folder that was applied keeps its version; where nobody knows, the first by name does.
    fn renumber_duplicates(
        &self,
        workspace: &mut Workspace,
        conflicts: &Conflicts,
    ) -> Result<(), CommandError> {
        let mut moved = BTreeSet::new();
        for duplicate in &conflicts.duplicates {
            let recorded = workspace.memory.record.find(&duplicate.version);
            let keeps = duplicate
                .entries
                .iter()
                .position(|entry| recorded.is_some_and(|recorded| recorded.name == entry.name))
                .unwrap_or_default();
            if recorded.is_none() && workspace.memory.ledger.contains(&duplicate.version) {
                self.context.ui.warning(&format!(
                    "version {} is applied, and it is not recorded from which folder; `{}` keeps it",
                    duplicate.version, duplicate.entries[keeps].name
                ));
            }
            let others = duplicate.entries.iter().enumerate();
            moved.extend(
                others
                    .filter(|(index, _)| *index != keeps)
                    .map(|(_, entry)| entry.path.clone()),
            );
        }
        rebase::move_entries(self.context, workspace, &moved)
    }

    fn accept(
        &self,
        workspace: &mut Workspace,
        conflicts: &Conflicts,
        reason: &str,
    ) -> Result<(), CommandError> {
        let identity = self.context.identity();
        for one in &conflicts.edited {
            executor::accept(
                &mut *workspace.database,
                workspace.lock.as_ref(),
                &identity,
                &one.entry,
                reason,
            )?;
            self.context
                .ui
                .status(&format!("Recorded the new text of `{}`.", one.entry.name));
        }
        Ok(())
    }

    fn restore(
        &self,
        workspace: &mut Workspace,
        version: &Version,
        name: &str,
    ) -> Result<(), CommandError> {
        let texts = Texts::find(workspace, version, name)?;
        let Some(folder) = texts.home(&workspace.directory) else {
            return Err(NoTexts::NotRecorded(name.to_owned()).into());
        };
        texts.write(self.context, folder, name)?;
        Ok(())
    }
}
