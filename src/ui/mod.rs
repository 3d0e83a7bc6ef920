//! The only printer and the only asker.
//!
//! stdout carries the answer, stderr the conversation. This layer renders values and decides nothing.

mod progress;
mod prompt;
mod render;
mod style;
mod terminal;
mod words;

pub use progress::Progress;
pub use prompt::{Choice, PromptError, Question};
pub use render::{
    changes, changes_aside, changes_json, conflict, difference, error, error_json, finding,
    finding_text, findings_json, listing_json, plan, plan_json, preview, report_json,
    showmigrations, unmanaged, verified, verified_json,
};
pub use style::Color;
pub use terminal::{Options, Ui, Verbosity};
pub use words::{count, count_of, elapsed, list};
