//! Many objects in one change: all or nothing, shown before, one revision.

use super::{site::*, *};
use crate::model::Kind;
use serde_json::json;

const APPLY: &str = "/api/v1/apply";

fn group(name: &str, disabled: bool, expr: &str) -> Value {
    let rules = json!([{"alert": "Down", "expr": expr, "disabled": disabled}]);
    json!({"kind": "rule-group", "name": name, "spec": {"project": "shop", "rules": rules}})
}

async fn seeded() -> (Site, String) {
    let site = site().await;
    site.put(Kind::Project, "shop", json!({})).await;
    for name in ["a", "b", "c"] {
        site.put(Kind::RuleGroup, name, group(name, false, "up == 0")["spec"].clone()).await;
    }
    let silence = json!({"matchers": [{"name": "project", "value": "shop"}], "comment": "work",
        "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2999-01-01T00:00:00Z"});
    site.put(Kind::Silence, "work", silence).await;
    let olga = site.cookie("olga").await;
    (site, olga)
}

fn disabled(site: &Site, name: &str) -> Option<bool> {
    let state = site.store.state();
    let group = state.get(Kind::RuleGroup, name)?;
    Some(group.spec["rules"][0]["disabled"] == true)
}

#[tokio::test]
async fn rules_are_disabled_moved_and_deleted_and_silences_ended_in_one_revision() {
    let (site, olga) = seeded().await;
    let before = site.store.state().index;
    let ends = json!({"matchers": [{"name": "project", "value": "shop"}], "comment": "work",
        "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2026-01-02T00:00:00Z"});
    let batch = json!([group("a", true, "up == 0"), group("b", true, "up == 0"),
        {"kind": "rule-group", "name": "c", "delete": true},
        {"kind": "silence", "name": "work", "spec": ends}]);
    let dry = site.call(&olga, "POST", "/api/v1/apply?dry_run=true", batch.clone()).await;
    let actions = |answer: &Answer| {
        let changes = answer.json()["changes"].as_array().unwrap().clone();
        changes.iter().map(|it| it["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(actions(&dry), ["update", "update", "update", "delete"]);
    assert_eq!((dry.json()["index"].clone(), site.store.state().index), (Value::Null, before));
    let done = site.call(&olga, "POST", APPLY, batch).await;
    assert_eq!(done.status, StatusCode::OK, "{}", String::from_utf8_lossy(&done.body));
    assert_eq!(
        (disabled(&site, "a"), disabled(&site, "b"), disabled(&site, "c")),
        (Some(true), Some(true), None)
    );
    let history = site.call(&olga, "GET", "/api/v1/history?limit=1", Value::Null).await.json();
    assert_eq!(history["items"][0]["revision"], done.json()["index"]);
}

#[tokio::test]
async fn one_bad_object_of_many_leaves_all_as_they_are() {
    let (site, olga) = seeded().await;
    let before = site.store.state().index;
    let batch = json!([group("a", true, "up == 0"), group("b", true, "up ==")]);
    let refused = site.call(&olga, "POST", APPLY, batch).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((disabled(&site, "a"), site.store.state().index), (Some(false), before));
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let (site, olga) = seeded().await;
    let revision = site.store.state().get(Kind::RuleGroup, "a").unwrap().revision.to_string();
    let with = |mut group: Value, revision: &str| {
        group["if_match"] = revision.into();
        group
    };
    let batch = json!([with(group("a", true, "up == 0"), &revision), group("b", true, "up == 0")]);
    site.put(Kind::RuleGroup, "a", group("a", false, "up == 1")["spec"].clone()).await;
    let late = site.call(&olga, "POST", APPLY, batch).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!((disabled(&site, "a"), disabled(&site, "b")), (Some(false), Some(false)));
    let gone = json!([{"kind": "rule-group", "name": "a", "delete": true, "if_match": revision}]);
    let late = site.call(&olga, "POST", APPLY, gone).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    let now = site.store.state().get(Kind::RuleGroup, "a").unwrap().revision.to_string();
    let batch = json!([with(group("a", true, "up == 0"), &now)]);
    assert_eq!(site.call(&olga, "POST", APPLY, batch).await.status, StatusCode::OK);
    let strange = json!([with(group("a", true, "up == 0"), "newest")]);
    let refused = site.call(&olga, "POST", APPLY, strange).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
