//! From differences to SQL: a folder for each dialect. No server is needed.

mod aside;
mod error;
pub(crate) mod mysql;
mod postgres;
mod script;
mod sqlite;

pub use error::DdlError;
pub use script::Script;

use crate::schema::change::{Decisions, Difference};
use crate::sql::{Product, Server};

/// Writes the statements that lead from one schema to another, in an order that the server accepts.
///
/// What existing rows get in a column that is new and required is taken from the decisions; where those
/// say nothing, it is the nothing of the type: zero, the empty text. The same input gives the same text.
///
/// # Errors
/// A difference that this server has no way for.
pub fn write(
    server: Server,
    difference: &Difference,
    decisions: &Decisions,
) -> Result<Script, DdlError> {
    let difference = &*aside::make_way(difference);
    match server.product {
        Product::Sqlite => sqlite::write(server, difference, decisions),
        Product::Postgres => postgres::write(server, difference, decisions),
        Product::Mysql | Product::Mariadb => mysql::write(server, difference, decisions),
    }
}
