//! PostgreSQL, in pure Rust: Diesel over `diesel_async`'s synchronous wrapper.

mod backend_key;
mod beside;
mod client;
mod connect;
mod database;
mod introspect;
mod invalid_index;
mod link;
mod login_error;
mod parameters;
mod pgpass;
mod presence;

pub(super) use client::{client_variables, database_name};
pub(super) use connect::Login;
pub(super) use database::open;
pub use invalid_index::{InvalidIndex, drop_invalid, invalid_indexes};
