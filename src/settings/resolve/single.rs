//! Values that are one word each: yes or no, how long.

use std::time::Duration;

use super::Resolver;
use crate::settings::duration::parse_duration;
use crate::settings::error::SettingsError;
use crate::settings::overlay::Given;
use crate::settings::truth;
use crate::settings::value::Scalar;

impl Resolver<'_> {
    /// Yes or no, and no where nothing is said.
    pub(super) fn truth(&self, key: &str, given: &Given<Scalar>) -> Result<bool, SettingsError> {
        let path = self.path.key(key);
        let Some(written) = given.value() else {
            return Ok(false);
        };
        let text = self.settings.sources.text(&path, written)?;
        truth::parse(&text).ok_or_else(|| self.bad(&path, "must be `true` or `false`"))
    }

    pub(super) fn duration(
        &self,
        key: &str,
        given: &Given<Scalar>,
    ) -> Result<Option<Duration>, SettingsError> {
        let Some(written) = given.value() else {
            return Ok(None);
        };
        let path = self.path.key(key);
        let text = self.settings.sources.text(&path, written)?;
        parse_duration(&text)
            .map(Some)
            .map_err(|error| self.bad(&path, &error.to_string()))
    }

    /// How often to try again for a lock. Where nothing limits the wait, there is nothing to try again.
    pub(super) fn lock_retries(&self) -> Result<u32, SettingsError> {
        const USUAL: u32 = 5;
        const MOST: u32 = 1_000;
        let raw = self.raw;
        let Some(written) = raw.lock_retries.value() else {
            let limit = self.limit("ddl_lock_timeout", &raw.ddl_lock_timeout)?;
            return Ok(limit.map_or(0, |_| USUAL));
        };
        let path = self.path.key("lock_retries");
        let text = self.settings.sources.text(&path, written)?;
        text.trim()
            .parse()
            .ok()
            .filter(|number| *number <= MOST)
            .ok_or_else(|| self.bad(&path, "must be a number from 0 to 1000"))
    }

    /// A limit on how long something may take; none at all is written as zero, as the servers do.
    pub(super) fn limit(
        &self,
        key: &str,
        given: &Given<Scalar>,
    ) -> Result<Option<Duration>, SettingsError> {
        Ok(self
            .duration(key, given)?
            .filter(|length| !length.is_zero()))
    }
}
