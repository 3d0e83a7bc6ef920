//! Conflicts told and not asked about.

use crate::context::Context;
use crate::executor::Conflict;
use crate::ui;

/// Says what is in conflict: a sentence for each, then the migrations concerned.
pub(in crate::commands) fn warn(context: &Context, conflicts: &[Conflict]) {
    for conflict in conflicts {
        let (summary, lines) = ui::conflict(conflict);
        context.ui.warning(&summary);
        for line in lines {
            context.ui.status(&format!("  {line}"));
        }
    }
}
