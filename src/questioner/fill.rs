//! What rows get that are there already.

use std::collections::BTreeSet;

use super::answers::{Answers, Fill};
use super::question::Question;
use crate::schema::change::{Change, Decisions, Edit};
use crate::schema::{Column, Name, Schema};

/// The question about a change, where there is one.
pub(super) fn question(change: &Change, answers: &Answers) -> Option<Question> {
    let (table, column, is_new) = concerned(change)?;
    let at = (table.clone(), column.name.clone());
    let answered = match answers.fills.get(&at) {
        Some(Fill::Value(_) | Fill::Nullable) => true,
        Some(Fill::None) => !is_new,
        None => false,
    };
    if answered {
        return None;
    }
    let (table, column) = (table.clone(), column.clone());
    Some(if is_new {
        Question::Fill { table, column }
    } else {
        Question::Nulls { table, column }
    })
}

/// The column that needs a value for rows that are there, and whether it is new.
fn concerned(change: &Change) -> Option<(&Name, &Column, bool)> {
    let Change::Column { table, edit } = change else {
        return None;
    };
    match edit {
        Edit::Add(column) => column.is_required().then_some((table, column, true)),
        Edit::Alter { from, to } => {
            let becomes = from.nullable && !to.nullable && to.generated.is_none();
            becomes.then_some((table, to, false))
        }
        Edit::Drop(_) => None,
    }
}

/// Takes the values that were answered into the decisions.
pub(super) fn decide(answers: &Answers, decisions: &mut Decisions) {
    for (at, fill) in &answers.fills {
        match fill {
            Fill::Value(value) => {
                decisions.fills.insert(at.clone(), value.clone());
            }
            Fill::Nullable | Fill::None => {}
        }
    }
}

/// Lets the columns be NULL that were answered so, and names them. A column that is there and required
/// was never in question, so it stays as it is.
pub(super) fn loosen(
    base: &Schema,
    desired: &mut Schema,
    answers: &Answers,
) -> BTreeSet<(Name, String)> {
    let mut loosened = BTreeSet::new();
    for (at, fill) in &answers.fills {
        let (name, column) = at;
        let was = base.table(name).map(|table| table.column(column));
        let is_open = match was {
            // Nothing is asked of a new table.
            None => false,
            Some(None) => true,
            Some(Some(was)) => was.nullable,
        };
        if *fill == Fill::Nullable
            && is_open
            && let Some(table) = desired.table_mut(name)
            && let Some(column) = table.columns.iter_mut().find(|one| one.name == *column)
            && !column.nullable
        {
            column.nullable = true;
            loosened.insert(at.clone());
        }
    }
    loosened
}
