//! Finds Diesel's macros among everything else that a file may hold.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, Span};

use crate::models::condition::Condition;
use crate::models::error::ModelsError;
use crate::models::models::Models;

use super::attribute::{self, Attribute};
use super::file::SourceFile;
use super::tokens::{Cursor, DEEPEST, string, unraw};
use super::{declared_type, joinable, table};

/// A `mod name;` with a condition: the files it may mean.
pub(super) struct ModuleFile {
    paths: Vec<PathBuf>,
    condition: Condition,
}

/// Adds what a file declares to the models.
pub(super) fn file(
    file: &SourceFile<'_>,
    models: &mut Models,
    modules: &mut Vec<ModuleFile>,
) -> Result<(), ModelsError> {
    let mut walk = Walk {
        file,
        models,
        modules,
    };
    let tokens = Cursor::new(file.tokens()?, Span::call_site());
    walk.items(tokens, Condition::Always, DEEPEST)
}

/// Puts the condition of a `mod name;` on all that its file declares.
pub(super) fn condition_files(models: &mut Models, modules: &[ModuleFile]) {
    let of = |path: &Path| {
        modules
            .iter()
            .filter(|module| module.paths.iter().any(|one| one == path))
            .fold(Condition::Always, |all, one| all.and(&one.condition))
    };
    for table in models.tables.iter_mut().chain(&mut models.views) {
        table.condition = table.condition.and(&of(&table.place.file));
    }
    for join in &mut models.joins {
        join.condition = join.condition.and(&of(&join.place.file));
    }
    for one in &mut models.types {
        one.condition = one.condition.and(&of(&one.place.file));
    }
}

struct Walk<'a> {
    file: &'a SourceFile<'a>,
    models: &'a mut Models,
    modules: &'a mut Vec<ModuleFile>,
}

