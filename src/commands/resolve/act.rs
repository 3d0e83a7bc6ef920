//! Carries out what was decided: renames and writes folders, records and forgets.

use super::decide::{Decisions, Resolver};
use super::error::NotRecorded;
use crate::commands::workspace::Workspace;
use crate::error::CommandError;
use crate::executor::{self, Conflicts};
use crate::migration::{self, Dependents, Metadata, Version};
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
            return Err(NotRecorded(lost.name.clone()).into());
        }
        if decisions.duplicate.is_some() {
            self.renumber_duplicates(workspace, conflicts)?;
        }
        match decisions.missing {
            Some(Missing::Restore) => {
                for one in &conflicts.missing {
                    self.restore(workspace, &one.version, &one.name)?;
                }
            }
            Some(Missing::Prune) => self.prune(workspace, conflicts)?,
            Some(Missing::Ignore | Missing::Stop) | None => {}
        }
        if let Some(reason) = &decisions.accepted {
            self.accept(workspace, conflicts, reason)?;
        }
        workspace.reload(self.context)?;
        if decisions.out_of_order == Some(OutOfOrder::Rebase)
            && let Some(late) = &conflicts.out_of_order
        {
            for entry in &late.pending {
                self.renumber(workspace, &entry.name, Dependents::Mend)?;
            }
        }
        Ok(())
    }

    /// The folder that was applied keeps its version; where nobody knows, the first by name does.
    fn renumber_duplicates(
        &self,
        workspace: &mut Workspace,
        conflicts: &Conflicts,
    ) -> Result<(), CommandError> {
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
            for (index, entry) in duplicate.entries.iter().enumerate() {
                if index != keeps {
                    self.renumber(workspace, &entry.name, Dependents::Leave)?;
                }
            }
        }
        Ok(())
    }

    fn prune(&self, workspace: &mut Workspace, conflicts: &Conflicts) -> Result<(), CommandError> {
        let identity = self.context.identity();
        for one in &conflicts.missing {
            executor::prune(&mut *workspace.database, &identity, &one.version, &one.name)
                .map_err(executor::ExecuteError::from)?;
            self.context
                .ui
                .status(&format!("Forgot that `{}` was applied.", one.name));
        }
        Ok(())
    }

    fn accept(
        &self,
        workspace: &mut Workspace,
        conflicts: &Conflicts,
        reason: &str,
    ) -> Result<(), CommandError> {
        let identity = self.context.identity();
        for one in &conflicts.edited {
            executor::accept(&mut *workspace.database, &identity, &one.entry, reason)
                .map_err(executor::ExecuteError::from)?;
            self.context
                .ui
                .status(&format!("Recorded the new text of `{}`.", one.entry.name));
        }
        Ok(())
    }

    fn renumber(
        &self,
        workspace: &mut Workspace,
        name: &str,
        dependents: Dependents,
    ) -> Result<(), CommandError> {
        let entries = workspace.directory.entries();
        let versions = entries.iter().map(|entry| &entry.version);
        let applied = workspace
            .memory
            .ledger
            .applied()
            .iter()
            .map(|one| &one.version);
        let spelling = Version::next(versions.chain(applied), self.context.clock.now())?;
        let Some(folder) = entries
            .iter()
            .find(|entry| entry.name == name)
            .and_then(|entry| entry.path.parent())
        else {
            return Ok(());
        };
        let renumbered = migration::renumber(folder, name, &spelling, dependents)?;
        let new_name = renumbered.path.file_name().unwrap_or_default();
        self.context
            .ui
            .status(&format!("Renamed `{name}` to `{}`.", new_name.display()));
        for path in &renumbered.mended {
            self.context
                .ui
                .status(&format!("Mended `{}`.", self.context.shown(path).display()));
        }
        workspace.reload(self.context)
    }

    fn restore(
        &self,
        workspace: &mut Workspace,
        version: &Version,
        name: &str,
    ) -> Result<(), CommandError> {
        let recorded = workspace
            .memory
            .sql(&mut *workspace.database, version)
            .map_err(executor::ExecuteError::from)?;
        let (Some(recorded), Some(folder)) = (recorded, workspace.directory.folders().first())
        else {
            return Err(NotRecorded(name.to_owned()).into());
        };
        let Some(up) = recorded.up else {
            return Err(NotRecorded(name.to_owned()).into());
        };
        let metadata = Metadata {
            run_in_transaction: recorded.transactional,
            ..Metadata::absent()
        };
        let path = migration::restore(folder, name, &up, recorded.down.as_deref(), &metadata)?;
        self.context.ui.status(&format!(
            "Restored `{}`.",
            self.context.shown(&path).display()
        ));
        Ok(())
    }
}
