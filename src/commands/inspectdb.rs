//! `manage inspectdb`: what a database consists of, in several forms.

use std::path::{Path, PathBuf};

use super::each::each;
use super::pattern::{is_like, is_pattern};
use super::registry::{Command, Outcome};
use super::rehearsal::{self, rehearse};
use super::schema_file::{as_declared, current, printed};
use super::whole_file::write_whole;
use super::workspace::{OnAbsent, load_directory};
use crate::backend::{self, Access};
use crate::context::Context;
use crate::ddl::{self, Script};
use crate::error::{CommandError, Explain, Kind};
use crate::models::{self, picture};
use crate::schema::change::{Decisions, Difference, Renames};
use crate::schema::{Name, Schema};
use crate::settings::{Connection, Environment, PrintSchema};
use crate::sql::Server;
use crate::ui;

/// What square brackets and names would do to the documentation.
const LONG_ABOUT: &str = "Show the database as a schema.rs, SQL, JSON or a picture

Reads the database and nothing else; nothing is created in it. A schema.rs is what `diesel \
print-schema` prints, after the settings in diesel.toml. What a form cannot hold is named on stderr.";

/// Show the database as a schema.rs, SQL, JSON or a picture
#[derive(clap::Args, Debug)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct Inspectdb {
    /// Only these tables; `*` stands for any letters
    #[arg(value_name = "TABLE")]
    tables: Vec<String>,

    /// The form
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = Form::Rs)]
    format: Form,

    /// Write to this file, if it differs
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Print as `print_schema.KEY` of diesel.toml says
    #[arg(long, value_name = "KEY")]
    schema_key: Option<String>,

    /// Show what the migrations make, on a scratch database, instead of the live one
    #[arg(long)]
    replayed: bool,

    /// Write nothing; exit with 3 if the file of --output, or else the schema file, differs
    #[arg(long)]
    check: bool,
}

/// What it is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A schema.rs, as `diesel print-schema` prints it
    Rs,
    /// The statements that make it
    Sql,
    /// Everything that was read
    Json,
    /// A diagram for Markdown
    Mermaid,
    /// A diagram for Graphviz
    Dot,
    /// A diagram for a browser
    Svg,
}

impl Command for Inspectdb {
    const NAME: &'static str = "inspectdb";
    const ALIASES: &'static [&'static str] = &["print-schema"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        if self.output.is_some() || self.check {
            let connection = context.connection()?;
            return self.one(context, &connection);
        }
        each(context, |connection| self.one(context, &connection))
    }
}

impl Inspectdb {
    fn one(&self, context: &Context, connection: &Connection) -> Result<Outcome, CommandError> {
        let options = context
            .settings()?
            .print_schema(connection, self.schema_key.as_deref())?;
        let compared = self.compared(context, &options)?;
        let (schema, server) = self.read(context, connection)?;
        let chosen = self.choose(schema, server)?;
        let text = self.text(context, &chosen, server, &options)?;
        if let Some(file) = compared {
            return self.compare(context, connection, &file, &text);
        }
        if let Some(file) = &self.output {
            let path = target(context, file);
            let shown = context.shown(&path);
            if current(&path)?.is_some_and(|current| self.same(&current, &text)) {
                context
                    .ui
                    .status(&format!("{} is up to date.", shown.display()));
            } else {
                write_whole(&path, &text)?;
                context.ui.status(&format!("wrote {}", shown.display()));
            }
            return Ok(Outcome::Done);
        }
        if context.ui.is_json() && self.format != Form::Json {
            let json = serde_json::json!({
                "connection": connection.name,
                "format": self.form_name(),
                "text": text,
            });
            context.ui.answer(&json.to_string());
        } else {
            context.ui.answer(text.trim_end());
        }
        Ok(Outcome::Done)
    }

