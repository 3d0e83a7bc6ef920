//! The declared schema: Diesel's `table!` files, read without compiling and printed, and the types of their
//! columns.
//!
//! [`parse()`] makes [`Models`] of texts, [`overlay()`] lays them over the schema of a database, and [`print()`]
//! writes them as `diesel print-schema` does. [`DieselType`] is what a type is called there; [`Types`] tells
//! it of a column, [`SqlTypes`] tells the type of a column that is not there yet.

mod choose;
mod condition;
pub mod diesel_type;
mod error;
#[expect(clippy::module_inception, reason = "the file of the type `Models`")]
mod models;
pub mod overlay;
mod parse;
pub mod picture;
mod place;
mod print;
mod rust_name;
mod sql_type;

pub use condition::Condition;
pub use diesel_type::{CustomType, DieselColumnType, DieselType, TypeOptions, Types};
pub use error::{ModelsError, Problem};
pub use models::{DeclaredType, Joinable, ModelColumn, ModelTable, Models};
pub use overlay::{Join, Joins, Numbering, Overlay, OverlayOptions, overlay};
pub use parse::parse;
pub use place::Place;
pub use print::{LeftOut, PatchError, Printed, patched, print, same_but_for_layout};
pub use rust_name::rust_name;
pub use sql_type::SqlTypes;
