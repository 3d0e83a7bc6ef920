//! Laws of targets.

use std::collections::BTreeMap;

use diesel_manage::migration::{Known, Position, Range, Target, TargetError, Version};
use proptest::collection::vec;
use proptest::prelude::*;

/// A folder of migrations: names by version, and which of them are applied.
#[derive(Clone, Debug)]
struct Folder(Vec<(Version, String, bool)>);

impl Folder {
    fn known(&self) -> Vec<Known<'_>> {
        self.0
            .iter()
            .map(|(version, name, applied)| Known {
                version,
                name,
                applied: *applied,
            })
            .collect()
    }

    fn position(&self, index: usize) -> Position {
        index.checked_sub(1).map_or(Position::Base, |index| {
            Position::Migration(self.0[index].0.clone())
        })
    }

    fn resolve(&self, text: &str) -> Result<Position, TargetError> {
        Target::parse(text)?.resolve(&self.known())
    }
}

/// Folders of one version each per directory.
fn folder() -> impl Strategy<Value = Folder> {
    let version = prop_oneof![
        6 => "20[0-2][0-9]-(0[1-9]|1[0-2])-[0-2][0-9]-[0-2][0-9][0-5][0-9][0-5][0-9]",
        2 => "20[0-2][0-9]-(0[1-9]|1[0-2])-[0-2][0-9]-[0-2][0-9][0-5][0-9][0-5][0-9]-[0-9a-f]{4}",
        2 => "[0-9]{1,5}",
        1 => "[a-z]{1,4}",
    ];
    let entry = (version, "[a-z]{1,3}(_[a-z0-9]{1,3}){0,2}", any::<bool>());
    vec(entry, 1..10).prop_map(|entries| {
        let by_version: BTreeMap<Version, (String, bool)> = entries
            .into_iter()
            .map(|(version, slug, applied)| {
                (
                    Version::parse(&version),
                    (format!("{version}_{slug}"), applied),
                )
            })
            .collect();
        Folder(
            by_version
                .into_iter()
                .map(|(version, (name, applied))| (version, name, applied))
                .collect(),
        )
    })
}

/// Words that mean a place whatever the migrations are called.
fn is_keyword(text: &str) -> bool {
    [
        "head", "heads", "latest", "base", "zero", "current", "first",
    ]
    .contains(&text)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_target_prints_as_it_was_typed(text in any::<String>()) {
        match Target::parse(&text) {
            Ok(target) => prop_assert_eq!(target.to_string(), text),
            Err(error) => {
                prop_assert_eq!(error, TargetError::Empty);
                prop_assert_eq!(text.trim(), "");
            }
        }
    }

    #[test]
    fn a_range_prints_as_it_was_typed(from in "[^:\\s]{0,8}", to in "[^:\\s]{0,8}") {
        let text = format!("{from}:{to}");
        prop_assert_eq!(Range::parse(&text).map(|range| range.to_string()), Ok(text));
    }

    #[test]
    fn any_text_is_answered(folder in folder(), text in any::<String>(), range in any::<String>()) {
        let _ = folder.resolve(&text);
        let _ = Range::parse(&range).map(|range| range.resolve(&folder.known()));
    }

    #[test]
    fn any_text_of_the_grammar_s_characters_is_answered(folder in folder(), text in "[0-9a-e_~+:-]{1,20}") {
        // What it finds is a place that exists.
        if let Ok(Position::Migration(version)) = folder.resolve(&text) {
            prop_assert!(folder.0.iter().any(|(known, _, _)| *known == version));
        }
    }

    #[test]
    fn every_migration_is_found_by_directory_and_version(folder in folder()) {
        for (version, name, _) in &folder.0 {
            let position = Ok(Position::Migration(version.clone()));
            let (spelling, slug) = name.split_once('_').expect("each has a name");
            prop_assert_eq!(folder.resolve(name), position.clone());
            prop_assert_eq!(folder.resolve(&format!("{version}_{slug}")), position.clone());
            if !is_keyword(spelling) {
                prop_assert_eq!(folder.resolve(spelling), position.clone());
                prop_assert_eq!(folder.resolve(version.as_str()), position.clone());
            }
        }
    }

    #[test]
    fn every_migration_is_found_by_a_start_that_only_it_has(folder in folder()) {
        for (version, name, _) in &folder.0 {
            for end in 3..name.len() {
                let start = &name[..end];
                let is_shared = folder.0.iter().any(|(other, other_name, _)| {
                    other != version && (other_name.starts_with(start)
                        || other.as_str().starts_with(Version::parse(start).as_str())
                        || other_name.split_once('_').is_some_and(|(_, slug)| slug.starts_with(start)))
                });
                let digits = start.bytes().filter(u8::is_ascii_alphanumeric).count();
                if !is_shared && !is_keyword(start) && digits >= 3 {
                    prop_assert_eq!(folder.resolve(start), Ok(Position::Migration(version.clone())));
                }
            }
        }
    }

    #[test]
    fn a_name_that_only_one_has_finds_it(folder in folder()) {
        for (version, name, _) in &folder.0 {
            let (_, slug) = name.split_once('_').expect("each has a name");
            let is_other = |text: &str| folder.0.iter().any(|(other, other_name, _)| {
                other != version && (other_name.ends_with(&format!("_{text}"))
                    || other_name.starts_with(text)
                    || other.as_str() == text)
            });
            if !is_other(slug) && !is_keyword(slug) && version.as_str() != slug {
                prop_assert_eq!(folder.resolve(slug), Ok(Position::Migration(version.clone())));
            }
        }
    }

    #[test]
    fn steps_beside_a_migration_go_there_and_back(folder in folder()) {
        let places = folder.0.len() + 1;
        for from in 0..places {
            let start = match from {
                0 => "base".to_owned(),
                _ => folder.0[from - 1].1.clone(),
            };
            for to in 0..places {
                let step = from.abs_diff(to);
                let signs: &[char] = if to < from { &['-', '~'] } else { &['+'] };
                for sign in signs {
                    prop_assert_eq!(folder.resolve(&format!("{start}{sign}{step}")), Ok(folder.position(to)));
                }
            }
            let too_far = TargetError::TooFarBeside {
                text: format!("{start}~{}", from + 1),
                start: folder.position(from),
                side: "before",
                available: from,
            };
            prop_assert_eq!(folder.resolve(&format!("{start}~{}", from + 1)), Err(too_far));
        }
    }

    #[test]
    fn steps_from_here_count_what_is_pending_and_applied(folder in folder()) {
        let positions = |state: bool| -> Vec<Position> {
            folder.0.iter().filter(|entry| entry.2 == state).map(|entry| Position::Migration(entry.0.clone())).collect()
        };
        let (applied, pending) = (positions(true), positions(false));
        for (index, position) in pending.iter().enumerate() {
            prop_assert_eq!(folder.resolve(&format!("+{}", index + 1)), Ok(position.clone()));
        }
        for back in 0..=applied.len() {
            let left = applied.len() - back;
            let position = left.checked_sub(1).map_or(Position::Base, |last| applied[last].clone());
            prop_assert_eq!(folder.resolve(&format!("-{back}")), Ok(position));
        }
        let too_far = format!("+{}", pending.len() + 1);
        let error = TargetError::TooFarForward { text: too_far.clone(), pending: pending.len() };
        prop_assert_eq!(folder.resolve(&too_far), Err(error));
        let too_far = format!("-{}", applied.len() + 1);
        let error = TargetError::TooFarBack { text: too_far.clone(), applied: applied.len() };
        prop_assert_eq!(folder.resolve(&too_far), Err(error));
    }
}
