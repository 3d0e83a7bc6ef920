//! PostgreSQL, in pure Rust: Diesel over `diesel_async`'s synchronous wrapper.

mod beside;
mod client;
mod connect;
mod database;
mod introspect;
mod invalid_index;
mod login_error;
mod parameters;
mod pgpass;

pub(super) use client::{client_variables, database_name};
pub(super) use database::open;
pub use invalid_index::{InvalidIndex, drop_invalid, invalid_indexes};
