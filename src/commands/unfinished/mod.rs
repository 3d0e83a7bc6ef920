//! A migration that an earlier run began and did not finish: shown, asked about, and brought to an end.

mod act;
mod decide;
mod error;
mod meanwhile;
mod settle;
mod under_way;

pub(super) use meanwhile::{LeftMeanwhile, anew};
pub(super) use settle::{
    Left, Settled, Settling, look, outcome, settle, steps_back, was_taken_back,
};
pub(super) use under_way::tell_under_way;
