//! Why an unfinished migration stays unfinished.

use crate::error::{Explain, Kind};

/// Somebody chose to stop.
#[derive(Debug, thiserror::Error)]
#[error("stopped, because {0}")]
pub(super) struct Stopped(pub(super) String);

impl Explain for Stopped {
    fn details(&self) -> Vec<String> {
        vec!["nothing was changed".to_owned()]
    }
}

/// It cannot be gone on with.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` cannot be resumed")]
pub(super) struct CannotResume {
    pub(super) name: String,
    pub(super) why: Vec<String>,
    pub(super) hint: String,
    pub(super) on: String,
}

impl Explain for CannotResume {
    fn details(&self) -> Vec<String> {
        let nothing = "nothing was changed".to_owned();
        self.why.iter().cloned().chain([nothing]).collect()
    }

    fn hints(&self) -> Vec<String> {
        vec![
            self.hint.clone(),
            format!(
                "or record it as it is, when the rest was done by hand: manage resume{} --mark-done",
                self.on
            ),
        ]
    }
}

/// What is in effect cannot be taken back.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` cannot be taken back: {why}")]
pub(super) struct CannotUndo {
    pub(super) name: String,
    pub(super) why: String,
    pub(super) on: String,
}

impl Explain for CannotUndo {
    fn details(&self) -> Vec<String> {
        vec!["nothing was changed".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec![format!("go on with it: manage resume{}", self.on)]
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
        vec!["nothing was changed".to_owned()]
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
        vec!["nothing was changed".to_owned()]
    }
}
