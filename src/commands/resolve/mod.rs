//! Conflicts between files and database: all decided first, by a flag or a person, then resolved.

mod act;
mod decide;
mod error;
mod warn;

pub(super) use decide::Resolver;
pub(super) use warn::warn;
