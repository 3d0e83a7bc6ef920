//! The servers: the only place that knows one from another.

mod blocker;
mod client;
mod connect;
mod connect_error;
mod database;
mod error;
mod harness;
mod held;
mod index_build;
mod listed;
mod lock;
mod maintenance;
mod mysql;
mod notice;
mod open;
mod postgres;
mod presence;
mod query;
mod runtime;
mod scratch;
mod sqlite;
mod standing;
mod tls;
mod whole;

pub use blocker::Blocker;
pub use client::{Client, ClientError};
pub use connect_error::ConnectError;
pub use database::{
    AtWork, Batch, BrokenReference, Cancel, Capabilities, Cause, Database, Direction, Mode, News,
    Note, Opener, RunError, Session, Stop, Watch,
};
pub use error::{DatabaseError, ErrorClass};
pub use index_build::IndexBuild;
pub use lock::{
    Holder, Lock, LockError, OnWait, Released, Waiting, Wanted, acquire, ends_with_process, holder,
    take_away,
};
pub use maintenance::Others;
pub use open::{Access, OpenError, open};
pub use postgres::{InvalidIndex, drop_invalid, invalid_indexes};
pub use presence::Presence;
pub use query::{Query, Row};
pub use scratch::{Scratch, ScratchError};
pub use whole::{Whole, WholeError};

use crate::settings::Backend;
use crate::sql::Dialect;

/// How a backend spells SQL.
#[must_use]
pub fn dialect(backend: Backend) -> Dialect {
    match backend {
        Backend::Sqlite => Dialect::Sqlite,
        Backend::Postgres => Dialect::Postgres,
        Backend::Mysql => Dialect::Mysql,
    }
}
