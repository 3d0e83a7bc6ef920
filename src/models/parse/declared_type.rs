//! Structs that stand for a type of the database.

use proc_macro2::Ident;

use crate::models::models::DeclaredType;
use crate::schema::Name;

use super::attribute::{Attribute, condition};
use super::file::SourceFile;
use super::tokens::{string, unraw};

/// Reads what the attributes of a struct say about types of the database.
pub(super) fn read(
    file: &SourceFile<'_>,
    ident: &Ident,
    attributes: &[Attribute],
) -> Option<DeclaredType> {
    let mut found = DeclaredType {
        ident: unraw(ident),
        postgres: None,
        mysql: None,
        sqlite: None,
        condition: condition(attributes),
        place: file.place(ident.span()),
    };
    for attribute in attributes {
        note(&mut found, attribute);
    }
    let speaks = found.postgres.is_some() || found.mysql.is_some() || found.sqlite.is_some();
    speaks.then_some(found)
}

fn note(found: &mut DeclaredType, attribute: &Attribute) {
    match attribute.name.as_str() {
        "diesel" => {
            for inner in attribute.inner() {
                note(found, &inner);
            }
        }
        // The first is the condition, which the other backends' attributes don't mind.
        "cfg_attr" => {
            for inner in attribute.inner().iter().skip(1) {
                note(found, inner);
            }
        }
        // The second of each is how Diesel 1 wrote it.
        "postgres_type" | "postgres" => {
            let named = named(attribute, "name").or_else(|| named(attribute, "type_name"));
            if let Some(name) = named {
                found.postgres = Some(Name {
                    namespace: named_in(attribute),
                    name,
                });
            }
        }
        "mysql_type" => found.mysql = text(attribute).or_else(|| found.mysql.take()),
        "sqlite_type" => found.sqlite = text(attribute).or_else(|| found.sqlite.take()),
        _ => {}
    }
}

fn named_in(attribute: &Attribute) -> Option<String> {
    named(attribute, "schema")
}

/// `mysql_type(name = "Enum")`, or `mysql_type = "Enum"`.
fn text(attribute: &Attribute) -> Option<String> {
    named(attribute, "name").or_else(|| attribute.value().and_then(string))
}

fn named(attribute: &Attribute, key: &str) -> Option<String> {
    attribute
        .inner()
        .iter()
        .find(|inner| inner.name == key)
        .and_then(|inner| inner.value().and_then(string))
}
