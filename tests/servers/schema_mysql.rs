//! Schemas of MySQL and MariaDB: what is read, and where the SQL of a difference leads.

use diesel_manage::backend::{self, Access};
use diesel_manage::ddl;
use diesel_manage::schema::change::{Change, Decisions, Difference, RenamedColumn, Renames, diff};
use diesel_manage::schema::{Name, Schema};
use diesel_manage::settings::{Backend, DatabaseUrl, Environment, Secret, ServerUrl};
use diesel_manage::sql::Product;
use libtest_mimic::{Completion, Failed};

use crate::laws::ground::{Ground, Runner, text};
use crate::support::{Probe, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    for (name, way) in WAYS {
        let name = format!("schema_mysql::{name}");
        trials.deciding(Backend::Mysql, &name, move |_| there_and_back(way));
    }
    trials.on(
        &[Backend::Mysql],
        "schema_mysql::code_is_read_without_its_definer_and_database",
        code,
    );
    trials.on(
        &[Backend::Mysql],
        "schema_mysql::what_is_not_compared_is_told",
        unmanaged,
    );
    trials.on(
        &[Backend::Mysql],
        "schema_mysql::a_role_that_may_only_read_is_told_what_it_cannot_see",
        read_only,
    );
    trials.on(
        &[Backend::Mysql],
        "schema_mysql::the_number_of_queries_does_not_grow_with_the_tables",
        queries,
    );
}

