//! Which tables are a connection's business, on both sides of a comparison.

use regex::RegexSet;

use crate::error::{Explain, Kind};
use crate::schema::{Name, Schema};
use crate::settings::{TableChoice, TableFilter};

/// The filter of the settings, ready to use.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    include: RegexSet,
    exclude: RegexSet,
    /// What is not printed by Diesel cannot be in the models that it prints.
    printed: TableChoice,
}

impl Filter {
    pub(super) fn new(written: &TableFilter, printed: TableChoice) -> Result<Self, FilterError> {
        let set = |patterns: &[String]| RegexSet::new(patterns).map_err(FilterError);
        Ok(Self {
            include: set(&written.include)?,
            exclude: set(&written.exclude)?,
            printed,
        })
    }

    /// Whether a table is to be compared.
    pub(super) fn takes(&self, name: &Name) -> bool {
        if !self.printed.takes(&name.name) {
            return false;
        }
        let name = name.to_string();
        (self.include.is_empty() || self.include.is_match(&name)) && !self.exclude.is_match(&name)
    }

    /// Whether every table is.
    pub(super) fn is_open(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty() && self.printed == TableChoice::All
    }

    /// Makes the tables that are not compared what they are now.
    pub(super) fn leave(&self, current: &Schema, desired: &mut Schema) {
        if self.is_open() {
            return;
        }
        desired.tables.retain(|table| self.takes(&table.name));
        let others = current
            .tables
            .iter()
            .filter(|table| !self.takes(&table.name));
        desired.tables.extend(others.cloned());
        desired.sort();
    }
}

/// A pattern that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("a pattern of tables cannot be read")]
pub(super) struct FilterError(#[source] regex::Error);

impl Explain for FilterError {
    fn kind(&self) -> Kind {
        Kind::Failure
    }

    fn hints(&self) -> Vec<String> {
        vec!["write regular expressions under `tables: include:` and `exclude:`, and behind --only and --except".to_owned()]
    }
}
