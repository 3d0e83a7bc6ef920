//! The commands, one a file: each computes, shows, confirms and executes.

mod answers;
mod carry_out;
mod check;
mod confirm;
mod downgrade;
mod each;
mod init;
mod makemigrations;
mod migrate;
mod registry;
mod resolve;
mod showmigrations;
mod workspace;

pub use registry::{Command, Outcome};
pub(crate) use registry::{Registered, TARGETS, builtin, register};
