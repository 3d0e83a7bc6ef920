//! Whether the way back of a migration leads back: every one of a directory, hand-written ones too.

use super::column_order::reordered;
use super::error::ProofError;
use super::replay::{Workbench, replay};
use super::rows::{RowsDiffer, contents, differ};
use super::samples;
use crate::backend::{Direction, Scratch};
use crate::executor::{ExecuteError, Interrupt, PrepareError};
use crate::history::Identity;
use crate::migration::{Directory, Entry, Route, Version};
use crate::schema::change::{Change, diff};
use crate::schema::{Name, Schema};
use crate::settings::Environment;

/// What was found out about one migration.
#[derive(Debug)]
pub struct Verified {
    /// Its version.
    pub version: Version,
    /// The directory's name.
    pub name: String,
    /// What is wrong with its way back; empty if it restores what was there.
    pub flaws: Vec<WayBack>,
    /// Tables that no sample row fits into, if such were asked for.
    pub unfilled: Vec<Name>,
}

/// What is wrong with a way back.
#[derive(Debug)]
pub enum WayBack {
    /// There is none, and why.
    None(String),
    /// `up.sql` fails when there are rows.
    UpFails(Box<ExecuteError>),
    /// It fails.
    Fails(Box<ExecuteError>),
    /// It leads to another schema: what would lead from there to where it should be.
    Differs(Vec<Change>),
    /// The same columns come back in another order, in these tables.
    ColumnOrder(Vec<Name>),
    /// Rows are lost, left over or changed.
    Rows(Vec<RowsDiffer>),
    /// Applying fails after it.
    AgainFails(Box<ExecuteError>),
    /// Applying leads elsewhere after it: what would lead from there to where it should be.
    AgainDiffers(Vec<Change>),
}

impl WayBack {
    /// A word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::None(_) => "irreversible",
            Self::UpFails(_) => "up_fails",
            Self::Fails(_) => "down_fails",
            Self::Differs(_) => "schema_differs",
            Self::ColumnOrder(_) => "column_order",
            Self::Rows(_) => "rows_differ",
            Self::AgainFails(_) => "again_fails",
            Self::AgainDiffers(_) => "again_differs",
        }
    }

    /// Whether the database is afterwards as if nothing had been tried.
    fn leaves_no_trace(&self) -> bool {
        match self {
            Self::None(_) | Self::ColumnOrder(_) => true,
            Self::UpFails(_)
            | Self::Fails(_)
            | Self::Differs(_)
            | Self::Rows(_)
            | Self::AgainFails(_)
            | Self::AgainDiffers(_) => false,
        }
    }

    /// Whether it is worth no more than a note: nobody can tell but by `SELECT *`.
    #[must_use]
    pub fn is_note(&self) -> bool {
        matches!(self, Self::ColumnOrder(_))
    }
}

/// What it takes to verify.
pub struct Verifier<'a> {
    /// The migrations.
    pub directory: &'a Directory,
    /// A scratch database, empty.
    pub scratch: &'a mut Scratch,
    /// What the scratch database is made again with.
    pub environment: &'a Environment,
    /// Who is at work.
    pub identity: &'a Identity,
    /// The connection's own database, which nothing here may touch.
    pub own: Option<&'a str>,
    /// Watches for Ctrl-C.
    pub interrupt: &'a Interrupt,
    /// How many sample rows to put into each table before a migration is applied.
    pub samples: usize,
}

