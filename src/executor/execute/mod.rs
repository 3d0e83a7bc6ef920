//! Runs a plan, step by step, each recorded with what it did.

mod attempts;
mod doubt;
mod error;
mod executor;
mod journaling;
mod journals;
mod leftovers;
mod onlooker;
mod schemas;
mod under_way;
mod watch;

pub use error::ExecuteError;
pub use executor::{Executor, Resume};
pub use under_way::Stopping;
