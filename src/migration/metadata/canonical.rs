//! Reads the text that [`super::Metadata::render`] writes, without a parser: most files have it, and
//! there may be thousands of them.

use super::Metadata;
use crate::migration::version::Version;

/// The metadata, if the text is one that was written here, to the byte; `None` sends it to the parser.
pub(super) fn read(text: &str) -> Option<Metadata> {
    let (run_in_transaction, rest) =
        if let Some(rest) = text.strip_prefix("run_in_transaction = true\n") {
            (true, rest)
        } else {
            (false, text.strip_prefix("run_in_transaction = false\n")?)
        };
    let metadata = Metadata {
        run_in_transaction,
        ..Metadata::absent()
    };
    if rest.is_empty() {
        return Some(metadata);
    }
    let list = rest
        .strip_prefix("\n[manage]\ndepends_on = [")?
        .strip_suffix("]\n")?;
    let versions = if list.is_empty() {
        Vec::new()
    } else {
        list.split(", ").map(version).collect::<Option<_>>()?
    };
    Some(Metadata {
        depends_on: Some(versions),
        ..metadata
    })
}

fn version(quoted: &str) -> Option<Version> {
    let digits = quoted.strip_prefix('"')?.strip_suffix('"')?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| Version::parse(digits))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::*;
    use crate::migration::metadata::parse;

    proptest! {
        #[test]
        fn it_reads_what_is_written_as_the_parser_does(
            run_in_transaction in any::<bool>(),
            depends_on in option::of(vec("[0-9]{1,14}", 0..4)),
        ) {
            let depends_on = depends_on.map(|list| list.iter().map(|v| Version::parse(v)).collect());
            let metadata = Metadata { run_in_transaction, depends_on, ..Metadata::absent() };
            let text = metadata.render();
            prop_assert_eq!(parse::parse(&text), (metadata.clone(), vec![]));
            prop_assert_eq!(read(&text), Some(metadata));
        }

        #[test]
        fn what_it_takes_the_parser_takes_too(
            start in "(run_in_transaction = (true|false)\n)(\n\\[manage\\]\n(depends_on = \\[(\"[0-9a\"]{0,3}\"(, )?){0,3}\\]\n)?)?.{0,3}",
        ) {
            if let Some(metadata) = read(&start) {
                prop_assert_eq!(parse::parse(&start), (metadata, vec![]));
            }
        }
    }
}
