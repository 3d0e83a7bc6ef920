//! Schemas from nothing.

use diesel_manage::schema::{
    Auto, Check, Column, Domain, EnumType, Name, PrimaryKey, Sequence, SqlType, Table, TableOptions,
};
use diesel_manage::sql::{Product, Server};

use super::draft::Draft;
use super::random::Random;
use super::types::{Kind, defaults, is_key, kind, types};

const TABLES: &[&str] = &[
    "users",
    "posts",
    "order",
    "Mixed Case",
    "straße",
    "group",
    "t",
    "items",
    "select",
    "we\"ird`",
    "users_2",
];

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "order",
    "Full Name",
    "größe",
    "key",
    "value",
    "parent_id",
    "a",
    "b",
    "c",
    "Age",
    "from",
    "q\"uo`te",
    "it's",
];

const COMMENTS: &[&str] = &["a comment", "it's; -- 'quoted'", "größer\nas it was"];

/// Adds to a draft.
pub(crate) struct Maker<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) draft: Draft,
    number: usize,
}

impl<'a> Maker<'a> {
    pub(crate) fn new(random: &'a mut Random, server: Server) -> Self {
        Self {
            random,
            draft: Draft::new(server),
            number: 0,
        }
    }

    /// Goes on with a draft; what is new has numbers of its own.
    pub(crate) fn with(random: &'a mut Random, draft: Draft) -> Self {
        Self {
            random,
            draft,
            number: 100,
        }
    }

    pub(super) fn server(&self) -> Server {
        self.draft.server
    }

    pub(super) fn is(&self, product: Product) -> bool {
        self.draft.product() == product
    }

    pub(super) fn numbered(&mut self, prefix: &str) -> String {
        self.number += 1;
        format!("{prefix}_{}", self.number)
    }

    /// A whole schema.
    pub(crate) fn all(&mut self) {
        if self.is(Product::Postgres) {
            if self.random.chance(20) {
                self.draft.schema.namespaces.push("Other ns".to_owned());
            }
            for name in ["mood", "Größe"] {
                if self.random.chance(30) {
                    self.enum_type(name);
                }
            }
            if self.random.chance(25) {
                self.domain();
            }
            if self.random.chance(20) {
                self.sequence();
            }
        }
        for _ in 0..self.random.below(5) {
            self.table();
        }
        for _ in 0..self.random.below(5) {
            self.foreign_key();
        }
        for _ in 0..2 {
            if self.random.chance(25) {
                self.view();
            }
        }
        if self.random.chance(25) {
            self.trigger();
        }
    }

    pub(crate) fn comment(&mut self, percent: usize) -> Option<String> {
        if self.is(Product::Sqlite) || !self.random.chance(percent) {
            return None;
        }
        Some((*self.random.pick(COMMENTS)).to_owned())
    }

    fn enum_type(&mut self, name: &str) {
        let mut values: Vec<String> = ["one", "two", "three"].map(str::to_owned).to_vec();
        if self.random.chance(50) {
            values.push("it's".to_owned());
        }
        let comment = self.comment(20);
        self.draft.schema.enums.push(EnumType {
            name: Name::new(name),
            values,
            comment,
        });
    }

    fn domain(&mut self) {
        let check = Check {
            name: Some("positive_check".to_owned()),
            expression: "VALUE > 0".to_owned(),
            ..Check::default()
        };
        self.draft.schema.domains.push(Domain {
            name: Name::new("positive"),
            base: SqlType::new("integer"),
            nullable: true,
            checks: vec![check],
            ..Domain::default()
        });
    }

    pub(crate) fn sequence(&mut self) {
        let name = self.numbered("numbers");
        self.draft.schema.sequences.push(Sequence {
            name: Name::new(name),
            sql_type: SqlType::new("bigint"),
            start: 5,
            increment: 2,
            minimum: 1,
            maximum: 100_000,
            cache: 1,
            cycle: self.random.chance(50),
        });
    }

    /// A name for a table that nothing has.
    pub(crate) fn table_name(&mut self) -> Name {
        let mut name = (*self.random.pick(TABLES)).to_owned();
        while self.draft.is_taken(&name) {
            name = self.numbered(&name);
        }
        let namespaces = self.draft.schema.namespaces.clone();
        match self.random.any(&namespaces) {
            Some(namespace) if self.random.chance(40) => Name::within(namespace.clone(), name),
            Some(_) | None => Name::new(name),
        }
    }

    /// A name for a column that the table does not have.
    pub(crate) fn column_name(&mut self, table: &Table) -> String {
        let taken = |name: &str| {
            let lower = name.to_lowercase();
            table
                .columns
                .iter()
                .any(|one| one.name.to_lowercase() == lower)
        };
        let mut name = (*self.random.pick(COLUMNS)).to_owned();
        while taken(&name) {
            name = self.numbered("col");
        }
        name
    }

    /// A table of its own.
    pub(crate) fn table(&mut self) {
        let name = self.table_name();
        let mut table = Table {
            name: name.clone(),
            options: self.options(),
            ..Table::default()
        };
        for _ in 0..=self.random.below(5) {
            let column = self.column(&table);
            table.columns.push(column);
        }
        if self.random.chance(90) {
            self.primary_key(&mut table);
        }
        table.comment = self.comment(15);
        self.draft.schema.tables.push(table);
        self.draft.schema.sort();
        for _ in 0..self.random.below(2) {
            self.unique(&name);
        }
        if self.random.chance(30) {
            self.check(&name);
        }
        if self.random.chance(20) {
            self.generated(&name);
        }
        for _ in 0..self.random.below(3) {
            self.index(&name);
        }
    }

