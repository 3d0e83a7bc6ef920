//! `manage revision`: Alembic's and `diesel`'s words, by which a migration is empty unless it is said
//! otherwise.

use super::command::Makemigrations;
use crate::commands::registry::{Command, Outcome};
use crate::context::Context;
use crate::error::CommandError;

/// Write a migration to fill in: Alembic's word for `makemigrations --empty`
///
/// With --autogenerate, which `diesel migration generate` calls --diff-schema, it is `makemigrations`:
/// from the models.
#[derive(clap::Args, Debug)]
pub(in crate::commands) struct Revision {
    #[command(flatten)]
    makemigrations: Makemigrations,
}

impl Command for Revision {
    const NAME: &'static str = "revision";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        let mut makemigrations = self.makemigrations;
        // What asks for the models in other words, means them.
        makemigrations.empty |=
            !makemigrations.autogenerate && !makemigrations.check && !makemigrations.from_database;
        makemigrations.run(context)
    }
}
