use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::backend::tls::{Identity, Roots};

fn url() -> ServerUrl {
    ServerUrl {
        host: Some("db".to_owned()),
        port: None,
        socket: None,
        username: Some("app".to_owned()),
        password: None,
        database: Some("shop".to_owned()),
        options: Vec::new(),
    }
}

fn with_options(options: &[(&str, &str)]) -> ServerUrl {
    ServerUrl {
        options: pairs(options).into_iter().collect(),
        ..url()
    }
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment {
        variables: pairs(variables),
        directory: PathBuf::from("/project"),
        ..Environment::default()
    }
}

fn resolve(
    url: &ServerUrl,
    variables: &[(&str, &str)],
) -> (Result<Parameters, ParameterError>, Vec<String>) {
    let notices = NoticeSink::new();
    let outcome = Parameters::resolve(url, &environment(variables), Limits::default(), &notices);
    let messages = notices.take().into_iter().map(|notice| notice.message);
    (outcome, messages.collect())
}

fn resolved(url: &ServerUrl, variables: &[(&str, &str)]) -> Parameters {
    let (outcome, messages) = resolve(url, variables);
    assert_eq!(messages, Vec::<String>::new());
    outcome.unwrap()
}

fn refused(url: &ServerUrl, variables: &[(&str, &str)]) -> String {
    resolve(url, variables).0.unwrap_err().to_string()
}

const EVERYTHING: &[(&str, &str)] = &[
    ("PGHOST", "elsewhere"),
    ("PGPORT", "6000"),
    ("PGUSER", "somebody"),
    ("PGPASSWORD", "hidden"),
    ("PGDATABASE", "other"),
    ("PGAPPNAME", "named"),
    ("PGOPTIONS", "-c work_mem=1MB"),
    ("PGCONNECT_TIMEOUT", "3"),
    ("PGSSLMODE", "disable"),
    ("USER", "me"),
];

#[test]
fn what_the_url_says_comes_before_the_environment() {
    let mut url = with_options(&[
        ("application_name", "mine"),
        ("connect_timeout", "7"),
        ("options", "-c lock_timeout=1s"),
        ("sslmode", "require"),
    ]);
    url.port = Some(5433);
    url.password = Some(Secret::new("own"));
    let parameters = resolved(&url, EVERYTHING);
    assert_eq!(
        parameters,
        Parameters {
            place: Place::Tcp {
                host: "db".to_owned(),
                address: None
            },
            port: 5433,
            user: "app".to_owned(),
            password: Some((Secret::new("own"), PasswordSource::Settings)),
            database: "shop".to_owned(),
            application_name: "mine".to_owned(),
            options: Some("-c lock_timeout=1s".to_owned()),
            connect_timeout: Some(Duration::from_secs(7)),
            tls: TlsSettings {
                mode: TlsMode::Require,
                roots: Roots::System,
                identity: None
            },
            negotiation: SslNegotiation::Postgres,
            channel_binding: ChannelBinding::Prefer,
            target: TargetSessionAttrs::Any,
            keepalives: Keepalives {
                enabled: true,
                idle: Duration::from_secs(60),
                interval: None,
                count: None,
                user_timeout: None
            },
        }
    );
}

#[test]
fn the_environment_says_what_the_url_does_not() {
    let url = ServerUrl {
        host: None,
        username: None,
        database: None,
        ..url()
    };
    let parameters = resolved(&url, EVERYTHING);
    assert_eq!(
        parameters.server().to_string(),
        "the PostgreSQL server at `elsewhere:6000`"
    );
    assert_eq!(parameters.user, "somebody");
    assert_eq!(parameters.database, "other");
    assert_eq!(
        parameters.password,
        Some((
            Secret::new("hidden"),
            PasswordSource::Variable("PGPASSWORD")
        ))
    );
    assert_eq!(parameters.application_name, "named");
    assert_eq!(parameters.options.as_deref(), Some("-c work_mem=1MB"));
    assert_eq!(parameters.connect_timeout, Some(Duration::from_secs(3)));
    assert_eq!(parameters.tls, TlsSettings::disabled());
}

