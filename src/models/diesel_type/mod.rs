//! The SQL types of Diesel: their names in Rust, what is an alias of what, and which one a column has.

mod alias;
mod custom;
#[expect(clippy::module_inception, reason = "the file of the type `DieselType`")]
mod diesel_type;
mod mysql;
mod of_column;
mod parse;
mod postgres;
mod provided;
mod sqlite;

pub use custom::{CustomType, DieselColumnType, TypeOptions, UnsupportedType};
pub use diesel_type::DieselType;
pub use of_column::Types;
pub use parse::TypeSyntax;
