//! Both sides of the comparison: what the migrations make, and what the models say.

use super::command::Makemigrations;
use super::filter::Filter;
use super::sql_models;
use super::tables::{Host, Tables};
use super::update::Updated;
use crate::backend::{self, Access, ErrorClass, Scratch, ScratchError};
use crate::commands::declared::Declared;
use crate::commands::rehearsal::{self, rehearse};
use crate::commands::workspace::{OnAbsent, load_directory};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::ExecuteError;
use crate::migration::Directory;
use crate::models::{Join, Joins};
use crate::proof::ProofError;
use crate::questioner::{Answers, Question};
use crate::schema::Schema;
use crate::settings::{self, Connection, Environment, TableChoice};

/// What is needed to find differences and to prove them.
pub(super) struct Compared {
    pub(super) host: Host,
    pub(super) directory: Directory,
    /// What the migrations make, or the live database.
    pub(super) current: Schema,
    pub(super) wanted: Wanted,
    pub(super) filter: Filter,
    /// At `current`, if that was replayed; else empty.
    pub(super) scratch: Option<Scratch>,
}

/// What the models say.
pub(super) enum Wanted {
    /// Everything.
    Schema(Box<Schema>),
    /// What a `table!` can say; the rest is left as it is.
    Tables(Box<Tables>),
}

/// What the models want of a schema.
#[derive(Default)]
pub(super) struct Wish {
    pub(super) schema: Schema,
    /// What they leave open.
    pub(super) questions: Vec<Question>,
    /// Joins that no foreign key stands behind.
    pub(super) joins: Vec<Join>,
    /// What is no difference and looks like one.
    pub(super) remarks: Vec<String>,
}

impl Compared {
    pub(super) fn of(
        context: &Context,
        connection: &Connection,
        declared: &Declared,
        arguments: &Makemigrations,
        updated: Option<&Updated>,
    ) -> Result<Self, CommandError> {
        let environment = context.settings()?.environment();
        let directory = match updated {
            Some(updated) => updated.others.clone(),
            None => load_directory(context, connection, OnAbsent::Make)?,
        };
        let tables = match declared {
            Declared::Tables(sources) => Some(Tables::read(context, connection, sources)?),
            Declared::Sql(_) => None,
        };
        let filter = match &tables {
            Some(tables) => tables.filter().clone(),
            None => Filter::new(&connection.tables, TableChoice::All)?,
        };
        // Without a scratch database there is still the live one to compare with, and no proof.
        let can_do_without = arguments.from_database && tables.is_some();
        let mut scratch = if can_do_without && arguments.check {
            None
        } else {
            match open_scratch(context, connection, &environment, tables.is_some()) {
                Ok(scratch) => Some(scratch),
                Err(_) if can_do_without && arguments.unproved => None,
                Err(error) => return Err(error),
            }
        };
        let wanted = match (tables, declared, &mut scratch) {
            (Some(tables), _, _) => Wanted::Tables(Box::new(tables)),
            (None, Declared::Sql(sources), Some(scratch)) => {
                let own = connection.url()?.database_name();
                let schema = sql_models::schema(sources, scratch.database(), own.as_deref())?;
                scratch.empty(&environment)?;
                Wanted::Schema(Box::new(schema))
            }
            (None, Declared::Sql(_) | Declared::Tables(_), _) => Wanted::Schema(Box::default()),
        };
        let (host, current) = if arguments.from_database {
            live(connection, &environment)?
        } else {
            let Some(scratch) = &mut scratch else {
                return Err(ExecuteError::Stale.into());
            };
            replayed(context, connection, &directory, scratch)?
        };
        Ok(Self {
            host,
            directory,
            current,
            wanted,
            filter,
            scratch,
        })
    }

    /// What is wanted, given what there is under its new names; and what the models leave open.
    pub(super) fn desired(
        &self,
        connection: &Connection,
        base: &Schema,
        answers: &Answers,
        check: bool,
    ) -> Result<Wish, CommandError> {
        let tables = match &self.wanted {
            Wanted::Schema(schema) => {
                let mut desired = (**schema).clone();
                self.filter.leave(base, &mut desired);
                return Ok(Wish {
                    schema: desired,
                    ..Wish::default()
                });
            }
            Wanted::Tables(tables) => tables,
        };
        let asked = connection.joins == settings::Joins::ForeignKeys;
        let lay = |joins: Joins| tables.over(base, &self.host, connection, joins);
        if asked && check {
            let laid = lay(Joins::All)?;
            return Ok(Wish {
                schema: laid.schema,
                remarks: laid.remarks,
                ..Wish::default()
            });
        }
        let mut laid = lay(Joins::None)?;
        let joins = laid.joins.clone();
        let (open, meant): (Vec<_>, Vec<_>) = laid
            .joins
            .iter()
            .filter(|join| asked || answers.foreign_key(join).is_some())
            .filter(|join| answers.foreign_key(join) != Some(false))
            .cloned()
            .partition(|join| answers.foreign_key(join).is_none());
        if !meant.is_empty() {
            laid = lay(Joins::Only(meant.into_iter().collect()))?;
        }
        Ok(Wish {
            schema: laid.schema,
            questions: open.into_iter().map(Question::ForeignKey).collect(),
            joins,
            remarks: laid.remarks,
        })
    }
}

fn open_scratch(
    context: &Context,
    connection: &Connection,
    environment: &Environment,
    can_do_without: bool,
) -> Result<Scratch, CommandError> {
    let created = rehearsal::scratch(context, connection, environment)?;
    created.map_err(|error| {
        let is_refused = match &error {
            ScratchError::Create(error) => error.class == ErrorClass::Permission,
            ScratchError::Open(_)
            | ScratchError::NotEmpty(_)
            | ScratchError::OtherBackend
            | ScratchError::Failed(_) => false,
        };
        let error = CommandError::from(error);
        if is_refused && can_do_without {
            error.hint("or compare with the live database: --from-database --unproved")
        } else {
            error
        }
    })
}

fn live(
    connection: &Connection,
    environment: &Environment,
) -> Result<(Host, Schema), CommandError> {
    let mut database = backend::open(connection.url()?, Access::Read, environment)?;
    let host = Host::of(&mut *database)?;
    let schema = database.introspect().map_err(ProofError::from)?;
    Ok((host, schema))
}

fn replayed(
    context: &Context,
    connection: &Connection,
    directory: &Directory,
    scratch: &mut Scratch,
) -> Result<(Host, Schema), CommandError> {
    let host = Host::of(scratch.database())?;
    rehearse(
        context,
        connection,
        directory,
        scratch,
        "manage makemigrations",
    )?;
    let schema = scratch.database().introspect().map_err(ProofError::from)?;
    Ok((host, schema))
}
