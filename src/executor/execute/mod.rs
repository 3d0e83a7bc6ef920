//! Runs a plan, step by step, each recorded with what it did.

mod attempts;
mod doubt;
mod error;
mod executor;
mod leftovers;
mod onlooker;
mod under_way;
mod watch;

pub use error::ExecuteError;
pub use executor::Executor;
pub use under_way::Stopping;
