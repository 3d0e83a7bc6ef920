//! Whole outputs, for MariaDB 10.11 and MySQL 8.0.

use crate::ddl::write;
use crate::ddl::{DdlError, Script};
use crate::schema::change::{Decisions, Difference, RenamedColumn, Renames};
use crate::schema::{
    Action, Auto, Check, Column, EnumType, ForeignKey, Generated, Index, IndexKey, Name,
    PrimaryKey, Schema, SqlType, Table, TableOptions, Trigger, View,
};
use crate::sql::{Product, Server};

const MARIADB: Server = Server {
    product: Product::Mariadb,
    version: (10, 11, 6),
};

const MYSQL: Server = Server {
    product: Product::Mysql,
    version: (8, 0, 36),
};

/// `id int*` is NOT NULL, `id int!` numbers itself, too.
fn column(text: &str) -> Column {
    let (name, sql_type) = text.split_once(' ').unwrap();
    Column {
        name: name.to_owned(),
        sql_type: SqlType::new(sql_type.trim_end_matches(['*', '!'])),
        nullable: !sql_type.ends_with(['*', '!']),
        auto: sql_type.ends_with('!').then_some(Auto::Increment),
        ..Column::default()
    }
}

/// A table whose first column is its key.
fn table(name: &str, columns: &[&str]) -> Table {
    let columns: Vec<_> = columns.iter().map(|text| column(text)).collect();
    Table {
        name: Name::new(name),
        primary_key: Some(PrimaryKey {
            columns: vec![columns[0].name.clone()],
            ..PrimaryKey::default()
        }),
        columns,
        ..Table::default()
    }
}

fn key(name: &str, column: &str, parent: &str) -> ForeignKey {
    ForeignKey {
        name: Some(name.to_owned()),
        columns: vec![column.to_owned()],
        parent: Name::new(parent),
        parent_columns: vec!["id".to_owned()],
        ..ForeignKey::default()
    }
}

fn index(name: &str, columns: &[&str]) -> Index {
    Index {
        name: name.to_owned(),
        keys: columns.iter().map(|name| IndexKey::column(*name)).collect(),
        ..Index::default()
    }
}

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    Schema {
        tables: tables.into_iter().collect(),
        ..Schema::default()
    }
}

fn renamed(server: Server, from: Schema, to: Schema, renames: Renames) -> String {
    let difference = Difference::between(from, to, renames);
    text(&write(server, &difference, &Decisions::default()).unwrap())
}

fn decided(server: Server, from: Schema, to: Schema, decisions: &Decisions) -> String {
    let difference = Difference::between(from, to, Renames::default());
    text(&write(server, &difference, decisions).unwrap())
}

fn plain(server: Server, from: Schema, to: Schema) -> String {
    renamed(server, from, to, Renames::default())
}

fn text(script: &Script) -> String {
    if script.statements.is_empty() {
        return String::new();
    }
    format!("{};\n", script.statements.join(";\n"))
}

#[test]
fn tables_are_made_parents_first_and_dropped_children_first() {
    let writers = Table {
        comment: Some("it's them".to_owned()),
        options: TableOptions {
            engine: Some("InnoDB".to_owned()),
            collation: Some("utf8mb4_bin".to_owned()),
            ..TableOptions::default()
        },
        ..table("writers", &["id int(10) unsigned!", "name varchar(40)*"])
    };
    let articles = Table {
        foreign_keys: vec![ForeignKey {
            on_delete: Action::Cascade,
            ..key("articles_writer", "writer_id", "writers")
        }],
        indexes: vec![Index {
            unique: true,
            ..index("title", &["title", "writer_id"])
        }],
        checks: vec![Check {
            name: Some("long".to_owned()),
            expression: "char_length(`title`) > 3".to_owned(),
            ..Check::default()
        }],
        ..table(
            "articles",
            &[
                "id bigint(20)*",
                "writer_id int(10) unsigned",
                "title varchar(20)",
            ],
        )
    };
    let to = schema([articles, writers]);
    assert_eq!(
        plain(MARIADB, Schema::default(), to.clone()),
        "CREATE TABLE `writers` (\n  \
           `id` int(10) unsigned NOT NULL AUTO_INCREMENT,\n  \
           `name` varchar(40) NOT NULL,\n  \
           PRIMARY KEY (`id`)\n\
         ) ENGINE=InnoDB DEFAULT COLLATE=utf8mb4_bin COMMENT='it''s them';\n\
         CREATE TABLE `articles` (\n  \
           `id` bigint(20) NOT NULL,\n  \
           `writer_id` int(10) unsigned,\n  \
           `title` varchar(20),\n  \
           PRIMARY KEY (`id`),\n  \
           UNIQUE KEY `title` (`title`, `writer_id`),\n  \
           CONSTRAINT `long` CHECK (char_length(`title`) > 3),\n  \
           CONSTRAINT `articles_writer` FOREIGN KEY (`writer_id`) REFERENCES `writers` (`id`) ON DELETE CASCADE\n\
         );\n"
    );
    assert_eq!(
        plain(MARIADB, to, Schema::default()),
        "DROP TABLE `articles`;\nDROP TABLE `writers`;\n"
    );
}

