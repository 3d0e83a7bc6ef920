//! Laws, checked on generated values.

mod branch;
mod fuzzed;
mod graph;
mod schema;
mod split;
mod sqlite_ways;
mod target;
mod version;
