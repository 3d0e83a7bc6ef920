//! One run at a time: a lock on a database, whatever the server.

mod advisory;
mod backoff;
mod claim;
mod error;
mod file;
mod grip;
mod holder;
mod keeper;
mod lease;
mod line;
mod lock;
mod named;
mod wanted;

pub use error::LockError;
pub use holder::Holder;
pub use lock::Lock;
pub use wanted::{OnWait, Waiting, Wanted, acquire, holder};
