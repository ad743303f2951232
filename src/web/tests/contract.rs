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
    assert_eq!(documented.len(), built.declared.len());
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
