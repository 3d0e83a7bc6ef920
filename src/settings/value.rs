//! The shapes a value may have in a settings file.
//!
//! Every scalar is kept as the text that was written: `${VAR}` may stand for a number as well as
//! for a word, and a password that looks like a number must keep its leading zeros.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::overlay::Overlay;

/// The key whose value is merged into the mapping it stands in.
pub(crate) const MERGE_KEY: &str = "<<";

/// The most items of a list and the most entries of a mapping. Nobody writes as many; but aliases
/// of aliases could stand for more than fit into memory.
const MOST: usize = 1000;

/// The most mappings that one `<<` merges.
const MOST_MERGED: usize = 16;

/// One value, as written. It may be a password, so `Debug` does not show it.
#[derive(Clone)]
pub(crate) struct Scalar(pub(crate) String);

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scalar")
    }
}

impl Overlay for Scalar {
    fn over(self, _base: Self) -> Self {
        self
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a single value")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(text.to_owned()))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// One value, or a list of them.
#[derive(Clone, Debug)]
pub(crate) enum OneOrMany {
    /// A value on its own.
    One(Scalar),
    /// A list, possibly empty.
    Many(Vec<Scalar>),
}

impl Overlay for OneOrMany {
    fn over(self, _base: Self) -> Self {
        self
    }
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a single value or a list")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany::One(Scalar(text.to_owned())))
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<OneOrMany, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<OneOrMany, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<OneOrMany, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<OneOrMany, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<OneOrMany, A::Error> {
                let mut many = Vec::new();
                while let Some(item) = items.next_element()? {
                    many.push(item);
                    refuse_more_than(MOST, many.len())?;
                }
                Ok(OneOrMany::Many(many))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// A mapping with names of the user's own choice, in the order of the file.
#[derive(Clone, Debug)]
pub(crate) struct Named<T>(pub(crate) Vec<(String, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Overlay> Overlay for Named<T> {
    fn over(self, base: Self) -> Self {
        let mut result = base.0;
        for (name, value) in self.0 {
            match result.iter().position(|(existing, _)| *existing == name) {
                Some(index) => {
                    let (name, below) = result.remove(index);
                    result.insert(index, (name, value.over(below)));
                }
                None => result.push((name, value)),
            }
        }
        Self(result)
    }
}

impl<'de, T: Deserialize<'de> + Overlay> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Overlay> Visitor<'de> for Entries<T> {
            type Value = Named<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named<T>, A::Error> {
                let mut entries: Vec<(String, T)> = Vec::new();
                let mut merges = Merge::default();
                while let Some(Scalar(name)) = map.next_key()? {
                    if name == MERGE_KEY {
                        merges = map.next_value()?;
                    } else if entries.iter().any(|(existing, _)| *existing == name) {
                        return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
                    } else {
                        entries.push((name, map.next_value()?));
                        refuse_more_than(MOST, entries.len())?;
                    }
                }
                Ok(merges.under(Named(entries)))
            }
        }

        deserializer.deserialize_map(Entries(PhantomData))
    }
}

/// The value of `<<`: one mapping, or a list of them of which the earlier win. What is kept is
/// what they say together.
#[derive(Clone, Debug)]
pub(crate) struct Merge<T>(Option<Box<T>>);

impl<T> Default for Merge<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Overlay> Merge<T> {
    /// Takes out what is merged.
    pub(crate) fn take(&mut self) -> Option<T> {
        self.0.take().map(|below| *below)
    }

    /// Lays what the mapping itself says over what it merges.
    fn under(mut self, own: T) -> T {
        match self.take() {
            Some(below) => own.over(below),
            None => own,
        }
    }
}

impl<'de, T: Deserialize<'de> + Overlay> Deserialize<'de> for Merge<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Overlay> Visitor<'de> for Either<T> {
            type Value = Merge<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping or a list of mappings")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Merge<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
                    .map(|one| Merge(Some(Box::new(one))))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Merge<T>, A::Error> {
                let mut merged: Option<T> = None;
                let mut count = 0;
                while let Some(item) = items.next_element()? {
                    merged = Some(match merged {
                        Some(above) => above.over(item),
                        None => item,
                    });
                    count += 1;
                    refuse_more_than(MOST_MERGED, count)?;
                }
                Ok(Merge(merged.map(Box::new)))
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}

/// Refuses what is longer than anybody writes.
pub(crate) fn refuse_more_than<E: Error>(most: usize, count: usize) -> Result<(), E> {
    if count > most {
        return Err(E::custom(format_args!("more than {most} items")));
    }
    Ok(())
}
