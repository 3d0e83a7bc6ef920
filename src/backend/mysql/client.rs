//! What MySQL's and MariaDB's client is told by a file of options.

use super::parameters::Parameters;
use crate::backend::client::Flavour;
use crate::backend::connect::{Address, Limits};
use crate::backend::connect_error::ParameterError;
use crate::backend::notice::NoticeSink;
use crate::backend::tls::{Roots, TlsMode, TlsSettings};
use crate::settings::{Environment, ServerUrl};

type Told = Vec<(&'static str, String)>;

/// The options that lead the client to where we connect to, as whom we are there, by their groups.
pub(in crate::backend) fn client_options(
    url: &ServerUrl,
    environment: &Environment,
    flavour: Flavour,
) -> Result<Vec<(&'static str, Told)>, ParameterError> {
    let parameters = Parameters::resolve(
        url,
        environment,
        &Limits::default(),
        // What there is to warn of is said when we connect ourselves.
        &NoticeSink::new(),
    )?;
    let mut client = vec![("user", parameters.user)];
    if let Some((password, _)) = parameters.password {
        client.push(("password", password.expose().to_owned()));
    }
    match parameters.address {
        Address::Tcp { host, port } => {
            // Of `localhost` it would make a socket.
            client.push(("protocol", "tcp".to_owned()));
            client.push(("host", host));
            client.push(("port", port.to_string()));
        }
        Address::Socket(path) => {
            client.push(("protocol", "socket".to_owned()));
            client.push(("socket", path));
        }
    }
    client.extend(match flavour {
        Flavour::Mysql => mysql_tls(&parameters.tls),
        Flavour::Mariadb => mariadb_tls(&parameters.tls),
    });
    client.extend(files(&parameters.tls));
    let mut own = Vec::new();
    own.extend(parameters.database.map(|name| ("database", name)));
    own.extend(
        parameters
            .init_command
            .map(|command| ("init-command", command)),
    );
    Ok(vec![("client", client), ("mysql", own)])
}

fn mysql_tls(tls: &TlsSettings) -> Told {
    let mode = match tls.mode {
        TlsMode::Disable => "DISABLED",
        TlsMode::Prefer => "PREFERRED",
        TlsMode::Require => "REQUIRED",
        TlsMode::VerifyCa => "VERIFY_CA",
        TlsMode::VerifyFull => "VERIFY_IDENTITY",
    };
    vec![("ssl-mode", mode.to_owned())]
}

/// MariaDB's has switches instead of a mode, and none for a chain of trust without a name.
fn mariadb_tls(tls: &TlsSettings) -> Told {
    let switch = |name, on: bool| (name, u8::from(on).to_string());
    match tls.mode {
        TlsMode::Disable => vec![switch("ssl", false)],
        // Newer ones would insist on a certificate that they can verify.
        TlsMode::Prefer => vec![switch("ssl-verify-server-cert", false)],
        TlsMode::Require => vec![switch("ssl", true), switch("ssl-verify-server-cert", false)],
        TlsMode::VerifyCa | TlsMode::VerifyFull => {
            vec![switch("ssl", true), switch("ssl-verify-server-cert", true)]
        }
    }
}

fn files(tls: &TlsSettings) -> Told {
    let mut told = Vec::new();
    if tls.mode == TlsMode::Disable {
        return told;
    }
    if let Roots::File(file) = &tls.roots {
        told.push(("ssl-ca", file.display().to_string()));
    }
    if let Some(identity) = &tls.identity {
        told.push(("ssl-cert", identity.certificate.display().to_string()));
        told.push(("ssl-key", identity.key.display().to_string()));
    }
    told
}
