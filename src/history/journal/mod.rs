//! Our record of a run under way, where no transaction protects it.
//!
//! Rows are only added while a migration runs, and go with the row that records it.

mod read;
mod row;
mod table;

pub use read::{Journal, JournalRun};
pub use row::{JournalRow, JournalState, statement_checksum};
pub(in crate::history) use table::may_forget;
pub use table::{JOURNAL, JournalPlace, create_journal, forget_run, journal_place};
