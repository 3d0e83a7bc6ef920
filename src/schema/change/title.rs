//! A name for a set of changes, as a person would give it.

use super::change::Change;
use super::edit::Edit;

/// Beyond so many characters the rest is counted instead.
const LONGEST: usize = 50;

/// What a migration of these changes is called: `create_posts`, `add_users_age`,
/// `create_posts_and_2_more`. The first change gives the name, so that the same changes are always called
/// the same.
#[must_use]
pub fn title(changes: &[Change]) -> String {
    let mut fragments: Vec<String> = Vec::new();
    for change in changes {
        let fragment = fragment(change);
        if !fragments.contains(&fragment) {
            fragments.push(fragment);
        }
    }
    match fragments.as_slice() {
        [] => "no_changes".to_owned(),
        [one] => one.clone(),
        [one, two] if one.len() + two.len() + "_and_".len() <= LONGEST => {
            format!("{one}_and_{}", without_verb(one, two))
        }
        [one, rest @ ..] => format!("{one}_and_{}_more", rest.len()),
    }
}

/// The second of two names, without the verb where it is that of the first.
fn without_verb<'a>(one: &str, two: &'a str) -> &'a str {
    match (one.split_once('_'), two.split_once('_')) {
        (Some((verb, _)), Some((same, rest))) if verb == same => rest,
        _ => two,
    }
}

fn fragment(change: &Change) -> String {
    fn verb<T>(edit: &Edit<T>) -> &'static str {
        match edit {
            Edit::Add(_) => "create",
            Edit::Drop(_) => "drop",
            Edit::Alter { .. } => "alter",
        }
    }
    fn part<T>(edit: &Edit<T>) -> &'static str {
        match edit {
            Edit::Add(_) => "add",
            Edit::Drop(_) => "drop",
            Edit::Alter { .. } => "alter",
        }
    }
    match change {
        Change::Namespace(edit) => format!("{}_schema_{}", verb(edit), edit.subject()),
        Change::Extension(edit) => format!("{}_extension_{}", verb(edit), edit.subject()),
        Change::Enum(edit) => format!("{}_{}", verb(edit), edit.subject().name.name),
        Change::Domain(edit) => format!("{}_{}", verb(edit), edit.subject().name.name),
        Change::Sequence(edit) => format!("{}_{}", verb(edit), edit.subject().name.name),
        Change::Table(edit) => format!("{}_{}", verb(edit), edit.subject().name.name),
        Change::RenameTable { from, to } => format!("rename_{}_to_{}", from.name, to.name),
        Change::RenameColumn { table, from, to } => {
            format!("rename_{}_{from}_to_{to}", table.name)
        }
        Change::TableComment { table, .. } | Change::TableOptions { table, .. } => {
            format!("alter_{}", table.name)
        }
        Change::Column { table, edit } => {
            format!("{}_{}_{}", part(edit), table.name, edit.subject().name)
        }
        Change::PrimaryKey { table, edit } => format!("{}_{}_primary_key", part(edit), table.name),
        Change::Unique { table, edit } => {
            format!(
                "{}_{}_{}_unique",
                part(edit),
                table.name,
                edit.subject().columns.join("_")
            )
        }
        Change::Check { table, edit } => format!("{}_{}_check", part(edit), table.name),
        Change::Exclusion { table, edit } => format!("{}_{}_exclusion", part(edit), table.name),
        Change::ForeignKey { table, edit } => {
            format!(
                "{}_{}_{}_key",
                part(edit),
                table.name,
                edit.subject().columns.join("_")
            )
        }
        Change::Index { edit, .. } => format!("{}_{}", part(edit), edit.subject().name),
        Change::Trigger { edit, .. } => format!("{}_{}", verb(edit), edit.subject().name),
        Change::View(edit) => format!("{}_{}", verb(edit), edit.subject().name.name),
        Change::Routine(edit) => format!("{}_{}", verb(edit), edit.subject().name.name),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Column, Name, Table};
    use super::*;

    fn add(table: &str) -> Change {
        Change::Table(Edit::Add(Table {
            name: Name::new(table),
            ..Table::default()
        }))
    }

    fn column(table: &str, column: &str) -> Change {
        Change::Column {
            table: Name::new(table),
            edit: Edit::Add(Column {
                name: column.to_owned(),
                ..Column::default()
            }),
        }
    }

    #[test]
    fn the_first_change_gives_the_name() {
        assert_eq!(title(&[column("users", "age")]), "add_users_age");
        assert_eq!(title(&[add("posts"), add("tags")]), "create_posts_and_tags");
        assert_eq!(
            title(&[add("posts"), column("users", "age")]),
            "create_posts_and_add_users_age"
        );
        assert_eq!(
            title(&[add("posts"), add("tags"), column("users", "age")]),
            "create_posts_and_2_more"
        );
    }
}
