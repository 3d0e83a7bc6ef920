//! The inside of `table!` and `view!`.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, TokenTree};

use crate::models::condition::Condition;
use crate::models::diesel_type::{DieselType, TypeSyntax};
use crate::models::error::{ModelsError, Problem};
use crate::models::models::{ModelColumn, ModelTable};
use crate::schema::Name;

use super::attribute::{self, Attribute};
use super::file::SourceFile;
use super::tokens::{Cursor, integer, string, unraw};

/// What a table's key is called if it says nothing.
const DEFAULT_KEY: &str = "id";

/// More tokens than that are no type, and neither are brackets in so many brackets: reading them would
/// take all of the stack.
const LONGEST_TYPE: usize = 400;
const DEEPEST_TYPE: usize = 16;

/// What a declaration is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    View,
}

/// Whether it looks like Diesel's: other libraries have a `table!` too, and none of them ends in braces.
pub(super) fn looks_like_one(body: &Group) -> bool {
    let last = body.stream().into_iter().last();
    matches!(last, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
}

/// Reads the inside of `table!` or `view!`.
pub(super) fn read(
    file: &SourceFile<'_>,
    body: &Group,
    kind: Kind,
    outside: &Condition,
) -> Result<ModelTable, ModelsError> {
    let mut cursor = Cursor::inside(body);
    let imported = imports(&mut cursor);
    let attributes = Attribute::outer(&mut cursor);
    let mut ident = name(file, &mut cursor)?;
    let mut namespace = None;
    if cursor.punct('.') {
        namespace = Some(unraw(&ident));
        ident = name(file, &mut cursor)?;
    }
    let key = cursor.group_in(Delimiter::Parenthesis);
    let Some(braces) = cursor.group_in(Delimiter::Brace) else {
        return Err(file.expected(cursor.span(), "`{` and the columns"));
    };
    let table = sql_name(file, &attributes, &ident)?;
    let columns = columns(file, &braces, &table, &imported)?;
    let primary_key = match (kind, key) {
        (Kind::View, None) => Vec::new(),
        (Kind::Table, None) => vec![keyed(file, &columns, &ident, &table, DEFAULT_KEY)?],
        (Kind::Table | Kind::View, Some(key)) => key_columns(file, &key, &columns, &table)?,
    };
    Ok(ModelTable {
        name: Name {
            namespace,
            name: table,
        },
        primary_key,
        columns,
        condition: outside.and(&attribute::condition(&attributes)),
        place: file.place(ident.span()),
        ident: unraw(&ident),
    })
}

fn name(file: &SourceFile<'_>, cursor: &mut Cursor) -> Result<Ident, ModelsError> {
    let span = cursor.span();
    cursor
        .ident()
        .ok_or_else(|| file.expected(span, "the name of a table"))
}

/// Takes the `use` lines, and gives what they call otherwise: `use a::B as C` is C → B.
fn imports(cursor: &mut Cursor) -> BTreeMap<String, Ident> {
    let mut renamed = BTreeMap::new();
    loop {
        let is_public = cursor.is_word(0, "pub") && cursor.is_word(1, "use");
        if !is_public && !cursor.is_word(0, "use") {
            return renamed;
        }
        let mut line = Vec::new();
        while !cursor.is_at_end() && !cursor.punct(';') {
            line.extend(cursor.next());
        }
        let end = cursor.span();
        aliases(Cursor::new(line, end), &mut renamed, DEEPEST_TYPE);
    }
}

/// Finds each `B as C`, between braces too.
fn aliases(mut cursor: Cursor, renamed: &mut BTreeMap<String, Ident>, depth: usize) {
    while !cursor.is_at_end() {
        if cursor.is_word(1, "as")
            && let (Some(original), Some(alias)) = (cursor.peek_ident(0), cursor.peek_ident(2))
        {
            renamed.insert(unraw(alias), original.clone());
        }
        if let (Some(group), Some(depth)) = (cursor.peek_group(0), depth.checked_sub(1)) {
            aliases(Cursor::inside(group), renamed, depth);
        }
        cursor.skip(1);
    }
}

/// The columns of the key, by their names in the database.
fn key_columns(
    file: &SourceFile<'_>,
    key: &Group,
    columns: &[ModelColumn],
    table: &str,
) -> Result<Vec<String>, ModelsError> {
    let mut cursor = Cursor::inside(key);
    let mut names = Vec::new();
    while !cursor.is_at_end() {
        let span = cursor.span();
        let Some(ident) = cursor.ident() else {
            return Err(file.expected(span, "the name of a column of the primary key"));
        };
        let name = keyed(file, columns, &ident, table, &unraw(&ident))?;
        if !names.contains(&name) {
            names.push(name);
        }
        if !cursor.punct(',') && !cursor.is_at_end() {
            return Err(file.expected(cursor.span(), "a comma"));
        }
    }
    if names.is_empty() {
        return Err(file.expected(key.span_close(), "the name of a column of the primary key"));
    }
    Ok(names)
}

/// The name in the database of a column of the key, which is named as in Rust.
fn keyed(
    file: &SourceFile<'_>,
    columns: &[ModelColumn],
    place: &Ident,
    table: &str,
    wanted: &str,
) -> Result<String, ModelsError> {
    match columns.iter().find(|column| column.ident == wanted) {
        Some(column) => Ok(column.name.clone()),
        None => Err(file.error(
            place.span(),
            Problem::NoKeyColumn {
                table: table.to_owned(),
                column: wanted.to_owned(),
            },
        )),
    }
}

fn columns(
    file: &SourceFile<'_>,
    braces: &Group,
    table: &str,
    imported: &BTreeMap<String, Ident>,
) -> Result<Vec<ModelColumn>, ModelsError> {
    let mut cursor = Cursor::inside(braces);
    let mut columns: Vec<ModelColumn> = Vec::new();
    while !cursor.is_at_end() {
        let attributes = Attribute::outer(&mut cursor);
        let span = cursor.span();
        let Some(ident) = cursor.ident() else {
            return Err(file.expected(span, "the name of a column"));
        };
        let column = column(file, &mut cursor, &ident, &attributes, imported)?;
        let earlier = columns.iter().find(|other| other.name == column.name);
        if let Some(earlier) = earlier.filter(|other| other.condition == column.condition) {
            return Err(file.error(
                ident.span(),
                Problem::DuplicateColumn {
                    table: table.to_owned(),
                    column: column.name,
                    earlier: earlier.place.clone(),
                },
            ));
        }
        columns.push(column);
    }
    Ok(columns)
}

fn column(
    file: &SourceFile<'_>,
    cursor: &mut Cursor,
    ident: &Ident,
    attributes: &[Attribute],
    imported: &BTreeMap<String, Ident>,
) -> Result<ModelColumn, ModelsError> {
    let arrow = cursor.span();
    if !(cursor.punct('-') && cursor.punct('>')) {
        return Err(file.expected(arrow, "`->` and the type of the column"));
    }
    let start = cursor.span();
    let mut tokens = Vec::new();
    let mut open = 0_usize;
    while let Some(token) = cursor.next() {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                '<' => open += 1,
                '>' => open = open.saturating_sub(1),
                ',' if open == 0 => break,
                _ => {}
            }
        }
        if tokens.len() >= LONGEST_TYPE || is_deep(&token, DEEPEST_TYPE) {
            return Err(file.error(start, Problem::Type(TypeSyntax::NotAType)));
        }
        let is_whole =
            !matches!(tokens.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
        tokens.push(if is_whole {
            original(token, imported)
        } else {
            token
        });
    }
    let diesel_type = syn::parse2::<syn::Type>(tokens.into_iter().collect())
        .map_err(|_| TypeSyntax::NotAType)
        .and_then(|parsed| DieselType::from_syn(&parsed))
        .map_err(|problem| file.error(start, Problem::Type(problem)))?;
    let max_length = match named(attributes, "max_length") {
        None => None,
        Some(attribute) => match attribute.value().and_then(integer) {
            Some(length) => Some(length),
            None => return Err(file.expected(attribute.span, "`#[max_length = <a number>]`")),
        },
    };
    Ok(ModelColumn {
        ident: unraw(ident),
        name: sql_name(file, attributes, ident)?,
        diesel_type,
        max_length,
        auto_increment: named(attributes, "auto_increment").is_some(),
        condition: attribute::condition(attributes),
        place: file.place(start),
    })
}

