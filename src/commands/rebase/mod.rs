//! `manage rebase`: gives migrations new versions after all others.

mod carry;
mod command;
mod error;
mod git;
mod mine;
mod report;
mod rows;
mod standing;

pub(super) use carry::{move_after, move_entries};
pub(super) use command::Rebase;
