//! Applies the branches in one order after the other, and compares what comes of it.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use super::changes_rows::changes_rows;
use super::orders::{Side, orders};
use super::outcome::{Clash, Commuted, Disagreement, Remark, WayBackFlaw};
use super::rows::{self, Chance};
use crate::backend::{Database, Direction, Query, Scratch};
use crate::executor::{ExecuteError, Interrupt, PrepareError};
use crate::history::Identity;
use crate::migration::{Directory, Route, Version};
use crate::proof::column_order::reordered;
use crate::proof::error::ProofError;
use crate::proof::replay::Workbench;
use crate::proof::rows::{Contents, contents};
use crate::proof::samples;
use crate::schema::change::diff;
use crate::schema::{Name, Schema};
use crate::settings::Environment;
use crate::sql::Dialect;

/// How many rows each table is given where a branch changes rows.
const SAMPLES: usize = 3;

/// After so long, every clock has gone on: some count seconds.
const CLOCK: Duration = Duration::from_millis(1_100);

/// What it takes to find out whether branches go together.
pub struct Commuter<'a> {
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
    /// What to type again when a file was mended.
    pub again: &'a str,
    /// The time in seconds since 1970.
    pub now: i64,
    /// The migrations to apply before the branches, as they run.
    pub before: &'a [Version],
    /// The branches.
    pub branches: &'a [Side],
}

/// What the database holds.
struct Reached {
    schema: Schema,
    rows: Contents,
    /// Views that cannot be read.
    broken: Vec<Name>,
}

/// One attempt at all orders.
struct Attempt {
    found: Commuted,
    samples: usize,
    /// What stands there before the branches.
    base: Option<Reached>,
    unfilled: Vec<Name>,
    /// The first order that could be applied, and what came of it.
    first: Option<(usize, Reached)>,
    chance: Option<Chance>,
    reordered: BTreeSet<Name>,
    numbers: BTreeSet<String>,
    cut: BTreeSet<Name>,
    place: Place,
    /// Whether the scratch database can be made again as it is there.
    is_kept: bool,
}

/// Where the scratch database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It is empty.
    Empty,
    /// Right before the branches.
    Base,
    /// Anywhere.
    Elsewhere,
}

