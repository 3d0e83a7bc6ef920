//! What generated pairs have found, as small as it is.

use diesel_manage::settings::Backend;

use super::ground::Runner;
use crate::difference_cases::Case;
use crate::trials::Trials;

/// Name, backends, the schema before, the schema after, what is called otherwise.
type Found = (
    &'static str,
    &'static [Backend],
    &'static str,
    &'static str,
    &'static [&'static str],
);

const ALL: &[Backend] = &[Backend::Sqlite, Backend::Postgres, Backend::Mysql];

const FOUND: &[Found] = &[
    (
        "the_old_name_of_a_table_is_another_tables",
        ALL,
        "CREATE TABLE users (number INTEGER NOT NULL PRIMARY KEY);",
        "CREATE TABLE posts (number INTEGER NOT NULL PRIMARY KEY, note VARCHAR(9));
         CREATE TABLE users (name VARCHAR(9) NOT NULL);",
        &["rename_table users->posts"],
    ),
    (
        "the_old_name_of_a_column_is_another_columns",
        ALL,
        "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL);",
        "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, label VARCHAR(50) NOT NULL, name INTEGER);",
        &["rename_column items.name->label"],
    ),
    (
        "two_tables_swap_their_names",
        &[Backend::Sqlite, Backend::Mysql],
        "CREATE TABLE a (one INTEGER NOT NULL PRIMARY KEY);
         CREATE TABLE b (two INTEGER NOT NULL PRIMARY KEY, note VARCHAR(9));",
        "CREATE TABLE b (one INTEGER NOT NULL PRIMARY KEY);
         CREATE TABLE a (two INTEGER NOT NULL PRIMARY KEY, note VARCHAR(9));",
        &["rename_table a->b", "rename_table b->a"],
    ),
    (
        "a_rebuilt_table_refers_to_a_new_one",
        &[Backend::Sqlite],
        "CREATE TABLE w (p INTEGER NOT NULL DEFAULT 42, c TEXT NOT NULL);",
        "CREATE TABLE t (name INTEGER, UNIQUE (name));
         CREATE TABLE w (p INTEGER NOT NULL DEFAULT 42, b INTEGER NOT NULL, c TEXT NOT NULL,
            PRIMARY KEY (b, p), FOREIGN KEY (b) REFERENCES t (name));",
        &["create_table t"],
    ),
    (
        "a_trigger_mentions_a_table_that_goes_first",
        &[Backend::Sqlite],
        "CREATE TABLE \"order\" (a INTEGER NOT NULL);
         CREATE TABLE o5 (k INTEGER NOT NULL PRIMARY KEY, b INTEGER REFERENCES o5 (k) ON DELETE CASCADE);
         CREATE TRIGGER tr BEFORE DELETE ON o5 BEGIN SELECT 2 FROM \"order\" WHERE a IS NULL; END;",
        "CREATE TABLE other (a INTEGER);",
        &["drop_table o5"],
    ),
    (
        "a_computed_column_comes_with_what_it_is_computed_from",
        ALL,
        "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY);",
        "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY,             a INTEGER GENERATED ALWAYS AS (b + 2) STORED, b INTEGER DEFAULT 1);",
        &["add_column t.a"],
    ),
    (
        "a_trigger_function_goes_after_the_table",
        &[Backend::Postgres],
        "CREATE TABLE t (v text);
         CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NEW; END $f$;
         CREATE TRIGGER tr BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION noted();",
        "CREATE TABLE other (v text);",
        &["drop_table t"],
    ),
    (
        "the_name_of_a_foreign_key_moves_to_another_table",
        &[Backend::Mysql],
        "CREATE TABLE s (i char(7) NOT NULL PRIMARY KEY, f char(7), CONSTRAINT fk_6 FOREIGN KEY (f) REFERENCES s (i));",
        "CREATE TABLE users (c int NOT NULL PRIMARY KEY);
         CREATE TABLE posts (v int NOT NULL, CONSTRAINT fk_6 FOREIGN KEY (v) REFERENCES users (c));",
        &["create_table posts"],
    ),
];

pub(crate) fn add(trials: &mut Trials) {
    for (name, backends, from, to, expect) in FOUND {
        for &backend in *backends {
            let case = Case::new(from, to, expect);
            trials.deciding(backend, &format!("laws::found::{name}"), move |_| {
                case.run(backend, Runner::Manage)?;
                case.run(backend, Runner::Diesel)
            });
        }
    }
}
