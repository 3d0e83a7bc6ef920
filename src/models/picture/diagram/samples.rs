//! Schemas to draw.

use crate::schema::{Column, ForeignKey, Name, PrimaryKey, Schema, SqlType, Table, Unique};

fn column(name: &str, sql_type: &str, nullable: bool) -> Column {
    Column {
        name: name.into(),
        sql_type: SqlType::new(sql_type),
        nullable,
        ..Column::default()
    }
}

fn refers(column: &str, parent: &str) -> ForeignKey {
    ForeignKey {
        columns: vec![column.into()],
        parent: Name::parse(parent),
        parent_columns: vec!["id".into()],
        ..ForeignKey::default()
    }
}

fn table(name: &str, columns: Vec<Column>, foreign_keys: Vec<ForeignKey>) -> Table {
    Table {
        name: Name::parse(name),
        primary_key: Some(PrimaryKey {
            columns: vec![columns[0].name.clone()],
            ..PrimaryKey::default()
        }),
        columns,
        foreign_keys,
        ..Table::default()
    }
}

fn schema(tables: Vec<Table>) -> Schema {
    let mut schema = Schema {
        tables,
        ..Schema::default()
    };
    schema.sort();
    schema
}

/// Authors with books, books with loans and at most one cover; a shelf stands alone.
pub(in crate::models::picture) fn library() -> Schema {
    let id = || column("id", "integer", false);
    let mut covers = table(
        "covers",
        vec![id(), column("book_id", "integer", false)],
        vec![refers("book_id", "books")],
    );
    covers.uniques.push(Unique {
        columns: vec!["book_id".into()],
        ..Unique::default()
    });
    schema(vec![
        table(
            "authors",
            vec![id(), column("name", "character varying(80)", false)],
            vec![],
        ),
        table(
            "books",
            vec![
                id(),
                column("author_id", "integer", true),
                column("price", "numeric(10,2)", true),
                column("sequel_of", "integer", true),
            ],
            vec![refers("author_id", "authors"), refers("sequel_of", "books")],
        ),
        covers,
        table(
            "loans",
            vec![
                id(),
                column("book_id", "integer", false),
                column("state", "enum('out','back')", false),
            ],
            vec![refers("book_id", "books")],
        ),
        table("shelves", vec![id()], vec![]),
    ])
}

/// Names that mean something in the languages of pictures.
pub(in crate::models::picture) fn odd() -> Schema {
    schema(vec![
        table(
            "billing.in\"voice%s\\",
            vec![
                column("id", "integer", false),
                column("2 <b>&amp;", "text[]", true),
                column("größe", "\"My Type\"", false),
            ],
            vec![],
        ),
        table(
            "title",
            vec![column("a\nb", "", false)],
            vec![refers("a\nb", "billing.in\"voice%s\\")],
        ),
    ])
}
