//! `manage check`: read every migration and say what is wrong, and with a flag ask the database too.

mod command;
mod database;
mod drift;
mod files;
mod show;

pub(crate) use command::Check;
