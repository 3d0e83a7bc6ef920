//! A migration that an earlier run began and did not finish: what of it is in effect, and what can be done.

mod effect;
mod orphan;
mod undo;
mod unfinished;

pub use effect::Effect;
pub use orphan::{Orphan, wait_for_orphan};
pub use undo::{TakeBack, take_back};
pub use unfinished::{Changed, Doubt, Halt, Unfinished};
