//! What changes in an object, as people read it.

use crate::base::diff;
use crate::model::{Kind, label::Labels, resource::Key};
use crate::render::yaml;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
struct Shown<'a> {
    kind: Kind,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<&'a Labels>,
    spec: Value,
}

/// One side of a difference: labels and spec.
pub(super) type Side<'a> = Option<(&'a Labels, &'a Value)>;

/// Unified diff of the YAML of both sides; empty when they are equal. Keys are sorted, so that
/// their order is no difference.
pub(super) fn unified(key: &Key, before: Side<'_>, after: Side<'_>) -> String {
    let (old, new) = (text(key, before), text(key, after));
    let name = |side: Side<'_>, prefix: &str| match side {
        Some(_) => format!("{prefix}/{key}"),
        None => "/dev/null".to_owned(),
    };
    diff::unified((&old, &new), Some((&name(before, "a"), &name(after, "b"))), None)
}

fn text(key: &Key, side: Side<'_>) -> String {
    let Some((labels, spec)) = side else { return String::new() };
    let shown = Shown {
        kind: key.kind,
        name: key.name.as_str(),
        labels: (!labels.is_empty()).then_some(labels),
        spec: yaml::sorted(spec),
    };
    // What YAML cannot say is shown as JSON rather than not at all.
    yaml::text(&shown).unwrap_or_else(|_| format!("{spec:#}\n"))
}
