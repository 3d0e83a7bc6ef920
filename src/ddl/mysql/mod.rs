//! SQL for MySQL and MariaDB.
//!
//! Nothing of it is undone when a later statement fails, so what happens to one table is one `ALTER
//! TABLE` wherever the server takes it as one.

mod alter;
mod code;
mod column;
mod constraint;
mod create;
pub(crate) mod implied;
mod index;
mod nothing;
mod order;
mod references;
mod rename;
mod rows;
#[cfg(test)]
mod tests;
mod treatment;
mod write;

pub(super) use write::write;
