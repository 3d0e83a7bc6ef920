//! `manage ensure-version`: Diesel's table, and nothing in it.

use super::each::each;
use super::locked::{self, LockFlag};
use super::registry::{Command, Outcome};
use crate::backend::{self, Access};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::ExecuteError;
use crate::history::{CREATE_LEDGER, LEDGER};

/// Create Diesel's table of applied versions, if it is not there
///
/// Every command that applies something does so by itself; this is for whoever has the right to create
/// tables only now.
#[derive(clap::Args, Debug)]
pub(crate) struct EnsureVersion {
    /// Print the SQL instead of running it
    #[arg(long)]
    sql: bool,

    #[command(flatten)]
    lock: LockFlag,
}

impl Command for EnsureVersion {
    const NAME: &'static str = "ensure-version";
    const ALIASES: &'static [&'static str] = &["ensure_version"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| {
            let connection = self.lock.over(connection);
            let name = &connection.name;
            if self.sql {
                let text = CREATE_LEDGER.trim_end();
                if context.ui.is_json() {
                    let json = serde_json::json!({ "connection": name, "sql": text });
                    context.ui.answer(&json.to_string());
                } else {
                    context.ui.answer(text);
                }
                return Ok(Outcome::Done);
            }
            let environment = context.settings()?.environment();
            let mut database = backend::open(connection.url()?, Access::Write, &environment)?;
            let is_there = database
                .tables_exist(&[LEDGER])
                .map_err(ExecuteError::from)?
                .contains(&true);
            if !is_there {
                let doing = "manage ensure-version";
                let lock = locked::lock(context, &connection, &mut *database, doing)?;
                database.create_ledger().map_err(ExecuteError::from)?;
                locked::unlock(context, lock)?;
            }
            if context.ui.is_json() {
                let json = serde_json::json!({ "connection": name, "created": !is_there });
                context.ui.answer(&json.to_string());
            }
            context.ui.status(&format!(
                "{name}: table `{LEDGER}` {}.",
                if is_there {
                    "is there already"
                } else {
                    "created"
                }
            ));
            Ok(Outcome::Done)
        })
    }
}
