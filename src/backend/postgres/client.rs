//! What libpq's programs are told by variables.

use super::parameters::{Parameters, Place};
use crate::backend::connect::Limits;
use crate::backend::connect_error::ParameterError;
use crate::backend::notice::NoticeSink;
use crate::backend::tls::{Roots, TlsMode};
use crate::settings::{Environment, ServerUrl};

/// The variables that lead `psql` to where we connect to, as whom we are there.
pub(in crate::backend) fn client_variables(
    url: &ServerUrl,
    environment: &Environment,
) -> Result<Vec<(&'static str, String)>, ParameterError> {
    let parameters = resolve(url, environment)?;
    let mut told = vec![
        ("PGPORT", parameters.port.to_string()),
        ("PGUSER", parameters.user),
        ("PGDATABASE", parameters.database),
        ("PGAPPNAME", parameters.application_name),
    ];
    match parameters.place {
        Place::Tcp { host, address } => {
            told.push(("PGHOST", host));
            told.extend(address.map(|address| ("PGHOSTADDR", address.to_string())));
        }
        Place::Socket(folder) => told.push(("PGHOST", folder.display().to_string())),
    }
    if let Some((password, _)) = parameters.password {
        told.push(("PGPASSWORD", password.expose().to_owned()));
    }
    told.extend(parameters.options.map(|options| ("PGOPTIONS", options)));
    if let Some(limit) = parameters.connect_timeout {
        told.push(("PGCONNECT_TIMEOUT", limit.as_secs().to_string()));
    }
    let tls = parameters.tls;
    told.push((
        "PGSSLMODE",
        match tls.mode {
            TlsMode::Disable => "disable",
            TlsMode::Prefer => "prefer",
            TlsMode::Require => "require",
            TlsMode::VerifyCa => "verify-ca",
            TlsMode::VerifyFull => "verify-full",
        }
        .to_owned(),
    ));
    match tls.roots {
        Roots::File(file) => told.push(("PGSSLROOTCERT", file.display().to_string())),
        // libpq allows the machine's own authorities with nothing less.
        Roots::System if tls.mode == TlsMode::VerifyFull => {
            told.push(("PGSSLROOTCERT", "system".to_owned()));
        }
        Roots::System => {}
    }
    if let Some(identity) = tls.identity {
        told.push(("PGSSLCERT", identity.certificate.display().to_string()));
        told.push(("PGSSLKEY", identity.key.display().to_string()));
    }
    Ok(told)
}

/// The name of the database, which the URL need not say.
pub(in crate::backend) fn database_name(
    url: &ServerUrl,
    environment: &Environment,
) -> Result<String, ParameterError> {
    Ok(resolve(url, environment)?.database)
}

/// What there is to warn of is said when we connect ourselves.
fn resolve(url: &ServerUrl, environment: &Environment) -> Result<Parameters, ParameterError> {
    Parameters::resolve(url, environment, Limits::default(), &NoticeSink::new())
}
