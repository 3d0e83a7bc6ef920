//! What is said on the side while a connection works: warnings of the server and of our own.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// For whoever debugs the server.
    Debug,
    /// For the server's log.
    Log,
    /// Asked for, such as the output of `VACUUM VERBOSE`.
    Info,
    /// Good to know.
    Notice,
    /// Likely to be a problem.
    Warning,
    /// The server ended the connection, and this is why.
    Fatal,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Debug => "debug",
            Self::Log => "log",
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Fatal => "fatal",
        })
    }
}

/// One message that is not the answer to anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// How much it matters.
    pub(crate) severity: Severity,
    /// What is said.
    pub(crate) message: String,
    /// What is added to it.
    pub(crate) detail: Option<String>,
    /// What the server advises.
    pub(crate) hint: Option<String>,
    /// Whether the server said it.
    pub(crate) is_servers: bool,
}

/// Where notices gather until somebody takes them; clones share one list.
#[derive(Clone, Debug, Default)]
pub(crate) struct NoticeSink {
    notices: Arc<Mutex<Vec<Notice>>>,
}

impl NoticeSink {
    /// An empty sink.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a notice.
    pub(crate) fn push(&self, notice: Notice) {
        self.notices
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(notice);
    }

    /// Adds a warning of our own.
    pub(crate) fn warn(&self, message: impl Into<String>) {
        self.push(Notice {
            severity: Severity::Warning,
            message: message.into(),
            detail: None,
            hint: None,
            is_servers: false,
        });
    }

    /// Takes the messages worth showing, oldest first, each as one text that says who says it.
    #[must_use]
    pub(crate) fn texts(&self) -> Vec<String> {
        self.take()
            .into_iter()
            .filter(|notice| notice.severity >= Severity::Info)
            .map(|notice| {
                let more = [notice.detail, notice.hint];
                let more = more.into_iter().flatten();
                let text = std::iter::once(notice.message)
                    .chain(more)
                    .collect::<Vec<_>>()
                    .join("; ");
                if notice.is_servers {
                    format!("the server says: {text}")
                } else {
                    text
                }
            })
            .collect()
    }

    /// Takes what has gathered, oldest first.
    #[must_use]
    pub(crate) fn take(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_fills_the_same_list_and_taking_empties_it() {
        let sink = NoticeSink::new();
        sink.clone().warn("first");
        sink.warn("second");
        let messages: Vec<_> = sink
            .take()
            .into_iter()
            .map(|notice| notice.message)
            .collect();
        assert_eq!(messages, ["first", "second"]);
        assert_eq!(sink.take(), []);
    }

    #[test]
    fn only_what_the_server_said_is_told_as_its_word() {
        let sink = NoticeSink::new();
        sink.push(Notice {
            severity: Severity::Notice,
            message: "half way".to_owned(),
            detail: Some("1 of 2".to_owned()),
            hint: None,
            is_servers: true,
        });
        sink.warn("the line is cut");
        assert_eq!(
            sink.texts(),
            ["the server says: half way; 1 of 2", "the line is cut"]
        );
    }
}
