//! Transcripts: what is typed, and all that the command says to it, on SQLite.

#[path = "../support/mod.rs"]
mod support;

mod library;
mod pretty;

mod accept;
mod branch_targets;
mod branches;
mod check;
mod check_database;
mod check_graph;
mod check_linear;
mod commands;
mod completions;
mod conflicts;
mod connections;
mod current;
mod databases;
mod diverged;
mod downgrade;
mod drift;
mod drift_guard;
mod failures;
mod habits;
mod help;
mod history;
mod hooks;
mod hostile;
mod init;
mod inspectdb;
mod makemigrations;
mod makemigrations_models;
mod makemigrations_sources;
mod makemigrations_update;
mod merge;
mod migrate;
mod offline;
mod output;
mod rebase;
mod redo;
mod restore;
mod resume;
mod schema_file;
mod secrets;
mod settings;
mod show_edit;
mod showmigrations;
mod sqlmigrate;
mod squashmigrations;
mod stamp;
mod two_developers;
mod undone_by_hand;
mod usage;
mod verify;
