//! The time, from one place.

use chrono::{DateTime, Utc};

use crate::settings::Environment;

/// Tells the time; `SOURCE_DATE_EPOCH` stops it, for builds and tests that must repeat.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Option<DateTime<Utc>>);

impl Clock {
    /// The system's clock, or the second that `SOURCE_DATE_EPOCH` names.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        let fixed = environment
            .variables
            .get("SOURCE_DATE_EPOCH")
            .and_then(|text| text.trim().parse().ok())
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Self(fixed)
    }

    /// The time now, in UTC.
    #[must_use]
    pub fn now(self) -> DateTime<Utc> {
        match self.0 {
            Some(fixed) => fixed,
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            None => Utc::now(),
        }
    }
}
