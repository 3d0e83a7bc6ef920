//! One run at a time: a lock on a database, whatever the server.

mod error;
mod holder;
mod lock;
mod wanted;

pub use error::LockError;
pub use holder::Holder;
pub use lock::Lock;
pub use wanted::{Waiting, Wanted, acquire, holder};
