//! One line of a manifest.

use sha2::{Digest, Sha256};

use super::fingerprint::hexadecimal;

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ElementKind {
    /// A namespace.
    Namespace,
    /// An extension.
    Extension,
    /// An enum type.
    Enum,
    /// A domain.
    Domain,
    /// A sequence of its own.
    Sequence,
    /// A table, without its parts.
    Table,
    /// A column.
    Column,
    /// A primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique,
    /// A check constraint.
    Check,
    /// An exclusion constraint.
    Exclusion,
    /// A foreign key.
    ForeignKey,
    /// An index.
    Index,
    /// A trigger.
    Trigger,
    /// A view.
    View,
    /// A view whose rows are stored.
    MaterializedView,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// What is listed and not described; its kind stands where others have their table.
    Unmanaged,
}

impl ElementKind {
    const ALL: [Self; 19] = [
        Self::Namespace,
        Self::Extension,
        Self::Enum,
        Self::Domain,
        Self::Sequence,
        Self::Table,
        Self::Column,
        Self::PrimaryKey,
        Self::Unique,
        Self::Check,
        Self::Exclusion,
        Self::ForeignKey,
        Self::Index,
        Self::Trigger,
        Self::View,
        Self::MaterializedView,
        Self::Function,
        Self::Procedure,
        Self::Unmanaged,
    ];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Namespace => "schema",
            Self::Extension => "extension",
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::Sequence => "sequence",
            Self::Table => "table",
            Self::Column => "column",
            Self::PrimaryKey => "primary key",
            Self::Unique => "unique",
            Self::Check => "check",
            Self::Exclusion => "exclusion",
            Self::ForeignKey => "foreign key",
            Self::Index => "index",
            Self::Trigger => "trigger",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Unmanaged => "other",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == word)
    }
}

/// One element of a schema: which it is, a digest of all about it, and a few words of that.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Element {
    /// What it is.
    pub kind: ElementKind,
    /// The table or view it is a part of; empty where it is on its own.
    pub owner: String,
    /// Its name; of a part without a name what it is about, in parentheses.
    pub name: String,
    /// Eight hexadecimal digits of a digest of all about it.
    pub digest: String,
    /// A few words of it, for a person; empty where they would be too many.
    pub about: String,
}

impl Element {
    /// An element of which `all` is all there is to know.
    pub(super) fn new(kind: ElementKind, owner: String, name: String, all: &str) -> Self {
        let mut digest = hexadecimal(&Sha256::digest(all.as_bytes()));
        digest.truncate(8);
        Self {
            kind,
            owner,
            name,
            digest,
            about: String::new(),
        }
    }

    /// How a person calls it: `column users.age`, `index users_email on users`.
    #[must_use]
    pub fn title(&self) -> String {
        let (kind, owner, name) = (self.kind.name(), &self.owner, &self.name);
        match self.kind {
            ElementKind::Column => format!("{kind} {owner}.{name}"),
            ElementKind::PrimaryKey => format!("{kind} of {owner}"),
            ElementKind::Unique
            | ElementKind::Check
            | ElementKind::Exclusion
            | ElementKind::ForeignKey
            | ElementKind::Index
            | ElementKind::Trigger => format!("{kind} {name} on {owner}"),
            ElementKind::Unmanaged => format!("{owner}: {name}"),
            ElementKind::Namespace
            | ElementKind::Extension
            | ElementKind::Enum
            | ElementKind::Domain
            | ElementKind::Sequence
            | ElementKind::Table
            | ElementKind::View
            | ElementKind::MaterializedView
            | ElementKind::Function
            | ElementKind::Procedure => format!("{kind} {name}"),
        }
    }

    /// The line, without its end.
    pub(super) fn line(&self) -> String {
        [
            self.kind.name(),
            &escaped(&self.owner),
            &escaped(&self.name),
            &self.digest,
            &escaped(&self.about),
        ]
        .join("\t")
    }

    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split('\t');
        let mut next = || parts.next();
        let element = Self {
            kind: ElementKind::parse(next()?)?,
            owner: plain(next()?),
            name: plain(next()?),
            digest: next()?.to_owned(),
            about: plain(next()?),
        };
        parts.next().is_none().then_some(element)
    }
}

/// Keeps what is in a name from ending a part of the line.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('\t', "\\t")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}
