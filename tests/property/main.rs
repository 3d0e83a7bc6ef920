//! Laws, checked on generated values.

mod schema;
mod split;
mod sqlite_ways;
mod target;
mod version;
