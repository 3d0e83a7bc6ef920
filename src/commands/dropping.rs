//! Consent to dropping a whole database, with what it holds shown first.

use super::createdb::whole;
use super::locked::{self, LockFlag};
use crate::backend::{Database, Others, Query, Whole};
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::settings::Connection;
use crate::ui::{self, Question};

/// The flags of the commands that drop databases.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct DropFlags {
    /// Consent: the database's name; one for each connection
    #[arg(long, value_name = "DATABASE")]
    confirm: Vec<String>,

    /// PostgreSQL: disconnect whoever uses it
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    pub(super) lock: LockFlag,
}

impl DropFlags {
    /// Shows what would be lost and asks; the database, and whether it is there at all.
    pub(super) fn consent(
        &self,
        context: &Context,
        connection: &Connection,
    ) -> Result<(Whole, bool), CommandError> {
        let whole = whole(context, connection)?;
        whole.is_ours()?;
        let Some(mut database) = whole.look()? else {
            return Ok((whole, false));
        };
        let preview = format!(
            "{}: database `{}` will be dropped: {}\n  {}",
            connection.name,
            whole.name(),
            context.shown_url(connection.url()?),
            contents(&mut *database),
        );
        // Nobody may be connected to a database that is dropped.
        drop(database);
        if context.yes || !self.confirm.is_empty() {
            context.ui.status(&preview);
        } else {
            context.ui.context_of_question(&preview);
        }
        self.agreed(context, connection, &whole)?;
        Ok((whole, true))
    }

    /// Drops it.
    pub(super) fn drop(
        &self,
        context: &Context,
        connection: &Connection,
        whole: &Whole,
    ) -> Result<(), CommandError> {
        self.wait_for_others(context, connection, whole)?;
        let others = if self.force {
            Others::Leave
        } else {
            Others::Stay
        };
        whole.drop(others)?;
        context.ui.status(&format!(
            "{}: database `{}` dropped.",
            connection.name,
            whole.name()
        ));
        Ok(())
    }

    /// No run is at work while its database is dropped. A session of ours that held the lock would itself
    /// be in the way, so it is given back right before; what begins then finds no database.
    fn wait_for_others(
        &self,
        context: &Context,
        connection: &Connection,
        whole: &Whole,
    ) -> Result<(), CommandError> {
        let Some(mut database) = whole.look()? else {
            return Ok(());
        };
        let connection = self.lock.over(connection.clone());
        let lock = locked::lock(context, &connection, &mut *database, "manage dropdb")?;
        drop(database);
        locked::unlock(context, lock)
    }

    fn agreed(
        &self,
        context: &Context,
        connection: &Connection,
        whole: &Whole,
    ) -> Result<(), CommandError> {
        let name = whole.name();
        if let Some(given) = self.confirm.last() {
            if self.confirm.iter().any(|given| given == name) {
                return Ok(());
            }
            return Err(WrongName::new(given, name).into());
        }
        if context.yes && !connection.protected {
            return Ok(());
        }
        let mut flags = vec![format!("consent to that: --confirm {name}")];
        let protected = if connection.protected {
            format!("`{}` is protected; ", connection.name)
        } else {
            flags.push("or to whatever is asked: --yes".to_owned());
            String::new()
        };
        let question = Question {
            ask: if connection.protected {
                format!("{protected}type the database's name to drop it")
            } else {
                "Type the database's name to drop it".to_owned()
            },
            about: Vec::new(),
            unattended: format!(
                "{protected}the database `{name}` would be dropped, and nobody can be asked"
            ),
            flags,
        };
        let typed = context.ui.line(&question, None)?;
        if typed == name {
            Ok(())
        } else {
            Err(WrongName::new(&typed, name).into())
        }
    }
}

/// Refuses `--all`: whoever drops databases says which.
pub(super) fn named(context: &Context) -> Result<(), CommandError> {
    if context.is_for_all() {
        return Err(NotAll.into());
    }
    Ok(())
}

/// How much it holds, as far as that can be seen.
fn contents(database: &mut dyn Database) -> String {
    let Ok(schema) = database.introspect() else {
        return "what it holds cannot be read".to_owned();
    };
    let dialect = database.dialect();
    let text = dialect.text_type();
    let tables: Vec<_> = schema
        .tables
        .iter()
        .filter(|table| !table.name.name.starts_with("__"))
        .collect();
    let with_rows = tables
        .iter()
        .filter(|table| {
            let namespace = table
                .name
                .namespace
                .as_ref()
                .map_or_else(String::new, |name| {
                    format!("{}.", dialect.quote_identifier(name))
                });
            let name = dialect.quote_identifier(&table.name.name);
            let query = Query::new(format!(
                "SELECT CAST(1 AS {text}) FROM {namespace}{name} LIMIT 1"
            ));
            // A table that may not be read may well hold some.
            database.rows(&query).map_or(true, |rows| !rows.is_empty())
        })
        .count();
    match (tables.len(), with_rows) {
        (0, _) => "it holds no table".to_owned(),
        (all, 0) => format!("it holds {}, and no row", ui::count(all, "table")),
        (all, some) if all == some => format!("it holds {} with rows", ui::count(all, "table")),
        (all, some) => format!(
            "it holds {}, {some} of them with rows",
            ui::count(all, "table")
        ),
    }
}

/// The name typed is not the database's.
#[derive(Debug, thiserror::Error)]
#[error("`{given}` is not the name of the database")]
struct WrongName {
    given: String,
    name: String,
}

impl WrongName {
    fn new(given: &str, name: &str) -> Self {
        Self {
            given: given.to_owned(),
            name: name.to_owned(),
        }
    }
}

impl Explain for WrongName {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn details(&self) -> Vec<String> {
        vec!["nothing was dropped".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec![format!("type it: --confirm {}", self.name)]
    }
}

/// Databases are not dropped wholesale.
#[derive(Debug, thiserror::Error)]
#[error("databases are not dropped by --all")]
struct NotAll;

impl Explain for NotAll {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec!["name each connection: -d NAME".to_owned()]
    }
}
