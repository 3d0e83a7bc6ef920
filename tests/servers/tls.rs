//! Encrypted connections, against servers started for it: with an authority, a certificate for
//! `localhost` alone, and users who may log in only in certain ways.

mod own;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread;

use diesel_manage::Explain;
use diesel_manage::backend::{Access, Database, Query, open};
use diesel_manage::settings::{Backend, DatabaseUrl, Environment};

use self::own::{Own, mariadb_plugin, mysql, postgres, postgres_programs, program};
use crate::trials::Trials;

const POSTGRES: &[(&str, fn())] = &[
    (
        "postgres_is_encrypted_unless_told_otherwise",
        postgres_prefers,
    ),
    (
        "postgres_certificate_must_have_the_name_for_verify_full",
        postgres_verify_full,
    ),
    (
        "postgres_certificate_needs_its_authority_alone_for_verify_ca",
        postgres_verify_ca,
    ),
    (
        "postgres_password_is_bound_to_the_encrypted_channel",
        postgres_password,
    ),
    (
        "postgres_rules_that_want_encryption_are_explained",
        postgres_rules,
    ),
    (
        "postgres_client_certificate_lets_in",
        postgres_client_certificate,
    ),
];

const MYSQL: &[(&str, fn())] = &[
    ("mysql_is_encrypted_unless_told_otherwise", mysql_prefers),
    (
        "mysql_certificate_must_have_the_name_for_verify_identity",
        mysql_verify_identity,
    ),
    (
        "mysql_certificate_needs_its_authority_alone_for_verify_ca",
        mysql_verify_ca,
    ),
    ("mysql_client_certificate_lets_in", mysql_client_certificate),
];

pub(crate) fn add(trials: &mut Trials) {
    trials.alone(
        "a_server_without_tls_is_refused_where_tls_is_required",
        without_tls,
    );
    add_all(
        trials,
        POSTGRES,
        &postgres_programs().and_then(|_| program("openssl")),
    );
    add_all(
        trials,
        MYSQL,
        &program("mariadbd").and_then(|_| program("openssl")),
    );
    let plugin = mariadb_plugin("auth_ed25519").and_then(|_| program("openssl"));
    add_all(
        trials,
        &[("mysql_password_by_ed25519_lets_in", mysql_ed25519)],
        &plugin,
    );
}

fn add_all(trials: &mut Trials, tests: &[(&str, fn())], needed: &Result<PathBuf, String>) {
    for (name, test) in tests {
        match needed {
            Ok(_) => trials.alone(name, *test),
            Err(missing) => trials.ignored(name, missing.clone()),
        }
    }
}

// ---- What is asked

/// How a connection turned out: `encrypted`, `plain`, or what was said, cause by cause, with hints.
fn outcome(own: &Own, host: &str, user: &str, password: &str, options: &[(&str, &str)]) -> String {
    connect(own, host, user, password, options).unwrap_or_else(|said| said)
}

