//! What one statement says about itself, read from its tokens alone.
//!
//! Every fact is cheap: it reads a few tokens where it can, and never asks a server. What a
//! statement does inside a function, a `DO` block or a trigger is not known here.

mod again;
mod concurrent_index;
mod fails_whole;
mod foreign_keys_pragma;
mod implicit_commit;
mod joins_transaction;
mod losses;
mod object_name;
mod outside_transaction;
mod reader;
mod references;
mod search_path;
mod secret;
mod session;
mod session_state;
mod summary;
mod touches;
mod trace;
mod transaction_control;

pub use again::{Again, again};
pub use concurrent_index::{ConcurrentIndex, concurrent_index};
pub use fails_whole::fails_whole;
pub use foreign_keys_pragma::is_foreign_keys_pragma;
pub use implicit_commit::commits_implicitly;
pub use joins_transaction::joins_transaction;
pub use losses::{Loss, losses, script_losses};
pub use object_name::ObjectName;
pub(in crate::sql) use object_name::identifier;
pub use outside_transaction::needs_no_transaction;
pub use references::may_break_references;
pub use search_path::mentions_search_path;
pub use secret::keeps_secret;
pub use session::{
    builds_index, changes_role, concerns_session, forgets_prepared, locks_tables,
    may_commit_inside, runs_stored_code, unlocks_tables,
};
pub use session_state::{SessionThing, drops_tables, stays_in_session, used_database};
pub use summary::summary;
pub use touches::{script_touches, touches};
pub use trace::{Mark, Object, Trace, trace};
pub use transaction_control::{Savepoint, TransactionControl, savepoint, transaction_control};
