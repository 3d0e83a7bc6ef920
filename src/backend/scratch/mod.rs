//! Databases that are made to be thrown away: to replay migrations on, to prove them.

mod error;
mod given;
mod name;
#[expect(clippy::module_inception, reason = "the file of the type `Scratch`")]
mod scratch;
mod server;

pub use error::ScratchError;
pub use scratch::Scratch;
