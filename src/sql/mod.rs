//! The text of SQL: dialects, tokens, statements and what a statement says about itself.
//!
//! Nothing here talks to a server. What a text means is decided as the server's own lexer decides
//! it, so that a file is cut where the server would cut it, and nowhere else.

pub mod dialect;
pub mod facts;
pub mod lexer;
pub mod normal;
mod pieces;
pub mod position;
pub mod quote;
mod server;
pub mod split;

pub use dialect::Dialect;
pub use facts::{
    Again, ConcurrentIndex, Loss, Mark, Object, ObjectName, Savepoint, SessionThing, Trace,
    TransactionControl, again, builds_index, changes_role, commits_implicitly, concerns_session,
    concurrent_index, drops_tables, fails_whole, forgets_prepared, is_foreign_keys_pragma,
    joins_transaction, keeps_secret, locks_tables, losses, may_break_references, may_commit_inside,
    mentions_search_path, needs_no_transaction, runs_stored_code, savepoint, script_losses,
    script_touches, stays_in_session, summary, touches, trace, transaction_control, unlocks_tables,
    used_database,
};
pub use normal::normalize;
pub use pieces::{Piece, pieces};
pub use position::{excerpt, locate, offset_of_char};
pub use server::{Product, Server};
pub use split::{Script, SplitError, SplitProblem, Statement, Statements, split, statements};
