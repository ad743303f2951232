//! `inhibit_rules`.

use super::{
    matchers,
    names::Names,
    reader::{Reader, below, put},
};
use crate::admission::{code::Code, request::Put};
use crate::model::{
    Kind,
    label::is_label_name,
    matcher::{Matcher, Op},
    re2,
};
use serde_json::{Map, Value, json};

const FIELDS: [&str; 8] = [
    "name",
    "source_match",
    "source_match_re",
    "source_matchers",
    "target_match",
    "target_match_re",
    "target_matchers",
    "equal",
];

pub(super) fn read(reader: &mut Reader, value: Option<&Value>) -> Vec<Put> {
    let mut names = Names::default();
    let mut puts = Vec::new();
    for (n, item) in reader.list("inhibit_rules", value).iter().enumerate() {
        let path = below("inhibit_rules", n);
        let Some(fields) = reader.map(&path, Some(item)) else { continue };
        reader.known_fields(&path, fields, &FIELDS);
        let before = reader.left_out.len();
        let source = side(reader, &path, fields, "source");
        let target = side(reader, &path, fields, "target");
        let equal = reader.texts(&below(&path, "equal"), fields.get("equal"));
        if equal.iter().any(String::is_empty) {
            reader.error(&below(&path, "equal"), Code::Label, "invalid label name in equal list");
        }
        if let Some(name) = equal.iter().find(|name| !is_label_name(name)) {
            reader.left_out(&path, format!("the label `{name}` cannot be named here"));
        }
        if source.is_empty() || target.is_empty() {
            reader.left_out(&path, "without matchers it would hold back everything");
        }
        if reader.left_out.len() > before {
            continue;
        }
        let own = reader.text(&below(&path, "name"), fields.get("name")).unwrap_or_default();
        let name = names.give(&own, &format!("inhibition-{:02}", n + 1));
        let texts = |side: &[Matcher]| side.iter().map(ToString::to_string).collect::<Vec<_>>();
        let spec = json!({
            "source_matchers": texts(&source), "target_matchers": texts(&target), "equal": equal,
        });
        puts.push(put(Kind::Inhibition, name, spec));
    }
    puts
}

fn side(reader: &mut Reader, path: &str, fields: &Map<String, Value>, side: &str) -> Vec<Matcher> {
    let field = |end: &str| format!("{side}_{end}");
    let names = [field("match"), field("match_re"), field("matchers")];
    all(reader, path, fields, [&names[0], &names[1], &names[2]])
}

/// Matchers in all three forms that a route or an inhibition may have them.
pub(super) fn all(
    reader: &mut Reader,
    path: &str,
    fields: &Map<String, Value>,
    [equal, pattern, modern]: [&str; 3],
) -> Vec<Matcher> {
    let mut found = Vec::new();
    for (field, op) in [(equal, Op::Equal), (pattern, Op::Regex)] {
        let path = below(path, field);
        let pairs = reader.map(&path, fields.get(field)).into_iter().flatten();
        for (name, value) in pairs {
            let here = below(&path, name);
            let value = reader.text(&here, Some(value)).unwrap_or_default();
            if op.is_regex()
                && let Err(error) = re2::check(&value)
            {
                reader.error(&here, Code::Regex, error.to_string());
            }
            found.push(Matcher::new(name, op, value));
        }
    }
    let path = below(path, modern);
    for (n, text) in reader.texts(&path, fields.get(modern)).iter().enumerate() {
        match matchers::parse(text) {
            Ok(several) => found.extend(several),
            Err(message) => reader.error(&below(&path, n), Code::Matcher, message),
        }
    }
    for matcher in &found {
        if !matchers::expressible(matcher) {
            let message = format!("the label `{}` cannot be named here", matcher.name);
            reader.left_out(&path, message);
        }
    }
    found
}
