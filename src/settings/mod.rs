//! What the user asked for: `settings.yaml` and its profiles, or a bare Diesel project, and the
//! database URLs in either.
//!
//! This layer reads files and the environment it is given, and nothing else. A connection is
//! worked out only when it is asked for, so a variable that is missing for one connection does
//! not stand in the way of another.

mod answers;

mod choice;
mod connection;
mod database_url;
mod diesel_project;
mod discover;
mod dotenv;
mod duration;
mod environment;
mod error;
mod file;
mod hints;
mod hooks;
mod interpolate;
mod key_path;
mod load;
mod nearest;
mod overlay;
mod owner;
mod place;
mod position;
mod print_schema;
mod print_schema_reader;
mod read;
mod resolve;
mod secret;
#[expect(clippy::module_inception, reason = "the file of the type `Settings`")]
mod settings;
mod sources;
mod truth;
mod value;
mod yaml_error;

#[cfg(test)]
mod testing;

pub use answers::{Answers, Diverged, Duplicate, Edited, InDoubt, Missing, OutOfOrder, Unfinished};
pub use choice::UnknownChoice;
pub use connection::{Connection, Joins, OnDrift, Order, TableFilter};
pub use database_url::{Backend, DatabaseUrl, ServerUrl, SqliteLocation, SqliteUrl, UrlProblem};
pub use duration::{NotADuration, parse_duration};
pub use environment::Environment;
pub use error::{ReaderError, SettingsError};
pub use hooks::{Hook, Hooks, Moment};
pub use load::{Request, load};
pub use place::{Place, Subject};
pub use print_schema::{ColumnSorting, Docs, Pattern, PrintSchema, SameQuery, TableChoice};
pub(crate) use read::{read_named, read_named_text};
pub use secret::Secret;
pub use settings::{Origin, Settings};
