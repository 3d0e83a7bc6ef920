//! What the text of a type says.

use super::expression::unquoted;
use super::text::literal;
use crate::schema::{Name, Schema};
use crate::sql::Dialect;
use crate::sql::lexer::{Lexer, TokenKind};

/// Types whose values the server converts among each other by itself, when asked to change a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Whole,
    Number,
    Text,
    Boolean,
    Json,
    Bits,
    /// `timestamp` or `date`.
    Time,
    /// `timestamp with time zone`, whose conversion depends on the session.
    ZonedTime,
    Other,
}

/// The type of the elements, if it is an array.
pub(super) fn element(sql_type: &str) -> Option<&str> {
    sql_type.strip_suffix("[]")
}

/// The family of a type; arrays have none.
pub(super) fn family(sql_type: &str) -> Family {
    if element(sql_type).is_some() {
        return Family::Other;
    }
    match base(sql_type).as_str() {
        "smallint" | "integer" | "bigint" => Family::Whole,
        "numeric" | "real" | "double precision" => Family::Number,
        "text" | "character varying" | "character" | "bpchar" | "\"char\"" | "name" => Family::Text,
        "boolean" => Family::Boolean,
        "json" | "jsonb" => Family::Json,
        "bit" | "bit varying" => Family::Bits,
        "date" | "timestamp without time zone" => Family::Time,
        "timestamp with time zone" => Family::ZonedTime,
        _ => Family::Other,
    }
}

/// The type without what stands in parentheses: `timestamp(3) with time zone` loses its `(3)`.
fn base(sql_type: &str) -> String {
    match (sql_type.find('('), sql_type.find(')')) {
        (Some(start), Some(end)) if start < end => {
            format!("{}{}", sql_type[..start].trim_end(), &sql_type[end + 1..])
        }
        _ => sql_type.to_owned(),
    }
}

/// Whether two types differ in their sizes only.
pub(super) fn same_base(a: &str, b: &str) -> bool {
    base(a) == base(b)
}

/// Whether expressions that hold for the one type hold for the other: whole numbers among each other,
/// texts among each other, sizes.
pub(super) fn is_close(a: &str, b: &str) -> bool {
    same_base(a, b)
        || matches!(
            (family(a), family(b)),
            (Family::Whole, Family::Whole) | (Family::Text, Family::Text)
        )
}

/// Whether the text of a type is that object, or an array of it.
pub(super) fn is_of(sql_type: &str, name: &Name) -> bool {
    let text = element(sql_type).unwrap_or(sql_type);
    let mut parts = Vec::new();
    for token in Lexer::new(text, Dialect::Postgres).flatten() {
        match token.kind {
            TokenKind::Word => parts.push(token.text(text).to_owned()),
            TokenKind::QuotedIdentifier => parts.push(unquoted(token.text(text))),
            TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::String
            | TokenKind::DollarQuoted
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Semicolon
            | TokenKind::Punctuation
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd => {}
        }
    }
    match parts.as_slice() {
        [only] => name.namespace.is_none() && *only == name.name,
        [namespace, only] => {
            name.namespace.as_deref() == Some(namespace.as_str()) && *only == name.name
        }
        _ => false,
    }
}

/// The nothing of a type, as an SQL expression: zero, the empty text.
pub(super) fn nothing(sql_type: &str, schema: &Schema) -> Option<String> {
    if element(sql_type).is_some() {
        return Some("'{}'".to_owned());
    }
    if let Some(one) = schema.enums.iter().find(|one| is_of(sql_type, &one.name)) {
        return one.values.first().map(|value| literal(value));
    }
    if let Some(one) = schema.domains.iter().find(|one| is_of(sql_type, &one.name)) {
        return match &one.default {
            Some(default) => Some(default.clone()),
            None => nothing(one.base.as_str(), schema),
        };
    }
    if base(sql_type) == "bit" {
        let size = sql_type
            .trim_start_matches("bit(")
            .trim_end_matches(')')
            .parse()
            .unwrap_or(1);
        return Some(format!("B'{}'", "0".repeat(size)));
    }
    let text = match base(sql_type).as_str() {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" | "money"
        | "oid" | "interval" => "'0'",
        "text" | "character varying" | "character" | "bpchar" | "\"char\"" | "name" | "bytea"
        | "bit varying" | "xml" | "citext" | "tsvector" | "tsquery" | "hstore" | "ltree" => "''",
        "boolean" => "false",
        "date" | "timestamp without time zone" | "timestamp with time zone" => "'1970-01-01'",
        "time without time zone" | "time with time zone" => "'00:00'",
        "uuid" => "'00000000-0000-0000-0000-000000000000'",
        "json" | "jsonb" | "int4multirange" | "int8multirange" | "nummultirange"
        | "tsmultirange" | "tstzmultirange" | "datemultirange" => "'{}'",
        "inet" => "'0.0.0.0'",
        "cidr" => "'0.0.0.0/0'",
        "macaddr" => "'00:00:00:00:00:00'",
        "macaddr8" => "'00:00:00:00:00:00:00:00'",
        "point" => "'(0,0)'",
        "pg_lsn" => "'0/0'",
        "int4range" | "int8range" | "numrange" | "tsrange" | "tstzrange" | "daterange" => "'empty'",
        _ => return None,
    };
    let text = match family(sql_type) {
        Family::Whole | Family::Number => "0",
        Family::Text
        | Family::Boolean
        | Family::Json
        | Family::Bits
        | Family::Time
        | Family::ZonedTime
        | Family::Other => text,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_told_by_its_text() {
        let mood = Name::new("mood");
        assert!(is_of("mood", &mood));
        assert!(is_of("mood[]", &mood));
        assert!(!is_of("other.mood", &mood));
        assert!(is_of("\"Odd.name\"", &Name::new("Odd.name")));
        assert!(is_of("other.\"Mood\"", &Name::within("other", "Mood")));
        assert_eq!(family("timestamp(3) with time zone"), Family::ZonedTime);
        assert!(is_close("character varying(50)", "text"));
        assert!(!is_close("integer", "text"));
    }
}
