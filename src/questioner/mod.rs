//! What two schemas cannot tell of themselves: whether a column is new or was called otherwise, what old
//! rows get in it, whether a drop is meant. Questions are values; whoever knows an answer adds it.

mod answers;
mod cast;
mod decide;
mod drop;
mod enum_value;
mod fill;
mod question;
mod rename;
mod unused;

pub use answers::{AnswerError, Answers, Fill};
pub use decide::{Decided, decide};
pub use question::Question;
pub use rename::{RenameError, renames};
pub use unused::{UnusedAnswer, check_names, check_used};