/// From one schema to another and back, with rows.
struct Way {
    from: &'static str,
    rows: &'static str,
    to: &'static str,
    /// `table.old:new`, or `old:new` for a table.
    renames: &'static [&'static str],
    /// `table.column=expression`.
    fills: &'static [&'static str],
    casts: &'static [&'static str],
    /// `table.column.old=new`.
    values: &'static [&'static str],
    /// A query of texts, and its rows on the other side.
    check: (&'static str, &'static [&'static str]),
}

const NOTHING: Way = Way {
    from: "",
    rows: "",
    to: "",
    renames: &[],
    fills: &[],
    casts: &[],
    values: &[],
    check: ("", &[]),
};

const WAYS: &[(&str, &Way)] = &[
    (
        "the_index_of_a_numbered_key_keeps_its_name",
        &Way {
            from: "CREATE TABLE u (id INT NOT NULL PRIMARY KEY); \
                   CREATE TABLE p (id INT NOT NULL PRIMARY KEY, u_id INT, FOREIGN KEY (u_id) REFERENCES u (id))",
            rows: "INSERT INTO u VALUES (1); INSERT INTO p VALUES (1, 1)",
            to: "CREATE TABLE u (id BIGINT NOT NULL PRIMARY KEY); \
                 CREATE TABLE p (id INT NOT NULL PRIMARY KEY, u_id BIGINT, FOREIGN KEY (u_id) REFERENCES u (id))",
            check: ("SELECT CAST(u_id AS CHAR) FROM p", &["1"]),
            ..NOTHING
        },
    ),
    (
        "two_keys_share_an_index",
        &Way {
            from: "CREATE TABLE u (id INT NOT NULL PRIMARY KEY); \
                   CREATE TABLE p (id INT NOT NULL PRIMARY KEY, u_id INT, \
                     CONSTRAINT f2 FOREIGN KEY (u_id) REFERENCES u (id))",
            to: "CREATE TABLE u (id INT NOT NULL PRIMARY KEY); \
                 CREATE TABLE p (id INT NOT NULL PRIMARY KEY, u_id INT, \
                   CONSTRAINT f1 FOREIGN KEY (u_id) REFERENCES u (id), \
                   CONSTRAINT f2 FOREIGN KEY (u_id) REFERENCES u (id))",
            ..NOTHING
        },
    ),
    (
        "a_table_and_its_columns_change_names",
        &Way {
            from: "CREATE TABLE a (id INT NOT NULL PRIMARY KEY, up INT, x INT, y INT, CHECK (x > 0), \
                     FOREIGN KEY (up) REFERENCES a (id)); \
                   CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW SET @a = 1",
            rows: "INSERT INTO a VALUES (1, NULL, 2, 3), (2, 1, 4, 5)",
            to: "CREATE TABLE b (id INT NOT NULL PRIMARY KEY, parent INT, y INT, x INT, CHECK (y > 0), \
                   FOREIGN KEY (parent) REFERENCES b (id)); \
                 CREATE TRIGGER tr BEFORE INSERT ON b FOR EACH ROW SET @a = 1",
            renames: &["a:b", "b.up:parent", "b.x:y", "b.y:x"],
            check: (
                "SELECT CONCAT_WS(',', parent, y, x) FROM b ORDER BY id",
                &["2,3", "1,4,5"],
            ),
            ..NOTHING
        },
    ),
    (
        "a_new_column_gets_the_old_name_of_another",
        &Way {
            from: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a INT, last INT)",
            rows: "INSERT INTO t VALUES (1, 2, 3)",
            to: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, b INT, a VARCHAR(9), last INT)",
            renames: &["t.a:b"],
            check: ("SELECT CONCAT(b, last) FROM t WHERE a IS NULL", &["23"]),
            ..NOTHING
        },
    ),
    (
        "required_columns_are_filled_and_times_of_changes_stay",
        &Way {
            from: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, n INT, \
                     at DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)",
            rows: "INSERT INTO t VALUES (1, NULL, '2001-02-03 04:05:06'), (2, 7, '2001-02-03 04:05:06')",
            to: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, born DATE NOT NULL, n BIGINT NOT NULL, \
                   twice INT NOT NULL, name TEXT NOT NULL, j JSON NOT NULL, e ENUM('x', 'y') NOT NULL, \
                   at DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)",
            fills: &["t.n=id * 10", "t.twice=id * 2", "t.name='it''s'"],
            check: (
                "SELECT CONCAT_WS(',', born, n, twice, name, j, e, at) FROM t ORDER BY id",
                &[
                    "1970-01-01,10,2,it's,{},x,2001-02-03 04:05:06",
                    "1970-01-01,7,4,it's,{},x,2001-02-03 04:05:06",
                ],
            ),
            ..NOTHING
        },
    ),
    (
        "values_of_an_enum_are_renamed_and_removed",
        &Way {
            from: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, e ENUM('a', 'b', 'it''s') NOT NULL)",
            rows: "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'it''s')",
            to: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, e ENUM('c', 'a') NOT NULL DEFAULT 'c')",
            values: &["t.e.b=c", "t.e.it's=a"],
            check: ("SELECT e FROM t ORDER BY id", &["a", "c", "a"]),
            ..NOTHING
        },
    ),
    (
        "casts_keep_indexes_and_checks",
        &Way {
            from: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a VARCHAR(9) NOT NULL, b INT, \
                     KEY ix (a, b), UNIQUE KEY uq (a), CONSTRAINT ck CHECK (a <> ''))",
            rows: "INSERT INTO t VALUES (1, 'n12', 3)",
            to: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a INT NOT NULL, b INT, \
                   KEY ix (a, b), UNIQUE KEY uq (a), CONSTRAINT ck CHECK (a <> 0))",
            casts: &["t.a=SUBSTRING(a, 2)"],
            check: ("SELECT CAST(a + 1 AS CHAR) FROM t", &["13"]),
            ..NOTHING
        },
    ),
    (
        "computed_columns_become_ordinary_ones_and_back",
        &Way {
            from: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, w INT, d INT AS (w * 2) STORED, \
                     v INT AS (w + 1) VIRTUAL, KEY ix (d))",
            rows: "INSERT INTO t (id, w) VALUES (1, 4)",
            to: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, w INT, d INT, \
                   v INT AS (w + 2) STORED, KEY ix (d))",
            check: ("SELECT CONCAT(d, v) FROM t", &["86"]),
            ..NOTHING
        },
    ),
    (
        "collations_of_tables_and_columns",
        &Way {
            from: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a VARCHAR(9), \
                     b VARCHAR(9) COLLATE utf8mb4_bin, KEY ix (a)) COLLATE latin1_swedish_ci",
            rows: "INSERT INTO t VALUES (1, 'é', 'é')",
            to: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a VARCHAR(9), \
                   b VARCHAR(9) COLLATE latin1_bin, KEY ix (a)) COLLATE utf8mb4_unicode_ci COMMENT 'c'",
            check: ("SELECT CONCAT(a, b) FROM t", &["éé"]),
            ..NOTHING
        },
    ),
    (
        "views_that_read_each_other_and_triggers_in_their_order",
        &Way {
            from: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a INT, b INT); \
                   CREATE VIEW a_view AS SELECT id, a FROM t; \
                   CREATE VIEW gone AS SELECT id FROM a_view; \
                   CREATE TRIGGER z BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; \
                   CREATE TRIGGER y BEFORE INSERT ON t FOR EACH ROW SET NEW.b = NEW.a",
            to: "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a BIGINT, b INT); \
                 CREATE VIEW z_view AS SELECT id, a FROM t WHERE a > 0 WITH CASCADED CHECK OPTION; \
                 CREATE SQL SECURITY INVOKER VIEW a_view AS SELECT id FROM z_view; \
                 CREATE TRIGGER z BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2; \
                 CREATE TRIGGER y BEFORE INSERT ON t FOR EACH ROW SET NEW.b = NEW.a",
            check: (
                "SELECT table_name FROM information_schema.views \
                     WHERE table_schema = DATABASE() ORDER BY 1",
                &["a_view", "z_view"],
            ),
            ..NOTHING
        },
    ),
    (
        "routines_are_replaced",
        &Way {
            from: "CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN a + 1; \
                   CREATE PROCEDURE p(IN a INT, OUT b INT) SET b = a",
            to: "CREATE FUNCTION f(a INT, b VARCHAR(9)) RETURNS VARCHAR(20) DETERMINISTIC COMMENT 'it''s' \
                   RETURN CONCAT(a, b)",
            check: ("SELECT f(1, 'x')", &["1x"]),
            ..NOTHING
        },
    ),
];

