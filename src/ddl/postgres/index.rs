//! Indexes.

use super::plan::{Phase, Plan};
use super::text::{comment, full, ident, list};
use crate::schema::change::Edit;
use crate::schema::{Index, IndexKey, KeyPart, Name, Nulls};

/// `CREATE INDEX`.
pub(super) fn create(table: &Name, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let method = match &index.method {
        Some(method) => format!(" USING {method}"),
        None => String::new(),
    };
    let keys: Vec<String> = index.keys.iter().map(key).collect();
    let mut text = format!(
        "CREATE {unique}INDEX {} ON {}{method} ({})",
        ident(&index.name),
        full(table),
        keys.join(", ")
    );
    if !index.include.is_empty() {
        text = format!("{text} INCLUDE ({})", list(&index.include));
    }
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(options) = &index.options {
        text = format!("{text} WITH ({options})");
    }
    if let Some(predicate) = &index.predicate {
        text = format!("{text} WHERE {predicate}");
    }
    text
}

fn key(key: &IndexKey) -> String {
    let mut text = match &key.part {
        KeyPart::Column(name) => ident(name),
        KeyPart::Expression(expression) => format!("({expression})"),
    };
    if let Some(collation) = &key.collation {
        text = format!("{text} COLLATE {collation}");
    }
    if let Some(operators) = &key.operators {
        text = format!("{text} {operators}");
    }
    if key.descending {
        text.push_str(" DESC");
    }
    match key.nulls {
        Some(Nulls::First) => text.push_str(" NULLS FIRST"),
        Some(Nulls::Last) => text.push_str(" NULLS LAST"),
        None => {}
    }
    text
}

fn name(table: &Name, index: &str) -> String {
    full(&table.sibling(index))
}

/// The comment on an index, where it is another than before.
pub(super) fn say(plan: &mut Plan<'_>, table: &Name, from: Option<&String>, index: &Index) {
    if from != index.comment.as_ref() {
        plan.push(
            Phase::Comment,
            format!(
                "COMMENT ON INDEX {} IS {}",
                name(table, &index.name),
                comment(index.comment.as_ref())
            ),
        );
    }
}

/// An index is new, goes, or changes.
pub(super) fn change(plan: &mut Plan<'_>, table: &Name, edit: &Edit<Index>) {
    if let Edit::Alter { from, to } = edit {
        let renamed = Index {
            name: to.name.clone(),
            comment: to.comment.clone(),
            ..from.clone()
        };
        if renamed == *to && !plan.again.has_index(table, &from.name) {
            if from.name != to.name {
                plan.push(
                    Phase::RenamePart,
                    format!(
                        "ALTER INDEX {} RENAME TO {}",
                        name(table, &from.name),
                        ident(&to.name)
                    ),
                );
            }
            say(plan, table, from.comment.as_ref(), to);
            return;
        }
    }
    if let Some(from) = edit.before() {
        plan.push(
            Phase::DropIndex,
            format!("DROP INDEX {}", name(table, &from.name)),
        );
    }
    if let Some(to) = edit.after() {
        plan.push(Phase::Index, create(table, to));
        say(plan, table, None, to);
    }
}
