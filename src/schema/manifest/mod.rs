//! A schema as a list of short lines, to be kept and compared later: what was there, and what is.

mod about;
mod compare;
mod element;
mod elements;
mod fingerprint;
#[expect(clippy::module_inception, reason = "the file of the type `Manifest`")]
mod manifest;
#[cfg(test)]
mod tests;

pub use compare::{Departure, departures};
pub use element::{Element, ElementKind};
pub use fingerprint::Fingerprint;
pub use manifest::Manifest;
