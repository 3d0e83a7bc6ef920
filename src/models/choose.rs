//! Leaves of the models what one backend is compiled with.

use crate::sql::Dialect;

use super::condition::Condition;
use super::error::{ModelsError, Problem};
use super::models::{ModelTable, Models};

impl Models {
    /// What a program for that backend is compiled with, as far as the names in `#[cfg(…)]` tell.
    ///
    /// A declaration that a backend's name asks for goes before one of which nothing is known; of several
    /// that say the same the first one stays.
    ///
    /// # Errors
    /// A table that is declared in two ways.
    pub fn of(&self, dialect: Dialect) -> Result<Self, ModelsError> {
        let applies = |condition: &Condition| condition.holds(dialect) != Some(false);
        let mut chosen = Self {
            together: self.together.clone(),
            views: self.views.clone(),
            ..Self::default()
        };
        chosen.views.retain(|view| applies(&view.condition));
        for table in self.tables.iter().filter(|table| applies(&table.condition)) {
            let mut table = table.clone();
            table.columns.retain(|column| applies(&column.condition));
            let earlier = chosen
                .tables
                .iter_mut()
                .find(|other| other.name == table.name);
            match earlier {
                None => chosen.tables.push(table),
                Some(earlier) => prefer(earlier, table, dialect)?,
            }
        }
        chosen.joins.clone_from(&self.joins);
        chosen.joins.retain(|join| applies(&join.condition));
        chosen.types.clone_from(&self.types);
        chosen.types.retain(|one| applies(&one.condition));
        Ok(chosen)
    }
}

/// Keeps the better of two declarations of a table.
fn prefer(
    earlier: &mut ModelTable,
    later: ModelTable,
    dialect: Dialect,
) -> Result<(), ModelsError> {
    let asked_for = |table: &ModelTable| {
        table.condition != Condition::Always && table.condition.holds(dialect) == Some(true)
    };
    if say_the_same(earlier, &later) {
        return Ok(());
    }
    match (asked_for(earlier), asked_for(&later)) {
        (true, false) => Ok(()),
        (false, true) => {
            *earlier = later;
            Ok(())
        }
        (true, true) | (false, false) => {
            let problem = Problem::DuplicateTable {
                table: later.name.to_string(),
                earlier: earlier.place.clone(),
            };
            Err(ModelsError::new(problem, later.place))
        }
    }
}

fn say_the_same(one: &ModelTable, other: &ModelTable) -> bool {
    one.primary_key == other.primary_key
        && one.columns.len() == other.columns.len()
        && one.columns.iter().zip(&other.columns).all(|(one, other)| {
            one.name == other.name
                && one.diesel_type == other.diesel_type
                && one.max_length == other.max_length
        })
}
