//! Moves migrations after all others: a plan of new versions and of what each then follows.
//!
//! Only what has to change does. Migrations that sort after all others already keep their names, and
//! one that follows the right migration by its place alone gets no `depends_on`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::directory::{Directory, Entry};
use super::files::read_metadata;
use super::graph::{Declaration, Graph};
use super::version::Version;
use super::writer::{Edit, Relocation, Rename, WriteError};

mod error;
mod order;
mod reach;

pub use error::RebaseError;
pub use reach::{with_followers, with_their_sides};

use order::ordered;

/// What moving migrations after all others changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebase {
    /// The migrations, in their new order.
    pub moves: Vec<Move>,
    /// The names of the migrations in each folder when this was worked out.
    seen: BTreeMap<PathBuf, BTreeSet<String>>,
}

/// One migration that is moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Its directory as it is.
    pub path: PathBuf,
    /// Its name as it is.
    pub name: String,
    /// Its version as it is.
    pub version: Version,
    /// The name it gets, which may be the one it has.
    pub new_name: String,
    /// The version it gets.
    pub new_version: Version,
    /// The names of those it follows now, sorted by version.
    pub followed: Vec<String>,
    /// The names of those it follows then.
    pub follows: Vec<String>,
    /// What `depends_on` then says, where it has to be written.
    pub depends_on: Option<Vec<Version>>,
}

impl Move {
    /// Whether its directory is renamed.
    #[must_use]
    pub fn is_renamed(&self) -> bool {
        self.name != self.new_name
    }

    /// Its directory as it will be.
    #[must_use]
    pub fn new_path(&self) -> PathBuf {
        self.path.with_file_name(&self.new_name)
    }
}

impl Rebase {
    /// Works out how to move the migrations with these directories after all others. `applied` are
    /// versions that a database knows, whether a directory has them or not.
    ///
    /// # Errors
    /// Another migration follows one of them and stays, or no version is left.
    pub fn of(
        directory: &Directory,
        graph: &Graph,
        mine: &BTreeSet<PathBuf>,
        applied: &[Version],
        now: DateTime<Utc>,
    ) -> Result<Self, RebaseError> {
        let all = declarations(directory, graph);
        let planner = Planner::new(all, mine);
        let moves = planner.moves(graph, applied, now)?;
        let folders: BTreeSet<_> = mine.iter().filter_map(|path| path.parent()).collect();
        Ok(Self {
            moves,
            seen: folders
                .into_iter()
                .map(|folder| (folder.to_owned(), names_in(directory, folder)))
                .collect(),
        })
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.moves
            .iter()
            .all(|one| !one.is_renamed() && one.depends_on.is_none())
    }

    /// The migrations whose directory or metadata.toml changes.
    pub fn changes(&self) -> impl Iterator<Item = &Move> {
        self.moves
            .iter()
            .filter(|one| one.is_renamed() || one.depends_on.is_some())
    }

    /// The same as renames and edits of files, which are read for it.
    ///
    /// # Errors
    /// A metadata.toml cannot be read.
    pub fn relocation(&self) -> Result<Relocation, WriteError> {
        let mut edits = Vec::new();
        for one in &self.moves {
            if let Some(versions) = &one.depends_on {
                edits.extend(Edit::depends_on(&one.path, versions)?);
            }
        }
        Ok(Relocation {
            renames: self
                .moves
                .iter()
                .filter(|one| one.is_renamed())
                .map(|one| Rename {
                    from: one.path.clone(),
                    to: one.new_name.clone(),
                })
                .collect(),
            edits,
            seen: self.seen.clone(),
        })
    }
}

fn names_in(directory: &Directory, folder: &Path) -> BTreeSet<String> {
    directory
        .entries()
        .iter()
        .filter(|entry| entry.path.parent() == Some(folder))
        .map(|entry| entry.name.clone())
        .collect()
}

