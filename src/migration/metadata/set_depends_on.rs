//! Says what a migration follows, in a metadata.toml that may be there already.

use std::ops::Range;

use toml_edit::{Document, DocumentMut, Item, Table, TableLike, value};

use super::parse::unparsable;
use super::{DEPENDS_ON, MANAGE, Metadata, MetadataProblem, RUN_IN_TRANSACTION};
use crate::migration::version::Version;

/// Makes the text of a metadata.toml depend on exactly these versions; `None` is a file that is not there.
///
/// What Diesel reads stays what it is: where `run_in_transaction` is missing, the value that its absence
/// has is written out. Everything else stays byte for byte, for the file belongs to its author.
///
/// # Errors
/// The text is no TOML, and Diesel ignores it.
pub fn set_depends_on(text: Option<&str>, versions: &[Version]) -> Result<String, MetadataProblem> {
    let Some(text) = text else {
        let metadata = Metadata {
            depends_on: Some(versions.to_vec()),
            ..Metadata::absent()
        };
        return Ok(metadata.render());
    };
    let document = Document::parse(text).map_err(|error| unparsable(text, &error))?;
    let (before, _) = Metadata::parse(text);
    let spelled_out = spell_out(text, document.as_table());
    let wanted = Metadata {
        depends_on: Some(versions.to_vec()),
        ..before
    };
    // In which order they stand says nothing.
    let sorted = |mut metadata: Metadata| {
        if let Some(list) = &mut metadata.depends_on {
            list.sort();
        }
        metadata
    };
    let wanted = sorted(wanted);
    let says_so = |edited: &String| sorted(Metadata::parse(edited).0) == wanted;
    let edited = Document::parse(spelled_out.as_str())
        .ok()
        .and_then(|document| edit(&spelled_out, document.as_table(), versions))
        .filter(says_so);
    match edited {
        Some(edited) => Ok(edited),
        // A value of another type, or a shape that nobody thought of.
        None => rewrite(text, &spelled_out, versions),
    }
}

/// Puts `run_in_transaction` first where Diesel misses it.
fn spell_out(text: &str, top: &dyn TableLike) -> String {
    if top.contains_key(RUN_IN_TRANSACTION) {
        return text.to_owned();
    }
    let (mark, rest) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    format!("{mark}{RUN_IN_TRANSACTION} = false{}{rest}", newline(text))
}

/// Edits the list where it stands, or adds it; `None` where there is no place for it.
fn edit(text: &str, top: &dyn TableLike, versions: &[Version]) -> Option<String> {
    let manage = top.get(MANAGE);
    let below = manage
        .and_then(Item::as_table_like)
        .and_then(|manage| manage.get(DEPENDS_ON));
    if let Some(list) = below.or_else(|| top.get(DEPENDS_ON)) {
        return replace(text, list, versions);
    }
    let list = format!("{DEPENDS_ON} = {}", quoted(versions));
    let newline = newline(text);
    match manage {
        None => {
            let end = if text.ends_with('\n') { "" } else { newline };
            Some(format!(
                "{text}{end}{newline}[{MANAGE}]{newline}{list}{newline}"
            ))
        }
        Some(Item::Table(table)) if !table.is_implicit() && !table.is_dotted() => {
            let header = table.span()?;
            let after = header.start
                + text
                    .get(header.start..)?
                    .find('\n')
                    .map_or_else(|| text.len() - header.start, |line_feed| line_feed + 1);
            let lead = if text[..after].ends_with('\n') {
                ""
            } else {
                newline
            };
            Some(inserted(text, after, &format!("{lead}{list}{newline}")))
        }
        Some(item) => {
            let braces = item.as_inline_table()?.span()?;
            let comma = if item.as_inline_table()?.is_empty() {
                " "
            } else {
                ","
            };
            Some(inserted(text, braces.start + 1, &format!(" {list}{comma}")))
        }
    }
}

/// Changes a list to other versions: what stays is not touched, and comments in it are kept.
fn replace(text: &str, list: &Item, versions: &[Version]) -> Option<String> {
    let whole = list.as_value()?.span()?;
    let Some(items) = items(list) else {
        return Some(replaced(text, &[(whole, quoted(versions))]));
    };
    let mut new: Vec<&Version> = versions
        .iter()
        .filter(|version| items.iter().all(|(_, item)| item != *version))
        .collect();
    let mut gone: Vec<&Range<usize>> = items
        .iter()
        .filter(|(_, item)| !versions.contains(item))
        .map(|(span, _)| span)
        .collect();
    let is_plain = !text.get(whole.clone())?.contains(['#', '\n']);
    if new.len() != gone.len() && is_plain {
        return Some(replaced(text, &[(whole, quoted(versions))]));
    }
    let paired = new.len().min(gone.len());
    let mut edits: Vec<(Range<usize>, String)> = gone
        .drain(..paired)
        .zip(new.drain(..paired))
        .map(|(span, version)| (span.clone(), quote(version)))
        .collect();
    for span in gone {
        edits.push((span.start..with_comma(text, span.end), String::new()));
    }
    if !new.is_empty() {
        let more: Vec<String> = new.iter().map(|version| quote(version)).collect();
        let more = more.join(", ");
        edits.push(match items.last() {
            Some((span, _)) => (span.end..span.end, format!(", {more}")),
            None => (whole.start + 1..whole.start + 1, more),
        });
    }
    Some(replaced(text, &edits))
}

