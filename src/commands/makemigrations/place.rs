//! Where a new migration stands: its folder, what it follows, its labels.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::heads::{self, Stem};
use super::place_error::PlaceError;
use super::place_flags::PlaceFlags;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor;
use crate::history::Memory;
use crate::migration::{Directory, Graph, Node, Position, Target, Version};
use crate::settings::Connection;
use crate::ui;

/// The migrations that are there, and where the new one stands among them.
pub(super) struct Place {
    /// As they are now: a merge may have been written on the way.
    pub(super) directory: Directory,
    pub(super) folder: PathBuf,
    /// The head that it follows in its folder.
    pub(super) parent: Option<Version>,
    pub(super) depends_on: Vec<Version>,
    pub(super) labels: Vec<String>,
}

impl Place {
    /// Finds it, and asks where branches have parted.
    ///
    /// # Errors
    /// A flag names what is not there or cannot be, or nobody can be asked.
    pub(super) fn choose(
        context: &Context,
        connection: &Connection,
        flags: &PlaceFlags,
        directory: Directory,
        extent: Extent,
    ) -> Result<Self, CommandError> {
        let mut directory = directory;
        loop {
            let graph = Graph::load(&directory);
            let wanted = Wanted {
                context,
                flags,
                directory: &directory,
                graph: &graph,
            };
            wanted.labels()?;
            let folder = wanted.folder()?;
            match wanted.stem(folder)? {
                Stem::Open(open) => match heads::ask(context, connection, &graph, &open, extent)? {
                    heads::Answer::Joined => {
                        directory = Directory::load(directory.folders())?;
                    }
                    heads::Answer::Follow(version) => {
                        return wanted.place(folder, Some(&version));
                    }
                },
                Stem::After(version) => return wanted.place(folder, Some(&version)),
                Stem::Root => return wanted.place(folder, None),
            }
        }
    }
}

/// Whether anything may be written while the place is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The migration is going to be written.
    Write,
    /// It is only shown.
    Show,
}

/// What the flags want of the migrations that are there.
struct Wanted<'a> {
    context: &'a Context,
    flags: &'a PlaceFlags,
    directory: &'a Directory,
    graph: &'a Graph,
}

