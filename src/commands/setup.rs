//! `manage setup`: from nothing to a database that is at head.

use super::createdb::create;
use super::each::each;
use super::locked::LockFlag;
use super::migrate::Migrate;
use super::registry::{Command, Outcome};
use super::waiting::WaitFlag;
use crate::context::Context;
use crate::error::CommandError;

/// Create the database if it is not there, and apply everything
///
/// What a new machine needs after `git clone`: `createdb` and `migrate` in one. Run again, it applies
/// what is pending.
#[derive(clap::Args, Debug)]
pub(crate) struct Setup {
    #[command(flatten)]
    lock: LockFlag,

    #[command(flatten)]
    wait: WaitFlag,
}

impl Command for Setup {
    const NAME: &'static str = "setup";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        self.wait.begin(context);
        each(context, |connection| {
            let connection = self.lock.over(connection);
            create(context, &connection)?;
            Migrate::default().one(context, connection)
        })
    }
}
