//! The command: its arguments, and which of its ways is taken.

use super::generate::generate;
use super::question_flags::QuestionFlags;
use super::template;
use crate::commands::declared::Declared;
use crate::commands::registry::{Command, Outcome};
use crate::context::Context;
use crate::error::CommandError;

/// Write a migration for the models' changes
///
/// The migrations are replayed on a scratch database and compared with the models of the settings:
/// `table!` files of Diesel, or SQL files of the desired state. What could lose data is asked. The
/// migration is proved on the scratch database before it is written: up reaches the models, down comes
/// back, up works again. Without models, or with --empty, the files are for you to fill in.
#[derive(clap::Args, Debug)]
pub(in crate::commands) struct Makemigrations {
    /// What it does, in a few words: "Add users" [default: made from the changes]
    #[arg(conflicts_with = "message_flag")]
    pub(super) message: Option<String>,

    /// The same, as a flag
    #[arg(short = 'm', long = "message", value_name = "MESSAGE")]
    pub(super) message_flag: Option<String>,

    /// The folder's name after the version [default: made from the message]
    #[arg(short, long, value_name = "NAME")]
    pub(super) name: Option<String>,

    /// The version [default: the time in UTC]
    #[arg(long = "version", visible_alias = "rev-id", value_name = "VERSION")]
    pub(super) version: Option<String>,

    /// Write files to fill in, whatever the models say
    #[arg(long, conflicts_with_all = ["check", "from_database"])]
    pub(super) empty: bool,

    /// Print what would be written, and stop
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Print what differs and exit with 3 if anything does
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) check: bool,

    /// Compare the models with the live database instead
    #[arg(long)]
    pub(super) from_database: bool,

    /// Write it even if it could not be proved
    #[arg(long)]
    pub(super) unproved: bool,

    #[command(flatten)]
    pub(super) questions: QuestionFlags,
}

impl Command for Makemigrations {
    const NAME: &'static str = "makemigrations";
    const ALIASES: &'static [&'static str] = &["make-migrations", "revision"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        if self.check {
            return crate::commands::each::each(context, |connection| {
                let Some(declared) = Declared::read(context, &connection)? else {
                    if context.is_for_all() {
                        let name = &connection.name;
                        context.ui.note(&format!(
                            "connection `{name}` has no models to compare with"
                        ));
                        return Ok(Outcome::Done);
                    }
                    return Err(NoModels(connection.name).into());
                };
                generate(context, &connection, &declared, &self)
            });
        }
        let connection = context.connection()?;
        if !self.empty {
            let is_named = self.given_message().is_some() && !self.from_database;
            let declared = if is_named {
                Declared::read_if_there(context, &connection)?
            } else {
                Declared::read(context, &connection)?
            };
            if let Some(declared) = declared {
                return generate(context, &connection, &declared, &self);
            }
            if self.from_database {
                return Err(NoModels(connection.name).into());
            }
        }
        template::run(context, &connection, &self)
    }
}

impl Makemigrations {
    /// What was given as the message.
    pub(super) fn given_message(&self) -> Option<&str> {
        self.message
            .as_ref()
            .or(self.message_flag.as_ref())
            .or(self.name.as_ref())
            .map(String::as_str)
    }
}

/// There is nothing to compare with.
#[derive(Debug, thiserror::Error)]
#[error("connection `{0}` has no models to compare with")]
struct NoModels(String);

impl crate::error::Explain for NoModels {
    fn hints(&self) -> Vec<String> {
        vec![format!(
            "name them in the settings: connections: {}: models: src/schema.rs",
            self.0
        )]
    }
}
