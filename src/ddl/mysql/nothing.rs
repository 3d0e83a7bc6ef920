//! What stands for nothing in a type, and what else a type tells.

use super::column::kind;
use crate::sql::Dialect;

/// What existing rows get in a column that is new and required where nobody has decided.
pub(super) fn of(sql_type: &str) -> String {
    let kind = kind(sql_type);
    let value = match kind.as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint" | "decimal" | "dec"
        | "numeric" | "fixed" | "float" | "double" | "real" | "bool" | "boolean" | "year" => "0",
        "bit" => "b'0'",
        "date" => "'1970-01-01'",
        "datetime" => "'1970-01-01 00:00:00'",
        // In any time zone it has to be after the beginning.
        "timestamp" => "'1970-01-02 00:00:00'",
        "time" => "'00:00:00'",
        "json" => "'{}'",
        "uuid" => "'00000000-0000-0000-0000-000000000000'",
        "inet4" => "'0.0.0.0'",
        "inet6" => "'::'",
        "point" | "geometry" => "ST_GeomFromText('POINT(0 0)')",
        "linestring" => "ST_GeomFromText('LINESTRING(0 0,1 1)')",
        "polygon" => "ST_GeomFromText('POLYGON((0 0,0 1,1 1,0 0))')",
        "multipoint" => "ST_GeomFromText('MULTIPOINT(0 0)')",
        "multilinestring" => "ST_GeomFromText('MULTILINESTRING((0 0,1 1))')",
        "multipolygon" => "ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))')",
        "geometrycollection" | "geomcollection" => {
            "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(0 0))')"
        }
        "enum" => {
            let first = values(sql_type).into_iter().next().unwrap_or_default();
            return Dialect::Mysql.quote_literal(&first);
        }
        _ => "''",
    };
    value.to_owned()
}

/// Whether the server fills a new column with the nothing of its type by itself, without an error.
pub(super) fn is_implicit(sql_type: &str) -> bool {
    matches!(
        kind(sql_type).as_str(),
        "tinyint"
            | "smallint"
            | "mediumint"
            | "int"
            | "bigint"
            | "decimal"
            | "float"
            | "double"
            | "bit"
            | "year"
            | "char"
            | "varchar"
            | "binary"
            | "varbinary"
            | "tinytext"
            | "text"
            | "mediumtext"
            | "longtext"
            | "tinyblob"
            | "blob"
            | "mediumblob"
            | "longblob"
            | "enum"
            | "set"
            | "time"
    )
}

/// Whether a type has a collation.
pub(super) fn is_text(sql_type: &str) -> bool {
    matches!(
        kind(sql_type).as_str(),
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set"
    )
}

/// The values of an `enum(…)`; none for another type.
pub(super) fn values(sql_type: &str) -> Vec<String> {
    let inner = sql_type
        .strip_prefix("enum(")
        .and_then(|rest| rest.strip_suffix(')'));
    let mut values = Vec::new();
    let mut rest = inner.unwrap_or_default();
    while let Some(text) = rest.strip_prefix('\'') {
        let mut value = String::new();
        let mut characters = text.char_indices().peekable();
        let mut end = text.len();
        while let Some((at, character)) = characters.next() {
            if character == '\\' {
                value.extend(characters.next().map(|(_, escaped)| unescaped(escaped)));
            } else if character != '\'' {
                value.push(character);
            } else if characters.next_if(|(_, next)| *next == '\'').is_some() {
                value.push('\'');
            } else {
                end = at + 1;
                break;
            }
        }
        values.push(value);
        rest = text[end..].strip_prefix(',').unwrap_or_default();
    }
    values
}

/// What a character after a backslash stands for.
fn unescaped(character: char) -> char {
    match character {
        '0' => '\0',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        other => other,
    }
}

/// The type of an enum with these values.
pub(super) fn enum_of(values: &[String]) -> String {
    let quoted: Vec<_> = values
        .iter()
        .map(|value| Dialect::Mysql.quote_literal(value))
        .collect();
    format!("enum({})", quoted.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_an_enum_are_read_as_the_server_writes_them() {
        let read = values(r"enum('a','it''s','back\\slash',',\n')");
        assert_eq!(read, ["a", "it's", r"back\slash", ",\n"]);
        assert_eq!(values(&enum_of(&read)), read);
        assert!(values("set('a')").is_empty());
    }
}
