//! Who holds a lock.

use std::fmt;

/// Whoever holds a lock, as far as the server or the locked file tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The process on its machine, or the session on the server.
    pub pid: Option<i64>,
    /// Who.
    pub user: Option<String>,
    /// What it is doing: a command of ours, or the program, as it named itself.
    pub application: Option<String>,
    /// From which machine.
    pub host: Option<String>,
    /// Since when, in UTC, to the second.
    pub since: Option<String>,
    /// What a program that was started by the holder knows it by; see [`super::Lock::token`].
    pub(super) token: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(application) = &self.application {
            parts.push(application.clone());
        }
        match (&self.user, &self.host) {
            (Some(user), Some(host)) => parts.push(format!("by {user} on {host}")),
            (Some(user), None) => parts.push(format!("by {user}")),
            (None, Some(host)) => parts.push(format!("on {host}")),
            (None, None) => {}
        }
        if let Some(pid) = self.pid {
            parts.push(format!("(pid {pid})"));
        }
        if let Some(since) = &self.since {
            parts.push(format!("since {since} UTC"));
        }
        f.write_str(&parts.join(" "))
    }
}
