//! What is tried on a scratch database before anybody's own is touched: replaying the directory, and
//! proving that a migration does what it should and comes back.

mod column_order;
mod commute;
mod elsewhere;
mod error;
mod prove;
mod replay;
mod rows;
mod samples;
mod verify;

pub use commute::{
    Clash, Commuted, Commuter, Disagreement, Lead, Order, Remark, Side, WayBackFlaw, before,
    is_every_order, sides,
};
pub use elsewhere::{Elsewhere, leads_out};
pub use error::ProofError;
pub use prove::{Flaw, Problem, Stage, Trial, prove};
pub use replay::{Workbench, replay, replay_these};
pub use rows::{Contents, RowsDiffer, TableRows, contents, differ};
pub use verify::{Verified, Verifier, WayBack};
