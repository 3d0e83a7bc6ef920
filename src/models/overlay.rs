//! Lays the models over a schema: what they state replaces what is there, and all that a `table!` cannot say
//! stays exactly as it is.
//!
//! A `table!` knows tables, columns, their types and whether they may be NULL, and the primary key. Of
//! defaults, indexes, checks, actions of foreign keys, names and comments it is silent, and silence is no wish.

mod alike;
mod column;
mod create;
mod default;
mod dropped;
mod join;
mod key;
mod laying;
mod options;
mod partition;
mod row_id;
mod scope;
mod strict;
mod table;

pub use join::Join;
pub use options::{Joins, Numbering, OverlayOptions};

use crate::schema::Schema;

use super::error::ModelsError;
use super::models::Models;

use laying::Laying;

/// The schema that the models want, and what a person should know or decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    /// The schema as it should be.
    pub schema: Schema,
    /// `joinable!`s that no foreign key stands behind, and that [`Joins`] did not ask for.
    pub joins: Vec<Join>,
    /// What is not a difference, but looks like one: sentences.
    pub remarks: Vec<String>,
}

/// Lays the models over the schema that there is now.
///
/// What is called otherwise in the models is dropped and added. So where a person answers that it is a
/// rename, rename it in `current` and lay them over that: then it keeps all that belongs to it.
///
/// # Errors
/// A table that is declared twice, or a type that nobody explains.
pub fn overlay(
    current: &Schema,
    models: &Models,
    options: &OverlayOptions,
) -> Result<Overlay, ModelsError> {
    let models = models.of(options.server.dialect())?;
    Laying::new(current, &models, options)?.run()
}

#[cfg(test)]
mod tests;
