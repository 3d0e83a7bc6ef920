//! Reads the catalogue of PostgreSQL: one query for each kind of object, however many there are.

mod bare;
mod column;
mod constraint;
mod default;
mod definition;
mod index;
mod read;
mod relation;
mod sequence;
mod type_;
mod unmanaged;

pub(super) use read::read;
