//! Every type of Diesel becomes a column that the server accepts, prints as it was written, and that
//! `diesel` would call by the same name again.

use diesel_manage::ddl;
use diesel_manage::models::{self, Numbering, OverlayOptions};
use diesel_manage::schema::Schema;
use diesel_manage::schema::change::{Change, Decisions, Difference, Renames, diff};
use diesel_manage::settings::Backend;

use crate::laws::ground::{Ground, Runner, text};
use crate::support::Server;
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("every_type_of_diesel_makes_a_column_of_that_type", every);
}

const EVERYWHERE: &[&str] = &[
    "SmallInt",
    "Smallint",
    "Int2",
    "Integer",
    "Int4",
    "BigInt",
    "Bigint",
    "Int8",
    "Float",
    "Float4",
    "Double",
    "Float8",
    "Numeric",
    "Decimal",
    "Bool",
    "Text",
    "Varchar",
    "VarChar",
    "Char",
    "Binary",
    "Date",
    "Time",
    "Timestamp",
    "Blob",
    "Varbinary",
    "Tinytext",
    "Mediumtext",
    "Longtext",
    "Tinyblob",
    "Mediumblob",
    "Longblob",
    "Bit",
];

const SQLITE: &[&str] = &["TimestamptzSqlite", "Json", "Jsonb"];

const POSTGRES: &[&str] = &[
    "Bpchar",
    "Bytea",
    "CChar",
    "Timestamptz",
    "Interval",
    "Json",
    "Jsonb",
    "Uuid",
    "Inet",
    "Cidr",
    "MacAddr",
    "Macaddr",
    "MacAddr8",
    "Macaddr8",
    "Money",
    "Oid",
    "PgLsn",
    "SmallSerial",
    "Serial",
    "BigSerial",
    "Range<Int4>",
    "Range<Int8>",
    "Range<Numeric>",
    "Range<Date>",
    "Range<Timestamp>",
    "Range<Timestamptz>",
    "Int4range",
    "Int8range",
    "Numrange",
    "Daterange",
    "Tsrange",
    "Tstzrange",
    "Multirange<Int4>",
    "Multirange<Int8>",
    "Multirange<Numeric>",
    "Multirange<Date>",
    "Multirange<Timestamp>",
    "Multirange<Timestamptz>",
    "Int4multirange",
    "Int8multirange",
    "Nummultirange",
    "Datemultirange",
    "Tsmultirange",
    "Tstzmultirange",
    "Array<Nullable<Text>>",
    "Array<Int4>",
    "Array<Array<Float8>>",
    "Array<Nullable<Timestamptz>>",
];

const MYSQL: &[&str] = &[
    "TinyInt",
    "Tinyint",
    "Datetime",
    "Json",
    "Unsigned<TinyInt>",
    "Unsigned<SmallInt>",
    "Unsigned<Integer>",
    "Unsigned<BigInt>",
    "Unsigned<Bigint>",
    "Unsigned<Float>",
    "Unsigned<Double>",
    "Unsigned<Numeric>",
];

fn models_of(backend: Backend) -> String {
    let own = match backend {
        Backend::Sqlite => SQLITE,
        Backend::Postgres => POSTGRES,
        Backend::Mysql => MYSQL,
    };
    let columns: Vec<String> = EVERYWHERE
        .iter()
        .chain(own)
        .enumerate()
        .map(|(number, one)| {
            let both = format!("required_{number} -> {one}, optional_{number} -> Nullable<{one}>,");
            let has_length = ["Text", "Varchar", "Char", "Binary", "Bpchar", "Varbinary"];
            if has_length.contains(one) {
                format!("{both} #[max_length = 17] sized_{number} -> {one},")
            } else {
                both
            }
        })
        .collect();
    let columns = columns.concat();
    format!("table! {{ many (key, other) {{ key -> Text, other -> Binary, {columns} }} }}")
}

fn every(server: &Server) {
    let mut ground = Ground::in_file(server.backend()).expect("the server is there");
    let text_of_models = models_of(server.backend());
    let models = models::parse(&[("schema.rs", &text_of_models)]).expect("it is right");
    let mut options = OverlayOptions::new(ground.product());
    options.numbering = Numbering::None;
    let before = ground.introspect().expect("it is read");
    if server.backend() == Backend::Mysql {
        let rows = ground.rows("SELECT @@default_storage_engine, @@collation_database");
        let rows = rows.expect("it says so");
        options.table_options.engine.clone_from(&rows[0][0]);
        options.table_options.collation.clone_from(&rows[0][1]);
    }
    let lay = |schema: &Schema| {
        let laid = models::overlay(schema, &models, &options).expect("every type is known");
        assert!(laid.remarks.is_empty());
        laid.schema
    };
    let wanted = lay(&before);
    let difference = Difference::between(before, wanted.clone(), Renames::default());
    let up = ddl::write(options.server, &difference, &Decisions::default()).expect("it is written");
    if let Err(error) = ground.run(&up, Runner::Manage) {
        panic!("{error}");
    }
    let reached = ground.introspect().expect("it is read");
    for (what, schema) in [("written", &wanted), ("laid on again", &lay(&reached))] {
        let changes: Vec<_> = diff(&reached, schema)
            .iter()
            .map(Change::describe)
            .collect();
        assert!(changes.is_empty(), "{what}: {changes:#?}\n{}", text(&up));
    }
}
