//! A settings file as it is written: typed, strict about its keys, and not yet understood.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::error::{ReaderError, SettingsError};
use super::hooks::RawHooks;
use super::overlay::{Given, Overlay};
use super::place::Place;
use super::value::{Merge, Named, OneOrMany, Scalar};
use super::yaml_error;

/// The keys at the top of a settings file.
const KEYS: &[&str] = &["default", "connections", "on", "hooks"];

/// One settings file.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawSettings {
    /// The name of the default connection.
    pub(crate) default: Given<Scalar>,
    /// The connections by name.
    pub(crate) connections: Given<Named<Given<RawConnection>>>,
    /// Answers for every connection that has none of its own.
    pub(crate) on: Given<RawAnswers>,
    /// Commands for every connection that has none of its own.
    pub(crate) hooks: Given<RawHooks>,
}

/// How deep lists and mappings in brackets may stand in each other; the YAML reader takes a time
/// that grows with the square of it.
const DEEPEST: usize = 1000;

impl RawSettings {
    /// Reads a file's text; nothing where it holds nothing. `file` is how to call it.
    pub(crate) fn read(text: &str, file: &str) -> Result<Option<Self>, SettingsError> {
        let mut depth: usize = 0;
        for c in text.chars() {
            match c {
                '[' | '{' => depth += 1,
                ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Err(SettingsError::Syntax {
                    place: Place {
                        file: file.to_owned(),
                        position: None,
                    },
                    source: ReaderError("too many brackets in each other".to_owned()),
                    hint: None,
                });
            }
        }
        serde_yaml::from_str(text).map_err(|error| yaml_error::translate(&error, text, file))
    }
}

impl Overlay for RawSettings {
    fn over(self, base: Self) -> Self {
        Self {
            default: self.default.over(base.default),
            connections: self.connections.over(base.connections),
            on: self.on.over(base.on),
            hooks: self.hooks.over(base.hooks),
        }
    }
}

/// Written by hand because of the keys that start with `x-`: they hold the anchors that
/// connections merge, and are nobody's setting.
impl<'de> Deserialize<'de> for RawSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Top;

        impl<'de> Visitor<'de> for Top {
            type Value = RawSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawSettings, A::Error> {
                let mut settings = RawSettings::default();
                while let Some(TopKey(key)) = map.next_key()? {
                    match key {
                        Some("default") => settings.default = once(&settings.default, &mut map)?,
                        Some("connections") => {
                            settings.connections = once(&settings.connections, &mut map)?;
                        }
                        Some("on") => settings.on = once(&settings.on, &mut map)?,
                        Some("hooks") => settings.hooks = once(&settings.hooks, &mut map)?,
                        Some(_) | None => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(settings)
            }
        }

        deserializer.deserialize_map(Top)
    }
}

/// Reads the value of a key that may come once.
fn once<'de, T, A>(existing: &Given<T>, map: &mut A) -> Result<Given<T>, A::Error>
where
    T: Deserialize<'de>,
    A: MapAccess<'de>,
{
    match existing {
        Given::Absent => map.next_value(),
        Given::Null | Given::Value(_) => Err(A::Error::custom("duplicate field `top`")),
    }
}

/// A key at the top; nothing where it starts with `x-`.
struct TopKey(Option<&'static str>);

impl<'de> Deserialize<'de> for TopKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = TopKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping with plain keys")
            }

            // The error is raised while the key is read, so that it carries the key's position.
            fn visit_str<E: Error>(self, written: &str) -> Result<TopKey, E> {
                match KEYS.iter().find(|key| **key == written) {
                    Some(key) => Ok(TopKey(Some(key))),
                    None if written.starts_with("x-") => Ok(TopKey(None)),
                    None => Err(E::unknown_field(written, KEYS)),
                }
            }
        }

        deserializer.deserialize_identifier(Name)
    }
}

/// One connection.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a mapping")]
pub(crate) struct RawConnection {
    #[serde(rename = "<<")]
    merge: Merge<RawConnection>,
    pub(crate) url: Given<Scalar>,
    pub(crate) driver: Given<Scalar>,
    pub(crate) host: Given<Scalar>,
    pub(crate) port: Given<Scalar>,
    pub(crate) database: Given<Scalar>,
    pub(crate) username: Given<Scalar>,
    pub(crate) password: Given<Scalar>,
    pub(crate) options: Given<Named<Given<Scalar>>>,
    pub(crate) migrations: Given<OneOrMany>,
    pub(crate) models: Given<OneOrMany>,
    pub(crate) schema_file: Given<Scalar>,
    pub(crate) protected: Given<Scalar>,
    pub(crate) order: Given<Scalar>,
    pub(crate) on_drift: Given<Scalar>,
    pub(crate) linear_history: Given<Scalar>,
    pub(crate) lock_timeout: Given<Scalar>,
    pub(crate) statement_timeout: Given<Scalar>,
    pub(crate) ddl_lock_timeout: Given<Scalar>,
    pub(crate) lock_retries: Given<Scalar>,
    pub(crate) tables: Given<RawTables>,
    pub(crate) types: Given<Named<Given<Scalar>>>,
    pub(crate) joinable: Given<Scalar>,
    pub(crate) on: Given<RawAnswers>,
    pub(crate) hooks: Given<RawHooks>,
    pub(crate) scratch_url: Given<Scalar>,
}

