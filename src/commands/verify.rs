//! `manage verify`: whether the way back of each migration leads back.

use super::each::each;
use super::registry::{Command, Outcome, TARGETS};
use super::rehearsal;
use super::workspace::{OnAbsent, load_directory};
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::{Directory, Known, Position, Range, Target, Version};
use crate::proof::{Verified, Verifier};
use crate::settings::Connection;
use crate::ui;

/// Try on a scratch database whether down.sql restores what was there
///
/// Each migration is applied, reverted and applied again, and the schema compared after each: of
/// hand-written ones too. Exits with 3 if the way back of one is missing, fails or leads elsewhere. The
/// connection's own database is not touched.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Verify {
    /// Which: a target, or a range a:b of those after a up to b [default: the newest; with --all every
    /// one of every connection]
    #[arg(value_name = "RANGE", allow_hyphen_values = true)]
    range: Option<String>,

    /// Put so many sample rows into each table first
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "3")]
    rows: Option<usize>,
}

impl Command for Verify {
    const NAME: &'static str = "verify";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| self.one(context, &connection))
    }
}

impl Verify {
    fn one(&self, context: &Context, connection: &Connection) -> Result<Outcome, CommandError> {
        let _held = context.interrupt.hold(|_| {});
        let directory = load_directory(context, connection, OnAbsent::Refuse)?;
        let wanted = self.wanted(&directory, context.is_for_all())?;
        let environment = context.settings()?.environment();
        let mut scratch = rehearsal::scratch(context, connection, &environment)??;
        let identity = context.identity();
        let own = connection.url()?.database_name();
        let mut all: Vec<Verified> = Vec::new();
        let outcome = Verifier {
            directory: &directory,
            scratch: &mut scratch,
            environment: &environment,
            identity: &identity,
            own: own.as_deref(),
            interrupt: &context.interrupt,
            samples: self.rows.unwrap_or_default(),
        }
        .run(
            |version| wanted.contains(&version),
            |verified| {
                if !context.ui.is_json() {
                    for line in ui::verified(&verified) {
                        context.ui.answer(&line);
                    }
                }
                all.push(verified);
            },
        );
        drop(scratch);
        outcome?;
        let bad = all
            .iter()
            .filter(|verified| verified.flaws.iter().any(|flaw| !flaw.is_note()))
            .count();
        if context.ui.is_json() {
            let json = ui::verified_json(&connection.name, &all);
            context.ui.answer(&json.to_string());
        }
        let result = match (all.len(), bad) {
            (0, _) => "there is no migration to verify".to_owned(),
            (1, 0) => "1 migration verified, and its down.sql restores what was there".to_owned(),
            (1, _) => "1 migration verified, and it does not come back".to_owned(),
            (count, 0) => {
                format!("{count} migrations verified, and each down.sql restores what was there")
            }
            (count, 1) => format!("{count} migrations verified, and 1 does not come back"),
            (count, many) => format!("{count} migrations verified, and {many} do not come back"),
        };
        context
            .ui
            .status(&format!("{}: {result}.", connection.name));
        Ok(if bad == 0 {
            Outcome::Done
        } else {
            Outcome::Findings
        })
    }

    /// The versions in question.
    fn wanted<'a>(
        &self,
        directory: &'a Directory,
        all: bool,
    ) -> Result<Vec<&'a Version>, CommandError> {
        let known: Vec<Known<'_>> = directory
            .entries()
            .iter()
            .map(|entry| Known {
                version: &entry.version,
                name: &entry.name,
                applied: false,
            })
            .collect();
        let versions = || directory.entries().iter().map(|entry| &entry.version);
        let Some(text) = &self.range else {
            return Ok(if all {
                versions().collect()
            } else {
                versions().max().into_iter().collect()
            });
        };
        let (after, through) = if Range::is_range(text) {
            let (from, to) = Range::parse(text)?.resolve(&known)?;
            (from, to)
        } else {
            let at = Target::parse(text)?.resolve(&known)?;
            return Ok(match at {
                Position::Base => Vec::new(),
                Position::Migration(version) => versions().filter(|one| **one == version).collect(),
            });
        };
        Ok(versions()
            .filter(|version| match &after {
                Position::Base => true,
                Position::Migration(after) => *version > after,
            })
            .filter(|version| match &through {
                Position::Base => false,
                Position::Migration(through) => *version <= through,
            })
            .collect())
    }
}