/// The items of a list of texts, with their places.
fn items(list: &Item) -> Option<Vec<(Range<usize>, Version)>> {
    list.as_array()?
        .iter()
        .map(|item| Some((item.span()?, Version::of_directory(item.as_str()?))))
        .collect()
}

/// The end of an item together with the comma behind it, if only blanks are between.
fn with_comma(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if rest[blanks..].starts_with(',') {
        end + blanks + 1
    } else {
        end
    }
}

/// Sets the value through the parser: comments are kept, line endings may change.
fn rewrite(text: &str, spelled_out: &str, versions: &[Version]) -> Result<String, MetadataProblem> {
    let mut document: DocumentMut = spelled_out
        .parse()
        .map_err(|error| unparsable(text, &error))?;
    let list: toml_edit::Array = versions.iter().map(Version::as_str).collect();
    let top = document.as_table_mut();
    let stands_above = top.contains_key(DEPENDS_ON)
        && !top
            .get(MANAGE)
            .and_then(Item::as_table_like)
            .is_some_and(|manage| manage.contains_key(DEPENDS_ON));
    if stands_above {
        top[DEPENDS_ON] = value(list);
        return Ok(document.to_string());
    }
    if top.get(MANAGE).is_none_or(|item| !item.is_table_like()) {
        top[MANAGE] = Item::Table(Table::new());
    }
    top[MANAGE][DEPENDS_ON] = value(list);
    Ok(document.to_string())
}

fn inserted(text: &str, at: usize, more: &str) -> String {
    replaced(text, &[(at..at, more.to_owned())])
}

/// Replaces pieces of a text that do not overlap.
fn replaced(text: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut edits: Vec<_> = edits.iter().collect();
    // From the end, so that a replacement does not move the ones to come.
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut edited = text.to_owned();
    for (span, with) in edits {
        edited.replace_range(span.clone(), with);
    }
    edited
}

fn quoted(versions: &[Version]) -> String {
    let list: Vec<String> = versions.iter().map(quote).collect();
    format!("[{}]", list.join(", "))
}

fn quote(version: &Version) -> String {
    toml_edit::Value::from(version.as_str()).to_string()
}

