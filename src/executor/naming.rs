//! What a migration is called, also when its directory is gone.

use crate::history::Memory;
use crate::migration::{Directory, Version};

/// The directory's name; where there is none the name that was recorded, else the version.
#[must_use]
pub fn name_of(directory: &Directory, memory: &Memory, version: &Version) -> String {
    known_name(directory, memory, version).unwrap_or_else(|| version.to_string())
}

/// The same, without the version to fall back to.
pub(super) fn known_name(
    directory: &Directory,
    memory: &Memory,
    version: &Version,
) -> Option<String> {
    directory
        .find(version)
        .map(|entry| entry.name.clone())
        .or_else(|| Some(memory.record.find(version)?.name.clone()))
}
