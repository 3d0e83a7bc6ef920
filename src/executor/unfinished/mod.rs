//! A migration that an earlier run began and did not finish: what of it is in effect, and what can be done.

mod effect;
mod found;
mod orphan;
mod undo;

pub use effect::Effect;
pub use found::{Changed, Doubt, Halt, Unfinished};
pub use orphan::{Orphan, wait_for_orphan};
pub use undo::{TakeBack, take_back};
