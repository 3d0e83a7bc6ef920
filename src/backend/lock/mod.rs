//! One run at a time: a lock on a database, whatever the server.

mod advisory;
mod backoff;
mod claim;
mod error;
mod file;
mod grip;
mod guard;
mod holder;
mod keeper;
mod lease;
mod line;
mod named;
mod take_away;
mod wanted;

pub use error::LockError;
pub use guard::Lock;
pub use holder::Holder;
pub use take_away::{Released, ends_with_process, take_away};
pub use wanted::{OnWait, Waiting, Wanted, acquire, holder};
