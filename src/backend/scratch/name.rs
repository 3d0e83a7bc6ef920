//! The names of scratch databases: they tell how old one is and whose it was.

use std::sync::atomic::{AtomicU32, Ordering};

/// What every scratch database's name begins with.
pub(super) const PREFIX: &str = "manage_scratch_";

/// After how many seconds a database that nobody is connected to counts as left behind.
const STALE: i64 = 300;

/// A name that no other process has.
pub(super) fn fresh(now: i64) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{now}_{}_{number}", std::process::id())
}

/// Whether a database of that name was made long enough ago to be one that a killed process left.
pub(super) fn is_stale(name: &str, now: i64) -> bool {
    name.strip_prefix(PREFIX)
        .and_then(|rest| rest.split('_').next())
        .and_then(|made| made.parse::<i64>().ok())
        .is_some_and(|made| made.saturating_add(STALE) < now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_age() {
        let name = fresh(1_000);
        assert!(!is_stale(&name, 1_000 + STALE));
        assert!(is_stale(&name, 1_001 + STALE));
        assert!(!is_stale("manage_scratch_mine", i64::MAX));
        assert_ne!(name, fresh(1_000));
    }
}
