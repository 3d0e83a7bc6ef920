//! How a connection is to be encrypted, by libpq's rules.

use tokio_postgres::config::SslNegotiation;

use super::Place;
use super::source::Source;
use crate::backend::connect_error::ParameterError;
use crate::backend::notice::NoticeSink;
use crate::backend::tls::{Identity, Roots, TlsMode, TlsSettings};

pub(super) fn settings(
    source: &Source<'_>,
    place: &Place,
    notices: &NoticeSink,
) -> Result<TlsSettings, ParameterError> {
    let asked = match source.either("sslmode", "PGSSLMODE") {
        Some(setting) => Some(TlsMode::parse(setting.value).ok_or_else(|| {
            setting.refuse("one of disable, allow, prefer, require, verify-ca, verify-full")
        })?),
        None => None,
    };
    if matches!(place, Place::Socket(_)) {
        // Servers do not encrypt what never leaves the machine, and libpq does not ask them to.
        return Ok(TlsSettings::disabled());
    }
    let named = source.either("sslrootcert", "PGSSLROOTCERT");
    if named.as_ref().is_some_and(|named| named.value == "system") {
        return match asked {
            None | Some(TlsMode::VerifyFull) => Ok(TlsSettings {
                mode: TlsMode::VerifyFull,
                roots: Roots::System,
                identity: identity(source),
            }),
            Some(TlsMode::Disable) => Ok(TlsSettings::disabled()),
            Some(TlsMode::Prefer | TlsMode::Require | TlsMode::VerifyCa) => {
                Err(ParameterError::WeakSystemRoots)
            }
        };
    }
    let file = named
        .as_ref()
        .map(|named| source.path(named.value))
        .or_else(|| source.default_file("root.crt"));
    let mode = match asked.unwrap_or(TlsMode::Prefer) {
        // Whoever says whom to trust wants to have it checked; libpq does so, too.
        TlsMode::Require if file.is_some() => TlsMode::VerifyCa,
        mode @ (TlsMode::Disable
        | TlsMode::Prefer
        | TlsMode::Require
        | TlsMode::VerifyCa
        | TlsMode::VerifyFull) => mode,
    };
    if mode == TlsMode::Prefer
        && let Some(named) = named
    {
        notices.warn(format!(
            "`{}` has no effect with sslmode=prefer: nothing is verified; use sslmode=verify-full",
            named.name
        ));
    }
    Ok(TlsSettings {
        mode,
        roots: file.map_or(Roots::System, Roots::File),
        identity: if mode == TlsMode::Disable {
            None
        } else {
            identity(source)
        },
    })
}

/// The client's own certificate: the one that is named, else libpq's default if it is there.
fn identity(source: &Source<'_>) -> Option<Identity> {
    let certificate = source
        .either("sslcert", "PGSSLCERT")
        .map(|setting| source.path(setting.value))
        .or_else(|| source.default_file("postgresql.crt"))?;
    let key = source
        .either("sslkey", "PGSSLKEY")
        .map(|setting| source.path(setting.value))
        .or_else(|| source.default_file("postgresql.key"))
        // Reading it will fail, and say what is missing.
        .unwrap_or_else(|| certificate.with_extension("key"));
    Some(Identity { certificate, key })
}

pub(super) fn negotiation(
    source: &Source<'_>,
    mode: TlsMode,
) -> Result<SslNegotiation, ParameterError> {
    let Some(setting) = source.either("sslnegotiation", "PGSSLNEGOTIATION") else {
        return Ok(SslNegotiation::Postgres);
    };
    match setting.value {
        "postgres" => Ok(SslNegotiation::Postgres),
        "direct" if mode >= TlsMode::Require => Ok(SslNegotiation::Direct),
        "direct" => Err(setting.refuse("possible unless sslmode is require or more")),
        _ => Err(setting.refuse("`postgres` or `direct`")),
    }
}
