//! What the database remembers: Diesel's own ledger, and our record beside it.

mod checksum;
mod journal;
mod ledger;
mod own_table;
mod record;
mod shape;
mod snapshot;
mod states;
mod table;

pub use checksum::Checksum;
pub use journal::{
    JOURNAL, Journal, JournalPlace, JournalRow, JournalRun, JournalState, create_journal,
    forget_run, journal_place, statement_checksum,
};
pub use ledger::{Applied, CREATE_LEDGER, LEDGER, Ledger};
pub use record::{Action, Deed, Identity, REDO, Record, Recorded, RecordedSql};
pub use shape::{Shape, shape};
pub use snapshot::{keep, snapshot};
pub use states::{LastState, States, Unrecorded};
pub use table::{Keeping, Memory, prepare};
