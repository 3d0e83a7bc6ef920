//! How far the building of an index is.

/// How far the building of an index is, in the server's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexBuild {
    /// What is being done: `building index: scanning table`.
    pub phase: String,
    /// How much of that is done, if it can be counted.
    pub percent: Option<u8>,
    /// How many sessions have to end their transactions first, and one of them.
    pub waits_for: Option<(u32, i64)>,
}
