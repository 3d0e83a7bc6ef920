//! Whether branches that were written side by side go together: whether the database comes out the same
//! in whatever order they are applied.
//!
//! What all of them follow is replayed, then the branches in one order, then the same in another. Each
//! branch comes first once, with the others behind it in turn and in reverse; and the order of versions,
//! in which every new database applies them, is tried too. For two and for three branches these are all
//! orders there are. Of more, every two stand in both orders, but not behind every choice of the others.

mod changes_rows;
mod orders;
mod outcome;
mod rows;
mod run;

pub use orders::{Lead, Order, Side, before, is_every_order, sides};
pub use outcome::{Clash, Commuted, Disagreement, Remark, WayBackFlaw};
pub use run::Commuter;
