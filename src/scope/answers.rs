//! Answers of Prometheus and Alertmanager, cut down to what is in scope.
//!
//! An object belongs to the project its labels name; without one it is not shown. What is kept is
//! copied into a new answer field by field on the upper levels, so that what a later version adds
//! beside it stays hidden until somebody decided about it.

use super::{Projects, paths::Answer, projects::LABEL, request::Bounds};
use crate::model::re2;
use serde_json::{Map, Value, json};

/// An answer that is not in the form it always has, and so cannot be shown in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer has another form than is known, and so cannot be cut down to a scope")]
pub struct Unreadable;

/// What of an answer is in scope; `None` where it was about one thing that is not. `is_seen` says
/// of a time interval whether its name may be told.
///
/// # Errors
/// [`Unreadable`]: nothing of it may be shown.
pub fn cut(
    answer: Answer,
    body: &[u8],
    bounds: &Bounds,
    projects: &Projects,
    is_seen: &dyn Fn(&str) -> bool,
) -> Result<Option<Vec<u8>>, Unreadable> {
    if answer == Answer::Confined || projects.is_all() {
        return Ok(Some(body.to_vec()));
    }
    let read: Value = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let Some(shown) = shown(answer, read, bounds, projects, is_seen)? else { return Ok(None) };
    serde_json::to_vec(&shown).map(Some).map_err(|_| Unreadable)
}

fn shown(
    answer: Answer,
    read: Value,
    bounds: &Bounds,
    projects: &Projects,
    is_seen: &dyn Fn(&str) -> bool,
) -> Result<Option<Value>, Unreadable> {
    let success = |data: Value| json!({"status": "success", "data": data});
    Ok(Some(match answer {
        Answer::Confined => return Err(Unreadable),
        Answer::Rules => success(rules(data(read)?, projects)?),
        Answer::Alerts => {
            let alerts = kept(list(&mut data(read)?, "alerts")?, "labels", projects);
            success(json!({ "alerts": alerts }))
        }
        Answer::Targets => success(targets(data(read)?, projects)?),
        Answer::TargetsMetadata => success(kept(data(read)?, "target", projects)),
        Answer::Metadata => success(metadata(kept(data(read)?, "target", projects), bounds)),
        Answer::Received => held_back(kept(array(read)?, "labels", projects), is_seen),
        Answer::Groups => groups(array(read)?, projects, is_seen)?,
        Answer::Silences => only(array(read)?, |silence| is_within(silence, projects)),
        Answer::Silence if read.is_object() => {
            return Ok(Some(read).filter(|silence| is_within(silence, projects)));
        }
        Answer::Silence => return Err(Unreadable),
    }))
}

/// `data` of a Prometheus answer that says `success`.
fn data(mut answer: Value) -> Result<Value, Unreadable> {
    if answer["status"] != "success" {
        return Err(Unreadable);
    }
    answer.get_mut("data").map(Value::take).ok_or(Unreadable)
}

fn array(value: Value) -> Result<Value, Unreadable> {
    if value.is_array() { Ok(value) } else { Err(Unreadable) }
}

fn list(value: &mut Value, field: &str) -> Result<Value, Unreadable> {
    match value.get_mut(field).map(Value::take) {
        Some(Value::Null) => Ok(Value::Array(Vec::new())),
        Some(found) => array(found),
        None => Err(Unreadable),
    }
}

/// The items of a list of which `keep` holds; of what is no list, none.
fn only(items: Value, keep: impl Fn(&Value) -> bool) -> Value {
    let items = if let Value::Array(items) = items { items } else { Vec::new() };
    Value::Array(items.into_iter().filter(|item| keep(item)).collect())
}

/// The items whose labels in `field` are in scope.
fn kept(items: Value, field: &str, projects: &Projects) -> Value {
    only(items, |item| item[field][LABEL].as_str().is_some_and(|name| projects.holds(name)))
}

/// The fields of an object that are in `names`.
fn fields(object: &mut Value, names: &[&str]) -> Map<String, Value> {
    let field = |name: &&str| Some(((*name).to_owned(), object.get_mut(*name)?.take()));
    names.iter().filter_map(field).collect()
}

