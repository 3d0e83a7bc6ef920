//! What becomes of rows that hold an enum value which goes.

use super::answers::Answers;
use super::question::Question;
use crate::schema::change::{Change, Edit};
use crate::schema::{Name, SqlType};

/// The questions about a change, one for each value that goes.
pub(super) fn questions(change: &Change, answers: &Answers) -> Vec<Question> {
    let Some((owner, from, to)) = values(change) else {
        return Vec::new();
    };
    from.iter()
        .enumerate()
        .filter(|(_, value)| !to.contains(value))
        .filter(|(_, value)| {
            !answers
                .enum_values
                .contains_key(&(owner.clone(), (*value).clone()))
                && !answers.allows_drop(&format!("{owner}.{value}"))
        })
        .map(|(at, value)| Question::EnumValue {
            owner: owner.clone(),
            value: value.clone(),
            values: likely(at, &from, &to),
        })
        .collect()
}

/// The values there are afterwards, those first that a value may be renamed to: the new one in its place,
/// then the other new ones.
fn likely(at: usize, from: &[String], to: &[String]) -> Vec<String> {
    let mut values: Vec<(bool, bool, &String)> = to
        .iter()
        .enumerate()
        .map(|(place, value)| {
            let is_old = from.contains(value);
            (is_old, is_old || place != at, value)
        })
        .collect();
    values.sort_by_key(|(is_old, elsewhere, _)| (*is_old, *elsewhere));
    values
        .into_iter()
        .map(|(_, _, value)| value.clone())
        .collect()
}

/// The values that a change removes, each with its owner.
pub(super) fn removed(change: &Change) -> Vec<(Name, String)> {
    let Some((owner, from, to)) = values(change) else {
        return Vec::new();
    };
    from.into_iter()
        .filter(|value| !to.contains(value))
        .map(|value| (owner.clone(), value))
        .collect()
}

/// The owner of an enum that changes, and its values before and after.
fn values(change: &Change) -> Option<(Name, Vec<String>, Vec<String>)> {
    if let Change::Enum(Edit::Alter { from, to }) = change {
        return Some((to.name.clone(), from.values.clone(), to.values.clone()));
    }
    if let Change::Column {
        table,
        edit: Edit::Alter { from, to },
    } = change
    {
        let owner = match &table.namespace {
            Some(namespace) => Name::within(format!("{namespace}.{}", table.name), &to.name),
            None => Name::within(&table.name, &to.name),
        };
        return Some((
            owner,
            inline_values(&from.sql_type)?,
            inline_values(&to.sql_type)?,
        ));
    }
    None
}

/// The values of an `enum('a','b')` type of MySQL.
fn inline_values(sql_type: &SqlType) -> Option<Vec<String>> {
    let text = sql_type.as_str();
    let inside = text
        .strip_prefix("enum(")
        .or_else(|| text.strip_prefix("ENUM("))?
        .strip_suffix(')')?;
    let mut values = Vec::new();
    let mut characters = inside.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\'' {
            continue;
        }
        let mut value = String::new();
        while let Some(character) = characters.next() {
            if character != '\'' {
                value.push(character);
            } else if characters.next_if_eq(&'\'').is_some() {
                value.push('\'');
            } else {
                break;
            }
        }
        values.push(value);
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_value_in_its_place_comes_first() {
        let values = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        let (from, to) = (values("sad okay happy"), values("sad ok great"));
        assert_eq!(likely(1, &from, &to), ["ok", "great", "sad"]);
        assert_eq!(likely(2, &from, &to), ["great", "ok", "sad"]);
    }

    #[test]
    fn the_values_of_an_enum_column_are_read_from_its_type() {
        let values = inline_values(&SqlType::new("enum('a','it''s, b','')"));
        assert_eq!(values.unwrap(), ["a", "it's, b", ""]);
        assert_eq!(inline_values(&SqlType::new("varchar(3)")), None);
    }
}