    /// The file to compare with, if that is what is asked for.
    fn compared(
        &self,
        context: &Context,
        options: &PrintSchema,
    ) -> Result<Option<PathBuf>, CommandError> {
        if !self.check {
            return Ok(None);
        }
        let own = options.file.clone().filter(|_| self.format == Form::Rs);
        let named = self.output.as_ref().map(|file| target(context, file));
        named
            .or(own)
            .map(Some)
            .ok_or_else(|| NothingToCompare.into())
    }

    /// Opens the database to read, and reads what it consists of.
    fn read(
        &self,
        context: &Context,
        connection: &Connection,
    ) -> Result<(Schema, Server), CommandError> {
        let url = connection.url()?;
        for notice in &connection.notices {
            context.ui.note(notice);
        }
        context.ui.detail(&format!("{}: {url}", connection.name));
        let environment = context.settings()?.environment();
        if self.replayed {
            return self.read_replayed(context, connection, &environment);
        }
        let mut database = backend::open(url, Access::Read, &environment)?;
        let mut schema = database.introspect()?;
        if self.format == Form::Rs {
            as_declared(&mut schema, &mut *database)?;
        }
        Ok((schema, database.server()?))
    }

    /// The same of a scratch database that all migrations were applied on.
    fn read_replayed(
        &self,
        context: &Context,
        connection: &Connection,
        environment: &Environment,
    ) -> Result<(Schema, Server), CommandError> {
        // A scratch database must not be left behind, so Ctrl-C waits until it is gone.
        let _held = context.interrupt.hold(|_| {});
        let directory = load_directory(context, connection, OnAbsent::Refuse)?;
        let mut scratch = rehearsal::scratch(context, connection, environment)??;
        let again = "manage inspectdb --replayed";
        rehearse(context, connection, &directory, &mut scratch, again)?;
        let database = scratch.database();
        let mut schema = database.introspect()?;
        if self.format == Form::Rs {
            as_declared(&mut schema, database)?;
        }
        Ok((schema, database.server()?))
    }

    /// The schema with only the tables and views that were named, and the types they are made of.
    fn choose(&self, mut schema: Schema, server: Server) -> Result<Schema, CommandError> {
        if self.tables.is_empty() {
            return Ok(schema);
        }
        let names = || {
            let tables = schema.tables.iter().map(|table| &table.name);
            tables.chain(schema.views.iter().map(|view| &view.name))
        };
        let is_meant = |typed: &str, name: &Name| {
            is_like(typed, &name.name) || is_like(typed, &name.to_string())
        };
        for typed in &self.tables {
            if !is_pattern(typed) && !names().any(|name| is_meant(typed, name)) {
                return Err(NoTable {
                    name: typed.clone(),
                    product: server.dialect().name(),
                    known: names().map(ToString::to_string).collect(),
                }
                .into());
            }
        }
        let wanted = |name: &Name| self.tables.iter().any(|typed| is_meant(typed, name));
        schema.tables.retain(|table| wanted(&table.name));
        schema.views.retain(|view| wanted(&view.name));
        let used: Vec<String> = schema
            .tables
            .iter()
            .flat_map(|table| &table.columns)
            .map(|column| column.sql_type.to_string())
            .collect();
        let is_used = |name: &Name| used.iter().any(|one| one.contains(&name.name));
        schema.enums.retain(|one| is_used(&one.name));
        schema.domains.retain(|one| is_used(&one.name));
        Ok(Schema {
            enums: schema.enums,
            domains: schema.domains,
            tables: schema.tables,
            views: schema.views,
            ..Schema::default()
        })
    }

