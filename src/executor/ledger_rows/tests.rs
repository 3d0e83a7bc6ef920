use std::path::PathBuf;

use super::*;
use crate::migration::Declaration;

/// Migrations as `version<what it follows,comma separated`, with `@label` and `!` for what is applied;
/// `1! 2!<1 3<1@billing`. What begins with `?` is applied and has no folder.
fn rows(migrations: &str, targets: &str, before: Before) -> String {
    let mut declarations = Vec::new();
    let mut known = BTreeMap::new();
    for text in migrations.split_whitespace() {
        let (text, label) = text
            .split_once('@')
            .map_or((text, None), |(text, label)| (text, Some(label.to_owned())));
        let (name, follows) = text
            .split_once('<')
            .map_or((text, None), |(name, follows)| (name, Some(follows)));
        let applied = name.ends_with('!') || name.starts_with('?');
        let version = Version::of_directory(name.trim_matches(['!', '?']));
        let on_disk = !name.starts_with('?');
        known.insert(
            version.clone(),
            KnownMigration {
                name: version.to_string(),
                applied,
                on_disk,
            },
        );
        if on_disk {
            declarations.push(Declaration {
                name: version.to_string(),
                path: PathBuf::new(),
                folder: 0,
                depends_on: follows.map(|follows| {
                    follows
                        .split(',')
                        .filter(|one| !one.is_empty())
                        .map(Version::of_directory)
                        .collect()
                }),
                labels: label.into_iter().collect(),
                version,
            });
        }
    }
    let graph = Graph::of(declarations, Vec::new());
    let targets: Vec<_> = targets
        .split_whitespace()
        .map(|text| Target::parse(text).unwrap())
        .collect();
    match LedgerRows::at(&targets, &known, &graph, before) {
        Ok(rows) => {
            let list = |sign: &str, versions: &[Version]| {
                versions
                    .iter()
                    .map(|version| format!("{sign}{version}"))
                    .collect::<Vec<_>>()
            };
            [
                list("-", &rows.forget),
                list("+", &rows.record),
                list("=", &rows.kept),
            ]
            .concat()
            .join(" ")
        }
        Err(error) => error.to_string(),
    }
}

fn keep(migrations: &str, targets: &str) -> String {
    rows(migrations, targets, Before::Keep)
}

#[test]
fn in_a_chain_everything_up_to_the_target_is_applied_and_nothing_above() {
    assert_eq!(keep("001! 002 003! 004!", "002"), "-004 -003 +002");
    assert_eq!(keep("001 002 003", "head"), "+001 +002 +003");
    assert_eq!(keep("001! 002! 003", "base"), "-002 -001");
    assert_eq!(keep("001! 002! 003", "002"), "");
}

#[test]
fn of_several_branches_those_that_are_named_are_applied_with_what_they_follow() {
    let branches = "001 002<001 003<001 004<001";
    assert_eq!(keep(branches, "002 003"), "+001 +002 +003");
    assert_eq!(keep("001! 002!<001 003!<001", "002"), "-003");
}

#[test]
fn one_head_is_not_guessed_where_a_line_has_parted() {
    let parted = "001 002<001 003<001";
    assert_eq!(keep(parted, "head"), "`head` could be any of 2 heads");
    assert_eq!(keep(parted, "heads"), "+001 +002 +003");
    // These are meant to be side by side.
    assert_eq!(keep("001 002<001@a 003<001@b", "head"), "+001 +002 +003");
}

#[test]
fn a_branch_leaves_the_others_alone() {
    let branches = "001! 002!<001@a 003<002 004!<001@b 005!<004";
    assert_eq!(keep(branches, "a@head"), "+003");
    assert_eq!(keep(branches, "a@base"), "-002");
    assert_eq!(keep(branches, "a@head b@004"), "-005 +003");
    // What joins both cannot stay when one side goes.
    assert_eq!(
        keep("001! 002!<001@a 003!<001@b 004!<002,003", "a@base"),
        "-004 -002"
    );
}

#[test]
fn what_a_branch_follows_comes_with_it() {
    assert_eq!(keep("001 002<001@a 003<001@b", "b@head"), "+001 +003");
}

#[test]
fn steps_count_from_where_the_database_stands() {
    assert_eq!(keep("001! 002! 003! 004", "-2"), "-003 -002");
    assert_eq!(keep("001! 002 003", "+1"), "+002");
    assert_eq!(keep("001! 002 003!", "current"), "");
    assert_eq!(
        keep("001! 002!", "-1 002"),
        "`-1` is counted from where the database stands, so it cannot be one of several targets"
    );
}

#[test]
fn a_row_without_a_folder_stays_until_everything_is_erased() {
    assert_eq!(keep("001! ?002 003", "003"), "+003 =002");
    assert_eq!(
        rows("001! ?002 003", "003", Before::Erase),
        "-002 -001 +001 +003"
    );
    assert_eq!(
        keep("001! ?002 003", "002"),
        "`002` has no folder, so nothing tells what it follows"
    );
}

#[test]
fn erasing_says_nothing_but_the_targets() {
    let branches = "001! 002!<001@a 003!<001@b";
    assert_eq!(
        rows(branches, "a@head", Before::Erase),
        "-003 -002 -001 +001 +002"
    );
}
