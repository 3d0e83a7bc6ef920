//! Transcripts: what is typed, and all that the command says to it, on SQLite.

#[path = "../support/mod.rs"]
mod support;

mod library;
mod pretty;

mod check;
mod conflicts;
mod connections;
mod downgrade;
mod failures;
mod help;
mod init;
mod inspectdb;
mod makemigrations;
mod makemigrations_models;
mod makemigrations_sources;
mod migrate;
mod output;
mod schema_file;
mod secrets;
mod settings;
mod showmigrations;
mod usage;
mod verify;