#[test]
fn tables_that_refer_to_each_other_get_a_key_afterwards_and_lose_one_before() {
    let a = Table {
        foreign_keys: vec![key("a_b", "b_id", "b")],
        ..table("a", &["id int*", "b_id int"])
    };
    let b = Table {
        foreign_keys: vec![key("b_a", "a_id", "a")],
        ..table("b", &["id int*", "a_id int"])
    };
    let to = schema([a, b]);
    assert_eq!(
        plain(MYSQL, Schema::default(), to.clone()),
        "CREATE TABLE `b` (\n  `id` int NOT NULL,\n  `a_id` int,\n  PRIMARY KEY (`id`)\n);\n\
         CREATE TABLE `a` (\n  `id` int NOT NULL,\n  `b_id` int,\n  PRIMARY KEY (`id`),\n  \
           CONSTRAINT `a_b` FOREIGN KEY (`b_id`) REFERENCES `b` (`id`)\n);\n\
         ALTER TABLE `b` ADD CONSTRAINT `b_a` FOREIGN KEY (`a_id`) REFERENCES `a` (`id`);\n"
    );
    assert_eq!(
        plain(MYSQL, to, Schema::default()),
        "ALTER TABLE `b` DROP FOREIGN KEY `b_a`;\nDROP TABLE `a`;\nDROP TABLE `b`;\n"
    );
}

#[test]
fn all_that_happens_to_a_table_is_one_statement() {
    let before = Table {
        indexes: vec![index("by_name", &["name"]), index("old", &["gone"])],
        ..table(
            "users",
            &["id int!", "gone int", "name varchar(20)", "age int"],
        )
    };
    let mut after = Table {
        indexes: vec![index("by_name", &["name", "age"]), index("new", &["age"])],
        comment: Some("people".to_owned()),
        ..table(
            "users",
            &[
                "id int!",
                "email varchar(50)*",
                "name varchar(40)*",
                "age bigint",
            ],
        )
    };
    after.columns[3].default = Some("uuid_short()".to_owned());
    after.columns[3].comment = Some("in years".to_owned());
    assert_eq!(
        plain(MYSQL, schema([before.clone()]), schema([after.clone()])),
        "ALTER TABLE `users`\n  \
           DROP INDEX `by_name`,\n  \
           DROP INDEX `old`,\n  \
           DROP COLUMN `gone`,\n  \
           ADD COLUMN `email` varchar(50) NOT NULL AFTER `id`,\n  \
           MODIFY COLUMN `name` varchar(40) NOT NULL,\n  \
           MODIFY COLUMN `age` bigint DEFAULT (uuid_short()) COMMENT 'in years',\n  \
           ADD KEY `by_name` (`name`, `age`),\n  \
           ADD KEY `new` (`age`),\n  \
           COMMENT='people';\n"
    );
    assert_eq!(
        plain(MYSQL, schema([after]), schema([before])),
        "ALTER TABLE `users`\n  \
           DROP INDEX `by_name`,\n  \
           DROP INDEX `new`,\n  \
           DROP COLUMN `email`,\n  \
           ADD COLUMN `gone` int AFTER `id`,\n  \
           MODIFY COLUMN `name` varchar(20),\n  \
           MODIFY COLUMN `age` int,\n  \
           ADD KEY `by_name` (`name`),\n  \
           ADD KEY `old` (`gone`),\n  \
           COMMENT='';\n"
    );
}

