//! Conflicts between files and database: all decided first, by a flag or a person, then resolved.

mod act;
mod decide;
mod error;

pub(super) use decide::Resolver;
