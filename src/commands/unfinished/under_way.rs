//! For those who only look: a run that holds the lock is under way, and nothing is unfinished.

use crate::backend::{self, Database};
use crate::context::Context;
use crate::history::{Journal, Memory};
use crate::settings::DatabaseUrl;

/// Says who is at work, and leaves what is under way out of the memory.
pub(in crate::commands) fn tell_under_way(
    context: &Context,
    url: &DatabaseUrl,
    database: &mut dyn Database,
    memory: &mut Memory,
) {
    if memory.journal.is_empty() {
        return;
    }
    // Whoever may not ask is told what the journal says.
    if let Ok(Some(holder)) = backend::holder(url, database) {
        for run in memory.journal.runs() {
            context
                .ui
                .note(&format!("`{}` is under way: {holder}", run.name));
        }
        memory.journal = Journal::default();
    }
}
