//! How often, and when, something is tried again that could not have a lock.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use crate::settings::Connection;

/// How often something is tried again, and how long it waits for a lock each time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retries {
    /// How often, after the first time.
    pub most: u32,
    /// How long a lock is waited for.
    pub limit: Option<Duration>,
}

impl Retries {
    /// What the settings say.
    #[must_use]
    pub fn of(connection: &Connection) -> Self {
        Self {
            most: connection.lock_retries,
            limit: connection.ddl_lock_timeout,
        }
    }

    /// How long to leave the others alone before try `number`, from 1.
    ///
    /// While a lock on a table is waited for, everybody who comes later waits behind it; so they get twice as
    /// long as that, then four times, and so on. By chance it is up to half of that less, so that two who
    /// collided don't meet again.
    #[must_use]
    pub fn pause(self, number: u32) -> Duration {
        self.pause_by(number, chance())
    }

    fn pause_by(self, number: u32, chance: f64) -> Duration {
        const WITHOUT_LIMIT: Duration = Duration::from_millis(500);
        const SHORTEST: Duration = Duration::from_millis(50);
        const LONGEST: Duration = Duration::from_secs(60);
        let unit = self.limit.unwrap_or(WITHOUT_LIMIT).max(SHORTEST);
        let whole = unit
            .saturating_mul(2_u32.saturating_pow(number))
            .min(LONGEST);
        whole.mul_f64(1.0 - chance.clamp(0.0, 1.0) / 2.0)
    }
}

/// From 0 to 1. It only has to differ between processes.
fn chance() -> f64 {
    let drawn = RandomState::new().build_hasher().finish() >> 32;
    f64::from(u32::try_from(drawn).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_end_at_a_minute() {
        let retries = Retries {
            most: 5,
            limit: Some(Duration::from_secs(2)),
        };
        let longest: Vec<_> = (1..=6)
            .map(|n| retries.pause_by(n, 0.0).as_secs())
            .collect();
        assert_eq!(longest, [4, 8, 16, 32, 60, 60]);
        assert_eq!(retries.pause_by(1, 1.0), Duration::from_secs(2));
        assert_eq!(retries.pause_by(400, 0.0), Duration::from_secs(60));
    }

    #[test]
    fn chance_keeps_a_pause_between_half_and_all_of_it() {
        let retries = Retries {
            most: 1,
            limit: Some(Duration::from_secs(1)),
        };
        for _ in 0..100 {
            let pause = retries.pause(1);
            assert!((Duration::from_secs(1)..=Duration::from_secs(2)).contains(&pause));
        }
    }
}