/// What every migration says of itself; also the second of two with one version, which the graph leaves
/// out.
fn declarations(directory: &Directory, graph: &Graph) -> Vec<Declaration> {
    let folder_of = |entry: &Entry| {
        directory
            .folders()
            .iter()
            .position(|folder| entry.path.parent() == Some(folder))
            .unwrap_or_default()
    };
    directory
        .entries()
        .iter()
        .map(|entry| {
            let node = graph
                .find(&entry.version)
                .filter(|node| node.path == entry.path);
            let (depends_on, labels) = match node {
                Some(node) => (node.depends_on.clone(), node.labels.clone()),
                None => read_metadata(&entry.path)
                    .map(|(metadata, _)| (metadata.depends_on, metadata.labels))
                    .unwrap_or_default(),
            };
            Declaration {
                version: entry.version.clone(),
                name: entry.name.clone(),
                path: entry.path.clone(),
                folder: folder_of(entry),
                depends_on,
                labels,
            }
        })
        .collect()
}

/// What is moved and what stays.
struct Planner {
    mine: Vec<Mine>,
    rest: Vec<Declaration>,
}

struct Mine {
    declaration: Declaration,
    /// What it follows, as it says or by its place.
    follows: Vec<Version>,
    /// Which of those are moved too, by index.
    within: Vec<usize>,
}

impl Planner {
    fn new(all: Vec<Declaration>, mine: &BTreeSet<PathBuf>) -> Self {
        let mut last_of_folder: BTreeMap<usize, Version> = BTreeMap::new();
        let mut own = Vec::new();
        let mut rest = Vec::new();
        for declaration in all {
            let before = last_of_folder.insert(declaration.folder, declaration.version.clone());
            if mine.contains(&declaration.path) {
                own.push(Mine {
                    follows: declaration
                        .depends_on
                        .clone()
                        .unwrap_or_else(|| before.into_iter().collect()),
                    declaration,
                    within: Vec::new(),
                });
            } else {
                rest.push(declaration);
            }
        }
        let stays = |version: &Version| rest.iter().any(|other| other.version == *version);
        for index in 0..own.len() {
            own[index].within = (0..own.len())
                .filter(|other| *other != index)
                .filter(|other| {
                    let version = &own[*other].declaration.version;
                    own[index].follows.contains(version) && !stays(version)
                })
                .collect();
        }
        Self { mine: own, rest }
    }

    fn moves(
        &self,
        graph: &Graph,
        applied: &[Version],
        now: DateTime<Utc>,
    ) -> Result<Vec<Move>, RebaseError> {
        let within: Vec<&[usize]> = self.mine.iter().map(|one| one.within.as_slice()).collect();
        let order = ordered(&within);
        let names = self.names(&order, applied, now)?;
        let to: BTreeMap<&Version, &Version> = self
            .mine
            .iter()
            .zip(&names)
            .map(|(one, (_, version))| (&one.declaration.version, version))
            .filter(|(from, _)| self.rest.iter().all(|other| other.version != **from))
            .collect();
        self.refuse_followers(&to)?;
        let mapped = |versions: &[Version]| -> Vec<Version> {
            versions
                .iter()
                .map(|version| to.get(version).copied().unwrap_or(version).clone())
                .collect()
        };
        let mut placed = self.rest.clone();
        let mut moves = Vec::new();
        for index in order {
            let one = &self.mine[index];
            let (new_name, new_version) = &names[index];
            let wanted = match one.within.as_slice() {
                [] => after_all(one, graph, &Graph::of(placed.clone(), Vec::new())),
                _ => mapped(&one.follows),
            };
            let declared = one.declaration.depends_on.as_deref().map(mapped);
            let mut declaration = Declaration {
                version: new_version.clone(),
                name: new_name.clone(),
                depends_on: declared.clone(),
                ..one.declaration.clone()
            };
            placed.push(declaration.clone());
            let as_it_is = parents(&Graph::of(placed.clone(), Vec::new()), new_version);
            let is_right = as_it_is == wanted.iter().cloned().collect();
            let depends_on = if is_right {
                declared.filter(|declared| Some(declared) != one.declaration.depends_on.as_ref())
            } else {
                Some(wanted.clone())
            };
            if let Some(depends_on) = &depends_on {
                placed.pop();
                declaration.depends_on = Some(depends_on.clone());
                placed.push(declaration);
            }
            moves.push(Move {
                path: one.declaration.path.clone(),
                name: one.declaration.name.clone(),
                version: one.declaration.version.clone(),
                new_name: new_name.clone(),
                new_version: new_version.clone(),
                followed: self.called(&one.follows),
                follows: called(&placed, &wanted),
                depends_on,
            });
        }
        Ok(moves)
    }