fn connect(
    own: &Own,
    host: &str,
    user: &str,
    password: &str,
    options: &[(&str, &str)],
) -> Result<String, String> {
    let url = own.url(host, user, password, options);
    let mut database = open_at(&url, &own.folder)?;
    let rows = database.rows(&Query::new(match own.backend {
        Backend::Postgres => {
            "SELECT CASE WHEN ssl THEN 'encrypted' ELSE 'plain' END \
             FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        }
        Backend::Mysql => {
            "SELECT IF(variable_value = '', 'plain', 'encrypted') \
             FROM information_schema.session_status WHERE variable_name = 'SSL_CIPHER'"
        }
        Backend::Sqlite => "SELECT 'plain'",
    }));
    Ok(rows.expect("the session works")[0].text(0).to_owned())
}

fn open_at(url: &DatabaseUrl, folder: &Path) -> Result<Box<dyn Database>, String> {
    let environment = Environment {
        directory: folder.to_owned(),
        ..Environment::default()
    };
    open(url, Access::Read, &environment).map_err(|error| {
        let mut said = vec![error.to_string()];
        let mut next = std::error::Error::source(&error);
        while let Some(cause) = next {
            said.push(format!("because: {cause}"));
            next = cause.source();
        }
        said.extend(
            error
                .hints()
                .into_iter()
                .map(|hint| format!("hint: {hint}")),
        );
        said.join("\n")
    })
}

// ---- PostgreSQL

fn postgres_prefers() {
    let own = postgres();
    assert_eq!(outcome(own, "127.0.0.1", "postgres", "", &[]), "encrypted");
    let mode = |mode| outcome(own, "127.0.0.1", "postgres", "", &[("sslmode", mode)]);
    assert_eq!(mode("require"), "encrypted");
    assert_eq!(mode("disable"), "plain");
    // The rules refuse this user where the connection is encrypted.
    assert_eq!(
        outcome(own, "127.0.0.1", "plain_only", "secret", &[]),
        "plain"
    );
}

fn postgres_verify_full() {
    let own = postgres();
    let options = &[("sslmode", "verify-full"), ("sslrootcert", "ca.crt")];
    assert_eq!(
        outcome(own, "localhost", "postgres", "", options),
        "encrypted"
    );
    assert_eq!(
        outcome(own, "127.0.0.1", "postgres", "", options),
        format!(
            "the certificate of the PostgreSQL server at `127.0.0.1:{}` is not accepted \
             (`sslmode` is `verify-full`, trusting `{}`)\n\
             because: invalid peer certificate: certificate not valid for name \"127.0.0.1\"; \
             certificate is only valid for DnsName(\"localhost\")\n\
             hint: connect by a host name that the certificate is for\n\
             hint: or have it issued with that name (subjectAltName), or do without the check of \
             the name: sslmode=verify-ca",
            own.port,
            own.folder.join("ca.crt").display()
        )
    );
}

fn postgres_verify_ca() {
    let own = postgres();
    let root = |root| {
        let options = &[("sslmode", "verify-ca"), ("sslrootcert", root)];
        outcome(own, "127.0.0.1", "postgres", "", options)
    };
    assert_eq!(root("ca.crt"), "encrypted");
    // The server's own certificate will do as well.
    assert_eq!(root("server.crt"), "encrypted");
    assert_eq!(
        root("other.crt"),
        format!(
            "the certificate of the PostgreSQL server at `127.0.0.1:{}` is not accepted \
             (`sslmode` is `verify-ca`, trusting `{}`)\n\
             because: invalid peer certificate: UnknownIssuer\n\
             hint: give the authority that signed it: sslrootcert=/path/to/ca.crt",
            own.port,
            own.folder.join("other.crt").display()
        )
    );
}

fn postgres_password() {
    let own = postgres();
    let options = &[("channel_binding", "require")];
    let login = |password| outcome(own, "127.0.0.1", "app", password, options);
    assert_eq!(login("pass:word\\"), "encrypted");
    assert_eq!(
        login("wrong"),
        format!(
            "the PostgreSQL server at `127.0.0.1:{}` does not accept the password of user `app`\n\
             hint: correct user or password in the connection's settings",
            own.port
        )
    );
    assert_eq!(
        login(""),
        format!(
            "the PostgreSQL server at `127.0.0.1:{}` wants a password for user `app`, and none is \
             given\n\
             hint: give it as `password: ${{DB_PASSWORD}}` in the connection's settings, or in \
             PGPASSWORD, or in ~/.pgpass",
            own.port
        )
    );
}

fn postgres_rules() {
    let own = postgres();
    let login = |options: &[(&str, &str)]| outcome(own, "127.0.0.1", "tls_only", "secret", options);
    assert_eq!(login(&[]), "encrypted");
    assert_eq!(
        login(&[("sslmode", "disable")]),
        format!(
            "the PostgreSQL server at `127.0.0.1:{}` does not let user `tls_only` log in\n\
             because: no pg_hba.conf entry for host \"127.0.0.1\", user \"tls_only\", database \
             \"postgres\", no encryption (code 28000)\n\
             hint: if the server wants encryption: sslmode=require\n\
             hint: allow it in the server's pg_hba.conf, or connect as another user",
            own.port
        )
    );
}

fn postgres_client_certificate() {
    let own = postgres();
    let login = |options: &[(&str, &str)]| outcome(own, "127.0.0.1", "app_by_key", "", options);
    assert_eq!(
        login(&[("sslcert", "client.crt"), ("sslkey", "client.key")]),
        "encrypted"
    );
    assert_eq!(
        login(&[]),
        format!(
            "the PostgreSQL server at `127.0.0.1:{}` does not let user `app_by_key` log in\n\
             because: connection requires a valid client certificate (code 28000)\n\
             hint: give a certificate that the server's authority signed: \
             sslcert=FILE&sslkey=FILE\n\
             hint: allow it in the server's pg_hba.conf, or connect as another user",
            own.port
        )
    );
}

// ---- MySQL

fn mysql_prefers() {
    let own = mysql();
    assert_eq!(outcome(own, "127.0.0.1", "app", "secret", &[]), "encrypted");
    let mode = |mode| outcome(own, "127.0.0.1", "app", "secret", &[("ssl-mode", mode)]);
    assert_eq!(mode("REQUIRED"), "encrypted");
    assert_eq!(mode("DISABLED"), "plain");
    assert_eq!(
        outcome(own, "127.0.0.1", "tls_only", "secret", &[]),
        "encrypted"
    );
}

fn mysql_verify_identity() {
    let own = mysql();
    let options = &[("ssl-mode", "VERIFY_IDENTITY"), ("ssl-ca", "ca.crt")];
    assert_eq!(
        outcome(own, "localhost", "app", "secret", options),
        "encrypted"
    );
    assert_eq!(
        outcome(own, "127.0.0.1", "app", "secret", options),
        format!(
            "the certificate of the MySQL server at `127.0.0.1:{}` is not accepted \
             (`ssl-mode` is `VERIFY_IDENTITY`, trusting `{}`)\n\
             because: invalid peer certificate: certificate not valid for name \"127.0.0.1\"; \
             certificate is only valid for DnsName(\"localhost\")\n\
             hint: connect by a host name that the certificate is for\n\
             hint: or have it issued with that name (subjectAltName), or do without the check of \
             the name: ssl-mode=VERIFY_CA",
            own.port,
            own.folder.join("ca.crt").display()
        )
    );
}

fn mysql_verify_ca() {
    let own = mysql();
    let root = |root| {
        let options = &[("ssl-mode", "VERIFY_CA"), ("ssl-ca", root)];
        outcome(own, "127.0.0.1", "app", "secret", options)
    };
    assert_eq!(root("ca.crt"), "encrypted");
    assert_eq!(
        root("other.crt"),
        format!(
            "the certificate of the MySQL server at `127.0.0.1:{}` is not accepted \
             (`ssl-mode` is `VERIFY_CA`, trusting `{}`)\n\
             because: invalid peer certificate: UnknownIssuer\n\
             hint: give the authority that signed it: ssl-ca=/path/to/ca.crt",
            own.port,
            own.folder.join("other.crt").display()
        )
    );
}

fn mysql_client_certificate() {
    let own = mysql();
    let login = |options: &[(&str, &str)]| outcome(own, "127.0.0.1", "by_key", "secret", options);
    assert_eq!(
        login(&[("ssl-cert", "client.crt"), ("ssl-key", "client.key")]),
        "encrypted"
    );
    assert_eq!(
        login(&[]),
        format!(
            "the MySQL server at `127.0.0.1:{}` does not accept the password of user `by_key`\n\
             hint: correct user or password in the connection's settings\n\
             hint: the server says the same if `by_key` may not log in from this machine, or only \
             with TLS or a certificate",
            own.port
        )
    );
}

fn mysql_ed25519() {
    let own = mysql();
    assert_eq!(
        outcome(own, "127.0.0.1", "by_curve", "secret", &[]),
        "encrypted"
    );
}

// ---- A server without TLS

/// Answers the question for TLS with no, as PostgreSQL does.
fn without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("it is bound").port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client connects");
        let mut request = [0; 8];
        stream.read_exact(&mut request).expect("the client asks");
        stream.write_all(b"N").expect("the client listens");
        request
    });
    let own = Own::elsewhere(Backend::Postgres, port);
    assert_eq!(
        outcome(&own, "127.0.0.1", "app", "", &[("sslmode", "require")]),
        format!(
            "the PostgreSQL server at `127.0.0.1:{port}` does not offer TLS, and `sslmode` is \
             `require`\n\
             hint: turn TLS on at the server, or allow plain text: sslmode=prefer"
        )
    );
    assert_eq!(
        server.join().expect("the server answered"),
        [0, 0, 0, 8, 4, 210, 22, 47]
    );
}