#[test]
fn a_key_is_away_while_both_its_ends_change() {
    let at = |id: &str, user: &str| {
        schema([
            Table {
                foreign_keys: vec![key("posts_user", "user_id", "users")],
                ..table("posts", &["id int*", user])
            },
            table("users", &[id]),
        ])
    };
    assert_eq!(
        plain(
            MYSQL,
            at("id int!", "user_id int*"),
            at("id bigint!", "user_id bigint*")
        ),
        "ALTER TABLE `posts` DROP FOREIGN KEY `posts_user`;\n\
         ALTER TABLE `posts` MODIFY COLUMN `user_id` bigint NOT NULL;\n\
         ALTER TABLE `users` MODIFY COLUMN `id` bigint NOT NULL AUTO_INCREMENT;\n\
         ALTER TABLE `posts` ADD CONSTRAINT `posts_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`);\n"
    );
}

#[test]
fn a_name_that_another_table_gets_is_free_before() {
    let with = |name: &str| Table {
        foreign_keys: vec![key("up", "n", name)],
        checks: vec![Check {
            name: Some("positive".to_owned()),
            expression: "`n` > 0".to_owned(),
            ..Check::default()
        }],
        ..table(name, &["id int*", "n int"])
    };
    assert_eq!(
        plain(MYSQL, schema([with("a")]), schema([with("b")])),
        "ALTER TABLE `a` DROP CHECK `positive`;\n\
         ALTER TABLE `a` DROP FOREIGN KEY `up`;\n\
         CREATE TABLE `b` (\n  `id` int NOT NULL,\n  `n` int,\n  PRIMARY KEY (`id`),\n  \
           CONSTRAINT `positive` CHECK (`n` > 0),\n  \
           CONSTRAINT `up` FOREIGN KEY (`n`) REFERENCES `b` (`id`)\n);\n\
         DROP TABLE `a`;\n"
    );
}

#[test]
fn the_index_that_a_key_needs_is_replaced_in_one_statement() {
    let users = table("users", &["id int*"]);
    let with = |indexes: Vec<Index>| {
        let posts = Table {
            foreign_keys: vec![key("posts_user", "user_id", "users")],
            indexes,
            ..table("posts", &["id int*", "user_id int", "n int"])
        };
        schema([posts, users.clone()])
    };
    // What the server made by itself is named, as it is there.
    assert_eq!(
        plain(
            MARIADB,
            with(Vec::new()),
            with(vec![index("both", &["user_id", "n"])])
        ),
        "ALTER TABLE `posts`\n  DROP INDEX `posts_user`,\n  ADD KEY `both` (`user_id`, `n`);\n"
    );
    assert_eq!(
        plain(
            MARIADB,
            with(vec![index("both", &["user_id", "n"])]),
            with(Vec::new())
        ),
        "ALTER TABLE `posts`\n  DROP INDEX `both`,\n  ADD KEY `posts_user` (`user_id`);\n"
    );
    // It goes with the key.
    let without = schema([table("posts", &["id int*", "n int"]), users.clone()]);
    assert_eq!(
        plain(MARIADB, with(Vec::new()), without),
        "ALTER TABLE `posts`\n  DROP FOREIGN KEY `posts_user`,\n  DROP INDEX `posts_user`,\n  \
           DROP COLUMN `user_id`;\n"
    );
}

