//! `manage stamp`: say where the database stands, and run nothing.

use std::collections::BTreeSet;

use super::answers::UnfinishedFlags;
use super::carry_out::Extent;
use super::confirm::{self, Consent, Wording};
use super::each::each;
use super::hooks::{self, Around, TagFlag};
use super::locked::LockFlag;
use super::migrate::target;
use super::offline;
use super::registry::{Command, Outcome, TARGETS};
use super::resolve::warn;
use super::unfinished::{Settling, anew, outcome, settle};
use super::workspace::Workspace;
use crate::backend::{Direction, Lock};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, Before, Conflict, Executor, LedgerRows, Preparation};
use crate::migration::{Execution, Plan, Route, Target, Version};
use crate::settings::Connection;
use crate::ui::{self, Progress};

/// Record where the database stands, and run nothing
///
/// Afterwards exactly the targets and all they follow are applied, as far as anybody looks: rows are
/// written for what is missing and deleted for what is too much. The schema stays as it is. A target in
/// a branch (`billing@head`) leaves the other branches alone.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Stamp {
    /// Where the database stands; several where there are branches
    #[arg(required = true, value_name = "TARGET", value_parser = target, allow_negative_numbers = true)]
    targets: Vec<Target>,

    /// Show which rows would be written and deleted, and stop
    #[arg(long, conflicts_with = "sql")]
    plan: bool,

    /// Print the SQL instead of running it
    #[arg(long)]
    sql: bool,

    /// Erase every row first, also those of migrations without a folder
    #[arg(long)]
    purge: bool,

    #[command(flatten)]
    tag: TagFlag,

    #[command(flatten)]
    consent: Consent,

    #[command(flatten)]
    lock: LockFlag,

    #[command(flatten)]
    unfinished: UnfinishedFlags,
}

impl Command for Stamp {
    const NAME: &'static str = "stamp";
    const ALIASES: &'static [&'static str] = &["stamp-migration"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| {
            let connection = self.lock.over(connection);
            anew(|| self.one(context, connection.clone()))
        })
    }
}

impl Stamp {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let extent = match (self.plan, self.sql) {
            (true, _) => Extent::Plan,
            (false, true) => Extent::Sql,
            (false, false) => Extent::Run,
        };
        let mut workspace = Workspace::open(context, connection, extent.access())?;
        let mut settled = Outcome::Done;
        if extent.runs() {
            let settling = Settling::new(Self::NAME, self.unfinished, &self.consent, &|_| false);
            settled = outcome(&settle(context, &mut workspace, &settling)?);
        }
        let duplicates = workspace.directory.duplicates();
        if !duplicates.is_empty() {
            warn(context, &[Conflict::Duplicate(duplicates)]);
        }
        let before = if self.purge {
            Before::Erase
        } else {
            Before::Keep
        };
        let rows = LedgerRows::at(&self.targets, &workspace.known(), &workspace.graph, before)?;
        tell_kept(context, &workspace, &rows.kept);
        let plan = plan(&mut workspace, &rows)?;
        match extent {
            Extent::Plan | Extent::Check => {
                if context.ui.is_json() {
                    let json = ui::ledger_rows_json(workspace.name(), &plan, false);
                    context.ui.answer(&json.to_string());
                } else {
                    context.ui.answer(&ui::ledger_rows(workspace.name(), &plan));
                }
            }
            Extent::Sql => {
                return offline::of_plan(context, &workspace, &plan);
            }
            Extent::Run => self.execute(context, &mut workspace, &plan)?,
        }
        Ok(settled)
    }

    fn execute(
        &self,
        context: &Context,
        workspace: &mut Workspace,
        plan: &Plan,
    ) -> Result<(), CommandError> {
        let name = workspace.name().to_owned();
        if plan.steps.is_empty() {
            report(context, workspace, plan);
            context
                .ui
                .status(&format!("{name}: nothing to record or to forget."));
            context
                .ui
                .status(&format!("{name} is at {}.", tips(workspace, plan)));
            return Ok(());
        }
        hooks::check(context, &workspace.connection)?;
        self.confirm(context, workspace, plan)?;
        workspace.lock_unchanged(context, "manage stamp")?;
        let around = Around {
            command: Self::NAME,
            direction: direction(plan),
            migrations: plan
                .steps
                .iter()
                .map(|step| (&step.version, step.name.as_str()))
                .collect(),
            fake: true,
            tag: self.tag.tag.as_deref(),
            lock: workspace.lock.as_ref().and_then(Lock::token),
        };
        hooks::pre_migrate(context, &workspace.connection, &around)?;
        let identity = context.identity();
        let mut progress = Progress::new(&context.ui, plan.steps.len(), workspace.dialect());
        let outcome = Executor::new(&mut *workspace.database, &identity, &context.interrupt)
            .under(workspace.lock.as_ref())
            .telling(context.ui.speaker())
            .again(&self.again())
            .recording_schemas(None)
            .run(plan, &mut progress);
        progress.finish();
        let done = outcome?;
        workspace.unlock(context)?;
        report(context, workspace, plan);
        context.ui.status(&format!(
            "{name}: {} in {}.",
            ui::ledger_rows_counts(plan),
            ui::elapsed(done.elapsed)
        ));
        context
            .ui
            .status(&format!("{name} is at {}.", tips(workspace, plan)));
        hooks::post_migrate(
            context,
            &workspace.connection,
            &around,
            &format!("done before it: {}", ui::ledger_rows_counts(plan)),
        )
    }

    /// To erase every row is asked about, and on a protected connection to delete any.
    fn confirm(
        &self,
        context: &Context,
        workspace: &Workspace,
        plan: &Plan,
    ) -> Result<(), CommandError> {
        let forgotten = plan
            .steps
            .iter()
            .filter(|step| step.direction == Direction::Down)
            .count();
        let preview = ui::ledger_rows_preview(workspace.name(), plan);
        let asks = self.purge || workspace.connection.protected;
        if forgotten == 0 || !asks {
            context.ui.status(&preview);
            return Ok(());
        }
        let rows = ui::count(forgotten, "row");
        let wording = Wording {
            ask: "Erase every row first",
            yes: format!("erase {rows}, then record"),
            unattended: format!("{rows} would be erased, and nobody can be asked"),
            flag: "erase without asking: --yes",
        };
        confirm::rows(context, workspace, &preview, &wording, &self.consent)
    }

    fn again(&self) -> String {
        let targets: Vec<_> = self.targets.iter().map(Target::as_str).collect();
        let purge = if self.purge { "--purge " } else { "" };
        format!("manage stamp {purge}{}", targets.join(" "))
    }
}

