//! Migrations for Diesel projects: written, applied, shown and reverted over Diesel's own harness.
//!
//! ```text
//!             cli ── commands ── ui          compute, show, confirm, execute
//!                       │
//!                proof  executor             tried on a scratch database · plan → events → report
//!                    │     │
//!               history   migration          what is recorded · what is on disk
//!                    │     │
//!                    backend                 SQLite, PostgreSQL, MySQL/MariaDB
//!                    │     │
//!        questioner ─ ddl ─ models           what differs, as questions and as SQL
//!                    │     │
//!         settings  schema  sql              values and text, no server
//! ```
//!
//! A project that wants commands of its own owns a `main` like this:
//!
//! ```no_run
//! # use std::process::ExitCode;
//! fn main() -> ExitCode {
//!     diesel_manage::Cli::new().run()
//! }
//! ```
//!
//! [`Cli`], [`Command`], [`Context`], [`Outcome`] and [`CommandError`] are the interface for that; the
//! other modules are public for tests and may change.

pub mod backend;
mod cli;
mod clock;
mod commands;
mod context;
pub mod ddl;
mod error;
pub mod executor;
pub mod history;
pub mod migration;
pub mod models;
pub mod proof;
pub mod questioner;
pub mod schema;
pub mod settings;
pub mod sql;
pub mod ui;

/// For the arguments of a project's own commands.
pub use clap;
pub use cli::Cli;
pub use clock::Clock;
pub use commands::{Command, Outcome};
pub use context::{Context, SchemaFile, Selection};
pub use error::{CommandError, Explain, Kind, Signal};
