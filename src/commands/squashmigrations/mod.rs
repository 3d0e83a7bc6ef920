//! `manage squashmigrations`: several migrations become one.

mod command;
mod from_schema;
mod proof;
mod report;
mod standing;
mod successor;

pub(crate) use command::Squashmigrations;
