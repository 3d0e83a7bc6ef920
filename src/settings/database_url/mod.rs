//! Database URLs: what they mean, in every spelling that people bring along, and how to show them
//! without their password.

mod backend;
#[expect(
    clippy::module_inception,
    reason = "the file of the type `DatabaseUrl`"
)]
mod database_url;
mod display;
mod parse;
mod parts;
mod problem;
mod query;
mod scheme;
mod server;
mod sqlite;

pub use backend::Backend;
pub use database_url::{DatabaseUrl, ServerUrl, SqliteLocation, SqliteUrl};
pub use problem::UrlProblem;

pub(crate) use parse::{Parsed, guess_backend, parse};
pub(crate) use parts::{Parts, PartsProblem, assemble};
