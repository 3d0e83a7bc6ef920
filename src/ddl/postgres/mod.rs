//! SQL for PostgreSQL: everything is changed in place, in one transaction.
//!
//! Statements are collected by [`plan::Phase`], so that what goes is gone before what comes needs its
//! name, and what is used is there before what uses it.

mod again;
mod auto;
mod column;
mod constraint;
mod create;
mod domain;
mod enum_type;
mod expression;
mod foreign_key;
mod index;
mod order;
mod plan;
mod retype;
mod routine;
mod sequence;
mod table;
mod text;
mod type_name;
mod view;
mod write;

pub(super) use write::write;

#[cfg(test)]
mod tests;
