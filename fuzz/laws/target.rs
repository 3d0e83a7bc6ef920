//! Targets and ranges: they print as they were typed, and lead to what is there.

use diesel_manage::migration::{Known, Position, Range, Target, Version};

const NAMES: [&str; 5] = [
    "1_tiny",
    "2026-01-01-000000_add_users",
    "2026-01-01-000001_add_user_names",
    "2026-02-01-120000-0000_b",
    "20260301_x-1",
];

/// Panics where the law does not hold.
pub(crate) fn holds(text: &str) {
    let versions = NAMES.map(Version::of_directory);
    let known: Vec<_> = NAMES
        .iter()
        .zip(&versions)
        .enumerate()
        .map(|(index, (name, version))| Known {
            version,
            name,
            applied: index < 3,
        })
        .collect();
    if let Ok(target) = Target::parse(text) {
        assert_eq!(target.to_string(), text);
        if let Ok(Position::Migration(version)) = target.resolve(&known) {
            assert!(versions.contains(&version));
        }
    }
    if let Ok(range) = Range::parse(text) {
        // White space where an end is left out is no end.
        assert_eq!(range.to_string().trim(), text.trim());
        let again = Range::parse(&range.to_string());
        assert_eq!(again.as_ref(), Ok(&range));
        let _ = range.resolve(&known);
    }
}
