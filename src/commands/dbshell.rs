//! `manage dbshell`: the database's own client.

use std::ffi::OsString;

use super::registry::{Command, Outcome};
use crate::backend::Client;
use crate::context::Context;
use crate::error::CommandError;

/// Open the database's own client: psql, mysql, mariadb or sqlite3
///
/// It is told where to connect and as whom by variables or a file that only you may read, never by
/// arguments, which everybody on the machine could see. Its exit code is the exit code.
#[derive(clap::Args, Debug)]
pub(crate) struct Dbshell {
    /// Arguments for the client
    #[arg(last = true, value_name = "ARGUMENT")]
    arguments: Vec<OsString>,
}

impl Command for Dbshell {
    const NAME: &'static str = "dbshell";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        let connection = context.connection()?;
        let url = connection.url()?;
        let client = Client::of(url, &context.settings()?.environment())?;
        context.ui.detail(&format!(
            "{}: {} for {url}",
            connection.name,
            client.program()
        ));
        let left = context.interrupt.leave();
        let code = client.run(&self.arguments);
        drop(left);
        Ok(Outcome::Program(code?))
    }
}