impl Verifier<'_> {
    /// Verifies the migrations that `wanted` says, in order, telling of each when it is done.
    ///
    /// # Errors
    /// A migration cannot be applied at all, or the scratch database failed.
    pub fn run(
        &mut self,
        wanted: impl Fn(&Version) -> bool,
        mut told: impl FnMut(Verified),
    ) -> Result<(), ProofError> {
        let entries = self.directory.entries().to_vec();
        let Some(last) = entries.iter().rposition(|entry| wanted(&entry.version)) else {
            return Ok(());
        };
        // What one leads to is what the next one starts from; it need not be read twice.
        let mut known = None;
        for entry in &entries[..=last] {
            if wanted(&entry.version) {
                let (verified, after) = self.one(entry, known.take())?;
                known = after.filter(|_| verified.flaws.is_empty() && self.samples == 0);
                told(verified);
            } else {
                self.apply(&entry.version)?;
                known = None;
            }
        }
        Ok(())
    }

    /// Verifies one; also gives the schema that it leads to, where that was reached.
    fn one(
        &mut self,
        entry: &Entry,
        before: Option<Schema>,
    ) -> Result<(Verified, Option<Schema>), ProofError> {
        let version = &entry.version;
        let mut verified = Verified {
            version: version.clone(),
            name: entry.name.clone(),
            flaws: Vec::new(),
            unfilled: Vec::new(),
        };
        let before = match before {
            Some(before) => before,
            None => self.scratch.database().introspect()?,
        };
        if self.samples > 0 {
            verified.unfilled = samples::insert(&before, self.samples, self.scratch.database());
        }
        let rows = contents(&before, self.scratch.database());
        if self.samples > 0 {
            if let Err(ProofError::Execute(error)) = self.apply(version) {
                self.stop_if_interrupted()?;
                verified.flaws.push(WayBack::UpFails(Box::new(error)));
                self.rebuild(version)?;
                return Ok((verified, None));
            }
        } else {
            self.apply(version)?;
        }
        let after = self.scratch.database().introspect()?;
        verified.flaws = self.way_back(version, &before, &after, &rows)?;
        let is_clean = verified.flaws.iter().all(WayBack::leaves_no_trace);
        if !is_clean || self.samples > 0 {
            // The next one must find what it would find in a database without accidents.
            self.rebuild(version)?;
        }
        Ok((verified, Some(after)))
    }

    fn way_back(
        &mut self,
        version: &Version,
        before: &Schema,
        after: &Schema,
        rows: &super::rows::Contents,
    ) -> Result<Vec<WayBack>, ProofError> {
        let mut flaws = Vec::new();
        match self.revert(version) {
            Ok(()) => {}
            Err(ProofError::Prepare(PrepareError::Irreversible(list, _))) => {
                let why = list.into_iter().next().map(|one| one.reason);
                return Ok(vec![WayBack::None(why.unwrap_or_default())]);
            }
            Err(ProofError::Execute(error)) => {
                self.stop_if_interrupted()?;
                return Ok(vec![WayBack::Fails(Box::new(error))]);
            }
            Err(error) => return Err(error),
        }
        let back = self.scratch.database().introspect()?;
        let changes = diff(&back, before);
        if !changes.is_empty() {
            flaws.push(WayBack::Differs(changes));
        }
        let moved = reordered(&back, before);
        if !moved.is_empty() {
            flaws.push(WayBack::ColumnOrder(moved));
        }
        let now = contents(&back, self.scratch.database());
        let differences = differ(rows, &now);
        if !differences.is_empty() {
            flaws.push(WayBack::Rows(differences));
        }
        match self.apply(version) {
            Ok(()) => {
                let again = self.scratch.database().introspect()?;
                let changes = diff(&again, after);
                if !changes.is_empty() {
                    flaws.push(WayBack::AgainDiffers(changes));
                }
            }
            Err(ProofError::Execute(error)) => {
                self.stop_if_interrupted()?;
                flaws.push(WayBack::AgainFails(Box::new(error)));
            }
            Err(error) => return Err(error),
        }
        Ok(flaws)
    }

    fn apply(&mut self, version: &Version) -> Result<(), ProofError> {
        self.step(Direction::Up, version)
    }

    fn revert(&mut self, version: &Version) -> Result<(), ProofError> {
        self.step(Direction::Down, version)
    }

    fn step(&mut self, direction: Direction, version: &Version) -> Result<(), ProofError> {
        let directory = self.directory;
        let route = Route {
            direction,
            versions: vec![version.clone()],
        };
        let mut workbench = self.workbench();
        let steps = workbench.steps(directory, &route)?;
        workbench.run(direction, steps)?;
        Ok(())
    }

    /// Makes the scratch database again, with everything applied up to a version.
    fn rebuild(&mut self, through: &Version) -> Result<(), ProofError> {
        self.scratch.empty(self.environment)?;
        let directory = self.directory;
        replay(directory, Some(through), &mut self.workbench())?;
        self.apply(through)
    }

    fn stop_if_interrupted(&self) -> Result<(), ProofError> {
        if let Some(signal) = self.interrupt.seen() {
            return Err(ProofError::Interrupted(signal));
        }
        Ok(())
    }

    fn workbench(&mut self) -> Workbench<'_> {
        Workbench {
            database: self.scratch.database(),
            identity: self.identity,
            interrupt: self.interrupt,
            again: "manage verify",
            own: self.own,
        }
    }
}
