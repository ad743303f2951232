//! A Prometheus rule file → `rule-group` objects of one project, one a group.
//!
//! Takes what `promtool check rules` takes, and refuses what it refuses; what is refused has its
//! line and column. Only the form is judged here: expressions, durations, labels and templates
//! are planning's, which knows their places from here.

use super::{group_name, yaml::Reader};
use crate::admission::{
    code::Code,
    document::{
        Parsed, Places,
        raw::{self, Raw},
    },
    request::{Expect, Put},
};
use crate::model::{Kind, Name, cluster::DeclaredState, resource::Declared, spec::RuleGroup};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const GROUP_FIELDS: &str = "name, interval, limit, query_offset, labels or rules";
const RULE_FIELDS: &str = "alert, record, expr, for, keep_firing_for, labels or annotations";

/// Reads a rule file for `project`, whose groups in `state` are recognised again.
#[must_use]
pub fn import(text: &str, project: &str, state: &DeclaredState) -> Parsed {
    let documents = match raw::parse(text) {
        Ok(documents) => documents,
        Err(error) => return Parsed { errors: vec![error], ..Parsed::default() },
    };
    let mut reader = Reader::default();
    let groups = file(&mut reader, documents);
    let own: Vec<String> = groups.iter().map(|group| group.name.clone()).collect();
    let names = group_name::assign(&own, project, state);
    let mut puts = Vec::new();
    for (group, name) in groups.into_iter().zip(names) {
        match name {
            Some(name) => puts.push(group.into_put(name, project, state)),
            None => {
                let message = "no name is left for this group; rename it";
                reader.error(&group.path, Code::BadName, message, group.place);
            }
        }
    }
    Parsed { puts, errors: reader.errors }
}

/// Whether a YAML text is a rule file rather than declared objects.
#[must_use]
pub fn is_rule_file(text: &str) -> bool {
    use crate::admission::document::raw::RawValue;
    raw::parse(text).is_ok_and(|documents| {
        matches!(documents.first().map(|first| &first.value), Some(RawValue::Map(pairs))
            if pairs.iter().any(|(key, _)| key == "groups")
                && pairs.iter().all(|(key, _)| key != "kind"))
    })
}

/// A group as the file has it.
struct Group {
    path: String,
    place: (u32, u32),
    name: String,
    spec: Map<String, Value>,
    places: Places,
}

impl Group {
    /// What the file does not speak of stays as it is stored: labels of the object, and the
    /// title where the name needs none.
    fn into_put(mut self, name: Name, project: &str, state: &DeclaredState) -> Put {
        let stored = state.get(Kind::RuleGroup, name.as_str());
        let labels = stored.map(|stored| stored.labels.clone()).unwrap_or_default();
        let title = if name.as_str() == self.name {
            let read = stored.and_then(|stored| stored.spec_as::<RuleGroup>().ok());
            read.map(|group| group.title).unwrap_or_default()
        } else {
            self.name
        };
        if !title.is_empty() {
            self.spec.insert("title".to_owned(), json!(title));
        }
        self.spec.insert("project".to_owned(), json!(project));
        let spec = Value::Object(self.spec);
        let declared = Declared { kind: Kind::RuleGroup, name, labels, spec };
        Put { declared, expect: Expect::Any, places: self.places }
    }
}

fn file(reader: &mut Reader, documents: Vec<Raw>) -> Vec<Group> {
    let mut documents = documents.into_iter();
    let Some(first) = documents.next() else { return Vec::new() };
    if let Some(second) = documents.next() {
        let message = "a rule file is one YAML document; Prometheus reads nothing after the first";
        reader.error("document", Code::Malformed, message, second.place);
    }
    let mut groups = Vec::new();
    for (key, value) in reader.map("document", first) {
        if key == "groups" {
            groups = reader.list("groups", value);
        } else {
            reader.unknown(&key, "groups", value.place);
        }
    }
    let mut seen = BTreeSet::new();
    let mut read = Vec::new();
    for (position, raw) in groups.into_iter().enumerate() {
        let group = group(reader, &format!("groups/{position}"), raw);
        let (path, place) = (format!("{}/name", group.path), group.place);
        if group.name.is_empty() {
            reader.error(&path, Code::BadName, "a group needs a name", place);
        } else if !seen.insert(group.name.clone()) {
            let message = format!("`{}` is repeated in the same file", group.name);
            reader.error(&path, Code::BadName, &message, place);
        } else {
            read.push(group);
        }
    }
    read
}