#[test]
fn new_required_columns_are_filled() {
    let before = Table {
        columns: vec![
            column("id int*"),
            Column {
                on_update: Some("current_timestamp()".to_owned()),
                ..column("changed timestamp*")
            },
        ],
        ..table("t", &["id int*"])
    };
    let mut after = before.clone();
    after.columns.extend([
        column("born date*"),
        column("kind enum('a','b')*"),
        column("name text*"),
        column("twice int*"),
    ]);
    let mut decisions = Decisions::default();
    let mut fill = |name: &str, value: &str| {
        let place = (Name::new("t"), name.to_owned());
        decisions.fills.insert(place, value.to_owned());
    };
    fill("name", "'nobody'");
    fill("twice", "`id` * 2");
    assert_eq!(
        decided(MYSQL, schema([before]), schema([after]), &decisions),
        "ALTER TABLE `t` ADD COLUMN `twice` int;\n\
         UPDATE `t` SET `twice` = `id` * 2, `changed` = `changed`;\n\
         ALTER TABLE `t`\n  \
           ADD COLUMN `born` date NOT NULL DEFAULT '1970-01-01' AFTER `changed`,\n  \
           ADD COLUMN `kind` enum('a','b') NOT NULL AFTER `born`,\n  \
           ADD COLUMN `name` text NOT NULL DEFAULT ('nobody') AFTER `kind`,\n  \
           MODIFY COLUMN `twice` int NOT NULL;\n\
         ALTER TABLE `t`\n  \
           ALTER COLUMN `born` DROP DEFAULT,\n  \
           ALTER COLUMN `name` DROP DEFAULT;\n"
    );
}

#[test]
fn null_is_replaced_only_by_what_was_decided() {
    let before = schema([table("t", &["id int*", "n int"])]);
    let after = schema([table("t", &["id int*", "n int*"])]);
    assert_eq!(
        plain(MYSQL, before.clone(), after.clone()),
        "ALTER TABLE `t` MODIFY COLUMN `n` int NOT NULL;\n"
    );
    let mut decisions = Decisions::default();
    let place = (Name::new("t"), "n".to_owned());
    decisions.fills.insert(place, "7".to_owned());
    assert_eq!(
        decided(MYSQL, before, after, &decisions),
        "UPDATE `t` SET `n` = 7 WHERE `n` IS NULL;\n\
         ALTER TABLE `t` MODIFY COLUMN `n` int NOT NULL;\n"
    );
}

#[test]
fn a_renamed_enum_value_is_there_beside_the_old_one_for_a_moment() {
    let before = schema([table("t", &["id int*", "mood enum('happy','it''s')*"])]);
    let after = schema([table("t", &["id int*", "mood enum('ok','it''s')*"])]);
    let mut decisions = Decisions::default();
    let happy = (Name::within("t", "mood"), "happy".to_owned());
    decisions.enum_values.insert(happy, "ok".to_owned());
    assert_eq!(
        decided(MARIADB, before.clone(), after.clone(), &decisions),
        "ALTER TABLE `t` MODIFY COLUMN `mood` enum('happy','it''s','ok') NOT NULL;\n\
         UPDATE `t` SET `mood` = 'ok' WHERE `mood` = 'happy';\n\
         ALTER TABLE `t` MODIFY COLUMN `mood` enum('ok','it''s') NOT NULL;\n"
    );
    assert_eq!(
        decided(MARIADB, after, before, &decisions.reverse()),
        "ALTER TABLE `t` MODIFY COLUMN `mood` enum('ok','it''s','happy') NOT NULL;\n\
         UPDATE `t` SET `mood` = 'happy' WHERE `mood` = 'ok';\n\
         ALTER TABLE `t` MODIFY COLUMN `mood` enum('happy','it''s') NOT NULL;\n"
    );
}

#[test]
fn a_cast_goes_through_a_column_of_its_own() {
    let of = |columns: &[&str]| Table {
        indexes: vec![index("by_n", &["n"])],
        ..table("t", columns)
    };
    let before = schema([of(&["id int*", "n varchar(9)*", "last int"])]);
    let after = schema([of(&["id int*", "n int*", "last int"])]);
    let mut decisions = Decisions::default();
    let place = (Name::new("t"), "n".to_owned());
    decisions.casts.insert(place, "length(`n`)".to_owned());
    assert_eq!(
        decided(MYSQL, before, after, &decisions),
        "ALTER TABLE `t` ADD COLUMN `n__new` int AFTER `id`;\n\
         UPDATE `t` SET `n__new` = length(`n`);\n\
         ALTER TABLE `t`\n  \
           DROP INDEX `by_n`,\n  \
           DROP COLUMN `n`,\n  \
           CHANGE COLUMN `n__new` `n` int NOT NULL,\n  \
           ADD KEY `by_n` (`n`);\n"
    );
}