impl Walk<'_> {
    /// Goes through what stands in a file, a module or a body, all of which has a condition.
    fn items(
        &mut self,
        mut cursor: Cursor,
        mut outside: Condition,
        depth: usize,
    ) -> Result<(), ModelsError> {
        let mut attributes: Vec<Attribute> = Vec::new();
        while !cursor.is_at_end() {
            if cursor.is_punct(0, '#') && cursor.is_punct(1, '!') {
                if let Some(group) = cursor.peek_group_in(2, Delimiter::Bracket) {
                    let inner: Vec<_> = Attribute::read(group).into_iter().collect();
                    outside = outside.and(&attribute::condition(&inner));
                }
                cursor.skip(2);
            } else if cursor.is_punct(0, '#')
                && cursor.peek_group_in(1, Delimiter::Bracket).is_some()
            {
                attributes.extend(Attribute::outer(&mut cursor));
            } else if is_macro_definition(&cursor) {
                // What is in it is a pattern and no declaration.
                while !cursor.is_at_end() && cursor.peek_group_in(0, Delimiter::Brace).is_none() {
                    cursor.skip(1);
                }
                cursor.skip(1);
                attributes.clear();
            } else if let Some((name, body)) = invocation(&cursor) {
                let own = outside.and(&attribute::condition(&attributes));
                self.invoke(&name, &body, own, depth)?;
                cursor.skip(3);
                attributes.clear();
            } else if cursor.is_word(0, "mod") && cursor.peek_ident(1).is_some() {
                self.module(&mut cursor, &attributes, &outside, depth)?;
                attributes.clear();
            } else if cursor.is_word(0, "struct") && cursor.peek_ident(1).is_some() {
                self.structure(&mut cursor, &attributes, &outside);
                attributes.clear();
            } else if let Some(group) = cursor.peek_group_in(0, Delimiter::Brace) {
                let own = outside.and(&attribute::condition(&attributes));
                self.enter(&group.clone(), own, depth)?;
                cursor.skip(1);
                attributes.clear();
            } else {
                if cursor.is_punct(0, ';') {
                    attributes.clear();
                }
                cursor.skip(1);
            }
        }
        Ok(())
    }

    fn enter(
        &mut self,
        group: &Group,
        condition: Condition,
        depth: usize,
    ) -> Result<(), ModelsError> {
        // Rust itself refuses what lies deeper.
        match depth.checked_sub(1) {
            Some(depth) => self.items(Cursor::inside(group), condition, depth),
            None => Ok(()),
        }
    }

    /// A macro of that name; those of other libraries are passed over.
    fn invoke(
        &mut self,
        name: &str,
        body: &Group,
        condition: Condition,
        depth: usize,
    ) -> Result<(), ModelsError> {
        match name {
            "table" if table::looks_like_one(body) => {
                let read = table::read(self.file, body, table::Kind::Table, &condition)?;
                self.models.tables.push(read);
            }
            "view" if table::looks_like_one(body) => {
                let read = table::read(self.file, body, table::Kind::View, &condition)?;
                self.models.views.push(read);
            }
            "joinable" => {
                let read = joinable::read(self.file, body, condition)?;
                self.models.joins.push(read);
            }
            "allow_tables_to_appear_in_same_query" => {
                self.models.together.push(joinable::together(body));
            }
            "cfg_if" => self.alternatives(body, &condition, depth)?,
            _ => {}
        }
        Ok(())
    }

    /// `cfg_if! { if #[cfg(…)] { … } else if #[cfg(…)] { … } else { … } }`.
    fn alternatives(
        &mut self,
        body: &Group,
        outside: &Condition,
        depth: usize,
    ) -> Result<(), ModelsError> {
        let mut cursor = Cursor::inside(body);
        let mut otherwise = outside.clone();
        while !cursor.is_at_end() {
            let attributes = Attribute::outer(&mut cursor);
            let one = attribute::condition(&attributes);
            if let Some(group) = cursor.peek_group_in(0, Delimiter::Brace) {
                let own = otherwise.and(&one);
                self.enter(&group.clone(), own, depth)?;
                otherwise = otherwise.and(&Condition::Not(Box::new(one)));
                cursor.skip(1);
            } else if attributes.is_empty() {
                cursor.skip(1);
            }
        }
        Ok(())
    }

    fn module(
        &mut self,
        cursor: &mut Cursor,
        attributes: &[Attribute],
        outside: &Condition,
        depth: usize,
    ) -> Result<(), ModelsError> {
        cursor.skip(1);
        let Some(name) = cursor.ident() else {
            return Ok(());
        };
        let condition = outside.and(&attribute::condition(attributes));
        if let Some(group) = cursor.group_in(Delimiter::Brace) {
            return self.enter(&group, condition, depth);
        }
        if condition != Condition::Always {
            self.modules.push(ModuleFile {
                paths: module_paths(self.file.path, &unraw(&name), attributes),
                condition,
            });
        }
        Ok(())
    }

    /// Reads the attributes of a struct, and goes past its name: its body is walked like any other.
    fn structure(&mut self, cursor: &mut Cursor, attributes: &[Attribute], outside: &Condition) {
        cursor.skip(1);
        if let Some(ident) = cursor.ident()
            && let Some(mut found) = declared_type::read(self.file, &ident, attributes)
        {
            found.condition = outside.and(&found.condition);
            self.models.types.push(found);
        }
    }
}

/// Whether `macro_rules! name {…}` or `macro name(…) {…}` begins here.
fn is_macro_definition(cursor: &Cursor) -> bool {
    let by_example = cursor.is_word(0, "macro_rules") && cursor.is_punct(1, '!');
    let declared = cursor.is_word(0, "macro") && cursor.peek_ident(1).is_some();
    by_example || declared
}

/// The name and the body of a macro that is called here.
fn invocation(cursor: &Cursor) -> Option<(String, Group)> {
    let name = cursor.peek_ident(0)?.to_string();
    if !cursor.is_punct(1, '!') {
        return None;
    }
    Some((name, cursor.peek_group(2)?.clone()))
}

/// Where the file of a module may be.
fn module_paths(file: &Path, name: &str, attributes: &[Attribute]) -> Vec<PathBuf> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let given = attributes
        .iter()
        .find(|attribute| attribute.name == "path")
        .and_then(|attribute| attribute.value().and_then(string));
    if let Some(given) = given {
        return vec![folder.join(given)];
    }
    let is_root = ["mod", "lib", "main"]
        .iter()
        .any(|root| file.file_stem().is_some_and(|stem| stem == *root));
    let folder = if is_root {
        folder.to_owned()
    } else {
        file.with_extension("")
    };
    vec![
        folder.join(format!("{name}.rs")),
        folder.join(name).join("mod.rs"),
    ]
}
