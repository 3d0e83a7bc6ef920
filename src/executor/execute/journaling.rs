//! Keeps the journal of one step, so that whatever ends it leaves at most one statement in doubt.

use std::ops::ControlFlow;

use crate::backend::{DatabaseError, Lock, News, Note, Session, Stop};
use crate::history::{
    Identity, JournalPlace, JournalRow, JournalState, forget_run, statement_checksum,
};
use crate::migration::Step;
use crate::sql::{self, Statement};

/// How many statements one row tells of at the most: servers refuse packets of a few megabytes.
const MOST_IN_A_ROW: usize = 50_000;

/// The longest text of a statement that is kept, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;

pub(super) struct Journaling<'a> {
    pub(super) step: &'a Step,
    /// The statements of the file.
    pub(super) all: &'a [Statement<'a>],
    /// Which of them are sent, in order.
    pub(super) sent: &'a [usize],
    /// How many were in effect before.
    pub(super) from: usize,
    pub(super) place: JournalPlace,
    pub(super) identity: &'a Identity,
    pub(super) lock: Option<&'a Lock>,
    /// How many statements are told of by rows that stay.
    covered: usize,
    /// The same, if the last row stays too.
    pending: usize,
    /// The statement that the last row says has begun.
    begun: Option<usize>,
    has_written: bool,
}

impl<'a> Journaling<'a> {
    pub(super) fn new(
        step: &'a Step,
        all: &'a [Statement<'a>],
        sent: &'a [usize],
        from: usize,
        place: JournalPlace,
        identity: &'a Identity,
        lock: Option<&'a Lock>,
    ) -> Self {
        Self {
            step,
            all,
            sent,
            from,
            place,
            identity,
            lock,
            covered: from,
            pending: from,
            begun: None,
            has_written: from > 0,
        }
    }

    pub(super) fn note(
        &mut self,
        note: &Note<'_>,
        session: &mut dyn Session,
    ) -> Result<ControlFlow<Stop>, DatabaseError> {
        let kept = done_of(note.kept, self.sent, self.from);
        if kept >= self.pending {
            self.covered = self.pending;
        }
        let goes_on = match note.news {
            News::Done(count) => {
                let done = done_of(count, self.sent, self.from);
                self.write(JournalState::Done, done, None, None, session)?
            }
            News::Begins(index) => match self.sent.get(index) {
                // It is run again for what it does to the session.
                Some(index) if *index < self.from => true,
                Some(index) => {
                    self.write(JournalState::Started, *index, Some(*index), None, session)?
                }
                None => true,
            },
            News::Parts => match self.begun {
                Some(_) => self.write(JournalState::Done, kept, None, None, session)?,
                None => true,
            },
            News::Halts { refused } => {
                self.halt(kept, refused, session)?;
                true
            }
        };
        Ok(if goes_on {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(Stop::LockLost)
        })
    }

    /// Of the statement that has begun nothing is left.
    pub(super) fn clear(&mut self) {
        self.begun = None;
    }

    /// Nothing is in doubt then, unless the server may have done a part of what it refused.
    fn halt(
        &mut self,
        kept: usize,
        refused: Option<(usize, &DatabaseError)>,
        session: &mut dyn Session,
    ) -> Result<(), DatabaseError> {
        let refused = refused.and_then(|(index, error)| Some((*self.sent.get(index)?, error)));
        let state = match refused {
            None => JournalState::Stopped,
            Some((index, _)) if index < self.from => JournalState::Stopped,
            Some((index, _)) => {
                let stood_alone = self.begun == Some(index);
                if stood_alone && !sql::fails_whole(self.all[index].text, session.dialect()) {
                    JournalState::Broken
                } else {
                    JournalState::Failed
                }
            }
        };
        if kept == 0 && state != JournalState::Broken {
            if self.has_written {
                forget_run(&self.place, &self.step.version, session)?;
            }
            return Ok(());
        }
        let statement = refused
            .map(|(index, _)| index)
            .filter(|_| state != JournalState::Stopped);
        let error = refused.map(|(_, error)| error.message.as_str());
        self.write(state, kept, statement, error, session)?;
        Ok(())
    }

    /// Adds rows that tell of everything up to here; `false` if the lock is lost.
    fn write(
        &mut self,
        state: JournalState,
        done: usize,
        statement: Option<usize>,
        error: Option<&str>,
        session: &mut dyn Session,
    ) -> Result<bool, DatabaseError> {
        let dialect = session.dialect();
        let end = statement.map_or(done, |statement| done.max(statement + 1));
        let mut first = self.covered.min(end);
        loop {
            let last = end.min(first + MOST_IN_A_ROW);
            let checksums: Vec<String> = self.all[first..last]
                .iter()
                .map(|statement| statement_checksum(statement.text, dialect))
                .collect();
            let is_whole = last == end;
            // A server quotes what it refuses, so its words are as secret as the statement.
            let shown = statement
                .filter(|_| is_whole)
                .and_then(|index| self.all.get(index))
                .map(|statement| statement.text)
                .filter(|text| !sql::keeps_secret(text, dialect));
            let row = JournalRow {
                version: &self.step.version,
                name: &self.step.name,
                direction: self.step.direction,
                state: if is_whole { state } else { JournalState::Done },
                done: if is_whole { done } else { last },
                statement: statement.filter(|_| is_whole),
                statements: self.all.len(),
                first,
                checksums: &checksums,
                sql: shown.filter(|text| text.len() <= LONGEST_TEXT),
                error: error.filter(|_| shown.is_some()),
            };
            let fence = self.lock.and_then(Lock::fence);
            if !row.write(&self.place, self.identity, fence, session)? {
                return Ok(false);
            }
            self.has_written = true;
            if is_whole {
                break;
            }
            first = last;
        }
        self.pending = end;
        self.begun = statement.filter(|_| state == JournalState::Started);
        Ok(true)
    }

    /// The migration is recorded, so nothing is under way.
    pub(super) fn forget(&self, session: &mut dyn Session) -> Result<(), DatabaseError> {
        if self.has_written {
            forget_run(&self.place, &self.step.version, session)?;
        }
        Ok(())
    }
}

/// How many statements of the file are in effect when so many of those that are sent are.
pub(super) fn done_of(count: usize, sent: &[usize], from: usize) -> usize {
    let last = count.checked_sub(1).and_then(|last| sent.get(last));
    last.map_or(from, |index| from.max(index + 1))
}
