//! JSON as a transcript can show it.

use serde_json::Value;

use crate::support::Output;

/// The whole output with durations taken out of its JSON, and a line for each member of each object
/// and each item of its lists.
pub(crate) fn pretty(output: &Output) -> String {
    let mut shown = output.clone();
    shown.stdout = output
        .json()
        .into_iter()
        .map(|mut value| {
            still(&mut value);
            object(&value)
        })
        .collect();
    shown.to_string()
}

fn object(value: &Value) -> String {
    let Value::Object(members) = value else {
        return format!("{value}\n");
    };
    let members: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("  \"{key}\": {}", member(value)))
        .collect();
    format!("{{\n{}\n}}\n", members.join(",\n"))
}

fn member(value: &Value) -> String {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let items: Vec<String> = items.iter().map(|item| format!("    {item}")).collect();
            format!("[\n{}\n  ]", items.join(",\n"))
        }
        Value::Array(_)
        | Value::Object(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => value.to_string(),
    }
}

fn still(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if key == "milliseconds" && value.is_number() {
                    *value = Value::from("[elapsed]");
                } else {
                    still(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(still),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