/// Rows that are deleted, highest version first, and then rows that are written, lowest first: one plan,
/// which a run, a preview and a script share.
pub(super) fn plan(workspace: &mut Workspace, rows: &LedgerRows) -> Result<Plan, CommandError> {
    let preparation = Preparation {
        directory: &workspace.directory,
        memory: &workspace.memory,
        dialect: workspace.database.dialect(),
        capabilities: workspace.database.capabilities(),
        execution: Execution::Fake,
    };
    let mut both = |direction, versions: &[Version]| {
        let route = Route {
            direction,
            versions: versions.to_vec(),
        };
        preparation.plan(&route, &mut *workspace.database)
    };
    let (mut plan, _) = both(Direction::Down, &rows.forget)?;
    let (up, _) = both(Direction::Up, &rows.record)?;
    if !up.steps.is_empty() {
        plan.direction = Direction::Up;
    }
    plan.steps.extend(up.steps);
    Ok(plan)
}

fn direction(plan: &Plan) -> Option<Direction> {
    let first = plan.steps.first()?.direction;
    plan.steps
        .iter()
        .all(|step| step.direction == first)
        .then_some(first)
}

fn report(context: &Context, workspace: &Workspace, plan: &Plan) {
    if context.ui.is_json() {
        let json = ui::ledger_rows_json(workspace.name(), plan, true);
        context.ui.answer(&json.to_string());
    }
}

fn tell_kept(context: &Context, workspace: &Workspace, kept: &[Version]) {
    if kept.is_empty() {
        return;
    }
    let names: Vec<_> = kept
        .iter()
        .map(|version| executor::name_of(&workspace.directory, &workspace.memory, version))
        .collect();
    let (rows, have) = (
        ui::count(kept.len(), "row"),
        if kept.len() == 1 { "has" } else { "have" },
    );
    context.ui.warning(&format!(
        "{rows} {have} no folder and will stay: {}",
        ui::list(&names, 5)
    ));
    context.ui.hint(&format!(
        "to forget them: manage migrate --prune{0}, or with everything else: manage stamp --purge{0} TARGET",
        context.on(workspace.name())
    ));
}

/// Where the database stands after a plan: what is applied and followed by nothing that is applied.
fn tips(workspace: &Workspace, plan: &Plan) -> String {
    let mut applied: BTreeSet<&Version> = plan.base.iter().collect();
    for step in &plan.steps {
        match step.direction {
            Direction::Up => applied.insert(&step.version),
            Direction::Down => applied.remove(&step.version),
        };
    }
    let followed = workspace.graph.ancestors(applied.iter().copied());
    let names: Vec<String> = applied
        .iter()
        .filter(|version| !followed.contains(**version))
        .filter(|version| workspace.graph.find(version).is_some())
        .map(|version| executor::name_of(&workspace.directory, &workspace.memory, version))
        .collect();
    match names.as_slice() {
        [] if applied.is_empty() => "base: nothing is applied".to_owned(),
        [] => "base, but for rows without a folder".to_owned(),
        [one]
            if workspace
                .graph
                .last()
                .last()
                .is_some_and(|last| last.name == *one) =>
        {
            format!("{one} (head)")
        }
        several => ui::list(several, 5),
    }
}