#[test]
fn names_change_first_and_what_follows_them_is_no_change() {
    let before = Table {
        foreign_keys: vec![key("old_ibfk_1", "up", "old")],
        checks: vec![Check {
            name: Some("positive".to_owned()),
            expression: "`a` > 0".to_owned(),
            ..Check::default()
        }],
        triggers: vec![Trigger {
            name: "tr".to_owned(),
            definition: "CREATE TRIGGER `tr` BEFORE INSERT ON `old` FOR EACH ROW set @a = 1"
                .to_owned(),
            comment: None,
        }],
        ..table("old", &["id int*", "up int", "a int"])
    };
    let after = Table {
        foreign_keys: vec![key("new_ibfk_1", "up", "new")],
        checks: vec![Check {
            name: Some("positive".to_owned()),
            expression: "`b` > 0".to_owned(),
            ..Check::default()
        }],
        triggers: vec![Trigger {
            name: "tr".to_owned(),
            definition: "CREATE TRIGGER `tr` BEFORE INSERT ON `new` FOR EACH ROW set @a = 1"
                .to_owned(),
            comment: None,
        }],
        ..table("new", &["id int*", "up int", "b int"])
    };
    let renames = Renames {
        tables: vec![(Name::new("old"), Name::new("new"))],
        columns: vec![RenamedColumn {
            table: Name::new("new"),
            from: "a".to_owned(),
            to: "b".to_owned(),
        }],
    };
    let (from, to) = (schema([before]), schema([after]));
    assert_eq!(
        renamed(MARIADB, from.clone(), to.clone(), renames.clone()),
        "RENAME TABLE `old` TO `new`;\nALTER TABLE `new` RENAME COLUMN `a` TO `b`;\n"
    );
    assert_eq!(
        renamed(MYSQL, from.clone(), to.clone(), renames.clone()),
        "RENAME TABLE `old` TO `new`;\n\
         ALTER TABLE `new`\n  \
           DROP CHECK `positive`,\n  \
           RENAME COLUMN `a` TO `b`,\n  \
           ADD CONSTRAINT `positive` CHECK (`b` > 0);\n"
    );
    let older = Server {
        version: (10, 4, 0),
        ..MARIADB
    };
    assert_eq!(
        renamed(older, from, to, renames),
        "RENAME TABLE `old` TO `new`;\nALTER TABLE `new` CHANGE COLUMN `a` `b` int;\n"
    );
}

#[test]
fn tables_may_change_names_with_each_other() {
    let a = table("a", &["id int*", "x int"]);
    let b = table("b", &["id int*", "y int"]);
    let renames = Renames {
        tables: vec![
            (Name::new("a"), Name::new("b")),
            (Name::new("b"), Name::new("a")),
        ],
        columns: Vec::new(),
    };
    let swapped = schema([
        table("a", &["id int*", "y int"]),
        table("b", &["id int*", "x int"]),
    ]);
    assert_eq!(
        renamed(MYSQL, schema([a, b]), swapped, renames),
        "RENAME TABLE `a` TO `a__old`, `b` TO `a`, `a__old` TO `b`;\n"
    );
}

#[test]
fn what_has_a_name_that_another_gets_steps_aside_and_is_dropped_last() {
    let renames = Renames {
        tables: vec![(Name::new("a"), Name::new("b"))],
        columns: vec![RenamedColumn {
            table: Name::new("b"),
            from: "x".to_owned(),
            to: "y".to_owned(),
        }],
    };
    let from = schema([
        table("a", &["id int*", "x int", "y date"]),
        table("b", &["id int*"]),
    ]);
    let to = schema([table("b", &["id int*", "y int"])]);
    assert_eq!(
        renamed(MYSQL, from, to, renames),
        "RENAME TABLE `b` TO `b__old`, `a` TO `b`;\n\
         ALTER TABLE `b`\n  \
           RENAME COLUMN `x` TO `y`,\n  \
           RENAME COLUMN `y` TO `y__old`;\n\
         ALTER TABLE `b` DROP COLUMN `y__old`;\n\
         DROP TABLE `b__old`;\n"
    );
}