    fn text(
        &self,
        context: &Context,
        schema: &Schema,
        server: Server,
        options: &PrintSchema,
    ) -> Result<String, CommandError> {
        let mut unseen: Vec<(usize, String)> = Vec::new();
        let text = match self.format {
            Form::Rs => {
                let (text, left_out) = printed(schema, server, options)?;
                for one in &left_out {
                    context
                        .ui
                        .warning(&format!("`{}` is not shown: {}", one.table, one.reason));
                }
                unseen.push((schema.views.len(), "views".to_owned()));
                text
            }
            Form::Sql => {
                let difference =
                    Difference::between(Schema::default(), schema.clone(), Renames::default());
                sql(&ddl::write(server, &difference, &Decisions::default())?)
            }
            Form::Json => format!("{:#}\n", serde_json::json!(schema)),
            Form::Mermaid => picture::mermaid(schema),
            Form::Dot => picture::dot(schema),
            Form::Svg => picture::svg(schema),
        };
        if self.format != Form::Json {
            for unmanaged in &schema.unmanaged {
                unseen.push((unmanaged.names.len(), unmanaged.kind.clone()));
            }
        }
        unseen.retain(|(number, _)| *number > 0);
        if !unseen.is_empty() {
            let parts: Vec<_> = unseen
                .iter()
                .map(|(number, kind)| ui::count_of(*number, kind))
                .collect();
            context.ui.note(&format!("not shown: {}", parts.join(", ")));
        }
        Ok(text)
    }

    fn same(&self, one: &str, other: &str) -> bool {
        match self.format {
            Form::Rs => models::same_but_for_layout(one, other),
            Form::Sql | Form::Json | Form::Mermaid | Form::Dot | Form::Svg => one == other,
        }
    }

    fn compare(
        &self,
        context: &Context,
        connection: &Connection,
        file: &Path,
        text: &str,
    ) -> Result<Outcome, CommandError> {
        let shown = context.shown(file);
        let shown = shown.display();
        let before = current(file)?;
        let is_same = before
            .as_ref()
            .is_some_and(|before| self.same(before, text));
        if context.ui.is_json() {
            let json = serde_json::json!({
                "connection": connection.name,
                "file": shown.to_string(),
                "differs": !is_same,
            });
            context.ui.answer(&json.to_string());
        } else if is_same {
            context.ui.status(&format!("{shown} is up to date."));
        } else if let Some(before) = &before {
            let mut lines = vec![format!("{shown} differs from the database:")];
            lines.extend(ui::difference(before, text));
            context.ui.answer(&lines.join("\n"));
        } else {
            context.ui.answer(&format!("{shown} is not there."));
        }
        Ok(if is_same {
            Outcome::Done
        } else {
            Outcome::Findings
        })
    }

    fn form_name(&self) -> &'static str {
        match self.format {
            Form::Rs => "rs",
            Form::Sql => "sql",
            Form::Json => "json",
            Form::Mermaid => "mermaid",
            Form::Dot => "dot",
            Form::Svg => "svg",
        }
    }
}

/// Statements as they stand in a file.
fn sql(script: &Script) -> String {
    let remarks = script.remarks.iter().map(|remark| format!("-- {remark}\n"));
    let statements = script
        .statements
        .iter()
        .map(|statement| format!("{statement};\n"))
        .collect::<Vec<_>>()
        .join("\n");
    format!("{}{statements}", remarks.collect::<String>())
}

/// A path that was typed is relative to where it was typed.
fn target(context: &Context, file: &Path) -> PathBuf {
    context.environment.directory.join(file)
}

/// A table was named that is not there.
#[derive(Debug, thiserror::Error)]
#[error("there is no table or view `{name}`")]
struct NoTable {
    name: String,
    product: &'static str,
    known: Vec<String>,
}

impl Explain for NoTable {
    fn hints(&self) -> Vec<String> {
        if self.known.is_empty() {
            return vec![format!("the {} database is empty", self.product)];
        }
        let known: Vec<_> = self.known.iter().map(|name| format!("`{name}`")).collect();
        vec![format!("there are {}", ui::list(&known, 8))]
    }
}

/// `--check` without a file.
#[derive(Debug, thiserror::Error)]
#[error("there is no file to compare with")]
struct NothingToCompare;

impl Explain for NothingToCompare {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "name one: --check --output src/schema.rs".to_owned(),
            "or in the settings, for the connection: schema_file: src/schema.rs".to_owned(),
        ]
    }
}
