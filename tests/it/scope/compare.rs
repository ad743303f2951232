//! Whether two answers say the same.

use serde_json::Value;
use std::collections::BTreeMap;

/// How far two numbers may be apart, relative to the larger one (or to 1).
const TOLERANCE: f64 = 1e-9;

/// What is different, for people; `None` = nothing. Two errors are alike. `ordered` = the order
/// of values is part of the answer.
pub fn difference(one: &Value, other: &Value, ordered: bool) -> Option<String> {
    match (one["status"] == "success", other["status"] == "success") {
        (false, false) => return None,
        (true, true) => {}
        _ => return Some(format!("one is an error: {} | {}", short(one), short(other))),
    }
    let (one, other) = (&one["data"], &other["data"]);
    let kind = &one["resultType"];
    if *kind != other["resultType"] {
        return Some(format!("{kind} is no {}", other["resultType"]));
    }
    if kind != "vector" && kind != "matrix" {
        let same = same(&one["result"], &other["result"]);
        return (!same).then(|| format!("{} | {}", short(one), short(other)));
    }
    let (first, second) = (by_labels(one), by_labels(other));
    if ordered && !same(&values(one), &values(other)) {
        return Some(format!("another order: {} | {}", short(one), short(other)));
    }
    for (labels, item) in &first {
        match second.get(labels) {
            None => return Some(format!("only one has {labels}")),
            Some(found) if alike(item, found) => {}
            Some(found) => return Some(format!("{} | {}", short(item), short(found))),
        }
    }
    let more = second.keys().find(|labels| !first.contains_key(*labels))?;
    Some(format!("only the other has {more}"))
}

/// Number of series, or 1 for a scalar; 0 for an error.
pub fn size(answer: &Value) -> usize {
    match &answer["data"]["resultType"] {
        Value::String(kind) if kind == "vector" || kind == "matrix" => {
            answer["data"]["result"].as_array().map_or(0, Vec::len)
        }
        Value::String(_) => 1,
        _ => 0,
    }
}

/// Values in the order of the answer. Which of two equal ones comes first is not defined.
fn values(data: &Value) -> Value {
    let items = data["result"].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| item["value"].clone()).collect()
}

fn by_labels(data: &Value) -> BTreeMap<String, &Value> {
    let items = data["result"].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| (item["metric"].to_string(), item)).collect()
}

fn alike(one: &Value, other: &Value) -> bool {
    ["value", "values", "histogram", "histograms"]
        .iter()
        .all(|field| same(&one[*field], &other[*field]))
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|it| same(one, it)))
        }
        (Value::String(text), Value::String(found)) => {
            text == found
                || matches!((text.parse(), found.parse()), (Ok(one), Ok(other)) if near(one, other))
        }
        (one, other) => one == other,
    }
}

fn near(one: f64, other: f64) -> bool {
    one == other
        || one.is_nan() && other.is_nan()
        || (one - other).abs() <= TOLERANCE * one.abs().max(other.abs()).max(1.0)
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(400).collect()
}

#[test]
fn numbers_may_differ_a_little_and_labels_not_at_all() {
    let vector = |label: &str, value: &str| {
        let items = serde_json::json!([{"metric": {"a": label}, "value": [1, value]}]);
        serde_json::json!({"status": "success", "data": {"resultType": "vector", "result": items}})
    };
    let base = vector("x", "1000");
    assert_eq!(difference(&base, &vector("x", "1000.0000000001"), true), None);
    assert_eq!(difference(&vector("x", "NaN"), &vector("x", "NaN"), true), None);
    for other in [vector("x", "1000.1"), vector("y", "1000"), vector("x", "NaN")] {
        assert!(difference(&base, &other, false).is_some(), "{other}");
    }
    let none =
        serde_json::json!({"status": "success", "data": {"resultType": "vector", "result": []}});
    assert!(difference(&base, &none, false).is_some() && difference(&none, &base, false).is_some());
    assert!(difference(&base, &serde_json::json!({"status": "error"}), false).is_some());
}