#[test]
fn a_check_of_a_column_is_a_part_of_it_on_mariadb() {
    let with = |expression: &str| {
        schema([Table {
            checks: vec![Check {
                name: Some("n".to_owned()),
                expression: expression.to_owned(),
                ..Check::default()
            }],
            ..table("t", &["id int*", "n int*"])
        }])
    };
    assert_eq!(
        plain(MARIADB, with("`n` > 0"), with("`n` > 1")),
        "ALTER TABLE `t`\n  \
           DROP CONSTRAINT IF EXISTS `n`,\n  \
           MODIFY COLUMN `n` int NOT NULL CHECK (`n` > 1);\n"
    );
    assert_eq!(
        plain(MYSQL, with("`n` > 0"), with("`n` > 1")),
        "ALTER TABLE `t`\n  DROP CHECK `n`,\n  ADD CONSTRAINT `n` CHECK (`n` > 1);\n"
    );
}

#[test]
fn a_computed_column_is_made_anew_and_an_ordinary_one_keeps_its_values() {
    let with = |expression: Option<&str>| {
        let mut table = table("t", &["id int*", "n int", "last int"]);
        table.columns[1].generated = expression.map(|expression| Generated {
            expression: expression.to_owned(),
            stored: true,
        });
        schema([table])
    };
    assert_eq!(
        plain(MARIADB, with(Some("`id` * 2")), with(Some("`id` * 3"))),
        "ALTER TABLE `t`\n  \
           DROP COLUMN `n`,\n  \
           ADD COLUMN `n` int GENERATED ALWAYS AS (`id` * 3) STORED AFTER `id`;\n"
    );
    assert_eq!(
        plain(MARIADB, with(Some("`id` * 2")), with(None)),
        "ALTER TABLE `t` ADD COLUMN `n__new` int AFTER `id`;\n\
         UPDATE `t` SET `n__new` = `n`;\n\
         ALTER TABLE `t`\n  DROP COLUMN `n`,\n  CHANGE COLUMN `n__new` `n` int;\n"
    );
}

#[test]
fn another_collation_of_the_table_is_one_of_its_columns_too() {
    let with = |collation: &str| {
        schema([Table {
            options: TableOptions {
                collation: Some(collation.to_owned()),
                ..TableOptions::default()
            },
            ..table("t", &["id int*", "name varchar(9)*", "n int"])
        }])
    };
    assert_eq!(
        plain(MYSQL, with("latin1_bin"), with("utf8mb4_bin")),
        "ALTER TABLE `t`\n  \
           MODIFY COLUMN `name` varchar(9) COLLATE utf8mb4_bin NOT NULL,\n  \
           DEFAULT COLLATE=utf8mb4_bin;\n"
    );
}

#[test]
fn code_goes_first_and_comes_last_in_the_order_it_needs() {
    let view = |name: &str, reads: &str, definition: &str| View {
        name: Name::new(name),
        definition: definition.to_owned(),
        reads: vec![Name::new(reads)],
        ..View::default()
    };
    let from = Schema {
        views: vec![
            view("a", "t", "select 1 AS `one`"),
            view("gone", "t", "select 2 AS `two`"),
        ],
        ..schema([table("t", &["id int*"])])
    };
    let to = Schema {
        views: vec![
            view("a", "b", "select `b`.`id` AS `id` from `b`"),
            view("b", "t", "select `t`.`id` AS `id` from `t`"),
        ],
        ..schema([table("t", &["id int*", "n int"])])
    };
    assert_eq!(
        plain(MARIADB, from, to),
        "DROP VIEW `gone`;\n\
         ALTER TABLE `t` ADD COLUMN `n` int;\n\
         CREATE VIEW `b` AS select `t`.`id` AS `id` from `t`;\n\
         CREATE OR REPLACE VIEW `a` AS select `b`.`id` AS `id` from `b`;\n"
    );
}

#[test]
fn what_these_servers_do_not_have_is_refused() {
    let to = Schema {
        enums: vec![EnumType {
            name: Name::new("mood"),
            ..EnumType::default()
        }],
        ..Schema::default()
    };
    let difference = Difference::between(Schema::default(), to, Renames::default());
    assert_eq!(
        write(MYSQL, &difference, &Decisions::default()),
        Err(DdlError::NoWay {
            what: "enum mood ()".to_owned(),
            hint: "this kind of server has no such thing".to_owned(),
        })
    );
}
