//! A word after `migrate`, where the models have changes that no migration makes.

use std::path::PathBuf;

use super::declared::Declared;
use super::makemigrations::unwritten;
use super::workspace::Workspace;
use crate::context::Context;
use crate::error::CommandError;
use crate::settings::Connection;
use crate::ui;

/// Says in a line how many changes there are, if the database is at the head and the models are `table!`
/// files. Nothing is said where that cannot be told: it is not what was asked.
pub(super) fn notice(context: &Context, workspace: &mut Workspace) {
    let Ok(Some(changes)) = count(context, workspace) else {
        return;
    };
    if changes > 0 {
        let on = context.on(&workspace.connection.name);
        context.ui.note(&format!(
            "the models have {} that no migration makes; to write one: manage makemigrations{on}",
            ui::count(changes, "change")
        ));
        if let Some(file) = only_printed(context, &workspace.connection) {
            context.ui.hint(&format!(
                "or take them from the database: manage inspectdb{on} --output {}",
                file.display()
            ));
        }
    }
}

/// The file that is the models and is printed to as well.
fn only_printed(context: &Context, connection: &Connection) -> Option<PathBuf> {
    let file = connection.schema_file.as_ref()?;
    let root = &context.settings().ok()?.root;
    let [models] = connection.models.as_slice() else {
        return None;
    };
    (root.join(models) == *file).then(|| context.shown(file))
}

/// The number of changes; `None` where there is nothing to compare.
fn count(context: &Context, workspace: &mut Workspace) -> Result<Option<usize>, CommandError> {
    let Some(Declared::Tables(sources)) = Declared::read(context, &workspace.connection)? else {
        return Ok(None);
    };
    unwritten(
        context,
        &workspace.connection,
        &sources,
        &mut *workspace.database,
    )
    .map(Some)
}
