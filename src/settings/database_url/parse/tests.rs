use super::*;

/// The URL as shown, then its notices; or the error.
fn read(text: &str) -> String {
    match parse(text, Path::new("/app")) {
        Ok(Parsed { url, notices }) => notices.iter().fold(url.to_string(), |text, notice| {
            format!("{text}\n  {notice}")
        }),
        Err(problem) => format!("error: {problem}"),
    }
}

fn table(urls: &[&str]) -> String {
    let entries: Vec<String> = urls
        .iter()
        .map(|url| format!("{url}\n  {}", read(url)))
        .collect();
    entries.join("\n")
}

#[test]
fn sqlite_is_read_in_every_spelling() {
    insta::assert_snapshot!(table(&[
            "db.sqlite3",
            "./data/../db.sqlite3",
            "/data/db.sqlite3",
            "my%20db.sqlite3",
            ":memory:",
            "sqlite://db.sqlite3",
            "sqlite://./db.sqlite3",
            "sqlite://data/my%20db.sqlite3",
            "SQLite3://db.sqlite3",
            "sqlite://",
            "sqlite:///",
            "sqlite://:memory:",
            "sqlite::memory:",
            "sqlite:///:memory:",
            "sqlite:///data/db.sqlite3",
            "sqlite:////data/db.sqlite3",
            "sqlite:////db.sqlite3",
            "sqlite+aiosqlite:///data/db.sqlite3",
            "sqlite+pysqlite:////data/db.sqlite3",
            "sqlite://db.sqlite3?mode=ro&cache=shared",
            "file:db.sqlite3?mode=ro",
            "file:///data/db.sqlite3",
            "file://localhost/data/db.sqlite3",
            "file::memory:?cache=shared",
            "file:one?mode=memory",
        ]), @"
        db.sqlite3
          sqlite:///app/db.sqlite3
        ./data/../db.sqlite3
          sqlite:///app/data/../db.sqlite3
        /data/db.sqlite3
          sqlite:///data/db.sqlite3
        my%20db.sqlite3
          sqlite:///app/my%2520db.sqlite3
        :memory:
          sqlite::memory:
        sqlite://db.sqlite3
          sqlite:///app/db.sqlite3
        sqlite://./db.sqlite3
          sqlite:///app/db.sqlite3
        sqlite://data/my%20db.sqlite3
          sqlite:///app/data/my db.sqlite3
        SQLite3://db.sqlite3
          sqlite:///app/db.sqlite3
        sqlite://
          sqlite::memory:
        sqlite:///
          sqlite::memory:
        sqlite://:memory:
          sqlite::memory:
        sqlite::memory:
          sqlite::memory:
        sqlite:///:memory:
          sqlite::memory:
        sqlite:///data/db.sqlite3
          sqlite:///data/db.sqlite3
        sqlite:////data/db.sqlite3
          sqlite:///data/db.sqlite3
        sqlite:////db.sqlite3
          sqlite:////db.sqlite3
        sqlite+aiosqlite:///data/db.sqlite3
          sqlite:///app/data/db.sqlite3
          `+aiosqlite` names a driver of another language and is ignored
        sqlite+pysqlite:////data/db.sqlite3
          sqlite:///data/db.sqlite3
          `+pysqlite` names a driver of another language and is ignored
        sqlite://db.sqlite3?mode=ro&cache=shared
          sqlite:///app/db.sqlite3?mode=ro&cache=shared
        file:db.sqlite3?mode=ro
          sqlite:///app/db.sqlite3?mode=ro
        file:///data/db.sqlite3
          sqlite:///data/db.sqlite3
        file://localhost/data/db.sqlite3
          sqlite:///data/db.sqlite3
        file::memory:?cache=shared
          sqlite::memory:?cache=shared
        file:one?mode=memory
          sqlite::memory:?mode=memory
        ");
}

#[test]
fn what_diesel_would_open_as_a_file_by_accident_is_said() {
    insta::assert_snapshot!(table(&[
            "db",
            "localhost/app",
            "sqlite:db.sqlite3",
            "sqlite:///db.sqlite3",
            "sqlite:///./data/db.sqlite3",
            "jdbc:sqlite:db.sqlite3",
        ]), @"
        db
          sqlite:///app/db
          the URL has no scheme, so it is taken for the path of a SQLite file, as `diesel` does; write sqlite:// before it to say so
        localhost/app
          sqlite:///app/localhost/app
          the URL has no scheme, so it is taken for the path of a SQLite file, as `diesel` does; write sqlite:// before it to say so
        sqlite:db.sqlite3
          sqlite:///app/db.sqlite3
          `sqlite:` is usually followed by `//`, and `diesel` needs it
        sqlite:///db.sqlite3
          sqlite:///app/db.sqlite3
          the path after three slashes is read as a relative one, as SQLAlchemy does; `diesel` would open /db.sqlite3; write sqlite://db.sqlite3
        sqlite:///./data/db.sqlite3
          sqlite:///app/data/db.sqlite3
          the path after three slashes is read as a relative one, as SQLAlchemy does; `diesel` would open /./data/db.sqlite3; write sqlite://./data/db.sqlite3
        jdbc:sqlite:db.sqlite3
          sqlite:///app/db.sqlite3
          the `jdbc:` before the URL is ignored
          `sqlite:` is usually followed by `//`, and `diesel` needs it
        ");
}

#[test]
fn servers_are_read_in_every_spelling() {
    insta::assert_snapshot!(table(&[
            "postgres://app:secret@localhost:5432/app",
            "postgresql://app@localhost/app",
            "POSTGRES://localhost",
            "postgres://",
            "postgres:///app",
            "postgis://localhost/app",
            "cockroachdb://root@localhost:26257/app",
            "postgres://localhost/app?sslmode=require&application_name=a%20b",
            "postgres://localhost/app?sslmode=disable&sslmode=require",
            "postgres://localhost/app?sslpassword=secret",
            "postgres://[::1]:5433/app",
            "postgres://[fe80::1%25eth0]/app",
            "postgres:///app?host=/var/run/postgresql",
            "postgres://%2Fvar%2Frun%2Fpostgresql/app",
            "postgres://localhost/app?user=u&password=secret&port=6000&dbname=other",
            "postgres://localhost/caf%C3%A9",
            "postgres://localhost/app/",
            "mysql://root:secret@127.0.0.1/app",
            "mysql2://root@localhost/app",
            "mariadb://root@localhost/app",
            "mysql://u@localhost/db?unix_socket=/run/mysqld.sock&charset=utf8mb4",
        ]), @"
        postgres://app:secret@localhost:5432/app
          postgres://app:***@localhost:5432/app
        postgresql://app@localhost/app
          postgres://app@localhost/app
        POSTGRES://localhost
          postgres://localhost
        postgres://
          postgres:///
        postgres:///app
          postgres:///app
        postgis://localhost/app
          postgres://localhost/app
        cockroachdb://root@localhost:26257/app
          postgres://root@localhost:26257/app
        postgres://localhost/app?sslmode=require&application_name=a%20b
          postgres://localhost/app?sslmode=require&application_name=a%20b
        postgres://localhost/app?sslmode=disable&sslmode=require
          postgres://localhost/app?sslmode=require
        postgres://localhost/app?sslpassword=secret
          postgres://localhost/app?sslpassword=***
        postgres://[::1]:5433/app
          postgres://[::1]:5433/app
        postgres://[fe80::1%25eth0]/app
          postgres://[fe80::1%eth0]/app
        postgres:///app?host=/var/run/postgresql
          postgres:///app?host=/var/run/postgresql
        postgres://%2Fvar%2Frun%2Fpostgresql/app
          postgres:///app?host=/var/run/postgresql
        postgres://localhost/app?user=u&password=secret&port=6000&dbname=other
          postgres://u:***@localhost:6000/other
        postgres://localhost/caf%C3%A9
          postgres://localhost/caf%C3%A9
        postgres://localhost/app/
          postgres://localhost/app
        mysql://root:secret@127.0.0.1/app
          mysql://root:***@127.0.0.1/app
        mysql2://root@localhost/app
          mysql://root@localhost/app
        mariadb://root@localhost/app
          mysql://root@localhost/app
        mysql://u@localhost/db?unix_socket=/run/mysqld.sock&charset=utf8mb4
          mysql://u@localhost/db?unix_socket=/run/mysqld.sock&charset=utf8mb4
        ");
}

#[test]
fn drivers_of_other_languages_are_left_out_with_a_word() {
    insta::assert_snapshot!(table(&[
            "postgresql+asyncpg://localhost/app",
            "postgresql+psycopg2://localhost/app",
            "mysql+pymysql://localhost/app",
            "mariadb+mariadbconnector://localhost/app",
            "jdbc:postgresql://localhost/app?user=u&password=secret",
        ]), @"
        postgresql+asyncpg://localhost/app
          postgres://localhost/app
          `+asyncpg` names a driver of another language and is ignored
        postgresql+psycopg2://localhost/app
          postgres://localhost/app
          `+psycopg2` names a driver of another language and is ignored
        mysql+pymysql://localhost/app
          mysql://localhost/app
          `+pymysql` names a driver of another language and is ignored
        mariadb+mariadbconnector://localhost/app
          mysql://localhost/app
          `+mariadbconnector` names a driver of another language and is ignored
        jdbc:postgresql://localhost/app?user=u&password=secret
          postgres://u:***@localhost/app
          the `jdbc:` before the URL is ignored
        ");
}

#[test]
fn passwords_are_decoded_and_forgiven_much() {
    for (url, password) in [
        ("postgres://u:p%40ss%2Fword@h/db", "p@ss/word"),
        ("postgres://u:p@ss@h/db", "p@ss"),
        ("postgres://u:p/ss@h/db", "p/ss"),
        ("postgres://u:p#ss@h/db", "p#ss"),
        ("postgres://u:p:ss@h/db", "p:ss"),
        ("postgres://u:100%@h/db", "100%"),
        ("postgres://u:a+b@h/db", "a+b"),
        ("postgres://:only@h/db", "only"),
        ("mysql://u:p%C3%A4ss@h/db", "päss"),
    ] {
        let url = parse(url, Path::new("/app")).unwrap().url;
        assert_eq!(url.password().unwrap().expose(), password);
        assert_eq!(url.to_string().matches("***@h/db").count(), 1, "{url}");
    }
}

#[test]
fn what_cannot_be_meant_is_an_error_that_hides_the_password() {
    insta::assert_snapshot!(table(&[
            "",
            "  ",
            "postgrs://localhost/app",
            "mongodb://localhost/app",
            "postgresql//localhost/app",
            "postgres:localhost/app",
            "postgres:/localhost/app",
            "app:hunter2@localhost/app",
            "localhost:5432/app",
            "127.0.0.1:5432",
            "host=localhost dbname=app password=hunter2",
            "dbname = app",
            "postgres://a,b/app",
            "postgres://a:1,b:2/app",
            "postgres:///app?host=a,b",
            "postgres://u:hunter2?x@host/app",
            "postgres://host:hunter2/app",
            "postgres://host:0/app",
            "postgres://host:65536/app",
            "postgres://host:+1/app",
            "postgres://[::1/app",
            "postgres://[nonsense]/app",
            "postgres://[::1]5/app",
            "postgres://::1/app",
            "postgres://a b/app",
            "postgres://host/app/more",
            "postgres://host/%FF",
            "postgres://u:%00@host/app",
            "file://elsewhere/db.sqlite3",
        ]), @"

          error: the URL is empty
          
          error: the URL is empty
        postgrs://localhost/app
          error: unknown scheme `postgrs`
        mongodb://localhost/app
          error: unknown scheme `mongodb`
        postgresql//localhost/app
          error: `postgresql//` lacks its colon
        postgres:localhost/app
          error: `postgres:` is not followed by `//`
        postgres:/localhost/app
          error: `postgres:` is not followed by `//`
        app:hunter2@localhost/app
          error: the URL has no scheme, but looks like a server's
        localhost:5432/app
          error: the URL has no scheme, but looks like a server's
        127.0.0.1:5432
          error: the URL has no scheme, but looks like a server's
        host=localhost dbname=app password=hunter2
          error: this is a libpq connection string of `key=value` pairs, not a URL
        dbname = app
          error: this is a libpq connection string of `key=value` pairs, not a URL
        postgres://a,b/app
          error: the URL names several hosts
        postgres://a:1,b:2/app
          error: the URL names several hosts
        postgres:///app?host=a,b
          error: the URL names several hosts
        postgres://u:hunter2?x@host/app
          error: the user name or password in the URL holds a character that must be percent-encoded
        postgres://host:hunter2/app
          error: the port in the URL is not a number from 1 to 65535
        postgres://host:0/app
          error: the port in the URL is not a number from 1 to 65535
        postgres://host:65536/app
          error: the port in the URL is not a number from 1 to 65535
        postgres://host:+1/app
          error: the port in the URL is not a number from 1 to 65535
        postgres://[::1/app
          error: the host in the URL is not valid
        postgres://[nonsense]/app
          error: the host in the URL is not valid
        postgres://[::1]5/app
          error: the host in the URL is not valid
        postgres://::1/app
          error: the port in the URL is not a number from 1 to 65535
        postgres://a b/app
          error: the host in the URL is not valid
        postgres://host/app/more
          error: the database name in the URL holds a `/`
        postgres://host/%FF
          error: the characters of the database name in the URL are not UTF-8 once decoded
        postgres://u:%00@host/app
          error: the characters of the password in the URL hold a zero byte
        file://elsewhere/db.sqlite3
          error: the `file:` URL names a host, and SQLite opens local files only
        ");
}

#[test]
fn a_shown_url_reads_as_the_same_url() {
    for url in [
        "db.sqlite3",
        "/db.sqlite3",
        "odd %?#name.db",
        ":memory:",
        "sqlite://db.sqlite3?mode=ro",
        "file::memory:?cache=shared",
        "postgres://",
        "postgres://u@/",
        "postgres://app@[::1]:5432/a%2Fb?sslmode=require",
        "postgres:///app?host=/var/run/postgresql&options=-c%20a%3Db",
        "mysql://us%40er@localhost/db?unix_socket=/run/mysqld.sock",
    ] {
        let first = parse(url, Path::new("/app")).unwrap().url;
        let again = parse(&first.to_string(), Path::new("/elsewhere"))
            .unwrap()
            .url;
        assert_eq!(first, again);
    }
}

#[test]
fn an_exposed_url_reads_as_the_same_url_with_its_password() {
    let url = "mysql://app:p@ss/w#rd%25@localhost:3306/db?charset=utf8mb4";
    let first = parse(url, Path::new("/app")).unwrap().url;
    assert_eq!(
        first.expose(),
        "mysql://app:p%40ss%2Fw%23rd%25@localhost:3306/db?charset=utf8mb4"
    );
    assert_eq!(
        parse(&first.expose(), Path::new("/app")).unwrap().url,
        first
    );
}

#[test]
fn debugging_a_url_hides_the_password() {
    let url = parse("postgres://u:hunter2@h/db?sslpassword=x", Path::new("/app"))
        .unwrap()
        .url;
    let DatabaseUrl::Postgres(server) = &url else {
        panic!("it is one of PostgreSQL")
    };
    assert_eq!(
        format!("{url:?} {server:?}"),
        "DatabaseUrl(postgres://u:***@h/db?sslpassword=***) \
             ServerUrl(server://u:***@h/db?sslpassword=***)"
    );
}

#[test]
fn the_name_of_a_database_is_short() {
    for (url, name) in [
        ("data/db.sqlite3", Some("db.sqlite3")),
        (":memory:", Some(":memory:")),
        ("postgres://host/app", Some("app")),
        ("mysql://host", None),
    ] {
        let url = parse(url, Path::new("/app")).unwrap().url;
        assert_eq!(url.database_name().as_deref(), name);
    }
}

#[test]
fn sqlite_gets_a_plain_path_unless_it_needs_a_uri() {
    for (url, expected) in [
        ("a b%20?.db", "/app/a b%20?.db"),
        (":memory:", ":memory:"),
        ("file:a%20b%3F.db?mode=ro", "file:/app/a%20b%3F.db?mode=ro"),
        ("file::memory:?cache=shared", "file::memory:?cache=shared"),
    ] {
        let url = parse(url, Path::new("/app")).unwrap().url;
        let DatabaseUrl::Sqlite(sqlite) = url else {
            panic!("it is one of SQLite")
        };
        assert_eq!(sqlite.connection_string(), expected);
    }
}

#[test]
fn the_backend_shows_before_the_rest_is_known() {
    for (text, backend) in [
        ("postgres://u:${PASSWORD}@h/db", Some(Backend::Postgres)),
        ("jdbc:mysql://${HOST}", Some(Backend::Mysql)),
        ("file:${NAME}", Some(Backend::Sqlite)),
        ("${DATABASE_URL}", None),
    ] {
        assert_eq!(guess_backend(text), backend);
    }
}

#[test]
fn what_stands_before_the_slashes_is_not_repeated_without_its_colon() {
    assert_eq!(
        read("mysql+clerk_hunter2(x//localhost/shop"),
        "error: `mysql//` lacks its colon"
    );
}

#[test]
fn a_file_is_exposed_so_that_it_is_read_again() {
    for text in [
        "file:a%20",
        "sqlite://a.db?key=b",
        "sqlite://a%0a",
        "sqlite:/e:/a",
        "sqlite:/.d/s",
        "sqlite:a?b%2F%40=c",
    ] {
        let url = parse(text, Path::new("/app")).unwrap().url;
        assert_eq!(
            parse(&url.expose(), Path::new("/")).unwrap().url,
            url,
            "{text}"
        );
    }
}
