//! `manage merge`: join parted branches.

mod accept;
mod command;
mod error;
mod join;
mod name;
mod prove;
mod report;
mod targets;

pub(super) use command::{Merge, run};
pub(super) use join::{Options, join};
