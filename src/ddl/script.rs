//! The SQL of one direction of a migration.

/// Statements in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The statements, each without a `;` at its end.
    pub statements: Vec<String>,
    /// Whether they may and should run in one transaction; Diesel's `run_in_transaction`. Where not, they
    /// bring their own `BEGIN` and `COMMIT` if they need them.
    pub transactional: bool,
    /// What a reader of the file should know, for a comment above the statements: sentences.
    pub remarks: Vec<String>,
}
