//! metadata.toml: what is written is read again, and an edit does what it says.

use diesel_manage::migration::{Metadata, Version, set_depends_on};

/// Panics where the law does not hold.
pub(crate) fn holds(text: &str) {
    let (metadata, problems) = Metadata::parse(text);
    for problem in &problems {
        assert!(!problem.to_string().contains('\n'), "{problem}");
        if let Some((line, _)) = problem.position() {
            assert!(line <= text.matches('\n').count() + 1);
        }
    }
    let (again, _) = Metadata::parse(&metadata.render());
    assert_eq!(again, metadata);
    let versions = [Version::parse("2026-01-01-120000"), Version::parse("7")];
    if let Ok(edited) = set_depends_on(Some(text), &versions) {
        let (after, _) = Metadata::parse(&edited);
        assert_eq!(after.depends_on.as_deref(), Some(&versions[..]));
        assert_eq!(after.run_in_transaction, metadata.run_in_transaction);
        assert_eq!(after.labels, metadata.labels);
        assert_eq!(
            set_depends_on(Some(&edited), &versions).as_ref(),
            Ok(&edited)
        );
    }
}
