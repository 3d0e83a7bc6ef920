//! The only printer and the only asker.
//!
//! stdout carries the answer, stderr the conversation. This layer renders values and decides nothing.

mod progress;
mod prompt;
mod render;
mod style;
mod terminal;
mod visible;
mod waiting;
mod words;

pub use progress::Progress;
pub use prompt::{Choice, PromptError, Question};
pub use render::{
    Drawing, Found, Letters, Link, Order, Row, Shown, View, Whether, backtrace, branches, changes,
    changes_aside, changes_json, clashes, commuted, commuted_json, commuted_remarks, conflict,
    difference, done, dot, drifted, drifted_aside, drifted_json, error, error_json, finding, flaw,
    flaw_explained, found_github, found_json, found_text, history, history_heading, in_letters,
    journal_run, journal_run_json, ledger_rows, ledger_rows_counts, ledger_rows_json,
    ledger_rows_preview, listing_json, mermaid, next_rows, nodes, parting, plan, plan_json,
    preview, redo_json, redo_plan_json, report_json, showmigrations, shown, shown_json, standing,
    standing_json, svg, undone_by_hand, undone_by_hand_of, unfinished, unfinished_json, unmanaged,
    verified, verified_json, way_back,
};
pub use style::{Color, without_style};
pub use terminal::{Options, Ui, Verbosity, ended_at_once};
pub use visible::{visible, visible_line};
pub use waiting::WaitingLine;
pub use words::{count, count_of, elapsed, list};
