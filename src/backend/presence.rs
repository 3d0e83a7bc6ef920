//! Whether one thing is in the catalogue.

/// What the catalogue says of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is there.
    There,
    /// It is not.
    Absent,
    /// It is there and cannot be used: an index that was not built to its end.
    Invalid,
    /// This kind of server cannot be asked.
    Unknown,
}

impl Presence {
    pub(super) fn of(is_there: bool) -> Self {
        if is_there { Self::There } else { Self::Absent }
    }
}