fn there_and_back(way: &Way) -> Result<Completion, Failed> {
    let ground = || Ground::in_file(Backend::Mysql).map_err(|missing| Failed::from(missing.reason));
    let (mut current, mut desired) = (ground()?, ground()?);
    run(&current, way.from);
    run(&desired, way.to);
    let (from, to) = (current.introspect()?, desired.introspect()?);
    run(&current, way.rows);
    let server = current.product();
    let difference = Difference::between(from.clone(), to.clone(), way.renames());
    let decisions = way.decisions();
    let up = ddl::write(server, &difference, &decisions).map_err(|error| error.to_string())?;
    current.run(&up, Runner::Manage)?;
    same(&current.introspect()?, &to, &text(&up));
    if !way.check.0.is_empty() {
        let mut probe =
            Probe::open(Backend::Mysql, current.url()).map_err(|error| error.to_string())?;
        assert_eq!(probe.lines(way.check.0), way.check.1, "{}", text(&up));
    }
    let down = ddl::write(server, &difference.reverse(), &decisions.reverse());
    let down = down.map_err(|error| error.to_string())?;
    current.run(&down, Runner::Manage)?;
    let again = current.introspect()?;
    same(&again, &from, &text(&down));
    assert_eq!(columns(&again), columns(&from), "{}", text(&down));
    Ok(Completion::Completed)
}

fn run(ground: &Ground, statements: &str) {
    let mut probe = Probe::open(Backend::Mysql, ground.url()).expect("the server was there before");
    for statement in statements.split("; ").filter(|text| !text.is_empty()) {
        probe.execute(statement);
    }
}

#[track_caller]
fn same(one: &Schema, other: &Schema, script: &str) {
    let left: Vec<_> = diff(one, other).iter().map(Change::describe).collect();
    assert!(left.is_empty(), "{left:#?}\n{script}");
}

fn columns(schema: &Schema) -> Vec<Vec<&str>> {
    schema
        .tables
        .iter()
        .map(|table| table.columns.iter().map(|one| one.name.as_str()).collect())
        .collect()
}

impl Way {
    fn renames(&self) -> Renames {
        let mut renames = Renames::default();
        for text in self.renames {
            let (from, to) = text.split_once(':').expect("written so above");
            match from.split_once('.') {
                Some((table, from)) => renames.columns.push(RenamedColumn {
                    table: Name::new(table),
                    from: from.to_owned(),
                    to: to.to_owned(),
                }),
                None => renames.tables.push((Name::new(from), Name::new(to))),
            }
        }
        renames
    }

    fn decisions(&self) -> Decisions {
        let of = |list: &[&str]| {
            let one = |text: &&str| {
                let (place, expression) = text.split_once('=').expect("written so above");
                let (table, column) = place.split_once('.').expect("written so above");
                ((Name::new(table), column.to_owned()), expression.to_owned())
            };
            list.iter().map(one).collect()
        };
        let value = |text: &&str| {
            let (place, new) = text.split_once('=').expect("written so above");
            let (owner, old) = place.rsplit_once('.').expect("written so above");
            ((Name::parse(owner), old.to_owned()), new.to_owned())
        };
        Decisions {
            fills: of(self.fills),
            casts: of(self.casts),
            enum_values: self.values.iter().map(value).collect(),
        }
    }
}

/// Opens the database of a server, as somebody.
fn open(server: &Server, user: Option<(&str, &str)>) -> Box<dyn backend::Database> {
    let parts = server.parts();
    let (name, password) = match user {
        Some((name, password)) => (name.to_owned(), Some(password.to_owned())),
        None => (
            parts.username().to_owned(),
            parts.password().map(str::to_owned),
        ),
    };
    let url = DatabaseUrl::Mysql(ServerUrl {
        host: parts.host_str().map(str::to_owned),
        port: parts.port(),
        username: Some(name),
        password: password.map(Secret::new),
        database: Some(server.name().to_owned()),
        ..ServerUrl::default()
    });
    backend::open(&url, Access::Read, &Environment::default())
        .unwrap_or_else(|error| panic!("{error}"))
}

