//! Two or more heads: join them, put one side after the other, or go on in version order.

use super::decide::{Asking, Resolver};
use super::error::{AllBegun, StillDiverged, Stopped};
use crate::commands::workspace::Workspace;
use crate::commands::{merge, rebase};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{Conflict, Conflicts, Parting, Side};
use crate::migration::{Divergence, Version};
use crate::settings::{Diverged, Order};
use crate::ui::{self, Question};

/// What to do about one divergence.
pub(super) enum Way {
    /// Write a migration that follows these heads.
    Join(Vec<Version>),
    /// Give these new versions, after all others.
    Move(Vec<Version>),
    /// Nothing.
    Apply,
}

impl Resolver<'_> {
    /// What is decided about the first of them; `None` where there is none.
    pub(super) fn diverged(
        &self,
        workspace: &Workspace,
        conflicts: &Conflicts,
    ) -> Result<Option<Way>, CommandError> {
        let Some(divergence) = conflicts.diverged.first() else {
            return Ok(None);
        };
        let given = self.answers.diverged;
        if workspace.connection.order == Order::Any && given.is_none() {
            let (summary, _) = ui::conflict(&Conflict::Diverged(conflicts.diverged.clone()));
            self.context.ui.note(&format!(
                "{summary}; they are applied in version order, as `order: any` says"
            ));
            return Ok(Some(Way::Apply));
        }
        let conflict = Conflict::Diverged(vec![divergence.clone()]);
        let parting = Parting::of(
            divergence,
            &workspace.directory,
            &workspace.memory,
            workspace.dialect(),
        );
        let free: Vec<&Side> = parting
            .sides
            .iter()
            .filter(|side| !side.is_begun())
            .collect();
        let mut choices = vec![(
            Diverged::Merge,
            "write a migration that joins them, once it is proved that they go together",
        )];
        if !free.is_empty() {
            choices.push((Diverged::Rebase, "put my side after the other, then apply"));
        }
        choices.extend([
            (
                Diverged::Apply,
                "apply in version order, as `diesel` would; the heads stay",
            ),
            (Diverged::Stop, "change nothing"),
        ]);
        let on = self.context.on(workspace.name());
        let (summary, _) = ui::conflict(&conflict);
        let answer = self.ask(
            Asking {
                conflict: &conflict,
                summary,
                lines: ui::parting(&parting),
                more: vec![
                    format!("join them without running anything: manage merge{on}"),
                    format!("put one after the other without running anything: manage rebase{on}"),
                ],
            },
            given,
            "--on-diverged",
            &choices,
        )?;
        match answer {
            Diverged::Stop => Err(Stopped::at(&conflict).into()),
            Diverged::Apply => Ok(Some(Way::Apply)),
            Diverged::Merge => Ok(Some(Way::Join(divergence.heads().cloned().collect()))),
            Diverged::Rebase => {
                let mine = self.mine(workspace, &parting, &free)?;
                Ok(Some(Way::Move(mine)))
            }
        }
    }

    /// The versions of the side that is to move: the one of which nothing is applied here. Where that is
    /// true of several or all, only a person knows.
    fn mine(
        &self,
        workspace: &Workspace,
        parting: &Parting,
        free: &[&Side],
    ) -> Result<Vec<Version>, CommandError> {
        match free {
            [] => Err(AllBegun.into()),
            [only] => Ok(only.versions()),
            several => {
                let items: Vec<String> = several
                    .iter()
                    .map(|side| match side.members.len() {
                        1 => side.name().to_owned(),
                        number => {
                            format!("{}  ({})", side.name(), ui::count(number, "migration"))
                        }
                    })
                    .collect();
                let on = self.context.on(workspace.name());
                let question = Question {
                    ask: "Which side is yours? It goes after the other".to_owned(),
                    about: ui::parting(parting),
                    unattended: "nothing of either side is applied here, so nobody knows which one is to move"
                        .to_owned(),
                    flags: several
                        .iter()
                        .map(|side| format!("name it: manage rebase {}{on}", side.name()))
                        .collect(),
                };
                let index = self.context.ui.pick_from(&question, &items)?;
                Ok(several
                    .get(index)
                    .map(|side| side.versions())
                    .unwrap_or_default())
            }
        }
    }

    /// Goes on until nothing is parted that concerns the way ahead, or somebody said to leave it.
    pub(super) fn rejoin(
        &self,
        workspace: &mut Workspace,
        way: Way,
        running: &dyn Fn(&Workspace) -> Result<Vec<Version>, CommandError>,
    ) -> Result<(), CommandError> {
        let mut way = Some(way);
        while let Some(current) = way.take() {
            let before = workspace.graph.heads().count();
            match current {
                Way::Apply => return Ok(()),
                Way::Join(heads) => {
                    let path = merge::join(self.context, &workspace.connection, &heads)?;
                    let shown = self.context.shown(&path);
                    self.context
                        .ui
                        .status(&format!("Wrote `{}`.", shown.display()));
                    workspace.reload(self.context)?;
                }
                Way::Move(versions) => {
                    rebase::move_after(self.context, workspace, &versions)?;
                }
            }
            let mut conflicts = workspace.conflicts();
            retain_running(&mut conflicts.diverged, &running(workspace)?);
            if !conflicts.diverged.is_empty() && workspace.graph.heads().count() >= before {
                return Err(StillDiverged(self.context.on(workspace.name())).into());
            }
            way = self.diverged(workspace, &conflicts)?;
        }
        Ok(())
    }
}

/// A divergence matters to a run that takes a step on one of its sides.
pub(super) fn retain_running(diverged: &mut Vec<Divergence>, running: &[Version]) {
    diverged.retain(|divergence| running.iter().any(|version| divergence.concerns(version)));
}

/// Says what to type about heads that nothing joins.
pub(in crate::commands) fn advise(context: &Context, connection: &str, diverged: &[Divergence]) {
    if !diverged.is_empty() {
        context.ui.hint(&format!(
            "join them: manage merge{}",
            context.on(connection)
        ));
    }
}
