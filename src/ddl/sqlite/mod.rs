//! SQL for SQLite: `ALTER TABLE` where it can, and a new table with the old one's rows where it cannot.
//!
//! A file a subject: what each kind of thing is written like, what can be done in place, how a table is
//! made anew, what has to step aside meanwhile, and the order of it all.

mod add_column;
mod copy;
mod guard;
mod in_place;
mod index;
mod mention;
mod order;
mod programs;
mod rebuild;
mod references;
mod rename;
mod spelling;
mod table;
mod tables;
mod write;
mod zero;

#[cfg(test)]
mod tests;

pub(super) use write::write;
