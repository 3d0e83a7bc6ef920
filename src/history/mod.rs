//! What the database remembers: Diesel's own ledger, and our record beside it.

mod checksum;
mod ledger;
mod record;
mod shape;
mod snapshot;
mod states;
mod table;

pub use checksum::Checksum;
pub use ledger::{Applied, CREATE_LEDGER, LEDGER, Ledger};
pub use record::{Action, Deed, Identity, Record, Recorded, RecordedSql};
pub use shape::{Shape, shape};
pub use snapshot::{keep, snapshot};
pub use states::{LastState, States, Unrecorded};
pub use table::{Keeping, Memory, prepare};
