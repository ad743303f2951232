//! Silences, tests of channels, secrets, and the life of one alert.

use super::{site::*, *};
use crate::{
    model::{Kind, observed::ProcessState},
    store::command::Space,
};
use serde_json::json;

fn alert(n: u8, project: &str, severity: &str, silenced_by: &[&str]) -> Value {
    let state = if silenced_by.is_empty() { "active" } else { "suppressed" };
    json!({"fingerprint": format!("{n:016x}"), "annotations": {}, "receivers": [{"name": "web"}],
           "labels": {"alertname": "A", "project": project, "severity": severity},
           "startsAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
           "status": {"state": state, "silencedBy": silenced_by, "inhibitedBy": []}})
}

fn silence(project: &str, ends: &str) -> Value {
    json!({"matchers": [{"name": "project", "value": project}], "comment": "planned work",
           "startsAt": "2026-01-01T00:00:00Z", "endsAt": ends})
}

/// As an Alertmanager has it that was given it.
fn held(id: &str, name: &str, project: &str, ends: &str) -> Value {
    json!({"id": id, "status": {"state": "active"}, "createdBy": "system",
           "comment": format!("planned work [watchkeep silence/{name}]"),
           "startsAt": "2026-01-01T00:00:01Z", "endsAt": ends, "updatedAt": "2026-01-01T00:00:01Z",
           "matchers": [{"name": "project", "value": project, "isRegex": false, "isEqual": true}]})
}

const LATER: &str = "2999-01-01T00:00:00Z";

