//! Mends a dependency in place when the migration it names gets another version.

use std::ops::Range;

use toml_edit::{Document, Item};

use super::parse::unparsable;
use super::{DEPENDS_ON, MANAGE, MetadataProblem};
use crate::migration::version::Version;

/// Writes version `to` wherever the text depends on `from`; gives nothing if it does not.
///
/// Only the names themselves are replaced: comments, order, quotes of other values and line endings
/// stay byte for byte, for the file belongs to its author.
pub fn edit_depends_on(
    text: &str,
    from: &Version,
    to: &Version,
) -> Result<Option<String>, MetadataProblem> {
    let document = Document::parse(text).map_err(|error| unparsable(text, &error))?;
    let top = document.as_table();
    let below = top
        .get(MANAGE)
        .and_then(Item::as_table_like)
        .and_then(|manage| manage.get(DEPENDS_ON));
    let mut spans: Vec<Range<usize>> = top
        .get(DEPENDS_ON)
        .into_iter()
        .chain(below)
        .flat_map(|item| naming(item, from))
        .collect();
    if spans.is_empty() {
        return Ok(None);
    }
    // From the end, so that a replacement does not move the ones to come.
    spans.sort_by_key(|span| std::cmp::Reverse(span.start));
    let quoted = toml_edit::Value::from(to.as_str()).to_string();
    let mut edited = text.to_owned();
    for span in spans {
        edited.replace_range(span, &quoted);
    }
    Ok(Some(edited))
}

/// Finds where a list names the version.
fn naming(item: &Item, version: &Version) -> Vec<Range<usize>> {
    let Some(array) = item.as_array() else {
        return Vec::new();
    };
    array
        .iter()
        .filter(|value| {
            value
                .as_str()
                .is_some_and(|text| Version::of_directory(text) == *version)
        })
        .filter_map(toml_edit::Value::span)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &str) -> Option<String> {
        edit_depends_on(
            text,
            &Version::parse("20260101000000"),
            &Version::parse("20260303000000"),
        )
        .unwrap()
    }

    #[test]
    fn only_the_name_changes() {
        let before = "\u{feff}# keep é\r\nrun_in_transaction   =  false # so\r\n\r\n[manage]\r\ndepends_on = [\r\n  \
                      '2026-01-01-000000', # the old one\r\n  \"20260202000000\",\r\n]\r\n\
                      labels = ['20260101000000']\r\n";
        let after = "\u{feff}# keep é\r\nrun_in_transaction   =  false # so\r\n\r\n[manage]\r\ndepends_on = [\r\n  \
                     \"20260303000000\", # the old one\r\n  \"20260202000000\",\r\n]\r\n\
                     labels = ['20260101000000']\r\n";
        assert_eq!(edit(before).as_deref(), Some(after));
    }

    #[test]
    fn every_spelling_and_place_is_mended() {
        let before = "depends_on=[\"2026-01-01-000000_add_users\",\"1\"]\nmanage={depends_on=[\"20260101000000\"]}";
        let after =
            "depends_on=[\"20260303000000\",\"1\"]\nmanage={depends_on=[\"20260303000000\"]}";
        assert_eq!(edit(before).as_deref(), Some(after));
    }

    #[test]
    fn a_file_that_does_not_name_it_is_left_alone() {
        assert_eq!(edit(""), None);
        assert_eq!(edit("[manage]\ndepends_on = [\"20260101000001\"]"), None);
        assert_eq!(edit("[manage]\ndepends_on = \"20260101000000\""), None);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_touched() {
        let error = edit_depends_on("a = 1\nb = [", &Version::parse("1"), &Version::parse("2"))
            .unwrap_err();
        assert_eq!(error.position(), Some((2, 6)));
    }
}
