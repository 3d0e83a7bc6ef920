//! Whether a statement in doubt is in effect: the catalogue is asked for what it would have left.

use crate::backend::{Database, DatabaseError, Presence};
use crate::sql::{self, Dialect, Mark, Object, Statement, Trace};

/// Whether a statement is in effect, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is.
    InEffect(String),
    /// It is not.
    NotInEffect(String),
    /// It does not matter.
    Repeatable,
    /// The database does not tell.
    Unknown(String),
}

impl Effect {
    /// Asks for the effect of a statement, and for what it left half-built; the statements before it may
    /// have led the session elsewhere.
    pub(super) fn of(
        text: &str,
        before: &[Statement<'_>],
        database: &mut dyn Database,
    ) -> Result<(Self, Option<Object>), DatabaseError> {
        let dialect = database.dialect();
        let unknown = |why: &str| Ok((Self::Unknown(why.to_owned()), None));
        let marks = match sql::trace(text, dialect) {
            Trace::Repeatable => return Ok((Self::Repeatable, None)),
            Trace::Unseen => return unknown("it leaves nothing with a name"),
            Trace::Marks { marks, .. } => marks,
        };
        if dialect == Dialect::Postgres
            && before
                .iter()
                .any(|statement| sql::mentions_search_path(statement.text))
        {
            return unknown("the file changes where names are looked for");
        }
        let within = before
            .iter()
            .rev()
            .find_map(|statement| sql::used_database(statement.text))
            .filter(|_| dialect == Dialect::Mysql);
        let mut facts = Vec::new();
        let mut broken = None;
        let (mut yes, mut no) = (0, 0);
        for Mark { object, appears } in &marks {
            let (is_there, state) = match database.presence(object, within.as_deref())? {
                Presence::There => (true, "is there"),
                Presence::Absent => (false, "is not there"),
                Presence::Invalid => {
                    broken = appears.then(|| object.clone());
                    (!appears, "is there but was not built to its end")
                }
                Presence::Unknown => return unknown(&format!("{object} cannot be looked for")),
            };
            facts.push(format!("{object} {state}"));
            if is_there == *appears {
                yes += 1;
            } else {
                no += 1;
            }
        }
        let fact = facts.join(", ");
        let effect = match (yes, no) {
            (_, 0) => Self::InEffect(fact),
            (0, _) => Self::NotInEffect(fact),
            (_, _) => Self::Unknown(fact),
        };
        Ok((effect, broken))
    }
}
