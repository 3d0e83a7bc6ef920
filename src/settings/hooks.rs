//! Commands of the project's own that run before and after: `hooks:` of the settings.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use super::error::SettingsError;
use super::key_path::KeyPath;
use super::nearest::nearest;
use super::overlay::{Given, Overlay};
use super::sources::Sources;
use super::value::{Scalar, refuse_more_than};

/// The most commands of a hook and the most arguments of a command.
const MOST: usize = 1000;

/// How a command that is not a list is corrected; the settings' errors use it as a hint.
pub(crate) const AS_LIST: &str = "write each command as a list: [[pg_dump, -f, backup.sql]]\n\
     or let a shell read it: [[sh, -c, \"pg_dump > backup.sql\"]]";

/// What a command is, in an error about its shape.
pub(crate) const A_COMMAND: &str = "a command as a list of its arguments";

/// What the value of a hook is.
pub(crate) const COMMANDS: &str = "a list of commands, each a list of its arguments";

/// When a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before what is applied changes.
    PreMigrate,
    /// After it has changed.
    PostMigrate,
    /// After a migration's files were written.
    PostWrite,
}

impl Moment {
    /// The key in the settings.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::PreMigrate => "pre_migrate",
            Self::PostMigrate => "post_migrate",
            Self::PostWrite => "post_write",
        }
    }

    /// The words that an argument may hold in braces.
    fn placeholders(self) -> &'static [&'static str] {
        match self {
            Self::PreMigrate | Self::PostMigrate => &["connection", "direction", "tag"],
            Self::PostWrite => &["connection", "path", "up", "down", "metadata"],
        }
    }
}

/// A command: a program and its arguments, never a line for a shell.
#[derive(Clone, PartialEq, Eq)]
pub struct Hook {
    /// Where it stands, such as `hooks.pre_migrate[0]`.
    pub key: String,
    /// The program.
    pub program: String,
    /// The arguments, with placeholders.
    pub arguments: Vec<String>,
    /// The whole as it was written: what came from a variable may be a secret.
    pub written: String,
}

/// Leaves out the arguments: one may be a secret.
impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook")
            .field("key", &self.key)
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

/// The commands of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hooks {
    /// Before what is applied changes.
    pub pre_migrate: Vec<Hook>,
    /// After it has changed.
    pub post_migrate: Vec<Hook>,
    /// After a migration's files were written.
    pub post_write: Vec<Hook>,
}

impl Hooks {
    /// The commands of a moment.
    #[must_use]
    pub fn at(&self, moment: Moment) -> &[Hook] {
        match moment {
            Moment::PreMigrate => &self.pre_migrate,
            Moment::PostMigrate => &self.post_migrate,
            Moment::PostWrite => &self.post_write,
        }
    }
}

/// `hooks:` as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a mapping")]
pub(crate) struct RawHooks {
    pre_migrate: Given<RawCommands>,
    post_migrate: Given<RawCommands>,
    post_write: Given<RawCommands>,
}

impl RawHooks {
    fn at(&self, moment: Moment) -> &Given<RawCommands> {
        match moment {
            Moment::PreMigrate => &self.pre_migrate,
            Moment::PostMigrate => &self.post_migrate,
            Moment::PostWrite => &self.post_write,
        }
    }
}

impl Overlay for RawHooks {
    fn over(self, base: Self) -> Self {
        Self {
            pre_migrate: self.pre_migrate.over(base.pre_migrate),
            post_migrate: self.post_migrate.over(base.post_migrate),
            post_write: self.post_write.over(base.post_write),
        }
    }
}

/// Commands, one after the other.
#[derive(Clone, Debug)]
struct RawCommands(Vec<RawCommand>);

impl Overlay for RawCommands {
    fn over(self, _base: Self) -> Self {
        self
    }
}

impl<'de> Deserialize<'de> for RawCommands {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        list(deserializer, COMMANDS).map(RawCommands)
    }
}

/// A program and its arguments.
#[derive(Clone, Debug)]
struct RawCommand(Vec<Scalar>);

impl<'de> Deserialize<'de> for RawCommand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        list(deserializer, A_COMMAND).map(RawCommand)
    }
}