    fn options(&mut self) -> TableOptions {
        let mut options = TableOptions::default();
        match self.draft.product() {
            Product::Sqlite => options.strict = self.random.chance(15),
            Product::Postgres => options.unlogged = self.random.chance(5),
            Product::Mysql | Product::Mariadb => {
                if self.random.chance(15) {
                    options.collation = Some("utf8mb4_bin".to_owned());
                }
            }
        }
        options
    }

    /// A column without anything that depends on others.
    pub(crate) fn column(&mut self, table: &Table) -> Column {
        let name = self.column_name(table);
        let mut sql = self
            .random
            .pick(types(self.server(), table.options.strict))
            .sql;
        let enums: Vec<String> = self
            .draft
            .schema
            .enums
            .iter()
            .map(|one| one.name.name.clone())
            .collect();
        let own = self.random.any(&enums).cloned();
        let mut sql_type = SqlType::new(sql);
        if let Some(own) = own
            && self.random.chance(25)
        {
            sql_type = SqlType::new(self.draft.quote(&own));
            if own == "mood" {
                sql_type = SqlType::new(own);
            }
        } else if !self.draft.schema.domains.is_empty() && self.random.chance(25) {
            sql = "positive";
            sql_type = SqlType::new(sql);
        }
        let nullable = self.random.chance(50);
        let mut column = Column {
            name,
            nullable,
            sql_type,
            comment: self.comment(10),
            ..Column::default()
        };
        if self.random.chance(30) {
            column.default = self.default(&column);
        }
        if kind(column.sql_type.as_str()) == Kind::Text && self.random.chance(10) {
            column.collation = match self.draft.product() {
                Product::Sqlite if sql != "ANY" => Some("NOCASE".to_owned()),
                Product::Sqlite => None,
                Product::Postgres => Some("\"C\"".to_owned()),
                Product::Mysql | Product::Mariadb => Some("latin1_swedish_ci".to_owned()),
            };
        }
        if self.draft.is_mysql() && sql == "timestamp" {
            // The server has defaults of its own for these.
            column.nullable = true;
            if self.random.chance(40) {
                column.default = Some("CURRENT_TIMESTAMP".to_owned());
                column.on_update = Some("CURRENT_TIMESTAMP".to_owned());
            }
        }
        column
    }

    /// Something that the column may get by itself.
    pub(crate) fn default(&mut self, column: &Column) -> Option<String> {
        let sql = column.sql_type.as_str();
        let mut list = defaults(self.server(), sql);
        if let Some(own) = self.draft.schema.sequences.first()
            && kind(sql) == Kind::Int
            && sql == "bigint"
        {
            list.push(format!("nextval('{}'::regclass)", own.name));
        }
        self.random.any(&list).cloned()
    }

    /// The columns that may be in a key.
    pub(super) fn keys(&self, table: &Table) -> Vec<String> {
        let fits = |column: &&Column| {
            column.generated.is_none()
                && is_key(self.server(), column.sql_type.as_str())
                && column.collation.is_none()
        };
        table
            .columns
            .iter()
            .filter(fits)
            .map(|column| column.name.clone())
            .collect()
    }

    pub(crate) fn primary_key(&mut self, table: &mut Table) {
        let keys = self.keys(table);
        let columns = if keys.is_empty() || self.random.chance(50) {
            let sql = match self.draft.product() {
                Product::Sqlite => "INTEGER",
                Product::Postgres => *self.random.pick(&["integer", "bigint"]),
                Product::Mysql | Product::Mariadb => {
                    *self.random.pick(&["int(11)", "bigint(20) unsigned"])
                }
            };
            let mut column = Column {
                name: self.column_name(table),
                sql_type: SqlType::new(sql),
                ..Column::default()
            };
            if self.random.chance(50) {
                column.auto = Some(self.auto(&table.name, &column));
            }
            table.columns.insert(0, column);
            vec![table.columns[0].name.clone()]
        } else {
            self.random.some(&keys, 2)
        };
        let sqlite = self.is(Product::Sqlite);
        // SQLite takes NULL in a primary key unless it is the row's number, or the table is strict.
        let is_number = columns.len() == 1
            && table
                .column(&columns[0])
                .is_some_and(|one| one.sql_type.as_str() == "INTEGER");
        let never_null = !sqlite || is_number || table.options.strict;
        for column in &mut table.columns {
            if columns.contains(&column.name) && (never_null || self.random.chance(70)) {
                column.nullable = false;
            }
        }
        if sqlite
            && self.random.chance(20)
            && table.columns.iter().all(|column| column.auto.is_none())
        {
            table.options.without_rowid = true;
            for column in &mut table.columns {
                column.nullable &= !columns.contains(&column.name);
            }
        }
        let name = if self.is(Product::Postgres) {
            Some(if self.random.chance(70) {
                format!("{}_pkey", table.name.name)
            } else {
                self.numbered("Key of")
            })
        } else {
            None
        };
        // One of the two would be no constraint of its own on SQLite.
        table.uniques.retain(|unique| unique.columns != columns);
        table.primary_key = Some(PrimaryKey {
            name,
            columns,
            ..PrimaryKey::default()
        });
    }

    fn auto(&mut self, table: &Name, column: &Column) -> Auto {
        if !self.is(Product::Postgres) {
            return Auto::Increment;
        }
        let sequence = Sequence {
            name: table.sibling(format!("{}_{}_seq", table.name, column.name)),
            sql_type: column.sql_type.clone(),
            start: 1,
            increment: 1,
            minimum: 1,
            maximum: if column.sql_type.as_str() == "integer" {
                i64::from(i32::MAX)
            } else {
                i64::MAX
            },
            cache: 1,
            cycle: false,
        };
        if self.random.chance(50) {
            Auto::Serial(sequence)
        } else {
            Auto::Identity {
                always: self.random.chance(50),
                sequence,
            }
        }
    }
}
