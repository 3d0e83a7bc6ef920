//! Where one schema departs from another, as far as their manifests tell.

use std::collections::{BTreeMap, BTreeSet};

use super::element::{Element, ElementKind};
use super::manifest::Manifest;

/// One element that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Departure {
    /// It is new.
    Added(Element),
    /// It is gone.
    Gone(Element),
    /// It is another.
    Changed {
        /// As it was.
        before: Element,
        /// As it is.
        now: Element,
    },
}

impl Departure {
    /// `+` where something is new, `-` where it is gone, `~` where it is another.
    #[must_use]
    pub fn mark(&self) -> char {
        match self {
            Self::Added(_) => '+',
            Self::Gone(_) => '-',
            Self::Changed { .. } => '~',
        }
    }

    /// The element as it is, or was.
    #[must_use]
    pub fn element(&self) -> &Element {
        match self {
            Self::Added(element) | Self::Gone(element) => element,
            Self::Changed { now, .. } => now,
        }
    }

    /// In a line: `column users.age: INTEGER NOT NULL before, BIGINT now`.
    #[must_use]
    pub fn describe(&self) -> String {
        let title = self.element().title();
        match self {
            Self::Added(element) | Self::Gone(element) => {
                let is_said = element.about.is_empty() || element.about == element.name;
                if is_said {
                    title
                } else {
                    format!("{title}: {}", element.about)
                }
            }
            Self::Changed { before, now } => {
                let is_told =
                    before.about != now.about && !is_too_long(before) && !is_too_long(now);
                if is_told {
                    let words = |about: &str| match about {
                        "" => "nothing".to_owned(),
                        about => about.to_owned(),
                    };
                    format!(
                        "{title}: {} before, {} now",
                        words(&before.about),
                        words(&now.about)
                    )
                } else {
                    format!("{title}: another definition now")
                }
            }
        }
    }
}

/// Only of a table may there be nothing to say.
fn is_too_long(element: &Element) -> bool {
    element.about.is_empty() && element.kind != ElementKind::Table
}

/// What is not as it was, in the order of the manifests. Of a table that came or went as a whole the
/// parts are not listed.
#[must_use]
pub fn departures(before: &Manifest, now: &Manifest) -> Vec<Departure> {
    let mut departures = Vec::new();
    let mut present = grouped(now);
    for (key, was) in grouped(before) {
        let is = present.remove(&key).unwrap_or_default();
        // What has no name of its own may be there twice; the equal ones first.
        let (mut was, mut is) = (without(&was, &is), without(&is, &was));
        let both = was.len().min(is.len());
        let pairs = was.drain(..both).zip(is.drain(..both));
        departures.extend(pairs.map(|(before, now)| Departure::Changed {
            before: before.clone(),
            now: now.clone(),
        }));
        departures.extend(was.into_iter().cloned().map(Departure::Gone));
        departures.extend(is.into_iter().cloned().map(Departure::Added));
    }
    let new = present.into_values().flatten();
    departures.extend(new.cloned().map(Departure::Added));
    let hidden: Vec<&Element> = [before, now].into_iter().flat_map(hidden).collect();
    departures.retain(|one| !hidden.iter().any(|other| hides(other, one.element())));
    departures.sort();
    let mut departures = without_parts(departures);
    if hidden.iter().any(|one| one.owner.starts_with("tables ")) {
        departures.retain(|one| !is_whole_table(one));
    }
    departures
}

/// Whether a table or a view came or went: for a role that is shown some of them only, nobody knows.
fn is_whole_table(departure: &Departure) -> bool {
    match departure {
        Departure::Added(one) | Departure::Gone(one) => {
            matches!(one.kind, ElementKind::Table | ElementKind::View)
        }
        Departure::Changed { .. } => false,
    }
}

/// The end of the name of a kind of objects that a role sees no more of than that they are there.
const UNSEEN: &str = " that this role may not see";

/// What a role could not see.
pub(super) fn hidden(manifest: &Manifest) -> impl Iterator<Item = &Element> {
    manifest
        .elements()
        .iter()
        .filter(|one| one.kind == ElementKind::Unmanaged && one.owner.ends_with(UNSEEN))
}

/// Whether nothing can be said of an element because it, or all of its kind, could not be seen.
fn hides(hidden: &Element, one: &Element) -> bool {
    match one.kind {
        ElementKind::Unmanaged => hidden == one,
        ElementKind::View => hidden.owner.starts_with("views ") && hidden.name == one.name,
        ElementKind::Function | ElementKind::Procedure => {
            let name = one.name.split('(').next().unwrap_or_default();
            hidden.owner.starts_with("routines ") && hidden.name == name
        }
        ElementKind::ForeignKey => {
            hidden.owner.contains(" foreign keys ")
                && hidden.name == format!("{}.{}", one.owner, one.name)
        }
        ElementKind::Trigger => hidden.owner.starts_with("triggers "),
        ElementKind::Namespace
        | ElementKind::Extension
        | ElementKind::Enum
        | ElementKind::Domain
        | ElementKind::Sequence
        | ElementKind::Table
        | ElementKind::Column
        | ElementKind::PrimaryKey
        | ElementKind::Unique
        | ElementKind::Check
        | ElementKind::Exclusion
        | ElementKind::Index
        | ElementKind::MaterializedView => false,
    }
}

type Key<'a> = (ElementKind, &'a str, &'a str);

fn grouped(manifest: &Manifest) -> BTreeMap<Key<'_>, Vec<&Element>> {
    let mut groups: BTreeMap<Key<'_>, Vec<&Element>> = BTreeMap::new();
    for element in manifest.elements() {
        let key = (element.kind, element.owner.as_str(), element.name.as_str());
        groups.entry(key).or_default().push(element);
    }
    groups
}

/// The first list without what the second one has too.
fn without<'a>(list: &[&'a Element], other: &[&Element]) -> Vec<&'a Element> {
    let mut rest = other.to_vec();
    list.iter()
        .filter(
            |one| match rest.iter().position(|two| two.digest == one.digest) {
                Some(at) => {
                    rest.remove(at);
                    false
                }
                None => true,
            },
        )
        .copied()
        .collect()
}

fn without_parts(mut departures: Vec<Departure>) -> Vec<Departure> {
    let whole: BTreeSet<(char, String)> = departures
        .iter()
        .filter(|one| match one {
            Departure::Added(_) | Departure::Gone(_) => one.element().owner.is_empty(),
            Departure::Changed { .. } => false,
        })
        .map(|one| (one.mark(), one.element().name.clone()))
        .collect();
    departures.retain(|one| !whole.contains(&(one.mark(), one.element().owner.clone())));
    departures
}