fn rules(mut data: Value, projects: &Projects) -> Result<Value, Unreadable> {
    const GROUP: &[&str] =
        &["name", "file", "interval", "limit", "evaluationTime", "lastEvaluation"];
    let mut groups = Vec::new();
    for mut group in elements(list(&mut data, "groups")?) {
        let mut rules = kept(list(&mut group, "rules")?, "labels", projects);
        for rule in rules.as_array_mut().into_iter().flatten() {
            if let Some(alerts) = rule.get_mut("alerts") {
                *alerts = kept(alerts.take(), "labels", projects);
            }
        }
        if rules.as_array().is_some_and(|rules| !rules.is_empty()) {
            let mut shown = fields(&mut group, GROUP);
            shown.insert("rules".to_owned(), rules);
            groups.push(Value::Object(shown));
        }
    }
    Ok(json!({ "groups": groups }))
}

fn elements(value: Value) -> Vec<Value> {
    if let Value::Array(items) = value { items } else { Vec::new() }
}

/// Without those that were dropped, of which nobody knows whose they would have been, and without
/// the labels that service discovery gave.
fn targets(mut data: Value, projects: &Projects) -> Result<Value, Unreadable> {
    let mut active = kept(list(&mut data, "activeTargets")?, "labels", projects);
    for target in active.as_array_mut().into_iter().flatten() {
        target["discoveredLabels"] = json!({});
    }
    Ok(json!({ "activeTargets": active, "droppedTargets": [], "droppedTargetCounts": {} }))
}

/// `{metric: [{type, help, unit}]}`, each entry once.
fn metadata(items: Value, bounds: &Bounds) -> Value {
    let mut metrics = Map::new();
    for mut item in elements(items) {
        let named = item.get_mut("metric").map(Value::take).unwrap_or_default();
        let named = named.as_str().filter(|name| !name.is_empty()).map(str::to_owned);
        let Some(metric) = named.or_else(|| bounds.metric.clone()) else { continue };
        let entry = Value::Object(fields(&mut item, &["type", "help", "unit"]));
        let full = bounds.metrics.is_some_and(|most| metrics.len() >= most);
        if full && !metrics.contains_key(&metric) {
            continue;
        }
        let entries = metrics.entry(metric).or_insert_with(|| json!([]));
        let Value::Array(entries) = entries else { continue };
        let room = bounds.per_metric.is_none_or(|most| entries.len() < most);
        if room && !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    Value::Object(metrics)
}

/// Alerts that name of the time intervals which mute them those alone that may be seen.
fn held_back(mut alerts: Value, is_seen: &dyn Fn(&str) -> bool) -> Value {
    for alert in alerts.as_array_mut().into_iter().flatten() {
        if let Some(names) = alert.pointer_mut("/status/mutedBy") {
            *names = only(names.take(), |name| name.as_str().is_some_and(is_seen));
        }
    }
    alerts
}

fn groups(
    read: Value,
    projects: &Projects,
    is_seen: &dyn Fn(&str) -> bool,
) -> Result<Value, Unreadable> {
    let mut groups = Vec::new();
    for mut group in elements(read) {
        let alerts = held_back(kept(list(&mut group, "alerts")?, "labels", projects), is_seen);
        if alerts.as_array().is_some_and(|alerts| !alerts.is_empty()) {
            let mut shown = fields(&mut group, &["labels", "receiver"]);
            shown.insert("alerts".to_owned(), alerts);
            groups.push(Value::Object(shown));
        }
    }
    Ok(Value::Array(groups))
}

/// Whether every alert that a silence could hide is in scope: a matcher names projects, and all
/// that it names are.
pub(super) fn is_within(silence: &Value, projects: &Projects) -> bool {
    named_projects(silence).any(|names| names.iter().all(|name| projects.holds(name)))
}

/// The projects that a silence is bound to, by each matcher that names any. A pattern that is more
/// than a list of names is not looked into.
pub(super) fn named_projects(silence: &Value) -> impl Iterator<Item = Vec<String>> {
    let names = |matcher: &Value| {
        let value = matcher["value"].as_str()?;
        let selects = matcher["name"] == LABEL && matcher["isEqual"] != false;
        match matcher["isRegex"].as_bool()? {
            _ if !selects => None,
            false => Some(vec![value.to_owned()]),
            true => re2::alternatives(value),
        }
    };
    let matchers = silence["matchers"].as_array().map(Vec::as_slice).unwrap_or_default();
    matchers.iter().filter_map(names).filter(|names| !names.is_empty())
}

#[cfg(test)]
mod tests;
