//! Laws of schemas and the differences between them.

mod values;

use std::collections::BTreeSet;

use diesel_manage::schema::change::{Change, Difference, RenamedColumn, Renames, apply, diff};
use diesel_manage::schema::{Name, Schema};
use proptest::prelude::*;
use proptest::sample::Index;

use values::{pair, schema};

/// What a difference speaks of: the order of columns is none, a partition's columns are the whole's, and
/// what a view's columns are follows from its query.
fn compared(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    for table in &mut schema.tables {
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
    for view in &mut schema.views {
        view.columns.clear();
        view.reads.clear();
    }
    // Equal names are not sorted by what they are about.
    for table in &mut schema.tables {
        table.uniques.sort_by_key(|one| format!("{one:?}"));
        table.checks.sort_by_key(|one| format!("{one:?}"));
        table.foreign_keys.sort_by_key(|one| format!("{one:?}"));
    }
    schema
}

/// The way back, step by step.
fn undone(changes: &[Change]) -> Vec<Change> {
    changes.iter().rev().cloned().map(Change::reverse).collect()
}

/// As a set.
fn set(changes: &[Change]) -> BTreeSet<String> {
    changes.iter().map(|change| format!("{change:?}")).collect()
}

/// Other names for some of the tables and columns of a schema, swapped names among them.
fn renames(schema: &Schema, picks: &[(Index, Index, bool)]) -> Renames {
    let mut renames = Renames::default();
    if schema.tables.is_empty() {
        return renames;
    }
    for (number, (table, column, swap)) in picks.iter().enumerate() {
        let table = table.get(&schema.tables);
        if number == 0 {
            let other = &schema.tables[0];
            if *swap && other.name != table.name {
                renames
                    .tables
                    .push((other.name.clone(), table.name.clone()));
                renames
                    .tables
                    .push((table.name.clone(), other.name.clone()));
            } else {
                let to = table.name.sibling("a new table");
                renames.tables.push((table.name.clone(), to));
            }
            continue;
        }
        let after = |name: &Name| {
            let found = renames.tables.iter().find(|(from, _)| from == name);
            found.map_or_else(|| name.clone(), |(_, to)| to.clone())
        };
        let name = after(&table.name);
        if renames.columns.iter().any(|one| one.table == name) {
            continue;
        }
        let (one, other) = (&column.get(&table.columns).name, &table.columns[0].name);
        let mut push = |from: &str, to: &str| {
            renames.columns.push(RenamedColumn {
                table: name.clone(),
                from: from.to_owned(),
                to: to.to_owned(),
            });
        };
        if *swap && one != other {
            push(one, other);
            push(other, one);
        } else {
            push(one, "a new column");
        }
    }
    renames
}

proptest! {
    #[test]
    fn a_schema_does_not_differ_from_itself(a in schema()) {
        prop_assert_eq!(diff(&a, &a), vec![]);
    }

    #[test]
    fn the_changes_lead_from_one_schema_to_the_other_and_back((a, b) in pair()) {
        let changes = diff(&a, &b);
        let there = apply(&a, &changes);
        prop_assert_eq!(compared(&there), compared(&b));
        prop_assert_eq!(diff(&there, &b), vec![]);
        let back = apply(&b, &undone(&changes));
        prop_assert_eq!(compared(&back), compared(&a));
    }

    #[test]
    fn the_difference_the_other_way_round_is_the_changes_reversed((a, b) in pair()) {
        let reversed: Vec<_> = diff(&a, &b).into_iter().map(Change::reverse).collect();
        prop_assert_eq!(set(&reversed), set(&diff(&b, &a)));
    }

    #[test]
    fn renaming_and_renaming_back_changes_nothing(
        a in schema(),
        picks in proptest::collection::vec(any::<(Index, Index, bool)>(), 0..4),
    ) {
        let renames = renames(&a, &picks);
        let there = Difference::between(a.clone(), a.clone(), renames.clone());
        let back = Difference::between(there.base.clone(), a.clone(), renames.reverse());
        prop_assert_eq!(&back.base, &a);
        prop_assert_eq!(&renames.reverse().reverse(), &renames);
        let changes = renames.changes();
        prop_assert_eq!(&apply(&a, &changes), &there.base);
        prop_assert_eq!(&apply(&there.base, &undone(&changes)), &a);
    }

    #[test]
    fn a_difference_leads_there_with_its_renames_and_twice_reversed_is_the_same(
        (a, b) in pair(),
        picks in proptest::collection::vec(any::<(Index, Index, bool)>(), 0..4),
    ) {
        let difference = Difference::between(a.clone(), b.clone(), renames(&a, &picks));
        prop_assert_eq!(compared(&apply(&a, &difference.changes)), compared(&b));
        let back = difference.reverse();
        prop_assert_eq!(compared(&apply(&b, &back.changes)), compared(&a));
        prop_assert_eq!(&back.reverse(), &difference);
    }

    #[test]
    fn a_change_describes_itself_in_one_line((a, b) in pair()) {
        for change in diff(&a, &b) {
            let line = change.describe();
            prop_assert!(!line.trim().is_empty() && !line.contains('\n'), "{line:?}");
            prop_assert_eq!(change.clone().reverse().reverse(), change);
        }
    }
}
