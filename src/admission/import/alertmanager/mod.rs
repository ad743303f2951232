//! An `alertmanager.yml` → routes, policies, receivers with channels, time intervals and
//! inhibitions.
//!
//! The file is judged as Alertmanager 0.33 judges it. The tree keeps its meaning: a branch below
//! the root becomes a route, or a policy where it has branches of its own, deeper ones becoming
//! lines that say all of their way. Where that cannot be said the branch is left out and named,
//! never bent.

mod channels;
mod inhibitions;
mod intervals;
mod matchers;
mod names;
mod reader;
mod receivers;
mod routes;
mod tree;

#[cfg(test)]
mod tests;

use super::Imported;
use crate::admission::document;
use crate::model::{Kind, cluster::DeclaredState};
use reader::Reader;
use serde_json::{Map, Value};
use tree::Tree;

const FIELDS: [&str; 9] = [
    "global",
    "templates",
    "route",
    "inhibit_rules",
    "receivers",
    "mute_time_intervals",
    "time_intervals",
    "tracing",
    "event_recorder",
];

/// Reads an `alertmanager.yml`. Of `state` the settings are kept, but for the root route's.
#[must_use]
pub fn alertmanager(text: &str, state: &DeclaredState) -> Imported {
    let (value, places) = match document::parse_one(text) {
        Ok(parsed) => parsed,
        Err(error) => return Imported { errors: vec![error], ..Imported::default() },
    };
    let mut reader = Reader::new(places);
    let empty = Map::new();
    let fields = match &value {
        Value::Object(fields) => fields,
        _ => &empty,
    };
    reader.known_fields("", fields, &FIELDS);
    aside(&mut reader, fields);
    let mut intervals = intervals::read(&mut reader, fields);
    let global = channels::global(&mut reader, fields.get("global"));
    let receivers = receivers::read(&mut reader, fields.get("receivers"), &global);
    let inhibitions = inhibitions::read(&mut reader, fields.get("inhibit_rules"));
    let tree = Tree::read(&mut reader, fields.get("route"), &receivers, &intervals);
    if let Some(tree) = tree
        && reader.errors.is_empty()
    {
        let mut puts = Vec::new();
        let routes = routes::convert(&mut reader, tree, &receivers, &mut intervals, state);
        puts.extend(intervals.into_puts());
        puts.extend(receivers.into_puts());
        puts.extend(routes);
        puts.extend(inhibitions);
        // Objects of one kind keep the order of the file.
        puts.sort_by_key(|put| place(put.declared.kind));
        reader.puts = puts;
    }
    Imported { puts: reader.puts, errors: reader.errors, left_out: reader.left_out }
}

/// What has no counterpart at all.
fn aside(reader: &mut Reader, fields: &Map<String, Value>) {
    if !reader.texts("templates", fields.get("templates")).is_empty() {
        reader.left_out("templates", "messages are made by channels here, not by templates");
    }
    if let Some(tracing) = reader.map("tracing", fields.get("tracing")) {
        if tracing.get("endpoint").is_none_or(Value::is_null) {
            reader.bad("tracing", "tracing endpoint must be set");
        }
        reader.left_out("tracing", "Alertmanager's own tracing is not set up");
    }
    if fields.get("event_recorder").is_some_and(|it| !it.is_null()) {
        reader.left_out("event_recorder", "Alertmanager's own record of events is not set up");
    }
}

/// What is referred to comes first.
const fn place(kind: Kind) -> u8 {
    match kind {
        Kind::Secret => 0,
        Kind::TimeInterval => 1,
        Kind::Channel => 2,
        Kind::Receiver => 3,
        Kind::Settings => 5,
        _ => 4,
    }
}
