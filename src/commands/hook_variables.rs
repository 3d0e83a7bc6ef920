//! What a hook finds in its environment.

use crate::context::Context;
use crate::error::CommandError;
use crate::settings::{Connection, DatabaseUrl, Origin, ServerUrl};

/// Which hook it is; also how a `manage` knows that a hook started it.
pub(super) const HOOK: &str = "MANAGE_HOOK";

/// A variable to set, or to take away.
pub(super) type Variable = (String, Option<String>);

/// What holds for the whole project: a `manage` that a hook starts reads the same settings.
pub(super) fn of_project(
    context: &Context,
    connection: &Connection,
) -> Result<Vec<Variable>, CommandError> {
    let settings = context.settings()?;
    let mut variables = vec![set("MANAGE_CONNECTION", &connection.name)];
    match &settings.origin {
        Origin::File { path, profile } => {
            variables.push(set("MANAGE_SETTINGS", &path.display().to_string()));
            if let Some((profile, _)) = profile {
                variables.push(set("MANAGE_PROFILE", profile));
            }
        }
        Origin::Diesel { .. } => {}
    }
    Ok(variables)
}

/// Where the database is, with its password: in the environment, which only the same user can read, and
/// never in the arguments. The servers' own tools find their variables too.
pub(super) fn of_database(url: &DatabaseUrl) -> Vec<Variable> {
    let mut variables = vec![set("MANAGE_DATABASE_URL", &url.expose())];
    match url {
        DatabaseUrl::Sqlite(sqlite) => {
            let file = sqlite.path().map(|path| path.display().to_string());
            variables.push(("MANAGE_DATABASE_NAME".to_owned(), file));
        }
        DatabaseUrl::Postgres(server) => {
            variables.extend(common(server));
            variables.extend(postgres(server));
        }
        DatabaseUrl::Mysql(server) => {
            variables.extend(common(server));
            variables.extend(mysql(server));
        }
    }
    variables
}

fn common(server: &ServerUrl) -> Vec<Variable> {
    let port = server.port.map(|port| port.to_string());
    [
        ("MANAGE_DATABASE_NAME", server.database.clone()),
        ("MANAGE_DATABASE_HOST", server.host.clone()),
        ("MANAGE_DATABASE_PORT", port),
        ("MANAGE_DATABASE_USER", server.username.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// For `pg_dump` and `psql`. What the URL does not say, the variables that are there say for them as for us.
fn postgres(server: &ServerUrl) -> Vec<Variable> {
    let socket = server
        .socket
        .as_ref()
        .map(|path| path.display().to_string());
    let said = [
        ("PGHOST", server.host.clone().or(socket)),
        ("PGPORT", server.port.map(|port| port.to_string())),
        ("PGUSER", server.username.clone()),
        (
            "PGPASSWORD",
            server
                .password
                .as_ref()
                .map(|password| password.expose().to_owned()),
        ),
        ("PGDATABASE", server.database.clone()),
    ];
    let options = server.options.iter().filter_map(|(name, value)| {
        let variable = match name.as_str() {
            "sslmode" => "PGSSLMODE",
            "sslrootcert" => "PGSSLROOTCERT",
            "sslcert" => "PGSSLCERT",
            "sslkey" => "PGSSLKEY",
            "options" => "PGOPTIONS",
            "application_name" => "PGAPPNAME",
            "connect_timeout" => "PGCONNECT_TIMEOUT",
            _ => return None,
        };
        Some((variable, Some(value.clone())))
    });
    let mut variables: Vec<Variable> = said
        .into_iter()
        .chain(options)
        .filter(|(_, value)| value.is_some())
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    if variables.iter().any(|(name, _)| name == "PGHOST") {
        // Either would lead to another server than the host that the URL names.
        variables.push(("PGHOSTADDR".to_owned(), None));
        variables.push(("PGSERVICE".to_owned(), None));
    }
    variables
}

/// For `mysqldump` and `mysql`; the user has no variable there.
fn mysql(server: &ServerUrl) -> Vec<Variable> {
    let socket = server
        .socket
        .as_ref()
        .map(|path| path.display().to_string());
    [
        ("MYSQL_HOST", server.host.clone()),
        ("MYSQL_TCP_PORT", server.port.map(|port| port.to_string())),
        ("MYSQL_UNIX_PORT", socket),
        (
            "MYSQL_PWD",
            server
                .password
                .as_ref()
                .map(|password| password.expose().to_owned()),
        ),
    ]
    .into_iter()
    .filter(|(_, value)| value.is_some())
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn set(name: &str, value: &str) -> Variable {
    (name.to_owned(), Some(value.to_owned()))
}
