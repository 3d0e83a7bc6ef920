//! MySQL and MariaDB, in pure Rust: Diesel over `diesel_async`'s synchronous wrapper.

mod beside;
mod client;
mod connect;
mod database;
mod introspect;
mod login_error;
mod parameters;
mod presence;
mod tls;

pub(super) use client::client_options;
pub(super) use connect::Login;
pub(super) use database::open;