fn code(server: &Server) {
    let mut probe = server.probe();
    let name = server.name();
    for statement in [
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY)",
        &format!("CREATE VIEW v AS SELECT x.id, '{name}' AS n FROM {name}.t x"),
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a = 1; SET @b = 2; END",
        "CREATE PROCEDURE p(IN a DECIMAL(5,2)) SQL SECURITY INVOKER SELECT a",
    ] {
        probe.execute(statement);
    }
    let schema = open(server, None).introspect().expect("the schema is read");
    let table = schema.table(&Name::new("t")).expect("it was made");
    assert_eq!(
        table.triggers[0].definition,
        "CREATE TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW BEGIN SET @a = 1; SET @b = 2; END"
    );
    assert_eq!(
        schema.routines[0].definition,
        "CREATE PROCEDURE `p`(IN `a` decimal(5,2)) SQL SECURITY INVOKER\nSELECT a"
    );
    let view = &schema.views[0];
    assert_eq!(view.reads, [Name::new("t")]);
    assert_eq!(
        view.definition,
        format!("select `x`.`id` AS `id`,'{name}' AS `n` from `t` `x`")
    );
}

fn unmanaged(server: &Server) {
    let mut database = open(server, None);
    let mariadb = database
        .server()
        .expect("the server says what it is")
        .product
        == Product::Mariadb;
    let mut probe = server.probe();
    probe.execute("CREATE TABLE __own (id INT)");
    probe.execute("CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2");
    probe.execute("CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DISABLE DO SET @a = 1");
    let mut kinds = vec!["events: e", "partitions of tables: parts"];
    if mariadb {
        probe.execute("CREATE SEQUENCE s");
        probe.execute("CREATE TABLE versions (id INT) WITH SYSTEM VERSIONING");
        kinds.extend(["sequences: s", "system-versioned tables: versions"]);
    }
    let schema = database.introspect().expect("the schema is read");
    let told: Vec<_> = schema
        .unmanaged
        .iter()
        .map(|one| {
            let names: Vec<_> = one.names.iter().map(ToString::to_string).collect();
            format!("{}: {}", one.kind, names.join(", "))
        })
        .collect();
    assert_eq!(told, kinds);
    assert_eq!(schema.tables.len(), 1);
}

fn read_only(server: &Server) {
    let mut probe = server.probe();
    for statement in [
        "CREATE TABLE u (id INT NOT NULL PRIMARY KEY)",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY, u_id INT, \
         CONSTRAINT p_u FOREIGN KEY (u_id) REFERENCES u (id) ON DELETE CASCADE, KEY ix (u_id, id))",
        "CREATE VIEW v AS SELECT id FROM u",
    ] {
        probe.execute(statement);
    }
    let all = open(server, None).introspect().expect("the schema is read");
    let user = server.user("reader", "secret");
    for host in ["%", "localhost"] {
        let name = server.name();
        probe.execute(&format!("GRANT SELECT ON {name}.* TO '{user}'@'{host}'"));
    }
    let seen = open(server, Some((&user, "secret")))
        .introspect()
        .expect("the schema is read");
    assert!(
        seen.unmanaged
            .iter()
            .any(|one| one.kind == "views that this role may not see")
    );
    let bare = |schema: &Schema| {
        let mut tables = schema.tables.clone();
        for table in &mut tables {
            table.foreign_keys.clear();
        }
        tables
    };
    assert_eq!(bare(&seen), bare(&all));
}

/// The server counts the questions of a session; each one is prepared, executed and closed.
fn queries(server: &Server) {
    let asked = |database: &mut dyn backend::Database| {
        let query = backend::Query::new(
            "SELECT CAST(VARIABLE_VALUE AS CHAR) FROM information_schema.SESSION_STATUS \
             WHERE VARIABLE_NAME = 'Com_stmt_execute'",
        );
        let rows = database.rows(&query).ok()?;
        rows.first().and_then(|row| row.integer(0))
    };
    let mut counts = Vec::new();
    for number in [1, 30] {
        for table in 0..number {
            server.execute(&format!(
                "CREATE TABLE t{number}_{table} (id INT NOT NULL PRIMARY KEY, n INT, KEY (n), CHECK (n > 0))"
            ));
        }
        let mut database = open(server, None);
        let Some(before) = asked(&mut *database) else {
            // MySQL 8 has it elsewhere, and one server is enough to know.
            return;
        };
        database.introspect().expect("the schema is read");
        counts.push(asked(&mut *database).unwrap_or_default() - before);
    }
    assert_eq!(counts[0], counts[1]);
}
