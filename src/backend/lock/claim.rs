//! Who wants a lock, as others are told.

use std::process;

use super::holder::Holder;
use super::wanted::Wanted;

/// What others see of the one who holds a lock.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    /// The command.
    pub(super) doing: String,
    /// The operating system's user.
    pub(super) user: String,
    /// The machine.
    pub(super) host: String,
    /// Since when, in UTC.
    pub(super) since: String,
    /// The process there.
    pub(super) pid: u32,
}

impl Claim {
    pub(super) fn of(wanted: &Wanted<'_>) -> Self {
        Self {
            doing: wanted.doing.to_owned(),
            user: wanted.user.to_owned(),
            host: wanted.host.to_owned(),
            since: wanted.now.to_owned(),
            pid: process::id(),
        }
    }

    /// As the name of a program in the server's list of sessions.
    pub(super) fn application(&self) -> String {
        format!("{} by {} on {}", self.doing, self.user, self.host)
    }
}

impl Holder {
    /// Reads what [`Claim::application`] wrote; the server may have cut it off.
    pub(super) fn named(application: &str) -> Self {
        let Some((doing, rest)) = application.split_once(" by ") else {
            return Self {
                application: Some(application.to_owned()).filter(|name| !name.is_empty()),
                ..Self::default()
            };
        };
        let (user, host) = match rest.split_once(" on ") {
            Some((user, host)) => (user, Some(host.to_owned())),
            None => (rest, None),
        };
        Self {
            application: Some(doing.to_owned()),
            user: Some(user.to_owned()),
            host,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_see_is_who_it_is() {
        let claim = Claim {
            doing: "manage migrate".to_owned(),
            user: "ann".to_owned(),
            host: "web-1".to_owned(),
            since: String::new(),
            pid: 7,
        };
        let holder = Holder::named(&claim.application());
        assert_eq!(holder.to_string(), "manage migrate by ann on web-1");
        assert_eq!(Holder::named("psql").to_string(), "psql");
        assert_eq!(
            Holder::named("manage redo by ann o").to_string(),
            "manage redo by ann o"
        );
    }
}
