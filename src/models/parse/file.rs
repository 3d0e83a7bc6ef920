//! A file that is being read, and places in it.

use std::path::Path;

use proc_macro2::{Span, TokenStream, TokenTree};

use crate::models::error::{ModelsError, Problem};
use crate::models::place::Place;
use crate::sql::position::{excerpt, locate};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The path and the text of a file.
pub(super) struct SourceFile<'a> {
    pub(super) path: &'a Path,
    source: &'a str,
    /// How many bytes stand before what is Rust: a byte order mark, a `#!` line.
    skipped: usize,
    /// The bytes that lines start at: every column has a place, and none is worth a walk from the top.
    lines: Vec<usize>,
}

impl<'a> SourceFile<'a> {
    pub(super) fn new(path: &'a Path, source: &'a str) -> Self {
        let mut skipped = 0;
        if source.starts_with(BYTE_ORDER_MARK) {
            skipped = BYTE_ORDER_MARK.len();
        }
        let rest = &source[skipped..];
        if rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[') {
            skipped += rest.find('\n').unwrap_or(rest.len());
        }
        let newlines = source.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            path,
            source,
            skipped,
            lines: [0].into_iter().chain(newlines).collect(),
        }
    }

    /// The tokens of the file.
    pub(super) fn tokens(&self) -> Result<Vec<TokenTree>, ModelsError> {
        self.source[self.skipped..]
            .parse::<TokenStream>()
            .map(|tokens| tokens.into_iter().collect())
            .map_err(|error| {
                let reason = error.to_string();
                self.error(error.span(), Problem::NotRust { reason })
            })
    }

    fn offset(&self, span: Span) -> usize {
        self.skipped + span.byte_range().start
    }

    pub(super) fn place(&self, span: Span) -> Place {
        let offset = self.offset(span);
        let before = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines[before - 1];
        // Within its line a place is counted as everywhere.
        let (_, column) = locate(&self.source[start..], offset.saturating_sub(start));
        Place {
            file: self.path.to_owned(),
            line: before,
            column,
        }
    }

    pub(super) fn error(&self, span: Span, problem: Problem) -> ModelsError {
        ModelsError::new(problem, self.place(span))
            .with_excerpt(excerpt(self.source, self.offset(span)))
    }

    /// An error about the grammar: what should stand there.
    pub(super) fn expected(&self, span: Span, expected: &'static str) -> ModelsError {
        self.error(span, Problem::Grammar { expected })
    }
}
