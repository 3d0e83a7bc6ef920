//! `manage showmigrations`: what is applied, pending and in conflict.

use super::each::each;
use super::registry::{Command, Outcome};
use super::resolve::{advise, warn};
use super::unfinished::tell_under_way;
use super::workspace::Workspace;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::Listing;
use crate::settings::Connection;
use crate::ui;

/// What the marks mean; square brackets in a doc comment would be links.
const LONG_ABOUT: &str = "Show which migrations are applied, pending or in conflict

[X] applied, [ ] pending, [!] pending while something that follows it is applied, [?] applied but its \
folder is gone, [2] two folders with one version, [~] begun by a run that did not end. (head) marks what nothing follows; where there are \
several, labels are shown too. With -v also when, by whom and how long; with --plan -v what each \
migration follows. Only reads: a role that may SELECT is enough, and nothing is created.";

/// Show which migrations are applied, pending or in conflict
#[derive(clap::Args, Debug)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct Showmigrations {
    /// Show only what is pending, in the order it would run
    #[arg(short, long)]
    plan: bool,

    /// Show all of them, as it is done anyway: Django's word
    #[arg(short = 'l', long = "list", hide = true, conflicts_with = "plan")]
    _list: bool,
}

impl Command for Showmigrations {
    const NAME: &'static str = "showmigrations";
    const ALIASES: &'static [&'static str] = &["list"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| self.one(context, connection))
    }
}

impl Showmigrations {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let mut workspace = Workspace::look(context, connection)?;
        tell_under_way(
            context,
            &workspace.url,
            &mut *workspace.database,
            &mut workspace.memory,
        );
        let conflicts = workspace.conflicts();
        let mut listing = Listing::new(
            &workspace.directory,
            &workspace.graph,
            &workspace.memory,
            &workspace.known(),
            conflicts.clone(),
        );
        if self.plan {
            listing = listing.only_pending();
        }
        let url = context.shown_url(&workspace.url);
        if context.ui.is_json() {
            let json = ui::listing_json(workspace.name(), &url, &listing);
            context.ui.answer(&json.to_string());
            return Ok(Outcome::Done);
        }
        let verbose = context.ui.is_verbose();
        context.ui.answer(&ui::showmigrations(
            workspace.name(),
            &url,
            &listing,
            verbose,
        ));
        let diverged = conflicts.diverged.clone();
        warn(context, &conflicts.list());
        advise(context, workspace.name(), &diverged);
        Ok(Outcome::Done)
    }
}
