//! `manage dropdb`: drop the database of a connection.

use super::dropping::{DropFlags, named};
use super::each::each;
use super::registry::{Command, Outcome};
use crate::context::Context;
use crate::error::CommandError;

/// Drop the connection's database
///
/// What it holds is shown first, and its name asked for. On a protected connection --yes does not
/// answer that, and --confirm does. What the server keeps for itself is never dropped.
#[derive(clap::Args, Debug)]
pub(crate) struct Dropdb {
    #[command(flatten)]
    flags: DropFlags,
}

impl Command for Dropdb {
    const NAME: &'static str = "dropdb";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        named(context)?;
        each(context, |connection| {
            let (whole, is_there) = self.flags.consent(context, &connection)?;
            if is_there {
                self.flags.drop(context, &connection, &whole)?;
            } else {
                context.ui.status(&format!(
                    "{}: there is no database `{}`.",
                    connection.name,
                    whole.name()
                ));
            }
            if context.ui.is_json() {
                let json = serde_json::json!({
                    "connection": connection.name,
                    "database": whole.name(),
                    "dropped": is_there,
                });
                context.ui.answer(&json.to_string());
            }
            Ok(Outcome::Done)
        })
    }
}
