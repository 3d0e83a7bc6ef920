//! `manage makemigrations`: write a new migration, from the models or to fill in.

mod ask;
mod command;
mod compare;
mod filter;
mod generate;
mod heads;
mod place;
mod place_error;
mod place_flags;
mod proof;
mod question_flags;
mod report;
mod revision;
mod sql_models;
mod tables;
mod template;
mod update;

pub(super) use command::Makemigrations;
pub(super) use revision::Revision;
pub(super) use tables::unwritten;
