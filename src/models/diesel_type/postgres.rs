//! PostgreSQL: a type is its own name in camel case.

use heck::ToUpperCamelCase;

use crate::schema::{Column, Domain, Schema};

use super::custom::TypeOptions;
use super::of_column::{Found, Wrapper};

/// The schema of the types that PostgreSQL brings.
const CATALOG: &str = "pg_catalog";
/// The schema that Diesel looks in by itself.
const PUBLIC: &str = "public";

/// The type of a column.
pub(super) fn find(column: &Column, schema: &Schema, options: &TypeOptions) -> Found {
    let printed = Printed::read(column.sql_type.as_str());
    let (printed, max_length) = if let Some(domain) = domain(&printed, schema) {
        // One step, as the server's own view of it: a domain over a domain is that domain.
        let base = Printed::read(domain.base.as_str());
        let max_length = base.max_length();
        let is_own_type = options
            .domains_as_custom_types
            .iter()
            .any(|wanted| wanted.is_match(&domain.name.name));
        (if is_own_type { printed } else { base }, max_length)
    } else {
        let max_length = printed.max_length();
        (printed, max_length)
    };
    Found {
        rust_name: printed.name.to_upper_camel_case(),
        sql_name: printed.name,
        schema: printed.namespace.filter(|namespace| namespace != PUBLIC),
        wrapper: if printed.is_array {
            Wrapper::Array
        } else {
            Wrapper::None
        },
        max_length,
    }
}

/// The domain that it is.
fn domain<'a>(printed: &Printed, schema: &'a Schema) -> Option<&'a Domain> {
    if printed.is_array {
        return None;
    }
    let namespace = printed.namespace.as_deref();
    schema.domains.iter().find(|domain| {
        let in_same = domain.name.namespace.as_deref() == namespace;
        let in_public = domain.name.namespace.is_none() && namespace == Some(PUBLIC);
        domain.name.name == printed.name && (in_same || in_public)
    })
}

/// What `format_type` has printed, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Printed {
    /// `pg_catalog` for a type that PostgreSQL brings.
    namespace: Option<String>,
    /// The name that the catalogue has: `int4` for `integer`.
    name: String,
    /// What stands in parentheses.
    arguments: Option<String>,
    is_array: bool,
}

impl Printed {
    fn read(text: &str) -> Self {
        let mut text = text.trim();
        let mut is_array = false;
        while let Some(element) = text.strip_suffix("[]") {
            is_array = true;
            text = element.trim_end();
        }
        let (stem, arguments) = split_arguments(text);
        let (namespace, name) = match catalogue_name(&stem) {
            Some(name) => (Some(CATALOG.to_owned()), name.to_owned()),
            None => split_name(&stem),
        };
        Self {
            namespace,
            name,
            arguments,
            is_array,
        }
    }

    /// The length that was declared, for texts and strings of bits.
    fn max_length(&self) -> Option<u64> {
        let has_length = matches!(self.name.as_str(), "varchar" | "bpchar" | "bit" | "varbit")
            && self.namespace.as_deref() == Some(CATALOG);
        if self.is_array || !has_length {
            return None;
        }
        self.arguments.as_ref()?.trim().parse().ok()
    }
}

/// Takes `(…)` out of the middle: `timestamp(3) with time zone` is `timestamp with time zone` and `3`.
fn split_arguments(text: &str) -> (String, Option<String>) {
    let Some(open) = outside_quotes(text, '(') else {
        return (text.to_owned(), None);
    };
    let Some(close) = text.rfind(')').filter(|close| *close > open) else {
        return (text.to_owned(), None);
    };
    let stem = format!("{}{}", text[..open].trim_end(), &text[close + 1..]);
    (stem, Some(text[open + 1..close].to_owned()))
}

/// Where a character is that stands in no quotes.
fn outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let mut quoted = false;
    text.char_indices()
        .find(|(_, character)| {
            if *character == '"' {
                quoted = !quoted;
            }
            !quoted && *character == wanted
        })
        .map(|(at, _)| at)
}

/// `billing."Status"`: the namespace and the name, unquoted.
fn split_name(text: &str) -> (Option<String>, String) {
    match outside_quotes(text, '.') {
        Some(at) => (Some(unquoted(&text[..at])), unquoted(&text[at + 1..])),
        None => (None, unquoted(text)),
    }
}

fn unquoted(text: &str) -> String {
    match text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(inside) => inside.replace("\"\"", "\""),
        None => text.to_owned(),
    }
}

/// The catalogue's name of a type that PostgreSQL brings, by the name that it prints.
fn catalogue_name(printed: &str) -> Option<&str> {
    let name = match printed {
        "boolean" => "bool",
        "smallint" => "int2",
        "integer" => "int4",
        "bigint" => "int8",
        "real" => "float4",
        "double precision" => "float8",
        "character" => "bpchar",
        "character varying" => "varchar",
        "bit varying" => "varbit",
        "time without time zone" => "time",
        "time with time zone" => "timetz",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        "\"char\"" => "char",
        _ if printed.starts_with("interval ") => "interval",
        _ => return BROUGHT.binary_search(&printed).is_ok().then_some(printed),
    };
    Some(name)
}

/// Types of PostgreSQL that it prints by the names its catalogue has. Sorted.
const BROUGHT: &[&str] = &[
    "aclitem",
    "bit",
    "bool",
    "box",
    "bpchar",
    "bytea",
    "cid",
    "cidr",
    "circle",
    "date",
    "datemultirange",
    "daterange",
    "float4",
    "float8",
    "gtsvector",
    "inet",
    "int2",
    "int2vector",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_lsn",
    "pg_snapshot",
    "point",
    "polygon",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "uuid",
    "varbit",
    "varchar",
    "xid",
    "xid8",
    "xml",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, String, Option<String>, bool) {
        let printed = Printed::read(text);
        (
            printed.namespace,
            printed.name,
            printed.arguments,
            printed.is_array,
        )
    }

    fn own(name: &str) -> (Option<String>, String, Option<String>, bool) {
        (None, name.to_owned(), None, false)
    }

    #[test]
    fn what_the_server_prints_is_taken_apart() {
        let catalog = || Some(CATALOG.to_owned());
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            read("character varying(50)[]"),
            (catalog(), "varchar".into(), some("50"), true)
        );
        assert_eq!(
            read("timestamp(3) with time zone"),
            (catalog(), "timestamptz".into(), some("3"), false)
        );
        assert_eq!(
            read("interval day to second(3)"),
            (catalog(), "interval".into(), some("3"), false)
        );
        assert_eq!(read("\"char\""), (catalog(), "char".into(), None, false));
        assert_eq!(
            read("numeric(10,2)"),
            (catalog(), "numeric".into(), some("10,2"), false)
        );
        assert_eq!(read("order_status"), own("order_status"));
        assert_eq!(read("\"a.b(c)\"\"[]\""), own("a.b(c)\"[]"));
        assert_eq!(
            read("billing.\"Odd Name\"[]"),
            (some("billing"), "Odd Name".into(), None, true)
        );
        assert_eq!(
            read("gis.geometry(Point,4326)"),
            (some("gis"), "geometry".into(), some("Point,4326"), false)
        );
        assert!(BROUGHT.is_sorted());
    }
}
