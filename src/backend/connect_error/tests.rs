use std::path::PathBuf;

use rustls::CertificateError;

use super::*;
use crate::error::Explain;

fn server(product: Product, address: Address) -> Server {
    Server {
        product,
        address,
        user: "app".to_owned(),
        database: Some("shop".to_owned()),
    }
}

fn tcp() -> Address {
    Address::Tcp {
        host: "db".to_owned(),
        port: 5432,
    }
}

fn from_io(address: Address, error: io::Error) -> ConnectError {
    let server = server(Product::Postgres, address);
    ConnectError::from_io(&server, &TlsSettings::disabled(), error)
}

fn with_kind(kind: io::ErrorKind) -> io::Error {
    io::Error::new(kind, "x")
}

#[test]
fn errors_of_the_operating_system_are_told_apart() {
    let socket = || Address::Socket("/run/.s.PGSQL.5432".to_owned());
    assert!(matches!(
        from_io(tcp(), with_kind(io::ErrorKind::ConnectionRefused)),
        ConnectError::Refused { .. }
    ));
    assert!(matches!(
        from_io(socket(), with_kind(io::ErrorKind::NotFound)),
        ConnectError::NoSocket { .. }
    ));
    assert!(matches!(
        from_io(tcp(), with_kind(io::ErrorKind::UnexpectedEof)),
        ConnectError::Lost { .. }
    ));
    assert!(matches!(
        from_io(socket(), with_kind(io::ErrorKind::PermissionDenied)),
        ConnectError::Unreachable { .. }
    ));
    assert!(matches!(
        from_io(tcp(), io::Error::other("bytes remaining on stream")),
        ConnectError::Protocol { .. }
    ));
}

#[test]
fn a_name_without_an_address_is_known_by_the_resolvers_words() {
    use std::net::ToSocketAddrs;

    // Reserved for names that never resolve.
    let error = ("nowhere.invalid", 5432).to_socket_addrs().unwrap_err();
    assert!(matches!(
        from_io(tcp(), error),
        ConnectError::UnknownHost { .. }
    ));
}

#[test]
fn a_certificate_that_is_not_accepted_names_mode_and_roots() {
    let tls = TlsSettings {
        mode: TlsMode::VerifyFull,
        roots: Roots::File(PathBuf::from("/etc/ca.crt")),
        identity: None,
    };
    let unknown = || rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
    // As it arrives from a stream.
    let error = ConnectError::from_io(
        &server(Product::Postgres, tcp()),
        &tls,
        io::Error::new(io::ErrorKind::InvalidData, unknown()),
    );
    assert_eq!(
        (error.to_string(), error.hints()),
        (
            "the certificate of the PostgreSQL server at `db:5432` is not accepted \
                 (`sslmode` is `verify-full`, trusting `/etc/ca.crt`)"
                .to_owned(),
            vec!["give the authority that signed it: sslrootcert=/path/to/ca.crt".to_owned()]
        )
    );
    let error = ConnectError::from_rustls(&server(Product::Mysql, tcp()), &tls, unknown());
    assert_eq!(
        (error.to_string(), error.hints()),
        (
            "the certificate of the MySQL server at `db:5432` is not accepted \
                 (`ssl-mode` is `VERIFY_IDENTITY`, trusting `/etc/ca.crt`)"
                .to_owned(),
            vec!["give the authority that signed it: ssl-ca=/path/to/ca.crt".to_owned()]
        )
    );
}

#[test]
fn a_wrong_name_can_be_mended_in_three_ways() {
    let error = ConnectError::from_rustls(
        &server(Product::Postgres, tcp()),
        &TlsSettings::disabled(),
        rustls::Error::InvalidCertificate(CertificateError::NotValidForName),
    );
    assert_eq!(
        error.hints(),
        [
            "connect by a host name that the certificate is for",
            "or have it issued with that name (subjectAltName), or do without the check of the name: sslmode=verify-ca",
        ]
    );
}

#[test]
fn a_server_that_wants_our_certificate_says_so_by_an_alert() {
    let server = server(Product::Mysql, tcp());
    let error = ConnectError::from_rustls(
        &server,
        &TlsSettings::disabled(),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired),
    );
    assert_eq!(
        error.hints(),
        ["give a certificate that the server's authority signed: ssl-cert=FILE&ssl-key=FILE"]
    );
    let error = ConnectError::from_rustls(
        &server,
        &TlsSettings::disabled(),
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion),
    );
    assert!(matches!(error, ConnectError::TlsFailed { .. }));
}

#[test]
fn a_time_limit_is_told_in_seconds() {
    let error = ConnectError::TimedOut {
        server: Box::new(server(Product::Postgres, tcp())),
        limit: Duration::from_millis(2500),
    };
    assert_eq!(
        error.to_string(),
        "the PostgreSQL server at `db:5432` did not answer within 2.5 s"
    );
}
