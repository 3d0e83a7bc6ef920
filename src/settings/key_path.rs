//! The way to a value in a settings file, such as `connections.main.migrations[1]`.

use std::fmt;

/// One step of the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    /// Into a mapping.
    Key(String),
    /// Into a list.
    Index(usize),
}

/// Where a value stands, from the top of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyPath(Vec<Segment>);

impl KeyPath {
    /// The path of a key at the top of the file.
    pub(crate) fn top(key: &str) -> Self {
        Self::default().key(key)
    }

    /// The path of a connection.
    pub(crate) fn connection(name: &str) -> Self {
        Self::top("connections").key(name)
    }

    /// One key further down.
    pub(crate) fn key(&self, key: &str) -> Self {
        self.with(Segment::Key(key.to_owned()))
    }

    /// One list item further down.
    pub(crate) fn index(&self, index: usize) -> Self {
        self.with(Segment::Index(index))
    }

    /// Whether the value may be read from a file: those of a connection that are secrets, or hold one.
    pub(crate) fn is_read_from_files(&self) -> bool {
        let [Segment::Key(top), Segment::Key(_), Segment::Key(key)] = self.0.as_slice() else {
            return false;
        };
        top == "connections"
            && matches!(
                key.as_str(),
                "url" | "scratch_url" | "username" | "password"
            )
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.0
    }

    fn with(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) if position == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
