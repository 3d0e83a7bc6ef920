//! SQLite, through Diesel's own connection and the bundled library.

mod database;
mod declared;
mod introspect;
mod presence;
mod references;

pub(super) use database::open;
