//! Makes a plan, finds what stands in its way, and carries it out.

mod bookkeeping;
mod conflict;
mod event;
mod execute;
mod failure;
mod interrupt;
mod listing;
mod loss;
mod naming;
mod place;
mod prepare;
mod script_text;

pub use bookkeeping::{accept, prune};
pub use conflict::{Conflict, Conflicts, Edited, Missing, OutOfOrder};
pub use event::{Event, Observer, Report, StepReport};
pub use execute::{ExecuteError, Executor, Pressed};
pub use failure::{Committed, Snippet, StepFailure, StepFault};
pub use interrupt::Interrupt;
pub use listing::{Listing, Row as ListingRow, State};
pub use loss::{Measured, measure};
pub use naming::name_of;
pub use prepare::{Irreversible, KnownMigration, Preparation, PrepareError, known, landmarks};
pub use script_text::offline;
