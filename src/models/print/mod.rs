//! A schema as a `schema.rs`, byte for byte as `diesel print-schema` and `rustfmt` write it.

mod joins;
mod layout;
mod lines;
mod patch;
#[expect(clippy::module_inception, reason = "the file of the function `print`")]
mod print;
mod tables;

pub use layout::same_but_for_layout;
pub use patch::{PatchError, patched};
pub use print::{LeftOut, Printed, print};
