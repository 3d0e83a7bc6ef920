//! `manage pending`: `diesel`'s question whether anything is to be applied.

use super::migrate::Migrate;
use super::registry::{Command, Outcome};
use crate::context::Context;
use crate::error::CommandError;

/// Show what is pending: `diesel`'s word for `migrate --check`
///
/// Exits with 3 if anything is, where `diesel migration pending` says `true` and exits with 0.
#[derive(clap::Args, Debug)]
pub(crate) struct Pending {}

impl Command for Pending {
    const NAME: &'static str = "pending";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        Migrate::checking().run(context)
    }
}