#[tokio::test]
async fn a_preview_counts_what_is_hidden_and_warns_of_critical_ones_elsewhere() {
    let site = site().await;
    let vera = site.cookie("vera").await;
    let mut alerts: Vec<Value> = (0..30).map(|n| alert(n, "shop", "warning", &[])).collect();
    alerts.push(alert(30, "crm", "critical", &[]));
    alerts.push(alert(31, "shop", "critical", &[]));
    let says = Some((200, json!(alerts).to_string()));
    site.cluster.component(1, "alertmanager", ProcessState::Ready, says);
    let preview = |matchers: Value| {
        let (site, vera) = (&site, vera.clone());
        let body = json!({ "matchers": matchers });
        async move { site.call(&vera, "POST", "/api/v1/silences/preview", body).await }
    };
    let all = preview(json!([{"name": "alertname", "value": "A"}])).await.json();
    assert_eq!((all["total"].as_u64(), all["critical_elsewhere"].as_u64()), (Some(32), Some(1)));
    assert_eq!(all["alerts"].as_array().unwrap().len(), 20);
    assert_eq!(all["alerts"][0]["severity"], "critical");
    let shop = preview(json!([{"name": "project", "value": "s.*", "isRegex": true}])).await.json();
    assert_eq!((shop["total"].as_u64(), shop["critical_elsewhere"].as_u64()), (Some(31), Some(0)));
    for bad in [json!([]), json!([{"name": "a", "value": "(", "isRegex": true}])] {
        assert_eq!(preview(bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn silences_show_what_they_hide_and_which_alertmanager_lacks_them() {
    let site = site().await;
    let vera = site.cookie("vera").await;
    site.put(Kind::Silence, "kept", silence("shop", LATER)).await;
    site.put(Kind::Silence, "lost", silence("crm", LATER)).await;
    site.put(Kind::Silence, "over", silence("lab", "2026-01-02T00:00:00Z")).await;
    site.put(Kind::Silence, "later", {
        let mut later = silence("lab", LATER);
        later["startsAt"] = "2998-01-01T00:00:00Z".into();
        later
    })
    .await;
    let alerts = json!([alert(1, "shop", "critical", &["a"]), alert(2, "lab", "critical", &[])]);
    let silences = json!([held("a", "kept", "shop", LATER)]);
    site.cluster.component(1, "alertmanager", ProcessState::Ready, None);
    site.cluster.answer(1, "alertmanager", "/api/v2/alerts", &alerts);
    site.cluster.answer(1, "alertmanager", "/api/v2/silences", &silences);
    let seen = site.call(&vera, "GET", "/api/v1/observed/silences", Value::Null).await.json();
    let items = seen["items"].as_array().unwrap();
    let brief = |item: &Value| {
        let text = |field: &str| item[field].as_str().unwrap_or("-").to_owned();
        (text("name"), text("state"), item["hides"].as_u64().unwrap(), text("error"))
    };
    let none = "no Alertmanager has it yet";
    let briefs: Vec<_> = items.iter().map(brief).collect();
    let wanted = [
        ("kept", "active", 1, "-"),
        ("lost", "active", 0, none),
        ("later", "pending", 0, none),
        ("over", "expired", 0, "-"),
    ];
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(n, s, h, e)| (n.to_string(), s.to_string(), *h, e.to_string()))
        .collect();
    assert_eq!(briefs, wanted);
    assert_eq!((items[1]["missing_on"].clone(), seen["active"].as_u64()), (json!(["1"]), Some(2)));
}

#[tokio::test]
async fn ending_a_silence_is_a_change_with_an_author_and_happens_once() {
    let site = site().await;
    let (olga, vera) = (site.cookie("olga").await, site.cookie("vera").await);
    site.put(Kind::Silence, "work", silence("shop", LATER)).await;
    let path = "/api/v1/silences/work/expire";
    let refused = site.call(&vera, "POST", path, Value::Null).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let ended = site.call(&olga, "POST", path, Value::Null).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", String::from_utf8_lossy(&ended.body));
    let object = site.call(&vera, "GET", "/api/v1/silences/work", Value::Null).await.json();
    assert!(object["spec"]["endsAt"].as_str().unwrap() < LATER, "{object}");
    assert_eq!(object["by"], "olga");
    assert_eq!(site.call(&olga, "POST", path, Value::Null).await.status, StatusCode::NO_CONTENT);
    let again = site.call(&vera, "GET", "/api/v1/silences/work", Value::Null).await.json();
    assert_eq!(object["revision"], again["revision"]);
    let missing = site.call(&olga, "POST", "/api/v1/silences/none/expire", Value::Null).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_silence_posted_as_to_alertmanager_becomes_an_object_and_is_ended_by_its_id() {
    let site = site().await;
    let (olga, vera) = (site.cookie("olga").await, site.cookie("vera").await);
    let path = "/alertmanager/api/v2/silences";
    let body = json!({"matchers": [{"name": "project", "value": "shop", "isRegex": false}],
                      "startsAt": "2026-01-01T00:00:00Z", "endsAt": LATER,
                      "createdBy": "somebody", "comment": "by amtool"});
    let refused = site.call(&vera, "POST", path, body.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let posted = site.call(&olga, "POST", path, body.clone()).await;
    assert_eq!(posted.status, StatusCode::OK, "{}", String::from_utf8_lossy(&posted.body));
    let name = posted.json()["silenceID"].as_str().unwrap().to_owned();
    let object = site.call(&vera, "GET", &format!("/api/v1/silences/{name}"), Value::Null).await;
    assert_eq!(
        (&object.json()["by"], &object.json()["spec"]["comment"]),
        (&json!("olga"), &json!("by amtool"))
    );

    // Once an Alertmanager has it, it goes by that one's id.
    let id = "0a1b2c3d-0000-4000-8000-000000000001";
    let has = json!([held(id, &name, "shop", LATER)]);
    site.cluster.component(1, "alertmanager", ProcessState::Ready, None);
    site.cluster.answer(1, "alertmanager", "/api/v2/silences", &has);
    let mut longer = body;
    longer["id"] = id.into();
    longer["comment"] = "longer".into();
    let changed = site.call(&olga, "POST", path, longer).await.json();
    assert_eq!(changed["silenceID"], id);
    let listed = site.call(&vera, "GET", path, Value::Null).await;
    assert_eq!((listed.status, listed.json()[0]["id"].as_str()), (StatusCode::OK, Some(id)));
    let one = format!("/alertmanager/api/v2/silence/{id}");
    assert_eq!(site.call(&olga, "DELETE", &one, Value::Null).await.status, StatusCode::OK);
    let object = site.call(&vera, "GET", &format!("/api/v1/silences/{name}"), Value::Null).await;
    assert_eq!(object.json()["spec"]["comment"], "longer");
    assert!(object.json()["spec"]["endsAt"].as_str().unwrap() < LATER);
    let unknown = "/alertmanager/api/v2/silence/0a1b2c3d-0000-4000-8000-00000000000f";
    assert_eq!(
        site.call(&olga, "DELETE", unknown, Value::Null).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_channel_is_tried_with_its_answer_by_operators_only() {
    let site = site().await;
    let (olga, vera) = (site.cookie("olga").await, site.cookie("vera").await);
    site.put(Kind::Channel, "mail", json!({"type": "mail"})).await;
    let tried = site.call(&olga, "POST", "/api/v1/channels/mail/test", Value::Null).await;
    let result = tried.json()["results"][0].clone();
    assert_eq!(
        result,
        json!({"channel": "mail", "type": "mail", "to": "ops@example.org", "ok": false,
               "answer": "550 no such user (olga)", "took_ms": 12})
    );
    let missing = site.call(&olga, "POST", "/api/v1/receivers/none/test", Value::Null).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let refused = site.call(&vera, "POST", "/api/v1/channels/mail/test", Value::Null).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_secret_is_set_and_never_read_back() {
    let site = site().await;
    let (olga, vera) = (site.cookie("olga").await, site.cookie("vera").await);
    let path = "/api/v1/secrets/smtp/value";
    let body = json!({"value": "hunter2"});
    let missing = site.call(&olga, "POST", path, body.clone()).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    site.put(Kind::Secret, "smtp", json!({"title": "Mail"})).await;
    assert_eq!(site.call(&olga, "POST", path, body.clone()).await.status, StatusCode::NO_CONTENT);
    assert!(site.store.row(Space::Secret, b"smtp").unwrap().is_some());
    let shown = site.call(&olga, "GET", "/api/v1/secrets/smtp", Value::Null).await;
    assert_eq!(shown.json()["spec"], json!({"title": "Mail"}));
    assert_eq!(site.call(&vera, "POST", path, body).await.status, StatusCode::FORBIDDEN);
    let empty = site.call(&olga, "POST", path, json!({"value": ""})).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for read in ["/api/v1/secrets/smtp/value", "/api/v1/secrets/smtp/value/"] {
        let answer = site.call(&olga, "GET", read, Value::Null).await;
        assert!(answer.status.is_client_error(), "{read}");
    }
}

#[tokio::test]
async fn an_alert_that_is_over_is_told_from_memory_with_its_timeline() {
    let site = site().await;
    let vera = site.cookie("vera").await;
    site.cluster.component(1, "alertmanager", ProcessState::Ready, Some((200, "[]".into())));
    let answer = site.call(&vera, "GET", "/api/v1/alerts/00000000000000f9", Value::Null).await;
    let alert = answer.json();
    assert_eq!((&alert["state"], &alert["project"]), (&json!("resolved"), &json!("shop")));
    let whats: Vec<_> = alert["timeline"].as_array().unwrap().iter().map(|e| &e["what"]).collect();
    assert_eq!(whats, ["firing", "received", "queued", "sent", "delivered", "resolved"]);
    assert_eq!(alert["receipts"][0]["state"], "accepted");
}
