//! Which names mean the same type.

use crate::sql::Dialect;

use super::diesel_type::DieselType;

impl DieselType {
    /// Whether both are one type for Rust, so that replacing one by the other changes no program.
    ///
    /// That is what `diesel` calls the same, and wider: every alias of `diesel::sql_types` counts.
    /// `Text`, `Varchar`, `Char`, `Bpchar` and the sizes of text are one there, although their
    /// columns are not: projects write `Text` for a `varchar(40)`, and it is no wish to change it.
    /// Who wants to see the difference asks [`Self::same_column_as`] too. Whether the elements of an
    /// array may be NULL is not compared, for no column can say.
    #[must_use]
    pub fn same_as(&self, other: &Self, dialect: Dialect) -> bool {
        self.canonical(dialect, Texts::AreOne) == other.canonical(dialect, Texts::AreOne)
    }

    /// Whether both are also printed for the same type of column: `Int4` and `Integer` are, `Text` and
    /// `Varchar` are on SQLite only, which knows no other text.
    #[must_use]
    pub fn same_column_as(&self, other: &Self, dialect: Dialect) -> bool {
        let texts = match dialect {
            Dialect::Sqlite => Texts::AreOne,
            Dialect::Postgres | Dialect::Mysql => Texts::AreMany,
        };
        self.canonical(dialect, texts) == other.canonical(dialect, texts)
    }

    /// The type with one name for each thing.
    fn canonical(&self, dialect: Dialect, texts: Texts) -> Self {
        let inside = |inner: &Self| Box::new(inner.canonical(dialect, texts));
        match self {
            Self::Plain(name) => canonical_name(name, dialect, texts),
            Self::Nullable(inner) => Self::Nullable(inside(inner)),
            Self::Array(inner) => Self::Array(inside(inner.not_null())),
            Self::Unsigned(inner) => Self::Unsigned(inside(inner)),
            Self::Range(inner) => Self::Range(inside(inner)),
            Self::Multirange(inner) => Self::Multirange(inside(inner)),
            Self::Record(fields) => Self::Record(
                fields
                    .iter()
                    .map(|field| field.canonical(dialect, texts))
                    .collect(),
            ),
        }
    }
}

/// Whether the kinds of text and of bytes are told apart.
#[derive(Clone, Copy)]
enum Texts {
    AreOne,
    AreMany,
}

fn canonical_name(name: &str, dialect: Dialect, texts: Texts) -> DieselType {
    if dialect == Dialect::Postgres
        && let Some(range) = range(name)
    {
        return range;
    }
    let one = match name {
        "Int2" | "Smallint" | "SmallSerial" => "SmallInt",
        "Int4" | "Serial" => "Integer",
        "Int8" | "Bigint" | "BigSerial" => "BigInt",
        "Tinyint" => "TinyInt",
        "Float4" => "Float",
        "Float8" => "Double",
        "Decimal" => "Numeric",
        "Macaddr" => "MacAddr",
        "Macaddr8" => "MacAddr8",
        "VarChar" => "Varchar",
        "Bytea" => "Binary",
        _ => name,
    };
    let one = match (texts, one) {
        (Texts::AreOne, "Varchar" | "Char" | "Bpchar" | "Tinytext" | "Mediumtext" | "Longtext") => {
            "Text"
        }
        (Texts::AreOne, "Tinyblob" | "Blob" | "Mediumblob" | "Longblob" | "Varbinary" | "Bit") => {
            "Binary"
        }
        // `Binary` of PostgreSQL is `bytea`, and `Text` is itself; MySQL prints a name for each.
        (Texts::AreOne | Texts::AreMany, one) => one,
    };
    DieselType::plain(one)
}

