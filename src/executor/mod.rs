//! Makes a plan, finds what stands in its way, and carries it out.

mod bookkeeping;
mod conflict;
mod drift;
mod event;
mod execute;
mod failure;
mod interrupt;
mod ledger_rows;
mod listing;
mod loss;
mod mode;
mod naming;
mod parting;
mod place;
mod prepare;
mod replaced;
mod retry;
mod routes;
mod script_text;
mod snippet;
mod standing;
mod stretch;
mod unfinished;

pub use bookkeeping::{accept, forget_unfinished, prune, record};
pub use conflict::{Conflict, Conflicts, Edited, Missing, OutOfOrder};
pub use drift::{Drift, Drifted, drift};
pub use event::{Event, Observer, Report, StepReport};
pub use execute::{ExecuteError, Executor, Resume, Stopping};
pub use failure::{Committed, InQuestion, StepFailure, StepFault};
pub use interrupt::{Held, Interrupt};
pub use ledger_rows::{Before, LedgerRows, LedgerRowsError};
pub use listing::{Dependency, Listing, Row as ListingRow, State};
pub use loss::{Measured, measure};
pub use naming::name_of;
pub use parting::{Member, Parting, Side};
pub use prepare::{Irreversible, KnownMigration, Preparation, PrepareError, known, landmarks};
pub use replaced::{absorbed, forget_squashed, is_absorbed, squashed_into};
pub use retry::Retries;
pub use routes::{RouteError, graph_faults, position, route, route_back};
pub use script_text::{Frame, offline, reading};
pub use snippet::Snippet;
pub use standing::{Reached, Standing};
pub use stretch::{Stretch, StretchError, known_offline, name_of_position, needs_database};
pub use unfinished::{
    Changed, Doubt, Effect, Halt, Orphan, TakeBack, Unfinished, take_back, wait_for_orphan,
};
