//! What a project changes of what was printed.

use thiserror::Error;

/// Why a patch could not be laid over a printed schema.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatchError {
    /// It is no patch.
    #[error("not a patch in the unified format: {0}")]
    NotAPatch(String),
    /// The lines that it changes are not there.
    #[error("the patch does not fit what was printed: {0}")]
    DoesNotFit(String),
}

/// Lays a patch in the unified format over a text, as `diesel` does with its `patch_file`.
pub fn patched(text: &str, patch: &str) -> Result<String, PatchError> {
    let patch =
        diffy::Patch::from_str(patch).map_err(|error| PatchError::NotAPatch(error.to_string()))?;
    diffy::apply(text, &patch).map_err(|error| PatchError::DoesNotFit(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATCH: &str = "--- a/schema.rs\n+++ b/schema.rs\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n";

    #[test]
    fn a_patch_changes_the_lines_it_names() {
        assert_eq!(patched("a\nb\nc\n", PATCH).unwrap(), "a\nB\nc\n");
    }

    #[test]
    fn a_patch_for_another_text_is_refused() {
        assert!(matches!(
            patched("x\ny\n", PATCH),
            Err(PatchError::DoesNotFit(_))
        ));
        assert!(matches!(
            patched("a\n", "@@ no"),
            Err(PatchError::NotAPatch(_))
        ));
    }
}
