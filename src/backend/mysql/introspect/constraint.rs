//! Checks and foreign keys.

use std::collections::BTreeMap;

use super::Reading;
use crate::backend::error::DatabaseError;
use crate::schema::{Action, Check, ForeignKey, Name, SqlType, Table};
use crate::sql::Product;

impl Reading<'_> {
    pub(super) fn checks(&mut self) -> Result<(), DatabaseError> {
        if self.is_mariadb() {
            let rows = self.rows(
                "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE \
                 FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()",
            )?;
            for row in rows {
                let expression = self.expression(row.text(2));
                let Some(table) = self.table(row.text(0)) else {
                    continue;
                };
                if is_json(table, row.text(1), &expression) {
                    continue;
                }
                table.checks.push(Check {
                    name: Some(row.text(1).to_owned()),
                    expression,
                    ..Check::default()
                });
            }
            return Ok(());
        }
        if !self.is_at_least(Product::Mysql, (8, 0, 16)) {
            return Ok(());
        }
        // The conditions are in one place, and which table each is for in another.
        let owners = self.rows(
            "SELECT CONSTRAINT_NAME, TABLE_NAME, ENFORCED \
             FROM information_schema.TABLE_CONSTRAINTS \
             WHERE TABLE_SCHEMA = DATABASE() AND CONSTRAINT_TYPE = 'CHECK'",
        )?;
        let owners: BTreeMap<_, _> = owners
            .iter()
            .map(|row| (row.text(0), (row.text(1), row.text(2) == "NO")))
            .collect();
        let rows = self.rows(
            "SELECT CONSTRAINT_NAME, CHECK_CLAUSE \
             FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()",
        )?;
        for row in &rows {
            let expression = without_brackets(&self.expression(row.text(1)));
            if let Some((table, not_enforced)) = owners.get(row.text(0))
                && let Some(table) = self.table(table)
            {
                table.checks.push(Check {
                    name: Some(row.text(0).to_owned()),
                    expression,
                    not_enforced: *not_enforced,
                    ..Check::default()
                });
            }
        }
        Ok(())
    }

    pub(super) fn foreign_keys(&mut self) -> Result<(), DatabaseError> {
        let rules = self.rows(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE \
             FROM information_schema.REFERENTIAL_CONSTRAINTS \
             WHERE CONSTRAINT_SCHEMA = DATABASE()",
        )?;
        let rules: BTreeMap<_, _> = rules
            .iter()
            .map(|row| ((row.text(0), row.text(1)), (row.text(2), row.text(3))))
            .collect();
        let mut rows = self.rows(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, \
             REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME, CAST(ORDINAL_POSITION AS CHAR) \
             FROM information_schema.KEY_COLUMN_USAGE \
             WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL",
        )?;
        rows.sort_by(|a, b| {
            (a.text(0), a.text(1), a.integer(6)).cmp(&(b.text(0), b.text(1), b.integer(6)))
        });
        for row in &rows {
            let name = row.text(1);
            let rule = rules.get(&(row.text(0), name)).copied();
            let database = self.database.clone();
            let Some(table) = self.table(row.text(0)) else {
                continue;
            };
            if let Some(key) = table
                .foreign_keys
                .last_mut()
                .filter(|key| key.name.as_deref() == Some(name))
            {
                key.columns.push(row.text(2).to_owned());
                key.parent_columns.push(row.text(5).to_owned());
                continue;
            }
            let elsewhere = (row.text(3) != database).then(|| row.text(3).to_owned());
            let (on_update, on_delete) = rule.unwrap_or_default();
            table.foreign_keys.push(ForeignKey {
                name: Some(name.to_owned()),
                columns: vec![row.text(2).to_owned()],
                parent: Name {
                    namespace: elsewhere,
                    name: row.text(4).to_owned(),
                },
                parent_columns: vec![row.text(5).to_owned()],
                on_delete: action(on_delete),
                on_update: action(on_update),
                ..ForeignKey::default()
            });
            if rule.is_none() {
                // A role that may only read sees the keys and not what they do.
                let name = Name::within(row.text(0), name);
                self.leave("actions of foreign keys that this role may not see", name);
            }
        }
        Ok(())
    }
}

/// Takes the check that makes the `JSON` of MariaDB for what it is, a type.
fn is_json(table: &mut Table, name: &str, expression: &str) -> bool {
    let Some(column) = table.columns.iter_mut().find(|column| column.name == name) else {
        return false;
    };
    let own = crate::sql::Dialect::Mysql.quote_identifier(name);
    let binary = column.collation.as_deref() == Some("utf8mb4_bin")
        || column.collation.is_none() && table.options.collation.as_deref() == Some("utf8mb4_bin");
    let alias = column.sql_type.as_str() == "longtext"
        && binary
        && expression == format!("json_valid({own})");
    if alias {
        column.sql_type = SqlType::new("json");
        column.collation = None;
    }
    alias
}

fn action(rule: &str) -> Action {
    match rule {
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull(Vec::new()),
        "SET DEFAULT" => Action::SetDefault(Vec::new()),
        _ => Action::NoAction,
    }
}

/// The expression without the brackets that MySQL puts around all of it.
pub(super) fn without_brackets(expression: &str) -> String {
    let inner = expression
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let Some(inner) = inner else {
        return expression.to_owned();
    };
    let mut depth = 0_usize;
    let mut quote = None;
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => drop(characters.next()),
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return expression.to_owned(),
            (None, ')') => depth -= 1,
            (Some(_) | None, _) => {}
        }
    }
    inner.to_owned()
}
