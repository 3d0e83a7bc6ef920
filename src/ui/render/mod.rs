//! Values as text and as JSON.

mod conflict;
mod difference;
mod error;
mod finding;
mod listing;
mod plan;
mod preview;
mod report;

pub use conflict::conflict;
pub use difference::difference;
pub use error::{error, error_json};
pub use finding::{finding, finding_text, findings_json};
pub use listing::{listing_json, showmigrations};
pub use plan::{plan, plan_json};
pub use preview::preview;
pub use report::report_json;
