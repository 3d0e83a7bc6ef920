//! SQLite, through Diesel's own connection and the bundled library.

mod database;
mod references;

pub(super) use database::open;
