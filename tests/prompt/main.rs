//! Dialogues: what a person sees on a terminal, and what happens after each key.
#![cfg(unix)]

#[path = "../cli/library.rs"]
mod library;
#[path = "../support/mod.rs"]
mod support;
mod terminal;

mod conflicts;
mod databases;
mod diverged;
mod downgrade;
mod edit;
mod hostile;
mod init;
mod makemigrations;
mod makemigrations_models;
mod makemigrations_place;
mod merge;
mod rebase;
mod signals;
mod stamp;
mod unattended;
mod unfinished;
