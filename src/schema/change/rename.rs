//! Names that change while the thing stays.

use std::collections::BTreeMap;

use super::super::{Action, KeyPart, Name, Schema, Table};
use super::change::Change;

/// What is called otherwise in the second of two schemas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// Tables: the old name, the new one.
    pub tables: Vec<(Name, Name)>,
    /// Columns.
    pub columns: Vec<RenamedColumn>,
}

/// A column that is called otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenamedColumn {
    /// Its table, as it is called after the renames.
    pub table: Name,
    /// What it was called.
    pub from: String,
    /// What it is called then.
    pub to: String,
}

impl Renames {
    /// Whether nothing is renamed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.columns.is_empty()
    }

    /// The way back.
    #[must_use]
    pub fn reverse(&self) -> Self {
        Self {
            tables: self
                .tables
                .iter()
                .map(|(from, to)| (to.clone(), from.clone()))
                .collect(),
            columns: self
                .columns
                .iter()
                .map(|column| RenamedColumn {
                    table: self
                        .tables
                        .iter()
                        .find(|(_, to)| *to == column.table)
                        .map_or_else(|| column.table.clone(), |(from, _)| from.clone()),
                    from: column.to.clone(),
                    to: column.from.clone(),
                })
                .collect(),
        }
    }

    /// A schema with the names changed, and everything that refers to them following.
    #[must_use]
    pub fn applied_to(&self, schema: &Schema) -> Schema {
        renamed(schema, self)
    }

    /// As changes: tables first.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let tables = self.tables.iter().map(|(from, to)| Change::RenameTable {
            from: from.clone(),
            to: to.clone(),
        });
        let columns = self.columns.iter().map(|column| Change::RenameColumn {
            table: column.table.clone(),
            from: column.from.clone(),
            to: column.to.clone(),
        });
        tables.chain(columns).collect()
    }
}

/// A schema after renames, with everything that refers to the renamed following, as a server does it.
///
/// All renames happen at once, so that two tables or columns may swap their names. Names inside
/// expressions follow where they stand as words of their own; views, triggers and routines are texts
/// and do not.
#[must_use]
pub(super) fn renamed(schema: &Schema, renames: &Renames) -> Schema {
    let mut schema = schema.clone();
    if renames.is_empty() {
        return schema;
    }
    if !renames.tables.is_empty() {
        rename_tables(&mut schema, &renames.tables.iter().cloned().collect());
    }
    let mut columns: BTreeMap<&Name, Words<'_>> = BTreeMap::new();
    for column in &renames.columns {
        let words = columns.entry(&column.table).or_default();
        words.insert(&column.from, &column.to);
    }
    if !columns.is_empty() {
        rename_columns(&mut schema, &columns);
    }
    schema.sort();
    schema
}

/// The old names of a table's columns, and the new ones.
type Words<'a> = BTreeMap<&'a str, &'a str>;

fn rename_tables(schema: &mut Schema, names: &BTreeMap<Name, Name>) {
    let swap = |name: &mut Name| {
        if let Some(to) = names.get(name) {
            name.clone_from(to);
        }
    };
    // Where the new name is still another's, which has to go then, the renamed one is meant: it is first.
    schema
        .tables
        .sort_by_key(|table| !names.contains_key(&table.name));
    for table in &mut schema.tables {
        swap(&mut table.name);
        for key in &mut table.foreign_keys {
            swap(&mut key.parent);
        }
        if let Some(partition) = &mut table.options.partition_of {
            swap(&mut partition.parent);
        }
    }
    for view in &mut schema.views {
        view.reads.iter_mut().for_each(swap);
    }
}

fn swap(name: &mut String, words: &Words<'_>) {
    if let Some(to) = words.get(name.as_str()) {
        (*to).clone_into(name);
    }
}

fn swap_all(names: &mut [String], words: &Words<'_>) {
    for name in names {
        swap(name, words);
    }
}

fn rename_columns(schema: &mut Schema, columns: &BTreeMap<&Name, Words<'_>>) {
    for table in &mut schema.tables {
        for key in &mut table.foreign_keys {
            if let Some(words) = columns.get(&key.parent) {
                swap_all(&mut key.parent_columns, words);
            }
        }
        if let Some(words) = columns.get(&table.name) {
            rename_within(table, words);
        }
    }
}

fn rename_within(table: &mut Table, words: &Words<'_>) {
    let reword = |text: &mut String| *text = replace_words(text, words);
    // As with tables: a column whose name another gets stands behind that one.
    let is_wanted = |name: &str| words.values().any(|to| *to == name);
    table
        .columns
        .sort_by_key(|one| is_wanted(&one.name) && !words.contains_key(one.name.as_str()));
    for column in &mut table.columns {
        swap(&mut column.name, words);
        if let Some(generated) = &mut column.generated {
            reword(&mut generated.expression);
        }
    }
    if let Some(key) = &mut table.primary_key {
        swap_all(&mut key.columns, words);
        key.written.as_mut().map(reword);
    }
    for unique in &mut table.uniques {
        swap_all(&mut unique.columns, words);
        unique.written.as_mut().map(reword);
        swap_all(&mut unique.include, words);
    }
    for check in &mut table.checks {
        reword(&mut check.expression);
    }
    for key in &mut table.foreign_keys {
        swap_all(&mut key.columns, words);
        for action in [&mut key.on_delete, &mut key.on_update] {
            match action {
                Action::SetNull(columns) | Action::SetDefault(columns) => swap_all(columns, words),
                Action::NoAction | Action::Restrict | Action::Cascade => {}
            }
        }
    }
    for index in &mut table.indexes {
        swap_all(&mut index.include, words);
        index.predicate.as_mut().map(reword);
        for key in &mut index.keys {
            match &mut key.part {
                KeyPart::Column(name) => swap(name, words),
                KeyPart::Expression(text) => reword(text),
            }
        }
    }
}

/// Replaces names where they stand as words of their own, outside of strings; quoted or not.
fn replace_words(text: &str, words: &Words<'_>) -> String {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_string = false;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let stands_alone = |from: &&str| {
            !in_string
                && rest.starts_with(*from)
                && !before.is_some_and(is_word)
                && !rest[from.len()..].chars().next().is_some_and(is_word)
        };
        // Of `a` and `a b` it is the longer one that stands there.
        let found = words.keys().copied().filter(|from| stands_alone(from));
        if let Some((from, to)) = found
            .max_by_key(|from| from.len())
            .and_then(|from| Some((from, *words.get(from)?)))
        {
            replaced.push_str(to);
            before = from.chars().last();
            rest = &rest[from.len()..];
            continue;
        }
        if first == '\'' {
            in_string = !in_string;
        }
        replaced.push(first);
        before = Some(first);
        rest = &rest[first.len_utf8()..];
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_an_expression_is_replaced_as_a_word_and_not_in_strings() {
        let words = Words::from([("age", "years")]);
        assert_eq!(
            replace_words("(age > 0) AND (\"age\" < ages) AND (t <> 'age')", &words),
            "(years > 0) AND (\"years\" < ages) AND (t <> 'age')"
        );
    }

    #[test]
    fn names_in_an_expression_can_be_swapped() {
        let words = Words::from([("a", "b"), ("b", "a"), ("a b", "c")]);
        assert_eq!(replace_words("a - b > \"a b\"", &words), "b - a > \"c\"");
    }
}
