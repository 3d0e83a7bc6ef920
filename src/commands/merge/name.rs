//! What a merge is called where nobody says so: by the heads that it joins.

use crate::migration::{Slug, Version};
use crate::ui;

/// How many characters the name of a folder has at most, after the version.
const ROOM: usize = 50;

/// With less than this left of it, a name says nothing.
const LEAST: usize = 8;

/// What a merge's name begins with.
const PREFIX: &str = "merge_";

/// What stands between two names.
const AND: &str = "_and_";

/// What a head is called in a sentence: its name without the version, if no other one has it.
pub(super) fn short(names: &[&str]) -> Vec<String> {
    let rest = |name: &str| {
        name.split_once('_')
            .map_or(name, |(_, rest)| rest)
            .to_owned()
    };
    let all: Vec<String> = names.iter().map(|name| rest(name)).collect();
    names
        .iter()
        .zip(&all)
        .map(|(name, short)| {
            let is_alone = all.iter().filter(|other| *other == short).count() == 1;
            if is_alone && !short.is_empty() {
                short.clone()
            } else {
                (*name).to_owned()
            }
        })
        .collect()
}

/// The message of a merge: `Merge add_a and add_b`.
pub(super) fn message(names: &[&str]) -> String {
    format!("Merge {}", ui::list(&short(names), 4))
}

/// The name of a merge: `merge_add_a_and_add_b`, each name cut after a word where there is no room.
pub(super) fn slug(names: &[&str]) -> String {
    let words: Vec<String> = names.iter().map(|name| word(name)).collect();
    // The more there are, the less can be said of each: some are then only counted.
    for shown in (1..=words.len()).rev() {
        let more = match words.len() - shown {
            0 => String::new(),
            more => format!("{AND}{more}_more"),
        };
        let between = AND.len() * (shown - 1);
        let room = ROOM.saturating_sub(PREFIX.len() + between + more.len());
        if let Some(words) = fit(&words[..shown], room) {
            return format!("{PREFIX}{}{more}", words.join(AND));
        }
    }
    format!("{PREFIX}{}_branches", words.len())
}

/// A head's own words; those of a merge without what makes it one.
fn word(name: &str) -> String {
    let rest = name.split_once('_').map_or("", |(_, rest)| rest);
    let slug = Slug::from_message(rest).map_or_else(
        |_| Version::of_directory(name).to_string(),
        |slug| slug.to_string(),
    );
    match slug.strip_prefix(PREFIX) {
        Some(rest) => rest.to_owned(),
        None => slug,
    }
}

/// The words cut to a room that they share: nobody is cut for the sake of one that is longer.
fn fit(words: &[String], room: usize) -> Option<Vec<String>> {
    let most = (LEAST..=room).rev().find(|most| {
        let sum: usize = words.iter().map(|word| word.len().min(*most)).sum();
        sum <= room
    })?;
    // What cutting after a whole word saves is for those that follow.
    let mut spare = 0;
    let mut cuts = Vec::with_capacity(words.len());
    for word in words {
        let own = word.len().min(most);
        let cut = cut(word, own + spare);
        spare = own + spare - cut.len();
        cuts.push(cut.to_owned());
    }
    Some(cuts)
}

/// Cuts after the last word that fits, if that leaves half of what would fit.
fn cut(word: &str, most: usize) -> &str {
    if word.len() <= most {
        return word;
    }
    match word[..=most].rfind('_') {
        Some(end) if end * 2 >= most => &word[..end],
        Some(_) | None => word[..most].trim_end_matches('_'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_is_named_by_its_heads() {
        assert_eq!(
            slug(&["2026-01-01-000000_add_a", "2026-01-02-000000_add_b"]),
            "merge_add_a_and_add_b"
        );
        assert_eq!(
            message(&["2026-01-01-000000_add_a", "2026-01-02-000000_add_b"]),
            "Merge add_a and add_b"
        );
        assert_eq!(slug(&["1_a", "2_b", "3_c"]), "merge_a_and_b_and_c");
    }

    #[test]
    fn heads_of_one_name_are_told_apart_by_their_versions() {
        assert_eq!(
            short(&["1_init", "2_init", "3_b"]),
            ["1_init", "2_init", "b"]
        );
        assert_eq!(short(&["1", "2_"]), ["1", "2_"]);
        assert_eq!(slug(&["1", "2_日本"]), "merge_1_and_2");
    }

    #[test]
    fn a_merge_of_merges_does_not_say_so_twice() {
        assert_eq!(slug(&["1_merge_a_and_b", "2_c"]), "merge_a_and_b_and_c");
    }

    #[test]
    fn long_names_are_cut_after_a_word_and_short_ones_are_kept() {
        let found = slug(&["1_add_the_very_long_name_of_a_column_to_users", "2_add_b"]);
        assert_eq!(found, "merge_add_the_very_long_name_of_a_column_and_add_b");
        let found = slug(&[
            "1_add_the_very_long_name_of_a_column_to_users",
            "2_remove_the_very_long_name_of_a_column",
        ]);
        assert_eq!(found, "merge_add_the_very_long_and_remove_the_very_long");
        let found = slug(&[
            &format!("1_{}", "a".repeat(60)),
            &format!("2_{}", "b".repeat(60)),
        ]);
        assert_eq!(found, "merge_aaaaaaaaaaaaaaaaaaa_and_bbbbbbbbbbbbbbbbbbb");
    }

    #[test]
    fn of_many_heads_some_are_counted() {
        let names: Vec<String> = (1..=9).map(|at| format!("{at}_add_column_{at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(
            slug(&names),
            "merge_add_column_1_and_add_column_2_and_7_more"
        );
        assert_eq!(
            message(&names),
            "Merge add_column_1, add_column_2, add_column_3 and 6 more"
        );
        for count in 2..9 {
            let slug = slug(&names[..count]);
            assert!(slug.len() <= ROOM, "{slug}");
            assert_eq!(Slug::from_message(&slug).unwrap().as_str(), slug);
        }
    }
}
