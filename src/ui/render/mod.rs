//! Values as text and as JSON.

mod changes;
mod commuted;
mod conflict;
mod difference;
mod drift;
mod error;
mod finding;
mod flaw;
mod found;
mod graph;
mod ledger_rows;
mod listing;
mod plan;
mod preview;
mod report;
mod show;
mod standing;
mod unfinished;
mod verified;

pub use changes::{changes, changes_aside, changes_json, unmanaged};
pub use commuted::{clashes, commuted, commuted_json, commuted_remarks, way_back};
pub use conflict::{conflict, parting};
pub use difference::difference;
pub use drift::{drifted, drifted_aside, drifted_json};
pub use error::{backtrace, error, error_json};
pub use finding::finding;
pub use flaw::{flaw, flaw_explained};
pub use found::{Found, found_github, found_json, found_text};
pub use graph::{
    Drawing, Letters, Link, Order, Row, View, branches, dot, history, history_heading, in_letters,
    mermaid, next_rows, nodes, svg,
};
pub use ledger_rows::{ledger_rows, ledger_rows_counts, ledger_rows_json, ledger_rows_preview};
pub use listing::{listing_json, showmigrations};
pub use plan::{plan, plan_json, redo_plan_json};
pub use preview::preview;
pub use report::{done, redo_json, report_json};
pub use show::{Shown, Whether, shown, shown_json};
pub use standing::{standing, standing_json};
pub use unfinished::{
    journal_run, journal_run_json, undone_by_hand, undone_by_hand_of, unfinished, unfinished_json,
};
pub use verified::{verified, verified_json};
