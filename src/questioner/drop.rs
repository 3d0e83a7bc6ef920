//! Whether what goes is meant to go.

use super::answers::Answers;
use super::question::Question;
use crate::schema::change::{Change, Edit};

/// The question about a change, where there is one. What holds no rows of its own goes unasked.
pub(super) fn question(change: &Change, answers: &Answers) -> Option<Question> {
    match change {
        Change::Table(Edit::Drop(table)) => {
            let meant = answers.allows_drop(&table.name.to_string());
            (!meant).then(|| Question::DropTable(table.name.clone()))
        }
        Change::Column {
            table,
            edit: Edit::Drop(column),
        } if column.generated.is_none() => {
            let meant = answers.allows_drop(&format!("{table}.{}", column.name));
            (!meant).then(|| Question::DropColumn {
                table: table.clone(),
                column: column.clone(),
            })
        }
        Change::Namespace(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Domain(_)
        | Change::Sequence(_)
        | Change::Table(_)
        | Change::RenameTable { .. }
        | Change::RenameColumn { .. }
        | Change::TableComment { .. }
        | Change::TableOptions { .. }
        | Change::Column { .. }
        | Change::PrimaryKey { .. }
        | Change::Unique { .. }
        | Change::Check { .. }
        | Change::Exclusion { .. }
        | Change::ForeignKey { .. }
        | Change::Index { .. }
        | Change::Trigger { .. }
        | Change::View(_)
        | Change::Routine(_) => None,
    }
}
