//! Makes way for names: what has a name that something else is to get, and is not renamed itself, has
//! to go in the end. Until then it is called otherwise, so that no statement can mean the wrong one.

use std::borrow::Cow;

use crate::schema::change::{Difference, RenamedColumn, Renames};
use crate::schema::{Name, Schema};

/// The longest name that every server takes, with room for what is put behind it.
const LONGEST: usize = 40;

/// The difference, with renames for what is in the way.
pub(super) fn make_way(difference: &Difference) -> Cow<'_, Difference> {
    let (from, to) = (&difference.from, &difference.to);
    let mut renames = difference.renames.clone();
    tables(&mut renames, from, to);
    columns(&mut renames, from, to);
    if renames == difference.renames {
        return Cow::Borrowed(difference);
    }
    Cow::Owned(Difference::between(from.clone(), to.clone(), renames))
}

fn tables(renames: &mut Renames, from: &Schema, to: &Schema) {
    let mut aside = Vec::new();
    for (_, wanted) in &renames.tables {
        let stays = !renames.tables.iter().any(|(old, _)| old == wanted);
        if stays && from.table(wanted).is_some() {
            let name = unused(&wanted.name, |name| {
                let name = wanted.sibling(name);
                from.table(&name).is_some() || to.table(&name).is_some()
            });
            aside.push((wanted.clone(), wanted.sibling(name)));
        }
    }
    renames.tables.extend(aside);
}

fn columns(renames: &mut Renames, from: &Schema, to: &Schema) {
    let mut aside = Vec::new();
    for one in &renames.columns {
        let mut own = renames
            .columns
            .iter()
            .filter(|other| other.table == one.table);
        let stays = !own.any(|other| other.from == one.to);
        let Some(before) = from.table(old_name(renames, &one.table)) else {
            continue;
        };
        if stays && before.column(&one.to).is_some() {
            let after = to.table(&one.table);
            let to = unused(&one.to, |name| {
                before.column(name).is_some()
                    || after.is_some_and(|table| table.column(name).is_some())
            });
            aside.push(RenamedColumn {
                table: one.table.clone(),
                from: one.to.clone(),
                to,
            });
        }
    }
    renames.columns.extend(aside);
}

/// What a table was called before the renames.
fn old_name<'a>(renames: &'a Renames, name: &'a Name) -> &'a Name {
    let mut tables = renames.tables.iter();
    let found = tables.find(|(_, to)| to == name);
    found.map_or(name, |(from, _)| from)
}

fn unused(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let short: String = name.chars().take(LONGEST).collect();
    let mut found = format!("{short}__old");
    let mut number = 2_u32;
    while is_taken(&found) {
        found = format!("{short}__old{number}");
        number += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, Table};

    fn table(name: &str, columns: &[&str]) -> Table {
        let column = |name: &&str| Column {
            name: (*name).to_owned(),
            ..Column::default()
        };
        Table {
            name: Name::new(name),
            columns: columns.iter().map(column).collect(),
            ..Table::default()
        }
    }

    #[test]
    fn what_is_in_the_way_is_renamed_as_well() {
        let from = Schema {
            tables: vec![table("posts", &["a", "b"]), table("users", &["c"])],
            ..Schema::default()
        };
        let to = Schema {
            tables: vec![table("users", &["b"])],
            ..Schema::default()
        };
        let renames = Renames {
            tables: vec![(Name::new("posts"), Name::new("users"))],
            columns: vec![RenamedColumn {
                table: Name::new("users"),
                from: "a".to_owned(),
                to: "b".to_owned(),
            }],
        };
        let difference = Difference::between(from, to, renames);
        let changes: Vec<String> = make_way(&difference)
            .changes
            .iter()
            .map(|change| format!("{} {}", change.mark(), change.describe()))
            .collect();
        assert_eq!(
            changes,
            [
                "~ table posts is now users",
                "~ table users is now users__old",
                "~ column users.a is now b",
                "~ column users.b is now b__old",
                "- table users__old",
                "- column users.b__old  not null",
            ]
        );
    }
}
