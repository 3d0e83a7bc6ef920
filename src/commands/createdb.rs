//! `manage createdb`: make the database of a connection.

use super::each::each;
use super::registry::{Command, Outcome};
use super::waiting::{WaitFlag, waiting};
use crate::backend::{Whole, WholeError};
use crate::context::Context;
use crate::error::CommandError;
use crate::settings::Connection;

/// Create the connection's database, if it is not there
///
/// Of SQLite that is a file, with the folders above it; a server is asked over a database that every
/// server has. Nothing is put into it: `setup` applies the migrations too.
#[derive(clap::Args, Debug)]
pub(crate) struct Createdb {
    #[command(flatten)]
    wait: WaitFlag,
}

impl Command for Createdb {
    const NAME: &'static str = "createdb";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        self.wait.begin(context);
        each(context, |connection| {
            let (whole, made) = create(context, &connection)?;
            if context.ui.is_json() {
                let json = serde_json::json!({
                    "connection": connection.name,
                    "database": whole.name(),
                    "created": made,
                });
                context.ui.answer(&json.to_string());
            }
            Ok(Outcome::Done)
        })
    }
}

/// The database of a connection, as a whole.
pub(super) fn whole(context: &Context, connection: &Connection) -> Result<Whole, CommandError> {
    let url = connection.url()?;
    for notice in &connection.notices {
        context.ui.note(notice);
    }
    Ok(Whole::of(url, &context.settings()?.environment())?)
}

/// Makes the database of a connection, and says whether it had to.
pub(super) fn create(
    context: &Context,
    connection: &Connection,
) -> Result<(Whole, bool), CommandError> {
    let whole = whole(context, connection)?;
    let made = waiting(
        context,
        &connection.name,
        || whole.create(),
        WholeError::may_pass,
    )?;
    context.ui.status(&format!(
        "{}: database `{}` {}.",
        connection.name,
        whole.name(),
        if made { "created" } else { "is there already" }
    ));
    Ok((whole, made))
}