fn group(reader: &mut Reader, path: &str, raw: Raw) -> Group {
    let mut group = Group {
        path: path.to_owned(),
        place: raw.place,
        name: String::new(),
        spec: Map::new(),
        places: Places::default(),
    };
    group.places.set("", raw.place);
    group.spec.insert("rules".to_owned(), json!([]));
    for (key, value) in reader.map(path, raw) {
        let here = format!("{path}/{key}");
        let place = value.place;
        let read = match key.as_str() {
            "name" => {
                group.name = reader.text(&here, value).unwrap_or_default();
                continue;
            }
            "interval" | "query_offset" => reader.text(&here, value).map(Value::from),
            "limit" => reader.number(&here, value).map(Value::from),
            "labels" => labels(reader, &here, value, "spec/labels", &mut group.places),
            "rules" => {
                let rules = reader.list(&here, value).into_iter().enumerate();
                let rules = rules.map(|(position, raw)| {
                    let below = format!("spec/rules/{position}");
                    rule(reader, &format!("{here}/{position}"), raw, &below, &mut group.places)
                });
                Some(Value::Array(rules.collect()))
            }
            _ => {
                reader.unknown(&here, GROUP_FIELDS, place);
                None
            }
        };
        if let Some(read) = read {
            group.places.set(&format!("spec/{key}"), place);
            group.spec.insert(key, read);
        }
    }
    group
}

/// One rule as an object; `below` is where it will stand in the resource.
fn rule(reader: &mut Reader, path: &str, raw: Raw, below: &str, places: &mut Places) -> Value {
    let mut rule = Map::new();
    places.set(below, raw.place);
    for (key, value) in reader.map(path, raw) {
        let here = format!("{path}/{key}");
        let place = value.place;
        let own = format!("{below}/{key}");
        let read = match key.as_str() {
            // Prometheus cannot tell an empty text from none.
            "alert" | "record" => {
                reader.text(&here, value).filter(|text| !text.is_empty()).map(Value::from)
            }
            "expr" | "for" | "keep_firing_for" => reader.text(&here, value).map(Value::from),
            "labels" | "annotations" => labels(reader, &here, value, &own, places),
            _ => {
                reader.unknown(&here, RULE_FIELDS, place);
                None
            }
        };
        if let Some(read) = read {
            places.set(&own, place);
            rule.insert(key, read);
        }
    }
    rule.entry("expr").or_insert_with(|| json!(""));
    Value::Object(rule)
}

