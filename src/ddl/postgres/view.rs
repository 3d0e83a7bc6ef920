//! Views.

use super::index;
use super::plan::{Phase, Plan};
use super::text::{comment, full, ident};
use crate::schema::View;

fn kind(view: &View) -> &'static str {
    if view.materialized {
        "MATERIALIZED VIEW"
    } else {
        "VIEW"
    }
}

fn statement(start: &str, view: &View) -> String {
    let options = match &view.options {
        Some(options) => format!(" {options}"),
        None => String::new(),
    };
    format!(
        "{start} {} {}{options} AS\n{}",
        kind(view),
        full(&view.name),
        view.definition
    )
}

/// `DROP VIEW`.
pub(super) fn drop(view: &View) -> String {
    format!("DROP {} {}", kind(view), full(&view.name))
}

/// Creates a view with its indexes and comments.
pub(super) fn create(plan: &mut Plan<'_>, view: &View) {
    plan.push(Phase::Definition, statement("CREATE", view));
    for index in &view.indexes {
        plan.push(Phase::Definition, index::create(&view.name, index));
        index::say(plan, &view.name, None, index);
    }
    say(plan, None, view);
    for column in &view.columns {
        if column.comment.is_some() {
            plan.push(
                Phase::Comment,
                format!(
                    "COMMENT ON COLUMN {}.{} IS {}",
                    full(&view.name),
                    ident(&column.name),
                    comment(column.comment.as_ref())
                ),
            );
        }
    }
}

/// Whether the server replaces the one by the other: its columns stay, and more may follow.
pub(super) fn is_replaceable(from: &View, to: &View) -> bool {
    let same = from.columns.len() <= to.columns.len()
        && from.columns.iter().zip(&to.columns).all(|(a, b)| {
            a.name == b.name && a.sql_type == b.sql_type && a.collation == b.collation
        });
    same && !from.materialized && !to.materialized && from.options == to.options
}

/// `CREATE OR REPLACE VIEW`.
pub(super) fn replace(plan: &mut Plan<'_>, view: &View) {
    plan.push(Phase::Definition, statement("CREATE OR REPLACE", view));
}

/// The comment, where it is another than before.
pub(super) fn say(plan: &mut Plan<'_>, from: Option<&String>, view: &View) {
    if from != view.comment.as_ref() {
        plan.push(
            Phase::Comment,
            format!(
                "COMMENT ON {} {} IS {}",
                kind(view),
                full(&view.name),
                comment(view.comment.as_ref())
            ),
        );
    }
}
