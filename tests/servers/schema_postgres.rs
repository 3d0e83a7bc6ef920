//! The schema of PostgreSQL: what is read, and that SQL leads from one to another and back.

use diesel_manage::backend::{Access, Database, Query, open};
use diesel_manage::ddl;
use diesel_manage::schema::change::{Decisions, Difference, Renames, diff};
use diesel_manage::schema::{Action, Auto, Deferral, KeyPart, Name, Nulls, Schema, Table};
use diesel_manage::settings::{Backend, DatabaseUrl, Environment, Secret, ServerUrl};

use crate::support::Server;
use crate::trials::Trials;

const POSTGRES: &[Backend] = &[Backend::Postgres];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        POSTGRES,
        "a_schema_is_read_with_its_oddities",
        reads_oddities,
    );
    trials.on(
        POSTGRES,
        "what_is_not_managed_is_listed_and_what_belongs_to_an_extension_is_not",
        lists_unmanaged,
    );
    trials.on(
        POSTGRES,
        "a_role_that_may_read_nothing_reads_the_schema",
        reads_without_rights,
    );
    for (name, pair) in PAIRS {
        trials.on(POSTGRES, name, move |server: &Server| {
            there_and_back(server, pair);
        });
    }
}

/// Two schemas, rows of the first, and what a query answers about them in the second.
struct Pair {
    from: &'static str,
    rows: &'static str,
    to: &'static str,
    kept: (&'static str, &'static [&'static str]),
}

const PAIRS: &[(&str, &Pair)] = &[
    (
        "tables_that_refer_to_each_other_are_made_and_dropped",
        &Pair {
            from: "CREATE TABLE kept (id int)",
            rows: "INSERT INTO kept VALUES (1)",
            to: "CREATE TABLE kept (id int);
                CREATE TABLE a (id int PRIMARY KEY, b int, self int REFERENCES a);
                CREATE TABLE b (id serial PRIMARY KEY, a int UNIQUE REFERENCES a ON DELETE CASCADE);
                ALTER TABLE a ADD CONSTRAINT circle FOREIGN KEY (b) REFERENCES b DEFERRABLE INITIALLY DEFERRED;
                COMMENT ON TABLE a IS 'it''s a'",
            kept: ("SELECT id FROM kept", &["1"]),
        },
    ),
    (
        "an_enum_that_loses_a_value_takes_all_that_depends_on_it_along",
        &Pair {
            from: "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
                CREATE DOMAIN calm AS mood CHECK (VALUE <> 'happy');
                CREATE FUNCTION loud(m mood) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(m::text)';
                CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE TABLE t (m mood NOT NULL DEFAULT 'ok', ms mood[] DEFAULT '{ok}', c calm,
                    g text GENERATED ALWAYS AS (CASE WHEN m = 'ok' THEN 'y' ELSE 'n' END) STORED,
                    CONSTRAINT k CHECK (m <> 'sad' OR g <> ''));
                CREATE INDEX i ON t (m) WHERE m = 'ok';
                CREATE INDEX j ON t (loud(m));
                CREATE VIEW v AS SELECT m FROM t WHERE m = 'ok';
                CREATE MATERIALIZED VIEW w AS SELECT loud(m) AS l FROM v;
                CREATE UNIQUE INDEX wi ON w (l);
                CREATE TRIGGER r BEFORE UPDATE OF m ON t FOR EACH ROW WHEN (OLD.m = 'ok') EXECUTE FUNCTION look()",
            rows: "INSERT INTO t (m, ms, c) VALUES ('ok', '{sad,ok}', 'sad'); REFRESH MATERIALIZED VIEW w",
            to: "CREATE TYPE mood AS ENUM ('sad', 'ok');
                CREATE DOMAIN calm AS mood CHECK (VALUE <> 'sad' OR true);
                CREATE FUNCTION loud(m mood) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(m::text)';
                CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE TABLE t (m mood NOT NULL DEFAULT 'ok', ms mood[] DEFAULT '{ok}', c calm,
                    g text GENERATED ALWAYS AS (CASE WHEN m = 'ok' THEN 'y' ELSE 'n' END) STORED,
                    CONSTRAINT k CHECK (m <> 'sad' OR g <> ''));
                CREATE INDEX i ON t (m) WHERE m = 'ok';
                CREATE INDEX j ON t (loud(m));
                CREATE VIEW v AS SELECT m FROM t WHERE m = 'ok';
                CREATE MATERIALIZED VIEW w AS SELECT loud(m) AS l FROM v;
                CREATE UNIQUE INDEX wi ON w (l);
                CREATE TRIGGER r BEFORE UPDATE OF m ON t FOR EACH ROW WHEN (OLD.m = 'ok') EXECUTE FUNCTION look()",
            kept: (
                "SELECT concat_ws(' ', m, ms, c, g, l) FROM t, w",
                &["ok {sad,ok} sad y OK"],
            ),
        },
    ),
    (
        "a_key_that_others_refer_to_changes_its_type",
        &Pair {
            from: "CREATE TABLE p (id int PRIMARY KEY, n varchar(9) DEFAULT 'x' CHECK (n <> ''));
                CREATE TABLE c (p int REFERENCES p);
                CREATE VIEW v AS SELECT p.id, p.n FROM p JOIN c ON c.p = p.id;
                CREATE VIEW w AS SELECT * FROM v",
            rows: "INSERT INTO p VALUES (7, 'a'); INSERT INTO c VALUES (7)",
            to: "CREATE TABLE p (id text PRIMARY KEY, n text DEFAULT 'x' CHECK (n <> ''));
                CREATE TABLE c (p text REFERENCES p);
                CREATE VIEW v AS SELECT p.id, p.n FROM p JOIN c ON c.p = p.id;
                CREATE VIEW w AS SELECT * FROM v",
            kept: ("SELECT id || n FROM w", &["7a"]),
        },
    ),
    (
        "numbering_changes_its_kind_and_goes_on",
        &Pair {
            from: "CREATE TABLE t (a serial, b int GENERATED BY DEFAULT AS IDENTITY, c int NOT NULL, d smallserial);
                CREATE SEQUENCE s; CREATE TABLE u (n bigint DEFAULT nextval('s'))",
            rows: "INSERT INTO t (c) VALUES (5), (9)",
            to: "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (INCREMENT 5), b serial, c serial, d bigserial);
                CREATE SEQUENCE s; CREATE TABLE u (n bigint DEFAULT nextval('s')); ALTER SEQUENCE s OWNED BY u.n",
            kept: (
                "WITH new AS (INSERT INTO t DEFAULT VALUES RETURNING *) SELECT concat_ws(' ', a, b, c, d) FROM new",
                &["7 3 10 3"],
            ),
        },
    ),
    (
        "partitions_follow_the_whole",
        &Pair {
            from: "CREATE TABLE e (id int, at date NOT NULL, v text) PARTITION BY RANGE (at);
                CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
                CREATE INDEX own ON e1 (v) WHERE v <> ''",
            rows: "INSERT INTO e VALUES (1, '2024-02-03', '4')",
            to: "CREATE TABLE e (id bigint NOT NULL, at date NOT NULL, v int, x text DEFAULT 'q') PARTITION BY RANGE (at);
                CREATE INDEX ex ON e (x);
                CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2026-01-01');
                CREATE TABLE e2 PARTITION OF e DEFAULT;
                CREATE INDEX own ON e1 (v) WHERE v > 0",
            kept: ("SELECT concat_ws(' ', id, v, x) FROM e1", &["1 4 q"]),
        },
    ),
    (
        "a_routine_that_tables_use_gets_other_arguments",
        &Pair {
            from: "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
                CREATE TABLE t (x int DEFAULT f(2), y int CHECK (f(y) > 0), z int GENERATED ALWAYS AS (f(y)) STORED);
                CREATE INDEX i ON t (f(y)); CREATE VIEW v AS SELECT f(x) AS q FROM t",
            rows: "INSERT INTO t (y) VALUES (4)",
            to: "CREATE FUNCTION f(b int, c int DEFAULT 0) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT b + c + 1';
                CREATE TABLE t (x int DEFAULT f(2), y int CHECK (f(y) > 0), z int GENERATED ALWAYS AS (f(y)) STORED);
                CREATE INDEX i ON t (f(y)); CREATE VIEW v AS SELECT f(x) AS q FROM t",
            kept: ("SELECT concat_ws(' ', x, y, z) FROM t", &["3 4 5"]),
        },
    ),
];

fn connect(server: &Server, login: Option<(&str, &str)>) -> Box<dyn Database> {
    let parts = server.parts();
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let (user, password) = match login {
        Some((user, password)) => (text(user), text(password)),
        None => (text(parts.username()), parts.password().map(str::to_owned)),
    };
    let url = DatabaseUrl::Postgres(ServerUrl {
        host: parts.host_str().map(str::to_owned),
        port: parts.port(),
        username: user,
        password: password.map(Secret::new),
        database: text(parts.path().trim_start_matches('/')),
        ..ServerUrl::default()
    });
    let environment = Environment::capture().expect("the working directory is there");
    open(&url, Access::Write, &environment).expect("the server is there")
}

fn schema(database: &mut dyn Database) -> Schema {
    database.introspect().expect("the schema can be read")
}

fn there_and_back(server: &Server, pair: &Pair) {
    let other = Server::new(Backend::Postgres).expect("the server is there");
    other.execute(pair.to);
    server.execute(pair.from);
    server.execute(pair.rows);
    let mut database = connect(server, None);
    let from = schema(&mut *database);
    let to = schema(&mut *connect(&other, None));
    let difference = Difference::between(from.clone(), to.clone(), Renames::default());
    run(&mut *database, &difference);
    assert_eq!(diff(&schema(&mut *database), &to), []);
    let (query, rows) = pair.kept;
    assert_eq!(server.lines(query), rows);
    run(&mut *database, &difference.reverse());
    assert_eq!(diff(&schema(&mut *database), &from), []);
}

fn run(database: &mut dyn Database, difference: &Difference) {
    let server = database.server().expect("the server tells its version");
    let script = ddl::write(server, difference, &Decisions::default()).expect("there is a way");
    assert!(script.transactional);
    let text = format!("BEGIN;\n{};\nCOMMIT", script.statements.join(";\n"));
    database
        .batch(&text)
        .unwrap_or_else(|error| panic!("{error} in:\n{text}"));
}

fn table<'a>(schema: &'a Schema, name: &Name) -> &'a Table {
    schema.table(name).expect("the table is there")
}

