//! A diagram in the language of Mermaid, which Markdown on many sites shows.

use crate::schema::Schema;

use super::diagram::{Diagram, Row};
use super::text::quoted;

/// Draws a schema as an `erDiagram`.
///
/// Names that the language cannot hold are written with `_`, and as they are in a comment beside.
#[must_use]
pub fn mermaid(schema: &Schema) -> String {
    let diagram = Diagram::of(schema);
    let mut lines = vec!["erDiagram".to_owned()];
    for entity in &diagram.boxes {
        let title = quoted(&entity.title);
        if entity.rows.is_empty() {
            lines.push(format!("    {title}"));
            continue;
        }
        lines.push(format!("    {title} {{"));
        lines.extend(entity.rows.iter().map(attribute));
        lines.push("    }".to_owned());
    }
    for link in &diagram.links {
        let parent = if link.is_required { "||" } else { "|o" };
        let child = if link.is_single { "o|" } else { "o{" };
        lines.push(format!(
            "    {} {parent}--{child} {} : {}",
            quoted(&diagram.boxes[link.parent].title),
            quoted(&diagram.boxes[link.child].title),
            quoted(&link.label)
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn attribute(row: &Row) -> String {
    let name = word(&row.name);
    let sql_type = word(&row.sql_type);
    let marks = row.marks().join(", ");
    let mut parts = vec![sql_type, name.clone()];
    parts.extend(Some(marks).filter(|marks| !marks.is_empty()));
    let mut remarks = Vec::new();
    if name != row.name {
        remarks.push(row.name.as_str());
    }
    if row.nullable {
        remarks.push("null");
    }
    if !remarks.is_empty() {
        parts.push(quoted(&remarks.join(", ")));
    }
    format!("        {}", parts.join(" "))
}

/// A word of letters, digits and the few signs that a type or a name may have.
fn word(text: &str) -> String {
    let mut word: String = text
        .chars()
        .map(|character| match character {
            '_' | '-' | '(' | ')' | '[' | ']' => character,
            _ if character.is_alphanumeric() => character,
            _ => '_',
        })
        .collect();
    if !word.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        word.insert(0, '_');
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::picture::diagram::samples;

    #[test]
    fn tables_are_entities_and_foreign_keys_relations() {
        insta::assert_snapshot!(mermaid(&samples::library()), @r#"
        erDiagram
            "authors" {
                integer id PK
                varchar(80) name
            }
            "books" {
                integer id PK
                integer author_id FK "null"
                numeric(10_2) price "null"
                integer sequel_of FK "null"
            }
            "covers" {
                integer id PK
                integer book_id FK, UK
            }
            "loans" {
                integer id PK
                integer book_id FK
                enum state
            }
            "shelves" {
                integer id PK
            }
            "authors" |o--o{ "books" : "author_id"
            "books" |o--o{ "books" : "sequel_of"
            "books" ||--o| "covers" : "book_id"
            "books" ||--o{ "loans" : "book_id"
        "#);
    }

    #[test]
    fn odd_names_are_written_so_that_they_can_be_read() {
        insta::assert_snapshot!(mermaid(&samples::odd()), @r#"
        erDiagram
            "title" {
                _ a_b PK, FK "a b"
            }
            "billing.in'voice_s_" {
                integer id PK
                text[] _2__b__amp_ "2 <b>&amp;, null"
                _My_Type_ größe
            }
            "billing.in'voice_s_" ||--o| "title" : "a b"
        "#);
    }
}
