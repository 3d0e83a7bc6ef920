//! What a database is shown as, and the schema file that is kept like it.

use diesel_manage::settings::Backend;

use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere(
        "a_database_is_shown_as_diesel_prints_it",
        printed_as_by_diesel,
    );
    trials.everywhere(
        "the_sql_of_a_database_makes_the_same_database",
        sql_makes_the_same,
    );
    trials.everywhere("the_schema_file_follows_the_migrations", file_follows);
}

/// Tables with types of the server's own.
fn tables(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => {
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, active BOOLEAN);
             CREATE TABLE posts (id INTEGER NOT NULL PRIMARY KEY, \
                 user_id BIGINT NOT NULL REFERENCES users (id), \"type\" TEXT, at TIMESTAMP);"
        }
        Backend::Postgres => {
            "CREATE TYPE mood AS ENUM ('sad', 'happy');
             CREATE TABLE users (id serial PRIMARY KEY, name varchar(40) NOT NULL, mood mood, \
                 tags text[] NOT NULL, active boolean);
             CREATE TABLE posts (id bigserial PRIMARY KEY, \
                 user_id integer NOT NULL REFERENCES users (id), \"type\" jsonb, \
                 at timestamptz NOT NULL DEFAULT now(), words tsvector);"
        }
        Backend::Mysql => {
            "CREATE TABLE users (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, \
                 name VARCHAR(40) NOT NULL, mood ENUM('sad', 'happy'), active TINYINT(1));
             CREATE TABLE posts (id BIGINT NOT NULL PRIMARY KEY, user_id INT UNSIGNED NOT NULL, \
                 `type` TEXT, at DATETIME NOT NULL, FOREIGN KEY (user_id) REFERENCES users (id));"
        }
    }
}

/// What `diesel print-schema` 2.3 prints of them.
fn printed(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => {
            r#"// @generated automatically by Diesel CLI.

diesel::table! {
    posts (id) {
        id -> Integer,
        user_id -> BigInt,
        #[sql_name = "type"]
        type_ -> Nullable<Text>,
        at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    users (id) {
        id -> Nullable<Integer>,
        name -> Text,
        active -> Nullable<Bool>,
    }
}

diesel::joinable!(posts -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(posts, users,);
"#
        }
        Backend::Postgres => {
            r#"// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "mood"))]
    pub struct Mood;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsvector", schema = "pg_catalog"))]
    pub struct Tsvector;
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    posts (id) {
        id -> Int8,
        user_id -> Int4,
        #[sql_name = "type"]
        type_ -> Nullable<Jsonb>,
        at -> Timestamptz,
        words -> Nullable<Tsvector>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Mood;

    users (id) {
        id -> Int4,
        #[max_length = 40]
        name -> Varchar,
        mood -> Nullable<Mood>,
        tags -> Array<Nullable<Text>>,
        active -> Nullable<Bool>,
    }
}

diesel::joinable!(posts -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(posts, users,);
"#
        }
        Backend::Mysql => {
            r#"// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(mysql_type(name = "Enum"))]
    pub struct UsersMoodEnum;
}

diesel::table! {
    posts (id) {
        id -> Bigint,
        user_id -> Unsigned<Integer>,
        #[sql_name = "type"]
        type_ -> Nullable<Text>,
        at -> Datetime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::UsersMoodEnum;

    users (id) {
        id -> Unsigned<Integer>,
        #[max_length = 40]
        name -> Varchar,
        #[max_length = 5]
        mood -> Nullable<UsersMoodEnum>,
        active -> Nullable<Bool>,
    }
}

diesel::joinable!(posts -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(posts, users,);
"#
        }
    }
}

fn printed_as_by_diesel(server: &Server) {
    server.execute(tables(server.backend()));
    let out = Project::on(server).run("inspectdb").ok();
    assert_eq!(out.stdout, printed(server.backend()));
    assert_eq!(out.stderr, "");
}

fn sql_makes_the_same(server: &Server) {
    server.execute(tables(server.backend()));
    let project = Project::on(server);
    let sql = project.run("inspectdb --format sql").ok().stdout;
    let json = project.run("inspectdb --format json").ok().stdout;

    let Ok(other) = Server::new(server.backend()) else {
        panic!("the server has just been there");
    };
    other.execute(&sql);
    let again = Project::on(&other).run("inspectdb --format json").ok();
    assert_eq!(again.stdout, json);
}

fn file_follows(server: &Server) {
    let project = Project::on(server);
    project
        .file("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n")
        .migration(
            "2026-01-01-000000_tables",
            tables(server.backend()),
            Some(match server.backend() {
                Backend::Postgres => "DROP TABLE posts;\nDROP TABLE users;\nDROP TYPE mood;\n",
                Backend::Sqlite | Backend::Mysql => "DROP TABLE posts;\nDROP TABLE users;\n",
            }),
        );
    let _ = project.run("migrate").ok();
    assert_eq!(project.read("src/schema.rs"), printed(server.backend()));
    let _ = project.run("inspectdb --check").ok();
    let _ = project.run("downgrade --yes").ok();
    assert_eq!(
        project.read("src/schema.rs"),
        "// @generated automatically by Diesel CLI.\n"
    );
}
