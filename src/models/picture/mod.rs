//! Entity-relationship pictures of a schema: its tables, and the foreign keys between them.

mod arrange;
mod columns;
mod diagram;
mod dot;
mod mermaid;
mod svg;
mod text;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;
pub(crate) use text::{escaped, quoted};
