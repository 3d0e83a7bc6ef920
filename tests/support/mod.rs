//! What the test programs share: a project in a folder of its own, the command run in it, and a
//! database of its own to run it on.
//!
//! A test program takes it in with `#[path = "../support/mod.rs"] mod support;`.
#![allow(
    dead_code,
    unused_imports,
    reason = "every test program uses its own part of this"
)]

mod client;
mod diesel_runner;
mod filters;
mod git;
mod invocation;
mod output;
#[cfg(unix)]
mod pooler;
mod probe;
mod project;
mod server;

pub(crate) use client::Client;
pub(crate) use diesel_runner::DieselRunner;
pub(crate) use filters::Filters;
pub(crate) use git::Git;
pub(crate) use invocation::{Invocation, Running};
pub(crate) use output::{Output, dedent, difference};
#[cfg(unix)]
pub(crate) use pooler::Pooler;
pub(crate) use probe::{Probe, ProbeError};
pub(crate) use project::Project;
pub(crate) use server::{BACKENDS, Server, Unavailable, is_required, word};
