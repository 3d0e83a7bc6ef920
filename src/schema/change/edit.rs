//! The three things that can happen to an element.

/// What happens to an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit<T> {
    /// It is new.
    Add(T),
    /// It goes.
    Drop(T),
    /// It stays and changes; a difference of nothing but the name is a rename.
    Alter {
        /// What it was.
        from: T,
        /// What it becomes.
        to: T,
    },
}

impl<T> Edit<T> {
    /// The way back.
    #[must_use]
    pub fn reverse(self) -> Self {
        match self {
            Self::Add(one) => Self::Drop(one),
            Self::Drop(one) => Self::Add(one),
            Self::Alter { from, to } => Self::Alter { from: to, to: from },
        }
    }

    /// What it becomes, or what it was where it goes.
    pub fn subject(&self) -> &T {
        match self {
            Self::Add(one) | Self::Drop(one) | Self::Alter { to: one, .. } => one,
        }
    }

    /// What is there before.
    pub fn before(&self) -> Option<&T> {
        match self {
            Self::Add(_) => None,
            Self::Drop(one) | Self::Alter { from: one, .. } => Some(one),
        }
    }

    /// What is there afterwards.
    pub fn after(&self) -> Option<&T> {
        match self {
            Self::Drop(_) => None,
            Self::Add(one) | Self::Alter { to: one, .. } => Some(one),
        }
    }
}
