//! Laws of new versions.

use chrono::DateTime;
use chrono::Utc;
use diesel_manage::migration::{Spelling, Version, VersionError};
use proptest::collection::vec;
use proptest::prelude::*;

/// Names of directories as projects have them: dates of every length, sequences, words, anything.
fn directory_name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "20[0-9]{2}-(0[1-9]|1[0-2])-[0-2][0-9]-[0-2][0-9][0-5][0-9][0-6][0-9](-[0-9a-f]{4})?_[a-z]{1,4}",
        2 => "[0-9]{1,4}_[a-z]{1,4}",
        2 => "[0-9]{13,18}_[a-z]{1,4}",
        1 => "9{1,60}_[a-z]",
        1 => "[a-z]{1,6}[0-9]{0,3}(-[0-9])?_[a-z]{1,4}",
        1 => "z{40,60}[0-9]{0,2}_[a-z]",
        1 => "[^/\0\\p{Cc}.][^/\0\\p{Cc}]{0,60}",
        1 => "[^\0]{0,60}",
    ]
}

/// Any moment that the clock could tell.
fn moment() -> impl Strategy<Value = DateTime<Utc>> {
    let (min, max) = (
        DateTime::<Utc>::MIN_UTC.timestamp(),
        DateTime::<Utc>::MAX_UTC.timestamp(),
    );
    prop_oneof![1 => min..max, 9 => 1_000_000_000i64..3_000_000_000].prop_map(|seconds| {
        DateTime::from_timestamp(seconds, 0).expect("the range is chrono's own")
    })
}

/// Whether nothing of fifty letters and digits can follow a version.
fn is_last(version: &Version) -> bool {
    let characters: Vec<char> = version.as_str().chars().take(Version::MAX_LENGTH).collect();
    let is_kept = |c: &char| !c.is_control();
    match characters.iter().position(|c| !is_kept(c)) {
        // A control character is cut off, so what stands before it has to leave room.
        Some(index) => characters[..=index].iter().all(|c| *c >= 'z'),
        None => characters.len() == Version::MAX_LENGTH && characters.iter().all(|c| *c >= 'z'),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_next_version_sorts_after_every_other(names in vec(directory_name(), 0..12), now in moment()) {
        let versions: Vec<Version> = names.iter().map(|name| Version::of_directory(name)).collect();
        let newest = versions.iter().max();
        match Version::next(&versions, now) {
            Ok(spelling) => {
                let version = spelling.version();
                prop_assert!(newest.is_none_or(|newest| version > *newest), "{version} {newest:?}");
                prop_assert!(version.as_str().chars().count() <= Version::MAX_LENGTH);
                prop_assert!(!version.as_str().is_empty());
                let directory = format!("{spelling}_add_users");
                prop_assert_eq!(Version::of_directory(&directory), version);
                prop_assert!(!directory.starts_with('.'));
                prop_assert!(!directory.contains(|c: char| c.is_control() || c == '/' || c == '\\'));
            }
            Err(error) => {
                let newest = newest.expect("without others there is always a version").clone();
                prop_assert!(is_last(&newest), "{newest:?}");
                prop_assert_eq!(error, VersionError::NoneAfter { newest });
            }
        }
    }

    #[test]
    fn versions_chosen_one_after_the_other_are_in_order(
        names in vec(directory_name(), 0..4),
        moments in vec(moment(), 1..12),
    ) {
        let mut versions: Vec<Version> = names.iter().map(|name| Version::of_directory(name)).collect();
        let start = versions.len();
        for now in moments {
            if let Ok(spelling) = Version::next(&versions, now) {
                versions.push(spelling.version());
            }
        }
        prop_assert!(versions[start..].is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn a_given_version_is_kept_or_refused(text in any::<String>(), names in vec(directory_name(), 0..4)) {
        let versions: Vec<Version> = names.iter().map(|name| Version::of_directory(name)).collect();
        if let Ok(spelling) = Spelling::given(&text, &versions) {
            prop_assert_eq!(spelling.as_str(), text.as_str());
            prop_assert!(versions.iter().all(|version| spelling.version() > *version));
            prop_assert_eq!(Version::of_directory(&format!("{text}_x")), spelling.version());
        }
    }

    #[test]
    fn a_short_given_version_follows_the_same_laws(text in "[0-9a-z-]{0,12}", other in "[0-9]{1,12}") {
        let other = Version::parse(&other);
        let is_new = Version::parse(&text) > other && !text.starts_with('-');
        prop_assert_eq!(Spelling::given(&text, [&other]).is_ok(), is_new);
    }
}
