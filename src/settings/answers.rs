//! The answers to conflicts that settings may hold under `on:`.

use super::choice::choice;

choice! {
    /// What to do when there are two heads.
    Diverged {
        /// Join the heads by an empty migration that depends on both.
        Merge = "merge",
        /// Move mine after theirs.
        Rebase = "rebase",
        /// Apply in version order.
        Apply = "apply",
        /// Do nothing.
        Stop = "stop",
    }
}

choice! {
    /// What to do when a pending migration is older than the newest applied one.
    OutOfOrder {
        /// Apply it now.
        Apply = "apply",
        /// Give it a newer version.
        Rebase = "rebase",
        /// Do nothing.
        Stop = "stop",
    }
}

choice! {
    /// What to do when an applied migration's SQL differs from what was recorded.
    Edited {
        /// Record the new text.
        Accept = "accept",
        /// Do nothing.
        Stop = "stop",
    }
}

choice! {
    /// What to do when an applied migration's directory is gone.
    Missing {
        /// Write its files again, from history.
        Restore = "restore",
        /// Go on without it.
        Ignore = "ignore",
        /// Forget that it was applied.
        Prune = "prune",
        /// Do nothing.
        Stop = "stop",
    }
}

choice! {
    /// What to do when two migrations have one version.
    Duplicate {
        /// Give the later one a new version.
        Renumber = "renumber",
        /// Do nothing.
        Stop = "stop",
    }
}

choice! {
    /// What to do when an earlier run stopped inside a migration.
    Unfinished {
        /// Go on from the first statement that was not done.
        Resume = "resume",
        /// Mark it as done.
        Done = "done",
        /// Undo what was done of it.
        Undo = "undo",
        /// Forget it: what was done of it was undone by hand.
        Undone = "undone",
        /// Do nothing.
        Stop = "stop",
    }
}

choice! {
    /// What to do about a statement of which the database does not tell whether it is in effect.
    InDoubt {
        /// Run it again.
        Retry = "retry",
        /// Take it as done.
        Done = "done",
    }
}

/// The answers given in advance; `None` means ask, or stop where nobody can be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// For two heads.
    pub diverged: Option<Diverged>,
    /// For a pending migration older than the newest applied.
    pub out_of_order: Option<OutOfOrder>,
    /// For an applied migration whose SQL changed.
    pub edited: Option<Edited>,
    /// For an applied migration whose directory is gone.
    pub missing: Option<Missing>,
    /// For one version twice.
    pub duplicate: Option<Duplicate>,
    /// For a run that stopped half-way.
    pub unfinished: Option<Unfinished>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_as_its_value() {
        fn check<T>(all: &[T])
        where
            T: Copy + PartialEq + std::fmt::Debug + std::fmt::Display,
            T: std::str::FromStr<Err = crate::settings::UnknownChoice>,
        {
            for value in all {
                assert_eq!(value.to_string().parse::<T>(), Ok(*value));
            }
        }
        check(Diverged::ALL);
        check(OutOfOrder::ALL);
        check(Edited::ALL);
        check(Missing::ALL);
        check(Duplicate::ALL);
        check(Unfinished::ALL);
        check(InDoubt::ALL);
    }

    #[test]
    fn an_unknown_word_names_the_known_ones() {
        assert_eq!(
            "skip".parse::<OutOfOrder>().unwrap_err().to_string(),
            "must be `apply`, `rebase` or `stop`"
        );
    }
}