impl RawConnection {
    /// The connection with what it merges by `<<` laid below it.
    #[must_use]
    pub(crate) fn merged(mut self) -> Self {
        match self.merge.take() {
            Some(below) => self.over(below),
            None => self,
        }
    }

    /// The parts of the URL that are spelled out, with their keys.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &'static str> {
        let options = self.options.value().map(|_| "options");
        self.scalar_parts()
            .filter_map(|(key, part)| part.map(|_| key))
            .chain(options)
    }

    /// The parts that are single values.
    pub(crate) fn scalar_parts(&self) -> impl Iterator<Item = (&'static str, Option<&Scalar>)> {
        [
            ("driver", &self.driver),
            ("host", &self.host),
            ("port", &self.port),
            ("database", &self.database),
            ("username", &self.username),
            ("password", &self.password),
        ]
        .into_iter()
        .map(|(key, part)| (key, part.value()))
    }
}

impl Overlay for RawConnection {
    /// Lays one connection over another, key by key, but never mixes the two ways to write a
    /// URL: the way of the upper one wins.
    fn over(self, base: Self) -> Self {
        let own = self.merged();
        let mut base = base.merged();
        if own.url.value().is_some() {
            base.driver = Given::Absent;
            base.host = Given::Absent;
            base.port = Given::Absent;
            base.database = Given::Absent;
            base.username = Given::Absent;
            base.password = Given::Absent;
            base.options = Given::Absent;
        }
        if own.parts().next().is_some() {
            base.url = Given::Absent;
        }
        Self {
            merge: Merge::default(),
            url: own.url.over(base.url),
            driver: own.driver.over(base.driver),
            host: own.host.over(base.host),
            port: own.port.over(base.port),
            database: own.database.over(base.database),
            username: own.username.over(base.username),
            password: own.password.over(base.password),
            options: own.options.over(base.options),
            migrations: own.migrations.over(base.migrations),
            models: own.models.over(base.models),
            schema_file: own.schema_file.over(base.schema_file),
            protected: own.protected.over(base.protected),
            order: own.order.over(base.order),
            on_drift: own.on_drift.over(base.on_drift),
            linear_history: own.linear_history.over(base.linear_history),
            lock_timeout: own.lock_timeout.over(base.lock_timeout),
            statement_timeout: own.statement_timeout.over(base.statement_timeout),
            ddl_lock_timeout: own.ddl_lock_timeout.over(base.ddl_lock_timeout),
            lock_retries: own.lock_retries.over(base.lock_retries),
            tables: own.tables.over(base.tables),
            types: own.types.over(base.types),
            joinable: own.joinable.over(base.joinable),
            on: own.on.over(base.on),
            hooks: own.hooks.over(base.hooks),
            scratch_url: own.scratch_url.over(base.scratch_url),
        }
    }
}

/// Which tables are this connection's business.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a mapping")]
pub(crate) struct RawTables {
    pub(crate) include: Given<OneOrMany>,
    pub(crate) exclude: Given<OneOrMany>,
}

impl Overlay for RawTables {
    fn over(self, base: Self) -> Self {
        Self {
            include: self.include.over(base.include),
            exclude: self.exclude.over(base.exclude),
        }
    }
}

/// Answers given in advance.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a mapping")]
pub(crate) struct RawAnswers {
    pub(crate) diverged: Given<Scalar>,
    // The flag is written with a dash, so people will try it here.
    #[serde(alias = "out-of-order")]
    pub(crate) out_of_order: Given<Scalar>,
    pub(crate) edited: Given<Scalar>,
    pub(crate) missing: Given<Scalar>,
    pub(crate) duplicate: Given<Scalar>,
    pub(crate) unfinished: Given<Scalar>,
}

impl Overlay for RawAnswers {
    fn over(self, base: Self) -> Self {
        Self {
            diverged: self.diverged.over(base.diverged),
            out_of_order: self.out_of_order.over(base.out_of_order),
            edited: self.edited.over(base.edited),
            missing: self.missing.over(base.missing),
            duplicate: self.duplicate.over(base.duplicate),
            unfinished: self.unfinished.over(base.unfinished),
        }
    }
}
