//! The line and column of a value in a YAML text.
//!
//! The reader of the settings forgets positions, but it tells where an error arose. So a value is
//! found by reading the text once more with a visitor that walks down to it and fails there on
//! purpose. That takes place only when there is an error to report.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::key_path::{KeyPath, Segment};
use super::value::MERGE_KEY;

/// Line and column, counted from 1.
pub(crate) type Position = (usize, usize);

/// What marks the errors that are answers.
const HERE: &str = "\u{1}here";

/// Finds the value at a path.
pub(crate) fn of_value(text: &str, path: &KeyPath) -> Option<Position> {
    find(text, path, End::Value)
}

/// Finds the last key of a path.
pub(crate) fn of_key(text: &str, path: &KeyPath) -> Option<Position> {
    find(text, path, End::Key)
}

/// Finds the first key that stands twice in one mapping.
pub(crate) fn of_duplicate(text: &str) -> Option<(String, Position)> {
    let duplicate = RefCell::new(None);
    let walk = Walk {
        duplicate: &duplicate,
        steps: &Cell::new(0),
    };
    let position = answer(walk.deserialize(serde_yaml::Deserializer::from_str(text)))?;
    duplicate.into_inner().map(|key| (key, position))
}

fn find(text: &str, path: &KeyPath, end: End) -> Option<Position> {
    // What a mapping says itself goes before what it merges.
    [false, true].into_iter().find_map(|merges| {
        let search = Search {
            path: path.segments(),
            end,
            merges,
        };
        answer(search.deserialize(serde_yaml::Deserializer::from_str(text)))
    })
}

fn answer(result: Result<(), serde_yaml::Error>) -> Option<Position> {
    let error = result
        .err()
        .filter(|error| error.to_string().contains(HERE))?;
    error
        .location()
        .map(|location| (location.line(), location.column()))
}

/// What is looked for at the end of the path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Key,
    Value,
}

/// The scalars that lie on the way of a walk and stop nothing.
macro_rules! pass_scalars {
    () => {
        fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
            Ok(())
        }

        fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
            Ok(())
        }

        fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
            Ok(())
        }

        fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
            Ok(())
        }

        fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
            Ok(())
        }

        fn visit_unit<E: Error>(self) -> Result<(), E> {
            Ok(())
        }
    };
}

/// Walks down a path and fails at its end.
#[derive(Clone, Copy)]
struct Search<'a> {
    path: &'a [Segment],
    end: End,
    merges: bool,
}

impl<'de> DeserializeSeed<'de> for Search<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.path.is_empty() {
            deserializer.deserialize_any(Found)
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'de> Visitor<'de> for Search<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((Segment::Key(wanted), below)) = self.path.split_first() else {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(());
        };
        let stop = self.end == End::Key && below.is_empty();
        let seed = KeySearch { wanted, stop };
        while let Some(step) = map.next_key_seed(seed)? {
            match step {
                Step::Wanted => map.next_value_seed(Self {
                    path: below,
                    ..self
                })?,
                Step::Merge if self.merges => map.next_value_seed(InMerge(self))?,
                Step::Merge | Step::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        if let Some((Segment::Index(wanted), below)) = self.path.split_first() {
            for _ in 0..*wanted {
                items.next_element::<IgnoredAny>()?;
            }
            items.next_element_seed(Self {
                path: below,
                ..self
            })?;
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    pass_scalars!();
}

/// Goes on with a search in what is merged: a mapping, or a list of them.
struct InMerge<'a>(Search<'a>);

impl<'de> DeserializeSeed<'de> for InMerge<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for InMerge<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.0.visit_map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self.0)?.is_some() {}
        Ok(())
    }

    pass_scalars!();
}

/// What a key means for a search.
enum Step {
    Wanted,
    Merge,
    Other,
}

#[derive(Clone, Copy)]
struct KeySearch<'a> {
    wanted: &'a str,
    stop: bool,
}

impl<'de> DeserializeSeed<'de> for KeySearch<'_> {
    type Value = Step;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Step, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySearch<'_> {
    type Value = Step;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Step, E> {
        if key == self.wanted {
            if self.stop {
                Err(E::custom(HERE))
            } else {
                Ok(Step::Wanted)
            }
        } else if key == MERGE_KEY {
            Ok(Step::Merge)
        } else {
            Ok(Step::Other)
        }
    }
}

/// Fails on whatever it meets.
struct Found;

impl<'de> Visitor<'de> for Found {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Also the message for the kinds of value that are not named below.
        f.write_str(HERE)
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(A::Error::custom(HERE))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(A::Error::custom(HERE))
    }
}

/// How many values a walk looks at before it gives up; aliases can stand for any number of them.
const MOST_STEPS: usize = 1_000_000;

/// Reads everything and fails at a key that its mapping already has.
#[derive(Clone, Copy)]
struct Walk<'a> {
    duplicate: &'a RefCell<Option<String>>,
    steps: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS {
            return Err(D::Error::custom("too many values"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while map
            .next_key_seed(NewKey {
                seen: &mut seen,
                duplicate: self.duplicate,
            })?
            .is_some()
        {
            map.next_value_seed(self)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    pass_scalars!();
}

struct NewKey<'a> {
    seen: &'a mut HashSet<String>,
    duplicate: &'a RefCell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for NewKey<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NewKey<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        if self.seen.insert(key.to_owned()) {
            return Ok(());
        }
        self.duplicate.replace(Some(key.to_owned()));
        Err(E::custom(HERE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
x-base: &base
  host: localhost
connections:
  main:
    <<: *base
    url: sqlite://a
    migrations: [one, two]
";

    fn main(key: &str) -> KeyPath {
        KeyPath::connection("main").key(key)
    }

    #[test]
    fn a_value_is_found_at_its_first_character() {
        assert_eq!(of_value(TEXT, &main("url")), Some((6, 10)));
        assert_eq!(of_key(TEXT, &main("url")), Some((6, 5)));
        assert_eq!(of_value(TEXT, &main("migrations").index(1)), Some((7, 23)));
        assert_eq!(of_key(TEXT, &KeyPath::connection("main")), Some((4, 3)));
    }

    #[test]
    fn a_merged_value_is_found_where_it_is_written() {
        assert_eq!(of_value(TEXT, &main("host")), Some((2, 9)));
        assert_eq!(of_key(TEXT, &main("host")), Some((2, 3)));
    }

    #[test]
    fn what_is_not_there_has_no_position() {
        assert_eq!(of_value(TEXT, &main("port")), None);
        assert_eq!(of_value(TEXT, &main("url").key("deeper")), None);
        assert_eq!(of_value(TEXT, &main("migrations").index(2)), None);
        assert_eq!(of_value("", &main("url")), None);
        assert_eq!(of_value("a: [", &main("url")), None);
    }

    #[test]
    fn the_first_duplicate_is_found_at_its_second_key() {
        assert_eq!(of_duplicate(TEXT), None);
        assert_eq!(
            of_duplicate("a: {b: 1, c: 2, b: 3}"),
            Some(("b".to_owned(), (1, 17)))
        );
    }
}
