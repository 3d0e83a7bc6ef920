//! Whether the schema is as it was left before a run, and as it was once after a rollback.

use std::collections::BTreeSet;

use super::registry::Outcome;
use super::workspace::Workspace;
use crate::backend::Direction;
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::executor::{self, Drift, Drifted, ExecuteError, Report, StepReport};
use crate::history::{self, States};
use crate::migration::{Execution, Plan, Version};
use crate::schema::manifest::{Departure, Fingerprint, Manifest, departures};
use crate::settings::{Moment, OnDrift};
use crate::ui;

/// How many objects a warning names.
const MOST_NAMED: usize = 5;

/// What is known of the schema before a run.
#[derive(Default)]
pub(super) struct DriftGuard {
    live: Option<Manifest>,
    /// Where it had drifted already.
    drifted: Vec<Departure>,
    base: Vec<Version>,
}

impl DriftGuard {
    /// Looks at the schema that a plan is going to change, and says or refuses what was changed by hand.
    ///
    /// # Errors
    /// It was, and that is refused.
    pub(super) fn look(
        context: &Context,
        workspace: &mut Workspace,
        plan: &Plan,
        on_drift: OnDrift,
    ) -> Result<Self, CommandError> {
        let runs = plan
            .steps
            .iter()
            .any(|step| step.execution == Execution::Run);
        if !runs {
            return Ok(Self::default());
        }
        let found =
            executor::drift(&mut *workspace.database, &workspace.memory).and_then(|found| {
                Ok(match found {
                    Drift::Compared {
                        at, live, drifted, ..
                    } => (*live, Some((at, drifted))),
                    Drift::Unknown { .. } | Drift::Never => {
                        (Manifest::of(&workspace.database.introspect()?), None)
                    }
                })
            });
        let (live, compared) = match found {
            Ok(found) => found,
            Err(error) if on_drift == OnDrift::Refuse => {
                return Err(ExecuteError::from(error).into());
            }
            Err(error) => {
                let detail = format!("whether the schema has drifted is not known: {error}");
                context.ui.detail(&detail);
                return Ok(Self::default());
            }
        };
        if let Some((at, drifted)) = &compared
            && !drifted.is_none()
        {
            match on_drift {
                OnDrift::Ignore => {}
                OnDrift::Warn => warn(context, workspace.name(), at, drifted),
                OnDrift::Refuse => {
                    return Err(HasDrifted {
                        connection: workspace.name().to_owned(),
                        at: at.clone(),
                        named: named(ui::drifted_aside(drifted)),
                        on: context.on(workspace.name()),
                    }
                    .into());
                }
            }
        }
        Ok(Self {
            live: Some(live),
            drifted: match compared {
                Some((_, Drifted::By(list))) => list,
                Some((_, Drifted::No | Drifted::Somehow)) | None => Vec::new(),
            },
            base: plan.base.clone(),
        })
    }

    /// The schema right before a plan runs, where nothing was done since it was looked at.
    pub(super) fn before(
        &mut self,
        context: &Context,
        workspace: &Workspace,
        plan: &Plan,
    ) -> Option<Manifest> {
        let hooks = workspace.connection.hooks.as_ref();
        let may_have_changed =
            context.hooks && hooks.map_or(true, |hooks| !hooks.at(Moment::PreMigrate).is_empty());
        let live = self.live.take();
        live.filter(|_| self.base == plan.base && !may_have_changed)
    }

    /// Finds what a rollback left that is not as it was before each migration was applied.
    ///
    /// # Errors
    /// What the server says.
    pub(super) fn compare(
        &self,
        workspace: &mut Workspace,
        states: &States,
        plan: &Plan,
        report: &mut Report,
    ) -> Result<(), CommandError> {
        let mut told: BTreeSet<Departure> = self.drifted.iter().cloned().collect();
        let mut applied: BTreeSet<&Version> = plan.base.iter().collect();
        for step in &mut report.steps {
            applied.remove(&step.version);
            let Some(now) = step.schema.as_ref().filter(|_| is_reverted(step)) else {
                continue;
            };
            let Some(then) = states.when(applied.iter().copied()) else {
                continue;
            };
            let left = if now == then {
                Drifted::No
            } else {
                match between(workspace, then, now)? {
                    None => Drifted::Somehow,
                    Some(mut list) => {
                        list.retain(|one| told.insert(one.clone()));
                        if list.is_empty() {
                            Drifted::No
                        } else {
                            Drifted::By(list)
                        }
                    }
                }
            };
            step.left = Some(left);
        }
        Ok(())
    }
}

fn is_reverted(step: &StepReport) -> bool {
    step.direction == Direction::Down && step.execution == Execution::Run
}

/// Says what was left.
pub(super) fn tell_left(context: &Context, connection: &str, report: &Report) -> Outcome {
    let mut outcome = Outcome::Done;
    for step in report.steps.iter().filter(|step| is_reverted(step)) {
        match &step.left {
            None if step.schema.is_some() => context.ui.detail(&format!(
                "which schema there was before `{}` is not recorded, so what its down.sql left is not compared",
                step.name
            )),
            None | Some(Drifted::No) => {}
            Some(left) => {
                outcome = Outcome::Findings;
                left_over(context, connection, &step.name, left);
            }
        }
    }
    outcome
}

/// What differs, as far as both are kept.
fn between(
    workspace: &mut Workspace,
    then: &Fingerprint,
    now: &Fingerprint,
) -> Result<Option<Vec<Departure>>, CommandError> {
    let database = &mut *workspace.database;
    let mut kept = |one| history::snapshot(database, one).map_err(ExecuteError::from);
    let (Some(then), Some(now)) = (kept(then)?, kept(now)?) else {
        return Ok(None);
    };
    Ok(Some(departures(&then, &now)))
}

fn warn(context: &Context, name: &str, at: &str, drifted: &Drifted) {
    context.ui.warning(&format!(
        "{name}: the schema is not what was recorded on {at} UTC; it was changed by hand\n{}",
        named(ui::drifted_aside(drifted)).join("\n")
    ));
    context
        .ui
        .hint(&format!("see all of it: manage drift{}", context.on(name)));
}

/// The first lines, and how many more there are.
fn named(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        lines.truncate(MOST_NAMED);
        lines.push(format!("  and {more} more"));
    }
    lines
}

fn left_over(context: &Context, connection: &str, name: &str, left: &Drifted) {
    context.ui.warning(&format!(
        "{connection}: `{name}` is reverted, but the schema is not what it was before it was applied\n{}",
        ui::drifted_aside(left).join("\n")
    ));
    context.ui.hint(&format!(
        "mend its down.sql, and what is left by hand; then see: manage verify {name}"
    ));
}

/// Somebody was at work in the database, and that is refused.
#[derive(Debug, thiserror::Error)]
#[error(
    "the schema of `{connection}` is not what was recorded on {at} UTC; it was changed by hand"
)]
struct HasDrifted {
    connection: String,
    at: String,
    named: Vec<String>,
    on: String,
}

impl Explain for HasDrifted {
    fn kind(&self) -> Kind {
        Kind::Question
    }

    fn details(&self) -> Vec<String> {
        let named = self.named.iter().map(|line| line.trim_start().to_owned());
        named.chain(["nothing was run".to_owned()]).collect()
    }

    fn hints(&self) -> Vec<String> {
        vec![
            format!("see all of it: manage drift{}", self.on),
            "go on all the same: --on-drift warn".to_owned(),
        ]
    }
}
