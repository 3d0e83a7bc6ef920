//! What every error of this crate can tell: its kind, which decides the exit code, and its hints,
//! which say what to type next.

mod signal;
mod typed;

use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

pub use signal::Signal;
#[cfg(test)]
pub(crate) use typed::COMMANDS;
pub(crate) use typed::with_flags;

/// Whether errors remember where in the program they came from; that takes time and says nothing to
/// most people.
static KEEPS_BACKTRACES: AtomicBool = AtomicBool::new(false);

/// From here on errors remember where in the program they came from.
pub(crate) fn keep_backtraces() {
    KEEPS_BACKTRACES.store(true, Ordering::Relaxed);
}

/// The class of an error; it decides the exit code and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something went wrong: settings, files, database. Exit code 1.
    Failure,
    /// The command line does not make sense. Exit code 2.
    Usage,
    /// A question that needs a person or a flag. Exit code 4.
    Question,
    /// A person said no at a prompt, or pressed Ctrl-C. Exit code 130.
    Cancelled,
    /// A signal asked to end. Exit code 130, 143 or 129.
    Ended(Signal),
}

impl Kind {
    /// The process exit code for an error of this kind.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failure => 1,
            Self::Usage => 2,
            Self::Question => 4,
            Self::Cancelled => Signal::Interrupt.exit_code(),
            Self::Ended(signal) => signal.exit_code(),
        }
    }
}

/// Implemented by the error type of each layer, next to its messages.
///
/// A message is a lower-case fragment with `names` in backticks and no full stop; what lies beneath
/// it is in `source()` and not repeated. A hint is an action the reader can take, best of all a
/// command to type.
pub trait Explain: Error + Send + Sync + 'static {
    /// The class of this error.
    fn kind(&self) -> Kind {
        Kind::Failure
    }

    /// What the reader can do next, most useful first.
    fn hints(&self) -> Vec<String> {
        Vec::new()
    }

    /// Lines shown between the message and the hints, such as the SQL line with a caret below it.
    fn details(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Any layer's error on its way to the screen.
pub struct CommandError {
    kind: Kind,
    source: Box<dyn Error + Send + Sync>,
    details: Vec<String>,
    hints: Vec<String>,
    backtrace: Option<Backtrace>,
}

impl CommandError {
    /// The class of the error.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it is an error of this type.
    #[must_use]
    pub(crate) fn is<E: Error + 'static>(&self) -> bool {
        self.source.is::<E>()
    }

    /// Says which signal it was that cancelled, where one did.
    #[must_use]
    pub(crate) fn ended_by(mut self, signal: Option<Signal>) -> Self {
        self.kind = match (self.kind, signal) {
            (Kind::Cancelled, Some(signal)) => Kind::Ended(signal),
            (kind, _) => kind,
        };
        self
    }

    /// The message, then those of its sources, outermost first.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        let mut messages = vec![self.source.to_string()];
        let mut next = self.source.source();
        while let Some(error) = next {
            let message = error.to_string();
            // Some libraries repeat their source in their own message.
            if !messages.last().is_some_and(|last| last.contains(&message)) {
                messages.push(message);
            }
            next = error.source();
        }
        messages
    }

    /// The error and its sources with everything they hold, outermost first.
    #[must_use]
    pub fn anatomy(&self) -> Vec<String> {
        let mut parts = vec![format!("{:?}", self.source)];
        let mut next = self.source.source();
        while let Some(error) = next {
            parts.push(format!("{error:?}"));
            next = error.source();
        }
        parts
    }

    /// Where in the program it came from, if that was wanted.
    #[must_use]
    pub fn backtrace(&self) -> Option<&Backtrace> {
        self.backtrace.as_ref()
    }

    /// Lines that show the place of the error.
    #[must_use]
    pub fn details(&self) -> &[String] {
        &self.details
    }

    /// What to do next.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Adds one more line between message and hints, for what only the caller knows.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// Makes the commands in the hints name a connection, as the one that failed did.
    #[must_use]
    pub fn on_connection(mut self, name: &str) -> Self {
        let flag = format!(" -d {name}");
        // Some hints name the connection themselves.
        let hints = self.hints.iter_mut().filter(|hint| !hint.contains(" -d "));
        for hint in hints {
            *hint = with_flags(hint, &flag);
        }
        self
    }

    /// Makes the commands in the hints mean the same settings, as the one that failed did.
    #[must_use]
    pub(crate) fn with_flags(mut self, flags: &str) -> Self {
        for hint in &mut self.hints {
            *hint = with_flags(hint, flags);
        }
        self
    }

    /// Adds one more hint, for what only the caller knows.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl<E: Explain> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self {
            kind: error.kind(),
            details: error.details(),
            hints: error.hints(),
            source: Box::new(error),
            backtrace: KEEPS_BACKTRACES
                .load(Ordering::Relaxed)
                .then(Backtrace::force_capture),
        }
    }
}

impl fmt::Debug for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandError")
            .field("kind", &self.kind)
            .field("messages", &self.messages())
            .field("hints", &self.hints)
            .finish_non_exhaustive()
    }
}