#[test]
fn the_user_is_that_of_the_system_and_the_database_is_called_like_the_user() {
    let url = ServerUrl {
        username: None,
        database: None,
        ..url()
    };
    let parameters = resolved(&url, &[("LOGNAME", "ann")]);
    assert_eq!(
        (parameters.user, parameters.database),
        ("ann".into(), "ann".into())
    );
    assert_eq!(
        refused(&url, &[]),
        "no user to log in with is given, and the operating system names none"
    );
}

#[test]
fn empty_values_count_as_none() {
    let parameters = resolved(
        &with_options(&[("sslmode", "")]),
        &[("PGPASSWORD", ""), ("PGAPPNAME", "")],
    );
    assert_eq!(parameters.password, None);
    assert_eq!(parameters.application_name, "manage");
    assert_eq!(parameters.tls.mode, TlsMode::Prefer);
}

#[test]
fn a_folder_as_the_host_is_that_of_the_socket_and_never_encrypted() {
    let socket = ServerUrl {
        host: None,
        socket: Some(PathBuf::from("/run/pg")),
        ..with_options(&[("sslmode", "verify-full")])
    };
    let parameters = resolved(&socket, &[]);
    assert_eq!(
        parameters.server().to_string(),
        "the PostgreSQL server at `/run/pg/.s.PGSQL.5432`"
    );
    assert_eq!(parameters.tls, TlsSettings::disabled());

    let variable = ServerUrl {
        host: None,
        ..url()
    };
    assert_eq!(
        resolved(&variable, &[("PGHOST", "/run/pg")]).place,
        Place::Socket(PathBuf::from("/run/pg"))
    );
}

#[test]
fn an_address_of_the_host_spares_the_resolver_but_not_the_check_of_the_name() {
    let parameters = resolved(&with_options(&[("hostaddr", "10.0.0.7")]), &[]);
    assert_eq!(
        parameters.place,
        Place::Tcp {
            host: "db".to_owned(),
            address: Some("10.0.0.7".parse().unwrap())
        }
    );
    assert_eq!(
        refused(&with_options(&[("hostaddr", "db")]), &[]),
        "`hostaddr` is `db`, which is not an IP address"
    );
}

#[test]
fn several_hosts_are_refused() {
    let url = ServerUrl {
        host: Some("a,b".to_owned()),
        ..url()
    };
    assert_eq!(refused(&url, &[]), "`host` is `a,b`, which is not one host");
}

#[test]
fn roots_are_a_file_beside_the_settings_or_those_of_the_machine() {
    let full = resolved(
        &with_options(&[("sslmode", "verify-full"), ("sslrootcert", "ca.crt")]),
        &[],
    );
    assert_eq!(
        full.tls.roots,
        Roots::File(PathBuf::from("/project/ca.crt"))
    );
    let system = resolved(&with_options(&[("sslrootcert", "system")]), &[]);
    assert_eq!(
        (system.tls.mode, system.tls.roots),
        (TlsMode::VerifyFull, Roots::System)
    );
    assert_eq!(
        refused(
            &with_options(&[("sslrootcert", "system"), ("sslmode", "require")]),
            &[]
        ),
        "`sslrootcert` is `system`, which proves nothing unless `sslmode` is `verify-full`"
    );
}

#[test]
fn require_verifies_if_it_is_said_whom_to_trust() {
    let parameters = resolved(
        &with_options(&[("sslmode", "require"), ("sslrootcert", "/ca.crt")]),
        &[],
    );
    assert_eq!(parameters.tls.mode, TlsMode::VerifyCa);
}

#[test]
fn prefer_with_a_root_says_that_nothing_is_verified() {
    let (outcome, messages) = resolve(&with_options(&[("sslrootcert", "/ca.crt")]), &[]);
    assert_eq!(outcome.unwrap().tls.mode, TlsMode::Prefer);
    assert_eq!(
        messages,
        [
            "`sslrootcert` has no effect with sslmode=prefer: nothing is verified; use sslmode=verify-full"
        ]
    );
}

#[test]
fn the_files_of_the_home_folder_are_used_if_they_are_there() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".postgresql");
    fs::create_dir(&folder).unwrap();
    for name in ["root.crt", "postgresql.crt", "postgresql.key"] {
        fs::write(folder.join(name), "").unwrap();
    }
    let variables = [("HOME", home.path().to_str().unwrap())];
    let parameters = resolved(&with_options(&[("sslmode", "verify-full")]), &variables);
    assert_eq!(
        parameters.tls,
        TlsSettings {
            mode: TlsMode::VerifyFull,
            roots: Roots::File(folder.join("root.crt")),
            identity: Some(Identity {
                certificate: folder.join("postgresql.crt"),
                key: folder.join("postgresql.key"),
            }),
        }
    );
}

