//! A column gets another type.

use super::column::{alter, typed};
use super::plan::{Phase, Plan};
use super::text::{ident, literal};
use super::type_name::{Family, element, family, is_of, same_base};
use crate::schema::{Column, EnumType, Name};

/// `ALTER COLUMN … TYPE`, with `USING` where the server would not convert by itself.
pub(super) fn change(plan: &mut Plan<'_>, table: &Name, from: &Column, to: &Column) {
    let key = (table.clone(), to.name.clone());
    let using = match plan.decisions.casts.get(&key) {
        Some(cast) => Some(cast.clone()),
        None if from.generated.is_some() && to.generated.is_some() => None,
        None => using(plan, from, to),
    };
    let using = using.map_or_else(String::new, |using| format!(" USING {using}"));
    plan.push(
        Phase::AlterColumn,
        format!("{} TYPE {}{using}", alter(table, &to.name), typed(to)),
    );
}

fn using(plan: &mut Plan<'_>, from: &Column, to: &Column) -> Option<String> {
    let (old, new) = (from.sql_type.as_str(), to.sql_type.as_str());
    let column = ident(&to.name);
    let schemas = [&plan.difference.base, &plan.difference.to];
    let is_enum = |sql_type: &str| {
        schemas
            .iter()
            .any(|schema| schema.enums.iter().any(|one| is_of(sql_type, &one.name)))
    };
    let (was_enum, becomes_enum) = (is_enum(old), is_enum(new));
    if becomes_enum {
        return Some(through_text(plan, &column, old, new, was_enum));
    }
    if plan.again.is_replaced(new) {
        let base = ultimate_base(plan, new);
        let cast = if is_enum(&base) {
            through_text(plan, &column, old, &base, true)
        } else {
            format!("{column}::{base}")
        };
        return Some(if base == new {
            cast
        } else {
            format!("{cast}::{new}")
        });
    }
    if element(new) == Some(old) {
        return Some(format!("ARRAY[{column}]"));
    }
    if same_base(old, new) {
        return None;
    }
    match (family(old), family(new)) {
        (Family::Boolean, Family::Whole | Family::Number) if new != "integer" => {
            Some(format!("{column}::integer::{new}"))
        }
        (Family::Whole | Family::Number, Family::Boolean) if old != "integer" => {
            Some(format!("{column} <> 0"))
        }
        (Family::Time, Family::ZonedTime) if old != "date" => {
            plan.remark(ZONE);
            Some(format!("{column} AT TIME ZONE 'UTC'"))
        }
        (Family::ZonedTime, Family::Time) => {
            plan.remark(ZONE);
            let cast = if new == "date" { "::date" } else { "" };
            Some(format!("({column} AT TIME ZONE 'UTC'){cast}"))
        }
        (Family::Whole | Family::Number, Family::Whole | Family::Number)
        | (Family::Json, Family::Json)
        | (Family::Bits, Family::Bits)
        | (Family::Time, Family::Time)
        | (_, Family::Text) => None,
        // From a text it is what the text says; everything else becomes a value.
        (
            Family::Whole
            | Family::Number
            | Family::Boolean
            | Family::Bits
            | Family::Time
            | Family::ZonedTime
            | Family::Other,
            Family::Json,
        ) => Some(if new == "json" {
            format!("to_json({column})")
        } else {
            format!("to_jsonb({column})")
        }),
        (
            Family::Whole
            | Family::Number
            | Family::Text
            | Family::Boolean
            | Family::Json
            | Family::Bits
            | Family::Time
            | Family::ZonedTime
            | Family::Other,
            _,
        ) => Some(format!("{column}::{new}")),
    }
}

const ZONE: &str = "times are taken as UTC where a column with a time zone becomes one without, or the other way round";

/// What a domain is made of in the end; an array of it, an array of that.
fn ultimate_base(plan: &Plan<'_>, new: &str) -> String {
    let mut base = element(new).unwrap_or(new).to_owned();
    // Domains cannot go in circles, but what a person hands in might.
    for _ in 0..plan.difference.to.domains.len() {
        let domains = &plan.difference.to.domains;
        match domains.iter().find(|one| is_of(&base, &one.name)) {
            Some(domain) => base = domain.base.to_string(),
            None => break,
        }
    }
    match element(new) {
        Some(_) => format!("{base}[]"),
        None => base,
    }
}

/// To an enum, through the text of the value; removed values become what was decided.
fn through_text(plan: &Plan<'_>, column: &str, old: &str, new: &str, was_enum: bool) -> String {
    let removed = removed(plan, new);
    match (element(old), element(new)) {
        (Some(_), Some(_)) => {
            let text = format!("{column}::text[]");
            let text = removed.iter().fold(text, |text, (value, replacement)| {
                format!(
                    "array_replace({text}, {}, {})",
                    literal(value),
                    literal(replacement)
                )
            });
            format!("{text}::{new}")
        }
        (None, Some(one)) => format!("ARRAY[{column}::text::{one}]"),
        (Some(_) | None, None) if removed.is_empty() => {
            let through = if was_enum || family(old) != Family::Text {
                "::text"
            } else {
                ""
            };
            format!("{column}{through}::{new}")
        }
        (Some(_) | None, None) => {
            let whens: Vec<String> = removed
                .iter()
                .map(|(value, replacement)| {
                    format!("WHEN {} THEN {}", literal(value), literal(replacement))
                })
                .collect();
            let whens = whens.join(" ");
            format!("(CASE {column}::text {whens} ELSE {column}::text END)::{new}")
        }
    }
}

/// The removed values of an enum and what becomes of them.
fn removed(plan: &Plan<'_>, sql_type: &str) -> Vec<(String, String)> {
    let of = |enums: &'_ [EnumType]| enums.iter().find(|one| is_of(sql_type, &one.name)).cloned();
    match (
        of(&plan.difference.base.enums),
        of(&plan.difference.to.enums),
    ) {
        (Some(from), Some(to)) => super::enum_type::decided(plan.decisions, &from, &to),
        (_, _) => Vec::new(),
    }
}
