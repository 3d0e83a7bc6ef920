//! Runs a plan, step by step, each recorded with what it did.

mod error;
mod executor;
mod schemas;
mod watch;

pub use error::ExecuteError;
pub use executor::{Executor, Pressed};
