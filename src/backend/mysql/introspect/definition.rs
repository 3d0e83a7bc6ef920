//! What is kept by its definition: views, triggers and routines.
//!
//! `SHOW CREATE` would be a query for each of them and names who made them, so the statements are put
//! together here.

use std::collections::{BTreeMap, BTreeSet};

use super::Reading;
use super::expression::readable;
use crate::backend::error::DatabaseError;
use crate::backend::query::Row;
use crate::schema::{Name, Routine, RoutineKind, Trigger};
use crate::sql::Dialect;

impl Reading<'_> {
    pub(super) fn views(&mut self) -> Result<(), DatabaseError> {
        // MySQL tells the algorithm nowhere but in `SHOW CREATE VIEW`.
        let algorithm = if self.is_mariadb() {
            "ALGORITHM"
        } else {
            "'UNDEFINED'"
        };
        let rows = self.rows(&format!(
            "SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, SECURITY_TYPE, {algorithm} \
             FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()",
        ))?;
        let rows: BTreeMap<_, _> = rows.iter().map(|row| (row.text(0), row)).collect();
        let mut views = std::mem::take(&mut self.schema.views);
        let names: BTreeSet<Name> = views.iter().map(|view| view.name.clone()).collect();
        views.retain_mut(|view| {
            let row = rows.get(view.name.name.as_str()).copied();
            let Some(row) = row.filter(|row| !row.text(1).is_empty()) else {
                self.leave("views that this role may not see", view.name.clone());
                return false;
            };
            let (mut definition, read) = readable(row.text(1), &self.database);
            if !matches!(row.text(2), "" | "NONE") {
                definition = format!("{definition} WITH {} CHECK OPTION", row.text(2));
            }
            let mut options = Vec::new();
            if !matches!(row.text(4), "" | "UNDEFINED") {
                options.push(format!("ALGORITHM={}", row.text(4)));
            }
            if row.text(3) == "INVOKER" {
                options.push("SQL SECURITY INVOKER".to_owned());
            }
            view.definition = definition;
            view.options = (!options.is_empty()).then(|| options.join(" "));
            view.reads = read
                .into_iter()
                .map(Name::new)
                .filter(|name| self.schema.table(name).is_some() || names.contains(name))
                .collect();
            view.reads.sort();
            view.reads.dedup();
            true
        });
        self.schema.views = views;
        Ok(())
    }

    pub(super) fn triggers(&mut self) -> Result<(), DatabaseError> {
        let mut rows = self.rows(
            "SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, \
             ACTION_STATEMENT, CAST(ACTION_ORDER AS CHAR) \
             FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()",
        )?;
        if rows.is_empty() && !self.sees_triggers {
            self.leave("triggers that this role may not see", Name::new("any"));
        }
        let place = |row: &Row| {
            let texts = [0, 2, 3].map(|column| row.text(column).to_owned());
            (texts, row.integer(5))
        };
        rows.sort_by_key(place);
        let quote = |name: &str| Dialect::Mysql.quote_identifier(name);
        let mut before: Option<&Row> = None;
        for row in &rows {
            // Those of one moment run in their order, which a definition has to tell.
            let follows = before
                .filter(|before| place(before).0 == place(row).0)
                .map(|before| format!("FOLLOWS {} ", quote(before.text(1))))
                .unwrap_or_default();
            before = Some(row);
            let definition = format!(
                "CREATE TRIGGER {} {} {} ON {} FOR EACH ROW {follows}{}",
                quote(row.text(1)),
                row.text(2),
                row.text(3),
                quote(row.text(0)),
                row.text(4),
            );
            if let Some(table) = self.table(row.text(0)) {
                table.triggers.push(Trigger {
                    name: row.text(1).to_owned(),
                    definition,
                    comment: None,
                });
            }
        }
        Ok(())
    }

    pub(super) fn routines(&mut self) -> Result<(), DatabaseError> {
        let parameters = self.rows(
            "SELECT ROUTINE_TYPE, SPECIFIC_NAME, PARAMETER_MODE, PARAMETER_NAME, DTD_IDENTIFIER, \
             COLLATION_NAME, CAST(ORDINAL_POSITION AS CHAR) \
             FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA = DATABASE()",
        )?;
        let mut by_routine: BTreeMap<_, Vec<&Row>> = BTreeMap::new();
        for row in &parameters {
            by_routine
                .entry((row.text(0), row.text(1)))
                .or_default()
                .push(row);
        }
        let rows = self.rows(
            "SELECT ROUTINE_TYPE, SPECIFIC_NAME, ROUTINE_DEFINITION, IS_DETERMINISTIC, \
             SQL_DATA_ACCESS, SECURITY_TYPE, ROUTINE_COMMENT \
             FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()",
        )?;
        for row in &rows {
            let name = Name::new(row.text(1));
            let kind = match row.text(0) {
                "FUNCTION" => RoutineKind::Function,
                "PROCEDURE" => RoutineKind::Procedure,
                _ => {
                    self.leave("packages", name);
                    continue;
                }
            };
            if row.text(2).is_empty() {
                self.leave("routines that this role may not see", name);
                continue;
            }
            let parameters = by_routine.remove(&(row.text(0), row.text(1)));
            self.schema.routines.push(Routine {
                name,
                kind,
                arguments: String::new(),
                definition: self.routine(row, parameters.unwrap_or_default()),
                comment: None,
            });
        }
        Ok(())
    }

    fn routine(&self, row: &Row, mut parameters: Vec<&Row>) -> String {
        parameters.sort_by_key(|parameter| parameter.integer(6));
        let mut returns = String::new();
        let mut arguments = Vec::new();
        for parameter in parameters {
            let mut text = parameter.text(4).to_owned();
            // A text without a collation of its own has the database's.
            if let Some(collation) = parameter.optional(5)
                && collation != self.collation
            {
                let character_set = collation.split('_').next().unwrap_or(collation);
                text = format!("{text} CHARACTER SET {character_set} COLLATE {collation}");
            }
            if parameter.integer(6) == Some(0) {
                returns = format!(" RETURNS {text}");
                continue;
            }
            let name = Dialect::Mysql.quote_identifier(parameter.text(3));
            let mode = match row.text(0) {
                "PROCEDURE" => format!("{} ", parameter.text(2)),
                _ => String::new(),
            };
            arguments.push(format!("{mode}{name} {text}"));
        }
        let mut definition = format!(
            "CREATE {} {}({}){returns}",
            row.text(0),
            Dialect::Mysql.quote_identifier(row.text(1)),
            arguments.join(", "),
        );
        if row.text(3) == "YES" {
            definition.push_str(" DETERMINISTIC");
        }
        if row.text(4) != "CONTAINS SQL" {
            definition.push(' ');
            definition.push_str(row.text(4));
        }
        if row.text(5) == "INVOKER" {
            definition.push_str(" SQL SECURITY INVOKER");
        }
        if !row.text(6).is_empty() {
            definition.push_str(" COMMENT ");
            definition.push_str(&Dialect::Mysql.quote_literal(row.text(6)));
        }
        definition.push('\n');
        definition.push_str(row.text(2));
        definition
    }
}
