//! The names of scratch databases: they tell how old one is and whose it was.

use std::path::Path;
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
///
/// One whose process is at work on this machine is none, whatever the clocks say: between making it and
/// entering it nobody is connected to it.
pub(super) fn is_stale(name: &str, now: i64) -> bool {
    let mut parts = name
        .strip_prefix(PREFIX)
        .into_iter()
        .flat_map(|rest| rest.split('_'));
    let made = parts.next().and_then(|made| made.parse::<i64>().ok());
    let process = parts.next().and_then(|process| process.parse::<u32>().ok());
    made.is_some_and(|made| made.saturating_add(STALE) < now) && !process.is_some_and(is_alive)
}

/// Whether a process is at work on this machine, where the system lists them as files.
fn is_alive(process: u32) -> bool {
    Path::new("/proc").join(process.to_string()).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_age() {
        let name = fresh(1_000);
        assert!(!is_stale(&name, 1_000 + STALE));
        // Of a number that no process has.
        let left = format!("{PREFIX}1000_{}_1", u32::MAX);
        assert!(!is_stale(&left, 1_000 + STALE));
        assert!(is_stale(&left, 1_001 + STALE));
        assert!(!is_stale("manage_scratch_mine", i64::MAX));
        assert_ne!(name, fresh(1_000));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_a_living_process_made_is_never_stale() {
        assert!(!is_stale(&fresh(1_000), i64::MAX));
    }
}
