//! Reads `table!` files without compiling them.
//!
//! A file is cut into Rust's tokens and walked through; only what is inside Diesel's own macros has to be
//! understood. So a file may hold anything else, of any edition, and need not even compile.

mod attribute;
mod declared_type;
mod file;
mod joinable;
mod table;
mod tokens;
mod walk;

use std::path::Path;

use super::error::ModelsError;
use super::models::Models;

use file::SourceFile;

/// Reads the models out of Rust files, each given as its path and its text.
///
/// # Errors
/// The first thing that is not understood, with its place.
pub fn parse<P: AsRef<Path>, T: AsRef<str>>(files: &[(P, T)]) -> Result<Models, ModelsError> {
    let mut models = Models::default();
    let mut modules = Vec::new();
    for (path, text) in files {
        let file = SourceFile::new(path.as_ref(), text.as_ref());
        walk::file(&file, &mut models, &mut modules)?;
    }
    walk::condition_files(&mut models, &modules);
    Ok(models)
}

#[cfg(test)]
mod tests;
