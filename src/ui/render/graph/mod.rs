//! The graph of migrations: drawn in letters, and as pictures.

mod drawing;
mod letters;
mod order;
mod picture;
#[cfg(test)]
mod tests;
mod text;
mod view;

pub use drawing::{Drawing, Link, Row};
pub use letters::{Letters, in_letters};
pub use order::{Order, next_rows};
pub use picture::{dot, mermaid, svg};
pub use text::{branches, history, history_heading, nodes};
pub use view::View;
pub(super) use view::shown;