fn reads_oddities(server: &Server) {
    server.execute(
        "CREATE SCHEMA other;
        CREATE TABLE \"Order\" (\"Id\" serial PRIMARY KEY, \"select\" text COLLATE \"C\" DEFAULT 'it''s',
            n numeric(8,2) NOT NULL, g int GENERATED ALWAYS AS (\"Id\" * 2) STORED,
            CONSTRAINT \"a check\" CHECK (n > 0 AND n < 9), CONSTRAINT u UNIQUE (n) INCLUDE (g));
        CREATE TABLE other.child (id bigint GENERATED ALWAYS AS IDENTITY (START 7), o int,
            CONSTRAINT k FOREIGN KEY (o) REFERENCES \"Order\" ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
        ALTER TABLE other.child ADD CONSTRAINT later CHECK (o > 0) NOT VALID;
        CREATE INDEX i ON \"Order\" (lower(\"select\") text_pattern_ops, n DESC NULLS LAST) INCLUDE (g) WHERE n > 1;
        CREATE VIEW v AS SELECT n FROM \"Order\";
        CREATE TABLE __own (id int)",
    );
    let schema = schema(&mut *connect(server, None));
    assert_eq!(schema.namespaces, ["other"]);
    assert_eq!(schema.sequences, []);
    let order = table(&schema, &Name::new("Order"));
    let texts: Vec<String> = order
        .columns
        .iter()
        .map(|column| {
            let generated = column.generated.as_ref().map(|one| one.expression.clone());
            format!(
                "{} {} {:?} {:?} {:?}",
                column.name, column.sql_type, column.default, column.collation, generated
            )
        })
        .collect();
    assert_eq!(
        texts,
        [
            "Id integer None None None",
            "select text Some(\"'it''s'\") Some(\"\\\"C\\\"\") None",
            "n numeric(8,2) None None None",
            "g integer None None Some(\"\\\"Id\\\" * 2\")",
        ]
    );
    assert!(
        matches!(&order.columns[0].auto, Some(Auto::Serial(own)) if own.name == Name::new("Order_Id_seq"))
    );
    assert_eq!(
        order.checks[0].expression,
        "(n > (0)::numeric) AND (n < (9)::numeric)"
    );
    assert_eq!(order.uniques[0].include, ["g"]);
    let index = &order.indexes[0];
    assert_eq!(order.indexes.len(), 1);
    assert_eq!(index.predicate.as_deref(), Some("n > (1)::numeric"));
    assert_eq!(
        index.keys[0].part,
        KeyPart::Expression("lower(\"select\")".to_owned())
    );
    assert_eq!(index.keys[0].operators.as_deref(), Some("text_pattern_ops"));
    assert_eq!(
        (index.keys[1].descending, index.keys[1].nulls),
        (true, Some(Nulls::Last))
    );
    let child = table(&schema, &Name::within("other", "child"));
    let key = &child.foreign_keys[0];
    assert_eq!(key.parent, Name::new("Order"));
    assert_eq!(key.parent_columns, ["Id"]);
    assert_eq!(key.on_delete, Action::SetNull(Vec::new()));
    assert_eq!(key.deferral, Deferral::Deferred);
    assert!(child.checks[0].not_valid);
    assert!(
        matches!(&child.columns[0].auto, Some(Auto::Identity { always: true, sequence }) if sequence.start == 7)
    );
    assert_eq!(schema.views[0].reads, [Name::new("Order")]);
    assert_eq!(schema.table(&Name::new("__own")), None);
}

fn lists_unmanaged(server: &Server) {
    // What comes with every server, and brings types, functions and operators.
    server.execute(
        "CREATE EXTENSION IF NOT EXISTS citext;
        CREATE TYPE pair AS (a int, b int);
        CREATE TYPE span AS RANGE (subtype = float8);
        CREATE TABLE t (a int);
        ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        CREATE POLICY mine ON t USING (a > 0);
        CREATE RULE nothing AS ON DELETE TO t DO INSTEAD NOTHING",
    );
    let schema = schema(&mut *connect(server, None));
    assert_eq!(schema.extensions, ["citext"]);
    assert_eq!(schema.routines, []);
    let listed: Vec<String> = schema
        .unmanaged
        .iter()
        .map(|one| format!("{}: {}", one.kind, one.names[0]))
        .collect();
    assert_eq!(
        listed,
        [
            "composite types: pair",
            "policies: mine",
            "range types: span",
            "rules: nothing",
            "tables with row security: t",
        ]
    );
}

fn reads_without_rights(server: &Server) {
    server.execute(
        "CREATE SCHEMA hidden; CREATE TABLE hidden.t (id serial PRIMARY KEY);
        CREATE VIEW v AS SELECT id FROM hidden.t",
    );
    let user = server.user("reader", "secret");
    let mut reader = connect(server, Some((&user, "secret")));
    reader
        .batch("SET default_transaction_read_only = on; BEGIN")
        .expect("a transaction can be begun");
    let seen = schema(&mut *reader);
    assert_eq!(diff(&seen, &schema(&mut *connect(server, None))), []);
    assert!(reader.rows(&Query::new("SELECT 'still here'")).is_ok());
}
