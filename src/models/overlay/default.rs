//! Which defaults a column can keep when its type changes.

use crate::schema::SqlType;
use crate::sql::Dialect;

/// What a type is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Number,
    Truth,
    Moment,
    Other,
}

/// The default for the new type, if the old one is one for it too.
pub(super) fn for_type(
    dialect: Dialect,
    default: &str,
    from: &SqlType,
    to: &SqlType,
) -> Option<String> {
    let (was, becomes) = (family(from, dialect), family(to, dialect));
    match dialect {
        // Any value goes into any column there.
        Dialect::Sqlite => Some(default.to_owned()),
        Dialect::Mysql => (was == becomes && was != Family::Other).then(|| default.to_owned()),
        Dialect::Postgres => postgres(default, was, becomes, to),
    }
}

fn postgres(default: &str, was: Family, becomes: Family, to: &SqlType) -> Option<String> {
    let truth = match (was, becomes, default) {
        (Family::Number, Family::Truth, "0") => Some("false"),
        (Family::Number, Family::Truth, "1") => Some("true"),
        (Family::Truth, Family::Number, "false") => Some("0"),
        (Family::Truth, Family::Number, "true") => Some("1"),
        _ => None,
    };
    if let Some(truth) = truth {
        return Some(truth.to_owned());
    }
    // A text is printed with its type behind it, and becomes one of the new type.
    if let Some((literal, _)) = default.rsplit_once("'::")
        && literal.starts_with('\'')
        && !literal[1..].replace("''", "").contains('\'')
    {
        let fits = was == becomes || was == Family::Text;
        let base = to.as_str().split('(').next().unwrap_or(to.as_str());
        return fits.then(|| format!("{literal}'::{base}"));
    }
    (was == becomes && was != Family::Other).then(|| default.to_owned())
}

/// Whether it is a type of whole numbers, which a sequence can fill.
pub(super) fn is_number(sql_type: &SqlType, dialect: Dialect) -> bool {
    let text = sql_type.as_str().to_lowercase();
    match dialect {
        Dialect::Sqlite => text == "integer",
        Dialect::Postgres => matches!(text.as_str(), "smallint" | "integer" | "bigint"),
        Dialect::Mysql => word(&text).ends_with("int") && text != "tinyint(1)",
    }
}

/// Whether it has a collation.
pub(super) fn is_text(sql_type: &SqlType, dialect: Dialect) -> bool {
    dialect == Dialect::Sqlite || family(sql_type, dialect) == Family::Text
}

/// Whether it can be the time of a change.
pub(super) fn is_moment(sql_type: &SqlType) -> bool {
    let text = sql_type.as_str().to_lowercase();
    matches!(word(&text), "datetime" | "timestamp")
}

fn family(sql_type: &SqlType, dialect: Dialect) -> Family {
    let text = sql_type.as_str().to_lowercase();
    if dialect == Dialect::Mysql && text == "tinyint(1)" {
        // It is a number all the same.
        return Family::Number;
    }
    match word(&text) {
        "boolean" | "bool" => Family::Truth,
        "smallint" | "integer" | "bigint" | "tinyint" | "mediumint" | "int" | "real" | "float"
        | "double" | "numeric" | "decimal" => Family::Number,
        "text" | "character" | "bpchar" | "varchar" | "char" | "tinytext" | "mediumtext"
        | "longtext" | "citext" | "enum" | "set" => Family::Text,
        "timestamp" | "datetime" => Family::Moment,
        _ => Family::Other,
    }
}

/// The first word; of an array none.
fn word(text: &str) -> &str {
    if text.ends_with("[]") {
        return "";
    }
    let end = text
        .find(|character: char| !character.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn postgres(default: &str, from: &str, to: &str) -> Option<String> {
        for_type(
            Dialect::Postgres,
            default,
            &SqlType::new(from),
            &SqlType::new(to),
        )
    }

    #[test]
    fn a_default_stays_where_it_is_one_of_the_new_type_too() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(postgres("0", "integer", "bigint"), some("0"));
        assert_eq!(postgres("0", "integer", "boolean"), some("false"));
        assert_eq!(postgres("'ok'::text", "text", "mood"), some("'ok'::mood"));
        assert_eq!(
            postgres("'o''k'::character varying", "character varying(5)", "text"),
            some("'o''k'::text")
        );
        assert_eq!(postgres("'{}'::text", "text", "jsonb"), some("'{}'::jsonb"));
        assert_eq!(
            postgres(
                "now()",
                "timestamp without time zone",
                "timestamp with time zone"
            ),
            some("now()")
        );
        assert_eq!(postgres("7", "integer", "text"), None);
        assert_eq!(
            postgres("now()", "timestamp without time zone", "date"),
            None
        );
        assert_eq!(postgres("('a'::text || 'b'::text)", "text", "jsonb"), None);
    }

    #[test]
    fn sqlite_keeps_any_default_and_mysql_one_of_the_same_family() {
        let of = |dialect, from: &str, to: &str| {
            for_type(dialect, "1", &SqlType::new(from), &SqlType::new(to)).is_some()
        };
        assert!(of(Dialect::Sqlite, "INTEGER", "TEXT"));
        assert!(of(Dialect::Mysql, "int(11)", "bigint(20) unsigned"));
        assert!(!of(Dialect::Mysql, "int(11)", "datetime"));
    }
}