/// How the lines of a text end.
fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::*;

    fn versions(texts: &[&str]) -> Vec<Version> {
        texts.iter().map(|text| Version::parse(text)).collect()
    }

    fn set(text: &str, to: &[&str]) -> String {
        set_depends_on(Some(text), &versions(to)).unwrap()
    }

    #[test]
    fn a_file_that_is_not_there_is_written() {
        let text = set_depends_on(None, &versions(&["1", "2"])).unwrap();
        assert_eq!(
            text,
            "run_in_transaction = true\n\n[manage]\ndepends_on = [\"1\", \"2\"]\n"
        );
    }

    #[test]
    fn what_diesel_reads_from_a_file_without_the_key_is_written_out() {
        assert_eq!(
            set("", &["1"]),
            "run_in_transaction = false\n\n[manage]\ndepends_on = [\"1\"]\n"
        );
        assert_eq!(
            set("\u{feff}# mine\r\n[manage]\r\nlabels = ['a']\r\n", &["1"]),
            "\u{feff}run_in_transaction = false\r\n# mine\r\n[manage]\r\ndepends_on = [\"1\"]\r\nlabels = ['a']\r\n"
        );
        assert_eq!(
            set("[manage]\nrun_in_transaction = true", &["1"]),
            "run_in_transaction = false\n[manage]\ndepends_on = [\"1\"]\nrun_in_transaction = true"
        );
    }

    #[test]
    fn a_list_is_changed_where_it_stands() {
        let head = "run_in_transaction   =  true # so\r\n\r\n[manage]\r\n";
        let tail = "\r\nlabels = ['1']\r\n";
        for (before, to, after) in [
            (
                "depends_on = ['1'] # c",
                vec!["9"],
                "depends_on = [\"9\"] # c",
            ),
            ("depends_on = ['1', '2']", vec!["9"], "depends_on = [\"9\"]"),
            ("depends_on = ['1', '2']", vec!["2"], "depends_on = [\"2\"]"),
            ("depends_on = []", vec!["9"], "depends_on = [\"9\"]"),
            ("depends_on=['1']", vec![], "depends_on=[]"),
            (
                "depends_on = ['1', '2']",
                vec!["2", "9"],
                "depends_on = [\"9\", '2']",
            ),
            (
                "depends_on = ['0001_users']",
                vec!["0001"],
                "depends_on = ['0001_users']",
            ),
        ] {
            let text = format!("{head}{before}{tail}");
            assert_eq!(set(&text, &to), format!("{head}{after}{tail}"));
        }
    }

    #[test]
    fn comments_in_a_list_are_kept() {
        let before =
            "run_in_transaction = true\n[manage]\ndepends_on = [\n  '1', # one\n  '2' # two\n]\n";
        insta::assert_snapshot!(set(before, &["9", "2"]), @r#"
        run_in_transaction = true
        [manage]
        depends_on = [
          "9", # one
          '2' # two
        ]
        "#);
        insta::assert_snapshot!(set(before, &["2"]), @"
        run_in_transaction = true
        [manage]
        depends_on = [
           # one
          '2' # two
        ]
        ");
        insta::assert_snapshot!(set(before, &["1"]), @"
        run_in_transaction = true
        [manage]
        depends_on = [
          '1', # one
           # two
        ]
        ");
        insta::assert_snapshot!(set(before, &["1", "2", "3"]), @r#"
        run_in_transaction = true
        [manage]
        depends_on = [
          '1', # one
          '2', "3" # two
        ]
        "#);
    }

    #[test]
    fn every_place_for_the_key_is_found() {
        let set = |text: &str| set(&format!("run_in_transaction = true\n{text}"), &["9"]);
        insta::assert_snapshot!(set("depends_on = ['1']\n[theirs]\nx = 1\n"), @r#"
        run_in_transaction = true
        depends_on = ["9"]
        [theirs]
        x = 1
        "#);
        insta::assert_snapshot!(set("manage = { labels = ['a'] } # c\n"), @r#"
        run_in_transaction = true
        manage = { depends_on = ["9"], labels = ['a'] } # c
        "#);
        insta::assert_snapshot!(set("manage = {}\n"), @r#"
        run_in_transaction = true
        manage = { depends_on = ["9"] }
        "#);
        insta::assert_snapshot!(set("# c\nmanage.labels = ['a']\n"), @r#"
        run_in_transaction = true
        # c
        manage.labels = ['a']
        manage.depends_on = ["9"]
        "#);
        insta::assert_snapshot!(set("[theirs]\nx = 1"), @r#"
        run_in_transaction = true
        [theirs]
        x = 1

        [manage]
        depends_on = ["9"]
        "#);
        insta::assert_snapshot!(set("[manage] # ours"), @r#"
        run_in_transaction = true
        [manage] # ours
        depends_on = ["9"]
        "#);
        insta::assert_snapshot!(set("[manage]\ndepends_on = \"1\" # c\n"), @r#"
        run_in_transaction = true
        [manage]
        depends_on = ["9"] # c
        "#);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_touched() {
        let error = set_depends_on(Some("a = 1\nb = ["), &versions(&["1"])).unwrap_err();
        assert_eq!(error.position(), Some((2, 6)));
    }

    proptest! {
        #[test]
        fn what_is_set_is_read_and_nothing_else_changes(
            run_in_transaction in any::<bool>(),
            before in option::of(vec("[0-9]{1,4}", 0..4)),
            after in vec("[0-9]{1,4}", 0..4),
            labels in vec("[a-z]{1,3}", 0..3),
            noise in option::of("[a-z]{1,5}"),
        ) {
            let list = |texts: &[String]| -> Vec<Version> {
                let mut list: Vec<_> = texts.iter().map(|text| Version::parse(text)).collect();
                list.dedup();
                list
            };
            let metadata = Metadata {
                run_in_transaction,
                depends_on: before.map(|before| list(&before)),
                labels,
                replaces: Vec::new(),
                description: None,
            };
            let text = format!(
                "{}{}",
                metadata.render(),
                noise.map(|word| format!("# {word}\n")).unwrap_or_default()
            );
            let mut after = list(&after);
            after.sort();
            after.dedup();
            let edited = set_depends_on(Some(&text), &after).unwrap();
            let (mut read, problems) = Metadata::parse(&edited);
            // The order of a list says nothing.
            if let Some(list) = &mut read.depends_on {
                list.sort();
                list.dedup();
            }
            prop_assert_eq!(read, Metadata { depends_on: Some(after), ..metadata });
            prop_assert_eq!(problems, vec![]);
        }
    }
}