/// A list and nothing else: what is one text would have to be taken apart as a shell does.
fn list<'de, T, D>(deserializer: D, expected: &'static str) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct List<T>(&'static str, std::marker::PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(item) = items.next_element()? {
                list.push(item);
                refuse_more_than::<A::Error>(MOST, list.len())?;
            }
            Ok(list)
        }

        fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }
    }

    deserializer.deserialize_any(List(expected, std::marker::PhantomData))
}

/// Works out the commands of a connection: its own where it has some for a moment, or else those for all.
pub(crate) fn resolve(
    sources: &Sources,
    own: Option<(&KeyPath, &RawHooks)>,
    common: &RawHooks,
) -> Result<Hooks, SettingsError> {
    let top = KeyPath::default();
    let at = |moment: Moment| {
        let said = own
            .into_iter()
            .chain([(&top, common)])
            .find(|(_, hooks)| !matches!(hooks.at(moment), Given::Absent));
        let Some((path, hooks)) = said else {
            return Ok(Vec::new());
        };
        let path = path.key("hooks").key(moment.key());
        let Some(RawCommands(commands)) = hooks.at(moment).value() else {
            return Ok(Vec::new());
        };
        commands
            .iter()
            .enumerate()
            .map(|(index, command)| one(sources, moment, &path.index(index), command))
            .collect::<Result<_, _>>()
    };
    Ok(Hooks {
        pre_migrate: at(Moment::PreMigrate)?,
        post_migrate: at(Moment::PostMigrate)?,
        post_write: at(Moment::PostWrite)?,
    })
}

fn one(
    sources: &Sources,
    moment: Moment,
    path: &KeyPath,
    RawCommand(words): &RawCommand,
) -> Result<Hook, SettingsError> {
    let bad =
        |path: &KeyPath, expected: String, suggestion: Option<String>| SettingsError::BadValue {
            key: path.to_string(),
            place: sources.place(path),
            expected,
            suggestion,
        };
    let mut texts = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        let path = path.index(index);
        let text = sources.text(&path, word)?;
        if text.contains('\0') {
            return Err(bad(&path, "must not hold a NUL character".to_owned(), None));
        }
        // What is written is looked at: a variable's value may hold anything.
        if let Some((found, meant)) = mistaken(&word.0, moment) {
            let known: Vec<_> = moment
                .placeholders()
                .iter()
                .map(|word| format!("`{{{word}}}`"))
                .collect();
            return Err(bad(
                &path,
                format!(
                    "must not hold `{{{found}}}`; the placeholders of `{}` are {}",
                    moment.key(),
                    known.join(", ")
                ),
                meant,
            ));
        }
        texts.push(text);
    }
    let mut texts = texts.into_iter();
    let Some(program) = texts.next().filter(|program| !program.trim().is_empty()) else {
        return Err(bad(path, "must name a program".to_owned(), None));
    };
    let written: Vec<_> = words.iter().map(|word| shown(&word.0)).collect();
    Ok(Hook {
        key: path.to_string(),
        program,
        arguments: texts.collect(),
        written: written.join(" "),
    })
}

/// A word as a person would type it.
fn shown(word: &str) -> String {
    let word = word.replace(char::is_control, " ");
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,{}$".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word
    } else {
        format!("'{}'", word.trim())
    }
}

/// A placeholder that is another moment's, or almost one of this; other braces are left alone.
fn mistaken(text: &str, moment: Moment) -> Option<(String, Option<String>)> {
    let known: Vec<String> = moment
        .placeholders()
        .iter()
        .map(|word| (*word).to_owned())
        .collect();
    let others = [
        "connection",
        "direction",
        "tag",
        "path",
        "up",
        "down",
        "metadata",
    ];
    text.match_indices('{').find_map(|(at, _)| {
        // `${up}` is a variable.
        if text[..at].ends_with('$') {
            return None;
        }
        let (word, _) = text[at + 1..].split_once('}')?;
        if known.iter().any(|known| known == word)
            || word.is_empty()
            || !word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            return None;
        }
        let meant = nearest(word, &known).map(|near| format!("{{{near}}}"));
        (meant.is_some() || others.contains(&word)).then(|| (word.to_owned(), meant))
    })
}

#[cfg(test)]
mod tests;
