//! A place among the tokens of a stored statement.

use crate::sql::lexer::TokenKind;
use crate::sql::{Dialect, Piece, pieces};

/// Reads tokens one after the other. Whatever does not fit is left where it is.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    source: &'a str,
    pieces: Vec<Piece<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Starts at the first token.
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            pieces: pieces(source, Dialect::Sqlite),
            at: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<Piece<'a>> {
        self.ahead(0)
    }

    /// The token so many places ahead.
    pub(super) fn ahead(&self, places: usize) -> Option<Piece<'a>> {
        self.pieces.get(self.at + places).copied()
    }

    pub(super) fn next(&mut self) -> Option<Piece<'a>> {
        let piece = self.peek()?;
        self.at += 1;
        Some(piece)
    }

    /// Whether these keywords come next.
    pub(super) fn sees(&self, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(index, word)| self.ahead(index).is_some_and(|piece| piece.is(word)))
    }

    /// Passes over these keywords, if all of them come next.
    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let eaten = self.sees(words);
        if eaten {
            self.at += words.len();
        }
        eaten
    }

    /// Whether this operator, bracket or comma comes next.
    pub(super) fn sees_mark(&self, mark: &str) -> bool {
        self.peek().is_some_and(|piece| piece.is_punctuation(mark))
    }

    /// Passes over an operator, bracket or comma, if it comes next.
    pub(super) fn eat_mark(&mut self, mark: &str) -> bool {
        let eaten = self.sees_mark(mark);
        if eaten {
            self.at += 1;
        }
        eaten
    }

    /// A name without its quotes, if one comes next.
    pub(super) fn name(&mut self) -> Option<String> {
        let name = self.peek()?.name(Dialect::Sqlite)?;
        self.at += 1;
        Some(name)
    }

    /// One of these keywords in upper case, if one comes next.
    pub(super) fn word_of(&mut self, words: &[&str]) -> Option<String> {
        let piece = self.peek()?;
        let found = words.iter().find(|word| piece.is(word))?;
        self.at += 1;
        Some((*found).to_owned())
    }

    /// What stands in the brackets that come next, which are passed over; without an end, all of it.
    pub(super) fn brackets(&mut self) -> Option<Vec<Piece<'a>>> {
        if !self.eat_mark("(") {
            return None;
        }
        let mut depth = 1_usize;
        let mut inside = Vec::new();
        while let Some(piece) = self.next() {
            if piece.is_punctuation("(") {
                depth += 1;
            } else if piece.is_punctuation(")") {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            inside.push(piece);
        }
        Some(inside)
    }

    /// Everything up to the end of the statement, as it is written, without comments round it.
    pub(super) fn rest(&self) -> &'a str {
        let rest = &self.pieces[self.at.min(self.pieces.len())..];
        let last = rest
            .iter()
            .rev()
            .find(|piece| piece.kind != TokenKind::Semicolon);
        match (rest.first(), last) {
            (Some(first), Some(last)) if first.start < last.end => {
                &self.source[first.start..last.end]
            }
            _ => "",
        }
    }

    /// The tokens up to the end of the statement.
    pub(super) fn rest_pieces(&self) -> Vec<Piece<'a>> {
        self.pieces[self.at.min(self.pieces.len())..]
            .iter()
            .copied()
            .take_while(|piece| piece.kind != TokenKind::Semicolon)
            .collect()
    }
}

/// The parts between the commas that stand in no further brackets.
pub(super) fn split_at_commas<'a>(pieces: &[Piece<'a>]) -> Vec<Vec<Piece<'a>>> {
    let mut parts = vec![Vec::new()];
    let mut depth = 0_usize;
    for piece in pieces {
        if piece.is_punctuation("(") {
            depth += 1;
        } else if piece.is_punctuation(")") {
            depth = depth.saturating_sub(1);
        } else if piece.is_punctuation(",") && depth == 0 {
            parts.push(Vec::new());
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.push(*piece);
        }
    }
    parts
}
