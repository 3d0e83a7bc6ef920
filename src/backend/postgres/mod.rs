//! PostgreSQL, in pure Rust: Diesel over `diesel_async`'s synchronous wrapper.

mod client;
mod connect;
mod database;
mod introspect;
mod login_error;
mod parameters;
mod pgpass;
mod presence;

pub(super) use client::{client_variables, database_name};
pub(super) use database::open;
