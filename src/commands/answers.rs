//! The flags that answer questions about conflicts before they are asked.

use std::fmt::Display;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::settings::{
    Answers, Diverged, Duplicate, Edited, InDoubt, Missing, OnDrift, OutOfOrder, Unfinished,
};

/// One flag for each conflict; the values are the choices of its prompt.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Conflicts")]
pub(super) struct ConflictFlags {
    /// The up.sql of an applied migration was edited
    #[arg(long, value_name = "ANSWER", value_parser = words(Edited::ALL))]
    on_edited: Option<Edited>,

    /// The folder of an applied migration is gone
    #[arg(long, value_name = "ANSWER", value_parser = words(Missing::ALL))]
    on_missing: Option<Missing>,

    /// Two folders have one version
    #[arg(long, value_name = "ANSWER", value_parser = words(Duplicate::ALL))]
    on_duplicate: Option<Duplicate>,

    /// Why an edit is accepted; recorded
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// The flag for the one conflict that only a run forwards can meet.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Conflicts")]
pub(super) struct OutOfOrderFlag {
    /// A pending migration is older than the newest applied one
    #[arg(long, value_name = "ANSWER", value_parser = words(OutOfOrder::ALL))]
    on_out_of_order: Option<OutOfOrder>,
}

impl OutOfOrderFlag {
    /// The flag, and where there is none what the settings say.
    pub(super) fn over(self, settings: Answers) -> Answers {
        Answers {
            out_of_order: self.on_out_of_order.or(settings.out_of_order),
            ..settings
        }
    }
}

/// The flag for heads that nothing joins, which only a run forwards has to decide about.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Conflicts")]
pub(super) struct DivergedFlag {
    /// Two heads, and nothing joins them
    #[arg(long, value_name = "ANSWER", value_parser = words(Diverged::ALL))]
    on_diverged: Option<Diverged>,
}

impl DivergedFlag {
    /// The flag, and where there is none what the settings say.
    pub(super) fn over(self, settings: Answers) -> Answers {
        Answers {
            diverged: self.on_diverged.or(settings.diverged),
            ..settings
        }
    }
}

/// The flag for a schema that somebody changed by hand.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Conflicts")]
pub(super) struct DriftFlag {
    /// The schema was changed by hand
    #[arg(long, value_name = "ANSWER", value_parser = words(OnDrift::ALL))]
    on_drift: Option<OnDrift>,
}

impl DriftFlag {
    /// The flag, and where there is none what the settings say.
    pub(super) fn over(self, settings: OnDrift) -> OnDrift {
        self.on_drift.unwrap_or(settings)
    }
}

/// The flags for a migration that an earlier run began and did not finish.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Conflicts")]
pub(super) struct UnfinishedFlags {
    /// An earlier run stopped inside a migration
    #[arg(long, value_name = "ANSWER", value_parser = words(Unfinished::ALL))]
    on_unfinished: Option<Unfinished>,

    /// A statement it stopped in, where the database does not tell if that is in effect
    #[arg(long, value_name = "ANSWER", value_parser = words(InDoubt::ALL))]
    in_doubt: Option<InDoubt>,
}

impl UnfinishedFlags {
    /// What to do; the flag, and where there is none what the settings say.
    pub(super) fn answer(self, settings: Answers) -> Option<Unfinished> {
        self.on_unfinished.or(settings.unfinished)
    }

    /// What to do about the statement in doubt.
    pub(super) fn in_doubt(self) -> Option<InDoubt> {
        self.in_doubt
    }

    /// What was said by flags of other names.
    pub(super) fn of(answer: Option<Unfinished>, in_doubt: Option<InDoubt>) -> Self {
        Self {
            on_unfinished: answer,
            in_doubt,
        }
    }

    /// The words for a statement in doubt.
    pub(super) fn in_doubt_words() -> impl TypedValueParser<Value = InDoubt> {
        words(InDoubt::ALL)
    }
}

/// The words of a closed set, listed in the help and checked when parsed.
fn words<T>(all: &'static [T]) -> impl TypedValueParser<Value = T>
where
    T: Clone + Display + FromStr + Send + Sync + 'static,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(ToString::to_string)).try_map(|word| word.parse::<T>())
}

impl ConflictFlags {
    pub(super) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The flags, and where there is none what the settings say.
    pub(super) fn over(&self, settings: Answers) -> Answers {
        Answers {
            edited: self.on_edited.or(settings.edited),
            missing: self.on_missing.or(settings.missing),
            duplicate: self.on_duplicate.or(settings.duplicate),
            ..settings
        }
    }
}
