//! Texts in and out.

use super::{puts, shop};
use crate::admission::{Put, document, schema};
use crate::model::{Kind, label::Labels, resource::Declared, spec};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn an_export_can_be_applied_again_and_changes_nothing() {
    let state = shop();
    let resources = Kind::ALL.iter().flat_map(|kind| state.of(*kind));
    let text = document::to_yaml(resources).unwrap();
    let request = crate::admission::Request { puts: puts(&text), ..Default::default() };
    assert_eq!(request.puts.len(), 14);
    let plan = crate::admission::plan(&state, &request);
    assert_eq!(plan.errors, []);
    assert!(plan.objects.iter().all(|object| object.action == crate::admission::Action::Unchanged));
    assert_eq!(plan.command, None);
}

#[test]
fn json_and_yaml_lists_and_documents_are_the_same_objects() {
    let object = json!({"kind": "project", "name": "p", "spec": {"title": "P"}});
    let declared = |puts: Vec<Put>| puts.into_iter().map(|put| put.declared).collect::<Vec<_>>();
    let one = declared(document::parse_json(object.to_string().as_bytes()).puts);
    let listed = declared(document::parse_json(json!([object]).to_string().as_bytes()).puts);
    let yaml = declared(puts("- kind: project\n  name: p\n  spec: {title: P}\n"));
    let documents = declared(puts("---\n---\nkind: project\nname: p\nspec: {title: P}\n---\n"));
    assert_eq!(one.len(), 1);
    assert!(one == listed && one == yaml && one == documents);
    assert_eq!(document::parse_value(object).unwrap(), one[0]);
}

#[test]
fn places_are_those_of_the_text_even_inside_lists() {
    let text = "- kind: project\n  name: p\n  spec:\n    title: P\n- kind: project\n  name: q\n  spec:\n    system: x\n";
    let places = &puts(text)[1].places;
    assert_eq!(places.at("spec/system"), Some((8, 13)));
    assert_eq!(places.at("spec/system/deeper/still"), Some((8, 13)));
    assert_eq!(places.at("name"), Some((6, 9)));
}

#[test]
fn malformed_json_is_refused_with_its_place() {
    let errors = document::parse_json(b"{\"kind\": \"project\",\n \"name\": }").errors;
    assert_eq!((errors[0].line, errors[0].code.as_str()), (Some(2), "WK-1001"));
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        text.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    assert_eq!(document::parse_yaml(&text).errors.len(), 1);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(document::parse_yaml(&deep).errors.len(), 1);
    assert_eq!(document::parse_json(deep.as_bytes()).errors.len(), 1);
}

#[test]
fn every_kind_has_a_schema_that_knows_its_fields() {
    for kind in Kind::ALL {
        let schema = schema::schema(*kind);
        assert_eq!(schema["title"], kind.singular());
        assert_eq!(schema["properties"]["kind"]["const"], kind.singular());
        assert!(schema["properties"]["spec"].is_object(), "{kind}");
    }
    let rules = schema::schema(Kind::RuleGroup);
    assert!(rules["properties"]["spec"]["properties"]["rules"].is_object());
    assert_eq!(rules["properties"]["spec"]["additionalProperties"], false);
    let of_rule = rules["$defs"]["Rule"]["properties"].as_object().unwrap();
    let rule = serde_json::to_value(spec::Rule {
        alert: Some("a".into()),
        record: None,
        expr: "up".into(),
        for_: Some("1m".into()),
        keep_firing_for: None,
        labels: Labels::new(),
        annotations: Labels::new(),
        disabled: true,
    });
    assert!(rule.unwrap().as_object().unwrap().keys().all(|field| of_rule.contains_key(field)));
}

proptest! {
    #[test]
    fn any_text_survives_the_way_through_yaml(
        title in "\\PC{0,60}",
        words in proptest::collection::vec("[ -~\n\t]{0,40}|yes|no|null|~|0x1f|012|1e3|12:30:45|2026-01-01|<<|=|- a|# b", 0..6),
    ) {
        let mut state = crate::render::tests::fixture::empty();
        let spec = json!({"title": title, "words": words});
        crate::render::tests::fixture::put(&mut state, Kind::Project, "p", spec.clone());
        let text = document::to_yaml(state.of(Kind::Project)).unwrap();
        let read: Vec<Declared> = puts(&text).into_iter().map(|put| put.declared).collect();
        prop_assert_eq!(&read[0].spec, &spec, "{}", text);
    }

    #[test]
    fn no_text_panics(text in "[a-z:\\-{}\\[\\]\"'&*!|> \n#0-9]{0,80}") {
        let parsed = document::parse_yaml(&text);
        let _ = (parsed.puts.len(), document::parse_json(text.as_bytes()));
        prop_assert!(parsed.errors.iter().all(|error| !error.message.is_empty()));
    }

    #[test]
    fn no_value_panics(kind in proptest::sample::select(Kind::ALL), key in "[a-z_]{1,8}") {
        let specs = [json!(null), json!([]), json!("x"), json!({key: [1, null, {"a": true}]})];
        for spec in specs {
            let object: Value = json!({"kind": kind, "name": "x", "spec": spec});
            if let Ok(declared) = document::parse_value(object) {
                let request = crate::admission::Request {
                    puts: vec![Put::new(declared)],
                    ..Default::default()
                };
                let _ = crate::admission::plan(&shop(), &request);
            }
        }
    }
}
