//! Runs a plan, step by step, each recorded with what it did.

mod error;
mod executor;
mod journaling;
mod journals;
mod watch;

pub use error::ExecuteError;
pub use executor::{Executor, Pressed, Resume};