#[cfg(unix)]
#[test]
fn a_password_file_is_the_last_place_to_look() {
    use std::os::unix::fs::PermissionsExt;

    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(".pgpass");
    fs::write(&path, "db:5432:shop:app:filed\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let home = ("HOME", home.path().to_str().unwrap());
    assert_eq!(
        resolved(&url(), &[home]).password,
        Some((
            Secret::new("filed"),
            PasswordSource::File(path.display().to_string())
        ))
    );
    assert_eq!(
        resolved(&url(), &[home, ("PGPASSWORD", "given")]).password,
        Some((Secret::new("given"), PasswordSource::Variable("PGPASSWORD")))
    );
    assert_eq!(
        resolved(&url(), &[home, ("PGPASSFILE", "/nowhere")]).password,
        None
    );
}

#[test]
fn no_limit_is_what_libpq_writes_as_zero_or_less() {
    for (text, limit) in [
        ("5", Some(Duration::from_secs(5))),
        ("0", None),
        ("-1", None),
    ] {
        let parameters = resolved(&with_options(&[("connect_timeout", text)]), &[]);
        assert_eq!(parameters.connect_timeout, limit);
    }
    assert_eq!(
        refused(&with_options(&[("connect_timeout", "10s")]), &[]),
        "`connect_timeout` is `10s`, which is not a whole number that fits"
    );
}

#[test]
fn values_that_make_no_sense_are_refused_by_the_name_they_came_under() {
    assert_eq!(
        refused(&url(), &[("PGSSLMODE", "on")]),
        "`PGSSLMODE` is `on`, which is not one of disable, allow, prefer, require, verify-ca, verify-full"
    );
    assert_eq!(
        refused(&with_options(&[("target_session_attrs", "standby")]), &[]),
        "`target_session_attrs` is `standby`, which is not one of any, read-write, primary, read-only"
    );
    assert_eq!(
        refused(&url(), &[("PGPORT", "70000")]),
        "`PGPORT` is `70000`, which is not a whole number that fits"
    );
    assert_eq!(
        refused(&with_options(&[("sslnegotiation", "direct")]), &[]),
        "`sslnegotiation` is `direct`, which is not possible unless sslmode is require or more"
    );
}

#[test]
fn options_without_a_meaning_here_are_refused_with_advice() {
    let advice = |name: &str| match resolve(&with_options(&[(name, "x")]), &[]).0 {
        Err(ParameterError::Unsupported {
            name: named,
            advice,
        }) if named == name => advice,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        advice("gssencmode"),
        "remove it; the connection works without it"
    );
    assert_eq!(
        advice("service"),
        "write host, port, database and user of the service into the connection's settings"
    );
    assert_eq!(
        refused(&with_options(&[("sslmod", "require")]), &[]),
        "the option `sslmod` of the connection's `url` is not known"
    );
}

#[test]
fn variables_that_libpq_would_obey_are_named() {
    let (outcome, messages) = resolve(
        &url(),
        &[("PGSERVICE", "prod"), ("PGCLIENTENCODING", "LATIN1")],
    );
    assert!(outcome.is_ok());
    assert_eq!(
        messages,
        [
            "the variable PGSERVICE has no effect here",
            "`PGCLIENTENCODING` has no effect here: the connection speaks UTF-8"
        ]
    );
}

#[test]
fn a_bracketed_address_loses_its_brackets() {
    let url = ServerUrl {
        host: Some("[::1]".to_owned()),
        ..url()
    };
    assert_eq!(
        resolved(&url, &[]).server().to_string(),
        "the PostgreSQL server at `[::1]:5432`"
    );
}

#[test]
fn no_parameter_prints_the_password() {
    let mut url = url();
    url.password = Some(Secret::new("hunter2"));
    let parameters = resolved(&url, &[]);
    assert!(!format!("{parameters:?} {:?}", parameters.config()).contains("hunter2"));
}
