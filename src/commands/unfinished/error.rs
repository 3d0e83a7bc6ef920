//! Why an unfinished migration stays unfinished.

use crate::backend::Direction;
use crate::error::{Explain, Kind};

pub(super) const NOTHING_CHANGED: &str = "nothing was changed";

/// What can be done by hand, and is then said.
pub(super) fn by_hand(direction: Direction, on: &str) -> [String; 2] {
    let undone = match direction {
        Direction::Up => "or forget it, when what is in effect was undone by hand",
        Direction::Down => "or leave it applied, when what was reverted is there again",
    };
    [
        format!(
            "or record it as it is, when the rest was done by hand: manage resume{on} --mark-done"
        ),
        format!("{undone}: manage resume{on} --mark-undone"),
    ]
}

/// Somebody chose to stop.
#[derive(Debug, thiserror::Error)]
#[error("stopped, because {0}")]
pub(super) struct Stopped(pub(super) String);

impl Explain for Stopped {
    fn details(&self) -> Vec<String> {
        vec![NOTHING_CHANGED.to_owned()]
    }
}

/// It cannot be gone on with.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` cannot be resumed")]
pub(super) struct CannotResume {
    pub(super) name: String,
    pub(super) why: Vec<String>,
    pub(super) hint: String,
    pub(super) direction: Direction,
    pub(super) on: String,
}

impl Explain for CannotResume {
    fn details(&self) -> Vec<String> {
        let nothing = NOTHING_CHANGED.to_owned();
        self.why.iter().cloned().chain([nothing]).collect()
    }

    fn hints(&self) -> Vec<String> {
        std::iter::once(self.hint.clone())
            .chain(by_hand(self.direction, &self.on))
            .collect()
    }
}

/// What is in effect cannot be taken back.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` cannot be taken back: {why}")]
pub(super) struct CannotUndo {
    pub(super) name: String,
    pub(super) why: String,
    pub(super) direction: Direction,
    pub(super) on: String,
}

impl Explain for CannotUndo {
    fn details(&self) -> Vec<String> {
        vec![NOTHING_CHANGED.to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        let [_, undone] = by_hand(self.direction, &self.on);
        vec![format!("go on with it: manage resume{}", self.on), undone]
    }
}

/// The server goes on with what a killed run began.
#[derive(Debug, thiserror::Error)]
#[error("session {session} of the run that was killed is still at work on `{name}`")]
pub(super) struct StillAtWork {
    pub(super) name: String,
    pub(super) session: i64,
}

impl Explain for StillAtWork {
    fn details(&self) -> Vec<String> {
        vec![NOTHING_CHANGED.to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "wait until it has ended, then run the same command again".to_owned(),
            format!("or end session {} on the server", self.session),
        ]
    }
}

/// Ctrl-C while waiting for it.
#[derive(Debug, thiserror::Error)]
#[error("stopped by Ctrl-C while waiting for the server")]
pub(super) struct Interrupted;

impl Explain for Interrupted {
    fn kind(&self) -> Kind {
        Kind::Cancelled
    }

    fn details(&self) -> Vec<String> {
        vec![NOTHING_CHANGED.to_owned()]
    }
}