    /// The names and versions that those who are moved get, by index; those they have, if they sort after
    /// all others already.
    fn names(
        &self,
        order: &[usize],
        applied: &[Version],
        now: DateTime<Utc>,
    ) -> Result<Vec<(String, Version)>, RebaseError> {
        let is_mine = |version: &&Version| {
            self.mine
                .iter()
                .any(|one| one.declaration.version == **version)
        };
        let others = self
            .rest
            .iter()
            .map(|other| &other.version)
            .chain(applied.iter().filter(|version| !is_mine(version)))
            .max();
        let own: Vec<&Version> = order
            .iter()
            .map(|index| &self.mine[*index].declaration.version)
            .collect();
        let keep = others.is_none_or(|newest| own.first().is_none_or(|first| *first > newest))
            && own.windows(2).all(|two| two[0] < two[1]);
        let mut names: Vec<(String, Version)> = self
            .mine
            .iter()
            .map(|one| {
                let declaration = &one.declaration;
                (declaration.name.clone(), declaration.version.clone())
            })
            .collect();
        if keep {
            return Ok(names);
        }
        let mut newest = others.into_iter().chain(own).max().cloned();
        for index in order {
            let spelling = Version::next(&newest, now)?;
            let version = spelling.version();
            let new_name = match names[*index].0.split_once('_') {
                Some((_, slug)) => format!("{spelling}_{slug}"),
                None => spelling.to_string(),
            };
            newest = Some(version.clone());
            names[*index] = (new_name, version);
        }
        Ok(names)
    }

    /// One that stays cannot follow one that comes after it.
    fn refuse_followers(&self, to: &BTreeMap<&Version, &Version>) -> Result<(), RebaseError> {
        for other in &self.rest {
            let moved = other
                .depends_on
                .iter()
                .flatten()
                .find(|version| to.get(version).is_some_and(|to| to != version));
            if let Some(version) = moved {
                return Err(RebaseError::Followed {
                    name: self.called(std::slice::from_ref(version)).concat(),
                    follower: other.name.clone(),
                });
            }
        }
        Ok(())
    }

    fn called(&self, versions: &[Version]) -> Vec<String> {
        let all: Vec<Declaration> = self
            .rest
            .iter()
            .chain(self.mine.iter().map(|one| &one.declaration))
            .cloned()
            .collect();
        called(&all, versions)
    }
}

/// What a migration follows that is moved and follows none of those moved with it: the heads of its own
/// line, and whatever else it says that these do not follow themselves.
fn after_all(one: &Mine, before: &Graph, others: &Graph) -> Vec<Version> {
    let folder = one.declaration.folder;
    // The line it goes on: the labels it has from others.
    let line: BTreeSet<&str> = one
        .follows
        .iter()
        .filter_map(|version| before.find(version))
        .filter(|node| node.folder == folder)
        .flat_map(|node| node.branches.iter().map(String::as_str))
        .collect();
    let mut wanted: BTreeSet<Version> = others
        .heads()
        .filter(|head| head.folder == folder)
        .filter(|head| {
            head.branches
                .iter()
                .map(String::as_str)
                .eq(line.iter().copied())
        })
        .map(|head| head.version.clone())
        .collect();
    if wanted.is_empty() {
        return one.follows.clone();
    }
    let behind = others.ancestors(&wanted);
    for version in one.declaration.depends_on.iter().flatten() {
        let is_foreign = others
            .find(version)
            .is_some_and(|node| node.folder != folder);
        if is_foreign || !behind.contains(version) {
            wanted.insert(version.clone());
        }
    }
    wanted.into_iter().collect()
}

fn parents(graph: &Graph, version: &Version) -> BTreeSet<Version> {
    graph
        .find(version)
        .map(|node| {
            graph
                .parents(node)
                .map(|parent| parent.version.clone())
                .collect()
        })
        .unwrap_or_default()
}

/// The names of versions, or the versions where nothing has them.
fn called(all: &[Declaration], versions: &[Version]) -> Vec<String> {
    versions
        .iter()
        .map(|version| {
            all.iter()
                .find(|one| one.version == *version)
                .map_or_else(|| version.to_string(), |one| one.name.clone())
        })
        .collect()
}

#[cfg(test)]
mod tests;
