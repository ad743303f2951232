//! The wildcards of the proxy in the document, written out: every path that passes, with every
//! parameter that does, from the list that lets them pass.

use crate::scope::paths::{self, Path, Program, What};
use serde_json::{Map, Value, json};

/// What a form is sent as.
const FORM: &str = "application/x-www-form-urlencoded";

/// Replaces each program's wildcard; paths that are in the document already stay as they are.
pub(in crate::web::api) fn expand(document: &mut Value) {
    let Some(all) = document["paths"].as_object_mut() else { return };
    for program in [Program::Prometheus, Program::Alertmanager] {
        let component = super::component(program);
        let Some(wild) = all.remove(&format!("/{component}/{{*path}}")) else { continue };
        for entry in paths::all(program) {
            let path = format!("/{component}{}", entry.path);
            if !all.contains_key(&path) {
                all.insert(path, item(&wild, entry));
            }
        }
    }
}

fn item(wild: &Value, entry: &Path) -> Value {
    let methods = wild.as_object().into_iter().flatten();
    let passing = methods.filter(|(method, _)| entry.form || *method == "get");
    Value::Object(
        passing.map(|(method, wild)| (method.clone(), operation(method, wild, entry))).collect(),
    )
}

fn operation(method: &str, wild: &Value, entry: &Path) -> Value {
    let mut operation = wild.clone();
    let words: Vec<&str> = entry.path.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let id = wild["operationId"].as_str().unwrap_or_default();
    operation["operationId"] = format!("{id}_{}", words.join("_")).into();
    let mut parameters: Vec<Value> = in_path(entry.path).collect();
    if method == "post" {
        operation["requestBody"] = form(entry);
    } else {
        parameters.extend(entry.parameters.iter().map(|(name, what)| {
            json!({"name": name, "in": "query", "required": is_needed(*what), "schema": schema(*what)})
        }));
    }
    operation["parameters"] = parameters.into();
    let kind = if entry.path == "/federate" { "text/plain" } else { "application/json" };
    let responses = &mut operation["responses"];
    responses["200"] = json!({"description": "As the program answers", "content": {kind: {}}});
    for status in ["4XX", "503"] {
        responses[status]["description"] = "A problem, or the program's own words".into();
        // Prometheus refuses in JSON on its API, and in words elsewhere.
        responses[status]["content"][kind] = json!({});
    }
    operation
}

/// `{name}` and the like.
fn in_path(path: &str) -> impl Iterator<Item = Value> + '_ {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(
        |name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}),
    )
}

fn form(entry: &Path) -> Value {
    let fields = entry.parameters.iter();
    let properties: Map<String, Value> =
        fields.clone().map(|(name, what)| ((*name).to_owned(), schema(*what))).collect();
    let needed: Vec<&str> =
        fields.filter(|(_, what)| is_needed(*what)).map(|(name, _)| *name).collect();
    let schema = json!({"type": "object", "properties": properties, "required": needed});
    json!({"required": !needed.is_empty(), "content": {FORM: {"schema": schema}}})
}

const fn is_needed(what: What) -> bool {
    matches!(what, What::Expression | What::SelectorsNeeded)
}

fn schema(what: What) -> Value {
    match what {
        What::Expression | What::Once => json!({"type": "string"}),
        What::Selectors | What::Often => json!({"type": "array", "items": {"type": "string"}}),
        What::SelectorsNeeded => {
            json!({"type": "array", "items": {"type": "string"}, "minItems": 1})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_that_passes_is_in_the_document_with_what_it_takes() {
        let wild = |methods: &[&str]| {
            let one = |method: &&str| {
                (
                    (*method).to_owned(),
                    json!({"operationId": method, "responses": {"4XX": {}, "503": {}}}),
                )
            };
            Value::Object(methods.iter().map(one).collect())
        };
        let mut document = json!({"paths": {
            "/prometheus/{*path}": wild(&["get", "post"]),
            "/alertmanager/{*path}": wild(&["get"]),
            "/alertmanager/api/v2/silences": {"get": "as it was"},
        }});
        expand(&mut document);
        let all = document["paths"].as_object().unwrap();
        let n_paths = paths::all(Program::Prometheus).chain(paths::all(Program::Alertmanager));
        assert_eq!(all.len(), n_paths.count());
        assert_eq!(all["/alertmanager/api/v2/silences"]["get"], "as it was");
        let query = &all["/prometheus/api/v1/query"];
        assert_eq!(query["get"]["parameters"][0]["required"], true);
        let form = &query["post"]["requestBody"]["content"][FORM]["schema"];
        assert_eq!(form["required"], json!(["query"]));
        assert!(all["/prometheus/federate"].get("post").is_none());
        let values = &all["/prometheus/api/v1/label/{name}/values"]["get"];
        assert_eq!(values["parameters"][0]["in"], "path");
        assert_eq!(values["operationId"], "get_api_v1_label_name_values");
    }
}
