//! How values become another type.

use super::answers::Answers;
use super::question::Question;
use crate::schema::change::{Change, Edit};
use crate::schema::{Schema, SqlType};
use crate::sql::{Product, Server};

/// The question about a change, where there is one. Only PostgreSQL refuses to convert what it has no
/// cast for; the others convert, or fail on the rows that they cannot.
pub(super) fn question(
    server: Server,
    desired: &Schema,
    change: &Change,
    answers: &Answers,
) -> Option<Question> {
    match server.product {
        Product::Sqlite | Product::Mysql | Product::Mariadb => return None,
        Product::Postgres => {}
    }
    let Change::Column {
        table,
        edit: Edit::Alter { from, to },
    } = change
    else {
        return None;
    };
    let at = (table.clone(), to.name.clone());
    if from.sql_type == to.sql_type || answers.casts.contains_key(&at) {
        return None;
    }
    let converts = has_cast(desired, &from.sql_type, &to.sql_type);
    (!converts).then(|| Question::Cast {
        table: at.0,
        column: at.1,
        from: from.sql_type.clone(),
        to: to.sql_type.clone(),
    })
}

/// What casts to what by `::`, in groups; from any type to text and from text to any type there is one.
const GROUPS: &[&[&str]] = &[
    &[
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
        "money",
        "oid",
    ],
    &["integer", "boolean"],
    &[
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
    ],
    &[
        "time without time zone",
        "time with time zone",
        "timestamp without time zone",
        "timestamp with time zone",
    ],
    &["interval", "time without time zone"],
    &["json", "jsonb"],
    &["inet", "cidr"],
    &["macaddr", "macaddr8"],
    &["bit", "bit varying", "integer", "bigint"],
];

const TEXTS: &[&str] = &["text", "character varying", "character", "name", "citext"];

/// Whether `USING value::type` is something the server knows.
fn has_cast(desired: &Schema, from: &SqlType, to: &SqlType) -> bool {
    let (from, to) = (bare(from), bare(to));
    // An array is cast element by element.
    match (from.strip_suffix("[]"), to.strip_suffix("[]")) {
        (Some(from), Some(to)) => return known(desired, from, to),
        (None, Some(_)) => return false,
        (Some(_), None) => return TEXTS.contains(&to.as_str()),
        (None, None) => {}
    }
    known(desired, &from, &to)
}

fn known(desired: &Schema, from: &str, to: &str) -> bool {
    let is_domain = |name: &str| {
        desired
            .domains
            .iter()
            .any(|domain| domain.name.to_string() == name)
    };
    from == to
        || TEXTS.contains(&from)
        || TEXTS.contains(&to)
        || is_domain(from)
        || is_domain(to)
        || GROUPS
            .iter()
            .any(|group| group.contains(&from) && group.contains(&to))
}

/// The type without lengths and precision.
fn bare(sql_type: &SqlType) -> String {
    let text = sql_type.as_str();
    match (text.find('('), text.find(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", &text[..open], &text[close + 1..])
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(from: &str, to: &str) -> bool {
        has_cast(&Schema::default(), &SqlType::new(from), &SqlType::new(to))
    }

    #[test]
    fn what_the_server_converts_is_not_asked() {
        assert!(has("integer", "bigint"));
        assert!(has(
            "timestamp(3) without time zone",
            "timestamp with time zone"
        ));
        assert!(has("character varying(50)", "mood"));
        assert!(has("integer[]", "bigint[]"));
        assert!(!has("text", "text[]"));
        assert!(!has("integer", "date"));
        assert!(!has("bytea", "uuid"));
    }
}
