//! Takes back what is in effect of an unfinished migration, where its statements tell how.

use super::found::shown;
use crate::backend::{Database, Lock};
use crate::executor::bookkeeping::guarded;
use crate::executor::execute::ExecuteError;
use crate::history::{
    Identity, JournalRow, JournalRun, JournalState, forget_run, journal_place, statement_checksum,
};
use crate::sql::{self, Dialect, Mark, Object, ObjectName, Statement, Trace};

/// The statements that take others back, last first, each with the number of the one it takes back.
///
/// # Errors
/// Why that cannot be said.
pub(super) fn reverses(
    statements: &[Statement<'_>],
    dialect: Dialect,
) -> Result<Vec<(usize, String)>, String> {
    let mut made: Vec<ObjectName> = Vec::new();
    let mut reverses: Vec<Reverse> = Vec::new();
    let mut within = None;
    for (index, statement) in statements.iter().enumerate() {
        let text = statement.text;
        if dialect == Dialect::Mysql
            && let Some(name) = sql::used_database(text)
        {
            within = Some(name);
        }
        // What takes it back has another session, which is where the connection says.
        let full = |name: &ObjectName| ObjectName {
            schema: name.schema.clone().or_else(|| within.clone()),
            name: name.name.clone(),
        };
        let touched: Vec<_> = sql::touches(text, dialect).iter().map(full).collect();
        if sql::stays_in_session(text, dialect) || sql::transaction_control(text, dialect).is_some()
        {
            made.extend(touched);
            continue;
        }
        let impossible = || {
            Err(format!(
                "statement {} cannot be taken back: {}",
                index + 1,
                shown(text, dialect)
            ))
        };
        let is_within = !touched.is_empty() && touched.iter().all(|name| made.contains(name));
        if is_within && sql::drops_tables(text, dialect) {
            // With a table goes what was done to it.
            made.retain(|name| !touched.contains(name));
            reverses.retain(|reverse| {
                let table = reverse.table.as_ref();
                table.is_none_or(|table| !touched.contains(table))
            });
            continue;
        }
        let Trace::Marks {
            marks,
            is_all: true,
        } = sql::trace(text, dialect)
        else {
            // What happens to a table that is dropped again needs no undoing.
            if is_within {
                continue;
            }
            return impossible();
        };
        let marks: Vec<Mark> = marks
            .into_iter()
            .map(|mark| Mark {
                object: mark.object.renamed(full),
                appears: mark.appears,
            })
            .collect();
        let mut parts = Vec::new();
        for mark in &marks {
            match reverse(mark, dialect) {
                Some(sql) => parts.push(Reverse {
                    statement: index,
                    sql,
                    table: mark.object.table().cloned(),
                }),
                None if is_within => {}
                None => return impossible(),
            }
            if let (Object::Table(name), true) = (&mark.object, mark.appears) {
                made.push(name.clone());
            }
        }
        if let Some((table, sql)) = at_once(&marks, dialect) {
            parts = vec![Reverse {
                statement: index,
                sql,
                table: Some(table),
            }];
        }
        reverses.extend(parts);
    }
    Ok(reverses
        .into_iter()
        .rev()
        .map(|reverse| (reverse.statement, reverse.sql))
        .collect())
}

/// What takes a part of a statement back.
struct Reverse {
    statement: usize,
    sql: String,
    /// The table that it is about.
    table: Option<ObjectName>,
}

/// What one statement did to one table is taken back by one statement: half of that would be neither there
/// nor gone.
fn at_once(marks: &[Mark], dialect: Dialect) -> Option<(ObjectName, String)> {
    if marks.len() < 2 || dialect == Dialect::Sqlite {
        return None;
    }
    let mut clauses = Vec::new();
    let mut tables = Vec::new();
    for mark in marks.iter().rev() {
        let (table, clause) = match &mark.object {
            Object::Column(table, _) | Object::Constraint(table, _) => {
                let alone = reverse(mark, dialect)?;
                let beginning = format!("ALTER TABLE {} ", quoted(table, dialect));
                (table, alone.strip_prefix(&beginning)?.to_owned())
            }
            Object::Index(Some(table), index) if dialect == Dialect::Mysql => {
                let name = dialect.quote_identifier(&index.name);
                (table, format!("DROP INDEX {name}"))
            }
            Object::Index(..)
            | Object::Table(_)
            | Object::View(_)
            | Object::Routine(_)
            | Object::Trigger(_)
            | Object::Database(_)
            | Object::EnumValue(..) => return None,
        };
        tables.push(table);
        clauses.push(clause);
    }
    let table = *tables.first()?;
    let is_one = marks.iter().all(|mark| mark.appears) && tables.iter().all(|one| *one == table);
    is_one.then(|| {
        let sql = format!(
            "ALTER TABLE {} {}",
            quoted(table, dialect),
            clauses.join(", ")
        );
        (table.clone(), sql)
    })
}

fn quoted(name: &ObjectName, dialect: Dialect) -> String {
    match &name.schema {
        Some(schema) => format!(
            "{}.{}",
            dialect.quote_identifier(schema),
            dialect.quote_identifier(&name.name)
        ),
        None => dialect.quote_identifier(&name.name),
    }
}

pub(super) fn reverse(mark: &Mark, dialect: Dialect) -> Option<String> {
    if !mark.appears {
        return None;
    }
    let quoted = |name: &ObjectName| quoted(name, dialect);
    Some(match &mark.object {
        Object::Table(name) => format!("DROP TABLE {}", quoted(name)),
        Object::View(name) => format!("DROP VIEW {}", quoted(name)),
        Object::Column(table, column) => format!(
            "ALTER TABLE {} DROP COLUMN {}",
            quoted(table),
            dialect.quote_identifier(column)
        ),
        Object::Constraint(table, name) if name == "PRIMARY" && dialect == Dialect::Mysql => {
            format!("ALTER TABLE {} DROP PRIMARY KEY", quoted(table))
        }
        Object::Constraint(table, name) => format!(
            "ALTER TABLE {} DROP CONSTRAINT {}",
            quoted(table),
            dialect.quote_identifier(name)
        ),
        Object::Index(table, index) => match (dialect, table) {
            (Dialect::Mysql, Some(table)) => {
                format!("DROP INDEX {} ON {}", quoted(index), quoted(table))
            }
            (Dialect::Mysql, None) => return None,
            // It is where its table is.
            (Dialect::Postgres, Some(ObjectName { schema, .. })) if index.schema.is_none() => {
                let name = ObjectName {
                    schema: schema.clone(),
                    name: index.name.clone(),
                };
                format!("DROP INDEX CONCURRENTLY {}", quoted(&name))
            }
            (Dialect::Postgres, _) => format!("DROP INDEX CONCURRENTLY {}", quoted(index)),
            (Dialect::Sqlite, _) => format!("DROP INDEX {}", quoted(index)),
        },
        Object::Routine(_) | Object::Trigger(_) | Object::Database(_) | Object::EnumValue(..) => {
            return None;
        }
    })
}

/// What is taken back, and by whom.
pub struct TakeBack<'a> {
    /// The run.
    pub run: &'a JournalRun,
    /// What takes it back; see [`super::Unfinished::undo`].
    pub undo: &'a [(usize, String)],
    /// The text of the file.
    pub text: &'a str,
    /// Who does it.
    pub identity: &'a Identity,
    /// The lock that guards every write, if there is one.
    pub lock: Option<&'a Lock>,
}

