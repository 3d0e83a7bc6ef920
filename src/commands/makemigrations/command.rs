//! The command: its arguments, and which of its ways is taken.

use super::generate::generate;
use super::place_flags::PlaceFlags;
use super::question_flags::QuestionFlags;
use super::template;
use super::update::UpdateFlags;
use crate::commands::declared::Declared;
use crate::commands::merge;
use crate::commands::registry::{Command, Outcome};
use crate::context::Context;
use crate::error::CommandError;
use crate::settings::Connection;

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
    #[arg(long, alias = "no-autogenerate", conflicts_with_all = ["check", "from_database"])]
    pub(super) empty: bool,

    /// Compare with the models, as it is done anyway; `revision` needs to be told
    #[arg(long, alias = "diff-schema", hide = true, conflicts_with = "empty")]
    pub(super) autogenerate: bool,

    /// Join parted branches, as `manage merge` does
    #[arg(long, conflicts_with_all = ["empty", "check", "from_database", "head", "update"])]
    pub(super) merge: bool,

    /// Print what would be written, and stop
    #[arg(long, alias = "sql")]
    pub(super) dry_run: bool,

    /// Print what differs and exit with 3 if anything does
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) check: bool,

    /// Compare the models with the live database instead
    #[arg(long)]
    pub(super) from_database: bool,

    /// Write it even if it could not be proved
    #[arg(long, hide_short_help = true)]
    pub(super) unproved: bool,

    /// Compare only tables that match, whatever `tables: include:` says; repeatable
    #[arg(
        long,
        hide_short_help = true,
        visible_alias = "only-tables",
        short_alias = 'o',
        value_name = "REGEX"
    )]
    only: Vec<String>,

    /// Leave out tables that match as well; repeatable
    #[arg(
        long,
        hide_short_help = true,
        visible_alias = "except-tables",
        short_alias = 'e',
        value_name = "REGEX"
    )]
    except: Vec<String>,

    /// Only paths on stdout: Django's word for what is always so
    #[arg(long, hide = true)]
    scriptable: bool,

    #[command(flatten)]
    pub(super) update: UpdateFlags,

    #[command(flatten)]
    pub(super) place: PlaceFlags,

    #[command(flatten)]
    pub(super) questions: QuestionFlags,
}

impl Command for Makemigrations {
    const NAME: &'static str = "makemigrations";
    const ALIASES: &'static [&'static str] = &["make-migrations"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        if self.merge {
            let options = merge::Options {
                message: self.message.or(self.message_flag),
                name: self.name,
                version: self.version,
                labels: self.place.labels,
                dry_run: self.dry_run,
                unproved: self.unproved,
                ..merge::Options::default()
            };
            return merge::run(context, &options);
        }
        if self.check {
            return crate::commands::each::each(context, |connection| {
                let connection = self.narrowed(connection);
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
        let connection = self.narrowed(context.connection()?);
        if !self.empty || self.update.update {
            let is_named =
                self.given_message().is_some() && !self.from_database && !self.update.update;
            let declared = if is_named {
                Declared::read_if_there(context, &connection)?
            } else {
                Declared::read(context, &connection)?
            };
            if let Some(declared) = declared {
                return generate(context, &connection, &declared, &self);
            }
            if self.from_database || self.update.update {
                return Err(NoModels(connection.name).into());
            }
        }
        template::run(context, &connection, &self)
    }
}

impl Makemigrations {
    /// The connection with the tables that this command is about.
    fn narrowed(&self, mut connection: Connection) -> Connection {
        if !self.only.is_empty() {
            connection.tables.include.clone_from(&self.only);
        }
        connection
            .tables
            .exclude
            .extend(self.except.iter().cloned());
        connection
    }

    /// What was given as the message.
    pub(super) fn given_message(&self) -> Option<&str> {
        self.message
            .as_ref()
            .or(self.message_flag.as_ref())
            .or(self.name.as_ref())
            .map(String::as_str)
    }

    /// What was given as the name, or else as the message.
    pub(super) fn given_name(&self) -> Option<&str> {
        self.name.as_deref().or_else(|| self.given_message())
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