impl Wanted<'_> {
    /// The folder that `--dir` names, by its path or by what it is called.
    fn folder(&self) -> Result<Option<usize>, CommandError> {
        let Some(asked) = &self.flags.dir else {
            return Ok(None);
        };
        let here = &self.context.environment.directory;
        let folders = self.directory.folders();
        let found = folders
            .iter()
            .position(|folder| is_same(&here.join(folder), &here.join(asked)))
            .or_else(|| {
                let asked = asked.to_str()?;
                self.graph.folders().iter().position(|name| name == asked)
            });
        match found {
            Some(index) => Ok(Some(index)),
            None => Err(PlaceError::Folder {
                asked: asked.clone(),
                folders: folders.to_vec(),
            }
            .into()),
        }
    }

    /// The labels, each once.
    fn labels(&self) -> Result<Vec<String>, CommandError> {
        let mut labels = Vec::new();
        for label in &self.flags.labels {
            self.graph.check_label(label)?;
            if !labels.contains(label) {
                labels.push(label.clone());
            }
        }
        Ok(labels)
    }

    /// What the migration follows in its folder.
    fn stem(&self, folder: Option<usize>) -> Result<Stem, CommandError> {
        let Some(target) = &self.flags.head else {
            return Ok(heads::newest(self.graph, folder.unwrap_or_default()));
        };
        let (stem, named) = self.named(target, folder)?;
        let Stem::After(version) = &stem else {
            return Ok(stem);
        };
        let Some(node) = self.graph.find(version) else {
            return Ok(stem);
        };
        if named && !self.flags.splice && !self.graph.is_head(node) {
            return Err(PlaceError::not_a_head(self.graph, node).into());
        }
        Ok(stem)
    }

    /// What `--head` means, and whether it names a migration rather than a head.
    fn named(&self, target: &Target, folder: Option<usize>) -> Result<(Stem, bool), CommandError> {
        refuse_steps(target)?;
        if let Some((name, rest)) = target.as_str().split_once('@')
            && (rest.trim().is_empty() || is_head(rest))
        {
            // An unknown branch is the error.
            target.branch(self.graph)?;
            return Ok((heads::of_branch(self.graph, name), false));
        }
        if is_head(target.as_str()) {
            let folder = folder.unwrap_or_default();
            return Ok((heads::newest(self.graph, folder), false));
        }
        Ok(match self.position(target)? {
            Position::Base => (Stem::Root, true),
            Position::Migration(version) => (Stem::After(version), true),
        })
    }

    fn position(&self, target: &Target) -> Result<Position, CommandError> {
        refuse_steps(target)?;
        // The files alone tell; what is applied somewhere is of no importance to a new one.
        let known = executor::known(self.directory, &Memory::default());
        Ok(executor::position(target, &known, self.graph)?)
    }

    /// Puts everything together.
    fn place(&self, folder: Option<usize>, head: Option<&Version>) -> Result<Place, CommandError> {
        let parent = head.and_then(|version| self.graph.find(version));
        let of_parent = parent.map_or(0, |node| node.folder);
        let folder = folder.unwrap_or(of_parent);
        if let Some(node) = parent
            && node.folder != folder
            && self.graph.nodes().iter().any(|one| one.folder == folder)
        {
            return Err(PlaceError::OtherFolder {
                head: node.name.clone(),
                folder: self.graph.folder_name(node).unwrap_or_default().to_owned(),
                target: self
                    .flags
                    .head
                    .as_ref()
                    .map_or_else(|| node.name.clone(), ToString::to_string),
            }
            .into());
        }
        let mut depends_on: BTreeSet<Version> =
            parent.iter().map(|node| node.version.clone()).collect();
        for target in &self.flags.depends_on {
            self.depend(target, folder, &mut depends_on)?;
        }
        let labels = self.labels()?;
        if let Some(node) = parent {
            self.tell(node, &labels);
        }
        Ok(Place {
            directory: self.directory.clone(),
            parent: parent.map(|node| node.version.clone()),
            folder: self
                .directory
                .folders()
                .get(folder)
                .cloned()
                .unwrap_or_default(),
            depends_on: depends_on.into_iter().collect(),
            labels,
        })
    }

    /// Adds a dependency, unless what is there leads to it anyway.
    fn depend(
        &self,
        target: &Target,
        folder: usize,
        depends_on: &mut BTreeSet<Version>,
    ) -> Result<(), CommandError> {
        let Position::Migration(version) = self.position(target)? else {
            return Err(PlaceError::Base(target.clone()).into());
        };
        let Some(node) = self.graph.find(&version) else {
            return Ok(());
        };
        let ui = &self.context.ui;
        if depends_on.contains(&version) || self.graph.ancestors(&*depends_on).contains(&version) {
            ui.note(&format!("`{}` comes before it anyway", node.name));
            return Ok(());
        }
        if node.folder == folder
            && self.graph.is_head(node)
            && let Some(other) = depends_on
                .iter()
                .filter_map(|version| self.graph.find(version))
                .find(|other| other.folder == folder)
        {
            ui.note(&format!(
                "it joins `{}` and `{}`; that they go together is proved by: manage merge",
                other.name, node.name
            ));
        }
        depends_on.insert(version);
        Ok(())
    }

    /// Says what a person may not have thought of.
    fn tell(&self, parent: &Node, labels: &[String]) {
        let ui = &self.context.ui;
        let parted = self.graph.divergences().into_iter().find(|divergence| {
            divergence.heads().any(|head| *head == parent.version) && labels.is_empty()
        });
        if let Some(divergence) = parted {
            let others: Vec<String> = divergence
                .heads()
                .filter(|head| **head != parent.version)
                .filter_map(|head| self.graph.find(head))
                .map(|node| format!("`{}`", node.name))
                .collect();
            ui.note(&format!(
                "it stays parted from {}; to join them: manage merge",
                ui::list(&others, 5)
            ));
        }
        let other = self
            .graph
            .children(parent)
            .find(|child| child.folder == parent.folder);
        if let Some(other) = other
            && labels.is_empty()
        {
            ui.note(&format!(
                "a branch begins here, beside `{}`; to name it, add: --label NAME",
                other.name
            ));
        }
    }
}

/// Steps are counted from where a database stands, and no database is asked here.
fn refuse_steps(target: &Target) -> Result<(), PlaceError> {
    let text = target.as_str();
    if text.starts_with(['+', '-']) || text.eq_ignore_ascii_case("current") {
        return Err(PlaceError::Step(target.clone()));
    }
    Ok(())
}

fn is_head(text: &str) -> bool {
    ["head", "heads", "latest"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether two paths are one, however they are spelled.
fn is_same(a: &Path, b: &Path) -> bool {
    let plain = |path: &Path| path.components().collect::<PathBuf>();
    plain(a) == plain(b) || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
