//! `RENAME`, one after the other, though all of them happen at once.

use super::spelling::quoted;
use crate::schema::Schema;
use crate::schema::change::Renames;

/// The statements: tables, then columns.
pub(super) fn statements(from: &Schema, renames: &Renames) -> Vec<String> {
    let mut statements = Vec::new();
    let tables = renames
        .tables
        .iter()
        .map(|(from, to)| (from.name.as_str(), to.name.as_str()));
    let taken = from.tables.iter().map(|table| table.name.name.as_str());
    let views = from.views.iter().map(|view| view.name.name.as_str());
    let indexes = from.tables.iter().flat_map(|table| &table.indexes);
    let taken = taken
        .chain(views)
        .chain(indexes.map(|index| index.name.as_str()));
    for (from, to) in one_by_one(tables, taken, Case::Matters) {
        statements.push(format!(
            "ALTER TABLE {} RENAME TO {}",
            quoted(&from),
            quoted(&to)
        ));
    }
    let mut done = Vec::new();
    for column in &renames.columns {
        if done.contains(&&column.table) {
            continue;
        }
        done.push(&column.table);
        let before = renames
            .tables
            .iter()
            .find(|(_, to)| *to == column.table)
            .map_or(&column.table, |(from, _)| from);
        let columns = from
            .table(before)
            .map(|table| table.columns.as_slice())
            .unwrap_or_default();
        let own = renames
            .columns
            .iter()
            .filter(|other| other.table == column.table)
            .map(|other| (other.from.as_str(), other.to.as_str()));
        let taken = columns.iter().map(|column| column.name.as_str());
        for (from, to) in one_by_one(own, taken, Case::Changes) {
            statements.push(format!(
                "ALTER TABLE {} RENAME COLUMN {} TO {}",
                quoted(&column.table.name),
                quoted(&from),
                quoted(&to)
            ));
        }
    }
    statements
}

/// Whether a name can be changed into itself in other letters, in one step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Changes,
    Matters,
}

/// Steps that never meet a name that is taken, by way of names that nothing has.
fn one_by_one<'a>(
    renames: impl Iterator<Item = (&'a str, &'a str)>,
    taken: impl Iterator<Item = &'a str>,
    case: Case,
) -> Vec<(String, String)> {
    let mut taken: Vec<String> = taken.map(str::to_ascii_lowercase).collect();
    let mut left: Vec<(String, String)> = renames
        .map(|(from, to)| (from.to_owned(), to.to_owned()))
        .collect();
    let mut steps = Vec::new();
    while !left.is_empty() {
        let free = left.iter().position(|(from, to)| {
            let same = from.eq_ignore_ascii_case(to);
            (same && case == Case::Changes) || !taken.contains(&to.to_ascii_lowercase())
        });
        let (from, to) = if let Some(at) = free {
            left.remove(at)
        } else {
            let other = unused(&format!("{}_before", left[0].0), |name| {
                taken.contains(&name.to_ascii_lowercase())
            });
            let from = std::mem::replace(&mut left[0].0, other.clone());
            (from, other)
        };
        taken.retain(|name| !name.eq_ignore_ascii_case(&from));
        taken.push(to.to_ascii_lowercase());
        steps.push((from, to));
    }
    steps
}

/// The name, or the name with the first number behind it that makes it free.
pub(super) fn unused(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut found = name.to_owned();
    let mut number = 2_usize;
    while is_taken(&found) {
        found = format!("{name}_{number}");
        number += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(renames: &[(&'static str, &'static str)], case: Case) -> Vec<(String, String)> {
        let taken = renames.iter().map(|(from, _)| *from);
        one_by_one(renames.iter().copied(), taken, case)
    }

    fn pairs(steps: &[(String, String)]) -> Vec<(&str, &str)> {
        steps
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect()
    }

    #[test]
    fn a_free_name_is_taken_at_once_and_a_chain_from_its_end() {
        let found = steps(&[("a", "b"), ("b", "c")], Case::Matters);
        assert_eq!(pairs(&found), [("b", "c"), ("a", "b")]);
    }

    #[test]
    fn two_names_are_swapped_by_way_of_a_third() {
        let found = steps(&[("a", "b"), ("b", "a")], Case::Matters);
        assert_eq!(
            pairs(&found),
            [("a", "a_before"), ("b", "a"), ("a_before", "b")]
        );
    }

    #[test]
    fn other_letters_are_the_same_name_where_sqlite_says_so() {
        let found = steps(&[("Users", "users")], Case::Matters);
        assert_eq!(
            pairs(&found),
            [("Users", "Users_before"), ("Users_before", "users")]
        );
        let found = steps(&[("Id", "id")], Case::Changes);
        assert_eq!(pairs(&found), [("Id", "id")]);
    }
}
