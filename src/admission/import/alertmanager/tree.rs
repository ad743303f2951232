//! The route tree of the file, read with Alertmanager's rules.

use super::{
    inhibitions,
    intervals::Intervals,
    reader::{Reader, below},
    receivers::Receivers,
};
use crate::admission::code::Code;
use crate::model::{label::is_label_name, matcher::Matcher};
use crate::render::routing::Timing;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const FIELDS: [&str; 12] = [
    "receiver",
    "group_by",
    "match",
    "match_re",
    "matchers",
    "mute_time_intervals",
    "active_time_intervals",
    "continue",
    "routes",
    "group_wait",
    "group_interval",
    "repeat_interval",
];

/// One route with all below it.
pub(super) struct Tree {
    pub(super) path: String,
    /// As the file names it; inherited where a route names none.
    pub(super) receiver: String,
    pub(super) matchers: Vec<Matcher>,
    pub(super) timing: Timing,
    pub(super) mute: Vec<String>,
    pub(super) active: Vec<String>,
    pub(super) continue_: bool,
    pub(super) children: Vec<Self>,
    /// Something in its own matchers cannot be said here.
    pub(super) inexpressible: bool,
}

impl Tree {
    /// The root; `None` and an error where there is none.
    pub(super) fn read(
        reader: &mut Reader,
        value: Option<&Value>,
        receivers: &Receivers,
        intervals: &Intervals,
    ) -> Option<Self> {
        let Some(fields) = reader.map("route", value) else {
            reader.bad("route", "no routes provided");
            return None;
        };
        let tree = Self::node(reader, "route", fields, "", receivers, intervals);
        if tree.receiver.is_empty() {
            reader.bad("route", "root route must specify a default receiver");
        }
        if ["match", "match_re", "matchers"].iter().any(|field| filled(fields.get(*field))) {
            reader.bad("route", "root route must not have any matchers");
        }
        if !tree.mute.is_empty() {
            reader.bad("route", "root route must not have any mute time intervals");
        }
        if !tree.active.is_empty() {
            reader.bad("route", "root route must not have any active time intervals");
        }
        if tree.continue_ {
            reader.bad("route", "cannot have continue in root route");
        }
        Some(tree)
    }

    fn node(
        reader: &mut Reader,
        path: &str,
        fields: &Map<String, Value>,
        above: &str,
        receivers: &Receivers,
        intervals: &Intervals,
    ) -> Self {
        reader.known_fields(path, fields, &FIELDS);
        let own = reader.text(&below(path, "receiver"), fields.get("receiver"));
        let own = own.filter(|name| !name.is_empty());
        if let Some(name) = own.as_ref().filter(|name| !receivers.has(name)) {
            let message = format!("undefined receiver `{name}` used in route");
            reader.error(&below(path, "receiver"), Code::MissingReference, message);
        }
        let receiver = own.unwrap_or_else(|| above.to_owned());
        let before = reader.left_out.len();
        let matchers = inhibitions::all(reader, path, fields, ["match", "match_re", "matchers"]);
        let timing = timing(reader, path, fields);
        let inexpressible = reader.left_out.len() > before;
        let mut names = |field: &str| {
            let path = below(path, field);
            let names = reader.texts(&path, fields.get(field));
            intervals.resolve(reader, &path, &names)
        };
        let (mute, active) = (names("mute_time_intervals"), names("active_time_intervals"));
        let mut children = Vec::new();
        let below_here = below(path, "routes");
        for (n, child) in reader.list(&below_here, fields.get("routes")).iter().enumerate() {
            let path = below(&below_here, n);
            let Some(fields) = reader.map(&path, Some(child)) else {
                reader.bad(&path, "must be a map");
                continue;
            };
            children.push(Self::node(reader, &path, fields, &receiver, receivers, intervals));
        }
        Self {
            path: path.to_owned(),
            matchers,
            timing,
            mute,
            active,
            continue_: reader.truth(&below(path, "continue"), fields.get("continue"), false),
            children,
            inexpressible,
            receiver,
        }
    }
}

fn filled(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(map)) => !map.is_empty(),
        _ => false,
    }
}

fn timing(reader: &mut Reader, path: &str, fields: &Map<String, Value>) -> Timing {
    let group_by = fields.get("group_by").filter(|it| !it.is_null());
    let group_by = group_by.map(|value| {
        let path = below(path, "group_by");
        let names = reader.texts(&path, Some(value));
        group_by_is_good(reader, &path, &names);
        names
    });
    let mut duration = |field: &str, zero: bool| {
        let path = below(path, field);
        let text = reader.duration(&path, fields.get(field))?;
        let none = text.bytes().all(|byte| byte == b'0' || byte.is_ascii_alphabetic());
        if none && !zero {
            reader.error(&path, Code::Duration, format!("{field} cannot be zero"));
        }
        Some(text)
    };
    Timing {
        group_by,
        group_wait: duration("group_wait", true),
        group_interval: duration("group_interval", false),
        repeat_interval: duration("repeat_interval", false),
    }
}

fn group_by_is_good(reader: &mut Reader, path: &str, names: &[String]) {
    let mut seen = BTreeSet::new();
    for (n, name) in names.iter().enumerate() {
        if name == "..." && names.len() > 1 {
            let message = "cannot have wildcard group_by (`...`) and other labels at the same time";
            reader.error(&below(path, n), Code::Label, message);
        } else if name.is_empty() {
            reader.error(&below(path, n), Code::Label, "invalid label name in group_by");
        } else if name != "..." && !is_label_name(name) {
            reader.left_out(&below(path, n), format!("the label `{name}` cannot be named here"));
        } else if !seen.insert(name) {
            reader.error(
                &below(path, n),
                Code::Label,
                format!("duplicated label `{name}` in group_by"),
            );
        }
    }
}
