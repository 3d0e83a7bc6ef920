//! All elements of a schema, and the text they are kept as.

use super::super::Schema;
use super::compare::hidden;
use super::element::Element;
use super::elements::elements;
use super::fingerprint::{FORMAT, Fingerprint};

/// The first word of the text, before the number of its format.
const HEADING: &str = "manifest";

/// What a schema consists of, in short lines, and its fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    fingerprint: Fingerprint,
    elements: Vec<Element>,
}

impl Manifest {
    /// Of a schema as it was read. Equal schemas have equal manifests, in whatever order their columns
    /// stand.
    #[must_use]
    pub fn of(schema: &Schema) -> Self {
        let mut all = elements(schema);
        all.sort_unstable();
        let lines = all.iter().map(|(element, everything)| {
            let Element {
                kind, owner, name, ..
            } = element;
            [kind.name(), owner, name, everything].join("\t")
        });
        Self {
            fingerprint: Fingerprint::of(lines),
            elements: all.into_iter().map(|(element, _)| element).collect(),
        }
    }

    /// What is kept of it, under its fingerprint.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{HEADING}\t{FORMAT}\n");
        for element in &self.elements {
            text.push_str(&element.line());
            text.push('\n');
        }
        text
    }

    /// Reads what was kept; `None` if another version of this program wrote it, in another way.
    #[must_use]
    pub fn parse(fingerprint: &Fingerprint, text: &str) -> Option<Self> {
        let mut lines = text.split_terminator('\n');
        if lines.next()? != format!("{HEADING}\t{FORMAT}") {
            return None;
        }
        Some(Self {
            fingerprint: fingerprint.clone(),
            elements: lines.map(Element::parse).collect::<Option<_>>()?,
        })
    }

    /// The digest of all of it.
    #[must_use]
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// What whoever read the schema could see no more of than that it is there: of what kind, and its name.
    #[must_use]
    pub fn unseen(&self) -> Vec<&Element> {
        hidden(self).collect()
    }

    /// The elements, sorted.
    #[must_use]
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }
}
