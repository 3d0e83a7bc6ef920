use super::*;
use crate::error::{Explain, Kind};

const NAMES: [&str; 7] = [
    "0001_init",
    "1_one",
    "2026-01-01-120000_add_users",
    "2026-01-01-120000-0001_add_roles",
    "2026-02-01-120000_drop_users",
    "2026-11-05-120000-0000_add_index",
    "foo-bar_words",
];

/// Resolves a target when the first `applied` migrations are applied.
fn resolve(text: &str, applied: usize) -> Result<Position, TargetError> {
    resolve_among(text, &NAMES, |index| index < applied)
}

fn resolve_among(
    text: &str,
    names: &[&str],
    applied: impl Fn(usize) -> bool,
) -> Result<Position, TargetError> {
    let versions: Vec<Version> = names
        .iter()
        .map(|name| Version::of_directory(name))
        .collect();
    let known: Vec<Known<'_>> = versions
        .iter()
        .zip(names)
        .enumerate()
        .map(|(index, (version, name))| Known {
            version,
            name,
            applied: applied(index),
        })
        .collect();
    assert!(known.is_sorted_by_key(|known| known.version));
    Target::parse(text)?.resolve(&known)
}

fn found(text: &str) -> String {
    resolve(text, 3).map_or_else(|error| error.to_string(), |position| position.to_string())
}

/// The message, the details and the hints, as they reach the screen.
fn refused(text: &str, applied: usize) -> String {
    let error = resolve(text, applied).unwrap_err();
    let mut lines = vec![error.to_string()];
    lines.extend(
        error
            .details()
            .into_iter()
            .map(|detail| format!("  {detail}")),
    );
    lines.extend(
        error
            .hints()
            .into_iter()
            .map(|hint| format!("hint: {hint}")),
    );
    lines.join("\n")
}

#[test]
fn keywords_mean_places_in_any_case() {
    for word in ["head", "HEADS", "Latest"] {
        assert_eq!(found(word), "foobar");
    }
    for word in ["base", "Zero"] {
        assert_eq!(resolve(word, 3), Ok(Position::Base));
    }
    assert_eq!(found("First"), "0001");
    assert_eq!(found("current"), "20260101120000");
    assert_eq!(resolve("current", 0), Ok(Position::Base));
}

#[test]
fn without_migrations_the_head_is_the_base() {
    let resolve = |text| resolve_among(text, &[], |_| false);
    assert_eq!(resolve("head"), Ok(Position::Base));
    assert_eq!(resolve("current"), Ok(Position::Base));
    assert_eq!(
        resolve("first"),
        Err(TargetError::NoMigrations {
            text: "first".into()
        })
    );
}

#[test]
fn a_migration_is_named_by_directory_version_or_name() {
    assert_eq!(found("2026-01-01-120000_add_users"), "20260101120000");
    assert_eq!(found("20260101120000_add_users"), "20260101120000");
    assert_eq!(found("2026-01-01-120000"), "20260101120000");
    assert_eq!(found("20260101120000"), "20260101120000");
    assert_eq!(found("202601-01120000"), "20260101120000");
    assert_eq!(found("202601011200000001"), "202601011200000001");
    assert_eq!(found("1"), "1");
    assert_eq!(found("0001"), "0001");
    assert_eq!(found("foo-bar"), "foobar");
    assert_eq!(found("foobar"), "foobar");
    assert_eq!(found("add_roles"), "202601011200000001");
}

#[test]
fn a_migration_is_named_by_the_start_of_any_of_these() {
    assert_eq!(found("2026-02"), "20260201120000");
    assert_eq!(found("202602"), "20260201120000");
    assert_eq!(found("2026-02-01-120000_dr"), "20260201120000");
    assert_eq!(found("20260201120000_dr"), "20260201120000");
    assert_eq!(found("dro"), "20260201120000");
    assert_eq!(found("2026-01-01-120000-0"), "202601011200000001");
    assert_eq!(found("000"), "0001");
}

