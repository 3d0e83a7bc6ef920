use super::*;

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
        options: options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..url()
    }
}

fn resolve(
    url: &ServerUrl,
    variables: &[(&str, &str)],
) -> (Result<Parameters, ParameterError>, Vec<String>) {
    let environment = Environment {
        variables: variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        directory: PathBuf::from("/project"),
        ..Environment::default()
    };
    let notices = NoticeSink::new();
    let outcome = Parameters::resolve(url, &environment, &Limits::default(), &notices);
    let messages = notices.take().into_iter().map(|notice| notice.message);
    (outcome, messages.collect())
}

fn resolved(url: &ServerUrl, variables: &[(&str, &str)]) -> Parameters {
    let (outcome, messages) = resolve(url, variables);
    assert_eq!(messages, Vec::<String>::new());
    outcome.unwrap()
}

fn refused(url: &ServerUrl) -> String {
    resolve(url, &[]).0.unwrap_err().to_string()
}

#[test]
fn nothing_said_means_this_machine_the_user_of_the_system_and_no_database() {
    let url = ServerUrl {
        host: None,
        username: None,
        database: None,
        ..url()
    };
    assert_eq!(
        resolved(&url, &[("USER", "ann")]),
        Parameters {
            address: Address::Tcp {
                host: "127.0.0.1".to_owned(),
                port: 3306
            },
            user: "ann".to_owned(),
            password: None,
            database: None,
            connect_timeout: Some(Duration::from_secs(10)),
            init_command: None,
            tls: TlsSettings {
                mode: TlsMode::Prefer,
                roots: Roots::System,
                identity: None
            },
        }
    );
}

#[test]
fn a_password_of_the_environment_gives_way_to_that_of_the_url() {
    let variables = [("MYSQL_PWD", "given")];
    assert_eq!(
        resolved(&url(), &variables).password,
        Some((Secret::new("given"), PasswordSource::Variable("MYSQL_PWD")))
    );
    let url = ServerUrl {
        password: Some(Secret::new("own")),
        ..url()
    };
    assert_eq!(
        resolved(&url, &variables).password,
        Some((Secret::new("own"), PasswordSource::Settings))
    );
}

#[test]
fn a_socket_comes_before_the_host_and_is_not_encrypted() {
    let url = ServerUrl {
        socket: Some(PathBuf::from("/run/mysqld.sock")),
        ..with_options(&[("ssl-mode", "REQUIRED")])
    };
    let parameters = resolved(&url, &[]);
    assert_eq!(
        parameters.server().to_string(),
        "the MySQL server at `/run/mysqld.sock`"
    );
    assert_eq!(parameters.tls, TlsSettings::disabled());
}

#[test]
fn the_mode_is_read_in_every_spelling() {
    for (name, value, mode) in [
        ("ssl-mode", "REQUIRED", TlsMode::Require),
        ("ssl_mode", "required", TlsMode::Require),
        ("sslmode", "require", TlsMode::Require),
        ("sslMode", "VERIFY_IDENTITY", TlsMode::VerifyFull),
        ("ssl-mode", "VERIFY_CA", TlsMode::VerifyCa),
        ("ssl-mode", "DISABLED", TlsMode::Disable),
    ] {
        assert_eq!(
            resolved(&with_options(&[(name, value)]), &[]).tls.mode,
            mode
        );
    }
    assert_eq!(
        refused(&with_options(&[("ssl_mode", "on")])),
        "`ssl_mode` is `on`, which is not one of DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY"
    );
}

#[test]
fn naming_an_authority_means_that_it_is_checked() {
    for options in [
        [("ssl-ca", "ca.pem")].as_slice(),
        &[("ssl_ca", "ca.pem"), ("ssl_mode", "REQUIRED")],
        &[("sslrootcert", "/project/ca.pem"), ("sslmode", "verify-ca")],
    ] {
        let tls = resolved(&with_options(options), &[]).tls;
        assert_eq!(
            (tls.mode, tls.roots),
            (
                TlsMode::VerifyCa,
                Roots::File(PathBuf::from("/project/ca.pem"))
            )
        );
    }
    let (outcome, messages) = resolve(
        &with_options(&[("ssl-ca", "x"), ("ssl-mode", "PREFERRED")]),
        &[],
    );
    assert_eq!(outcome.unwrap().tls.mode, TlsMode::Prefer);
    assert_eq!(
        messages,
        [
            "`ssl-ca` has no effect with ssl-mode=PREFERRED: nothing is verified; use ssl-mode=VERIFY_IDENTITY"
        ]
    );
}

#[test]
fn a_character_set_other_than_utf8mb4_has_no_effect_and_is_told() {
    resolved(
        &with_options(&[("charset", "utf8mb4"), ("collation", "utf8mb4_bin")]),
        &[],
    );
    let (outcome, messages) = resolve(&with_options(&[("charset", "latin1")]), &[]);
    assert!(outcome.is_ok());
    assert_eq!(
        messages,
        ["`charset` has no effect here: the connection speaks utf8mb4"]
    );
}

#[test]
fn options_without_a_meaning_here_are_refused_by_the_name_they_have() {
    assert_eq!(
        refused(&with_options(&[("useSSL", "true")])),
        "the option `useSSL` of the connection's `url` is not supported"
    );
    assert_eq!(
        refused(&with_options(&[("colour", "red")])),
        "the option `colour` of the connection's `url` is not known"
    );
}

#[test]
fn the_timeout_is_in_seconds_and_zero_is_none() {
    let timeout = |text| resolved(&with_options(&[("connect_timeout", text)]), &[]).connect_timeout;
    assert_eq!(timeout("3"), Some(Duration::from_secs(3)));
    assert_eq!(timeout("0"), None);
    assert_eq!(
        refused(&with_options(&[("connect_timeout", "3s")])),
        "`connect_timeout` is `3s`, which is not a whole number of seconds"
    );
}