fn labels(
    reader: &mut Reader,
    path: &str,
    raw: Raw,
    below: &str,
    places: &mut Places,
) -> Option<Value> {
    if let raw::RawValue::Map(pairs) = &raw.value {
        for (name, value) in pairs {
            places.set(&format!("{below}/{name}"), value.place);
        }
    }
    let labels = reader.labels(path, raw);
    (!labels.is_empty()).then(|| json!(labels))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::{Action, Request, plan};
    use crate::render::tests::fixture;

    fn state() -> DeclaredState {
        let mut state = fixture::cluster(1);
        fixture::shop(&mut state);
        state
    }

    fn wrong(text: &str) -> Vec<String> {
        let state = state();
        let parsed = import(text, "web", &state);
        let request = Request { puts: parsed.puts, ..Request::default() };
        let planned = plan(&state, &request).errors;
        parsed.errors.iter().chain(&planned).map(ToString::to_string).collect()
    }

    const FILE: &str = "\
# What the shop needs.
groups:
  - name: Web Tier
    interval: 1m
    limit: 10
    labels: {tier: 1.50}
    rules:
      - alert: Down          # first
        expr: |
          up
            == 0
        for: 5m
        labels: {severity: yes, code: 0x1f, empty: }
        annotations:
          summary: '{{ $labels.instance }} is down'
      - record: job:up:sum
        expr: sum by (job) (up)
  - name: web
    rules: []
";

    #[test]
    fn a_rule_file_becomes_one_object_a_group() {
        let parsed = import(FILE, "web", &fixture::cluster(1));
        assert_eq!(parsed.errors, []);
        let [tier, web] = parsed.puts.as_slice() else { panic!("{parsed:?}") };
        assert_eq!(
            (tier.key().to_string(), web.key().to_string()),
            ("rule-group/web-tier".to_owned(), "rule-group/web".to_owned())
        );
        let spec = &tier.declared.spec;
        assert_eq!((&spec["title"], &spec["limit"]), (&json!("Web Tier"), &json!(10)));
        assert_eq!(spec["labels"], json!({"tier": "1.50"}));
        assert_eq!(spec["rules"][0]["expr"], "up\n  == 0\n");
        let labels = json!({"severity": "yes", "code": "0x1f", "empty": ""});
        assert_eq!(spec["rules"][0]["labels"], labels);
        assert_eq!(tier.places.at("spec/rules/1/expr"), Some((17, 15)));
        assert_eq!(tier.places.at("spec/rules/0/labels/code"), Some((13, 39)));
    }

    #[test]
    fn the_same_file_imported_twice_changes_nothing() {
        let mut state = state();
        // "web" is a group of the fixture's project of that name, with other rules.
        for parsed in [import(FILE, "infra", &state), import(FILE, "infra", &state)] {
            for put in &parsed.puts {
                let name = put.declared.name.as_str();
                fixture::put(&mut state, Kind::RuleGroup, name, put.declared.spec.clone());
            }
        }
        let parsed = import(FILE, "infra", &state);
        let keys: Vec<String> = parsed.puts.iter().map(|put| put.key().to_string()).collect();
        assert_eq!(keys, ["rule-group/web-tier", "rule-group/infra-web"]);
        let plan = plan(&state, &Request { puts: parsed.puts, ..Request::default() });
        assert_eq!(plan.errors, []);
        assert!(plan.objects.iter().all(|object| object.action == Action::Unchanged), "{plan:?}");
    }

    #[test]
    fn everything_that_is_wrong_is_said_with_line_and_column() {
        let text = "\
groups:
  - name: a
    intervall: 5s
    rules:
      - alert: A
        expr: up ==
        fro: 5m
      - record: a:b
        expr: [up]
  - name: a
  - rules: []
other: 1
";
        assert_eq!(
            wrong(text),
            [
                "line 12, column 8: other: unknown field, expected groups (WK-1003)",
                "line 3, column 16: groups/0/intervall: unknown field, expected name, interval, limit, query_offset, labels or rules (WK-1003)",
                "line 7, column 14: groups/0/rules/0/fro: unknown field, expected alert, record, expr, for, keep_firing_for, labels or annotations (WK-1003)",
                "line 9, column 15: groups/0/rules/1/expr: must be a text (WK-1005)",
                "line 10, column 5: groups/1/name: `a` is repeated in the same file (WK-1004)",
                "line 11, column 5: groups/2/name: a group needs a name (WK-1004)",
                "line 6, column 15: rule-group/a/spec/rules/0/expr: line 1, column 6: the expression is not complete (WK-1020)",
                "line 8, column 9: rule-group/a/spec/rules/1/expr: an expression is needed (WK-1020)",
            ]
        );
    }

    #[test]
    fn nothing_and_no_groups_are_fine_and_what_is_no_rule_file_is_not() {
        for empty in ["", "# nothing\n", "groups:\n", "{}", "groups: []"] {
            assert_eq!((wrong(empty), is_rule_file(empty)), (vec![], empty.contains("groups")));
        }
        for bad in ["[]", "groups: {}", "groups: [1]", "groups: [", "x", "---\ngroups: []\n---\n{}"]
        {
            assert!(!wrong(bad).is_empty(), "{bad}");
        }
        assert!(!is_rule_file("kind: project\nname: p\ngroups: []\n"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "(groups:|  - name: a|    rules:|[a-z:{}\\[\\] \n#0-9-]){0,60}") {
            let _ = wrong(&text);
        }
    }
}
