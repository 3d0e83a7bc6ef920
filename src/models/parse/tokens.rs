//! Steps through the tokens of a group.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenTree};

/// How deep groups may lie in each other; Rust's own limit is the same.
pub(super) const DEEPEST: usize = 128;

/// A place among tokens, which only moves forward.
pub(super) struct Cursor {
    tokens: Vec<TokenTree>,
    at: usize,
    /// Where the tokens end: the closing bracket of their group.
    end: Span,
}

impl Cursor {
    pub(super) fn new(tokens: Vec<TokenTree>, end: Span) -> Self {
        Self { tokens, at: 0, end }
    }

    /// What is inside a group.
    pub(super) fn inside(group: &Group) -> Self {
        Self::new(group.stream().into_iter().collect(), group.span_close())
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Where the next token is, or the end.
    pub(super) fn span(&self) -> Span {
        self.peek(0).map_or(self.end, TokenTree::span)
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<&TokenTree> {
        self.tokens.get(self.at + ahead)
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.at = (self.at + count).min(self.tokens.len());
    }

    pub(super) fn next(&mut self) -> Option<TokenTree> {
        let token = self.peek(0).cloned();
        self.skip(1);
        token
    }

    pub(super) fn peek_ident(&self, ahead: usize) -> Option<&Ident> {
        match self.peek(ahead) {
            Some(TokenTree::Ident(ident)) => Some(ident),
            _ => None,
        }
    }

    pub(super) fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.peek_ident(ahead).is_some_and(|ident| ident == word)
    }

    pub(super) fn is_punct(&self, ahead: usize, character: char) -> bool {
        matches!(self.peek(ahead), Some(TokenTree::Punct(punct)) if punct.as_char() == character)
    }

    pub(super) fn peek_group(&self, ahead: usize) -> Option<&Group> {
        match self.peek(ahead) {
            // What a macro by example has put there.
            Some(TokenTree::Group(group)) if group.delimiter() != Delimiter::None => Some(group),
            _ => None,
        }
    }

    pub(super) fn peek_group_in(&self, ahead: usize, delimiter: Delimiter) -> Option<&Group> {
        self.peek_group(ahead)
            .filter(|group| group.delimiter() == delimiter)
    }

    pub(super) fn ident(&mut self) -> Option<Ident> {
        let ident = self.peek_ident(0).cloned()?;
        self.skip(1);
        Some(ident)
    }

    /// Takes one punctuation mark if it stands there.
    pub(super) fn punct(&mut self, character: char) -> bool {
        let found = self.is_punct(0, character);
        if found {
            self.skip(1);
        }
        found
    }

    pub(super) fn group_in(&mut self, delimiter: Delimiter) -> Option<Group> {
        let group = self.peek_group_in(0, delimiter).cloned()?;
        self.skip(1);
        Some(group)
    }

    /// Takes a path and gives its last name: `diesel::sql_types::Text`, `users`.
    pub(super) fn path(&mut self) -> Option<Ident> {
        while self.is_punct(0, ':') {
            self.skip(1);
        }
        let mut last = self.ident()?;
        while self.is_punct(0, ':') && self.is_punct(1, ':') {
            self.skip(2);
            last = self.ident()?;
        }
        Some(last)
    }
}

/// A name without the `r#` that makes a name of a keyword.
pub(super) fn unraw(ident: &Ident) -> String {
    let text = ident.to_string();
    match text.strip_prefix("r#") {
        Some(name) => name.to_owned(),
        None => text,
    }
}

/// The text of a string literal.
pub(super) fn string(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else {
        return None;
    };
    if let syn::Lit::Str(text) = syn::Lit::new(literal.clone()) {
        Some(text.value())
    } else {
        None
    }
}

/// The value of a whole number.
pub(super) fn integer(token: &TokenTree) -> Option<u64> {
    let TokenTree::Literal(literal) = token else {
        return None;
    };
    if let syn::Lit::Int(number) = syn::Lit::new(literal.clone()) {
        number.base10_parse().ok()
    } else {
        None
    }
}
