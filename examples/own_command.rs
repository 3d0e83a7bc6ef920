//! A project's own `manage`, with a command of its own beside the built-in ones.

use std::process::ExitCode;

use diesel_manage::backend::{self, Access, Query};
use diesel_manage::{Cli, Command, CommandError, Context, Outcome};

/// List the tools on a shelf
#[derive(clap::Args)]
struct Shelf {
    /// The shelf's name, such as A1
    name: String,
}

impl Command for Shelf {
    const NAME: &'static str = "shelf";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        let environment = context.settings()?.environment();
        for connection in context.connections()? {
            let mut database = backend::open(connection.url()?, Access::Read, &environment)?;
            let query = Query::new("SELECT name FROM tools WHERE shelf = {} ORDER BY name");
            for row in database.rows(&query.text(self.name.as_str()))? {
                context.ui.answer(row.text(0));
            }
        }
        Ok(Outcome::Done)
    }
}

fn main() -> ExitCode {
    Cli::new().command::<Shelf>().run()
}
