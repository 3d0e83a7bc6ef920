use super::{AppliedSet, LastState, States, Turn, Unrecorded};
use crate::history::{Action, Applied, Ledger};
use crate::migration::Version;
use crate::schema::Schema;
use crate::schema::manifest::{Fingerprint, Manifest};

/// A fingerprint for each number.
fn fingerprint(number: usize) -> Fingerprint {
    let schema = Schema {
        namespaces: vec![number.to_string()],
        ..Schema::default()
    };
    Manifest::of(&schema).fingerprint().clone()
}

fn versions(names: &[&str]) -> Vec<Version> {
    names.iter().map(|name| Version::parse(name)).collect()
}

fn deed(action: Action, name: &str, applied: &[&str], after: Option<usize>) -> Turn {
    Turn {
        version: Version::parse(name),
        name: format!("{name}_x"),
        action: Some(action),
        at: "2026-01-01 00:00:00".to_owned(),
        before: None,
        after: after.map(fingerprint),
        applied: after.map(|_| AppliedSet::of(versions(applied).iter())),
    }
}

fn ledger(names: &[&str]) -> Ledger {
    let row = |version: Version| Applied {
        version,
        run_on: "2026-01-01 00:00:00".to_owned(),
    };
    Ledger::of(versions(names).into_iter().map(row).collect())
}

fn known(states: &States, names: &[&str]) -> Option<usize> {
    match states.last(&ledger(names)) {
        LastState::Known { fingerprint, .. } => {
            (0..10).find(|number| self::fingerprint(*number) == fingerprint)
        }
        LastState::Unknown { .. } | LastState::Never => None,
    }
}

fn why(states: &States, names: &[&str]) -> Option<Unrecorded> {
    match states.last(&ledger(names)) {
        LastState::Unknown { why, .. } => Some(why),
        LastState::Known { .. } | LastState::Never => None,
    }
}

#[test]
fn a_state_is_found_by_what_was_applied_in_whatever_order() {
    let states = States::of(vec![
        deed(Action::Apply, "1", &["1"], Some(1)),
        deed(Action::Apply, "2", &["1", "2"], Some(2)),
        deed(Action::Revert, "2", &["1"], Some(3)),
    ]);
    let when = |names: &[&str]| states.when(versions(names).iter()).cloned();
    assert_eq!(when(&["2", "1"]), Some(fingerprint(2)));
    assert_eq!(when(&["1"]), Some(fingerprint(3)));
    assert_eq!(when(&["2"]), None);
    assert_eq!(known(&states, &["1"]), Some(3));
}

#[test]
fn what_was_there_before_a_deed_belongs_to_what_was_applied_then() {
    let mut first = deed(Action::Apply, "1", &["1"], Some(1));
    first.before = Some(fingerprint(0));
    let states = States::of(vec![first]);
    assert_eq!(states.when([].iter()), Some(&fingerprint(0)));
}

#[test]
fn what_another_tool_did_in_between_is_unknown_and_never_wrong() {
    // Another tool applied 2, reverted 3, and this one reverted 2.
    let states = States::of(vec![
        deed(Action::Apply, "1", &["1"], Some(1)),
        deed(Action::Apply, "3", &["1", "2", "3"], Some(3)),
    ]);
    let when = |names: &[&str]| states.when(versions(names).iter()).cloned();
    assert_eq!(when(&["1"]), Some(fingerprint(1)));
    assert_eq!(when(&["1", "3"]), None);
    assert_eq!(why(&states, &["1", "2"]), Some(Unrecorded::Elsewhere));
    assert_eq!(known(&states, &["1", "2", "3"]), Some(3));
}

#[test]
fn what_runs_nothing_leaves_what_is_known() {
    let states = States::of(vec![
        deed(Action::Apply, "1", &["1"], Some(1)),
        deed(Action::Accept, "1", &[], None),
        deed(Action::Fake, "2", &[], None),
        deed(Action::Prune, "1", &[], None),
    ]);
    assert_eq!(known(&states, &["2"]), Some(1));
}

#[test]
fn what_ran_unseen_makes_it_unknown() {
    let states = States::of(vec![
        deed(Action::Apply, "1", &["1"], Some(1)),
        deed(Action::Apply, "2", &[], None),
    ]);
    assert_eq!(why(&states, &["1", "2"]), Some(Unrecorded::Here));
    assert_eq!(States::default().last(&ledger(&["1"])), LastState::Never);
}
