//! The contract: every route declares who may use it, and the document is the committed one.

use super::*;
use std::{collections::BTreeSet, path::PathBuf};

#[test]
fn the_document_has_every_declared_route_with_its_policy() {
    let built = router::build(&closed());
    let paths = built.openapi["paths"].as_object().unwrap();
    let mut documented = BTreeSet::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let policy = operation["x-wk-policy"].as_str();
            assert!(policy.is_some(), "{method} {path} has no policy");
            let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
            assert!(!id.is_empty() && documented.insert(id.clone()), "{method} {path}: id {id}");
        }
    }
    // The proxy's wildcards are written out, path by path.
    let is_wild = |route: &&router::Declared| route.path.contains("{*path}");
    let (wild, plain): (Vec<_>, Vec<_>) = built.declared.iter().partition(is_wild);
    for route in plain {
        let pointer = route.path.replace("{*", "{").replace('/', "~1");
        let found =
            built.openapi.pointer(&format!("/paths/{pointer}/{}", route.method.to_lowercase()));
        assert!(found.is_some(), "{} {} is in no document", route.method, route.path);
    }
    for route in wild {
        let prefix = route.path.trim_end_matches("{*path}");
        let method = route.method.to_lowercase();
        let below = paths
            .iter()
            .filter(|(path, item)| path.starts_with(prefix) && item.get(&method).is_some());
        assert!(below.count() > 3, "{} {} is in no document", route.method, route.path);
    }
}

#[test]
fn no_answer_is_documented_as_anything_at_all() {
    let document = router::build(&closed()).openapi;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap();
            let good = answers.keys().filter(|status| status.starts_with(['2', '3']));
            assert!(good.count() > 0, "{method} {path} never succeeds");
            let known = |status: &String| status == "503" || !status.starts_with(['5', 'd']);
            assert!(answers.keys().all(known), "{method} {path} may answer anything");
            assert!(answers.contains_key("4XX") && answers.contains_key("503"), "{method} {path}");
        }
    }
}

#[test]
fn references_within_the_document_lead_somewhere() {
    fn walk(value: &Value, root: &Value, dangling: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(to)) = fields.get("$ref") {
                    let found = to.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
                    if found.is_none() {
                        dangling.insert(to.clone());
                    }
                }
                fields.values().for_each(|value| walk(value, root, dangling));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, root, dangling)),
            _ => {}
        }
    }
    let document = router::build(&closed()).openapi;
    let mut dangling = BTreeSet::new();
    walk(&document, &document, &mut dangling);
    assert!(dangling.is_empty(), "{dangling:?}");
}

#[test]
fn the_committed_document_is_what_the_code_says() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/openapi.json");
    let document = router::build(&closed()).openapi;
    let text = format!("{}\n", serde_json::to_string_pretty(&document).unwrap());
    if std::env::var_os("BLESS").is_some() {
        crate::base::atomic_file::write(&path, text.as_bytes(), 0o644).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "tests/golden/openapi.json differs from the code; bless with BLESS=1 and read the diff"
    );
}
