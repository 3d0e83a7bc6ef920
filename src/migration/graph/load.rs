//! The graph of a directory: one small file read for each migration, by several threads where there
//! are many.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::thread;

use super::Graph;
use super::node::Declaration;
use crate::migration::directory::{Directory, Entry};
use crate::migration::files::read_metadata;
use crate::migration::metadata::Metadata;
use crate::migration::version::Version;

/// Below this many files, starting a thread takes longer than reading them.
const FEW: usize = 256;

/// More threads than this only wait for the disk.
const MOST_THREADS: usize = 8;

impl Graph {
    /// Reads what every migration of a directory follows. What is wrong with a metadata.toml is not
    /// told here; it then says nothing.
    #[must_use]
    pub fn load(directory: &Directory) -> Self {
        let entries = directory.entries();
        let metadata = read_all(entries);
        let replaced = replaced(entries, &metadata);
        let present = |version: &Version| directory.find(version).is_some();
        let declarations = entries
            .iter()
            .zip(metadata)
            .map(|(entry, metadata)| Declaration {
                version: entry.version.clone(),
                name: entry.name.clone(),
                path: entry.path.clone(),
                folder: directory.folder_of(entry),
                // Whoever followed one that was squashed follows what it went into.
                depends_on: metadata.depends_on.map(|versions| {
                    versions
                        .into_iter()
                        .map(|version| match replaced.get(&version) {
                            Some(by) if !present(&version) => by.clone(),
                            Some(_) | None => version,
                        })
                        .collect()
                }),
                labels: metadata.labels,
            })
            .collect();
        Self {
            replaced,
            ..Self::of(declarations, directory.folder_names())
        }
    }
}

fn read_all(entries: &[Entry]) -> Vec<Metadata> {
    let threads = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(MOST_THREADS);
    if entries.len() < FEW || threads == 1 {
        return entries.iter().map(read).collect();
    }
    thread::scope(|scope| {
        let readers: Vec<_> = entries
            .chunks(entries.len().div_ceil(threads))
            .map(|chunk| scope.spawn(move || chunk.iter().map(read).collect::<Vec<_>>()))
            .collect();
        readers
            .into_iter()
            .zip(entries.chunks(entries.len().div_ceil(threads)))
            .flat_map(|(reader, chunk)| {
                reader
                    .join()
                    .unwrap_or_else(|_| chunk.iter().map(read).collect())
            })
            .collect()
    })
}

/// Which versions were squashed into which.
fn replaced(entries: &[Entry], metadata: &[Metadata]) -> BTreeMap<Version, Version> {
    entries
        .iter()
        .zip(metadata)
        .flat_map(|(entry, metadata)| {
            let by = &entry.version;
            metadata
                .replaces
                .iter()
                .filter(move |version| *version != by)
                .map(move |version| (version.clone(), by.clone()))
        })
        .collect()
}

fn read(entry: &Entry) -> Metadata {
    read_metadata(&entry.path).map_or_else(|_| Metadata::absent(), |(metadata, _)| metadata)
}
