//! `manage init`: settings and a folder of migrations.

mod address;
mod ask;
mod error;
mod files;
mod proposal;
mod yaml;

use self::ask::Asked;
use self::error::InitError;
use self::files::{make_folder, write_new};
use self::proposal::Proposal;
use self::yaml::{Answers, yaml};
use super::registry::{Command, Outcome};
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::Directory;
use crate::settings::Backend;

/// Set up settings.yaml and the migrations folder
///
/// Asks what it needs to know and shows what it proposes; in a Diesel project that is what
/// `DATABASE_URL` and diesel.toml say. Nothing that is there is overwritten.
#[derive(clap::Args, Debug)]
pub(crate) struct Init {
    /// The kind of server: sqlite, postgres or mysql
    #[arg(long, value_name = "DRIVER", value_parser = driver)]
    driver: Option<Backend>,

    /// The connection's URL, instead of its parts
    #[arg(long, value_name = "URL", conflicts_with_all = ["driver", "host", "port", "dbname", "username"])]
    url: Option<String>,

    /// The server's host
    #[arg(long, value_name = "HOST")]
    host: Option<String>,

    /// The server's port
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,

    /// The database's name
    #[arg(long, value_name = "NAME")]
    dbname: Option<String>,

    /// The role to connect as
    #[arg(long, value_name = "NAME")]
    username: Option<String>,

    /// The variable that will hold the password
    #[arg(long, value_name = "VARIABLE")]
    password_variable: Option<String>,

    /// The folder of migrations; may be repeated
    #[arg(long, value_name = "DIR")]
    migrations: Vec<String>,

    /// The models: Diesel's table! file, or desired SQL
    #[arg(long, value_name = "FILE")]
    models: Option<String>,

    /// Several connections, each with a folder of its own; the first is the default one
    #[arg(
        short,
        long,
        alias = "multidb",
        value_name = "NAME,…",
        value_delimiter = ',',
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "main,other"
    )]
    multi: Option<Vec<String>>,
}

fn driver(word: &str) -> Result<Backend, String> {
    match word.to_ascii_lowercase().as_str() {
        "sqlite" | "sqlite3" => Ok(Backend::Sqlite),
        "postgres" | "postgresql" => Ok(Backend::Postgres),
        "mysql" | "mariadb" => Ok(Backend::Mysql),
        _ => Err("must be `sqlite`, `postgres` or `mysql`".to_owned()),
    }
}

impl Command for Init {
    const NAME: &'static str = "init";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        let path = context.environment.directory.join("settings.yaml");
        let there = ["settings.yaml", "settings.yml"]
            .map(|name| context.environment.directory.join(name))
            .into_iter()
            .find(|path| path.exists());
        if let Some(there) = there {
            return Err(InitError::Exists(context.shown(&there)).into());
        }
        let answers = self.answers(context)?;
        let text = yaml(&answers);
        context.ui.status(&text);
        if context.ui.is_interactive() && !context.ui.confirm_or_default("Write settings.yaml")? {
            return Err(crate::ui::PromptError::Cancelled.into());
        }
        let folders: Vec<_> = answers
            .iter()
            .flat_map(|answers| &answers.migrations)
            .map(|folder| context.environment.directory.join(folder))
            .collect();
        let mut written = vec![path.clone()];
        for folder in &folders {
            if make_folder(context, folder)? {
                written.push(folder.clone());
            }
        }
        write_new(&path, &text)?;
        let written: Vec<String> = written
            .iter()
            .map(|path| context.shown(path).display().to_string())
            .collect();
        if context.ui.is_json() {
            let json = serde_json::json!({ "written": written });
            context.ui.answer(&json.to_string());
        } else {
            context.ui.answer(&written.join("\n"));
        }
        let has_migrations =
            Directory::load(&folders).is_ok_and(|directory| !directory.entries().is_empty());
        let first = if has_migrations {
            "  manage showmigrations"
        } else {
            "  manage makemigrations \"Create the first table\""
        };
        context.ui.status("Next:");
        context.ui.status(first);
        context.ui.status("  manage migrate");
        Ok(Outcome::Done)
    }
}

impl Init {
    fn answers(&self, context: &Context) -> Result<Vec<Answers>, CommandError> {
        let proposal = Proposal::of(context);
        let names: Vec<Option<&str>> = match &self.multi {
            None => vec![None],
            Some(names) => names.iter().map(|name| Some(name.trim())).collect(),
        };
        if let Some(twice) = twice(&names) {
            return Err(InitError::SameName(twice.to_owned()).into());
        }
        names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let asked = Asked {
                    context,
                    init: self,
                    proposal: &proposal,
                    name: *name,
                    is_first: index == 0,
                };
                asked.answers()
            })
            .collect()
    }
}

/// A name that is empty or stands there more than once.
fn twice<'a>(names: &[Option<&'a str>]) -> Option<&'a str> {
    names.iter().enumerate().find_map(|(index, name)| {
        name.filter(|name| name.is_empty() || names[..index].contains(&Some(name)))
    })
}