#[test]
fn a_start_that_fits_several_lists_them() {
    insta::assert_snapshot!(refused("add", 3), @"
        `add` matches 3 migrations
          2026-01-01-120000_add_users
          2026-01-01-120000-0001_add_roles
          2026-11-05-120000-0000_add_index
        hint: type more of it, or the whole name of the directory
        ");
    insta::assert_snapshot!(refused("2026-01", 3), @"
        `2026-01` matches 2 migrations
          2026-01-01-120000_add_users
          2026-01-01-120000-0001_add_roles
        hint: type more of it, or the whole name of the directory
        ");
    insta::assert_snapshot!(refused("2026-01~1", 3), @"
        `2026-01` matches 2 migrations
          2026-01-01-120000_add_users
          2026-01-01-120000-0001_add_roles
        hint: type more of it, or the whole name of the directory
        ");
}

#[test]
fn two_directories_of_one_version_are_one_place() {
    let names = ["2026-01-01-000000_a_one", "20260101000000_a_two", "2027_b"];
    let resolve =
        |text| resolve_among(text, &names, |_| false).map(|position| position.to_string());
    assert_eq!(resolve("20260101000000").as_deref(), Ok("20260101000000"));
    assert_eq!(resolve("2026-01").as_deref(), Ok("20260101000000"));
    assert_eq!(resolve("20260101000000+1").as_deref(), Ok("2027"));
    assert_eq!(resolve("2027~2").as_deref(), Ok("base"));
}

#[test]
fn a_number_without_sign_is_never_a_step() {
    insta::assert_snapshot!(refused("5", 3), @"
        no migration matches `5`
        hint: for a number of steps, write its sign: +5 or -5
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("1730111612", 3), @"
        no migration matches `1730111612`
        hint: see what there is: manage showmigrations
        ");
}

#[test]
fn a_number_with_a_sign_is_never_a_version() {
    assert_eq!(found("-1"), "1");
    assert_eq!(resolve("-1", 2).unwrap().to_string(), "0001");
    insta::assert_snapshot!(refused("-0001000000", 3), @"
        `-0001000000` goes too far: 3 migrations are applied
        hint: to revert them all: manage downgrade base
        ");
    insta::assert_snapshot!(refused("-99999999999999999999999", 3), @"
        `-99999999999999999999999` goes too far: 3 migrations are applied
        hint: to revert them all: manage downgrade base
        ");
}

#[test]
fn steps_count_pending_forwards_and_applied_backwards() {
    assert_eq!(found("+1"), "202601011200000001");
    assert_eq!(found("+4"), "foobar");
    assert_eq!(found("-2"), "0001");
    assert_eq!(found("-3"), "base");
    assert_eq!(found("+0"), "20260101120000");
    assert_eq!(found("-0"), "20260101120000");
}

#[test]
fn steps_pass_over_a_pending_migration_in_the_middle() {
    let names = ["1_a", "2_b", "3_c", "4_d"];
    let resolve = |text| {
        resolve_among(text, &names, |index| index != 1 && index != 3)
            .unwrap()
            .to_string()
    };
    assert_eq!(resolve("current"), "3");
    assert_eq!(resolve("+1"), "2");
    assert_eq!(resolve("+2"), "4");
    assert_eq!(resolve("-1"), "1");
    assert_eq!(resolve("-2"), "base");
}

#[test]
fn too_many_steps_tell_how_many_there_are() {
    insta::assert_snapshot!(refused("+5", 3), @"
        `+5` goes too far: 4 migrations are pending
        hint: to apply them all: manage migrate head
        ");
    insta::assert_snapshot!(refused("+1", 7), @"
        `+1` goes too far: no migration is pending
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("-4", 3), @"
        `-4` goes too far: 3 migrations are applied
        hint: to revert them all: manage downgrade base
        ");
    insta::assert_snapshot!(refused("-2", 1), @"
        `-2` goes too far: 1 migration is applied
        hint: to revert them all: manage downgrade base
        ");
    insta::assert_snapshot!(refused("-1", 0), @"
        `-1` goes too far: no migration is applied
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("add_users~4", 0), @"
        `add_users~4` goes too far: there are 3 steps before `20260101120000`
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("dro+3", 0), @"
        `dro+3` goes too far: there are 2 steps after `20260201120000`
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("head+1", 0), @"
        `head+1` goes too far: nothing comes after `foobar`
        hint: see what there is: manage showmigrations
        ");
}

#[test]
fn steps_beside_a_migration_count_by_version() {
    assert_eq!(found("add_users~1"), "1");
    assert_eq!(found("add_users-1"), "1");
    assert_eq!(found("add_users+1"), "202601011200000001");
    assert_eq!(found("add_users~3"), "base");
    assert_eq!(found("head-1"), "202611051200000000");
    assert_eq!(found("base+1"), "0001");
    assert_eq!(found("CURRENT~1"), "1");
    assert_eq!(found("dro~0"), "20260201120000");
    assert_eq!(found("2026-02~1"), "202601011200000001");
    assert_eq!(found("2026-11-05-120000-0000-1"), "20260201120000");
    assert_eq!(found("202611051200000000-0001"), "20260201120000");
    assert_eq!(found("foo-bar-1"), "202611051200000000");
}

#[test]
fn a_date_that_nothing_has_is_not_a_step_back_from_another() {
    insta::assert_snapshot!(refused("2026-11-04", 3), @"
        no migration matches `2026-11-04`
        hint: did you mean `2026-11-05-120000-0000_add_index`?
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("2026-11-2", 3), @"
        no migration matches `2026-11-2`
        hint: did you mean `2026-11-05-120000-0000_add_index`?
        hint: see what there is: manage showmigrations
        ");
}

#[test]
fn an_unknown_name_is_answered_by_the_nearest() {
    insta::assert_snapshot!(refused("ad_users", 3), @"
        no migration matches `ad_users`
        hint: did you mean `2026-01-01-120000_add_users`?
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("users", 3), @"
        no migration matches `users`
        hint: did you mean `2026-02-01-120000_drop_users` or `2026-01-01-120000_add_users`?
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("haed", 3), @"
        no migration matches `haed`
        hint: did you mean `head`?
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("qqqqqq", 3), @"
        no migration matches `qqqqqq`
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("ad", 3), @"
        no migration matches `ad`
        hint: type three characters of its name or more
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("ad_users~1", 3), @"
        no migration matches `ad_users`
        hint: did you mean `2026-01-01-120000_add_users`?
        hint: see what there is: manage showmigrations
        ");
    insta::assert_snapshot!(refused("\u{7}\n", 3), @r"
        no migration matches `\u{7}\n`
        hint: type three characters of its name or more
        hint: see what there is: manage showmigrations
        ");
}

#[test]
fn a_blank_target_is_refused() {
    assert_eq!(Target::parse(""), Err(TargetError::Empty));
    assert_eq!(Target::parse(" \t"), Err(TargetError::Empty));
    assert_eq!(TargetError::Empty.kind(), Kind::Usage);
}

#[test]
fn a_range_has_two_ends_which_may_be_open() {
    let versions: Vec<Version> = NAMES
        .iter()
        .map(|name| Version::of_directory(name))
        .collect();
    let known: Vec<Known<'_>> = versions
        .iter()
        .zip(NAMES)
        .map(|(version, name)| Known {
            version,
            name,
            applied: false,
        })
        .collect();
    let resolve = |text: &str| {
        let (from, to) = Range::parse(text)?.resolve(&known)?;
        Ok::<_, TargetError>(format!("{from} {to}"))
    };
    assert_eq!(
        resolve("add_users:head~1").as_deref(),
        Ok("20260101120000 202611051200000000")
    );
    assert_eq!(
        resolve("add_users:").as_deref(),
        Ok("20260101120000 foobar")
    );
    assert_eq!(resolve(":add_users").as_deref(), Ok("base 20260101120000"));
    assert_eq!(resolve(":").as_deref(), Ok("base foobar"));
    assert_eq!(resolve("head:first").as_deref(), Ok("foobar 0001"));
    assert_eq!(
        resolve("head").unwrap_err(),
        TargetError::NotARange {
            text: "head".into()
        }
    );
    assert_eq!(
        resolve("a:b:c").unwrap_err(),
        TargetError::NotARange {
            text: "a:b:c".into()
        }
    );
    assert!(Range::is_range("a:b"));
    assert!(!Range::is_range("a"));
}

#[test]
fn a_range_where_one_place_is_wanted_is_called_a_range() {
    insta::assert_snapshot!(refused("base:head", 3), @"
        `base:head` is a range, and one migration is wanted here
        hint: name one place, such as head, base, -1, or a version
        ");
}