/// `Int4range` is `Range<Int4>`.
fn range(name: &str) -> Option<DieselType> {
    let (of, multiple) = match name {
        "Int4range" => ("Integer", false),
        "Int8range" => ("BigInt", false),
        "Daterange" => ("Date", false),
        "Numrange" => ("Numeric", false),
        "Tsrange" => ("Timestamp", false),
        "Tstzrange" => ("Timestamptz", false),
        "Int4multirange" => ("Integer", true),
        "Int8multirange" => ("BigInt", true),
        "Datemultirange" => ("Date", true),
        "Nummultirange" => ("Numeric", true),
        "Tsmultirange" => ("Timestamp", true),
        "Tstzmultirange" => ("Timestamptz", true),
        _ => return None,
    };
    let of = Box::new(DieselType::plain(of));
    Some(if multiple {
        DieselType::Multirange(of)
    } else {
        DieselType::Range(of)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> DieselType {
        DieselType::parse(text).unwrap()
    }

    fn same(a: &str, b: &str, dialect: Dialect) -> bool {
        parsed(a).same_as(&parsed(b), dialect)
    }

    fn same_column(a: &str, b: &str, dialect: Dialect) -> bool {
        parsed(a).same_column_as(&parsed(b), dialect)
    }

    #[test]
    fn aliases_of_diesel_are_the_same_type_everywhere() {
        for dialect in Dialect::ALL {
            for (a, b) in [
                ("Int4", "Integer"),
                ("Int8", "BigInt"),
                ("Bigint", "BigInt"),
                ("Smallint", "Int2"),
                ("Float4", "Float"),
                ("Float8", "Double"),
                ("Decimal", "Numeric"),
                ("Nullable<Int4>", "Nullable<Integer>"),
                ("Unsigned<Bigint>", "Unsigned<BigInt>"),
                ("Record<(Int4, Text)>", "Record<(Integer, Text)>"),
            ] {
                assert!(same(a, b, dialect), "{a} {b} {dialect}");
                assert!(same_column(a, b, dialect), "{a} {b} {dialect}");
            }
        }
    }

    #[test]
    fn other_names_are_other_types() {
        for dialect in Dialect::ALL {
            for (a, b) in [
                ("Integer", "BigInt"),
                ("Float", "Double"),
                ("Integer", "Unsigned<Integer>"),
                ("Text", "Nullable<Text>"),
                ("Text", "Array<Text>"),
                ("Timestamp", "Timestamptz"),
                ("Timestamp", "Datetime"),
                ("Mood", "Text"),
                ("Bool", "TinyInt"),
            ] {
                assert!(!same(a, b, dialect), "{a} {b} {dialect}");
                assert!(!same_column(a, b, dialect), "{a} {b} {dialect}");
            }
        }
    }

    #[test]
    fn kinds_of_text_are_one_type_but_not_one_column() {
        for (a, b) in [("Varchar", "Text"), ("Char", "Text"), ("Bpchar", "Varchar")] {
            assert!(same(a, b, Dialect::Postgres));
            assert!(!same_column(a, b, Dialect::Postgres));
            assert!(same_column(a, b, Dialect::Sqlite));
        }
        assert!(same("Longtext", "Text", Dialect::Mysql));
        assert!(!same_column("Longtext", "Text", Dialect::Mysql));
        assert!(same_column("VarChar", "Varchar", Dialect::Mysql));
    }

    #[test]
    fn whether_elements_may_be_null_is_not_compared() {
        assert!(same(
            "Array<Nullable<Int4>>",
            "Array<Integer>",
            Dialect::Postgres
        ));
        assert!(!same(
            "Nullable<Array<Int4>>",
            "Array<Int4>",
            Dialect::Postgres
        ));
    }

    #[test]
    fn ranges_have_two_spellings() {
        assert!(same("Tstzrange", "Range<Timestamptz>", Dialect::Postgres));
        assert!(same(
            "Int8multirange",
            "Multirange<Int8>",
            Dialect::Postgres
        ));
        assert!(!same("Int4range", "Int8range", Dialect::Postgres));
    }
}
