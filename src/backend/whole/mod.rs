//! A database as a whole: whether it is there, making it, and dropping it.

mod error;
mod file;
#[expect(clippy::module_inception, reason = "the file of the type `Whole`")]
mod whole;

pub use error::WholeError;
pub use whole::Whole;
