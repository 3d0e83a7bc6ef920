//! `manage makemigrations`: write a new migration, from the models or to fill in.

mod ask;
mod command;
mod compare;
mod filter;
mod generate;
mod proof;
mod question_flags;
mod report;
mod sql_models;
mod tables;
mod template;

pub(super) use command::Makemigrations;
pub(super) use tables::unwritten;
