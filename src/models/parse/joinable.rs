//! `joinable!` and `allow_tables_to_appear_in_same_query!`.

use proc_macro2::{Delimiter, Group};

use crate::models::condition::Condition;
use crate::models::error::ModelsError;
use crate::models::models::Joinable;

use super::file::SourceFile;
use super::tokens::{Cursor, unraw};

const GRAMMAR: &str = "`joinable!(child -> parent (column))`";

/// Reads the inside of `joinable!`.
pub(super) fn read(
    file: &SourceFile<'_>,
    body: &Group,
    condition: Condition,
) -> Result<Joinable, ModelsError> {
    let mut cursor = Cursor::inside(body);
    let place = file.place(cursor.span());
    let child = path(file, &mut cursor)?;
    let arrow = cursor.span();
    if !(cursor.punct('-') && cursor.punct('>')) {
        return Err(file.expected(arrow, GRAMMAR));
    }
    let parent = path(file, &mut cursor)?;
    let Some(columns) = cursor.group_in(Delimiter::Parenthesis) else {
        return Err(file.expected(cursor.span(), GRAMMAR));
    };
    let column = path(file, &mut Cursor::inside(&columns))?;
    Ok(Joinable {
        child,
        parent,
        column,
        condition,
        place,
    })
}

fn path(file: &SourceFile<'_>, cursor: &mut Cursor) -> Result<String, ModelsError> {
    let span = cursor.span();
    match cursor.path() {
        Some(ident) => Ok(unraw(&ident)),
        None => Err(file.expected(span, GRAMMAR)),
    }
}

/// The names in `allow_tables_to_appear_in_same_query!`.
pub(super) fn together(body: &Group) -> Vec<String> {
    let mut cursor = Cursor::inside(body);
    let mut names = Vec::new();
    while !cursor.is_at_end() {
        match cursor.path() {
            Some(ident) => names.push(unraw(&ident)),
            None => cursor.skip(1),
        }
    }
    names
}
