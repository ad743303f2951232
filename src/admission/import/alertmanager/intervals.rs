//! `time_intervals`, and `mute_time_intervals` as they were called before.

use super::{
    names::Names,
    reader::{Reader, below, put},
};
use crate::admission::{code::Code, request::Put};
use crate::model::{Kind, Name, spec, time_interval};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The intervals of a file under the names that routes know them by.
#[derive(Default)]
pub(super) struct Intervals {
    by_name: BTreeMap<String, Name>,
    names: Names,
    puts: Vec<Put>,
    always: Option<Name>,
}

pub(super) fn read(reader: &mut Reader, file: &Map<String, Value>) -> Intervals {
    let mut intervals = Intervals::default();
    for field in ["mute_time_intervals", "time_intervals"] {
        let items = reader.list(field, file.get(field)).iter().enumerate();
        for (n, item) in items {
            intervals.read_one(reader, &below(field, n), item);
        }
    }
    intervals
}

impl Intervals {
    fn read_one(&mut self, reader: &mut Reader, path: &str, item: &Value) {
        let Some(fields) = reader.map(path, Some(item)) else { return };
        reader.known_fields(path, fields, &["name", "time_intervals"]);
        let name = reader.text(&below(path, "name"), fields.get("name")).unwrap_or_default();
        if name.is_empty() {
            reader.bad(path, "missing name in time interval");
            return;
        }
        if self.by_name.contains_key(&name) {
            reader.bad(path, format!("time interval `{name}` is not unique"));
            return;
        }
        let inner = below(path, "time_intervals");
        let listed = reader.list(&inner, fields.get("time_intervals"));
        let mut parts: Vec<_> = listed.iter().filter_map(Value::as_object).cloned().collect();
        if parts.len() < listed.len() {
            reader.bad(&inner, "every interval must be a map");
        }
        if parts.is_empty() {
            // Alertmanager takes it and it never holds, as the year 1 does not.
            parts.extend(json!({"years": ["1"]}).as_object().cloned());
        }
        let declared =
            spec::TimeInterval { title: String::new(), project: None, time_intervals: parts };
        for wrong in time_interval::read(&declared).err().into_iter().flatten() {
            reader.error(&below(path, &wrong.path), Code::BadValue, wrong.message);
        }
        let given = self.names.give(&name, "interval");
        let title = if given.as_str() == name { String::new() } else { name.clone() };
        let spec = spec::TimeInterval { title, ..declared };
        self.puts.push(put(Kind::TimeInterval, given.clone(), json!(spec)));
        self.by_name.insert(name, given);
    }

    /// Names of objects for names in the file; an unknown one is an error.
    pub(super) fn resolve(&self, reader: &mut Reader, path: &str, names: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        for (n, name) in names.iter().enumerate() {
            match self.by_name.get(name) {
                Some(given) => found.push(given.to_string()),
                None => reader.error(
                    &below(path, n),
                    Code::MissingReference,
                    format!("undefined time interval `{name}` used in route"),
                ),
            }
        }
        found
    }

    /// An interval that always holds: what it mutes tells nobody.
    pub(super) fn always(&mut self) -> String {
        let (names, puts) = (&mut self.names, &mut self.puts);
        let name = self.always.get_or_insert_with(|| {
            let name = names.give("always", "always");
            let spec = json!({"title": "Always", "time_intervals": [{}]});
            puts.push(put(Kind::TimeInterval, name.clone(), spec));
            name
        });
        name.to_string()
    }

    pub(super) fn into_puts(self) -> Vec<Put> {
        self.puts
    }
}
