//! `joinable!` as foreign keys.

use std::fmt;

use crate::models::models::{Joinable, ModelColumn, ModelTable};
use crate::schema::{ForeignKey, Name, Schema, naming};
use crate::sql::Dialect;

use super::default;
use super::laying::Laying;
use super::table::position;

/// A foreign key that a `joinable!` speaks of and the database does not have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Join {
    /// The table that refers.
    pub child: Name,
    /// Its column.
    pub column: String,
    /// The table it refers to.
    pub parent: Name,
}

/// As a person writes it in a flag: `posts.user_id->users`.
impl fmt::Display for Join {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}->{}", self.child, self.column, self.parent)
    }
}

/// Adds the foreign keys that are to be added, and gives those that could be.
pub(super) fn lay(schema: &mut Schema, laying: &mut Laying<'_>) -> Vec<Join> {
    let mut missing = Vec::new();
    for joinable in &laying.models.joins {
        let Some((join, parent_column)) = missing_key(schema, laying, joinable) else {
            continue;
        };
        let is_new = laying
            .new_columns
            .contains(&(join.child.clone(), join.column.clone()));
        if is_new || laying.options.joins.contains(&join) {
            if is_new && laying.dialect() == Dialect::Mysql {
                collate(schema, &join, &parent_column);
            }
            add(schema, laying.dialect(), &join, parent_column);
        } else if !missing.contains(&join) {
            missing.push(join);
        }
    }
    missing
}

/// The key that a `joinable!` wants, if it is not there and could be.
fn missing_key(
    schema: &Schema,
    laying: &mut Laying<'_>,
    joinable: &Joinable,
) -> Option<(Join, String)> {
    let (child, child_name) = laying.scope.by_ident(&joinable.child)?;
    let (parent, parent_name) = laying.scope.by_ident(&joinable.parent)?;
    let stated = child
        .columns
        .iter()
        .find(|one| one.ident == joinable.column)?;
    let table = schema.table(child_name)?;
    if table.options.partition_of.is_some() {
        // It has the foreign keys of the whole.
        return None;
    }
    let at = position(laying.dialect(), table, child, stated)?;
    let column = table.columns[at].name.clone();
    let has_one = table.foreign_keys.iter().any(|key| {
        key.columns == [column.clone()]
            || (key.parent == *parent_name && key.columns.contains(&column))
    });
    let key = schema.table(parent_name)?.primary_key.as_ref()?;
    let [parent_column] = key.columns.as_slice() else {
        return None;
    };
    if has_one || !fit(laying, stated, parent, parent_column) {
        return None;
    }
    let join = Join {
        child: child_name.clone(),
        column,
        parent: parent_name.clone(),
    };
    Some((join, parent_column.clone()))
}

/// Whether a value of the one column can be one of the other.
fn fit(laying: &Laying<'_>, stated: &ModelColumn, parent: &ModelTable, column: &str) -> bool {
    parent.columns.iter().any(|one| {
        one.name.eq_ignore_ascii_case(column)
            && one
                .diesel_type
                .not_null()
                .same_as(stated.diesel_type.not_null(), laying.dialect())
    })
}

fn add(schema: &mut Schema, dialect: Dialect, join: &Join, parent_column: String) {
    let name = match dialect {
        Dialect::Sqlite => None,
        Dialect::Postgres | Dialect::Mysql => Some(naming::chosen(
            &join.child,
            Some(&join.column),
            "fkey",
            |name| is_taken(schema, dialect, &join.child, name),
        )),
    };
    if let Some(table) = schema.table_mut(&join.child) {
        table.foreign_keys.push(ForeignKey {
            name,
            columns: vec![join.column.clone()],
            parent: join.parent.clone(),
            parent_columns: vec![parent_column],
            ..ForeignKey::default()
        });
    }
}

/// Gives a new column of MySQL the collation of the one it refers to, without which the server refuses.
fn collate(schema: &mut Schema, join: &Join, parent_column: &str) {
    let effective = |name: &Name, column: &str| {
        let table = schema.table(name)?;
        let own = table.column(column)?.collation.clone();
        own.or_else(|| table.options.collation.clone())
    };
    let (of_parent, of_child) = (
        effective(&join.parent, parent_column),
        effective(&join.child, &join.column),
    );
    if of_parent.is_none() || of_parent == of_child {
        return;
    }
    let Some(child) = schema.table_mut(&join.child) else {
        return;
    };
    let column = child
        .columns
        .iter_mut()
        .find(|column| column.name == join.column);
    if let Some(column) = column.filter(|one| default::is_text(&one.sql_type, Dialect::Mysql)) {
        column.collation = of_parent;
    }
}

/// Whether a constraint has that name already: in its table on PostgreSQL, in the whole database on MySQL.
fn is_taken(schema: &Schema, dialect: Dialect, child: &Name, name: &str) -> bool {
    schema
        .tables
        .iter()
        .filter(|table| dialect == Dialect::Mysql || table.name == *child)
        .any(|table| {
            let keys = table
                .foreign_keys
                .iter()
                .filter_map(|key| key.name.as_ref());
            let checks = table.checks.iter().filter_map(|check| check.name.as_ref());
            let uniques = table.uniques.iter().filter_map(|one| one.name.as_ref());
            keys.chain(checks).chain(uniques).any(|one| one == name)
        })
}
