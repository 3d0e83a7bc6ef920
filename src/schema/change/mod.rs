//! What is different between two schemas, as values that know their way back.
//!
//! One element a file: how differences of its kind are found, and how they are described.

mod apply;
#[expect(clippy::module_inception, reason = "the file of the type `Change`")]
mod change;
mod column;
mod constraint;
mod describe;
mod difference;
mod edit;
mod index;
mod matching;
mod object;
mod rename;
mod table;
mod title;
mod trigger;

pub use apply::apply;
pub use change::Change;
pub use difference::{Decisions, Difference, diff};
pub use edit::Edit;
pub use rename::{RenamedColumn, Renames};
pub use title::title;
