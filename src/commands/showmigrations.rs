//! `manage showmigrations`: what is applied, pending and in conflict.

use super::each::each;
use super::registry::{Command, Outcome};
use super::resolve::warn;
use super::workspace::Workspace;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::Listing;
use crate::settings::Connection;
use crate::ui;

/// What the marks mean; square brackets in a doc comment would be links.
const LONG_ABOUT: &str = "Show which migrations are applied, pending or in conflict

[X] applied, [ ] pending, [!] pending but older than an applied one, [?] applied but its folder is \
gone, [2] two folders with one version. With -v also when, by whom and how long. Only reads: a role \
that may SELECT is enough, and nothing is created.";

/// Show which migrations are applied, pending or in conflict
#[derive(clap::Args, Debug)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct Showmigrations {
    /// Show only what is pending, in the order it would run
    #[arg(short, long)]
    plan: bool,
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
        let workspace = Workspace::look(context, connection)?;
        let conflicts = workspace.conflicts();
        let mut listing = Listing::new(
            &workspace.directory,
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
        warn(context, &conflicts.list());
        Ok(Outcome::Done)
    }
}