/// Whether brackets lie in each other to that depth.
fn is_deep(token: &TokenTree, limit: usize) -> bool {
    let TokenTree::Group(group) = token else {
        return false;
    };
    let Some(limit) = limit.checked_sub(1) else {
        return true;
    };
    group.stream().into_iter().any(|one| is_deep(&one, limit))
}

/// A name that a `use` line has given to a type becomes the type's own again.
fn original(token: TokenTree, imported: &BTreeMap<String, Ident>) -> TokenTree {
    let TokenTree::Ident(ident) = &token else {
        return token;
    };
    match imported.get(&unraw(ident)) {
        Some(original) => TokenTree::Ident(original.clone()),
        None => token,
    }
}

fn named<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| attribute.name == name)
}

/// `#[sql_name = "…"]`, or else the name itself.
fn sql_name(
    file: &SourceFile<'_>,
    attributes: &[Attribute],
    ident: &Ident,
) -> Result<String, ModelsError> {
    let Some(attribute) = named(attributes, "sql_name") else {
        return Ok(unraw(ident));
    };
    match attribute.value().and_then(string) {
        // Diesel takes a raw name here too.
        Some(name) => Ok(name.strip_prefix("r#").unwrap_or(&name).to_owned()),
        None => Err(file.expected(attribute.span, "`#[sql_name = \"<a name>\"]`")),
    }
}
