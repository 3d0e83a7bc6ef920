//! The commands, one a file: each computes, shows, confirms and executes.

mod answers;
mod carry_out;
mod check;
mod confirm;
mod declared;
mod downgrade;
mod each;
mod init;
mod inspectdb;
mod live;
mod makemigrations;
mod migrate;
mod models_notice;
mod pattern;
mod registry;
mod rehearsal;
mod resolve;
mod schema_file;
mod showmigrations;
mod verify;
mod whole_file;
mod workspace;

pub use registry::{Command, Outcome};
pub(crate) use registry::{Registered, TARGETS, builtin, register};
