//! What a database consists of, as plain values: tables and what belongs to them, types, views,
//! routines.
//!
//! A schema is read from a server (`Database::introspect`) or made from models.
//! Both sides of a comparison have been through the same server wherever that is possible, so that
//! equal means equal: names, types and expressions are texts as the server prints them.

pub mod change;
mod column;
mod constraint;
mod index;
pub mod manifest;
mod name;
pub mod naming;
#[expect(clippy::module_inception, reason = "the file of the type `Schema`")]
mod schema;
mod table;
mod type_;
mod unmanaged;
mod view;

pub use column::{Auto, Column, Generated, SqlType};
pub use constraint::{Action, Check, Deferral, Exclusion, ForeignKey, Match, PrimaryKey, Unique};
pub use index::{Index, IndexKey, KeyPart, Nulls};
pub use name::Name;
pub use schema::Schema;
pub use table::{Partition, Table, TableOptions, Trigger};
pub use type_::{Domain, EnumType, Sequence};
pub use unmanaged::Unmanaged;
pub use view::{Routine, RoutineKind, View};
