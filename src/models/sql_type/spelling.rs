//! Writes a type that a person wrote as the server prints it.

use crate::sql::{Dialect, Server};

use super::{Wanted, mysql};

/// The type as the server would print it, as far as that is known; another spelling is no harm, but would
/// be seen as a difference.
pub(super) fn printed(text: &str, server: Server) -> String {
    match server.dialect() {
        Dialect::Sqlite => squeezed(text).to_uppercase(),
        Dialect::Postgres => postgres(&lowered(&squeezed(text), '"')),
        Dialect::Mysql => mysql(server, &lowered(&squeezed(text), '\'')),
    }
}

/// With single spaces, and none beside brackets and commas; what is in quotes stays.
fn squeezed(text: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    for character in text.trim().chars() {
        if quote.is_none() && character.is_whitespace() {
            if !out.ends_with([' ', '(', ',']) {
                out.push(' ');
            }
            continue;
        }
        if quote.is_none() && matches!(character, '(' | ')' | ',') {
            out.truncate(out.trim_end().len());
        }
        out.push(character);
        match quote {
            Some(open) if open == character => quote = None,
            None if matches!(character, '\'' | '"' | '`') => quote = Some(character),
            Some(_) | None => {}
        }
    }
    out
}

/// In lower case, but for what is in quotes.
fn lowered(text: &str, quote: char) -> String {
    let mut inside = false;
    text.chars()
        .map(|character| {
            inside ^= character == quote;
            if inside {
                character
            } else {
                character.to_ascii_lowercase()
            }
        })
        .collect()
}

fn postgres(text: &str) -> String {
    if let Some(element) = text.strip_suffix("[]") {
        let element = postgres(element.trim_end_matches("[]"));
        return format!("{element}[]");
    }
    let (name, rest) = match text.find('(') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let name = match name {
        "int" => "integer",
        "float" => "double precision",
        "decimal" | "dec" => "numeric",
        "char" if rest.is_empty() => return "character(1)".to_owned(),
        "char" => "character",
        _ => of_catalogue(name).unwrap_or(name),
    };
    // The precision of a time stands in the middle.
    match name.split_once(' ') {
        Some((kind @ ("time" | "timestamp"), zone)) => format!("{kind}{rest} {zone}"),
        Some(_) | None => format!("{name}{rest}"),
    }
}

/// What the server prints for a type that it calls otherwise in its catalogue.
pub(super) fn of_catalogue(name: &str) -> Option<&'static str> {
    Some(match name {
        "bool" => "boolean",
        "int2" => "smallint",
        "int4" => "integer",
        "int8" => "bigint",
        "float4" => "real",
        "float8" => "double precision",
        "varchar" => "character varying",
        "varbit" => "bit varying",
        "time" => "time without time zone",
        "timetz" => "time with time zone",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        _ => return None,
    })
}

fn mysql(server: Server, text: &str) -> String {
    let name = match text {
        "bool" | "boolean" => "Bool",
        "tinyint" => "TinyInt",
        "smallint" => "SmallInt",
        "mediumint" => "MediumInt",
        "int" | "integer" => "Integer",
        "bigint" => "BigInt",
        "json" => "Json",
        _ => {
            let unsigned = text.strip_suffix(" unsigned");
            return match unsigned {
                Some(signed @ ("tinyint" | "smallint" | "mediumint" | "int" | "bigint")) => {
                    let name = match signed {
                        "tinyint" => "TinyInt",
                        "smallint" => "SmallInt",
                        "mediumint" => "MediumInt",
                        "int" => "Integer",
                        _ => "BigInt",
                    };
                    mysql::unsigned(server, name).unwrap_or_else(|| text.to_owned())
                }
                Some(_) | None => renamed(text),
            };
        }
    };
    mysql::plain(server, name, Wanted::default()).unwrap_or_else(|| text.to_owned())
}

/// `numeric(10,2)` is `decimal(10,2)` there.
fn renamed(text: &str) -> String {
    match text.strip_prefix("numeric(") {
        Some(rest) => format!("decimal({rest}"),
        None => text.to_owned(),
    }
}
