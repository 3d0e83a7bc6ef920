//! `manage revert`: `diesel`'s words for going back.

use super::confirm::Consent;
use super::downgrade::Downgrade;
use super::locked::LockFlag;
use super::registry::{Command, Outcome};
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::migration::Target;

/// Revert applied migrations: `diesel`'s word for `downgrade`
///
/// `-n 2` is what `downgrade -2` is, `-a` what `downgrade base` is. `--all` is every connection here, as
/// everywhere, and so it is refused.
#[derive(clap::Args, Debug)]
pub(crate) struct Revert {
    /// How many, newest first
    #[arg(short, long, value_name = "NUMBER", default_value_t = 1)]
    number: u16,

    /// All of them
    #[arg(short = 'a', conflicts_with = "number")]
    everything: bool,

    #[command(flatten)]
    consent: Consent,

    #[command(flatten)]
    lock: LockFlag,
}

impl Command for Revert {
    const NAME: &'static str = "revert";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        if context.is_for_all() {
            return Err(AllOfWhat.into());
        }
        let target = if self.everything {
            "base".to_owned()
        } else {
            format!("-{}", self.number)
        };
        Downgrade::to(Target::parse(&target)?, self.consent, self.lock).run(context)
    }
}

/// `--all` has two meanings, and one of them would revert too little on too many databases.
#[derive(Debug, thiserror::Error)]
#[error("`--all` is every connection here, not every migration")]
struct AllOfWhat;

impl Explain for AllOfWhat {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "to revert every migration: manage downgrade base".to_owned(),
            "to revert one on every connection: manage downgrade --all".to_owned(),
        ]
    }
}
