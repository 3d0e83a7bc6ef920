//! Values as text and as JSON.

mod changes;
mod conflict;
mod difference;
mod error;
mod finding;
mod listing;
mod plan;
mod preview;
mod report;
mod verified;

pub use changes::{changes, changes_aside, changes_json, unmanaged};
pub use conflict::conflict;
pub use difference::difference;
pub use error::{error, error_json};
pub use finding::{finding, finding_text, findings_json};
pub use listing::{listing_json, showmigrations};
pub use plan::{plan, plan_json};
pub use preview::preview;
pub use report::report_json;
pub use verified::{verified, verified_json};