impl Commuter<'_> {
    /// Tries all orders.
    ///
    /// # Errors
    /// What comes before the branches cannot be applied, files cannot run at all, the scratch database
    /// failed, or Ctrl-C was pressed.
    pub fn run(&mut self) -> Result<Commuted, ProofError> {
        if !self.changes_rows() {
            return Ok(self.attempt(0, false, Place::Empty)?.finish());
        }
        let filled = self.attempt(SAMPLES, true, Place::Empty)?;
        if !filled.fails() {
            return Ok(filled.finish());
        }
        // Rows that nobody wrote may be in the way of what is right; without them it must work.
        let bare = self.attempt(0, true, Place::Elsewhere)?;
        let works = !bare.fails();
        let mut found = bare.finish();
        if works {
            found.remarks.push(Remark::NoSamples);
        }
        Ok(found)
    }

    /// Whether a branch changes rows.
    fn changes_rows(&mut self) -> bool {
        let dialect = self.dialect();
        self.branches
            .iter()
            .flat_map(|branch| &branch.versions)
            .filter_map(|version| self.directory.find(version)?.sql(Direction::Up).ok())
            .any(|file| changes_rows(&file.text, dialect))
    }

    fn attempt(
        &mut self,
        samples: usize,
        changes_rows: bool,
        place: Place,
    ) -> Result<Attempt, ProofError> {
        let mut attempt = Attempt {
            found: Commuted {
                orders: orders(self.branches),
                clashes: Vec::new(),
                remarks: Vec::new(),
                irreversible: Vec::new(),
                way_back: None,
                is_taken_back: false,
                changes_rows,
            },
            samples,
            base: None,
            unfilled: Vec::new(),
            first: None,
            chance: None,
            reordered: BTreeSet::new(),
            numbers: BTreeSet::new(),
            cut: BTreeSet::new(),
            place,
            is_kept: false,
        };
        for at in 0..attempt.found.orders.len() {
            self.order(at, &mut attempt)?;
        }
        Ok(attempt)
    }

    /// Tries one order.
    fn order(&mut self, at: usize, attempt: &mut Attempt) -> Result<(), ProofError> {
        let versions = attempt.found.orders[at].versions.clone();
        self.go_to_base(attempt)?;
        if at == 0 && !self.comes_back(&versions, attempt) {
            attempt.is_kept = self.scratch.keep(self.environment, self.now)?;
        }
        attempt.place = Place::Elsewhere;
        if let Some(error) = self.apply(Direction::Up, versions.clone())? {
            attempt.clash(at, Disagreement::Fails(Box::new(error)));
            return Ok(());
        }
        let reached = self.reached()?;
        let broken: Vec<Name> = reached
            .broken
            .iter()
            .filter(|view| {
                attempt
                    .base
                    .as_ref()
                    .is_none_or(|base| !base.broken.contains(view))
            })
            .cloned()
            .collect();
        if !broken.is_empty() {
            attempt.clash(at, Disagreement::Broken(broken));
        }
        self.back(at, versions, attempt)?;
        attempt.cut.extend(rows::cut(&reached.rows).cloned());
        let Some((than, first)) = attempt.first.take() else {
            attempt.first = Some((at, reached));
            return Ok(());
        };
        self.compare(at, &reached, (than, &first), attempt)?;
        attempt.first = Some((than, first));
        Ok(())
    }

    /// Whether it may be that the branches can be taken back, so that nothing needs to be made again.
    fn comes_back(&self, versions: &[Version], attempt: &Attempt) -> bool {
        let has_way_back = |version| {
            self.directory
                .find(version)
                .is_some_and(|entry| entry.sql(Direction::Down).is_ok())
        };
        !attempt.found.changes_rows && versions.iter().all(has_way_back)
    }

    /// Compares what came of an order with what came of the first.
    fn compare(
        &mut self,
        at: usize,
        reached: &Reached,
        (than, first): (usize, &Reached),
        attempt: &mut Attempt,
    ) -> Result<(), ProofError> {
        attempt
            .reordered
            .extend(reordered(&reached.schema, &first.schema));
        let changes = diff(&first.schema, &reached.schema);
        if !changes.is_empty() {
            attempt.clash(at, Disagreement::Schema { than, changes });
        }
        let names = unmanaged(&first.schema, &reached.schema);
        if !names.is_empty() {
            attempt.clash(at, Disagreement::Unmanaged { than, names });
        }
        let dialect = self.dialect();
        let compare = |chance: &Chance| {
            rows::compare(&first.schema, dialect, &first.rows, &reached.rows, chance)
        };
        let mut difference = compare(attempt.chance.as_ref().unwrap_or(&Chance::new()));
        if !difference.tables.is_empty() && attempt.chance.is_none() {
            // What differs may be the time of day: that differs in the same order too.
            let chance = self.chance(than, first, attempt)?;
            difference = compare(&chance);
            attempt.chance = Some(chance);
        }
        attempt.numbers.extend(difference.numbers);
        if !difference.tables.is_empty() {
            let tables = difference.tables;
            attempt.clash(at, Disagreement::Rows { than, tables });
        }
        Ok(())
    }

    /// Tries an order once more, to learn what is not the same twice.
    fn chance(
        &mut self,
        than: usize,
        first: &Reached,
        attempt: &mut Attempt,
    ) -> Result<Chance, ProofError> {
        thread::sleep(CLOCK);
        self.go_to_base(attempt)?;
        attempt.place = Place::Elsewhere;
        let versions = attempt.found.orders[than].versions.clone();
        if self.apply(Direction::Up, versions)?.is_some() {
            return Ok(Chance::new());
        }
        let again = self.reached()?;
        Ok(rows::by_chance(&first.rows, &again.rows))
    }

    /// Takes the branches back in the reverse order of versions, as every tool does, whatever order they
    /// were applied in.
    fn back(
        &mut self,
        at: usize,
        mut versions: Vec<Version>,
        attempt: &mut Attempt,
    ) -> Result<(), ProofError> {
        if attempt.found.way_back.is_some() || !attempt.found.irreversible.is_empty() {
            return Ok(());
        }
        versions.sort();
        versions.reverse();
        match self.apply(Direction::Down, versions) {
            Ok(None) => {}
            Ok(Some(error)) => {
                let error = Box::new(error);
                attempt.found.way_back = Some(WayBackFlaw::Fails { order: at, error });
                return Ok(());
            }
            Err(ProofError::Prepare(PrepareError::Irreversible(list, _))) => {
                // Told in the order in which they are applied.
                attempt.found.irreversible = list.into_iter().rev().map(|one| one.name).collect();
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        attempt.found.is_taken_back = true;
        let found = self.reached()?;
        let Some(base) = &attempt.base else {
            return Ok(());
        };
        let changes = diff(&found.schema, &base.schema);
        if !changes.is_empty() {
            attempt.found.way_back = Some(WayBackFlaw::Differs { order: at, changes });
        } else if !attempt.found.changes_rows
            // What numbers rows goes on counting when they are taken back.
            && found.rows == base.rows
            && reordered(&found.schema, &base.schema).is_empty()
            && unmanaged(&found.schema, &base.schema).is_empty()
        {
            attempt.place = Place::Base;
        }
        Ok(())
    }

    /// Brings the scratch database to where the branches part.
    fn go_to_base(&mut self, attempt: &mut Attempt) -> Result<(), ProofError> {
        match attempt.place {
            Place::Base => return Ok(()),
            Place::Elsewhere if attempt.is_kept => {
                self.scratch.restore(self.environment)?;
                attempt.place = Place::Base;
                return Ok(());
            }
            Place::Empty => {}
            Place::Elsewhere => self.scratch.empty(self.environment)?,
        }
        if let Some(error) = self.apply(Direction::Up, self.before.to_vec())? {
            return Err(error.into());
        }
        if attempt.samples > 0 {
            let schema = match &attempt.base {
                Some(base) => base.schema.clone(),
                None => self.scratch.database().introspect()?,
            };
            attempt.unfilled = samples::insert(&schema, attempt.samples, self.scratch.database());
        }
        if attempt.base.is_none() {
            attempt.base = Some(self.reached()?);
        }
        attempt.place = Place::Base;
        Ok(())
    }

    /// Applies or reverts migrations; gives the error where one of them fails.
    fn apply(
        &mut self,
        direction: Direction,
        versions: Vec<Version>,
    ) -> Result<Option<ExecuteError>, ProofError> {
        let directory = self.directory;
        let mut workbench = Workbench {
            database: self.scratch.database(),
            identity: self.identity,
            interrupt: self.interrupt,
            again: self.again,
            own: self.own,
        };
        let route = Route {
            direction,
            versions,
        };
        let steps = workbench.steps(directory, &route)?;
        let outcome = workbench.run(direction, steps);
        if let Some(signal) = self.interrupt.seen() {
            return Err(ProofError::Interrupted(signal));
        }
        Ok(outcome.err())
    }

    fn reached(&mut self) -> Result<Reached, ProofError> {
        let database = self.scratch.database();
        let schema = database.introspect()?;
        let rows = contents(&schema, database);
        let broken = broken(&schema, database);
        Ok(Reached {
            schema,
            rows,
            broken,
        })
    }

    fn dialect(&mut self) -> Dialect {
        self.scratch.database().dialect()
    }
}

impl Attempt {
    fn clash(&mut self, order: usize, disagreement: Disagreement) {
        self.found.clashes.push(Clash {
            order,
            disagreement,
        });
    }

    /// Whether a migration failed on the way forwards.
    fn fails(&self) -> bool {
        self.found
            .clashes
            .iter()
            .any(|clash| matches!(clash.disagreement, Disagreement::Fails(_)))
    }

    fn finish(self) -> Commuted {
        let mut found = self.found;
        if !self.reordered.is_empty() {
            let tables = self.reordered.into_iter().collect();
            found.remarks.push(Remark::ColumnOrder(tables));
        }
        if !self.numbers.is_empty() {
            let columns = self.numbers.into_iter().collect();
            found.remarks.push(Remark::Numbers(columns));
        }
        if !self.cut.is_empty() {
            let tables = self.cut.into_iter().collect();
            found.remarks.push(Remark::TooManyRows(tables));
        }
        if !self.unfilled.is_empty() {
            found.remarks.push(Remark::Unfilled(self.unfilled));
        }
        found
    }
}

/// The views that cannot be read. PostgreSQL lets nothing go that a view needs; others do.
fn broken(schema: &Schema, database: &mut dyn Database) -> Vec<Name> {
    let dialect = database.dialect();
    if dialect == Dialect::Postgres {
        return Vec::new();
    }
    schema
        .views
        .iter()
        .map(|view| &view.name)
        .filter(|name| {
            let query = format!("SELECT 1 FROM {} LIMIT 0", samples::quoted(dialect, name));
            database.rows(&Query::new(query)).is_err()
        })
        .cloned()
        .collect()
}

/// What only one of two schemas has of what is listed and not compared.
fn unmanaged(one: &Schema, other: &Schema) -> Vec<String> {
    let names = |schema: &Schema| -> BTreeSet<String> {
        schema
            .unmanaged
            .iter()
            .flat_map(|kind| {
                kind.names
                    .iter()
                    .map(|name| format!("{} {name}", kind.kind))
            })
            .collect()
    };
    names(one)
        .symmetric_difference(&names(other))
        .cloned()
        .collect()
}