/// Takes it back, statement by statement. Each is noted as in doubt before it is taken back, so that
/// whatever ends this, the next run knows where it was.
///
/// # Errors
/// What the server says; what was taken back by then stays so.
pub fn take_back(
    take_back: &TakeBack<'_>,
    database: &mut dyn Database,
) -> Result<(), ExecuteError> {
    let TakeBack {
        run,
        undo,
        text,
        identity,
        lock,
    } = take_back;
    let fence = lock.and_then(Lock::fence);
    let dialect = database.dialect();
    let place = journal_place(database)?;
    let statements = sql::split(text, dialect)
        .map_err(|source| ExecuteError::Split {
            name: run.name.clone(),
            source,
        })?
        .statements;
    for (index, reverse) in *undo {
        let checksums: Vec<String> = statements
            .get(*index)
            .map(|statement| statement_checksum(statement.text, dialect))
            .into_iter()
            .collect();
        let text = statements.get(*index).map(|statement| statement.text);
        let row = JournalRow {
            version: &run.version,
            name: &run.name,
            direction: run.direction,
            state: JournalState::Started,
            done: *index,
            statement: Some(*index),
            statements: statements.len(),
            first: *index,
            checksums: &checksums,
            sql: text.filter(|text| !sql::keeps_secret(text, dialect)),
            error: None,
        };
        if !row.write(&place, identity, fence, database)? {
            return Err(ExecuteError::LockLost { done: 0 });
        }
        database
            .batch(reverse)
            .map_err(|source| ExecuteError::TakeBack {
                name: run.name.clone(),
                sql: reverse.clone(),
                source,
            })?;
    }
    guarded(database, *lock, |database| {
        forget_run(&place, &run.version, database)
    })
}
