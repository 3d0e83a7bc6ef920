//! Attributes: `#[…]` before something, of which most mean nothing here.

use proc_macro2::{Delimiter, Group, Span, TokenTree};

use crate::models::condition::Condition;

use super::tokens::{Cursor, DEEPEST, string};

/// One attribute: its last name, and what stands behind it.
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) span: Span,
    /// The tokens behind the name: `= "text"`, `(…)`, nothing.
    pub(super) rest: Vec<TokenTree>,
}

impl Attribute {
    /// Takes the attributes that stand at the cursor.
    pub(super) fn outer(cursor: &mut Cursor) -> Vec<Self> {
        let mut attributes = Vec::new();
        while cursor.is_punct(0, '#') {
            let Some(group) = cursor.peek_group_in(1, Delimiter::Bracket) else {
                break;
            };
            attributes.extend(Self::read(group));
            cursor.skip(2);
        }
        attributes
    }

    /// What stands between the brackets.
    pub(super) fn read(group: &Group) -> Option<Self> {
        Self::at(&mut Cursor::inside(group))
    }

    fn at(cursor: &mut Cursor) -> Option<Self> {
        let span = cursor.span();
        let name = cursor.path()?.to_string();
        let mut rest = Vec::new();
        while !cursor.is_at_end() && !cursor.is_punct(0, ',') {
            rest.extend(cursor.next());
        }
        Some(Self { name, span, rest })
    }

    /// The token behind `=`.
    pub(super) fn value(&self) -> Option<&TokenTree> {
        match self.rest.as_slice() {
            [TokenTree::Punct(equals), value] if equals.as_char() == '=' => Some(value),
            _ => None,
        }
    }

    /// The brackets behind the name.
    pub(super) fn arguments(&self) -> Option<&Group> {
        match self.rest.as_slice() {
            [TokenTree::Group(group)] => Some(group),
            _ => None,
        }
    }

    /// What stands between the brackets, as attributes again: `postgres_type(name = "mood")`.
    pub(super) fn inner(&self) -> Vec<Self> {
        self.arguments().map(listed).unwrap_or_default()
    }
}

/// Attributes between commas.
fn listed(group: &Group) -> Vec<Attribute> {
    let mut cursor = Cursor::inside(group);
    let mut found = Vec::new();
    while !cursor.is_at_end() {
        found.extend(Attribute::at(&mut cursor));
        while !cursor.is_at_end() && !cursor.punct(',') {
            cursor.skip(1);
        }
    }
    found
}

/// What all `#[cfg(…)]` among the attributes say together.
pub(super) fn condition(attributes: &[Attribute]) -> Condition {
    attributes
        .iter()
        .filter(|attribute| attribute.name == "cfg")
        .map(|attribute| all(attribute, DEEPEST))
        .fold(Condition::Always, |all, one| all.and(&one))
}

/// What stands in `cfg(…)` or `all(…)`.
fn all(attribute: &Attribute, depth: usize) -> Condition {
    let all = conditions(attribute, depth);
    match all.as_slice() {
        [one] => one.clone(),
        _ => Condition::All(all),
    }
}

fn conditions(attribute: &Attribute, depth: usize) -> Vec<Condition> {
    let Some(depth) = depth.checked_sub(1) else {
        return vec![Condition::Unknown];
    };
    attribute
        .inner()
        .iter()
        .map(|one| match (one.name.as_str(), one.rest.is_empty()) {
            ("test" | "doctest" | "false", true) => Condition::Never,
            ("true", true) => Condition::Always,
            ("all", false) => all(one, depth),
            ("any", false) => Condition::Any(conditions(one, depth)),
            ("not", false) => Condition::Not(Box::new(all(one, depth))),
            ("feature", false) => one
                .value()
                .and_then(string)
                .map_or(Condition::Unknown, |name| Condition::named(&name)),
            (name, true) => Condition::named(name),
            (_, false) => Condition::Unknown,
        })
        .collect()
}
