//! Conflicts between files and database: all decided first, by a flag or a person, then resolved.

mod act;
mod decide;
mod diverged;
mod error;
mod prune;
mod warn;
mod way_back;

pub(super) use decide::Resolver;
pub(super) use diverged::advise;
pub(super) use prune::prune;
pub(super) use warn::warn;
pub(super) use way_back::answers_for_rollback;
